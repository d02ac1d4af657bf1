"""Building a library: take files in, work them off, tell how each ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kbbuilder.config import Price, Settings
from kbbuilder.errors import DocumentError, EngineUnavailable, IllegalTransition, ModelError, TooLarge
from kbbuilder.ports import DocumentParser, Embedder, Extractor, TextSplitter
from kbbuilder.reading_notes import NoteCode
from kbbuilder.schema import ChunkState, VersionState
from kbbuilder.services.build.asking import ENGINE as LLM
from kbbuilder.services.build.pipeline import Run
from kbbuilder.services.build.previewing import Preview, estimate, preview
from kbbuilder.services.build.registration import display_name, find_files, read_file
from kbbuilder.services.build.report import (
    QUEUED,
    UNCHANGED,
    BuildReport,
    FileReport,
    Pause,
    Progress,
    Registered,
    totals,
)
from kbbuilder.services.build.shift import Shift
from kbbuilder.services.build.tools import Tools
from kbbuilder.services.build.views import (
    Coverage,
    DocumentView,
    coverage_of,
    document_views,
    file_reports,
    library_summary,
)
from kbbuilder.services.model import Estimate, ModelDesk
from kbbuilder.store import documents, ledger
from kbbuilder.store.blobs import Blobs
from kbbuilder.store.database import Connection, Database
from kbbuilder.store.documents import IN_LIBRARY, VersionRecord, iso

AUTO = "auto"
STRUCTURAL = "structural"
AWAITS_WORD = "AWAITS_WORD"
"""Code of an edition that has been read and waits for a person's word before a model is asked."""
_AGAIN = (VersionState.FAILED, VersionState.RETRY, VersionState.CANCELLED)


class BuildService:
    """Documents in, entries out. Safe to use from several processes on one database at the same time.

    Args:
        structural: the engine that needs no model.
        desk: opens a desk at which a model is asked, once a run; None when no model is set up.
        clock: the time, with its zone.
        price: what the model costs; None: not known.
        recognises: whether text recognition is installed now.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        parser: DocumentParser,
        splitter: TextSplitter,
        structural: Extractor,
        desk: Callable[[], ModelDesk] | None,
        embedder: Embedder,
        settings: Settings,
        clock: Callable[[], datetime],
        price: Price | None = None,
        recognises: Callable[[], bool] = lambda: False,
    ) -> None:
        self._recognises = recognises
        self._tools = Tools(database, blobs, parser, splitter, structural, desk, embedder, settings, price, clock)

    # -- taking in --------------------------------------------------------------------------------------------

    def add_paths(self, paths: Sequence[Path], *, collection: str, engine: str, hold: bool = False) -> Registered:
        """Take files and folders in, in sorted order. Nothing is read into the library yet: `run` does that.

        Args:
            engine: `auto`, or one of `engines`; one asked for by name also reads files anew that another has read.
            hold: they wait for a person's word, which is taking them in again or `retry`.

        Raises:
            PathNotFound: a path does not exist; nothing has been taken in.
            EngineUnavailable: that engine is not set up.
            StoreFull: no space for the bytes; what was taken in before stays.
        """
        self._engine(engine)
        reports = []
        for file in find_files(paths, self._tools.database.path):
            try:
                if file.problem is not None:
                    raise file.problem
                content = read_file(file.path, self._tools.settings.limits.max_file_bytes)
            except DocumentError as error:
                reports.append(FileReport(file.name, error.code, error.message, error.hint))
            else:
                reports.append(self._take_in(file.name, content, collection, engine, hold))
        return Registered(tuple(reports))

    def add_upload(self, name: str, data: bytes, *, collection: str, engine: str, hold: bool = False) -> FileReport:
        """Take one file in from its bytes; `name` is what the operator calls it. The rest as in `add_paths`.

        Raises:
            EngineUnavailable: that engine is not set up.
            StoreFull: no space for the bytes.
        """
        self._engine(engine)
        limit = self._tools.settings.limits.max_file_bytes
        if len(data) > limit:
            error = TooLarge(f"the file is larger than {limit // (1 << 20)} MiB")
            return FileReport(display_name(name), error.code, error.message, error.hint)
        return self._take_in(display_name(name), data, collection, engine, hold)

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that can run, the one that `auto` means last."""
        return (STRUCTURAL,) if self._tools.desk is None else (STRUCTURAL, LLM)

    def _engine(self, name: str) -> str:
        if name == AUTO:
            return self.engines[-1]
        if name not in self.engines:
            raise EngineUnavailable(f"the engine {name!r} is not set up")
        return name

    def _take_in(self, name: str, content: bytes, collection: str, engine: str, hold: bool) -> FileReport:
        sha256 = self._tools.blobs.put(content)
        at = iso(self._tools.clock())
        extractor = self._engine(engine)
        with self._tools.database.write() as conn:
            newest = documents.newest_version(conn, collection, name)
            if newest is not None and newest.sha256 == sha256 and newest.state in _AGAIN:
                # Asked for once more: perhaps a limit was raised or a package installed since it failed.
                documents.restart(conn, newest.id, only_from=_AGAIN, engine=extractor, at=at)
            elif newest is not None and newest.sha256 == sha256 and not self._anew(conn, newest, engine):
                if newest.state in IN_LIBRARY:
                    return replace(file_reports(conn, [newest.id])[newest.id], outcome=UNCHANGED)
            else:
                newest = documents.add_version(
                    conn, collection=collection, document=name, sha256=sha256, size_bytes=len(content),
                    engine=extractor, at=at,
                )  # fmt: skip
            held = hold and documents.hold(
                conn, newest.id, code=AWAITS_WORD, reason=_AWAITS_REASON, hint=_AWAITS_HINT, at=at
            )
        outcome = AWAITS_WORD if held else QUEUED
        return FileReport(name, outcome, version=newest.number, version_id=newest.id, engine=extractor)

    def _anew(self, conn: Connection, newest: VersionRecord, engine: str) -> bool:
        """Whether the same bytes are worth another reading: by another engine, asked for by name, because the model
        failed on some of their chunks, or because text recognition was missing and is there now."""
        if newest.state not in IN_LIBRARY:
            return False
        if engine not in (AUTO, newest.engine):
            return True
        if any(note.code is NoteCode.RECOGNITION_MISSING for note in newest.warnings) and self._recognises():
            return True
        failed = ledger.counts(conn, [newest.id])[newest.id].chunks.get(ChunkState.FAILED, 0)
        return bool(failed) and newest.engine == LLM == self._engine(engine)

    # -- working off ------------------------------------------------------------------------------------------

    def run(
        self,
        *,
        collection: str | None = None,
        progress: Callable[[Progress], None] | None = None,
        registered: Registered | None = None,
    ) -> BuildReport:
        """Work off everything due, of one collection or of all, and resume what a dead process left.

        Args:
            registered: what was taken in for this run; its files lead the report, in their order.

        Raises:
            StoreError: the database cannot be written; what was finished stays, the next run goes on from there.
        """
        started = time.monotonic()
        worked = Run(self._tools, collection, progress).work()
        files = registered.files if registered is not None else ()
        named = [file.version_id for file in files if file.version_id is not None]
        others = [version_id for version_id in worked.version_ids if version_id not in set(named)]
        with self._tools.database.read() as conn:
            reports = file_reports(conn, [*named, *others])
            scope = documents.collections(conn) if collection is None else (collection,)
            summary = library_summary(conn, scope)
        told = [_latest(file, reports) for file in files]
        told += [reports[version_id] for version_id in others if version_id in reports]
        return BuildReport(
            documents=tuple(told),
            totals=totals(told),
            entries=summary.entries,
            duplicates=worked.duplicates,
            conflicts=summary.conflicts,
            wordings=worked.wordings,
            spent=worked.spent,
            paused=_pause_of(worked.paused),
            seconds=round(time.monotonic() - started, 3),
        )

    def preview(
        self,
        version_ids: Sequence[int],
        *,
        chunks: int,
        progress: Callable[[Progress], None] | None = None,
    ) -> Preview:
        """What some chunks of these editions give, and what all of them would cost. Nothing enters the library; the
        model's replies are kept, so that building does not pay for them again.

        Args:
            chunks: how many, spread evenly over the text.

        Raises:
            DocumentError: a document cannot be read.
            ModelError: the model cannot be asked.
        """
        return preview(self._tools, version_ids, chunks, progress)

    def estimate(self, registered: Registered, progress: Callable[[Progress], None] | None = None) -> Estimate:
        """What asking a model about these editions will need, at most: they are read and cut into chunks for it."""
        Run(self._tools, None, progress, only_chunk=True).work()
        version_ids = [file.version_id for file in registered.files if file.version_id is not None]
        return estimate(self._tools, version_ids)

    def serve(self, *, idle_s: float) -> bool:
        """Be the background worker: `run` whenever something is due, of any collection, until nothing has been due for
        `idle_s`. False, at once, when another process is the worker.

        Raises:
            StoreError: the store stayed busy or full for a minute, or is damaged.
        """
        return Shift(self._tools.database, self._tools.clock).serve(self.run, idle_s)

    def worker_runs(self) -> bool:
        """Whether a background worker is on duty."""
        return Shift(self._tools.database, self._tools.clock).somebody_works()

    def retry(self, version_id: int) -> None:
        """Send a failed, waiting or cancelled edition through the pipeline again; `run` or the worker picks it up.

        Raises:
            IllegalTransition: it is in no such state, or there is no such edition.
        """
        with self._tools.database.write() as conn:
            if not documents.restart(conn, version_id, only_from=_AGAIN, at=iso(self._tools.clock())):
                raise IllegalTransition("only a failed, waiting or cancelled document can be tried again", hint=_RELOAD)

    def cancel(self, version_id: int) -> None:
        """Take an edition out of the pipeline; whoever works on it drops it.

        Raises:
            IllegalTransition: it is in the library already, or out of the pipeline anyway.
        """
        with self._tools.database.write() as conn:
            if not documents.cancel(conn, version_id, at=iso(self._tools.clock())):
                raise IllegalTransition("only a document on its way into the library can be cancelled", hint=_RELOAD)

    # -- looking ----------------------------------------------------------------------------------------------

    def collections(self) -> tuple[str, ...]:
        """The names of all collections, sorted."""
        with self._tools.database.read() as conn:
            return documents.collections(conn)

    def documents(self, collection: str) -> tuple[DocumentView, ...]:
        """The newest edition of each document, by name."""
        with self._tools.database.read() as conn:
            return document_views(conn, collection)

    def coverage(self, version_id: int) -> Coverage:
        """What of an edition's text entries stand on."""
        with self._tools.database.read() as conn:
            return coverage_of(conn, version_id)

    def pending(self, *, collection: str | None = None) -> int:
        """How many editions are due or being worked on."""
        with self._tools.database.read() as conn:
            return documents.unfinished(conn, collection=collection, at=iso(self._tools.clock()))


_AWAITS_REASON = "taken in for a preview; nothing is built yet"
_AWAITS_HINT = "Build the same documents again, without the preview."
_RELOAD = "Reload the page; the document has moved on."


def _latest(file: FileReport, reports: Mapping[int, FileReport]) -> FileReport:
    if file.version_id is None or file.version_id not in reports or file.outcome == UNCHANGED:
        return file
    return reports[file.version_id]


def _pause_of(error: ModelError | None) -> Pause | None:
    return None if error is None else Pause(error.code, error.message, error.hint)
