"""How well one entry fits a query: its best wordings and their centre together, less what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kbbuilder.language.text import wording_key
from kbbuilder.store.search.clash import asks_for_more, clash_of
from kbbuilder.store.search.entry_rows import Wording
from kbbuilder.store.search.vectors import DIGITS

DENSE_SHARE = 0.7
"""Weight of the cosine against the word overlap. Source: four FAQ sets; flat between 0.6 and 0.8."""
CENTRE_SHARE = 0.4
_TOP_SHARE = 0.3
_TOP = 3
_CLASH_FACTOR = 0.4


@dataclass(frozen=True, slots=True)
class EntryHit:
    """An entry and how well it fits a query.

    `score` is given to `DIGITS`, so that entries that fit equally well have equal ones. `matched` is its wording that
    fitted best; `note` says what lowered the score, if anything did.
    """

    entry_id: str
    score: float
    question: str
    matched: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """An entry beside a query, before anything is held against it.

    fused, overlaps: of each of its wordings; `score` is the highest score that the entry can get.
    """

    wordings: Sequence[Wording]
    negatives: Sequence[str]
    fused: Sequence[float]
    overlaps: Sequence[float]
    order: Sequence[int]
    score: float
    same: int | None
    """The wording that is the query itself."""

    @property
    def entry_id(self) -> str:
        return self.wordings[0].entry_id


def fit_of(
    wordings: Sequence[Wording],
    keys: Sequence[str],
    negatives: Sequence[str],
    fused: Sequence[float],
    overlaps: Sequence[float],
    centre: float | None,
    key: str,
) -> Fit:
    """An entry beside a query.

    Args:
        keys: the `wording_key` of each wording.
        centre: the cosine of the query and the centre of the wordings' vectors; None for an entry with one wording.
        key: the query's `wording_key`.
    """
    order = sorted(range(len(fused)), key=lambda i: -fused[i])[:_TOP]
    same = keys.index(key) if key in keys else None
    if same is not None:
        score = 1.0
    elif centre is None:
        score = share(fused[order[0]])
    else:
        score = share(_smoothed([fused[i] for i in order], overlaps, centre))
    return Fit(wordings, negatives, fused, overlaps, order, score, same)


def judged(query: str, key: str, fit: Fit) -> EntryHit:
    """The entry's score, 0..1, when all that speaks against it has been looked at. Cost: some 20 to 60 µs."""
    best = fit.wordings[fit.order[0]]
    if fit.same is not None:
        return EntryHit(best.entry_id, 1.0, best.question, fit.wordings[fit.same].text)
    if any(wording_key(negative) == key for negative in fit.negatives):
        return EntryHit(best.entry_id, 0.0, best.question, best.text, "a negative question of this entry")
    if best.definition and asks_for_more(query, best.question):
        note = "asks for more than what it is"
        return EntryHit(best.entry_id, _told(fit.score * _CLASH_FACTOR), best.question, best.text, note)
    first = ""
    for i in fit.order:
        clash = clash_of(query, fit.wordings[i].text, fit.overlaps[i])
        if not clash:
            score = min(fit.score, share(fit.fused[i])) if first else fit.score
            return EntryHit(best.entry_id, _told(score), best.question, fit.wordings[i].text)
        first = first or clash
    return EntryHit(best.entry_id, _told(fit.score * _CLASH_FACTOR), best.question, best.text, first)


def _smoothed(tops: Sequence[float], overlaps: Sequence[float], centre: float) -> float:
    """The score of an entry with several wordings, from its best ones (`tops`, best first) and its centre's cosine."""
    best = sorted(overlaps, reverse=True)[:_TOP]
    words = sum(best) / len(best)
    middle = DENSE_SHARE * max(0.0, centre) + (1 - DENSE_SHARE) * words
    peak = (1 - _TOP_SHARE) * tops[0] + _TOP_SHARE * sum(tops) / len(tops)
    smooth = (1 - CENTRE_SHARE) * peak + CENTRE_SHARE * middle
    # The nearer a wording comes to the query itself, the less its entry's other wordings matter.
    certainty = share((tops[0] - 0.75) / 0.2)
    return certainty * tops[0] + (1 - certainty) * smooth


def _told(score: float) -> float:
    return round(share(score), DIGITS)


def share(value: float) -> float:
    """The value, cut to 0..1."""
    return min(1.0, max(0.0, value))
