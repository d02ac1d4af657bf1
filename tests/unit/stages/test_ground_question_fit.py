"""Whether an answer gives what its question asks for, and whether a customer would ask like that."""

from __future__ import annotations

import pytest

from kbbuilder.stages.ground.asked_for import lacks_what_is_asked_for
from kbbuilder.stages.ground.wording import oddly_worded


@pytest.mark.parametrize(
    ("question", "answer", "lacking"),
    [
        ("`drum` 目录是如何清空的？", "`drum` 目录：存放清洗记录。", "a way"),
        ("`drum` 目录是如何清空的？", "`drum` 目录由 `drum-clean` 命令清空。", ""),
        ("`drum` 目录是如何清空的？", "可以用 `drum-clean` 命令来清空 `drum` 目录。", ""),
        ("`drum` 目录是如何清空的？", "如果 `drum` 目录已满，可以不理会。", "a way"),
        ("烘干羊毛要多久？", "烘干羊毛需要较长时间。", "an amount"),
        ("烘干羊毛要多久？", "烘干羊毛需要四十分钟。", ""),
        ("How many programmes does the dryer have?", "The dryer has several programmes.", "an amount"),
        ("How many programmes does the dryer have?", "The dryer has twelve; ten are for cotton.", ""),
        ("How often must the filter be cleaned?", "Clean the filter after every load.", ""),
        ("When does the lamp blink?", "The lamp has two colours.", "a time or an occasion"),
        ("When does the lamp blink?", "The lamp blinks if the tank is full.", ""),
        ("滤网什么时候更换？", "滤网由无纺布制成。", "a time or an occasion"),
        ("为什么不能使用漂白剂？", "不要使用漂白剂清洗滤网。", "a reason"),
        ("为什么不能使用漂白剂？", "漂白剂会使滤网变脆。", ""),
    ],
)
def test_a_question_after_an_amount_a_time_a_way_or_a_reason_gets_one(question: str, answer: str, lacking: str) -> None:
    assert lacks_what_is_asked_for(question, answer) == lacking


@pytest.mark.parametrize(
    ("question", "answer", "odd"),
    [
        ("如何更换滤网必须先断电时？", "更换滤网必须先断电时，请按住电源键。", True),
        ("烘干机如何判断衣物应如何烘干？", "烘干机按重量判断衣物应如何烘干。", True),
        ("滤网用无纺布制成以便拦住细小的毛絮是什么意思？", "滤网用无纺布制成以便拦住细小的毛絮。", True),
        (
            "What does the dryer heats the air in its duct before the drum turns mean?",
            "The dryer heats the air in its duct before the drum turns.",
            True,
        ),
        ("在烘干机中添加羊毛程序的支持？", "添加羊毛程序的支持：升级固件。", True),
        ("烘干机能不能烘羊毛？", "可以烘羊毛。", False),
        ("What is on the drum?", "On the drum, a seal keeps the water in.", True),
        ("What is a gentle motion of the drum?", "A gentle motion of the drum, used for wool.", True),
        ("What is the drum seal?", "The drum seal keeps the water in.", False),
        ("What is in the box?", "The box holds the dryer and a hose.", False),
        ("烘干羊毛时怎么办？", "烘干羊毛时请先选择羊毛模式。", False),
        ("毛絮堵住滤网怎么办，如何清洗？", "用温水清洗滤网。", False),
        ("无纺布是什么意思？", "无纺布是不经纺织的布。", False),
        ("如何更换滤网？", "更换滤网时先断电。", False),
        ("What does E21 mean?", "E21 means that the water tank is full.", False),
    ],
)
def test_a_question_no_customer_would_word_so_is_noticed(question: str, answer: str, odd: bool) -> None:
    assert bool(oddly_worded(question, answer)) is odd


@pytest.mark.parametrize(
    ("question", "answer", "lacking"),
    [
        ("云帆 G5 有哪些烘干程序？", "云帆 G5 有许多烘干程序，适合不同的衣物。", True),
        ("云帆 G5 有哪些烘干程序？", "云帆 G5 有多种烘干程序：羊毛、棉麻和快烘。", False),
        ("云帆 G5 有哪些烘干程序？", "羊毛、棉麻和快烘。", False),
        ("What are the programmes of the Orla G5?", "The dryer offers various programmes to choose from.", True),
        ("What are the programmes of the Orla G5?", "There are several programmes, Wool, Cotton and Quick.", False),
        ("Which programmes are there?", "The dryer has many [programmes](https://a.example).", True),
    ],
)
def test_which_ones_is_not_answered_by_that_there_are_many(question: str, answer: str, lacking: bool) -> None:
    assert bool(lacks_what_is_asked_for(question, answer)) is lacking
