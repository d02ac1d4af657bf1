"""The append-only history of entries: what was done, by whom, and the full content before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from kbbuilder.schema import Revision
from kbbuilder.store.entry_content import EntryContent, content_from_json
from kbbuilder.store.tables import REVISION

CREATED = "created"
UNDO = "undo"
REBUILT = "rebuilt"
"""A build rewrote an entry no person had touched."""

_SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class Settlement:
    """The decision on a link that a revision belongs to. Both entries of the link carry it."""

    link_id: int
    decision: str
    other_id: str


@dataclass(frozen=True, slots=True)
class Undoable:
    """The newest step of an entry that can be taken back."""

    revision_id: int
    action: str
    before: EntryContent
    after: EntryContent
    settlement: Settlement | None


def append(
    conn: Connection,
    entry_id: str,
    collection: str,
    *,
    before: EntryContent,
    after: EntryContent,
    actor: str,
    action: str,
    at: str,
    settlement: Settlement | None = None,
) -> None:
    """Write one step. A step "undo" can itself not be undone: undoing again goes one step further back."""
    kept: dict[str, Any] = after.to_json()
    if settlement is not None:
        kept[_SETTLEMENT] = {
            "link_id": settlement.link_id,
            "decision": settlement.decision,
            "other_id": settlement.other_id,
        }
    conn.execute(
        insert(REVISION).values(
            entry_id=entry_id, collection=collection, at=at, actor=actor, action=action,
            before=before.to_json(), after=kept, undone=action == UNDO,
        )
    )  # fmt: skip


def history(conn: Connection, entry_id: str) -> tuple[Revision, ...]:
    """All steps of an entry, oldest first."""
    rows = conn.execute(select(REVISION).where(REVISION.c.entry_id == entry_id).order_by(REVISION.c.id)).mappings()
    return tuple(
        Revision(**{name: row[name] for name in ("id", "entry_id", "at", "actor", "action", "before", "after")})
        for row in rows
    )


def newest_undoable(conn: Connection, entry_id: str) -> Undoable | None:
    """The newest step that is not undone; None when only the creation is left."""
    row = conn.execute(
        select(REVISION.c.id, REVISION.c.action, REVISION.c.before, REVISION.c.after)
        .where(REVISION.c.entry_id == entry_id, REVISION.c.undone.is_(False), REVISION.c.action != CREATED)
        .order_by(REVISION.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Undoable(
        revision_id=row.id,
        action=row.action,
        before=content_from_json(row.before),
        after=content_from_json(row.after),
        settlement=_settlement(row.after),
    )


def mark_undone(conn: Connection, revision_ids: Iterable[int]) -> None:
    conn.execute(update(REVISION).where(REVISION.c.id.in_(list(revision_ids))).values(undone=True))


def _settlement(after: Mapping[str, Any]) -> Settlement | None:
    kept = after.get(_SETTLEMENT)
    return None if kept is None else Settlement(**kept)
