"""Similar questions proposed and encoded ahead of their turn: while a model is asked there is time for it, and when the
last reply has come, only the search is left."""

from __future__ import annotations

from collections import deque

from kbbuilder.ports import Embedder
from kbbuilder.schema import SimilarQuestion
from kbbuilder.services.build.remembering import RememberingEmbedder
from kbbuilder.stages.expand import propose
from kbbuilder.store.database import Connection
from kbbuilder.store.entry_expand import EntryToExpand, entries_to_expand

MOST_TEXTS = 40_000
"""So many proposals are kept ahead: 80 MB of vectors. What is over is made at its turn."""
_OWN_STYLES = frozenset(("source", "person"))

Proposals = tuple[SimilarQuestion, ...]


class Proposer:
    """Proposes wordings for an edition's entries, and remembers what it was asked to prepare.

    What it remembers depends on nothing but an entry's words: an entry that has changed meanwhile is proposed for anew.

    Args:
        per_entry: so many wordings an entry are wanted.
    """

    def __init__(self, embedder: Embedder, per_entry: int) -> None:
        self._embedder = embedder
        self.per_entry = per_entry
        self.vectors = RememberingEmbedder(embedder)
        """Encodes; a text that was prepared costs nothing."""
        self._ready: dict[EntryToExpand, Proposals] = {}
        self._waiting: deque[int] = deque()

    def expect(self, version_id: int) -> None:
        """This edition will come: its entries are in the library."""
        self._waiting.append(version_id)

    @property
    def waits(self) -> bool:
        """Whether there is something to prepare, and room for it."""
        return bool(self._waiting) and len(self.vectors) < MOST_TEXTS

    def prepare(self, conn: Connection) -> None:
        """Prepare one edition. Cost: some 0.3 ms an entry and 1 ms a proposal."""
        version_id = self._waiting.popleft()
        proposals = self.proposals(conn, version_id)
        self._ready |= proposals
        texts = [proposal.text for _, proposed in proposals for proposal in proposed]
        self.vectors.encode(texts)

    def proposals(self, conn: Connection, version_id: int) -> list[tuple[EntryToExpand, Proposals]]:
        """Wordings for the edition's entries that no person has touched and that have no rule-made ones yet."""
        return [
            (entry, self._proposed(entry))
            for entry in entries_to_expand(conn, version_id)
            if entry.styles <= _OWN_STYLES
        ]

    def _proposed(self, entry: EntryToExpand) -> Proposals:
        known = self._ready.pop(entry, None)
        if known is not None:
            return known
        return propose(entry.question, entry.answer, entry.kind, entry.language, entry.heading_path, self.per_entry + 2)
