"""What an evaluation found, as plain values. All measures lie in 0..1; None where a set has nothing to measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbbuilder.services.evaluate.metrics import Figure, PrecisionRecall
from kbbuilder.services.evaluate.reading import LineProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """What all reports share. `problems`: lines of the test set that could not be used."""

    data: str
    """The test set, as it was named."""
    problems: tuple[LineProblem, ...]
    seconds: float

    def lines(self) -> tuple[str, ...]:
        """The report in plain English, a line a figure, for a terminal."""
        unusable = (f"  {p.file} line {p.line} not used: {p.reason}" for p in self.problems)
        return (self.data, *(f"  {line}" for line in self._figures()), *unusable)

    def _figures(self) -> Iterator[str]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersReport(EvaluationReport):
    """Asking questions with known answers. `contain_k`: the gold answer is in one of the first k texts."""

    questions: int
    answerable: int
    unanswerable: int
    contain_1: Figure | None
    contain_5: Figure | None
    f1_1: Figure | None
    answered: Figure | None
    """Share of the answerable questions that were not refused."""
    unanswerable_rejected: Figure | None
    routes: Mapping[str, int]
    """How many questions went which way: faq, document, refuse."""
    documents_failed: tuple[str, ...]
    """Documents of the test set that gave no text, with the code of the outcome."""

    def _figures(self) -> Iterator[str]:
        yield f"questions {self.questions}, answerable {self.answerable}, unanswerable {self.unanswerable}"
        yield f"gold answer in the first text  {_shown(self.contain_1)}"
        yield f"gold answer in the first five  {_shown(self.contain_5)}"
        yield f"F1 of the first text           {_shown(self.f1_1)}"
        yield f"answerable and answered        {_shown(self.answered)}"
        yield f"unanswerable and refused       {_shown(self.unanswerable_rejected)}"
        yield "answered from: " + ", ".join(f"{route} {n}" for route, n in self.routes.items())
        yield from (f"document failed: {name}" for name in self.documents_failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalReport(EvaluationReport):
    """Finding the entry a query asks for, and refusing what no entry answers."""

    faqs: int
    in_scope: int
    out_of_scope: int
    acc_1: Figure | None
    acc_5: Figure | None
    mrr: Figure | None
    """Mean of 1 / rank of the right entry among the first ten."""
    auroc: float | None
    """The chance that an in-scope query's best score is above an out-of-scope one's."""
    threshold: float
    rejected: Figure | None
    """Share of the out-of-scope queries below the threshold."""
    wrongly_rejected: Figure | None
    """Share of the in-scope queries below the threshold."""

    def _figures(self) -> Iterator[str]:
        yield f"entries {self.faqs}, queries in scope {self.in_scope}, out of scope {self.out_of_scope}"
        yield f"right entry first         {_shown(self.acc_1)}"
        yield f"right entry in first five {_shown(self.acc_5)}"
        yield f"mean reciprocal rank      {_shown(self.mrr)}"
        yield f"in scope above out (AUROC) {'-' if self.auroc is None else f'{self.auroc:.3f}'}"
        yield f"out of scope refused at {self.threshold:.2f}  {_shown(self.rejected)}"
        yield f"in scope refused at {self.threshold:.2f}      {_shown(self.wrongly_rejected)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsReport(EvaluationReport):
    """Telling pairs of the same question from others by the cosine that dedup starts from."""

    pairs: int
    same: int
    auc: float | None
    threshold: float
    accuracy: Figure
    """At the threshold from which dedup compares two questions."""
    best_threshold: float
    best_accuracy: float

    def _figures(self) -> Iterator[str]:
        yield f"pairs {self.pairs}, same question {self.same}"
        yield f"AUC {'-' if self.auc is None else f'{self.auc:.3f}'}"
        yield f"accuracy at {self.threshold:.2f}  {_shown(self.accuracy)}"
        yield f"best accuracy {self.best_accuracy:.3f} at {self.best_threshold:.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionReport(EvaluationReport):
    """Pairs taken from documents against the pairs a person finds in them."""

    documents: int
    gold: int
    """Pairs that must be found (optional ones not counted)."""
    predicted: int
    question: PrecisionRecall
    """Matched by question."""
    answer: PrecisionRecall
    """Matched by question, with the right answer."""
    documents_failed: tuple[str, ...]

    def _figures(self) -> Iterator[str]:
        yield f"documents {self.documents}, gold pairs {self.gold}, extracted {self.predicted}"
        for name, measured in (("by question", self.question), ("with right answer", self.answer)):
            yield f"{name}: precision {_shown(measured.precision)}"
            yield f"{name}: recall    {_shown(measured.recall)}"
            yield f"{name}: F1        {_shown(measured.f1)}"
        yield from (f"document failed: {name}" for name in self.documents_failed)


def _shown(figure: Figure | None) -> str:
    return "-" if figure is None else f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
