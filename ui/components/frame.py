"""What stands around every page: navigation, whose library it is, who acts, and what just happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from kbbuilder.config import Settings
from kbbuilder.schema import EntryStatus
from kbbuilder.services.review import QueueCounts
from ui import context
from ui.components.text import html_text, plain
from ui.labels import Labels

NEW_COLLECTION = "app.new.name"


def header(
    say: Labels,
    pages: Mapping[str, StreamlitPage],
    counts: QueueCounts,
    collections: Sequence[str],
    settings: Settings,
) -> None:
    """One row: the pages, the counts that call for work, the library, the name, the language."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="app-header"):
        st.html(f'<span class="kb-brand">{html_text(say("app.title"))}</span>', width="content")
        for name, page in pages.items():
            st.page_link(page, label=say(f"nav.{name}"), width="content")
        st.html(_counts(say, counts), width="content")
        st.space("stretch")
        st.selectbox(
            say("header.collection"),
            collections,
            key=context.COLLECTION,
            label_visibility="collapsed",
            width=160,
            on_change=_other_collection,
        )
        with st.popover("", icon=":material/add:", help=say("header.collection.new"), key="app.new"):
            st.text_input(say("header.collection.name"), key=NEW_COLLECTION, max_chars=context.MAX_NAME_CHARS)
            st.button(say("header.collection.new"), key="app.new.make", on_click=_new_collection, type="primary")
        with st.popover(plain(context.reviewer()), icon=":material/person:", help=say("header.reviewer.help")):
            st.text_input(
                say("header.reviewer"),
                key=context.REVIEWER,
                placeholder=settings.actor,
                max_chars=context.MAX_NAME_CHARS,
            )
            st.caption(say("header.reviewer.help"))
        st.segmented_control(
            say("header.language"),
            context.LANGUAGES,
            required=True,
            format_func=lambda code: say(f"language.own.{code}"),
            key=context.LANGUAGE,
            label_visibility="collapsed",
        )


def messages(say: Labels) -> None:
    """What the last action had to say: its failure in place, its success in passing."""
    problem = context.taken(context.FAILURE)
    if isinstance(problem, context.Failure):
        failure(say, problem)
    notice = context.taken(context.NOTICE)
    if isinstance(notice, str):
        st.toast(notice)


def failure(say: Labels, problem: context.Failure) -> None:
    """An error in the reader's language, with the original words as its detail and what to do next."""
    title = say.coded("error", problem.code, problem.message)
    hint = say.coded("hint", problem.code, problem.hint)
    detail = say.coded("detail", problem.message, problem.message if problem.message != title else "")
    st.error("  \n".join(plain(line) for line in (title, detail, hint) if line), icon=":material/error:")


def translate_uploader(say: Labels) -> None:
    """Streamlit's own words inside the upload box are English; the page's style sheet puts these in their place."""
    drop, browse = (_css_text(say(key)) for key in ("documents.upload.drop", "documents.upload.browse"))
    st.html(f"<style>:root {{ --kb-drop: {drop}; --kb-browse: {browse}; }}</style>")


def _counts(say: Labels, counts: QueueCounts) -> str:
    pending = counts.by_status.get(EntryStatus.PENDING, 0)
    parts = [say("header.pending").format(n=f"<b>{pending:,}</b>")]
    if counts.conflicts:
        parts.append(say("header.conflicts").format(n=f'<b class="kb-warn">{counts.conflicts:,}</b>'))
    return f'<span class="kb-counts">{" · ".join(parts)}</span>'


def _new_collection() -> None:
    """Chooses a knowledge base that does not exist yet; its first document or entry makes it."""
    name = " ".join(str(st.session_state.get(NEW_COLLECTION) or "").split())
    if name:
        st.session_state[context.COLLECTION] = name
        st.session_state[NEW_COLLECTION] = ""
        _other_collection()


def _other_collection() -> None:
    """What was chosen within the old collection means nothing in the new one."""
    for key in list(st.session_state):
        if str(key).startswith(("review.", "documents.", "ask.")):
            del st.session_state[key]


def _css_text(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'").replace("<", "") + '"'
