"""Finding the entry a question asks for: an immutable snapshot of a collection's wordings, searched in memory.

A wording's likeness to a query is 0.7 · cosine + 0.3 · word overlap (scores are fused, never ranks: ranks destroy the
score's use for refusing). An entry with several wordings is judged by its best ones and by their centre together;
wordings that clash with the query in a number, a model or a polarity word count for little, whatever their cosine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from kbbuilder.language.text import one_line, wording_key
from kbbuilder.language.tokens import search_tokens
from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus
from kbbuilder.store.search.entry_rows import EntryRows, Wording, rows_of
from kbbuilder.store.search.growing import Growing, ranges
from kbbuilder.store.search.judging import CENTRE_SHARE, DENSE_SHARE, EntryHit, Fit, fit_of, judged
from kbbuilder.store.search.overlap import QueryWords, WordOverlap

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SEARCHABLE = (EntryStatus.APPROVED, EntryStatus.PENDING)
_NEARLY_SAME = 0.85
_LOOK_CLOSER = 8
"""So many of the best entries are compared with the query fact by fact."""
_FIRST_LOOK = 48
"""So many of the entries nearest by cosine tell which others can be among the best at all."""
_SLACK = 1e-5
"""Of bounds on scores in single precision."""
_GONE = -2.0
"""Below every cosine."""
_BLOCK = 64
_CONTESTANTS = 5
"""An entry that so many others are found before is not found."""

Ranking = tuple[tuple[str, float], ...]
"""(entry id, score), best first."""


class EntryIndex:
    """The wordings of one collection at one moment. Immutable, safe to share between threads. An index that
    `with_entries` makes shares what stays the same with the one that it was made from.

    Cost: 2.3 kB a wording in memory. A query costs about 0.2 ms + 0.05 µs a wording, plus encoding it.
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
        self._places = {rows.wordings[start].entry_id: i for i, start in enumerate(self._starts.tolist())}
        self._size = len(self._wordings)

    @classmethod
    def empty(cls, embedder: Embedder) -> EntryIndex:
        """An index of nothing, to grow by `with_wordings`."""
        return cls(embedder, EntryRows((), np.empty((0, embedder.dimensions), dtype=np.float32), {}))

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
        return cls(embedder, rows_of(conn, embedder, collection, statuses))

    def with_entries(self, entry_ids: Collection[str], rows: EntryRows) -> EntryIndex:
        """This snapshot with what `rows` says of these entries in place of what it says; an entry without rows goes.

        Cost: grows with the rows, and 0.1 µs for each entry there is; now and then everything is copied.
        """
        going = np.asarray(sorted(self._places[i] for i in entry_ids if i in self._places), dtype=np.int64)
        gone = ranges(self._starts[going], self._ends[going])
        first = len(self._vectors.values)
        grown = object.__new__(EntryIndex)
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
        replaced = set(entry_ids)
        grown._places = {i: place for i, place in self._places.items() if i not in replaced}
        grown._places |= {
            grown._wordings[start].entry_id: place for place, start in enumerate(starts.tolist(), len(self._starts))
        }
        grown._negatives = {i: texts for i, texts in self._negatives.items() if i not in replaced} | rows.negatives
        grown._size = self._size - len(gone) + len(rows.wordings)
        if "_by_key" in self.__dict__ and lists_are_ours:
            grown.__dict__["_by_key"] = self._by_key
            grown._note_keys(grown._by_key, len(self._starts))
        if "_overlap" in self.__dict__:
            grown.__dict__["_overlap"] = self._overlap.grown([w.words for w in rows.wordings], gone)
        return grown if 2 * grown._size >= len(grown._vectors.values) else grown._packed()

    def _packed(self) -> EntryIndex:
        """The same without the rows that are gone."""
        keep = ranges(self._starts[self._living], self._ends[self._living])
        wordings = [self._wordings[i] for i in keep.tolist()]
        return EntryIndex(self._embedder, EntryRows(wordings, self._vectors.values[keep], self._negatives))

    def with_wordings(self, added: Iterable[tuple[str, str]]) -> EntryIndex:
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
        if not self._size:
            return tuple(() for _ in queries)
        if vectors is None:
            vectors = self._embedder.encode(queries)
        found: list[tuple[EntryHit, ...]] = []
        for start in range(0, len(queries), _BLOCK):
            block = queries[start : start + _BLOCK]
            encoded = vectors[start : start + _BLOCK]
            # One query: matrix · vector is five times as fast as vector · matrix.
            rows = self._vectors.values
            cosines = (rows @ encoded[0])[None] if len(block) == 1 else encoded @ rows.T
            found += [self._best(query, row, k) for query, row in zip(block, cosines, strict=True)]
        return tuple(found)

    def nearest(self, vectors: Floats, threshold: float, limit: int) -> tuple[tuple[tuple[str, float], ...], ...]:
        """Per vector the entries whose best wording has at least this cosine, at most `limit`, best first. Equal ones
        are ordered by entry id."""
        found: list[tuple[tuple[str, float], ...]] = []
        for start in range(0, len(vectors), _BLOCK):
            if not self._size:
                found += [() for _ in vectors[start : start + _BLOCK]]
                continue
            for row in self._peaks(vectors[start : start + _BLOCK] @ self._vectors.values.T):
                least = threshold
                if len(row) > limit > 0:
                    least = max(least, float(np.partition(row, len(row) - limit)[len(row) - limit]))
                near = [(self._owner(i), min(1.0, float(row[i]))) for i in np.flatnonzero(row >= least).tolist()]
                near.sort(key=lambda hit: (-hit[1], hit[0]))
                found.append(tuple(near[:limit]))
        return tuple(found)

    def tried(
        self, texts: Sequence[str], owners: Sequence[str], vectors: Floats, *, clear: float, lead: float
    ) -> tuple[Ranking, ...]:
        """Per text (entry id, score), best first: the best entries as far as they tell whether a search for the text
        finds its owner first, by more than `lead`, and if not, the best of the others.

        Where the owner leads by `clear` in cosine, the score is the cosine, and the look at words and facts is spared.

        Cost: a text 0.3 ms + 0.1 µs a wording; the look at words and facts some 0.5 ms more.
        """
        if not self._size:
            return tuple(() for _ in texts)
        found: list[Ranking] = []
        for start in range(0, len(texts), _BLOCK):
            cosines = vectors[start : start + _BLOCK] @ self._vectors.values.T
            peaks = self._peaks(cosines)
            near = self._two_nearest(peaks)
            block = zip(texts[start : start + _BLOCK], owners[start : start + _BLOCK], strict=True)
            for i, (query, owner) in enumerate(block):
                best = near[i]
                if best and best[0][0] == owner and (len(best) == 1 or best[0][1] - best[1][1] >= clear):
                    found.append(best)
                else:
                    found.append(self._contest(one_line(query), owner, cosines[i], peaks[i], lead))
        return tuple(found)

    def _two_nearest(self, peaks: Floats) -> list[Ranking]:
        """Per row of `_peaks` the two nearest entries, of no cosine below 0. Of equal ones any."""
        places = np.argpartition(peaks, max(0, peaks.shape[1] - 2), axis=1)[:, -2:]
        near = []
        for row, two in zip(peaks, places.tolist(), strict=True):
            best = [(self._owner(place), min(1.0, float(row[place]))) for place in two if row[place] >= 0.0]
            near.append(tuple(sorted(best, key=lambda hit: (-hit[1], hit[0]))))
        return near

    def _owner(self, place: int) -> str:
        return self._wordings[int(self._starts[place])].entry_id

    def _peaks(self, cosines: Floats) -> Floats:
        """The best cosine of each entry from those of its wordings; shape (…, entries), also of those that are gone."""
        peaks: Floats = np.maximum.reduceat(cosines, self._starts, axis=-1)
        peaks[..., ~self._living] = _GONE
        return peaks

    def _best(self, query: str, cosines: Floats, k: int) -> tuple[EntryHit, ...]:
        key = wording_key(query)
        hits: list[EntryHit] = []
        for fit in self._fits(query, key, cosines, self._peaks(cosines), k):
            if len(hits) >= k and fit.score < hits[k - 1].score:
                break  # nothing that is held against an entry raises its score
            hits.append(judged(query, key, fit))
            hits.sort(key=_best_first)
        return tuple(hits[:k])

    def _contest(self, query: str, owner: str, cosines: Floats, peaks: Floats, lead: float) -> Ranking:
        """The best entries as far as they decide whether the owner is found, and what is found in its place."""
        key = wording_key(query)
        centres = self._centre_cosines(cosines)
        won = self._won(query, key, owner, cosines, peaks, centres, lead)
        if won is not None:
            return ((owner, won),)
        fits = self._fits(query, key, cosines, peaks, _CONTESTANTS)
        own = next((fit for fit in fits if fit.entry_id == owner), None)
        hits = [] if own is None else [judged(query, key, own)]
        decisive = hits[0].score - lead - _SLACK if hits else 0.0
        for fit in fits:
            if fit.score < decisive:
                break
            if fit is not own:
                hits.append(judged(query, key, fit))
                if own is None:
                    decisive = max(decisive, hits[-1].score)
        hits.sort(key=_best_first)
        return tuple((hit.entry_id, hit.score) for hit in hits[:_CONTESTANTS])

    def _won(
        self, query: str, key: str, owner: str, cosines: Floats, peaks: Floats, centres: Floats, lead: float
    ) -> float | None:
        """The owner's score when no other entry at all comes within `lead` of it; None when that is not sure. Most
        owners win, and then few others have to be looked at."""
        place = self._places.get(owner)
        if place is None or any(p != place and self._lives(p) for p in self._by_key.get(key, ())):
            return None
        asked = self._overlap.query(search_tokens(query))
        fused = self._fused(asked, cosines, centres, np.asarray([place]))
        score = judged(query, key, self._fit(place, key, fused[2], fused[3], centres)).score
        most = self._most(peaks, centres)
        # Among the best that `_fits` looks at, whatever the others turn out to be.
        looked_at = float(fused[1][0]) > _NEARLY_SAME or (
            np.count_nonzero(most >= float(fused[0][0]) - _SLACK) <= _CONTESTANTS + _LOOK_CLOSER
        )
        floor = score - lead - _SLACK
        reach = np.maximum(most, DENSE_SHARE * peaks + (1 - DENSE_SHARE))
        rivals = np.flatnonzero(reach >= floor)
        rivals = rivals[rivals != place]
        if not looked_at or len(rivals) > _FIRST_LOOK:
            return None
        if len(rivals):
            rough, tops, likeness, overlaps = self._fused(asked, cosines, centres, rivals)
            ends = np.cumsum(self._ends[rivals] - self._starts[rivals])
            for i in np.flatnonzero(np.maximum(rough, tops) >= floor).tolist():
                rival = int(rivals[i])
                spread = slice(int(ends[i]) - int(self._ends[rival] - self._starts[rival]), int(ends[i]))
                fit = self._fit(rival, key, likeness[spread], overlaps[spread], centres)
                if fit.score >= floor and judged(query, key, fit).score >= floor:
                    return None
        return score

    def _lives(self, place: int) -> bool:
        return place < len(self._living) and bool(self._living[place])

    def _centre_cosines(self, cosines: Floats) -> Floats:
        """The cosine of a query with the centre of each entry's wordings, from those with the wordings themselves."""
        centres: Floats = np.asarray(np.add.reduceat(cosines, self._starts) / self._norms, dtype=np.float32)
        return centres

    def _most(self, peaks: Floats, centres: Floats) -> Floats:
        """What each entry can reach at most before the look at the facts: had it every word of the query."""
        most: Floats = np.asarray(DENSE_SHARE * np.maximum(peaks, 0.0) + (1 - DENSE_SHARE), dtype=np.float32)
        several = self._several
        most[several] = (1 - CENTRE_SHARE) * most[several] + CENTRE_SHARE * (
            DENSE_SHARE * np.maximum(centres[several], 0.0) + (1 - DENSE_SHARE)
        )
        most[~self._living] = _GONE
        return most

    def _fit(self, place: int, key: str, fused: Floats, overlaps: Floats, centres: Floats) -> Fit:
        start, stop = int(self._starts[place]), int(self._ends[place])
        return fit_of(
            self._wordings[start:stop],
            [self._key(row) for row in range(start, stop)],
            self._negatives.get(self._wordings[start].entry_id, ()),
            fused.tolist(),
            overlaps.tolist(),
            float(centres[place]) if stop - start > 1 else None,
            key,
        )

    def _fits(self, query: str, key: str, cosines: Floats, peaks: Floats, k: int) -> list[Fit]:
        """The entries among which the best `k` are, by the highest score that each can get."""
        asked = self._overlap.query(search_tokens(query))
        wanted = max(k, 1) + _LOOK_CLOSER
        centres = self._centre_cosines(cosines)
        most = self._most(peaks, centres)
        if len(most) > _FIRST_LOOK:
            first = np.argpartition(-most, _FIRST_LOOK - 1)[:_FIRST_LOOK]
            rough = self._fused(asked, cosines, centres, first[self._living[first]])[0]
            last = max(0, len(rough) - wanted)
            least = float(np.partition(rough, last)[last])
            alike = DENSE_SHARE * peaks + (1 - DENSE_SHARE) > _NEARLY_SAME - _SLACK
            places = np.flatnonzero((most >= least - _SLACK) | alike)
        else:
            places = np.flatnonzero(self._living)
        rough, tops, fused, overlaps = self._fused(asked, cosines, centres, places)
        chosen = np.argpartition(-rough, wanted - 1)[:wanted] if len(rough) > wanted else np.arange(len(rough))
        # The entry with the same wording must be among those looked at, however its other wordings drag it down.
        chosen = np.union1d(chosen, np.flatnonzero(tops > _NEARLY_SAME))
        ends = np.cumsum(self._ends[places] - self._starts[places])
        fits = []
        for i in chosen.tolist():
            place, end = int(places[i]), int(ends[i])
            spread = slice(end - int(self._ends[place] - self._starts[place]), end)
            fits.append(self._fit(place, key, fused[spread], overlaps[spread], centres))
        fits.sort(key=lambda fit: -fit.score)
        return fits

    def _fused(
        self, asked: QueryWords, cosines: Floats, centres: Floats, places: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Of these entries the score before the look at the facts and the best wording's likeness; of each of their
        wordings the likeness and the word overlap."""
        starts, ends = self._starts[places], self._ends[places]
        rows = ranges(starts, ends)
        overlaps = self._overlap.of(asked, rows)
        fused: Floats = DENSE_SHARE * np.maximum(cosines[rows], 0.0) + (1 - DENSE_SHARE) * overlaps
        firsts = np.cumsum(ends - starts) - (ends - starts)
        tops: Floats = np.maximum.reduceat(fused, firsts)
        centred = DENSE_SHARE * centres[places] + (1 - DENSE_SHARE) * np.maximum.reduceat(overlaps, firsts)
        rough: Floats = np.where(self._several[places], (1 - CENTRE_SHARE) * tops + CENTRE_SHARE * centred, tops)
        return rough, tops, fused, overlaps

    @cached_property
    def _several(self) -> NDArray[np.bool_]:
        """Which entries have several wordings."""
        several: NDArray[np.bool_] = self._ends - self._starts > 1
        return several

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        """The places of the entries that have a wording with this key; perhaps also of ones that are gone, or that came
        later. An index that has grown out of this one goes on with it."""
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


def _best_first(hit: EntryHit) -> tuple[float, str]:
    return -hit.score, hit.entry_id


def _groups(wordings: Sequence[Wording], first: int) -> tuple[Ints, Ints]:
    """Where each entry's wordings begin and end, the first of all standing at `first`."""
    owners = [w.entry_id for w in wordings]
    starts = [i for i, owner in enumerate(owners) if i == 0 or owners[i - 1] != owner]
    ends = [*starts[1:], len(owners)] if starts else []
    return np.asarray(starts, dtype=np.int64) + first, np.asarray(ends, dtype=np.int64) + first


def _centre_norms(vectors: Floats, starts: Ints) -> Floats:
    """The length of the sum of each entry's vectors: the cosine of a query with their centre is the sum of its cosines
    with them, divided by this."""
    if not len(starts):
        return np.empty(0, dtype=np.float32)
    norms: Floats = np.maximum(np.linalg.norm(np.add.reduceat(vectors, starts, axis=0), axis=1), 1e-9)
    return norms
