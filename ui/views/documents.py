"""The documents page: bring files in, watch them being worked off, see what became of each."""

from __future__ import annotations

import time

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from kbbuilder.bootstrap import Library
from kbbuilder.errors import KbError
from kbbuilder.schema import VersionState
from kbbuilder.services.build import DocumentView, FileReport, Preview
from ui import context, desk
from ui.components import documents, engine, ledger, notes, queue, upload
from ui.components.text import html_text, plain
from ui.labels import Labels

RECEIVED = "documents.received"
SELECTED = "documents.selected"
WATCHED = "documents.watched"
PREVIEWS = "documents.previews"
PREVIEW_ASKED = "documents.preview_asked"
PREVIEWED = 3  # sections
PAGE_SIZE = 20
TICK_S = 1.0
SLOW_TICK_S = 15.0

RETRYABLE = frozenset({VersionState.FAILED, VersionState.CANCELLED, VersionState.RETRY})


def main() -> None:
    say = context.labels()
    library = context.library()
    with st.container(horizontal=True, vertical_alignment="bottom", key="documents-how"):
        choice = engine.choice(say, library.build.engines)
    _take_in(library, upload.box(say), choice)
    reports = st.session_state.get(RECEIVED)
    if reports:
        upload.received(say, reports)
    began = time.perf_counter()
    everything = library.build.documents(context.collection())
    read_s = time.perf_counter() - began
    if not everything:
        _empty(say)
        return
    if any(documents.is_working(d) for d in everything):
        library.start_worker()
    chosen = next((d for d in everything if d.id == st.session_state.get(SELECTED)), everything[0])
    st.session_state[SELECTED] = chosen.id
    left, right = st.columns((60, 40), gap="medium")
    with left:
        _watch(say, library, everything, read_s)
    with right, st.container(key="document-detail"):
        _detail(say, library, chosen)


def _take_in(library: Library, files: list[UploadedFile], choice: engine.Choice) -> None:
    """Stores what was dropped and hands it to the worker; the box is empty again afterwards."""
    if not files:
        return
    reports: list[FileReport] = []
    try:
        for file in files:
            reports.append(_added(library, file, choice))
        library.start_worker()
    except KbError as error:
        context.fail(error)
    st.session_state[RECEIVED] = reports
    upload.clear()
    st.rerun()


def _added(library: Library, file: UploadedFile, choice: engine.Choice) -> FileReport:
    return library.build.add_upload(
        file.name,
        file.getvalue(),
        collection=context.collection(),
        engine=choice.engine or context.settings().engine,
        hold=choice.preview_first,
    )


def _watch(say: Labels, library: Library, everything: tuple[DocumentView, ...], read_s: float) -> None:
    """The list, drawn anew by itself while something is being worked on."""
    st.session_state[WATCHED] = _states(everything)
    shown = st.session_state[SELECTED]

    @st.fragment(run_every=_tick_s(everything, read_s))
    def table() -> None:
        now = library.build.documents(context.collection())
        if _states(now) != st.session_state[WATCHED] or st.session_state[SELECTED] != shown:
            st.rerun()  # the whole page: a click in here would draw only the list anew
        _table(say, now)

    table()


def _tick_s(everything: tuple[DocumentView, ...], read_s: float) -> float | None:
    """How often to look again: every second, but never so often that looking takes more than a tenth of the time."""
    if any(documents.is_working(d) for d in everything):
        return max(TICK_S, 10 * read_s)
    return SLOW_TICK_S if any(d.state is VersionState.RETRY for d in everything) else None


def _states(everything: tuple[DocumentView, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((d.version_id, d.state) for d in everything)


def _table(say: Labels, everything: tuple[DocumentView, ...]) -> None:
    shown = _found(say, everything)
    with st.container(horizontal=True, vertical_alignment="center"):
        number = ledger.page_number(say, len(shown), PAGE_SIZE, "documents.page")
    if not shown:
        st.caption(say("documents.none_found"))
        return
    documents.heads(say)
    documents.listing(say, shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], st.session_state.get(SELECTED), _pick)


def _found(say: Labels, everything: tuple[DocumentView, ...]) -> tuple[DocumentView, ...]:
    """The documents that the search above the list leaves."""
    working = sum(documents.is_working(d) for d in everything)
    failed = sum(map(documents.is_stuck, everything))
    with st.container(horizontal=True, vertical_alignment="center", key="documents-filters"):
        only = st.segmented_control(
            say("documents.filter"),
            ("all", "working", "failed"),
            default="all",
            required=True,
            format_func=lambda value: say(f"documents.filter.{value}").format(
                n={"all": len(everything), "working": working, "failed": failed}[value]
            ),
            key="documents.filter",
            label_visibility="collapsed",
        )
        text = st.text_input(
            say("documents.search"), key="documents.search", type="search", placeholder=say("documents.search"),
            label_visibility="collapsed", width=240,
        )  # fmt: skip
    wanted = (text or "").strip().casefold()
    return tuple(
        d
        for d in everything
        if wanted in d.name.casefold()
        and (only != "working" or documents.is_working(d))
        and (only != "failed" or documents.is_stuck(d))
    )


def _detail(say: Labels, library: Library, document: DocumentView) -> None:
    said, hint = documents.outcome(say, document)
    facts = [say("documents.edition").format(n=document.number)]
    if document.pages:
        facts.append(say.count("documents.pages", document.pages))
    facts.append(say.count("documents.entries", document.entries))
    facts += engine.cost_facts(say, document)
    st.html(
        f'<h3 class="kb-title">{html_text(document.name)}</h3>'
        f'<div class="kb-facts">{html_text(" · ".join(facts))}</div>'
    )
    awaits = documents.awaits_word(document)
    if awaits:
        st.info(f"{plain(said)}  \n{plain(hint)}", icon=":material/pause_circle:")
    elif documents.is_stuck(document):
        st.warning("  \n".join(plain(line) for line in (said, hint) if line), icon=":material/error:")
        if document.reason and document.reason != said:
            st.caption(plain(say("documents.reason").format(reason=document.reason)))
    with st.container(horizontal=True, gap="small"):
        if document.state in RETRYABLE:
            st.button(
                say("preview.build" if awaits else "documents.retry"),
                key=f"documents.retry.{document.version_id}",
                icon=":material/play_arrow:" if awaits else ":material/refresh:",
                type="primary" if awaits else "secondary",
                on_click=_retry,
                args=(library, document.version_id),
            )
        if awaits:
            st.button(
                say("preview.run").format(n=PREVIEWED), key=f"documents.preview.{document.version_id}",
                icon=":material/visibility:", on_click=_ask_for_preview, args=(document.version_id,),
            )  # fmt: skip
        if documents.is_working(document) or document.state is VersionState.RETRY:
            st.button(
                say("documents.cancel"), key=f"documents.cancel.{document.version_id}", icon=":material/close:",
                on_click=_cancel, args=(library, document.version_id),
            )  # fmt: skip
        if document.entries and st.button(
            say("documents.review"), key=f"documents.review.{document.id}", icon=":material/rate_review:"
        ):
            st.session_state[queue.DOCUMENT] = document.name
            st.session_state[queue.VIEW] = queue.ALL
            st.session_state.pop(desk.SELECTED, None)
            st.switch_page("views/review.py")
    if awaits:
        _preview(say, library, document)
    if document.chunks_by_state:
        with st.expander(say("ledger.title"), expanded=True):
            ledger.balance(say, document)
    notes.noticed(say, document.warnings)
    if document.state is VersionState.DONE:
        ledger.coverage(say, library.build.coverage(document.version_id), f"documents.coverage.{document.version_id}")


def _preview(say: Labels, library: Library, document: DocumentView) -> None:
    """The preview asked for: made once, then kept for as long as this tab is open."""
    kept: dict[int, Preview] = st.session_state.setdefault(PREVIEWS, {})
    if st.session_state.get(PREVIEW_ASKED) == document.version_id:
        st.session_state.pop(PREVIEW_ASKED)
        try:
            with st.spinner(say("preview.running")):
                kept[document.version_id] = library.build.preview([document.version_id], chunks=PREVIEWED)
        except KbError as error:
            context.fail(error)
            st.rerun()
    if document.version_id in kept:
        engine.preview(say, kept[document.version_id])


def _ask_for_preview(version_id: int) -> None:
    st.session_state[PREVIEW_ASKED] = version_id


def _empty(say: Labels) -> None:
    with st.container(key="empty-state", horizontal_alignment="center", gap="small"):
        st.subheader(say("documents.empty"), anchor=False)
        st.write(say("documents.empty.next"))


def _pick(document_id: int) -> None:
    st.session_state[SELECTED] = document_id


def _retry(library: Library, version_id: int) -> None:
    try:
        library.build.retry(version_id)
        library.start_worker()
    except KbError as error:
        context.fail(error)


def _cancel(library: Library, version_id: int) -> None:
    try:
        library.build.cancel(version_id)
    except KbError as error:
        context.fail(error)


main()
