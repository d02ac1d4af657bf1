"""Reading order: a page of several columns is read column by column, full-width parts in between in their place."""

from __future__ import annotations

from collections.abc import Sequence

from kbbuilder.adapters.pdf.page import Piece, group_lines

MIN_LINES = 4
MIN_FILL = 0.5
MAX_DEPTH = 3
MAX_STARTS = 200


def in_columns(pieces: Sequence[Piece], page: int, depth: int = 0) -> list[list[Piece]]:
    """The pieces as regions in reading order; within a region lines are read from top to bottom.

    Cost: O(places where pieces begin x pieces), `MAX_DEPTH` times.
    """
    gutter = _gutter(pieces, depth) if depth < MAX_DEPTH and len(pieces) >= 2 * MIN_LINES else None
    if gutter is None:
        return [list(pieces)] if pieces else []
    regions: list[list[Piece]] = []
    for crossing, band in _bands(pieces, page, gutter):
        left = [p for p in band if p.x1 <= gutter + 1]
        right = [p for p in band if p.x1 > gutter + 1]
        if not crossing and _column_pair(left, right, depth):
            regions += in_columns(left, page, depth + 1)
            regions += in_columns(right, page, depth + 1)
        elif len(band) < len(pieces):
            # Other columns may begin below a full-width line.
            regions += in_columns(band, page, depth + 1)
        else:
            regions.append(band)
    return regions


def _gutter(pieces: Sequence[Piece], depth: int) -> float | None:
    """The place that most lines leave free and that has text columns at both sides."""
    left, right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    width = right - left
    best: tuple[float, float] | None = None
    starts = sorted({round(p.x0) for p in pieces if left + 0.15 * width < p.x0 < right - 0.15 * width})
    for start in starts[:MAX_STARTS]:
        x = start - 3.0
        lefts = [p for p in pieces if p.x1 <= x + 1]
        rights = [p for p in pieces if p.x0 >= x]
        crossing = len(pieces) - len(lefts) - len(rights)
        value = min(len(lefts), len(rights)) - crossing
        if crossing > 0.6 * len(pieces) or (best is not None and value <= best[0]):
            continue
        if _column_pair(lefts, rights, depth):
            best = (value, x)
    return best[1] if best else None


def _column_pair(left: Sequence[Piece], right: Sequence[Piece], depth: int) -> bool:
    """Both sides look like running text, or stand so far apart on baselines of their own that neither reads across."""
    if _prose(left):
        several = depth < MAX_DEPTH and len(right) >= 2 * MIN_LINES
        return _prose(right) or (several and _gutter(right, depth + 1) is not None) or _independent(left, right)
    return _independent(left, right)


def _independent(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """At least ten lines at each side, a wide gap between them, and few baselines in common (a table shares them)."""
    if min(len(left), len(right)) < 10:
        return False
    size = sorted(p.style.size for p in left)[len(left) // 2]
    if min(p.x0 for p in right) - max(p.x1 for p in left) < 1.5 * size:
        return False
    widths = [max(p.x1 for p in side) - min(p.x0 for p in side) for side in (left, right)]
    if min(widths) < 12 * size:
        return False
    bases = {round(p.base) for p in left}
    shared = sum(1 for p in right if not bases.isdisjoint((round(p.base) - 1, round(p.base), round(p.base) + 1)))
    return shared < 0.4 * len(right)


def _prose(side: Sequence[Piece]) -> bool:
    # Bullets and numbers on their own say nothing about the width of the column.
    side = [p for p in side if len(p.text) > 2]
    if len(side) < MIN_LINES:
        return False
    edge, end = min(p.x0 for p in side), max(p.x1 for p in side)
    size = sorted(p.style.size for p in side)[len(side) // 2]
    if end - edge < 9 * size:
        return False
    full = sum(1 for p in side if p.width >= 0.6 * (end - edge))
    return full >= MIN_FILL * len(side)


def _bands(pieces: Sequence[Piece], page: int, gutter: float) -> list[tuple[bool, list[Piece]]]:
    """Runs of lines, top to bottom, that cross the gutter or leave it free."""
    bands: list[tuple[bool, list[Piece]]] = []
    for line in group_lines(pieces, page):
        crossing = any(p.x0 < gutter < p.x1 - 1 for p in line.pieces)
        if bands and bands[-1][0] == crossing:
            bands[-1][1].extend(line.pieces)
        else:
            bands.append((crossing, list(line.pieces)))
    return bands
