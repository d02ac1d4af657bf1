"""The choice among proposed wordings: kept only when a search with it finds its own entry first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from kbbuilder.language.text import fold
from kbbuilder.schema import SimilarQuestion

RankTexts = Callable[[Sequence[str]], Sequence[Sequence[tuple[str, float]]]]
"""For each text the best (entry id, score), best first. Scores in 0..1."""

TIE = 0.005
"""Scores this near are a tie: such a wording finds either entry by chance."""

CLEAR_WIN = 0.05
"""The lead from which another entry's win makes the wording a negative example of the own one."""


@dataclass(frozen=True)
class DroppedWording:
    """A wording that was not taken. `reason`: duplicate, finds_other, finds_nothing or over_limit; `rival` is the
    other entry it finds and `score` that entry's score."""

    text: str
    style: str
    reason: str
    rival: str | None = None
    score: float = 0.0


@dataclass(frozen=True)
class Expanded:
    """`kept` and `dropped` together are all proposals; `negatives` repeat those dropped because another entry
    clearly wins, ready to be stored as negative examples."""

    kept: tuple[SimilarQuestion, ...]
    dropped: tuple[DroppedWording, ...]
    negatives: tuple[SimilarQuestion, ...]


def select(
    proposals: Sequence[SimilarQuestion], own_id: str, rank: RankTexts, limit: int = 8, *, taken: Collection[str] = ()
) -> Expanded:
    """Keeps the proposals whose search finds `own_id` first and alone, at most `limit`, in the order proposed.

    `rank` is called once, with all texts that are not duplicates. `taken` are wordings the entry has already.
    """
    seen = {fold(text) for text in taken}
    fresh: list[SimilarQuestion] = []
    dropped: list[DroppedWording] = []
    for proposal in proposals:
        key = fold(proposal.text)
        if not key or key in seen:
            dropped.append(DroppedWording(proposal.text, proposal.style, "duplicate"))
        else:
            fresh.append(proposal)
        seen.add(key)
    kept: list[SimilarQuestion] = []
    negatives: list[SimilarQuestion] = []
    rankings = rank([p.text for p in fresh]) if fresh else []
    for proposal, ranking in zip(fresh, rankings, strict=True):
        own = next((score for entry, score in ranking if entry == own_id), None)
        rival, rival_score = next(((entry, score) for entry, score in ranking if entry != own_id), (None, 0.0))
        if own is None and rival is None:
            dropped.append(DroppedWording(proposal.text, proposal.style, "finds_nothing"))
        elif rival is not None and (own is None or own - rival_score <= TIE):
            dropped.append(DroppedWording(proposal.text, proposal.style, "finds_other", rival, rival_score))
            if rival_score - (own or 0.0) >= CLEAR_WIN:
                negatives.append(proposal.model_copy(update={"negative": True}))
        elif len(kept) >= limit:
            dropped.append(DroppedWording(proposal.text, proposal.style, "over_limit"))
        else:
            kept.append(proposal)
    return Expanded(tuple(kept), tuple(dropped), tuple(negatives))
