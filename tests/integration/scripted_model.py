"""A model (a port) whose behaviour a test writes as a function, and which counts what it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kbbuilder.errors import ModelError
from kbbuilder.ports import ChatReply, ChatRequest, Finish

Answer = Callable[[int, ChatRequest], "ChatReply | ModelError | float"]
"""Given the number of the call (from 1) and the request: a reply, a fault, or seconds to think before a plain reply."""


def plain(request: ChatRequest, *, input_tokens: int = 10, output_tokens: int = 5) -> ChatReply:
    return ChatReply(f"re: {request.user}", Finish.STOP, input_tokens, output_tokens)


class ScriptedModel:
    name = "scripted"

    def __init__(self, answer: Answer = lambda _n, request: plain(request), *, latency_s: float = 0.005) -> None:
        self._answer = answer
        self._latency_s = latency_s
        self.asked: list[str] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.cancelled = 0
        self.closed = False
        self.deadlines: set[float] = set()

    async def reply(self, request: ChatRequest, *, deadline_s: float) -> ChatReply:
        self.asked.append(request.user)
        self.deadlines.add(deadline_s)
        answer = self._answer(len(self.asked), request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(answer if isinstance(answer, float) else self._latency_s)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.in_flight -= 1
        if isinstance(answer, ModelError):
            raise answer
        return plain(request) if isinstance(answer, float) else answer

    async def close(self) -> None:
        self.closed = True
