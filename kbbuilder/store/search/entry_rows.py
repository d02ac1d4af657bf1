"""The wordings of entries as the search index stores them, read for searching in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Connection, bindparam, text

from kbbuilder.ports import Embedder
from kbbuilder.schema import OWN_STYLES, EntryStatus, PairKind

Floats = NDArray[np.float32]

_BATCH = 500
_FETCHED = 5_000
_ROWS = (
    "SELECT w.entry_id, e.question, w.text, w.tokens, e.kind, {proposed}, v.vector "
    "FROM wording w JOIN faq_entry e ON e.id = w.entry_id "
    "LEFT JOIN text_vector v ON v.embedder = :embedder AND v.text_hash = w.text_hash "
    "WHERE {chosen} AND e.status IN :statuses AND (:with_proposed OR NOT {proposed}) ORDER BY w.entry_id, w.id"
)
_PROPOSED = (
    "(e.status = 'pending' AND NOT e.edited_by_person AND EXISTS (SELECT 1 FROM similar_question p "
    "WHERE p.entry_id = w.entry_id AND p.text = w.text AND NOT p.negative AND p.style NOT IN :own_styles))"
)
_NEGATIVE = (
    "SELECT s.entry_id, s.text FROM similar_question s JOIN faq_entry e ON e.id = s.entry_id "
    "WHERE s.negative AND {chosen} AND e.status IN :statuses ORDER BY s.entry_id, s.ordinal, s.id"
)
_STATUSES: BindParameter[str] = bindparam("statuses", expanding=True)
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_OWN: BindParameter[str] = bindparam("own_styles", expanding=True)
_ALL_ROWS = text(_ROWS.format(chosen="w.collection = :collection", proposed=_PROPOSED)).bindparams(_STATUSES, _OWN)
_SOME_ROWS = text(
    _ROWS.format(chosen="w.collection = :collection AND w.entry_id IN :ids", proposed=_PROPOSED)
).bindparams(_STATUSES, _IDS, _OWN)  # fmt: skip
_ALL_NEGATIVE = text(_NEGATIVE.format(chosen="e.collection = :collection")).bindparams(_STATUSES)
_SOME_NEGATIVE = text(
    _NEGATIVE.format(chosen="e.collection = :collection AND s.entry_id IN :ids")
).bindparams(_STATUSES, _IDS)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """One way an entry's question is asked; `tokens` are its search tokens with blanks between them."""

    entry_id: str
    question: str
    text: str
    tokens: str
    definition: bool = False
    """Its entry says what something is, nothing else about it."""
    proposed: bool = False
    """A model or a rule proposed it, and no person has looked at its entry yet."""

    @property
    def words(self) -> list[str]:
        return self.tokens.split(" ") if self.tokens else []


@dataclass(frozen=True, slots=True)
class EntryRows:
    """Wordings, those of one entry together; their vectors, shape (len(wordings), dimensions); and the negative
    questions by entry."""

    wordings: Sequence[Wording]
    vectors: Floats
    negatives: dict[str, tuple[str, ...]]


def rows_of(
    conn: Connection,
    embedder: Embedder,
    collection: str,
    statuses: Collection[EntryStatus],
    entry_ids: Sequence[str] | None = None,
    *,
    with_proposed: bool = True,
) -> EntryRows:
    """The rows of a collection's entries in these states, sorted by entry: of all, or of those named.

    Args:
        with_proposed: also the wordings that a model or a rule proposed for entries that no person has looked at.

    Cost: about 10 µs a wording; a vector that is not stored (another embedder than at indexing) is encoded now.
    """
    wordings: list[Wording] = []
    stored: list[bytes | None] = []
    negatives: dict[str, list[str]] = {}
    shared = {"collection": collection, "statuses": sorted(statuses), "own_styles": OWN_STYLES}
    for ids in _batches(entry_ids):
        values = shared if ids is None else shared | {"ids": ids}
        query, negative = (_ALL_ROWS, _ALL_NEGATIVE) if ids is None else (_SOME_ROWS, _SOME_NEGATIVE)
        # Row by row the driver costs three times as much.
        asked = values | {"embedder": embedder.name, "with_proposed": with_proposed}
        for part in conn.execute(query, asked).partitions(_FETCHED):
            for entry_id, question, wording, tokens, kind, proposed, vector in part:
                wordings.append(
                    Wording(entry_id, question, wording, tokens, kind == PairKind.DEFINITION, bool(proposed))
                )
                stored.append(vector)
        for entry_id, wording in conn.execute(negative, {k: v for k, v in values.items() if k != "own_styles"}):
            negatives.setdefault(entry_id, []).append(wording)
    vectors = _vectors(embedder, wordings, stored)
    return EntryRows(wordings, vectors, {entry_id: tuple(texts) for entry_id, texts in negatives.items()})


def _batches(entry_ids: Sequence[str] | None) -> Iterator[list[str] | None]:
    if entry_ids is None:
        yield None
        return
    ids = sorted(set(entry_ids))
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _vectors(embedder: Embedder, wordings: Sequence[Wording], stored: Sequence[bytes | None]) -> Floats:
    """The wordings' vectors as they are stored; where one is missing it is encoded now."""
    missing = [i for i, vector in enumerate(stored) if vector is None]
    blank = bytes(2 * embedder.dimensions)
    halves = np.frombuffer(b"".join(blank if vector is None else vector for vector in stored), dtype=np.float16)
    vectors = halves.reshape(len(stored), embedder.dimensions).astype(np.float32)
    if missing:
        vectors[missing] = embedder.encode([wordings[i].text for i in missing])
    return vectors
