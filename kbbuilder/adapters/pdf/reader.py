"""Reads one PDF file into a `ParsedDocument`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kbbuilder.adapters.pdf.assemble import biggest_text, elements_of
from kbbuilder.adapters.pdf.page import Page
from kbbuilder.adapters.pdf.pdfium import PdfiumFile
from kbbuilder.adapters.pdf.second_opinion import check_password, plain_pages
from kbbuilder.adapters.pdf.streams import check_streams
from kbbuilder.errors import Corrupt, EmptyDocument, NoTextLayer
from kbbuilder.language.text import detect_language, one_line
from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role

MEDIA_TYPE = "application/pdf"
MIN_CHARS = 20
"""Pictures with fewer characters than this beside them have no text layer worth the name."""
MIN_LETTERS = 3
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


class PdfReader:
    """PDF to elements. Runs in the parse process only: pdfium is not thread-safe, and files are hostile."""

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document at `path`; `name` is its display name.

        Raises:
            Encrypted: it opens only with a password.
            TooLarge: a packed part of it grows beyond measure.
            Corrupt: no reader finds a document in it.
            EmptyDocument: it has no pages.
            NoTextLayer: its pages hold no text.
        Cost: CPU time about a fifth of what pypdf needs for the plain text; memory grows by about 0.15 MB a page.
        """
        check_streams(path)
        try:
            with PdfiumFile(path) as file:
                seen = list(file.pages())
                outline, title, count = file.outline(), file.title(), file.page_count
        except Corrupt as error:
            return _plain_document(path, name, error)
        if count == 0:
            raise EmptyDocument("the file has no pages")
        pages = [page for page in seen if page is not None]
        broken = tuple(number for number, page in enumerate(seen, 1) if page is None)
        if _without_text(pages):
            check_password(path)
            raise NoTextLayer("1 page without text" if count == 1 else f"{count} pages, none with text")
        elements = elements_of(pages, outline)
        drawn = [page for page in pages if page.pictures or len(page.rules) > MANY_RULES]
        empty = tuple(page.number for page in drawn if not page.pieces)
        return ParsedDocument(
            name=name,
            media_type=MEDIA_TYPE,
            language=detect_language(_sample(elements)),
            title=_title(title, pages, elements, name),
            elements=elements,
            pages=count,
            warnings=_warnings(empty, broken),
        )


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
        warnings=("the file is damaged: its text was read without headings and tables",),
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


def _warnings(empty: Sequence[int], broken: Sequence[int]) -> tuple[str, ...]:
    warnings = []
    if empty:
        warnings.append(f"no text on page {_ranges(empty)}, only a picture")
    if broken:
        warnings.append(f"page {_ranges(broken)} is damaged and was left out")
    return tuple(warnings)


def _ranges(numbers: Sequence[int]) -> str:
    """ "3, 7-9" for 3, 7, 8, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
