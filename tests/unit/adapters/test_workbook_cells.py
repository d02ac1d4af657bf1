from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from kbbuilder.adapters import workbook
from kbbuilder.adapters.workbook import OpenpyxlWorkbooks
from kbbuilder.errors import UnreadableTable


def test_every_text_comes_back_as_text(tmp_path: Path) -> None:
    rows = [("=1+1", "-5", "2024", "1e5"), ("#N/A", "a\nb", "  x ", "_x0041_"), ("true", "", "中文", "\U0001f600")]
    books = OpenpyxlWorkbooks()
    books.write(tmp_path / "t.xlsx", rows)
    assert books.read(tmp_path / "t.xlsx").rows == tuple(rows)


def test_the_same_rows_give_the_same_bytes_at_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books = OpenpyxlWorkbooks()
    books.write(tmp_path / "a.xlsx", [["x"]])
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 100_000)
    books.write(tmp_path / "b.xlsx", [["x"]])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert {e.date_time[0] for e in zipfile.ZipFile(tmp_path / "a.xlsx").infolist()} == {2000}
    assert b"2000-01-01T00:00:00Z" in zipfile.ZipFile(tmp_path / "a.xlsx").read("docProps/core.xml")


def test_a_line_end_as_excel_writes_it_is_read_as_one(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["a_x000D_\nb"])
    book.save(tmp_path / "t.xlsx")
    assert OpenpyxlWorkbooks().read(tmp_path / "t.xlsx").rows == (("a\r\nb",),)


@pytest.mark.parametrize("text", ["x" * 32_768, "a\x0bb", "\ud800"])
def test_what_a_cell_cannot_hold_is_refused_not_cut(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="a cell"):
        OpenpyxlWorkbooks().write(tmp_path / "t.xlsx", [[text]])
    assert list(tmp_path.iterdir()) == []


def test_a_longest_cell_is_written_whole(tmp_path: Path) -> None:
    books = OpenpyxlWorkbooks()
    books.write(tmp_path / "t.xlsx", [["答" * books.max_cell_chars]])
    assert books.read(tmp_path / "t.xlsx").rows[0][0] == "答" * books.max_cell_chars


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MAX_UNZIPPED_BYTES", 1024 * 1024)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/x", bytes(1024 * 1024 + 1))
    with pytest.raises(UnreadableTable, match="unpacks"):
        OpenpyxlWorkbooks().read(tmp_path / "t.xlsx")


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hi")
    with pytest.raises(UnreadableTable, match="cannot be read"):
        OpenpyxlWorkbooks().read(tmp_path / "t.xlsx")
