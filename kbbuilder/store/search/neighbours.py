"""New questions and what is near them, among themselves and in the library: what dedup has to look at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from kbbuilder.ports import Embedder
from kbbuilder.store.search.entry_index import EntryIndex
from kbbuilder.store.search.vectors import NOISE, exact_cosines, vectors_of

SIMILAR_FROM = 0.6
"""The cosine from which two questions are worth comparing. Source: unrelated ones stay below 0.47, paraphrases reach
0.53 and more."""
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Pairs at or above the threshold, with the best cosine over the wordings of both sides.

    within: (i, j, cosine) of two new items, i < j. library: (i, entry id, cosine).
    """

    within: tuple[tuple[int, int, float], ...]
    library: tuple[tuple[int, str, float], ...]


def neighbours(
    conn: Connection,
    embedder: Embedder,
    index: EntryIndex,
    new: Sequence[Sequence[str]],
    *,
    threshold: float = SIMILAR_FROM,
    limit: int = 20,
    exclude: Collection[str] = (),
) -> Neighbours:
    """What is near the new items; `new[i]` holds the wordings of one.

    Args:
        index: the library's entries.
        limit: at most so many neighbours of each wording on each side, the nearest first.
        exclude: entry ids to leave out (the items' own rows, when they are stored already).
    """
    texts = [wording for wordings in new for wording in wordings]
    owners = np.asarray([i for i, wordings in enumerate(new) for _ in wordings], dtype=np.int64)
    if not texts:
        return Neighbours((), ())
    vectors = vectors_of(conn, embedder, texts)
    within: dict[tuple[int, int], float] = {}
    for start in range(0, len(texts), _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ vectors.T
        for row, values in enumerate(cosines, start):
            # Each pair is seen from both of its sides, so the cut at `limit` keeps it if either side does.
            near = np.flatnonzero((values >= threshold - NOISE) & (owners != owners[row]))
            if len(near) > limit > 0:
                near = near[values[near] >= np.partition(values[near], -limit)[-limit] - NOISE]
            exact = exact_cosines(vectors[near], vectors[row])
            for nth in np.argsort(-exact, kind="stable")[:limit].tolist():
                a, b, cosine = int(owners[row]), int(owners[near[nth]]), float(exact[nth])
                if cosine >= threshold:
                    pair = (min(a, b), max(a, b))
                    within[pair] = max(within.get(pair, 0.0), cosine)
    library: dict[tuple[int, str], float] = {}
    for owner, hits in zip(owners.tolist(), index.nearest(vectors, threshold, limit + len(exclude)), strict=True):
        for entry_id, cosine in [hit for hit in hits if hit[0] not in exclude][:limit]:
            library[owner, entry_id] = max(library.get((owner, entry_id), 0.0), cosine)
    return Neighbours(
        tuple((i, j, cosine) for (i, j), cosine in sorted(within.items())),
        tuple((i, entry_id, cosine) for (i, entry_id), cosine in sorted(library.items())),
    )
