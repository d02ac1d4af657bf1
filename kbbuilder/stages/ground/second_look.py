"""A model's second look at pairs: it answers the question from the chunk alone, or judges the pair. Both only flag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbbuilder.errors import ReplyUnusable
from kbbuilder.language.facts import differing_facts
from kbbuilder.language.numbered_rows import number_of, numbered_rows, rows_schema
from kbbuilder.language.polarity import negation_count
from kbbuilder.language.text import one_line
from kbbuilder.ports import ChatRequest, Finish
from kbbuilder.prompts import defused, fenced, load_prompt
from kbbuilder.schema import Candidate, Chunk, Grounded, Language, Verdict
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.words import content_tokens, sentences

MIN_COMMON = 0.35
"""Share of the shorter answer's content tokens that the two answers must have in common."""

VERDICTS = ("good", "off", "partial", "unclear", "trivial")


def round_trip_request(pairs: Sequence[Candidate], chunk: Chunk, *, max_output_tokens: int) -> ChatRequest:
    """Has the model answer the pairs' questions, numbered from 0, from the chunk's text alone."""
    asked = "\n".join(f"{number} {defused(one_line(pair.question))}" for number, pair in enumerate(pairs))
    return ChatRequest(
        system=load_prompt("answer", chunk.language).text,
        user=f"{fenced(chunk.text)}\n{asked}",
        max_output_tokens=max_output_tokens,
        schema=rows_schema({"a": {"type": "string"}}),
    )


def read_answers(text: str, finish: Finish, count: int) -> dict[int, str]:
    """The answers of a round trip by the number of their question; "" where the model found none.

    Raises:
        ReplyUnusable: the reply ended by itself and holds no row.
    """
    return {number: one_line(value) for number, value in _read(text, finish, count, "a")}


def round_trip(candidate: Candidate, answer: str) -> Finding | None:
    """What is wrong when the model's own answer is not the pair's: no answer, another fact, a negation more or less, or
    other words; None when the two agree."""
    if not answer:
        return Finding("round_trip_differs", "the model finds no answer in the section")
    differing = differing_facts(candidate.answer, answer)
    if differing:
        return Finding("round_trip_differs", ", ".join(differing))
    ours, theirs = frozenset(content_tokens(candidate.answer)), frozenset(content_tokens(answer))
    least = min(len(ours), len(theirs))
    if least and len(ours & theirs) < MIN_COMMON * least:
        return Finding("round_trip_differs", f"“{answer[:80]}”")
    single = len(sentences(candidate.answer)) == len(sentences(answer)) == 1
    if single and negation_count(candidate.answer) % 2 != negation_count(answer) % 2:
        return Finding("round_trip_differs", f"“{answer[:80]}”")
    return None


def judge_request(pairs: Sequence[Candidate], language: Language, *, max_output_tokens: int) -> ChatRequest:
    """Has the model judge the pairs, numbered from 0."""
    shown = "\n\n".join(
        f"{number}\nQ: {one_line(pair.question)}\nA: {pair.answer}" for number, pair in enumerate(pairs)
    )
    return ChatRequest(
        system=load_prompt("judge", language).text,
        user=fenced(shown),
        max_output_tokens=max_output_tokens,
        schema=rows_schema({"v": {"type": "string", "enum": list(VERDICTS)}}),
    )


def read_verdicts(text: str, finish: Finish, count: int) -> dict[int, str]:
    """The verdicts (`VERDICTS`) by the number of their pair; a pair that the reply leaves out is not in the result.

    Raises:
        ReplyUnusable: the reply ended by itself and holds no row.
    """
    return {number: value for number, value in _read(text, finish, count, "v") if value in VERDICTS}


def judged(verdict: str) -> Finding | None:
    """The finding for a verdict; None when it is good."""
    return None if verdict == "good" else Finding("judge_rejects", verdict)


def flagged(grounded: Grounded, finding: Finding | None) -> Grounded:
    """The proof with a second look's finding added: what was supported is flagged, nothing is dropped for it."""
    if finding is None:
        return grounded
    return grounded.model_copy(
        update={
            "verdict": Verdict.FLAGGED if grounded.verdict is Verdict.SUPPORTED else grounded.verdict,
            "reasons": tuple(dict.fromkeys((*grounded.reasons, finding.code))),
            "detail": "; ".join(part for part in (grounded.detail, finding.detail) if part),
        }
    )


def _read(text: str, finish: Finish, count: int, field: str) -> Iterator[tuple[int, str]]:
    rows = list(numbered_rows(text))
    if not rows and finish is not Finish.LENGTH:
        raise ReplyUnusable(f"no rows in the reply: “{one_line(text)[:120]}”")
    numbers = {number_of(row) for row in rows}
    first = 1 if 0 not in numbers and count in numbers else 0  # a small model counts from 1 whatever it is told
    for row in rows:
        number, value = number_of(row), row.get(field)
        if number is not None and 0 <= number - first < count and isinstance(value, str):
            yield number - first, value
