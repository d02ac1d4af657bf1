"""An index that is kept from one transaction to the next, and never older than the transaction that uses it.

Every change of what is found counts the collection's revision up, whoever makes it. A kept index is used at the
revision it was read at, and at those that its owner's own transactions made since, whose changes it has taken in; after
anybody else's change it is read anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus
from kbbuilder.store.documents import collection_revision
from kbbuilder.store.search.entry_index import EntryIndex
from kbbuilder.store.search.entry_rows import EntryRows, rows_of


class KeptIndex:
    """The index of one collection's entries in these states. Not for several threads at once.

    Args:
        with_proposed: also of what was proposed for entries that no person has looked at (`rows_of`).

    Cost: 2.3 kB a wording in memory. Reading it anew 10 µs a wording; a look whether it is still right, one row.
    """

    def __init__(
        self, embedder: Embedder, collection: str, statuses: Collection[EntryStatus], *, with_proposed: bool = True
    ) -> None:
        self._embedder = embedder
        self._collection = collection
        self._statuses = statuses
        self._with_proposed = with_proposed
        self._index: EntryIndex | None = None
        self._revision = -1

    def view(self, conn: Connection) -> IndexView:
        """The index as this transaction sees the library."""
        revision = collection_revision(conn, self._collection)
        return IndexView(
            conn, self._embedder, self._collection, self._statuses, self._with_proposed, revision,
            self._index if revision == self._revision else None,
        )  # fmt: skip

    def keep(self, view: IndexView) -> None:
        """Go on from a view whose transaction was committed, or only read."""
        self._index, self._revision = view.read, view.revision


class IndexView:
    """An index within one transaction."""

    def __init__(
        self,
        conn: Connection,
        embedder: Embedder,
        collection: str,
        statuses: Collection[EntryStatus],
        with_proposed: bool,
        revision: int,
        read: EntryIndex | None,
    ) -> None:
        self._conn = conn
        self._embedder = embedder
        self._collection = collection
        self._statuses = statuses
        self._with_proposed = with_proposed
        self.revision = revision
        """Of the collection, at the last look."""
        self.read = read
        """The index, if it has been read."""

    @property
    def index(self) -> EntryIndex:
        """The index; read now unless there was one that is right."""
        if self.read is None:
            self.read = EntryIndex(self._embedder, self._rows(None))
        return self.read

    def renew(self, changed: Collection[str]) -> None:
        """Take in what this transaction has done so far: at least all entries whose wordings or status it has changed.

        Cost: some 20 µs a wording of these entries.
        """
        if self.read is not None and changed:
            self.read = self.read.with_entries(changed, self._rows(list(changed)))
        self.revision = collection_revision(self._conn, self._collection)

    def _rows(self, entry_ids: Sequence[str] | None) -> EntryRows:
        return rows_of(
            self._conn, self._embedder, self._collection, self._statuses, entry_ids, with_proposed=self._with_proposed
        )
