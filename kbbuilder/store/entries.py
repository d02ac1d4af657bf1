"""Entries in the database: putting many in, reading them, finding the same one again. Changes: entry_changes.py.

Every function works inside the caller's transaction and reads no clock: `at` is UTC ISO 8601. Nothing else writes
the tables faq_entry, similar_question, evidence, stated_evidence and entry_count, for the counters and keys depend on
each other. The search index over wordings is the caller's duty: after entries were put in or reworded, call
`store.search.index_entries` in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any, cast

from sqlalchemy import Connection, RowMapping, insert, select

from kbbuilder.errors import EntryNotFound
from kbbuilder.language.text import wording_key
from kbbuilder.schema import EntryStatus, Evidence, FaqEntry, Language, PairKind, SimilarQuestion
from kbbuilder.store.documents import bump_collection
from kbbuilder.store.entry_content import EntryContent, NewEvidence, Proof, distinct_proofs, distinct_wordings
from kbbuilder.store.entry_counts import CountChanges
from kbbuilder.store.tables import (
    CHUNK,
    DOCUMENT,
    ENTRY,
    EVIDENCE,
    REVISION,
    SIMILAR_QUESTION,
    STATED_EVIDENCE,
    VERSION,
)

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be put in. `evidence` may hold quotes an imported table states on documents this library lacks."""

    id: str
    collection: str
    question: str
    answer: str
    language: Language
    status: EntryStatus = EntryStatus.PENDING
    kind: PairKind | None = None
    origin: str = "structural"
    score: float = 0.5
    stable_key: str = ""
    source_document_id: int | None = None
    similar_questions: tuple[SimilarQuestion, ...] = ()
    evidence: tuple[Proof, ...] = ()
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    edited_by_person: bool = False

    @property
    def content(self) -> EntryContent:
        """The entry's content as it will stand: wordings and quotes that say the same twice are in it once."""
        shared = {f.name: getattr(self, f.name) for f in fields(EntryContent) if f.name not in _CONTENT_ONLY}
        return EntryContent(
            similar_questions=distinct_wordings(self.question, self.similar_questions),
            proofs=distinct_proofs(self.evidence),
            **shared,
        )


_CONTENT_ONLY = ("similar_questions", "proofs")


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it stands in the database: the noun, and the content that changes are made from."""

    entry: FaqEntry
    content: EntryContent
    source_document_id: int | None

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def collection(self) -> str:
        return self.entry.collection

    @property
    def version(self) -> int:
        return self.entry.version


def order_key(*, conflict: bool, flags: Iterable[str], score: float) -> float:
    """The place in the review queue, smallest first: open conflicts (0..1), flagged entries (1..2), the rest (2..3);
    within each, high scores first."""
    tier = 0 if conflict else 1 if any(flags) else 2
    return round(tier + 1.0 - min(1.0, max(0.0, score)), 6)


def insert_many(conn: Connection, entries: Sequence[NewEntry], *, at: str, actor: str | None = None) -> None:
    """Put new entries in. Their ids must be new and their collections must exist.

    Args:
        actor: who made them; given, each entry gets a revision "created".

    Cost: four `executemany`, about 100 µs an entry with two wordings.
    """
    if not entries:
        return
    contents = [(entry, entry.content) for entry in entries]
    conn.execute(insert(ENTRY), [_entry_row(entry, content, at) for entry, content in contents])
    wordings = [row for entry, content in contents for row in wording_rows(entry.id, content.similar_questions)]
    if wordings:
        conn.execute(insert(SIMILAR_QUESTION), wordings)
    insert_proofs(conn, [(entry.id, i, proof) for entry, content in contents for i, proof in enumerate(content.proofs)])
    if actor is not None:
        conn.execute(
            insert(REVISION),
            [
                {"entry_id": entry.id, "collection": entry.collection, "at": at, "actor": actor, "action": "created",
                 "after": content.to_json(), "undone": False}
                for entry, content in contents
            ],
        )  # fmt: skip
    counts = CountChanges()
    for entry, content in contents:
        counts.add(entry.collection, content.status, content.flags, 1)
    counts.write(conn)
    for collection in sorted({entry.collection for entry in entries}):
        bump_collection(conn, collection)


def entry_columns(content: EntryContent) -> dict[str, Any]:
    """The columns of faq_entry that come from the content alone (all but the order key and the identity)."""
    return {
        "question": content.question,
        "question_key": wording_key(content.question),
        "stable_key": content.stable_key,
        "answer": content.answer,
        "status": content.status.value,
        "language": content.language,
        "kind": None if content.kind is None else content.kind.value,
        "origin": content.origin,
        "score": content.score,
        "tags": list(content.tags),
        "flags": list(content.flags),
        "valid_from": content.valid_from,
        "valid_to": content.valid_to,
        "edited_by_person": content.edited_by_person,
    }


def _entry_row(entry: NewEntry, content: EntryContent, at: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "collection": entry.collection,
        **entry_columns(content),
        "order_key": order_key(conflict=False, flags=content.flags, score=content.score),
        "source_document_id": entry.source_document_id,
        "version": 1,
        "created_at": at,
        "updated_at": at,
    }


def wording_rows(entry_id: str, wordings: Iterable[SimilarQuestion], *, first: int = 0) -> list[dict[str, Any]]:
    """Rows of similar_question, numbered from `first`."""
    return [
        {"entry_id": entry_id, "ordinal": ordinal, "text": wording.text, "text_key": wording_key(wording.text),
         "style": wording.style, "negative": wording.negative}
        for ordinal, wording in enumerate(wordings, first)
    ]  # fmt: skip


def insert_proofs(conn: Connection, proofs: Iterable[tuple[str, int, Proof]]) -> None:
    """Put quotes in: (entry id, ordinal, proof)."""
    proven, stated = [], []
    for entry_id, ordinal, proof in proofs:
        shared: dict[str, Any] = {"entry_id": entry_id, "ordinal": ordinal, "page": proof.page, "quote": proof.quote,
                                  "start": proof.start, "end": proof.end}  # fmt: skip
        if isinstance(proof, NewEvidence):
            proven.append(shared | {"version_id": proof.version_id, "chunk_pk": proof.chunk_pk})
        else:
            stated.append(
                shared
                | {"document": proof.document, "version": proof.version, "heading_path": list(proof.heading_path)}
            )
    if proven:
        conn.execute(insert(EVIDENCE), proven)
    if stated:
        conn.execute(insert(STATED_EVIDENCE), stated)


# -- reading ------------------------------------------------------------------------------------------------------


def get(conn: Connection, entry_id: str) -> FaqEntry:
    """The entry.

    Raises:
        EntryNotFound: the library has no such entry.
    """
    return get_stored(conn, entry_id).entry


def get_stored(conn: Connection, entry_id: str) -> StoredEntry:
    """The entry with its content.

    Raises:
        EntryNotFound: the library has no such entry.
    """
    found = load_many(conn, [entry_id])
    if not found:
        raise EntryNotFound(f"no entry {entry_id!r} in the library")
    return found[entry_id]


def get_many(conn: Connection, ids: Sequence[str]) -> dict[str, FaqEntry]:
    """Entries by id, in the order asked; ids the library does not know are left out."""
    return {entry_id: stored.entry for entry_id, stored in load_many(conn, ids).items()}


def statuses_of(conn: Connection, ids: Sequence[str]) -> dict[str, EntryStatus]:
    """The entries' states by id; ids the library does not know are left out."""
    found: dict[str, EntryStatus] = {}
    for batch in _batches(ids):
        for entry_id, status in conn.execute(select(ENTRY.c.id, ENTRY.c.status).where(ENTRY.c.id.in_(batch))):
            found[entry_id] = EntryStatus(status)
    return found


def load_many(conn: Connection, ids: Sequence[str]) -> dict[str, StoredEntry]:
    """Entries with their contents by id, in the order asked; unknown ids are left out."""
    found: dict[str, StoredEntry] = {}
    for batch in _batches(ids):
        found |= _load_batch(conn, batch)
    return {entry_id: found[entry_id] for entry_id in dict.fromkeys(ids) if entry_id in found}


def walk(
    conn: Connection, *, collection: str | None = None, statuses: Collection[EntryStatus] | None = None
) -> Iterator[FaqEntry]:
    """All entries sorted by collection, then id, read in pages: memory does not grow with the library.

    The caller must not change entries in this transaction before the last one is out.
    """
    # One sorted cursor, not a query a page: with the collection as the only condition every page would sort anew.
    query = select(ENTRY.c.id).order_by(ENTRY.c.collection, ENTRY.c.id)
    if collection is not None:
        query = query.where(ENTRY.c.collection == collection)
    if statuses is not None:
        query = query.where(ENTRY.c.status.in_([s.value for s in statuses]))
    with conn.execution_options(yield_per=_BATCH).scalars(query) as ids:
        for batch in ids.partitions():
            yield from get_many(conn, batch).values()


def find_by_questions(conn: Connection, collection: str, questions: Iterable[str]) -> dict[str, list[str]]:
    """For each question as given, the ids of the entries whose standard question is the same wording."""
    asked = {question: wording_key(question) for question in questions}
    by_key = _ids_by(conn, collection, "question_key", asked.values())
    return {question: by_key[key] for question, key in asked.items() if key in by_key}


def _ids_by(conn: Connection, collection: str, column: str, keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for batch in _batches(sorted({key for key in keys if key})):
        rows = conn.execute(
            select(ENTRY.c[column], ENTRY.c.id)
            .where(ENTRY.c.collection == collection, ENTRY.c[column].in_(batch))
            .order_by(ENTRY.c.id)
        )
        for key, entry_id in rows:
            found[key].append(entry_id)
    return dict(found)


def _load_batch(conn: Connection, ids: Sequence[str]) -> dict[str, StoredEntry]:
    wordings: dict[str, list[SimilarQuestion]] = defaultdict(list)
    for row in conn.execute(
        select(SIMILAR_QUESTION)
        .where(SIMILAR_QUESTION.c.entry_id.in_(ids))
        .order_by(SIMILAR_QUESTION.c.entry_id, SIMILAR_QUESTION.c.ordinal, SIMILAR_QUESTION.c.id)
    ).mappings():
        wordings[row["entry_id"]].append(
            SimilarQuestion(text=row["text"], style=row["style"], negative=row["negative"])
        )
    proofs = _proofs_of(conn, ids)
    return {
        row["id"]: _stored(row, tuple(wordings[row["id"]]), proofs.get(row["id"], ()))
        for row in conn.execute(select(ENTRY).where(ENTRY.c.id.in_(ids))).mappings()
    }


def _stored(
    row: RowMapping, wordings: tuple[SimilarQuestion, ...], proofs: Sequence[tuple[Proof, Evidence]]
) -> StoredEntry:
    shared: dict[str, Any] = {
        "question": row["question"],
        "answer": row["answer"],
        "language": cast("Language", row["language"]),
        "status": EntryStatus(row["status"]),
        "kind": None if row["kind"] is None else PairKind(row["kind"]),
        "origin": row["origin"],
        "score": row["score"],
        "similar_questions": wordings,
        "tags": tuple(row["tags"]),
        "flags": tuple(row["flags"]),
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
        "edited_by_person": row["edited_by_person"],
    }
    return StoredEntry(
        entry=FaqEntry(
            id=row["id"],
            collection=row["collection"],
            evidence=tuple(evidence for _, evidence in proofs),
            version=row["version"],
            **shared,
        ),
        content=EntryContent(stable_key=row["stable_key"], proofs=tuple(proof for proof, _ in proofs), **shared),
        source_document_id=row["source_document_id"],
    )


def _proofs_of(conn: Connection, ids: Sequence[str]) -> Mapping[str, Sequence[tuple[Proof, Evidence]]]:
    """Each entry's quotes in order, as they are stored and as the noun that names the document."""
    proven = conn.execute(
        select(
            EVIDENCE,
            DOCUMENT.c.name.label("document"),
            VERSION.c.number.label("version"),
            CHUNK.c.id.label("chunk_id"),
            CHUNK.c.heading_path,
        )
        .join(VERSION, VERSION.c.id == EVIDENCE.c.version_id)
        .join(DOCUMENT, DOCUMENT.c.id == VERSION.c.document_id)
        .join(CHUNK, CHUNK.c.pk == EVIDENCE.c.chunk_pk)
        .where(EVIDENCE.c.entry_id.in_(ids))
    ).mappings()
    stated = conn.execute(select(STATED_EVIDENCE).where(STATED_EVIDENCE.c.entry_id.in_(ids))).mappings()
    found: dict[str, list[tuple[int, int, Proof, Evidence]]] = defaultdict(list)
    for row in chain(proven, stated):
        noun = Evidence(
            document=row["document"],
            version=row["version"],
            chunk_id=row.get("chunk_id", ""),
            page=row["page"],
            heading_path=tuple(row["heading_path"]),
            quote=row["quote"],
            start=row["start"],
            end=row["end"],
        )
        proof: Proof = noun
        if "chunk_pk" in row:
            proof = NewEvidence(
                version_id=row["version_id"],
                chunk_pk=row["chunk_pk"],
                page=row["page"],
                quote=row["quote"],
                start=row["start"],
                end=row["end"],
            )
        found[row["entry_id"]].append((row["ordinal"], row["id"], proof, noun))
    return {
        entry_id: [(proof, noun) for _, _, proof, noun in sorted(rows, key=lambda r: r[:2])]
        for entry_id, rows in found.items()
    }


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
