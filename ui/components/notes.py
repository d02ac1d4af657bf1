"""What the reader noticed in a file: pages left out, sheets cut short, text that was recognised."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kbbuilder.reading_notes import NoteCode, ReadingNote
from ui.components.text import html_text
from ui.labels import Labels

MOST = 50


def noticed(say: Labels, notes: Sequence[ReadingNote]) -> None:
    """The notes as a list; nothing when there are none."""
    if notes:
        rows = "".join(f"<li>{html_text(worded(say, note))}</li>" for note in notes[:MOST])
        st.html(f'<div class="kb-label">{html_text(say("notes.title"))}</div><ul class="kb-notes">{rows}</ul>')


def worded(say: Labels, note: ReadingNote) -> str:
    """The note as a sentence, in the singular for one thing or one page."""
    values = {name: f"{value:,}" if isinstance(value, int) else value for name, value in note.values.items()}
    if "pages" in values:
        values["pages"] = values["pages"].replace(", ", say("notes.comma"))
    if note.code is NoteCode.NAMED_AS_ANOTHER_TYPE:
        values = {name: say.coded("file", value, value) for name, value in values.items()}
    key = f"note.{note.code.value}"
    single = values.get("count") == "1" or values.get("pages", "").isdecimal()
    return (say.get(f"{key}.one" if single else key) or say(key)).format_map(values)
