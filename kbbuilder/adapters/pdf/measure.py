"""What is usual in one document: the body's style, the distance of lines, the right edge."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kbbuilder.adapters.pdf.page import Line, Page, Piece, Style
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


_HEI = re.compile(r"hei|黑")


def settled(pages: Sequence[Page]) -> Sequence[Page]:
    """The pages with their Chinese type taken for bold where it stands out, which fonts' names alone do not tell.

    Browsers print bold Chinese with a nameless (Type 3) font when no bold cut is installed, but also all text of a font
    they may not embed: nameless type is bold only where it is the exception. Chinese papers set headings in a Hei face
    (SimHei) above text in a Song face (SimSun): there, Hei is bold.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        for piece in page.pieces:
            if has_cjk(piece.text):
                font = piece.style.font
                counts["nameless" if not font else "hei" if _HEI.search(font) else "named"] += len(piece.text)
    plain = counts["nameless"] > 0.5 * (counts["named"] + counts["hei"])
    hei = 0 < counts["hei"] < 0.25 * counts["named"]
    if not plain and not hei:
        return pages
    return [replace(page, pieces=tuple(_settled(piece, plain, hei) for piece in page.pieces)) for page in pages]


def _settled(piece: Piece, plain: bool, hei: bool) -> Piece:
    font = piece.style.font
    if plain and not font:
        return replace(piece, style=replace(piece.style, bold=False), lead=0)
    if hei and not piece.style.bold and _HEI.search(font) is not None:
        return replace(piece, style=replace(piece.style, bold=True), lead=len(piece.text))
    return piece


def measure(pages: Sequence[Page]) -> Measures:
    """Cost: O(pieces); long books are measured on every n-th page."""
    step = max(1, len(pages) // 150)
    styles: Counter[tuple[float, bool]] = Counter()
    examples: dict[tuple[float, bool], Counter[Style]] = defaultdict(Counter)
    factors: Counter[float] = Counter()
    factors_zh: Counter[float] = Counter()
    for page in pages[::step]:
        for piece in page.pieces:
            key = (round(piece.style.size * 2) / 2, piece.style.bold)
            # A manual may have more code than prose; the prose is the body all the same.
            weight = len(piece.text) if not piece.style.mono else len(piece.text) // 3
            styles[key] += weight
            examples[key][piece.style] += weight
        for factor, chinese in _factors(page.pieces):
            (factors_zh if chinese else factors)[factor] += 1
    if not styles:
        return Measures(Style("", 10.0, False, False, False), 1.2, 1.4)
    body = examples[styles.most_common(1)[0][0]].most_common(1)[0][0]
    return Measures(body, _closest(factors or factors_zh), _closest(factors_zh or factors))


def _closest(factors: Counter[float]) -> float:
    """The smallest distance that a fifth of the lines keep: in short papers most lines are paragraphs of their own."""
    total = sum(factors.values())
    return min((factor for factor, count in factors.items() if count >= 0.2 * total), default=1.2)


def _factors(pieces: Sequence[Piece]) -> list[tuple[float, bool]]:
    """Distances, as factors of the size, of pieces that begin below each other in the file's order; Chinese or not."""
    found: list[tuple[float, bool]] = []
    for high, low in pairwise(pieces):
        size = low.style.size
        factor = (low.base - high.base) / size
        if 0.9 < factor < 2.2 and abs(high.style.size - size) < 0.3 and abs(high.x0 - low.x0) < 2.5 * size:
            found.append((round(factor * 20) / 20, has_cjk(low.text)))
    return found


def right_edge(pieces: Sequence[Piece]) -> float:
    """Where full lines end: the 95th of 100 right ends."""
    if not pieces:
        return 0.0
    ends = sorted(piece.x1 for piece in pieces)
    return ends[min(len(ends) - 1, int(len(ends) * 0.95))]
