"""Which editions a run has in hand: taken under a lease, renewed while the run lasts, given back at its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from kbbuilder.errors import StoreError
from kbbuilder.schema import VersionState
from kbbuilder.services.build.processes import is_gone, new_owner
from kbbuilder.store import documents
from kbbuilder.store.database import Database
from kbbuilder.store.documents import VersionRecord, iso

LEASE_S = 60.0
_RENEW_S = 15.0
_LOOK_S = 0.2
"""After a look that found nothing due, at least so long before the next."""
_TO_CHUNK = (VersionState.UPLOADED, VersionState.PARSED)


class Leases:
    """The leases of one run, under a name of its own.

    Args:
        only_chunk: take only editions that have not been cut into chunks.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], collection: str | None, *, only_chunk: bool
    ) -> None:
        self.owner = new_owner()
        self._database = database
        self._clock = clock
        self._collection = collection
        self._states = _TO_CHUNK if only_chunk else documents.ON_THE_WAY
        self._empty_at: float | None = None

    def take(self, limit: int, *, before: int | None = None) -> tuple[tuple[VersionRecord, ...], int]:
        """Up to `limit` due editions in build order, and how many are due or being worked on by anybody.

        Args:
            before: only editions that come before this place in the build order.
        """
        if self._empty_at is not None and time.monotonic() - self._empty_at < _LOOK_S:
            return (), 0
        at = self._now()
        with self._database.write() as conn:
            dead = [owner for owner in documents.lease_owners(conn) if is_gone(owner)]
            records = documents.claim(
                conn, owner=self.owner, until=self._until(), at=at, limit=limit, collection=self._collection,
                dead=dead, before=before, states=self._states,
            )  # fmt: skip
            waiting = documents.unfinished(conn, collection=self._collection, at=at) if records else 0
        self._empty_at = None if records else time.monotonic()
        return records, waiting

    def look_again(self) -> None:
        """Something may have become due: an edition of ours has moved on."""
        self._empty_at = None

    def others_at_work(self) -> bool:
        """Whether anything is due that is not in our hands."""
        with self._database.read() as conn:
            return documents.unfinished(conn, collection=self._collection, at=self._now()) > 0

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the leases however long a single step takes, and give them back at the end."""
        over = threading.Event()

        def keep() -> None:
            while not over.wait(_RENEW_S):
                with suppress(StoreError), self._database.write() as conn:
                    documents.renew_leases(conn, owner=self.owner, until=self._until())

        keeper = threading.Thread(target=keep, name="leases", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()
            with suppress(StoreError), self._database.write() as conn:
                documents.release_leases(conn, owner=self.owner)

    def _now(self) -> str:
        return iso(self._clock())

    def _until(self) -> str:
        return iso(self._clock() + timedelta(seconds=LEASE_S))
