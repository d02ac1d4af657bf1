"""The wordings of entries in memory, as values that grow: what a search compares a query with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from kbbuilder.language.text import wording_key
from kbbuilder.language.tokens import search_tokens
from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus
from kbbuilder.store.search.entry_rows import EntryRows, Wording, rows_of
from kbbuilder.store.search.growing import Growing, ranges
from kbbuilder.store.search.overlap import WordOverlap

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SEARCHABLE = (EntryStatus.APPROVED, EntryStatus.PENDING)


class EntryTable:
    """The wordings of one collection at one moment. Immutable, safe to share between threads. What `with_entries` makes
    shares what stays the same with the one that it was made from.

    An entry has a place; one that went keeps it until half of all rows are of such entries.

    Cost: 2.3 kB a wording in memory.
    """

    def __init__(self, embedder: Embedder, rows: EntryRows) -> None:
        self._embedder = embedder
        self._wordings = list(rows.wordings)
        self._keys: list[str | None] = [None] * len(self._wordings)
        self._vectors = Growing(rows.vectors)
        self._negatives = rows.negatives
        self._starts, self._ends = _groups(rows.wordings, 0)
        self._living = np.ones(len(self._starts), dtype=bool)
        self._norms = _centre_norms(rows.vectors, self._starts)
        self._own = Growing(_own_cosines(rows))
        self._places = {rows.wordings[start].entry_id: i for i, start in enumerate(self._starts.tolist())}
        self._size = len(self._wordings)

    @classmethod
    def empty(cls, embedder: Embedder) -> Self:
        """An index of nothing, to grow by `with_wordings`."""
        return cls(embedder, EntryRows((), np.empty((0, embedder.dimensions), dtype=np.float32), {}))

    @classmethod
    def load(
        cls,
        conn: Connection,
        embedder: Embedder,
        collection: str,
        statuses: Collection[EntryStatus] = SEARCHABLE,
    ) -> Self:
        """A snapshot of the entries in these states, approved and pending ones by default.

        Cost: about 10 µs a wording; a vector that is not stored (another embedder than at indexing) is encoded now.
        """
        return cls(embedder, rows_of(conn, embedder, collection, statuses))

    def with_entries(self, entry_ids: Collection[str], rows: EntryRows) -> Self:
        """This snapshot with what `rows` says of these entries in place of what it says; an entry without rows goes.

        Cost: grows with the rows, and 0.1 µs for each entry there is; now and then everything is copied.
        """
        going = np.asarray(sorted(self._places[i] for i in entry_ids if i in self._places), dtype=np.int64)
        gone = ranges(self._starts[going], self._ends[going])
        first = len(self._vectors.values)
        grown = object.__new__(type(self))
        grown._embedder = self._embedder
        lists_are_ours = len(self._wordings) == first
        grown._wordings = self._wordings if lists_are_ours else self._wordings[:first]
        grown._keys = self._keys if lists_are_ours else self._keys[:first]
        grown._wordings += rows.wordings
        grown._keys += [None] * len(rows.wordings)
        grown._vectors = self._vectors.with_more(rows.vectors)
        starts, ends = _groups(rows.wordings, first)
        grown._starts = np.concatenate((self._starts, starts))
        grown._ends = np.concatenate((self._ends, ends))
        grown._living = np.concatenate((self._living, np.ones(len(starts), dtype=bool)))
        grown._living[going] = False
        grown._norms = np.concatenate((self._norms, _centre_norms(rows.vectors, starts - first)))
        grown._own = self._own.with_more(_own_cosines(rows))
        replaced = set(entry_ids)
        grown._places = {i: place for i, place in self._places.items() if i not in replaced}
        grown._places |= {
            grown._wordings[start].entry_id: place for place, start in enumerate(starts.tolist(), len(self._starts))
        }
        grown._negatives = {i: texts for i, texts in self._negatives.items() if i not in replaced} | rows.negatives
        grown._size = self._size - len(gone) + len(rows.wordings)
        if "_by_key" in self.__dict__:
            grown.__dict__["_by_key"] = self._by_key
            grown._note_keys(grown._by_key, len(self._starts))
        if "_overlap" in self.__dict__:
            grown.__dict__["_overlap"] = self._overlap.grown([w.words for w in rows.wordings], gone)
        return grown if 2 * grown._size >= len(grown._vectors.values) else grown._packed()

    def _packed(self) -> Self:
        """The same without the rows that are gone."""
        keep = ranges(self._starts[self._living], self._ends[self._living])
        wordings = [self._wordings[i] for i in keep.tolist()]
        return type(self)(self._embedder, EntryRows(wordings, self._vectors.values[keep], self._negatives))

    def with_wordings(self, added: Iterable[tuple[str, str]]) -> Self:
        """This snapshot and more (entry id, wording) pairs, of entries it knows or of new ones."""
        grouped: dict[str, list[str]] = {}
        for entry_id, wording in added:
            grouped.setdefault(entry_id, []).append(wording)
        if not grouped:
            return self
        fresh = [wording for wordings in grouped.values() for wording in wordings]
        encoded = iter(self._embedder.encode(fresh))
        rows: list[Wording] = []
        vectors: list[Floats] = []
        for entry_id, texts in grouped.items():
            place = self._places.get(entry_id)
            known = [] if place is None else list(range(int(self._starts[place]), int(self._ends[place])))
            rows += [self._wordings[i] for i in known]
            vectors += [self._vectors.values[i] for i in known]
            question = self._wordings[known[0]].question if known else texts[0]
            for wording in texts:
                rows.append(Wording(entry_id, question, wording, " ".join(search_tokens(wording))))
                vectors.append(next(encoded))
        negatives = {entry_id: self._negatives[entry_id] for entry_id in grouped if entry_id in self._negatives}
        return self.with_entries(list(grouped), EntryRows(rows, np.asarray(vectors), negatives))

    def __len__(self) -> int:
        return self._size

    def _owner(self, place: int) -> str:
        return self._wordings[int(self._starts[place])].entry_id

    def _lives(self, place: int) -> bool:
        return place < len(self._living) and bool(self._living[place])

    @cached_property
    def _several(self) -> NDArray[np.bool_]:
        """Which entries have several wordings."""
        several: NDArray[np.bool_] = self._ends - self._starts > 1
        return several

    @cached_property
    def _gone(self) -> Ints:
        """The places of entries that went."""
        return np.flatnonzero(~self._living)

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        """The places of the entries that have a wording with this key; perhaps of others, too: all that have grown out
        of one index share it."""
        by_key: dict[str, list[int]] = {}
        self._note_keys(by_key, 0)
        return by_key

    def _note_keys(self, by_key: dict[str, list[int]], first: int) -> None:
        for place in range(first, len(self._starts)):
            for row in range(int(self._starts[place]), int(self._ends[place])):
                by_key.setdefault(self._key(row), []).append(place)

    def _key(self, row: int) -> str:
        key = self._keys[row]
        if key is None:
            key = self._keys[row] = wording_key(self._wordings[row].text)
        return key

    @cached_property
    def _overlap(self) -> WordOverlap:
        gone = ranges(self._starts[~self._living], self._ends[~self._living])
        overlap = WordOverlap([w.words for w in self._wordings[: len(self._vectors.values)]])
        return overlap.grown([], gone) if len(gone) else overlap


def _groups(wordings: Sequence[Wording], first: int) -> tuple[Ints, Ints]:
    """Where each entry's wordings begin and end, the first of all standing at `first`."""
    owners = [w.entry_id for w in wordings]
    starts = [i for i, owner in enumerate(owners) if i == 0 or owners[i - 1] != owner]
    ends = [*starts[1:], len(owners)] if starts else []
    return np.asarray(starts, dtype=np.int64) + first, np.asarray(ends, dtype=np.int64) + first


def _own_cosines(rows: EntryRows) -> Floats:
    """The cosine of each proposed wording with its entry's question; inf for the others, which nobody takes back."""
    own = np.full(len(rows.wordings), np.inf, dtype=np.float32)
    question, owner = 0, ""
    for row, wording in enumerate(rows.wordings):
        if wording.entry_id != owner:
            question, owner = row, wording.entry_id
        elif wording.proposed:
            own[row] = rows.vectors[row] @ rows.vectors[question]
    return own


def _centre_norms(vectors: Floats, starts: Ints) -> Floats:
    """The length of the sum of each entry's vectors: the cosine of a query with their centre is the sum of its cosines
    with them, divided by this."""
    if not len(starts):
        return np.empty(0, dtype=np.float32)
    norms: Floats = np.maximum(np.linalg.norm(np.add.reduceat(vectors, starts, axis=0), axis=1), 1e-9)
    return norms
