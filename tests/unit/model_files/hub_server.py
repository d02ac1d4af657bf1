"""A hub on this machine: one file, Range requests, and the faults that a test asks for."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, path: str, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.path = path
        self.content = content
        self.starts: list[int] = []
        """First byte of each reply, in order."""
        self.cut_after: list[int] = []
        """For each coming reply: the bytes after which the connection is cut; none left: whole replies."""
        self.hold_after: int | None = None
        """Bytes after which a reply stands still."""
        self.ranges = True
        self.release = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        if self.path != self.server.path:
            self.send_error(404)
            return
        content = self.server.content
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked.group(1)) if asked and self.server.ranges else 0
        self.server.starts.append(start)
        self.send_response(206 if asked and self.server.ranges else 200)
        if asked and self.server.ranges:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:]
        if self.server.cut_after:
            self.wfile.write(body[: self.server.cut_after.pop(0)])
            self.close_connection = True
            return
        if self.server.hold_after is not None:
            self.wfile.write(body[: self.server.hold_after])
            self.wfile.flush()
            self.server.release.wait(30)
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(path: str, content: bytes) -> Iterator[Hub]:
    with Hub(path, content) as hub:
        thread = threading.Thread(target=hub.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield hub
        finally:
            hub.release.set()
            hub.shutdown()
            thread.join()
