"""A whole build with the llm engine over HTTP: how near it comes to what the model's latency allows.

    python tests/benchmarks/bench_llm_build.py [--in-flight 128] [--latency 2] [--rounds 20]

A model server in a process of its own answers after the latency. Documents are parsed, cut, asked about, proved, merged
and stored for real; the ideal is calls × latency / calls in flight. Printed: the share of the ideal while the model is
being asked (filling and draining the places costs about one round of all), and that of the whole build, from the first
call to the last commit; the CPU a call: of the desk's thread (openai package, HTTP, reading the reply, proof, cache), and
of the whole process (documents cut and merged, questions encoded, similar questions tried out); and the CPU an entry of
merging and of trying similar questions out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is loaded
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "integration")]

from build_bench import service_of  # noqa: E402
from llm_bench import chat, varied_manual  # noqa: E402

from kbbuilder.adapters.openai_chat import OpenAIChat  # noqa: E402
from kbbuilder.config import CallLimits  # noqa: E402
from kbbuilder.ports import ChatReply, ChatRequest  # noqa: E402
from kbbuilder.services.build.steps import Steps  # noqa: E402
from kbbuilder.services.model import ModelDesk  # noqa: E402
from kbbuilder.store.database import Connection, Database  # noqa: E402

_SECTIONS = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--in-flight", type=int, default=128)
    parser.add_argument("--latency", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=20, help="calls for each place in flight")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _server(args.latency) as address:
        home = Path(folder)
        documents = max(1, args.in_flight * args.rounds // (2 * _SECTIONS))
        for number in range(documents):
            varied_manual(home / "files", number, _SECTIONS)
        calls = CallLimits(concurrency=args.in_flight, deadline_s=60.0)
        library = service_of(home / "home", model=lambda: chat(address), calls=calls)
        registered = library.add_paths([home / "files"], collection="default", engine="auto")
        asked: list[float] = []
        desk_cpu: list[float] = []
        original = ModelDesk._main

        async def timed(desk: ModelDesk, ready: threading.Event) -> None:
            try:
                await original(desk, ready)
            finally:
                desk_cpu.append(time.thread_time())

        ModelDesk._main = timed  # type: ignore[method-assign]
        reply = OpenAIChat.reply

        async def noted(model: OpenAIChat, request: ChatRequest, *, deadline_s: float) -> ChatReply:
            asked.append(time.monotonic())
            try:
                return await reply(model, request, deadline_s=deadline_s)
            finally:
                asked.append(time.monotonic())

        OpenAIChat.reply = noted  # type: ignore[method-assign]
        commits: list[float] = []
        write = Database.write

        @contextmanager
        def committed(database: Database) -> Iterator[Connection]:
            with write(database) as conn:
                yield conn
            commits.append(time.monotonic())

        Database.write = committed  # type: ignore[method-assign]
        steps = {name: _timed(Steps, name) for name in ("merged", "expanded")}
        began, cpu = time.monotonic(), time.process_time()
        report = library.run(registered=registered)
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
        ideal = report.spent.calls * args.latency / args.in_flight
        asking, whole = max(asked) - min(asked), max(commits) - min(asked)
        print(
            json.dumps(
                {
                    "documents": documents,
                    "chunks": sum(report.totals.chunks.values()),
                    "calls": report.spent.calls,
                    "entries": report.entries,
                    "ideal_s": round(ideal, 2),
                    "asking_s": round(asking, 2),
                    "share_of_ideal": round(ideal / asking, 3),
                    "whole_s": round(whole, 2),
                    "whole_share_of_ideal": round(ideal / whole, 3),
                    "with_start_s": round(seconds, 2),
                    "cpu_ms_a_call_desk": round(1000 * sum(desk_cpu) / report.spent.calls, 2),
                    "cpu_ms_a_call_in_all": round(1000 * cpu / report.spent.calls, 2),
                    **{f"cpu_ms_an_entry_{k}": round(1000 * sum(v) / report.entries, 2) for k, v in steps.items()},
                }
            )
        )


def _timed(owner: type, name: str) -> list[float]:
    """The CPU seconds of each call of a method from now on."""
    seconds: list[float] = []
    original = getattr(owner, name)

    def timed(*arguments: object) -> object:
        began = time.thread_time()
        try:
            return original(*arguments)
        finally:
            seconds.append(time.thread_time() - began)

    setattr(owner, name, timed)
    return seconds


class _server:
    """A model server in a process of its own."""

    def __init__(self, latency: float) -> None:
        script = (
            "import asyncio, sys; sys.path[:0] = [{root!r}, {root!r} + '/tests/integration'];"
            "from llm_bench import read_like_a_model; from tests.model_server import ModelServer;"
            "s = ModelServer(responder=read_like_a_model, latency_s={latency});"
            "asyncio.run(s.serve(lambda: print(s.base_url, flush=True)))"
        ).format(root=str(ROOT), latency=latency)
        self._process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=os.environ
        )

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    main()
