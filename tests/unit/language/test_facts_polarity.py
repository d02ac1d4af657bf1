"""Negation and direction: what turns a text into its opposite, and what only looks like it."""

from __future__ import annotations

import pytest

from kbbuilder.language.facts import negation_count, polarity_conflict
from kbbuilder.language.opposites import OPPOSITES


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        ("How do I turn on the heater?", "How do I turn the heater off?", "on/off"),
        ("How do I enable two-step login?", "How do I disable two-step login?", "enable/disable"),
        ("如何连接蓝牙？", "怎么断开蓝牙？", "connect/disconnect"),
        ("打开常开模式", "关闭常开模式", "on/off"),
        ("添加指纹", "删除指纹", "add/remove"),
        ("Return before installing", "Return after installing", "before/after"),
        ("最大载重是多少", "最小载重是多少", "minimum/maximum"),
        ("How do I log in?", "How do I log out?", "log in/log out"),
        ("怎么取消配对", "怎么配对", "pair/unpair"),
        ("能退货吗", "不能退货吗", "negation"),
        ("Can I open it?", "Can't I open it?", "negation"),
        ("无法登录怎么办", "怎么登录", "negation"),
    ],
)
def test_opposites_conflict_either_way_round(left: str, right: str, name: str) -> None:
    assert polarity_conflict(left, right) == name
    assert polarity_conflict(right, left) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("能不能退货", "可以退货吗"),
        ("是否支持 5G", "支持 5G 吗"),
        ("Turn the lamp on and off", "How do I turn the lamp off?"),
        ("How do I turn on the lamp?", "How do I switch the lamp on?"),
        ("The lamp does not light. What can I do?", "What should I do if the lamp does not light?"),
        ("", "怎么办"),
    ],
)
def test_like_wordings_do_not_conflict(left: str, right: str) -> None:
    assert polarity_conflict(left, right) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("不锈钢外壳", 0),
        ("无线网络非常快", 0),
        ("能不能、是不是、有没有", 0),
        ("not only fast", 0),
        ("请勿水洗，不得拆卸", 2),
        ("Never open it without gloves.", 2),
        ("The pump can’t start", 1),
        ("除非另有说明", 0),
    ],
)
def test_negations_are_counted_and_lookalikes_are_not(text: str, count: int) -> None:
    assert negation_count(text) == count


@pytest.mark.parametrize(("name", "left", "right"), [pair for pair in OPPOSITES if "(" not in pair[1] + pair[2]])
def test_every_pair_of_plain_opposites_conflicts(name: str, left: str, right: str) -> None:
    ours, theirs = (side.split(", ")[0].replace("_", " ") for side in (left, right))
    assert polarity_conflict(ours, theirs) == name
