from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from review_library import HashEmbedder, empty_library

from kbbuilder.adapters.workbook import OpenpyxlWorkbooks
from kbbuilder.errors import UnreadableTable
from kbbuilder.schema import FaqEntry
from kbbuilder.services.exchange import ExchangeService, ImportReport
from kbbuilder.services.exchange.cells import foreign_list, guarded, unguarded
from kbbuilder.services.exchange.headers import columns_of
from kbbuilder.store.database import Database
from kbbuilder.store.entries import walk


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return empty_library(tmp_path)


def take(db: Database, tmp_path: Path, data: str | bytes, name: str = "t.csv") -> tuple[ImportReport, list[FaqEntry]]:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    report = ExchangeService(db, HashEmbedder(), OpenpyxlWorkbooks()).import_file(path, collection="c")
    assert report.balanced()
    with db.read() as conn:
        return report, list(walk(conn))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_tables_are_read_in_every_common_encoding(db: Database, tmp_path: Path, encoding: str) -> None:
    rows = [("問題", "答案"), ("怎麼退貨？", "收到商品後七天內可以申請退貨，請聯絡客服人員。")]
    rows += [(f"第 {i} 個問題是什麼？", f"這是第 {i} 個回答，請按照說明書操作。") for i in range(20)]
    text = "".join(f'"{q}",{a}\r\n' for q, a in rows)
    _, found = take(db, tmp_path, text.encode(encoding))
    assert {e.question for e in found} == {q for q, _ in rows[1:]}


def test_a_table_that_cannot_be_decoded_is_refused_as_a_whole(db: Database, tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable) as refused:
        take(db, tmp_path, b"question,answer\na?,\xff\xfe\xfd\x80\x81 \x00\x01\x02" * 9)
    assert refused.value.hint


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_told_by_the_header_alone(db: Database, tmp_path: Path, delimiter: str) -> None:
    body = delimiter.join(["一？", '"a,b;c\td,,,,;;;;\t\t\t"'])
    _, (found,) = take(db, tmp_path, f"question{delimiter}answer\n{body}\n")
    assert found.answer == "a,b;c\td,,,,;;;;"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Question*,Answer (Markdown)", {"question": (0,), "answer": (1,)}),
        ("标准问,问题,回答", {"question": (0,), "similar": (1,), "answer": (2,)}),
        ("问题,答案,相似问题1,相似问题2", {"question": (0,), "answer": (1,), "similar": (2, 3)}),
        ("Ｑｕｅｓｔｉｏｎ,ANSWER,Similar Question 1", {"question": (0,), "answer": (1,), "similar": (2,)}),
        ("q,a,index 0", {"question": (0,), "answer": (1,), "similar": (2,)}),
        ("title,body,labels", {"question": (0,), "answer": (1,), "tags": (2,)}),
        ("分组【必填】,问题（必填）,机器人回答[多个##]", {"tags": (0,), "question": (1,), "answer": (2,)}),
        ("question,title,answer", {"question": (0,), "answer": (2,)}),
        ("id,similar,answer", None),
        ("一,二", None),
    ],
)
def test_headers_of_many_tools_are_understood(header: str, fields: dict[str, tuple[int, ...]] | None) -> None:
    columns = columns_of(header.split(","))
    assert (columns.by_field if columns else None) == fields


def test_columns_without_a_use_are_named(db: Database, tmp_path: Path) -> None:
    report, _ = take(db, tmp_path, "question,answer,负责人,title\n一？,1,小王,x\n")
    assert report.ignored_columns == ("负责人", "title")


def test_a_table_of_two_columns_without_header_is_read_either_way_round(db: Database, tmp_path: Path) -> None:
    _, found = take(db, tmp_path, "怎么退货？,七天内可退。\n如何开发票,在订单页申请。\n")
    assert {e.question for e in found} == {"怎么退货？", "如何开发票"}


def test_answers_first_is_seen_too(db: Database, tmp_path: Path) -> None:
    _, found = take(db, tmp_path, "Within 7 days.,How do I return it?\nYes.,Can I pay by card?\n")
    assert {e.question for e in found} == {"How do I return it?", "Can I pay by card?"}


@pytest.mark.parametrize("table", ["名称,价格\n甲,3\n", "a,b,c\n怎么？,x,y\n", "只有一列\n怎么？\n"])
def test_a_table_that_does_not_say_what_is_what_is_refused_with_what_to_do(
    db: Database, tmp_path: Path, table: str
) -> None:
    with pytest.raises(UnreadableTable, match="which column") as refused:
        take(db, tmp_path, table)
    assert "问题" in refused.value.hint


def test_rows_above_the_header_are_dropped_and_named(db: Database, tmp_path: Path) -> None:
    report, found = take(db, tmp_path, "客服常见问题汇总,\n\n问题,答案\n一？,1\n")
    assert [(d.line, d.code) for d in report.dropped] == [(1, "above_header")]
    assert len(found) == 1


@pytest.mark.parametrize(("numbers", "kept"), [("1 2 3", False), ("A1 A2 A3", True), ("7 7 8", False)])
def test_a_running_number_is_no_id(db: Database, tmp_path: Path, numbers: str, kept: bool) -> None:
    rows = "".join(f"{n},问题{i}？,{i}\n" for i, n in enumerate(numbers.split()))
    _, found = take(db, tmp_path, f"序号,问题,答案\n{rows}")
    assert len(found) == 3
    assert ({e.id for e in found} == set(numbers.split())) is kept


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("甲\n乙", ("甲", "乙")),
        ("甲##乙", ("甲", "乙")),
        ("甲||乙", ("甲", "乙")),
        ("甲 | 乙", ("甲", "乙")),
        ("甲##乙\n丙", ("甲##乙", "丙")),
        ("a|b", ("a|b",)),
        ("能退吗，怎么退；多久", ("能退吗，怎么退；多久",)),
        ("1. 甲\n2、乙\n③丙\n- 丁\n", ("甲", "乙", "丙", "丁")),
        ("1.5 升够吗\n-5 度行吗", ("1.5 升够吗", "-5 度行吗")),
        ("", ()),
    ],
)
def test_list_cells_are_split_by_their_strongest_separator(cell: str, items: tuple[str, ...]) -> None:
    assert foreign_list(cell) == items


@pytest.mark.parametrize("text", ["=1", "-a", "'=1", "''=1", "+", "@x", "a=1", "'a", "", "-", "'"])
@pytest.mark.parametrize("excel_safe", [True, False])
def test_guarding_a_cell_is_undone_by_reading_it(text: str, excel_safe: bool) -> None:
    assert unguarded(guarded(text, excel_safe=excel_safe)) == text


def test_guards_of_other_exporters_are_taken_away(db: Database, tmp_path: Path) -> None:
    _, (found,) = take(db, tmp_path, "question,answer\n一？,'- 先断电\n")
    assert found.answer == "- 先断电"


def test_a_quote_that_is_never_closed_costs_its_own_line_only(db: Database, tmp_path: Path) -> None:
    report, found = take(db, tmp_path, 'question,answer\n一？,1\n二？,"2\n三？,3\n四？,4\n')
    assert [(d.line, d.code) for d in report.dropped] == [(3, "open_quote")]
    assert {e.question for e in found} == {"一？", "三？", "四？"}


def test_lines_that_are_no_entries_are_dropped_by_number(db: Database, tmp_path: Path) -> None:
    source = "\n".join(
        ['{"question": "一？", "answer": "a\\u2028b"}', "", "{", "7", '{"question": 1, "answer": "x"}',
         '{"answer": "x"}',
         '{"question": "二？", "answer": ["2"], "similar_questions": [{"text": "贰"}, 3]}',
         '{"question": " ", "answer": "x"}']
    )  # fmt: skip
    report, found = take(db, tmp_path, source, "t.jsonl")
    assert [(d.line, d.code) for d in report.dropped] == [
        (3, "not_json"), (4, "not_an_object"), (5, "wrong_type"), (6, "missing_field"), (8, "empty_cell")
    ]  # fmt: skip
    assert {e.question: [s.text for s in e.similar_questions] for e in found} == {"一？": [], "二？": ["贰"]}


def test_a_json_list_and_other_names_for_the_fields_are_read(db: Database, tmp_path: Path) -> None:
    _, (found,) = take(db, tmp_path, json.dumps([{"q": "一？", "a": "1", "相似问": "壹##幺"}]), "t.json")
    assert [s.text for s in found.similar_questions] == ["壹", "幺"]


def test_deeply_nested_json_is_a_dropped_line(db: Database, tmp_path: Path) -> None:
    deep = "[" * (sys.getrecursionlimit() * 50)
    report, _ = take(db, tmp_path, '{"question": "一？", "answer": "1"}\n{"x":' + deep, "t.jsonl")
    assert [d.code for d in report.dropped] == ["not_json"]


def test_a_file_without_a_telling_name_is_told_by_its_content(db: Database, tmp_path: Path) -> None:
    assert take(db, tmp_path, '{"question": "一？", "answer": "1"}', "export")[0].format == "jsonl"
    assert take(db, tmp_path, "question,answer\n二？,2\n", "table")[0].format == "csv"


def test_a_workbook_under_a_csv_name_is_read_as_a_workbook(db: Database, tmp_path: Path) -> None:
    OpenpyxlWorkbooks().write(tmp_path / "w.xlsx", [["问题", "答案"], ["一？", "1"]])
    assert take(db, tmp_path, (tmp_path / "w.xlsx").read_bytes(), "t.csv")[0].format == "xlsx"


def test_typed_cells_of_a_workbook_come_as_text_and_other_sheets_are_named(db: Database, tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "问题", "答案", "有效期"])
    sheet.append([2024.0, "一？", 3.5, datetime(2027, 12, 31)])
    sheet.append(["x", "二？", True, None])
    book.create_sheet("备注")
    book.save(tmp_path / "w.xlsx")
    report, found = take(db, tmp_path, (tmp_path / "w.xlsx").read_bytes(), "t.xlsx")
    assert {(e.id, e.answer, e.valid_to) for e in found} == {("2024", "3.5", "2027-12-31"), ("x", "true", None)}
    assert report.skipped_sheets == ("备注",)


@pytest.mark.parametrize("data", [b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0 old", b"plain"])
def test_a_broken_or_old_workbook_is_refused_with_what_to_do(db: Database, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableTable) as refused:
        take(db, tmp_path, data, "t.xlsx")
    assert refused.value.hint


def test_markdown_of_anybody_else_is_refused_with_what_to_do(db: Database, tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="not one") as refused:
        take(db, tmp_path, "# FAQ\n\n## 怎么退货？\n\n七天内。\n", "t.md")
    assert "build" in refused.value.hint


def test_an_edited_markdown_export_is_read_and_damaged_entries_are_named(db: Database, tmp_path: Path) -> None:
    entry = "#### {q}\n\n<!-- faq {meta} -->\n\n*Also:*\n\n- 甲\n- 乙\n\n<!-- answer -->\n\n{a}\n\n{end}\n\n"
    text = "# c\n\n" + "".join(
        [
            entry.format(q="一？", meta='{"id": "x"}', a="\\<!-- end -->\n- 一\n  - 二", end="<!-- end -->"),
            entry.format(q="二？", meta="{broken}", a="2", end="<!-- end -->"),
            entry.format(q="三？", meta="{}", a="3", end=""),
        ]
    )
    report, (found,) = take(db, tmp_path, text, "t.md")
    assert (found.id, found.answer) == ("x", "<!-- end -->\n- 一\n  - 二")
    assert [s.text for s in found.similar_questions] == ["甲", "乙"]
    assert [d.code for d in report.dropped] == ["bad_entry", "bad_entry"]
