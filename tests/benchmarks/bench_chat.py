"""How many calls a second go through the OpenAI adapter, and what one costs.

    python tests/benchmarks/bench_chat.py [--concurrency 128] [--latency 2] [--rounds 8]

The model server runs in a process of its own. Efficiency is the ideal time (rounds × latency) over the time taken;
"package" is the same through the openai package's own objects and transport.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import openai

from kbbuilder.adapters.openai_chat import OpenAIChat
from kbbuilder.ports import ChatRequest

SYSTEM = "You turn a section of a manual into question-answer pairs with quotes. " * 20
TEXT = "先断开电源，再打开后盖。滤芯每九十天更换一次。Close the valve before you open the housing. " * 16


def request(number: int) -> ChatRequest:
    return ChatRequest(SYSTEM, f"```\n{number} {TEXT}\n```", 2400)


async def through_adapter(base_url: str, concurrency: int, calls: int) -> tuple[float, float]:
    model = OpenAIChat("test-model", base_url, "sk-bench")
    try:
        await model.reply(request(-1), deadline_s=60)
        return await timed(lambda n: model.reply(request(n), deadline_s=60), concurrency, calls)
    finally:
        await model.close()


async def through_package(base_url: str, concurrency: int, calls: int) -> tuple[float, float]:
    async with openai.AsyncOpenAI(api_key="sk-bench", base_url=base_url, max_retries=0) as client:

        async def ask(number: int) -> object:
            asked = request(number)
            return await client.chat.completions.create(
                model="test-model",
                messages=[{"role": "system", "content": asked.system}, {"role": "user", "content": asked.user}],
                max_tokens=asked.max_output_tokens,
                temperature=asked.temperature,
            )

        await ask(-1)
        return await timed(ask, concurrency, calls)


async def timed(ask: Callable[[int], Awaitable[object]], concurrency: int, calls: int) -> tuple[float, float]:
    """Seconds of wall clock and of CPU for all calls."""
    numbers = iter(range(calls))

    async def worker() -> None:
        for number in numbers:
            await ask(number)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--concurrency", type=int, default=128)
    parser.add_argument("--latency", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=8)
    args = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server", "--latency", str(args.latency)],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        base_url = server.stdout.readline().strip()
        calls = args.concurrency * args.rounds
        for name, way in (("adapter", through_adapter), ("package", through_package)):
            wall, cpu = asyncio.run(way(base_url, args.concurrency, calls))
            print(
                f"{name:8} {calls} calls, {args.concurrency} at a time, {args.latency:g} s each: {wall:6.2f} s, "
                f"efficiency {args.rounds * args.latency / wall:.3f}, CPU {cpu / calls * 1000:.2f} ms a call"
            )
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
