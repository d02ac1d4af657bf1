"""A chunk's text as HTML with the quoted places marked.

The text is a chunk's Markdown, and the marks are offsets into it, so it is laid out here line by line with offsets
kept, not by a Markdown library, which would lose them. Everything is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

LEAD_IN_BLOCKS = 2
"""Blocks before the first mark that stay open; earlier ones are folded away, so that the mark is on the screen."""

_CELL_EDGE = re.compile(r"(?<!\\)(?:\\\\)*\|")
_RULE_ROW = re.compile(r"^\|[\s:|-]+\|\s*$")
_LIST_LINE = re.compile(r"^(\s*)(?:[-*+•]|\d{1,3}[.)、]|[(（]\d{1,3}[)）])\s+")
_CODE = re.compile(r"`([^`\n]+)`")
_STRONG = re.compile(r"\*\*(?!\s)([^*\n]+?)\*\*")

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that are laid out together: `text[start:end]`."""

    kind: str
    start: int
    end: int


def source_html(text: str, spans: Spans, *, earlier: str) -> str:
    """The chunk as HTML.

    Args:
        spans: (start, end) offsets to mark; overlapping ones are joined, those beyond the text are cut.
        earlier: label of the fold that hides what stands far before the first mark; `{n}` is the number of paragraphs.
    """
    marks = joined_spans(spans, len(text))
    blocks = list(_blocks(text))
    first = next((at for at, block in enumerate(blocks) if _touches(block, marks)), 0)
    hidden = max(0, first - LEAD_IN_BLOCKS)
    html = [_drawn(text, block, marks) for block in blocks]
    if hidden < 2:
        return "".join(html)
    folded = f"<details><summary>{escape(earlier.format(n=hidden))}</summary>{''.join(html[:hidden])}</details>"
    return folded + "".join(html[hidden:])


def joined_spans(spans: Spans, length: int) -> tuple[tuple[int, int], ...]:
    """Sorted, without overlaps, within 0..length."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, s), min(length, e)) for s, e in spans):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _blocks(text: str) -> Iterator[_Block]:
    """Paragraphs, list lines, tables and code, in order."""
    kind, begin, end = "", 0, 0
    in_code = False
    for start, stop in _lines(text):
        line = text[start:stop]
        fence = line.lstrip().startswith("```")
        now = "code" if in_code or fence else _kind_of(line)
        in_code = in_code != fence
        if now != kind or now == "list":
            if kind:
                yield _Block(kind, begin, end)
            kind, begin = now, start
        end = stop
        if now == "code" and fence and not in_code:
            yield _Block("code", begin, end)
            kind = ""
    if kind:
        yield _Block(kind, begin, end)


def _kind_of(line: str) -> str:
    if not line.strip():
        return ""
    if line.startswith("|"):
        return "table"
    return "list" if _LIST_LINE.match(line) else "paragraph"


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _touches(block: _Block, marks: Spans) -> bool:
    return any(start < block.end and end > block.start for start, end in marks)


def _drawn(text: str, block: _Block, marks: Spans) -> str:
    if block.kind == "table":
        return _table(text, block, marks)
    if block.kind == "code":
        return f"<pre>{_marked(text, block.start, block.end, marks, inline=False)}</pre>"
    if block.kind == "list":
        match = _LIST_LINE.match(text[block.start : block.end])
        depth = len(match.group(1)) // 2 if match else 0
        return f'<p class="kb-item kb-depth-{min(depth, 3)}">{_marked(text, block.start, block.end, marks)}</p>'
    return f"<p>{_marked(text, block.start, block.end, marks)}</p>"


def _table(text: str, block: _Block, marks: Spans) -> str:
    lines = [(block.start + s, block.start + e) for s, e in _lines(text[block.start : block.end])]
    ruled = len(lines) > 1 and bool(_RULE_ROW.match(text[lines[1][0] : lines[1][1]]))
    rows = []
    for at, (start, end) in enumerate(lines):
        if ruled and at == 1:
            continue
        tag = "th" if ruled and at == 0 else "td"
        cells = [f"<{tag}>{_marked(text, s, e, marks)}</{tag}>" for s, e in _cells(text, start, end)]
        if tag == "td" or any(text[s:e].strip() for s, e in _cells(text, start, end)):
            rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="kb-table"><table>{"".join(rows)}</table></div>'


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    edges = [start + match.end() for match in _CELL_EDGE.finditer(text[start:end])]
    if not edges or edges[-1] != end:
        edges.append(end + 1)
    cells = ((left, right - 1) for left, right in pairwise(edges))
    return [_trimmed(text, left, right) for left, right in cells]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _marked(text: str, start: int, end: int, marks: Spans, *, inline: bool = True) -> str:
    """`text[start:end]` escaped, marks around what lies inside them."""
    html: list[str] = []
    at = start
    for mark_start, mark_end in marks:
        left, right = max(mark_start, at), min(mark_end, end)
        if left >= right:
            continue
        html.append(_escaped(text[at:left], inline))
        html.append(f"<mark>{_escaped(text[left:right], inline)}</mark>")
        at = right
    html.append(_escaped(text[at:end], inline))
    return "".join(html)


def _escaped(text: str, inline: bool) -> str:
    html = escape(text, quote=True)
    if not inline:
        return html
    html = html.replace("&lt;br&gt;", "<br>").replace("\\|", "|").replace("\\\\", "\\")
    html = _CODE.sub(r"<code>\1</code>", html)
    return _STRONG.sub(r"<strong>\1</strong>", html).replace("\n", "<br>")
