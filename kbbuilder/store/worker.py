"""The sign on the door of a database's background worker: at most one is at work."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from kbbuilder.store.tables import WORKER

_NAME = "builder"


@dataclass(frozen=True, slots=True)
class WorkerRecord:
    """The worker's process and its last sign of life (UTC ISO strings)."""

    pid: int
    host: str
    heartbeat_at: str
    started_at: str


def worker_of(conn: Connection) -> WorkerRecord | None:
    """The worker that signed in last and has not signed out."""
    row = conn.execute(select(WORKER).where(WORKER.c.name == _NAME)).first()
    return None if row is None else WorkerRecord(row.pid, row.host, row.heartbeat_at, row.started_at)


def sign_in(conn: Connection, *, pid: int, host: str, at: str) -> None:
    """Become the worker, in place of whoever was. The caller has looked whether that one still lives."""
    values = {"pid": pid, "host": host, "heartbeat_at": at, "started_at": at}
    signing = insert(WORKER).values(name=_NAME, **values)
    conn.execute(signing.on_conflict_do_update(index_elements=["name"], set_=values))


def give_sign(conn: Connection, *, pid: int, host: str, at: str) -> bool:
    """A sign of life. False when another process is the worker by now."""
    changed = conn.execute(
        update(WORKER).where(WORKER.c.name == _NAME, WORKER.c.pid == pid, WORKER.c.host == host).values(heartbeat_at=at)
    )
    return changed.rowcount == 1


def sign_out(conn: Connection, *, pid: int, host: str) -> None:
    """Stop being the worker."""
    conn.execute(delete(WORKER).where(WORKER.c.name == _NAME, WORKER.c.pid == pid, WORKER.c.host == host))
