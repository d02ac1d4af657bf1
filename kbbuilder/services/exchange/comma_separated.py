"""CSV in our own layout (UTF-8 with a byte-order mark, so that Excel shows Chinese), and CSV of anybody's to read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from kbbuilder.schema import FaqEntry
from kbbuilder.services.exchange.reports import DroppedRow, Loss
from kbbuilder.services.exchange.rows import TableRead
from kbbuilder.services.exchange.table import OUR_HEADER, cells_of, losses_of, read_table
from kbbuilder.services.exchange.written import Written

NAME = "csv"
_MAX_FIELD_CHARS = 16 * 1024 * 1024


def write(path: Path, entries: Iterable[FaqEntry], *, excel_safe: bool) -> Written:
    """Write the entries in the order given; the same entries give the same bytes.

    Args:
        excel_safe: put a quote before cells that a spreadsheet would take for a formula.
    """
    n = 0
    losses: list[Loss] = []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(OUR_HEADER)
        for entry in entries:
            cells = cells_of(entry, excel_safe=excel_safe)
            writer.writerow([cells[name] for name in OUR_HEADER])
            losses += losses_of(entry)
            n += 1
    return Written(n, losses=tuple(losses))


def read(text: str, file_name: str) -> TableRead:
    """What the table states.

    Raises:
        UnreadableTable: nothing says which column is the question and which the answer.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Not splitlines(): U+2028 and its like may stand inside a cell.
    lines = [line + "\n" for line in text.split("\n")]
    rows, dropped = _records(lines, _delimiter(lines))
    return read_table(rows, format_name=NAME, file_name=file_name, dropped=dropped)


def _delimiter(lines: Sequence[str]) -> str:
    """Comma, TAB or semicolon: whichever the first line with text has most of. Answers may hold any of them."""
    header = next((line for line in lines if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(",\t;", key=outside.count)


def _records(lines: Sequence[str], delimiter: str) -> tuple[list[tuple[int, list[str]]], list[DroppedRow]]:
    """(first line, cells) of each record. A quote that is never closed would swallow the rest of the file: its line is
    dropped, and reading goes on with the next one."""
    csv.field_size_limit(_MAX_FIELD_CHARS)
    rows: list[tuple[int, list[str]]] = []
    dropped: list[DroppedRow] = []
    start = 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter)
        begin = last = start
        try:
            for cells in reader:
                rows.append((begin + 1, cells))
                last, begin = begin, start + reader.line_num
        except csv.Error as error:
            dropped.append(DroppedRow(begin + 1, "bad_csv", str(error)))
            start = max(begin + 1, start + reader.line_num)
            continue
        if not _is_open("".join(lines[last:]), delimiter):
            break
        rows.pop()
        dropped.append(DroppedRow(last + 1, "open_quote", "a quote that starts in this line is never closed"))
        start = last + 1
    return rows, dropped


def _is_open(record: str, delimiter: str) -> bool:
    """Whether a record ends inside quotes."""
    try:
        for _ in csv.reader([record], delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


__all__ = ["NAME", "read", "write"]
