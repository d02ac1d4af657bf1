"""Export and import: files out of the library, and tables of questions and answers into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from kbbuilder.errors import Corrupt, PathNotFound, UnknownFormat, UnreadableTable
from kbbuilder.language.encoding import decode
from kbbuilder.ports import Embedder, Workbooks
from kbbuilder.schema import EntryStatus, FaqEntry
from kbbuilder.services.exchange import comma_separated, json_lines, markdown, xlsx
from kbbuilder.services.exchange.importing import ImportOptions, import_rows
from kbbuilder.services.exchange.reports import ExportReport, ImportReport
from kbbuilder.services.exchange.rows import TableRead
from kbbuilder.services.exchange.written import Written, replacing
from kbbuilder.store import documents
from kbbuilder.store.database import Database
from kbbuilder.store.entries import walk

FORMATS = (json_lines.NAME, comma_separated.NAME, xlsx.NAME, markdown.NAME)
STATUSES = ("approved", "all")

_BY_SUFFIX = {
    ".jsonl": json_lines.NAME, ".ndjson": json_lines.NAME, ".json": json_lines.NAME,
    ".csv": comma_separated.NAME, ".tsv": comma_separated.NAME, ".txt": comma_separated.NAME,
    ".xlsx": xlsx.NAME, ".xlsm": xlsx.NAME, ".xls": xlsx.NAME,
    ".md": markdown.NAME, ".markdown": markdown.NAME,
}  # fmt: skip
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MAX_FILE_BYTES = 1024 * 1024 * 1024


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ExchangeService:
    """Writes the library to files and reads tables into it."""

    def __init__(
        self, db: Database, embedder: Embedder, workbooks: Workbooks, *, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        self._db = db
        self._embedder = embedder
        self._workbooks = workbooks
        self._clock = clock

    def export_entries(
        self,
        *,
        format: str,
        path: Path,
        status: str = "approved",
        collection: str | None = None,
        excel_safe: bool = False,
    ) -> ExportReport:
        """Write entries to a file, sorted by collection and id (Markdown: by document and section). The file appears
        whole or not at all; the same library gives the same bytes.

        Args:
            format: one of `FORMATS`.
            status: "approved", or "all" for entries of every status.
            collection: only this one; None takes all.
            excel_safe: in CSV and XLSX, put a quote before cells a spreadsheet would take for a formula.

        Raises:
            UnknownFormat: the format or status is none of ours.
            ExchangeError: the file cannot be written.
        """
        name = _known_format(format)
        if status not in STATUSES:
            raise UnknownFormat(f"status is {status!r}; it must be approved or all", hint="Use approved or all.")
        statuses = (EntryStatus.APPROVED,) if status == "approved" else None
        with self._db.read() as conn, replacing(path) as draft:
            entries = walk(conn, collection=collection, statuses=statuses)
            written = self._write(name, draft, entries, excel_safe=excel_safe)
        return ExportReport(
            format=name,
            path=str(path),
            status=status,
            entries=written.entries,
            left_out=written.left_out,
            losses=written.losses,
            message=_said(written, status, path),
        )

    def import_file(
        self,
        path: Path,
        *,
        collection: str,
        format: str | None = None,
        approve: bool = False,
        actor: str = "operator",
    ) -> ImportReport:
        """Bring a table of questions and answers in. Importing the same file again adds nothing.

        A row keeps its id when it has one. An entry a person has edited or decided on is never changed; a row that
        contradicts an entry becomes a pending entry, linked with it as a conflict. A row whose own status says
        approved, rejected or stale keeps it; the others are pending.

        Args:
            collection: takes the rows that name none themselves.
            format: one of `FORMATS`; None tells from the file.
            approve: rows that would be pending are approved, unless they contradict an approved entry.

        Raises:
            PathNotFound: there is no such file.
            UnknownFormat: the format is none of ours.
            UnreadableTable: the file is no table, or does not say what is the question and what the answer.
        """
        table = self._read(path, None if format is None else _known_format(format))
        at = documents.iso(self._clock())
        options = ImportOptions(collection=collection, approve=approve, actor=actor, at=at)
        return import_rows(self._db, self._embedder, table, options, path=str(path))

    def _write(self, name: str, draft: Path, entries: Iterator[FaqEntry], *, excel_safe: bool) -> Written:
        if name == json_lines.NAME:
            return json_lines.write(draft, entries)
        if name == comma_separated.NAME:
            return comma_separated.write(draft, entries, excel_safe=excel_safe)
        if name == xlsx.NAME:
            return xlsx.write(draft, entries, self._workbooks, excel_safe=excel_safe)
        return markdown.write(draft, entries)

    def _read(self, path: Path, name: str | None) -> TableRead:
        data = _bytes_of(path)
        name = name or _told(path, data)
        if name == xlsx.NAME:
            return xlsx.read(path, self._workbooks)
        text = _text_of(data, path.name)
        if name == json_lines.NAME:
            return json_lines.read(text, path.name)
        if name == markdown.NAME:
            return markdown.read(text, path.name)
        return comma_separated.read(text, path.name)


def _known_format(format: str) -> str:
    name = {"md": markdown.NAME}.get(format.lower(), format.lower())
    if name not in FORMATS:
        raise UnknownFormat(f"{format!r} is no format of ours; there are {', '.join(FORMATS)}")
    return name


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise PathNotFound(f"no file {path}")
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise UnreadableTable(f"{path.name} is larger than 1 GiB", hint="Split the table into smaller files.")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableTable(f"{path} cannot be read: {reason}", hint="Check the file's permissions.") from error


def _told(path: Path, data: bytes) -> str:
    """The format by what the file starts with, then by its name, then by how its text looks."""
    if data.startswith((_ZIP, _OLE)):
        return xlsx.NAME
    by_name = _BY_SUFFIX.get(path.suffix.lower())
    if by_name is not None:
        return by_name
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"{", b"[")):
        return json_lines.NAME
    return markdown.NAME if b"<!-- faq" in head else comma_separated.NAME


def _text_of(data: bytes, file_name: str) -> str:
    """The file's text. Characters are never replaced: a table that cannot be decoded is refused as a whole."""
    try:
        decoded = decode(data)
    except Corrupt as error:
        raise UnreadableTable(f"{file_name} is no text: {error.message}", hint="Save it as UTF-8 CSV.") from error
    if decoded.damaged:
        raise UnreadableTable(
            f"{file_name} has {decoded.damaged} characters that are not {decoded.encoding}",
            hint="Save it as UTF-8 CSV.",
        )
    return decoded.text.removeprefix("\ufeff")


def _said(written: Written, status: str, path: Path) -> str:
    which = "approved entries" if status == "approved" else "entries"
    if written.entries == 0 and not written.left_out:
        hint = "; approve some first, or export with status all" if status == "approved" else ""
        return f"there are no {which} to export{hint}; {path.name} holds none"
    left_out = f", {len(written.left_out)} left out" if written.left_out else ""
    lost = f", {len(written.losses)} details not held by the format" if written.losses else ""
    return f"{written.entries} {which} written to {path.name}{left_out}{lost}"
