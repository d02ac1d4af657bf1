"""Long prose is cut at sentence ends of both languages, and nothing is lost or doubled."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kbbuilder.adapters.sentence_splitter import LlamaIndexSplitter, sentences

SPLITTER = LlamaIndexSplitter()


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_chinese_is_cut_after_its_full_stops() -> None:
    text = "先断开电源，再打开后盖。等待三秒！然后按住复位键？" * 10
    pieces = SPLITTER.split(text, 60)
    assert "".join(pieces) == text
    assert all(len(piece) <= 60 and piece[-1] in "。！？" for piece in pieces)


def test_english_is_cut_after_sentences_and_not_inside_numbers() -> None:
    text = "First switch it off. Wait 3.5 s. Then press the button! Is it on? " * 10
    pieces = SPLITTER.split(text, 120)
    assert squeezed("".join(pieces)) == squeezed(text)
    assert all(len(piece) <= 120 and piece.rstrip()[-1] in ".!?" for piece in pieces)
    assert not any(piece.startswith("5 s") for piece in pieces)


def test_a_sentence_that_is_too_long_is_cut_after_its_clauses_and_not_inside_names_or_numbers() -> None:
    text = "Pass std::string, 3,000 of them, to kb::build(), " * 3
    assert "".join(SPLITTER.split(text, 30)).replace(" ", "") == text.replace(" ", "")
    assert SPLITTER.split(text, 30)[:3] == ["Pass std::string,", "3,000 of them,", "to kb::build(),"]
    assert SPLITTER.split("按下，，再松开：：" * 3, 10) == ["按下，，再松开：："] * 3


def test_a_short_text_stays_whole_and_an_empty_one_gives_nothing() -> None:
    assert SPLITTER.split("短。文。", 10) == ["短。文。"]
    assert SPLITTER.split("  ", 10) == []


@settings(max_examples=200, deadline=None)
@given(st.text("甲乙，。！ab.,: \n", max_size=300), st.integers(5, 80))
def test_the_pieces_are_the_text_up_to_white_space(text: str, max_chars: int) -> None:
    assert squeezed("".join(SPLITTER.split(text, max_chars))) == squeezed(text)
    assert "".join(sentences(text)) == text
