"""What a reviewer's buttons do. Each runs before the page is drawn anew, with the text of the widgets as it is then.

A decision saves unsaved text first. What the person did last in this tab is remembered, so that one button undoes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import streamlit as st

from kbbuilder.errors import KbError
from kbbuilder.schema import FaqEntry
from kbbuilder.services.review import ConflictStands, Decision, ReviewService, StaleEntry
from ui import context
from ui.components import queue
from ui.components.text import plain, shortened
from ui.forms import Edit, EntryForm
from ui.labels import Labels

SELECTED = "review.selected"
CURSORS = "review.cursors"
SHOWN = "review.shown"
TRAIL = "review.trail"
TRAIL_LENGTH = 100

Verb = Literal["approve", "reject", "reopen"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the person did in this tab."""

    entry_id: str
    action: str
    question: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One reviewer's hands on the library."""

    say: Labels
    review: ReviewService

    # -- moving about -----------------------------------------------------------------------------------------

    def pick(self, entry_id: str) -> None:
        """Opens an entry; the one left behind keeps its unsaved text."""
        chosen = st.session_state.get(SELECTED)
        if chosen and chosen != entry_id:
            EntryForm(chosen).leave()
        st.session_state[SELECTED] = entry_id

    def move(self, entry_id: str, by: int) -> None:
        """Opens the entry `by` places further down the shown page."""
        shown: tuple[str, ...] = st.session_state.get(SHOWN, ())
        at = shown.index(entry_id) + by if entry_id in shown else 0
        if 0 <= at < len(shown):
            self.pick(shown[at])

    def turn(self, cursor: str | None) -> None:
        """Shows the page at `cursor`, or the previous one."""
        cursors: list[str | None] = st.session_state[CURSORS]
        if cursor is not None:
            cursors.append(cursor)
        elif len(cursors) > 1:
            cursors.pop()
        self.put_away()

    def start_again(self) -> None:
        """Back to the first page: the filters have changed."""
        st.session_state[CURSORS] = [None]
        self.put_away()

    def clear_filters(self) -> None:
        for key in queue.NARROWING:
            st.session_state.pop(key, None)
        self.start_again()

    def put_away(self) -> None:
        """Chooses no entry."""
        chosen = st.session_state.pop(SELECTED, None)
        if chosen:
            EntryForm(chosen).leave()

    # -- deciding ---------------------------------------------------------------------------------------------

    def approve(self, entry_id: str) -> None:
        self._decide(entry_id, "approve", step=False)

    def approve_next(self, entry_id: str) -> None:
        self._decide(entry_id, "approve", step=True)

    def reject(self, entry_id: str) -> None:
        self._decide(entry_id, "reject", step=True)

    def reopen(self, entry_id: str) -> None:
        self._decide(entry_id, "reopen", step=False)

    def save(self, entry_id: str) -> None:
        form = EntryForm(entry_id)
        if form.base is None:
            return
        if form.dirty:
            self._save(form, form.read(), form.base.version)
        else:
            context.notify(self.say("review.save.nothing"))

    def discard(self, entry_id: str) -> None:
        """Gives up unsaved text; after a refused save that means taking what was saved meanwhile."""
        form = EntryForm(entry_id)
        shown = form.refusal.theirs if form.refusal else form.base
        if shown is not None:
            form.load(shown)

    def save_mine(self, entry_id: str) -> None:
        """The person's text on top of what was saved meanwhile, which stays in the history."""
        form = EntryForm(entry_id)
        refused = form.refusal
        if refused is not None:
            self._save(form, refused.mine, refused.theirs.version)

    def approve_all(self, entries: Sequence[FaqEntry]) -> None:
        try:
            result = self.review.approve_many([(e.id, e.version) for e in entries], actor=context.reviewer())
        except KbError as error:
            context.fail(error)
            return
        done = frozenset(result.done)
        for entry in entries:
            EntryForm(entry.id).leave()
            if entry.id in done:
                self._remember(entry, "approved")
        self.put_away()
        told = self.say.count("bulk.done", len(result.done))
        if result.refused:
            told += self.say("bulk.refused").format(n=len(result.refused))
        context.notify(told)

    def settle(self, link_id: int, decision: str, entry_ids: Sequence[str]) -> None:
        try:
            self.review.settle(link_id, decision=cast(Decision, decision), actor=context.reviewer())
        except KbError as error:
            context.fail(error)
            return
        for entry_id in entry_ids:
            EntryForm(entry_id).leave()
        context.notify(self.say("conflict.settled"))

    # -- taking back ------------------------------------------------------------------------------------------

    @property
    def last_step(self) -> Step | None:
        trail: list[Step] = st.session_state.get(TRAIL, [])
        return trail[-1] if trail else None

    def undo(self) -> None:
        """Takes back what the person did last in this tab, and shows the entry."""
        trail: list[Step] = st.session_state.get(TRAIL, [])
        if trail:
            self.undo_entry(trail.pop().entry_id)

    def undo_entry(self, entry_id: str) -> None:
        """Takes back the entry's newest change, whoever made it."""
        try:
            entry = self.review.undo(entry_id, actor=context.reviewer())
        except KbError as error:
            context.fail(error)
            return
        self.pick(entry_id)
        EntryForm(entry_id).load(entry)
        context.notify(self.say("review.undo.done").format(question=plain(shortened(entry.question, 40))))

    # -- inside -----------------------------------------------------------------------------------------------

    def _decide(self, entry_id: str, verb: Verb, *, step: bool) -> None:
        form = EntryForm(entry_id)
        base = form.base
        if base is None:
            return
        if verb == "approve" and form.dirty:
            saved = self._saved(form, form.read(), base.version)
            if saved is None:
                return
            base = saved
        decide = {"approve": self.review.approve, "reject": self.review.reject, "reopen": self.review.reopen}[verb]
        try:
            entry = decide(entry_id, seen_version=base.version, actor=context.reviewer())
        except StaleEntry as stale:
            form.refuse(stale.current)
            return
        except ConflictStands as standing:
            question = shortened(standing.other.question, 60)
            context.fail_with("CONFLICT_STANDS", question)
            return
        except KbError as error:
            context.fail(error)
            return
        form.load(entry)
        self._remember(entry, {"approve": "approved", "reject": "rejected", "reopen": "reopened"}[verb])
        context.notify(self.say(f"review.{verb}.done").format(question=plain(shortened(entry.question, 40))))
        if step:
            self._step(entry_id)

    def _save(self, form: EntryForm, edit: Edit, seen_version: int) -> None:
        entry = self._saved(form, edit, seen_version)
        if entry is not None:
            self._remember(entry, "edited")
            context.notify(self.say("review.save.done"))

    def _saved(self, form: EntryForm, edit: Edit, seen_version: int) -> FaqEntry | None:
        """The entry as saved, and the form on it; None when it was refused, and why is on the page."""
        try:
            entry = self.review.save(
                form.entry_id,
                seen_version=seen_version,
                question=edit.question,
                answer=edit.answer,
                similar_questions=edit.similar,
                negative_questions=edit.negative,
                tags=edit.tags,
                actor=context.reviewer(),
            )
        except StaleEntry as stale:
            form.refuse(stale.current)
            return None
        except KbError as error:
            context.fail(error)
            return None
        form.load(entry)
        return entry

    def _remember(self, entry: FaqEntry, action: str) -> None:
        trail: list[Step] = st.session_state.setdefault(TRAIL, [])
        trail.append(Step(entry.id, action, entry.question))
        del trail[:-TRAIL_LENGTH]

    def _step(self, entry_id: str) -> None:
        """On to the entry after this one; from the last of the page, to the one before or what the next page brings."""
        shown: tuple[str, ...] = st.session_state.get(SHOWN, ())
        EntryForm(entry_id).leave()
        at = shown.index(entry_id) if entry_id in shown else 0
        rest = (*shown[at + 1 :], *reversed(shown[:at]))
        if entry_id in shown and rest:
            st.session_state[SELECTED] = rest[0]
        else:
            st.session_state.pop(SELECTED, None)
