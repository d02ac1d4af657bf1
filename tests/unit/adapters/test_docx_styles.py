"""Word documents as people make them: styles, numbering, tables, boxes, disguised headings, tracked changes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from kbbuilder.adapters.docx import DocxReader
from kbbuilder.errors import Corrupt
from kbbuilder.schema import Element, Role

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(folder: Path, make: Callable[[Document], None]) -> list[Element]:
    document = docx.Document()
    make(document)
    path = folder / "manual.docx"
    document.save(str(path))
    return list(DocxReader().read(path, "manual.docx").elements)


def headings(elements: list[Element]) -> list[tuple[int | None, str]]:
    return [(e.level, e.text) for e in elements if e.kind.value == "heading"]


def test_heading_styles_stand_under_the_title(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        document.add_heading("手册", 0)
        document.add_heading("安装", 1)
        document.add_heading("步骤", 2)
        document.add_paragraph("先断电。")

    assert headings(read(tmp_path, make)) == [(1, "手册"), (2, "安装"), (3, "步骤")]


@pytest.mark.parametrize("name", ["标题 2", "標題 2", "Überschrift 2", "heading 2"])
def test_localised_heading_styles_are_known_by_name(tmp_path: Path, name: str) -> None:
    def make(document: Document) -> None:
        style = document.styles.add_style("x2", WD_STYLE_TYPE.PARAGRAPH)
        style.element.find(qn("w:name")).set(qn("w:val"), name)
        document.add_paragraph("清洁", style=style)

    assert headings(read(tmp_path, make)) == [(2, "清洁")]


def test_an_outline_level_makes_a_heading_whatever_the_style(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        part = document.add_paragraph("Care")
        part._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="1"/>'))

    assert headings(read(tmp_path, make)) == [(2, "Care")]


def test_bold_larger_lines_are_headings_and_bold_lines_of_body_size_only_bold(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        for text, size, bold in (
            ("售后政策", 16, True),
            ("保修期为两年，自购买之日起算。", 11, False),
            ("注意事项", 11, True),
            ("请保留发票。", 11, False),
        ):
            run = document.add_paragraph().add_run(text)
            run.bold, run.font.size = bold, Pt(size)

    elements = read(tmp_path, make)
    assert [(e.kind.value, e.bold, e.text) for e in elements] == [
        ("heading", False, "售后政策"), ("paragraph", False, "保修期为两年，自购买之日起算。"),
        ("paragraph", True, "注意事项"), ("paragraph", False, "请保留发票。"),
    ]  # fmt: skip


def test_lists_get_the_marks_that_word_shows(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        document.add_paragraph("Open", style="List Number")
        document.add_paragraph("Close", style="List Number")
        document.add_paragraph("left", style="List Bullet 2")
        document.add_paragraph("（1）手动输入的编号")

    items = [(e.marker, e.ordered, e.text) for e in read(tmp_path, make)]
    assert items == [
        ("1.", True, "Open"),
        ("2.", True, "Close"),
        ("•", False, "left"),
        ("（1）", True, "手动输入的编号"),
    ]


def test_multi_level_numbers_are_rendered_from_their_pattern(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        numbering = document.part.numbering_part.element
        abstract = parse_xml(
            f'<w:abstractNum {W} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/>'
            '<w:lvlText w:val="第%1条"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            '<w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
        )
        numbering.insert(0, abstract)
        numbering.append(parse_xml(f'<w:num {W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
        for level, text in ((0, "定义"), (1, "用户"), (1, "服务"), (0, "退款"), (1, "期限")):
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'))

    items = [(e.level, e.marker, e.text) for e in read(tmp_path, make)]
    assert [marker for _, marker, _ in items] == ["第一条", "一.1", "一.2", "第二条", "二.1"]
    assert [level for level, _, _ in items] == [1, 2, 2, 1, 2]


def test_merged_cells_repeat_their_text_and_nested_tables_are_kept(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        table = document.add_table(rows=3, cols=3)
        for row, texts in enumerate((("型号", "价格", "备注"), ("X200", "199", "现货"), ("", "299", "预订"))):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        inner = table.cell(2, 2).add_table(rows=1, cols=2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "内", "表"

    (table,) = read(tmp_path, make)
    assert table.rows is not None
    assert table.rows[0] == ("型号", "价格", "备注") and table.header_rows == 1
    assert [row[0] for row in table.rows] == ["型号", "X200", "X200"]
    assert "内, 表" in table.rows[2][2]


def test_a_box_of_one_cell_is_paragraphs(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        document.add_table(rows=1, cols=1).cell(0, 0).text = "警告：高温。"

    assert [(e.kind.value, e.text) for e in read(tmp_path, make)] == [("paragraph", "警告：高温。")]


def test_headers_and_footers_have_their_roles_once_each(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "X200 Manual"
        document.sections[0].footer.paragraphs[0].text = "Confidential"
        document.add_paragraph("Body.")

    assert [(e.role, e.text) for e in read(tmp_path, make)] == [
        (Role.PAGE_HEADER, "X200 Manual"), (Role.BODY, "Body."), (Role.PAGE_FOOTER, "Confidential"),
    ]  # fmt: skip


def test_deleted_text_goes_inserted_text_stays_and_links_keep_their_address(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        part = document.add_paragraph("Keep ")._p
        part.append(parse_xml(f"<w:del {W}><w:r><w:delText>old</w:delText></w:r></w:del>"))
        part.append(parse_xml(f"<w:ins {W}><w:r><w:t>new </w:t></w:r></w:ins>"))
        target = document.part.relate_to(
            "https://x.example/a", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), target)
        link.append(parse_xml(f"<w:r {W}><w:t>site</w:t></w:r>"))
        part.append(link)

    assert [e.text for e in read(tmp_path, make)] == ["Keep new [site](https://x.example/a)"]


def test_a_contents_field_is_marked_through_all_its_paragraphs(tmp_path: Path) -> None:
    def field(kind: str) -> str:
        return f'<w:r {W}><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def make(document: Document) -> None:
        first = document.add_paragraph()._p
        for xml in (field("begin"), f'<w:r {W}><w:instrText>TOC \\o "1-3"</w:instrText></w:r>', field("separate")):
            first.append(parse_xml(xml))
        first.append(parse_xml(f"<w:r {W}><w:t>Safety 3</w:t></w:r>"))
        last = document.add_paragraph("Care 9")._p
        last.append(parse_xml(field("end")))
        document.add_paragraph("Body.")

    assert [(e.role, e.text) for e in read(tmp_path, make)] == [
        (Role.CONTENTS, "Safety 3"), (Role.CONTENTS, "Care 9"), (Role.BODY, "Body."),
    ]  # fmt: skip


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In the box</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

    def make(document: Document) -> None:
        document.add_paragraph("Before")._p.append(
            parse_xml(
                f"<w:r {W} {mc}><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
                f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
            )
        )

    assert [e.text for e in read(tmp_path, make)] == ["Before", "In the box"]


def test_lines_in_a_code_style_are_one_block(tmp_path: Path) -> None:
    def make(document: Document) -> None:
        style = document.styles.add_style("Source Code", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("if x:", style=style)
        document.add_paragraph("    y()", style=style)

    assert [(e.kind.value, e.text) for e in read(tmp_path, make)] == [("code", "if x:\n    y()")]


def test_a_broken_or_too_deep_main_part_is_corrupt(tmp_path: Path) -> None:
    for body in (
        "<w:document",
        f"<w:document {W}><w:body>"
        + "<w:tbl><w:tr><w:tc>" * 3000
        + "</w:tc></w:tr></w:tbl>" * 3000
        + "</w:body></w:document>",
    ):
        path = tmp_path / "bad.docx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", body)
        with pytest.raises(Corrupt):
            DocxReader().read(path, "bad.docx")
