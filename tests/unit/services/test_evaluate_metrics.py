"""The measures of evaluation, against values worked out by hand."""

from __future__ import annotations

import pytest

from kbbuilder.services.evaluate.metrics import (
    GoldPair,
    Matched,
    answer_scores,
    auroc,
    match_pairs,
    mean_figure,
    precision_recall,
)


def test_a_text_contains_an_answer_word_for_word_not_letter_for_letter() -> None:
    assert answer_scores(["the Art"], ["It is art."], "en").contain_1 == 1.0
    assert answer_scores(["art"], ["They start now."], "en").contain_1 == 0.0
    assert answer_scores(["三十天"], ["保修期为三十天。"], "zh").contain_1 == 1.0


def test_containment_counts_the_first_or_the_first_five_texts() -> None:
    texts = ["no", "no", "no", "no", "yes", "gold"]
    assert answer_scores(["yes"], texts, "en").contain_5 == 1.0
    assert answer_scores(["yes"], texts, "en").contain_1 == 0.0
    assert answer_scores(["gold"], texts, "en").contain_5 == 0.0
    assert answer_scores(["gold"], [], "en").contain_5 == 0.0


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert answer_scores(["end"], ["word " * 239 + "end"], "en").contain_1 == 1.0
    assert answer_scores(["end"], ["word " * 240 + "end"], "en").contain_1 == 0.0
    assert answer_scores(["尾"], ["字" * 500 + "尾"], "zh").contain_1 == 0.0


def test_a_long_answer_may_lack_some_of_its_words() -> None:
    gold = " ".join(f"w{i}" for i in range(20))
    assert answer_scores([gold], [" ".join(f"w{i}" for i in range(14))], "en").contain_1 == 1.0
    assert answer_scores([gold], [" ".join(f"w{i}" for i in range(13))], "en").contain_1 == 0.0


def test_f1_takes_the_best_gold_answer() -> None:
    assert answer_scores(["red", "two red cars"], ["two red cars"], "en").f1_1 == 1.0
    assert answer_scores(["red green"], ["red"], "en").f1_1 == pytest.approx(2 / 3)


def test_auroc_counts_ties_half() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.1], [0.9]) == 0.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([], [0.5]) is None


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    values = [1.0] * 70 + [0.0] * 30
    figure = mean_figure(values)
    assert figure is not None
    assert figure.value == 0.7
    assert 0.55 < figure.low < 0.65 < 0.75 < figure.high < 0.85
    assert figure == mean_figure(values)
    assert mean_figure([]) is None


def test_questions_of_one_document_are_drawn_together() -> None:
    values, documents = [1.0] * 50 + [0.0] * 50, ["a"] * 50 + ["b"] * 50
    alone, together = mean_figure(values), mean_figure(values, documents)
    assert alone is not None
    assert together is not None
    assert (together.low, together.high) == (0.0, 1.0)
    assert alone.high < 0.7


def test_pairs_match_once_and_optional_ones_neither_cost_nor_gain() -> None:
    gold = [
        GoldPair("How do I reset it?", "Hold the button for ten seconds."),
        GoldPair("What does it cost?", "Nine euros."),
        GoldPair("E17", "Sensor fault", optional=True),
    ]
    predicted = [
        ("How do I reset it", "Hold the button for ten seconds."),
        ("How do I reset it?", "Hold it."),
        ("What does it cost", "Ask the shop next door, they know all the prices."),
        ("E17", "anything"),
    ]
    matched = match_pairs(gold, predicted)
    assert (matched.wanted, matched.predicted, matched.found, matched.right) == (2, 3, 2, 1)


def test_an_answer_with_too_much_around_it_is_not_right() -> None:
    gold = [GoldPair("怎么退货？", "七天内可退。")]
    assert match_pairs(gold, [("怎么退货", "七天内可退。")]).right == 1
    assert match_pairs(gold, [("怎么退货", "七天内可退。" + "另有许多别的说明文字与此无关" * 2)]).right == 0


def test_precision_and_recall_are_summed_over_documents() -> None:
    found = precision_recall([Matched(4, 2, 2, 1), Matched(0, 2, 0, 0)], answers=False)
    assert (found.precision.value, found.recall.value, found.f1.value) == (0.5, 0.5, 0.5)
    assert precision_recall([Matched(0, 0, 0, 0)], answers=True).f1.value == 0.0
