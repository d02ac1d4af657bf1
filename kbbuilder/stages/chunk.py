"""Cut a document into chunks: what belongs together stays together, and every element is in exactly one chunk.

    elements → sections (one per heading; a question keeps its sub-sections) → units (a lead-in with its list, a
    question with its answer, a run of table rows with the header) → chunks of at most `max_chars`

A chunk's text is the Markdown of its elements. Its id is a hash of heading path and text, so the same section gives the
same id in the next edition.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kbbuilder.language.headings import bare_heading, is_part_of_parent
from kbbuilder.language.questions import answer_mark_of, is_question, question_mark_of
from kbbuilder.language.text import CJK, detect_language, without_code
from kbbuilder.ports import TextSplitter
from kbbuilder.schema import (
    Chunk,
    ChunkKind,
    ChunkPart,
    Element,
    ElementKind,
    Language,
    ParsedDocument,
    Role,
    table_markdown,
)

WHOLE_STRETCH = 2
"""How many times `max_chars` a section may be before it is cut."""

QUESTION_STRETCH = 4
"""How many times `max_chars` a question's answer may be before it is cut."""


@dataclass(frozen=True, slots=True)
class _Section:
    """Elements under one heading path, ancestors' empty headings included at the front."""

    path: tuple[str, ...]
    elements: tuple[Element, ...]
    question: bool


def chunk_document(document: ParsedDocument, *, max_chars: int, splitter: TextSplitter) -> tuple[Chunk, ...]:
    """The document's chunks in reading order; furniture (contents, running headers) comes last, a chunk a role.

    Args:
        max_chars: size at which sections are cut; see `WHOLE_STRETCH` and `QUESTION_STRETCH` for those that stay whole.
        splitter: cuts a single paragraph that is longer than that.

    Cost: O(characters).
    """
    body = [e for e in document.elements if e.role is Role.BODY]
    chunks: list[Chunk] = []
    seen: dict[str, int] = {}
    for section in _sections(body, max_chars * QUESTION_STRETCH):
        limit = _limit(section, max_chars)
        for elements in _packed(_units(section, max_chars, splitter), limit):
            chunks.append(_chunk(elements, section.path, ChunkKind.SECTION, len(chunks), document.language, seen))
    for role in Role:
        if role is Role.BODY:
            continue
        furniture = [e for e in document.elements if e.role is role]
        if furniture:
            chunks.append(_chunk(furniture, (role.value,), ChunkKind.FURNITURE, len(chunks), document.language, seen))
    return tuple(chunks)


def _limit(section: _Section, max_chars: int) -> int:
    """A section that is not much too long stays whole: half an answer is worse than a long one."""
    if section.question:
        return max_chars * QUESTION_STRETCH
    whole = sum(len(e.text) + 2 for e in section.elements)
    return max_chars * WHOLE_STRETCH if whole <= max_chars * WHOLE_STRETCH else max_chars


# -- sections -------------------------------------------------------------------------------------------------


def _sections(elements: Sequence[Element], whole_chars: int) -> Iterator[_Section]:
    """One section a heading; a heading that asks, or that only its "Cause" and "Remedy" explain, keeps its
    sub-sections unless they exceed `whole_chars`."""
    sizes = _subtree_chars(elements)
    stack: list[tuple[int, str]] = []
    current: list[Element] = []
    path: tuple[str, ...] = ()
    whole_level: int | None = None  # the level of the heading whose sub-sections are being kept
    for index, element in enumerate(elements):
        if element.kind is not ElementKind.HEADING:
            current.append(element)
            continue
        level = element.level or 1
        deeper = bool(stack) and level > stack[-1][0]
        if whole_level is not None and level > whole_level and not _asks(element):
            current.append(element)
            continue
        if deeper and is_part_of_parent(element.text):
            whole_level = stack[-1][0]
            current.append(element)
            continue
        carry = current if deeper and current and _only_headings(current) else []
        if current and not carry:
            yield _Section(path, tuple(current), whole_level is not None)
        while stack and stack[-1][0] >= level:
            stack.pop()
        stack.append((level, element.text))
        path = tuple(text for _, text in stack)
        current = [*carry, element]
        whole_level = level if _asks(element) and sizes[index] <= whole_chars else None
    if current:
        yield _Section(path, tuple(current), whole_level is not None)


def _asks(heading: Element) -> bool:
    return is_question(bare_heading(heading.text)) or question_mark_of(heading.text) is not None


def _subtree_chars(elements: Sequence[Element]) -> dict[int, int]:
    """For each heading's index: the characters from it to the next heading that is not deeper. Cost: O(n·depth)."""
    sizes: dict[int, int] = {}
    open_headings: list[tuple[int, int]] = []
    for index, element in enumerate(elements):
        if element.kind is ElementKind.HEADING:
            level = element.level or 1
            while open_headings and open_headings[-1][1] >= level:
                open_headings.pop()
            open_headings.append((index, level))
            sizes[index] = 0
        for heading, _ in open_headings:
            sizes[heading] += len(element.text)
    return sizes


def _only_headings(elements: Iterable[Element]) -> bool:
    return all(e.kind is ElementKind.HEADING for e in elements)


# -- units ----------------------------------------------------------------------------------------------------


def _units(section: _Section, max_chars: int, splitter: TextSplitter) -> Iterator[list[Element]]:
    """Runs of elements that must not be torn apart."""
    unit: list[Element] = []
    for element in _cut_to_size(section.elements, max_chars, splitter):
        if unit and not _belongs_to(unit, element):
            yield unit
            unit = []
        unit.append(element)
    if unit:
        yield unit


def _belongs_to(unit: list[Element], element: Element) -> bool:
    if element.kind is ElementKind.IMAGE:
        return True  # it shows what stands above it
    last = next((e for e in reversed(unit) if e.kind is not ElementKind.IMAGE), unit[-1])
    if last.kind is ElementKind.HEADING:
        return True
    if element.kind is ElementKind.LIST_ITEM:
        return last.kind is ElementKind.LIST_ITEM or _leads_in(last) or _inside_answer(unit)
    if answer_mark_of(element.text) is not None:
        return True
    if question_mark_of(element.text) is not None or (element.bold and is_question(element.text)):
        return False
    if _inside_answer(unit):
        return element.kind is not ElementKind.HEADING
    if element.kind in (ElementKind.CAPTION, ElementKind.FOOTNOTE):
        return True
    if last.kind is ElementKind.CAPTION and element.kind in (ElementKind.TABLE, ElementKind.IMAGE):
        return True
    if element.kind is ElementKind.CODE and last.kind is ElementKind.LIST_ITEM:
        return True
    return _leads_in(last)


def _inside_answer(unit: list[Element]) -> bool:
    return any(answer_mark_of(e.text) or question_mark_of(e.text) or (e.bold and is_question(e.text)) for e in unit)


def _leads_in(element: Element) -> bool:
    return element.kind is ElementKind.PARAGRAPH and element.text.rstrip().endswith((":", "："))


def _cut_to_size(elements: Iterable[Element], max_chars: int, splitter: TextSplitter) -> Iterator[Element]:
    """Elements with those that alone exceed `max_chars` cut: prose at sentence ends, tables between rows."""
    for element in elements:
        if len(element.text) <= max_chars:
            yield element
        elif element.kind is ElementKind.TABLE and element.rows is not None:
            yield from _cut_table(element, element.rows, max_chars)
        elif element.kind is ElementKind.CODE:
            for text in _cut_lines(element.text, max_chars):
                yield element.model_copy(update={"text": text})
        else:
            for text in splitter.split(element.text, max_chars):
                yield element.model_copy(update={"text": text})


def _cut_table(element: Element, rows: tuple[tuple[str, ...], ...], max_chars: int) -> Iterator[Element]:
    head, body = rows[: element.header_rows], rows[element.header_rows :]
    head_size = sum(len(c) for row in head for c in row)
    group: list[tuple[str, ...]] = []
    size = head_size
    for row in body:
        row_size = sum(len(c) + 3 for c in row)
        if group and size + row_size > max_chars:
            yield _table_of(element, (*head, *group))
            group, size = [], head_size
        group.append(row)
        size += row_size
    yield _table_of(element, (*head, *group))


def _table_of(element: Element, rows: tuple[tuple[str, ...], ...]) -> Element:
    return element.model_copy(update={"rows": rows, "text": table_markdown(rows, element.header_rows)})


def _cut_lines(text: str, max_chars: int) -> Iterator[str]:
    group: list[str] = []
    size = 0
    for line in text.split("\n"):
        if group and size + len(line) > max_chars:
            yield "\n".join(group)
            group, size = [], 0
        group.append(line)
        size += len(line) + 1
    if group:
        yield "\n".join(group)


def _packed(units: Iterable[list[Element]], limit: int) -> Iterator[list[Element]]:
    chunk: list[Element] = []
    size = 0
    for unit in units:
        unit_size = sum(len(e.text) + 2 for e in unit)
        if chunk and size + unit_size > limit and not _only_headings(chunk):
            yield chunk
            chunk, size = [], 0
        chunk += unit
        size += unit_size
    if chunk:
        yield chunk


# -- text -----------------------------------------------------------------------------------------------------

_NUMERAL = re.compile(r"^[（(【]?\s*(?:步骤|步驟|step)?\s*(\d{1,3})\s*[)）】.、．:：]*$", re.I)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BULLETS = frozenset("-*+•·●○◦▪■□◆◇‣–—►▶➢➤✓✔★☆※")


def _chunk(
    elements: Sequence[Element],
    path: tuple[str, ...],
    kind: ChunkKind,
    ordinal: int,
    language: Language,
    seen: dict[str, int],
) -> Chunk:
    text = ""
    parts: list[ChunkPart] = []
    counters: dict[int, int] = {}
    own = path[-1] if path else ""
    previous: Element | None = None
    for element in elements:
        rendered = _rendered(element, counters, own)
        if not rendered:
            parts.append(ChunkPart(element=element, start=len(text), end=len(text)))
            continue
        in_list = (
            element.kind is ElementKind.LIST_ITEM and previous is not None and previous.kind is ElementKind.LIST_ITEM
        )
        if previous is not None:
            text += "\n" if in_list else "\n\n"
        parts.append(ChunkPart(element=element, start=len(text), end=len(text) + len(rendered)))
        text += rendered
        previous = element
    pages = [e.page for e in elements if e.page is not None]
    key = hashlib.sha256("\x1f".join((*path, "", text)).encode()).hexdigest()
    seen[key] = seen.get(key, 0) + 1
    if seen[key] > 1:
        key = hashlib.sha256(f"{key}#{seen[key]}".encode()).hexdigest()
    return Chunk(
        id=key[:24],
        ordinal=ordinal,
        kind=kind,
        text=text,
        heading_path=path,
        page_start=min(pages, default=None),
        page_end=max(pages, default=None),
        parts=tuple(parts),
        language=_language(text, language),
    )


def _language(text: str, document: Language) -> Language:
    """A chunk's language: its document's, unless its words clearly say otherwise (Chinese tables are full of Latin)."""
    text = without_code(text)
    if len(text) < 40:
        return document
    if document == "zh":
        han = len(re.findall(f"[{CJK}]", text))
        return "zh" if han * 8 >= len(re.findall(r"[A-Za-z]+", text)) else "en"
    return detect_language(text)


def _rendered(element: Element, counters: dict[int, int], own: str) -> str:
    """An element's Markdown. `counters` number ordered items that came without a mark, by nesting level."""
    if element.kind is not ElementKind.LIST_ITEM:
        counters.clear()
    if element.kind is ElementKind.IMAGE and not element.text.startswith("!["):
        return ""  # a picture's description is no text of the document; it would read as a stray line
    if element.kind is ElementKind.HEADING:
        return element.text if element.text == own else f"**{element.text}**"
    if element.kind is ElementKind.CODE:
        return f"```{element.language or ''}\n{element.text}\n```"
    if element.kind is ElementKind.LIST_ITEM:
        level = element.level or 1
        for deeper in [n for n in counters if n > level]:
            del counters[deeper]
        indent = "   " * (level - 1)
        return indent + _list_mark(element, counters, level) + element.text.replace("\n", "\n   " + indent)
    return element.text


def _list_mark(element: Element, counters: dict[int, int], level: int) -> str:
    marker = (element.marker or "").strip()
    numeral = _NUMERAL.match(marker)
    if numeral:
        counters[level] = int(numeral.group(1))
        return f"{counters[level]}. "
    if marker and marker in _CIRCLED:
        counters[level] = _CIRCLED.index(marker) + 1
        return f"{counters[level]}. "
    if element.ordered and not marker:
        counters[level] = counters.get(level, 0) + 1
        return f"{counters[level]}. "
    if not marker or marker in _BULLETS:
        return "- "
    return f"- {marker} "
