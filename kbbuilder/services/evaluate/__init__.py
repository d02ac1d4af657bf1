"""Evaluation on a user's own test sets: answers, retrieval, pairs, extraction."""

from kbbuilder.services.evaluate.metrics import Figure, PrecisionRecall
from kbbuilder.services.evaluate.reading import LineProblem
from kbbuilder.services.evaluate.reports import (
    AnswersReport,
    EvaluationReport,
    ExtractionReport,
    PairsReport,
    RetrievalReport,
)
from kbbuilder.services.evaluate.service import EvaluateService

__all__ = [
    "AnswersReport",
    "EvaluateService",
    "EvaluationReport",
    "ExtractionReport",
    "Figure",
    "LineProblem",
    "PairsReport",
    "PrecisionRecall",
    "RetrievalReport",
]
