"""Tables of one page: from their rules, or from columns of text that line up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbbuilder.adapters.pdf.measure import Measures
from kbbuilder.adapters.pdf.page import LINE_HYPHEN, Box, Line, Page, Piece, Rule, group_lines, join_pieces, union
from kbbuilder.language.text import one_line

SNAP = 3.0
"""Rules nearer than this, in points, are one."""
MAX_RULES = 3000
MAX_CELLS = 20_000
LAYOUT_BYTES = 900
"""A cell this long in a table of two rows is a text column."""

_MARKER_CELL = re.compile(r"^(?:[•·●○◦▪■□◆➢✓–—*-]|\(?\d{1,3}[.)）、]|[a-zA-Z][.)]|[①-⑳])$")
_FIGURE_OR_SENTENCE = re.compile(r"\d|[。！？.!?;；:：]$")

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of a table; `columns` are its left edges (for joining over a page break)."""

    page: int
    box: Box
    rows: Rows
    header_rows: int
    columns: tuple[float, ...]

    @property
    def base(self) -> float:
        return self.box[1]


def find_tables(page: Page, pieces: Sequence[Piece], measures: Measures) -> tuple[list[Table], list[Piece]]:
    """The tables of a page that have rules, and the pieces that are in none. Cost: O(rules^2 + pieces x columns)."""
    rules = _straightened(page.rules)
    tables: list[Table] = []
    rest = list(pieces)
    for cluster in _clusters(rules):
        table, rest = _ruled(cluster, rest, page, measures)
        if table is not None:
            tables.append(table)
    for table, inside in _between_lines(rules, rest, page, measures):
        if not any(_overlap(table.box, other.box) for other in tables):
            tables.append(table)
            rest = [p for p in rest if p not in inside]
    return tables, rest


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# -- rules -----------------------------------------------------------------------------------------------


def _straightened(rules: Sequence[Rule]) -> list[Rule]:
    """Rules on one line that touch become one rule, as thin as can be."""
    if len(rules) > MAX_RULES:
        return []
    level = sorted(((r.y0 + r.y1) / 2, r.x0, r.x1) for r in rules if r.horizontal)
    upright = sorted(((r.x0 + r.x1) / 2, r.y0, r.y1) for r in rules if not r.horizontal)
    return [Rule(a, at, b, at) for at, a, b in _joined(level)] + [Rule(at, a, at, b) for at, a, b in _joined(upright)]


def _joined(segments: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Segments (place, from, to), sorted by place: those at one place that touch are joined."""
    groups: list[list[tuple[float, float, float]]] = []
    for segment in segments:
        if groups and segment[0] - groups[-1][0][0] <= SNAP * 0.7:
            groups[-1].append(segment)
        else:
            groups.append([segment])
    out: list[tuple[float, float, float]] = []
    for group in groups:
        at = sum(s[0] for s in group) / len(group)
        run: list[float] | None = None
        for _, start, end in sorted(group, key=lambda s: s[1]):
            if run is not None and start <= run[1] + SNAP:
                run[1] = max(run[1], end)
            else:
                run = [start, end]
                out.append((at, start, end))
            out[-1] = (at, run[0], run[1])
    return out


def _clusters(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that touch each other, as groups with at least two level and one upright rule; top to bottom."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    level = [i for i, r in enumerate(rules) if r.horizontal]
    upright = [i for i, r in enumerate(rules) if not r.horizontal]
    for i in level:
        a = rules[i]
        for j in upright:
            b = rules[j]
            if a.x0 - SNAP <= b.x0 <= a.x1 + SNAP and b.y0 - SNAP <= a.y0 <= b.y1 + SNAP:
                parent[root(i)] = root(j)
    groups: dict[int, list[Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        groups[root(i)].append(rule)
    grids = [g for g in groups.values() if sum(r.horizontal for r in g) >= 2 and any(not r.horizontal for r in g)]
    return sorted(grids, key=lambda g: min(r.y0 for r in g))


def _places(values: Sequence[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > SNAP:
            out.append(value)
    return out


# -- ruled tables ----------------------------------------------------------------------------------------


def _ruled(
    cluster: Sequence[Rule], pieces: list[Piece], page: Page, measures: Measures
) -> tuple[Table | None, list[Piece]]:
    level = [r for r in cluster if r.horizontal]
    upright = [r for r in cluster if not r.horizontal]
    # A row that goes on overleaf has no rule below it: the upright ones tell where it ends.
    ys = _places([r.y0 for r in level])
    top, bottom = min(r.y0 for r in upright), max(r.y1 for r in upright)
    ys = ([top] if top < ys[0] - 6 else []) + ys + ([bottom] if bottom > ys[-1] + 6 else [])
    xs = _places([r.x0 for r in upright])
    left, right = min(r.x0 for r in level), max(r.x1 for r in level)
    if left < xs[0] - 12:
        xs.insert(0, left)
    if right > xs[-1] + 12:
        xs.append(right)
    if len(ys) < 2 or len(xs) < 3 or len(ys) * len(xs) > MAX_CELLS:
        return None, pieces
    box = (xs[0], ys[0], xs[-1], ys[-1])
    inside = [p for p in pieces if _centre_in(p, box)]
    if not inside:
        return None, pieces
    row_of, column_of = _places_of(inside, ys, xs)
    if len(ys) <= 3 and _holds_prose(inside, column_of, xs):
        # Rules around columns of running text.
        return None, pieces
    bands = _split_bands(inside, row_of, column_of, ys, measures)
    grid = [["" for _ in xs[:-1]] for _ in bands]
    for r, band in enumerate(bands):
        cells: dict[int, list[Piece]] = defaultdict(list)
        for piece in band:
            cells[column_of[id(piece)]].append(piece)
        for c, members in cells.items():
            grid[r][c] = cell_text(members, page.number)
    if len(bands) == len(ys) - 1:
        _spread_merged(grid, level, upright, ys, xs)
    rows = _without_empty(grid)
    if len(rows) < 2 or len(rows[0]) < 2 or sum(1 for row in rows for cell in row if cell) < 3:
        return None, pieces
    outside = {id(p) for p in inside}
    rest = [p for p in pieces if id(p) not in outside]
    header = _header_rows(rows, bands, measures)
    return Table(page.number, _rounded(box), rows, header, tuple(round(x) for x in xs[:-1])), rest


def _rounded(box: Box) -> Box:
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))


def _centre_in(piece: Piece, box: Box) -> bool:
    x, y = (piece.x0 + min(piece.x1, box[2])) / 2, piece.base - 0.3 * piece.style.size
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _places_of(
    pieces: Sequence[Piece], ys: Sequence[float], xs: Sequence[float]
) -> tuple[dict[int, int], dict[int, int]]:
    """Row and column of each piece, by its identity."""
    row_of: dict[int, int] = {}
    column_of: dict[int, int] = {}
    for piece in pieces:
        y = piece.base - 0.3 * piece.style.size
        row_of[id(piece)] = max(0, min(len(ys) - 2, sum(1 for place in ys if place <= y) - 1))
        x = piece.x0 + min(piece.width, piece.style.size) / 2
        column_of[id(piece)] = max(0, min(len(xs) - 2, sum(1 for place in xs if place <= x) - 1))
    return row_of, column_of


def _holds_prose(pieces: Sequence[Piece], column_of: dict[int, int], xs: Sequence[float]) -> bool:
    """Some column holds at least eight nearly full lines."""
    full: dict[int, int] = defaultdict(int)
    for piece in pieces:
        column = column_of[id(piece)]
        if piece.width > 0.6 * (xs[column + 1] - xs[column]) and piece.width > 10 * piece.style.size:
            full[column] += 1
    return any(count >= 8 for count in full.values())


def _split_bands(
    pieces: Sequence[Piece],
    row_of: dict[int, int],
    column_of: dict[int, int],
    ys: Sequence[float],
    measures: Measures,
) -> list[list[Piece]]:
    """The pieces row by row. A table without rules between its rows is cut where a line begins in the first column."""
    bands: list[list[Piece]] = [[] for _ in ys[:-1]]
    for piece in pieces:
        bands[row_of[id(piece)]].append(piece)
    if len(bands) > 2:
        return bands
    out: list[list[Piece]] = []
    for band in bands:
        lines = group_lines(band, 0)
        starts = [i for i, line in enumerate(lines) if column_of[id(line.pieces[0])] == 0]
        several = [i for i in starts if len({column_of[id(p)] for p in lines[i].pieces}) > 1]
        if len(several) < 3 or len(several) < 0.6 * len(lines):
            out.append(band)
            continue
        for i, line in enumerate(lines):
            if i in several or not out or i == 0:
                out.append(list(line.pieces))
            else:
                out[-1].extend(line.pieces)
    return out


def _spread_merged(
    grid: list[list[str]], level: Sequence[Rule], upright: Sequence[Rule], ys: Sequence[float], xs: Sequence[float]
) -> None:
    """Repeats the text of a cell over the places it spans: where no rule parts it from its neighbour."""
    for r in range(len(grid)):
        middle = (ys[r] + ys[r + 1]) / 2
        for c in range(1, len(xs) - 1):
            walled = any(abs(v.x0 - xs[c]) <= SNAP and v.y0 - SNAP <= middle <= v.y1 + SNAP for v in upright)
            if not walled:
                joined = " ".join(t for t in dict.fromkeys((grid[r][c - 1], grid[r][c])) if t)
                grid[r][c - 1] = grid[r][c] = joined
    for c in range(len(xs) - 1):
        middle = (xs[c] + xs[c + 1]) / 2
        for r in range(1, len(grid)):
            lined = any(abs(h.y0 - ys[r]) <= SNAP and h.x0 - SNAP <= middle <= h.x1 + SNAP for h in level)
            if not lined and not (grid[r - 1][c] and grid[r][c]):
                grid[r - 1][c] = grid[r][c] = grid[r - 1][c] or grid[r][c]


def _without_empty(grid: Sequence[Sequence[str]]) -> Rows:
    kept = [row for row in grid if any(row)]
    if not kept:
        return ()
    columns = [c for c in range(len(kept[0])) if any(row[c] for row in kept)]
    return tuple(tuple(row[c] for c in columns) for row in kept)


def cell_text(pieces: Sequence[Piece], page: int) -> str:
    """The lines of a cell joined into one."""
    text = ""
    for line in group_lines(pieces, page):
        text = text[:-1] + line.text if text.endswith(LINE_HYPHEN) else f"{text}\n{line.text}"
    return one_line(text)


def _header_rows(rows: Rows, bands: Sequence[Sequence[Piece]], measures: Measures) -> int:
    """How many rows open the table in bold; else 1 when the first row holds short words and no figures."""
    if len(rows) < 2:
        return 0
    bands = [band for band in bands if band]
    bold = [all(p.style.bold for p in band) for band in bands]
    if bold and bold[0] and not all(bold):
        return min(next(i for i, b in enumerate(bold) if not b), 3, len(rows) - 1)
    first, second = rows[0], rows[1]
    if not _wordy(first):
        return 0
    if len(set(first)) == len(first):
        return 1
    # "Price" over two columns, their own names below: the first column's name spans both rows.
    return 2 if len(rows) > 2 and first[0] == second[0] and len(set(second)) == len(second) and _wordy(second) else 0


def _wordy(cells: Sequence[str]) -> bool:
    return all(cell and len(cell) <= 40 and _FIGURE_OR_SENTENCE.search(cell) is None for cell in cells)


# -- tables between level rules only ---------------------------------------------------------------------


def _between_lines(
    rules: Sequence[Rule], pieces: Sequence[Piece], page: Page, measures: Measures
) -> list[tuple[Table, list[Piece]]]:
    """Tables with a rule above and below and none upright, as printed in books."""
    level = sorted((r for r in rules if r.horizontal and r.x1 - r.x0 > 60), key=lambda r: r.y0)
    stacks: list[list[Rule]] = []
    for rule in level:
        for stack in stacks:
            if abs(stack[-1].x0 - rule.x0) <= 4 and abs(stack[-1].x1 - rule.x1) <= 4:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    found: list[tuple[Table, list[Piece]]] = []
    for stack in stacks:
        if not 2 <= len(stack) <= 400:
            continue
        box = (stack[0].x0, stack[0].y0, stack[-1].x1, stack[-1].y0)
        inside = [p for p in pieces if _centre_in(p, box) and p.x0 >= box[0] - 3]
        lines = group_lines(inside, page.number)
        if len(lines) < 2:
            continue
        edges = _column_edges(lines, measures, header_spans=True)
        if len(edges) < 2:
            continue
        ys = [r.y0 for r in stack]
        bands: list[list[Line]] = [[] for _ in ys[1:]]
        for line in lines:
            y = line.base - 0.3 * line.style.size
            bands[max(0, min(len(bands) - 1, sum(1 for place in ys if place <= y) - 1))].append(line)
        bands = [band for band in bands if band]
        groups = (
            bands
            if len(bands) > 3 or (len(bands) > 1 and len(lines) == len(bands))
            else [group for band in bands for group in _rows_of(band, edges)]
        )
        rows = tuple(_row(group, edges) for group in groups)
        if len(rows) < 2 or not _tabular(rows):
            continue
        header = 1 if len(bands) > 1 and len(bands[0]) <= 2 else _header_rows(rows, [], measures)
        found.append((Table(page.number, _rounded(box), rows, header, tuple(round(e) for e in edges)), inside))
    return found


# -- tables without rules --------------------------------------------------------------------------------


def find_aligned(lines: Sequence[Line], page: Page, measures: Measures) -> list[tuple[int, int, Table]]:
    """Tables without rules among the lines of one region: first line, line after the last, table."""
    found: list[tuple[int, int, Table]] = []
    for start, end in _runs(lines, measures):
        run = lines[start:end]
        edges = _column_edges(run, measures, header_spans=False)
        if len(edges) < 2:
            continue
        groups = _rows_of(run, edges)
        rows = tuple(_row(group, edges) for group in groups)
        if len(rows) < (3 if len(edges) > 2 else 4) or not _tabular(rows):
            continue
        bands = [[p for line in group for p in line.pieces] for group in groups]
        box = union([(line.x0, line.top, line.x1, line.bottom) for line in run])
        header = _header_rows(rows, bands, measures)
        found.append((start, end, Table(page.number, box, rows, header, tuple(round(e) for e in edges))))
    return found


def _runs(lines: Sequence[Line], measures: Measures) -> list[tuple[int, int]]:
    """Runs of lines (first, after the last) of which most have several pieces, none far from the next."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for i in range(len(lines) + 1):
        line = lines[i] if i < len(lines) else None
        if start is not None and (line is None or not _in_run(lines, start, i, measures)):
            end = i
            while end > start and len(lines[end - 1].pieces) < 2:
                end -= 1
            several = sum(len(one.pieces) > 1 for one in lines[start:end])
            if end - start >= 3 and several >= 0.6 * (end - start):
                runs.append((start, end))
            start = None
        if start is None and line is not None and len(line.pieces) > 1 and not line.style.mono:
            start = i
    return runs


def _in_run(lines: Sequence[Line], start: int, at: int, measures: Measures) -> bool:
    line = lines[at]
    if line.style.mono or line.base - lines[at - 1].base > 2.6 * measures.pitch(line):
        return False
    return len(line.pieces) > 1 or _fits(line, lines[start:at])


def _fits(line: Line, run: Sequence[Line]) -> bool:
    """A line of one piece that stands under a column of the run: the rest of a cell."""
    piece = line.pieces[0]
    if sum(1 for other in run[-3:] if len(other.pieces) == 1) >= 3:
        return False
    for other in reversed(run):
        if len(other.pieces) > 1:
            below = [p for p in other.pieces if abs(p.x0 - piece.x0) <= 3]
            after = [p for p in other.pieces if p.x0 > piece.x0 + 3]
            return bool(below) and (not after or piece.x1 < after[0].x0)
    return False


def _column_edges(lines: Sequence[Line], measures: Measures, *, header_spans: bool) -> list[float]:
    """Left edges of the columns: what is left of the width when all the text is projected on it."""
    rows = [line for line in lines if len(line.pieces) > 1]
    if len(rows) < 2:
        return []
    checked = lines[1:] if header_spans and len(lines) > 3 else lines
    spans = sorted((p.x0, p.x1) for line in checked for p in line.pieces)
    edges: list[list[float]] = []
    for x0, x1 in spans:
        if edges and x0 <= edges[-1][1] + 0.35 * measures.body.size:
            edges[-1][1] = max(edges[-1][1], x1)
        else:
            edges.append([x0, x1])
    return [start for start, _ in edges]


def _rows_of(lines: Sequence[Line], edges: Sequence[float]) -> list[list[Line]]:
    """Lines as table rows: a line with nothing in the first column goes on with the row above."""
    groups: list[list[Line]] = []
    gaps = sorted(low.base - high.base for high, low in pairwise(lines))
    tight = gaps[0] if gaps else 0.0
    loose = gaps[-1] if gaps else 0.0
    spaced = loose > 1.25 * tight
    for i, line in enumerate(lines):
        first_filled = len(edges) > 1 and line.x0 < edges[1] - 1
        gap = line.base - lines[i - 1].base if i else 0.0
        full = len(line.pieces) >= len(edges)
        goes_on = bool(groups) and (not first_filled or (spaced and gap <= 1.1 * tight and not full))
        if goes_on:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _row(lines: Sequence[Line], edges: Sequence[float]) -> tuple[str, ...]:
    cells: list[list[str]] = [[] for _ in edges]
    for line in lines:
        by_cell: dict[int, list[Piece]] = defaultdict(list)
        for piece in line.pieces:
            by_cell[max(0, sum(1 for edge in edges if edge <= piece.x0 + 2) - 1)].append(piece)
        for c, members in by_cell.items():
            cells[c].append(join_pieces(members))
    return tuple(one_line("\n".join(cell).replace(LINE_HYPHEN + "\n", "")) for cell in cells)


def _tabular(rows: Rows) -> bool:
    """Not a list with its marks, not running text in columns, not a form with one filled column."""
    columns = list(zip(*rows, strict=True))
    longest = max(len(cell.encode()) for row in rows for cell in row)
    if longest > 2 * LAYOUT_BYTES or (len(rows) <= 3 and longest > LAYOUT_BYTES):
        return False
    if all(_MARKER_CELL.match(cell) or not cell for cell in columns[0]):
        return False
    filled = sum(1 for row in rows if sum(bool(cell) for cell in row) >= 2)
    if filled < 0.6 * len(rows):
        return False
    lengths = [sorted(len(cell.encode("utf-8")) for cell in column)[len(column) // 2] for column in columns]
    if len(columns) == 2 and min(lengths) > 32:
        return False
    return not (len(columns) <= 3 and min(lengths) > 45)
