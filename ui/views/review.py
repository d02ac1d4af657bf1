"""The review page: a queue on the left, one entry in the middle, its source on the right."""

from __future__ import annotations

import streamlit as st

from kbbuilder.errors import EntryNotFound
from kbbuilder.services.review import EntryView, LinkView, QueuePage, ReviewService
from ui import context
from ui.components import compare, editor, evidence, history, queue
from ui.components.text import plain, shortened
from ui.desk import CURSORS, SELECTED, SHOWN, Desk
from ui.forms import EntryForm
from ui.labels import Labels

PAGE_SIZE = 20


def main() -> None:
    say = context.labels()
    review = context.library().review
    desk = Desk(say, review)
    counts = review.counts(context.collection())
    if not sum(counts.by_status.values()):
        _nothing_yet(say)
        return
    filters = queue.filters(say, counts, desk.start_again)
    cursors: list[str | None] = st.session_state.setdefault(CURSORS, [None])
    page = _page(review, filters, cursors[-1])
    if not page.entries and len(cursors) > 1:
        cursors[:] = [None]
        page = _page(review, filters, None)
    st.session_state[SHOWN] = tuple(e.id for e in page.entries)
    view = _selected(review, page)
    if view is None:
        _nothing_left(say, desk, filters.narrowed)
        return
    form = EntryForm(view.entry.id)
    if form.open(view.entry):
        st.toast(say("review.refreshed"))
    left, right = st.columns((23, 77), gap="small")
    with left, st.container(height=600, border=False, key="review-queue"):
        unsaved = frozenset(e.id for e in page.entries if EntryForm(e.id).dirty)
        queue.listing(
            say, page, selected=view.entry.id, unsaved=unsaved, number=len(cursors), pick=desk.pick, turn=desk.turn
        )
        _bulk(say, desk, page)
    with right:
        editor.decisions(say, view.entry, form, desk, _told(say, desk))
        refused = form.refusal
        if refused is not None:
            compare.refusal(say, view.entry.id, refused, desk.discard, desk.save_mine)
            return
        middle, side = st.columns((54, 46), gap="medium")
        with middle, st.container(height=600, border=False, key="review-editor"):
            editor.standing(say, view.entry, form.dirty)
            _conflicts(say, desk, view)
            editor.fields(say, view.entry, form)
        with side, st.container(height=600, border=False, key="review-side"):
            _side(say, desk, view)


def _page(review: ReviewService, filters: queue.Filters, after: str | None) -> QueuePage:
    return review.queue(
        context.collection(),
        status=filters.status,
        document=filters.document,
        flag=filters.flag,
        language=filters.language,
        text=filters.text,
        kind=filters.kind,
        conflicts_only=filters.conflicts_only,
        after=after,
        limit=PAGE_SIZE,
    )


def _selected(review: ReviewService, page: QueuePage) -> EntryView | None:
    """The chosen entry; when it is gone or none was chosen, the first of the page."""
    chosen = st.session_state.get(SELECTED)
    for entry_id in (chosen, *(e.id for e in page.entries[:1])):
        if not entry_id:
            continue
        try:
            view = review.entry(entry_id)
        except EntryNotFound:
            continue
        if view.entry.collection == context.collection():
            st.session_state[SELECTED] = view.entry.id
            return view
    st.session_state.pop(SELECTED, None)
    return None


def _nothing_yet(say: Labels) -> None:
    """The library has no entries: what to do first."""
    with st.container(key="empty-state", horizontal_alignment="center", gap="small"):
        st.subheader(say("review.empty.library"), anchor=False)
        st.write(say("review.empty.library.next"))
        st.page_link("views/documents.py", label=say("review.empty.library.go"), icon=":material/upload_file:")


def _nothing_left(say: Labels, desk: Desk, narrowed: bool) -> None:
    """This part of the queue is empty: why, and what to do next."""
    with st.container(key="empty-state", horizontal_alignment="center", gap="small"):
        if narrowed:
            st.subheader(say("review.empty.filter"), anchor=False)
            st.button(say("review.empty.filter.clear"), key="review.filter.clear", on_click=desk.clear_filters)
        else:
            st.subheader(say("review.empty.done"), anchor=False)
            st.write(say("review.empty.done.next"))
            st.page_link("views/ask.py", label=say("review.empty.done.go"), icon=":material/question_answer:")
        if desk.last_step:
            editor.undo(say, desk, _told(say, desk))


def _side(say: Labels, desk: Desk, view: EntryView) -> None:
    source, related, past = st.tabs(
        (
            say("review.tab.source"),
            say("review.tab.links").format(n=len(view.links)),
            say("review.tab.history").format(n=len(view.history)),
        )
    )
    with source:
        evidence.sources(say, view.sources)
    with related:
        history.links(say, view.links, desk.pick)
    with past:
        history.revisions(say, view.history)
        if view.history:
            st.button(
                say("review.undo.entry"), key=f"review.undo.{view.entry.id}", icon=":material/undo:",
                on_click=desk.undo_entry, args=(view.entry.id,),
            )  # fmt: skip


def _conflicts(say: Labels, desk: Desk, view: EntryView) -> None:
    for link in history.open_conflicts(view.links):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", key=f"conflict-{link.link.id}"):
            st.markdown(say("conflict.notice").format(other=plain(shortened(link.other.question, 60))), width="stretch")
            if st.button(say("conflict.compare"), key=f"review.conflict.{link.link.id}"):
                _compare(say, desk, view, link)


def _compare(say: Labels, desk: Desk, view: EntryView, link: LinkView) -> None:
    other = desk.review.entry(link.other.id)
    sides = {view.entry.id: (view.entry, view.sources), other.entry.id: (other.entry, other.sources)}

    @st.dialog(say("conflict.title"), width="large")
    def dialog() -> None:
        left, right = sides[link.link.left_id], sides[link.link.right_id]
        compare.conflict(say, link.link, left, right, lambda link_id, how: desk.settle(link_id, how, tuple(sides)))

    dialog()


def _bulk(say: Labels, desk: Desk, page: QueuePage) -> None:
    clean = queue.clean_entries(page)
    if len(clean) < 2:
        return

    @st.dialog(say("bulk.title"), width="medium")
    def confirm() -> None:
        queue.confirmation(say, clean, desk.approve_all)

    if st.button(say("bulk.open").format(n=len(clean)), key="review.bulk", help=say("bulk.help"), width="stretch"):
        confirm()


def _told(say: Labels, desk: Desk) -> str | None:
    """The last thing this person did here, in words."""
    step = desk.last_step
    if step is None:
        return None
    return say("review.undo.what").format(
        action=say.coded("action", step.action), question=shortened(step.question, 50)
    )


main()
