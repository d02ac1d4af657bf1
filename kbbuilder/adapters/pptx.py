"""Presentations, by python-pptx: a slide is a section, its title the heading, its notes text under it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.table import Table
from pptx.text.text import _Paragraph

from kbbuilder.errors import Corrupt
from kbbuilder.reading_notes import NoteCode, ReadingNote
from kbbuilder.schema import Element, ParsedDocument, Role
from kbbuilder.stages.parse.elements import (
    caption,
    document_of,
    heading,
    image,
    is_bold_lead,
    is_ordered,
    join_lines,
    list_item,
    looks_like_header,
    paragraph,
    split_marker,
    table,
)

_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
_BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)
_FURNITURE = {
    PP_PLACEHOLDER.SLIDE_NUMBER: Role.PAGE_NUMBER, PP_PLACEHOLDER.DATE: Role.PAGE_FOOTER,
    PP_PLACEHOLDER.FOOTER: Role.PAGE_FOOTER, PP_PLACEHOLDER.HEADER: Role.PAGE_HEADER,
}  # fmt: skip
_MAX_GROUP_DEPTH = 8
_MAX_TITLE = 150
_MAX_SERIES = 50
# Shapes whose tops lie closer than this are one row, read from left to right. English Metric Units: 1/4 inch.
_ROW_EMU = 228_600


class PptxReader:
    """Reads `.pptx`."""

    def read(self, path: Path, name: str) -> ParsedDocument:
        """Slides in order; `page` is the slide's number. A slide that cannot be read is told in a warning.

        Raises:
            Corrupt: the presentation cannot be opened, or no slide of it can be read.
        """
        try:
            deck = Presentation(str(path))
            slides = list(deck.slides)
        except _BROKEN as error:
            raise Corrupt("the presentation is damaged and cannot be opened") from error
        elements: list[Element] = []
        warnings: list[ReadingNote] = []
        for number, slide in enumerate(slides, start=1):
            try:
                elements += _slide(slide, number)
            except _BROKEN as error:
                fault = type(error).__name__
                warnings.append(ReadingNote(code=NoteCode.SLIDE_UNREADABLE, values={"slide": number, "error": fault}))
        if warnings and len(warnings) == len(slides):
            raise Corrupt("no slide of the presentation can be read")
        title = deck.core_properties.title or ""
        return document_of(name, _PPTX, elements, title=_own_title(title), pages=len(slides), warnings=warnings)


# python-pptx lets errors of its layers through: the zip's, the XML's, missing parts, values it did not foresee.
_BROKEN = (
    PythonPptxError, etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError,
    IndexError,
    TypeError, AssertionError, NotImplementedError, EOFError, OSError,
)  # fmt: skip


def _own_title(title: str) -> str:
    return (
        ""
        if re.fullmatch(
            r"(?:PowerPoint (?:Presentation|演示文稿)|PowerPoint 簡報|幻灯片 ?\d*|Slide ?\d*)", title.strip(), re.I
        )
        else title
    )


def _slide(slide: Slide, number: int) -> list[Element]:
    shapes = list(_flat(slide.shapes, 0))
    title = next((shape for shape in shapes if _placeholder(shape) in _TITLES and _text_of(shape)), None)
    if title is not None:
        shapes = [shape for shape in shapes if shape is not title]
    shapes = _in_reading_order(shapes)
    if title is None:
        title = _title_like(shapes)
        shapes = [shape for shape in shapes if shape is not title]
    elements = [] if title is None else [heading(_text_of(title), 1, page=number)]
    for shape in shapes:
        elements += _shape(shape, number)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text
        elements += [paragraph(line, page=number) for line in notes.splitlines() if line.strip()]
    return elements


def _flat(shapes: Iterable[BaseShape], depth: int) -> Iterator[BaseShape]:
    """Shapes with groups opened."""
    for shape in shapes:
        if isinstance(shape, GroupShape):
            if depth < _MAX_GROUP_DEPTH:
                yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape


def _placeholder(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _text_of(shape: BaseShape) -> str:
    return shape.text_frame.text.strip() if isinstance(shape, Shape) else ""


def _in_reading_order(shapes: Sequence[BaseShape]) -> list[BaseShape]:
    """Top to bottom in rows, left to right within a row; a shape without a place of its own keeps its turn."""
    return sorted(shapes, key=lambda shape: ((shape.top or 0) // _ROW_EMU, shape.left or 0))


def _title_like(shapes: Sequence[BaseShape]) -> BaseShape | None:
    """A slide without a title placeholder is headed by its topmost text, if that is one short line above the others."""
    texts = [shape for shape in shapes if _text_of(shape) and _placeholder(shape) not in _FURNITURE]
    if len(texts) < 2 or _placeholder(texts[0]) in _BODIES:
        return None
    text = _text_of(texts[0])
    short = "\n" not in text and len(text) <= _MAX_TITLE // 3 and not re.search(r"[。.；;，,：:]$", text)
    return texts[0] if short and split_marker(text) is None else None


def _shape(shape: BaseShape, number: int) -> Iterator[Element]:
    kind = _placeholder(shape)
    if kind in _FURNITURE:
        if _text_of(shape):
            yield paragraph(_text_of(shape), page=number, role=_FURNITURE[kind])
        return
    if isinstance(shape, GraphicFrame):
        if shape.has_table:
            yield from _table(shape.table, number)
        elif shape.has_chart:
            yield from _chart(shape.chart, number)
        return
    if isinstance(shape, Shape):
        yield from _paragraphs(shape, number, bulleted=kind in _BODIES)
    elif shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
        alt = shape._element.xpath("string(.//p:cNvPr/@descr)")
        if alt and not re.search(r"\.(?:png|jpe?g|gif|emf|wmf|bmp|svg)$", alt.strip(), re.I):
            yield image(alt, page=number)


def _paragraphs(shape: Shape, number: int, *, bulleted: bool) -> Iterator[Element]:
    """The text of a shape: bullets as list items, in a body placeholder also by default, elsewhere when marked so."""
    filled = [part for part in shape.text_frame.paragraphs if _paragraph_text(part)]
    counts: dict[int, int] = {}
    for part in filled:
        text = _paragraph_text(part)
        bold = is_bold_lead([(run.text, bool(run.font.bold)) for run in part.runs])
        bullet = _bullet(part)
        typed = split_marker(text) if "\n" not in text else None
        level = min(part.level, 8) + 1
        if bullet == "number":
            counts = {deep: count for deep, count in counts.items() if deep <= level}
            counts[level] = counts.get(level, 0) + 1
            yield list_item(text, level=level, marker=f"{counts[level]}.", ordered=True, page=number, bold=bold)
        elif typed is not None:
            yield list_item(
                typed[1], level=level, marker=typed[0], ordered=is_ordered(typed[0]), page=number, bold=bold
            )
        elif bullet == "char" or (bullet == "" and bulleted and len(filled) > 1) or level > 1:
            yield list_item(text, level=level, marker="•", page=number, bold=bold)
        else:
            yield paragraph(text, page=number, bold=bold)


def _paragraph_text(part: _Paragraph) -> str:
    pieces = []
    for run in part._p:
        if run.tag == f"{_A}br":
            pieces.append("\n")
        elif run.tag in (f"{_A}r", f"{_A}fld"):
            pieces.append("".join(t.text or "" for t in run.iter(f"{_A}t")))
    return "".join(pieces).replace("\v", "\n").strip()


def _bullet(part: _Paragraph) -> str:
    """ "number", "char" or "none" as the paragraph itself says; "" when it leaves that to its placeholder."""
    properties = part._p.pPr
    if properties is None:
        return ""
    for tag, kind in (("buAutoNum", "number"), ("buChar", "char"), ("buBlip", "char"), ("buNone", "none")):
        if properties.find(f"{_A}{tag}") is not None:
            return kind
    return ""


def _table(source: Table, number: int) -> Iterator[Element]:
    rows: list[list[str]] = []
    for row in source.rows:
        line: list[str] = []
        for column, cell in enumerate(row.cells):
            text = cell.text_frame.text.replace("\v", "\n")
            if cell.is_spanned and not text:
                left = line[column - 1] if column and cell._tc.hMerge else ""
                text = left or (rows[-1][column] if rows and cell._tc.vMerge else "")
            line.append(text)
        rows.append(line)
    header = 1 if len(rows) > 1 and (source.first_row or looks_like_header(rows)) else 0
    element = table(rows, header, page=number)
    if element is not None:
        yield element


def _chart(chart: Chart, number: int) -> Iterator[Element]:
    """A chart's stored data as a table: categories down, series across. Its XML is alike for every kind of chart."""
    space = chart._chartSpace
    title = join_lines(" ".join(t.text or "" for t in space.iterfind(f"{_C}chart/{_C}title//{_A}t")))
    if title:
        yield caption(title, page=number)
    columns: list[tuple[str, dict[int, str], dict[int, str]]] = []
    for series in list(space.iter(f"{_C}ser"))[:_MAX_SERIES]:
        name = " ".join(_points(series.find(f"{_C}tx")).values())
        values = series.find(f"{_C}val")
        columns.append(
            (name, _points(series.find(f"{_C}cat")), _points(series.find(f"{_C}yVal") if values is None else values))
        )
    categories: dict[int, str] = {}
    for _, names, values_at in columns:
        categories |= names or {index: str(index + 1) for index in values_at if not categories}
    if categories:
        rows = [["", *(name for name, _, _ in columns)]]
        rows += [[text, *(at.get(index, "") for _, _, at in columns)] for index, text in sorted(categories.items())]
        element = table(rows, 1, page=number)
        if element is not None:
            yield element


def _points(node: etree._Element | None) -> dict[int, str]:
    if node is None:
        return {}
    points = {}
    for order, point in enumerate(node.iter(f"{_C}pt")):
        value = point.findtext(f"{_C}v") or ""
        index = point.get("idx") or ""
        points[int(index) if index.isdigit() else order] = _tidy(value)
    return points or {0: node.findtext(f".//{_C}v") or ""}


def _tidy(value: str) -> str:
    """Binary dust off a stored number: 4.3000000000000007 → 4.3."""
    return f"{float(value):.12g}" if re.fullmatch(r"-?\d+\.\d{9,}(?:E-?\d+)?", value) else value
