"""Building a library: take files in, work them off, tell how each ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kbbuilder.config import Settings
from kbbuilder.errors import DocumentError, EngineUnavailable, IllegalTransition, TooLarge
from kbbuilder.ports import DocumentParser, Embedder, Extractor, TextSplitter
from kbbuilder.schema import VersionState
from kbbuilder.services.build.pipeline import Run, Tools
from kbbuilder.services.build.registration import display_name, find_files, read_file
from kbbuilder.services.build.report import (
    QUEUED,
    UNCHANGED,
    BuildReport,
    FileReport,
    Progress,
    Registered,
    totals,
)
from kbbuilder.services.build.shift import Shift
from kbbuilder.services.build.views import (
    Coverage,
    DocumentView,
    coverage_of,
    document_views,
    file_reports,
    library_summary,
)
from kbbuilder.store import documents
from kbbuilder.store.blobs import Blobs
from kbbuilder.store.database import Database
from kbbuilder.store.documents import IN_LIBRARY, iso

AUTO = "auto"
_AGAIN = (VersionState.FAILED, VersionState.RETRY, VersionState.CANCELLED)


class BuildService:
    """Documents in, entries out. Safe to use from several processes on one database at the same time.

    Args:
        extractors: by engine name, the one that "auto" means last.
        clock: the time, with its zone.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        parser: DocumentParser,
        splitter: TextSplitter,
        extractors: Mapping[str, Extractor],
        embedder: Embedder,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._tools = Tools(database, blobs, parser, splitter, extractors, embedder, settings, clock)

    # -- taking in --------------------------------------------------------------------------------------------

    def add_paths(self, paths: Sequence[Path], *, collection: str, engine: str) -> Registered:
        """Take files and folders in, in sorted order. Nothing is read into the library yet: `run` does that.

        Raises:
            PathNotFound: a path does not exist; nothing has been taken in.
            EngineUnavailable: that engine is not set up.
            StoreFull: no space for the bytes; what was taken in before stays.
        """
        engine = self._engine(engine)
        reports = []
        for file in find_files(paths, self._tools.database.path):
            try:
                if file.problem is not None:
                    raise file.problem
                content = read_file(file.path, self._tools.settings.limits.max_file_bytes)
            except DocumentError as error:
                reports.append(FileReport(file.name, error.code, error.message, error.hint))
            else:
                reports.append(self._take_in(file.name, content, collection, engine))
        return Registered(tuple(reports))

    def add_upload(self, name: str, data: bytes, *, collection: str, engine: str) -> FileReport:
        """Take one file in from its bytes; `name` is what the operator calls it.

        Raises:
            EngineUnavailable: that engine is not set up.
            StoreFull: no space for the bytes.
        """
        engine = self._engine(engine)
        limit = self._tools.settings.limits.max_file_bytes
        if len(data) > limit:
            error = TooLarge(f"the file is larger than {limit // (1 << 20)} MiB")
            return FileReport(display_name(name), error.code, error.message, error.hint)
        return self._take_in(display_name(name), data, collection, engine)

    def _engine(self, name: str) -> str:
        if name == AUTO:
            return list(self._tools.extractors)[-1]
        if name not in self._tools.extractors:
            raise EngineUnavailable(f"the engine {name!r} is not set up; there is {', '.join(self._tools.extractors)}")
        return name

    def _take_in(self, name: str, content: bytes, collection: str, engine: str) -> FileReport:
        sha256 = self._tools.blobs.put(content)
        at = iso(self._tools.clock())
        with self._tools.database.write() as conn:
            newest = documents.newest_version(conn, collection, name)
            if newest is None or newest.sha256 != sha256:
                newest = documents.add_version(
                    conn, collection=collection, document=name, sha256=sha256, size_bytes=len(content), engine=engine,
                    at=at,
                )  # fmt: skip
            elif newest.state in _AGAIN:
                # Asked for once more: perhaps a limit was raised or a package installed since it failed.
                documents.restart(conn, newest.id, only_from=_AGAIN, at=at)
            elif newest.state in IN_LIBRARY:
                return replace(file_reports(conn, [newest.id])[newest.id], outcome=UNCHANGED)
        return FileReport(name, QUEUED, version=newest.number, version_id=newest.id, engine=newest.engine)

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
            seconds=round(time.monotonic() - started, 3),
        )

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


_RELOAD = "Reload the page; the document has moved on."


def _latest(file: FileReport, reports: Mapping[int, FileReport]) -> FileReport:
    if file.version_id is None or file.version_id not in reports or file.outcome == UNCHANGED:
        return file
    return reports[file.version_id]
