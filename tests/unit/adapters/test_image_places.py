"""Pictures with a web address are shown where they stand; others are known by their description only."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbbuilder.adapters.html import html_elements
from kbbuilder.bootstrap import reader_for
from kbbuilder.schema import Element

ADDRESS = "https://example.com/a.png"


def markdown(folder: Path, text: str) -> list[str]:
    path = folder / "a.md"
    path.write_text(text, encoding="utf-8")
    return shown(reader_for("text/markdown").read(path, "a.md").elements)


def shown(elements: tuple[Element, ...] | list[Element]) -> list[str]:
    return [f"{e.kind.value}: {e.text}" for e in elements]


def test_a_markdown_picture_stands_between_its_paragraphs(tmp_path: Path) -> None:
    assert markdown(tmp_path, f"密封圈老化。\n\n![密封圈]({ADDRESS})\n\n请更换。\n") == [
        "paragraph: 密封圈老化。", f"image: ![密封圈]({ADDRESS})", "paragraph: 请更换。",
    ]  # fmt: skip


def test_a_picture_before_the_words_of_its_paragraph_comes_first(tmp_path: Path) -> None:
    assert markdown(tmp_path, f"![a]({ADDRESS}) Close the valve.\n") == [
        f"image: ![a]({ADDRESS})", "paragraph: Close the valve.",
    ]  # fmt: skip
    assert shown(list(html_elements(f'<p><img src="{ADDRESS}" alt="a">Close the valve.</p>'))) == [
        f"image: ![a]({ADDRESS})", "paragraph: Close the valve.",
    ]  # fmt: skip


def test_a_step_keeps_its_mark_and_its_picture_follows(tmp_path: Path) -> None:
    assert markdown(tmp_path, f"1. ![a]({ADDRESS}) Close it.\n2. Open it.\n") == [
        "list_item: Close it.", f"image: ![a]({ADDRESS})", "list_item: Open it.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<img src="https://example.com/a(1).png" alt="a [b]">', ["image: ![a (b)](https://example.com/a%281%29.png)"]),
        ('<img src="a.png" alt="valve">', ["image: valve"]),
        ('<img src="data:image/png;base64,AAAA" alt="valve">', ["image: valve"]),
        ('<img src="javascript:alert(1)" alt="valve">', ["image: valve"]),
        ('<img src="x.gif" data-src="https://example.com/a.png" alt="v">', ["image: ![v](https://example.com/a.png)"]),
        ('<img src="https://example.com/a.png">', ["image: ![](https://example.com/a.png)"]),
        ('<img src="https://example.com/a.png" alt="">', []),
        ('<img src="https://example.com/a.png" alt="pixel" width="1">', []),
        ('<img src="https://img.shields.io/badge/x.svg" alt="build">', ["image: build"]),
    ],
)
def test_what_can_be_shown_is_shown(markup: str, text: list[str]) -> None:
    assert shown(list(html_elements(f"<p>{markup}</p>"))) == text
