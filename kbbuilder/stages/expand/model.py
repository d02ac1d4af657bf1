"""Similar questions by a model: what is asked of it, how its reply is read, and which wordings still ask the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple, get_args

from rapidfuzz import fuzz

from kbbuilder.errors import ReplyUnusable
from kbbuilder.language.facts import facts_of, unshared_facts
from kbbuilder.language.numbered_rows import NUMBER, number_of, numbered_rows, rows_schema
from kbbuilder.language.polarity import negation_count, polarity_conflict
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import fold, has_cjk, one_line
from kbbuilder.language.tokens import search_tokens, telling_share
from kbbuilder.ports import ChatRequest, Finish
from kbbuilder.prompts import load_prompt
from kbbuilder.schema import Candidate, Language, SimilarQuestion
from kbbuilder.stages.expand.select import DroppedWording

MIN_KEPT = 0.34
"""Share of the question's telling words that another wording must keep. A paraphrase that keeps none is more often
another question than a good wording, and a model that drifts invents nouns."""

MAX_STRETCH = 3
"""A wording longer than so many times its question answers it, or tells a story."""

TYPO_LIKENESS = 75.0
"""Likeness (0..100) to its question from which a wording is that question mistyped."""

_MIN_KEY_CHARS = 4
_MAX_QUESTION_CHARS = 300


def similar_request(
    pairs: Sequence[Candidate], styles: Sequence[str], per_entry: int, language: Language, *, max_output_tokens: int
) -> ChatRequest:
    """The request for other wordings of the pairs' questions, numbered from 0 as they come.

    Args:
        styles: in order of preference; the first `per_entry` are asked for, one wording each.
        language: that of the questions, and of the prompt.
    """
    wanted = tuple(dict.fromkeys(styles))[: max(1, per_entry)]
    table = {style.name: style for style in _styles(language)}
    chosen = [table.get(name, _Style(name, name, name, "…")) for name in wanted]
    described = "\n".join(f"- {style.label}: {style.description}" for style in chosen)
    example = ",".join(
        f"{json.dumps(s.label, ensure_ascii=False)}:{json.dumps(s.example, ensure_ascii=False)}" for s in chosen
    )
    template = load_prompt("similar", language).text
    system = template.replace("{styles}", described).replace("{example}", example)
    lines = [f"{number} {one_line(pair.question)[:_MAX_QUESTION_CHARS]}" for number, pair in enumerate(pairs)]
    return ChatRequest(
        system=system,
        user="\n".join(lines),
        max_output_tokens=max_output_tokens,
        schema=rows_schema({style.label: {"type": "string"} for style in chosen}),
    )


class _Style(NamedTuple):
    """A way of wording: its name, what the prompt calls it (a model writes in the language of the keys), what it is,
    and an example."""

    name: str
    label: str
    description: str
    example: str


def _styles(language: Language) -> list[_Style]:
    rows = (line.removeprefix("- ").split(" | ") for line in load_prompt("styles", language).text.splitlines())
    return [_Style(*row) for row in rows if len(row) == len(_Style._fields)]


def _name_of(label: str) -> str:
    """The style a reply's key stands for, in whichever language it was asked."""
    return next((s.name for language in get_args(Language) for s in _styles(language) if s.label == label), label)


def read_similar(text: str, finish: Finish, count: int) -> dict[int, tuple[SimilarQuestion, ...]]:
    """The wordings of a reply by the number of their question (0 … count-1), in the order written.

    Of a cut-off reply the whole rows are kept. A question that the reply does not mention is not in the result.

    Raises:
        ReplyUnusable: the reply ended by itself and holds no row.
    """
    found: dict[int, list[SimilarQuestion]] = {}
    rows = 0
    for row in numbered_rows(text):
        rows += 1
        number = number_of(row)
        if number is None or not 0 <= number < count:
            continue
        for style, wording in row.items():
            for words in wording if isinstance(wording, list) else [wording]:
                if style != NUMBER and isinstance(words, str) and one_line(words):
                    found.setdefault(number, []).append(SimilarQuestion(text=one_line(words), style=_name_of(style)))
    if not rows and finish is not Finish.LENGTH:
        raise ReplyUnusable(f"no similar questions in the reply: “{one_line(text)[:120]}”")
    return {
        number: tuple({fold(s.text): s for s in reversed(similar)}.values())[::-1] for number, similar in found.items()
    }


def faithful(
    pair: Candidate, proposals: Sequence[SimilarQuestion]
) -> tuple[tuple[SimilarQuestion, ...], tuple[DroppedWording, ...]]:
    """The proposals that still ask the pair's question, and the others with their reasons: duplicate, too_long,
    other_language, other_facts, other_polarity, other_topic, not_a_question.

    Cost: some 0.2 ms a proposal.
    """
    seen = {fold(pair.question), *(fold(text) for text in pair.similar_questions)}
    kept: list[SimilarQuestion] = []
    dropped: list[DroppedWording] = []
    for proposal in proposals:
        key = fold(proposal.text)
        reason = "duplicate" if key in seen or len(key) < _MIN_KEY_CHARS else _unfaithful(pair, proposal)
        if reason:
            dropped.append(DroppedWording(proposal.text, proposal.style, reason))
        else:
            kept.append(proposal)
        seen.add(key)
    return tuple(kept), tuple(dropped)


def _unfaithful(pair: Candidate, proposal: SimilarQuestion) -> str:
    question, text = pair.question, proposal.text
    if len(text) > MAX_STRETCH * len(question) + 20:
        return "too_long"
    if has_cjk(question) != has_cjk(text):
        return "other_language"
    if unshared_facts(question, text):
        return "other_facts"
    if polarity_conflict(question, text) or negation_count(question) % 2 != negation_count(text.split("，")[-1]) % 2:
        return "other_polarity"
    if proposal.style == "typo":
        return "" if fuzz.ratio(fold(question), fold(text)) >= TYPO_LIKENESS else "other_topic"
    if proposal.style != "keyword" and not is_question(text):
        return "not_a_question"
    return "" if _kept_share(question, text) >= MIN_KEPT else "other_topic"


def _kept_share(question: str, text: str) -> float:
    """Share of the question's telling words (of Chinese, characters) that the text has too. Names and codes do not
    count: they are compared as facts, and every question about a product has them."""
    facts = facts_of(question)
    named = {part for name in (*facts.names, *facts.codes) for part in search_tokens(name)}
    telling = {token for token in search_tokens(question) if _tells(token)} - named
    return len(telling & set(search_tokens(text))) / len(telling) if telling else 1.0


def _tells(token: str) -> bool:
    chinese = has_cjk(token)
    return telling_share(token) == 1.0 and not (chinese and len(token) > 1) and token not in _ASKING


_ASKING = frozenset("多久少几何哪吗要需可以能会")
