"""Transactions: no lost update, all or nothing, and faults of the database as errors of ours."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from kbbuilder.errors import StoreBusy, StoreError, StoreFull
from kbbuilder.store.database import Database
from kbbuilder.store.tables import COLLECTION, DOCUMENT, ENTRY, WORDING

NOW = "2026-01-01T00:00:00.000000"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/a.db", busy_timeout_s=5)
    database.migrate()
    with database.write() as connection:
        connection.execute(insert(COLLECTION).values(name="c", created_at=NOW, revision=0))
    return database


def _collections(n: int) -> list[dict[str, object]]:
    return [{"name": f"c{i}" * 99, "created_at": NOW, "revision": 0} for i in range(n)]


def _revision(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(COLLECTION.c.revision)).scalar_one())


def test_writers_that_read_first_lose_no_update(database: Database) -> None:
    def add_ten() -> None:
        for _ in range(10):
            with database.write() as connection:
                seen = connection.execute(select(COLLECTION.c.revision)).scalar_one()
                connection.execute(update(COLLECTION).values(revision=seen + 1))

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(add_ten) for _ in range(8)]:
            future.result()
    assert _revision(database) == 80


def test_an_exception_inside_write_keeps_nothing(database: Database) -> None:
    def write_and_fail() -> None:
        with database.write() as connection:
            connection.execute(update(COLLECTION).values(revision=5))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert _revision(database) == 0


def test_a_reader_keeps_its_snapshot_while_another_writes(database: Database) -> None:
    with database.read() as reader:
        assert reader.execute(select(COLLECTION.c.revision)).scalar_one() == 0
        with database.write() as writer:
            writer.execute(update(COLLECTION).values(revision=7))
        assert reader.execute(select(COLLECTION.c.revision)).scalar_one() == 0
    assert _revision(database) == 7


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"), database.write() as connection:
        connection.execute(insert(DOCUMENT).values(collection="other", name="a.md", created_at=NOW))


def test_a_lock_held_too_long_is_store_busy(database: Database) -> None:
    impatient = Database(database.url, busy_timeout_s=0.05)
    with database.write() as connection:
        connection.execute(update(COLLECTION).values(revision=1))
        with pytest.raises(StoreBusy), impatient.write() as second:
            second.execute(update(COLLECTION).values(revision=2))
    assert _revision(database) == 1


def test_a_full_disk_is_store_full_and_keeps_nothing(database: Database) -> None:
    def write_too_much() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.execute(insert(COLLECTION), _collections(9999))

    with pytest.raises(StoreFull):
        write_too_much()
    database.close()
    with database.read() as connection:
        assert connection.execute(select(COLLECTION.c.name)).scalars().all() == ["c"]


def test_a_damaged_database_is_named(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(COLLECTION), _collections(99))
    database.close()
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = database.path.read_bytes()
    database.path.write_bytes(content[:4096] + b"\xaa" * (len(content) - 4096))
    with pytest.raises(StoreError, match="not a sound database"), database.read() as connection:
        connection.execute(select(COLLECTION.c.name)).all()


def test_chinese_json_is_stored_unescaped(database: Database) -> None:
    _add_entry(database, "e1", ["重置 密码"])
    with database.read() as connection:
        raw = connection.exec_driver_sql("SELECT tags FROM faq_entry").scalar_one()
    assert raw == '["标签"]'


def test_the_full_text_table_follows_its_wordings(database: Database) -> None:
    _add_entry(database, "e1", ["重 重置 wi-fi wi fi", "don't v1.2"])
    assert _found(database, '"wi-fi"') == ["重 重置 wi-fi wi fi"]
    assert _found(database, '"重置"') == ["重 重置 wi-fi wi fi"]
    assert _found(database, '"don\'t"') == ["don't v1.2"]
    assert _found(database, '"置"') == []
    with database.write() as connection:
        connection.execute(update(WORDING).where(WORDING.c.tokens.like("don%")).values(tokens="密码"))
    assert _found(database, '"v1.2"') == []
    assert _found(database, '"密码"') == ["密码"]
    with database.write() as connection:
        connection.execute(ENTRY.delete())
    assert _found(database, '"wi-fi"') == [] and _found(database, '"密码"') == []
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO wording_fts(wording_fts, rank) VALUES ('integrity-check', 1)")


def _add_entry(database: Database, entry_id: str, tokens: list[str]) -> None:
    with database.write() as connection:
        connection.execute(
            insert(ENTRY).values(
                id=entry_id, collection="c", question="q", question_key="q", stable_key="q", answer="a",
                status="pending", language="zh", origin="structural", score=0.5, order_key=0.5, tags=["标签"], flags=[],
                edited_by_person=False, version=1, created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
        connection.execute(
            insert(WORDING),
            [{"collection": "c", "entry_id": entry_id, "text": t, "tokens": t, "text_hash": t} for t in tokens],
        )


def _found(database: Database, match: str) -> list[str]:
    statement = "SELECT w.tokens FROM wording_fts f JOIN wording w ON w.id = f.rowid WHERE wording_fts MATCH ?"
    with database.read() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql(statement, (match,))]
