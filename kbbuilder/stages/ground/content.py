"""Whether what an answer says stands in its quotes: facts, words, negation."""

from __future__ import annotations

from typing import NamedTuple

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.text import fold
from kbbuilder.language.tokens import search_tokens
from kbbuilder.schema import Candidate
from kbbuilder.stages.ground.names import foreign_names
from kbbuilder.stages.ground.order import reordered
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.stance import contradicts_itself, turned
from kbbuilder.stages.ground.words import sentences, support

MIN_SUPPORT = 0.7
"""Share of the answer's content tokens that must stand in the evidence. Verbatim answers reach 1.0; a model's own
words that keep the facts stay above .75, inventions fall under .6."""

MIN_SENTENCE_SUPPORT = 0.45
"""The same for each sentence: one invented sentence must not hide among true ones."""


class Evidence(NamedTuple):
    quotes: str
    naming: str
    """Headings, title and table headers: they lend names and units, they prove no statement."""


def answer_content(candidate: Candidate, evidence: Evidence) -> list[Finding]:
    answer = candidate.answer
    if fold(answer) == fold(evidence.quotes):
        return []
    findings = []
    missing = missing_facts(answer, f"{evidence.quotes}\n{evidence.naming}")
    if missing:
        findings.append(Finding("fact_not_in_source", ", ".join(missing)))
    against = turned(answer, evidence.quotes)
    if against:
        findings.append(Finding("negation_changed", against))
    elif contradicts_itself(candidate.question, answer):
        findings.append(Finding("negation_changed", f"“{answer[:80]}”"))
    strange = foreign_names(answer, f"{evidence.quotes}\n{evidence.naming}")
    if strange:
        findings.append(Finding("name_not_in_source", ", ".join(strange)))
    moved = reordered(answer, evidence.quotes)
    if moved:
        findings.append(Finding("order_changed", f"“{moved[:80]}”"))
    unsupported = _unsupported(answer, f"{evidence.quotes}\n{evidence.naming}")
    if unsupported:
        findings.append(Finding("unsupported", unsupported))
    return findings


def _unsupported(answer: str, source: str) -> str:
    """What is not in the source when too much of the answer, or nearly all of one of its sentences, is not; else ""."""
    known = frozenset(search_tokens(source))
    share, lacking = support(answer, known)
    if share < MIN_SUPPORT:
        return f"support {share:.2f}; not in the source: {', '.join(lacking[:8])}"
    for sentence in sentences(answer):
        share, lacking = support(sentence, known)
        if share < MIN_SENTENCE_SUPPORT and len(lacking) >= 3:
            return f"support {share:.2f} of “{sentence[:60]}”; not in the source: {', '.join(lacking[:8])}"
    return ""
