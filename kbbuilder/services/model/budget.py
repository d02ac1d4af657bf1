"""The hard stop: what a run has used and what its calls in flight may still use, against the most it may."""

from __future__ import annotations

from enum import Enum

from kbbuilder.config import CallLimits, Price
from kbbuilder.errors import BudgetReached, ConfigError
from kbbuilder.ports import ChatReply, Finish
from kbbuilder.services.model.estimate import Load
from kbbuilder.services.model.prices import cost_of
from kbbuilder.store.model_calls import Spent


class Room(Enum):
    """Whether a call fits into what is left."""

    FITS = "fits"
    PERHAPS_LATER = "perhaps later"
    """Only if the calls in flight use less than was put aside for them."""
    NEVER = "never"


def check_price(limits: CallLimits, price: Price | None, model: str) -> None:
    """Raises:
    ConfigError: a budget in money is set, and the model's price is unknown.
    """
    if limits.budget and price is None:
        raise ConfigError(
            f"calls.budget is set, but the price of {model} is unknown",
            hint=f'Set [prices."{model}"] with input and output in kbbuilder.toml, or use calls.budget_tokens.',
        )


class Budget:
    """Money and tokens of one run. A call's worst case is put aside before it is sent: with its output cut off at the
    limit it was given, only the estimate of its input can be wrong.

    Raises:
        ConfigError: a budget in money is set, and the model's price is unknown.
    """

    def __init__(self, limits: CallLimits, price: Price | None, model: str) -> None:
        check_price(limits, price, model)
        self._price = price
        self._money = limits.budget
        self._tokens = limits.budget_tokens
        self._in_flight = 0
        self._tokens_aside = 0.0
        self._money_aside = 0.0

    def room(self, load: Load, spent: Spent) -> Room:
        """Whether a call fits into what is left."""
        tokens, cost = self._worst(load)
        if not self._within(spent, tokens, cost):
            return Room.NEVER
        fits = self._within(spent, tokens + self._tokens_aside, cost + self._money_aside)
        return Room.FITS if fits else Room.PERHAPS_LATER

    def put_aside(self, load: Load) -> None:
        """A call is sent."""
        self._move(load, 1)

    def put_back(self, load: Load) -> None:
        """A call is over; what it used stands in what was spent from now on."""
        self._move(load, -1)

    def reached(self, spent: Spent) -> BudgetReached:
        """What to tell when there is no room."""
        used = f"{spent.input_tokens + spent.output_tokens} tokens, cost {spent.cost:.4f}"
        limit = f"{self._money:g}" if self._money else f"{self._tokens} tokens"
        return BudgetReached(f"the budget of {limit} has no room for another call ({used} in this run)")

    def _within(self, spent: Spent, tokens: float, cost: float) -> bool:
        fits_tokens = not self._tokens or spent.input_tokens + spent.output_tokens + tokens <= self._tokens
        return fits_tokens and (not self._money or spent.cost + cost <= self._money)

    def _worst(self, load: Load) -> tuple[float, float]:
        tokens = load.input + load.most_output
        reply = ChatReply("", Finish.LENGTH, round(load.input), load.most_output)
        return tokens, 0.0 if self._price is None else cost_of(self._price, reply)

    def _move(self, load: Load, sign: int) -> None:
        self._in_flight += sign
        if not self._in_flight:
            # Set, not summed up: a rounding error left over would keep the last call waiting for nothing.
            self._tokens_aside = self._money_aside = 0.0
            return
        tokens, cost = self._worst(load)
        self._tokens_aside += sign * tokens
        self._money_aside += sign * cost
