"""After the reader: mark across formats what is not the document's message, and make the headings a tree.

Text is never dropped here but for headings without text; what is no message gets a role.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.text import detect_language, fold
from kbbuilder.reading_notes import NoteCode, ReadingNote
from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role
from kbbuilder.stages.parse.elements import furniture_key, join_lines

_CONTENTS_TITLE = re.compile(
    r"^(?:(?:table of )?contents|list of (?:figures|tables)|on this page"
    r"|目\s*录|目\s*錄|目\s*次|图表?目录|表格?目录|插图目录)$",
    re.I,
)
_INDEX_TITLE = re.compile(r"^(?:(?:alphabetical |keyword |subject )?index|索\s*引|关键[词字]索引)$", re.I)
_LEGAL_TITLE = re.compile(
    r"^(?:copyright(?: notice| information| statement)?|legal (?:notices?|information)"
    r"|trademarks?(?: notice| information)?|disclaimer|notices? and (?:trademarks|disclaimers?)"
    r"|(?:revision|change|document) (?:history|records?|log)|document (?:revisions?|control)"
    r"|版权(?:声明|信息|所有)?|版權(?:聲明|資訊|所有)?|法律声明|法律聲明|商标(?:声明)?|商標(?:聲明)?"
    r"|免责声明|免責聲明|(?:文档)?修订(?:记录|历史|履历)|修訂(?:記錄|歷史)"
    r"|(?:文档)?变更(?:记录|历史)|版本(?:记录|历史|变更记录))$",
    re.I,
)
_LEADER = re.compile(r"(?:\.{4,}|(?:\s?[.·•]\s){3,}|…{2,}|·{3,}|_{4,}|\t+|\s{3,})\s*(?:\d{1,4}|[ivxlc]{1,6})\s*$", re.I)
_INDEX_LINE = re.compile(r"^\S.{0,80}?[,，\s]\s*\d{1,4}(?:\s*[-–,，]\s*\d{1,4})*$")
_INDEX_LETTER = re.compile(r"^(?:[A-Z]|[\u4e00-\u9fff]|symbols?|numbers?|符号|数字)$", re.I)
_COPYRIGHT_LINE = re.compile(
    r"^(?:(?:copyright\s*)?(?:©|\(c\)|copyright\b)\s*(?:\d{4}|by\b).*"
    r"|.{0,60}(?:版权所有|版權所有|保留所有权利|保留一切权利|all rights reserved).{0,60})$",
    re.I | re.S,
)
_MAX_COPYRIGHT = 220
_MAX_LEGAL_CHARS = 4000
_REPEATS = 3
_BODY_KINDS = (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM)


def finish(document: ParsedDocument) -> ParsedDocument:
    """The document with roles marked, headings forming a tree (no level skipped on the way down), title and language.

    The title falls back to the first heading of the top level, then to the file's name without its extension.
    """
    elements, empty = _without_empty(document.elements)
    elements = _mark_contents(elements)
    elements = _mark_sections(elements)
    elements = _mark_lines(elements)
    elements = _mark_repeats(elements)
    elements = _as_tree(elements)
    warnings = document.warnings
    if empty:
        warnings = (*warnings, ReadingNote(code=NoteCode.HEADINGS_EMPTY, values={"count": empty}))
    body = "\n".join(e.text for e in elements if e.role is Role.BODY and e.kind is not ElementKind.CODE)
    return document.model_copy(
        update={
            "elements": tuple(elements), "warnings": warnings, "title": _title(document, elements),
            "language": detect_language(body or document.title),
        }
    )  # fmt: skip


def _without_empty(elements: Sequence[Element]) -> tuple[list[Element], int]:
    kept = [e for e in elements if e.text.strip()]
    empty = sum(1 for e in elements if e.kind is ElementKind.HEADING and not e.text.strip())
    return kept, empty


def _marked(element: Element, role: Role) -> Element:
    return element if element.role is not Role.BODY else element.model_copy(update={"role": role})


# -- contents and index ----------------------------------------------------------------------------


def _mark_contents(elements: list[Element]) -> list[Element]:
    """Lines under a contents title that repeat headings or end in page numbers; dotted leaders anywhere."""
    headings = {fold(bare_heading(e.text)) for e in elements if e.kind is ElementKind.HEADING}
    out = list(elements)
    index = 0
    while index < len(out):
        element = out[index]
        if (
            element.kind in _BODY_KINDS
            and element.role is Role.BODY
            and _LEADER.search(element.text)
            and len(element.text) < 400
        ):
            out[index] = _marked(element, Role.CONTENTS)
        if _names(element, _CONTENTS_TITLE):
            end = _contents_end(out, index + 1, headings)
            if end > index + 1 or element.kind is not ElementKind.HEADING:
                for at in range(index, end):
                    out[at] = _marked(out[at], Role.CONTENTS)
                index = max(end, index + 1)
                continue
        index += 1
    return out


def _names(element: Element, pattern: re.Pattern[str]) -> bool:
    if element.kind not in (ElementKind.HEADING, ElementKind.PARAGRAPH) or element.role not in (
        Role.BODY,
        Role.CONTENTS,
    ):
        return False
    return len(element.text) <= 60 and pattern.match(bare_heading(element.text)) is not None


def _contents_end(elements: Sequence[Element], start: int, headings: set[str]) -> int:
    """Index after the last line of a list of contents that begins at `start`."""
    index = start
    while index < len(elements):
        element = elements[index]
        if element.role is Role.CONTENTS:
            index += 1
            continue
        if element.kind is ElementKind.TABLE and _lists_pages(element):
            index += 1
            continue
        if element.kind not in _BODY_KINDS or len(element.text) > 200:
            return index
        lines = element.text.split("\n")
        if not all(_is_entry(line, headings) for line in lines):
            return index
        index += 1
    return index


def _lists_pages(table: Element) -> bool:
    rows = [[cell for cell in row if cell] for row in table.rows or ()]
    return sum(1 for row in rows if row and re.fullmatch(r"\d{1,4}", row[-1])) >= 0.6 * len(rows)


def _is_entry(line: str, headings: set[str]) -> bool:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
    bare = fold(bare_heading(_LEADER.sub("", plain)))
    return (
        bool(_LEADER.search(line))
        or bare in headings
        or fold(bare_heading(re.sub(r"\s+\d{1,4}$", "", plain))) in headings
    )


# -- sections that are no message ------------------------------------------------------------------


def _mark_sections(elements: list[Element]) -> list[Element]:
    """Index and legal sections, from their heading to the next one as high. A long legal section is left alone: it may
    be the document's message (a policy)."""
    out = list(elements)
    for index, element in enumerate(elements):
        if element.kind is not ElementKind.HEADING or element.role is not Role.BODY:
            continue
        end = _section_end(elements, index)
        inside = elements[index + 1 : end]
        if _INDEX_TITLE.match(bare_heading(element.text)) and _is_index(inside):
            role = Role.INDEX
        elif _LEGAL_TITLE.match(bare_heading(element.text)) and sum(len(e.text) for e in inside) <= _MAX_LEGAL_CHARS:
            role = Role.LEGAL
        else:
            continue
        for at in range(index, end):
            out[at] = _marked(out[at], role)
    return out


def _section_end(elements: Sequence[Element], start: int) -> int:
    level = elements[start].level or 1
    for index in range(start + 1, len(elements)):
        other = elements[index]
        if other.kind is ElementKind.HEADING and (other.level or 1) <= level and not _INDEX_LETTER.match(other.text):
            return index
    return len(elements)


def _is_index(inside: Sequence[Element]) -> bool:
    lines = [
        line for e in inside for line in e.text.split("\n") if line.strip() and not _INDEX_LETTER.match(line.strip())
    ]
    return bool(lines) and sum(1 for line in lines if _INDEX_LINE.match(line.strip())) >= 0.6 * len(lines)


# -- single lines ----------------------------------------------------------------------------------


def _mark_lines(elements: list[Element]) -> list[Element]:
    """Copyright lines. Only whole short paragraphs: a sentence that mentions a copyright stays."""
    return [
        _marked(e, Role.LEGAL)
        if e.kind is ElementKind.PARAGRAPH and len(e.text) <= _MAX_COPYRIGHT and _COPYRIGHT_LINE.match(e.text)
        else e
        for e in elements
    ]


def _mark_repeats(elements: list[Element]) -> list[Element]:
    """The same short line on many pages (a running header the reader did not know as one)."""
    pages = {e.page for e in elements if e.page is not None}
    if len(pages) < _REPEATS:
        return elements
    seen: dict[str, set[int]] = {}
    first_on_page: set[int] = set()
    edges: set[int] = set()
    for index, e in enumerate(elements):
        if e.page is None or e.role is not Role.BODY:
            continue
        if e.page not in first_on_page:
            first_on_page.add(e.page)
            edges.add(index)
        following = next((o for o in elements[index + 1 : index + 4] if o.role is Role.BODY), None)
        if following is None or following.page != e.page:
            edges.add(index)
    for index in edges:
        e = elements[index]
        if e.kind in _BODY_KINDS and len(e.text) <= 100 and e.page is not None:
            seen.setdefault(furniture_key(e.text), set()).add(e.page)
    running = {key for key, on in seen.items() if len(on) >= max(_REPEATS, len(pages) // 3)}
    return [
        _marked(e, Role.PAGE_HEADER) if index in edges and furniture_key(e.text) in running else e
        for index, e in enumerate(elements)
    ]


# -- headings --------------------------------------------------------------------------------------


def _as_tree(elements: list[Element]) -> list[Element]:
    """Levels without gaps on the way down: a document whose headings are 2, 4, 4, 3 becomes 1, 2, 2, 2."""
    open_levels: list[tuple[int, int]] = []
    out: list[Element] = []
    for element in elements:
        if element.kind is not ElementKind.HEADING or element.level is None or element.role is not Role.BODY:
            out.append(element)
            continue
        while open_levels and open_levels[-1][0] >= element.level:
            open_levels.pop()
        new = open_levels[-1][1] + 1 if open_levels else 1
        open_levels.append((element.level, new))
        out.append(element if new == element.level else element.model_copy(update={"level": new}))
    return out


def _title(document: ParsedDocument, elements: Sequence[Element]) -> str:
    """The only top heading, else the title the format gives, else the first top heading, else the file's name."""
    tops = [e.text for e in elements if e.kind is ElementKind.HEADING and e.role is Role.BODY and e.level == 1]
    given = join_lines(document.title)
    if len(tops) == 1:
        return tops[0]
    return given or next(iter(tops), "") or PurePath(document.name).stem
