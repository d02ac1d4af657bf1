"""Markdown as people write it: front matter, HTML inside, Chinese emphasis, hostile input."""

from __future__ import annotations

import time
from pathlib import Path

from kbbuilder.adapters.html import html_elements
from kbbuilder.adapters.markdown import MarkdownReader
from kbbuilder.schema import Element, ParsedDocument


def document(folder: Path, text: str) -> ParsedDocument:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return MarkdownReader(html_elements).read(path, "page.md")


def read(folder: Path, text: str) -> list[Element]:
    return list(document(folder, text).elements)


def test_front_matter_is_left_out_but_gives_the_title(tmp_path: Path) -> None:
    read_document = document(tmp_path, "---\ntitle: '硬件要求'\naliases: [x]\n---\n\n# 要求 {#req}\n\n正文。\n")
    assert read_document.title == "硬件要求"
    assert [e.text for e in read_document.elements] == ["要求", "正文。"]


def test_both_heading_styles_and_custom_anchors(tmp_path: Path) -> None:
    elements = read(tmp_path, "Title\n=====\n\nSub\n---\n\n### Third {#third .x}\n")
    assert [(e.level, e.text) for e in elements] == [(1, "Title"), (2, "Sub"), (3, "Third")]


def test_bold_lead_ins_are_told_also_where_a_chinese_mark_follows(tmp_path: Path) -> None:
    elements = read(tmp_path, "**Q：**如何重置？\n\n**A：** 按住 `RST` 键。\n\n**注意事项**\n\n有**一个**词。\n")
    assert [(e.text, e.bold) for e in elements] == [
        ("Q：如何重置？", True), ("A： 按住 `RST` 键。", True), ("注意事项", True), ("有一个词。", False),
    ]  # fmt: skip


def test_wrapped_lines_are_joined_and_answers_on_their_own_line_are_not(tmp_path: Path) -> None:
    elements = read(tmp_path, "先断开电源，\n再打开后盖。\n\nPress the\nbutton.\n\nQ: Is it free?\nA: Yes.\n")
    assert [e.text for e in elements] == ["先断开电源，再打开后盖。", "Press the button.", "Q: Is it free?", "A: Yes."]


def test_lists_nest_count_and_hold_paragraphs(tmp_path: Path) -> None:
    elements = read(tmp_path, "1. Open\n\n   Slowly.\n2. Close\n   - left\n")
    assert [(e.kind.value, e.level, e.marker, e.ordered, e.text) for e in elements] == [
        ("list_item", 1, "1.", True, "Open"), ("paragraph", None, None, False, "Slowly."),
        ("list_item", 1, "2.", True, "Close"), ("list_item", 2, None, False, "left"),
    ]  # fmt: skip


def test_tables_with_html_lists_in_cells(tmp_path: Path) -> None:
    (table,) = read(
        tmp_path,
        "| System | CPU |\n|:--|--:|\n| Linux | <ul><li>x86</li><li>ARM</li></ul> |\n| Mac<br>OS | a \\| b |\n",
    )
    assert table.rows == (("System", "CPU"), ("Linux", "- x86\n- ARM"), ("Mac\nOS", "a | b"))
    assert table.header_rows == 1


def test_details_blocks_are_a_heading_and_markdown_inside(tmp_path: Path) -> None:
    elements = read(tmp_path, "## FAQ\n\n<details>\n<summary>Is it free?</summary>\n\nYes, **always**.\n\n</details>\n")
    assert [(e.kind.value, e.level, e.text) for e in elements] == [
        ("heading", 2, "FAQ"), ("heading", 3, "Is it free?"), ("paragraph", None, "Yes, always."),
    ]  # fmt: skip


def test_html_tables_comments_pictures_and_code(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "<!-- a note\nfor editors -->\n\n"
        "<table>\n<tr><th>a</th><th>b</th></tr>\n\n<tr><td>1</td><td>2</td></tr>\n</table>\n\n"
        "![The lamp](lamp.png)\n\n```bash\nls -l\n```\n",
    )
    assert [e.kind.value for e in elements] == ["table", "image", "code"]
    assert elements[0].rows == (("a", "b"), ("1", "2"))
    assert (elements[2].language, elements[2].text) == ("bash", "ls -l")


def test_callouts_keep_their_label(tmp_path: Path) -> None:
    elements = read(tmp_path, "> [!WARNING]\n> It is hot.\n\n:::note\nBe careful.\n:::\n\n> **Note:**\n>\n> Wait.\n")
    assert [e.text for e in elements] == ["Warning: It is hot.", "Note:", "Be careful.", "Note:", "Wait."]


def test_only_absolute_links_are_kept_as_links(tmp_path: Path) -> None:
    (element,) = read(tmp_path, "See [the site](https://x.example/a_(b)), [page](/b.md) and <https://x.example>.\n")
    assert element.text == "See [the site](https://x.example/a_%28b%29), page and https://x.example."


def test_hostile_input_is_read_quickly_and_no_text_is_lost(tmp_path: Path) -> None:
    for text in ("[" * 60_000, "*a_" * 30_000, "> " * 5_000 + "end", "- " * 3_000 + "end"):
        started = time.process_time()
        elements = read(tmp_path, text)
        assert time.process_time() - started < 5
        assert elements


def test_long_rules_and_drawn_tables_are_still_markdown(tmp_path: Path) -> None:
    drawn = "+" + "-" * 60 + "+"
    elements = read(tmp_path, f"# Title\n\n{'-' * 80}\n\n```\n{drawn}\n| x |\n{drawn}\n```\n\n{'* ' * 10}\n\nEnd.\n")
    assert [e.kind.value for e in elements] == ["heading", "code", "paragraph"]
