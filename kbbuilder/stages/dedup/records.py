"""What deduplication takes and gives."""

from __future__ import annotations

from dataclasses import dataclass

from kbbuilder.schema import LinkVerdict, PairKind


@dataclass(frozen=True)
class Known:
    """What deduplication must know of an entry: new (a candidate with a provisional id) or in the library."""

    id: str
    question: str
    wordings: tuple[str, ...]
    """Similar questions; the standard question may be among them or not."""
    answer: str
    kind: PairKind | None
    document: str
    """Name of the source document, or "" for an entry that a person wrote."""


@dataclass(frozen=True)
class Comparison:
    """How two entries relate. DUPLICATE means: merge. `reason` is a stable code."""

    verdict: LinkVerdict
    reason: str
    similarity: float


@dataclass(frozen=True)
class Merged:
    """A new entry that goes into another: its evidence is added there, and `wording`, when it is one more ("" else)."""

    id: str
    into: str
    wording: str
    reason: str


@dataclass(frozen=True)
class Linked:
    """Two entries that stay apart and are shown together. `left` came later."""

    left: str
    right: str
    verdict: LinkVerdict
    similarity: float
    reason: str


@dataclass(frozen=True)
class Deduped:
    """What became of the new entries: `kept` and `merged` together are all of them."""

    kept: tuple[str, ...]
    merged: tuple[Merged, ...]
    links: tuple[Linked, ...]
