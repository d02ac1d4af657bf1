"""Contents pages and back-of-book indexes: lines that only point to pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.adapters.pdf.page import Line
from kbbuilder.schema import Role

_LEADER = re.compile(r"(?:[.．。·…_‥]\s?){3,}\s*(?:[A-Z]?-?\d{1,4}|[ivxlcIVXLC]{1,7})?\s*$")
_LEADER_ONLY = re.compile(r"^(?:[.．·…_‥]\s?){3,}")
_PAGE_AT_END = re.compile(r"(?:^|\s)(\d{1,4}|[ivxlc]{1,7})$")
INDEX_SHARE = 0.35
"""Entries of an index end in page numbers, but for sub-headings and broken lines."""
_CONTENTS_TITLE = re.compile(
    r"^(?:table of contents|contents|list of (?:tables|figures|examples)|目\s*[录錄次]|[图表圖]目[录錄]"
    r"|(?:插图|表格|图表|图|表|示例|例子)\s*(?:清单|列表|目录))$",
    re.I,
)
_INDEX_TITLE = re.compile(r"^(?:general |subject |alphabetical )?(?:index|索\s*引)$", re.I)
_PAGES = r"\d{1,4}(?:\s*[-–—]\s*\d{1,4})?"
_INDEX_LINE = re.compile(rf"[,，\s]\s*{_PAGES}(?:\s*[,，]\s*{_PAGES})*\s*$")
_INDEX_LETTER = re.compile(r"^(?:[A-Z]|Symbols|[^\w\s]+)$")


def is_contents_title(text: str) -> bool:
    return _CONTENTS_TITLE.match(text.strip()) is not None


def pointer_lines(pages: Sequence[Sequence[Line]]) -> list[dict[int, Role]]:
    """For each page, the lines (by position) that are contents or index. Cost: O(lines)."""
    found: list[dict[int, Role]] = []
    in_contents = in_index = False
    index_from = len(pages) * 0.6
    for number, lines in enumerate(pages):
        marks, in_contents = _contents(lines, in_contents, len(pages))
        if not marks and number >= index_from:
            marks, in_index = _index(lines, in_index)
        else:
            in_index = False
        found.append(marks)
    return found


def _contents(lines: Sequence[Line], going_on: bool, page_count: int) -> tuple[dict[int, Role], bool]:
    title = next((i for i, line in enumerate(lines[:40]) if is_contents_title(line.text)), None)
    dotted = [i for i, line in enumerate(lines) if _LEADER.search(line.text) or _LEADER_ONLY.match(line.text)]
    pointing = [i for i, line in enumerate(lines) if _points(line, page_count)]
    hits = dotted
    if (title is not None or going_on) and len(pointing) > len(dotted):
        hits = [i for i in pointing if title is None or i > title or going_on]
    if len(hits) < (2 if title is not None else 3):
        return {}, False
    runs = _runs(hits, reach=3)
    marks: dict[int, Role] = {}
    for first, last in runs:
        count = sum(1 for hit in hits if first <= hit <= last)
        if (count < 3 and title is None) or count < 0.4 * (last - first + 1):
            continue
        start = first
        # Chapter lines without a page number and first lines of broken titles stand just above a run.
        if going_on and first <= 4:
            start = 0
        if title is not None and 0 <= first - title <= 4:
            start = title
        marks |= dict.fromkeys(range(start, last + 1), Role.CONTENTS)
    goes_on = bool(marks) and max(marks) >= len(lines) - 3
    return marks, goes_on


def _points(line: Line, page_count: int) -> bool:
    last = (line.text if len(line.pieces) < 2 else line.pieces[-1].text).rsplit(" ", 1)[-1]
    match = _PAGE_AT_END.match(last.strip())
    if match is None or len(line.text) < 4:
        return False
    return not match[1].isdigit() or int(match[1]) <= page_count + 50


def _runs(hits: Sequence[int], reach: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for hit in hits:
        if runs and hit - runs[-1][1] <= reach:
            runs[-1] = (runs[-1][0], hit)
        else:
            runs.append((hit, hit))
    return runs


def _index(lines: Sequence[Line], going_on: bool) -> tuple[dict[int, Role], bool]:
    heads = [any(_INDEX_TITLE.match(p.text.strip()) for p in line.pieces) for line in lines]
    title = heads.index(True) if True in heads else None
    if title is None and not going_on:
        return {}, False
    start = title or 0
    pieces = [piece.text for line in lines[start + (title is not None) :] for piece in line.pieces]
    hits = sum(1 for text in pieces if _INDEX_LINE.search(text) or _INDEX_LETTER.match(text))
    if not pieces or hits < INDEX_SHARE * len(pieces):
        return {}, False
    entries = [i for i in range(start, len(lines)) if any(_INDEX_LINE.search(p.text) for p in lines[i].pieces)]
    last = max(entries, default=start)
    return dict.fromkeys(range(start, last + 1), Role.INDEX), last >= len(lines) - 3
