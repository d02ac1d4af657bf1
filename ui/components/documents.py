"""The list of documents: a line each, with how far it has come or how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from kbbuilder.schema import VersionState
from kbbuilder.services.build import AWAITS_WORD, DocumentView
from ui.components.ledger import bar, percent
from ui.components.text import html_text, plain, shortened
from ui.labels import Labels

WORKING = frozenset(
    {VersionState.UPLOADED, VersionState.PARSED, VersionState.CHUNKED, VersionState.EXTRACTED, VersionState.MERGED}
)


def listing(say: Labels, documents: Sequence[DocumentView], selected: int | None, pick: Callable[[int], None]) -> None:
    """A line a document; a click on its name chooses it."""
    with st.container(key="documents-list", gap=None):
        for document in documents:
            chosen = "-chosen" if document.id == selected else ""
            with st.container(key=f"document-row{chosen}-{document.id}"):
                name, state, entries, share = st.columns((44, 30, 10, 16), gap="small", vertical_alignment="center")
                name.button(
                    plain(shortened(document.name, 60)),
                    key=f"documents.pick.{document.id}",
                    on_click=pick,
                    args=(document.id,),
                    type="tertiary",
                )
                state.html(_state(say, document))
                if document.entries or document.state is VersionState.DONE:
                    entries.html(f'<div class="kb-number">{document.entries:,}</div>')
                    share.html(
                        f'<div class="kb-cover">{bar(document.coverage)}<i>{percent(document.coverage)}</i></div>'
                    )


def heads(say: Labels) -> None:
    """The names of the columns."""
    name, state, entries, share = st.columns((44, 30, 10, 16), gap="small")
    for column, key in ((name, "name"), (state, "state"), (entries, "entries"), (share, "coverage")):
        column.html(f'<div class="kb-head kb-head-{key}">{html_text(say(f"documents.head.{key}"))}</div>')


def is_working(document: DocumentView) -> bool:
    """Whether its line may change by itself within seconds."""
    return document.state in WORKING


def awaits_word(document: DocumentView) -> bool:
    """Whether it was taken in for a preview, and nothing more happens until a person says so."""
    return document.state is VersionState.RETRY and document.code == AWAITS_WORD


def is_stuck(document: DocumentView) -> bool:
    """Whether something went wrong with it, for good or for now."""
    return document.state in (VersionState.FAILED, VersionState.RETRY) and not awaits_word(document)


def outcome(say: Labels, document: DocumentView) -> tuple[str, str]:
    """How it ended, and what to do about it; the second is empty when nothing is to be done."""
    if document.state in (VersionState.FAILED, VersionState.RETRY):
        return say.coded("error", document.code, document.reason), say.coded("hint", document.code, document.hint)
    return say(f"state.{document.state.value}"), ""


def _state(say: Labels, document: DocumentView) -> str:
    state = document.state
    if state in WORKING:
        stage = say.coded("stage", document.stage) if document.stage else say("state.uploaded")
        done = f" {document.done:,}/{document.total:,}" if document.total else ""
        progress = bar(document.done / document.total) if document.total else ""
        return f'<div class="kb-running">{html_text(stage + done)}{progress}</div>'
    said, hint = outcome(say, document)
    advice = f'<div class="kb-facts">{html_text(hint)}</div>' if hint else ""
    return (
        f'<div class="kb-state kb-{"awaits" if awaits_word(document) else state.value}">{html_text(said)}</div>{advice}'
    )
