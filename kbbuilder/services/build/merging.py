"""Merging a document's candidates into the library, within one transaction.

    candidates → (a new edition: the old one's entries, found again) → the others, deduplicated → entries, quotes, links

What a person wrote or decided is never overwritten. A changed answer of an entry that a person has touched stands
beside it as a proposal; what vanished from the document turns stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kbbuilder.ports import Embedder
from kbbuilder.schema import LinkVerdict
from kbbuilder.services.build.comparing import compared, end_of, new_link, store_links, wordings_of
from kbbuilder.services.build.editions import Draft, draft_of
from kbbuilder.services.build.intake import Intake, Joining
from kbbuilder.services.build.library import LibraryView
from kbbuilder.services.build.renewing import Renewal
from kbbuilder.stages.dedup import Deduped
from kbbuilder.store.database import Connection
from kbbuilder.store.documents import VersionRecord, bump_collection, earlier_in_library, set_current
from kbbuilder.store.entries import get_many
from kbbuilder.store.ledger import MERGED, candidates_of, write_outcomes
from kbbuilder.store.links import NewLink
from kbbuilder.store.search import drop_passages, index_passages


@dataclass(frozen=True, slots=True)
class Plan:
    """The comparison of an edition's candidates with the library, made at one revision of the collection."""

    revision: int
    deduped: Deduped
    drafts: Sequence[Draft]
    """The edition's candidates: they stay as they are while the edition is waiting to be merged."""


def texts_to_encode(conn: Connection, record: VersionRecord) -> tuple[str, ...]:
    """The texts whose vectors merging this edition will ask for: every candidate's wordings."""
    waiting = candidates_of(conn, [record.id])
    return tuple(wording for stored in waiting for wording in wordings_of(stored.grounded.candidate))


def plan_merge(library: LibraryView, embedder: Embedder, record: VersionRecord) -> Plan | None:
    """The slow part of merging, which only reads: so that nobody waits for it who wants to write. None for a new
    edition of a document, whose candidates first have to be told from the old one's entries.

    Cost: one matrix product of the new questions with the library's wordings.
    """
    if earlier_in_library(library.conn, record):
        return None
    drafts = _drafts(library.conn, record)
    fresh, _ = _split(library.conn, drafts)
    return Plan(library.revision, compared(library, embedder, record, list(fresh.values()), exclude=()), drafts)


def merge_version(
    library: LibraryView, embedder: Embedder, record: VersionRecord, *, plan: Plan | None = None, at: str
) -> int:
    """Bring an edition's waiting candidates into the library, in place of the document's earlier edition if it has one.

    The caller guards the edition's state in the same transaction.

    Args:
        library: within the transaction; as it stands afterwards when this returns.
        plan: what `plan_merge` found; it is made anew when the collection has changed since.

    Returns:
        How many candidates went into other entries.
    """
    conn = library.conn
    intake = Intake(library, embedder, record, at)
    replaced = [version.id for version in earlier_in_library(conn, record)]
    if replaced:
        _replace(intake, Renewal(intake, replaced))
    else:
        _add(intake, _drafts(conn, record) if plan is None else plan.drafts, plan)
        intake.index()
    write_outcomes(conn, intake.outcomes)
    for version_id in replaced:
        drop_passages(conn, version_id)
    index_passages(conn, record.id)
    set_current(conn, record)
    bump_collection(conn, record.collection)
    intake.renew_library()
    return sum(outcome.outcome == MERGED for outcome in intake.outcomes)


def _drafts(conn: Connection, record: VersionRecord) -> list[Draft]:
    """The edition's waiting candidates."""
    return [draft_of(stored, record.collection, record.document) for stored in candidates_of(conn, [record.id])]


def _split(conn: Connection, drafts: Sequence[Draft]) -> tuple[dict[str, Draft], list[Draft]]:
    """The drafts that are new, by id, and those whose very text stands in the library or came before."""
    first: dict[str, Draft] = {}
    again: list[Draft] = []
    standing = get_many(conn, [draft.entry_id for draft in drafts])
    for draft in drafts:
        if draft.entry_id in standing or draft.entry_id in first:
            again.append(draft)
        else:
            first[draft.entry_id] = draft
    return first, again


def _replace(intake: Intake, renewal: Renewal) -> None:
    """A new edition: what is the same or changed goes to the entries that stand, the rest comes in like any other."""
    rest, changed = renewal.find_again(_drafts(intake.conn, intake.record))
    intake.index()
    intake.renew_library()
    _add(intake, rest, None, renewal)
    renewal.let_go()
    intake.index()
    if changed:
        intake.renew_library()
        _relate(intake, changed, renewal)


def _add(intake: Intake, drafts: Sequence[Draft], plan: Plan | None, renewal: Renewal | None = None) -> None:
    """Drafts into the library: as entries of their own, or as more proof of ones that say the same."""
    first, again = _split(intake.conn, drafts)
    if plan is not None and plan.revision == intake.library.revision:
        deduped = plan.deduped
    else:
        deduped = compared(intake.library, intake.embedder, intake.record, list(first.values()), exclude=())
    intake.add([first[entry_id] for entry_id in deduped.kept])
    into = {merged.id: merged.into for merged in deduped.merged}
    intake.join(
        [
            *(Joining(first[m.id], end_of(into, m.id), MERGED, m.reason, m.wording) for m in deduped.merged),
            *(Joining(draft, end_of(into, draft.entry_id), MERGED, "same_text") for draft in again),
        ]
    )
    store_links(
        intake.conn,
        [new_link(found, into) for found in deduped.links],
        proposals=() if renewal is None else renewal.proposals,
        new=frozenset(deduped.kept),
    )


def _relate(intake: Intake, changed: Sequence[Draft], renewal: Renewal) -> None:
    """Entries whose text has changed are compared with all others anew; they are linked, never merged."""
    exclude = [draft.entry_id for draft in changed]
    deduped = compared(intake.library, intake.embedder, intake.record, changed, exclude=exclude)
    store_links(
        intake.conn,
        [
            *(new_link(found, {}) for found in deduped.links),
            *(NewLink(m.id, m.into, LinkVerdict.DUPLICATE, 1.0, m.reason) for m in deduped.merged),
        ],
        proposals=renewal.proposals,
    )
