"""Pairs of entries that are alike or contradict each other, and what a person decided about them for good.

A conflict is open while nobody decided on it and neither side is rejected; an open conflict puts both entries at
the head of the review queue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import CompoundSelect, Connection, Row, Select, delete, func, insert, or_, select, tuple_, update

from kbbuilder.errors import ReviewError
from kbbuilder.schema import EntryStatus, Link, LinkVerdict
from kbbuilder.store.documents import bump_collection
from kbbuilder.store.entries import order_key
from kbbuilder.store.tables import ENTRY, LINK

_BATCH = 400
_T = TypeVar("_T")

KEEP_LEFT, KEEP_RIGHT, KEEP_BOTH, MERGE = "keep_left", "keep_right", "keep_both", "merge"
DECISIONS = (KEEP_LEFT, KEEP_RIGHT, KEEP_BOTH, MERGE)

_LEFT = ENTRY.alias("left_entry")
_RIGHT = ENTRY.alias("right_entry")


@dataclass(frozen=True, slots=True)
class NewLink:
    """Two entries that are alike. Which of them is called left does not matter: the smaller id is stored as left."""

    left_id: str
    right_id: str
    verdict: LinkVerdict
    similarity: float
    reason: str = ""


def add_links(conn: Connection, links: Sequence[NewLink], *, new: Collection[str] = ()) -> int:
    """Put links in, and refresh the queue's order. How many were new or raised.

    A pair has one link for good: a decision on it is never asked again, and an undecided link is only ever raised
    to a conflict, never lowered.

    Args:
        new: entries that cannot have a link yet, which spares looking for it.
    """
    wanted: dict[tuple[str, str], NewLink] = {}
    for link in links:
        pair = (min(link.left_id, link.right_id), max(link.left_id, link.right_id))
        if pair[0] != pair[1] and (pair not in wanted or link.verdict is LinkVerdict.CONFLICT):
            wanted[pair] = link
    known = sorted(pair for pair in wanted if pair[0] not in new and pair[1] not in new)
    standing = {(row.left_id, row.right_id): row for row in _links_between(conn, known)}
    fresh = [pair for pair in wanted if pair not in standing]
    raised = [
        pair
        for pair, link in wanted.items()
        if pair in standing
        and link.verdict is LinkVerdict.CONFLICT
        and standing[pair].decision is None
        and standing[pair].verdict != LinkVerdict.CONFLICT
    ]
    if fresh:
        conn.execute(
            insert(LINK),
            [
                {"left_id": left, "right_id": right, "verdict": wanted[left, right].verdict.value,
                 "similarity": min(1.0, max(0.0, wanted[left, right].similarity)), "reason": wanted[left, right].reason}
                for left, right in fresh
            ],
        )  # fmt: skip
    for pair in raised:
        conn.execute(
            update(LINK)
            .where(LINK.c.id == standing[pair].id)
            .values(verdict=LinkVerdict.CONFLICT.value, reason=wanted[pair].reason)
        )
    conflicts = [pair for pair in (*fresh, *raised) if wanted[pair].verdict is LinkVerdict.CONFLICT]
    refresh_order(conn, {entry_id for pair in conflicts for entry_id in pair})
    _bump(conn, {entry_id for pair in (*fresh, *raised) for entry_id in pair})
    return len(fresh) + len(raised)


def drop_undecided(conn: Connection, ids: Collection[str]) -> int:
    """Forget the links of these entries that nobody decided on: their words have changed or their source is gone.
    How many went."""
    loose: dict[int, Row[Any]] = {}
    for batch in _batches(sorted(ids)):
        either = or_(LINK.c.left_id.in_(batch), LINK.c.right_id.in_(batch))
        loose |= {row.id: row for row in conn.execute(select(LINK).where(either, LINK.c.decision.is_(None)))}
    for link_id in sorted(loose):
        conn.execute(delete(LINK).where(LINK.c.id == link_id))
    ends = {entry_id for row in loose.values() for entry_id in (row.left_id, row.right_id)}
    refresh_order(conn, ends)
    _bump(conn, ends)
    return len(loose)


def links_of(conn: Connection, entry_id: str) -> tuple[Link, ...]:
    """The entry's links: open conflicts first, then by similarity."""
    rows = conn.execute(select(LINK).where(or_(LINK.c.left_id == entry_id, LINK.c.right_id == entry_id)))
    links = [_link(row) for row in rows]
    rank = {LinkVerdict.CONFLICT: 0, LinkVerdict.DUPLICATE: 1, LinkVerdict.VARIANT: 2, LinkVerdict.RELATED: 3}
    return tuple(sorted(links, key=lambda k: (k.decision is not None, rank[k.verdict], -k.similarity, k.id)))


def get_link(conn: Connection, link_id: int) -> Link:
    """The link.

    Raises:
        ReviewError: there is no such link.
    """
    row = conn.execute(select(LINK).where(LINK.c.id == link_id)).first()
    if row is None:
        raise ReviewError(f"no link {link_id} in the library", hint="Reload the entry.")
    return _link(row)


def decide(conn: Connection, link_id: int, decision: str | None, *, actor: str, at: str) -> None:
    """Remember (or, with None, take back) what a person said of the link, and refresh the queue's order."""
    who = {"decided_by": actor, "decided_at": at} if decision is not None else {"decided_by": None, "decided_at": None}
    conn.execute(update(LINK).where(LINK.c.id == link_id).values(decision=decision, **who))
    link = get_link(conn, link_id)
    refresh_order(conn, {link.left_id, link.right_id})
    _bump(conn, {link.left_id})


def open_conflicts(conn: Connection, collection: str) -> tuple[Link, ...]:
    """The open conflicts of a collection, oldest first."""
    return tuple(_link(row) for row in conn.execute(_open(collection).order_by(LINK.c.id)))


def count_open_conflicts(conn: Connection, collection: str) -> int:
    """How many conflicts are open. Cost: grows with the conflicts, not with the library."""
    return conn.scalar(select(func.count()).select_from(_open(collection).subquery())) or 0


def open_conflict_ids() -> CompoundSelect[Any]:
    """The ids of all entries in open conflicts, as a subquery. Cost: grows with the conflicts, not with the library."""
    return _open(None).with_only_columns(LINK.c.left_id).union(_open(None).with_only_columns(LINK.c.right_id))


def with_open_conflict(conn: Connection, ids: Collection[str]) -> set[str]:
    """Those of the entries that stand in an open conflict."""
    found: set[str] = set()
    for batch in _batches(sorted(ids)):
        either = or_(LINK.c.left_id.in_(batch), LINK.c.right_id.in_(batch))
        for row in conn.execute(_open(None).where(either)):
            found |= {row.left_id, row.right_id}
    return found & set(ids)


def refresh_order(conn: Connection, ids: Collection[str]) -> None:
    """Bring the queue's order of these entries up to date with their flags, scores and open conflicts."""
    torn = with_open_conflict(conn, ids)
    for batch in _batches(sorted(ids)):
        rows = conn.execute(
            select(ENTRY.c.id, ENTRY.c.flags, ENTRY.c.score, ENTRY.c.order_key).where(ENTRY.c.id.in_(batch))
        ).all()
        for row in rows:
            key = order_key(conflict=row.id in torn, flags=row.flags, score=row.score)
            if key != row.order_key:
                conn.execute(update(ENTRY).where(ENTRY.c.id == row.id).values(order_key=key))


def _open(collection: str | None) -> Select[Any]:
    query = (
        select(LINK)
        .join(_LEFT, _LEFT.c.id == LINK.c.left_id)
        .join(_RIGHT, _RIGHT.c.id == LINK.c.right_id)
        .where(
            LINK.c.verdict == LinkVerdict.CONFLICT.value,
            LINK.c.decision.is_(None),
            _LEFT.c.status != EntryStatus.REJECTED.value,
            _RIGHT.c.status != EntryStatus.REJECTED.value,
        )
    )
    return query if collection is None else query.where(_LEFT.c.collection == collection)


def _links_between(conn: Connection, pairs: Sequence[tuple[str, str]]) -> Iterator[Row[Any]]:
    """The links of just these pairs: two entries that are alike may each have hundreds to others."""
    for batch in _batches(pairs):
        yield from conn.execute(select(LINK).where(tuple_(LINK.c.left_id, LINK.c.right_id).in_(batch)))


def _link(row: Row[Any]) -> Link:
    return Link(
        id=row.id,
        left_id=row.left_id,
        right_id=row.right_id,
        verdict=LinkVerdict(row.verdict),
        similarity=row.similarity,
        reason=row.reason,
        decision=row.decision,
    )


def _bump(conn: Connection, ids: Collection[str]) -> None:
    named: set[str] = set()
    for batch in _batches(sorted(ids)):
        named |= set(conn.scalars(select(ENTRY.c.collection).where(ENTRY.c.id.in_(batch)).distinct()))
    for collection in sorted(named):
        bump_collection(conn, collection)


def _batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
