"""Running headers, footers and page numbers: lines at the edge that come back page after page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from kbbuilder.adapters.pdf.measure import Measures
from kbbuilder.adapters.pdf.page import Line, Page, group_lines
from kbbuilder.schema import Role

HEADER_ZONE = 0.13
FOOTER_ZONE = 0.88
OUTERMOST = 3
MOST_PAGES = 0.6

_NUMBER = re.compile(
    r"^[\s\-–—~·|/]*(?:(?:page|p\.|第)\s*)?(?:\d{1,5}|[ivxlcdm]{1,7})(?:\s*页)?"
    r"(?:\s*(?:/|of|共|，共|-)\s*(?:第)?\s*\d{1,5}(?:\s*页)?)?[\s\-–—~·|]*$",
    re.I,
)
_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,6}\b", re.I)


def find_furniture(pages: Sequence[Page], measures: Measures) -> Mapping[int, tuple[tuple[Line, Role], ...]]:
    """The marked lines of each page by its number. Cost: O(lines near the edges)."""
    edges = {page.number: _edge_lines(page) for page in pages}
    repeated = _repeated(edges, len(pages), measures)
    slots = _slots(edges, pages, measures)
    found: dict[int, tuple[tuple[Line, Role], ...]] = {}
    for number, (top, bottom) in edges.items():
        marked = [
            (line, _role(line, is_top))
            for is_top, lines in ((True, top), (False, bottom))
            for depth, (line, _) in enumerate(lines)
            if (is_top, round(line.base), _key(line)) in repeated
            or (depth == 0 and (is_top, round(line.base / 2)) in slots and not measures.larger(line.style))
        ]
        if marked:
            found[number] = tuple(marked)
    return found


EdgeLines = list[tuple[Line, float]]
"""Lines from the edge inwards, each with the distance to the next one further in."""


def _edge_lines(page: Page) -> tuple[EdgeLines, EdgeLines]:
    high, low = (HEADER_ZONE + 0.05) * page.height, (FOOTER_ZONE - 0.05) * page.height
    near = [p for p in page.pieces if p.base < high or p.base > low]
    lines = group_lines(near, page.number)
    top = [line for line in lines if line.base <= HEADER_ZONE * page.height and not _in_grid(line, page)]
    bottom = [line for line in reversed(lines) if line.base >= FOOTER_ZONE * page.height and not _in_grid(line, page)]
    return _with_gaps(top, lines)[:OUTERMOST], _with_gaps(bottom, lines[::-1])[:OUTERMOST]


def _in_grid(line: Line, page: Page) -> bool:
    """Upright rules pass the line at both sides or between its words: a row of a table, repeated on each page."""
    base = line.base - 0.3 * line.style.size
    walls = [r.x0 for r in page.rules if not r.horizontal and r.y0 <= base <= r.y1]
    return len(walls) > 1 and min(walls) <= line.x0 + 1 and max(walls) >= line.x1 - 1


def _with_gaps(edge: Sequence[Line], inwards: Sequence[Line]) -> EdgeLines:
    bases = [line.base for line in inwards]
    return [(line, min((abs(b - line.base) for b in bases if abs(b - line.base) > 1), default=1000.0)) for line in edge]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text.strip()).casefold()


def _repeated(
    edges: Mapping[int, tuple[EdgeLines, EdgeLines]], page_count: int, measures: Measures
) -> set[tuple[bool, int, str]]:
    """Keys (at top, baseline in points, text without numbers) that stand on enough pages."""
    seen: dict[tuple[bool, str], list[tuple[int, int]]] = defaultdict(list)
    for number, sides in edges.items():
        for is_top, lines in zip((True, False), sides, strict=True):
            for depth, (line, _) in enumerate(lines):
                if line.style.size > 1.3 * measures.body.size:
                    continue
                key = _key(line)
                # A bare number among others is a page number only when it stands outermost.
                if sum(c.isalpha() for c in key) < 2 and depth > 0:
                    continue
                seen[is_top, key].append((number, round(line.base)))
    need = 2 if page_count < 5 else 3
    found: set[tuple[bool, int, str]] = set()
    for (is_top, key), places in seen.items():
        for base in {base for _, base in places}:
            if len({number for number, other in places if abs(other - base) <= 3}) >= need:
                found.add((is_top, base, key))
    return found


def _slots(
    edges: Mapping[int, tuple[EdgeLines, EdgeLines]], pages: Sequence[Page], measures: Measures
) -> set[tuple[bool, int]]:
    """Heights at which most pages have a line apart from the text: a running title that changes with the chapter."""
    if len(pages) < 6:
        return set()
    apart: dict[tuple[bool, int], set[int]] = defaultdict(set)
    for number, sides in edges.items():
        for is_top, lines in zip((True, False), sides, strict=True):
            if lines and lines[0][1] > 1.6 * measures.pitch(lines[0][0]):
                apart[is_top, round(lines[0][0].base / 2)].add(number)
    found: set[tuple[bool, int]] = set()
    for is_top, height in apart:
        near = [apart.get((is_top, height + step), set()) for step in (-1, 0, 1)]
        if len(set().union(*near)) >= MOST_PAGES * len(pages):
            found.add((is_top, height))
    return found


def _role(line: Line, is_top: bool) -> Role:
    if _NUMBER.match(line.text):
        return Role.PAGE_NUMBER
    return Role.PAGE_HEADER if is_top else Role.PAGE_FOOTER
