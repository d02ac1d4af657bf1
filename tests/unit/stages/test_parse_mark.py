"""Roles and the heading tree, across formats; no text is lost in marking."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role
from kbbuilder.stages.parse.elements import heading, paragraph, table
from kbbuilder.stages.parse.mark import finish


def document(*elements: Element, title: str = "", name: str = "手册.pdf") -> ParsedDocument:
    return ParsedDocument(name=name, media_type="text/plain", language="en", title=title, elements=elements)


def roles(*elements: Element) -> list[Role]:
    return [e.role for e in finish(document(*elements)).elements]


def levels(*given_levels: int) -> list[int | None]:
    return [
        e.level for e in finish(document(*(heading(f"H{i}", level) for i, level in enumerate(given_levels)))).elements
    ]


def test_levels_never_jump_by_more_than_one_on_the_way_down() -> None:
    assert levels(2, 4, 4, 3, 2) == [1, 2, 2, 2, 1]
    assert levels(1, 2, 3, 2) == [1, 2, 3, 2]
    assert levels(3, 1, 2) == [1, 1, 2]


@given(st.lists(st.integers(1, 9), max_size=30))
def test_any_levels_become_a_tree_and_stay_one(given_levels: list[int]) -> None:
    once = levels(*given_levels)
    depth = 0
    for level in once:
        assert level is not None and 1 <= level <= depth + 1
        depth = level
    assert levels(*[level for level in once if level]) == once


def test_contents_lines_are_marked_in_both_languages() -> None:
    marked = roles(
        heading("目录", 1), paragraph("第一章 安装 ........ 3"), paragraph("第二章 使用"),
        heading("第一章 安装", 1), paragraph("先断电。"), heading("第二章 使用", 1), paragraph("开机。"),
    )  # fmt: skip
    assert marked == [Role.CONTENTS] * 3 + [Role.BODY] * 4
    assert roles(paragraph("Cleaning the filter . . . . . . . 12"), paragraph("Wait 12 s."))[0] is Role.CONTENTS


def test_a_contents_title_over_real_text_stays_text() -> None:
    assert (
        roles(heading("Contents", 1), paragraph("The box holds a cable and a charger, both of them black."))
        == [Role.BODY] * 2
    )


def test_a_table_of_contents_set_as_a_table_is_marked() -> None:
    pages = table([["Safety", "3"], ["Cleaning", "9"], ["Repair", "12"]], 0)
    assert pages is not None
    assert roles(paragraph("Table of Contents"), pages, paragraph("Body.")) == [Role.CONTENTS, Role.CONTENTS, Role.BODY]


def test_index_and_legal_sections_are_marked_but_a_policy_is_not() -> None:
    assert roles(heading("Index", 1), paragraph("filter, 12\nlamp, 3, 14–16")) == [Role.INDEX] * 2
    assert roles(heading("版权声明", 1), paragraph("未经许可不得复制。"), heading("安装", 1)) == [
        Role.LEGAL,
        Role.LEGAL,
        Role.BODY,
    ]
    assert roles(heading("Returns", 1), paragraph("Return it within 30 days.")) == [Role.BODY] * 2
    assert roles(paragraph("Copyright © 2024 Havenlark. All rights reserved."))[0] is Role.LEGAL
    assert roles(paragraph("Can I change the copyright notice that is printed on my labels?"))[0] is Role.BODY


def test_a_line_on_top_of_every_page_is_a_running_header() -> None:
    pages = [
        e for n in range(1, 6) for e in (paragraph(f"X200 Manual {n}", page=n), paragraph(f"Text {n} is here.", page=n))
    ]
    assert [e.role for e in finish(document(*pages)).elements] == [Role.PAGE_HEADER, Role.BODY] * 5


def test_the_title_is_the_only_top_heading_else_the_given_one_else_the_name() -> None:
    assert (
        finish(document(heading("海云雀手册", 1), heading("安装", 2), title="Microsoft Word - 1.doc")).title
        == "海云雀手册"
    )
    assert finish(document(heading("A", 1), heading("B", 1), title="Guide")).title == "Guide"
    assert finish(document(paragraph("text"), name="user guide.txt")).title == "user guide"


def test_empty_headings_go_with_a_warning_and_the_language_is_that_of_the_body() -> None:
    finished = finish(document(heading("", 1), heading("安装步骤", 2), paragraph("先断开电源，然后打开后盖。")))
    assert [e.text for e in finished.elements] == ["安装步骤", "先断开电源，然后打开后盖。"]
    assert "1 headings" in finished.warnings[0].english
    assert finished.language == "zh"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["目录", "Index", "a ..... 3", "Copyright © 2024 X", "正文", "Text."]), st.booleans()
        ),
        max_size=12,
    )
)
def test_marking_keeps_every_text_in_order(parts: list[tuple[str, bool]]) -> None:
    elements = [heading(text, 1) if head else paragraph(text) for text, head in parts]
    once = finish(document(*elements))
    assert [e.text for e in once.elements] == [e.text for e in elements]
    assert all(e.kind in (ElementKind.HEADING, ElementKind.PARAGRAPH) for e in once.elements)
