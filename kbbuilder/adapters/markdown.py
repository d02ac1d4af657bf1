"""Markdown, by markdown-it's CommonMark parser with tables; pieces of HTML inside go through an HTML reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbbuilder.language.encoding import decode
from kbbuilder.language.questions import answer_mark_of, question_mark_of
from kbbuilder.reading_notes import NoteCode, ReadingNote, characters_damaged
from kbbuilder.schema import Element, ElementKind, ParsedDocument
from kbbuilder.stages.parse.elements import (
    code,
    document_of,
    heading,
    image,
    is_bold_lead,
    join_lines,
    list_item,
    paragraph,
    split_marker,
    table,
)

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(?P<body>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_TOML_MATTER = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(?P<body>.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.S)
_MATTER_TITLE = re.compile(r"^title\s*[:=]\s*(?P<quote>[\"']?)(?P<title>.+?)(?P=quote)\s*$", re.M)
_ANCHOR = re.compile(r"\s*\{\s*[#.:][^{}\n]{0,200}\}\s*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_CALLOUT = re.compile(r"^\[!(\w+)\]\s*", re.I)
_FENCED_CALLOUT = re.compile(r"^:{3,}.*$", re.M)
_JSX_IMPORT = re.compile(r"^(?:import|export)\s.+$")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>")
_OPEN_TAG = re.compile(r"<(details|summary|table|div|center|ul|ol|dl|p|section|blockquote)\b", re.I)
_CALLOUT_NAMES = {"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"}
_MAX_NESTING = 100
_MAX_LINE = 20_000
_SPECIAL_SHARE = 0.4
_STARS = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")
_NESTED_MARKS = re.compile(r"(?:\s*(?:>|[*+-]\s|\d{1,9}[.)]\s)){30,}")
_SOFT = "\x1f"
_FIELD = re.compile(r"^[^\s:：][^:：\n]{0,20}[:：]\s*\S")

HtmlElements = Callable[[str], Sequence[Element]]


class MarkdownReader:
    """Reads `.md`. `html_elements` reads the pieces of HTML that Markdown may hold."""

    def __init__(self, html_elements: HtmlElements) -> None:
        self._html_elements = html_elements
        self._parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document; front matter is left out but for its title.

        Raises:
            Corrupt: the bytes are no readable text.
        """
        decoded = decode(path.read_bytes())
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        title, text = _without_front_matter(text)
        warnings = characters_damaged(decoded.damaged)
        if _is_pathological(text):
            warnings.append(ReadingNote(code=NoteCode.MARKS_NOT_READ))
            elements: list[Element] = [paragraph(part) for part in re.split(r"\n\s*\n", text) if part.strip()]
        else:
            tokens = self._parser.parse(_prepared(text))
            elements = _Blocks(self._html_elements).elements(tokens)
        return document_of(name, "text/markdown", elements, title=title, warnings=warnings)


def _without_front_matter(text: str) -> tuple[str, str]:
    match = _FRONT_MATTER.match(text) or _TOML_MATTER.match(text)
    if match is None:
        return "", text
    title = _MATTER_TITLE.search(match.group("body"))
    return ("" if title is None else title.group("title")), text[match.end() :]


def _prepared(text: str) -> str:
    """Without comments and without the fences of `:::note` blocks, whose inside is ordinary Markdown."""
    text = _COMMENT.sub("", text)
    return _FENCED_CALLOUT.sub(_callout_line, text)


def _callout_line(match: re.Match[str]) -> str:
    named = re.match(r":{3,}\s*\{?(\w+)\}?\s*(.*)$", match.group(0))
    if named is None:
        return ""
    label = named.group(2).strip(" []") or _CALLOUT_NAMES.get(named.group(1).lower(), "")
    return f"\n**{label}:**\n" if label else ""


def _is_pathological(text: str) -> bool:
    """Very long lines mostly of marks make inline parsing take quadratic time, and what is nested too deeply would be
    left out; no person writes either."""
    for line in text.split("\n"):
        if _NESTED_MARKS.match(line):
            return True
        if len(line) > _MAX_LINE and sum(line.count(mark) for mark in "*_[](!<`~&\\") > _SPECIAL_SHARE * len(line):
            return True
    return False


# -- blocks ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Item:
    marker: str | None
    ordered: bool
    given: bool = False


class _Blocks:
    """Turns markdown-it's flat token stream into elements."""

    def __init__(self, html_elements: HtmlElements) -> None:
        self._html_elements = html_elements
        self._out: list[Element] = []
        self._lists: list[list[int]] = []
        self._ordered: list[bool] = []
        self._items: list[_Item] = []
        self._html: list[str] = []
        self._level = 0

    def elements(self, tokens: Sequence[Token]) -> list[Element]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if self._html and token.type != "html_block" and token.level == 0 and _is_complete("".join(self._html)):
                self._flush_html()
            if token.type == "table_open":
                index = self._table(tokens, index)
            elif token.type == "heading_open":
                self._heading(tokens[index + 1], int(token.tag[1]))
                index += 2
            else:
                self._block(token)
            index += 1
        self._flush_html()
        return self._out

    def _block(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrGet("start")
            self._lists.append([int(start) if start is not None else 1])
            self._ordered.append(token.type == "ordered_list_open")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            self._ordered.pop()
        elif token.type == "list_item_open":
            ordered = self._ordered[-1]
            self._items.append(_Item(f"{self._lists[-1][0]}{token.markup or '.'}" if ordered else None, ordered))
            self._lists[-1][0] += 1
        elif token.type == "list_item_close":
            self._items.pop()
        elif token.type == "inline":
            self._flush_html()
            self._text(token)
        elif token.type in ("fence", "code_block"):
            self._flush_html()
            language = token.info.strip().split()[0].strip("{}.").lower() if token.info.strip() else None
            if token.content.strip():
                self._out.append(code(token.content, language=language))
        elif token.type == "html_block":
            self._html_block(token.content)

    def _heading(self, token: Token, level: int) -> None:
        self._flush_html()
        line = _Inline.read(token)
        text = _ANCHOR.sub("", line.text)
        self._level = level
        if text.strip():
            self._out.append(heading(text, level))
        self._out += [*line.leading, *line.pictures]

    def _text(self, token: Token) -> None:
        line = _Inline.read(token)
        text = _ANCHOR.sub("", line.text).strip()
        in_item = bool(self._items) and not self._items[-1].given
        if not in_item:
            self._out += line.leading
        label = _CALLOUT.match(text)
        if label:
            name = _CALLOUT_NAMES.get(label.group(1).lower(), label.group(1).title())
            text = f"{name}: {text[label.end() :]}"
        if text and not (_JSX_IMPORT.match(text) and text.endswith(";")):
            bold = is_bold_lead(line.runs)
            item = self._items[-1] if self._items else None
            if item is not None and not item.given:
                item.given = True
                self._list_item(text, item, bold)
            else:
                self._out += [paragraph(part, bold=bold) for part in _paragraphs(text)]
        # A list item's own picture stands below its text: in front, it would stand before the item's mark.
        self._out += [*(line.leading if in_item else ()), *line.pictures]

    def _list_item(self, text: str, item: _Item, bold: bool) -> None:
        marked = split_marker(text) if item.marker is None and "\n" not in text else None
        marker, rest = (item.marker, text) if marked is None else marked
        self._out.append(list_item(rest, level=len(self._lists), marker=marker, ordered=item.ordered, bold=bold))

    def _table(self, tokens: Sequence[Token], index: int) -> int:
        """Reads a table and returns the index of its closing token."""
        self._flush_html()
        rows: list[list[str]] = []
        headers = 0
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._cell(token))
            elif token.type == "thead_close":
                headers = len(rows)
            index += 1
        element = table(rows, headers)
        if element is not None:
            self._out.append(element)
        return index

    def _cell(self, token: Token) -> str:
        if _OPEN_TAG.search(token.content):
            parts = self._html_elements(_BREAK.sub("<br>", token.content))
            return "\n".join(f"- {part.text}" if part.kind is ElementKind.LIST_ITEM else part.text for part in parts)
        line = _Inline.read(token)
        return line.text.strip() or " ".join(picture.text for picture in (*line.leading, *line.pictures))

    # -- HTML ------------------------------------------------------------------------------------------------------

    def _html_block(self, markup: str) -> None:
        """Blocks of HTML are kept together until their tags are closed; Markdown between them is read as such."""
        lowered = markup.lower()
        if "<summary" in lowered or lowered.lstrip().startswith(("<details", "</details")):
            self._flush_html()
            self._summary(markup)
            return
        self._html.append(markup)

    def _summary(self, markup: str) -> None:
        match = re.search(r"<summary[^>]*>(.*?)</summary>", markup, re.S | re.I)
        if match:
            text = _TAG.sub("", match.group(1)).strip()
            if text:
                self._out.append(heading(text, min(self._level + 1, 9)))
        rest = re.sub(r"<summary[^>]*>.*?</summary>|</?details[^>]*>", "", markup, flags=re.S | re.I)
        if rest.strip():
            self._out += self._html_elements(rest)

    def _flush_html(self) -> None:
        if self._html:
            markup, self._html = "".join(self._html), []
            self._out += self._html_elements(markup)


def _paragraphs(text: str) -> list[str]:
    """The text cut before each question or answer mark that starts a line."""
    parts: list[str] = []
    for line in text.split("\n"):
        if parts and not (question_mark_of(line) or answer_mark_of(line)):
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts


def _is_complete(markup: str) -> bool:
    return len(re.findall(r"<(?:table|ul|ol|dl)\b", markup, re.I)) <= len(
        re.findall(r"</(?:table|ul|ol|dl)>", markup, re.I)
    )


# -- inline ----------------------------------------------------------------------------------------


def _starts_anew(before: str, line: str) -> bool:
    last = before.rsplit("\n", 1)[-1]
    if question_mark_of(line) or answer_mark_of(line):
        return True
    return bool(_FIELD.match(line) and _FIELD.match(last)) and len(line) < 60 and len(last) < 60


class _Inline:
    """An inline token read: text with back-ticks and absolute links kept, runs of (text, bold), the pictures before
    any text and the others."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, bool]] = []
        self.leading: list[Element] = []
        self.pictures: list[Element] = []

    @property
    def text(self) -> str:
        """The text; a soft line break is kept only where the next line starts something of its own."""
        lines = "".join(text for text, _ in self.runs).split(_SOFT)
        joined = lines[0]
        for line in lines[1:]:
            joined = (
                f"{joined}\n{line}"
                if _starts_anew(joined, line)
                else join_lines(f"{joined}\n{line}")
                if "\n" not in joined
                else f"{joined} {line}"
            )
        return joined

    @classmethod
    def read(cls, token: Token) -> _Inline:
        line = cls()
        bold = 0
        links: list[tuple[str, int]] = []
        for child in token.children or []:
            if child.type == "strong_open":
                bold += 1
            elif child.type == "strong_close":
                bold -= 1
            elif child.type == "link_open":
                links.append((str(child.attrGet("href") or ""), len(line.runs)))
            elif child.type == "link_close" and links:
                line._close_link(*links.pop())
            elif child.type == "image":
                line._picture(child)
            else:
                line._add(child, bold > 0)
        line._split_stars()
        return line

    def _picture(self, child: Token) -> None:
        picture = image(child.content, address=str(child.attrGet("src") or ""))
        if picture.text:
            before_text = not any(text.strip(f" \n{_SOFT}") for text, _ in self.runs)
            (self.leading if before_text else self.pictures).append(picture)

    def _split_stars(self) -> None:
        """Stars that CommonMark leaves because a Chinese mark stands beside them (`**问：**如何`) are read as bold."""
        runs: list[tuple[str, bool]] = []
        for text, bold in self.runs:
            if text.startswith("`"):
                runs.append((text, bold))
                continue
            for index, part in enumerate(_STARS.split(text)):
                if part:
                    runs.append((part, bold or index % 2 == 1))
        self.runs = runs

    def _add(self, child: Token, bold: bool) -> None:
        if child.type == "text":
            self.runs.append((child.content, bold))
        elif child.type == "code_inline":
            content = child.content.strip()
            self.runs.append((content if "`" in content else f"`{content}`", bold))
        elif child.type == "softbreak":
            self.runs.append((_SOFT, bold))
        elif child.type == "hardbreak" or (child.type == "html_inline" and _BREAK.match(child.content)):
            self.runs.append(("\n", bold))

    def _close_link(self, href: str, start: int) -> None:
        shown = "".join(text for text, _ in self.runs[start:])
        bare = shown.strip()
        if not bare or not re.match(r"https?://", href, re.I) or bare.rstrip("/") == href.rstrip("/"):
            return
        address = href.replace("(", "%28").replace(")", "%29")
        self.runs[start:] = [(f"[{bare}]({address})", self.runs[start][1])]
