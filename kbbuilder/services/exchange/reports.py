"""What an export or an import did, row by row: nothing is lost without being named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of an entry that the format cannot hold, or a cell that could not be used. The rest is there."""

    entry_id: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that is not in the file at all."""

    entry_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """`entries` were written to `path`. `message` says in one line how it went, also when there was nothing."""

    format: str
    path: str
    status: str
    entries: int
    left_out: tuple[LeftOut, ...]
    losses: tuple[Loss, ...]
    message: str


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A row that gave nothing. `line` counts from 1 as an editor or a spreadsheet shows it; `code` is stable."""

    line: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A row that differs from an entry a person decided on; the entry stays as it is."""

    line: int
    entry_id: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportConflict:
    """An imported entry whose question the library answers differently; both are linked for a person to settle."""

    line: int
    entry_id: str
    other_id: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of each row: `rows` = created + updated + unchanged + merged + left alone + dropped.

    `approved` counts the created or updated entries that are approved now. `merged` rows said what an entry says
    already; their other wordings were added to it where no person had touched it. `losses` name a row by "line N".
    """

    format: str
    path: str
    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    approved: int = 0
    conflicts: tuple[ImportConflict, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()
    dropped: tuple[DroppedRow, ...] = ()
    losses: tuple[Loss, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    skipped_sheets: tuple[str, ...] = ()

    @property
    def kept(self) -> int:
        """Rows whose content the library holds now."""
        return self.created + self.updated + self.unchanged + self.merged

    @property
    def message(self) -> str:
        return (
            f"{self.rows} rows: {self.created} new, {self.updated} updated, {self.unchanged} unchanged, "
            f"{self.merged} merged, {len(self.left_alone)} left alone, {len(self.dropped)} dropped"
        )

    def balanced(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows == self.kept + len(self.left_alone) + len(self.dropped)
