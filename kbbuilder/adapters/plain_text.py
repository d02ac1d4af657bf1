"""Plain text: structure told by numbers, marks, indents and blank lines, in whatever encoding it was saved."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from kbbuilder.language.encoding import decode
from kbbuilder.language.questions import answer_mark_of, ends_with_question_mark, question_mark_of
from kbbuilder.language.text import clean, has_cjk
from kbbuilder.reading_notes import characters_damaged
from kbbuilder.schema import Element, ParsedDocument, Role
from kbbuilder.stages.parse.elements import (
    code,
    document_of,
    furniture_key,
    heading,
    is_ordered,
    join_lines,
    list_item,
    paragraph,
    split_marker,
    table,
)

_ZH_NUMBER = "[一二三四五六七八九十百千零〇两0-9０-９]{1,6}"
# What counts as deeper, shallowest first: 编 > 章 > 节 > 条.
_ZH_UNITS = {"编": 0, "編": 0, "部": 0, "篇": 0, "章": 1, "节": 2, "節": 2, "条": 3, "條": 3}
_ZH_UNIT_HEADING = re.compile(
    rf"^第\s*{_ZH_NUMBER}\s*(?P<unit>编|編|部分|篇|章|节|節|条|條)(?P<rest>(?:[\s　:：、.].*|[^\s之的规規款项項].*)?)$"
)
_CHAPTER = re.compile(
    r"^(?:chapter|part|appendix|annex|section|附录|附錄)\s+(?:\d{1,3}(?:\.\d{1,3})*|[A-Z]|[IVX]{1,5})\b[.:：]?\s*(?P<rest>.*)$",
    re.I,
)
_DECIMAL = re.compile(
    r"^(?P<number>(?:\d{1,3}|[A-Z](?=\.\d))(?:\.\d{1,3}){1,5})[.、]?(?:\s+|(?=[\u3400-\u9fff“《]))(?P<rest>\S.*)$", re.S
)
_SINGLE = re.compile(
    r"^(?:\d{1,3}[.、．]?\s+|\d{1,3}[.、．]|[一二三四五六七八九十]{1,3}[、.．]\s*)(?P<rest>[^\s\d.].*)$", re.S
)
_BRACKETED = re.compile(r"^[【\[〖](?P<rest>[^】\]〗]{1,40})[】\]〗]$")
_HASHES = re.compile(r"^(?P<marks>#{1,6})\s+(?P<rest>\S.*?)\s*#*$")
_RULE = re.compile(r"^\s*([-=_*~—─═#·.+])\1{3,}\s*$")
_ENDS_SENTENCE = re.compile(r"[。．；;，,、…:：]$|(?<![?？])[!！]$|(?<!\.)\.$")
_TERMINAL = re.compile(r"[。！？!?；;:：.…][\"'”’）)】]*$")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:第\s*\d+\s*[页頁](?:\s*[，,/共]?\s*(?:共\s*)?\d+\s*[页頁])?|(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?)\W*$",
    re.I,
)
_CONTENTS = re.compile(r"^(?:table of contents|contents|目\s*录|目\s*錄|目\s*次)$", re.I)
_CODE_LINE = re.compile(
    r"^\s*(?:[$#%>]\s\S|\.\.?/\w|/\w+/\w"
    r"|(?:sudo|apt|apt-\w+|aptitude|dpkg|yum|dnf|git|pip|npm|docker|curl|wget|cd|ls|cat|python3?) \S"
    r"|[{}\[\]();]+\s*$|\S.*[;{}]\s*$|[\w.]+\s*=\s*\S|--?\w[\w-]*(?:[ =]|$)|</?\w)"
)
_PROSE_LINE = re.compile(r"^(?:[*•-]\s|(?:[\w’'(\"-]+[,;:.]?\s+){6,})")
_GAP = re.compile(r"\s{2,}|\t+")
_MAX_HEADING = {True: 40, False: 110}
_MAX_PAGE_REPEATS = 3


class PlainTextReader:
    """Reads `.txt` and text without an extension."""

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document; structure is what the characters show, nothing is guessed from meaning.

        Raises:
            Corrupt: no encoding gives readable text.
        """
        decoded = decode(path.read_bytes())
        warnings = characters_damaged(decoded.damaged)
        pages = decoded.text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
        elements = tuple(_Structure(_paged_lines(pages)).elements())
        return document_of(
            name, "text/plain", elements, pages=len(pages) if len(pages) > 1 else None, warnings=warnings
        )


@dataclass(slots=True)
class _Line:
    text: str
    indent: int
    page: int | None
    role: Role = Role.BODY

    @property
    def blank(self) -> bool:
        return not self.text

    @property
    def width(self) -> int:
        return self.indent + display_width(self.text)


def display_width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


# -- pages -----------------------------------------------------------------------------------------


def _paged_lines(pages: Sequence[str]) -> list[_Line]:
    several = len(pages) > 1
    lines: list[_Line] = []
    edges: list[_Line] = []
    for number, page in enumerate(pages, start=1):
        here = [_line(raw, number if several else None) for raw in page.split("\n")]
        filled = [line for line in here if not line.blank]
        if several:
            edges += {id(line): line for line in (filled[:1] + filled[-1:])}.values()
            _mark_page_number(filled)
        lines += here
    repeats = Counter(furniture_key(line.text) for line in edges)
    for line in edges:
        if line.role is Role.BODY and repeats[furniture_key(line.text)] >= _MAX_PAGE_REPEATS and len(line.text) < 120:
            line.role = Role.PAGE_HEADER
    return lines


def _line(raw: str, page: int | None) -> _Line:
    expanded = raw.replace("　", "  ").expandtabs(8)
    stripped = expanded.strip()
    text = clean(raw.replace("\t", "  ")) if "\t" not in raw.strip() and "  " not in stripped else _keep_gaps(stripped)
    return _Line(text, len(expanded) - len(expanded.lstrip()), page)


def _keep_gaps(text: str) -> str:
    """Wide gaps stay, as they may be the columns of a table; everything else is cleaned."""
    return "  ".join(filter(None, (clean(part) for part in _GAP.split(text))))


def _mark_page_number(filled: list[_Line]) -> None:
    for line in filled[:1] + filled[-1:]:
        if _PAGE_NUMBER.match(line.text):
            line.role = Role.PAGE_NUMBER


# -- structure -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Block:
    """Lines without a blank one between them. `under` is the rule that follows ("=" or "-"), if any."""

    lines: list[_Line] = field(default_factory=list)
    under: str = ""

    @property
    def first(self) -> _Line:
        return self.lines[0]

    @property
    def indent(self) -> int:
        return min(line.indent for line in self.lines)

    @property
    def joined(self) -> str:
        return join_lines("\n".join(line.text for line in self.lines))


class _Structure:
    """Turns lines into elements, block by block."""

    def __init__(self, lines: list[_Line]) -> None:
        self._furniture = [line for line in lines if line.role is not Role.BODY]
        self._blocks = _blocks(lines)
        self._wrapped = _is_wrapped(self._blocks)
        widths = sorted(line.width for block in self._blocks for line in block.lines) or [0]
        self._full_width = widths[int(0.9 * (len(widths) - 1))]
        self._body_indent = _usual_indent(self._blocks)
        self._list_indents: list[int] = []
        self._top = 1
        self._zh_units = sorted({unit for block in self._blocks if (unit := _zh_unit(block.joined)) is not None})
        self._chapters = any(_CHAPTER.match(b.first.text) and not _has_body_end(b.joined) for b in self._blocks)

    def elements(self) -> Iterator[Element]:
        blocks = self._blocks
        start = 0
        title = self._title()
        if title is not None:
            self._top, start = 2, 1
            yield heading(title, 1, page=blocks[0].first.page)
        index = start
        while index < len(blocks):
            block = blocks[index]
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            if _CONTENTS.match(block.first.text):
                end = self._contents_end(index)
                for line in (line for b in blocks[index:end] for line in b.lines):
                    yield paragraph(line.text, page=line.page, role=Role.CONTENTS)
                index = end
                continue
            yield from self._block(block, blocks[index - 1] if index else None, after)
            index += 1
        for line in self._furniture:
            yield paragraph(line.text, page=line.page, role=line.role)

    def _title(self) -> str | None:
        """The first block, when it is one short line (or centred lines) that is neither numbered nor a sentence."""
        if not self._blocks:
            return None
        block = self._blocks[0]
        text = block.joined
        if len(block.lines) > 2 or len(text) > _MAX_HEADING[has_cjk(text)] or len(self._blocks) == 1:
            return None
        if block.under or _HASHES.match(text) or self._numbered_level(text) is not None or split_marker(text):
            return None
        if _ENDS_SENTENCE.search(text) or question_mark_of(text) or _looks_tabular(block) or _CONTENTS.match(text):
            return None
        return text

    def _contents_end(self, start: int) -> int:
        """Index of the first block after a list of contents: the first that is no indented or numbered short line."""
        index = start + 1
        firsts: set[str] = set()
        while index < len(self._blocks):
            block = self._blocks[index]
            if _CHAPTER.match(block.first.text) and firsts and (len(block.lines) == 1 or has_cjk(block.joined)):
                key = _number_key(block.first.text)
                if key in firsts or not any(k.startswith("chapter") for k in firsts):
                    return index
            if not all(_is_contents_line(line, block) for line in block.lines):
                return index
            key = _number_key(block.first.text)
            if key in firsts:
                return index
            firsts |= {_number_key(line.text) for line in block.lines}
            index += 1
        return index

    # -- one block ---------------------------------------------------------------------------------------------

    def _block(self, block: _Block, before: _Block | None, after: _Block | None) -> Iterator[Element]:
        level = self._heading_level(block, after)
        if level is not None:
            self._list_indents.clear()
            yield heading(_heading_text(block.joined), level, page=block.first.page)
            return
        tabular = _table_of(block)
        if tabular is not None:
            yield tabular
            return
        if self._is_code(block):
            yield self._code(block)
            return
        # A heading may stand right on top of its text.
        first = _Block([block.first])
        rest = _Block(block.lines[1:], block.under)
        if rest.lines and self._stands_alone(first, rest):
            level = self._heading_level(first, rest)
            if level is not None:
                self._list_indents.clear()
                yield heading(_heading_text(first.joined), level, page=first.first.page)
                yield from self._block(rest, first, after)
                return
        yield from self._lines(block)

    def _stands_alone(self, first: _Block, rest: _Block) -> bool:
        text = first.joined
        if _ZH_UNIT_HEADING.match(text) or _HASHES.match(text) or _BRACKETED.match(text):
            return True
        numbered = _DECIMAL.match(text) or _CHAPTER.match(text) or _SINGLE.match(text)
        shape = _number_shape(text)
        if rest.indent != first.indent or any(shape and _number_shape(line.text) == shape for line in rest.lines):
            return False
        if self._wrapped and first.first.width > 0.7 * self._full_width:
            return False
        return (
            numbered is not None and self._numbered_level(rest.first.text) is None and not split_marker(rest.first.text)
        )

    def _heading_level(self, block: _Block, after: _Block | None) -> int | None:
        text = block.joined
        short = len(text) <= _MAX_HEADING[has_cjk(text)] * (1 if len(block.lines) == 1 else 2)
        if block.under and len(block.lines) == 1:
            return self._top + (0 if block.under == "=" else 1)
        if len(block.lines) > 3 or len(text) < 2 or not any(c.isalpha() for c in text):
            return None
        if (hashes := _HASHES.match(text)) and len(block.lines) == 1:
            return len(hashes.group("marks"))
        if question_mark_of(text) or answer_mark_of(text):
            return None
        unit = _zh_unit(text)
        if unit is not None:
            return self._top + self._zh_units.index(unit) if len(text) <= 34 and not _has_body_end(text) else None
        if not short or _has_body_end(text):
            return None
        if (level := self._numbered_level(text)) is not None:
            return level if self._opens_a_section(block, after) else None
        if len(block.lines) > 1 or after is None:
            return None
        if _BRACKETED.match(text):
            return self._top
        return self._plain_heading_level(block, after)

    def _plain_heading_level(self, block: _Block, after: _Block) -> int | None:
        """A short line without number or end mark: capitals, or a title-like line with prose under it."""
        text = block.joined
        if split_marker(text) or _looks_tabular(block) or block.indent > self._body_indent or text[0] in "（(":
            return None
        letters = [c for c in text if c.isalpha() and c.isascii()]
        if len(letters) >= 3 and all(c.isupper() for c in letters) and not has_cjk(text) and len(text) <= 60:
            return self._top
        if ends_with_question_mark(text):
            return self._top if len(after.joined) > 1 and not ends_with_question_mark(after.joined) else None
        if re.search(r"[,，。;；:：]|\d{4,}|https?:|@|\.$", text):
            return None
        title_like = (
            len(text) <= 20 if has_cjk(text) else text[:1].isupper() and len(text.split()) <= 8 and len(text) <= 60
        )
        longer = len(after.joined) > 1.5 * len(text) or split_marker(after.first.text) is not None
        return self._top if title_like and longer else None

    def _numbered_level(self, text: str) -> int | None:
        base = self._top + (1 if self._chapters else 0)
        if _CHAPTER.match(text):
            return self._top
        if match := _DECIMAL.match(text):
            return base + match.group("number").count(".") - (1 if self._chapters else 0) + len(self._zh_units)
        if _SINGLE.match(text):
            return base + len(self._zh_units)
        return None

    def _opens_a_section(self, block: _Block, after: _Block | None) -> bool:
        """A numbered line is a heading when text follows that is not the next item of the same list."""
        if after is None or len({line.indent for line in block.lines}) > 1:
            return False
        if any(_DECIMAL.match(line.text) or _SINGLE.match(line.text) for line in block.lines[1:]):
            return False
        if block.indent > self._body_indent:
            return False
        shape = _number_shape(block.joined)
        return (
            not shape
            or _number_shape(after.joined) != shape
            or (ends_with_question_mark(block.joined) and "." in shape)
        )

    # -- lists, paragraphs, code ----------------------------------------------------------------------------------

    def _lines(self, block: _Block) -> Iterator[Element]:
        """List items and paragraphs of a block, wrapped lines joined."""
        parts: list[list[_Line]] = []
        for line in block.lines:
            if not parts or self._starts_anew(parts[-1], line):
                parts.append([line])
            else:
                parts[-1].append(line)
        for part in parts:
            text = join_lines("\n".join(line.text for line in part))
            page = part[0].page
            clause = _DECIMAL.match(text)
            marked = split_marker(text)
            if clause is not None:
                yield list_item(clause.group("rest"), marker=clause.group("number"), page=page)
            elif marked is not None and not question_mark_of(text) and not answer_mark_of(text):
                level = self._list_level(part[0].indent)
                yield list_item(marked[1], level=level, marker=marked[0], ordered=is_ordered(marked[0]), page=page)
            else:
                if part[0].indent <= self._body_indent:
                    self._list_indents.clear()
                yield paragraph(text, page=page)

    def _starts_anew(self, part: list[_Line], line: _Line) -> bool:
        last = part[-1]
        if question_mark_of(line.text) or answer_mark_of(line.text) or _DECIMAL.match(line.text):
            return True
        if split_marker(line.text) is not None:
            return True
        in_item = split_marker(part[0].text) is not None
        if in_item:
            return line.indent <= part[0].indent and not self._wrapped
        if not self._wrapped:
            return not re.search(r"[,，、]$", last.text)
        return bool(_TERMINAL.search(last.text)) and last.width < 0.6 * self._full_width

    def _list_level(self, indent: int) -> int:
        while self._list_indents and self._list_indents[-1] > indent:
            self._list_indents.pop()
        if not self._list_indents or self._list_indents[-1] < indent:
            self._list_indents.append(indent)
        return len(self._list_indents)

    def _is_code(self, block: _Block) -> bool:
        if block.first.text.startswith("```"):
            return True
        hits = sum(1 for line in block.lines if _CODE_LINE.match(line.text) and not _PROSE_LINE.match(line.text))
        return block.indent >= 2 and hits >= max(1, 0.5 * len(block.lines)) and not has_cjk(block.joined)

    def _code(self, block: _Block) -> Element:
        edge = block.indent
        lines = [" " * (line.indent - edge) + line.text for line in block.lines if not line.text.startswith("```")]
        return code("\n".join(lines), page=block.first.page)


def _blocks(lines: list[_Line]) -> list[_Block]:
    blocks: list[_Block] = []
    current = _Block()
    fenced = False
    for line in lines:
        if line.role is not Role.BODY:
            continue
        if line.text.startswith("```"):
            fenced = not fenced
        rule = _RULE.match(line.text)
        if rule and not fenced:
            if len(current.lines) == 1 and rule.group(1) in "=-" and _underlines(current.first, line):
                current.under = rule.group(1)
        elif not line.blank:
            current.lines.append(line)
            continue
        elif fenced:
            continue
        if current.lines:
            blocks.append(current)
            current = _Block()
    return [*blocks, current] if current.lines else blocks


def _underlines(text: _Line, rule: _Line) -> bool:
    return len(text.text) <= 100 and abs(display_width(text.text) - display_width(rule.text)) <= max(
        4, display_width(text.text) // 2
    )


def _is_wrapped(blocks: Sequence[_Block]) -> bool:
    """Whether the text was broken into lines of one width: then most lines end in the middle of a sentence."""
    pairs = cut = 0
    for block in blocks:
        for above, below in pairwise(block.lines):
            if split_marker(below.text) is None and "|" not in below.text:
                pairs += 1
                cut += _TERMINAL.search(above.text) is None
    return pairs > 0 and cut >= 0.4 * pairs


def _usual_indent(blocks: Sequence[_Block]) -> int:
    """The indent of headings and body: the smallest that several blocks have."""
    counts = Counter(block.indent for block in blocks)
    often = [indent for indent, count in counts.items() if count >= max(1, len(blocks) // 50)]
    return min(often, default=0)


def _zh_unit(text: str) -> int | None:
    match = _ZH_UNIT_HEADING.match(text)
    return None if match is None else _ZH_UNITS[match.group("unit")[0]]


def _has_body_end(text: str) -> bool:
    asks = re.search(r"[?？]", text) is not None and text[-1] in "!！"
    return _ENDS_SENTENCE.search(text) is not None and not asks


def _heading_text(text: str) -> str:
    if match := _HASHES.match(text):
        return match.group("rest")
    if match := _BRACKETED.match(text):
        return match.group("rest")
    return text


def _number_shape(text: str) -> str:
    """ "3.2 x" → "d.d", "3. x" → "d", "三、x" → "一": equal shapes are siblings of one list."""
    if match := _DECIMAL.match(text):
        return re.sub(r"\w+", "d", match.group("number"))
    if _SINGLE.match(text):
        return "一" if text[0] in "一二三四五六七八九十" else "d"
    return ""


def _number_key(text: str) -> str:
    match = re.match(
        r"(?:chapter|appendix|part)\s+\w+|[\dA-Z]+(?:\.\d+)*|第\S{1,4}[章节節条條]|[一二三四五六七八九十]+", text, re.I
    )
    return match.group(0).lower() if match else text.lower()


def _is_contents_line(line: _Line, block: _Block) -> bool:
    numbered = _number_shape(line.text) or _CHAPTER.match(line.text) or _ZH_UNIT_HEADING.match(line.text)
    leader = re.search(r"(?:\.{3,}|…|·{3,}|\s{2,})\s*\d{1,4}$", line.text)
    return bool(numbered or leader) or (len(block.lines) > 1 and len(line.text) < 90)


# -- tables ----------------------------------------------------------------------------------------


def _looks_tabular(block: _Block) -> bool:
    return any("|" in line.text or "  " in line.text for line in block.lines)


def _table_of(block: _Block) -> Element | None:
    """A table of pipes, or of columns that start at the same places in every line."""
    if len(block.lines) < 2:
        return None
    piped = [line.text for line in block.lines if not re.match(r"^[+|\s:=-]+$", line.text)]
    if len(piped) >= 2 and all(text.count("|") >= 1 for text in piped):
        rows = [[cell.strip() for cell in text.strip().strip("|").split("|")] for text in piped]
        if max(map(len, rows)) == min(map(len, rows)) > 1:
            return table(rows, 1, page=block.first.page)
    rows = [_GAP.split(line.text) for line in block.lines]
    columns = {len(row) for row in rows}
    if len(columns) == 1 and columns.pop() >= 2 and len(rows) >= 2 and not split_marker(block.first.text):
        return table(rows, 1, page=block.first.page)
    return None
