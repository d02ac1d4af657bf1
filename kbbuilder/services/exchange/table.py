"""Tables of text cells: entries to rows in our own layout, and rows in anybody's layout to what they state."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kbbuilder.errors import UnreadableTable
from kbbuilder.schema import EntryStatus, Evidence, FaqEntry
from kbbuilder.services.exchange.cells import foreign_list, guarded, joined, own_list, unguarded
from kbbuilder.services.exchange.headers import OUR_HEADER, Columns, columns_of, columns_without_header
from kbbuilder.services.exchange.reports import DroppedRow, Loss
from kbbuilder.services.exchange.rows import (
    ExchangeRow,
    RowNotes,
    TableRead,
    date_from,
    evidence_from,
    evidence_objects,
    is_switched_on,
    language_from,
    status_from,
)

_HEADER_WITHIN = 5
"""Tables made by people often start with a title or a note; the header is looked for in this many rows."""


def cells_of(entry: FaqEntry, *, excel_safe: bool) -> dict[str, str]:
    """An entry's cells by column of `OUR_HEADER`."""
    cells = {
        "id": entry.id,
        "question": entry.question,
        "similar_questions": joined(s.text for s in entry.similar_questions if not s.negative),
        "negative_questions": joined(s.text for s in entry.similar_questions if s.negative),
        "answer": entry.answer,
        "status": entry.status.value,
        "tags": joined(entry.tags),
        "valid_from": entry.valid_from or "",
        "valid_to": entry.valid_to or "",
        "language": entry.language,
        "collection": entry.collection,
        "evidence": json.dumps(evidence_objects(entry), ensure_ascii=False, separators=(",", ":")),
    }
    return {name: guarded(_unix_lines(text), excel_safe=excel_safe) for name, text in cells.items()}


def losses_of(entry: FaqEntry) -> list[Loss]:
    """What of an entry our table layout has no column for."""
    return [Loss(entry.id, "flags", f"no column: {', '.join(entry.flags)}")] if entry.flags else []


def read_table(
    rows: Sequence[tuple[int, Sequence[str]]], *, format_name: str, file_name: str, dropped: Sequence[DroppedRow] = ()
) -> TableRead:
    """What a table of text cells states.

    Args:
        rows: (line, cells), empty ones included.
        dropped: rows the file's reader had to drop before.

    Raises:
        UnreadableTable: nothing says which column is the question and which the answer.
    """
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    columns, above, body = _layout(filled, file_name)
    ids = _usable_ids(columns, body)
    kept: list[ExchangeRow] = []
    gone = [*dropped, *above]
    losses: list[Loss] = []
    for line, cells in body:
        notes = RowNotes(line)
        row = _row(columns, cells, notes, with_id=ids)
        if row.question and row.answer:
            kept.append(row)
            losses += notes.losses
        else:
            missing = "the question" if not row.question else "the answer"
            gone.append(DroppedRow(line, "empty_cell", f"{missing} is empty"))
    return TableRead(format_name, tuple(kept), tuple(gone), tuple(losses), columns.ignored)


def _layout(
    rows: Sequence[tuple[int, Sequence[str]]], file_name: str
) -> tuple[Columns, list[DroppedRow], Sequence[tuple[int, Sequence[str]]]]:
    """The columns, the rows above the header (dropped), and the rows below it."""
    for i, (_, cells) in enumerate(rows[:_HEADER_WITHIN]):
        columns = columns_of(cells)
        if columns is not None:
            above = [DroppedRow(line, "above_header", "stands above the header row") for line, _ in rows[:i]]
            return columns, above, rows[i + 1 :]
    columns = columns_without_header([cells for _, cells in rows])
    if columns is not None:
        return columns, [], rows
    if not rows:
        raise UnreadableTable(f"{file_name} holds no rows")
    raise UnreadableTable(
        f"{file_name} does not say which column is the question and which the answer "
        f"(first row: {', '.join(cell.strip() for cell in rows[0][1][:8])[:200]})",
        hint="Name the columns question and answer (or 问题 and 答案) in the first row and import the file again.",
    )


def _usable_ids(columns: Columns, body: Sequence[tuple[int, Sequence[str]]]) -> bool:
    if "id" not in columns.by_field:
        return False
    if not columns.counting:
        return True
    values = [_cell(cells, columns.by_field["id"][0]).strip() for _, cells in body]
    return len(set(values)) == len(values) and values != [str(n) for n in range(1, len(values) + 1)]


def _row(columns: Columns, cells: Sequence[str], notes: RowNotes, *, with_id: bool) -> ExchangeRow:
    def one(name: str) -> str | None:
        at = columns.by_field.get(name)
        return None if at is None else unguarded(_cell(cells, at[0]))

    def many(name: str) -> tuple[str, ...] | None:
        at = columns.by_field.get(name)
        split = own_list if columns.own else foreign_list
        return None if at is None else tuple(item for i in at for item in split(unguarded(_cell(cells, i))))

    status, off = _status(one("status"), one("disabled"), notes)
    language, valid_from, valid_to = one("language"), one("valid_from"), one("valid_to")
    return ExchangeRow(
        line=notes.line,
        question=(one("question") or "").strip(),
        answer=(one("answer") or "").strip(),
        id=((one("id") or "").strip() or None) if with_id else None,
        similar=many("similar"),
        negative=many("negative"),
        status=status,
        switched_off=off,
        tags=many("tags"),
        flags=many("flags"),
        valid_from=None if valid_from is None else date_from(valid_from, "valid_from", notes),
        valid_to=None if valid_to is None else date_from(valid_to, "valid_to", notes),
        language=None if language is None else language_from(language, notes),
        collection=(one("collection") or "").strip() or None,
        evidence=_evidence(one("evidence"), notes),
    )


def _status(status: str | None, disabled: str | None, notes: RowNotes) -> tuple[EntryStatus | None, bool]:
    stated, off = (None, False) if status is None else status_from(status, notes)
    return stated, off or (disabled is not None and is_switched_on(disabled))


def _evidence(cell: str | None, notes: RowNotes) -> tuple[Evidence, ...] | None:
    if cell is None:
        return None
    text = cell.strip()
    if not text:
        return ()
    try:
        return evidence_from(json.loads(text), notes)
    except ValueError:
        notes.lose("evidence", f"“{text[:80]}” names a source but quotes nothing from it")
        return None


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cell(cells: Sequence[str], i: int) -> str:
    return cells[i] if i < len(cells) else ""


__all__ = ["OUR_HEADER", "cells_of", "losses_of", "read_table"]
