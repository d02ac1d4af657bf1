"""What was asked and how it was answered; what was refused shows what the library lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, insert, select

from kbbuilder.schema import Route
from kbbuilder.store.tables import COLLECTION, QUERY_LOG


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its outcome. `at` is a UTC ISO time."""

    question: str
    route: Route
    score: float
    entry_id: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was refused when last asked: when that was, its best score then, how often it was refused."""

    question: str
    at: str
    score: float
    times: int


def log_questions(conn: Connection, collection: str, asked: Sequence[Asked]) -> int:
    """Append to the log. Returns: how many were written; none when the collection does not exist."""
    known = conn.execute(select(COLLECTION.c.name).where(COLLECTION.c.name == collection)).first()
    if known is None or not asked:
        return 0
    conn.execute(
        insert(QUERY_LOG),
        [
            {
                "collection": collection,
                "at": a.at,
                "question": a.question,
                "route": a.route.value,
                "score": a.score,
                "entry_id": a.entry_id,
            }
            for a in asked
        ],
    )
    return len(asked)


def unanswered(conn: Connection, collection: str, limit: int) -> tuple[Unanswered, ...]:
    """Questions whose latest asking was refused, the most often refused first, then the latest."""
    latest_first = func.row_number().over(
        partition_by=QUERY_LOG.c.question, order_by=(QUERY_LOG.c.at.desc(), QUERY_LOG.c.id.desc())
    )
    refused = case((QUERY_LOG.c.route == Route.REFUSE.value, 1), else_=0)
    refusals = func.sum(refused).over(partition_by=QUERY_LOG.c.question)
    rows = (
        select(
            QUERY_LOG.c.question,
            QUERY_LOG.c.at,
            QUERY_LOG.c.score,
            QUERY_LOG.c.route,
            latest_first.label("age"),
            refusals.label("times"),
        )
        .where(QUERY_LOG.c.collection == collection)
        .subquery()
    )
    found = conn.execute(
        select(rows.c.question, rows.c.at, rows.c.score, rows.c.times)
        .where(rows.c.age == 1, rows.c.route == Route.REFUSE.value)
        .order_by(rows.c.times.desc(), rows.c.at.desc(), rows.c.question)
        .limit(limit)
    )
    return tuple(Unanswered(question, at, score, int(times)) for question, at, score, times in found)
