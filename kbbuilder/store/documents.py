"""Collections, documents and their editions: who works on which, and how far each has come.

Every function takes the connection of its caller's transaction and commits nothing. A state is only left by a guarded
UPDATE that names the old state and the lease, so whoever lost a version finds out before writing anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from kbbuilder.reading_notes import ReadingNote
from kbbuilder.schema import VersionState
from kbbuilder.store.tables import CHUNK, COLLECTION, DOCUMENT, VERSION

UNMERGED = (VersionState.UPLOADED, VersionState.PARSED, VersionState.CHUNKED, VersionState.EXTRACTED)
"""States on the way to the library."""
IN_LIBRARY = (VersionState.MERGED, VersionState.DONE)
ON_THE_WAY = (*UNMERGED, VersionState.MERGED)
"""States that a run works on. A version's steps over the library wait until no earlier one is in them."""
UNTIL_A_PERSON_ACTS = "9999-12-31T00:00:00.000000+00:00"
"""`not_before` of an edition that waits for a person, not for a moment."""

Scalar = str | int | None
"""What a version's column holds."""


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One edition of a document with its document's name. Times are UTC ISO strings."""

    id: int
    document_id: int
    collection: str
    document: str
    number: int
    ordinal: int
    sha256: str
    size_bytes: int
    media_type: str
    engine: str
    state: VersionState
    code: str
    reason: str
    hint: str
    attempts: int
    not_before: str | None
    lease_owner: str | None
    lease_until: str | None
    stage: str
    stage_done: int
    stage_total: int
    language: str
    title: str
    pages: int | None
    warnings: tuple[ReadingNote, ...]
    updated_at: str


def iso(moment: datetime) -> str:
    """A time as the tables keep it: UTC, ISO 8601 with microseconds, so that text order is time order.

    >>> iso(datetime(2026, 1, 2, tzinfo=UTC))
    '2026-01-02T00:00:00.000000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


# -- collections ----------------------------------------------------------------------------------------------


def ensure_collection(conn: Connection, name: str, *, at: str) -> None:
    """Make the collection unless it is there."""
    conn.execute(insert_or(COLLECTION).values(name=name, created_at=at, revision=0).on_conflict_do_nothing())


def bump_collection(conn: Connection, name: str) -> None:
    """Tell every cached index that the collection has changed: part of each transaction that changes what is found."""
    conn.execute(update(COLLECTION).where(COLLECTION.c.name == name).values(revision=COLLECTION.c.revision + 1))


def collection_revision(conn: Connection, name: str) -> int:
    """Counts the collection's changes. Equal numbers mean an unchanged collection."""
    return int(conn.execute(select(COLLECTION.c.revision).where(COLLECTION.c.name == name)).scalar_one())


def collections(conn: Connection) -> tuple[str, ...]:
    """The names of all collections, sorted."""
    return tuple(conn.execute(select(COLLECTION.c.name).order_by(COLLECTION.c.name)).scalars())


# -- editions -------------------------------------------------------------------------------------------------

_SELECT = select(VERSION, DOCUMENT.c.collection, DOCUMENT.c.name.label("document")).join(
    DOCUMENT, DOCUMENT.c.id == VERSION.c.document_id
)
_NEWEST = VERSION.c.number == (
    select(func.max(VERSION.c.number))
    .where(VERSION.c.document_id == DOCUMENT.c.id)
    .correlate(DOCUMENT)
    .scalar_subquery()
)


def add_version(
    conn: Connection, *, collection: str, document: str, sha256: str, size_bytes: int, engine: str, at: str
) -> VersionRecord:
    """A new edition of the document of that name (made when new), last in the build order, in state `uploaded`.

    Earlier editions that are not in the library yet will never be: they become `superseded`.
    """
    ensure_collection(conn, collection, at=at)
    conn.execute(
        insert_or(DOCUMENT).values(collection=collection, name=document, created_at=at).on_conflict_do_nothing()
    )
    document_id = conn.execute(
        select(DOCUMENT.c.id).where(DOCUMENT.c.collection == collection, DOCUMENT.c.name == document)
    ).scalar_one()
    of_document = VERSION.c.document_id == document_id
    conn.execute(
        update(VERSION)
        .where(of_document, VERSION.c.state.not_in((*IN_LIBRARY, VersionState.SUPERSEDED)))
        .values(state=VersionState.SUPERSEDED, lease_owner=None, lease_until=None, updated_at=at)
    )
    number = conn.execute(select(func.coalesce(func.max(VERSION.c.number), 0) + 1).where(of_document)).scalar_one()
    ordinal = conn.execute(select(func.coalesce(func.max(VERSION.c.ordinal), 0) + 1)).scalar_one()
    conn.execute(
        insert(VERSION).values(
            document_id=document_id, number=number, ordinal=ordinal, sha256=sha256, size_bytes=size_bytes,
            media_type="", engine=engine, state=VersionState.UPLOADED, code="", reason="", hint="", attempts=0,
            stage="", stage_done=0, stage_total=0, language="", title="", warnings=[], created_at=at, updated_at=at,
        )
    )  # fmt: skip
    added = newest_version(conn, collection, document)
    assert added is not None
    return added


def version(conn: Connection, version_id: int) -> VersionRecord:
    """The edition with that id.

    Raises:
        KeyError: there is none.
    """
    row = conn.execute(_SELECT.where(VERSION.c.id == version_id)).first()
    if row is None:
        raise KeyError(version_id)
    return _record(row)


def versions(conn: Connection, version_ids: Sequence[int]) -> dict[int, VersionRecord]:
    """The editions with those ids, those that exist. Cost: a query for each 500."""
    found: dict[int, VersionRecord] = {}
    for start in range(0, len(version_ids), 500):
        rows = conn.execute(_SELECT.where(VERSION.c.id.in_(version_ids[start : start + 500])))
        found |= {record.id: record for record in map(_record, rows)}
    return found


def newest_version(conn: Connection, collection: str, document: str) -> VersionRecord | None:
    """The newest edition of the document of that name; None when there is no such document."""
    row = conn.execute(
        _SELECT.where(DOCUMENT.c.collection == collection, DOCUMENT.c.name == document)
        .order_by(VERSION.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else _record(row)


def newest_versions(conn: Connection, collection: str) -> tuple[VersionRecord, ...]:
    """The newest edition of each document of the collection, by document name."""
    rows = conn.execute(_SELECT.where(DOCUMENT.c.collection == collection, _NEWEST).order_by(DOCUMENT.c.name))
    return tuple(map(_record, rows))


def earlier_in_library(conn: Connection, record: VersionRecord) -> tuple[VersionRecord, ...]:
    """Earlier editions of the same document that the library holds entries of, oldest first."""
    rows = conn.execute(
        _SELECT.where(
            VERSION.c.document_id == record.document_id,
            VERSION.c.number < record.number,
            VERSION.c.state.in_(IN_LIBRARY),
        ).order_by(VERSION.c.number)
    )
    return tuple(map(_record, rows))


def supersede(conn: Connection, version_ids: Sequence[int], *, at: str) -> None:
    """These editions have been replaced by a newer one."""
    conn.execute(
        update(VERSION)
        .where(VERSION.c.id.in_(version_ids))
        .values(state=VersionState.SUPERSEDED, lease_owner=None, lease_until=None, updated_at=at)
    )


def set_current(conn: Connection, record: VersionRecord) -> None:
    """Make this edition the one whose passages are found."""
    conn.execute(update(DOCUMENT).where(DOCUMENT.c.id == record.document_id).values(current_version=record.id))


# -- work -----------------------------------------------------------------------------------------------------


def _due(collection: str | None, at: str, states: Sequence[VersionState] = ON_THE_WAY) -> list[ColumnElement[bool]]:
    due = or_(
        VERSION.c.state.in_(states),
        and_(VERSION.c.state == VersionState.RETRY, VERSION.c.not_before <= at),
    )
    return [due] if collection is None else [due, DOCUMENT.c.collection == collection]


def claim(
    conn: Connection,
    *,
    owner: str,
    until: str,
    at: str,
    limit: int,
    collection: str | None,
    dead: Sequence[str] = (),
    before: int | None = None,
    states: Sequence[VersionState] = ON_THE_WAY,
) -> tuple[VersionRecord, ...]:
    """Take up to `limit` due editions nobody works on, in build order, under a lease to `owner`.

    Args:
        dead: owners known to be gone; their leases count for nothing.
        before: only editions that come before this place in the build order.
        states: those that count as due, besides the ones whose pause is over.
    """
    free = or_(VERSION.c.lease_owner.is_(None), VERSION.c.lease_until < at, VERSION.c.lease_owner.in_(dead))
    query = _SELECT.where(*_due(collection, at, states), free).order_by(VERSION.c.ordinal).limit(limit)
    rows = conn.execute(query if before is None else query.where(VERSION.c.ordinal < before)).all()
    records = tuple(map(_record, rows))
    if records:
        conn.execute(
            update(VERSION)
            .where(VERSION.c.id.in_([r.id for r in records]))
            .values(lease_owner=owner, lease_until=until)
        )
    return records


def lease_owners(conn: Connection) -> tuple[str, ...]:
    """Whoever holds a lease."""
    return tuple(
        conn.execute(select(VERSION.c.lease_owner).where(VERSION.c.lease_owner.is_not(None)).distinct()).scalars()
    )


def renew_leases(conn: Connection, *, owner: str, until: str) -> None:
    """Move the end of all leases of `owner`."""
    conn.execute(update(VERSION).where(VERSION.c.lease_owner == owner).values(lease_until=until))


def release_leases(conn: Connection, *, owner: str) -> None:
    """Give back everything `owner` has under lease."""
    conn.execute(update(VERSION).where(VERSION.c.lease_owner == owner).values(lease_owner=None, lease_until=None))


def unfinished(conn: Connection, *, collection: str | None, at: str) -> int:
    """How many editions are due or being worked on."""
    return int(
        conn.execute(select(func.count()).select_from(VERSION.join(DOCUMENT)).where(*_due(collection, at))).scalar_one()
    )


def next_retry(conn: Connection) -> str | None:
    """When the next edition that waits may be tried again; None when none waits."""
    waiting = VERSION.c.state == VersionState.RETRY
    found: str | None = conn.execute(select(func.min(VERSION.c.not_before)).where(waiting)).scalar_one()
    return found


def must_wait(conn: Connection, record: VersionRecord) -> bool:
    """Whether an earlier edition of the collection is still on its way: the library is not yet what this one meets."""
    return (
        conn.execute(
            select(1)
            .select_from(VERSION.join(DOCUMENT))
            .where(
                DOCUMENT.c.collection == record.collection,
                VERSION.c.ordinal < record.ordinal,
                VERSION.c.state.in_(ON_THE_WAY),
            )
            .limit(1)
        ).first()
        is not None
    )


def advance(
    conn: Connection,
    record: VersionRecord,
    *,
    to: VersionState,
    owner: str,
    at: str,
    keep_lease: bool = True,
    columns: Mapping[str, Scalar | Sequence[Mapping[str, object]]] | None = None,
) -> bool:
    """Leave the state `record` was read in for `to`, provided that nobody else has: the guard of every stage.

    Returns:
        False, with nothing changed, when the edition is in another state by now or under another lease. The caller
        must then drop its work (leave the transaction by an exception).
    """
    values: dict[str, Scalar | Sequence[Mapping[str, object]]] = {"state": to, "updated_at": at}
    values |= {"stage": "", "stage_done": 0, "stage_total": 0}
    if not keep_lease:
        values |= {"lease_owner": None, "lease_until": None}
    changed = conn.execute(
        update(VERSION)
        .where(VERSION.c.id == record.id, VERSION.c.state == record.state, VERSION.c.lease_owner == owner)
        .values({**values, **(columns or {})})
    )
    return changed.rowcount == 1


def hold_engine(
    conn: Connection, *, owner: str, engine: str, collection: str | None, code: str, reason: str, hint: str, at: str
) -> int:
    """Make every edition for this engine that is not extracted yet, and that nobody but `owner` has in hand, wait for
    a person. The number of editions."""
    scope = select(DOCUMENT.c.id)
    if collection is not None:
        scope = scope.where(DOCUMENT.c.collection == collection)
    free = or_(VERSION.c.lease_owner.is_(None), VERSION.c.lease_owner == owner)
    which = and_(VERSION.c.engine == engine, VERSION.c.document_id.in_(scope), free)
    return _hold(conn, which, code=code, reason=reason, hint=hint, at=at)


def hold(conn: Connection, version_id: int, *, code: str, reason: str, hint: str, at: str) -> bool:
    """Make an edition that is not extracted yet wait for a person. False when it is, or somebody has it in hand."""
    which = and_(VERSION.c.id == version_id, VERSION.c.lease_owner.is_(None))
    return _hold(conn, which, code=code, reason=reason, hint=hint, at=at) == 1


def _hold(conn: Connection, which: ColumnElement[bool], *, code: str, reason: str, hint: str, at: str) -> int:
    held = conn.execute(
        update(VERSION)
        .where(which, VERSION.c.state.in_((VersionState.UPLOADED, VersionState.PARSED, VersionState.CHUNKED)))
        .values(
            state=VersionState.RETRY, code=code, reason=reason, hint=hint, not_before=UNTIL_A_PERSON_ACTS,
            lease_owner=None, lease_until=None, stage="", stage_done=0, stage_total=0, updated_at=at,
        )
    )  # fmt: skip
    return held.rowcount


def set_progress(conn: Connection, version_id: int, *, stage: str, done: int, total: int, at: str) -> None:
    """How far the running stage has come, for people to watch."""
    conn.execute(
        update(VERSION)
        .where(VERSION.c.id == version_id, VERSION.c.lease_owner.is_not(None))
        .values(stage=stage, stage_done=done, stage_total=total, updated_at=at)
    )


def restart(
    conn: Connection, version_id: int, *, only_from: Sequence[VersionState], at: str, engine: str | None = None
) -> bool:
    """Send an edition back to the start of the pipeline, its chunks forgotten. False when its state forbids that.

    Args:
        engine: the engine to read it with from now on; None: the same.
    """
    changed = conn.execute(
        update(VERSION)
        .where(VERSION.c.id == version_id, VERSION.c.state.in_(only_from))
        .values(
            state=VersionState.UPLOADED, code="", reason="", hint="", attempts=0, not_before=None,
            lease_owner=None, lease_until=None, stage="", stage_done=0, stage_total=0, updated_at=at,
            **({} if engine is None else {"engine": engine}),
        )
    )  # fmt: skip
    if changed.rowcount == 1:
        conn.execute(delete(CHUNK).where(CHUNK.c.version_id == version_id))
    return changed.rowcount == 1


def cancel(conn: Connection, version_id: int, *, at: str) -> bool:
    """Take an edition out of the pipeline. False when it is in the library already, or out of the pipeline anyway."""
    changed = conn.execute(
        update(VERSION)
        .where(VERSION.c.id == version_id, VERSION.c.state.in_((*UNMERGED, VersionState.RETRY)))
        .values(
            state=VersionState.CANCELLED, code="CANCELLED", reason="cancelled by a person", lease_owner=None,
            lease_until=None, not_before=None, stage="", stage_done=0, stage_total=0, updated_at=at,
        )
    )  # fmt: skip
    return changed.rowcount == 1


def _record(row: Row[tuple[object, ...]]) -> VersionRecord:
    values = row._mapping
    return VersionRecord(
        **{name: values[name] for name in VersionRecord.__slots__ if name not in ("state", "warnings")},
        state=VersionState(values["state"]),
        warnings=tuple(ReadingNote.model_validate(note) for note in values["warnings"]),
    )
