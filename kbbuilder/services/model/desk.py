"""The desk that all calls to a model go over: one thread with one event loop, for the chunks of all documents.

A unit of work is submitted as a function that is given an `Asker`; how many units run at once follows from how many
calls may be in flight. What is asked goes: store → calls already in flight → budget → pace → model → store.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Generic, TypeVar

from kbbuilder.config import CallLimits, Price
from kbbuilder.errors import KbError, ModelError, Remedy, StoreError
from kbbuilder.ports import ChatModel, ChatReply, ChatRequest
from kbbuilder.services.model.budget import Budget
from kbbuilder.services.model.estimate import Calibration
from kbbuilder.services.model.gate import Gate, Rank
from kbbuilder.services.model.pacing import Pacer
from kbbuilder.services.model.prices import cost_of
from kbbuilder.services.model.replies import Replies
from kbbuilder.store.database import Database
from kbbuilder.store.model_calls import ReplyUse, Spent, StoredReply, call_key

T = TypeVar("T")

_FIRST_BACKOFF_S = 1.0
_BUSY_RATE, _SPARE_SHARE = 25.0, 2
"""From so many calls a second on, the desk's own work would leave places empty for a tenth of the time: one call for
every two that may be in flight then waits at the gate, and these fill the places of the last rounds (measured at 128
calls of 2 s: 0.96 of the ideal; with one for every four 0.92). Below, a unit begun early only makes the last round
uneven."""
_CANCEL_S, _WRITE_S, _CLOSE_S = 0.5, 1.0, 0.3
"""What `stop` allows for: cancelling calls, writing replies that had come, giving connections back."""

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Asker:
    """Asks the model on behalf of one edition's work. Only for use on the desk's event loop."""

    def __init__(self, desk: ModelDesk, version_id: int, number: int) -> None:
        self._desk = desk
        self._version_id = version_id
        self._number = number
        self._asked = 0

    async def ask(self, request: ChatRequest, purpose: str) -> ChatReply:
        """The model's reply: the stored one when this was asked before, else a new one, stored before this returns.

        Faults that pass are tried again, `CallLimits.attempts` times in all, and not when the service wants a longer
        pause than `longest_wait_s`.

        Args:
            purpose: what it is for, as the ledger of calls shows it (such as "extract").

        Raises:
            ModelError: the last fault; its `remedy` says what to do with the piece of work.
            StoreError: the reply cannot be kept, or the stored ones cannot be read.
        """
        # The unit with the longest way to go goes first: so the last places are filled to the end, where units make
        # one call after the other and the last ones begun would be left over.
        rank = self._asked, self._number
        self._asked += 1
        return await self._desk._ask(request, purpose, self._version_id, rank)


@dataclass(frozen=True, slots=True)
class _Unit(Generic[T]):
    work: Callable[[Asker], Awaitable[T]]
    version_id: int
    future: Future[T]


class ModelDesk:
    """Runs units of work that ask a model. A context manager; leaving it is `stop()`.

    Every submitted unit's future ends: with its result, with what its work raised, with the error in `paused`, or with
    `concurrent.futures.CancelledError` when the desk was stopped.

    Args:
        model: closed together with the desk.
        price: None: unknown. Tokens are counted all the same.
        clock: the time that is stored beside a reply; pacing goes by the event loop's own clock.
        seed: of the jitter between tries.

    Raises:
        ConfigError: `limits` holds a budget in money, and `price` is None.
    """

    def __init__(
        self,
        database: Database,
        model: ChatModel,
        limits: CallLimits,
        *,
        price: Price | None,
        clock: Callable[[], datetime] = _utc_now,
        seed: int = 0,
    ) -> None:
        self._database = database
        self._model = model
        self._limits = limits
        self._price = price
        self._clock = clock
        self._jitter = random.Random(seed)
        self._budget = Budget(limits, price, model.name)
        self._calibration = Calibration()
        self._spent = Spent()
        self._paused: KbError | None = None
        self._most_running = limits.concurrency + max(4, limits.concurrency // _SPARE_SHARE)
        self._capacity = 2 * self._most_running

        self._change = threading.Condition()
        self._unfinished = 0
        self._stopped = False
        self._thread: threading.Thread | None = None
        # The rest belongs to the event loop's thread.
        self._queue: deque[_Unit[Any]] = deque()
        self._started = 0
        self._at_desk = 0  # calls on the way to the gate or back from it, looking into the store or writing to it
        self._running: dict[asyncio.Task[Any], _Unit[Any]] = {}
        self._flights: dict[str, asyncio.Task[ChatReply]] = {}

    def __enter__(self) -> ModelDesk:
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main(ready)), name="kb-model-desk", daemon=True
        )
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def paused(self) -> KbError | None:
        """Why nothing more is asked: the first fault that only a person can mend (a `ModelError` with `Remedy.PAUSE`,
        or a `StoreError`, because replies that cannot be kept are not worth paying for)."""
        return self._paused

    @property
    def spent(self) -> Spent:
        """What this run has asked and paid so far."""
        return self._spent

    def room(self) -> int:
        """How many units can be submitted now without waiting."""
        with self._change:
            return max(0, self._capacity - self._unfinished)

    def submit(self, work: Callable[[Asker], Awaitable[T]], version_id: int) -> Future[T]:
        """Queue a unit of work on an edition; waits while the queue is full. Units start in the order they came.

        `work` runs on the desk's event loop: what takes more than some milliseconds of CPU belongs into a thread.
        """
        future: Future[T] = Future()
        with self._change:
            self._change.wait_for(lambda: self._stopped or self._unfinished < self._capacity)
            if self._stopped:
                future.cancel()
                return future
            self._unfinished += 1
            # Within the lock, so that it is queued before `stop` says to end.
            self._loop.call_soon_threadsafe(self._take_in, _Unit(work, version_id, future))
        return future

    def stop(self) -> None:
        """End within 2 seconds: what waits is cancelled, and so are calls in flight; replies that have come are stored.

        May be called from any thread but the desk's own, more than once.
        """
        with self._change:
            first, self._stopped = not self._stopped, True
            self._change.notify_all()
            if first and self._thread is not None:
                self._loop.call_soon_threadsafe(self._halt.set)
        if self._thread is not None:
            self._thread.join()

    # -- the event loop's thread ------------------------------------------------------------------------

    async def _main(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._halt = asyncio.Event()
        self._pausing = asyncio.Event()
        self._replies = Replies(self._database, self._clock)
        self._gate = Gate(
            Pacer(self._limits, self._loop.time()),
            self._budget,
            spent=lambda: self._spent,
            on_reached=self._pause,
            longest_wait_s=self._limits.longest_wait_s,
        )
        ready.set()
        await self._halt.wait()
        while self._queue:
            self._finish(self._queue.popleft(), error=CancelledError())
        tasks = [*self._running, *self._flights.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_CANCEL_S)
        await self._replies.close(_WRITE_S)
        closing = self._loop.create_task(self._model.close())
        await asyncio.wait({closing}, timeout=_CLOSE_S)
        if closing.done() and not closing.cancelled() and closing.exception() is not None:
            _log.warning("the model's connections were not closed: %s", closing.exception())

    def _take_in(self, unit: _Unit[Any]) -> None:
        self._queue.append(unit)
        self._start_units()

    def _start_units(self) -> None:
        """Start as many units as calls may be in flight, and further ones for the places that stay empty while units
        work on their replies or rest between tries."""
        if self._halt.is_set():
            return
        concurrency = self._limits.concurrency
        spare = concurrency // _SPARE_SHARE if concurrency > _BUSY_RATE * self._gate.latency_s > 0 else 0
        # Whoever is at the desk goes on by itself, however busy the machine is.
        free = self._gate.idle + spare - self._gate.waiting - self._at_desk
        free = max(free, concurrency - len(self._running))
        for _ in range(min(free, self._most_running - len(self._running), len(self._queue))):
            self._start_next()

    def _start_next(self) -> None:
        unit = self._queue.popleft()
        if self._paused is not None:
            self._finish(unit, error=copy(self._paused))
        elif unit.future.set_running_or_notify_cancel():
            self._at_desk += 1
            task = self._loop.create_task(self._run(unit))
            self._running[task] = unit
            task.add_done_callback(self._unit_ended)
        else:
            self._uncount()

    async def _run(self, unit: _Unit[T]) -> T:
        self._at_desk -= 1
        self._started += 1
        return await unit.work(Asker(self, unit.version_id, self._started))

    def _unit_ended(self, task: asyncio.Task[Any]) -> None:
        unit = self._running.pop(task)
        error = CancelledError() if task.cancelled() else task.exception()
        if error is not None:
            unit.future.set_exception(error)
        else:
            unit.future.set_result(task.result())
        self._uncount()
        self._start_units()

    def _finish(self, unit: _Unit[Any], error: BaseException) -> None:
        """End a unit that was not started."""
        if unit.future.set_running_or_notify_cancel():
            unit.future.set_exception(error)
        self._uncount()

    def _uncount(self) -> None:
        with self._change:
            self._unfinished -= 1
            self._change.notify_all()

    def _pause(self, error: KbError) -> None:
        if self._paused is None:
            self._paused = error
            self._gate.close(error)
            self._pausing.set()
            while self._queue:
                self._start_next()

    async def _ask(self, request: ChatRequest, purpose: str, version_id: int, rank: Rank) -> ChatReply:
        if self._paused is not None:
            raise copy(self._paused)
        key = call_key(self._model.name, request)
        flight = self._flights.get(key)
        if flight is None:
            flight = self._loop.create_task(self._fetch(key, request, purpose, version_id, rank))
            self._flights[key] = flight
            flight.add_done_callback(lambda task: self._landed(key, task))
            self._at_desk += 1
            try:
                # Shielded: whoever else waits for this reply gets it, whatever becomes of the one who asked first.
                return await asyncio.shield(flight)
            finally:
                self._at_desk -= 1
                # Not at once: most units ask their next question in the same breath.
                self._loop.call_soon(self._start_units)
        try:
            reply = await asyncio.shield(flight)
        except KbError as error:
            raise copy(error) from error
        await self._keep(ReplyUse(version_id, key, paid=False))
        self._spent += Spent(cached_calls=1)
        return reply

    def _landed(self, key: str, flight: asyncio.Task[ChatReply]) -> None:
        del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # looked at, so that an error whose caller was cancelled makes no noise

    async def _fetch(self, key: str, request: ChatRequest, purpose: str, version_id: int, rank: Rank) -> ChatReply:
        with self._pausing_on_fault():
            found = await self._replies.find(key)
        if found is not None:
            await self._keep(ReplyUse(version_id, key, paid=False))
            self._spent += Spent(cached_calls=1)
            return found
        reply = await self._call(request, rank)
        cost = None if self._price is None else cost_of(self._price, reply)
        stored = StoredReply(key, self._model.name, purpose, reply, cost)
        await self._keep(ReplyUse(version_id, key, paid=True), stored)
        return reply

    async def _keep(self, use: ReplyUse, stored: StoredReply | None = None) -> None:
        with self._pausing_on_fault():
            await self._replies.keep(use, stored)

    @contextmanager
    def _pausing_on_fault(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            self._pause(error)
            raise

    @contextmanager
    def _away(self) -> Iterator[None]:
        """A call that is at the gate, with the model or resting between tries, and not at the desk."""
        self._at_desk -= 1
        try:
            yield
        finally:
            self._at_desk += 1

    async def _call(self, request: ChatRequest, rank: Rank) -> ChatReply:
        """Call the model until it replies, at most `attempts` times.

        The waits are our own, not a retry library's: they happen behind one gate for all calls, which adds the pause
        that the service asked any of them for, and they follow this run's seeded jitter.
        """
        for tries_left in reversed(range(self._limits.attempts)):
            try:
                return await self._try(request, rank)
            except ModelError as error:
                pause_s = error.retry_after_s or 0.0
                if error.remedy is not Remedy.AGAIN or not tries_left or pause_s > self._limits.longest_wait_s:
                    raise
                ceiling_s = _FIRST_BACKOFF_S * 2 ** (self._limits.attempts - 1 - tries_left)
                # Full jitter, after the pause asked for: calls that failed together must not come back together.
                backoff_s = pause_s + self._jitter.uniform(0.0, ceiling_s)
                await self._rest(min(backoff_s, self._limits.longest_wait_s))
        raise AssertionError("the last try returns or raises")

    async def _rest(self, seconds: float) -> None:
        """Wait; when nothing more is to be asked, raise why at once."""
        with self._away():
            self._start_units()
            try:
                async with asyncio.timeout(seconds):
                    await self._pausing.wait()
            except TimeoutError:
                return
        if self._paused is not None:
            raise copy(self._paused)

    async def _try(self, request: ChatRequest, rank: Rank) -> ChatReply:
        load = self._calibration.load_of(request)
        reply: ChatReply | None = None
        fault: ModelError | None = None
        with self._away():
            permit = await self._gate.enter(load, rank)
            try:
                reply = _storable(await self._model.reply(request, deadline_s=self._limits.deadline_s))
                self._calibration.learn(load, reply)
                self._spent += self._bill(reply)
            except ModelError as error:
                fault = error
                if error.remedy is Remedy.PAUSE:
                    self._pause(error)  # before this call's place is given to the next
                raise
            finally:
                self._gate.leave(permit, reply=reply, fault=fault)
        return reply

    def _bill(self, reply: ChatReply) -> Spent:
        return Spent(
            calls=1,
            input_tokens=reply.input_tokens,
            cached_tokens=reply.cached_tokens,
            output_tokens=reply.output_tokens,
            cost=0.0 if self._price is None else cost_of(self._price, reply),
            unpriced_calls=int(self._price is None),
        )


def _storable(reply: ChatReply) -> ChatReply:
    """Without NUL and halves of surrogate pairs, which models do write as JSON escapes and databases refuse; so a reply
    reads the same whether it comes from the model or from the store."""
    clean = reply.text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return reply if clean == reply.text else replace(reply, text=clean)
