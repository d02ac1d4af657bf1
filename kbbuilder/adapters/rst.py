"""reStructuredText: sections, paragraphs, lists, tables, notes and code, read without executing any directive."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kbbuilder.language.encoding import decode
from kbbuilder.language.text import has_cjk
from kbbuilder.reading_notes import characters_damaged
from kbbuilder.schema import Element, ParsedDocument
from kbbuilder.stages.parse.elements import (
    caption,
    code,
    document_of,
    heading,
    image,
    is_bold_lead,
    is_ordered,
    is_web_address,
    join_lines,
    list_item,
    paragraph,
    table,
)

_RULE = re.compile(r"^([!-/:-@\[-`{-~])\1{1,}\s*$")
_DIRECTIVE = re.compile(r"^\.\.\s+(?:\|[^|]+\|\s+)?(?P<name>[\w:+.-]+)::\s*(?P<rest>.*)$")
_TARGET = re.compile(r"^\.\.\s+(?:_|\[)")
_ITEM = re.compile(
    r"^(?P<mark>[-*+•]|(?:\d{1,3}|[a-zA-Z]|#|[ivxIVX]{1,5})[.)]|\((?:\d{1,3}|[a-zA-Z]|#)\))(?P<gap>\s+)(?P<rest>\S.*)$"
)
_ADMONITIONS = frozenset(
    ["note", "tip", "hint", "important", "warning", "caution", "attention", "danger", "error", "seealso", "admonition"]
)
_CODES = frozenset(
    ["code", "code-block", "sourcecode", "highlight", "parsed-literal", "literalinclude", "prompt", "console", "math"]
)
_SKIPPED = frozenset(
    [
        "toctree",
        "contents",
        "index",
        "raw",
        "meta",
        "include",
        "only",
        "rubric-none",
        "role",
        "default-role",
        "highlightlang",
        "tabularcolumns",
        "sectnum",
        "currentmodule",
        "module",
        "class",
        "function",
        "automodule",
        "autoclass",
    ]
)
_FIELD = re.compile(r"^:[\w -]+:(?:\s|$)")
_LITERAL = re.compile(r"``(.+?)``", re.S)
_STRONG = re.compile(r"\*\*(.+?)\*\*", re.S)
_EMPHASIS = re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+?)\*(?![\w*])")
_ROLE_TEXT = re.compile(r":[\w:+.-]+:`([^`<]*?)\s*(?:<[^>`]*>)?`", re.S)
_ROLE_TARGET = re.compile(r":[\w:+.-]+:`([^`]+)`", re.S)
_LINK = re.compile(r"`([^`<]+?)\s*<([^>`]+)>`__?", re.S)
_REFERENCE = re.compile(r"`([^`]+)`__?|(?<![\w`])(\w[\w.-]*)_(?![\w`])", re.S)
_GRID = re.compile(r"^\+(?:[-=]+\+)+$")
_SIMPLE = re.compile(r"^={2,}(?:\s+={2,})+\s*$")
_COLONS = re.compile(r"::\s*$")


class RstReader:
    """Reads `.rst`."""

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document; comments, targets and page machinery are left out.

        Raises:
            Corrupt: the bytes are no readable text.
        """
        decoded = decode(path.read_bytes())
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").expandtabs(8)
        warnings = characters_damaged(decoded.damaged)
        elements = list(_Reader().elements([line.rstrip() for line in text.split("\n")]))
        return document_of(name, "text/x-rst", elements, warnings=warnings)


@dataclass(slots=True)
class _Lines:
    """A cursor over lines."""

    lines: list[str]
    at: int = 0

    @property
    def more(self) -> bool:
        return self.at < len(self.lines)

    def peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.lines[index] if index < len(self.lines) else ""

    def block(self) -> list[str]:
        """Lines up to the next blank one."""
        start = self.at
        while self.more and self.lines[self.at]:
            self.at += 1
        return self.lines[start : self.at]

    def indented(self, indent: int) -> list[str]:
        """The following lines that are blank or indented at least so far, without that indent."""
        start = self.at
        while self.more and (not self.lines[self.at] or _indent(self.lines[self.at]) >= indent):
            self.at += 1
        return [line[indent:] if line else "" for line in self.lines[start : self.at]]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class _Reader:
    def __init__(self) -> None:
        self._styles: list[str] = []
        self._list_depth = 0

    def elements(self, lines: list[str], depth: int = 0) -> Iterator[Element]:
        cursor = _Lines(lines)
        while cursor.more:
            line = cursor.peek()
            if not line:
                cursor.at += 1
            elif depth < 20 and (title := self._section(cursor)) is not None:
                yield title
            elif line.startswith(".."):
                yield from self._explicit(cursor, depth)
            elif _GRID.match(line) or _SIMPLE.match(line):
                yield from self._table(cursor)
            elif _ITEM.match(line):
                yield from self._list(cursor, depth)
            elif line[0] == " ":
                # A block quote, or text under a term: its inside is read on its own.
                yield from (
                    self.elements(cursor.indented(_indent(line)), depth + 1) if depth < 20 else self._flat(cursor)
                )
            elif _RULE.match(line) and not cursor.peek(1):
                cursor.at += 1
            else:
                yield from self._paragraph(cursor)

    def _flat(self, cursor: _Lines) -> Iterator[Element]:
        yield paragraph("\n".join(line.strip() for line in cursor.block()))

    def _section(self, cursor: _Lines) -> Element | None:
        line, under = cursor.peek(), cursor.peek(1)
        over = _RULE.match(line)
        if over and under and _RULE.match(cursor.peek(2) or "") and cursor.peek(2)[0] == line[0] and len(line) >= 3:
            cursor.at += 3
            return heading(_plain(under.strip()), self._level("^" + line[0]))
        if line and line[0] != " " and under and _RULE.match(under) and not over and len(under) >= min(3, len(line)):
            wide = sum(2 if ord(c) > 0x2E7F else 1 for c in line)
            if len(under) >= wide - 2 or len(under) >= len(line):
                cursor.at += 2
                return heading(_plain(line), self._level(under[0]))
        return None

    def _level(self, style: str) -> int:
        if style not in self._styles:
            self._styles.append(style)
        return self._styles.index(style) + 1

    def _explicit(self, cursor: _Lines, depth: int) -> Iterator[Element]:
        line = cursor.peek()
        cursor.at += 1
        inside = cursor.indented(1)
        width = min((_indent(part) for part in inside if part), default=0)
        inside = [part[width:] for part in inside]
        match = _DIRECTIVE.match(line)
        if match is None or _TARGET.match(line):
            return
        name, rest = match.group("name").lower(), match.group("rest").strip()
        name = name.rsplit(":", 1)[-1]
        options = []
        while inside and _FIELD.match(inside[0]):
            options.append(inside.pop(0))
        yield from self._directive(name, rest, options, inside, depth)

    def _directive(self, name: str, rest: str, options: list[str], inside: list[str], depth: int) -> Iterator[Element]:
        if name in _CODES:
            if any(inside):
                yield code("\n".join(inside), language=rest.split()[0].lower() if rest else None)
        elif name in ("image", "figure"):
            alt = next((o.split(":", 2)[2].strip() for o in options if o.startswith(":alt:")), "")
            if alt or is_web_address(rest):
                yield image(alt, address=rest)
            yield from (caption(_plain(part)) for part in ["\n".join(inside).strip()] if part)
        elif name in _ADMONITIONS and depth < 20:
            yield from self._admonition(name, rest, inside, depth)
        elif name in ("csv-table", "list-table"):
            yield from self._table_directive(name, rest, options, inside, depth)
        elif name not in _SKIPPED and depth < 20:
            if rest and name in (
                "rubric",
                "topic",
                "sidebar",
                "versionadded",
                "versionchanged",
                "deprecated",
                "option",
            ):
                yield paragraph(_plain(rest), bold=True)
            yield from self.elements(inside, depth + 1)

    def _admonition(self, name: str, rest: str, inside: list[str], depth: int) -> Iterator[Element]:
        label = rest if name == "admonition" else "See also" if name == "seealso" else name.capitalize()
        body = inside if name == "admonition" or not rest else [rest, *inside]
        for index, element in enumerate(self.elements(body, depth + 1)):
            if index == 0 and label:
                mark = "：" if has_cjk(label) else ": "
                element = element.model_copy(update={"text": f"{label}{mark}{element.text}"})
            yield element

    def _table_directive(
        self, name: str, rest: str, options: list[str], inside: list[str], depth: int
    ) -> Iterator[Element]:
        if rest:
            yield caption(_plain(rest))
        headers = next((o.split(":", 2)[2].strip() for o in options if o.startswith(":header-rows:")), "")
        head = next((o.split(":", 2)[2].strip() for o in options if o.startswith(":header:")), "")
        rows: list[list[str]] = [_csv_cells(head)] if head else []
        if name == "csv-table":
            rows += [_csv_cells(line) for line in inside if line]
        else:
            for line in inside:
                if match := re.match(r"^(\*\s+)?-(?:\s+(.*))?$", line.strip()):
                    if match.group(1):
                        rows.append([])
                    if rows:
                        rows[-1].append(_plain(match.group(2) or ""))
                elif line.strip() and rows and rows[-1]:
                    rows[-1][-1] = _plain(f"{rows[-1][-1]}\n{line.strip()}")
        count = 1 if head else int(headers) if headers.isdigit() else 0
        yield from filter(None, [table(rows, count)])

    def _list(self, cursor: _Lines, depth: int) -> Iterator[Element]:
        match = _ITEM.match(cursor.peek())
        assert match is not None
        width = match.start("rest")
        cursor.at += 1
        body = (
            [match.group("rest"), *cursor.indented(width)]
            if cursor.peek() == "" or _indent(cursor.peek())
            else [match.group("rest")]
        )
        mark = match.group("mark")
        self._list_depth += 1
        parts = list(self.elements(body, depth + 1)) if depth < 20 else []
        for index, element in enumerate(parts):
            if index == 0 and element.kind.value == "paragraph":
                ordered = is_ordered(mark) and mark not in "-*+•"
                element = list_item(
                    element.text,
                    level=self._list_depth,
                    marker=mark if ordered else None,
                    ordered=ordered,
                    bold=element.bold,
                )
            yield element
        self._list_depth -= 1

    def _paragraph(self, cursor: _Lines) -> Iterator[Element]:
        first = cursor.peek()
        lines = [first]
        cursor.at += 1
        if cursor.peek() and _indent(cursor.peek()) and not _COLONS.search(first):
            # A definition: the term, then its indented text.
            yield paragraph(_plain(first), bold=True)
            return
        while cursor.more and cursor.peek():
            lines.append(cursor.peek())
            cursor.at += 1
        raw = "\n".join(lines)
        literal = _COLONS.search(raw)
        if literal:
            raw = raw[: literal.start()] + (":" if raw[: literal.start()].strip() else "")
        if raw.strip(" :"):
            yield paragraph(join_lines(_plain(raw)), bold=is_bold_lead(_runs(raw)))
        if literal:
            yield from self._literal(cursor)

    def _literal(self, cursor: _Lines) -> Iterator[Element]:
        while cursor.more and not cursor.peek():
            cursor.at += 1
        indent = _indent(cursor.peek())
        if indent:
            yield code("\n".join(cursor.indented(indent)))

    def _table(self, cursor: _Lines) -> Iterator[Element]:
        if _SIMPLE.match(cursor.peek()):
            yield from _simple_table(cursor)
        else:
            yield from _grid_table(cursor.block())


def _runs(raw: str) -> list[tuple[str, bool]]:
    parts = re.split(r"(\*\*.+?\*\*)", raw, flags=re.S)
    return [(part.strip("*"), part.startswith("**")) for part in parts if part]


def _csv_cells(line: str) -> list[str]:
    return [_plain(cell.strip()) for cell in next(csv.reader([line], skipinitialspace=True), [])]


def _simple_table(cursor: _Lines) -> Iterator[Element]:
    rule = cursor.peek()
    columns = [match.span() for match in re.finditer(r"=+", rule)]
    rows: list[list[str]] = []
    headers = rules = 0
    cursor.at += 1
    while cursor.more and rules < 2:
        line = cursor.peek()
        cursor.at += 1
        if _SIMPLE.match(line):
            rules += 1
            if rules == 1 and cursor.peek():
                headers = len(rows)
            elif rules == 1:
                break
            continue
        cells = [
            line[start : (columns[i + 1][0] if i + 1 < len(columns) else None)].strip()
            for i, (start, _) in enumerate(columns)
        ]
        if rows and cells and not cells[0] and any(cells):
            rows[-1] = [f"{above}\n{cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)]
        elif any(cells):
            rows.append(cells)
    plain = [[_plain(cell) for cell in row] for row in rows]
    yield from filter(None, [table(plain, headers)])


def _grid_table(lines: list[str]) -> Iterator[Element]:
    rows: list[list[str]] = []
    headers = 0
    current: list[list[str]] = []
    for line in lines:
        if line.startswith("+"):
            if current:
                width = max(map(len, current))
                full = [row + [""] * (width - len(row)) for row in current]
                rows.append([_plain("\n".join(filter(None, column))) for column in zip(*full, strict=True)])
                current = []
            if "=" in line:
                headers = len(rows)
        elif line.startswith("|"):
            current.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    yield from filter(None, [table(rows, headers)])


def _plain(text: str) -> str:
    """Inline marks as the house keeps them: literals in back-ticks, absolute links as Markdown, the rest plain."""
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match.group(1))
        return f"\x00{len(literals) - 1}\x00"

    def link(match: re.Match[str]) -> str:
        shown, address = " ".join(match.group(1).split()), match.group(2).strip()
        return f"[{shown}]({address})" if re.match(r"https?://", address) else shown

    text = _LITERAL.sub(keep, text)
    text = re.sub(r"\|([^|\n]+)\|(?!\s*\|)", r"\1", text) if text.count("|") == 2 else text
    text = _ROLE_TEXT.sub(lambda m: m.group(1) or m.group(0), text)
    text = _ROLE_TARGET.sub(lambda m: m.group(1), text)
    text = _LINK.sub(link, text)
    text = _REFERENCE.sub(lambda m: m.group(1) or m.group(2), text)
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", text)).replace("\\ ", "")
    text = re.sub(r"\\([*_`|\\:<>])", r"\1", text)
    return re.sub("\x00(\\d+)\x00", lambda m: f"`{literals[int(m.group(1))]}`", text)
