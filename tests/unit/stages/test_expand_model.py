"""Similar questions by a model: the request, its reply, and which wordings still ask the same."""

from __future__ import annotations

import json

import pytest

from kbbuilder.errors import ReplyUnusable
from kbbuilder.ports import Finish
from kbbuilder.schema import Candidate, Language, PairKind, SimilarQuestion, Span
from kbbuilder.stages.expand.model import faithful, read_similar, similar_request

STYLES = ("colloquial", "formal", "keyword", "situation", "typo")


def pair(question: str, language: Language = "en") -> Candidate:
    return Candidate(
        question=question,
        answer="…",
        kind=PairKind.HOW_TO,
        language=language,
        evidence=(Span(start=0, end=1, quote="…"),),
    )


def test_the_questions_are_numbered_and_only_the_wanted_styles_are_asked_for() -> None:
    request = similar_request(
        [pair("How do I reset the Tern B4?"), pair("How heavy is it?")], STYLES, 3, "en", max_output_tokens=500
    )
    assert request.user == "0 How do I reset the Tern B4?\n1 How heavy is it?"
    assert all(style in request.system for style in STYLES[:3])
    assert "typo" not in request.system and "{styles}" not in request.system and "{example}" not in request.system
    assert request.max_output_tokens == 500


def test_the_prompt_is_in_the_language_of_the_questions() -> None:
    request = similar_request([pair("燕鸥 B4 怎么复位？", "zh")], STYLES, 5, "zh", max_output_tokens=500)
    assert "相似问" in request.system and "错别字" in request.system


def test_the_rules_do_not_change_with_the_questions() -> None:
    first = similar_request([pair("How do I reset the Tern B4?")], STYLES, 5, "en", max_output_tokens=500)
    second = similar_request([pair("How heavy is the Tern B4?")], STYLES, 5, "en", max_output_tokens=500)
    assert first.system == second.system


def test_a_style_of_the_operators_own_is_passed_on() -> None:
    assert "- pirate" in similar_request([pair("How?")], ("pirate",), 1, "en", max_output_tokens=9).system


def test_a_reply_gives_wordings_by_question_and_style() -> None:
    reply = json.dumps({"rows": [{"n": 1, "口语": "B4 咋复位", "typo": "B4 怎么复为"}, {"n": 7, "formal": "无此编号"}]})
    assert read_similar(reply, Finish.STOP, 2) == {
        1: (SimilarQuestion(text="B4 咋复位", style="colloquial"), SimilarQuestion(text="B4 怎么复为", style="typo"))
    }


def test_of_a_cut_off_reply_the_whole_rows_are_kept() -> None:
    reply = '{"rows":[{"n":0,"formal":"How may I reset the B4?"},{"n":1,"formal":"Wh'
    assert list(read_similar(reply, Finish.LENGTH, 2)) == [0]


def test_a_wording_written_twice_comes_once() -> None:
    reply = '{"rows":[{"n":0,"formal":"Reset the B4?","keyword":"reset the b4"}]}'
    assert [s.style for s in read_similar(reply, Finish.STOP, 1)[0]] == ["formal"]


@pytest.mark.parametrize("text", ["", "Sorry, I cannot.", '{"answers": []}'])
def test_a_reply_without_rows_is_unusable(text: str) -> None:
    with pytest.raises(ReplyUnusable):
        read_similar(text, Finish.STOP, 1)


EN = "How long does the first charge of the Lark K3 take?"
ZH = "云雀 K3 首次充电要多久？"


@pytest.mark.parametrize(
    ("question", "wording", "style"),
    [
        (EN, "how long do I have to leave the Lark K3 plugged in for its first charge?", "colloquial"),
        (EN, "Could you please tell me how long the first charge of the Lark K3 takes?", "formal"),
        (EN, "Lark K3 first charge time", "keyword"),
        (EN, "I just bought a Lark K3 and put it on its first charge. How long until it is done?", "situation"),
        (EN, "How long does the frist charge of the Lark K3 take?", "typo"),
        (ZH, "云雀 K3 第一次充电得充多久啊？", "colloquial"),
        (ZH, "请问云雀 K3 首次充电需要多长时间？", "formal"),
        (ZH, "云雀 K3 首次充电 时长", "keyword"),
        (ZH, "刚买了云雀 K3，首次充电要充多久？", "situation"),
        (ZH, "云雀 K3 首次冲电要多久？", "typo"),
    ],
)
def test_another_wording_of_the_same_question_is_kept(question: str, wording: str, style: str) -> None:
    kept, dropped = faithful(pair(question), [SimilarQuestion(text=wording, style=style)])
    assert [s.text for s in kept] == [wording], dropped


@pytest.mark.parametrize(
    ("question", "wording", "style", "reason"),
    [
        (EN, "How long does the first charge of the Lark K5 take?", "formal", "other_facts"),
        (EN, "How long does the first charge take?", "formal", "other_facts"),
        (EN, "Does the first charge of the Lark K3 take 4 hours?", "formal", "other_facts"),
        (EN, "How many colours does the Lark K3 come in?", "formal", "other_topic"),
        (EN, "The first charge of the Lark K3.", "formal", "not_a_question"),
        (EN, "云雀 Lark K3 首次充电要多久？", "formal", "other_language"),
        (EN, "how long does the first charge of the lark k3 take", "colloquial", "duplicate"),
        (
            EN,
            EN + " " + "I really would like to know this because my old one took ages. " * 4 + "?",
            "situation",
            "too_long",
        ),
        ("How do I turn the Lark K3 on?", "How do I turn the Lark K3 off?", "formal", "other_polarity"),
        ("Why does the Lark K3 charge?", "Why does the Lark K3 not charge?", "formal", "other_polarity"),
        (ZH, "云雀 K5 首次充电要多久？", "formal", "other_facts"),
        (ZH, "首次充电要多久？", "formal", "other_facts"),
        (ZH, "云雀 K3 要缴多少税？", "formal", "other_topic"),
        (ZH, "云雀 K3 的首次充电。", "formal", "not_a_question"),
        (ZH, "How long does the Lark K3 charge?", "formal", "other_language"),
        (ZH, "云雀 k3 首次充电要多久", "colloquial", "duplicate"),
        ("云雀 K3 怎么连接蓝牙？", "云雀 K3 怎么断开蓝牙？", "formal", "other_polarity"),
        ("云雀 K3 能充电吗？", "云雀 K3 不能充电吗？", "formal", "other_polarity"),
    ],
)
def test_a_wording_that_asks_something_else_is_dropped_with_its_reason(
    question: str, wording: str, style: str, reason: str
) -> None:
    kept, dropped = faithful(pair(question), [SimilarQuestion(text=wording, style=style)])
    assert not kept
    assert [d.reason for d in dropped] == [reason]


def test_kept_and_dropped_together_are_all_proposals() -> None:
    texts = ["云雀 K3 首次充电需要多久？", "云雀 K5 要多久？", "云雀 K3 首次充电需要多久？", "充电"]
    kept, dropped = faithful(pair(ZH), [SimilarQuestion(text=text, style="formal") for text in texts])
    assert len(kept) + len(dropped) == len(texts)
