"""What asking returned: which way, how sure, the text, and where it stands."""

from __future__ import annotations

import streamlit as st

from kbbuilder.schema import Answer, RankedEntry, Route
from ui.components import evidence
from ui.components.text import answer_markdown, html_text, plain, shortened
from ui.labels import Labels


def result(say: Labels, answer: Answer, faq_threshold: float) -> str | None:
    """The card of one answer; the id of the entry that the person wants to see, if any."""
    with st.container(border=True, key="ask-result"):
        left, right = st.columns((62, 38), gap="large")
        with left:
            st.html(_verdict(say, answer))
            opened = _body(say, answer)
        with right:
            st.html(_meter(say, answer, faq_threshold))
            others = [r for r in answer.ranked if answer.entry is None or r.faq_id != answer.entry.id]
            return _others(say, others) or opened


def _body(say: Labels, answer: Answer) -> str | None:
    entry = answer.entry
    if answer.route is Route.FAQ and entry is not None:
        st.markdown(f"**{plain(entry.question)}**")
        st.markdown(answer_markdown(answer.answers[0] if answer.answers else entry.answer))
        evidence.quotes(say, entry.evidence)
        if st.button(say("ask.open"), key=f"ask.open.{entry.id}", type="tertiary", icon=":material/rate_review:"):
            return entry.id
    elif answer.route is Route.DOCUMENT and answer.passages:
        evidence.passage(say, answer.passages[0])
        for at, found in enumerate(answer.passages[1:]):
            place = " › ".join((found.document, *found.heading_path[-1:]))
            with st.expander(plain(shortened(place, 80)), key=f"ask-passage-{at}"):
                evidence.passage(say, found)
    else:
        st.write(say("ask.refused.next"))
    return None


def _verdict(say: Labels, answer: Answer) -> str:
    route = answer.route.value
    note = f'<span class="kb-chip kb-pending">{html_text(say("ask.unapproved"))}</span>' if answer.unapproved else ""
    return (
        f'<div class="kb-route kb-route-{route}">{html_text(say(f"route.{route}"))}{note}</div>'
        f'<div class="kb-facts">{html_text(_why(say, answer))}</div>'
    )


def _why(say: Labels, answer: Answer) -> str:
    """The reason in words; the other question it speaks of, if it speaks of one."""
    code, _, detail = answer.reason.partition(": ")
    told = say.coded("ask.reason", code, say(f"route.{answer.route.value}.why"))
    return told.format(other=detail)


def _meter(say: Labels, answer: Answer, threshold: float) -> str:
    score = max(0.0, min(1.0, answer.score))
    above = "above" if score >= threshold else "below"
    said = say(f"ask.score.{above}").format(score=f"{score:.2f}", threshold=f"{threshold:.2f}")
    if answer.route is Route.DOCUMENT:
        said = say("ask.score.passage").format(score=f"{score:.2f}")
    tick = "" if answer.route is Route.DOCUMENT else f'<i style="left:{threshold * 100:.1f}%"></i>'
    return (
        f'<div class="kb-label">{html_text(say("ask.score"))}</div>'
        f'<div class="kb-meter kb-{above}"><span style="width:{score * 100:.1f}%"></span>{tick}</div>'
        f'<div class="kb-facts">{html_text(said)}</div>'
    )


def _others(say: Labels, ranked: list[RankedEntry]) -> str | None:
    if not ranked:
        return None
    opened = None
    st.html(f'<div class="kb-label">{html_text(say("ask.others"))}</div>')
    with st.container(key="ask-others", gap=None):
        for one in ranked:
            label = f"{plain(one.question)} :small[:gray[{one.score:.2f}]]"
            told = say("ask.matched").format(wording=plain(one.matched))
            if st.button(label, key=f"ask.other.{one.faq_id}", type="tertiary", help=told):
                opened = one.faq_id
    return opened
