"""Measure a library, or what would be built, on a user's own test sets."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np

from kbbuilder.errors import ConfigError, PathNotFound
from kbbuilder.ports import Embedder
from kbbuilder.schema import Answer, Route
from kbbuilder.services.evaluate.metrics import (
    GoldPair,
    Matched,
    answer_scores,
    auroc,
    match_pairs,
    mean_figure,
    precision_recall,
)
from kbbuilder.services.evaluate.reading import (
    FaqLine,
    GoldLine,
    Lines,
    ManifestLine,
    PairLine,
    QueryLine,
    QuestionLine,
    read_lines,
    without_doubles,
)
from kbbuilder.services.evaluate.reports import (
    AnswersReport,
    EvaluationReport,
    ExtractionReport,
    PairsReport,
    RetrievalReport,
)
from kbbuilder.store.database import Database
from kbbuilder.store.entries import walk
from kbbuilder.store.search import SIMILAR_FROM, EntryIndex

_COLLECTION = "evaluation"
_RANKED = 10


class Asker(Protocol):
    def ask_many(
        self, questions: Sequence[str], *, collection: str, include_pending: bool = False, log: bool = True
    ) -> list[Answer]: ...


class FileOutcome(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def outcome(self) -> str: ...


class Outcomes(Protocol):
    @property
    def documents(self) -> Sequence[FileOutcome]: ...


class Builder(Protocol):
    def add_paths(self, paths: Sequence[Path], *, collection: str, engine: str) -> object: ...
    def run(self, *, collection: str | None = None) -> Outcomes: ...


class TemporaryLibrary(Protocol):
    """A library of its own, with everything wired as the user's settings have it."""

    @property
    def build(self) -> Builder: ...
    @property
    def ask(self) -> Asker: ...


OpenTemporary = Callable[[str], AbstractContextManager[TemporaryLibrary]]


class EvaluateService:
    """Runs test sets against the library, or against temporary ones that are gone afterwards.

    Args:
        ask: the library at hand.
        faq_threshold: the score from which an entry answers.
        open_temporary: opens a fresh library at a database address.
    """

    def __init__(
        self,
        ask: Asker,
        embedder: Embedder,
        *,
        faq_threshold: float,
        open_temporary: OpenTemporary,
    ) -> None:
        self._ask = ask
        self._embedder = embedder
        self._faq_threshold = faq_threshold
        self._open_temporary = open_temporary

    def measure(self, what: str, data: Path, *, collection: str) -> EvaluationReport:
        """One of the four below, by name: answers, retrieval, pairs, extraction.

        Raises:
            ConfigError: there is no such evaluation, or the test set is not usable.
        """
        match what:
            case "answers":
                return self.answers(data, collection=collection)
            case "retrieval":
                return self.retrieval(data)
            case "pairs":
                return self.pairs(data)
            case "extraction":
                return self.extraction(data)
            case _:
                raise ConfigError(
                    f"there is no evaluation {what!r}; it must be answers, retrieval, pairs or extraction"
                )

    def answers(self, data: Path, *, collection: str, include_pending: bool = False) -> AnswersReport:
        """Ask every question of a set and look for its gold answer in what comes back.

        Args:
            data: a folder with `docs/` and `qa.jsonl` (a temporary library is built from the documents, its entries
                count although nobody approved them), or a `qa.jsonl` (the library at hand is asked).
            collection: of the library at hand.

        Raises:
            PathNotFound: the folder or file is not there.
            ConfigError: no line of the file is usable.
        """
        started = time.perf_counter()
        if not data.is_dir():
            lines = read_lines(data, QuestionLine)
            found = self._ask.ask_many(
                [q.question for q in lines.kept], collection=collection, include_pending=include_pending, log=False
            )
            return _answers_report(data, lines, found, (), started)
        lines = read_lines(data / "qa.jsonl", QuestionLine)
        with self._built({_COLLECTION: [_documents_of(data)]}) as (_, library, failed):
            found = library.ask.ask_many(
                [q.question for q in lines.kept], collection=_COLLECTION, include_pending=True, log=False
            )
        return _answers_report(data, lines, found, failed, started)

    def retrieval(self, data: Path) -> RetrievalReport:
        """Search a set's entries with its queries.

        Args:
            data: a folder with `faqs.jsonl` and `queries.jsonl`.

        Raises:
            PathNotFound: one of the files is not there.
            ConfigError: no line of one of them is usable.
        """
        started = time.perf_counter()
        faqs = read_lines(data / "faqs.jsonl", FaqLine)
        faqs = without_doubles(faqs, [f.faq_id for f in faqs.kept], "faqs.jsonl")
        queries = read_lines(data / "queries.jsonl", QueryLine)
        wordings = [(f.faq_id, wording) for f in faqs.kept for wording in dict.fromkeys((f.question, *f.similar))]
        index = EntryIndex.empty(self._embedder).with_wordings(wordings)
        ranked = index.rank([q.query for q in queries.kept], _RANKED)
        best = [hits[0][1] if hits else 0.0 for hits in ranked]
        inside = [i for i, q in enumerate(queries.kept) if q.faq_id is not None]
        outside = [i for i, q in enumerate(queries.kept) if q.faq_id is None]
        ranks = [_rank_of(queries.kept[i].faq_id, ranked[i]) for i in inside]
        return RetrievalReport(
            data=str(data),
            faqs=len(faqs.kept),
            in_scope=len(inside),
            out_of_scope=len(outside),
            acc_1=mean_figure([float(rank == 1) for rank in ranks]),
            acc_5=mean_figure([float(rank <= 5) for rank in ranks]),
            mrr=mean_figure([1 / rank if rank <= _RANKED else 0.0 for rank in ranks]),
            auroc=auroc([best[i] for i in inside], [best[i] for i in outside]),
            threshold=self._faq_threshold,
            rejected=mean_figure([float(best[i] < self._faq_threshold) for i in outside]),
            wrongly_rejected=mean_figure([float(best[i] < self._faq_threshold) for i in inside]),
            problems=faqs.problems + queries.problems,
            seconds=time.perf_counter() - started,
        )

    def pairs(self, data: Path) -> PairsReport:
        """Tell pairs that ask the same from pairs that do not.

        Args:
            data: JSON lines with `a`, `b` and `label` (1 the same, 0 not).

        Raises:
            PathNotFound: the file is not there.
            ConfigError: no line of it is usable.
        """
        started = time.perf_counter()
        lines = read_lines(data, PairLine)
        texts = list(dict.fromkeys(text for pair in lines.kept for text in (pair.a, pair.b)))
        row = {text: i for i, text in enumerate(texts)}
        vectors = self._embedder.encode(texts)
        cosines = np.array([float(vectors[row[p.a]] @ vectors[row[p.b]]) for p in lines.kept])
        same = np.array([p.label == 1 for p in lines.kept])
        right = (cosines >= SIMILAR_FROM) == same
        cuts = np.unique(cosines)
        accuracies = [float(((cosines >= cut) == same).mean()) for cut in cuts]
        best = int(np.argmax(accuracies))
        area = auroc(cosines[same].tolist(), cosines[~same].tolist())
        accuracy = mean_figure(right.astype(float).tolist())
        assert accuracy is not None  # read_lines returns at least one line
        return PairsReport(
            data=str(data),
            pairs=len(lines.kept),
            same=int(same.sum()),
            auc=area,
            threshold=SIMILAR_FROM,
            accuracy=accuracy,
            best_threshold=round(float(cuts[best]), 4),
            best_accuracy=round(accuracies[best], 4),
            problems=lines.problems,
            seconds=time.perf_counter() - started,
        )

    def extraction(self, data: Path, *, docs: Path | None = None) -> ExtractionReport:
        """Build the documents of a set, each in a library of its own, and compare the entries with the gold pairs.

        Args:
            data: a folder with `gold.jsonl`, `docs/` and perhaps `manifest.jsonl` (doc_id → files, the first one is
                read); without a manifest a document is found by its name without extension. Or the gold file itself.
            docs: where the documents are, when not in `docs/` beside the gold file.

        Raises:
            PathNotFound: the gold file or the documents are not there.
            ConfigError: no line of the gold file is usable, or none of its documents is there.
        """
        started = time.perf_counter()
        gold_file = data / "gold.jsonl" if data.is_dir() else data
        lines = read_lines(gold_file, GoldLine)
        gold: dict[str, list[GoldPair]] = {}
        for line in lines.kept:
            gold.setdefault(line.doc_id, []).append(GoldPair(line.question, line.answer, line.optional))
        files = _files_of(gold_file, docs or gold_file.parent / "docs", sorted(gold))
        if not files:
            raise ConfigError(f"none of the documents that {gold_file} names is in {docs or gold_file.parent / 'docs'}")
        with self._built({doc_id: [path] for doc_id, path in files.items()}) as (address, _, failed):
            predicted = _pairs_by_collection(address)
        matched = [match_pairs(gold[doc_id], predicted.get(doc_id, [])) for doc_id in files]
        return ExtractionReport(
            data=str(data),
            documents=len(files),
            gold=_sum(matched, lambda m: m.wanted),
            predicted=_sum(matched, lambda m: m.predicted),
            question=precision_recall(matched, answers=False),
            answer=precision_recall(matched, answers=True),
            documents_failed=failed,
            problems=lines.problems,
            seconds=time.perf_counter() - started,
        )

    @contextmanager
    def _built(self, paths: Mapping[str, Sequence[Path]]) -> Iterator[tuple[str, TemporaryLibrary, tuple[str, ...]]]:
        """A temporary library with these collections of documents: its address, itself, and what failed."""
        with tempfile.TemporaryDirectory(prefix="kbbuilder-eval-") as folder:
            address = f"sqlite:///{Path(folder).as_posix()}/library.db"
            with self._open_temporary(address) as library:
                for collection, files in paths.items():
                    library.build.add_paths(files, collection=collection, engine="auto")
                outcomes = library.build.run().documents
                failed = tuple(sorted(f"{o.name}: {o.outcome}" for o in outcomes if o.outcome != "PARSED"))
                yield address, library, failed


def _answers_report(
    data: Path, lines: Lines[QuestionLine], found: Sequence[Answer], failed: tuple[str, ...], started: float
) -> AnswersReport:
    # Yes/no answers have no text that a passage could contain.
    asked = [(q, a) for q, a in zip(lines.kept, found, strict=True) if q.answers and q.answer_type != "yesno"]
    refusable = [a for q, a in zip(lines.kept, found, strict=True) if not q.answers]
    scores = [answer_scores(q.answers, a.answers, q.language) for q, a in asked]
    documents = [q.doc_id for q, _ in asked]
    return AnswersReport(
        data=str(data),
        questions=len(lines.kept),
        answerable=len(asked),
        unanswerable=len(refusable),
        contain_1=mean_figure([s.contain_1 for s in scores], documents),
        contain_5=mean_figure([s.contain_5 for s in scores], documents),
        f1_1=mean_figure([s.f1_1 for s in scores], documents),
        answered=mean_figure([float(bool(a.answers)) for _, a in asked], documents),
        unanswerable_rejected=mean_figure([float(not a.answers) for a in refusable]),
        routes={route.value: Counter(a.route for a in found)[route] for route in Route},
        documents_failed=failed,
        problems=lines.problems,
        seconds=time.perf_counter() - started,
    )


def _rank_of(faq_id: str | None, ranked: Sequence[tuple[str, float]]) -> int:
    return next((place for place, (found, _) in enumerate(ranked, 1) if found == faq_id), _RANKED + 1)


def _documents_of(data: Path) -> Path:
    docs = data / "docs"
    if not docs.is_dir():
        raise PathNotFound(f"{docs} does not exist")
    return docs


def _files_of(gold_file: Path, docs: Path, doc_ids: Sequence[str]) -> dict[str, Path]:
    """The file of each document that is there: the manifest's first, else the first of that name."""
    if not docs.is_dir():
        raise PathNotFound(f"{docs} does not exist")
    manifest = gold_file.parent / "manifest.jsonl"
    named = {m.doc_id: m.files[0] for m in read_lines(manifest, ManifestLine).kept} if manifest.is_file() else {}
    by_stem: dict[str, str] = {}
    for path in sorted(docs.iterdir()):
        by_stem.setdefault(path.stem, path.name)
    found: dict[str, Path] = {}
    for doc_id in doc_ids:
        # Only a plain name: a test set may not reach outside its folder.
        path = docs / Path(named.get(doc_id, by_stem.get(doc_id, doc_id))).name
        if path.is_file():
            found[doc_id] = path
    return found


def _pairs_by_collection(address: str) -> dict[str, list[tuple[str, str]]]:
    pairs: dict[str, list[tuple[str, str]]] = {}
    db = Database(address)
    try:
        with db.read() as conn:
            for entry in walk(conn):
                pairs.setdefault(entry.collection, []).append((entry.question, entry.answer))
    finally:
        db.close()
    return pairs


def _sum(matched: Sequence[Matched], part: Callable[[Matched], int]) -> int:
    return sum(part(m) for m in matched)
