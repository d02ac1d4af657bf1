"""What the PDF reader makes of a page's geometry. Every file is drawn here, line by line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from kbbuilder.adapters.pdf import PdfReader
from kbbuilder.adapters.pdf.blocks import code_text
from kbbuilder.adapters.pdf.page import Line, Piece, Style, line_of
from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
HEIGHT = 842.0
BODY = "Helvetica"
BOLD = "Helvetica-Bold"
MONO = "Courier"
SONG = "STSong-Light"
PROSE = "Fill the tank with fresh water and press the button until the lamp stays on for good and all."


class Sheet:
    """Draws on A4 with the origin at the top left, as people think of pages."""

    def __init__(self, path: Path) -> None:
        self.canvas = Canvas(str(path), pagesize=(595, HEIGHT), pageCompression=0)

    def put(self, x: float, y: float, text: str, *, font: str = BODY, size: float = 10) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def lines(self, x: float, y: float, texts: list[str], *, font: str = BODY, size: float = 10) -> float:
        """Draws lines below each other; returns the next baseline."""
        for i, text in enumerate(texts):
            self.put(x, y + 12 * i, text, font=font, size=size)
        return y + 12 * len(texts)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def grid(self, xs: list[float], ys: list[float]) -> None:
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)

    def mark(self, title: str, level: int) -> None:
        """An outline entry that leads to this page."""
        self.canvas.bookmarkPage(title)
        self.canvas.addOutlineEntry(title, title, level=level - 1)

    def turn(self) -> None:
        self.canvas.showPage()


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Callable[[Sheet], None]], ParsedDocument]:
    """Draws a file and reads it."""

    def run(draw: Callable[[Sheet], None]) -> ParsedDocument:
        path = tmp_path / "drawn.pdf"
        sheet = Sheet(path)
        draw(sheet)
        sheet.turn()
        sheet.canvas.save()
        return PdfReader().read(path, "drawn.pdf")

    return run


Read = Callable[[Callable[[Sheet], None]], ParsedDocument]


def of_kind(document: ParsedDocument, kind: ElementKind) -> list[Element]:
    return [e for e in document.elements if e.kind is kind]


def body(document: ParsedDocument) -> list[str]:
    return [e.text for e in document.elements if e.role is Role.BODY]


def test_sizes_become_levels_of_a_tree_without_an_outline(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.put(60, 80, "Coffee machine", font=BOLD, size=24)
        y = 120.0
        for chapter in ("Cleaning", "Descaling"):
            sheet.put(60, y, chapter, font=BOLD, size=16)
            sheet.put(60, y + 40, f"{chapter} every day", font=BOLD, size=12)
            y = sheet.lines(60, y + 60, [PROSE, PROSE, "It is done."]) + 40

    headings = of_kind(read(draw), ElementKind.HEADING)
    assert [(h.level, h.text) for h in headings] == [
        (1, "Coffee machine"), (2, "Cleaning"), (3, "Cleaning every day"), (2, "Descaling"), (3, "Descaling every day"),
    ]  # fmt: skip


def test_the_numbering_tells_the_depth_of_headings_set_alike(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        y = 80.0
        for title in ("第一章 安全须知", "1.1 使用范围", "1.1.1 室内", "第二章 保养"):
            sheet.put(60, y, title, font=SONG, size=14)
            text = "请将设备放在平稳的桌面上，不要靠近火源，也不要放在阳光下使用。"
            y = sheet.lines(60, y + 24, [text], font=SONG) + 30

    headings = of_kind(read(draw), ElementKind.HEADING)
    assert [(h.level, h.text) for h in headings] == [
        (1, "第一章安全须知"), (2, "1.1 使用范围"), (3, "1.1.1 室内"), (1, "第二章保养"),
    ]  # fmt: skip


def test_chinese_section_numbers_make_headings_without_any_other_mark(read: Read) -> None:
    text = "用户在保修期内报修的，服务人员应当在二十四小时内与用户联系，并在三个工作日内上门处理。"

    def draw(sheet: Sheet) -> None:
        y = 60.0
        for title in ("一、总则", "（一）适用范围", "（二）服务内容", "二、附则"):
            sheet.put(80, y, title, font=SONG)
            y = sheet.lines(80, y + 12, [text], font=SONG)
        sheet.lines(80, y, ["1. 本办法由售后服务部负责解释。", "2. 本办法自发布之日起施行。"], font=SONG)

    document = read(draw)
    assert [(h.level, h.text) for h in of_kind(document, ElementKind.HEADING)] == [
        (1, "一、总则"), (2, "（一）适用范围"), (2, "（二）服务内容"), (1, "二、附则"),
    ]  # fmt: skip
    assert len(of_kind(document, ElementKind.LIST_ITEM)) == 2


def test_an_outline_finds_headings_that_look_like_text_and_gives_their_level(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        y = 80.0
        for level, title in ((1, "Warranty"), (2, "What is covered"), (2, "How to claim"), (1, "Contact")):
            sheet.mark(title, level)
            y = sheet.lines(60, y, [title, PROSE, "That is all."]) + 20

    document = read(draw)
    assert [(h.level, h.text) for h in of_kind(document, ElementKind.HEADING)] == [
        (1, "Warranty"), (2, "What is covered"), (2, "How to claim"), (1, "Contact"),
    ]  # fmt: skip
    assert all(h.page == 1 and h.box is not None for h in of_kind(document, ElementKind.HEADING))


def test_running_lines_and_page_numbers_are_marked_not_mixed_in(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        for page in range(1, 5):
            sheet.put(60, 40, "BrewMaster manual")
            sheet.lines(60, 90, [f"Text of page {page} begins here and is long enough to be a line of its own.", PROSE])
            sheet.put(290, 810, str(page))
            if page < 4:
                sheet.turn()

    document = read(draw)
    roles = {e.text: e.role for e in document.elements if e.role is not Role.BODY}
    assert roles["BrewMaster manual"] is Role.PAGE_HEADER
    assert all(roles[str(page)] is Role.PAGE_NUMBER for page in range(1, 5))
    assert not any("BrewMaster" in text for text in body(document))


def test_a_table_header_repeated_on_each_page_is_no_running_line_and_the_table_is_one(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        for page in range(3):
            sheet.grid([60, 200, 400], [50.0 + 20 * i for i in range(5)])
            for column, text in ((64, "Code"), (204, "Meaning")):
                sheet.put(column, 64, text, font=BOLD)
            for row in range(3):
                sheet.put(64, 84 + 20 * row, f"E{page}{row}")
                sheet.put(204, 84 + 20 * row, f"meaning {page}{row}")
            if page < 2:
                sheet.turn()

    (table,) = of_kind(read(draw), ElementKind.TABLE)
    assert table.rows is not None and len(table.rows) == 10
    assert table.rows[0] == ("Code", "Meaning") and table.header_rows == 1
    assert table.rows[-1] == ("E22", "meaning 22")


def test_a_cell_over_two_columns_repeats_its_text(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.grid([60, 160, 260], [60, 80, 100])
        sheet.rule(360, 40, 360, 100)
        sheet.rule(60, 40, 360, 40)
        sheet.rule(60, 40, 60, 60)
        for y in (60, 80, 100):
            sheet.rule(260, y, 360, y)
        sheet.put(64, 54, "Weight of the parts")
        for row, texts in enumerate((("cup", "spoon", "lid"), ("9 g", "7 g", "3 g"))):
            for column, text in enumerate(texts):
                sheet.put(64 + 100 * column, 74 + 20 * row, text)
        sheet.lines(60, 140, [PROSE, PROSE])

    (table,) = of_kind(read(draw), ElementKind.TABLE)
    assert table.rows == (("Weight of the parts",) * 3, ("cup", "spoon", "lid"), ("9 g", "7 g", "3 g"))


def test_columns_that_line_up_are_a_table_without_rules(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        y = sheet.lines(60, 60, [PROSE, PROSE]) + 20
        drinks = (("Espresso", "40 ml", "none"), ("Lungo", "110 ml", "none"), ("Latte", "220 ml", "180 ml"))
        for row in (("Drink", "Volume", "Milk"), *drinks):
            for x, cell in zip((60, 200, 340), row, strict=True):
                sheet.put(x, y, cell, font=BOLD if row[0] == "Drink" else BODY)
            y += 14
        sheet.lines(60, y + 20, [PROSE])

    (table,) = of_kind(read(draw), ElementKind.TABLE)
    assert table.rows is not None and table.rows[0] == ("Drink", "Volume", "Milk")
    assert table.rows[3] == ("Latte", "220 ml", "180 ml") and table.header_rows == 1


def test_two_columns_are_read_one_after_the_other(read: Read) -> None:
    left = [f"left {i} press the button and wait a while" for i in range(12)]
    right = [f"right {i} press the button and wait a while" for i in range(12)]

    def draw(sheet: Sheet) -> None:
        sheet.put(60, 60, "A title over both of the columns of this page", font=BOLD, size=18)
        sheet.lines(60, 100, left)
        sheet.lines(310, 100, right)

    text = " ".join(body(read(draw)))
    assert text.index("A title") < text.index("left 0") < text.index("left 11") < text.index("right 0")


def test_a_hyphen_at_the_line_end_goes_unless_the_word_has_one(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines(60, 60, [
            "The self-test of the machine begins when you press and hold the main but-",
            "ton for three seconds. Another self-test begins when the lid is closed, and the self-",
            "test ends after a minute.",
        ])  # fmt: skip

    (text,) = body(read(draw))
    assert "main button for" in text and text.endswith("the self-test ends after a minute.")


def test_chinese_lines_are_joined_without_a_blank_and_over_pages(read: Read) -> None:
    halves = "如果设备在使用过程中发出异常的声音，请立即关闭电源并拔下插头，然后联系客户服", "务中心，请勿自行拆开。"

    def draw(sheet: Sheet) -> None:
        sheet.lines(60, 790, [halves[0]], font=SONG)
        sheet.turn()
        sheet.lines(60, 60, [halves[1]], font=SONG)

    document = read(draw)
    assert body(document) == ["".join(halves)]
    assert document.language == "zh"


def test_list_items_keep_mark_order_and_nesting(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        y = sheet.lines(60, 60, [PROSE])
        outer = ["1. Open the lid.", "2. Take out the parts:", "3. Close it."]
        for x, text in ((60, outer[0]), (60, outer[1]), (80, "• the filter"), (80, "• the spoon"), (60, outer[2])):
            y += 16
            sheet.put(x, y, text)

    items = of_kind(read(draw), ElementKind.LIST_ITEM)
    assert [(i.marker, i.ordered, i.level, i.text) for i in items] == [
        ("1.", True, 1, "Open the lid."),
        ("2.", True, 1, "Take out the parts:"),
        ("•", False, 2, "the filter"),
        ("•", False, 2, "the spoon"),
        ("3.", True, 1, "Close it."),
    ]


def test_code_keeps_its_lines_and_indentation(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        y = sheet.lines(60, 60, [PROSE, PROSE]) + 14
        for indent, text in ((0, "if ready:"), (4, "brew(cup)"), (0, "stop()")):
            sheet.put(70 + 6 * indent, y, text, font=MONO)
            y += 12
        sheet.lines(60, y + 14, [PROSE, PROSE])

    (code,) = of_kind(read(draw), ElementKind.CODE)
    assert code.text == "if ready:\n    brew(cup)\nstop()"


def test_contents_lines_are_marked(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.put(60, 60, "目录", font=SONG, size=16)
        for i, title in enumerate(("安全须知", "产品概览", "安装步骤", "日常保养")):
            sheet.put(60, 100 + 16 * i, f"{i + 1} {title} {'.' * 60} {i + 2}", font=SONG)
        sheet.turn()
        sheet.lines(60, 60, ["使用前请仔细阅读本手册，并妥善保管。"], font=SONG)

    document = read(draw)
    assert sum(e.role is Role.CONTENTS for e in document.elements) == 5
    assert body(document) == ["使用前请仔细阅读本手册，并妥善保管。"]


def test_footnotes_stand_apart_and_their_numbers_leave_the_text(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines(60, 60, [PROSE, PROSE])
        sheet.put(60, 84, "The filter lasts two months.")
        sheet.put(60 + pdfmetrics.stringWidth("The filter lasts two months.", BODY, 10), 81, "1", size=6)
        sheet.rule(60, 760, 180, 760)
        sheet.put(60, 769, "1", size=5)
        sheet.put(63, 772, "With six cups a day.", size=8)

    document = read(draw)
    (note,) = of_kind(document, ElementKind.FOOTNOTE)
    assert (note.marker, note.text) == ("1", "With six cups a day.")
    assert any(text.endswith("The filter lasts two months.") for text in body(document))


def test_boxes_are_measured_from_the_top_left(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.put(100, 200, "One line of text that stands somewhere on the page.")

    (element,) = read(draw).elements
    assert element.box is not None
    left, top, right, bottom = element.box
    assert left == pytest.approx(100, abs=1) and top < 200 < bottom < 210 and right > 300


def test_the_title_is_the_biggest_text_when_the_metadata_names_a_file(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.canvas.setTitle("manual_v3_final.docx")
        sheet.put(60, 100, "智能门锁产品手册", font=SONG, size=26)
        sheet.lines(60, 200, ["使用前请仔细阅读本手册，并妥善保管。"], font=SONG)

    assert read(draw).title == "智能门锁产品手册"


def test_a_path_address_or_file_name_that_a_line_breaks_stays_in_one_piece(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines(
            72,
            100,
            [
                "这个设置可以写在系统的文件里，也可以写在每个帐号自己的文件里，例如 ~/",
                ".orbixrc 中。上传时可以用电子邮件来发送签过名的控制文件，名为 *.",
                "commands 的都可以。详细的说明和例子在网页 http://x.org/report.cgi?",
                "users=a 中，每次需要重新改动的文件一般有 Makefile.in、config.h.in、config.",
                "sub 等，不要改动其他的文件，否则无法完成整个的构建和安装过程。",
            ],
            font=SONG,
        )

    text = " ".join(e.text for e in of_kind(read(draw), ElementKind.PARAGRAPH))
    for whole in ("~/.orbixrc", "*.commands", "report.cgi?users=a", "config.sub"):
        assert whole in text


def test_a_sentence_that_ends_at_a_line_keeps_its_blank(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines(72, 100, ["Read http://x.org/manual/ and then come back to us, either/or, as you see fit to do.", "then go on with the next thing that is told in this book, line by line, to its end."])  # fmt: skip

    text = of_kind(read(draw), ElementKind.PARAGRAPH)[0].text
    assert "fit to do. then go on" in text


def test_a_line_of_code_that_the_page_was_too_narrow_for_is_put_together() -> None:
    mono = Style("Courier", 10, False, False, True)

    def line(row: int, column: int, text: str) -> Line:
        x0, base = 72 + 6.0 * column, 100 + 12.0 * row
        return line_of([Piece(text, x0, x0 + 6 * len(text), base - 8, base + 2, base, mono)], 1)

    shown = [line(0, 0, "COLORS=”one:two: ←-"), line(1, 4, "three”"), line(2, 0, "MODE=plain")]
    assert code_text(shown) == 'COLORS="one:two:three"\nMODE=plain'


def test_a_hyphen_set_apart_in_its_cell_of_typewriter_type_is_no_new_word(read: Read) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines(72, 80, [PROSE, "Then install it:"])
        sheet.put(90, 120, "orb get libkit", font=MONO, size=9)
        sheet.put(90 + 14 * 5.4 + 1.5, 120, "-dev", font=MONO, size=9)
        sheet.put(90, 132, "orb run -v", font=MONO, size=9)

    assert of_kind(read(draw), ElementKind.CODE)[0].text.split("\n") == ["orb get libkit-dev", "orb run -v"]
