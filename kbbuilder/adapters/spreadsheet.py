"""Workbooks (xlsx, xls, ods) by python-calamine, and CSV/TSV by the standard library."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from kbbuilder.errors import Corrupt, DocumentError, Encrypted
from kbbuilder.language.encoding import decode
from kbbuilder.reading_notes import NoteCode, ReadingNote, characters_damaged
from kbbuilder.schema import Element, ParsedDocument
from kbbuilder.stages.parse.elements import document_of, heading, looks_like_header, paragraph, table

MAX_ROWS = 50_000
"""Rows of one table that are read; the rest is told in a warning."""
MAX_COLUMNS = 200
MAX_CELLS = 2_000_000
_GENERIC_SHEET = re.compile(r"^(?:sheet|工作表|表)\s*\d*$", re.I)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_MAX_CELL = 32_767
_MAX_MERGED = 5000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

T = TypeVar("T")
Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


class WorkbookReader:
    """Reads the sheets of a workbook: each a heading, and the tables in it."""

    def __init__(self, media_type: str) -> None:
        self._media_type = media_type
        self._percents: dict[str, frozenset[tuple[int, int]]] = {}

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document. Hidden sheets are read too; empty ones are left out.

        Raises:
            Encrypted: the workbook has a password.
            Corrupt: it cannot be opened, or none of its sheets can be read.
        """
        elements: list[Element] = []
        warnings: list[ReadingNote] = []
        if self._media_type == _XLSX:
            try:
                self._percents = _percent_cells(path)
            except (KeyError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, OSError):
                warnings.append(ReadingNote(code=NoteCode.CELL_FORMATS_UNREADABLE))
        try:
            with CalamineWorkbook.from_path(str(path)) as workbook:
                names = workbook.sheet_names
                for sheet_name in names:
                    elements += self._sheet(workbook, sheet_name, len(names), warnings)
        except PasswordError as error:
            raise Encrypted("the workbook is protected by a password") from error
        except DocumentError:
            raise
        except (CalamineError, OSError, ValueError) as error:
            raise Corrupt("the workbook is damaged and cannot be opened") from error
        if not elements and warnings:
            raise Corrupt("no sheet of the workbook can be read")
        return document_of(name, self._media_type, elements, title=Path(name).stem, warnings=warnings)

    def _sheet(self, workbook: CalamineWorkbook, name: str, sheets: int, warnings: list[ReadingNote]) -> list[Element]:
        try:
            sheet = workbook.get_sheet_by_name(name)
            left = (sheet.start or (0, 0))[1]
            raw = list(_first_rows(sheet.iter_rows(), warnings, name))
            merged = sheet.merged_cell_ranges or []
        except (CalamineError, ValueError) as error:
            fault = type(error).__name__
            warnings.append(ReadingNote(code=NoteCode.SHEET_UNREADABLE, values={"sheet": name, "error": fault}))
            return []
        if sheet.width > MAX_COLUMNS:
            cut: dict[str, str | int] = {"sheet": name, "count": sheet.width - MAX_COLUMNS, "columns": MAX_COLUMNS}
            warnings.append(ReadingNote(code=NoteCode.SHEET_COLUMNS_CUT, values=cut))
        percents = self._percents.get(name, frozenset())
        rows = [
            [_percent(cell) if (at, left + i) in percents else _shown(cell) for i, cell in enumerate(row[:MAX_COLUMNS])]
            for at, row in enumerate(raw)
        ]
        _fill_merged(rows, merged, left)
        parts = list(_tables(rows))
        if not parts:
            return []
        return [heading(name, 1), *parts] if sheets > 1 or not _GENERIC_SHEET.match(name) else parts


def _first_rows(rows: Iterable[list[T]], warnings: list[ReadingNote], sheet: str | None) -> Iterator[list[T]]:
    cells = 0
    for index, row in enumerate(rows):
        cells += len(row)
        if index >= MAX_ROWS or cells > MAX_CELLS:
            if sheet is None:
                warnings.append(ReadingNote(code=NoteCode.ROWS_CUT, values={"rows": index}))
            else:
                warnings.append(ReadingNote(code=NoteCode.SHEET_ROWS_CUT, values={"sheet": sheet, "rows": index}))
            return
        yield row


def _fill_merged(rows: list[list[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], left: int) -> None:
    """A merged cell repeats its text. Ranges and the rows read count from A1, the columns read from `left`."""
    for (top, first), (bottom, last) in merged:
        start, end = first - left, last - left
        if top >= len(rows) or start < 0 or (bottom - top + 1) * (end - start + 1) > _MAX_MERGED:
            continue
        text = rows[top][start] if start < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            for column in range(start, min(end + 1, len(row))):
                row[column] = row[column] or text


def _percent(value: Cell) -> str:
    """0.155 → 15.5%."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{round(value * 100, 10):.12g}%"
    return _shown(value)


def _percent_cells(path: Path) -> dict[str, frozenset[tuple[int, int]]]:
    """Cells of an xlsx formatted as a percentage, as (row, column) from 0, by sheet name. calamine gives values
    without their formats, and "0.1" is not what the person who made the table sees.
    """
    with zipfile.ZipFile(path) as archive:
        styles = _percent_styles(archive)
        if not styles:
            return {}
        names = {}
        targets = {r.get("Id"): r.get("Target") or "" for r in _xml(archive, "xl/_rels/workbook.xml.rels")}
        for sheet in _xml(archive, "xl/workbook.xml").iterfind(f".//{_S}sheet"):
            part = targets.get(sheet.get(f"{_R}id"), "")
            names[sheet.get("name") or ""] = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
        return {
            name: _styled_cells(archive, part, styles) for name, part in names.items() if part in archive.namelist()
        }


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    root = _xml(archive, "xl/styles.xml")
    codes = {f.get("numFmtId") for f in root.iterfind(f"{_S}numFmts/{_S}numFmt") if "%" in (f.get("formatCode") or "")}
    formats = root.iterfind(f"{_S}cellXfs/{_S}xf")
    return frozenset(str(i) for i, xf in enumerate(formats) if xf.get("numFmtId") in codes | {"9", "10"})


def _styled_cells(archive: zipfile.ZipFile, part: str, styles: frozenset[str]) -> frozenset[tuple[int, int]]:
    found = set()
    with archive.open(part) as file:
        for _, cell in etree.iterparse(file, tag=f"{_S}c", resolve_entities=False, no_network=True, load_dtd=False):
            match = _REFERENCE.match(cell.get("r") or "") if cell.get("s") in styles else None
            if match:
                column = 0
                for letter in match.group(1):
                    column = column * 26 + ord(letter) - 64
                found.add((int(match.group(2)) - 1, column - 1))
            cell.clear()
            if len(found) > MAX_ROWS:
                break
    return frozenset(found)


def _xml(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(
        archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    )


def _shown(value: Cell) -> str:
    """A value as a person reads it: 2024.0 → 2024, dates in ISO form, no binary dust on fractions.

    >>> _shown(2024.0), _shown(0.1 + 0.2), _shown(True)
    ('2024', '0.3', 'TRUE')
    """
    if isinstance(value, str):
        return value.replace("_x000D_", "\n").strip()[:_MAX_CELL]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time(0):
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="minutes" if value.second == 0 else "seconds")
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="minutes" if value.second == 0 else "seconds")
    return str(value)


# -- rows to tables --------------------------------------------------------------------------------


def _tables(rows: Sequence[list[str]]) -> Iterator[Element]:
    """The tables of a sheet: parted by blank rows, title rows above become paragraphs, the header row is found."""
    for block in _split_blocks(rows):
        for part in _split_columns(block):
            yield from _table_with_titles(part)


def _split_columns(block: list[list[str]]) -> Iterator[list[list[str]]]:
    """Tables side by side: parted where a column is blank and at least two columns stand on either side."""
    width = max(map(len, block))
    filled = [any(i < len(row) and row[i] for row in block) for i in range(width)]
    start = 0
    for index in range(width):
        left, right = sum(filled[start:index]), sum(filled[index:])
        if not filled[index] and left >= 2 and right >= 2 and filled[index - 1] and len(block) > 1:
            yield from _split_blocks([row[start:index] for row in block])
            start = index
    yield from _split_blocks([row[start:] for row in block]) if start else [block]


def _split_blocks(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for row in rows:
        if any(row):
            block.append(row)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _table_with_titles(block: list[list[str]]) -> Iterator[Element]:
    columns = [i for i in range(max(map(len, block))) if any(i < len(row) and row[i] for row in block)]
    grid = [[row[i] if i < len(row) else "" for i in columns] for row in block]
    start = 0
    while start < len(grid) - 1 and _is_title(grid[start]) and not _is_title(grid[start + 1]):
        yield paragraph(_distinct(grid[start])[0], bold=True)
        start += 1
    body = grid[start:]
    if len(columns) == 1 or all(_is_title(row) for row in body):
        if len(body) > 1 and len(columns) == 1 and len(grid) == len(body) and len(body[0][0]) <= 40:
            yield from filter(None, [table(body, 1)])
        else:
            yield from (paragraph(_distinct(row)[0]) for row in body)
        return
    header = 1 if len(body) > 1 and (looks_like_header(body) or _mostly_names(body)) else 0
    yield from filter(None, [table(body, header)])


def _distinct(row: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cell for cell in row if cell))


def _is_title(row: Sequence[str]) -> bool:
    return len(row) > 1 and len(_distinct(row)) == 1 and (row[0] != "" or sum(map(bool, row)) == 1)


def _mostly_names(body: Sequence[Sequence[str]]) -> bool:
    """A first row of short words without numbers, most columns named, is a header even without contrast below."""
    first = [cell for cell in body[0] if cell]
    words = [cell for cell in first if len(cell) <= 40 and not re.search(r"\d", cell) and cell[-1] not in "。.!！;；"]
    return len(words) == len(first) and 2 * len(first) > len(body[0])


# -- CSV -------------------------------------------------------------------------------------------


class CsvReader:
    """Reads CSV and TSV in whatever encoding and with whatever delimiter they were saved."""

    def __init__(self, media_type: str) -> None:
        self._media_type = media_type

    def read(self, path: Path, name: str) -> ParsedDocument:
        """One table, or several parted by blank lines.

        Raises:
            Corrupt: the bytes are no readable text, or a quoted cell never ends.
        """
        decoded = decode(path.read_bytes())
        text = decoded.text.lstrip("\ufeff").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        warnings = characters_damaged(decoded.damaged)
        csv.field_size_limit(1 << 24)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, self._media_type))
        try:
            rows = [[cell.strip() for cell in row[:MAX_COLUMNS]] for row in _first_rows(reader, warnings, None)]
        except csv.Error as error:
            raise Corrupt("the table cannot be read: a quoted cell never ends") from error
        return document_of(name, self._media_type, list(_tables(rows)), warnings=warnings)


def _delimiter(text: str, media_type: str) -> str:
    """The delimiter, judged on the first lines: the one that gives the most columns, most evenly."""
    if media_type.startswith("text/tab"):
        return "\t"
    best, best_score = ",", 0.0
    sample = text[:20_000].split("\n")[:20]
    for delimiter in ",\t;|":
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        if not counts or max(counts) < 2:
            continue
        score = counts[0] * sum(count == counts[0] for count in counts) / len(counts)
        if score > best_score:
            best, best_score = delimiter, score
    return best
