"""What is usual in one document: the body's style, the distance of lines, the right edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kbbuilder.adapters.pdf.page import Line, Page, Piece, Style, group_lines
from kbbuilder.language.text import has_cjk


@dataclass(frozen=True, slots=True)
class Measures:
    """What the body looks like.

    `body` is the style most characters have; `leading` and `leading_zh` are the usual distance of baselines as a factor
    of the size, in lines without and with Chinese (whose fonts ask for more).
    """

    body: Style
    leading: float
    leading_zh: float

    def pitch(self, line: Line) -> float:
        """The usual distance, in points, from the line above to this one within a paragraph."""
        return (self.leading_zh if has_cjk(line.text) else self.leading) * line.style.size

    def emphasised(self, style: Style) -> bool:
        """Bold beside a body that is not."""
        return style.bold and not self.body.bold

    def larger(self, style: Style) -> bool:
        return style.size >= 1.07 * self.body.size


def settled(pages: Sequence[Page]) -> Sequence[Page]:
    """The pages with nameless fonts taken for bold only where they are the exception.

    Browsers print bold Chinese with a nameless (Type 3) font when no bold cut is installed, but also all text of a font
    they may not embed.
    """
    nameless = named = 0
    for page in pages:
        for piece in page.pieces:
            if has_cjk(piece.text):
                if piece.style.font:
                    named += len(piece.text)
                else:
                    nameless += len(piece.text)
    if nameless <= 0.5 * named:
        return pages
    return [replace(page, pieces=tuple(_plain(piece) for piece in page.pieces)) for page in pages]


def _plain(piece: Piece) -> Piece:
    if piece.style.font or not piece.style.bold:
        return piece
    return replace(piece, style=replace(piece.style, bold=False), lead=0)


def measure(pages: Sequence[Page]) -> Measures:
    """Cost: O(pieces); long books are measured on every n-th page."""
    step = max(1, len(pages) // 150)
    styles: Counter[tuple[float, bool]] = Counter()
    examples: dict[tuple[float, bool], Counter[Style]] = {}
    factors: Counter[float] = Counter()
    factors_zh: Counter[float] = Counter()
    for page in pages[::step]:
        for piece in page.pieces:
            key = (round(piece.style.size * 2) / 2, piece.style.bold)
            # A manual may have more code than prose; the prose is the body all the same.
            weight = len(piece.text) if not piece.style.mono else len(piece.text) // 3
            styles[key] += weight
            examples.setdefault(key, Counter())[piece.style] += weight
        for factor, chinese in _factors(group_lines(page.pieces, page.number)):
            (factors_zh if chinese else factors)[factor] += 1
    if not styles:
        return Measures(Style("", 10.0, False, False, False), 1.2, 1.4)
    body = examples[styles.most_common(1)[0][0]].most_common(1)[0][0]
    latin, chinese = _closest(factors or factors_zh), _closest(factors_zh or factors)
    return Measures(body, latin, chinese)


def _closest(factors: Counter[float]) -> float:
    """The smallest distance that a fifth of the lines keep: in short papers most lines are paragraphs of their own."""
    total = sum(factors.values())
    return min((factor for factor, count in factors.items() if count >= 0.2 * total), default=1.2)


def _factors(lines: Sequence[Line]) -> list[tuple[float, bool]]:
    return [
        (round((low.base - high.base) / low.style.size * 20) / 20, has_cjk(low.text))
        for high, low in zip(lines, lines[1:], strict=False)
        if abs(high.style.size - low.style.size) < 0.3 and 0.9 < (low.base - high.base) / low.style.size < 2.2
    ]


def right_edge(pieces: Sequence[Piece]) -> float:
    """Where full lines end: the 95th of 100 right ends."""
    if not pieces:
        return 0.0
    ends = sorted(piece.x1 for piece in pieces)
    return ends[min(len(ends) - 1, int(len(ends) * 0.95))]
