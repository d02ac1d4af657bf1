"""Pages whose text was recognised in their picture: lines as pieces, and how sure the recognition was."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from kbbuilder.adapters.pdf.page import LINE_HYPHEN, WIDE, Box, Page, Piece, Style
from kbbuilder.language.text import has_cjk
from kbbuilder.schema import Element, Role

if TYPE_CHECKING:
    from kbbuilder.ports import SeenLine

MIN_CHARS = 20
"""Pictures with fewer characters than this beside them have no text layer worth the name."""
GARBAGE = 0.5
"""From this share of characters without a meaning on, a page's text is none."""
SAME_SIZE = 1.13
"""Recognised lines whose sizes differ by less are taken for equal; the measured heights scatter so much."""
FEW_CHARS = 12
_BOX_TO_SIZE = 0.8
"""A line's box is a quarter higher than its type size."""

_MEANINGLESS = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f\U000f0000-\U0010ffff]")
_NARROW = re.compile(r"[iljtfrI1.,:;'|!()\[\] -]")
_BROKEN_WORD = re.compile(r"(?<=[A-Za-z]{2})-$")


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What was seen in the picture of one page. `scale` is pixels a point; width and height are points."""

    number: int
    width: float
    height: float
    scale: float
    lines: tuple[SeenLine, ...]


def is_garbage(text: str) -> bool:
    """Mostly characters that stand for nothing: a font without a table of characters.

    >>> is_garbage("\\ue012\\ue013 a"), is_garbage("\\uf0b7 Press the button")
    (True, False)
    """
    if text.isascii() and text.isprintable():
        return False
    bare = "".join(text.split())
    return bool(bare) and len(_MEANINGLESS.findall(bare)) > GARBAGE * len(bare)


def pages_of(seen: Sequence[SeenPage]) -> list[Page]:
    """The pages with a piece a line. Sizes are evened out over the whole document. Cost: O(lines log lines)."""
    sizes = _sizes(seen)
    pages: list[Page] = []
    at = 0
    for page in seen:
        pieces = tuple(
            _piece(line, page.scale, size)
            for line, size in zip(page.lines, sizes[at : at + len(page.lines)], strict=True)
        )
        at += len(page.lines)
        pages.append(Page(page.number, page.width, page.height, pieces, ()))
    return pages


def _piece(line: SeenLine, scale: float, size: float) -> Piece:
    left, top, right, bottom = (edge / scale for edge in line.box)
    # The middle of the box is surer than its edges: it hardly moves with a line's ascenders.
    base = (top + bottom) / 2 + 0.35 * size
    return Piece(
        _BROKEN_WORD.sub(LINE_HYPHEN, line.text), left, max(right, left + 0.1), top, bottom, base,
        Style("recognised", size, bold=False, italic=False, mono=False),
    )  # fmt: skip


def _sizes(seen: Sequence[SeenPage]) -> list[float]:
    """A type size in points for each line, from its height and, surer in a long line, its width."""
    lines = [(line, page.scale) for page in seen for line in page.lines]
    heights = [_BOX_TO_SIZE * line.height / scale for line, scale in lines]
    widths = [(line.box[2] - line.box[0]) / scale / _ems(line.text) for line, scale in lines]
    ratios: dict[bool, list[float]] = defaultdict(list)
    for (line, _), height, width in zip(lines, heights, widths, strict=True):
        if len(line.text) >= FEW_CHARS:
            ratios[has_cjk(line.text)].append(height / width)
    # How wide a face runs is its own; Chinese and Latin type of one size differ.
    width_to_size = {script: median(found) for script, found in ratios.items()}
    raw: list[float] = []
    for (line, _), height, width in zip(lines, heights, widths, strict=True):
        factor = width_to_size.get(has_cjk(line.text))
        if factor is None or not 0.6 < factor * width / height < 1.6:
            raw.append(height)
        elif len(line.text) >= FEW_CHARS:
            raw.append(factor * width)
        else:
            raw.append(math.sqrt(height * factor * width))
    return _evened(raw, [len(line.text) for line, _ in lines])


def _ems(text: str) -> float:
    """The text's width in units of its size."""
    wide = len(WIDE.findall(text))
    narrow = len(_NARROW.findall(text))
    return max(0.3, wide + 0.3 * narrow + 0.55 * (len(text) - wide - narrow))


def _evened(sizes: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Each size as the one it belongs to: the body's (the median of all characters), or the least of its like."""
    if not sizes:
        return []
    ranked = sorted(zip(sizes, weights, strict=True))
    half, passed, body = sum(weights) / 2, 0, ranked[-1][0]
    for size, weight in ranked:
        passed += weight
        if passed >= half:
            body = size
            break
    names: dict[float, float] = {}
    first = 0.0
    for size, _ in ranked:
        if body / SAME_SIZE < size < body * SAME_SIZE:
            names[size] = body
            continue
        if size >= first * SAME_SIZE:
            first = size
        names[size] = first
    return [round(names[size], 1) for size in sizes]


# -- confidence ---------------------------------------------------------------------------------------------


def with_confidence(elements: Iterable[Element], seen: Sequence[SeenPage]) -> tuple[Element, ...]:
    """The elements of recognised pages with the confidence of their least legible line.

    A line that no element of its page holds goes on with what stood before, on the page before.
    """
    boxes = {page.number: [(_centre(line.box, page.scale), line.confidence) for line in page.lines] for page in seen}
    found: list[Element] = []
    last: int | None = None
    for element in elements:
        lines = boxes.get(element.page or 0, [])
        inside = [(c, sure) for c, sure in lines if element.box is not None and _holds(element.box, c)]
        if inside:
            boxes[element.page or 0] = [line for line in lines if line not in inside]
            element = element.model_copy(update={"confidence": min(sure for _, sure in inside)})
            last = len(found)
        found.append(element)
    return _with_tails(found, boxes) if last is not None else tuple(found)


def _with_tails(
    elements: Sequence[Element], left: Mapping[int, Sequence[tuple[tuple[float, float], float]]]
) -> tuple[Element, ...]:
    """Lines left over lower the confidence of the last body element of the page before."""
    tails = {number: min(sure for _, sure in lines) for number, lines in left.items() if lines}
    last_of = {e.page: i for i, e in enumerate(elements) if e.confidence is not None and e.role is Role.BODY}
    out = list(elements)
    for number, sure in tails.items():
        at = last_of.get(number - 1)
        known = out[at].confidence if at is not None else None
        if at is not None and known is not None and sure < known:
            out[at] = out[at].model_copy(update={"confidence": sure})
    return tuple(out)


def _centre(box: Box, scale: float) -> tuple[float, float]:
    return (box[0] + box[2]) / 2 / scale, (box[1] + box[3]) / 2 / scale


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box[0] - 1 <= point[0] <= box[2] + 1 and box[1] - 1 <= point[1] <= box[3] + 1
