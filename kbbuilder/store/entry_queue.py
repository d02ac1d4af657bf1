"""The review queue: which entries, in which order, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, String, cast, exists, func, or_, select, tuple_

from kbbuilder.language.text import wording_key
from kbbuilder.schema import EntryStatus
from kbbuilder.store.entry_counts import ALL, read_counts
from kbbuilder.store.links import open_conflict_ids
from kbbuilder.store.tables import DOCUMENT, ENTRY, EVIDENCE, SIMILAR_QUESTION, STATED_EVIDENCE, VERSION


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show; None shows all. `text` is looked for in questions, other wordings and answers, or is an id."""

    status: EntryStatus | None = None
    document: str | None = None
    flag: str | None = None
    language: str | None = None
    kind: str | None = None
    text: str | None = None
    conflicts_only: bool = False


@dataclass(frozen=True, slots=True)
class IdPage:
    """Ids in the queue's order, the cursor of the next page (None at the end), and how many entries fit in all."""

    ids: tuple[str, ...]
    next: str | None
    total: int


def queue_page(conn: Connection, collection: str, shown: QueueFilter, *, after: str | None, limit: int) -> IdPage:
    """A page of the queue.

    Args:
        after: the `next` of the page before.

    Raises:
        ValueError: `after` is no cursor of this queue.

    Cost: one index range when only the status is given; a filter by text reads the collection.
    """
    conditions = _conditions(collection, shown)
    query = select(ENTRY.c.id, ENTRY.c.order_key).where(*conditions).order_by(ENTRY.c.order_key, ENTRY.c.id)
    if after is not None:
        query = query.where(tuple_(ENTRY.c.order_key, ENTRY.c.id) > _cursor(after))
    rows = conn.execute(query.limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return IdPage(
        ids=tuple(row.id for row in rows),
        next=f"{rows[-1].order_key!r}:{rows[-1].id}" if more else None,
        total=_total(conn, collection, shown, conditions),
    )


def document_names(conn: Connection, collection: str) -> tuple[str, ...]:
    """The documents a queue can be narrowed to, sorted."""
    return tuple(
        conn.scalars(select(DOCUMENT.c.name).where(DOCUMENT.c.collection == collection).order_by(DOCUMENT.c.name))
    )


def _cursor(after: str) -> tuple[float, str]:
    key, colon, entry_id = after.partition(":")
    if not colon:
        raise ValueError(f"{after!r} is no place in the review queue")
    return (float(key), entry_id)


def _total(conn: Connection, collection: str, shown: QueueFilter, conditions: list[ColumnElement[bool]]) -> int:
    narrowed = (shown.document, shown.language, shown.kind, shown.text, shown.conflicts_only or None)
    if any(value is not None for value in narrowed):
        return conn.scalar(select(func.count()).select_from(ENTRY).where(*conditions)) or 0
    flag = ALL if shown.flag is None else shown.flag
    counts = read_counts(conn, collection)
    return sum(n for (status, f), n in counts.items() if f == flag and shown.status in (None, status))


def _conditions(collection: str, shown: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ENTRY.c.collection == collection]
    if shown.status is not None:
        conditions.append(ENTRY.c.status == shown.status.value)
    if shown.language is not None:
        conditions.append(ENTRY.c.language == shown.language)
    if shown.kind is not None:
        conditions.append(ENTRY.c.kind == shown.kind)
    if shown.flag is not None:
        conditions.append(cast(ENTRY.c.flags, String).contains(f'"{shown.flag}"', autoescape=True))
    if shown.document is not None:
        conditions.append(_cites(shown.document, collection))
    if shown.conflicts_only:
        conditions.append(ENTRY.c.id.in_(open_conflict_ids()))
    if shown.text is not None and shown.text.strip():
        conditions.append(_holds(shown.text.strip()))
    return conditions


def _cites(document: str, collection: str) -> ColumnElement[bool]:
    proven = (
        select(EVIDENCE.c.entry_id)
        .join(VERSION, VERSION.c.id == EVIDENCE.c.version_id)
        .join(DOCUMENT, DOCUMENT.c.id == VERSION.c.document_id)
        .where(DOCUMENT.c.collection == collection, DOCUMENT.c.name == document)
    )
    stated = select(STATED_EVIDENCE.c.entry_id).where(STATED_EVIDENCE.c.document == document)
    return or_(ENTRY.c.id.in_(proven), ENTRY.c.id.in_(stated))


def _holds(text: str) -> ColumnElement[bool]:
    anywhere: list[ColumnElement[bool]] = [
        ENTRY.c.id == text,
        ENTRY.c.question.contains(text, autoescape=True),
        ENTRY.c.answer.contains(text, autoescape=True),
    ]
    key = wording_key(text)
    if key:
        similar = SIMILAR_QUESTION.c
        anywhere += [
            ENTRY.c.question_key.contains(key, autoescape=True),
            exists().where(similar.entry_id == ENTRY.c.id, similar.text_key.contains(key, autoescape=True)),
        ]
    return or_(*anywhere)
