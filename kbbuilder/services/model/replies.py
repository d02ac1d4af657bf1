"""The stored replies, read and written for many tasks at once without holding up their event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Generic, TypeVar

from kbbuilder.errors import StoreBusy
from kbbuilder.ports import ChatReply
from kbbuilder.store.database import Database
from kbbuilder.store.documents import iso
from kbbuilder.store.model_calls import ReplyUse, StoredReply, find_replies, store_replies

_GATHER_S = 0.02
_BUSY_TRIES = 4
"""Each waits as long as the database's own busy timeout, a minute."""

I = TypeVar("I")  # noqa: E741
O = TypeVar("O")  # noqa: E741


class Batches(Generic[I, O]):
    """Does work for many tasks in batches, one after the other, in a worker thread.

    Args:
        work: takes the items of a batch, and returns a result for each, in order.
        gather_s: how long to wait for company before a batch starts.
    """

    def __init__(
        self, executor: ThreadPoolExecutor, work: Callable[[Sequence[I]], Sequence[O]], *, gather_s: float = 0.0
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._executor = executor
        self._work = work
        self._gather_s = gather_s
        self._pending: list[tuple[I, asyncio.Future[O]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def do(self, item: I) -> O:
        """The result for this item. A caller that is cancelled leaves its item to be done all the same."""
        done: asyncio.Future[O] = self._loop.create_future()
        self._pending.append((item, done))
        if self._runner is None:
            self._runner = self._loop.create_task(self._run())
        return await done

    async def drain(self, timeout_s: float) -> None:
        """Wait until all is done, at most so long."""
        if self._runner is not None:
            await asyncio.wait({self._runner}, timeout=timeout_s)

    async def _run(self) -> None:
        while self._pending:
            if self._gather_s:
                await asyncio.sleep(self._gather_s)
            batch, self._pending = self._pending, []
            error, results = await self._try([item for item, _ in batch])
            for index, (_, done) in enumerate(batch):
                if done.done():
                    continue
                if error is not None:
                    done.set_exception(error)
                else:
                    done.set_result(results[index])
        self._runner = None

    async def _try(self, items: list[I]) -> tuple[BaseException | None, Sequence[O]]:
        for tries_left in reversed(range(_BUSY_TRIES)):
            work = self._loop.run_in_executor(self._executor, self._work, items)
            # Waiting, not awaiting: whatever went wrong is the callers' to hear, and none may wait for ever.
            await asyncio.wait({work})
            error = work.exception()
            if error is None:
                return None, work.result()
            if not (isinstance(error, StoreBusy) and tries_left):
                return error, ()
        raise AssertionError("the last try returns")


class Replies:
    """Finds and keeps replies. Lives on one event loop; reading and writing have a thread each, so that finding never
    waits for a write lock.

    Args:
        clock: the time that is written beside a reply.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._readers = ThreadPoolExecutor(1, "kb-replies-read")
        self._writers = ThreadPoolExecutor(1, "kb-replies-write")
        self._finding = Batches(self._readers, self._find)
        self._keeping = Batches(self._writers, self._keep, gather_s=_GATHER_S)

    async def find(self, key: str) -> ChatReply | None:
        """The stored reply.

        Raises:
            StoreError: the database cannot be read.
        """
        return await self._finding.do(key)

    async def keep(self, use: ReplyUse, stored: StoredReply | None = None) -> None:
        """Store that a reply was used and, when it is new, the reply. Both are committed when this returns; a caller
        that is cancelled leaves them to be committed all the same.

        Raises:
            StoreError: nothing was written.
        """
        await self._keeping.do((use, stored))

    async def close(self, timeout_s: float) -> None:
        """Write what there still is to write, waiting at most so long."""
        await self._keeping.drain(timeout_s)
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._writers.shutdown(wait=False)

    def _find(self, keys: Sequence[str]) -> list[ChatReply | None]:
        with self._database.read() as conn:
            found = find_replies(conn, keys)
        return [found.get(key) for key in keys]

    def _keep(self, items: Sequence[tuple[ReplyUse, StoredReply | None]]) -> list[None]:
        with self._database.write() as conn:
            store_replies(
                conn,
                [stored for _, stored in items if stored is not None],
                [use for use, _ in items],
                iso(self._clock()),
            )
        return [None] * len(items)
