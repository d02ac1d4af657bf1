"""The upload box, and what became of the files that were dropped into it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from kbbuilder.services.build import FileReport
from ui.components.text import html_text
from ui.labels import Labels

ROUND = "documents.upload.round"
SHOWN = 12


def box(say: Labels) -> list[UploadedFile]:
    """The files dropped since `clear` was last called."""
    number = st.session_state.setdefault(ROUND, 0)
    files = st.file_uploader(
        say("documents.upload"),
        accept_multiple_files=True,
        key=f"documents.upload.{number}",
        help=say("documents.upload.help"),
    )
    st.caption(say("documents.upload.types"))
    return list(files)


def clear() -> None:
    """An empty box on the next run."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def received(say: Labels, reports: Sequence[FileReport]) -> None:
    """One line a file: taken in, unchanged, or refused and why."""
    rows = "".join(
        f"<li><b>{html_text(report.name)}</b> {html_text(_told(say, report))}</li>" for report in reports[:SHOWN]
    )
    if len(reports) > SHOWN:
        rows += f"<li>{html_text(say('documents.received.more').format(n=len(reports) - SHOWN))}</li>"
    st.html(f'<ul class="kb-received">{rows}</ul>')


def _told(say: Labels, report: FileReport) -> str:
    said = say.get(f"upload.{report.outcome}")
    if said:
        return said
    parts = (say.coded("error", report.outcome, report.reason), say.coded("hint", report.outcome, report.hint))
    return " ".join(part for part in parts if part)
