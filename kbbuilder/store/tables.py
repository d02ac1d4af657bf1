"""Every table of the library. The Alembic migrations under `migrations/` are the truth a database is made from;
a test compares them with this module.

Text ids are content hashes (24 hex digits), so the same input makes the same rows. Times are UTC ISO 8601 strings
with microseconds, which sort as text on every database. JSON columns hold lists and objects of plain values.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint
from sqlmodel import Field, SQLModel


def _cascade(target: str, **kwargs: Any) -> Any:
    return Field(sa_column=Column(ForeignKey(target, ondelete="CASCADE"), nullable=False, index=True), **kwargs)


class CollectionRow(SQLModel, table=True):
    """One knowledge base of several. `revision` grows with every change, so a cached index knows that it is old."""

    __tablename__ = "collection"
    name: str = Field(primary_key=True)
    created_at: str
    revision: int = 0


class DocumentRow(SQLModel, table=True):
    """What the operator knows by name. `current_version` is the newest edition that is done."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("collection", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    collection: str = _cascade("collection.name")
    name: str
    created_at: str
    current_version: int | None = None


class DocumentVersionRow(SQLModel, table=True):
    """One edition: bytes under `sha256`, and how far the pipeline has come with it.

    `ordinal` is the place in the library's build order; merging keeps to it, so a resumed build ends as an
    uninterrupted one. `lease_owner`/`lease_until` say which process works on it. `stage_done`/`stage_total` are
    progress within the stage, for people to watch.
    """

    __tablename__ = "document_version"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index("ix_version_state", "state", "ordinal"),
    )
    id: int | None = Field(default=None, primary_key=True)
    document_id: int = _cascade("document.id")
    number: int
    ordinal: int
    sha256: str = Field(index=True)
    size_bytes: int
    media_type: str = ""
    engine: str = "structural"
    state: str
    code: str = ""
    reason: str = ""
    hint: str = ""
    attempts: int = 0
    not_before: str | None = None
    lease_owner: str | None = None
    lease_until: str | None = None
    stage: str = ""
    stage_done: int = 0
    stage_total: int = 0
    language: str = ""
    title: str = ""
    pages: int | None = None
    warnings: list[dict[str, object] | str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Each a `ReadingNote`; libraries of earlier days hold English sentences."""
    created_at: str
    updated_at: str


class ChunkRow(SQLModel, table=True):
    """A chunk and its line in the ledger. `parts` holds each element with its offsets, as in `schema.ChunkPart`."""

    __tablename__ = "chunk"
    __table_args__ = (UniqueConstraint("version_id", "ordinal"),)
    pk: int | None = Field(default=None, primary_key=True)
    id: str = Field(index=True)
    version_id: int = _cascade("document_version.id")
    ordinal: int
    kind: str
    text: str
    heading_path: list[str] = Field(sa_column=Column(JSON, nullable=False))
    page_start: int | None = None
    page_end: int | None = None
    parts: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    language: str
    state: str
    reason: str = ""


class CandidateRow(SQLModel, table=True):
    """The ledger of candidates: what an extractor proposed, and what became of it.

    `outcome`: pending (not merged yet), kept, merged (into `entry_id`), dropped, failed.
    `payload` is the `schema.Grounded` value, so that merging can resume after a crash.
    """

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("version_id", "ordinal"),)
    id: int | None = Field(default=None, primary_key=True)
    version_id: int = _cascade("document_version.id")
    chunk_pk: int = _cascade("chunk.pk")
    ordinal: int
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    outcome: str
    reason: str = ""
    entry_id: str | None = Field(default=None, index=True)


class FaqEntryRow(SQLModel, table=True):
    """An entry. `stable_key` (question + section + document) finds it again in the document's next edition.

    `source_document_id` is the document whose edition made it; None for imported and hand-written entries.
    `question_key` is the question's `wording_key`, for exact duplicates. `order_key` sorts the review queue, smallest
    first: open conflicts, then flagged entries, then the rest, high scores first in each; unique with `id` for paging.
    """

    __tablename__ = "faq_entry"
    __table_args__ = (
        Index("ix_entry_queue", "collection", "status", "order_key", "id"),
        Index("ix_entry_order", "collection", "order_key", "id"),
        Index("ix_entry_question_key", "collection", "question_key"),
        Index("ix_entry_stable_key", "collection", "stable_key"),
    )
    id: str = Field(primary_key=True)
    collection: str = _cascade("collection.name")
    question: str
    question_key: str
    stable_key: str
    answer: str
    status: str
    language: str
    kind: str | None = None
    origin: str
    score: float
    order_key: float
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    flags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    source_document_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("document.id", ondelete="SET NULL"), nullable=True, index=True)
    )
    valid_from: str | None = None
    valid_to: str | None = None
    edited_by_person: bool = False
    version: int = 1
    created_at: str
    updated_at: str


class SimilarQuestionRow(SQLModel, table=True):
    """Another wording of an entry's question, or (negative) one that must not find it."""

    __tablename__ = "similar_question"
    __table_args__ = (UniqueConstraint("entry_id", "text_key", "negative"),)
    id: int | None = Field(default=None, primary_key=True)
    entry_id: str = _cascade("faq_entry.id")
    ordinal: int
    text: str
    text_key: str = Field(index=True)
    style: str
    negative: bool = False


class EvidenceRow(SQLModel, table=True):
    """Where an entry's proof stands."""

    __tablename__ = "evidence"
    id: int | None = Field(default=None, primary_key=True)
    entry_id: str = _cascade("faq_entry.id")
    ordinal: int
    version_id: int = _cascade("document_version.id")
    chunk_pk: int = _cascade("chunk.pk")
    page: int | None = None
    quote: str
    start: int
    end: int


class StatedEvidenceRow(SQLModel, table=True):
    """Evidence that an imported table states and this library cannot prove: it lacks that edition of the document.

    `ordinal` counts together with `evidence`, so an entry's quotes keep their order over both tables.
    """

    __tablename__ = "stated_evidence"
    id: int | None = Field(default=None, primary_key=True)
    entry_id: str = _cascade("faq_entry.id")
    ordinal: int
    document: str
    version: int
    page: int | None = None
    heading_path: list[str] = Field(sa_column=Column(JSON, nullable=False))
    quote: str
    start: int
    end: int


class EntryCountRow(SQLModel, table=True):
    """How many entries a collection has by status and flag (`flag` "" counts all), kept by whoever writes entries."""

    __tablename__ = "entry_count"
    collection: str = Field(sa_column=Column(ForeignKey("collection.name", ondelete="CASCADE"), primary_key=True))
    status: str = Field(primary_key=True)
    flag: str = Field(primary_key=True)
    entries: int


class DuplicateLinkRow(SQLModel, table=True):
    """Two entries that are alike, with the machine's verdict and the person's decision. `left_id` < `right_id`."""

    __tablename__ = "duplicate_link"
    __table_args__ = (UniqueConstraint("left_id", "right_id"),)
    id: int | None = Field(default=None, primary_key=True)
    left_id: str = _cascade("faq_entry.id")
    right_id: str = _cascade("faq_entry.id")
    verdict: str = Field(index=True)
    similarity: float
    reason: str = ""
    decision: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None


class RevisionRow(SQLModel, table=True):
    """Append-only history: who did what to an entry, and its content before and after."""

    __tablename__ = "revision"
    id: int | None = Field(default=None, primary_key=True)
    entry_id: str = Field(index=True)
    collection: str = Field(index=True)
    at: str
    actor: str
    action: str
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    undone: bool = False


class ModelCallRow(SQLModel, table=True):
    """A model's reply under the hash of all that decided it, with its price: nothing is paid for twice.

    `cached_tokens` are part of `input_tokens`; `cost` is None when the model's price was unknown.
    """

    __tablename__ = "model_call"
    key: str = Field(primary_key=True)
    model: str
    purpose: str
    reply: str
    finish: str
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    at: str
    doubts: str = "[]"
    """JSON: [[character of `reply`, probability of the token that begins there], …], where the model hesitated."""


class ModelCallUseRow(SQLModel, table=True):
    """An edition used a reply; `paid`: its own work asked for it, rather than finding it there."""

    __tablename__ = "model_call_use"
    version_id: int = Field(sa_column=Column(ForeignKey("document_version.id", ondelete="CASCADE"), primary_key=True))
    key: str = Field(sa_column=Column(ForeignKey("model_call.key", ondelete="CASCADE"), primary_key=True, index=True))
    paid: bool


class ModelTraitRow(SQLModel, table=True):
    """What was learnt about a model at a service. `service` is a hash of its address, which may hold a password."""

    __tablename__ = "model_trait"
    model: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    reply_mode: str
    at: str


class QueryLogRow(SQLModel, table=True):
    """What was asked, and how it was answered; refused questions feed the queue."""

    __tablename__ = "query_log"
    id: int | None = Field(default=None, primary_key=True)
    collection: str = _cascade("collection.name")
    at: str
    question: str
    route: str
    score: float
    entry_id: str | None = None


class TextVectorRow(SQLModel, table=True):
    """A text's vector (float16 bytes) by embedder and hash of the text: no text is encoded twice."""

    __tablename__ = "text_vector"
    embedder: str = Field(primary_key=True)
    text_hash: str = Field(primary_key=True)
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class WordingRow(SQLModel, table=True):
    """The search index over wordings: each standard and similar question of an entry, as search tokens.

    The full-text table `wording_fts` (FTS5, external content) mirrors `tokens`, kept by triggers.
    """

    __tablename__ = "wording"
    id: int | None = Field(default=None, primary_key=True)
    collection: str = _cascade("collection.name")
    entry_id: str = _cascade("faq_entry.id")
    text: str
    tokens: str
    text_hash: str


class PassageRow(SQLModel, table=True):
    """The search index over documents: paragraphs of chunks, with their search tokens (heading path included).

    `start`/`end` are offsets in the chunk's text. `passage_fts` mirrors `tokens`, kept by triggers.
    """

    __tablename__ = "passage"
    id: int | None = Field(default=None, primary_key=True)
    collection: str = _cascade("collection.name")
    version_id: int = _cascade("document_version.id")
    chunk_pk: int = _cascade("chunk.pk")
    start: int
    end: int
    text: str
    tokens: str
    text_hash: str


class WorkerRow(SQLModel, table=True):
    """The background worker of a database, if one runs: its process and its last sign of life."""

    __tablename__ = "worker"
    name: str = Field(primary_key=True)
    pid: int
    host: str
    heartbeat_at: str
    started_at: str


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


# The same tables for SQLAlchemy Core, which is what the repositories write with (13 times the speed of row objects).
COLLECTION = _table(CollectionRow)
DOCUMENT = _table(DocumentRow)
VERSION = _table(DocumentVersionRow)
CHUNK = _table(ChunkRow)
CANDIDATE = _table(CandidateRow)
ENTRY = _table(FaqEntryRow)
SIMILAR_QUESTION = _table(SimilarQuestionRow)
EVIDENCE = _table(EvidenceRow)
STATED_EVIDENCE = _table(StatedEvidenceRow)
ENTRY_COUNT = _table(EntryCountRow)
LINK = _table(DuplicateLinkRow)
REVISION = _table(RevisionRow)
MODEL_CALL = _table(ModelCallRow)
MODEL_CALL_USE = _table(ModelCallUseRow)
MODEL_TRAIT = _table(ModelTraitRow)
QUERY_LOG = _table(QueryLogRow)
TEXT_VECTOR = _table(TextVectorRow)
WORDING = _table(WordingRow)
PASSAGE = _table(PassageRow)
WORKER = _table(WorkerRow)
