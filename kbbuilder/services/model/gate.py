"""The gate that every call to a model passes: the budget first, then the pace."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from itertools import count
from math import inf

from kbbuilder.errors import BudgetReached, KbError, ModelError
from kbbuilder.ports import ChatReply
from kbbuilder.services.model.budget import Budget, Room
from kbbuilder.services.model.estimate import Load
from kbbuilder.services.model.pacing import Pacer, Slot
from kbbuilder.store.model_calls import Spent

Rank = tuple[int, int]
_SMOOTHING = 0.05


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave for one call; hand it to `Gate.leave` when the call is over."""

    load: Load
    slot: Slot


class Gate:
    """Lets calls through in the order of their rank. Lives on one event loop.

    Args:
        spent: what the run has used so far.
        on_reached: told when the next call has no room in the budget; it closes the gate.
        longest_wait_s: a service that wants to be left alone for longer turns its callers away.
    """

    def __init__(
        self,
        pacer: Pacer,
        budget: Budget,
        *,
        spent: Callable[[], Spent],
        on_reached: Callable[[BudgetReached], None],
        longest_wait_s: float,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._pacer = pacer
        self._budget = budget
        self._spent = spent
        self._on_reached = on_reached
        self._longest_wait_s = longest_wait_s
        self._waiting: list[tuple[Rank, int, Load, asyncio.Future[Pass]]] = []
        self._arrivals = count()
        self._timer: asyncio.TimerHandle | None = None
        self._closed: KbError | None = None
        self._quiet: ModelError | None = None
        self.latency_s = 0.0
        """How long a reply takes, as a moving average; 0 before the first."""

    @property
    def idle(self) -> int:
        """How many calls could be made now and nobody makes."""
        return 0 if self._waiting else max(0, self._pacer.window.size - self._pacer.in_flight)

    @property
    def waiting(self) -> int:
        """How many calls wait for their turn."""
        return len(self._waiting)

    async def enter(self, load: Load, rank: Rank) -> Pass:
        """Wait for leave to make a call.

        Args:
            rank: lower ones go first; equal ones in the order they came.

        Raises:
            BudgetReached: there is no room for it.
            ModelError: the service has asked to be left alone for too long to wait.
            KbError: why the gate was closed.
        """
        turn: asyncio.Future[Pass] = self._loop.create_future()
        heapq.heappush(self._waiting, (rank, next(self._arrivals), load, turn))
        self._let_through()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.leave(turn.result())
            raise

    def leave(self, permit: Pass, *, reply: ChatReply | None = None, fault: ModelError | None = None) -> None:
        """A call is over: with a reply, a fault, or cancelled (neither)."""
        used = None if reply is None else reply.input_tokens + reply.output_tokens
        now = self._loop.time()
        self._budget.put_back(permit.load)
        self._pacer.end(permit.slot, now, used_tokens=used, fault=fault)
        if reply is not None:
            took_s = now - permit.slot.begun_at
            self.latency_s += (took_s - self.latency_s) * (_SMOOTHING if self.latency_s else 1.0)
        if fault is not None and fault.retry_after_s is not None:
            self._quiet = fault
        self._let_through()

    def close(self, error: KbError) -> None:
        """Turn away all that wait, and all that will come, with this error. Calls that were let through go on."""
        self._closed = error
        self._let_through()

    def _let_through(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            *_, load, turn = self._waiting[0]
            if turn.done():  # its caller was cancelled
                heapq.heappop(self._waiting)
                continue
            if self._closed is not None:
                heapq.heappop(self._waiting)
                turn.set_exception(copy(self._closed))
                continue
            now = self._loop.time()
            if self._quiet is not None and self._pacer.quiet_s(now) > self._longest_wait_s:
                heapq.heappop(self._waiting)
                error = copy(self._quiet)
                error.retry_after_s = self._pacer.quiet_s(now)
                turn.set_exception(error)
                continue
            room = self._budget.room(load, self._spent())
            if room is Room.NEVER:
                self._on_reached(self._budget.reached(self._spent()))
                continue
            if room is Room.PERHAPS_LATER:
                return
            tokens = load.input + load.expected_output
            wait_s = self._pacer.wait_s(tokens, now)
            if wait_s > 0:
                if wait_s < inf:
                    self._timer = self._loop.call_later(wait_s, self._let_through)
                return
            heapq.heappop(self._waiting)
            self._budget.put_aside(load)
            turn.set_result(Pass(load, self._pacer.begin(tokens, now)))
