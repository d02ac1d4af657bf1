"""What a reader notices in a file and people should know: a code with its values, and the English words for it.

The command line says the English; the app has its own words in `ui.labels`, by code. A library keeps codes and values,
so a code's meaning and the names of its values never change: another meaning takes another code.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter

from pydantic import BaseModel, ConfigDict, Field, model_validator

NoteValue = str | int


class NoteCode(StrEnum):
    """What was noticed. Counts are `count`; `pages` is a text such as "3, 7-9"."""

    PLAIN = "plain"
    """A sentence as it stands: from a library made when notes had no codes."""
    CHARACTERS_DAMAGED = "characters_damaged"
    SLIDE_UNREADABLE = "slide_unreadable"
    SHEET_UNREADABLE = "sheet_unreadable"
    SHEET_ROWS_CUT = "sheet_rows_cut"
    SHEET_COLUMNS_CUT = "sheet_columns_cut"
    ROWS_CUT = "rows_cut"
    CELL_FORMATS_UNREADABLE = "cell_formats_unreadable"
    MARKS_NOT_READ = "marks_not_read"
    NESTED_TOO_DEEPLY = "nested_too_deeply"
    TEXT_RECOGNISED = "text_recognised"
    PAGES_WITHOUT_TEXT = "pages_without_text"
    RECOGNITION_MISSING = "recognition_missing"
    RECOGNITION_BROKEN = "recognition_broken"
    PAGES_DAMAGED = "pages_damaged"
    FILE_DAMAGED = "file_damaged"
    HEADINGS_EMPTY = "headings_empty"
    NAMED_AS_ANOTHER_TYPE = "named_as_another_type"


ENGLISH: Mapping[NoteCode, str] = {
    NoteCode.PLAIN: "{text}",
    NoteCode.CHARACTERS_DAMAGED: "{count} characters could not be decoded",
    NoteCode.SLIDE_UNREADABLE: "slide {slide} cannot be read: {error}",
    NoteCode.SHEET_UNREADABLE: "sheet {sheet!r} cannot be read: {error}",
    NoteCode.SHEET_ROWS_CUT: "sheet {sheet!r}: rows beyond the {rows}th were not read",
    NoteCode.SHEET_COLUMNS_CUT: "sheet {sheet!r}: {count} columns beyond the {columns}th were not read",
    NoteCode.ROWS_CUT: "rows beyond the {rows}th were not read",
    NoteCode.CELL_FORMATS_UNREADABLE: "cell formats cannot be read: percentages are shown as fractions",
    NoteCode.MARKS_NOT_READ: ("the text is no ordinary Markdown (too many marks in one line); its marks were not read"),
    NoteCode.NESTED_TOO_DEEPLY: "parts of the page nested more than {levels} levels deep were not read",
    NoteCode.TEXT_RECOGNISED: "the text of page {pages} was recognised in its picture",
    NoteCode.PAGES_WITHOUT_TEXT: "no text on page {pages}, only a picture",
    NoteCode.RECOGNITION_MISSING: "no text on page {pages}, only a picture: {reason}. {hint}",
    NoteCode.RECOGNITION_BROKEN: (
        "no text on page {pages}, only a picture: text recognition cannot be loaded: {error}. {hint}"
    ),
    NoteCode.PAGES_DAMAGED: "page {pages} is damaged and was left out",
    NoteCode.FILE_DAMAGED: "the file is damaged: its text was read without headings and tables",
    NoteCode.HEADINGS_EMPTY: "{count} headings without text were left out",
    NoteCode.NAMED_AS_ANOTHER_TYPE: "the file is {type}, although its name says {named}",
}

TYPE_NAMES: Mapping[str, str] = {
    "application/pdf": "a PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "a Word document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "a PowerPoint presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "an Excel workbook",
    "application/vnd.ms-excel": "an old Excel workbook",
    "application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet",
    "application/epub+zip": "an EPUB book",
    "message/rfc822": "an e-mail",
    "text/html": "a web page",
    "text/markdown": "Markdown",
    "text/x-rst": "reStructuredText",
    "text/csv": "a CSV table",
    "text/tab-separated-values": "a TSV table",
    "text/plain": "plain text",
}
"""What people call each media type that is read."""


def blanks_of(code: NoteCode) -> frozenset[str]:
    """The names of the values that a note of this code has."""
    return frozenset(name for _, name, _, _ in Formatter().parse(ENGLISH[code]) if name)


class ReadingNote(BaseModel):
    """One thing noticed. `values` has exactly the code's blanks; the types of NAMED_AS_ANOTHER_TYPE are media types."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: NoteCode
    values: Mapping[str, NoteValue] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_sentence(cls, stored: object) -> object:
        """A bare sentence, as libraries once kept it, is a note too."""
        return {"code": NoteCode.PLAIN, "values": {"text": stored}} if isinstance(stored, str) else stored

    @model_validator(mode="after")
    def _fills_its_blanks(self) -> ReadingNote:
        if self.values.keys() != blanks_of(self.code):
            raise ValueError(f"a note {self.code} has the values {sorted(blanks_of(self.code))}")
        return self

    @property
    def english(self) -> str:
        """The note as a sentence, without a capital or a full stop.

        >>> ReadingNote(code=NoteCode.PAGES_DAMAGED, values={"pages": "3, 7-9"}).english
        'page 3, 7-9 is damaged and was left out'
        """
        values = self.values
        if self.code is NoteCode.NAMED_AS_ANOTHER_TYPE:
            values = {name: TYPE_NAMES.get(str(value), str(value)) for name, value in values.items()}
        return ENGLISH[self.code].format_map(dict(values))


def characters_damaged(count: int) -> list[ReadingNote]:
    """The note that so many characters could not be decoded; none of none."""
    return [ReadingNote(code=NoteCode.CHARACTERS_DAMAGED, values={"count": count})] if count else []
