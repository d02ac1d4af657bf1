"""Scanned pages: text is recognised only where it is missing, its confidence is kept, and what is not read is named."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from kbbuilder.adapters import ocr
from kbbuilder.adapters.pdf import PdfReader
from kbbuilder.adapters.pdf.scanned import is_garbage
from kbbuilder.bootstrap import document_parser, reader_for
from kbbuilder.config import ParseLimits
from kbbuilder.errors import MissingPackage, NoTextLayer
from kbbuilder.ports import SeenLine, SeenPicture
from kbbuilder.reading_notes import NoteCode
from kbbuilder.schema import ElementKind, ParsedDocument

GOOD = "The quick brown fox jumps over the lazy dog and is not seen again."
A4 = (595, 842)
CHINESE_FONTS = [
    Path(folder, name)
    for folder in ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/truetype/noto")
    for name in ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf")
]
needs_ocr = pytest.mark.skipif(find_spec(ocr.PACKAGE) is None, reason="the extra `ocr` is not installed")


class SeesLines:
    """A page reader that sees the same lines in every picture, and counts the pictures."""

    def __init__(self, lines: Sequence[SeenLine] | None) -> None:
        self.lines = lines
        self.pictures: list[tuple[int, ...]] = []

    def __call__(self) -> SeesLines:
        return self

    def read(self, picture: NDArray[np.uint8]) -> SeenPicture | None:
        self.pictures.append(picture.shape)
        return None if self.lines is None else SeenPicture(tuple(self.lines))


def seen(text: str, row: int, *, size: float = 11, confidence: float = 0.98) -> SeenLine:
    """A line as recognised at 200 dpi, `row` lines down an A4 page."""
    scale, left, top = 200 / 72, 72.0, 72 + 20.0 * row
    width = size * sum(1.0 if ord(c) > 0x2E80 else 0.5 for c in text)
    box = (left * scale, top * scale, (left + width) * scale, (top + 1.25 * size) * scale)
    return SeenLine(text=text, box=box, height=1.25 * size * scale, confidence=confidence)


def written(path: Path, pages: Sequence[str | Image.Image]) -> Path:
    """A file of A4 pages: a text, or a picture that fills the page."""
    canvas = Canvas(str(path), pagesize=A4)
    for page in pages:
        if isinstance(page, str):
            canvas.drawString(72, 700, page)
        else:
            canvas.drawImage(ImageReader(page), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


def blank() -> Image.Image:
    return Image.new("L", (60, 85), 255)


def read(path: Path, reader: SeesLines) -> ParsedDocument:
    return PdfReader(reader).read(path, path.name)


def test_only_pages_without_text_are_recognised(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", [GOOD, blank(), GOOD])
    reader = SeesLines([seen("Hold the button for ten seconds.", 0)])
    document = read(path, reader)
    assert len(reader.pictures) == 1
    recognised = [e for e in document.elements if e.confidence is not None]
    assert [(e.page, e.text, e.confidence) for e in recognised] == [(2, "Hold the button for ten seconds.", 0.98)]
    assert any("page 2 was recognised" in note.english for note in document.warnings)


def test_a_document_with_good_text_never_loads_recognition(tmp_path: Path) -> None:
    def never() -> SeesLines:
        raise AssertionError("recognition was loaded")

    assert PdfReader(never).read(written(tmp_path / "a.pdf", [GOOD, GOOD]), "a.pdf").pages == 2


def test_a_page_is_drawn_at_200_dpi_and_a_poster_within_bounds(tmp_path: Path) -> None:
    reader = SeesLines([seen("Hold the button for ten seconds.", 0)])
    read(written(tmp_path / "a.pdf", [blank()]), reader)
    canvas = Canvas(str(tmp_path / "poster.pdf"), pagesize=(5000, 7000))
    canvas.drawImage(ImageReader(blank()), 0, 0, 5000, 7000)
    canvas.save()
    read(tmp_path / "poster.pdf", reader)
    (height, width, depth), poster = reader.pictures
    assert abs(height - 842 / 72 * 200) < 3 and abs(width - 595 / 72 * 200) < 3 and depth == 3
    assert poster[0] * poster[1] < 4_600_000


def test_recognised_lines_become_headings_paragraphs_and_steps_in_their_place(tmp_path: Path) -> None:
    lines = [
        seen("1 安装", 0, size=17),
        seen("安装前请关闭进水阀门，并确认水压在0.1至0.4兆帕之间，水压过高时请加装减压阀。", 2),
        seen("1.取出主机，检查配件是否齐全。", 4),
        seen("2.将滤芯旋入底座，直到听到咔嗒声。", 5),
        seen("2 更换滤芯", 7, size=17),
        seen("滤芯每六个月更换一次，更换前请断开电源，并且关闭进水阀门。", 9),
    ]
    elements = read(written(tmp_path / "a.pdf", [blank()]), SeesLines(lines)).elements
    assert [(e.kind, e.marker) for e in elements] == [
        (ElementKind.HEADING, None), (ElementKind.PARAGRAPH, None), (ElementKind.LIST_ITEM, "1."),
        (ElementKind.LIST_ITEM, "2."), (ElementKind.HEADING, None), (ElementKind.PARAGRAPH, None),
    ]  # fmt: skip
    box = elements[0].box
    assert box is not None and abs(box[0] - 72) < 2 and abs(box[1] - 72) < 2 and box[2] < 160


def test_a_paragraph_is_as_sure_as_its_least_legible_line(tmp_path: Path) -> None:
    lines = [
        seen("Hold the reset button of the router down for ten seconds until the", 0),
        seen("light is green, and then let the button go again to restart the router", 0.7, confidence=0.61),
    ]
    (element,) = read(written(tmp_path / "a.pdf", [blank()]), SeesLines(lines)).elements
    assert element.text.endswith("restart the router") and element.confidence == 0.61


def test_a_stamp_on_a_picture_of_a_page_is_no_text_layer(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.drawImage(ImageReader(blank()), 0, 0, *A4)
    canvas.drawString(400, 20, "CamScanner")
    canvas.save()
    reader = SeesLines([seen("Hold the button for ten seconds.", 0)])
    assert read(tmp_path / "a.pdf", reader).elements[0].text.startswith("Hold") and len(reader.pictures) == 1


def test_text_without_meaning_is_recognised_anew(tmp_path: Path) -> None:
    path = meaningless(tmp_path / "a.pdf")
    reader = SeesLines([seen("Hold the button for ten seconds.", 0)])
    document = read(path, reader)
    assert [e.text for e in document.elements] == ["Hold the button for ten seconds."]
    with pytest.raises(NoTextLayer):
        PdfReader().read(path, "a.pdf")


@pytest.mark.parametrize(
    ("text", "garbage"),
    [
        ("\ufffd\ufffd\ufffd a", True),
        ("\ue001\ue002", True),
        ("\uf0b7 Press 开始", False),
        ("退货政策", False),
        ("", False),
    ],
)
def test_garbage_is_told_by_its_characters(text: str, garbage: bool) -> None:
    assert is_garbage(text) is garbage


# -- what is left --------------------------------------------------------------------------------------------


def test_without_the_extra_a_scan_has_no_text_layer_and_the_hint_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda name: None)
    with pytest.raises(NoTextLayer) as caught:
        reader_for("application/pdf").read(written(tmp_path / "a.pdf", [blank()]), "a.pdf")
    assert 'pip install "kbbuilder[ocr]"' in caught.value.hint


def test_without_the_extra_the_scanned_pages_of_a_document_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda name: None)
    path = written(tmp_path / "a.pdf", [GOOD, blank(), blank(), GOOD])
    (note,) = reader_for("application/pdf").read(path, "a.pdf").warnings
    assert note.code is NoteCode.RECOGNITION_MISSING
    assert "page 2-3" in note.english and 'pip install "kbbuilder[ocr]"' in note.english


def test_a_missing_system_library_is_told_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(ocr, "find_spec", lambda name: object())
    monkeypatch.setattr(ocr, "_RapidOcr", broken)
    with pytest.raises(MissingPackage, match=r"libGL\.so\.1") as caught:
        ocr.open_page_reader()
    assert "libgl1" in caught.value.hint
    path = written(tmp_path / "a.pdf", [GOOD, blank(), GOOD])
    (note,) = reader_for("application/pdf").read(path, "a.pdf").warnings
    assert note.code is NoteCode.RECOGNITION_BROKEN
    assert note.english == f"no text on page 2, only a picture: {caught.value.message}. {caught.value.hint}"


def test_pages_for_which_no_time_is_left_are_named(tmp_path: Path) -> None:
    answers = iter([True, False])
    path = written(tmp_path / "a.pdf", [blank(), blank(), blank()])
    reader = SeesLines([seen("Hold the button for ten seconds.", 0)])
    document = PdfReader(reader, lambda: next(answers)).read(path, "a.pdf")
    assert len(reader.pictures) == 1 and any("no text on page 2-3" in note.english for note in document.warnings)


@pytest.mark.parametrize("lines", [None, []])
def test_an_album_without_a_line_is_given_up(tmp_path: Path, lines: list[SeenLine] | None) -> None:
    reader = SeesLines(lines)
    with pytest.raises(NoTextLayer) as caught:
        read(written(tmp_path / "a.pdf", [blank()] * 30), reader)
    assert len(reader.pictures) == 20 and "more clearly" in caught.value.hint


# -- the real thing ------------------------------------------------------------------------------------------

ENGLISH = [
    "Router User Guide",
    "Place the router on a flat surface, at least 30 cm away from",
    "other devices. The power adapter must supply 12 V and 2 A.",
    "1. Press the power button for 3 seconds.",
    "2. Open http://192.168.1.1 in a browser and sign in.",
]
CHINESE = [
    "净水器使用说明书",
    "安装前请关闭进水龙头，并确认水压在0.1至0.4兆帕之间。水压",
    "过高时，必须加装减压装置，否则可能损坏滤芯外壳，造成漏水。",
    "1. 取出主机，检查配件是否齐全。",
    "2. 将滤芯顺时针旋入底座，直到听到响声。",
]


def chinese_font() -> Path:
    for path in CHINESE_FONTS:
        if path.exists():
            return path
    pytest.skip("no Chinese font to draw with")


def drawn(lines: Sequence[str], font: Path | None) -> Image.Image:
    """A page as a scanner sees it at 200 dpi: the title in 20 points, the rest in 12."""
    page = Image.new("L", (1653, 2339), 255)
    draw = ImageDraw.Draw(page)
    for row, line in enumerate(lines):
        size = round((20 if row == 0 else 12) / 72 * 200)
        face = ImageFont.load_default(size) if font is None else ImageFont.truetype(str(font), size)
        draw.text((200, 200 + 62 * row + (40 if row else 0)), line, font=face, fill=30)
    return page


def distance(a: str, b: str) -> int:
    """Characters to change, add or leave out to get from one to the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


@needs_ocr
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_scanned_page_is_read_behind_the_fence_with_few_wrong_characters(tmp_path: Path, language: str) -> None:
    lines = CHINESE if language == "zh" else ENGLISH
    picture = drawn(lines, chinese_font() if language == "zh" else None)
    path = written(tmp_path / "scan.pdf", [picture])
    outcome = document_parser(ParseLimits(base_seconds=60)).parse(path, "scan.pdf")
    document = outcome.document
    assert document is not None, outcome
    assert document.language == language and document.title == lines[0]
    assert document.elements[0].kind is ElementKind.HEADING
    assert [e.marker for e in document.elements[-2:]] == ["1.", "2."]
    assert all(e.confidence is not None and e.confidence > 0.8 and e.page == 1 and e.box for e in document.elements)
    got = "".join((e.marker or "") + e.text for e in document.elements).replace(" ", "")
    wanted = "".join(lines).replace(" ", "")
    assert distance(got, wanted) <= 0.03 * len(wanted)


@needs_ocr
def test_a_picture_without_a_line_gives_none() -> None:
    assert ocr.open_page_reader().read(np.full((400, 300, 3), 255, dtype=np.uint8)) == SeenPicture(())


@needs_ocr
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_on_its_side_or_head_is_read_upright(quarters: int) -> None:
    picture = np.stack([np.rot90(np.asarray(drawn(ENGLISH, None)), quarters)] * 3, axis=-1)
    found = ocr.open_page_reader().read(np.ascontiguousarray(picture))
    assert found is not None and found.quarters == 4 - quarters
    assert [line.text.replace(" ", "")[:12] for line in found.lines] == [line.replace(" ", "")[:12] for line in ENGLISH]


def meaningless(path: Path) -> Path:
    """A page whose font says that its letters are characters of the private area."""
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfrange <20> <7E> <E020> endbfrange\n"
        b"endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    content = b"BT /F1 12 Tf 72 700 Td (Hold_the_button_for_ten_seconds_until_it_is_green) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Length %d >>\nstream\n" % len(table) + table + b"\nendstream",
    ]
    data = b"%PDF-1.4\n"
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + item + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(data)
    return path
