"""Structure read from nothing but characters, in Chinese and in English."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbbuilder.adapters.plain_text import PlainTextReader
from kbbuilder.errors import Corrupt
from kbbuilder.schema import Element, Role


def read(folder: Path, text: str | bytes) -> list[Element]:
    path = folder / "notes.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(PlainTextReader().read(path, "notes.txt").elements)


def shape(elements: list[Element]) -> list[tuple[str, int | None, str]]:
    return [(e.kind.value, e.level, e.text) for e in elements]


def headings(elements: list[Element]) -> list[tuple[int | None, str]]:
    return [(e.level, e.text) for e in elements if e.kind.value == "heading"]


AGREEMENT = """云服务协议

欢迎使用云服务，请您在开通前仔细阅读。

第一章 总则

第一条 定义

1.1 “用户”是指注册账号的自然人。
1.2 “订阅周期”是指用户付费后可以使用套餐的期间。

第二条 退款

2.1 用户在首次购买后 7 日内可以申请全额退款。

第二章 附则

第三条 本协议自发布之日起施行，有效期三年，期满后双方可以另行签订书面协议予以延长。
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_an_agreement_has_chapters_clauses_and_numbered_items(tmp_path: Path, encoding: str) -> None:
    elements = read(tmp_path, AGREEMENT.encode(encoding))
    assert headings(elements) == [
        (1, "云服务协议"), (2, "第一章 总则"), (3, "第一条 定义"), (3, "第二条 退款"), (2, "第二章 附则"),
    ]  # fmt: skip
    items = [(e.marker, e.text) for e in elements if e.kind.value == "list_item"]
    assert items[0] == ("1.1", "“用户”是指注册账号的自然人。")
    assert items[2] == ("2.1", "用户在首次购买后 7 日内可以申请全额退款。")
    assert elements[-1].kind.value == "paragraph" and elements[-1].text.startswith("第三条 本协议")


def test_a_hard_wrapped_manual_gives_whole_paragraphs_and_nested_headings(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "Router FAQ\n\nChapter 1. Basics\n\n1.1. What does the amber lamp mean, and should I be\nworried about it?\n\n"
        "    The amber lamp means that the router is starting. It goes out\n"
        "    after two minutes. If it does not, switch the router off and\n"
        "    on again.\n\n1.2. How do I reset it?\n\n"
        "    Hold the button for ten seconds until the lamp blinks, and\n    then let it go.\n",
    )
    assert headings(elements) == [
        (1, "Router FAQ"), (2, "Chapter 1. Basics"),
        (3, "1.1. What does the amber lamp mean, and should I be worried about it?"), (3, "1.2. How do I reset it?"),
    ]  # fmt: skip
    assert elements[3].text.endswith("switch the router off and on again.")
    assert "\n" not in elements[3].text


def test_underlined_capital_and_bracketed_lines_are_headings(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "Guide\n=====\n\nSetup\n-----\n\nPlug it in and wait.\n\nOPTIONS\n\nThere are two of them here.\n\n"
        "【售后】\n\n保修期为两年，凭发票享受。\n",
    )
    assert headings(elements) == [(1, "Guide"), (2, "Setup"), (1, "OPTIONS"), (1, "售后")]


def test_list_items_keep_their_marks_levels_and_wrapped_lines(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "Do this before you start, and do it in the order that is given in the list:\n\n"
        "1. Switch the machine off and wait until the\n   lamp has gone out.\n2. Pull the plug.\n"
        "   * Hold the plug.\n   * Never pull the cable.\n",
    )
    items = [(e.marker, e.level, e.ordered, e.text) for e in elements if e.kind.value == "list_item"]
    assert items == [
        ("1.", 1, True, "Switch the machine off and wait until the lamp has gone out."),
        ("2.", 1, True, "Pull the plug."),
        ("*", 2, False, "Hold the plug."),
        ("*", 2, False, "Never pull the cable."),
    ]


def test_questions_and_answers_on_lines_of_their_own_are_paragraphs(tmp_path: Path) -> None:
    elements = read(tmp_path, "问：怎么退货？\n答：七天内联系客服。\n\nQ: Is it free?\nA: Yes, it is.\n")
    assert [e.text for e in elements] == ["问：怎么退货？", "答：七天内联系客服。", "Q: Is it free?", "A: Yes, it is."]
    assert {e.kind.value for e in elements} == {"paragraph"}


@pytest.mark.parametrize(
    "text",
    [
        "价格如下表所示。\n\n型号 | 价格\n---- | ----\nX200 | 199\nX300 | 299\n",
        "价格如下表所示。\n\n型号    价格\nX200    199\nX300    299\n",
        "价格如下表所示。\n\n型号\t价格\nX200\t199\nX300\t299\n",
    ],
)
def test_pipes_wide_gaps_and_tabs_make_a_table(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)[-1]
    assert table.rows == (("型号", "价格"), ("X200", "199"), ("X300", "299"))
    assert table.header_rows == 1


def test_page_numbers_and_running_lines_get_their_roles(tmp_path: Path) -> None:
    pages = [
        f"X200 使用手册\n\n第{n}页的正文在这里，内容各不相同：{'甲乙丙丁'[n - 1] * 5}。\n\n- {n} -" for n in range(1, 5)
    ]
    elements = read(tmp_path, "\f".join(pages))
    by_role = {role: [e.text for e in elements if e.role is role] for role in Role}
    assert by_role[Role.PAGE_HEADER] == ["X200 使用手册"] * 4
    assert by_role[Role.PAGE_NUMBER] == [f"- {n} -" for n in range(1, 5)]
    assert [e.page for e in elements if e.role is Role.BODY] == [1, 2, 3, 4]


def test_commands_are_code_and_prose_about_them_is_not(tmp_path: Path) -> None:
    elements = read(
        tmp_path,
        "To install the package, run the two commands that follow this line:\n\n"
        "    $ sudo apt install foo\n    $ foo --version\n\n"
        "    apt and dpkg are two ways of doing the same thing on this system.\n",
    )
    assert [(e.kind.value, e.text) for e in elements][1:] == [
        ("code", "$ sudo apt install foo\n$ foo --version"),
        ("paragraph", "apt and dpkg are two ways of doing the same thing on this system."),
    ]


def test_nul_characters_are_dropped_and_noise_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, b"How?\0\0 Like this.")[0].text == "How? Like this."
    with pytest.raises(Corrupt):
        read(tmp_path, bytes(range(128, 256)) * 9)
