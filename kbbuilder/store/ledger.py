"""The ledger of an edition: every chunk and every candidate, and what became of each.

Functions take the connection of the caller's transaction and commit nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from kbbuilder.schema import (
    Chunk,
    ChunkKind,
    ChunkPart,
    ChunkState,
    EntryStatus,
    Grounded,
    Language,
    Verdict,
    VersionState,
)
from kbbuilder.store.tables import CANDIDATE, CHUNK, ENTRY, EVIDENCE, STATED_EVIDENCE, VERSION

PENDING = "pending"
KEPT = "kept"
MERGED = "merged"
DROPPED = "dropped"
FAILED = "failed"

_LANGUAGE: TypeAdapter[Language] = TypeAdapter(Language)
_PARTS: TypeAdapter[tuple[ChunkPart, ...]] = TypeAdapter(tuple[ChunkPart, ...])


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with its row's key and its line in the ledger."""

    pk: int
    chunk: Chunk
    state: ChunkState
    reason: str


@dataclass(frozen=True, slots=True)
class ChunkVerdict:
    """How a chunk ended, and what its candidates were worth."""

    pk: int
    state: ChunkState
    reason: str
    grounded: tuple[Grounded, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredCandidate:
    """A candidate with its row's key, and the chunk it stands on."""

    id: int
    ordinal: int
    chunk_pk: int
    heading_path: tuple[str, ...]
    pages: tuple[int | None, ...]
    """The page each span of the evidence starts on."""
    grounded: Grounded
    outcome: str
    entry_id: str | None


@dataclass(frozen=True, slots=True)
class CandidateOutcome:
    """What became of a candidate: `kept` as an entry, or `merged` into one."""

    id: int
    outcome: str
    entry_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CandidateCounts:
    """Candidates of an edition by what became of them; `dropped` by reason."""

    pending: int = 0
    kept: int = 0
    merged: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0

    @property
    def total(self) -> int:
        return self.pending + self.kept + self.merged + sum(self.dropped.values()) + self.failed


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """An edition's ledger, summed up.

    `chunks_numbered` and `candidates_numbered` count what was handed in (the highest number given out plus one), apart
    from the rows themselves, so a lost row shows as a difference.
    """

    chunks: Mapping[str, int]
    chunks_numbered: int
    candidates: CandidateCounts
    candidates_numbered: int

    @property
    def balanced(self) -> bool:
        """Whether every chunk and every candidate that went in has come out in some state."""
        return sum(self.chunks.values()) == self.chunks_numbered and self.candidates.total == self.candidates_numbered


@dataclass(frozen=True, slots=True)
class QuoteSpan:
    """Characters of a chunk that some entry's evidence stands on."""

    chunk_pk: int
    start: int
    end: int


def write_chunks(conn: Connection, version_id: int, chunks: Sequence[Chunk]) -> None:
    """Store the chunks of an edition, all pending, in place of whatever an earlier attempt left."""
    conn.execute(delete(CHUNK).where(CHUNK.c.version_id == version_id))
    if chunks:
        conn.execute(
            insert(CHUNK),
            [
                {
                    "id": chunk.id,
                    "version_id": version_id,
                    "ordinal": ordinal,
                    "kind": chunk.kind,
                    "text": chunk.text,
                    "heading_path": list(chunk.heading_path),
                    "page_start": chunk.page_start,
                    "page_end": chunk.page_end,
                    "parts": _PARTS.dump_python(chunk.parts, mode="json", exclude_defaults=True),
                    "language": chunk.language,
                    "state": ChunkState.PENDING,
                    "reason": "",
                }
                for ordinal, chunk in enumerate(chunks)
            ],
        )


def chunks_of(conn: Connection, version_id: int) -> tuple[StoredChunk, ...]:
    """The chunks of an edition in reading order."""
    rows = conn.execute(select(CHUNK).where(CHUNK.c.version_id == version_id).order_by(CHUNK.c.ordinal))
    return tuple(
        StoredChunk(
            pk=row.pk,
            chunk=Chunk(
                id=row.id,
                ordinal=row.ordinal,
                kind=ChunkKind(row.kind),
                text=row.text,
                heading_path=tuple(row.heading_path),
                page_start=row.page_start,
                page_end=row.page_end,
                parts=_PARTS.validate_python(row.parts),
                language=_LANGUAGE.validate_python(row.language),
            ),
            state=ChunkState(row.state),
            reason=row.reason,
        )
        for row in rows
    )


def write_verdicts(conn: Connection, version_id: int, verdicts: Sequence[ChunkVerdict]) -> None:
    """Store how each chunk ended and its candidates, in place of whatever an earlier attempt left.

    Candidates that the proof dropped are written as dropped, under their gravest reason; the others wait for merging.
    """
    conn.execute(delete(CANDIDATE).where(CANDIDATE.c.version_id == version_id))
    if verdicts:
        conn.execute(
            update(CHUNK)
            .where(CHUNK.c.pk == bindparam("chunk"))
            .values(state=bindparam("new_state"), reason=bindparam("new_reason")),
            [{"chunk": v.pk, "new_state": v.state, "new_reason": v.reason} for v in verdicts],
        )
    proposed = [(v.pk, grounded, grounded.verdict is Verdict.DROPPED) for v in verdicts for grounded in v.grounded]
    if proposed:
        conn.execute(
            insert(CANDIDATE),
            [
                {
                    "version_id": version_id,
                    "chunk_pk": pk,
                    "ordinal": ordinal,
                    "payload": grounded.model_dump(mode="json"),
                    "outcome": DROPPED if dropped else PENDING,
                    "reason": grounded.reasons[0] if dropped and grounded.reasons else "",
                    "entry_id": None,
                }
                for ordinal, (pk, grounded, dropped) in enumerate(proposed)
            ],
        )


def candidates_of(
    conn: Connection, version_ids: Sequence[int], outcomes: Sequence[str] = (PENDING,)
) -> tuple[StoredCandidate, ...]:
    """Candidates of these editions with one of these outcomes, in the order they were proposed."""
    rows = conn.execute(
        select(CANDIDATE, CHUNK.c.heading_path, CHUNK.c.page_start, CHUNK.c.parts)
        .join(CHUNK, CHUNK.c.pk == CANDIDATE.c.chunk_pk)
        .where(CANDIDATE.c.version_id.in_(version_ids), CANDIDATE.c.outcome.in_(outcomes))
        .order_by(CANDIDATE.c.version_id, CANDIDATE.c.ordinal)
    )
    return tuple(map(_candidate, rows))


def write_outcomes(conn: Connection, outcomes: Sequence[CandidateOutcome]) -> None:
    """Say what became of candidates."""
    if outcomes:
        conn.execute(
            update(CANDIDATE)
            .where(CANDIDATE.c.id == bindparam("candidate"))
            .values(outcome=bindparam("new_outcome"), entry_id=bindparam("entry"), reason=bindparam("new_reason")),
            [
                {"candidate": o.id, "new_outcome": o.outcome, "entry": o.entry_id, "new_reason": o.reason}
                for o in outcomes
            ],
        )


def counts(conn: Connection, version_ids: Sequence[int]) -> dict[int, LedgerCounts]:
    """The ledgers of these editions. Cost: four grouped queries for each 500 editions."""
    found: dict[int, LedgerCounts] = {}
    for start in range(0, len(version_ids), 500):
        found |= _counts(conn, version_ids[start : start + 500])
    return found


def _counts(conn: Connection, version_ids: Sequence[int]) -> dict[int, LedgerCounts]:
    chunks: dict[int, dict[str, int]] = {}
    numbered: dict[int, list[int]] = {version_id: [0, 0] for version_id in version_ids}
    of_chunks = select(CHUNK.c.version_id, CHUNK.c.state, func.count(), func.max(CHUNK.c.ordinal) + 1)
    for version_id, state, count, top in conn.execute(
        of_chunks.where(CHUNK.c.version_id.in_(version_ids)).group_by(CHUNK.c.version_id, CHUNK.c.state)
    ):
        chunks.setdefault(version_id, {})[state] = count
        numbered[version_id][0] = max(numbered[version_id][0], top)
    candidates: dict[int, dict[str, int]] = {}
    dropped: dict[int, dict[str, int]] = {}
    of_candidates = select(
        CANDIDATE.c.version_id, CANDIDATE.c.outcome, CANDIDATE.c.reason, func.count(), func.max(CANDIDATE.c.ordinal) + 1
    )
    for version_id, outcome, reason, count, top in conn.execute(
        of_candidates.where(CANDIDATE.c.version_id.in_(version_ids)).group_by(
            CANDIDATE.c.version_id, CANDIDATE.c.outcome, CANDIDATE.c.reason
        )
    ):
        numbered[version_id][1] = max(numbered[version_id][1], top)
        if outcome == DROPPED:
            by_reason = dropped.setdefault(version_id, {})
            by_reason[reason or DROPPED] = by_reason.get(reason or DROPPED, 0) + count
        else:
            by_outcome = candidates.setdefault(version_id, {})
            by_outcome[outcome] = by_outcome.get(outcome, 0) + count
    return {
        version_id: LedgerCounts(
            chunks=chunks.get(version_id, {}),
            chunks_numbered=numbered[version_id][0],
            candidates=CandidateCounts(
                pending=candidates.get(version_id, {}).get(PENDING, 0),
                kept=candidates.get(version_id, {}).get(KEPT, 0),
                merged=candidates.get(version_id, {}).get(MERGED, 0),
                dropped=dropped.get(version_id, {}),
                failed=candidates.get(version_id, {}).get(FAILED, 0),
            ),
            candidates_numbered=numbered[version_id][1],
        )
        for version_id in version_ids
    }


def entry_counts(conn: Connection, version_ids: Sequence[int], *, status: EntryStatus | None = None) -> dict[int, int]:
    """How many entries rest on each of these editions, of one status or of any."""
    query = select(EVIDENCE.c.version_id, func.count(EVIDENCE.c.entry_id.distinct()).label("entries")).where(
        EVIDENCE.c.version_id.in_(version_ids)
    )
    if status is not None:
        query = query.join(ENTRY, ENTRY.c.id == EVIDENCE.c.entry_id).where(ENTRY.c.status == status)
    rows = conn.execute(query.group_by(EVIDENCE.c.version_id))
    return {row.version_id: row.entries for row in rows}


def quote_spans(conn: Connection, version_id: int, *, without: EntryStatus) -> tuple[tuple[QuoteSpan, str], ...]:
    """Every quote of the edition with the entry that rests on it, by chunk, start and end. Entries in the status
    `without` do not count."""
    rows = conn.execute(
        select(EVIDENCE.c.chunk_pk, EVIDENCE.c.start, EVIDENCE.c.end, EVIDENCE.c.entry_id)
        .join(ENTRY, ENTRY.c.id == EVIDENCE.c.entry_id)
        .where(EVIDENCE.c.version_id == version_id, ENTRY.c.status != without)
        .order_by(EVIDENCE.c.chunk_pk, EVIDENCE.c.start, EVIDENCE.c.end, EVIDENCE.c.entry_id)
    )
    return tuple((QuoteSpan(row.chunk_pk, row.start, row.end), row.entry_id) for row in rows)


def section_texts(conn: Connection, version_id: int) -> tuple[tuple[int, str], ...]:
    """Key and text of the edition's chunks of body text."""
    rows = conn.execute(
        select(CHUNK.c.pk, CHUNK.c.text).where(CHUNK.c.version_id == version_id, CHUNK.c.kind == ChunkKind.SECTION)
    )
    return tuple((row.pk, row.text) for row in rows)


def earlier_kept(conn: Connection, document_id: int, before_number: int) -> tuple[StoredCandidate, ...]:
    """The candidates behind a document's entries, from its editions before that number: for each entry the newest one
    that was kept as it, newest editions first, in the order they were proposed."""
    rows = conn.execute(
        select(CANDIDATE, CHUNK.c.heading_path, CHUNK.c.page_start, CHUNK.c.parts)
        .join(CHUNK, CHUNK.c.pk == CANDIDATE.c.chunk_pk)
        .join(VERSION, VERSION.c.id == CANDIDATE.c.version_id)
        .join(ENTRY, ENTRY.c.id == CANDIDATE.c.entry_id)
        .where(VERSION.c.document_id == document_id, VERSION.c.number < before_number, CANDIDATE.c.outcome == KEPT)
        .order_by(VERSION.c.number.desc(), CANDIDATE.c.ordinal)
    )
    newest: dict[str, StoredCandidate] = {}
    for row in rows:
        if row.entry_id not in newest:
            newest[row.entry_id] = _candidate(row)
    return tuple(newest.values())


def resting_on(conn: Connection, version_ids: Sequence[int]) -> dict[str, bool]:
    """The entries with a quote on these editions; True for those that have proof elsewhere too: on an edition that is
    in the library, or stated by an imported table."""
    resting = set(conn.scalars(select(EVIDENCE.c.entry_id).where(EVIDENCE.c.version_id.in_(version_ids)).distinct()))
    here = select(EVIDENCE.c.entry_id).where(EVIDENCE.c.version_id.in_(version_ids))
    elsewhere = set(
        conn.scalars(
            select(EVIDENCE.c.entry_id)
            .join(VERSION, VERSION.c.id == EVIDENCE.c.version_id)
            .where(
                EVIDENCE.c.entry_id.in_(here),
                EVIDENCE.c.version_id.not_in(version_ids),
                VERSION.c.state != VersionState.SUPERSEDED,
            )
            .distinct()
        )
    )
    stated = set(
        conn.scalars(select(STATED_EVIDENCE.c.entry_id).where(STATED_EVIDENCE.c.entry_id.in_(here)).distinct())
    )
    return {entry_id: entry_id in elsewhere or entry_id in stated for entry_id in sorted(resting)}


def _candidate(row: Row[tuple[object, ...]]) -> StoredCandidate:
    values = row._mapping
    grounded = Grounded.model_validate(values["payload"])
    return StoredCandidate(
        id=values["id"],
        ordinal=values["ordinal"],
        chunk_pk=values["chunk_pk"],
        heading_path=tuple(values["heading_path"]),
        pages=tuple(
            _page_at(values["parts"], span.start, values["page_start"]) for span in grounded.candidate.evidence
        ),
        grounded=grounded,
        outcome=values["outcome"],
        entry_id=values["entry_id"],
    )


def _page_at(parts: Sequence[Mapping[str, Any]], offset: int, first_page: int | None) -> int | None:
    """The page of the element that stands at this offset of the chunk's text."""
    page = first_page
    for part in parts:
        if part["start"] > offset:
            break
        page = part["element"].get("page") or page
    return page
