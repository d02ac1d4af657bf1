"""Working off what is due: from uploaded bytes to entries with similar questions.

    uploaded → chunked → extracted → merged → done        (or failed, retry)

Reading a document takes its time in a process of its own, so some documents are read ahead. Their results are stored
and merged strictly in build order: the n-th document meets the same library whether or not a process died on the way.
Each step's rows and the change of state commit together, under a guard that fails when somebody else has the edition.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kbbuilder.config import Settings
from kbbuilder.errors import BlobMissing, EngineUnavailable, KbError, StoreBusy, StoreError, document_error
from kbbuilder.ports import DocumentParser, Embedder, Extractor, TextSplitter
from kbbuilder.schema import (
    ChunkState,
    DocumentContext,
    Grounded,
    Language,
    ParseOutcome,
    VersionState,
)
from kbbuilder.services.build.expanding import Expansion, add_expansion, expand_version
from kbbuilder.services.build.merging import merge_version, plan_merge, texts_to_encode
from kbbuilder.services.build.processes import is_gone, new_owner
from kbbuilder.services.build.remembering import RememberingEmbedder
from kbbuilder.services.build.report import INTERNAL, Progress, Wordings
from kbbuilder.stages.chunk import chunk_document
from kbbuilder.stages.extract import context_of
from kbbuilder.stages.ground import ground
from kbbuilder.store import documents, ledger
from kbbuilder.store.blobs import Blobs
from kbbuilder.store.database import Database
from kbbuilder.store.documents import Scalar, VersionRecord, iso
from kbbuilder.store.ledger import ChunkVerdict, StoredChunk
from kbbuilder.store.search import ensure_vectors

LEASE_S = 60.0
_RENEW_S = 15.0
_POLL_S = 0.2
_TELL_S = 0.3
"""At least so long between two writes of progress."""
MAX_ATTEMPTS = 3
_BACKOFF_S = (30.0, 120.0)
_REPORT_HINT = "Please report this, with the file if you may share it."


@dataclass(frozen=True, slots=True)
class Tools:
    """What a build works with."""

    database: Database
    blobs: Blobs
    parser: DocumentParser
    splitter: TextSplitter
    extractors: Mapping[str, Extractor]
    """By the engine's name."""
    embedder: Embedder
    settings: Settings
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Worked:
    """What a run did: the editions it worked on, in build order, merged candidates and similar questions."""

    version_ids: tuple[int, ...]
    duplicates: int
    wordings: Wordings


class _Lost(Exception):
    """Somebody else has the edition now (cancelled, replaced, or the lease ran out); this run's work on it is void."""


@dataclass
class _Job:
    record: VersionRecord
    reading: Future[ParseOutcome] | None = None
    waits: bool = False
    """It was ready to be merged when last looked at, but an earlier edition was not."""


@dataclass
class Run:
    """One run over everything due. Not to be used twice."""

    tools: Tools
    collection: str | None
    progress: Callable[[Progress], None] | None = None
    owner: str = field(default_factory=new_owner)

    def __post_init__(self) -> None:
        self._worked: dict[int, int] = {}
        self._done = 0
        self._total = 0
        self._duplicates = 0
        self._wordings = Wordings()
        self._told = 0.0

    def work(self) -> Worked:
        """Work off all editions that are due, and wait for those another process has in hand.

        Raises:
            StoreError: the database cannot be written (full, locked for long); what was finished stays finished.
        """
        with (
            self._leases_kept(),
            ThreadPoolExecutor(max(1, self.tools.settings.workers), thread_name_prefix="read") as pool,
        ):
            try:
                self._work(pool)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                with suppress(StoreError), self.tools.database.write() as conn:
                    documents.release_leases(conn, owner=self.owner)
        ordered = sorted(self._worked, key=lambda version_id: self._worked[version_id])
        return Worked(tuple(ordered), self._duplicates, self._wordings)

    def _work(self, pool: ThreadPoolExecutor) -> None:
        jobs: list[_Job] = []
        while True:
            jobs += self._claim(pool, jobs)
            jobs.sort(key=lambda job: job.record.ordinal)
            ready = next((job for job in jobs if not job.waits), None)
            if ready is not None:
                if self._advance(ready):
                    jobs.remove(ready)
                    for job in jobs:
                        job.waits = False
                else:
                    ready.waits = True
            elif jobs or self._others_at_work():
                time.sleep(_POLL_S)
                for job in jobs:
                    job.waits = False
            else:
                return

    # -- leases -----------------------------------------------------------------------------------------------

    def _claim(self, pool: ThreadPoolExecutor, jobs: Sequence[_Job]) -> list[_Job]:
        """Take more editions, to be read ahead; with enough in hand only one that those wait for."""
        now = self._now()
        limit = 2 * max(1, self.tools.settings.workers) - len(jobs)
        before = None
        if limit <= 0:
            if not any(job.waits for job in jobs):
                return []
            limit, before = 1, jobs[0].record.ordinal
        with self.tools.database.write() as conn:
            dead = [owner for owner in documents.lease_owners(conn) if is_gone(owner)]
            records = documents.claim(
                conn, owner=self.owner, until=self._until(), at=now, limit=limit, collection=self.collection, dead=dead,
                before=before,
            )  # fmt: skip
            if records:
                waiting = documents.unfinished(conn, collection=self.collection, at=now)
                self._total = max(self._total, self._done + waiting)
        claimed = []
        for record in records:
            self._worked[record.id] = record.ordinal
            reads = record.state in (VersionState.UPLOADED, VersionState.RETRY, VersionState.PARSED)
            claimed.append(_Job(record, pool.submit(self._read, record) if reads else None))
        return claimed

    def _others_at_work(self) -> bool:
        with self.tools.database.read() as conn:
            return documents.unfinished(conn, collection=self.collection, at=self._now()) > 0

    @contextmanager
    def _leases_kept(self) -> Iterator[None]:
        """Leases are renewed while the run lasts, however long a single step takes."""
        over = threading.Event()

        def keep() -> None:
            while not over.wait(_RENEW_S):
                with suppress(StoreError), self.tools.database.write() as conn:
                    documents.renew_leases(conn, owner=self.owner, until=self._until())

        keeper = threading.Thread(target=keep, name="leases", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def _now(self) -> str:
        return iso(self.tools.clock())

    def _until(self) -> str:
        return iso(self.tools.clock() + timedelta(seconds=LEASE_S))

    # -- steps ------------------------------------------------------------------------------------------------

    def _advance(self, job: _Job) -> bool:
        """Take one edition as far as it goes. False when it must wait for an earlier one of its collection."""
        try:
            if job.reading is not None:
                job.record = self._chunked(job.record, self._outcome_of(job.record, job.reading))
                job.reading = None
            if job.record.state is VersionState.CHUNKED:
                job.record = self._extracted(job.record)
            if job.record.state is VersionState.EXTRACTED:
                return self._merged(job.record)
            self._expanded(job.record)
        except _Lost:
            pass
        except StoreError as error:
            if not isinstance(error, BlobMissing):
                raise
            self._failed(job.record, error)
        except Exception as error:  # the one place that catches broadly: one document's fault must not stop the others
            self._failed(job.record, error)
        return True

    def _read(self, record: VersionRecord) -> ParseOutcome:
        """Runs in a thread: only waits for the parse process."""
        return self.tools.parser.parse(self.tools.blobs.verified(record.sha256), record.document)

    def _outcome_of(self, record: VersionRecord, reading: Future[ParseOutcome]) -> ParseOutcome:
        self._tell(record, "parse", 0, 1)
        while not wait([reading], timeout=_TELL_S).done:
            self._tell(record, "parse", 0, 1)
        return reading.result()

    def _chunked(self, record: VersionRecord, outcome: ParseOutcome) -> VersionRecord:
        document = outcome.document
        if document is None:
            raise document_error(outcome.code, outcome.reason, hint=outcome.hint)
        settings = self.tools.settings
        max_chars = settings.chunk_chars_zh if document.language == "zh" else settings.chunk_chars_en
        self._tell(record, "chunk", 0, 1)
        chunks = chunk_document(document, max_chars=max_chars, splitter=self.tools.splitter)
        columns: dict[str, Scalar | list[str]] = {
            "media_type": document.media_type,
            "language": document.language,
            "title": document.title,
            "pages": document.pages,
            "warnings": list(document.warnings),
            "code": "",
            "reason": "",
            "hint": "",
            "not_before": None,
        }
        with self.tools.database.write() as conn:
            self._guard(documents.advance(
                conn, record, to=VersionState.CHUNKED, owner=self.owner, at=self._now(), columns=columns
            ))  # fmt: skip
            ledger.write_chunks(conn, record.id, chunks)
            return documents.version(conn, record.id)

    def _extracted(self, record: VersionRecord) -> VersionRecord:
        extractor = self.tools.extractors.get(record.engine)
        if extractor is None:
            raise EngineUnavailable(f"the document waits for the engine {record.engine!r}, which is not set up")
        with self.tools.database.read() as conn:
            chunks = ledger.chunks_of(conn, record.id)
        language: Language = "zh" if record.language == "zh" else "en"
        context = context_of(record.document, record.title, language, [stored.chunk for stored in chunks])
        verdicts = []
        for number, stored in enumerate(chunks):
            self._tell(record, "extract", number, len(chunks))
            verdicts.append(_verdict(extractor, stored, context))
        with self.tools.database.write() as conn:
            self._guard(documents.advance(conn, record, to=VersionState.EXTRACTED, owner=self.owner, at=self._now()))
            ledger.write_verdicts(conn, record.id, verdicts)
            return documents.version(conn, record.id)

    def _merged(self, record: VersionRecord) -> bool:
        with self.tools.database.read() as conn:
            if documents.must_wait(conn, record):
                return False
            texts = texts_to_encode(conn, record)
        self._tell(record, "merge", 0, 1)
        ensure_vectors(self.tools.database, self.tools.embedder, texts)
        with self.tools.database.read() as conn:
            plan = plan_merge(conn, self.tools.embedder, record)
        with self.tools.database.write() as conn:
            if documents.must_wait(conn, record):
                return False
            at = self._now()
            self._guard(
                documents.advance(conn, record, to=VersionState.MERGED, owner=self.owner, at=at, keep_lease=False)
            )
            duplicates = merge_version(conn, self.tools.embedder, record, plan=plan, at=at)
        self._duplicates += duplicates
        return True

    def _expanded(self, record: VersionRecord) -> None:
        embedder = RememberingEmbedder(self.tools.embedder)
        with self.tools.database.read() as conn:
            expansion = expand_version(
                conn,
                embedder,
                record,
                per_entry=self.tools.settings.similar_per_entry,
                tell=lambda done, total: self._tell(record, "expand", done, total),
            )
        ensure_vectors(self.tools.database, embedder, [wording.text for _, wording in expansion.added])
        self._finish(record, expansion)
        self._wordings += expansion.wordings

    def _finish(self, record: VersionRecord, expansion: Expansion, columns: Mapping[str, Scalar] | None = None) -> None:
        with self.tools.database.write() as conn:
            at = self._now()
            self._guard(
                documents.advance(
                    conn, record, to=VersionState.DONE, owner=self.owner, at=at, keep_lease=False, columns=columns
                )
            )
            add_expansion(conn, self.tools.embedder, expansion, at=at)
        self._done += 1

    @staticmethod
    def _guard(held: bool) -> None:
        if not held:
            raise _Lost

    # -- failures ---------------------------------------------------------------------------------------------

    def _failed(self, record: VersionRecord, error: Exception) -> None:
        """Record how an edition failed: for good, or until a later attempt."""
        code = error.code if isinstance(error, KbError) else INTERNAL
        reason = error.message if isinstance(error, KbError) else f"unexpected {type(error).__name__}: {error}"[:300]
        columns: dict[str, Scalar] = {
            "code": code,
            "reason": reason,
            "hint": error.hint if isinstance(error, KbError) else _REPORT_HINT,
            "attempts": record.attempts + 1,
        }
        if record.state is VersionState.MERGED:
            # Its entries are in the library; only the similar questions are missing.
            with suppress(_Lost):
                self._finish(record, Expansion((), Wordings()), columns)
            return
        again = isinstance(error, KbError) and error.retryable and record.attempts + 1 < MAX_ATTEMPTS
        if again:
            pause = timedelta(seconds=_BACKOFF_S[record.attempts])
            columns["not_before"] = iso(self.tools.clock() + pause)
        with self.tools.database.write() as conn:
            documents.advance(
                conn, record, to=VersionState.RETRY if again else VersionState.FAILED, owner=self.owner,
                at=self._now(), keep_lease=False, columns=columns,
            )  # fmt: skip
        self._done += 1

    # -- progress ---------------------------------------------------------------------------------------------

    def _tell(self, record: VersionRecord, stage: str, done: int, total: int) -> None:
        """Progress for the caller at the start of each stage and then every so often; every so often, too, in the
        database, for other processes."""
        now = time.monotonic()
        due = now - self._told >= _TELL_S
        if self.progress is not None and (due or done == 0):
            self.progress(Progress(record.document, stage, done, total, self._done, max(self._total, self._done)))
        if due:
            self._told = now
            with suppress(StoreBusy), self.tools.database.write() as conn:
                documents.set_progress(conn, record.id, stage=stage, done=done, total=total, at=self._now())


def _verdict(extractor: Extractor, stored: StoredChunk, context: DocumentContext) -> ChunkVerdict:
    try:
        extraction = extractor.extract(stored.chunk, context)
    except KbError as error:
        return ChunkVerdict(stored.pk, ChunkState.FAILED, error.code)
    grounded: tuple[Grounded, ...] = tuple(ground(c, stored.chunk, context) for c in extraction.candidates)
    return ChunkVerdict(stored.pk, extraction.state, extraction.reason, grounded)
