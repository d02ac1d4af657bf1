"""The background worker's shift: one worker a database, at work until nothing has come in for a while."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from kbbuilder.errors import StoreError
from kbbuilder.services.build.processes import process_lives
from kbbuilder.store import documents, worker
from kbbuilder.store.database import Connection, Database
from kbbuilder.store.documents import iso

SIGN_S = 10.0
_SILENCE = timedelta(seconds=90)
"""After so long without a sign of life a worker counts as gone, even if a process of its number lives."""
_LOOK_S = 0.5
_PAUSE_S = 5.0
_PATIENCE = 12
"""So many pauses in a row for a busy or full store, then the worker gives up."""


class Shift:
    """One worker's shift over a database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._pid = os.getpid()
        self._host = socket.gethostname()

    def somebody_works(self) -> bool:
        """Whether a worker is on shift now."""
        with self._database.read() as conn:
            return self._is_taken(conn)

    def serve(self, work: Callable[[], object], idle_s: float) -> bool:
        """Call `work` whenever something is due, until nothing has been due for `idle_s`. False when another worker
        is on shift already.

        Raises:
            StoreError: the store stayed busy or full, or is damaged.
        """
        with self._database.write() as conn:
            if self._is_taken(conn):
                return False
            worker.sign_in(conn, pid=self._pid, host=self._host, at=iso(self._clock()))
        with self._signs_given():
            try:
                while True:
                    self._worked_off(work)
                    self._wait_for_work(idle_s)
                    if self._signed_out():
                        return True
            finally:
                with suppress(StoreError), self._database.write() as conn:
                    worker.sign_out(conn, pid=self._pid, host=self._host)

    def _is_taken(self, conn: Connection) -> bool:
        other = worker.worker_of(conn)
        if other is None or other.heartbeat_at < iso(self._clock() - _SILENCE):
            return False
        if other.host != self._host:
            return True
        return process_lives(other.pid)

    def _worked_off(self, work: Callable[[], object]) -> None:
        for pause in range(_PATIENCE + 1):
            try:
                work()
                return
            except StoreError as error:
                if not error.retryable or pause == _PATIENCE:
                    raise
                time.sleep(_PAUSE_S)

    def _wait_for_work(self, idle_s: float) -> None:
        """Returns when something is due, or nothing has been for `idle_s`; a document that waits for its next attempt
        keeps the worker waiting with it."""
        deadline = time.monotonic() + idle_s
        while True:
            with self._database.read() as conn:
                due = documents.unfinished(conn, collection=None, at=iso(self._clock()))
                waiting = documents.next_retry(conn) is not None
            if due or (not waiting and time.monotonic() >= deadline):
                return
            time.sleep(_LOOK_S)

    def _signed_out(self) -> bool:
        """Leave, unless something has come in: whoever adds a document sees either this worker at it, or none."""
        with self._database.write() as conn:
            if documents.unfinished(conn, collection=None, at=iso(self._clock())):
                return False
            worker.sign_out(conn, pid=self._pid, host=self._host)
            return True

    @contextmanager
    def _signs_given(self) -> Iterator[None]:
        over = threading.Event()

        def give_signs() -> None:
            while not over.wait(SIGN_S):
                with suppress(StoreError), self._database.write() as conn:
                    worker.give_sign(conn, pid=self._pid, host=self._host, at=iso(self._clock()))

        giver = threading.Thread(target=give_signs, name="signs", daemon=True)
        giver.start()
        try:
            yield
        finally:
            over.set()
            giver.join()
