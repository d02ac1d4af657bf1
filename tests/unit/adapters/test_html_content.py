"""What a reader of the page sees, apart from what surrounds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbbuilder.adapters.html import HtmlReader, html_elements
from kbbuilder.errors import Corrupt
from kbbuilder.schema import Element, Role


def read(folder: Path, markup: str | bytes) -> list[Element]:
    path = folder / "page.html"
    path.write_bytes(markup if isinstance(markup, bytes) else markup.encode())
    return list(HtmlReader().read(path, "page.html").elements)


def body(elements: list[Element]) -> list[str]:
    return [e.text for e in elements if e.role is Role.BODY]


def test_navigation_cookies_and_footer_are_set_apart_and_scripts_left_out(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "<body><nav><a href='/'>Home</a></nav><div class='cookie-banner'>We use cookies</div>"
        "<main><h1>Help</h1><p>Press the button and wait for the lamp.</p><script>alert(1)</script></main>"
        "<footer>Imprint</footer></body>",
    )
    assert body(elements) == ["Help", "Press the button and wait for the lamp."]
    assert {e.text for e in elements if e.role is Role.NAVIGATION} == {"Home", "We use cookies", "Imprint"}


def test_the_titles_of_related_pages_below_a_text_are_set_apart(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "<main><h1>从自定义词典中删除字</h1><ol><li>选择要修改的词典，然后点击编辑。<li>选择要删除的字，然后点击删除。</ol>"
        "<div class='relatedtopics'><p>相关主题</p><p><a href='a.html'>检查拼写和语法</a></p></div></main>",
    )
    assert body(elements)[-1] == "选择要删除的字，然后点击删除。"
    assert {e.text for e in elements if e.role is Role.NAVIGATION} == {"相关主题", "检查拼写和语法"}


def test_a_body_class_that_names_a_sidebar_hides_nothing(tmp_path: Path) -> None:
    assert body(
        read(tmp_path, "<body class='has-sidebar'><div id='menu-page'><h1>菜单</h1><p>正文在这里。</p></div>")
    ) == ["菜单", "正文在这里。"]


def test_a_table_of_contents_is_marked(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "<h1>Guide</h1><div class='toc'><p>Contents</p><ul><li><a href='#a'>One</a><li><a href='#b'>Two</a></ul></div>"
        "<h2 id='a'>One</h2><p>Text one is here and goes on for a while.</p>"
        "<h2 id='b'>Two</h2><p>Text two is here as well.</p>",
    )
    assert [e.text for e in elements if e.role is Role.CONTENTS] == ["Contents", "One", "Two"]


def test_the_contents_that_are_all_of_a_book_s_first_page_are_contents(tmp_path: Path) -> None:
    entries = "".join(f"<dt><a href='ch{n}.html'>{n}. What is part {n}?</a></dt>" for n in range(1, 9))
    page = f"<h1>Guide of the X200</h1><p>Build 7.</p><div class='toc'><p><b>Contents</b></p><dl>{entries}</dl></div>"
    elements = read(tmp_path, page)
    assert [e.text for e in elements if e.role is Role.BODY] == ["Guide of the X200", "Build 7."]
    assert sum(e.role is Role.CONTENTS for e in elements) == 9


def test_nested_lists_carry_level_marker_and_order(tmp_path: Path) -> None:
    elements = read(tmp_path, "<ol start=3><li>Open<ul><li>left<li>right</ul><li><p>Close</p><p>Wait.</p></ol>")
    items = [(e.kind.value, e.level, e.marker, e.ordered, e.text) for e in elements]
    assert items == [
        ("list_item", 1, "3.", True, "Open"), ("list_item", 2, None, False, "left"),
        ("list_item", 2, None, False, "right"),
        ("list_item", 1, "4.", True, "Close"), ("paragraph", None, None, False, "Wait."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "header_rows"),
    [
        ((("F1", "放大"), ("F2", "缩小显示"), ("F3", "刷新显示"), ("Home", "全部显示")), 0),
        ((("Key", "Use"), ("F1", "Zoom in"), ("F2", "Zoom out")), 1),
        ((("滚轮", "在当前光标位置放大和缩小"), ("Ctrl + 滚轮", "左右平移"), ("Home", "将封装放入显示窗口中")), 0),
        ((("Mouse wheel", "Zooms"), ("Shift + mouse wheel", "Pans up and down")), 0),
        ((("Key", "Use"), ("Ctrl + S", "Save the board"), ("Any key", "Wake up")), 1),
        ((("Version 20", "Version 21"), ("slow", "1.5"), ("fast", "1.25")), 1),
    ],
)
def test_the_first_of_a_series_of_rows_is_no_header(rows: tuple[tuple[str, str], ...], header_rows: int) -> None:
    cells = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)
    (table,) = html_elements(f"<table>{cells}</table>")
    assert table.header_rows == header_rows


def test_spans_are_filled_and_header_rows_counted() -> None:
    (table,) = html_elements(
        "<table><thead><tr><th rowspan=2>Model<th colspan=2>Price<tr><th>net<th>gross</thead>"
        "<tr><td>X200<td>100<td>119<tr><td>X300<td colspan=2>on request</table>"
    )
    assert table.rows == (
        ("Model", "Price", "Price"), ("Model", "net", "gross"), ("X200", "100", "119"),
        ("X300", "on request", "on request"),
    )  # fmt: skip
    assert table.header_rows == 2


def test_a_rowspan_reaches_down_past_several_rows() -> None:
    (table,) = html_elements("<table><tr><th>a<th>b<tr><td rowspan=3>x<td>1<tr><td>2<tr><td>3</table>")
    assert table.rows == (("a", "b"), ("x", "1"), ("x", "2"), ("x", "3"))


def test_callouts_are_paragraphs_with_their_label_not_tables() -> None:
    elements = html_elements(
        "<div class='admonitionblock note'><table><tr><td class='icon'><div class='title'>Note</div></td>"
        "<td class='content'>Back up first.</td></tr></table></div>"
    )
    assert [(e.kind.value, e.text) for e in elements] == [("paragraph", "Note: Back up first.")]


def test_a_layout_table_is_taken_apart_and_a_table_inside_it_stays_one() -> None:
    elements = html_elements(
        "<table><tr><td><h2>Left</h2></td><td><table><tr><th>a<th>b<tr><td>1<td>2</table></td></tr></table>"
    )
    assert [e.kind.value for e in elements] == ["heading", "table"]


def test_terms_switches_and_fold_out_questions() -> None:
    elements = html_elements(
        "<h2>Help</h2><dl><dt>SSID</dt><dd>The network's name.</dd></dl>"
        "<details><summary>Can I return it?</summary><p>Yes, within 30 days.</p></details>"
        "<button>How do I pay?</button><div>By card.</div><button>Send</button>"
    )
    shown = [(e.kind.value, e.level, e.bold, e.text) for e in elements if e.role is Role.BODY]
    assert shown == [
        ("heading", 2, False, "Help"), ("paragraph", None, True, "SSID"),
        ("paragraph", None, False, "The network's name."),
        ("heading", 3, False, "Can I return it?"), ("paragraph", None, False, "Yes, within 30 days."),
        ("heading", 3, False, "How do I pay?"), ("paragraph", None, False, "By card."),
    ]  # fmt: skip


def test_inline_code_links_and_powers_keep_their_meaning() -> None:
    (element,) = html_elements(
        "<p>Run <code>reset --all</code>, see <a href='https://x.example/a'>the page</a> or <a href='/b'>here</a>: "
        "10<sup>3</sup> m<sup><a href='#n1'>[1]</a></sup></p>"
    )
    assert element.text == "Run `reset --all`, see [the page](https://x.example/a) or here: 10³ m"


def test_a_line_break_in_the_source_is_no_blank_in_chinese() -> None:
    (element,) = html_elements("<p>先断开\n  电源，再打开\n后盖。Then\nwait.</p>")
    assert element.text == "先断开电源，再打开后盖。Then wait."


def test_code_blocks_keep_their_indent_and_language() -> None:
    (element,) = html_elements("<pre><code class='language-python'>if x:\n    y()\n</code></pre>")
    assert (element.kind.value, element.language, element.text) == ("code", "python", "if x:\n    y()")


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8", "utf-16"])
def test_the_page_reads_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    name = {"gbk": "gb2312", "big5": "big5"}.get(encoding, encoding)
    markup = f"<html><head><meta charset={name}></head><body><p>退款：請於七日內申請</p></body></html>"
    assert body(read(tmp_path, markup.encode(encoding))) == ["退款：請於七日內申請"]


def test_deep_nesting_neither_crashes_nor_loses_text_in_silence(tmp_path: Path) -> None:
    fine = "<div>" * 900 + "<p>deep text</p>" + "</div>" * 900
    assert body(read(tmp_path, fine)) == ["deep text"]
    with pytest.raises(Corrupt, match="nested"):
        read(tmp_path, "<div>" * 50_000 + "hello" + "</div>" * 50_000)


def test_bold_paragraphs_and_lead_ins_are_told() -> None:
    elements = html_elements("<p><b>Returns</b></p><p><strong>Q:</strong> Is it free?</p><p>Only <b>one</b> word.</p>")
    assert [e.bold for e in elements] == [True, True, False]
