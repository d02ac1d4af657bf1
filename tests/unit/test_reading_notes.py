"""What a reader tells of a file: a code with values, and its English."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kbbuilder.reading_notes import ENGLISH, TYPE_NAMES, NoteCode, NoteValue, ReadingNote, characters_damaged
from kbbuilder.stages.parse.gate import MEDIA_TYPES

SAID: dict[NoteCode, tuple[dict[str, NoteValue], str]] = {
    NoteCode.PLAIN: ({"text": "page 3 is {odd}"}, "page 3 is {odd}"),
    NoteCode.CHARACTERS_DAMAGED: ({"count": 12}, "12 characters could not be decoded"),
    NoteCode.SLIDE_UNREADABLE: ({"slide": 4, "error": "KeyError"}, "slide 4 cannot be read: KeyError"),
    NoteCode.SHEET_UNREADABLE: ({"sheet": "价格", "error": "ValueError"}, "sheet '价格' cannot be read: ValueError"),
    NoteCode.SHEET_ROWS_CUT: ({"sheet": "A{0}", "rows": 50000}, "sheet 'A{0}': rows beyond the 50000th were not read"),
    NoteCode.SHEET_COLUMNS_CUT: (
        {"sheet": "it's", "count": 3, "columns": 200}, "sheet \"it's\": 3 columns beyond the 200th were not read"
    ),
    NoteCode.ROWS_CUT: ({"rows": 10}, "rows beyond the 10th were not read"),
    NoteCode.CELL_FORMATS_UNREADABLE: ({}, "cell formats cannot be read: percentages are shown as fractions"),
    NoteCode.MARKS_NOT_READ: (
        {}, "the text is no ordinary Markdown (too many marks in one line); its marks were not read"
    ),
    NoteCode.NESTED_TOO_DEEPLY: ({"levels": 200}, "parts of the page nested more than 200 levels deep were not read"),
    NoteCode.TEXT_RECOGNISED: ({"pages": "2, 5-7"}, "the text of page 2, 5-7 was recognised in its picture"),
    NoteCode.PAGES_WITHOUT_TEXT: ({"pages": "3"}, "no text on page 3, only a picture"),
    NoteCode.RECOGNITION_MISSING: (
        {"pages": "3", "reason": "it is not installed", "hint": "Install it."},
        "no text on page 3, only a picture: it is not installed. Install it.",
    ),
    NoteCode.RECOGNITION_BROKEN: (
        {"pages": "3", "error": "libGL.so.1 is missing", "hint": "Install it."},
        "no text on page 3, only a picture: text recognition cannot be loaded: libGL.so.1 is missing. Install it.",
    ),
    NoteCode.PAGES_DAMAGED: ({"pages": "9"}, "page 9 is damaged and was left out"),
    NoteCode.FILE_DAMAGED: ({}, "the file is damaged: its text was read without headings and tables"),
    NoteCode.HEADINGS_EMPTY: ({"count": 2}, "2 headings without text were left out"),
    NoteCode.NAMED_AS_ANOTHER_TYPE: (
        {"type": "application/pdf", "named": "text/markdown"}, "the file is a PDF, although its name says Markdown"
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", NoteCode)
def test_every_code_has_its_english_sentence(code: NoteCode) -> None:
    values, english = SAID[code]
    assert ReadingNote(code=code, values=values).english == english


@pytest.mark.parametrize("code", NoteCode)
def test_a_note_comes_back_from_json_as_it_was(code: NoteCode) -> None:
    note = ReadingNote(code=code, values=SAID[code][0])
    assert ReadingNote.model_validate_json(note.model_dump_json()) == note


def test_a_bare_sentence_is_read_as_it_stands() -> None:
    note = ReadingNote.model_validate("no text on page 3, only a picture")
    assert (note.code, note.english) == (NoteCode.PLAIN, "no text on page 3, only a picture")


@pytest.mark.parametrize("values", [{}, {"pages": "1", "count": 2}, {"page": "1"}])
def test_values_that_do_not_fit_the_code_are_refused(values: dict[str, NoteValue]) -> None:
    with pytest.raises(ValidationError, match="pages"):
        ReadingNote(code=NoteCode.PAGES_DAMAGED, values=values)


def test_no_damaged_characters_are_no_note() -> None:
    assert characters_damaged(0) == []
    assert characters_damaged(2) == [ReadingNote(code=NoteCode.CHARACTERS_DAMAGED, values={"count": 2})]


def test_every_code_has_english_and_every_type_that_is_read_has_a_name() -> None:
    assert set(ENGLISH) == set(NoteCode)
    assert set(MEDIA_TYPES.values()) == set(TYPE_NAMES)
