"""Replies of models, tidy and untidy, read as pairs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.errors import ReplyUnusable
from kbbuilder.ports import Doubt, Finish
from kbbuilder.stages.extract.model import RawPair, read_pairs

TIDY = '{"pairs":[{"e":[2],"k":"多少","q":"云雀 K3 首次充电要多久？"},{"e":[3,4],"k":"如何","q":"怎么看是否充满？"}]}'


def questions(text: str, finish: Finish = Finish.STOP) -> list[str]:
    return [pair.question for pair in read_pairs(text, finish).pairs]


def test_the_asked_for_form_gives_questions_and_line_numbers() -> None:
    read = read_pairs(TIDY, Finish.STOP)
    assert read.pairs == (
        RawPair("云雀 K3 首次充电要多久？", lines=(2,)),
        RawPair("怎么看是否充满？", lines=(3, 4)),
    )
    assert read.complete and read.note == ""


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{TIDY}\n```",
        f"好的，以下是问答：\n{TIDY}\n希望对您有帮助！",
        f"<think>先看第 [2] 行 {{不是 JSON}}</think>{TIDY}",
        TIDY.replace("}]}", "},]}"),
        TIDY.removeprefix('{"pairs":').removesuffix("}"),
        "\n".join(json.dumps(row, ensure_ascii=False) for row in json.loads(TIDY)["pairs"]),
        json.dumps(json.loads(TIDY), indent=2),
    ],
    ids=["fence", "prose", "thoughts", "trailing comma", "bare array", "one object a line", "escaped and indented"],
)
def test_wrapping_changes_nothing(text: str) -> None:
    assert read_pairs(text, Finish.STOP).pairs == read_pairs(TIDY, Finish.STOP).pairs


@pytest.mark.parametrize(
    ("evidence", "lines", "quotes"),
    [
        ([3], (3,), ()),
        (3, (3,), ()),
        ("3-5", (3, 4, 5), ()),
        (["[3]", "5"], (3, 5), ()),
        ("3, 5", (3, 5), ()),
        ([[3, 4], 4], (3, 4), ()),
        (["The first charge takes 4 hours."], (), ("The first charge takes 4 hours.",)),
        ([{"quote": "Do not charge below 0 °C."}], (), ("Do not charge below 0 °C.",)),
        ("2025-2026", tuple(range(2025, 2027)), ()),
        (None, (), ()),
        (True, (), ()),
    ],
)
def test_evidence_is_lines_or_quotes(evidence: object, lines: tuple[int, ...], quotes: tuple[str, ...]) -> None:
    read = read_pairs(json.dumps({"question": "Q?", "answer": "A.", "evidence": evidence}), Finish.STOP)
    assert read.pairs == (RawPair("Q?", "A.", lines, quotes),)


def test_compact_rows_are_understood() -> None:
    read = read_pairs('[["How long?","Four hours.",["takes 4 hours"]],["Why?","Heat.",[2]]]', Finish.STOP)
    assert read.pairs == (
        RawPair("How long?", "Four hours.", quotes=("takes 4 hours",)),
        RawPair("Why?", "Heat.", lines=(2,)),
    )


def test_a_passages_question_is_as_probable_as_its_least_probable_token() -> None:
    text = '{"Q1":"Is \\"it\\" on?", "Q2": "为什么？","Q3":"How long?"}'
    why, long = text.index("为"), text.index("How")
    doubts = [Doubt(why - 1, 0.1), Doubt(why, 0.4), Doubt(why + 2, 0.2), Doubt(why + 4, 0.1), Doubt(long - 1, 0.05)]
    read = read_pairs(text, Finish.STOP, doubts)
    assert [(pair.question, pair.probability) for pair in read.pairs] == [
        ('Is "it" on?', 1.0),
        ("为什么？", 0.2),
        ("How long?", 1.0),
    ]


@pytest.mark.parametrize("cut", range(20, len(TIDY), 7))
def test_of_a_cut_off_reply_the_whole_pairs_are_kept(cut: int) -> None:
    read = read_pairs(TIDY[:cut], Finish.LENGTH)
    whole = [
        pair["q"] for pair in json.loads(TIDY)["pairs"] if json.dumps(pair["q"], ensure_ascii=False) + "}" in TIDY[:cut]
    ]
    assert [pair.question for pair in read.pairs] == whole
    assert not read.complete and "cut off" in read.note


def test_repeated_questions_are_left_out_and_counted() -> None:
    read = read_pairs('[{"q":"How long?","e":[1]},{"q":"how long","e":[2]},{"q":"Why?","e":[3]}]', Finish.STOP)
    assert [pair.question for pair in read.pairs] == ["How long?", "Why?"]
    assert read.note == "1 repeated"


def test_a_reply_that_goes_in_circles_until_it_is_cut_off_is_complete() -> None:
    circle = ",".join(['{"q":"充电要多久？","e":[1]}'] * 30)
    read = read_pairs('{"pairs":[{"q":"能水洗吗？","e":[2]},' + circle + ',{"q":"充电', Finish.LENGTH)
    assert [pair.question for pair in read.pairs] == ["能水洗吗？", "充电要多久？"]
    assert read.complete


@pytest.mark.parametrize("text", ['{"pairs":[]}', "[]", '```json\n{"pairs": []}\n```'])
def test_nothing_to_ask_is_an_answer(text: str) -> None:
    assert read_pairs(text, Finish.STOP).pairs == ()


@pytest.mark.parametrize(
    "text", ["", "I'm sorry, I can't help with that.", "抱歉，我无法处理。", "{", "null", '"pairs"', "{}"]
)
def test_a_reply_without_pairs_is_unusable(text: str) -> None:
    with pytest.raises(ReplyUnusable):
        read_pairs(text, Finish.STOP)


def test_a_reply_cut_off_before_its_first_pair_is_incomplete_not_unusable() -> None:
    read = read_pairs('{"pairs":[{"e":[1],"q":"云', Finish.LENGTH)
    assert read.pairs == () and not read.complete


def test_hostile_nesting_is_read_in_no_time() -> None:
    with pytest.raises(ReplyUnusable):
        read_pairs('{"a":' * 50_000, Finish.STOP)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = read_pairs(text, Finish.STOP)
    except ReplyUnusable:
        return
    assert all(pair.question.strip() for pair in read.pairs)


def test_a_field_a_passage_is_a_question_a_passage() -> None:
    read = read_pairs('{"Q1":"","Q2":"燕鸥 B4 多久清洁一次？","Q4":"底座能放入水中吗？"}', Finish.STOP)
    assert [(pair.question, pair.passage) for pair in read.pairs] == [
        ("燕鸥 B4 多久清洁一次？", 2),
        ("底座能放入水中吗？", 4),
    ]
    assert read_pairs('{"Q1":"","Q2":""}', Finish.STOP).pairs == ()


def test_of_a_cut_off_reply_by_passages_the_whole_questions_are_kept() -> None:
    read = read_pairs('{"Q1":"How \\"hot\\" is it?","Q2":"Why?","Q3":"What is', Finish.LENGTH)
    assert [(pair.question, pair.passage) for pair in read.pairs] == [('How "hot" is it?', 1), ("Why?", 2)]
    assert not read.complete


def test_a_question_written_for_several_passages_is_no_passages_question() -> None:
    read = read_pairs('{"Q1":"What is the Tern?","Q2":"How do I clean it?","Q3":"what is the tern"}', Finish.STOP)
    assert [pair.question for pair in read.pairs] == ["How do I clean it?"]
