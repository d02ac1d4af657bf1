"""HTTP/1.1 with keep-alive on asyncio, as little of it as a model server needs: one task less a request than a stream.

Measured on one core that client and server share: thousands of requests a second, memory only for what is in flight.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from http import HTTPStatus

Answer = Callable[["Exchange"], None]
"""Called once for each whole request; it must end by `Exchange.send`, `Exchange.finish` or `Exchange.reset`."""

_REASONS = {status.value: status.phrase for status in HTTPStatus} | {529: "Overloaded"}


def head(status: int, length: int, content_type: str, headers: Mapping[str, str]) -> bytes:
    """Status line and headers; `length` is what Content-Length claims."""
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", f"Content-Type: {content_type}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {length}", "", ""]
    return "\r\n".join(lines).encode("latin-1")


class Exchange:
    """One request and the means to answer it, on the server's loop."""

    __slots__ = ("_connection", "body", "headers", "method", "path")

    def __init__(self, connection: Connection, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self._connection = connection
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body

    @property
    def gone(self) -> bool:
        """Whether the client has hung up."""
        return self._connection.transport.is_closing()

    def send(
        self,
        status: int,
        body: bytes,
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A whole answer in one write; the connection stays open."""
        self.write(head(status, len(body), content_type, headers or {}) + body)
        self.finish()

    def write(self, data: bytes) -> None:
        """Some bytes as they are; dropped when the client has hung up."""
        if not self.gone:
            self._connection.transport.write(data)

    async def drained(self) -> None:
        """Wait until the client has taken most of what was written."""
        await self._connection.writable.wait()

    def finish(self, *, close: bool = False) -> None:
        """The answer is complete; go on to the next request, or hang up in good order."""
        if close:
            self._connection.transport.close()
        else:
            self._connection.next_request()

    def reset(self) -> None:
        """Break the connection so that the client sees a reset (RST), not an end."""
        raw = self._connection.transport.get_extra_info("socket")
        if raw is not None and not self.gone:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.transport.abort()


class Connection(asyncio.Protocol):
    """Reads requests one after another from one client."""

    transport: asyncio.Transport

    def __init__(self, answer: Answer, open_connections: set[Connection]) -> None:
        self._answer = answer
        self._open = open_connections
        self._buffer = bytearray()
        self._busy = False
        self.writable = asyncio.Event()
        self.writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._open.discard(self)
        self.writable.set()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._busy:
            self._take_request()

    def next_request(self) -> None:
        """The answer is out; take what the client may have sent meanwhile."""
        self._busy = False
        if self._buffer:
            self._take_request()

    def _take_request(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        total = end + 4 + int(headers.get("content-length", "0"))
        if len(self._buffer) < total:
            return
        body = bytes(self._buffer[end + 4 : total])
        del self._buffer[:total]
        method, path, _ = first.split(" ", 2)
        self._busy = True
        self._answer(Exchange(self, method, path, headers, body))
