"""The ask page: a question in, the answer with its source out, and what could not be answered."""

from __future__ import annotations

import streamlit as st

from kbbuilder.bootstrap import Library
from kbbuilder.errors import KbError
from kbbuilder.schema import Answer, EntryStatus
from ui import context
from ui.components import answer as card
from ui.components import history
from ui.components.text import html_text, plain
from ui.desk import SELECTED
from ui.labels import Labels

ANSWER = "ask.answer"
QUESTION = "ask.question"
PENDING = "ask.pending"
UNANSWERED_SHOWN = 20


def main() -> None:
    say = context.labels()
    library = context.library()
    with st.container(key="ask-page"):
        _page(say, library)


def _page(say: Labels, library: Library) -> None:
    counts = library.review.counts(context.collection())
    approved = counts.by_status.get(EntryStatus.APPROVED, 0)
    with st.form("ask", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            question = st.text_input(
                say("ask.question"), key=QUESTION, placeholder=say("ask.placeholder"), max_chars=500,
                label_visibility="collapsed",
            )  # fmt: skip
            asked = st.form_submit_button(say("ask.submit"), type="primary", key="ask.submit")
        pending = st.toggle(say("ask.include_pending"), key=PENDING, help=say("ask.include_pending.help"))
    if asked and question.strip():
        st.session_state[ANSWER] = library.ask.ask(
            question.strip(), collection=context.collection(), include_pending=pending
        )
    answer = st.session_state.get(ANSWER)
    if isinstance(answer, Answer):
        opened = card.result(say, answer, context.settings().faq_threshold)
        if opened:
            st.session_state[SELECTED] = opened
            st.switch_page("views/review.py")
    elif not approved and not pending:
        st.info(say("ask.none_approved"), icon=":material/info:")
    else:
        st.caption(say.count("ask.ready", approved))
    _unanswered(say, library)


def _unanswered(say: Labels, library: Library) -> None:
    records = library.ask.unanswered(context.collection(), UNANSWERED_SHOWN)
    st.html(
        f'<div class="kb-label kb-section">{html_text(say("unanswered.title"))}</div>'
        f'<div class="kb-facts">{html_text(say("unanswered.why" if records else "unanswered.none"))}</div>'
    )
    for at, record in enumerate(records):
        with st.expander(plain(record.question), key=f"unanswered-{at}"):
            times = say.count("unanswered.times", record.times)
            st.caption(f"{times} · {history.moment(record.at)}")
            with st.form(f"unanswered.{at}", border=False):
                asked = st.text_input(say("review.question"), value=record.question, key=f"ask.make.question.{at}")
                text = st.text_area(say("review.answer"), key=f"ask.make.answer.{at}", height=110)
                st.form_submit_button(
                    say("unanswered.make"), key=f"ask.make.{at}", on_click=_make, args=(say, library, at)
                )
                del asked, text


def _make(say: Labels, library: Library, at: int) -> None:
    """Turns an unanswered question into an entry that waits for approval."""
    try:
        entry = library.review.create(
            context.collection(),
            question=str(st.session_state[f"ask.make.question.{at}"]).strip(),
            answer=str(st.session_state[f"ask.make.answer.{at}"]).strip(),
            similar_questions=(),
            actor=context.reviewer(),
        )
    except KbError as error:
        context.fail(error)
        return
    context.notify(say("unanswered.made").format(question=plain(entry.question)))


main()
