"""The words of a page with place and style, through pdfium.

A call into pdfium costs more than the work it does, so a word takes three: where it begins, where it ends, and which
text object (with its font and size) it belongs to.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple

import pypdfium2.raw as raw

from kbbuilder.adapters.pdf.calls import bare
from kbbuilder.adapters.pdf.page import LINE_HYPHEN, Style, Word

MAX_CHARS_A_PAGE = 200_000
SLANTED = 4

# pdfium puts U+FFFE for a hyphen at a line's end; it stays the word's last character.
_WORD = re.compile(r"[^\s\ufffe\x00-\x1f]+\ufffe?")
_BOLD = re.compile(r"bold|heavy|black(?!adder)|demi|[-,]bd\b|cmbx|sfbx|ecbx|[-,]medi\b|semibold|粗")
_MONO = re.compile(r"mono|courier|consol|typewriter|cmtt|sftt|ectt|menlo|monaco|fixed|sourcecode|firacode|inconsolata")
_ITALIC = re.compile(r"ital|obli|cmti|slant")
# Word's bullets are letters of a symbol font in the private area.
_BULLETS = str.maketrans("\uf0b7\uf0a7\uf0d8\uf0fc\uf06c\uf06e\uf075", "•▪➢✓●■◆")
_BULLET = re.compile("[\uf06c-\uf0fc]")

_text_object = bare(raw.FPDFText_GetTextObject, ctypes.c_void_p)
_char_origin = bare(raw.FPDFText_GetCharOrigin, ctypes.c_int)
_loose_box = bare(raw.FPDFText_GetLooseCharBox, ctypes.c_int)
_font_size = bare(raw.FPDFText_GetFontSize, ctypes.c_double)
_matrix = bare(raw.FPDFText_GetMatrix, ctypes.c_int)
_font = bare(raw.FPDFTextObj_GetFont, ctypes.c_void_p)

StyleKey = tuple[str, float, int, int]
Look = tuple[Style, int]
"""Style and direction (`quarter`, see `Turned`) of a character."""


class Turned(NamedTuple):
    """A word whose baseline does not run to the right, in pdfium's coordinates.

    `x`, `y` start its baseline, the box is that of its last character. `quarter` counts the quarter turns (1..3) after
    which the baseline runs to the right; `SLANTED` is none.
    """

    text: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    style: Style
    spaced: bool
    quarter: int


def find_glyphs(
    text_page: raw.FPDF_TEXTPAGE, styles: dict[StyleKey, Style], left: float, top: float
) -> tuple[list[Word], list[Turned]]:
    """The words of a page in the order of the file, those that run to the right and the others.

    Args:
        text_page: pdfium's view of the page.
        styles: the styles met so far, filled up: equal styles are one object in the whole document.
        left, top: the page's corner in pdfium's coordinates.
    Cost: O(words), about 2 µs each.
    """
    count = min(raw.FPDFText_CountChars(text_page), MAX_CHARS_A_PAGE)
    if count <= 0:
        return [], []
    text = _text_of(text_page, 0, count)
    mended = text.replace("\ufffe", LINE_HYPHEN)
    mended = mended if _BULLET.search(mended) is None else mended.translate(_BULLETS)
    look = _Looker(text_page, styles)
    spans = [match.span() for match in _WORD.finditer(text)]
    page = look.page
    word_of = partial(tuple.__new__, Word)
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    x_ref, y_ref, box_ref = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
    words: list[Word] = []
    turned: list[Turned] = []

    def add(start: int, end: int, style: Style, quarter: int, spaced: bool) -> None:
        _char_origin(page, start, x_ref, y_ref)
        _loose_box(page, end - 1, box_ref)
        if quarter:
            corners = (box.left, box.bottom, box.right, box.top)
            turned.append(Turned(mended[start:end], x.value, y.value, *corners, style, spaced, quarter))
            return
        x0, x1 = x.value - left, box.right - left
        if x1 - x0 > (end - start) * style.size * 1.6 + 8 and end - start > 1:
            # Two words without a blank that stand far apart.
            middle = (start + end) // 2
            add(start, middle, style, quarter, spaced)
            add(middle, end, style, quarter, False)
            return
        right = x1 if x1 > x0 else x0 + 0.1
        words.append(word_of((mended[start:end], x0, right, top - y.value, style, spaced)))

    firsts = look.all([start for start, _ in spans])
    for (start, end), now, following in zip(spans, firsts, [*firsts[1:], None], strict=True):
        begin = start
        # Where the next word is set alike, this one has one style too.
        if end - start > 1 and following is not now:
            last = look(end - 1)
            while last is not now and last != now:
                change = _change(look, begin, end - 1, now)
                add(begin, change, *now, begin == start)
                begin, now = change, look(change)
        if begin > start or now[1]:
            add(begin, end, *now, begin == start)
            continue
        # What `add` does, for the usual word without the cost of a call.
        _char_origin(page, start, x_ref, y_ref)
        _loose_box(page, end - 1, box_ref)
        style = now[0]
        x0, x1 = x.value - left, box.right - left
        if x1 <= x0 or x1 - x0 > (end - start) * style.size * 1.6 + 8:
            add(start, end, style, 0, True)
        else:
            words.append(word_of((mended[start:end], x0, x1, top - y.value, style, True)))
    return words, turned


def _change(look: _Looker, low: int, high: int, first: Look) -> int:
    """A place between `low` (set as `first`) and `high` (set otherwise) where the style changes, by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        if look(middle) == first:
            low = middle
        else:
            high = middle
    return high


class _Looker:
    """Style and direction of a character; asks pdfium once for each text object."""

    def __init__(self, text_page: raw.FPDF_TEXTPAGE, styles: dict[StyleKey, Style]) -> None:
        self._text_page = text_page
        self._styles = styles
        self._objects: dict[int | None, Look] = {}
        self._looks: dict[tuple[int, int], Look] = {}
        self._fonts: dict[int, tuple[str, int, int]] = {}
        self.page = ctypes.c_void_p(ctypes.addressof(text_page.contents))
        """The text page's address."""
        self._matrix = raw.FS_MATRIX()
        self._matrix_ref = ctypes.byref(self._matrix)

    def all(self, indexes: Sequence[int]) -> list[Look]:
        objects = list(map(_text_object, repeat(self.page), indexes))
        known = self._objects
        return [known.get(key) or self._add(key, index) for key, index in zip(objects, indexes, strict=True)]

    def __call__(self, index: int) -> Look:
        key = _text_object(self.page, index)
        return self._objects.get(key) or self._add(key, index)

    def _add(self, key: int | None, index: int) -> Look:
        style, quarter = self._look(index, key)
        # One tuple for each look: comparing identities is enough for most words.
        known = self._objects[key] = self._looks.setdefault((id(style), quarter), (style, quarter))
        return known

    def _look(self, index: int, text_object: int | None) -> Look:
        matrix = self._matrix
        size: float = _font_size(self.page, index)
        _matrix(self.page, index, self._matrix_ref)
        size *= math.hypot(matrix.c, matrix.d)
        if not 2.0 <= size <= 300.0:
            # Type 3 fonts may carry any size; the box of the character is then the better measure.
            box = raw.FS_RECTF()
            _loose_box(self.page, index, ctypes.byref(box))
            size = min(300.0, max(2.0, abs(box.top - box.bottom) / 1.2))
        name, weight, flags = self._font(text_object)
        key = (name, round(size, 1), weight, flags)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = style_of(*key)
        if matrix.b == 0 and matrix.a > 0:
            return style, 0
        turn = math.degrees(math.atan2(matrix.b, matrix.a)) % 360 / 90
        quarter = round(turn) % 4 if abs(turn - round(turn)) < 0.06 else SLANTED
        return style, quarter

    def _font(self, text_object: int | None) -> tuple[str, int, int]:
        key = _font(ctypes.c_void_p(text_object)) if text_object else None
        if not key:
            return "", 0, 0
        if key not in self._fonts:
            pointer = ctypes.cast(key, raw.FPDF_FONT)
            buffer = ctypes.create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(pointer, buffer, 128)
            name = buffer.value.decode("utf-8", "replace").split("+", 1)[-1].lower()
            self._fonts[key] = name, raw.FPDFFont_GetWeight(pointer), raw.FPDFFont_GetFlags(pointer)
        return self._fonts[key]


def style_of(font: str, size: float, weight: int, flags: int) -> Style:
    """The style a font stands for.

    Args:
        font: lower-case name without the subset's prefix; empty for a Type 3 font.
        size: points.
        weight: 100..900.
        flags: of the font descriptor (PDF 32000-1, table 123).
    """
    # Browsers print bold Chinese with a Type 3 font when no bold cut is installed.
    bold = font == "" or weight >= 650 or bool(flags & 0x40000) or _BOLD.search(font) is not None
    mono = _MONO.search(font) is not None or bool(flags & 1)
    return Style(font, size, bold, bool(flags & 0x40) or _ITALIC.search(font) is not None, mono)


def _text_of(text_page: raw.FPDF_TEXTPAGE, start: int, count: int) -> str:
    """One character for each of pdfium's, so that indexes agree.

    pdfium leaves some out of a longer text (those without a meaning), so a text of the wrong length is halved.
    """
    if count == 1:
        point = raw.FPDFText_GetUnicode(text_page, start)
        return chr(point) if 0 < point < 0x110000 else " "
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text_page, start, count, buffer) == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if len(text) == count and "\0" not in text:
            return text
    half = count // 2
    return _text_of(text_page, start, half) + _text_of(text_page, start + half, count - half)
