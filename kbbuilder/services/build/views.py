"""What the operator sees of documents: state, ledger, and which parts of the text the library covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kbbuilder.reading_notes import ReadingNote
from kbbuilder.schema import ChunkKind, EntryStatus, VersionState
from kbbuilder.services.build.report import (
    CANCELLED,
    PARSED,
    QUEUED,
    SUPERSEDED,
    Conflict,
    ConflictSide,
    FileReport,
)
from kbbuilder.store import documents, ledger, model_calls
from kbbuilder.store.database import Connection
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.entries import get_many
from kbbuilder.store.entry_counts import ALL, read_counts
from kbbuilder.store.ledger import CandidateCounts, QuoteSpan
from kbbuilder.store.links import open_conflicts


@dataclass(frozen=True, slots=True)
class DocumentView:
    """The newest edition of a document.

    `stage`, `done` and `total` tell of the step at work; `running` says that a process has it in hand. `coverage` is
    the share of its body's characters (white space left out) that some entry's quote stands on, 0..1.
    """

    id: int
    version_id: int
    name: str
    number: int
    state: VersionState
    code: str
    reason: str
    hint: str
    stage: str
    done: int
    total: int
    running: bool
    pages: int | None
    size_bytes: int
    warnings: tuple[ReadingNote, ...]
    chunks_by_state: Mapping[str, int]
    candidates: CandidateCounts
    entries: int
    coverage: float
    updated_at: str
    engine: str = "structural"
    approved: int = 0
    tokens: int = 0
    """Input and output tokens that the edition's extraction used."""
    cost: float = 0.0

    @property
    def cost_per_approved(self) -> float | None:
        """What each approved entry of the edition cost; None before there is one."""
        return self.cost / self.approved if self.approved else None


@dataclass(frozen=True, slots=True)
class SectionCoverage:
    """One chunk: characters without white space, how many of them some quote stands on, and how the chunk ended."""

    heading_path: tuple[str, ...]
    page: int | None
    chars: int
    covered: int
    entries: int
    state: str
    reason: str
    chunk_id: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A document's body, section by section in reading order. Furniture (contents, running headers…) is left out."""

    sections: tuple[SectionCoverage, ...]
    chars: int
    covered: int


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """What the report says of the library as a whole."""

    entries: int
    conflicts: tuple[Conflict, ...] = field(default=())


def document_views(conn: Connection, collection: str) -> tuple[DocumentView, ...]:
    """All documents of a collection by name. Cost: grows with its chunks and quotes; nothing is kept between calls."""
    records = documents.newest_versions(conn, collection)
    version_ids = [record.id for record in records]
    counts = ledger.counts(conn, version_ids)
    entries = ledger.entry_counts(conn, version_ids)
    approved = ledger.entry_counts(conn, version_ids, status=EntryStatus.APPROVED)
    usage = model_calls.usage_of(conn, version_ids)
    return tuple(
        DocumentView(
            id=record.document_id,
            version_id=record.id,
            name=record.document,
            number=record.number,
            state=record.state,
            code=record.code,
            reason=record.reason,
            hint=record.hint,
            stage=record.stage,
            done=record.stage_done,
            total=record.stage_total,
            running=record.lease_owner is not None,
            pages=record.pages,
            size_bytes=record.size_bytes,
            warnings=record.warnings,
            chunks_by_state=counts[record.id].chunks,
            candidates=counts[record.id].candidates,
            entries=entries.get(record.id, 0),
            coverage=_share(conn, record) if record.state in documents.IN_LIBRARY else 0.0,
            updated_at=record.updated_at,
            engine=record.engine,
            approved=approved.get(record.id, 0),
            tokens=usage[record.id].tokens if record.id in usage else 0,
            cost=usage[record.id].cost if record.id in usage else 0.0,
        )
        for record in records
    )


def coverage_of(conn: Connection, version_id: int) -> Coverage:
    """Which sections of an edition entries stand on, rejected ones left out."""
    quotes: dict[int, list[QuoteSpan]] = {}
    owners: dict[int, set[str]] = {}
    for span, entry_id in ledger.quote_spans(conn, version_id, without=EntryStatus.REJECTED):
        quotes.setdefault(span.chunk_pk, []).append(span)
        owners.setdefault(span.chunk_pk, set()).add(entry_id)
    sections = [
        SectionCoverage(
            heading_path=stored.chunk.heading_path,
            page=stored.chunk.page_start,
            chars=_ink(stored.chunk.text),
            covered=_covered(stored.chunk.text, quotes.get(stored.pk, ())),
            entries=len(owners.get(stored.pk, ())),
            state=stored.state,
            reason=stored.reason,
            chunk_id=stored.chunk.id,
        )
        for stored in ledger.chunks_of(conn, version_id)
        if stored.chunk.kind is ChunkKind.SECTION
    ]
    return Coverage(tuple(sections), sum(s.chars for s in sections), sum(s.covered for s in sections))


def file_reports(conn: Connection, version_ids: Sequence[int]) -> dict[int, FileReport]:
    """The reports of these editions, from the ledger as it stands."""
    records = documents.versions(conn, version_ids)
    counts = ledger.counts(conn, list(records))
    entries = ledger.entry_counts(conn, list(records))
    usage = model_calls.usage_of(conn, list(records))
    reports = {}
    for version_id, record in records.items():
        outcome, reason = _outcome(record)
        reports[version_id] = FileReport(
            name=record.document,
            outcome=outcome,
            reason=reason,
            hint=record.hint,
            version=record.number,
            version_id=version_id,
            engine=record.engine,
            chunks=counts[version_id].chunks,
            candidates=counts[version_id].candidates,
            entries=entries.get(version_id, 0),
            warnings=record.warnings,
            tokens=usage[version_id].tokens if version_id in usage else 0,
            cost=usage[version_id].cost if version_id in usage else 0.0,
            complete=counts[version_id].balanced,
        )
    return reports


def library_summary(conn: Connection, collections: Iterable[str]) -> LibrarySummary:
    """Entries (of any status) and open conflicts of these collections."""
    entries = 0
    conflicts: list[Conflict] = []
    for collection in collections:
        entries += sum(n for (_, flag), n in read_counts(conn, collection).items() if flag == ALL)
        links = open_conflicts(conn, collection)
        sides = get_many(conn, sorted({end for link in links for end in (link.left_id, link.right_id)}))
        views = {
            entry_id: ConflictSide(
                entry_id, entry.question, entry.answer, tuple(dict.fromkeys(e.document for e in entry.evidence))
            )
            for entry_id, entry in sides.items()
        }
        conflicts += [Conflict(link.id, link.reason, views[link.left_id], views[link.right_id]) for link in links]
    return LibrarySummary(entries, tuple(conflicts))


def _outcome(record: VersionRecord) -> tuple[str, str]:
    match record.state:
        case VersionState.DONE | VersionState.MERGED:
            return PARSED, record.reason
        case VersionState.FAILED:
            return record.code, record.reason
        case VersionState.RETRY if record.not_before == documents.UNTIL_A_PERSON_ACTS:
            return record.code, record.reason
        case VersionState.RETRY:
            return record.code, f"{record.reason}; it will be tried again"
        case VersionState.CANCELLED:
            return CANCELLED, record.reason
        case VersionState.SUPERSEDED:
            return SUPERSEDED, "a newer edition of the document has taken its place"
        case _:
            return QUEUED, ""


def _share(conn: Connection, record: VersionRecord) -> float:
    chars, covered = 0, 0
    quotes: dict[int, list[QuoteSpan]] = {}
    for span, _ in ledger.quote_spans(conn, record.id, without=EntryStatus.REJECTED):
        quotes.setdefault(span.chunk_pk, []).append(span)
    for pk, text in ledger.section_texts(conn, record.id):
        chars += _ink(text)
        covered += _covered(text, quotes.get(pk, ()))
    return covered / chars if chars else 0.0


def _covered(text: str, quotes: Sequence[QuoteSpan]) -> int:
    """Characters of the text, white space left out, that stand in at least one of the quotes (sorted by start)."""
    covered, reached = 0, 0
    for quote in quotes:
        covered += _ink(text[max(reached, quote.start) : quote.end])
        reached = max(reached, quote.end)
    return covered


def _ink(text: str) -> int:
    return sum(map(len, text.split()))
