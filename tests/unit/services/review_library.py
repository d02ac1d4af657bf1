"""A library for the tests of review and exchange: a real database, a quick stand-in for the embedder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert

from kbbuilder.services.review import ReviewService
from kbbuilder.store.database import Database
from kbbuilder.store.documents import ensure_collection
from kbbuilder.store.entries import NewEntry, insert_many
from kbbuilder.store.entry_content import NewEvidence
from kbbuilder.store.tables import CHUNK, DOCUMENT, VERSION

AT = "2026-01-02T03:04:05.000000+00:00"
CHUNKS = ("安装前请断开电源。", "保修期为 24 个月。", "Press the button for 5 seconds.")


class HashEmbedder:
    """`ports.Embedder`: a text's vector is its hash; equal texts are equal, others anything."""

    name = "hash"
    dimensions = 8

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        digests = [np.frombuffer(hashlib.sha256(t.encode()).digest()[:8], dtype=np.uint8) for t in texts]
        vectors = np.array(digests, dtype=np.float32).reshape(len(texts), 8) + 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@cache
def _migrated() -> bytes:
    """An empty database, migrated once for all tests of a run."""
    with TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/kb.db")
        db.migrate()
        db.close()
        return (Path(folder) / "kb.db").read_bytes()


def empty_library(folder: Path, name: str = "kb") -> Database:
    path = folder / f"{name}.db"
    path.write_bytes(_migrated())
    return Database(f"sqlite:///{path}")


def library_with_document(folder: Path, name: str = "kb") -> Database:
    """The collection "c" with the document 手册.pdf of three chunks (version 1, chunk keys 1..3)."""
    db = empty_library(folder, name)
    with db.write() as conn:
        ensure_collection(conn, "c", at=AT)
        conn.execute(insert(DOCUMENT).values(collection="c", name="手册.pdf", created_at=AT, current_version=1))
        conn.execute(
            insert(VERSION).values(
                document_id=1, number=1, ordinal=1, sha256="0" * 64, size_bytes=1, media_type="", engine="",
                state="done", code="", reason="", hint="", attempts=0, stage="", stage_done=0, stage_total=0,
                language="zh", title="", warnings=[], created_at=AT, updated_at=AT,
            )
        )  # fmt: skip
        conn.execute(
            insert(CHUNK),
            [
                {"id": f"chunk-{i}", "version_id": 1, "ordinal": i, "kind": "section", "text": text,
                 "heading_path": ["第一章", f"{i}"], "page_start": i + 1, "page_end": i + 1, "parts": [],
                 "language": "zh", "state": "gave_pairs", "reason": ""}
                for i, text in enumerate(CHUNKS)
            ],
        )  # fmt: skip
    return db


def quote(chunk: int, start: int = 0, end: int = 3) -> NewEvidence:
    """A quote on one of the document's chunks, counted from 0."""
    return NewEvidence(1, chunk + 1, chunk + 1, CHUNKS[chunk][start:end], start, end)


def entry(entry_id: str, question: str = "保修多久？", answer: str = "24 个月。", **more: object) -> NewEntry:
    return NewEntry(id=entry_id, collection="c", question=question, answer=answer, language="zh", **more)  # type: ignore[arg-type]


def put(db: Database, *entries: NewEntry) -> None:
    with db.write() as conn:
        insert_many(conn, entries, at=AT)


def review_of(db: Database) -> ReviewService:
    return ReviewService(db, HashEmbedder())
