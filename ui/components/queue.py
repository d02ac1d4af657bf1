"""The left pane of the review page: what waits, a page of it at a time, and the filters above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from kbbuilder.schema import EntryStatus, FaqEntry, PairKind
from kbbuilder.services.review import QueueCounts, QueuePage
from ui.components.text import plain, shortened
from ui.labels import Labels

VIEW = "review.filter.view"
DOCUMENT = "review.filter.document"
TEXT = "review.filter.text"
FLAG = "review.filter.flag"
KIND = "review.filter.kind"
LANGUAGE = "review.filter.language"
NARROWING = (DOCUMENT, TEXT, FLAG, KIND, LANGUAGE)

CONFLICTS = "conflicts"
ALL = "all"
VIEWS = (EntryStatus.PENDING.value, CONFLICTS, EntryStatus.APPROVED.value, EntryStatus.REJECTED.value,
         EntryStatus.STALE.value, ALL)  # fmt: skip
LABEL_CHARS = 70


@dataclass(frozen=True, slots=True)
class Filters:
    """What part of the queue is wanted; None is "any"."""

    status: EntryStatus | None
    document: str | None
    text: str | None
    conflicts_only: bool
    flag: str | None
    kind: str | None
    language: str | None

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view narrows the queue."""
        return any((self.document, self.text, self.flag, self.kind, self.language))


def filters(say: Labels, counts: QueueCounts, changed: Callable[[], None]) -> Filters:
    """One row of filters; `changed` is called before the page is drawn anew."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="review-filters"):
        view = st.segmented_control(
            say("review.filter.view"),
            VIEWS,
            default=VIEWS[0],
            required=True,
            format_func=lambda value: _view_label(say, counts, value),
            key=VIEW,
            on_change=changed,
            label_visibility="collapsed",
            persist_state="session",
        )
        text = st.text_input(
            say("review.filter.text"),
            key=TEXT,
            type="search",
            placeholder=say("review.filter.text"),
            label_visibility="collapsed",
            on_change=changed,
            persist_state="session",
        )
        document = st.selectbox(
            say("review.filter.document"),
            tuple(counts.documents),
            index=None,
            key=DOCUMENT,
            placeholder=say("review.filter.document.any"),
            label_visibility="collapsed",
            on_change=changed,
            persist_state="session",
        )
        more = sum(bool(st.session_state.get(key)) for key in (FLAG, KIND, LANGUAGE))
        with st.popover(say("review.filter.more") + (f" ({more})" if more else ""), icon=":material/tune:"):
            flag = _choice(say, "flag", FLAG, tuple(counts.flags), changed)
            kind = _choice(say, "kind", KIND, tuple(k.value for k in PairKind), changed)
            language = _choice(say, "language", LANGUAGE, ("zh", "en"), changed)
    return Filters(
        status=None if view in (CONFLICTS, ALL) else EntryStatus(view),
        document=document,
        text=(text or "").strip() or None,
        conflicts_only=view == CONFLICTS,
        flag=flag,
        kind=kind,
        language=language,
    )


def listing(
    say: Labels,
    page: QueuePage,
    *,
    selected: str | None,
    unsaved: frozenset[str],
    number: int,
    pick: Callable[[str], None],
    turn: Callable[[str | None], None],
) -> None:
    """The page's entries, the chosen one marked; `pick` gets an entry's id, `turn` the next page's cursor or None."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="review-pages"):
        paged = number > 1 or page.next is not None
        total = say.count("review.total", page.total)
        st.caption(f"{total} · {say('review.page').format(n=number)}" if paged else total, width="stretch")
        if paged:
            st.button(
                say("review.page.previous"), key="review.previous", icon=":material/chevron_left:", on_click=turn,
                args=(None,), disabled=number == 1, type="tertiary",
            )  # fmt: skip
            st.button(
                say("review.page.next"), key="review.next", icon=":material/chevron_right:", on_click=turn,
                args=(page.next,), disabled=page.next is None, type="tertiary",
            )  # fmt: skip
    with st.container(key="review-list", gap=None):
        for entry in page.entries:
            st.button(
                _entry_label(say, entry, unsaved=entry.id in unsaved, contested=entry.id in page.contested),
                key=f"review.pick.{entry.id}",
                on_click=pick,
                args=(entry.id,),
                type="primary" if entry.id == selected else "tertiary",
                width="stretch",
            )


def clean_entries(page: QueuePage) -> tuple[FaqEntry, ...]:
    """Those that nothing speaks against: pending, without a flag, in no open conflict."""
    return tuple(
        e for e in page.entries if e.status is EntryStatus.PENDING and not e.flags and e.id not in page.contested
    )


def confirmation(say: Labels, entries: Sequence[FaqEntry], approve: Callable[[Sequence[FaqEntry]], None]) -> None:
    """The dialog's content: the entries that are about to be approved together, and the button that does it."""
    st.write(say("bulk.body").format(n=len(entries)))
    with st.container(height=300):
        for entry in entries:
            st.markdown(f"**{plain(shortened(entry.question, 90))}**  \n{plain(shortened(entry.answer, 120))}")
    if st.button(
        say("bulk.confirm").format(n=len(entries)), key="review.bulk.confirm", type="primary", on_click=approve,
        args=(entries,),
    ):  # fmt: skip
        st.rerun()


def _entry_label(say: Labels, entry: FaqEntry, *, unsaved: bool, contested: bool) -> str:
    where = entry.evidence[0].document if entry.evidence else say("review.no_source.short")
    notes = []
    if unsaved:
        notes.append(f":blue[{plain(say('review.unsaved'))}]")
    if contested:
        notes.append(f":red[{plain(say('review.contested'))}]")
    if entry.flags:
        notes.append(f":orange[{plain(say.coded('flag', entry.flags[0]))}]")
    if entry.status is not EntryStatus.PENDING:
        notes.append(f":gray[{plain(say(f'status.{entry.status.value}'))}]")
    notes.append(f":gray[{plain(shortened(where, 28))}]")
    return f"{plain(shortened(entry.question, LABEL_CHARS))} :small[{' · '.join(notes)}]"


def _view_label(say: Labels, counts: QueueCounts, value: str) -> str:
    if value == CONFLICTS:
        n = counts.conflicts
    elif value == ALL:
        n = sum(counts.by_status.values())
    else:
        n = counts.by_status.get(EntryStatus(value), 0)
    return f"{say(f'status.{value}')} {n:,}"


def _choice(say: Labels, group: str, key: str, options: Sequence[str], changed: Callable[[], None]) -> str | None:
    return st.selectbox(
        say(f"review.filter.{group}"),
        options,
        index=None,
        format_func=lambda code: say.coded(group, code),
        key=key,
        placeholder=say("review.filter.any"),
        on_change=changed,
        persist_state="session",
    )
