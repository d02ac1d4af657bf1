"""What a call costs: the operator's price, a list price, or nobody knows."""

from __future__ import annotations

import pytest

from kbbuilder.config import Price
from kbbuilder.ports import ChatReply, Finish
from kbbuilder.services.model.prices import FREE, cost_of, list_prices, price_of


@pytest.mark.parametrize(
    ("dated", "plain"),
    [
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"),
        ("qwen-plus-latest", "qwen-plus"),
        ("qwen-max-0125", "qwen-max"),
        ("GPT-5-nano", "gpt-5-nano"),
    ],
)
def test_a_dated_name_has_the_price_of_the_plain_one(dated: str, plain: str) -> None:
    assert price_of(dated, {}) == list_prices()[plain]


@pytest.mark.parametrize(
    "name", ["gpt-4o-audio-preview", "gpt-5-pro", "gpt-4o-mini-tts", "qwen-plus-us", "", "我的模型"]
)
def test_a_name_that_only_begins_like_a_known_one_has_no_price(name: str) -> None:
    assert price_of(name, {}) is None


def test_the_operators_price_goes_before_the_list_price() -> None:
    own = {"gpt-4o-mini": Price(1.0, 2.0), "公司模型": Price(3.0, 4.0)}
    assert price_of("gpt-4o-mini", own) == Price(1.0, 2.0)
    assert price_of("gpt-4o-mini-2024-07-18", own) == Price(1.0, 2.0)
    assert price_of("公司模型", own) == Price(3.0, 4.0)


def test_the_longest_of_the_operators_names_wins() -> None:
    own = {"m": Price(1.0, 1.0), "m-2024": Price(2.0, 2.0)}
    assert price_of("m-2024-latest", own) == Price(2.0, 2.0)


def test_cached_input_is_cheaper_and_part_of_the_input() -> None:
    reply = ChatReply("", Finish.STOP, input_tokens=1_000_000, output_tokens=500_000, cached_tokens=400_000)
    assert cost_of(Price(2.0, 8.0, 0.5), reply) == pytest.approx(0.6 * 2.0 + 0.4 * 0.5 + 0.5 * 8.0)
    assert cost_of(Price(2.0, 8.0), reply) == pytest.approx(2.0 + 4.0)


def test_a_service_that_counts_more_cached_than_input_tokens_does_not_pay_us() -> None:
    assert cost_of(Price(2.0, 8.0, 0.5), ChatReply("", Finish.STOP, 100, 0, 10_000)) == pytest.approx(100 * 0.5 / 1e6)


def test_a_local_model_costs_nothing() -> None:
    assert cost_of(FREE, ChatReply("", Finish.STOP, 10_000, 10_000)) == 0.0


def test_every_list_price_is_whole() -> None:
    for price in list_prices().values():
        assert 0 < price.input < price.output
        assert price.cached_input is None or price.cached_input < price.input
