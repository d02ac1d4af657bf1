"""From pages to elements: the order of the steps, and the joins over page breaks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kbbuilder.adapters.pdf.blocks import Block, code_text, find_blocks, plain
from kbbuilder.adapters.pdf.columns import in_columns
from kbbuilder.adapters.pdf.contents import pointer_lines
from kbbuilder.adapters.pdf.furniture import find_furniture
from kbbuilder.adapters.pdf.headings import (
    Heading,
    find_headings,
    is_caption,
    label_blocks,
    split_at_title,
    titles_by_page,
)
from kbbuilder.adapters.pdf.measure import Measures, measure, settled
from kbbuilder.adapters.pdf.page import LINE_HYPHEN, Box, Line, Page, Piece, group_lines, line_of, union
from kbbuilder.adapters.pdf.pdfium import Bookmark
from kbbuilder.adapters.pdf.tables import Table, find_aligned, find_tables
from kbbuilder.language.text import clean, has_cjk, one_line
from kbbuilder.schema import Element, ElementKind, Role, table_markdown

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FOOTNOTE = re.compile(r"^(?:\[?\d{1,3}\]?|[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|[①-⑳])\s*\S")
_RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# A number set as a raised glyph of a special font reads as plain digits: a word begins right behind it.
_FOOTNOTE_MARK = re.compile(rf"^(?:[{_RAISED_DIGITS}\d]{{0,2}}[{_RAISED_DIGITS}]|\d{{1,3}}(?=[^\d\s.,:：、。)）/%-]))")
_REFERENCE = re.compile(
    rf"(?<![\d{_RAISED_DIGITS}])(?<!\b[mM])(?<!\b[ckd]m)\d?[{_RAISED_DIGITS}]+"
    r"|(?<=[^\d\s][。！？；，）)”.!?,;])\d{1,3}(?![\w.%])"
)
_LEVELLED = str.maketrans(_RAISED_DIGITS, "0123456789")
_ENDS = re.compile(r"[。！？.!?:：;；][\"”’）)]*$")
_LEAD_IN = re.compile(r"^.{1,60}?[:：.。]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A line with a role of its own, or a footnote."""

    lines: tuple[Line, ...]
    role: Role
    kind: ElementKind = ElementKind.PARAGRAPH

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def box(self) -> Box:
        return union([(line.x0, line.top, line.x1, line.bottom) for line in self.lines])


Item = Block | Table | Marked


def elements_of(pages: Sequence[Page], outline: Sequence[Bookmark]) -> tuple[Element, ...]:
    """The elements of a document in reading order. Cost: about linear in the text."""
    pages = settled(pages)
    measures = measure(pages)
    items = _joined_tables(_joined_paragraphs(_items(pages, measures), measures))
    vocabulary = _vocabulary(pages)
    items = _split(items, outline)
    blocks = [item for item in items if isinstance(item, Block)]
    headings = find_headings(blocks, outline, measures)
    labels = label_blocks(blocks, headings)
    return tuple(_elements(items, headings, labels, measures, vocabulary))


def biggest_text(page: Page) -> str:
    """The largest words on a page that are not furniture at its edge."""
    body = [p for p in page.pieces if 0.04 * page.height < p.base < 0.9 * page.height and len(p.text.strip()) > 1]
    if not body:
        return ""
    size = max(p.style.size for p in body)
    lines = group_lines([p for p in body if p.style.size > 0.97 * size], page.number)
    chosen = [lines[0]]
    for line in lines[1:]:
        if line.base - chosen[-1].base > 1.8 * size:
            break
        chosen.append(line)
    return one_line("\n".join(line.text for line in chosen).replace(LINE_HYPHEN + "\n", ""))[:300]


# -- pages to items --------------------------------------------------------------------------------------


def _items(pages: Sequence[Page], measures: Measures) -> list[Item]:
    furniture = find_furniture(pages, measures)
    bodies: list[list[Piece]] = []
    for page in pages:
        gone = {(p.text, p.x0, p.base) for line, _ in furniture.get(page.number, ()) for p in line.pieces}
        bodies.append([p for p in page.pieces if (p.text, p.x0, p.base) not in gone])
    lines = [group_lines(body, page.number) for page, body in zip(pages, bodies, strict=True)]
    pointers = pointer_lines(lines)
    items: list[Item] = []
    for page, body, page_lines, roles in zip(pages, bodies, lines, pointers, strict=True):
        marked_lines = [Marked((page_lines[i],), role) for i, role in sorted(roles.items())]
        edge = [(Marked((line,), role), line.base) for line, role in furniture.get(page.number, ())]
        items += [m for m, base in edge if base < page.height / 2]
        items += _body_items(page, body, marked_lines, measures)
        items += [Marked((line_of((p,), page.number),), Role.NAVIGATION) for p in page.aside if p.text.strip()]
        items += [m for m, base in edge if base >= page.height / 2]
    return items


def _body_items(page: Page, body: Sequence[Piece], marked: Sequence[Marked], measures: Measures) -> list[Item]:
    taken = {id(p) for m in marked for line in m.lines for p in line.pieces}
    tables, rest = find_tables(page, [p for p in body if id(p) not in taken], measures)
    holders: dict[int, Table | Marked] = {}
    wholes: list[Table | Marked] = [*tables, *marked]
    for whole in wholes:
        left, top, right, bottom = whole.box
        base = top + 0.1 if isinstance(whole, Table) else bottom
        holder = Piece("\x00", left, right, top, bottom, base, measures.body)
        holders[id(holder)] = whole
        rest.append(holder)
    items: list[Item] = []
    for region in in_columns(rest, page.number):
        items += _region_items(region, holders, page, measures)
    return items


def _region_items(
    region: Sequence[Piece], holders: Mapping[int, Table | Marked], page: Page, measures: Measures
) -> Iterator[Item]:
    run: list[Line] = []
    sequence: list[list[Line] | Table | Marked] = []
    text = [p for p in region if id(p) not in holders]
    wholes = sorted((p for p in region if id(p) in holders), key=lambda p: p.base)
    for line in group_lines(text, page.number):
        while wholes and wholes[0].base < line.base:
            if run:
                sequence.append(run)
                run = []
            sequence.append(holders[id(wholes.pop(0))])
        run.append(line)
    if run:
        sequence.append(run)
    sequence += [holders[id(p)] for p in wholes]
    for i, part in enumerate(sequence):
        if not isinstance(part, list):
            yield part
            continue
        last = i == len(sequence) - 1
        notes_from = _footnotes_from(part, page, measures) if last else len(part)
        yield from _text_items(part[:notes_from], page, measures)
        yield from _footnotes(part[notes_from:])


def _text_items(lines: Sequence[Line], page: Page, measures: Measures) -> Iterator[Item]:
    done = 0
    for start, end, table in find_aligned(lines, page, measures):
        yield from find_blocks(lines[done:start], measures)
        yield table
        done = end
    yield from find_blocks(lines[done:], measures)


def _footnotes_from(lines: Sequence[Line], page: Page, measures: Measures) -> int:
    """Where the small print at the foot of a region begins; the number of lines when there is none."""
    start = len(lines)
    while start > 0 and _small_print(lines[start - 1], page, measures):
        start -= 1
    for i in range(start, len(lines)):
        ruled = any(
            r.horizontal
            and r.x1 - r.x0 < 0.5 * page.width
            and lines[i].top - 1.2 * measures.body.size <= r.y0 <= lines[i].base
            for r in page.rules
        )
        apart = i > 0 and lines[i].base - lines[i - 1].base > 1.3 * measures.pitch(lines[i])
        if _FOOTNOTE.match(lines[i].text) and (ruled or (apart and i == start)):
            return i
    return len(lines)


def _small_print(line: Line, page: Page, measures: Measures) -> bool:
    if line.main.mono > 0.8 * len(line.main.text):
        # Code is often set smaller.
        return False
    return line.style.size <= 0.93 * measures.body.size and line.base > 0.35 * page.height


def _footnotes(lines: Sequence[Line]) -> Iterator[Marked]:
    group: list[Line] = []
    for line in lines:
        if group and _FOOTNOTE.match(line.text) and line.x0 >= group[0].x0 - 2:
            yield Marked(tuple(group), Role.BODY, ElementKind.FOOTNOTE)
            group = []
        group.append(line)
    if group:
        yield Marked(tuple(group), Role.BODY, ElementKind.FOOTNOTE)


# -- joins over breaks -----------------------------------------------------------------------------------


def _passing(item: Item) -> bool:
    """Stands between two halves without parting them."""
    if not isinstance(item, Marked) or item.role in (Role.CONTENTS, Role.INDEX):
        return False
    return item.kind is ElementKind.FOOTNOTE or item.role is not Role.BODY


def _joined_paragraphs(items: Sequence[Item], measures: Measures) -> list[Item]:
    out: list[Item] = []
    open_at: int | None = None
    for item in items:
        if isinstance(item, Block):
            before = out[open_at] if open_at is not None else None
            if open_at is not None and isinstance(before, Block) and _continues(before, item, measures):
                out[open_at] = replace(before, lines=before.lines + item.lines)
                continue
            open_at = len(out)
        elif not _passing(item):
            open_at = None
        out.append(item)
    return out


def _continues(before: Block, block: Block, measures: Measures) -> bool:
    """The block goes on with the sentence that was broken off at the end of the page or column."""
    last, first = before.lines[-1], block.lines[0]
    if last.page == first.page and first.base > last.base:
        return False
    if before.code or block.code:
        return before.code and block.code and first.page != last.page and first.x0 >= before.x0 - 2
    if block.marker is not None or abs(last.style.size - first.style.size) > 0.5:
        return False
    if measures.larger(last.style) or (last.style.bold != first.style.bold and (before.bold or block.bold)):
        return False
    text, following = last.text.rstrip(), first.text.lstrip()
    if text.endswith(LINE_HYPHEN):
        return True
    if _ENDS.search(text):
        return False
    if following[:1].islower():
        return True
    return last.x1 > before.right - 3 * last.style.size and not before.bold


def _joined_tables(items: Sequence[Item]) -> list[Item]:
    out: list[Item] = []
    for item in items:
        if isinstance(item, Table):
            at = next((i for i in range(len(out) - 1, -1, -1) if not _passing(out[i])), None)
            before = out[at] if at is not None else None
            if at is not None and isinstance(before, Table) and _same_table(before, item):
                skip = item.header_rows if item.rows[: item.header_rows] == before.rows[: item.header_rows] else 0
                out[at] = replace(before, rows=before.rows + item.rows[skip:])
                continue
        out.append(item)
    return out


def _same_table(before: Table, after: Table) -> bool:
    if after.page == before.page or len(before.rows[0]) != len(after.rows[0]):
        return False
    if len(before.columns) != len(after.columns):
        return False
    shift = after.columns[0] - before.columns[0]
    if any(abs(b - a - shift) > 6 for a, b in zip(before.columns, after.columns, strict=True)):
        return False
    repeated = after.rows[: after.header_rows] == before.rows[: after.header_rows]
    return repeated or after.header_rows == 0 or before.header_rows == 0


def _split(items: Sequence[Item], outline: Sequence[Bookmark]) -> list[Item]:
    titles = titles_by_page(outline)
    out: list[Item] = []
    for item in items:
        out += split_at_title(item, titles) if isinstance(item, Block) else [item]
    return out


def _vocabulary(pages: Sequence[Page]) -> frozenset[str]:
    """Words of the document, when it has hyphens at line ends to settle."""
    if not any(LINE_HYPHEN in p.text for page in pages for p in page.pieces):
        return frozenset()
    words: set[str] = set()
    for page in pages[:400]:
        words.update(_WORD.findall("\n".join([piece.text for piece in page.pieces])))
    return frozenset(word.lower() for word in words)


# -- items to elements -----------------------------------------------------------------------------------


def _elements(
    items: Sequence[Item],
    headings: Mapping[int, Heading],
    labels: frozenset[int],
    measures: Measures,
    vocabulary: frozenset[str],
) -> Iterator[Element]:
    marks = _footnote_marks(items)
    block_at = -1
    inside_until = -1
    nesting: list[float] = []
    for at, item in enumerate(items):
        if isinstance(item, Table):
            yield _table_element(item)
            continue
        if isinstance(item, Marked):
            element = _marked_element(item, vocabulary)
            if element.text:
                yield element
            continue
        block_at += 1
        if block_at < inside_until:
            continue
        heading = headings.get(block_at)
        if heading is not None:
            nesting = []
            inside_until = block_at + heading.blocks
            members = _next_blocks(items, at, heading.blocks)
            text = _without_marks(plain("\n".join(_text_of(b.lines) for b in members), vocabulary), item.page, marks)
            yield Element(
                kind=ElementKind.HEADING, text=text, level=heading.level, page=item.page,
                box=union([b.box for b in members if b.page == item.page]), bold=item.bold,
            )  # fmt: skip
            continue
        element, nesting = _block_element(item, nesting, measures, vocabulary)
        if block_at in labels:
            element = element.model_copy(update={"role": Role.NAVIGATION})
        text = element.text if item.code else _without_marks(element.text, item.page, marks)
        if text != element.text:
            element = element.model_copy(update={"text": text})
        if element.text:
            yield element


def _marked_element(item: Marked, vocabulary: frozenset[str]) -> Element:
    text = plain(_text_of(item.lines), vocabulary)
    mark = _FOOTNOTE_MARK.match(text) if item.kind is ElementKind.FOOTNOTE else None
    if mark is None:
        return Element(kind=item.kind, text=text, role=item.role, page=item.page, box=item.box)
    rest = text[mark.end() :].strip()
    number = mark[0].translate(_LEVELLED)
    return Element(kind=item.kind, text=rest, role=item.role, page=item.page, box=item.box, marker=number)


def _footnote_marks(items: Sequence[Item]) -> Mapping[int, frozenset[str]]:
    """The numbers that open footnotes, by page."""
    found: dict[int, set[str]] = defaultdict(set)
    for item in items:
        if isinstance(item, Marked) and item.kind is ElementKind.FOOTNOTE:
            mark = _FOOTNOTE_MARK.match(item.lines[0].text)
            if mark is not None:
                found[item.page].add(mark[0].translate(_LEVELLED))
    return {page: frozenset(marks) for page, marks in found.items()}


def _without_marks(text: str, page: int, marks: Mapping[int, frozenset[str]]) -> str:
    """The text without the numbers of footnotes on its page; the powers of units and figures stay."""
    known = marks.get(page, frozenset()) | marks.get(page + 1, frozenset())
    if not known:
        return text
    bare = _REFERENCE.sub(lambda m: "" if m[0].translate(_LEVELLED) in known else m[0], text)
    return text if bare == text else one_line(bare)


def _next_blocks(items: Sequence[Item], at: int, count: int) -> list[Block]:
    found: list[Block] = []
    for item in items[at:]:
        if isinstance(item, Block):
            found.append(item)
        if len(found) == count:
            break
    return found


def _text_of(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines).replace(LINE_HYPHEN + "\n", LINE_HYPHEN)


def _table_element(table: Table) -> Element:
    rows = tuple(tuple(cell.replace(LINE_HYPHEN, "-") for cell in row) for row in table.rows)
    return Element(
        kind=ElementKind.TABLE, text=table_markdown(rows, table.header_rows), page=table.page, box=table.box,
        rows=rows, header_rows=table.header_rows,
    )  # fmt: skip


def _block_element(
    block: Block, nesting: list[float], measures: Measures, vocabulary: frozenset[str]
) -> tuple[Element, list[float]]:
    page_lines = [line for line in block.lines if line.page == block.page]
    box = union([(line.x0, line.top, line.x1, line.bottom) for line in page_lines])
    if block.code:
        return Element(kind=ElementKind.CODE, text=code_text(block.lines), page=block.page, box=box), nesting
    text = plain(block.text, vocabulary)
    size = block.lines[0].style.size
    if block.marker is not None:
        while nesting and nesting[-1] > block.x0 + 0.5 * size:
            nesting = nesting[:-1]
        if not nesting or nesting[-1] < block.x0 - 0.5 * size:
            nesting = [*nesting, block.x0]
        return Element(
            kind=ElementKind.LIST_ITEM, text=text, level=min(9, len(nesting)), page=block.page, box=box,
            marker=clean(block.marker), ordered=block.ordered, bold=_is_bold(block, text, measures),
        ), nesting  # fmt: skip
    if nesting and block.x0 <= nesting[0] + 0.3 * size:
        nesting = []
    if is_caption(text) and len(text) <= (60 if has_cjk(text) else 160) and len(block.lines) <= 2:
        return Element(kind=ElementKind.CAPTION, text=text, page=block.page, box=box), nesting
    return Element(
        kind=ElementKind.PARAGRAPH, text=text, page=block.page, box=box, bold=_is_bold(block, text, measures)
    ), nesting


def _is_bold(block: Block, text: str, measures: Measures) -> bool:
    if measures.body.bold:
        return False
    if block.bold:
        return True
    lead = block.lines[0].lead - len(block.marker or "")
    match = _LEAD_IN.match(text)
    return match is not None and lead >= match.end() - 1
