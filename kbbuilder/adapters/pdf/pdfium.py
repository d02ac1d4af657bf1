"""Pages, outline and metadata of a file through pdfium.

pdfium is not thread-safe: one process reads one file at a time.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from kbbuilder.adapters.pdf.glyphs import SLANTED, StyleKey, Turned, find_glyphs
from kbbuilder.adapters.pdf.page import Page, Piece, Style, Word
from kbbuilder.adapters.pdf.pieces import find_pieces, upright
from kbbuilder.adapters.pdf.strokes import MAX_OBJECTS_A_PAGE, find_strokes
from kbbuilder.adapters.pdf.turn import Turn
from kbbuilder.errors import Corrupt, Encrypted
from kbbuilder.language.text import clean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_OUTLINE = 20_000
MAX_OUTLINE_DEPTH = 9
DPI = 200
"""How finely a page is drawn for text recognition."""
MAX_PIXELS = 4_500_000
"""An A4 page has 3.9 million at `DPI`; larger ones are drawn coarser."""
MAX_SIDE = 6_000


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One entry of the outline. `level` counts from 1; `page` from 1, None when it leads nowhere."""

    title: str
    level: int
    page: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """What is drawn on a page: objects, pictures among them, and the largest one's share of the page."""

    objects: int
    pictures: int
    covered: float


class PdfiumFile:
    """An open file. Use as a context manager.

    Raises:
        Encrypted: it opens only with a password.
        Corrupt: pdfium finds no document in it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
                raise Encrypted("the file opens only with a password") from error
            raise Corrupt("the file is damaged: it holds no PDF document") from error
        self._styles: dict[StyleKey, Style] = {}

    def __enter__(self) -> PdfiumFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    @property
    def page_count(self) -> int:
        return len(self._document)

    def title(self) -> str:
        """The title in the metadata, empty when there is none."""
        return clean(self._document.get_metadata_value("Title") or "")

    def outline(self) -> tuple[Bookmark, ...]:
        """The outline in order. Loops are left out, endless lists cut at `MAX_OUTLINE` entries."""
        marks: list[Bookmark] = []
        for mark in self._document.get_toc(max_depth=MAX_OUTLINE_DEPTH):
            title = clean(mark.get_title())
            if title:
                dest = mark.get_dest()
                index = dest.get_index() if dest is not None else None
                marks.append(Bookmark(title, mark.level + 1, None if index is None else index + 1))
            if len(marks) >= MAX_OUTLINE:
                break
        return tuple(marks)

    def pages(self) -> Iterator[Page | None]:
        """Each page in turn; None for one that pdfium cannot load."""
        for index in range(len(self._document)):
            try:
                page = self._document[index]
            except pdfium.PdfiumError:
                yield None
                continue
            try:
                yield self._page(page, index + 1)
            finally:
                page.close()

    def look(self, number: int) -> Look:
        """What is on the page beside text. Cost: O(objects), the first `MAX_OBJECTS_A_PAGE` of them."""
        page = self._document[number - 1]
        try:
            return _look(page.raw)
        finally:
            page.close()

    def picture(self, number: int) -> tuple[NDArray[np.uint8], float]:
        """The page as printed: shape (height, width, 3), blue, green, red; and its pixels a point.

        Raises:
            Corrupt: pdfium cannot draw it.
        Cost: 0.1 to 1 s, at most 4 bytes x `MAX_PIXELS` twice.
        """
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise Corrupt(f"page {number} is damaged") from error
        try:
            width, height = page.get_size()
            if width < 1 or height < 1:
                raise Corrupt(f"page {number} has no size")
            scale = min(DPI / 72, math.sqrt(MAX_PIXELS / (width * height)), MAX_SIDE / max(width, height))
            bitmap = page.render(scale=scale, may_draw_forms=False)
            try:
                pixels: NDArray[np.uint8] = bitmap.to_numpy()[:, :, :3].copy()
                return pixels, scale
            finally:
                bitmap.close()
        except (pdfium.PdfiumError, ValueError, RuntimeError) as error:
            raise Corrupt(f"page {number} cannot be drawn") from error
        finally:
            page.close()

    def _page(self, page: pdfium.PdfPage, number: int) -> Page | None:
        try:
            text_page = page.get_textpage()
        except pdfium.PdfiumError:
            return None
        left, bottom, right, top = page.get_bbox()
        try:
            words, turned = find_glyphs(text_page.raw, self._styles, left, top)
        finally:
            text_page.close()
        quarters = Counter(word.quarter for word in turned if word.quarter != SLANTED).most_common(1)
        quarter, most = quarters[0] if quarters else (0, 0)
        turn = Turn(quarter if most > len(words) else 0, left, bottom, right, top)
        strokes = find_strokes(page.raw, turn)
        aside: list[Word | Turned] = [word for word in turned if word.quarter != turn.quarter]
        if turn.quarter:
            aside += words
            words = [upright(word, turn) for word in turned if word.quarter == turn.quarter]
        width, height = turn.size
        pieces = tuple(find_pieces(words, strokes.rules, strokes.dots))
        return Page(number, width, height, pieces, strokes.rules, _aside(aside), strokes.pictures)


def _look(page: raw.FPDF_PAGE) -> Look:
    sides = [ctypes.c_float() for _ in range(4)]
    refs = [ctypes.byref(side) for side in sides]
    space = raw.FPDF_GetPageWidthF(page) * raw.FPDF_GetPageHeightF(page)
    pictures, covered = 0, 0.0
    count = min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS_A_PAGE)
    for index in range(count):
        item = raw.FPDFPage_GetObject(page, index)
        # A form may hold anything; scanners wrap their picture in one.
        if raw.FPDFPageObj_GetType(item) not in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        pictures += 1
        if raw.FPDFPageObj_GetBounds(item, *refs):
            left, bottom, right, top = (side.value for side in sides)
            covered = max(covered, abs(right - left) * abs(top - bottom))
    return Look(count, pictures, covered / space if space > 0 else 0.0)


def _aside(words: Sequence[Word | Turned]) -> tuple[Piece, ...]:
    """Words in other directions, those of one style together; they have no place."""
    texts: dict[Style, list[str]] = {}
    for word in words:
        texts.setdefault(word.style, []).append(word.text)
    return tuple(Piece(" ".join(found), 0.0, 0.0, 0.0, 0.0, 0.0, style) for style, found in texts.items())
