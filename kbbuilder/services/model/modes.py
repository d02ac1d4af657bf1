"""How a service keeps to a JSON schema: found out once, kept in the library, so that no later build asks in vain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kbbuilder.store.database import Database
from kbbuilder.store.documents import iso
from kbbuilder.store.model_calls import recall_mode, remember_mode


class KnownModes:
    """The modes of models by the address of their service. An address is kept as a hash only."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def recall(self, model: str, base_url: str) -> str | None:
        """None: not found out yet."""
        with self._database.read() as conn:
            return recall_mode(conn, model, base_url)

    def remember(self, model: str, base_url: str, mode: str) -> None:
        with self._database.write() as conn:
            remember_mode(conn, model, base_url, mode, iso(self._clock()))
