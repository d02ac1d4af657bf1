"""A small library to ask: approved and other entries, one document, the real embedder."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from kbbuilder.adapters.use_embedder import UseEmbedder
from kbbuilder.config import Settings
from kbbuilder.language.text import detect_language
from kbbuilder.ports import Embedder
from kbbuilder.schema import Element, ElementKind, EntryStatus, ParsedDocument
from kbbuilder.services.ask import AskService
from kbbuilder.stages.chunk import chunk_document
from kbbuilder.store import documents
from kbbuilder.store.database import Database
from kbbuilder.store.entries import NewEntry, insert_many
from kbbuilder.store.ledger import write_chunks
from kbbuilder.store.search import index_entries, index_passages

AT = "2026-01-01T00:00:00.000000+00:00"
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


class _WholeSplitter:
    def split(self, text: str, max_chars: int) -> list[str]:
        return [text]


@cache
def real_embedder() -> Embedder:
    """The encoder's weights, loaded once for all tests of a run."""
    return UseEmbedder()


def new_database(folder: Path, *, busy_timeout_s: float = 5) -> Database:
    database = Database(f"sqlite:///{folder}/a.db", busy_timeout_s=busy_timeout_s)
    database.migrate()
    with database.write() as conn:
        documents.ensure_collection(conn, "c", at=AT)
    return database


def new_service(database: Database) -> AskService:
    settings = Settings()
    return AskService(
        database,
        real_embedder(),
        faq_threshold=settings.faq_threshold,
        passage_threshold=settings.passage_threshold,
        clock=lambda: NOW,
    )


def entry(entry_id: str, question: str, answer: str, **changes: object) -> NewEntry:
    values: dict[str, object] = {"status": EntryStatus.APPROVED, **changes}
    return NewEntry(  # type: ignore[arg-type]
        id=entry_id, collection="c", question=question, answer=answer, language=detect_language(question), **values
    )


def put_entries(database: Database, *entries: NewEntry) -> None:
    with database.write() as conn:
        insert_many(conn, entries, at=AT)
        index_entries(conn, real_embedder(), [e.id for e in entries])


def put_document(database: Database, name: str, heading: str, *paragraphs: str) -> None:
    elements = (
        Element(kind=ElementKind.HEADING, text=heading, level=1),
        *(Element(kind=ElementKind.PARAGRAPH, text=p) for p in paragraphs),
    )
    parsed = ParsedDocument(
        name=name, media_type="text/plain", language=detect_language(paragraphs[0]), title=heading, elements=elements
    )
    with database.write() as conn:
        version = documents.add_version(
            conn, collection="c", document=name, sha256=name, size_bytes=1, engine="structural", at=AT
        )
        write_chunks(conn, version.id, chunk_document(parsed, max_chars=3200, splitter=_WholeSplitter()))
        index_passages(conn, version.id)
        documents.set_current(conn, version)
        documents.bump_collection(conn, "c")
