"""The middle pane of the review page: one entry, its text to edit and the decisions on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import streamlit as st

from kbbuilder.schema import EntryStatus, FaqEntry
from ui.components.text import answer_markdown, has_markup, html_text, plain
from ui.forms import EntryForm
from ui.labels import Labels

QUESTION_HEIGHT = 70
PREVIEW_HEIGHT = 260


class Actions(Protocol):
    """What the buttons do; those of one entry get its id."""

    def approve(self, entry_id: str) -> None: ...
    def approve_next(self, entry_id: str) -> None: ...
    def reject(self, entry_id: str) -> None: ...
    def reopen(self, entry_id: str) -> None: ...
    def save(self, entry_id: str) -> None: ...
    def discard(self, entry_id: str) -> None: ...
    def move(self, entry_id: str, by: int) -> None: ...
    def undo(self) -> None: ...


def decisions(say: Labels, entry: FaqEntry, form: EntryForm, act: Actions, undoable: str | None) -> None:
    """The row of buttons. It keeps its place and its buttons, so that a hand that has learned it is never wrong.

    Saving is never switched off for want of changes: the text in a field reaches the app only when the field is left,
    and a switched-off button would swallow the very click that leaves it.
    """
    refused = form.refusal is not None
    with st.container(horizontal=True, gap="xsmall", key="review-actions", vertical_alignment="center"):
        if entry.status in (EntryStatus.PENDING, EntryStatus.STALE):
            _button(say, "approve_next", entry.id, act.approve_next, "A", primary=True, off=refused)
            _button(say, "approve", entry.id, act.approve, None, off=refused)
            _button(say, "reject", entry.id, act.reject, "X", off=refused)
        else:
            _button(say, "reopen", entry.id, act.reopen, None, off=refused)
        _button(say, "save", entry.id, act.save, "S", off=refused)
        _button(say, "discard", entry.id, act.discard, None, off=refused)
        st.space("stretch")
        for name, by, shortcut in (("up", -1, "K"), ("down", 1, "J")):
            st.button(
                say(f"review.{name}"), key=f"review.{name}", icon=f":material/arrow_{name}ward:", shortcut=shortcut,
                on_click=act.move, args=(entry.id, by), type="tertiary", help=say(f"review.{name}"),
            )  # fmt: skip
        undo(say, act, undoable)


def undo(say: Labels, act: Actions, what: str | None) -> None:
    """The button that takes back the last step; `what` says which that was."""
    st.button(
        say("review.undo"),
        key="review.undo",
        icon=":material/undo:",
        shortcut="U",
        on_click=act.undo,
        disabled=what is None,
        help=say("review.undo.help").format(what=plain(what)) if what else say("review.undo.none"),
    )


def standing(say: Labels, entry: FaqEntry, dirty: bool) -> None:
    """The entry's status and kind, and what the machine wants a person to look at, in words."""
    tags = [f'<span class="kb-chip kb-{entry.status.value}">{html_text(say(f"status.{entry.status.value}"))}</span>']
    if entry.kind:
        tags.append(f'<span class="kb-chip">{html_text(say.coded("kind", entry.kind.value))}</span>')
    if entry.edited_by_person:
        tags.append(f'<span class="kb-chip">{html_text(say("review.edited"))}</span>')
    if dirty:
        tags.append(f'<span class="kb-chip kb-unsaved">{html_text(say("review.unsaved"))}</span>')
    html = f'<div class="kb-chips">{"".join(tags)}</div>'
    if entry.flags:
        rows = "".join(
            f"<li><b>{html_text(say.coded('flag', flag))}</b> {html_text(say.coded('flag.why', flag, ''))}</li>"
            for flag in entry.flags
        )
        html += f'<ul class="kb-flags">{rows}</ul>'
    st.html(html)


def fields(say: Labels, entry: FaqEntry, form: EntryForm) -> None:
    """Question, answer, other wordings and tags."""
    st.text_area(say("review.question"), key=form.key("question"), height=QUESTION_HEIGHT, persist_state="session")
    shown, edited = say("review.answer"), say("review.answer.edit")
    reading, editing = st.tabs(
        (shown, edited), default=shown if has_markup(entry.answer) else edited, key=form.key("answer.tab")
    )
    with reading, st.container(height=PREVIEW_HEIGHT, key="review-preview"):
        st.markdown(answer_markdown(form.read().answer) or say("review.answer.empty"))
    with editing:
        st.text_area(
            say("review.answer"), key=form.key("answer"), height="content", label_visibility="collapsed",
            persist_state="session",
        )  # fmt: skip
    st.text_area(
        say("review.similar"), key=form.key("similar"), height="content", help=say("review.similar.help"),
        placeholder=say("review.similar.placeholder"), persist_state="session",
    )  # fmt: skip
    left, right = st.columns(2, gap="small")
    with left:
        st.multiselect(
            say("review.tags"), form.read().tags, key=form.key("tags"), accept_new_options=True,
            placeholder=say("review.tags.placeholder"), persist_state="session",
        )  # fmt: skip
    with right:
        st.text_area(
            say("review.negative"), key=form.key("negative"), height="content", help=say("review.negative.help"),
            persist_state="session",
        )  # fmt: skip


def _button(
    say: Labels,
    name: str,
    entry_id: str,
    act: Callable[[str], None],
    shortcut: str | None,
    *,
    primary: bool = False,
    off: bool = False,
) -> None:
    st.button(
        say(f"review.{name}"),
        key=f"review.{name}.{entry_id}",
        type="primary" if primary else "secondary",
        shortcut=shortcut,
        on_click=act,
        args=(entry_id,),
        disabled=off,
        help=say.get(f"review.{name}.help"),
    )
