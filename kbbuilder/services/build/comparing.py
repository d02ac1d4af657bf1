"""An edition's candidates compared with each other and with the library: what dedup is asked, and its links stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kbbuilder.ports import Embedder
from kbbuilder.schema import Candidate, EntryStatus
from kbbuilder.services.build.editions import Draft
from kbbuilder.services.build.library import LibraryView
from kbbuilder.stages.dedup import Deduped, Known, Linked, dedup
from kbbuilder.store.database import Connection
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.entries import find_by_questions, statuses_of
from kbbuilder.store.entry_known import ComparedEntry
from kbbuilder.store.links import NewLink, add_links
from kbbuilder.store.search import neighbours

SIMILARITY_FLOOR = 0.6
"""Cosine from which two questions are compared at all. Source: unrelated questions lie below 0.5."""

_OUT_OF_USE = (EntryStatus.REJECTED, EntryStatus.STALE)
_BEST_FIRST = (EntryStatus.APPROVED, EntryStatus.PENDING, EntryStatus.STALE, EntryStatus.REJECTED)


def wordings_of(candidate: Candidate) -> tuple[str, ...]:
    """All that a candidate is asked by in its source."""
    return (candidate.question, *candidate.similar_questions)


def compared(
    library: LibraryView, embedder: Embedder, record: VersionRecord, drafts: Sequence[Draft], *, exclude: Sequence[str]
) -> Deduped:
    """What becomes of an edition's drafts beside each other and the library's entries (those in `exclude` left out).

    Cost: one matrix product of the new questions with the library's wordings.
    """
    if not drafts:
        return Deduped((), (), ())
    wordings = [wordings_of(draft.candidate) for draft in drafts]
    near = neighbours(library.conn, embedder, library.to_compare, wordings, threshold=SIMILARITY_FLOOR, exclude=exclude)
    named = {entry_id for _, entry_id, _ in near.library}
    same = find_by_questions(library.conn, record.collection, [w for ws in wordings for w in ws])
    named |= {entry_id for ids in same.values() for entry_id in ids} - set(exclude)
    standing = sorted(
        library.entries(sorted(named)).values(), key=lambda entry: (_BEST_FIRST.index(entry.status), entry.id)
    )
    place = {entry.id: len(drafts) + i for i, entry in enumerate(standing)}
    similar = [*near.within, *((i, place[entry_id], cosine) for i, entry_id, cosine in near.library)]
    new = [_known_draft(draft, record.document) for draft in drafts]
    return dedup(new, [_known_entry(entry) for entry in standing], similar)


def store_links(
    conn: Connection,
    links: Sequence[NewLink],
    *,
    proposals: Collection[frozenset[str]] = (),
    new: Collection[str] = (),
) -> None:
    """Store links; none to entries that are out of use, no second one between a text and its proposal.

    Args:
        proposals: the pairs of entries that are such.
        new: entries that have no links yet.
    """
    statuses = statuses_of(conn, sorted({end for link in links for end in (link.left_id, link.right_id)}))
    alive = {entry_id for entry_id, status in statuses.items() if status not in _OUT_OF_USE}
    wanted = [
        link
        for link in links
        if {link.left_id, link.right_id} <= alive and frozenset((link.left_id, link.right_id)) not in proposals
    ]
    add_links(conn, wanted, new=new)


def new_link(found: Linked, into: Mapping[str, str]) -> NewLink:
    """The link between the entries in which its two ends have come to stand."""
    return NewLink(end_of(into, found.left), end_of(into, found.right), found.verdict, found.similarity, found.reason)


def end_of(into: Mapping[str, str], entry_id: str) -> str:
    """Where an entry that was merged `into` another, and that perhaps into a third, stands in the end."""
    while entry_id in into:
        entry_id = into[entry_id]
    return entry_id


def _known_draft(draft: Draft, document: str) -> Known:
    candidate = draft.candidate
    return Known(
        id=draft.entry_id,
        question=candidate.question,
        wordings=candidate.similar_questions,
        answer=candidate.answer,
        kind=candidate.kind,
        document=document,
    )


def _known_entry(entry: ComparedEntry) -> Known:
    return Known(
        id=entry.id,
        question=entry.question,
        wordings=entry.wordings,
        answer=entry.answer,
        kind=entry.kind,
        document=entry.document,
    )
