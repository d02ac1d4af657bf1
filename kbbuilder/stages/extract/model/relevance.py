"""Whether the cited lines speak of what the question asks, and which lines do."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import STOP_WORDS, search_tokens, telling_share
from kbbuilder.schema import Chunk
from kbbuilder.stages.extract.model.lines import Line, lines_of

BESIDE_THE_POINT = 0.2
"""Share of the question (of what of it stands in any line) under which the cited lines do not speak of it."""
TO_THE_POINT = 0.5
"""The share another line must hold for the citation to be taken for a slip."""


def answering(question: str, cited: Sequence[Line], chunk: Chunk) -> tuple[Line, ...]:
    """The cited lines; or the one line that clearly speaks of the question where the cited ones do not, with those
    cited right beside it (they go on from it).

    Words weigh by how few lines have them: the product's name, in every line, tells nothing. Cost: O(characters).
    """
    lines = lines_of(chunk)
    words = [content_words(_shown(line, chunk)) for line in lines]
    rarity = Counter(word for found in words for word in found)
    asked = {w: telling_share(w) * math.log(1 + len(lines) / rarity[w]) for w in content_words(question) if rarity[w]}
    total = sum(asked.values())
    if not total or not lines:
        return tuple(cited)
    held = {
        line.number: sum(asked[w] for w in asked if w in found) / total
        for line, found in zip(lines, words, strict=True)
    }
    cited_words = frozenset(word for line in cited for word in words[line.number - 1])
    best = max(lines, key=lambda line: (held[line.number], -line.number))
    ours = sum(asked[w] for w in asked if w in cited_words) / total
    if ours <= BESIDE_THE_POINT and held[best.number] >= TO_THE_POINT:
        near = [line for line in cited if abs(line.number - best.number) == 1]
        return tuple(sorted((best, *near), key=lambda line: line.number))
    return tuple(cited)


def content_words(text: str) -> frozenset[str]:
    """The tokens that tell something: of Chinese the pairs of characters."""
    return frozenset(t for t in search_tokens(text) if t not in STOP_WORDS and not (len(t) == 1 and has_cjk(t)))


def _shown(line: Line, chunk: Chunk) -> str:
    return chunk.text[line.start : line.end]
