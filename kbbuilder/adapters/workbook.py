"""XLSX tables through openpyxl: strings stay strings, nothing is cut, the same rows give the same bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from kbbuilder.errors import UnreadableTable
from kbbuilder.ports import Sheet

if TYPE_CHECKING:
    from openpyxl.cell import Cell

_OLE = b"\xd0\xcf\x11\xe0"
_MAX_UNZIPPED_BYTES = 1024 * 1024 * 1024
# OOXML writes a character as _x0041_ (Excel a line's end as _x000D_); openpyxl leaves that to its caller. A text that
# only looks so needs its underscore written that way.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


class OpenpyxlWorkbooks:
    """`ports.Workbooks`. Cost: about 150 µs a row of 12 cells."""

    max_cell_chars = 32_767

    def read(self, path: Path) -> Sheet:
        _refuse_bad_file(path)
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            # By handle: openpyxl refuses names that do not end in .xlsx, whatever the file is.
            with path.open("rb") as file:
                book = load_workbook(file, read_only=True, data_only=True)
                sheets = book.worksheets
                if not sheets:
                    raise UnreadableTable(f"{path.name} has no sheet of cells")
                sheets[0].reset_dimensions()  # some writers state a wrong size, which would hide rows
                rows = tuple(tuple(_text_of(value) for value in row) for row in sheets[0].iter_rows(values_only=True))
                return Sheet(rows=rows, skipped=tuple(sheet.title for sheet in sheets[1:]))
        except (InvalidFileException, zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, OSError,
                SyntaxError) as error:  # fmt: skip
            # openpyxl has no error of its own for damaged parts: what its parsers trip over comes out as it is.
            raise UnreadableTable(f"{path.name} cannot be read as XLSX: {error}") from error

    def write(self, path: Path, rows: Iterable[Sequence[str]]) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        book = Workbook(write_only=True)
        sheet = book.create_sheet("FAQ")
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_cell(WriteOnlyCell(sheet), text, self.max_cell_chars) for text in row])
        draft = path.with_name(path.name + ".draft")
        try:
            book.save(draft)
            _without_time(draft, path)
        finally:
            draft.unlink(missing_ok=True)


def _refuse_bad_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(4)
        if head == _OLE:
            raise UnreadableTable(
                f"{path.name} is an old .xls workbook or protected by a password",
                hint="Open it in a spreadsheet program and save it as .xlsx without a password.",
            )
        with zipfile.ZipFile(path) as archive:
            unzipped = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableTable(f"{path.name} is no XLSX workbook: {error}") from error
    if unzipped > _MAX_UNZIPPED_BYTES:
        raise UnreadableTable(f"{path.name} unpacks to {unzipped:,} bytes", hint="Split the table into smaller files.")


def _text_of(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case str():
            return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), value)
        case _:
            return str(value)


def _cell(cell: Cell, text: str, max_chars: int) -> Cell:
    if len(text) > max_chars:
        raise ValueError(f"a cell of {len(text):,} characters; XLSX holds {max_chars:,}")
    if _ILLEGAL.search(text):
        raise ValueError("a cell holds a control character, which XLSX has no place for")
    cell.value = _ESCAPE.sub(r"_x005F_x\1_", text)
    cell.data_type = "s"  # else a text that starts with "=" becomes a formula, and "#N/A" an error
    return cell


def _without_time(draft: Path, path: Path) -> None:
    """Copy the archive without the times openpyxl puts into it: the same rows shall give the same bytes."""
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\2", data)
            target.writestr(zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
