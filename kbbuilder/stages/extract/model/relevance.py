"""Whether the cited lines speak of what the question asks, and which lines do."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import STOP_WORDS, search_tokens, telling_share
from kbbuilder.schema import Chunk, PairKind
from kbbuilder.stages.extract.model.lines import Line, lines_of
from kbbuilder.stages.extract.model.questions import kind_of
from kbbuilder.stages.extract.tables import header_labels

TO_THE_POINT = 0.5
"""Share of the question (of what of it stands in any line) that a line must hold to speak of it."""
CLEARLY_MORE = 1.6
"""How many times as much of the question as the cited lines another line must hold for the citation to be a slip."""
_WHOLE_SECTION = {"zh": 450, "en": 1200}
"""Characters up to which a section is the answer to a question about all of it."""
_FOR_HEADING = 0.5
"""Share of a question's words that its headings have from which it asks for all that stands under them."""
_ALONE, _AHEAD = 0.8, 1.3
"""Of lines cited at large, one is the answer that holds this share of what all of them hold of the question, and so
many times what the next one does."""
_STRAYS = 3
"""How many lines a question is easily off the one it was asked of."""
_THERE, _THERE_FAR_OFF = 0.6, 0.8
"""Share of a question that a line must hold to be the one it strayed to, near by and farther off."""
_CLEARLY_FIRST = 1.25
"""How many times what the next line holds a line farther off must hold."""
_NAMING = 0.25
"""What a word of the headings weighs."""


_ASKING = frozenset(
    search_tokens("purpose role importance benefit advantage difference differences meaning process steps way")
)
"""Words that say what kind of thing is asked: a line that has them by chance ("for each purpose") is no answer."""


def answering(question: str, cited: Sequence[Line], chunk: Chunk, *, at_large: bool = False) -> tuple[Line, ...]:
    """The cited lines; or the one line that clearly speaks of the question where the cited ones do not, with those
    cited right after it (they go on from it); or all lines of a short section whose heading is all that is asked for.
    Of lines cited `at_large` the one that by itself speaks of the question, where there is one.

    Words weigh by how few lines have them, and little if the headings have them: the product's name tells no line from
    another. Cost: O(characters).
    """
    if not cited:
        return ()
    lines = lines_of(chunk)
    naming = content_words(" ".join(chunk.heading_path))
    words_asked = content_words(question)
    words = [content_words(_shown(line, chunk)) for line in lines]
    asked = {word: weight * (_NAMING if word in naming else 1) for word, weight in _weights(words_asked, words).items()}
    short = lines[-1].end - lines[0].start <= _WHOLE_SECTION[chunk.language]
    for_heading = not asked.keys() - naming and len(words_asked & naming) >= _FOR_HEADING * max(1, len(words_asked))
    if short and for_heading and _asks_for_all(question):
        return lines
    total = sum(asked.values())
    if not total:
        return tuple(cited)
    held = [sum(asked[word] for word in asked if word in found) / total for found in words]
    ours = sum(asked[word] for word in asked if any(word in words[line.number - 1] for line in cited)) / total
    one = max(cited, key=lambda line: held[line.number - 1])
    others = max((held[line.number - 1] for line in cited if line is not one), default=0.0)
    if at_large and held[one.number - 1] >= max(_ALONE * ours, _AHEAD * others) and _is_whole(one, chunk):
        return (one,)
    lacking = _names_not_in(question, cited, chunk)
    naming_it = [line for line in lines if lacking and not _names_not_in(question, [line], chunk)]
    best = max(naming_it or lines, key=lambda line: (held[line.number - 1], -line.number))
    if naming_it and held[best.number - 1] < ours:
        return tuple(cited)  # the name only says whose matter it is ("… in Orla 6.0"); the cited lines are the matter
    slip = ours < TO_THE_POINT <= held[best.number - 1] and held[best.number - 1] >= CLEARLY_MORE * ours
    if not naming_it and (not slip or _names_not_in(question, [best], chunk) - lacking):
        return tuple(cited)
    near = [line for line in cited if line.number == best.number + 1]
    return (best, *near)


def strayed(question: str, asked_of: Sequence[Line], chunk: Chunk) -> tuple[Line, ...]:
    """The passage that a question was asked of; or the one that it clearly speaks of instead, above all one near by: a
    small model that asks of each in turn loses a step, and keeps its distance for a while.

    Cost: O(characters).
    """
    if not asked_of:
        return ()
    own = asked_of[0]
    lines = lines_of(chunk)
    told = [content_words(_shown(line, chunk)) for line in lines]
    weights = _weights(content_words(question) - content_words(" ".join(chunk.heading_path)), told)
    total = sum(weights.values())
    if not total:
        return tuple(asked_of)
    held = [sum(weight for word, weight in weights.items() if word in found) / total for found in told]
    ranked = sorted(lines, key=lambda line: (-held[line.number - 1], abs(line.number - own.number)))
    best, most, ours = ranked[0], held[ranked[0].number - 1], held[own.number - 1]
    clear = len(ranked) == 1 or most >= _CLEARLY_FIRST * held[ranked[1].number - 1]
    there = most >= _THERE if abs(best.number - own.number) <= _STRAYS else most >= _THERE_FAR_OFF and clear
    worse = _names_not_in(question, [best], chunk) - _names_not_in(question, asked_of, chunk)
    return (best,) if there and most >= CLEARLY_MORE * ours and not worse else tuple(asked_of)


def _weights(asked: frozenset[str], lines: Sequence[frozenset[str]]) -> dict[str, float]:
    """What the words of a question weigh that some line has: more the fewer lines have them."""
    rarity = Counter(word for line in lines for word in line)
    return {
        word: telling_share(word) * math.log(1 + len(lines) / rarity[word]) for word in asked - _ASKING if rarity[word]
    }


def _is_whole(line: Line, chunk: Chunk) -> bool:
    """Whether a line is a row or ends as a sentence does: a step's title, or what leads into a list, does not."""
    return line.row is not None or re.search(r"[。.！!？?；;][)）”\"]?$", chunk.text[line.start : line.end]) is not None


def _asks_for_all(question: str) -> bool:
    """Whether a question asks how or what, not how much or whether."""
    return kind_of(question) in (PairKind.HOW_TO, PairKind.DEFINITION, PairKind.TOPIC)


def _names_not_in(question: str, lines: Sequence[Line], chunk: Chunk) -> frozenset[str]:
    """The names, codes and numbers of the question (README, `ls`, E21) that neither the lines nor the headings have."""
    return frozenset(
        missing_facts(question, "\n".join((*(_shown(line, chunk) for line in lines), *chunk.heading_path)))
    )


def content_words(text: str) -> frozenset[str]:
    """The tokens that tell something: of Chinese the pairs of characters."""
    return frozenset(t for t in search_tokens(text) if t not in STOP_WORDS and not (len(t) == 1 and has_cjk(t)))


def _shown(line: Line, chunk: Chunk) -> str:
    text = chunk.text[line.start : line.end]
    return text if line.row is None else " ".join((text, *header_labels(chunk.parts[line.part].element)))
