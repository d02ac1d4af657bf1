"""Questions of one chunk that crowd on one answer: a small model goes on asking where its lines have no more to tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kbbuilder.language.text import fold, has_cjk
from kbbuilder.schema import Grounded, PairKind, Verdict
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.second_look import flagged

_LONG = {True: 220, False: 600}
"""Letters of an answer, Chinese or not, from which it is too wide for more than the one question that it is about."""
_CROWD = 3
"""So many questions under a shorter answer are a crowd: the model turned one sentence about until nothing was left."""


def crowded(proved: Sequence[Grounded]) -> list[Grounded]:
    """The pairs of a chunk, in their order; of those that crowd on one answer only the first is not flagged.

    Explicit FAQ text may answer as many as it likes. Cost: linear in the lengths of the answers.
    """
    keys = [_key(pair) for pair in proved]
    asked = Counter(keys)
    looked: list[Grounded] = []
    seen: set[str] = set()
    for pair, key in zip(proved, keys, strict=True):
        crowd = asked[key] >= _CROWD or (asked[key] > 1 and len(key) > _LONG[has_cjk(key)])
        if key and crowd and key in seen:
            pair = flagged(pair, Finding("answer_shared", f"one answer for {asked[key]} questions"))
        seen.add(key)
        looked.append(pair)
    return looked


def _key(pair: Grounded) -> str:
    """The answer of a pair that stands unflagged, folded; "" of others."""
    counts = pair.verdict is Verdict.SUPPORTED and pair.candidate.kind is not PairKind.EXPLICIT
    return fold(pair.candidate.answer) if counts else ""
