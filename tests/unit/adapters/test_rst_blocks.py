"""reStructuredText without docutils: sections, lists, notes, tables, code, links."""

from __future__ import annotations

from pathlib import Path

from kbbuilder.adapters.rst import RstReader
from kbbuilder.schema import Element


def read(folder: Path, text: str) -> list[Element]:
    path = folder / "page.rst"
    path.write_text(text, encoding="utf-8")
    return list(RstReader().read(path, "page.rst").elements)


def test_sections_take_their_level_from_the_order_of_their_rules(tmp_path: Path) -> None:
    elements = read(
        tmp_path, "=====\nGuide\n=====\n\n安装步骤\n========\n\nText.\n\nDeep\n----\n\nMore.\n\nAgain\n=====\n\nEnd.\n"
    )
    assert [(e.level, e.text) for e in elements if e.kind.value == "heading"] == [
        (1, "Guide"), (2, "安装步骤"), (3, "Deep"), (2, "Again"),
    ]  # fmt: skip


def test_paragraphs_are_joined_and_marks_become_plain(tmp_path: Path) -> None:
    (element,) = read(
        tmp_path, "Use **bold**, ``a *literal*``, :ref:`the page <x>`,\nand `a link <https://x.example/a>`_ *now*.\n"
    )
    assert element.text == "Use bold, `a *literal*`, the page, and [a link](https://x.example/a) now."


def test_lists_notes_and_code(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "1. Open it\n   slowly.\n2. Close it.\n\n   - left\n\n.. note::\n\n   Wait first.\n\n"
        ".. code-block:: bash\n\n   ls -l\n\nRun this::\n\n   top\n",
    )
    assert [(e.kind.value, e.level, e.text) for e in elements] == [
        ("list_item", 1, "Open it slowly."),
        ("list_item", 1, "Close it."), ("list_item", 2, "left"), ("paragraph", None, "Note: Wait first."),
        ("code", None, "ls -l"), ("paragraph", None, "Run this:"), ("code", None, "top"),
    ]  # fmt: skip


def test_all_kinds_of_tables(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "=====  =====\nModel  Price\n=====  =====\nX200   199\nX300   299\n=====  =====\n\n"
        "+-----+-----+\n| a   | b   |\n+=====+=====+\n| 1   | 2   |\n+-----+-----+\n\n"
        ".. list-table::\n   :header-rows: 1\n\n   * - k\n     - v\n   * - x\n     - y\n\n"
        '.. csv-table::\n   :header: "p", "q"\n\n   "1,5", 2\n',
    )
    assert [(e.rows, e.header_rows) for e in elements] == [
        ((("Model", "Price"), ("X200", "199"), ("X300", "299")), 1),
        ((("a", "b"), ("1", "2")), 1),
        ((("k", "v"), ("x", "y")), 1),
        ((("p", "q"), ("1,5", "2")), 1),
    ]


def test_comments_targets_and_page_machinery_are_left_out(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        ".. _target:\n\n.. a comment\n   of two lines\n\n.. toctree::\n   :maxdepth: 2\n\n   one\n   two\n\nText.\n",
    )
    assert [e.text for e in elements] == ["Text."]
