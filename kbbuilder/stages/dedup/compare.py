"""How two entries relate. Cosine proposes pairs; only words decide."""

from __future__ import annotations

from kbbuilder.language.facts import facts_of, same_facts
from kbbuilder.language.polarity import polarity_conflict
from kbbuilder.language.text import has_cjk
from kbbuilder.schema import LinkVerdict, PairKind
from kbbuilder.stages.dedup.answers import SHARES_LITTLE, compare_answers
from kbbuilder.stages.dedup.questions import asks_for_figure, is_generic, same_question, topic_of
from kbbuilder.stages.dedup.records import Comparison, Known
from kbbuilder.stages.dedup.words import content_words

RELATED_SIMILARITY = 0.8
"""Cosine from which different questions are shown side by side as related."""


def compare(left: Known, right: Known, similarity: float) -> Comparison | None:
    """How two entries relate, or None when they have nothing to do with each other. Symmetric.

    `similarity` is the cosine of their questions; it alone never decides that two are the same.
    """
    similarity = min(1.0, max(0.0, similarity))
    if has_cjk(left.question) != has_cjk(right.question):
        return _near(similarity, "other_language")  # a translation: both stay, neither contradicts the other
    if same_question(left, right):
        verdict, reason = compare_answers(left.answer, right.answer)
        if verdict is not LinkVerdict.DUPLICATE and is_generic(left.question) and left.document != right.document:
            return Comparison(LinkVerdict.RELATED, "generic_question", similarity)
        if verdict is LinkVerdict.CONFLICT and _read_off_one_document(left, right):
            return Comparison(LinkVerdict.RELATED, "same_document", similarity)
        return Comparison(verdict, reason, similarity)
    if not same_facts(left.question, right.question):
        return _near(similarity, "facts_differ")
    if polarity_conflict(left.question, right.question):
        return _near(similarity, "direction_differs")
    return _paraphrases(left, right, similarity)


def _read_off_one_document(left: Known, right: Known) -> bool:
    """Whether a program made both questions from one document: equal ones then come from two rows or sections that
    share a name, not from a contradiction."""
    return (
        left.document == right.document != ""
        and PairKind.EXPLICIT not in (left.kind, right.kind)
        and None
        not in (
            left.kind,
            right.kind,
        )
    )


def _near(similarity: float, reason: str) -> Comparison | None:
    return Comparison(LinkVerdict.RELATED, reason, similarity) if similarity >= RELATED_SIMILARITY else None


def _paraphrases(left: Known, right: Known, similarity: float) -> Comparison | None:
    """Different questions without differing facts: shown together when they share an answer, contradict each other
    about one quantity, or are very near."""
    ours, theirs = content_words(left.question), content_words(right.question)
    overlap = len(ours & theirs) / max(1, min(len(ours), len(theirs)))
    verdict, reason = compare_answers(left.answer, right.answer)
    if verdict is LinkVerdict.DUPLICATE and overlap >= SHARES_LITTLE:
        return Comparison(LinkVerdict.VARIANT, "same_answer", similarity)
    if reason == "facts_differ" and _same_figure(left, right):
        return Comparison(LinkVerdict.CONFLICT, reason, similarity)
    return _near(similarity, "near_question")


def _same_figure(left: Known, right: Known) -> bool:
    """Whether two questions ask for one figure of one thing in different words, and the answers are short."""
    asked = asks_for_figure(left.question)
    if not asked or asked != asks_for_figure(right.question) or topic_of(left.question) != topic_of(right.question):
        return False
    return all(0 < len(facts_of(entry.answer).quantities) <= _FEW for entry in (left, right))


_FEW = 3
