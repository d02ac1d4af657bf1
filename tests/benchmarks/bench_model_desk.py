"""How much of the ideal throughput the desk reaches, and what a call costs in this project's own code. By hand:

    PYTHONPATH=. python tests/benchmarks/bench_model_desk.py [CALLS_A_PLACE]

The model is a timer in the same process, so that all CPU time is the desk's and the store's. Each unit asks three times
in a row, as a chunk does. The ideal is calls × latency / concurrency. CALLS_A_PLACE, 6 unless told, is how many calls
follow one another in each place in flight. Prints JSON; the start of the desk and the last commit are in the time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from concurrent.futures import Future, wait

from sqlalchemy import insert

from kbbuilder.config import CallLimits, Price
from kbbuilder.ports import ChatReply, ChatRequest, Finish
from kbbuilder.services.model import Asker, ModelDesk
from kbbuilder.store.database import Database
from kbbuilder.store.documents import ensure_collection
from kbbuilder.store.tables import DOCUMENT, VERSION

AT = "2026-01-01T00:00:00.000000+00:00"
SYSTEM = "You turn sections of manuals into questions and answers. " * 40
SECTION = "保修期为自购买之日起 24 个月，滤芯等易耗品除外。Hold the power button for 10 seconds. " * 20
REPLY = '{"pairs": [' + ", ".join(['{"q": "保修期多久？", "a": "24 个月。"}'] * 12) + "]}"
ASKS_A_UNIT = 3
EDITIONS = 10


class Timer:
    """A model (a port) that takes its time and none of the CPU's."""

    name = "timer"

    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s

    async def reply(self, request: ChatRequest, *, deadline_s: float) -> ChatReply:
        await asyncio.sleep(self._latency_s)
        return ChatReply(REPLY, Finish.STOP, 1500, 400, 1000)

    async def close(self) -> None:
        return


def library(folder: str) -> Database:
    database = Database(f"sqlite:///{folder}/kb.db")
    database.migrate()
    with database.write() as conn:
        ensure_collection(conn, "c", at=AT)
        for n in range(1, EDITIONS + 1):
            conn.execute(insert(DOCUMENT).values(id=n, collection="c", name=f"{n}", created_at=AT))
            conn.execute(
                insert(VERSION).values(
                    id=n, document_id=n, number=1, ordinal=n, sha256="0", size_bytes=1, state="chunked", warnings=[],
                    created_at=AT, updated_at=AT,
                )
            )  # fmt: skip
    return database


def run(database: Database, concurrency: int, latency_s: float, calls: int) -> dict[str, float]:
    async def work(asker: Asker, number: int) -> None:
        for ask in range(ASKS_A_UNIT):
            await asker.ask(ChatRequest(SYSTEM, f"{number}.{ask} {SECTION}", 2400), "extract")

    wall, cpu = time.perf_counter(), time.process_time()
    with ModelDesk(database, Timer(latency_s), CallLimits(concurrency=concurrency), price=Price(1.0, 2.0)) as desk:
        futures: list[Future[None]] = [
            desk.submit(lambda asker, n=n: work(asker, n), n % EDITIONS + 1) for n in range(calls // ASKS_A_UNIT)
        ]
        wait(futures)
        spent = desk.spent
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    done = spent.calls + spent.cached_calls
    assert done == len(futures) * ASKS_A_UNIT and all(f.exception() is None for f in futures)
    ideal_s = spent.calls * latency_s / concurrency
    share = {"ideal_s": round(ideal_s, 2), "share_of_ideal": round(ideal_s / wall, 3)} if spent.calls else {}
    return {
        "calls": spent.calls,
        "cached_calls": spent.cached_calls,
        "wall_s": round(wall, 2),
        **share,
        "cpu_ms_a_call": round(1000 * cpu / done, 2),
        "calls_a_second": round(done / wall, 1),
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    figures: dict[str, dict[str, float]] = {}
    for concurrency, latency_s in ((128, 2.0), (64, 5.0), (32, 0.5)):
        calls = concurrency * rounds // ASKS_A_UNIT * ASKS_A_UNIT
        with tempfile.TemporaryDirectory() as folder:
            database = library(folder)
            figures[f"{concurrency} x {latency_s:g} s"] = run(database, concurrency, latency_s, calls)
            figures[f"{concurrency} x {latency_s:g} s, again"] = run(database, concurrency, latency_s, calls)
            database.close()
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
