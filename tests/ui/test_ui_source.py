"""The source panel's HTML: escaped, marked at the right places, tables readable."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.components.source import joined_spans, source_html
from ui.components.text import answer_markdown, has_markup, plain, shortened


def marked(html: str) -> list[str]:
    return [unescape(re.sub(r"<[^>]+>", "", m)) for m in re.findall(r"<mark>(.*?)</mark>", html, re.S)]


def at(text: str, quote: str) -> tuple[int, int]:
    return text.index(quote), text.index(quote) + len(quote)


def test_the_quote_is_marked_and_everything_is_escaped() -> None:
    text = "第一段 <b>\n\n按住 RESET 孔 10 秒 & 松开。"
    html = source_html(text, [at(text, "10 秒 &")], earlier="{n}")
    assert marked(html) == ["10 秒 &"]
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_a_table_is_a_table_with_marks_inside_its_cells() -> None:
    text = "| 名称 | 值 |\n| --- | --- |\n| 电压 | 220 V \\| 50 Hz |\n| 功率 | 30 W<br>待机 1 W |"
    html = source_html(text, [at(text, "220 V \\| 50 Hz |\n| 功率")], earlier="{n}")
    assert html.count("<tr>") == 3
    assert html.count("<th>") == 2
    assert marked(html) == ["220 V | 50 Hz", "功率"]
    assert "30 W<br>待机" in html


def test_a_table_without_a_header_has_no_empty_row() -> None:
    html = source_html("|  |  |\n| --- | --- |\n| a | b |", [], earlier="{n}")
    assert html.count("<tr>") == 1


def test_code_is_kept_as_it_is() -> None:
    html = source_html("```\nif a < b:\n    **no** | bold\n```", [], earlier="{n}")
    assert "<pre>" in html and "    **no** | bold" in html and "a &lt; b" in html


def test_what_stands_far_before_the_quote_is_folded_away() -> None:
    text = "\n\n".join(f"第 {n} 段" for n in range(9))
    html = source_html(text, [at(text, "第 8 段")], earlier="上文 {n} 段")
    assert "<summary>上文 6 段</summary>" in html
    assert html.index("</details>") < html.index("第 6 段")


@pytest.mark.parametrize("spans", [[(0, 4), (2, 6)], [(2, 6), (0, 4)], [(-3, 6)], [(0, 3), (3, 6)]])
def test_overlapping_and_overlong_spans_are_joined(spans: list[tuple[int, int]]) -> None:
    assert joined_spans(spans, 6) == ((0, 6),)


TEXTS = st.text(alphabet="ab文字 \n|-#*`<>&\\\"'1.", max_size=120)


@given(text=TEXTS, start=st.integers(-5, 130), length=st.integers(0, 60))
def test_no_text_gets_out_of_its_escapes_whatever_it_holds(text: str, start: int, length: int) -> None:
    html = source_html(text, [(start, start + length)], earlier="{n}")
    tags = set(re.findall(r"</?([^\s>]*)", html))
    assert tags <= {"p", "div", "table", "tr", "td", "th", "mark", "code", "strong", "pre", "br", "details", "summary"}
    assert html.count("<mark>") == html.count("</mark>")


@given(text=TEXTS)
def test_a_label_never_holds_markup(text: str) -> None:
    assert re.fullmatch(r"(?:[^!-/:-@\[-`{-~]|\\[!-/:-@\[-`{-~])*", plain(text))


def test_an_answer_keeps_its_markdown_and_loses_what_would_load_or_run() -> None:
    text = "1. 打开\n2. 关闭\n\n| a | b |\n| --- | --- |\n| 1<br>2 | `<x>` |\n\n![x](http://e/x.png) :red[hi]"
    text += " $a$ <img src=x>"
    shown = answer_markdown(text)
    assert "| 1 / 2 | `<x>` |" in shown
    assert "!\\[x]" in shown and "\\:red" in shown and "\\$a\\$" in shown and "\\<img" in shown


def test_only_text_with_marks_is_opened_rendered() -> None:
    assert has_markup("1. a\n2. b")
    assert has_markup("| a |")
    assert not has_markup("请长按电源键 2 秒。")


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert shortened("一二三四五六", 4) == "一二三…"
    assert shortened("a  b\nc", 9) == "a b c"
