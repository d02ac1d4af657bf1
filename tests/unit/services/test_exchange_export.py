from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from review_library import HashEmbedder, empty_library, entry, library_with_document, put, quote

from kbbuilder.adapters.workbook import OpenpyxlWorkbooks
from kbbuilder.errors import ExchangeError, UnknownFormat
from kbbuilder.schema import EntryStatus, SimilarQuestion
from kbbuilder.services.exchange import FORMATS, ExchangeService
from kbbuilder.store.database import Database

HEADER = (
    "id,question,similar_questions,negative_questions,answer,status,tags,valid_from,valid_to,language,collection,"
    "evidence"
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = library_with_document(tmp_path)
    put(
        db,
        entry(
            "b1", status=EntryStatus.APPROVED, evidence=(quote(1, 5, 10),), tags=("售后", "保修"),
            flags=("low_support",),
            similar_questions=(
                SimilarQuestion(text="保几年"), SimilarQuestion(text="怎么退货", negative=True),
                SimilarQuestion(text="质保呢"),
            ), valid_to="2027-12-31",
        ),
        entry("a1", question="怎么安装？", answer="=先断电|\n- 一\n  - 二", status=EntryStatus.APPROVED),
        entry("c1", question="待审？", answer="是。"),
    )  # fmt: skip
    return db


@pytest.fixture
def exchange(db: Database) -> ExchangeService:
    return ExchangeService(db, HashEmbedder(), OpenpyxlWorkbooks())


def test_jsonl_holds_one_approved_entry_a_line_in_the_agreed_shape(exchange: ExchangeService, tmp_path: Path) -> None:
    report = exchange.export_entries(format="jsonl", path=tmp_path / "o.jsonl")
    lines = (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert list(first) == [
        "id", "question", "similar_questions", "negative_questions", "answer", "status", "tags", "flags", "collection",
        "language", "evidence",
    ]  # fmt: skip
    assert (first["id"], second["id"]) == ("a1", "b1")
    assert second["similar_questions"] == ["保几年", "质保呢"]
    assert second["negative_questions"] == ["怎么退货"]
    assert second["evidence"] == [
        {
            "document": "手册.pdf",
            "version": 1,
            "page": 2,
            "heading_path": ["第一章", "1"],
            "quote": "24 个月",
            "start": 5,
            "end": 10,
        }
    ]
    assert "怎么安装" in lines[0]
    assert (report.entries, report.losses, report.left_out) == (2, (), ())
    assert report.message == "2 approved entries written to o.jsonl"


def test_csv_has_our_header_a_mark_for_excel_and_one_item_a_line(exchange: ExchangeService, tmp_path: Path) -> None:
    report = exchange.export_entries(format="csv", path=tmp_path / "o.csv", status="all")
    data = (tmp_path / "o.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,question,")
    text = data.decode("utf-8-sig")
    assert text.split("\n")[0] == HEADER
    assert "\r" not in text
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["b1"]["similar_questions"] == "保几年\n质保呢"
    assert rows["b1"]["tags"] == "售后\n保修"
    assert rows["a1"]["answer"] == "=先断电|\n- 一\n  - 二"
    assert [(loss.entry_id, loss.field) for loss in report.losses] == [("b1", "flags")]


def test_excel_safe_guards_formulas_in_csv(exchange: ExchangeService, tmp_path: Path) -> None:
    exchange.export_entries(format="csv", path=tmp_path / "o.csv", excel_safe=True)
    rows = csv.DictReader(io.StringIO((tmp_path / "o.csv").read_text(encoding="utf-8-sig")))
    assert next(rows)["answer"].startswith("'=先断电")


def test_xlsx_keeps_a_formula_as_text(exchange: ExchangeService, tmp_path: Path) -> None:
    exchange.export_entries(format="xlsx", path=tmp_path / "o.xlsx")
    from openpyxl import load_workbook

    sheet = load_workbook(tmp_path / "o.xlsx").active
    assert sheet is not None
    assert [c.value for c in sheet[1]] == HEADER.split(",")
    answer = sheet.cell(2, 5)
    assert (answer.value, answer.data_type) == ("=先断电|\n- 一\n  - 二", "s")


def test_xlsx_leaves_out_what_no_cell_holds_and_never_cuts(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    many = tuple(SimilarQuestion(text=f"{i} " + "问" * 900) for i in range(50))
    put(
        db, entry("long", question="很长？", answer="答" * 32_768, status=EntryStatus.APPROVED),
        entry("wide", question="很多？", status=EntryStatus.APPROVED, similar_questions=many),
    )  # fmt: skip
    report = exchange.export_entries(format="xlsx", path=tmp_path / "o.xlsx")
    assert [(left.entry_id, "32,768" in left.reason) for left in report.left_out] == [("long", True)]
    loss = next(loss for loss in report.losses if loss.entry_id == "wide")
    assert loss.field == "similar_questions"
    assert "14" in loss.reason
    read = OpenpyxlWorkbooks().read(tmp_path / "o.xlsx")
    cell = next(row[2] for row in read.rows if row[0] == "wide")
    assert cell.split("\n") == [s.text for s in many[:36]]
    assert "1 left out" in report.message


def test_markdown_reads_as_a_faq_by_document_and_section(exchange: ExchangeService, tmp_path: Path) -> None:
    report = exchange.export_entries(format="markdown", path=tmp_path / "o.md")
    shown = [
        line for line in (tmp_path / "o.md").read_text(encoding="utf-8").splitlines() if line and "<!--" not in line
    ]
    assert shown == [
        "# c", "## 手册.pdf", "### 第一章 › 1", "#### 保修多久？", "*也可以这样问：*", "- 保几年", "- 质保呢",
        "24 个月。",
        "*来源: 手册.pdf，第 2 页，第一章 › 1*",
        "## 没有来源", "#### 怎么安装？", "=先断电|", "- 一", "  - 二",
    ]  # fmt: skip
    assert {loss.field for loss in report.losses} == {"evidence", "flags"}


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_library_gives_the_same_bytes(exchange: ExchangeService, tmp_path: Path, format: str) -> None:
    for name in ("one", "two"):
        exchange.export_entries(format=format, path=tmp_path / name, status="all")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("format", FORMATS)
def test_exporting_nothing_is_said(tmp_path: Path, format: str) -> None:
    exchange = ExchangeService(empty_library(tmp_path), HashEmbedder(), OpenpyxlWorkbooks())
    report = exchange.export_entries(format=format, path=tmp_path / "o")
    assert report.entries == 0
    assert report.message.startswith("there are no approved entries to export; approve some first")
    assert (tmp_path / "o").exists()


def test_only_one_collection_can_be_exported(exchange: ExchangeService, tmp_path: Path) -> None:
    assert exchange.export_entries(format="jsonl", path=tmp_path / "o", collection="other").entries == 0


def test_an_unknown_format_or_status_is_named(exchange: ExchangeService, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="docx"):
        exchange.export_entries(format="docx", path=tmp_path / "o")
    with pytest.raises(UnknownFormat, match="pending"):
        exchange.export_entries(format="csv", path=tmp_path / "o", status="pending")


def test_a_failed_export_leaves_the_older_file_and_no_trace(db: Database, tmp_path: Path) -> None:
    class Breaking(OpenpyxlWorkbooks):
        def write(self, path, rows):  # type: ignore[no-untyped-def]
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")

    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "o.xlsx").write_bytes(b"older")
    with pytest.raises(ExchangeError, match="No space left"):
        ExchangeService(db, HashEmbedder(), Breaking()).export_entries(format="xlsx", path=folder / "o.xlsx")
    assert [p.name for p in folder.iterdir()] == ["o.xlsx"]
    assert (folder / "o.xlsx").read_bytes() == b"older"


def test_a_missing_folder_is_said(exchange: ExchangeService, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="cannot be written"):
        exchange.export_entries(format="csv", path=tmp_path / "nix" / "o.csv")
