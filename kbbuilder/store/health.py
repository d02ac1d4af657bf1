"""What the self-check and the status report read: damage, schema version, money spent on models."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from kbbuilder.store.tables import MODEL_CALL


@dataclass(frozen=True, slots=True)
class ModelSpending:
    """All model calls of a database summed up. `cost` is in the currency of the price table, and leaves out the
    `unpriced_calls`, whose model had no known price."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost: float
    unpriced_calls: int


def schema_version(conn: Connection) -> str:
    """The migration the database stands at."""
    return str(conn.execute(text("SELECT version_num FROM alembic_version")).scalar())


def damage(conn: Connection) -> str:
    """What is wrong with the database file, or "". Cost: reads the whole file."""
    verdict = str(conn.execute(text("PRAGMA quick_check")).scalar())
    if verdict != "ok":
        return verdict
    orphans = len(conn.execute(text("PRAGMA foreign_key_check")).all())
    return f"{orphans} rows point at rows that do not exist" if orphans else ""


def spending(conn: Connection) -> ModelSpending:
    """What models have cost so far."""
    row = conn.execute(
        select(
            func.count(),
            func.coalesce(func.sum(MODEL_CALL.c.input_tokens), 0),
            func.coalesce(func.sum(MODEL_CALL.c.output_tokens), 0),
            func.coalesce(func.sum(MODEL_CALL.c.cost), 0.0),
            func.count() - func.count(MODEL_CALL.c.cost),
        ).select_from(MODEL_CALL)
    ).one()
    return ModelSpending(*row)
