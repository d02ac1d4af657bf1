"""Similar questions for an edition's entries: proposed by rule, kept when a search with them finds their entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus, FaqEntry, SimilarQuestion
from kbbuilder.services.build.library import LibraryView
from kbbuilder.services.build.report import Wordings
from kbbuilder.stages.expand import TIE, propose, select
from kbbuilder.store.database import Connection
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.entries import get_many
from kbbuilder.store.entry_changes import add_wordings
from kbbuilder.store.ledger import KEPT, candidates_of
from kbbuilder.store.search import index_entries

_ROUND = 256
"""So many texts are ranked between two signs of progress."""
_CLEAR_LEAD = 0.08
"""Lead in cosine from which the full search would find the same entry first. Source: measured on three sets of real
documents, 1,600 wordings: no other entry was first but where the full search itself erred."""

Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Expansion:
    """The wordings to add to entries (negative ones among them), and the count of what was proposed."""

    added: tuple[tuple[str, SimilarQuestion], ...]
    wordings: Wordings


def expand_version(
    library: LibraryView,
    embedder: Embedder,
    record: VersionRecord,
    *,
    per_entry: int,
    tell: Callable[[int, int], None],
) -> Expansion:
    """What to add to the entries the edition made, judged against the whole library as it stands. Reads only.

    Args:
        per_entry: at most so many wordings an entry.
        tell: called with (texts ranked, texts in all).

    Cost: encoding and ranking each proposal, some 2 ms; ten times that where entries lie close together.
    """
    proposals = _proposals(library.conn, record, per_entry)
    owners: dict[str, set[str]] = {}
    for entry, proposed in proposals:
        for proposal in proposed:
            owners.setdefault(proposal.text, set()).add(entry.id)
    # A wording that two of the edition's entries propose tells neither from the other; the index cannot know that yet.
    texts = [text for text, proposers in owners.items() if len(proposers) == 1]
    ranked: dict[str, Ranking] = {}
    for start in range(0, len(texts), _ROUND):
        tell(start, len(texts))
        batch = texts[start : start + _ROUND]
        proposers = [next(iter(owners[text])) for text in batch]
        vectors = embedder.encode(batch)
        ranked |= zip(
            batch, library.index.tried(batch, proposers, vectors, clear=_CLEAR_LEAD, lead=TIE), strict=True
        )  # fmt: skip
    return _chosen(proposals, ranked, per_entry)


def add_expansion(library: LibraryView, embedder: Embedder, expansion: Expansion, *, at: str) -> None:
    """Store the wordings and make them searchable."""
    added = add_wordings(library.conn, expansion.added, at=at)
    changed = list(dict.fromkeys(entry_id for entry_id, _ in added))
    index_entries(library.conn, embedder, changed)
    library.renew(changed)


def _proposals(
    conn: Connection, record: VersionRecord, per_entry: int
) -> list[tuple[FaqEntry, tuple[SimilarQuestion, ...]]]:
    """Proposals for the edition's entries that no person has touched and that have no rule-made wordings yet."""
    kept = candidates_of(conn, [record.id], [KEPT])
    sections = {stored.entry_id: stored.heading_path for stored in kept if stored.entry_id is not None}
    proposals = []
    for entry_id, entry in get_many(conn, list(sections)).items():
        if entry.status is not EntryStatus.PENDING or entry.edited_by_person:
            continue
        if any(similar.style not in ("source", "person") for similar in entry.similar_questions):
            continue
        proposed = propose(entry.question, entry.answer, entry.kind, entry.language, sections[entry_id], per_entry + 2)
        proposals.append((entry, proposed))
    return proposals


def _chosen(
    proposals: Sequence[tuple[FaqEntry, tuple[SimilarQuestion, ...]]], ranked: Mapping[str, Ranking], per_entry: int
) -> Expansion:
    added: list[tuple[str, SimilarQuestion]] = []
    total = Wordings()
    for entry, proposed in proposals:
        own = tuple(proposal for proposal in proposed if proposal.text in ranked)
        expanded = select(
            own, entry.id, lambda texts: [ranked[text] for text in texts], per_entry, taken=entry.wordings
        )
        reasons: dict[str, int] = {}
        for dropped in expanded.dropped:
            reasons[dropped.reason] = reasons.get(dropped.reason, 0) + 1
        if len(own) < len(proposed):
            reasons["proposed_twice"] = len(proposed) - len(own)
        total += Wordings(len(expanded.kept), reasons)
        added += [(entry.id, wording) for wording in (*expanded.kept, *expanded.negatives)]
    return Expansion(tuple(added), total)
