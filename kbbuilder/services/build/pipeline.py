"""Working off what is due: from uploaded bytes to entries with similar questions.

    uploaded → chunked → extracted → merged → done        (or failed, retry)

Reading a document takes its time in a process of its own, so some documents are read ahead; and a model is asked about
the chunks of several documents at a time. Their results are merged, and similar questions tried out, strictly in build
order: the n-th document meets the same library whether or not a process died on the way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
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
)
from kbbuilder.schema import (
    ParseOutcome,
    VersionState,
)
from kbbuilder.services.build import asking
from kbbuilder.services.build.asking import EditionAsking
from kbbuilder.services.build.expanding import Expansion
from kbbuilder.services.build.leases import Leases
from kbbuilder.services.build.report import INTERNAL, Progress, Wordings
from kbbuilder.services.build.steps import Lost, Steps
from kbbuilder.services.build.tools import Tools
from kbbuilder.services.model import ModelDesk, Spent
from kbbuilder.store import documents
from kbbuilder.store.documents import Scalar, VersionRecord, iso

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
        self._steps = Steps(self.tools, self._leases.owner, self._tell)
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
                self._steps.proposer.stop()
        ordered = sorted(self._worked, key=lambda version_id: self._worked[version_id])
        spent = Spent() if self._desk is None else self._desk.spent
        return Worked(tuple(ordered), self._steps.duplicates, self._steps.wordings, spent, self._paused)

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
            claimed.append(_Job(record, pool.submit(self._steps.read, record) if reads else None))
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
        except Lost:
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
        self._steps.proposer.prepare(job.asking.arrived())
        return False

    def _advance(self, job: _Job) -> bool:
        """Take one edition as far as it goes now. False when it stays in hand: it waits for the model, or for an
        earlier edition of its collection."""
        if job.reading is not None:
            job.record = self._steps.chunked(job.record, job.reading.result())
            job.reading = None
        if job.record.state is VersionState.CHUNKED:
            if self.only_chunk:
                return True
            if job.record.engine == asking.ENGINE and job.asking is None:
                job.asking = self._steps.asking(job.record, self._model_desk())
                return False
            last_attempt = job.record.attempts + 1 >= MAX_ATTEMPTS
            job.record = self._steps.extracted(job.record, job.asking, last_attempt=last_attempt)
            job.asking = None
            return False
        with self.tools.database.read() as conn:
            job.waits = documents.must_wait(conn, job.record)
        if job.waits:
            return False
        if job.record.state is VersionState.EXTRACTED:
            job.record = self._steps.merged(job.record)
            return False
        self._steps.expanded(job.record)
        self._done += 1
        return True

    def _model_desk(self) -> ModelDesk:
        """The desk of the run, opened when the first edition needs it."""
        if self._desk is None:
            if self.tools.desk is None:
                raise EngineUnavailable("the document waits for a model, and none is set up")
            self._desk = self._desks.enter_context(self.tools.desk())
        return self._desk

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
            with suppress(Lost):
                self._steps.finish(record, Expansion(), columns)
                self._done += 1
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
