"""A migrated database with one document of three chunks, for the tests of entries."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, insert

from kbbuilder.schema import SimilarQuestion
from kbbuilder.store.database import Database
from kbbuilder.store.documents import ensure_collection
from kbbuilder.store.entries import NewEntry, insert_many
from kbbuilder.store.entry_content import NewEvidence
from kbbuilder.store.tables import CHUNK, DOCUMENT, VERSION

AT = "2026-01-02T03:04:05.000000+00:00"
CHUNKS = ("安装前请断开电源。", "保修期为 24 个月。", "Press the button for 5 seconds.")


@cache
def _migrated() -> bytes:
    """An empty database, migrated once for all tests of a run."""
    with TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/kb.db")
        db.migrate()
        db.close()
        return (Path(folder) / "kb.db").read_bytes()


def make_library(folder: Path) -> Database:
    (folder / "kb.db").write_bytes(_migrated())
    db = Database(f"sqlite:///{folder}/kb.db")
    with db.write() as conn:
        ensure_collection(conn, "c", at=AT)
        add_document(conn, "手册.pdf", CHUNKS)
    return db


def add_document(conn: Connection, name: str, texts: tuple[str, ...]) -> tuple[int, list[int]]:
    """The new version's id and its chunks' keys."""
    document = conn.execute(insert(DOCUMENT).values(collection="c", name=name, created_at=AT)).inserted_primary_key[0]
    version = conn.execute(
        insert(VERSION).values(
            document_id=document, number=1, ordinal=document, sha256="0" * 64, size_bytes=1, media_type="", engine="",
            state="done", code="", reason="", hint="", attempts=0, stage="", stage_done=0, stage_total=0, language="zh",
            title="", warnings=[], created_at=AT, updated_at=AT,
        )
    ).inserted_primary_key[0]  # fmt: skip
    keys = []
    for ordinal, text in enumerate(texts):
        chunk = insert(CHUNK).values(
            id=f"{name}-{ordinal}", version_id=version, ordinal=ordinal, kind="section", text=text,
            heading_path=["第一章", f"{ordinal}"], page_start=ordinal + 1, page_end=ordinal + 1, parts=[],
            language="zh", state="gave_pairs", reason="",
        )  # fmt: skip
        keys.append(conn.execute(chunk).inserted_primary_key[0])
    return version, keys


def quote(chunk: int, start: int = 0, end: int = 3) -> NewEvidence:
    """A quote on one of the first document's chunks, counted from 0."""
    return NewEvidence(1, chunk + 1, chunk + 1, CHUNKS[chunk][start:end], start, end)


def entry(entry_id: str, question: str = "保修多久？", answer: str = "24 个月。", **more: object) -> NewEntry:
    return NewEntry(id=entry_id, collection="c", question=question, answer=answer, language="zh", **more)  # type: ignore[arg-type]


def put(db: Database, *entries: NewEntry, actor: str | None = None) -> None:
    with db.write() as conn:
        insert_many(conn, entries, at=AT, actor=actor)


def wording(text: str, *, negative: bool = False, style: str = "colloquial") -> SimilarQuestion:
    return SimilarQuestion(text=text, style=style, negative=negative)
