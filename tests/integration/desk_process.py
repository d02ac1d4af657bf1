"""A process that asks a slow model for many replies over one desk; the kill test ends it half-way.

    python desk_process.py DATABASE JOURNAL CALLS CONCURRENCY LATENCY_S

Each call to the model appends its user text to JOURNAL, a line, before it is answered.
"""

from __future__ import annotations

import asyncio
import os
import sys

from kbbuilder.config import CallLimits, Price
from kbbuilder.ports import ChatReply, ChatRequest, Finish
from kbbuilder.services.model import Asker, ModelDesk
from kbbuilder.store.database import Database


class JournalModel:
    """A model (a port) that notes what it is asked before it thinks."""

    name = "journal"

    def __init__(self, journal: str, latency_s: float) -> None:
        self._journal = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._latency_s = latency_s

    async def reply(self, request: ChatRequest, *, deadline_s: float) -> ChatReply:
        os.write(self._journal, f"{request.user}\n".encode())
        await asyncio.sleep(self._latency_s)
        return ChatReply(f"答：{request.user}", Finish.STOP, 10, 5)

    async def close(self) -> None:
        os.close(self._journal)


def main() -> None:
    path, journal, calls, concurrency, latency_s = sys.argv[1:]
    limits = CallLimits(concurrency=int(concurrency))

    async def work(asker: Asker, number: int) -> str:
        return (await asker.ask(ChatRequest("s", f"{number}", 100), "extract")).text

    with ModelDesk(
        Database(f"sqlite:///{path}"), JournalModel(journal, float(latency_s)), limits, price=Price(1.0, 2.0)
    ) as desk:
        print("ready", flush=True)
        futures = [desk.submit(lambda asker, n=n: work(asker, n), 1) for n in range(int(calls))]
        assert [f.result() for f in futures] == [f"答：{n}" for n in range(int(calls))]


if __name__ == "__main__":
    main()
