"""Reads one PDF file into a `ParsedDocument`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kbbuilder.adapters.pdf.assemble import biggest_text, elements_of
from kbbuilder.adapters.pdf.page import Page
from kbbuilder.adapters.pdf.pdfium import PdfiumFile
from kbbuilder.adapters.pdf.scanned import MIN_CHARS, SeenPage, is_garbage, pages_of, with_confidence
from kbbuilder.adapters.pdf.second_opinion import check_password, plain_pages
from kbbuilder.adapters.pdf.streams import check_streams
from kbbuilder.errors import Corrupt, EmptyDocument, MissingPackage, MissingSystemLibrary, NoTextLayer
from kbbuilder.language.text import detect_language, one_line
from kbbuilder.reading_notes import NoteCode, ReadingNote
from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role

if TYPE_CHECKING:
    from kbbuilder.ports import PageReader

MEDIA_TYPE = "application/pdf"
MIN_LETTERS = 3
FULL_PAGE = 0.6
"""A picture over this share of the page is the page; a few characters beside it are a scanner's stamp."""
MAX_BLANKS = 20
"""After so many pictures in a row without a line, recognition gives up: an album, or noise."""
MANY_RULES = 20
"""A page of so many drawn lines and no text is a drawing, not a blank page."""

_FILE_NAME = re.compile(
    r"\.(?:docx?|pptx?|xlsx?|html?|md|txt|tex|dvi|pdf|rtf|indd|wps|odt|adoc|rst|xml)$|^(?:https?|file):", re.I
)
_NO_TITLE = re.compile(
    r"^(?:untitled.*|无标题.*|未命名.*|文档\s*\d*|document\s*\d*|microsoft (?:word|powerpoint|excel).*"
    r"|powerpoint presentation|title|\W*)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Recognised:
    """What became of the pages without readable text: seen, or left (and why, when recognition is missing)."""

    seen: tuple[SeenPage, ...] = ()
    left: tuple[int, ...] = ()
    problem: MissingPackage | None = None


class PdfReader:
    """PDF to elements. Runs in the parse process only: pdfium is not thread-safe, and files are hostile.

    Args:
        open_page_reader: gives text recognition, or raises MissingPackage. Called when a page needs it.
        may_recognise: asked before each such page whether there is time for it; None: always.
    """

    def __init__(
        self,
        open_page_reader: Callable[[], PageReader] | None = None,
        may_recognise: Callable[[], bool] | None = None,
    ) -> None:
        self._open_page_reader = open_page_reader
        self._may_recognise = may_recognise

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document at `path`; `name` is its display name.

        Raises:
            Encrypted: it opens only with a password.
            TooLarge: a packed part of it grows beyond measure.
            Corrupt: no reader finds a document in it.
            EmptyDocument: it has no pages.
            NoTextLayer: its pages hold no text, and none was recognised in their pictures.
        Cost: CPU time about a fifth of what pypdf needs for the plain text; memory grows by about 0.15 MB a page.
        A page whose text is recognised: 1 to 6 s and up to 600 MB.
        """
        check_streams(path)
        try:
            with PdfiumFile(path) as file:
                read = list(file.pages())
                outline, title, count = file.outline(), file.title(), file.page_count
                pages = [page for page in read if page is not None]
                unread = [page for page in pages if _is_unread(page, file)]
                if unread and _without_text(pages):
                    check_password(path)
                recognised = self._recognise(file, unread)
        except Corrupt as error:
            return _plain_document(path, name, error)
        if count == 0:
            raise EmptyDocument("the file has no pages")
        broken = tuple(number for number, page in enumerate(read, 1) if page is None)
        pages = _with_seen(pages, recognised)
        if _without_text(pages):
            check_password(path)
            raise NoTextLayer(
                "1 page without text" if count == 1 else f"{count} pages, none with text", hint=self._hint(recognised)
            )
        elements = with_confidence(elements_of(pages, outline), recognised.seen)
        drawn = [page for page in pages if page.pictures or len(page.rules) > MANY_RULES]
        empty = {page.number for page in drawn if not page.pieces} | set(recognised.left)
        return ParsedDocument(
            name=name,
            media_type=MEDIA_TYPE,
            language=detect_language(_sample(elements)),
            title=_title(title, pages, elements, name),
            elements=elements,
            pages=count,
            warnings=_warnings(sorted(empty), broken, recognised),
        )

    def _hint(self, recognised: _Recognised) -> str | None:
        """What to do about pages of which nothing was read; None: what the error itself says."""
        if recognised.problem is not None:
            return recognised.problem.hint
        return None if self._open_page_reader is None else "No text was recognised: scan the pages more clearly."

    def _recognise(self, file: PdfiumFile, unread: Sequence[Page]) -> _Recognised:
        numbers = tuple(page.number for page in unread)
        if not unread or self._open_page_reader is None:
            return _Recognised(left=numbers)
        seen: list[SeenPage] = []
        reader: PageReader | None = None
        blanks = 0
        for number in numbers:
            # The time for the first page pays for loading the models as well.
            if blanks >= MAX_BLANKS or (self._may_recognise is not None and not self._may_recognise()):
                break
            try:
                reader = reader or self._open_page_reader()
                picture, scale = file.picture(number)
            except MissingPackage as problem:
                return _Recognised(left=numbers, problem=problem)
            except Corrupt:
                continue
            found = reader.read(picture)
            if found is None or not found.lines:
                blanks += 1
                continue
            blanks = 0
            height, width = picture.shape[:2] if found.quarters % 2 == 0 else picture.shape[1::-1]
            seen.append(SeenPage(number, width / scale, height / scale, scale, found.lines))
        done = {page.number for page in seen}
        return _Recognised(tuple(seen), tuple(n for n in numbers if n not in done))


def _is_unread(page: Page, file: PdfiumFile) -> bool:
    """The page's text is missing or means nothing, though something is on it."""
    text = "".join(piece.text for piece in (*page.pieces, *page.aside))
    if len(text) >= MIN_CHARS or is_garbage(text):
        return is_garbage(text)
    look = file.look(page.number)
    if any(c.isalnum() for c in text):
        return look.covered >= FULL_PAGE
    return look.pictures > 0 or look.objects > MANY_RULES


def _with_seen(pages: Sequence[Page], recognised: _Recognised) -> list[Page]:
    """The pages with those seen in the place of the unread ones; text that means nothing is gone."""
    seen = {page.number: page for page in pages_of(recognised.seen)}
    left = frozenset(recognised.left)
    out: list[Page] = []
    for page in pages:
        if page.number in left and is_garbage("".join(piece.text for piece in (*page.pieces, *page.aside))):
            page = replace(page, pieces=(), aside=())
        out.append(seen.get(page.number, page))
    return out


def _without_text(pages: Sequence[Page]) -> bool:
    text = "".join(p.text for page in pages for p in (*page.pieces, *page.aside)) if len(pages) < 50 else None
    if text is None:
        return sum(len(p.text) for page in pages for p in page.pieces) < MIN_CHARS
    pictures = sum(page.pictures for page in pages)
    return sum(c.isalnum() for c in text) < MIN_LETTERS or (pictures > 0 and len(text) < MIN_CHARS)


def _plain_document(path: Path, name: str, error: Corrupt) -> ParsedDocument:
    """What pypdf gets out of a file that pdfium refuses: paragraphs page by page, no structure."""
    pages = plain_pages(path)
    elements = tuple(
        Element(kind=ElementKind.PARAGRAPH, text=text, page=number)
        for number, page in enumerate(pages, 1)
        for text in (one_line(part) for part in page.split("\n\n"))
        if text
    )
    if not pages or sum(len(e.text) for e in elements) < MIN_CHARS:
        raise error
    return ParsedDocument(
        name=name,
        media_type=MEDIA_TYPE,
        language=detect_language(_sample(elements)),
        title=Path(name).stem,
        elements=elements,
        pages=len(pages),
        warnings=(ReadingNote(code=NoteCode.FILE_DAMAGED),),
    )


def _sample(elements: Sequence[Element]) -> str:
    body = [e.text for e in elements if e.role is Role.BODY and e.kind is not ElementKind.CODE]
    # The first pages of a translated book are often imprint: look at the middle too.
    half = len(body) // 2
    return "\n".join(body[:half])[:8000] + "\n" + "\n".join(body[half:])[:8000]


def _title(metadata: str, pages: Sequence[Page], elements: Sequence[Element], name: str) -> str:
    if metadata and not _FILE_NAME.search(metadata.strip()) and not _NO_TITLE.match(metadata.strip()):
        return one_line(metadata)
    biggest = biggest_text(pages[0]) if pages else ""
    if biggest and len(biggest) <= 200:
        return biggest
    heading = next((e.text for e in elements if e.kind is ElementKind.HEADING), "")
    return heading or Path(name).stem


def _warnings(empty: Sequence[int], broken: Sequence[int], recognised: _Recognised) -> tuple[ReadingNote, ...]:
    warnings = []
    if recognised.seen:
        numbers = _ranges([page.number for page in recognised.seen])
        warnings.append(ReadingNote(code=NoteCode.TEXT_RECOGNISED, values={"pages": numbers}))
    if empty:
        warnings.append(_without_words(_ranges(empty), recognised.problem))
    if broken:
        warnings.append(ReadingNote(code=NoteCode.PAGES_DAMAGED, values={"pages": _ranges(broken)}))
    return tuple(warnings)


def _without_words(pages: str, problem: MissingPackage | None) -> ReadingNote:
    if problem is None:
        return ReadingNote(code=NoteCode.PAGES_WITHOUT_TEXT, values={"pages": pages})
    if isinstance(problem, MissingSystemLibrary):
        values = {"pages": pages, "error": problem.fault, "hint": problem.hint}
        return ReadingNote(code=NoteCode.RECOGNITION_BROKEN, values=values)
    values = {"pages": pages, "reason": problem.message, "hint": problem.hint}
    return ReadingNote(code=NoteCode.RECOGNITION_MISSING, values=values)


def _ranges(numbers: Sequence[int]) -> str:
    """ "3, 7-9" for 3, 7, 8, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
