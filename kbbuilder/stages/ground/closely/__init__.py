"""A closer look at the questions of a small model: what it gets wrong, and larger ones and rules do not."""

from __future__ import annotations

from collections.abc import Sequence

from kbbuilder.schema import Chunk, DocumentContext, Grounded, PairKind, Verdict
from kbbuilder.stages.ground.closely.aim import beside_the_question
from kbbuilder.stages.ground.closely.asking import ill_asked
from kbbuilder.stages.ground.closely.too_little import tells_too_little
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.second_look import flagged

UNSURE = 0.26
"""A question with a token that the model thought less probable was one choice of many. Of 78 pairs of a model of 1.5
billion weights that nothing else was found wrong with, an independent reader rejected 13 of the 27 below and 7 of the
51 above; of 70 pairs of chapters read after the bound was set, two readers rejected 13 of the 21 below and 22 of the
49 above."""


def read_closely(proved: Sequence[Grounded], chunk: Chunk, context: DocumentContext) -> list[Grounded]:
    """The pairs that a small model wrote of a chunk, in their order; those flagged whose question is not worded as a
    customer would, whose answer does not speak of what is asked, tells nothing new, or goes on from what it does not
    show, or over whose wording the model hesitated. Of good pairs it flags a fifth too: a fair price where half are
    bad, too much where few are.

    Cost: linear in the lengths of pairs and chunk.
    """
    return [_looked_at(pair, chunk, context) for pair in proved]


def _looked_at(pair: Grounded, chunk: Chunk, context: DocumentContext) -> Grounded:
    if pair.verdict is not Verdict.SUPPORTED or pair.candidate.kind is PairKind.EXPLICIT:
        return pair
    question, answer = pair.candidate.question, pair.candidate.answer
    found = (
        ill_asked(question, answer, chunk, context)
        or beside_the_question(pair, chunk, context)
        or tells_too_little(question, answer)
        or _unsure(pair)
    )
    return pair if found is None else flagged(pair, found)


def _unsure(pair: Grounded) -> Finding | None:
    score = pair.candidate.score
    return Finding("unsure", f"{score:.0%}") if score < UNSURE else None
