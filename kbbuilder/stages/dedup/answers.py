"""When two answers say the same, one says more, or they contradict each other."""

from __future__ import annotations

import re
import unicodedata

from kbbuilder.language.facts import differing_facts, facts_of, unshared_facts
from kbbuilder.language.polarity import exception_count, negation_count, only_count, polarity_conflict
from kbbuilder.language.text import fold
from kbbuilder.schema import LinkVerdict
from kbbuilder.stages.dedup.words import content_words

NEAR_EQUAL = 0.9
"""Share of either answer's content words that stand in the other from which two answers say the same."""

SHARES_LITTLE = 0.5
"""Below this share of the shorter answer's words in the longer one, two answers are different answers."""

_LIST_MARK = re.compile(r"^\s*(?:[-*+•·]|\(?\d{1,2}[.)、](?!\d)|\([一二三四五六七八九十\d]+\))\s*", re.M)


def compare_answers(a: str, b: str) -> tuple[LinkVerdict, str]:
    """How two answers to one question relate, with the reason's code: DUPLICATE (they say the same), VARIANT (one says
    more, or both say it in other words) or CONFLICT. Symmetric."""
    a, b = (_LIST_MARK.sub("", unicodedata.normalize("NFKC", text)) for text in (a, b))
    if fold(a) == fold(b) and _signs(a) == _signs(b):
        return LinkVerdict.DUPLICATE, "same_answer"
    if differing_facts(a, b):
        return LinkVerdict.CONFLICT, "facts_differ"
    left, right = content_words(a), content_words(b)
    shared = len(left & right)
    smaller = shared / max(1, min(len(left), len(right)))
    larger = shared / max(1, max(len(left), len(right)))
    if _contradicts(a, b):
        return LinkVerdict.CONFLICT, "negation_differs"
    if larger >= NEAR_EQUAL and not unshared_facts(a, b) and _stance(a) == _stance(b):
        return LinkVerdict.DUPLICATE, "near_equal_answer"
    if smaller >= NEAR_EQUAL:
        return LinkVerdict.VARIANT, "says_more"
    if smaller > SHARES_LITTLE or _same_figures(a, b):
        return LinkVerdict.VARIANT, "worded_differently"
    return LinkVerdict.CONFLICT, "answers_differ"


def _signs(text: str) -> list[str]:
    """What folding drops and numbers need: signs, decimal points, currency and per cent marks."""
    return re.findall(r"(?<![\w])-(?=\d)|(?<=\d)[.:/](?=\d)|[%‰$€£¥°+<>=~]", text)


def _stance(text: str) -> tuple[int, bool, bool]:
    return negation_count(text), exception_count(text) > 0, only_count(text) > 0


_MAX_SENTENCES = 60
"""Of each answer; every pair of them is compared."""

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])|(?<=\.)\s|\n")


def _contradicts(a: str, b: str) -> bool:
    """Whether a sentence of one answer denies, turns or limits what one of the other says in much the same words.
    Sentences that both have are left out: they agree."""
    ours, theirs = _sentences(a), _sentences(b)
    return any(
        _opposed(ours[mine], theirs[other])
        for mine in ours.keys() - theirs.keys()
        for other in theirs.keys() - ours.keys()
    )


def _sentences(text: str) -> dict[str, str]:
    pieces = _SENTENCE_END.split(text)[:_MAX_SENTENCES]
    return {fold(piece): piece for piece in pieces if fold(piece)}


def _opposed(a: str, b: str) -> bool:
    left, right = content_words(a), content_words(b)
    if len(left & right) < SHARES_LITTLE * len(left | right):
        return False
    return (
        negation_count(a) % 2 != negation_count(b) % 2
        or (only_count(a) > 0) != (only_count(b) > 0)
        or polarity_conflict(a, b) is not None
    )


def _same_figures(a: str, b: str) -> bool:
    """Whether two answers state the same quantities (2 years, 24 months) and nothing else that can be looked up."""
    return bool(facts_of(a).quantities) and not unshared_facts(a, b)
