from __future__ import annotations

import pytest

from kbbuilder.language.text import clean_markdown, wording_key


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ＶＰＮ 密码？", "vpn密码"),
        ("X-200 怎么用", "x200怎么用?"),
        ("1,000 元", "1000元"),
        ("5 - 6 天", "5-6天"),
        ("第1—5步", "第1-5步"),
        ("What's new?", "whats new"),
    ],
)
def test_wordings_that_differ_in_dress_only_have_one_key(left: str, right: str) -> None:
    assert wording_key(left) == wording_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("保修 1.5 年", "保修 15 年"),
        ("-5 度能用吗", "5 度能用吗"),
        ("在 -5 度", "在 5 度"),
        ("7-10 days", "710 days"),
        ("第 5、6 页", "第 56 页"),
        ("50% off", "50 off"),
        ("C++ 怎么用", "C 怎么用"),
        ("≥ 5", "≤ 5"),
        ("8:30 开门", "830 开门"),
    ],
)
def test_wordings_that_say_something_else_have_different_keys(left: str, right: str) -> None:
    assert wording_key(left) != wording_key(right)


def test_cleaning_markdown_keeps_indentation_and_drops_what_stores_refuse() -> None:
    assert clean_markdown("\ufeff1. a\x00 \r\n   - b\t\r\n\r\n    code  x\n\n") == "1. a\n   - b\n\n    code  x"
