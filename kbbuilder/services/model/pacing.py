"""How fast a service may be asked: calls at once, requests and tokens a minute, and the pauses it asks for.

Nothing here sleeps or reads a clock: times come in as seconds on any clock that never goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from kbbuilder.config import CallLimits
from kbbuilder.errors import ModelError, ModelOverloaded, ModelTimeout, RateLimited

_BURST = 20
"""A bucket holds the twentieth part of a minute's allowance; the rest trickles in."""
TOO_MUCH = (RateLimited, ModelOverloaded, ModelTimeout)
"""Faults that say: fewer calls at once."""


class TokenBucket:
    """An allowance that trickles in. In any minute at most `per_minute` is taken, plus once what is taken at a time.

    More than the bucket holds may be taken when it is full; it is in debt then.
    """

    def __init__(self, per_minute: float, now: float) -> None:
        self._holds = max(1.0, per_minute / _BURST)
        self._per_s = max(per_minute - self._holds, per_minute / 2) / 60
        self._level = self._holds
        self._at = now

    def wait_s(self, amount: float, now: float) -> float:
        """Seconds until `amount` may be taken."""
        self._refill(now)
        short = min(amount, self._holds) - self._level
        # A billionth is forgiven: waiting for exactly the missing part may end a rounding error too early.
        return short / self._per_s if short > 1e-9 * self._holds else 0.0

    def take(self, amount: float, now: float) -> None:
        """Take it now, whether it is there or not; a negative amount gives back."""
        self._refill(now)
        self._level = min(self._holds, self._level - amount)

    def _refill(self, now: float) -> None:
        self._level = min(self._holds, self._level + max(0.0, now - self._at) * self._per_s)
        self._at = max(self._at, now)


class Window:
    """How many calls may be in flight (additive increase, multiplicative decrease; TCP's rule, RFC 5681).

    Too much for the service halves it, at most once for the calls that were in flight together; a windowful of
    successes widens it by one, up to `most`.
    """

    def __init__(self, most: int) -> None:
        self.size = most
        self._most = most
        self._successes = 0
        self._narrowed_at = -inf

    def succeeded(self) -> None:
        self._successes += 1
        if self._successes >= self.size:
            self._successes = 0
            self.size = min(self._most, self.size + 1)

    def was_too_much(self, begun_at: float, now: float) -> None:
        """A call that began at `begun_at` was too much."""
        self._successes = 0
        if begun_at >= self._narrowed_at:
            self._narrowed_at = now
            self.size = max(1, self.size // 2)


@dataclass(frozen=True, slots=True)
class Slot:
    """A call that may be made: when it began, and the tokens put aside for it."""

    begun_at: float
    tokens: float


class Pacer:
    """All limits together. Ask `wait_s`; when it says 0, `begin` the call; `end` it whatever became of it."""

    def __init__(self, limits: CallLimits, now: float) -> None:
        self.window = Window(limits.concurrency)
        self.in_flight = 0
        self._requests = TokenBucket(limits.requests_per_minute, now) if limits.requests_per_minute else None
        self._tokens = TokenBucket(limits.tokens_per_minute, now) if limits.tokens_per_minute else None
        self._quiet_until = -inf

    def quiet_s(self, now: float) -> float:
        """Seconds for which the service has asked to be left alone, from now on."""
        return max(0.0, self._quiet_until - now)

    def wait_s(self, tokens: float, now: float) -> float:
        """Seconds until a call of so many tokens may begin; infinite while only the end of another makes room."""
        if self.in_flight >= self.window.size:
            return inf
        waits = [self.quiet_s(now)]
        if self._requests is not None:
            waits.append(self._requests.wait_s(1, now))
        if self._tokens is not None:
            waits.append(self._tokens.wait_s(tokens, now))
        return max(waits)

    def begin(self, tokens: float, now: float) -> Slot:
        self.in_flight += 1
        if self._requests is not None:
            self._requests.take(1, now)
        if self._tokens is not None:
            self._tokens.take(tokens, now)
        return Slot(now, tokens)

    def end(self, slot: Slot, now: float, *, used_tokens: float | None, fault: ModelError | None = None) -> None:
        """The call is over.

        Args:
            used_tokens: what it used; None when unknown: then what was put aside counts as used.
            fault: how it failed; None when it did not, or was cancelled.
        """
        self.in_flight -= 1
        if self._tokens is not None and used_tokens is not None:
            self._tokens.take(used_tokens - slot.tokens, now)
        if isinstance(fault, TOO_MUCH):
            self.window.was_too_much(slot.begun_at, now)
        elif fault is None and used_tokens is not None:
            self.window.succeeded()
        if fault is not None and fault.retry_after_s is not None:
            self._quiet_until = max(self._quiet_until, now + fault.retry_after_s)
