"""Merging compares before it takes the write lock; what changes in between is not overlooked."""

from __future__ import annotations

from pathlib import Path

from build_bench import EMBEDDER, database_of, entries_in, service_of
from sqlalchemy import text

from kbbuilder.services.build.library import Library
from kbbuilder.services.build.merging import merge_version, plan_merge
from kbbuilder.store import documents
from kbbuilder.store.database import Database
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.entries import NewEntry, insert_many
from kbbuilder.store.search import index_entries

QUESTION, ANSWER = "How long is the warranty of the X200?", "The warranty of the X200 lasts 24 months."
LIBRARY = Library(EMBEDDER, "default")
NOW = "2026-01-01T00:00:00"


def _extracted(home: Path) -> tuple[Database, VersionRecord]:
    """A library with one edition that waits to be merged, and no entries."""
    service = service_of(home)
    content = f"# X200\n\n## {QUESTION}\n\n{ANSWER}\n"
    service.add_upload("faq.md", content.encode(), collection="default", engine="auto")
    service.run()
    database = database_of(home)
    with database.write() as conn:
        conn.execute(text("DELETE FROM faq_entry"))
        conn.execute(text("DELETE FROM entry_count"))
        conn.execute(text("UPDATE candidate SET outcome = 'pending', entry_id = NULL"))
        conn.execute(text("UPDATE document_version SET state = 'extracted'"))
        return database, documents.version(conn, 1)


def test_a_plan_is_used_while_the_collection_stays_as_it_was(tmp_path: Path) -> None:
    database, record = _extracted(tmp_path / "home")
    with database.read() as conn:
        plan = plan_merge(LIBRARY.view(conn), EMBEDDER, record)
    assert plan is not None and len(plan.deduped.kept) == 1
    with database.write() as conn:
        assert merge_version(LIBRARY.view(conn), EMBEDDER, record, plan=plan, at=NOW) == 0
    assert [entry.question for entry in entries_in(tmp_path / "home")] == [QUESTION]


def test_an_entry_that_came_in_after_the_plan_is_still_recognised_as_the_same(tmp_path: Path) -> None:
    database, record = _extracted(tmp_path / "home")
    with database.read() as conn:
        plan = plan_merge(LIBRARY.view(conn), EMBEDDER, record)
    imported = NewEntry(id="imported", collection="default", question=QUESTION, answer=ANSWER, language="en")
    with database.write() as conn:
        insert_many(conn, [imported], at=NOW)
        index_entries(conn, EMBEDDER, [imported.id])
    with database.write() as conn:
        assert merge_version(LIBRARY.view(conn), EMBEDDER, record, plan=plan, at=NOW) == 1
    (entry,) = entries_in(tmp_path / "home")
    assert entry.id == "imported" and [evidence.document for evidence in entry.evidence] == ["faq.md"]
