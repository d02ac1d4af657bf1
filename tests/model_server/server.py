"""The model server: answers, delays and fails as told, and keeps a record of every request."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.model_server.answers import Responder, completion, respond
from tests.model_server.faults import Call, Canned, Fault, Plan, Rejection, canned, rejection_of
from tests.model_server.http_wire import Connection, Exchange, head

HUGE_BYTES = 50 * 1024 * 1024
_PIECE = b"x" * 65_536


@dataclass(slots=True)
class Record:
    """One request: which prompt, the how-manieth time, what it met ("" when answered), whether all of it was sent."""

    number: int
    prompt: str
    attempt: int
    met: str
    path: str
    headers: dict[str, str]
    request: dict[str, Any]
    answered: bool = False


class ModelServer:
    """An OpenAI-compatible service on 127.0.0.1, in a thread of its own; a context manager.

    Args:
        latency_s: how long a model thinks, the same for each answer, or by request.
        plan: which request meets which fault; None: all are answered.
        rejects: parts of a request that this service does not know.
        usage: whether replies count their tokens.
        short_wait_s, long_wait_s: what rate limits ask for.
        slow_s: how long SLOW_HEADERS waits, and how far apart the bytes of TRICKLE are.
        log: a file that gets one JSON line when a request arrives ("asked") and one when its answer is out ("answered").
    """

    def __init__(
        self,
        *,
        port: int = 0,
        responder: Responder = respond,
        latency_s: float | Callable[[Mapping[str, object]], float] = 0.0,
        plan: Plan | None = None,
        rejects: frozenset[Rejection] = frozenset(),
        usage: bool = True,
        short_wait_s: float = 0.2,
        long_wait_s: float = 120.0,
        slow_s: float = 5.0,
        log: Path | None = None,
    ) -> None:
        self.port = port
        self.responder = responder
        self.latency_s = latency_s
        self.plan = plan
        self.rejects = rejects
        self.usage = usage
        self.short_wait_s = short_wait_s
        self.long_wait_s = long_wait_s
        self.slow_s = slow_s
        self.records: list[Record] = []
        self.met: Counter[str] = Counter()
        """How often each fault was met."""
        self.in_flight = 0
        self.most_in_flight = 0
        self._attempts: Counter[str] = Counter()
        self._log_path = log
        self._log: IO[str] | None = None
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread | None = None
        self._stopped: asyncio.Event

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def answers(self) -> Counter[str]:
        """How often each prompt was answered in full: more than once is paid twice."""
        return Counter(record.prompt for record in self.records if record.answered and not record.met)

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self.serve(ready.set)), name="model-server", daemon=True
        )
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the model server did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    async def serve(self, ready: Callable[[], None]) -> None:
        """Serve until stopped; `ready` is called when the port is open."""
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._log = self._log_path.open("a", encoding="utf-8") if self._log_path else None
        server = await self._loop.create_server(
            lambda: Connection(self._answer, self._connections), "127.0.0.1", self.port, backlog=1024
        )
        self.port = server.sockets[0].getsockname()[1]
        ready()
        try:
            await self._stopped.wait()
        finally:
            server.close()
            for connection in list(self._connections):
                connection.transport.abort()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._log:
                self._log.close()

    # -- one request ------------------------------------------------------------------------------------

    def _answer(self, exchange: Exchange) -> None:
        path = exchange.path.partition("?")[0]
        if exchange.method == "GET" and path.endswith("/models"):
            exchange.send(200, b'{"object":"list","data":[{"id":"test-model","object":"model"}]}')
        elif exchange.method == "POST" and path.endswith("/chat/completions"):
            self._chat(exchange)
        else:
            exchange.send(404, b'{"detail":"Not Found"}')

    def _chat(self, exchange: Exchange) -> None:
        request = json.loads(exchange.body)
        prompt = hashlib.sha256(json.dumps(request.get("messages"), sort_keys=True).encode()).hexdigest()[:16]
        rejected = rejection_of(self.rejects, request)
        if rejected is not None:
            self._note(Record(len(self.records) + 1, prompt, 0, "rejected", exchange.path, exchange.headers, request))
            self._send_canned(exchange, rejected)
            return
        self._attempts[prompt] += 1
        call = Call(len(self.records) + 1, prompt, self._attempts[prompt])
        fault = self.plan(call) if self.plan else None
        met = "" if fault is None else fault.value if isinstance(fault, Fault) else f"canned_{fault.status}"
        record = Record(call.number, prompt, call.attempt, met, exchange.path, exchange.headers, request)
        self._note(record)
        if isinstance(fault, Fault):
            key = exchange.headers.get("authorization", "").removeprefix("Bearer ")
            plain = canned(fault, short_wait_s=self.short_wait_s, long_wait_s=self.long_wait_s, key=key)
            fault = plain or fault
        if isinstance(fault, Canned):
            self._send_canned(exchange, fault)
            return
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        latency = self.latency_s(request) if callable(self.latency_s) else self.latency_s
        if latency > 0 and fault not in (Fault.RESET_BEFORE, Fault.SLOW_HEADERS):
            self._loop.call_later(latency, self._reply, exchange, record, fault)
        else:
            self._reply(exchange, record, fault)

    @staticmethod
    def _send_canned(exchange: Exchange, answer: Canned) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        exchange.send(answer.status, body, content_type=answer.content_type, headers=answer.headers)

    def _note(self, record: Record) -> None:
        self.records.append(record)
        if record.met:
            self.met[record.met] += 1
        self._write("asked", record)

    def _write(self, event: str, record: Record) -> None:
        if self._log:
            line = {"event": event, "number": record.number, "prompt": record.prompt, "attempt": record.attempt, "met": record.met}  # fmt: skip
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()

    def _reply(self, exchange: Exchange, record: Record, fault: Fault | None) -> None:
        self.in_flight -= 1
        if exchange.gone:
            return
        if fault is None:
            body = self._body(record.request, self.responder(record.request))
            # Noted first: whoever has read the answer finds it in the record.
            record.answered = True
            self._write("answered", record)
            exchange.send(200, body)
            return
        task = self._loop.create_task(self._odd_reply(exchange, record.request, fault))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _body(self, request: Mapping[str, object], content: str | None, **how: Any) -> bytes:
        return json.dumps(completion(request, content, usage=self.usage, **how), ensure_ascii=False).encode()

    async def _odd_reply(self, exchange: Exchange, request: dict[str, Any], fault: Fault) -> None:
        text = self.responder(request)
        body = self._body(request, text)
        opening = head(200, len(body), "application/json", {})
        match fault:
            case Fault.RESET_BEFORE:
                exchange.reset()
            case Fault.RESET_AMID:
                exchange.write(opening + body[: len(body) // 2])
                await asyncio.sleep(0.05)
                exchange.reset()
            case Fault.TRUNCATED_BODY:
                exchange.write(opening + body[: len(body) // 2])
                exchange.finish(close=True)
            case Fault.SLOW_HEADERS:
                await asyncio.sleep(self.slow_s)
                exchange.send(200, body)
            case Fault.TRICKLE:
                exchange.write(opening)
                for byte in body:
                    if exchange.gone:
                        return
                    exchange.write(bytes([byte]))
                    await asyncio.sleep(self.slow_s)
                exchange.finish()
            case Fault.HUGE:
                await self._huge(exchange)
            case Fault.BAD_JSON:
                exchange.send(200, body[: len(body) // 2])
            case Fault.EMPTY_CHOICES | Fault.NULL_CHOICES:
                whole = json.loads(body) | {"choices": [] if fault is Fault.EMPTY_CHOICES else None}
                exchange.send(200, json.dumps(whole).encode())
            case Fault.NULL_CONTENT:
                exchange.send(200, self._body(request, None))
            case Fault.REFUSAL:
                exchange.send(200, self._body(request, None, refusal="I'm sorry, I can't help with that."))
            case Fault.FILTERED_FINISH:
                exchange.send(200, self._body(request, "", finish="content_filter"))
            case Fault.LENGTH:
                exchange.send(200, self._body(request, text[: len(text) * 2 // 3], finish="length"))
            case Fault.WRONG_SCHEMA:
                exchange.send(200, self._body(request, '{"result": "ok", "items": 3}'))
            case _:
                raise AssertionError(f"no way to send {fault}")

    async def _huge(self, exchange: Exchange) -> None:
        """50 MB in chunks, without saying so beforehand."""
        exchange.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        start = b'{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"'
        end = b'"}}]}'
        for piece in (start, *([_PIECE] * (HUGE_BYTES // len(_PIECE))), end, b""):
            if exchange.gone:
                return
            exchange.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await exchange.drained()
        exchange.finish()
