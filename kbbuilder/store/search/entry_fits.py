"""How near each entry comes to a query, and which can be among the best: no more is reckoned than that takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kbbuilder.language.tokens import search_tokens
from kbbuilder.store.search.entry_table import EntryTable
from kbbuilder.store.search.growing import ranges
from kbbuilder.store.search.judging import CENTRE_SHARE, DENSE_SHARE, Fit, fit_of
from kbbuilder.store.search.overlap import QueryWords

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NEARLY_SAME = 0.85
LOOK_CLOSER = 8
"""So many of the best entries are compared with the query fact by fact."""
FIRST_LOOK = 48
"""So many of the entries nearest by cosine tell which others can be among the best at all."""
SLACK = 1e-5
"""Of bounds on scores in single precision."""
GONE = -2.0
"""Below every cosine."""


class EntryFits(EntryTable):
    """A table whose entries can be held beside a query."""

    def _peaks(self, cosines: Floats) -> Floats:
        """The best cosine of each entry from those of its wordings; shape (…, entries), also of those that are gone."""
        peaks: Floats = np.maximum.reduceat(cosines, self._starts, axis=-1)
        if len(self._gone):
            peaks[..., self._gone] = GONE
        return peaks

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
        most[self._gone] = GONE
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
        wanted = max(k, 1) + LOOK_CLOSER
        centres = self._centre_cosines(cosines)
        most = self._most(peaks, centres)
        if len(most) > FIRST_LOOK:
            first = np.argpartition(-most, FIRST_LOOK - 1)[:FIRST_LOOK]
            rough = self._fused(asked, cosines, centres, first[self._living[first]])[0]
            last = max(0, len(rough) - wanted)
            least = float(np.partition(rough, last)[last])
            alike = DENSE_SHARE * peaks + (1 - DENSE_SHARE) > NEARLY_SAME - SLACK
            places = np.flatnonzero((most >= least - SLACK) | alike)
        else:
            places = np.flatnonzero(self._living)
        rough, tops, fused, overlaps = self._fused(asked, cosines, centres, places)
        chosen = np.argpartition(-rough, wanted - 1)[:wanted] if len(rough) > wanted else np.arange(len(rough))
        # The entry with the same wording must be among those looked at, however its other wordings drag it down.
        chosen = np.union1d(chosen, np.flatnonzero(tops > NEARLY_SAME))
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
