"""Cut a chunk into pieces the size of an answer: what full-text search finds, and what a document answers with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kbbuilder.language.text import detect_language
from kbbuilder.schema import Chunk, ElementKind

_CAP = {"en": 1000, "zh": 450}
"""Characters a piece should not pass; one table row, list item or sentence may."""
_SMALL = {"en": 250, "zh": 100}
"""Neighbours are joined until the piece is no longer small."""

_SENTENCE_END = re.compile(r"(?<=[。！？；!?])|(?<=[.;])(?=\s)|\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """`chunk.text[start:end]`, under `lead`: what introduces it but stands elsewhere (a lead-in, a table's head)."""

    start: int
    end: int
    lead: str = ""

    def text_in(self, chunk_text: str) -> str:
        body = chunk_text[self.start : self.end]
        return f"{self.lead}\n{body}" if self.lead else body


def answer_chars(text: str) -> int:
    """How long an answer taken from a document may get: 1000 characters in English, 450 in Chinese."""
    return _CAP[detect_language(text)]


def pieces_of(chunk: Chunk) -> tuple[Piece, ...]:
    """The pieces of a chunk in order. Together they cover its text but for headings at its start and white space.

    A list keeps its lead-in, every group of a long list repeats it; a table's row groups repeat the header; prose is
    cut at sentence ends. A chunk of headings alone has no piece.
    """
    language = detect_language(chunk.text)
    return tuple(_joined(_raw(chunk, _CAP[language]), _SMALL[language], _CAP[language]))


def _raw(chunk: Chunk, cap: int) -> Iterator[Piece]:
    parts = chunk.parts
    i = 0
    heading_start: int | None = None
    while i < len(parts) and parts[i].element.kind is ElementKind.HEADING:
        i += 1
    while i < len(parts):
        part = parts[i]
        start = part.start if heading_start is None else heading_start
        match part.element.kind:
            case ElementKind.HEADING:
                heading_start = start
                i += 1
                continue
            case ElementKind.TABLE:
                yield from _table(chunk.text, start, part.start, part.end, part.element.header_rows, cap)
                i += 1
            case ElementKind.PARAGRAPH | ElementKind.CAPTION if _introduces(chunk, i):
                end = i + 1
                while end < len(parts) and parts[end].element.kind is ElementKind.LIST_ITEM:
                    end += 1
                yield from _list(chunk.text, start, part.end, [(p.start, p.end) for p in parts[i + 1 : end]], cap)
                i = end
            case _:
                yield from _prose(chunk.text, start, part.end, cap)
                i += 1
        heading_start = None
    if heading_start is not None:
        yield Piece(heading_start, parts[-1].end)


def _introduces(chunk: Chunk, i: int) -> bool:
    following = chunk.parts[i + 1 : i + 2]
    return bool(following) and following[0].element.kind is ElementKind.LIST_ITEM


def _list(text: str, start: int, lead_end: int, items: Sequence[tuple[int, int]], cap: int) -> Iterator[Piece]:
    """The lead-in with as many items as fit, then further groups under a copy of the lead-in's last sentence."""
    lead = _last_sentence(text[start:lead_end])
    if lead_end - start > cap:
        yield from _prose(text, start, lead_end, cap)
        start = lead_end = items[0][0]
    group_start, group_end, shown = start, lead_end, ""
    for item_start, item_end in items:
        if group_end > group_start and item_end - group_start + len(shown) > cap and group_end != lead_end:
            yield Piece(group_start, group_end, shown)
            group_start, shown = item_start, lead
        group_end = item_end
    yield Piece(group_start, group_end, shown)


def _table(text: str, start: int, table_start: int, end: int, header_rows: int, cap: int) -> Iterator[Piece]:
    lines = _lines(text, table_start, end)
    # A Markdown table without header rows still has an empty head line and the rule below it.
    head = min(len(lines), max(2, header_rows + 1))
    header = text[table_start : lines[head - 1][1]]
    group_start, group_end, shown = start, lines[head - 1][1], ""
    for line_start, line_end in lines[head:]:
        if line_end - group_start + len(shown) > cap and group_end > lines[head - 1][1]:
            yield Piece(group_start, group_end, shown)
            group_start, shown = line_start, header
        group_end = line_end
    yield Piece(group_start, group_end, shown)


def _prose(text: str, start: int, end: int, cap: int) -> Iterator[Piece]:
    """Sentences packed up to the cap."""
    if end - start <= cap:
        yield Piece(start, end)
        return
    cuts = [start + m.end() for m in _SENTENCE_END.finditer(text[start:end])]
    piece_start = last = start
    for cut in [*(c for c in cuts if start < c < end), end]:
        if cut - piece_start > cap and last > piece_start:
            yield from _trimmed(text, piece_start, last)
            piece_start = last
        last = cut
    yield from _trimmed(text, piece_start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Piece]:
    body = text[start:end]
    if body.strip():
        yield Piece(start + len(body) - len(body.lstrip()), end - len(body) + len(body.rstrip()))


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    lines = []
    for line in text[start:end].split("\n"):
        lines.append((start, start + len(line)))
        start += len(line) + 1
    return lines


def _last_sentence(text: str) -> str:
    cuts = [m.end() for m in _SENTENCE_END.finditer(text) if m.end() < len(text.rstrip())]
    return text[cuts[-1] :].strip() if cuts else text.strip()


def _joined(pieces: Iterable[Piece], small: int, cap: int) -> Iterator[Piece]:
    """A small piece and the one after it as one, when both fit."""
    waiting: Piece | None = None
    for piece in pieces:
        if waiting is None:
            waiting = piece
        elif waiting.end - waiting.start < small and piece.end - waiting.start <= cap and not piece.lead:
            waiting = replace(waiting, end=piece.end)
        else:
            yield waiting
            waiting = piece
    if waiting is not None:
        yield waiting
