"""The hard stop counts what calls in flight may still use."""

from __future__ import annotations

import pytest

from kbbuilder.config import CallLimits, Price
from kbbuilder.errors import ConfigError
from kbbuilder.services.model.budget import Budget, Room
from kbbuilder.services.model.estimate import Load
from kbbuilder.store.model_calls import Spent

LOAD = Load(uncalibrated_input=100, input=100, expected_output=20, most_output=100)


def test_without_a_budget_everything_fits() -> None:
    budget = Budget(CallLimits(), None, "m")
    for _ in range(100):
        budget.put_aside(LOAD)
    assert budget.room(LOAD, Spent(input_tokens=10**9)) is Room.FITS


def test_calls_in_flight_take_their_worst_case_out_of_what_is_left() -> None:
    budget = Budget(CallLimits(budget_tokens=500), None, "m")
    budget.put_aside(LOAD)
    assert budget.room(LOAD, Spent()) is Room.FITS
    budget.put_aside(LOAD)
    assert budget.room(LOAD, Spent()) is Room.PERHAPS_LATER


def test_a_call_that_used_less_makes_room_again() -> None:
    budget = Budget(CallLimits(budget_tokens=500), None, "m")
    budget.put_aside(LOAD)
    budget.put_aside(LOAD)
    budget.put_back(LOAD)
    assert budget.room(LOAD, Spent(input_tokens=50, output_tokens=10)) is Room.FITS


def test_what_was_spent_does_not_come_back() -> None:
    budget = Budget(CallLimits(budget_tokens=500), None, "m")
    assert budget.room(LOAD, Spent(input_tokens=300)) is Room.FITS
    assert budget.room(LOAD, Spent(input_tokens=300, output_tokens=1)) is Room.NEVER


def test_money_counts_by_the_price() -> None:
    budget = Budget(CallLimits(budget=1.0), Price(input=1000.0, output=4000.0), "m")  # 0.5 a call at worst
    assert budget.room(LOAD, Spent(cost=0.5)) is Room.FITS
    assert budget.room(LOAD, Spent(cost=0.51)) is Room.NEVER
    budget.put_aside(LOAD)
    assert budget.room(LOAD, Spent(cost=0.4)) is Room.PERHAPS_LATER


def test_no_call_in_flight_leaves_nothing_aside() -> None:
    budget = Budget(CallLimits(budget=0.3), Price(input=0.1, output=0.7), "m")
    loads = [Load(i, i / 7, 1, i) for i in range(1, 50)]
    for load in loads:
        budget.put_aside(load)
    for load in reversed(loads):
        budget.put_back(load)
    assert budget.room(Load(0, 0, 0, 0), Spent(cost=0.3)) is Room.FITS


def test_a_budget_in_money_needs_a_price() -> None:
    with pytest.raises(ConfigError, match="price of 我的模型") as caught:
        Budget(CallLimits(budget=5.0), None, "我的模型")
    assert "budget_tokens" in caught.value.hint


def test_the_error_says_what_was_used() -> None:
    error = Budget(CallLimits(budget_tokens=500), None, "m").reached(Spent(input_tokens=300, output_tokens=150))
    assert "500 tokens" in error.message and "450 tokens" in error.message
