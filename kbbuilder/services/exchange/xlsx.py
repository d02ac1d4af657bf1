"""XLSX in our own layout: text cells only, nothing cut. What does not fit is left out and reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kbbuilder.ports import Workbooks
from kbbuilder.schema import FaqEntry
from kbbuilder.services.exchange.reports import LeftOut, Loss
from kbbuilder.services.exchange.rows import TableRead
from kbbuilder.services.exchange.table import OUR_HEADER, cells_of, losses_of, read_table
from kbbuilder.services.exchange.written import Written

NAME = "xlsx"
_MAX_ROWS = 1_048_576
# XML has no place for these; a quote may hold one that its document's reader let through.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Sheet:
    """Turns entries into rows that fit, and remembers what did not."""

    def __init__(self, max_cell_chars: int, *, excel_safe: bool) -> None:
        self._max = max_cell_chars
        self._excel_safe = excel_safe
        self.entries = 0
        self.left_out: list[LeftOut] = []
        self.losses: list[Loss] = []

    def rows(self, entries: Iterable[FaqEntry]) -> Iterator[list[str]]:
        yield list(OUR_HEADER)
        for entry in entries:
            cells = self._fitting(entry)
            if cells is not None:
                self.entries += 1
                self.losses += losses_of(entry)
                yield [cells[name] for name in OUR_HEADER]

    def _fitting(self, entry: FaqEntry) -> dict[str, str] | None:
        if self.entries + 2 > _MAX_ROWS:
            self.left_out.append(LeftOut(entry.id, f"an XLSX sheet holds {_MAX_ROWS:,} rows"))
            return None
        cells = self._cells(entry)
        for name in ("question", "answer"):
            if len(cells[name]) > self._max:
                reason = f"the {name} has {len(cells[name]):,} characters; an XLSX cell holds {self._max:,}"
                self.left_out.append(LeftOut(entry.id, reason))
                return None
        for name, shortened in (("similar_questions", _without_last_wording), ("evidence", _without_last_quote)):
            dropped = 0
            while len(cells[name]) > self._max:
                entry = shortened(entry)
                cells, dropped = self._cells(entry), dropped + 1
            if dropped:
                self.losses.append(Loss(entry.id, name, f"the last {dropped} did not fit into a cell"))
        return self._legal(entry.id, cells)

    def _cells(self, entry: FaqEntry) -> dict[str, str]:
        return cells_of(entry, excel_safe=self._excel_safe)

    def _legal(self, entry_id: str, cells: dict[str, str]) -> dict[str, str]:
        for name, text in cells.items():
            if _ILLEGAL.search(text):
                cells[name] = _ILLEGAL.sub("", text)
                self.losses.append(Loss(entry_id, name, "control characters were taken out"))
        return cells


def _without_last_wording(entry: FaqEntry) -> FaqEntry:
    last = max(i for i, s in enumerate(entry.similar_questions) if not s.negative)
    kept = tuple(s for i, s in enumerate(entry.similar_questions) if i != last)
    return entry.model_copy(update={"similar_questions": kept})


def _without_last_quote(entry: FaqEntry) -> FaqEntry:
    return entry.model_copy(update={"evidence": entry.evidence[:-1]})


def write(path: Path, entries: Iterable[FaqEntry], workbooks: Workbooks, *, excel_safe: bool) -> Written:
    """Write the entries in the order given; the same entries give the same bytes."""
    sheet = _Sheet(workbooks.max_cell_chars, excel_safe=excel_safe)
    workbooks.write(path, sheet.rows(entries))
    return Written(sheet.entries, tuple(sheet.left_out), tuple(sheet.losses))


def read(path: Path, workbooks: Workbooks) -> TableRead:
    """What the first sheet states; the other sheets are named as skipped.

    Raises:
        UnreadableTable: the file is no workbook, or nothing says which column is the question and which the answer.
    """
    sheet = workbooks.read(path)
    rows = [(line, cells) for line, cells in enumerate(sheet.rows, 1)]
    return replace(read_table(rows, format_name=NAME, file_name=path.name), skipped_sheets=sheet.skipped)


__all__ = ["NAME", "read", "write"]
