"""What makes a wording the wrong one however alike it looks: another model, another number, the opposite action."""

from __future__ import annotations

import re

from kbbuilder.language.facts import differing_facts, facts_of, polarity_conflict
from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import search_tokens, telling_share

_OPPOSITE_FROM = 0.3
_NUMBER_FROM = 0.3
_NEGATION_FROM = 0.6


def clash_of(query: str, wording: str, overlap: float) -> str:
    """Why the two do not ask the same thing, in a few words; empty when nothing speaks against it.

    Another model or error code (X200/X300) always speaks against it. An opposite or another number does so only
    between texts that otherwise use the same words, a negation only between near-copies: customers say "I can't log
    in" and mean "How do I log in?".

    Args:
        overlap: the share of words the two have in common, 0..1, as `WordOverlap` measures it.

    Source: cosine of "turn on"/"turn off" 0.99, so no embedding separates such pairs; without the limits on `overlap`
    the rules cost 9 points of accuracy on StackFAQ, with them none on four FAQ sets.
    """
    asked, offered = _model_codes(query), _model_codes(wording)
    if asked and offered and not asked & offered:
        return f"differs in {', '.join(sorted(asked))}"
    if overlap < min(_OPPOSITE_FROM, _NUMBER_FROM):
        return ""
    opposite = polarity_conflict(query, wording)
    if opposite is not None and overlap >= (_NEGATION_FROM if opposite == "negation" else _OPPOSITE_FROM):
        return f"opposite: {opposite}"
    differing = differing_facts(query, wording)
    return f"differs in {', '.join(differing)}" if differing else ""


_ASKS_FOR_MEANING = re.compile(
    r"\b(?:what(?:'s| is| are)|means?|meaning|defin\w+|explain\w*|exactly|stands? for|briefly)\b"
    r"|意思|含义|定义|概念|解释|介绍|简介|说明|何谓|什么叫|指的?是|是指|究竟|到底|具体|全称",
    re.I,
)


def asks_for_more(query: str, definition: str) -> bool:
    """Whether a query names the subject of a definition and then asks something else about it: "Who developed X?" is
    not answered by "What is X?", though every word of the latter is in it."""
    asked, subject = _telling(query), _telling(definition)
    more = len(asked - subject)
    # A Chinese word of two characters adds at least two pairs unless it stands at the end.
    word = 2 if has_cjk(query) else 1
    # A subject that is spelt otherwise in the query may be a slip: only several more words then show another question.
    return more >= (word if subject <= asked else 3 * word)


def _telling(text: str) -> set[str]:
    """The words that tell the topic; of Chinese the pairs of characters."""
    tokens = search_tokens(_ASKS_FOR_MEANING.sub(" ", text))
    return {t for t in tokens if telling_share(t) == 1.0 and not (len(t) == 1 and has_cjk(t))}


def _model_codes(text: str) -> frozenset[str]:
    return frozenset(code for code in facts_of(text).codes if any(char.isdigit() for char in code))
