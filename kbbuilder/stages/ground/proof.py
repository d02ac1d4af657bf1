"""The proof of one candidate: quotes, answer, question, safety, legibility, and the verdict they give."""

from __future__ import annotations

import re

from kbbuilder.schema import Candidate, Chunk, DocumentContext, Grounded, PairKind, Verdict
from kbbuilder.stages.ground.content import Evidence, answer_content
from kbbuilder.stages.ground.question import question_findings
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.safety import safety_findings
from kbbuilder.stages.ground.shape import answer_shape

_DROPS_ALWAYS = frozenset({"quote_not_found"})
_ONLY_FLAGS = frozenset(
    {"suspicious_text", "cut_off", "language_mismatch", "low_confidence_text", "not_answered", "oddly_worded"}
)

_ENDED = re.compile(r"[。.！!？?；;…|`)）\]”\"]$")
_ITEM = re.compile(r"(?:[-*•]|\d{1,2}[.)、])\s+")

MIN_CONFIDENCE = 0.8
"""Text recognised with less is to be compared with the page by a person."""


def ground(candidate: Candidate, chunk: Chunk, context: DocumentContext) -> Grounded:
    """Proves a candidate against the chunk it was taken from.

    The evidence is the quotes plus what names their topic: heading path, title, and the header cells of the chunk's
    tables. `reasons` are codes of `REASONS`, the gravest first; `detail` names the words found wanting.

    Cost: linear in the lengths of answer and chunk.
    """
    explicit = candidate.kind is PairKind.EXPLICIT
    findings = [*_quotes(candidate, chunk)]
    if not findings:
        evidence = _evidence(candidate, chunk, context)
        findings += answer_shape(candidate)
        findings += _left_open(candidate, chunk)
        findings += answer_content(candidate, evidence)
        findings += question_findings(candidate, chunk, context)
        findings += safety_findings(candidate)
        findings += _legibility(candidate, chunk)
    dropping = [f for f in findings if _drops(f.code, explicit)]
    flagging = [f for f in findings if not _drops(f.code, explicit)]
    verdict = Verdict.DROPPED if dropping else Verdict.FLAGGED if flagging else Verdict.SUPPORTED
    ordered = [*dropping, *flagging]
    return Grounded(
        candidate=candidate,
        verdict=verdict,
        reasons=tuple(dict.fromkeys(f.code for f in ordered)),
        detail="; ".join(dict.fromkeys(f.detail for f in ordered if f.detail)),
    )


def _drops(code: str, explicit: bool) -> bool:
    return code in _DROPS_ALWAYS or (not explicit and code not in _ONLY_FLAGS)


# -- quotes -----------------------------------------------------------------------------------------------


def _quotes(candidate: Candidate, chunk: Chunk) -> list[Finding]:
    return [
        Finding("quote_not_found", f"“{span.quote[:60]}” at {span.start}–{span.end}")
        for span in candidate.evidence
        if chunk.text[span.start : span.end] != span.quote
    ]


def _left_open(candidate: Candidate, chunk: Chunk) -> list[Finding]:
    """Whether the answer ends in the middle of a sentence that a list goes on with."""
    end = candidate.evidence[-1].end
    last = candidate.evidence[-1].quote.rstrip()
    follows = chunk.text[end:].lstrip()
    if not _ENDED.search(last) and _ITEM.match(follows) and not _ITEM.match(last.rsplit("\n", 1)[-1]):
        return [Finding("cut_off", f"“…{last[-30:]}”")]
    return []


def _legibility(candidate: Candidate, chunk: Chunk) -> list[Finding]:
    """Whether text recognition was unsure of an element that a quote touches."""
    touched = (
        part.element.confidence
        for part in chunk.parts
        if part.element.confidence is not None
        and any(part.start < span.end and span.start < part.end for span in candidate.evidence)
    )
    lowest = min(touched, default=1.0)
    return [Finding("low_confidence_text", f"recognised with {lowest:.2f}")] if lowest < MIN_CONFIDENCE else []


def _evidence(candidate: Candidate, chunk: Chunk, context: DocumentContext) -> Evidence:
    headers = [
        " ".join(cell for row in part.element.rows[: max(1, part.element.header_rows)] for cell in row)
        for part in chunk.parts
        if part.element.rows
    ]
    return Evidence(
        quotes="\n".join(span.quote for span in candidate.evidence),
        naming="\n".join([*chunk.heading_path, context.title, context.name, *headers]),
    )
