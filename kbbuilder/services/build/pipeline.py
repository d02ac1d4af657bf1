"""Working off what is due: from uploaded bytes to entries with similar questions.

    uploaded → chunked → extracted → merged → done        (or failed, retry)

Reading a document takes its time in a process of its own, so some documents are read ahead; and a model is asked about
the chunks of several documents at a time. Their results are merged, and similar questions tried out, strictly in build
order: the n-th document meets the same library whether or not a process died on the way.
Each step's rows and the change of state commit together, under a guard that fails when somebody else has the edition.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kbbuilder.errors import (
    BlobMissing,
    EngineUnavailable,
    KbError,
    ModelError,
    Remedy,
    StoreBusy,
    StoreError,
    document_error,
)
from kbbuilder.schema import (
    ParseOutcome,
    VersionState,
)
from kbbuilder.services.build import asking
from kbbuilder.services.build.asking import EditionAsking
from kbbuilder.services.build.expanding import Expansion, add_expansion, contested_by, expand_version, take_back
from kbbuilder.services.build.leases import Leases
from kbbuilder.services.build.library import Library
from kbbuilder.services.build.merging import merge_version, plan_merge, texts_to_encode
from kbbuilder.services.build.proposing import Proposer
from kbbuilder.services.build.reading import chunks_in_context, read_by_structure
from kbbuilder.services.build.report import INTERNAL, Progress, Wordings
from kbbuilder.services.build.tools import Tools
from kbbuilder.services.model import ModelDesk, Spent
from kbbuilder.store import documents, ledger
from kbbuilder.store.documents import Scalar, VersionRecord, iso
from kbbuilder.store.ledger import ChunkVerdict
from kbbuilder.store.search import ensure_vectors

_POLL_S = 0.2
_TELL_S = 0.3
"""At least so long between two writes of progress."""
MAX_ATTEMPTS = 3
_BACKOFF_S = (30.0, 120.0)
_REPORT_HINT = "Please report this, with the file if you may share it."


@dataclass(frozen=True, slots=True)
class Worked:
    """What a run did: the editions it worked on, in build order, merged candidates and similar questions."""

    version_ids: tuple[int, ...]
    duplicates: int
    wordings: Wordings
    spent: Spent
    paused: ModelError | None = None
    """Why the model is asked nothing more until a person acts."""


class _Lost(Exception):
    """Somebody else has the edition now (cancelled, replaced, or the lease ran out); this run's work on it is void."""


@dataclass
class _Job:
    record: VersionRecord
    reading: Future[ParseOutcome] | None = None
    asking: EditionAsking | None = None
    waits: bool = False
    """It was ready to be merged when last looked at, but an earlier edition was not."""

    @property
    def merges(self) -> bool:
        """Whether the next step is one over the library, not over the document alone."""
        return self.record.state in (VersionState.EXTRACTED, VersionState.MERGED)

    @property
    def ready(self) -> bool:
        """Whether a step can be taken now."""
        if self.reading is not None:
            return self.reading.done()
        if self.asking is not None:
            return self.asking.finished
        return not self.waits


@dataclass
class Run:
    """One run over everything due. Not to be used twice."""

    tools: Tools
    collection: str | None
    progress: Callable[[Progress], None] | None = None
    only_chunk: bool = False
    """Read the documents and cut them into chunks, and leave it at that."""

    def __post_init__(self) -> None:
        self._leases = Leases(self.tools.database, self.tools.clock, self.collection, only_chunk=self.only_chunk)
        self._worked: dict[int, int] = {}
        self._done = 0
        self._total = 0
        self._duplicates = 0
        self._wordings = Wordings()
        self._kept: tuple[str, Library] | None = None
        self._proposer = Proposer(self.tools.embedder, self.tools.settings.similar_per_entry)
        self._told = 0.0
        self._desk: ModelDesk | None = None
        self._desks = ExitStack()
        self._paused: ModelError | None = None

    def work(self) -> Worked:
        """Work off all editions that are due, and wait for those another process has in hand.

        Raises:
            StoreError: the database cannot be written (full, locked for long); what was finished stays finished.
        """
        with (
            self._leases.kept(),
            ThreadPoolExecutor(max(1, self.tools.settings.workers), thread_name_prefix="read") as pool,
            self._desks,
        ):
            try:
                self._work(pool)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                self._proposer.stop()
        ordered = sorted(self._worked, key=lambda version_id: self._worked[version_id])
        spent = Spent() if self._desk is None else self._desk.spent
        return Worked(tuple(ordered), self._duplicates, self._wordings, spent, self._paused)

    def _work(self, pool: ThreadPoolExecutor) -> None:
        jobs: list[_Job] = []
        while True:
            jobs += self._claim(pool, jobs)
            jobs.sort(key=lambda job: job.record.ordinal)
            jobs = [job for job in jobs if job.asking is None or not self._contained(job, self._top_up)]
            ready = next((job for job in jobs if job.ready), None)
            if ready is not None:
                self._leases.look_again()
                if self._contained(ready, self._advance):
                    jobs.remove(ready)
                    for job in jobs:
                        job.waits = False
            elif jobs or (not self.only_chunk and self._leases.others_at_work()):
                self._wait_for(jobs)
                for job in jobs:
                    job.waits = False
            else:
                return

    def _wait_for(self, jobs: Sequence[_Job]) -> None:
        """Until a document has been read or a chunk has come back, but not for long: other processes finish things."""
        for job in jobs:
            if job.reading is not None:
                self._tell(job.record, "parse", 0, 1)
                break
            if job.asking is not None:
                self._tell(job.record, "extract", job.asking.done, job.asking.total)
                break
        awaited: list[Future[Any]] = []
        for job in jobs:
            if job.reading is not None:
                awaited.append(job.reading)
            if job.asking is not None:
                awaited += job.asking.waiting
        if awaited:
            wait(awaited, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        else:
            time.sleep(_POLL_S)

    def _claim(self, pool: ThreadPoolExecutor, jobs: Sequence[_Job]) -> list[_Job]:
        """Take more editions in hand, to be read ahead; with enough in hand only one that those wait for."""
        limit = self._room(jobs)
        before = None
        if limit <= 0:
            if not any(job.waits for job in jobs):
                return []
            limit, before = 1, jobs[0].record.ordinal
        records, waiting = self._leases.take(limit, before=before)
        if records:
            self._total = max(self._total, self._done + waiting)
        claimed = []
        for record in records:
            self._worked[record.id] = record.ordinal
            reads = record.state in (VersionState.UPLOADED, VersionState.RETRY, VersionState.PARSED)
            if reads:
                self._tell(record, "parse", 0, 1)
            claimed.append(_Job(record, pool.submit(self._read, record) if reads else None))
        return claimed

    def _room(self, jobs: Sequence[_Job]) -> int:
        """How many more editions to take in hand: some to read ahead, and as many as keep the model busy."""
        ahead = 2 * max(1, self.tools.settings.workers)
        if self._desk is None:
            return ahead - len(jobs)
        if self._desk.room() <= 0 or len(jobs) >= ahead + 2 * self.tools.settings.calls.concurrency:
            return 0
        return ahead - sum(job.asking is None and not job.merges for job in jobs)

    def _now(self) -> str:
        return iso(self.tools.clock())

    # -- steps ------------------------------------------------------------------------------------------------

    def _contained(self, job: _Job, step: Callable[[_Job], bool]) -> bool:
        """Take a step of one edition; what goes wrong with it stays with it. Whether the edition leaves our hands."""
        try:
            return step(job)
        except _Lost:
            pass
        except StoreError as error:
            if not isinstance(error, BlobMissing):
                raise
            self._failed(job.record, error)
        except ModelError as error:
            self._postponed(job.record, error)
        except Exception as error:  # the one place that catches broadly: one document's fault must not stop the others
            self._failed(job.record, error)
        return True

    def _top_up(self, job: _Job) -> bool:
        assert job.asking is not None
        job.asking.top_up()
        self._proposer.prepare(job.asking.arrived())
        return False

    def _advance(self, job: _Job) -> bool:
        """Take one edition as far as it goes now. False when it stays in hand: it waits for the model, or for an
        earlier edition of its collection."""
        if job.reading is not None:
            job.record = self._chunked(job.record, job.reading.result())
            job.reading = None
        if job.record.state is VersionState.CHUNKED:
            if self.only_chunk:
                return True
            if job.record.engine == asking.ENGINE and job.asking is None:
                job.asking = self._asking(job.record)
                return False
            job.record = self._extracted(job.record, job.asking)
            job.asking = None
            return False
        with self.tools.database.read() as conn:
            job.waits = documents.must_wait(conn, job.record)
        if job.waits:
            return False
        if job.record.state is VersionState.EXTRACTED:
            job.record = self._merged(job.record)
            return False
        self._expanded(job.record)
        return True

    def _read(self, record: VersionRecord) -> ParseOutcome:
        """Runs in a thread: only waits for the parse process."""
        return self.tools.parser.parse(self.tools.blobs.verified(record.sha256), record.document)

    def _chunked(self, record: VersionRecord, outcome: ParseOutcome) -> VersionRecord:
        document = outcome.document
        if document is None:
            raise document_error(outcome.code, outcome.reason, hint=outcome.hint)
        self._tell(record, "chunk", 0, 1)
        chunks = self.tools.chunked(document)
        columns: dict[str, Scalar | list[dict[str, object]]] = {
            "media_type": document.media_type,
            "language": document.language,
            "title": document.title,
            "pages": document.pages,
            "warnings": [note.model_dump(mode="json") for note in document.warnings],
            "code": "",
            "reason": "",
            "hint": "",
            "not_before": None,
        }
        with self.tools.database.write() as conn:
            self._guard(documents.advance(
                conn, record, to=VersionState.CHUNKED, owner=self._leases.owner, at=self._now(), columns=columns
            ))  # fmt: skip
            ledger.write_chunks(conn, record.id, chunks)
            return documents.version(conn, record.id)

    def _asking(self, record: VersionRecord) -> EditionAsking:
        if self._desk is None:
            if self.tools.desk is None:
                raise EngineUnavailable("the document waits for a model, and none is set up")
            self._desk = self._desks.enter_context(self.tools.desk())
        with self.tools.database.read() as conn:
            chunks, context = chunks_in_context(conn, record)
        return EditionAsking(
            self._desk, record.id, chunks, context, structural=self.tools.structural, wanted=self.tools.wanted()
        )

    def _extracted(self, record: VersionRecord, asked: EditionAsking | None) -> VersionRecord:
        if asked is not None:
            verdicts = asked.verdicts(last_attempt=record.attempts + 1 >= MAX_ATTEMPTS)
            self._proposer.prepare(asked.arrived())
        else:
            verdicts = self._read_by_structure(record)
        with self.tools.database.write() as conn:
            self._guard(
                documents.advance(conn, record, to=VersionState.EXTRACTED, owner=self._leases.owner, at=self._now())
            )
            ledger.write_verdicts(conn, record.id, verdicts)
            return documents.version(conn, record.id)

    def _read_by_structure(self, record: VersionRecord) -> tuple[ChunkVerdict, ...]:
        with self.tools.database.read() as conn:
            chunks, context = chunks_in_context(conn, record)
        verdicts = []
        for number, stored in enumerate(chunks):
            self._tell(record, "extract", number, len(chunks))
            verdicts.append(read_by_structure(self.tools.structural, stored, context))
        return tuple(verdicts)

    def _merged(self, record: VersionRecord) -> VersionRecord:
        with self.tools.database.read() as conn:
            texts = texts_to_encode(conn, record)
        self._tell(record, "merge", 0, 1)
        ensure_vectors(self.tools.database, self._proposer.vectors, texts)
        library = self._library(record)
        with self.tools.database.read() as conn:
            view = library.view(conn)
            plan = plan_merge(view, self.tools.embedder, record)
        library.keep(view)
        with self.tools.database.write() as conn:
            view = library.view(conn)
            at = self._now()
            self._guard(documents.advance(conn, record, to=VersionState.MERGED, owner=self._leases.owner, at=at))
            duplicates = merge_version(view, self.tools.embedder, record, plan=plan, at=at)
            merged = documents.version(conn, record.id)
        library.keep(view)
        self._proposer.vectors.forget(texts)
        self._duplicates += duplicates
        return merged

    def _expanded(self, record: VersionRecord) -> None:
        self._taken_back(record)
        library = self._library(record)
        with self.tools.database.read() as conn:
            view = library.view(conn)
            expansion = expand_version(
                view, self._proposer, record, tell=lambda done, total: self._tell(record, "expand", done, total)
            )
        library.keep(view)
        self._finish(record, expansion)
        self._proposer.vectors.forget(expansion.proposed)
        self._wordings += expansion.wordings

    def _taken_back(self, record: VersionRecord) -> None:
        """Take back what was proposed for earlier entries and is better asked of the edition's."""
        library = self._library(record)
        with self.tools.database.read() as conn:
            view = library.view(conn)
            contests = contested_by(view, record)
        library.keep(view)
        if not contests:
            return
        with self.tools.database.write() as conn:
            view = library.view(conn)
            at = self._now()
            self._guard(documents.advance(conn, record, to=record.state, owner=self._leases.owner, at=at))
            taken_back = take_back(view, self._proposer.vectors, contests, at=at)
        library.keep(view)
        self._wordings += Wordings(taken_back=taken_back)

    def _finish(self, record: VersionRecord, expansion: Expansion, columns: Mapping[str, Scalar] | None = None) -> None:
        library = self._library(record)
        with self.tools.database.write() as conn:
            at = self._now()
            view = library.view(conn)
            self._guard(
                documents.advance(
                    conn,
                    record,
                    to=VersionState.DONE,
                    owner=self._leases.owner,
                    at=at,
                    keep_lease=False,
                    columns=columns,
                )
            )
            # Its vectors are remembered from trying it out: none is encoded while others wait for the lock.
            add_expansion(view, self._proposer.vectors, expansion, at=at)
        library.keep(view)
        self._done += 1

    def _library(self, record: VersionRecord) -> Library:
        if self._kept is None or self._kept[0] != record.collection:
            # One at a time: indexes are large, and documents of one collection mostly come together.
            self._kept = record.collection, Library(self.tools.embedder, record.collection)
        return self._kept[1]

    @staticmethod
    def _guard(held: bool) -> None:
        if not held:
            raise _Lost

    # -- failures ---------------------------------------------------------------------------------------------

    def _postponed(self, record: VersionRecord, error: ModelError) -> None:
        """The model cannot go on with an edition: it waits for a while, or until a person acts."""
        if error.remedy is not Remedy.PAUSE:
            self._failed(record, error)
            return
        self._paused = error
        with self.tools.database.write() as conn:
            held = documents.hold_engine(
                conn, owner=self._leases.owner, engine=asking.ENGINE, collection=self.collection, code=error.code,
                reason=error.message, hint=error.hint, at=self._now(),
            )  # fmt: skip
        self._done += held

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
                self._finish(record, Expansion(), columns)
            return
        again = isinstance(error, KbError) and error.retryable and record.attempts + 1 < MAX_ATTEMPTS
        if again:
            asked_s = (error.retry_after_s or 0.0) if isinstance(error, ModelError) else 0.0
            pause = timedelta(seconds=max(_BACKOFF_S[record.attempts], asked_s))
            columns["not_before"] = iso(self.tools.clock() + pause)
        with self.tools.database.write() as conn:
            documents.advance(
                conn, record, to=VersionState.RETRY if again else VersionState.FAILED, owner=self._leases.owner,
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
