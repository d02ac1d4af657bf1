"""A chunk as numbered lines: the smallest pieces that make an answer.

A model cites the numbers and the words stay the document's own: citing costs two tokens where quoting costs forty, a
citation cannot misquote, and a small model that would copy one sentence for ever counts on instead. A line is whole in
itself: a procedure with all its steps, a sentence with the short list it leads into, a sentence with the one after it
that begins with "It", a row of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kbbuilder.language.text import fold, has_cjk
from kbbuilder.schema import Chunk, ChunkPart, ElementKind
from kbbuilder.stages.extract.section import is_dangling, is_pointer
from kbbuilder.stages.extract.sentences import sentences
from kbbuilder.stages.extract.tables import body_rows, header_labels

_MAX_SENTENCES = {"zh": 160, "en": 420}
"""Characters up to which sentences that hang together are one line."""
_MAX_STEPS = {"zh": 900, "en": 2400}
_MAX_LIST = {"zh": 220, "en": 600}
"""Characters up to which a list is one line with its lead-in; of a longer one each item is a matter of its own."""
_LABEL_CHARS = {True: 8, False: 24}
"""Letters and digits below which a text, Chinese or not, without a full stop says nothing alone ("Note:", a name)."""
_WORTH_A_LINE = {True: 8, False: 20}
"""Letters and digits, Chinese or not, from which a line tells something a customer may ask."""
_IMPRINT = re.compile(
    r"©|\bcopyright\b|all rights reserved|版权(?:所有|归|声明|©|\W*$)|的版权|保留(?:所有|一切)权利|翻印必究"
    r"|\bdistribute (?:it|this)\b[^.]*\bmodify\b|\bGeneral Public License\b.*\bversion \d|通用公共许可证.*第?\s?\d\s?版",
    re.I,
)
"""Whose work the document is: nothing a customer asks."""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the chunk's text: `chunk.text[start:end]`. `number` counts from 1."""

    number: int
    start: int
    end: int
    part: int
    """The index of its first part in `chunk.parts`."""
    row: tuple[str, ...] | None = None
    """The cells, when it is a row of a table."""


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    part: int
    last_part: int
    kind: ElementKind
    row: tuple[str, ...] | None = None


@lru_cache(maxsize=256)
def lines_of(chunk: Chunk) -> tuple[Line, ...]:
    """The chunk's lines in order. Headings, captions and pictures are none. Cost: O(characters)."""
    pieces: list[_Piece] = []
    index = 0
    while index < len(chunk.parts):
        part = chunk.parts[index]
        last = _list_end(chunk, index)
        if part.element.kind is ElementKind.LIST_ITEM:
            pieces += _list(chunk, index, last)
        else:
            pieces += _part(chunk, part, index)
        index = last + 1
    joined = _joined(chunk, pieces)
    kept = [piece for piece in joined if piece.row or _says_something(chunk.text[piece.start : piece.end])]
    return tuple(Line(number, p.start, p.end, p.part, p.row) for number, p in enumerate(kept, 1))


def _tells(chunk: Chunk, line: Line) -> bool:
    """Whether a line is worth a question: it neither only points elsewhere, nor announces something, nor is code."""
    text = chunk.text[line.start : line.end]
    if chunk.parts[line.part].element.kind is ElementKind.CODE or is_pointer(text) or is_dangling(text):
        return False
    words = re.sub(r"```.*?```|`[^`]*`|https?://\S+", " ", text, flags=re.S)
    return line.row is not None or len(fold(words)) >= _WORTH_A_LINE[has_cjk(words)]


@lru_cache(maxsize=256)
def passages_of(chunk: Chunk) -> tuple[Line, ...]:
    """The lines that can each be an answer, in the language of the chunk: what a translator left as it was is none."""
    return tuple(
        line
        for line in lines_of(chunk)
        if _tells(chunk, line) and has_cjk(chunk.text[line.start : line.end]) is (chunk.language == "zh")
    )


def _list_end(chunk: Chunk, index: int) -> int:
    """The last part of the list that begins at `index`; `index` itself where none does."""
    last = index
    if chunk.parts[index].element.kind is ElementKind.LIST_ITEM:
        while last + 1 < len(chunk.parts) and chunk.parts[last + 1].element.kind is ElementKind.LIST_ITEM:
            last += 1
    return last


def _list(chunk: Chunk, first: int, last: int) -> Iterator[_Piece]:
    """A procedure, or a short list, as one piece; of other lists the items, each with those nested below it."""
    items = chunk.parts[first : last + 1]
    size = items[-1].end - items[0].start
    top = min(item.element.level or 1 for item in items)
    steps = sum(item.element.ordered for item in items if (item.element.level or 1) == top) >= 2
    if size <= (_MAX_STEPS if steps else _MAX_LIST)[chunk.language]:
        yield _trimmed(chunk, _Piece(items[0].start, items[-1].end, first, last, ElementKind.LIST_ITEM))
        return
    begins = [i for i, item in enumerate(items) if (item.element.level or 1) == top or i == 0]
    for start, end in zip(begins, [*begins[1:], len(items)], strict=True):
        piece = _Piece(items[start].start, items[end - 1].end, first + start, first + end - 1, ElementKind.LIST_ITEM)
        yield _trimmed(chunk, piece)


def _part(chunk: Chunk, part: ChunkPart, index: int) -> Iterator[_Piece]:
    kind = part.element.kind
    if kind in (ElementKind.HEADING, ElementKind.IMAGE, ElementKind.CAPTION) or part.start == part.end:
        return
    if kind is ElementKind.TABLE and part.element.rows and len(part.element.text) == part.end - part.start:
        yield from (_Piece(start, end, index, index, kind, row) for row, start, end in body_rows(part))
        return
    text = chunk.text[part.start : part.end]
    if kind is ElementKind.PARAGRAPH:
        for start, end in sentences(text, has_cjk(text)):
            yield _Piece(part.start + start, part.start + end, index, index, kind)
        return
    yield _trimmed(chunk, _Piece(part.start, part.end, index, index, kind))


def _trimmed(chunk: Chunk, piece: _Piece) -> _Piece:
    text = chunk.text[piece.start : piece.end]
    start = piece.start + len(text) - len(text.lstrip())
    return _Piece(start, start + len(text.strip()), piece.part, piece.last_part, piece.kind, piece.row)


# -- what hangs together ----------------------------------------------------------------------------------


def _joined(chunk: Chunk, pieces: Sequence[_Piece]) -> list[_Piece]:
    joined: list[_Piece] = []
    for piece in pieces:
        if joined and _belongs(chunk, joined[-1], piece):
            before = joined[-1]
            label = piece.kind is ElementKind.PARAGRAPH and _is_label(chunk.text[before.start : before.end])
            joined[-1] = piece if label else _Piece(before.start, piece.end, before.part, piece.last_part, piece.kind)
        else:
            joined.append(piece)
    return joined


def _belongs(chunk: Chunk, before: _Piece, piece: _Piece) -> bool:
    """Whether a piece does not stand without the one before it, or that one not without it."""
    if before.row is not None or piece.row is not None or piece.part - before.last_part > 1:
        return False
    said, text = chunk.text[before.start : before.end], chunk.text[piece.start : piece.end]
    if before.kind is not ElementKind.PARAGRAPH:
        return piece.kind is ElementKind.CODE and (is_dangling(said) or _announces_code(said))
    if piece.kind is ElementKind.CODE:
        return is_dangling(said) or piece.end - before.start <= _MAX_LIST[chunk.language]
    if piece.kind is ElementKind.LIST_ITEM:
        return is_dangling(said) and piece.last_part >= piece.part and _is_whole_list(chunk, piece)
    if _is_label(said):
        return True
    same = before.last_part == piece.part
    return same and points_back(text) and piece.end - before.start <= _MAX_SENTENCES[chunk.language]


_CODE_FOLLOWS = re.compile(
    r"(?:以下|如下|下列|下面)的?(?:命令|代码|内容|例子|示例|输出|脚本|配置|[几一]?行)[^。！？]*[。：]?$"
    r"|\bthe following (?:\w+ )?(?:commands?|code|lines?|output|script|example)\b[^.!?]*[.:]?$",
    re.I,
)


def _announces_code(text: str) -> bool:
    """Whether the last sentence of a text speaks of what it is about to show."""
    return _CODE_FOLLOWS.search(text) is not None


def _is_label(text: str) -> bool:
    return len(fold(text)) < _LABEL_CHARS[has_cjk(text)] and re.search(r"[。.！!？?]\W*$", text) is None


def _says_something(text: str) -> bool:
    return not _is_label(text) and not (len(text) <= 300 and _IMPRINT.search(text))


def _is_whole_list(chunk: Chunk, piece: _Piece) -> bool:
    return _list_end(chunk, piece.part) == piece.last_part


_POINTS_BACK = re.compile(
    r"(?:it|its|they|them|their|these|those|this|that|he|she|such|however|otherwise|instead|then|therefore|thus|also|but"
    r"|in (?:this|that) case|for this|to do (?:so|this)|if so|if not|doing so|as a result|for example|e\.g)\b"
    r"|它|他们|她|该|此(?!外)|这|那(?!么多)|其(?!他|它|实|中)|上述|但(?!是否)|然而|否则|因此|所以|此时|随后|然后|接着|同时|例如|比如",
    re.I,
)
_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)、]|[（(]\w{1,3}[)）])\s*")


def points_back(text: str) -> bool:
    """Whether a sentence begins with a word that stands for something said before it, or only goes on from there."""
    return _POINTS_BACK.match(_MARK.sub("", text)) is not None


def with_lists(chunk: Chunk, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, each that only leads into a list with the items of it; a list too long for an answer stays away."""
    everything = lines_of(chunk)
    wanted = {line.number for line in lines}
    for line in lines:
        if is_dangling(chunk.text[line.start : line.end]):
            items: list[Line] = []
            for item in everything[line.number :]:
                if item.part <= line.part or chunk.parts[item.part].element.kind is not ElementKind.LIST_ITEM:
                    break
                items.append(item)
            if items and items[-1].end - items[0].start <= _MAX_STEPS[chunk.language]:
                wanted |= {item.number for item in items}
    return tuple(line for line in everything if line.number in wanted)


_NAME_AND_VALUE = 2


# -- rows -------------------------------------------------------------------------------------------------


def row_answer(chunk: Chunk, line: Line, question: str) -> str:
    """A table's row as "- Label: cell" a line, of a table of names and values without labels as "Name: value"; the first
    cell is left out where the question names it. Asked for a way it stays: what a toolbar's row is about is what to click.
    """
    cells = [re.sub(r"\s+", " ", cell).strip() for cell in line.row or ()]
    labels: Sequence[str] = header_labels(chunk.parts[line.part].element) or ("",) * len(cells)
    colon = "：" if has_cjk("".join((*labels, *cells))) else ": "
    named = bool(cells) and bool(fold(cells[0])) and fold(cells[0]) in fold(question)
    named = named and re.search(r"\bhow (?:do|can|to)\b|如何|怎么|怎样", question, re.I) is None
    pairs = list(zip(labels, cells, strict=False))[1 if named and len(cells) > 1 else 0 :]
    filled = [f"{label}{colon}{cell}" if label and fold(label) != fold(cell) else cell for label, cell in pairs if cell]
    if len(filled) == len(cells) == _NAME_AND_VALUE and not any(labels):
        return f"{filled[0]}{colon}{filled[1]}"
    return filled[0] if len(filled) == 1 else "\n".join(f"- {cell}" for cell in filled)
