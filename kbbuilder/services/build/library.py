"""What a run knows of a collection from one document to the next, so that the library is not read anew for each.

Within a transaction it is as the transaction sees the library (see `KeptIndex`); what a transaction changed counts from
its commit on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus
from kbbuilder.store.database import Connection
from kbbuilder.store.entry_known import ComparedEntry, compared_entries
from kbbuilder.store.search import SEARCHABLE, EntryIndex, IndexView, KeptIndex

_KEPT_ENTRIES = 50_000
"""Entries whose words are kept: some 50 MB."""


@dataclass
class LibraryView:
    """The library within one transaction."""

    conn: Connection
    _compared: IndexView
    _searched: IndexView
    _known: dict[str, ComparedEntry]
    _fresh: dict[str, ComparedEntry | None]
    """Read, or to be read anew (None), in this transaction."""

    @property
    def revision(self) -> int:
        """The collection's, at the last look: when the view was opened, or at the last `renew`."""
        return self._compared.revision

    @property
    def to_compare(self) -> EntryIndex:
        """All entries, to compare new ones with: without what was only proposed, so that a document meets the same
        library whether or not similar questions were proposed for the ones before it."""
        return self._compared.index

    @property
    def to_search(self) -> EntryIndex:
        """The entries that a search finds, with all their wordings."""
        return self._searched.index

    def entries(self, ids: Sequence[str]) -> dict[str, ComparedEntry]:
        """The words of entries; those the library does not know are left out."""
        unknown = [i for i in ids if self._fresh.get(i) is None and (i in self._fresh or i not in self._known)]
        if unknown:
            self._fresh |= compared_entries(self.conn, unknown)
        found = ((i, self._fresh[i] if i in self._fresh else self._known.get(i)) for i in ids)
        return {entry_id: entry for entry_id, entry in found if entry is not None}

    def renew(self, changed: Collection[str]) -> None:
        """Take in what the transaction has done so far.

        Args:
            changed: at least the entries whose words, wordings, quotes or status it has changed.
        """
        self._fresh |= dict.fromkeys(changed)
        self._compared.renew(changed)
        self._searched.renew(changed)

    def renew_proposed(self, changed: Collection[str]) -> None:
        """Take in that only what is proposed for these entries has changed."""
        self._compared.renew(())
        self._searched.renew(changed)


class Library:
    """One collection, for one run.

    Cost: 2.3 kB a wording in memory, as much again for each that is not only proposed, and 1 kB an entry.
    """

    def __init__(self, embedder: Embedder, collection: str) -> None:
        self._compared = KeptIndex(embedder, collection, tuple(EntryStatus), with_proposed=False)
        self._searched = KeptIndex(embedder, collection, SEARCHABLE)
        self._known: dict[str, ComparedEntry] = {}
        self._revision = -1

    def view(self, conn: Connection) -> LibraryView:
        """The library as this transaction sees it."""
        compared = self._compared.view(conn)
        if compared.revision != self._revision:
            self._known = {}
        return LibraryView(conn, compared, self._searched.view(conn), self._known, {})

    def keep(self, view: LibraryView) -> None:
        """Go on from a view whose transaction was committed, or only read."""
        self._compared.keep(view._compared)
        self._searched.keep(view._searched)
        known = view._known if len(view._known) < _KEPT_ENTRIES else {}
        for entry_id, entry in view._fresh.items():
            if entry is None:
                known.pop(entry_id, None)
            else:
                known[entry_id] = entry
        self._known, self._revision = known, view.revision
