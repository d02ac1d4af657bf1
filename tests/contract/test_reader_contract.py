"""One suite over all readers: the same document gives the same elements in the same order, whatever its format."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from kbbuilder.bootstrap import reader_for
from kbbuilder.config import ParseLimits
from kbbuilder.errors import Unsupported
from kbbuilder.schema import ElementKind, ParsedDocument, Role
from kbbuilder.stages.parse.gate import MEDIA_TYPES, admit
from kbbuilder.stages.parse.mark import finish

TITLE = "退货与保修"
TEXT = "收到商品后 7 日内可以退货，运费由买家承担。"
ITEMS = ("联系客服并说明原因", "把商品寄回仓库")
ROWS = (("型号", "保修期"), ("X200", "24 个月"), ("X300", "36 个月"))

HTML = (
    f"<h1>{TITLE}</h1><p>{TEXT}</p><ol>{''.join(f'<li>{i}</li>' for i in ITEMS)}</ol><table>"
    + "".join(
        "<tr>" + "".join(f"<{t}>{c}</{t}>" for c in row) + "</tr>"
        for t, row in zip(("th", "td", "td"), ROWS, strict=True)
    )
    + "</table>"
)
LIST = "\n".join(f"{n}. {text}" for n, text in enumerate(ITEMS, start=1))
PIPES = "\n".join("| " + " | ".join(row) + " |" for row in ROWS)
MARKDOWN = f"# {TITLE}\n\n{TEXT}\n\n{LIST}\n\n{PIPES.splitlines()[0]}\n|---|---|\n" + "\n".join(PIPES.splitlines()[1:])


def write_docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading(TITLE, 1)
    document.add_paragraph(TEXT)
    for item in ITEMS:
        document.add_paragraph(item, style="List Number")
    table = document.add_table(rows=3, cols=2)
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    document.save(str(path))


def write_pptx(path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = TITLE
    slide.shapes.add_textbox(Inches(1), Inches(2), Inches(8), Inches(1)).text_frame.text = TEXT
    slide.shapes.add_textbox(Inches(1), Inches(3), Inches(8), Inches(1)).text_frame.text = LIST
    table = slide.shapes.add_table(3, 2, Inches(1), Inches(5), Inches(6), Inches(1)).table
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    deck.save(str(path))


def write_xlsx(path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = TITLE
    for row in ((TEXT,), (), *ROWS):
        sheet.append(row)
    workbook.save(path)


def write_epub(path: Path) -> None:
    container = (
        '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        "<rootfiles>"
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>t</dc:title>'
        '<dc:identifier id="i">1</dc:identifier>'
        "<dc:language>zh</dc:language></metadata><manifest>"
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>{HTML}</body></html>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("book.opf", package)
        archive.writestr("c.xhtml", page)


def write_eml(path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = TITLE, "a@x.example", "b@x.example"
    message.set_content(TEXT)
    message.add_alternative(HTML.replace(f"<h1>{TITLE}</h1>", ""), subtype="html")
    path.write_bytes(message.as_bytes())


WRITERS: dict[str, Callable[[Path], object]] = {
    "a.txt": lambda path: path.write_text(f"{TITLE}\n\n{TEXT}\n\n{LIST}\n\n{PIPES}\n", encoding="gb18030"),
    "a.md": lambda path: path.write_text(MARKDOWN, encoding="utf-8"),
    "a.html": lambda path: path.write_text(HTML, encoding="utf-8"),
    "a.rst": lambda path: path.write_text(
        f"{TITLE}\n{'=' * 20}\n\n{TEXT}\n\n{LIST}\n\n"
        + "+--------+--------+\n"
        + "".join(
            f"| {a} | {b} |\n+{'=' * 8}+{'=' * 8}+\n" if i == 0 else f"| {a} | {b} |\n+--------+--------+\n"
            for i, (a, b) in enumerate(ROWS)
        ),
        encoding="utf-8",
    ),
    "a.docx": write_docx,
    "a.pptx": write_pptx,
    "a.xlsx": write_xlsx,
    "a.csv": lambda path: path.write_text("\n".join(",".join(row) for row in ROWS), encoding="gbk"),
    "a.tsv": lambda path: path.write_text("\n".join("\t".join(row) for row in ROWS), encoding="utf-8"),
    "a.epub": write_epub,
    "a.eml": write_eml,
}
TABLE_ONLY = {"a.csv", "a.tsv"}


@pytest.fixture(scope="module", params=sorted(WRITERS))
def parsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ParsedDocument:
    name = str(request.param)
    path = tmp_path_factory.mktemp("reader") / name
    WRITERS[name](path)
    return reader_for(admit(path, name, ParseLimits())).read(path, name)


def of_kind(document: ParsedDocument, kind: ElementKind) -> list[str]:
    return [e.text for e in document.elements if e.kind is kind and e.role is Role.BODY]


def test_it_knows_its_name_type_and_language(parsed: ParsedDocument) -> None:
    assert parsed.media_type == MEDIA_TYPES[Path(parsed.name).suffix]
    assert parsed.language == "zh"
    assert parsed.warnings == ()


def test_the_heading_is_a_heading(parsed: ParsedDocument) -> None:
    if parsed.name not in TABLE_ONLY:
        assert of_kind(parsed, ElementKind.HEADING) == [TITLE]
        assert finish(parsed).title == TITLE


def test_the_paragraph_is_whole_and_verbatim(parsed: ParsedDocument) -> None:
    if parsed.name not in TABLE_ONLY:
        assert TEXT in of_kind(parsed, ElementKind.PARAGRAPH)


def test_the_steps_are_list_items_in_order(parsed: ParsedDocument) -> None:
    if parsed.name not in TABLE_ONLY | {"a.xlsx"}:
        items = [e for e in parsed.elements if e.kind is ElementKind.LIST_ITEM]
        assert [e.text for e in items] == list(ITEMS)
        if parsed.name not in ("a.epub", "a.eml"):
            assert [e.marker for e in items] == ["1.", "2."] and all(e.ordered for e in items)


def test_the_table_stays_a_table_with_its_header(parsed: ParsedDocument) -> None:
    (table,) = [e for e in parsed.elements if e.kind is ElementKind.TABLE]
    assert table.rows == ROWS
    assert table.header_rows == 1


def test_elements_stand_in_reading_order(parsed: ParsedDocument) -> None:
    text = "\n".join(e.text for e in parsed.elements)
    places = [text.find(piece) for piece in (TITLE, TEXT, ITEMS[0], ITEMS[1], "X300") if piece in text]
    assert places == sorted(places)


def test_every_media_type_the_gate_admits_has_a_reader() -> None:
    for media_type in set(MEDIA_TYPES.values()):
        assert hasattr(reader_for(media_type), "read")
    with pytest.raises(Unsupported):
        reader_for("image/png")
