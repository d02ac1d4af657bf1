"""Which proposed wordings of older entries newer entries take over: a search for them would find the newer one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kbbuilder.language.text import wording_key
from kbbuilder.language.tokens import search_tokens
from kbbuilder.store.search.entry_fits import GONE, EntryFits
from kbbuilder.store.search.growing import ranges
from kbbuilder.store.search.judging import DENSE_SHARE, fit_of, judged
from kbbuilder.store.search.overlap import QueryWords

_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Contest:
    """A proposed wording, and how well it finds its own entry and the best of its rivals."""

    entry_id: str
    text: str
    score: float
    rival: str
    rival_score: float


class EntryContests(EntryFits):
    """A table in which wordings that were proposed can be judged anew."""

    def contested(self, rivals: Collection[str], *, clear: float, lead: float) -> tuple[Contest, ...]:
        """The proposed wordings that a search would now find one of these `rivals` with, or either by chance (scores
        within `lead`), had they not been taken in: each as it was judged when it was proposed, beside its entry's other
        wordings. In the order of the index.

        Where an entry's own question leads by `clear` in cosine, the look at words and facts is spared.

        Cost: a wording of the rivals some 0.03 µs for each wording there is; 0.2 ms for each look at words and facts.
        """
        places = np.asarray([self._places[rival] for rival in rivals if rival in self._places], dtype=np.int64)
        floor = self._own.values - clear
        floor[ranges(self._starts[self._gone], self._ends[self._gone])] = np.inf
        near: dict[int, dict[int, None]] = {}
        rows = ranges(self._starts[places], self._ends[places])
        owners = np.repeat(places, self._ends[places] - self._starts[places])
        for start in range(0, len(rows), _BLOCK):
            cosines = self._vectors.values[rows[start : start + _BLOCK]] @ self._vectors.values.T
            for row, place in zip(cosines, owners[start : start + _BLOCK].tolist(), strict=True):
                row[self._starts[place] : self._ends[place]] = GONE
                for wording in np.flatnonzero(row > floor).tolist():
                    near.setdefault(wording, {})[place] = None
        return tuple(contest for row in sorted(near) if (contest := self._lost(row, near, lead)) is not None)

    def _lost(self, row: int, near: Mapping[int, Iterable[int]], lead: float) -> Contest | None:
        """How a wording that is `near` to rivals (places) loses to one of them; None when it does not."""
        wording = self._wordings[row]
        key = wording_key(wording.text)
        asked = self._overlap.query(search_tokens(wording.text))
        place = self._places[wording.entry_id]
        own = [i for i in range(int(self._starts[place]), int(self._ends[place])) if i not in near]
        score = self._beside(asked, key, row, own)
        rival_score, rival = max(
            (self._beside(asked, key, row, self._rows(rival)), self._owner(rival)) for rival in near[row]
        )
        if score - rival_score > lead:
            return None
        return Contest(wording.entry_id, wording.text, score, rival, rival_score)

    def _rows(self, place: int) -> list[int]:
        return list(range(int(self._starts[place]), int(self._ends[place])))

    def _beside(self, asked: QueryWords, key: str, query: int, rows: Sequence[int]) -> float:
        """The score of an entry that has these wordings, for the wording at `query`."""
        vectors = self._vectors.values[rows]
        cosines = vectors @ self._vectors.values[query]
        overlaps = self._overlap.of(asked, np.asarray(rows))
        fused = DENSE_SHARE * np.maximum(cosines, 0.0) + (1 - DENSE_SHARE) * overlaps
        centre = float(cosines.sum() / max(1e-9, float(np.linalg.norm(vectors.sum(axis=0))))) if len(rows) > 1 else None
        wordings = [self._wordings[row] for row in rows]
        negatives = self._negatives.get(wordings[0].entry_id, ())
        keys = [self._key(row) for row in rows]
        fit = fit_of(wordings, keys, negatives, fused.tolist(), overlaps.tolist(), centre, key)
        return judged(self._wordings[query].text, key, fit).score
