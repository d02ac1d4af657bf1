"""Finding the entry a question asks for: an immutable snapshot of a collection's wordings, searched in memory.

A wording's likeness to a query is 0.7 · cosine + 0.3 · word overlap (scores are fused, never ranks: ranks destroy the
score's use for refusing). An entry with several wordings is judged by its best ones and by their centre together;
wordings that clash with the query in a number, a model or a polarity word count for little, whatever their cosine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, text

from kbbuilder.language.text import one_line, wording_key
from kbbuilder.language.tokens import search_tokens
from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus, PairKind
from kbbuilder.store.search.clash import asks_for_more, clash_of
from kbbuilder.store.search.overlap import WordOverlap

Floats = NDArray[np.float32]

DENSE_SHARE = 0.7
"""Weight of the cosine against the word overlap. Source: four FAQ sets; flat between 0.6 and 0.8."""
_CENTRE_SHARE = 0.4
_TOP_SHARE = 0.3
_TOP = 3
_CLASH_FACTOR = 0.4
_NEARLY_SAME = 0.85
_LOOK_CLOSER = 8
"""So many of the best entries are compared with the query fact by fact."""
_BLOCK = 64

_ROWS = text(
    "SELECT w.entry_id, e.question, w.text, w.tokens, e.kind, v.vector "
    "FROM wording w JOIN faq_entry e ON e.id = w.entry_id "
    "LEFT JOIN text_vector v ON v.embedder = :embedder AND v.text_hash = w.text_hash "
    "WHERE w.collection = :collection AND e.status IN :statuses ORDER BY w.entry_id, w.id"
).bindparams(bindparam("statuses", expanding=True))
_NEGATIVE = text(
    "SELECT s.entry_id, s.text FROM similar_question s JOIN faq_entry e ON e.id = s.entry_id "
    "WHERE s.negative AND e.collection = :collection AND e.status IN :statuses ORDER BY s.entry_id, s.ordinal, s.id"
).bindparams(bindparam("statuses", expanding=True))

SEARCHABLE = (EntryStatus.APPROVED, EntryStatus.PENDING)


@dataclass(frozen=True, slots=True)
class EntryHit:
    """An entry and how well it fits a query.

    `matched` is its wording that fitted best; `note` says what lowered the score, if anything did.
    """

    entry_id: str
    score: float
    question: str
    matched: str
    note: str = ""


@dataclass(frozen=True)
class Wording:
    entry_id: str
    question: str
    text: str
    tokens: tuple[str, ...]
    definition: bool = False
    """Its entry says what something is, nothing else about it."""


class EntryIndex:
    """The wordings of one collection at one moment. Immutable, safe to share between threads.

    Cost: 2.3 kB a wording in memory. A query costs about 0.4 ms + 0.5 µs a wording, plus encoding it.
    """

    def __init__(
        self, embedder: Embedder, wordings: Sequence[Wording], vectors: Floats, negatives: Mapping[str, Sequence[str]]
    ) -> None:
        """`wordings` of one entry stand together; `vectors` has shape (len(wordings), dimensions)."""
        self._embedder = embedder
        self._wordings = tuple(wordings)
        self._vectors = vectors
        self._negatives = negatives
        owners = [w.entry_id for w in wordings]
        first = [i for i, owner in enumerate(owners) if i == 0 or owners[i - 1] != owner]
        self._starts = np.asarray(first, dtype=np.int64)
        self._ends = np.asarray([*first[1:], len(owners)] if first else [], dtype=np.int64)

    @classmethod
    def empty(cls, embedder: Embedder) -> EntryIndex:
        """An index of nothing, to grow by `with_wordings`."""
        return cls(embedder, (), np.empty((0, embedder.dimensions), dtype=np.float32), {})

    @classmethod
    def load(
        cls,
        conn: Connection,
        embedder: Embedder,
        collection: str,
        statuses: Collection[EntryStatus] = SEARCHABLE,
    ) -> EntryIndex:
        """A snapshot of the entries in these states, approved and pending ones by default.

        Cost: about 10 µs a wording; a vector that is not stored (another embedder than at indexing) is encoded now.
        """
        values = {"collection": collection, "statuses": sorted(statuses)}
        wordings: list[Wording] = []
        stored: list[bytes | None] = []
        for entry_id, question, wording, words, kind, vector in conn.execute(
            _ROWS, values | {"embedder": embedder.name}
        ):
            tokens = tuple(words.split(" ")) if words else ()
            wordings.append(Wording(entry_id, question, wording, tokens, kind == PairKind.DEFINITION))
            stored.append(vector)
        negatives: dict[str, list[str]] = {}
        for entry_id, wording in conn.execute(_NEGATIVE, values):
            negatives.setdefault(entry_id, []).append(wording)
        return cls(embedder, wordings, _vectors(embedder, wordings, stored), negatives)

    def with_wordings(self, added: Iterable[tuple[str, str]]) -> EntryIndex:
        """This snapshot and more (entry id, wording) pairs, of entries it knows or of new ones."""
        grouped: dict[str, list[int]] = {}
        for i, wording in enumerate(self._wordings):
            grouped.setdefault(wording.entry_id, []).append(i)
        known = len(self._wordings)
        more: list[Wording] = []
        questions = {w.entry_id: w.question for w in self._wordings}
        for entry_id, wording_text in added:
            question = questions.setdefault(entry_id, wording_text)
            grouped.setdefault(entry_id, []).append(known + len(more))
            more.append(Wording(entry_id, question, wording_text, tuple(search_tokens(wording_text))))
        if not more:
            return self
        everything = (*self._wordings, *more)
        order = [i for entry_id in sorted(grouped) for i in grouped[entry_id]]
        vectors = np.concatenate((self._vectors, self._embedder.encode([w.text for w in more])))
        return EntryIndex(self._embedder, [everything[i] for i in order], vectors[order], self._negatives)

    def __len__(self) -> int:
        return len(self._wordings)

    def rank(self, texts: Sequence[str], k: int = 5) -> tuple[tuple[tuple[str, float], ...], ...]:
        """Per text the best `k` (entry id, score), best first; encodes in one batch."""
        return tuple(tuple((hit.entry_id, hit.score) for hit in hits) for hits in self.search(texts, k))

    def search(
        self, texts: Sequence[str], k: int = 5, *, vectors: Floats | None = None
    ) -> tuple[tuple[EntryHit, ...], ...]:
        """Per text the best `k` entries, best first, whatever their score. Scores lie in 0..1; 1 is the same wording.

        Equal scores are ordered by entry id. `vectors`: the texts' vectors, when the caller has them already.
        """
        queries = [one_line(t) for t in texts]
        if not self._wordings:
            return tuple(() for _ in queries)
        if vectors is None:
            vectors = self._embedder.encode(queries)
        found: list[tuple[EntryHit, ...]] = []
        for start in range(0, len(queries), _BLOCK):
            block = queries[start : start + _BLOCK]
            encoded = vectors[start : start + _BLOCK]
            # One query: matrix · vector is five times as fast as vector · matrix.
            cosines = (self._vectors @ encoded[0])[None] if len(block) == 1 else encoded @ self._vectors.T
            found += [
                self._best(query, vector, row, k) for query, vector, row in zip(block, encoded, cosines, strict=True)
            ]
        return tuple(found)

    def nearest(self, vectors: Floats, threshold: float, limit: int) -> tuple[tuple[tuple[str, float], ...], ...]:
        """Per vector the entries whose best wording has at least this cosine, at most `limit`, best first."""
        found: list[tuple[tuple[str, float], ...]] = []
        for start in range(0, len(vectors), _BLOCK):
            if not self._wordings:
                found += [() for _ in vectors[start : start + _BLOCK]]
                continue
            cosines = np.maximum.reduceat(vectors[start : start + _BLOCK] @ self._vectors.T, self._starts, axis=1)
            for row in cosines:
                near = np.flatnonzero(row >= threshold)
                near = near[np.argsort(-row[near], kind="stable")][:limit]
                found.append(tuple((self._owner(int(i)), min(1.0, float(row[i]))) for i in near))
        return tuple(found)

    def _owner(self, entry: int) -> str:
        return self._wordings[int(self._starts[entry])].entry_id

    def _best(self, query: str, vector: Floats, cosines: Floats, k: int) -> tuple[EntryHit, ...]:
        overlaps = self._overlap.with_query(search_tokens(query))
        fused = DENSE_SHARE * np.maximum(cosines, 0.0) + (1.0 - DENSE_SHARE) * overlaps
        tops = np.maximum.reduceat(fused, self._starts)
        rough = tops.copy()
        numbers, centres = self._centres
        centre_cosines = centres @ vector
        rough[numbers] = (1 - _CENTRE_SHARE) * tops[numbers] + _CENTRE_SHARE * (
            DENSE_SHARE * centre_cosines + (1.0 - DENSE_SHARE) * np.maximum.reduceat(overlaps, self._starts)[numbers]
        )
        wanted = min(len(rough), max(k, 1) + _LOOK_CLOSER)
        # The entry with the same wording must be among those looked at, however its other wordings drag it down.
        shortlist = {*np.argpartition(-rough, wanted - 1)[:wanted].tolist()}
        shortlist |= {*np.flatnonzero(tops > _NEARLY_SAME).tolist()}
        by_entry = dict(zip(numbers.tolist(), centre_cosines.tolist(), strict=True))
        key = wording_key(query)
        hits = [self._judge(query, key, e, fused, overlaps, by_entry.get(e)) for e in shortlist]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.entry_id))[:k])

    def _judge(
        self, query: str, key: str, entry: int, fused: Floats, overlaps: Floats, centre: float | None
    ) -> EntryHit:
        start, end = int(self._starts[entry]), int(self._ends[entry])
        scores = fused[start:end]
        order = [start + int(i) for i in np.argsort(-scores, kind="stable")[:_TOP]]
        best = self._wordings[order[0]]
        for wording in self._wordings[start:end]:
            if wording_key(wording.text) == key:
                return EntryHit(best.entry_id, 1.0, best.question, wording.text)
        if any(wording_key(negative) == key for negative in self._negatives.get(best.entry_id, ())):
            return EntryHit(best.entry_id, 0.0, best.question, best.text, "a negative question of this entry")
        score = float(fused[order[0]])
        if centre is not None:
            score = _smoothed([float(fused[i]) for i in order], overlaps[start:end], centre)
        if best.definition and asks_for_more(query, best.question):
            note = "asks for more than what it is"
            return EntryHit(best.entry_id, _share(score * _CLASH_FACTOR), best.question, best.text, note)
        clashes = [clash_of(query, self._wordings[i].text, float(overlaps[i])) for i in order]
        free = next((i for i, clash in zip(order, clashes, strict=True) if not clash), None)
        if free is None:
            return EntryHit(best.entry_id, _share(score * _CLASH_FACTOR), best.question, best.text, clashes[0])
        fitting = self._wordings[free]
        return EntryHit(
            best.entry_id, _share(min(score, float(fused[free])) if clashes[0] else score), best.question, fitting.text
        )

    @cached_property
    def _overlap(self) -> WordOverlap:
        return WordOverlap([w.tokens for w in self._wordings])

    @cached_property
    def _centres(self) -> tuple[NDArray[np.int64], Floats]:
        """The entries (by number) with several wordings, and the unit-length means of their vectors."""
        several = np.flatnonzero(self._ends - self._starts > 1)
        if not len(several):
            return several, np.empty((0, self._vectors.shape[1]), dtype=np.float32)
        centres = np.add.reduceat(self._vectors, self._starts, axis=0)[several]
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        return several, centres


def _vectors(embedder: Embedder, wordings: Sequence[Wording], stored: Sequence[bytes | None]) -> Floats:
    """The wordings' vectors as they are stored; where one is missing it is encoded now."""
    missing = [i for i, vector in enumerate(stored) if vector is None]
    blank = bytes(2 * embedder.dimensions)
    halves = np.frombuffer(b"".join(blank if vector is None else vector for vector in stored), dtype=np.float16)
    vectors = halves.reshape(len(stored), embedder.dimensions).astype(np.float32)
    if missing:
        vectors[missing] = embedder.encode([wordings[i].text for i in missing])
    return vectors


def _smoothed(tops: Sequence[float], overlaps: Floats, centre: float) -> float:
    """The score of an entry with several wordings, from its best ones (`tops`, best first) and its centre's cosine."""
    words = float(np.sort(overlaps)[::-1][:_TOP].mean())
    middle = DENSE_SHARE * max(0.0, centre) + (1 - DENSE_SHARE) * words
    peak = (1 - _TOP_SHARE) * tops[0] + _TOP_SHARE * sum(tops) / len(tops)
    smooth = (1 - _CENTRE_SHARE) * peak + _CENTRE_SHARE * middle
    # The nearer a wording comes to the query itself, the less its entry's other wordings matter.
    certainty = _share((tops[0] - 0.75) / 0.2)
    return certainty * tops[0] + (1 - certainty) * smooth


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
