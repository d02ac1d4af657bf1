"""Quotes found again in the text they were taken from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.stages.extract.model import align

EN = "Fill the tank with cold water. Don't use more than 1.5 litres, or the lid won't close. Press **Start** for 3 s."
ZH = "请向水箱加入冷水。水量不要超过 1.5 升，否则盖子无法合上。长按“启动”键 3 秒。滤网每 2 个月更换一次。"


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("Fill the tank with cold water.", EN, "Fill the tank with cold water."),
        ("fill the tank  with\ncold water", EN, "Fill the tank with cold water"),
        ("Press Start for 3 s.", EN, "Press **Start** for 3 s."),
        (
            "Don’t use more than 1.5 litres, or the lid won’t close",
            EN,
            "Don't use more than 1.5 litres, or the lid won't close",
        ),
        ("Fill the tank with some cold water.", EN, "Fill the tank with cold water."),
        ("“Press Start for 3 s.”", EN, "Press **Start** for 3 s."),
        (
            "Fill it … Don't use more than 1.5 litres, or the lid won't close.",
            EN,
            "Don't use more than 1.5 litres, or the lid won't close.",
        ),
        ("请向水箱加入冷水。", ZH, "请向水箱加入冷水。"),
        ("水量不要超过1.5升,否则盖子无法合上", ZH, "水量不要超过 1.5 升，否则盖子无法合上"),
        ("长按「启动」键３秒", ZH, "长按“启动”键 3 秒"),
        ("请往水箱加入冷水。", ZH, "请向水箱加入冷水。"),
    ],
)
def test_a_quote_gives_the_words_of_the_text(quote: str, text: str, found: str) -> None:
    span = align(quote, text)
    assert span is not None and span.quote == found
    assert text[span.start : span.end] == found


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Don't use more than 1.8 litres, or the lid won't close.", EN),
        ("Don't use more than 1.5 litres, or the lid will close.", EN),
        ("Press Start for 30 s.", EN),
        ("Empty the tray after each use.", EN),
        ("水量不要超过 1.8 升，否则盖子无法合上。", ZH),
        ("水量可以超过 1.5 升，否则盖子无法合上。", ZH),
        ("长按“启动”键 30 秒。", ZH),
        ("滤网每 12 个月更换一次。", ZH),
        ("每次使用后倒空接水盘。", ZH),
        ("水", ZH),
        ("…", EN),
        ("", EN),
    ],
)
def test_a_quote_that_says_something_else_is_not_found(quote: str, text: str) -> None:
    assert align(quote, text) is None


@given(st.text(max_size=60), st.text(max_size=200))
def test_whatever_is_found_stands_at_its_offsets(quote: str, text: str) -> None:
    span = align(quote, text)
    assert span is None or text[span.start : span.end] == span.quote


@given(st.integers(0, len(ZH) - 8), st.integers(6, 40))
def test_every_piece_of_a_text_is_found(start: int, length: int) -> None:
    piece = ZH[start : start + length].strip("“” …")
    span = align(piece, ZH)
    assert len(piece) < 4 or (span is not None and span.quote == piece)
