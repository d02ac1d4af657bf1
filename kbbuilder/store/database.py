"""The connection to the library's database: transactions, pragmas, migrations, and what their faults mean.

SQLite loses updates when a transaction reads first and asks for the write lock later (measured: 283 of 320), so
writing always starts with BEGIN IMMEDIATE and reading with a plain BEGIN, which gives one snapshot.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from kbbuilder.errors import ConfigError, SchemaMismatch, StoreBusy, StoreError, StoreFull

# `Connection` is handed on: services name it in signatures, and only the store imports SQLAlchemy.
__all__ = ["SCHEMA_HEAD", "Connection", "Database"]

SCHEMA_HEAD = "0003"
"""The newest migration, so that a start on an up-to-date database need not import Alembic. A test compares the two."""

_BUSY_TIMEOUT_S = 60.0


class _Cursor(Protocol):
    def execute(self, sql: str, /) -> object: ...
    def fetchone(self) -> tuple[object, ...] | None: ...
    def close(self) -> None: ...


class _DriverConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...


class Database:
    """One SQLite database file. Safe to use from several threads and processes at once.

    Raises:
        ConfigError: the address is not a SQLite file.
    """

    def __init__(self, url: str, *, busy_timeout_s: float = _BUSY_TIMEOUT_S) -> None:
        self.url = url
        self.path = _file_of(url)
        self._engine = _engine(url, busy_timeout_s)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one snapshot of the library and never waits for writers; nothing is kept.

        Raises:
            StoreError: the database cannot be read.
        """
        with _translated(self.path), self._engine.connect() as connection:
            yield connection.execution_options(kbbuilder_begin="BEGIN")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection that holds the write lock from its first statement on; leaving commits, an exception rolls back.

        Raises:
            StoreBusy: another process held the lock for longer than the busy timeout.
            StoreFull: the disk is full; nothing of this transaction is kept.
            StoreError: any other fault of the database.
        """
        with _translated(self.path), self._engine.connect() as connection:
            connection = connection.execution_options(kbbuilder_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def migrate(self) -> None:
        """Bring the schema up to date, creating the database at need. A database that held anything is copied first,
        to `<name>.before-<old schema>.bak` beside it. Several processes may call this at the same time.

        Raises:
            SchemaMismatch: the database was made by a newer kbbuilder.
            StoreError: the file is no database, cannot be created, or the disk is full.
        """
        if not self.path.parent.is_dir():
            raise ConfigError(f"the folder of the database does not exist: {self.path.parent}")
        with self.read() as connection:
            if _schema_version(connection) == SCHEMA_HEAD:
                return
        with self.write() as connection:
            found = _schema_version(connection)
            if found != SCHEMA_HEAD:
                # Only now, with the write lock held: a second process that waited here finds the work done.
                _upgrade(connection, self.path, found)

    def close(self) -> None:
        """Give the connections back; the object can be used again afterwards."""
        self._engine.dispose()


def _file_of(url: str) -> Path:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ConfigError(f"db is {url!r}; it must be an address such as sqlite:///kbbuilder.db") from error
    if address.get_backend_name() != "sqlite":
        raise ConfigError(f"db is {url!r}; this edition keeps libraries in SQLite only (sqlite:///FILE)")
    if not address.database or address.database == ":memory:" or address.database.startswith("file:"):
        raise ConfigError(f"db is {url!r}; name a file, such as sqlite:///kbbuilder.db")
    return Path(address.database)


def _engine(url: str, busy_timeout_s: float) -> Engine:
    try:
        engine = create_engine(
            url,
            connect_args={"timeout": busy_timeout_s},
            json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        )
    except NoSuchModuleError as error:
        raise ConfigError(f"db is {url!r}: {error}") from error

    @event.listens_for(engine, "connect")
    def _prepare(connection: _DriverConnection, _record: object) -> None:
        # The driver's own transaction handling starts a transaction too late; `_begin` says when.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            _use_wal(cursor, busy_timeout_s)
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA foreign_keys=ON")
        finally:
            cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("kbbuilder_begin", "BEGIN"))

    return engine


def _use_wal(cursor: _Cursor, busy_timeout_s: float) -> None:
    """Switch to the write-ahead log. The switch needs the file for itself and does not wait for it by itself."""
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone() != ("wal",):
                cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _schema_version(connection: Connection) -> str | None:
    """The migration the database stands at; None when it has none (new, or not ours)."""
    known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
    if known is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def _upgrade(connection: Connection, path: Path, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    # The folder's own path works from a checkout and an installed wheel alike; % is the config parser's escape.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    if found is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(found)
        except CommandError as error:
            raise SchemaMismatch(f"{path} has schema {found!r}, which this kbbuilder does not know") from error
    if connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").first() is not None:
        _copy(path, path.with_name(f"{path.name}.before-{found or 'first'}.bak"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(source: Path, target: Path) -> None:
    """A consistent copy of a database in use (what is committed; the write-ahead log included)."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _store_error(path, error.orig or error) from error
    except sqlite3.Error as error:
        raise _store_error(path, error) from error


def _store_error(path: Path, error: BaseException) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) or 0
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(f"{path} is locked by another program")
        case sqlite3.SQLITE_FULL:
            return StoreFull(f"no space left to write {path}")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreError(f"{path} is not a sound database: {error}", hint=_DAMAGED_HINT)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(f"{path} cannot be opened for writing: {error}", hint="Check the file's permissions.")
        case _:
            return StoreError(f"{path}: {error}")


_DAMAGED_HINT = "Restore a copy (the .bak files beside it are older ones), or name another database with --db."
