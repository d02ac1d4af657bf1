"""How a reader states what it saw: one function an element kind, text cleaned at the door."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.text import CJK, clean, detect_language
from kbbuilder.reading_notes import ReadingNote
from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role, table_markdown

MAX_HEADING_LEVEL = 9
_MARKER = re.compile(
    r"^(?P<mark>[•●○◦▪■□◆◇▶►➢➤✓✔❖·–—*+\-\u2022\u25cf\uf0b7\uf06c\uf0d8\uf0a7]"
    r"|[（(](?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[一二三四五六七八九十百]{1,4})[)）]"
    r"|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)）、．](?!\d)"
    r"|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[①-⑳⑴-⒇⒈-⒛])(?:\s+|(?<=[、）)．①-⒛•●■◆])(?=\S)|(?<=[.])(?=[\u3400-\u9fff]))(?P<rest>\S.*)$",
    re.S,
)
_BULLET = re.compile(r"^[^\w①-⒛（(]$|^[·*+\-–—]$")


_BREAK_IN_CJK = re.compile(f"(?<=[{CJK}，。；：！？、（）《》“”])\\s*\\n\\s*(?=[{CJK}，。；：！？、（）《》“”])")


def join_lines(text: str) -> str:
    """`clean` text on one line: a line break between Chinese characters goes, any other is a blank. Blanks that the
    writer set between Chinese words stay (unlike `one_line`, which repairs what PDF readers see).

    >>> join_lines("第六条 退\\n款")
    '第六条 退款'
    """
    return re.sub(r"\s+", " ", _BREAK_IN_CJK.sub("", clean(text)))


def furniture_key(text: str) -> str:
    """A line without a page number at its edge: a running header or footer has the same key on each page."""
    return re.sub(r"^\d+\b|\b\d+\W*$", "#", text.strip())


def heading(text: str, level: int, *, page: int | None = None, role: Role = Role.BODY) -> Element:
    """A heading; a level outside 1..9 is drawn to the nearest."""
    return Element(
        kind=ElementKind.HEADING,
        text=join_lines(text),
        level=min(max(level, 1), MAX_HEADING_LEVEL),
        page=page,
        role=role,
    )


def paragraph(text: str, *, page: int | None = None, bold: bool = False, role: Role = Role.BODY) -> Element:
    return Element(kind=ElementKind.PARAGRAPH, text=clean(text), page=page, bold=bold, role=role)


def list_item(
    text: str,
    *,
    level: int = 1,
    marker: str | None = None,
    ordered: bool = False,
    page: int | None = None,
    bold: bool = False,
    role: Role = Role.BODY,
) -> Element:
    return Element(
        kind=ElementKind.LIST_ITEM, text=clean(text), level=min(max(level, 1), MAX_HEADING_LEVEL), marker=marker,
        ordered=ordered, page=page, bold=bold, role=role,
    )  # fmt: skip


def code(text: str, *, language: str | None = None, page: int | None = None) -> Element:
    """Program text: inner blanks and indents stay as they are."""
    lines = [_CONTROL.sub("", line).rstrip() for line in text.expandtabs(4).splitlines()]
    return Element(kind=ElementKind.CODE, text="\n".join(lines).strip("\n"), language=language, page=page)


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def caption(text: str, *, page: int | None = None) -> Element:
    return Element(kind=ElementKind.CAPTION, text=join_lines(text), page=page)


def footnote(text: str, *, page: int | None = None) -> Element:
    return Element(kind=ElementKind.FOOTNOTE, text=clean(text), page=page)


_MARKS = str.maketrans({"[": "(", "]": ")"})
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}", re.I)
_BADGE = re.compile(r"shields\.io|\bbadges?\b", re.I)


def image(text: str, *, address: str = "", page: int | None = None) -> Element:
    """A picture, told by its alternative text; with an absolute web address, as Markdown that shows it.

    >>> image("滤芯", address="https://example.com/a.png").text, image("滤芯", address="a.png").text
    ('![滤芯](https://example.com/a.png)', '滤芯')
    """
    shown = join_lines(text)
    if is_web_address(address):
        target = address.strip().replace("(", "%28").replace(")", "%29")
        shown = f"![{shown.translate(_MARKS)}]({target})"
    return Element(kind=ElementKind.IMAGE, text=shown, page=page)


def is_web_address(address: str) -> bool:
    """Whether a picture's source can be shown anywhere and is worth it: no badge of a project's state."""
    return _ADDRESS.fullmatch(address.strip()) is not None and _BADGE.search(address) is None


def table(
    rows: Sequence[Sequence[str]], header_rows: int, *, page: int | None = None, role: Role = Role.BODY
) -> Element | None:
    """A table with empty rows and columns taken out and short rows filled up; None when no cell holds text."""
    kept = [[clean(cell) for cell in row] for row in rows]
    head = sum(1 for row in kept[:header_rows] if any(row))
    kept = [row for row in kept if any(row)]
    if not kept:
        return None
    width = max(len(row) for row in kept)
    full = [row + [""] * (width - len(row)) for row in kept]
    columns = [i for i in range(width) if any(row[i] for row in full)]
    cells = tuple(tuple(row[i] for i in columns) for row in full)
    head = min(head, len(cells))
    return Element(
        kind=ElementKind.TABLE, text=table_markdown(cells, head), rows=cells, header_rows=head, page=page, role=role
    )


_NUMERIC = re.compile(
    r"^[\s\d.,:%/()+\-–—×x*~<>≤≥±°℃$€£¥￥]*\d[\s\d.,:%/()+\-–—×x*~<>≤≥±°℃$€£¥￥]*(?:[A-Za-z%]{1,5}|[\u3400-\u9fff]{1,2})?$"
)
_MAX_HEADER_CELL = 40
_A_SERIES = 2


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns, where the format does not say: short, filled, distinct, not numbers, not
    the first of a series that goes on below (F1, F2, F3; wheel, Ctrl + wheel), with something longer or numeric
    below."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    if not all(first) or len(set(first)) < len(first):
        return False
    if any(len(cell) > _MAX_HEADER_CELL or _NUMERIC.match(cell) or cell[-1] in "。；;" for cell in first):
        return False
    below = [row[: len(first)] for row in rows[1:]]
    if _is_first_of_series(first[0], [row[0].strip() for row in below if row]):
        return False
    return any(
        _NUMERIC.match(cell) or len(cell) > len(head) or not cell.strip()
        for row in below
        for cell, head in zip(row, first, strict=False)
    )


def _is_first_of_series(cell: str, below: Sequence[str]) -> bool:
    """Whether a cell is counted like at least two below it, or like half of them; or is a key held with others."""
    if any(re.search(rf"\w\s*[+＋]\s*{re.escape(cell)}$", other, re.I) for other in below):
        return True
    shape = re.sub(r"\d+", "0", cell)
    alike = sum(re.sub(r"\d+", "0", other) == shape for other in below)
    return shape != cell and (alike >= _A_SERIES or 2 * alike >= len(below) > 0)


def split_marker(text: str) -> tuple[str, str] | None:
    """A line's own list mark and the text after it: "（2）拧紧" → ("（2）", "拧紧"); None when it starts with none.

    >>> split_marker("1. 打开电源"), split_marker("3.5 mm jack")
    (('1.', '打开电源'), None)
    """
    match = _MARKER.match(text)
    return None if match is None else (match.group("mark"), match.group("rest"))


def is_ordered(marker: str) -> bool:
    """Whether a list mark counts (1. a) （三）) rather than decorates (• –)."""
    return _BULLET.match(marker) is None


def is_bold_lead(parts: Sequence[tuple[str, bool]]) -> bool:
    """Whether a paragraph is bold: all of it, or its lead-in up to the first colon.

    Args:
        parts: the runs in order, text and whether it is bold.
    """
    runs = [(text, bold) for text, bold in parts if text.strip()]
    if not runs or not runs[0][1]:
        return False
    lead = ""
    for text, bold in runs:
        if not bold:
            return bool(re.search(r"[:：]\s*$", lead)) or text.lstrip()[:1] in (":", "：")
        lead += text
    return True


def document_of(
    name: str,
    media_type: str,
    elements: Sequence[Element],
    *,
    title: str = "",
    pages: int | None = None,
    warnings: Sequence[ReadingNote] = (),
) -> ParsedDocument:
    """A reader's result. Title and language are filled in by `finish` where the format gives none."""
    sample = "\n".join(element.text for element in elements[:400])
    return ParsedDocument(
        name=name, media_type=media_type, language=detect_language(sample), title=join_lines(title),
        elements=tuple(elements), pages=pages, warnings=tuple(warnings),
    )  # fmt: skip
