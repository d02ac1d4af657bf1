"""Bytes become text only on evidence, and Chinese never becomes garbage or the reverse."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.errors import Corrupt
from kbbuilder.language.encoding import decode

SIMPLIFIED = "第一条 服务期限\n付费套餐自支付成功之时起生效，至订阅周期届满时终止。"
TRADITIONAL = "如何重設密碼？請按住電源鍵三秒鐘，直到指示燈亮起。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk", "utf-16-le", "utf-16-be"]
)
def test_simplified_chinese_reads_the_same_in_every_encoding_it_is_saved_in(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding)).text.lstrip("\ufeff") == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "gb18030"])
def test_traditional_chinese_reads_the_same(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding)).text == TRADITIONAL


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café est fermé l’été — désolé, à bientôt.", "cp1252"),
        ("Bitte drücken Sie die Taste für 3 Sekunden.", "cp1252"),
        ("Нажмите кнопку питания и подождите.", "cp1251"),
        ("Нажмите кнопку питания и подождите.", "cp866"),
        ("Нажмите кнопку питания и подождите.", "koi8-r"),
    ],
)
def test_western_and_cyrillic_text_does_not_become_chinese(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_utf16_without_a_mark_is_told_by_its_zeros() -> None:
    text = "How do I reset the router?\nHold the button for 10 seconds."
    assert decode(text.encode("utf-16-le")).text == text
    assert decode(text.encode("utf-16-be")).text == text


def test_a_cut_last_character_costs_that_character_only() -> None:
    decoded = decode((SIMPLIFIED * 3).encode("utf-8")[:-1])
    assert decoded.encoding == "utf-8"
    assert decoded.damaged == 1
    assert decoded.text.startswith(SIMPLIFIED)


def test_a_declared_encoding_is_believed_when_nothing_contradicts_it() -> None:
    assert decode("价格：100 元".encode("gbk"), "gb2312").text == "价格：100 元"
    assert decode("价格：100 元".encode(), "gb2312").text == "价格：100 元"


@pytest.mark.parametrize("data", [bytes(range(128, 256)) * 8, b"\x93\xfa\x96\x7b\x8c\xea\x83\x65\x83\x58" * 20])
def test_bytes_that_read_as_nothing_known_are_refused(data: bytes) -> None:
    with pytest.raises(Corrupt):
        decode(data)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
def test_utf8_text_survives_whatever_it_holds(text: str) -> None:
    data = text.encode()
    if not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert decode(data).text == text
