"""Write the Word, PowerPoint and Excel samples from the content files."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from blocks import Block, read_blocks
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from pptx import Presentation
from pptx.oxml.xmlchemy import OxmlElement as SlideElement
from pptx.util import Cm, Pt

if TYPE_CHECKING:
    from pathlib import Path

FIXED_TIME = datetime(2025, 3, 3, 9, 0, 0)
FIXED_STAMP = "2025-03-03T09:00:00Z"
LIST_STYLES = {"bullet": "List Bullet", "step": "List Number"}
CHINESE_FONT = "微软雅黑"
HEADER_ROW = 4


def normalise_zip(path: Path) -> None:
    """Give every part of an office file a fixed time, so that two builds are the same."""
    with zipfile.ZipFile(path) as source:
        parts = [(info.filename, source.read(info)) for info in source.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts:
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + FIXED_STAMP.encode(), data)
            info = zipfile.ZipInfo(name, (2025, 3, 3, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)


def set_properties(properties: Any, title: str, author: str) -> None:
    """Fill in the document properties."""
    properties.title = title
    properties.author = author
    properties.last_modified_by = author
    properties.created = FIXED_TIME
    properties.modified = FIXED_TIME


def add_field(paragraph: Any, instruction: str) -> None:
    """Add a Word field, such as the page number, to a paragraph."""
    for kind, text in (("begin", ""), ("", instruction), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        paragraph.add_run()._r.append(element)


def add_docx_table(document: Any, rows: list[list[str]]) -> None:
    """Add a ruled table with a repeated, bold header row."""
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def add_docx_block(document: Any, block: Block) -> None:
    """Add one block with its Word style."""
    if block.kind == "table":
        add_docx_table(document, block.rows)
        return
    if block.kind == "heading":
        document.add_heading(block.text, level=block.level - 1)
        return
    paragraph = document.add_paragraph(style=LIST_STYLES.get(block.kind))
    is_question = block.text.startswith("问：")
    for text, bold in block.runs:
        paragraph.add_run(text).bold = bold or is_question or None


def build_docx(source: Path, target: Path, author: str, header: str, page_label: tuple[str, str]) -> None:
    """Write a Word document with real heading styles, a header and page numbers."""
    blocks = read_blocks(source.read_text(encoding="utf-8"))
    document = Document()
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), CHINESE_FONT)
    set_properties(document.core_properties, blocks[0].text, author)
    document.sections[0].header.paragraphs[0].text = header
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run(page_label[0])
    add_field(footer, "PAGE")
    footer.add_run(page_label[1])
    for block in blocks:
        add_docx_block(document, block)
    document.save(str(target))
    normalise_zip(target)


def read_slides(text: str) -> list[list[Block]]:
    """The blocks of a slide deck, one list per slide; every slide begins with its title."""
    slides: list[list[Block]] = []
    for block in read_blocks(text):
        if block.kind == "heading":
            slides.append([])
        slides[-1].append(block)
    return slides


def add_slide_table(slide: Any, rows: list[list[str]]) -> None:
    """Add a table below the title."""
    shape = slide.shapes.add_table(len(rows), len(rows[0]), Cm(1.5), Cm(4.2), Cm(22.4), Cm(1.1 * len(rows)))
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts):
            cell = shape.table.cell(number, column)
            cell.text = text
            cell.text_frame.paragraphs[0].runs[0].font.size = Pt(16)


def fill_text(frame: Any, blocks: list[Block]) -> None:
    """Fill a text box with bullets, numbered steps or plain lines."""
    for number, block in enumerate(blocks):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = block.text
        if block.kind == "step":
            paragraph._p.get_or_add_pPr().append(auto_number())


def auto_number() -> Any:
    """The mark that makes PowerPoint number a paragraph."""
    element = SlideElement("a:buAutoNum")
    element.set("type", "arabicPeriod")
    return element


def add_slide(deck: Any, blocks: list[Block]) -> None:
    """Add one slide: its title, its text or table, and the speaker notes."""
    title, *rest = blocks
    notes = [block.text.removeprefix("Notes: ") for block in rest if block.text.startswith("Notes: ")]
    content = [block for block in rest if not block.text.startswith("Notes: ")]
    tables = [block for block in content if block.kind == "table"]
    plain = content and content[0].kind == "paragraph"
    layout = 0 if plain else 5 if tables else 1
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    slide.shapes.title.text = title.text
    if tables:
        add_slide_table(slide, tables[0].rows)
    else:
        fill_text(slide.placeholders[1].text_frame, content)
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def build_pptx(source: Path, target: Path, author: str) -> None:
    """Write a slide deck."""
    deck = Presentation()
    slides = read_slides(source.read_text(encoding="utf-8").replace("\nNotes: ", "\n\nNotes: "))
    set_properties(deck.core_properties, slides[0][0].text, author)
    for blocks in slides:
        add_slide(deck, blocks)
    deck.save(str(target))
    normalise_zip(target)


def merge_groups(sheet: Any, rows: list[list[Any]]) -> None:
    """Merge the cells of the first column that hold the same group name."""
    start = HEADER_ROW + 1
    for _, group in groupby(rows, key=lambda row: row[0]):
        end = start + len(list(group)) - 1
        if end > start:
            sheet.merge_cells(start_row=start, end_row=end, start_column=1, end_column=1)
        start = end + 1


def style_sheet(sheet: Any, columns: int, last_row: int) -> None:
    """Rule the table, shade its header and set the column widths."""
    line = Side(style="thin", color="777777")
    for row in sheet.iter_rows(min_row=HEADER_ROW, max_row=last_row, max_col=columns):
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for cell in sheet[HEADER_ROW]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E4EBF1")
    for column in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"


def fill_sheet(sheet: Any, spec: dict[str, Any]) -> None:
    """Fill one sheet: merged title and note, header row, rows, closing remark."""
    columns = len(spec["header"])
    for number, key in ((1, "title"), (2, "note")):
        sheet.cell(number, 1, spec[key])
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=columns)
    sheet["A1"].font = Font(bold=True, size=14)
    last_row = HEADER_ROW + len(spec["rows"])
    for number, values in enumerate([spec["header"], *spec["rows"]], start=HEADER_ROW):
        for column, value in enumerate(values, start=1):
            sheet.cell(number, column, value)
    style_sheet(sheet, columns, last_row)
    if spec.get("group_first_column"):
        merge_groups(sheet, spec["rows"])
    sheet.cell(last_row + 2, 1, spec["footer"])


def build_xlsx(source: Path, target: Path, author: str) -> None:
    """Write the price workbook."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = author
    for spec in json.loads(source.read_text(encoding="utf-8"))["sheets"]:
        fill_sheet(book.create_sheet(spec["name"]), spec)
    book.save(target)
    normalise_zip(target)
