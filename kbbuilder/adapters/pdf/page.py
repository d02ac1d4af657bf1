"""What is seen on one page, as frozen values in points from its top left corner.

`Piece` is the unit of layout: words of one line that stand close together. A wide gap or a vertical rule starts the
next piece, so a cell of a table and a line of a column are pieces of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from kbbuilder.language.text import CJK

LINE_HYPHEN = "\u00ad"
"""Stands for a hyphen at the end of a line: part of the word, or of the line break."""

WIDE = re.compile(f"[{CJK}\u3000-\u303f\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of text is set. `size` is the height in points as printed, rounded to 0.1."""

    font: str
    size: float
    bold: bool
    italic: bool
    mono: bool


class Word(NamedTuple):
    """Characters set in one style without a blank. `base` is the baseline, from the top of the page."""

    text: str
    x0: float
    x1: float
    base: float
    style: Style
    spaced: bool = True
    """White space stands before it in the file."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line that stand close together.

    `base` is the baseline; `lead` counts the bold characters the piece opens with, `mono` its characters in typewriter
    type, `mono_lead` those it opens with.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    style: Style
    lead: int = 0
    mono: int = 0
    mono_lead: int = 0

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line, or the edge of a box."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Page:
    """One page's pieces (in the order of the file) and rules. `number` counts from 1."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    aside: tuple[Piece, ...] = ()
    """Text that runs in another direction than the page's own: watermarks, stamps at the edge."""
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces on one baseline, left to right, that are read together. Made by `line_of`."""

    pieces: tuple[Piece, ...]
    page: int
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    main: Piece
    """The piece with most characters: its style is the line's."""

    @property
    def base(self) -> float:
        return self.main.base

    @property
    def style(self) -> Style:
        return self.main.style

    @property
    def lead(self) -> int:
        """How many characters the line opens with in bold."""
        count = 0
        for piece in self.pieces:
            count += piece.lead
            if piece.lead < len(piece.text):
                break
        return count


def line_of(pieces: Sequence[Piece], page: int) -> Line:
    """The line of pieces that stand left to right."""
    if len(pieces) == 1:
        only = pieces[0]
        return Line((only,), page, only.text, only.x0, only.x1, only.top, only.bottom, only)
    return Line(
        tuple(pieces),
        page,
        join_pieces(pieces),
        pieces[0].x0,
        max(piece.x1 for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.bottom for piece in pieces),
        max(pieces, key=lambda piece: len(piece.text)),
    )


Box = tuple[float, float, float, float]


def join_pieces(pieces: Sequence[Piece]) -> str:
    """The pieces' text with one blank between, none where two Chinese characters meet closely."""
    parts: list[str] = []
    last: Piece | None = None
    for piece in pieces:
        if last is not None and not (
            WIDE.match(last.text[-1]) and WIDE.match(piece.text[0]) and piece.x0 - last.x1 < last.style.size
        ):
            parts.append(" ")
        parts.append(piece.text)
        last = piece
    return "".join(parts)


_PLACE = attrgetter("base", "x0")


def group_lines(pieces: Sequence[Piece], page: int) -> list[Line]:
    """Pieces on one baseline become a line, lines stand top to bottom. Cost: O(n log n)."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=_PLACE):
        base, size = piece.base, piece.style.size
        for row in rows[-3:]:
            first = row[0]
            if abs(first.base - base) <= 0.3 * min(first.style.size, size):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [line_of(sorted(row, key=lambda p: p.x0) if len(row) > 1 else row, page) for row in rows]


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return (
        round(min(b[0] for b in boxes), 1),
        round(min(b[1] for b in boxes), 1),
        round(max(b[2] for b in boxes), 1),
        round(max(b[3] for b in boxes), 1),
    )
