"""How much of two wordings' words are the same, weighed by how much each word tells."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import telling_share

# Words of a library of one entry would all look common; these silent neighbours keep the weights sane when it is small.
_UNSEEN_DOCUMENTS = 50


_SINGLE_CHARACTER = 0.5
"""A Chinese character counts again in the pairs it is part of."""


class WordOverlap:
    """An inverted index over wordings, in memory. Immutable.

    The overlap is Σ weight(common words) / √(Σ weight(query) · Σ weight(wording)): 0 without a common word, 1 for the
    same set of words, whatever the library's size. A word's weight is its BM25 idf, function words at 30 %. (Measured
    on four FAQ sets: the geometric mean refuses better than coverage of the query, F-measure or cosine.)

    Cost: building 6 µs a token; a query about n·(its words' share of wordings) additions in numpy, 1–3 ms at 100,000.
    """

    def __init__(self, wordings: Sequence[Sequence[str]]) -> None:
        vocabulary: dict[str, int] = {}
        words: list[int] = []
        rows: list[int] = []
        for row, tokens in enumerate(wordings):
            distinct = set(tokens)
            words += [vocabulary.setdefault(token, len(vocabulary)) for token in distinct]
            rows += [row] * len(distinct)
        self.size = len(wordings)
        self._vocabulary = vocabulary
        word_ids = np.asarray(words, dtype=np.int64)
        order = np.argsort(word_ids, kind="stable")
        self._rows = np.asarray(rows, dtype=np.int32)[order]
        counts = np.bincount(word_ids, minlength=len(vocabulary))
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        stop = np.array([_share(token) for token in vocabulary])
        self._weights = (self._idf(counts) * stop).astype(np.float32)
        sums = np.bincount(self._rows, weights=np.repeat(self._weights, counts), minlength=self.size)
        self._root_sums = np.sqrt(np.maximum(sums, 1e-9)).astype(np.float32)

    def with_query(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        """The overlap of a query with each wording: shape (size,), 0..1."""
        common = np.zeros(self.size, dtype=np.float32)
        total = 0.0
        for token in set(tokens):
            word = self._vocabulary.get(token)
            if word is None:
                total += self._unseen * _share(token)
                continue
            weight = self._weights[word]
            total += float(weight)
            common[self._rows[self._starts[word] : self._starts[word + 1]]] += weight
        if total == 0.0:
            return common
        common /= self._root_sums * math.sqrt(total)
        return common

    @property
    def _unseen(self) -> float:
        return float(self._idf(np.zeros(1))[0])

    def _idf(self, document_counts: NDArray[np.generic]) -> NDArray[np.float64]:
        n = self.size + _UNSEEN_DOCUMENTS
        counts = document_counts.astype(np.float64)
        return np.log1p((n - counts + 0.5) / (counts + 0.5))


def _share(token: str) -> float:
    return telling_share(token) * (_SINGLE_CHARACTER if len(token) == 1 and has_cjk(token) else 1.0)
