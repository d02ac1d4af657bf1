"""Sheets and CSV as a person reads them."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from kbbuilder.adapters import spreadsheet
from kbbuilder.adapters.spreadsheet import CsvReader, WorkbookReader
from kbbuilder.errors import Corrupt
from kbbuilder.schema import Element, ParsedDocument
from kbbuilder.stages.parse.gate import CSV, TSV, XLSX


def csv_document(folder: Path, data: bytes, media_type: str = CSV) -> ParsedDocument:
    path = folder / "table.csv"
    path.write_bytes(data)
    return CsvReader(media_type).read(path, "table.csv")


def rows(element: Element) -> list[tuple[str, ...]]:
    return list(element.rows or ())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "价格"
    sheet["C3"] = "2024 年价格表"
    sheet.merge_cells("C3:F3")
    for column, text in enumerate(("型号", "价格", "上市", "折扣")):
        sheet.cell(5, 3 + column, text)
    sheet.cell(6, 3, "X200")
    sheet.cell(6, 4, 199.0)
    sheet.cell(6, 5, datetime.date(2024, 3, 1))
    sheet.cell(6, 6, 0.15).number_format = "0%"
    sheet.merge_cells("C6:C7")
    sheet.cell(7, 4, 0.1 + 0.2)
    sheet.cell(7, 6, 0.5)
    sheet.cell(10, 3, "产地")
    sheet.cell(10, 4, "工厂")
    sheet.cell(11, 3, "苏州")
    sheet.cell(11, 4, 7)
    workbook.create_sheet("空表")
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    return path


def test_a_sheet_gives_its_name_its_title_row_and_its_tables(book: Path) -> None:
    elements = WorkbookReader(XLSX).read(book, "book.xlsx").elements
    assert [(e.kind.value, e.text) for e in elements[:2]] == [("heading", "价格"), ("paragraph", "2024 年价格表")]
    assert [e.kind.value for e in elements[2:]] == ["table", "table"]


def test_values_are_shown_as_a_person_reads_them_and_merged_cells_repeat(book: Path) -> None:
    table = WorkbookReader(XLSX).read(book, "book.xlsx").elements[2]
    assert rows(table) == [
        ("型号", "价格", "上市", "折扣"), ("X200", "199", "2024-03-01", "15%"), ("X200", "0.3", "", "0.5"),
    ]  # fmt: skip
    assert table.header_rows == 1


def test_tables_side_by_side_are_two(tmp_path: Path) -> None:
    document = csv_document(tmp_path, b"model,price,,city,phone\nX200,199,,Berlin,030\nX300,299,,Paris,01\n")
    assert [rows(e)[0] for e in document.elements] == [("model", "price"), ("city", "phone")]


def test_rows_beyond_the_limit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 10)
    document = csv_document(tmp_path, b"a,b\n" + b"1,2\n" * 50)
    assert len(rows(document.elements[0])) == 10
    assert [note.english for note in document.warnings] == ["rows beyond the 10th were not read"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_any_encoding_and_with_any_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = delimiter.join(("问题", "答案")) + "\n" + delimiter.join(("怎么退货？", '"先联系客服\n再寄回"')) + "\n"
    (table,) = csv_document(tmp_path, text.encode(encoding)).elements
    assert rows(table) == [("问题", "答案"), ("怎么退货？", "先联系客服\n再寄回")]
    assert table.header_rows == 1


def test_commas_inside_answers_do_not_decide_a_tab_separated_file(tmp_path: Path) -> None:
    (table,) = csv_document(tmp_path, b"question\tanswer\nIs it, or not?\tYes, no, maybe\n", TSV).elements
    assert rows(table)[1] == ("Is it, or not?", "Yes, no, maybe")


def test_a_first_row_of_data_is_no_header(tmp_path: Path) -> None:
    (table,) = csv_document(tmp_path, b"1,2,3\n4,5,6\n").elements
    assert table.header_rows == 0


def test_a_damaged_workbook_is_corrupt(tmp_path: Path, book: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(book.read_bytes()[:1500])
    with pytest.raises(Corrupt):
        WorkbookReader(XLSX).read(broken, "broken.xlsx")
