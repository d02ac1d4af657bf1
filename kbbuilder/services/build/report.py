"""What a build tells: per file how it ended and what it gave, and the whole summed up. Plain frozen values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kbbuilder.reading_notes import ReadingNote
from kbbuilder.schema import ChunkState
from kbbuilder.services.model import Spent
from kbbuilder.store.ledger import CandidateCounts

PARSED = "PARSED"
UNCHANGED = "UNCHANGED"
QUEUED = "QUEUED"
CANCELLED = "CANCELLED"
SUPERSEDED = "SUPERSEDED"
INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build stands. `stage` is parse, chunk, extract, merge or expand; `done` of `total` within the stage."""

    document: str
    stage: str
    done: int
    total: int
    documents_done: int
    documents_total: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """How one file ended.

    `outcome` is PARSED, UNCHANGED (this edition is in the library already), QUEUED, CANCELLED, SUPERSEDED, or the code
    of the error that stopped it. `version` is the edition's number, `version_id` its key (None: no edition was made).
    """

    name: str
    outcome: str
    reason: str = ""
    hint: str = ""
    version: int | None = None
    version_id: int | None = None
    engine: str = ""
    chunks: Mapping[str, int] = field(default_factory=dict)
    candidates: CandidateCounts = field(default_factory=CandidateCounts)
    entries: int = 0
    warnings: tuple[ReadingNote, ...] = ()
    tokens: int = 0
    """Input and output tokens this edition's extraction used, replies that were paid for earlier left out."""
    cost: float = 0.0
    """What they cost, in the currency of the prices; 0 where the price is not known."""
    complete: bool = True
    """The ledger lost no row: as many chunks and candidates have an end as were handed in."""

    def balanced(self) -> bool:
        """Whether the ledger adds up, and nothing is left undecided once the file has come through."""
        if self.outcome not in (PARSED, UNCHANGED):
            return self.complete
        return self.complete and not self.candidates.pending and not self.chunks.get(ChunkState.PENDING, 0)


@dataclass(frozen=True, slots=True)
class ConflictSide:
    """One of two answers that contradict each other."""

    entry_id: str
    question: str
    answer: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two entries that answer the same question differently; nobody has decided yet."""

    link_id: int
    reason: str
    left: ConflictSide
    right: ConflictSide


@dataclass(frozen=True, slots=True)
class Wordings:
    """Similar questions proposed in this run: how many were kept, and why the others were not."""

    kept: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    taken_back: int = 0
    """Kept earlier, in this run or before, by which customers would now be given another, newer entry."""

    def __add__(self, other: Wordings) -> Wordings:
        return Wordings(
            self.kept + other.kept,
            dict(Counter(self.dropped) + Counter(other.dropped)),
            self.taken_back + other.taken_back,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """All file reports summed up."""

    documents: int
    outcomes: Mapping[str, int]
    chunks: Mapping[str, int]
    candidates: CandidateCounts
    tokens: int
    cost: float
    balanced: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Why the model is asked nothing more until a person acts, and what they can do."""

    code: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What one run did. `entries` counts the library's entries afterwards, `duplicates` the candidates merged now."""

    documents: tuple[FileReport, ...]
    totals: Totals
    entries: int
    duplicates: int
    conflicts: tuple[Conflict, ...]
    wordings: Wordings
    seconds: float
    spent: Spent = field(default_factory=Spent)
    """What this run asked of a model."""
    paused: Pause | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What `add_paths` found, in order: QUEUED, UNCHANGED, or why a file was left out."""

    files: tuple[FileReport, ...]


def totals(files: Sequence[FileReport]) -> Totals:
    """The sums over file reports."""
    outcomes: Counter[str] = Counter(file.outcome for file in files)
    chunks: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for file in files:
        chunks.update(file.chunks)
        dropped.update(file.candidates.dropped)
    return Totals(
        documents=len(files),
        outcomes=dict(sorted(outcomes.items())),
        chunks=dict(sorted(chunks.items())),
        candidates=CandidateCounts(
            pending=sum(f.candidates.pending for f in files),
            kept=sum(f.candidates.kept for f in files),
            merged=sum(f.candidates.merged for f in files),
            dropped=dict(sorted(dropped.items())),
            failed=sum(f.candidates.failed for f in files),
        ),
        tokens=sum(f.tokens for f in files),
        cost=sum(f.cost for f in files),
        balanced=all(f.balanced() for f in files),
    )
