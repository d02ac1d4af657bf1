"""The measures: containment and F1 of answers, ranking, refusing, agreement, each with a bootstrap interval."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kbbuilder.schema import Language

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_UNITS = {"en": re.compile(r"[a-z0-9]+"), "zh": re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]")}
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^>]+>")
_ROUNDS = 1000
_READ_CHARS = {"en": 1200, "zh": 500}
_LONG_UNITS = 15
_LONG_COVER = 0.7
_SAME_QUESTION = 0.8
_ANSWER_COVER = 0.7
_ANSWER_PRECISION = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure with its 95 % percentile-bootstrap interval, all in 0..1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """One question's marks: contained in the first text, in the first five; best F1 of the first."""

    contain_1: float
    contain_5: float
    f1_1: float


def mean_figure(values: Sequence[float], groups: Sequence[Hashable] | None = None) -> Figure | None:
    """The mean; None without values. With `groups` (documents) whole groups are resampled, the honest choice when
    questions share a document."""
    if not len(values):
        return None
    array = np.asarray(values, dtype=np.float64)
    keys = list(range(len(values))) if groups is None or len(set(groups)) < 2 else list(groups)
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    member = np.array([number[key] for key in keys])
    sums, counts = np.bincount(member, weights=array), np.bincount(member)
    return figure_of(len(number), lambda chosen: float(sums[chosen].sum() / counts[chosen].sum()), float(array.mean()))


def figure_of(groups: int, measure: Callable[[NDArray[np.int64]], float], value: float) -> Figure:
    """The interval of a measure of resampled group numbers. Deterministic: the resampling has a fixed seed."""
    rng = np.random.default_rng(0)
    drawn = [measure(rng.integers(0, groups, groups)) for _ in range(_ROUNDS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(round(value, 4), round(float(low), 4), round(float(high), 4))


def answer_scores(golds: Sequence[str], texts: Sequence[str], language: Language) -> AnswerScores:
    """How well the texts (best first) answer, against any of the gold answers.

    A text counts as containing the gold answer when its first 1200 characters (Chinese: 500) hold it word for word
    (character for character), or at least 70 % of its words when it has 15 or more.
    """
    gold_units = [_units(gold, language) for gold in golds]
    contained: list[bool] = []
    f1s: list[float] = []
    for text in texts[:5]:
        units = _units(text[: _READ_CHARS[language]], language)
        contained.append(any(_contains(units, gold) for gold in gold_units))
        f1s.append(max((_f1(units, g) for g in gold_units), default=0.0))
    return AnswerScores(float(any(contained[:1])), float(any(contained)), f1s[0] if f1s else 0.0)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """The chance that one of `inside` scores above one of `outside` (ties count half); None when either is empty."""
    if not len(inside) or not len(outside):
        return None
    scores = np.concatenate((np.asarray(inside, dtype=np.float64), np.asarray(outside, dtype=np.float64)))
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n, m = len(inside), len(outside)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


@dataclass(frozen=True, slots=True)
class Matched:
    """One document's extraction against its gold: pairs that had to be found, pairs that were predicted (optional
    ones not counted), found by question, and found with the right answer."""

    wanted: int
    predicted: int
    found: int
    right: int


@dataclass(frozen=True, slots=True)
class GoldPair:
    question: str
    answer: str
    optional: bool = False


def match_pairs(gold: Sequence[GoldPair], predicted: Sequence[tuple[str, str]]) -> Matched:
    """Match one to one, most alike first, by the character pairs of the questions (Dice ≥ 0.8).

    An answer is right when it holds at least 70 % of the gold answer's words and at least half of its own are gold.
    Cost: O(gold · predicted).
    """
    gold_pairs = [_character_pairs(g.question) for g in gold]
    own_pairs = [_character_pairs(question) for question, _ in predicted]
    likeness = {(i, j): _dice(a, b) for i, a in enumerate(gold_pairs) for j, b in enumerate(own_pairs)}
    alike = sorted((-dice, i, j) for (i, j), dice in likeness.items() if dice >= _SAME_QUESTION)
    taken_gold: dict[int, int] = {}
    taken_own: set[int] = set()
    for _, i, j in alike:
        if i not in taken_gold and j not in taken_own:
            taken_gold[i] = j
            taken_own.add(j)
    needed = {i: j for i, j in taken_gold.items() if not gold[i].optional}
    return Matched(
        wanted=sum(not g.optional for g in gold),
        predicted=len(predicted) - (len(taken_gold) - len(needed)),
        found=len(needed),
        right=sum(_answers_alike(gold[i].answer, predicted[j][1]) for i, j in needed.items()),
    )


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    precision: Figure
    recall: Figure
    f1: Figure


def precision_recall(documents: Sequence[Matched], *, answers: bool) -> PrecisionRecall:
    """Over all documents, by question or (`answers`) with right answers; whole documents are resampled."""
    table = np.array([(m.wanted, m.predicted, m.right if answers else m.found) for m in documents], dtype=np.float64)

    def measure(kind: int) -> Callable[[NDArray[np.int64]], float]:
        return lambda chosen: _precision_recall_f1(table[chosen].sum(axis=0))[kind]

    everything = _precision_recall_f1(table.sum(axis=0))
    precision, recall, f1 = (figure_of(len(table), measure(kind), everything[kind]) for kind in range(3))
    return PrecisionRecall(precision, recall, f1)


def _precision_recall_f1(sums: NDArray[np.float64]) -> tuple[float, float, float]:
    wanted, predicted, hits = (float(x) for x in sums)
    precision, recall = hits / max(1.0, predicted), hits / max(1.0, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _units(text: str, language: Language) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    return _UNITS[language].findall(plain if language == "zh" else _ARTICLES.sub(" ", plain))


def _contains(units: Sequence[str], gold: Sequence[str]) -> bool:
    return _inside(gold, units) or (len(gold) >= _LONG_UNITS and _cover(gold, units) >= _LONG_COVER)


def _inside(gold: Sequence[str], units: Sequence[str]) -> bool:
    return bool(gold) and f"\x1f{chr(31).join(gold)}\x1f" in f"\x1f{chr(31).join(units)}\x1f"


def _cover(gold: Sequence[str], units: Sequence[str]) -> float:
    return (Counter(units) & Counter(gold)).total() / max(1, len(gold))


def _f1(units: Sequence[str], gold: Sequence[str]) -> float:
    common = (Counter(units) & Counter(gold)).total()
    return 2 * common / (len(units) + len(gold)) if common else 0.0


def _plain(text: str) -> str:
    return _TAG.sub(" ", _LINK.sub(r"\1", unicodedata.normalize("NFKC", text))).lower()


def _character_pairs(text: str) -> Counter[str]:
    bare = re.sub(r"[\W_]+", "", _plain(text))
    return Counter(bare[i : i + 2] for i in range(len(bare) - 1)) or Counter([bare])


def _dice(a: Counter[str], b: Counter[str]) -> float:
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def _answers_alike(gold: str, own: str) -> bool:
    gold_units = Counter(_UNITS["zh"].findall(_plain(gold)))
    own_units = Counter(_UNITS["zh"].findall(_plain(own)))
    common = (gold_units & own_units).total()
    return common >= _ANSWER_COVER * gold_units.total() and common >= _ANSWER_PRECISION * max(1, own_units.total())
