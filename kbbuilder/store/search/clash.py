"""What makes a wording the wrong one however alike it looks: another model, another number, the opposite action."""

from __future__ import annotations

from kbbuilder.language.facts import differing_facts, facts_of, polarity_conflict

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


def _model_codes(text: str) -> frozenset[str]:
    return frozenset(code for code in facts_of(text).codes if any(char.isdigit() for char in code))
