"""Similar questions proposed and encoded ahead of their turn: while a model is asked there is time for it, and when the
last reply has come, only the search is left."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from kbbuilder.language.text import fold
from kbbuilder.ports import Embedder
from kbbuilder.schema import OWN_STYLES, Candidate, Language, PairKind, SimilarQuestion
from kbbuilder.services.build.remembering import RememberingEmbedder
from kbbuilder.stages.expand import propose
from kbbuilder.store.database import Connection
from kbbuilder.store.entry_expand import EntryToExpand, entries_to_expand

MOST_TEXTS = 40_000
"""So many texts are kept ahead: 80 MB of vectors. What is over is made at its turn."""

Proposals = tuple[SimilarQuestion, ...]


class _Words(NamedTuple):
    """All that proposals depend on: an entry that has changed meanwhile is proposed for anew."""

    question: str
    answer: str
    kind: PairKind | None
    language: Language
    heading_path: tuple[str, ...]
    wordings: Proposals
    """What a model proposed."""


class Proposer:
    """Proposes wordings for an edition's entries: the model's, if it was asked for some, then those made by rule; and
    remembers what it was asked to prepare. `stop` it.

    Args:
        per_entry: so many wordings an entry are wanted.
    """

    def __init__(self, embedder: Embedder, per_entry: int) -> None:
        self.per_entry = per_entry
        self.vectors = RememberingEmbedder(embedder)
        """Encodes; a text that was prepared costs nothing."""
        self._ready: dict[_Words, Proposals] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="propose")

    def prepare(self, candidates: Iterable[tuple[Candidate, tuple[str, ...]]]) -> None:
        """Prepare, in a thread of its own, what these candidates (each with its heading path) will need as entries.

        Cost: some 0.3 ms a candidate, and 1 ms for each of its questions and proposals; most of it leaves the
        interpreter to others.
        """
        waiting = tuple(candidates)
        if waiting and len(self.vectors) < MOST_TEXTS:
            self._thread.submit(self._prepare, waiting)

    def _prepare(self, candidates: tuple[tuple[Candidate, tuple[str, ...]], ...]) -> None:
        texts = []
        for candidate, heading_path in candidates:
            words = _Words(
                candidate.question,
                candidate.answer,
                candidate.kind,
                candidate.language,
                heading_path,
                candidate.wordings,
            )
            proposals = self._propose(words)
            self._ready[words] = proposals
            texts += [candidate.question, *candidate.similar_questions, *(proposal.text for proposal in proposals)]
        self.vectors.encode(texts)

    def proposals(self, conn: Connection, version_id: int) -> list[tuple[EntryToExpand, Proposals]]:
        """Wordings for the edition's entries that no person has touched and that have no rule-made ones yet."""
        found = []
        for entry in entries_to_expand(conn, version_id):
            if entry.styles.issubset(OWN_STYLES):
                words = _Words(
                    entry.question, entry.answer, entry.kind, entry.language, entry.heading_path, entry.wordings
                )
                ready = self._ready.pop(words, None)
                found.append((entry, self._propose(words) if ready is None else ready))
        return found

    def _propose(self, words: _Words) -> Proposals:
        asked_for = tuple(wording for wording in words.wordings if not wording.negative)
        seen = {fold(wording.text) for wording in asked_for}
        by_rule = propose(
            words.question, words.answer, words.kind, words.language, words.heading_path, self.per_entry + 2
        )
        return (*asked_for, *(wording for wording in by_rule if fold(wording.text) not in seen))

    def stop(self) -> None:
        """End; what has not been prepared is left."""
        self._thread.shutdown(wait=False, cancel_futures=True)
