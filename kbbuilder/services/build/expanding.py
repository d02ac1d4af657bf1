"""Similar questions for an edition's entries, kept when a search with them finds their entry; and those of other
entries, taken back when it now finds an entry of this edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kbbuilder.ports import Embedder
from kbbuilder.schema import SimilarQuestion
from kbbuilder.services.build.library import LibraryView
from kbbuilder.services.build.proposing import Proposer
from kbbuilder.services.build.report import Wordings
from kbbuilder.stages.expand import CLEAR_WIN, TIE, select
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.entry_changes import add_wordings, take_back_wordings
from kbbuilder.store.entry_expand import EntryToExpand, entries_resting_on, proposed_wordings
from kbbuilder.store.search import Contest, index_entries

_ROUND = 256
"""So many texts are ranked between two signs of progress."""
_CLEAR_LEAD = 0.08
"""Lead in cosine from which the full search would find the same entry first. Source: measured on three sets of real
documents, 1,600 wordings: no other entry was first but where the full search itself erred."""

Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Expansion:
    """The wordings to add to entries (negative ones among them), and the count of what was proposed."""

    added: tuple[tuple[str, SimilarQuestion], ...] = ()
    wordings: Wordings = field(default_factory=Wordings)
    proposed: tuple[str, ...] = ()
    """All texts that were proposed."""


def expand_version(
    library: LibraryView, proposer: Proposer, record: VersionRecord, *, tell: Callable[[int, int], None]
) -> Expansion:
    """What to add to the entries the edition made, judged against the library as it stands. Reads only.

    Args:
        tell: called with (texts ranked, texts in all).

    Cost: trying a proposal out, some 0.5 ms; proposing and encoding it, unless that was done ahead, 1.2 ms.
    """
    proposals = proposer.proposals(library.conn, record.id)
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
        vectors = proposer.vectors.encode(batch)
        tried = library.to_search.tried(batch, proposers, vectors, clear=_CLEAR_LEAD, lead=TIE)
        ranked |= zip(batch, tried, strict=True)
    added, wordings = _chosen(proposals, ranked, proposer.per_entry)
    return Expansion(tuple(added), wordings, tuple(proposal.text for _, proposed in proposals for proposal in proposed))


def add_expansion(library: LibraryView, embedder: Embedder, expansion: Expansion, *, at: str) -> None:
    """Store the wordings and make them searchable."""
    _store(library, embedder, (), expansion.added, at=at)


def contested_by(library: LibraryView, record: VersionRecord) -> tuple[Contest, ...]:
    """What was proposed for other entries and would now find one that rests on the edition. Reads only."""
    return library.to_search.contested(entries_resting_on(library.conn, record.id), clear=_CLEAR_LEAD, lead=TIE)


def take_back(library: LibraryView, embedder: Embedder, contests: Sequence[Contest], *, at: str) -> int:
    """Take contested wordings back; where the rival clearly wins, they become negative ones. How many went."""
    lost = [(contest.entry_id, contest.text) for contest in contests]
    styles = {(entry_id, wording.text): wording.style for entry_id, wording in proposed_wordings(library.conn, lost)}
    negatives = [
        (contest.entry_id, SimilarQuestion(text=contest.text, style=style, negative=True))
        for contest in contests
        if contest.rival_score - contest.score >= CLEAR_WIN
        and (style := styles.get((contest.entry_id, contest.text))) is not None
    ]
    _store(library, embedder, lost, negatives, at=at)
    return len(styles)


def _store(
    library: LibraryView,
    embedder: Embedder,
    lost: Sequence[tuple[str, str]],
    added: Sequence[tuple[str, SimilarQuestion]],
    *,
    at: str,
) -> None:
    gone = take_back_wordings(library.conn, lost, at=at)
    new = add_wordings(library.conn, added, at=at)
    changed = list(dict.fromkeys([*(entry_id for entry_id, _ in gone), *(entry_id for entry_id, _ in new)]))
    index_entries(library.conn, embedder, changed)
    library.renew_proposed(changed)


def _chosen(
    proposals: Sequence[tuple[EntryToExpand, tuple[SimilarQuestion, ...]]],
    ranked: Mapping[str, Ranking],
    per_entry: int,
) -> tuple[list[tuple[str, SimilarQuestion]], Wordings]:
    added: list[tuple[str, SimilarQuestion]] = []
    total = Wordings()
    for entry, proposed in proposals:
        own = tuple(proposal for proposal in proposed if proposal.text in ranked)
        expanded = select(own, entry.id, lambda texts: [ranked[text] for text in texts], per_entry, taken=entry.taken)
        reasons: dict[str, int] = {}
        for dropped in expanded.dropped:
            reasons[dropped.reason] = reasons.get(dropped.reason, 0) + 1
        if len(own) < len(proposed):
            reasons["proposed_twice"] = len(proposed) - len(own)
        total += Wordings(len(expanded.kept), reasons)
        added += [(entry.id, wording) for wording in (*expanded.kept, *expanded.negatives)]
    return added, total
