"""Question-answer pairs by a model: what is asked of it, and what is made of its reply.

    chunk → numbered lines → request … reply → pairs → candidates → what no pair rests on → second request

The model chooses lines and words the questions; answers are the document's own words wherever they can be.
"""

from kbbuilder.stages.extract.model.align import align
from kbbuilder.stages.extract.model.candidates import candidates_of
from kbbuilder.stages.extract.model.coverage import askable, halves, uncovered
from kbbuilder.stages.extract.model.lines import passages_of
from kbbuilder.stages.extract.model.reply import RawPair, RawPairs, read_pairs
from kbbuilder.stages.extract.model.request import PAIRS_SCHEMA, extraction_request

__all__ = [
    "PAIRS_SCHEMA",
    "RawPair",
    "RawPairs",
    "align",
    "askable",
    "candidates_of",
    "extraction_request",
    "halves",
    "passages_of",
    "read_pairs",
    "uncovered",
]
