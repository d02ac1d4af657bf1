"""What one merge brings into the library, within its transaction: entries, more proof for those that stand; and how
each candidate ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus, SimilarQuestion
from kbbuilder.services.build.editions import Draft
from kbbuilder.services.build.library import LibraryView
from kbbuilder.store.database import Connection
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.entries import NewEntry, get_many, insert_many
from kbbuilder.store.entry_changes import add_evidence_many, add_wordings, set_flags, set_status
from kbbuilder.store.entry_content import NewEvidence
from kbbuilder.store.ledger import KEPT, CandidateOutcome
from kbbuilder.store.search import index_entries

ACTOR = "build"
SOURCE_CHANGED = "source_changed"
SOURCE_REMOVED = "source_removed"


@dataclass(frozen=True, slots=True)
class Joining:
    """A draft that says what an entry says already; `wording` is one more way to ask it ("": none)."""

    draft: Draft
    entry_id: str
    outcome: str
    reason: str = ""
    wording: str = ""


@dataclass
class Intake:
    """The drafts of one edition on their way in."""

    library: LibraryView
    embedder: Embedder
    record: VersionRecord
    at: str
    outcomes: list[CandidateOutcome] = field(default_factory=list)
    reworded: dict[str, None] = field(default_factory=dict)
    """Entries to be indexed anew, in order."""
    touched: set[str] = field(default_factory=set)
    """Entries that may have changed, besides those in `outcomes`."""

    @property
    def conn(self) -> Connection:
        return self.library.conn

    def add(self, drafts: Sequence[Draft]) -> None:
        """Drafts that become entries of their own."""
        insert_many(self.conn, [self._new_entry(draft) for draft in drafts], at=self.at)
        for draft in drafts:
            self.reworded[draft.entry_id] = None
            self.settle(draft, KEPT, draft.entry_id)

    def join(self, joinings: Sequence[Joining]) -> None:
        """More proof, and perhaps more wordings, for entries that say the same."""
        proofs = [(joining.entry_id, proof) for joining in joinings for proof in self.proofs(joining.draft)]
        add_evidence_many(self.conn, proofs, at=self.at)
        wordings = [
            (joining.entry_id, SimilarQuestion(text=text, style="source"))
            for joining in joinings
            for text in (*joining.draft.candidate.similar_questions, joining.wording)
            if text
        ]
        for entry_id, _ in add_wordings(self.conn, wordings, at=self.at):
            self.reworded[entry_id] = None
        self._revive([joining.entry_id for joining in joinings])
        for joining in joinings:
            self.settle(joining.draft, joining.outcome, joining.entry_id, joining.reason)

    def settle(self, draft: Draft, outcome: str, entry_id: str, reason: str = "") -> None:
        """How a draft ended."""
        self.outcomes.append(CandidateOutcome(draft.stored.id, outcome, entry_id, reason))

    def index(self) -> None:
        """Make what has come in so far searchable, for the comparisons that follow."""
        index_entries(self.conn, self.embedder, list(self.reworded))
        self.reworded.clear()

    def renew_library(self) -> None:
        """Let comparisons that follow see what has come in and changed so far."""
        self.library.renew(self.touched | {outcome.entry_id for outcome in self.outcomes})

    def proofs(self, draft: Draft) -> tuple[NewEvidence, ...]:
        """The quotes that a draft rests on."""
        return tuple(
            NewEvidence(self.record.id, draft.stored.chunk_pk, page, span.quote, span.start, span.end)
            for span, page in zip(draft.candidate.evidence, draft.stored.pages, strict=True)
        )

    def _revive(self, entry_ids: Sequence[str]) -> None:
        """Entries whose source had gone have one again: back to the queue, for a person to look at."""
        stale = [e for e in get_many(self.conn, entry_ids).values() if e.status is EntryStatus.STALE]
        without = {e.id: tuple(f for f in e.flags if f not in (SOURCE_CHANGED, SOURCE_REMOVED)) for e in stale}
        set_flags(self.conn, without, at=self.at)
        set_status(
            self.conn, list(without), EntryStatus.PENDING, only_from=(EntryStatus.STALE,), actor=ACTOR,
            action="source_returned", at=self.at,
        )  # fmt: skip

    def _new_entry(self, draft: Draft) -> NewEntry:
        candidate = draft.candidate
        return NewEntry(
            id=draft.entry_id,
            collection=self.record.collection,
            question=candidate.question,
            answer=candidate.answer,
            language=candidate.language,
            kind=candidate.kind,
            origin=candidate.origin,
            score=candidate.score,
            stable_key=draft.stable_key,
            source_document_id=self.record.document_id,
            similar_questions=source_wordings(draft),
            evidence=self.proofs(draft),
            tags=candidate.tags,
            flags=draft.stored.grounded.reasons,
        )


def source_wordings(draft: Draft) -> tuple[SimilarQuestion, ...]:
    """The other ways in which a draft's source asks it."""
    return tuple(SimilarQuestion(text=text, style="source") for text in draft.candidate.similar_questions)
