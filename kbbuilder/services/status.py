"""The state of a library, and a self-check of all it stands on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kbbuilder.config import Settings
from kbbuilder.errors import StoreError
from kbbuilder.schema import EntryStatus
from kbbuilder.store.blobs import Blobs
from kbbuilder.store.database import SCHEMA_HEAD, Database
from kbbuilder.store.documents import collections, newest_versions
from kbbuilder.store.entry_counts import read_counts
from kbbuilder.store.health import damage, schema_version, spending
from kbbuilder.store.ledger import counts
from kbbuilder.store.links import count_open_conflicts
from kbbuilder.store.worker import worker_of


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Where one collection stands. `candidates`: kept, merged, dropped, failed, pending; `chunks` by ledger state."""

    database: str
    collection: str
    collections: tuple[str, ...]
    documents: Mapping[str, int]
    chunks: Mapping[str, int]
    candidates: Mapping[str, int]
    balanced: bool
    entries: Mapping[str, int]
    conflicts: int
    model_calls: int
    input_tokens: int
    output_tokens: int
    cost: float
    unpriced_calls: int
    """Calls of models without a known price; `cost` leaves them out."""
    worker: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the self-check. `hint` says what to do when it is not well."""

    name: str
    well: bool
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """The self-check of a library."""

    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        return all(check.well for check in self.checks)


class StatusService:
    """Reads, never writes."""

    def __init__(self, db: Database, blobs: Blobs, settings: Settings, engine: str) -> None:
        self._db = db
        self._blobs = blobs
        self._settings = settings
        self._engine = engine

    def status(self, collection: str) -> StatusReport:
        """Documents by state, entries by status, the ledger's sums and the money spent."""
        with self._db.read() as conn:
            versions = newest_versions(conn, collection)
            ledgers = counts(conn, [v.id for v in versions])
            by_status = read_counts(conn, collection)
            spent = spending(conn)
            worker = worker_of(conn)
            names = collections(conn)
            conflicts = count_open_conflicts(conn, collection)
        chunks: Counter[str] = Counter()
        candidates: Counter[str] = Counter()
        for ledger in ledgers.values():
            chunks.update(ledger.chunks)
            c = ledger.candidates
            candidates.update(
                kept=c.kept, merged=c.merged, dropped=sum(c.dropped.values()), failed=c.failed, pending=c.pending
            )
        return StatusReport(
            database=self._settings.db,
            collection=collection,
            collections=names,
            documents=dict(Counter(v.state.value for v in versions)),
            chunks=dict(sorted(chunks.items())),
            candidates=dict(candidates),
            balanced=all(ledger.balanced for ledger in ledgers.values()),
            entries={status.value: by_status.get((status, ""), 0) for status in EntryStatus},
            conflicts=conflicts,
            model_calls=spent.calls,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cost=spent.cost,
            unpriced_calls=spent.unpriced_calls,
            worker=f"process {worker.pid} on {worker.host}, last seen {worker.heartbeat_at}" if worker else "",
        )

    def doctor(self) -> DoctorReport:
        """Check settings, schema, database file, stored bytes and ledger. Cost: reads every stored document."""
        checks = [
            Check(
                "settings",
                True,
                f"database {self._settings.db}, collection {self._settings.collection}, engine {self._engine}",
            ),
            self._schema(),
            self._integrity(),
            *self._collections(),
        ]
        return DoctorReport(tuple(checks))

    def _schema(self) -> Check:
        with self._db.read() as conn:
            found = schema_version(conn)
        return Check("schema", found == SCHEMA_HEAD, f"version {found}", "Update kbbuilder.")

    def _integrity(self) -> Check:
        with self._db.read() as conn:
            found = damage(conn)
        return Check("database", not found, found or "no damage found", "Restore the database from a copy.")

    def _collections(self) -> list[Check]:
        checks: list[Check] = []
        with self._db.read() as conn:
            names = collections(conn)
        for name in names:
            with self._db.read() as conn:
                versions = newest_versions(conn, name)
                ledgers = counts(conn, [v.id for v in versions])
            lost = [v.document for v in versions if not self._stored(v.sha256)]
            checks.append(
                Check(
                    f"stored files of {name}",
                    not lost,
                    f"{len(versions)} documents"
                    if not lost
                    else f"{len(lost)} missing or damaged: {', '.join(lost[:5])}",
                    "Upload the files again.",
                )
            )
            unbalanced = [v.document for v in versions if v.id in ledgers and not ledgers[v.id].balanced]
            checks.append(
                Check(
                    f"ledger of {name}",
                    not unbalanced,
                    "every chunk and candidate has an end"
                    if not unbalanced
                    else f"does not add up: {', '.join(unbalanced[:5])}",
                    "Retry these documents.",
                )
            )
        return checks

    def _stored(self, sha256: str) -> bool:
        try:
            self._blobs.verified(sha256)
        except StoreError:
            return False
        return True
