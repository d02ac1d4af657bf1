"""The counters of entries by status and flag: counting a million rows takes 0.4 s, reading a counter nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, func, insert, literal, select, true, update

from kbbuilder.schema import EntryStatus
from kbbuilder.store.tables import ENTRY, ENTRY_COUNT

ALL = ""
"""The flag that stands for "any, or none"."""


class CountChanges:
    """Gathers what a transaction adds and takes, to be written once."""

    def __init__(self) -> None:
        self._by_key: Counter[tuple[str, str, str]] = Counter()

    def add(self, collection: str, status: EntryStatus, flags: Iterable[str], n: int) -> None:
        for flag in (ALL, *set(flags)):
            self._by_key[collection, status.value, flag] += n

    def write(self, conn: Connection) -> None:
        for (collection, status, flag), n in sorted(self._by_key.items()):
            if n == 0:
                continue
            here = (
                (ENTRY_COUNT.c.collection == collection)
                & (ENTRY_COUNT.c.status == status)
                & (ENTRY_COUNT.c.flag == flag)
            )
            counted = conn.execute(update(ENTRY_COUNT).where(here).values(entries=ENTRY_COUNT.c.entries + n))
            if counted.rowcount == 0:
                conn.execute(insert(ENTRY_COUNT).values(collection=collection, status=status, flag=flag, entries=n))


def read_counts(conn: Connection, collection: str) -> Mapping[tuple[EntryStatus, str], int]:
    """Entries of a collection by (status, flag); flag "" counts all of the status. Cost: one short index range."""
    rows = conn.execute(
        select(ENTRY_COUNT.c.status, ENTRY_COUNT.c.flag, ENTRY_COUNT.c.entries)
        .where(ENTRY_COUNT.c.collection == collection, ENTRY_COUNT.c.entries != 0)
        .order_by(ENTRY_COUNT.c.status, ENTRY_COUNT.c.flag)
    )
    return {(EntryStatus(status), flag): n for status, flag, n in rows}


def recount(conn: Connection, collection: str) -> bool:
    """Set the counters from the entries themselves. Whether they were right before. Cost: reads every entry."""
    found: Counter[tuple[EntryStatus, str]] = Counter()
    each = func.json_each(ENTRY.c.flags).table_valued("value")
    plain = select(ENTRY.c.status, literal(ALL), func.count()).where(ENTRY.c.collection == collection)
    flagged = (
        select(ENTRY.c.status, each.c.value, func.count())
        .select_from(ENTRY.join(each, true()))
        .where(ENTRY.c.collection == collection)
    )
    for query in (plain.group_by(ENTRY.c.status), flagged.group_by(ENTRY.c.status, each.c.value)):
        for status, flag, n in conn.execute(query):
            found[EntryStatus(status), flag] += n
    if dict(found) == dict(read_counts(conn, collection)):
        return True
    conn.execute(delete(ENTRY_COUNT).where(ENTRY_COUNT.c.collection == collection))
    if found:
        conn.execute(
            insert(ENTRY_COUNT),
            [
                {"collection": collection, "status": status.value, "flag": flag, "entries": n}
                for (status, flag), n in sorted(found.items())
            ],
        )
    return False
