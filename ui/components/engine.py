"""Choosing an engine, what it cost, and the preview of what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kbbuilder.services.build import DocumentView, Preview, PreviewChunk, PreviewPair
from ui.components.text import html_text
from ui.labels import Labels

LLM = "llm"


@dataclass(frozen=True, slots=True)
class Choice:
    """How the next files are to be read; an empty engine means the one in the settings."""

    engine: str = ""
    preview_first: bool = False


def choice(say: Labels, engines: Sequence[str]) -> Choice:
    """The controls, shown only where there is a choice: a library without a model has one engine."""
    if LLM not in engines:
        return Choice()
    engine = st.segmented_control(
        say("engine.choose"), engines, default=engines[-1], required=True, key="documents.engine",
        format_func=lambda name: say(f"engine.{name}"), help=say("engine.help"),
    )  # fmt: skip
    first = st.toggle(say("preview.first"), key="documents.preview_first", disabled=engine != LLM)
    return Choice(engine or "", first and engine == LLM)


def cost_facts(say: Labels, document: DocumentView) -> list[str]:
    """What a document's extraction used and cost, and what each approved entry of it cost."""
    if document.engine != LLM:
        return []
    facts = [say("engine.llm")]
    if document.tokens:
        facts.append(say("cost.tokens").format(n=f"{document.tokens:,}"))
    if document.cost:
        facts.append(say("cost.document").format(cost=money(document.cost)))
    each = document.cost_per_approved
    if each:
        facts.append(say("cost.approved").format(cost=money(each)))
    return facts


def money(amount: float) -> str:
    """An amount in the currency of the prices: two digits after the point, more where it is small."""
    return f"{amount:.2f}" if amount >= 1 else f"{amount:.4f}"


def preview(say: Labels, report: Preview) -> None:
    """The sections with their pairs, and what they and the whole would cost."""
    st.html(f'<div class="kb-label">{html_text(say("preview.title"))}</div>')
    for chunk in report.chunks:
        _chunk(say, chunk)
    spent, whole = report.spent, report.estimate
    lines = [
        say("preview.spent").format(
            calls=f"{spent.calls:,}", tokens=f"{spent.input_tokens + spent.output_tokens:,}", cost=money(spent.cost)
        )
    ]
    if whole.calls:
        cost = say("cost.unknown") if whole.cost is None else money(whole.cost)
        tokens = f"{whole.input_tokens + whole.output_tokens:,}"
        lines.append(say("preview.estimate").format(calls=f"{whole.calls:,}", tokens=tokens, cost=cost))
    lines.append(say("preview.kept"))
    st.html("".join(f'<div class="kb-facts">{html_text(line)}</div>' for line in lines))


def _chunk(say: Labels, chunk: PreviewChunk) -> None:
    place = " › ".join(chunk.heading_path) or chunk.document
    with st.container(border=True):
        st.html(f'<div class="kb-facts">{html_text(place)}</div>')
        if not chunk.pairs:
            known = "error" if chunk.state.value == "failed" else "reason"
            said = say.coded(known, chunk.reason) if chunk.reason else say("preview.none")
            st.caption(said)
        for pair in chunk.pairs:
            _pair(say, pair)


def _pair(say: Labels, pair: PreviewPair) -> None:
    verdict = pair.verdict.value
    why = ", ".join(say.coded("flag", reason) for reason in pair.reasons)
    badge = html_text(say(f"preview.verdict.{verdict}") + (f": {why}" if why else ""))
    similar = ""
    if pair.similar_questions:
        words = say("preview.similar") + ": " + " | ".join(pair.similar_questions)
        similar = f'<div class="kb-facts">{html_text(words)}</div>'
    st.html(
        f'<div class="kb-preview kb-preview-{verdict}"><b>{html_text(pair.question)}</b>'
        f'<span class="kb-badge">{badge}</span><p>{html_text(pair.answer)}</p>{similar}</div>'
    )
