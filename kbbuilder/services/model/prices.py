"""What a call costs. Prices are the operator's own, else the list prices in `prices.toml`; there may be none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kbbuilder.config import Price
from kbbuilder.ports import ChatReply

FREE = Price(input=0.0, output=0.0)
"""The price of a model that runs on one's own machine."""

_MILLION = 1_000_000
# What services add to a model's name for one state of it: gpt-4o-2024-08-06, qwen-max-0125, qwen-plus-latest.
_EDITION = re.compile(r"[-@:](?:\d{4}-\d{2}-\d{2}|\d{4}|\d{6}|\d{8}|latest)")


def price_of(model: str, prices: Mapping[str, Price]) -> Price | None:
    """The price of a model: the one set for its name or, failing that, for its name without a date; None: unknown.

    A name that merely begins like a known one has no price: gpt-4o-audio costs more than gpt-4o.

    >>> price_of("gpt-4o-mini-2024-07-18", {}) == price_of("gpt-4o-mini", {})
    True
    """
    for known in (prices, list_prices()):
        names = {name.lower(): price for name, price in known.items()}
        wanted = model.strip().lower()
        if wanted in names:
            return names[wanted]
        for name in sorted(names, key=len, reverse=True):
            if wanted.startswith(name) and _EDITION.fullmatch(wanted, len(name)):
                return names[name]
    return None


def cost_of(price: Price, reply: ChatReply) -> float:
    """What this reply costs at that price."""
    cached = min(reply.cached_tokens, reply.input_tokens)
    cached_price = price.input if price.cached_input is None else price.cached_input
    paid = (reply.input_tokens - cached) * price.input + cached * cached_price + reply.output_tokens * price.output
    return paid / _MILLION


@cache
def list_prices() -> Mapping[str, Price]:
    """The prices that come with kbbuilder, by model name."""
    text = files(__package__).joinpath("prices.toml").read_text(encoding="utf-8")
    return {name: Price(**table) for name, table in tomllib.loads(text).items()}
