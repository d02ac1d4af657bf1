"""Searching a collection's entries again and again: one snapshot per collection, renewed when the library changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from sqlalchemy import Connection, text

from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus
from kbbuilder.store.search.entry_index import SEARCHABLE, EntryIndex
from kbbuilder.store.search.judging import EntryHit

_REVISION = text("SELECT revision FROM collection WHERE name = :collection")
_KEPT_SNAPSHOTS = 4


class EntrySearch:
    """Searches entries of one database; keeps the snapshots of the collections last used. Safe between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._snapshots: dict[tuple[str, bool], tuple[int, EntryIndex]] = {}
        self._lock = threading.Lock()

    def search(
        self,
        conn: Connection,
        collection: str,
        questions: Sequence[str],
        *,
        include_pending: bool = False,
        k: int = 5,
    ) -> tuple[tuple[EntryHit, ...], ...]:
        """Per question the best `k` approved entries (with `include_pending`: and pending ones), best first.

        An unknown collection has no entries.
        """
        return self.snapshot(conn, collection, include_pending=include_pending).search(questions, k)

    def snapshot(self, conn: Connection, collection: str, *, include_pending: bool = False) -> EntryIndex:
        """The index as of the collection's present revision."""
        revision = conn.execute(_REVISION, {"collection": collection}).scalar()
        key = (collection, include_pending)
        with self._lock:
            kept = self._snapshots.pop(key, None)
            if kept is None or kept[0] != revision:
                statuses = SEARCHABLE if include_pending else (EntryStatus.APPROVED,)
                kept = (
                    (-1 if revision is None else int(revision)),
                    EntryIndex.load(conn, self._embedder, collection, statuses),
                )
            self._snapshots[key] = kept
            while len(self._snapshots) > _KEPT_SNAPSHOTS:
                self._snapshots.pop(next(iter(self._snapshots)))
        return kept[1]
