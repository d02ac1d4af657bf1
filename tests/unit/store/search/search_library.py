"""A library on a temporary file, and ways to put entries and documents in without the build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kbbuilder.adapters.use_embedder import UseEmbedder
from kbbuilder.language.text import detect_language
from kbbuilder.ports import Embedder
from kbbuilder.schema import Element, EntryStatus, PairKind, ParsedDocument, SimilarQuestion
from kbbuilder.stages.chunk import chunk_document
from kbbuilder.store import documents
from kbbuilder.store.database import Database
from kbbuilder.store.entries import NewEntry, insert_many
from kbbuilder.store.ledger import write_chunks
from kbbuilder.store.search import index_entries, index_passages

AT = "2026-01-01T00:00:00.000000+00:00"

AddEntry = Callable[..., str]
AddDocument = Callable[..., int]


class WholeSplitter:
    """Cuts nothing: the tests' paragraphs fit a chunk."""

    def split(self, text: str, max_chars: int) -> list[str]:
        return [text]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return UseEmbedder()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/a.db", busy_timeout_s=5)
    database.migrate()
    with database.write() as conn:
        documents.ensure_collection(conn, "c", at=AT)
    return database


@pytest.fixture
def add_entry(database: Database, embedder: Embedder) -> AddEntry:
    def add(
        entry_id: str,
        question: str,
        *similar: str,
        answer: str = "An answer.",
        status: EntryStatus = EntryStatus.APPROVED,
        negative: Sequence[str] = (),
        kind: PairKind | None = None,
    ) -> str:
        others = [SimilarQuestion(text=s) for s in similar] + [SimilarQuestion(text=n, negative=True) for n in negative]
        entry = NewEntry(
            id=entry_id,
            collection="c",
            question=question,
            answer=answer,
            language=detect_language(question),
            status=status,
            similar_questions=tuple(others),
            kind=kind,
        )
        with database.write() as conn:
            insert_many(conn, [entry], at=AT)
            index_entries(conn, embedder, [entry_id])
        return entry_id

    return add


@pytest.fixture
def add_document(database: Database) -> AddDocument:
    def add(name: str, *elements: Element, current: bool = True) -> int:
        text = " ".join(e.text for e in elements)
        parsed = ParsedDocument(
            name=name, media_type="text/plain", language=detect_language(text), title=name, elements=elements
        )
        chunks = chunk_document(parsed, max_chars=3200, splitter=WholeSplitter())
        with database.write() as conn:
            version = documents.add_version(
                conn, collection="c", document=name, sha256=name, size_bytes=1, engine="structural", at=AT
            )
            write_chunks(conn, version.id, chunks)
            index_passages(conn, version.id)
            if current:
                documents.set_current(conn, version)
            documents.bump_collection(conn, "c")
        return version.id

    return add
