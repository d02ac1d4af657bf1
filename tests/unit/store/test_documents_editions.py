"""Editions in the database: build order, leases, guarded states."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from kbbuilder.reading_notes import NoteCode, ReadingNote
from kbbuilder.schema import Chunk, ChunkKind, VersionState
from kbbuilder.store import documents, ledger
from kbbuilder.store.database import Database
from kbbuilder.store.documents import VersionRecord

NOW, SOON, LATER = "2026-01-01T00:00:00", "2026-01-01T00:01:00", "2026-01-01T00:02:00"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    database.migrate()
    return database


def _add(database: Database, name: str, sha256: str = "aa", collection: str = "c") -> VersionRecord:
    with database.write() as conn:
        return documents.add_version(
            conn, collection=collection, document=name, sha256=sha256, size_bytes=1, engine="structural", at=NOW
        )


def _claim(database: Database, owner: str = "me", at: str = NOW, limit: int = 9) -> list[str]:
    with database.write() as conn:
        claimed = documents.claim(conn, owner=owner, until=SOON, at=at, limit=limit, collection=None)
    return [record.document for record in claimed]


def _move(database: Database, record: VersionRecord, to: VersionState, owner: str = "me") -> bool:
    with database.write() as conn:
        return documents.advance(conn, record, to=to, owner=owner, at=NOW)


def _set(database: Database, record: VersionRecord, **columns: str) -> None:
    with database.write() as conn:
        for column, value in columns.items():
            update = text(f"UPDATE document_version SET {column} = :value WHERE id = :id")
            conn.execute(update, {"value": value, "id": record.id})


def _get(database: Database, record: VersionRecord) -> VersionRecord:
    with database.read() as conn:
        return documents.version(conn, record.id)


def test_what_the_reader_noticed_comes_back_and_sentences_of_older_libraries_are_read(database: Database) -> None:
    new, old = _add(database, "a"), _add(database, "b")
    _claim(database)
    note = ReadingNote(code=NoteCode.SHEET_ROWS_CUT, values={"sheet": "价格", "rows": 10})
    with database.write() as conn:
        record = documents.version(conn, new.id)
        columns = {"warnings": [note.model_dump(mode="json")]}
        assert documents.advance(conn, record, to=VersionState.CHUNKED, owner="me", at=NOW, columns=columns)
    _set(database, old, warnings='["no text on page 3, only a picture"]')
    assert _get(database, new).warnings == (note,)
    assert [kept.english for kept in _get(database, old).warnings] == ["no text on page 3, only a picture"]


def test_editions_are_numbered_within_their_document_and_ordered_across_all(database: Database) -> None:
    first, other, second = _add(database, "a"), _add(database, "b"), _add(database, "a", "bb")
    assert [(r.number, r.ordinal) for r in (first, other, second)] == [(1, 1), (1, 2), (2, 3)]
    assert second.document_id == first.document_id != other.document_id


def test_a_new_edition_puts_aside_an_unfinished_one_but_not_one_in_the_library(database: Database) -> None:
    waiting, merged = _add(database, "a"), _add(database, "b")
    _set(database, merged, state="done")
    _add(database, "a", "bb")
    _add(database, "b", "bb")
    assert _get(database, waiting).state is VersionState.SUPERSEDED
    assert _get(database, merged).state is VersionState.DONE


def test_documents_of_one_name_in_two_collections_are_two(database: Database) -> None:
    assert _add(database, "a").document_id != _add(database, "a", collection="d").document_id


def test_claims_keep_to_the_build_order_and_to_one_owner(database: Database) -> None:
    for name in ("z", "y", "x"):
        _add(database, name)
    assert _claim(database, "me", limit=2) == ["z", "y"]
    assert _claim(database, "you") == ["x"]
    assert _claim(database, "me") == []


def test_a_lease_that_ran_out_is_taken_over_and_its_owner_can_write_no_more(database: Database) -> None:
    record = _add(database, "a")
    _claim(database, "me")
    assert _claim(database, "you", at=LATER) == ["a"]
    assert not _move(database, record, VersionState.CHUNKED, "me")
    assert _move(database, record, VersionState.CHUNKED, "you")


def test_the_leases_of_the_dead_count_for_nothing(database: Database) -> None:
    _add(database, "a")
    _claim(database, "me")
    with database.write() as conn:
        claimed = documents.claim(conn, owner="you", until=SOON, at=NOW, limit=9, collection=None, dead=["me"])
    assert [record.document for record in claimed] == ["a"]


def test_a_state_is_left_once_only(database: Database) -> None:
    record = _add(database, "a")
    _claim(database)
    assert _move(database, record, VersionState.CHUNKED)
    assert not _move(database, record, VersionState.CHUNKED)
    assert _get(database, record).state is VersionState.CHUNKED


def test_a_waiting_edition_is_due_when_its_time_has_come(database: Database) -> None:
    record = _add(database, "a")
    _set(database, record, state="retry", not_before=SOON)
    assert _claim(database, at=NOW) == []
    with database.read() as conn:
        assert documents.next_retry(conn) == SOON
    assert _claim(database, at=LATER) == ["a"]


def test_an_edition_whose_similar_questions_are_missing_is_taken_up_in_its_turn(database: Database) -> None:
    merged, _ = _add(database, "a"), _add(database, "b")
    _set(database, merged, state="merged")
    assert _claim(database, "me") == ["a", "b"]


def test_an_edition_meets_the_library_after_all_earlier_ones_of_its_collection(database: Database) -> None:
    first, second, elsewhere = _add(database, "a"), _add(database, "b"), _add(database, "x", collection="d")
    for state in ("uploaded", "extracted", "merged"):
        _set(database, first, state=state)
        with database.read() as conn:
            assert [documents.must_wait(conn, r) for r in (first, second, elsewhere)] == [False, True, False]
    for state in ("done", "failed", "retry"):
        _set(database, first, state=state)
        with database.read() as conn:
            assert not documents.must_wait(conn, second)


def test_restart_forgets_the_chunks_and_needs_a_fitting_state(database: Database) -> None:
    record = _add(database, "a")
    chunk = Chunk(id="c1", ordinal=0, kind=ChunkKind.SECTION, text="x", parts=(), language="en")
    with database.write() as conn:
        ledger.write_chunks(conn, record.id, [chunk])
    _set(database, record, state="failed", code="TIMEOUT")
    with database.write() as conn:
        assert documents.restart(conn, record.id, only_from=(VersionState.FAILED,), at=NOW)
        assert ledger.chunks_of(conn, record.id) == ()
        assert not documents.restart(conn, record.id, only_from=(VersionState.FAILED,), at=NOW)
    assert (_get(database, record).state, _get(database, record).code) == (VersionState.UPLOADED, "")


@pytest.mark.parametrize(
    ("state", "cancelled"),
    [("uploaded", True), ("extracted", True), ("retry", True), ("merged", False), ("done", False), ("failed", False)],
)
def test_only_what_is_on_its_way_can_be_cancelled(database: Database, state: str, cancelled: bool) -> None:
    record = _add(database, "a")
    _set(database, record, state=state)
    with database.write() as conn:
        assert documents.cancel(conn, record.id, at=NOW) is cancelled
    assert (_get(database, record).state is VersionState.CANCELLED) is cancelled


def test_an_unknown_edition_is_a_key_error(database: Database) -> None:
    with database.read() as conn, pytest.raises(KeyError):
        documents.version(conn, 99)
