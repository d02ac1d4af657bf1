"""Merging a document's candidates into the library, within one transaction.

    candidates → (a new edition: the old one's entries, found again) → the others, deduplicated → entries, quotes, links

What a person wrote or decided is never overwritten. A changed answer of an entry that a person has touched stands
beside it as a proposal; what vanished from the document turns stale.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kbbuilder.ports import Embedder
from kbbuilder.schema import Candidate, EntryStatus, FaqEntry, LinkVerdict, SimilarQuestion
from kbbuilder.services.build.editions import Draft, draft_of, match_editions, same_answer
from kbbuilder.services.build.library import LibraryView
from kbbuilder.stages.dedup import Deduped, Known, Linked, dedup
from kbbuilder.store.database import Connection
from kbbuilder.store.documents import (
    VersionRecord,
    bump_collection,
    earlier_in_library,
    set_current,
    supersede,
)
from kbbuilder.store.entries import NewEntry, find_by_questions, get_many, insert_many, statuses_of
from kbbuilder.store.entry_changes import (
    MachineUpdate,
    add_evidence_many,
    add_wordings,
    carry_evidence,
    remove_evidence,
    set_flags,
    set_status,
    update_from_machine,
)
from kbbuilder.store.entry_content import NewEvidence
from kbbuilder.store.entry_known import ComparedEntry
from kbbuilder.store.ledger import (
    KEPT,
    MERGED,
    CandidateOutcome,
    candidates_of,
    earlier_kept,
    resting_on,
    write_outcomes,
)
from kbbuilder.store.links import NewLink, add_links, drop_undecided
from kbbuilder.store.search import drop_passages, index_entries, index_passages, neighbours

ACTOR = "build"
SOURCE_CHANGED = "source_changed"
SOURCE_REMOVED = "source_removed"
SIMILARITY_FLOOR = 0.6
"""Cosine from which two questions are compared at all. Source: unrelated questions lie below 0.5."""

_OUT_OF_USE = (EntryStatus.REJECTED, EntryStatus.STALE)
_BEST_FIRST = (EntryStatus.APPROVED, EntryStatus.PENDING, EntryStatus.STALE, EntryStatus.REJECTED)


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
    return tuple(wording for stored in waiting for wording in _wordings(stored.grounded.candidate))


def plan_merge(library: LibraryView, embedder: Embedder, record: VersionRecord) -> Plan | None:
    """The slow part of merging, which only reads: so that nobody waits for it who wants to write. None for a new
    edition of a document, whose candidates first have to be told from the old one's entries.

    Cost: one matrix product of the new questions with the library's wordings.
    """
    if earlier_in_library(library.conn, record):
        return None
    merge = _Merge(library, embedder, record, at="", plan=None)
    drafts = merge.drafts()
    fresh, _ = merge.split(drafts)
    return Plan(library.revision, merge.compared(list(fresh.values()), exclude=()), drafts)


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
    return _Merge(library, embedder, record, at, plan).run()


@dataclass(frozen=True, slots=True)
class _Joining:
    """A draft that says what an entry says already; `wording` is one more way to ask it ("": none)."""

    draft: Draft
    entry_id: str
    outcome: str
    reason: str = ""
    wording: str = ""


@dataclass
class _Merge:
    """The steps of one merge in one transaction; what they decide is collected in `outcomes`."""

    library: LibraryView
    embedder: Embedder
    record: VersionRecord
    at: str
    plan: Plan | None

    def __post_init__(self) -> None:
        self.outcomes: list[CandidateOutcome] = []
        self.reworded: dict[str, None] = {}
        """Entries to be indexed anew, in order."""
        self.proposals: set[frozenset[str]] = set()
        self.conn = self.library.conn
        self.touched: set[str] = set()
        """Entries that may have changed, besides those in `outcomes`."""

    def run(self) -> int:
        drafts = self.drafts() if self.plan is None else list(self.plan.drafts)
        replaced = [version.id for version in earlier_in_library(self.conn, self.record)]
        changed: list[Draft] = []
        if replaced:
            drafts, changed = self._renew(drafts, replaced)
            self._index()
            self._renew_library()
        self._add(drafts)
        if replaced:
            self._let_go(replaced)
        self._index()
        if changed:
            self._renew_library()
            self._relate(changed)
        write_outcomes(self.conn, self.outcomes)
        for version_id in replaced:
            drop_passages(self.conn, version_id)
        index_passages(self.conn, self.record.id)
        set_current(self.conn, self.record)
        bump_collection(self.conn, self.record.collection)
        self._renew_library()
        return sum(outcome.outcome == MERGED for outcome in self.outcomes)

    def drafts(self) -> list[Draft]:
        """The edition's waiting candidates."""
        waiting = candidates_of(self.conn, [self.record.id])
        return [draft_of(stored, self.record.collection, self.record.document) for stored in waiting]

    def split(self, drafts: Sequence[Draft]) -> tuple[dict[str, Draft], list[Draft]]:
        """The drafts that are new, by id, and those whose very text stands in the library or came before."""
        first: dict[str, Draft] = {}
        again: list[Draft] = []
        standing = get_many(self.conn, [draft.entry_id for draft in drafts])
        for draft in drafts:
            if draft.entry_id in standing or draft.entry_id in first:
                again.append(draft)
            else:
                first[draft.entry_id] = draft
        return first, again

    def _index(self) -> None:
        """Make what has come in so far searchable, for the comparisons that follow."""
        index_entries(self.conn, self.embedder, list(self.reworded))
        self.reworded.clear()

    def _renew_library(self) -> None:
        """Let comparisons that follow see what has come in and changed so far."""
        self.library.renew(self.touched | {outcome.entry_id for outcome in self.outcomes})

    # -- a new edition ----------------------------------------------------------------------------------------

    def _renew(self, drafts: Sequence[Draft], replaced: Sequence[int]) -> tuple[list[Draft], list[Draft]]:
        """Find the document's entries again. The drafts that are left, and those whose text came in anew."""
        earlier = [
            _as_entry(draft_of(stored, self.record.collection, self.record.document), stored.entry_id or "")
            for stored in earlier_kept(self.conn, self.record.document_id, self.record.number)
        ]
        entries = get_many(self.conn, [draft.entry_id for draft in earlier])
        self.touched |= set(entries)
        shared = {entry_id for entry_id, elsewhere in resting_on(self.conn, replaced).items() if elsewhere}
        rest = {draft.stored.id: draft for draft in drafts}
        changed: list[Draft] = []
        same: list[_Joining] = []
        for old, new in match_editions(earlier, drafts):
            entry = entries[old.entry_id]
            reworded = entry.question != new.candidate.question
            own = _untouched(entry) and entry.id not in shared
            if same_answer(old, new) and not (own and reworded):
                same.append(_Joining(new, entry.id, KEPT))
            elif entry.id in shared:
                continue  # other documents still say the old text: the new one must be compared with it
            elif own:
                self._update(entry, new)
                changed.append(_as_entry(new, entry.id))
            else:
                self._propose(entry, new)
                changed.append(new)
            del rest[new.stored.id]
        self._join(same)
        remove_evidence(self.conn, [joining.entry_id for joining in same], replaced, at=self.at)
        return list(rest.values()), changed

    def _update(self, entry: FaqEntry, draft: Draft) -> None:
        """The text of an entry no person has touched follows its source; its other wordings stay while they fit."""
        candidate = draft.candidate
        reworded = entry.question != candidate.question
        update_from_machine(
            self.conn,
            entry.id,
            MachineUpdate(
                question=candidate.question,
                answer=candidate.answer,
                language=candidate.language,
                similar_questions=_source_wordings(draft) if reworded else entry.similar_questions,
                evidence=self._proofs(draft),
                tags=candidate.tags,
                flags=draft.stored.grounded.reasons,
                score=candidate.score,
                kind=candidate.kind,
                stable_key=draft.stable_key,
            ),
            actor=ACTOR,
            at=self.at,
        )
        drop_undecided(self.conn, [entry.id])
        self.reworded[entry.id] = None
        self._settled(draft, KEPT, entry.id)

    def _propose(self, entry: FaqEntry, draft: Draft) -> None:
        """The new text of an entry that a person has touched: a pending entry beside it."""
        if get_many(self.conn, [draft.entry_id]):
            self._join([_Joining(draft, draft.entry_id, MERGED, "same_text")])
        else:
            insert_many(self.conn, [self._new_entry(draft)], at=self.at)
            self.reworded[draft.entry_id] = None
            self._settled(draft, KEPT, draft.entry_id)
        if entry.status is EntryStatus.APPROVED:
            set_status(
                self.conn, [entry.id], EntryStatus.STALE, only_from=(EntryStatus.APPROVED,), actor=ACTOR,
                action=SOURCE_CHANGED, at=self.at, flag=SOURCE_CHANGED,
            )  # fmt: skip
        elif entry.status is EntryStatus.PENDING:
            set_flags(self.conn, {entry.id: tuple(dict.fromkeys((*entry.flags, SOURCE_CHANGED)))}, at=self.at)
        self.proposals.add(frozenset((entry.id, draft.entry_id)))
        add_links(self.conn, [NewLink(entry.id, draft.entry_id, LinkVerdict.VARIANT, 1.0, SOURCE_CHANGED)])

    def _let_go(self, replaced: Sequence[int]) -> None:
        """What still rests on the replaced editions goes on resting on the new one where its section has not changed
        (another engine, or a better rule, no longer asks it: the source still says it). Else it loses those quotes, or
        turns stale when it has no others."""
        resting = resting_on(self.conn, replaced)
        self.touched |= set(resting)
        shown = [e.id for e in get_many(self.conn, list(resting)).values() if SOURCE_CHANGED in e.flags]
        carried = carry_evidence(
            self.conn, [i for i in resting if i not in shown], replaced, self.record.id, at=self.at
        )
        resting = {entry_id: elsewhere for entry_id, elsewhere in resting.items() if entry_id not in carried}
        remove_evidence(self.conn, [i for i, elsewhere in resting.items() if elsewhere], replaced, at=self.at)
        gone = set_status(
            self.conn,
            [entry_id for entry_id, elsewhere in resting.items() if not elsewhere and entry_id not in shown],
            EntryStatus.STALE,
            only_from=(EntryStatus.PENDING, EntryStatus.APPROVED),
            actor=ACTOR,
            action=SOURCE_REMOVED,
            at=self.at,
            flag=SOURCE_REMOVED,
        )
        drop_undecided(self.conn, gone)
        supersede(self.conn, replaced, at=self.at)

    # -- new entries ------------------------------------------------------------------------------------------

    def _add(self, drafts: Sequence[Draft]) -> None:
        """Drafts into the library: as entries of their own, or as more proof of ones that say the same."""
        first, again = self.split(drafts)
        if self.plan is not None and self.plan.revision == self.library.revision:
            deduped = self.plan.deduped
        else:
            deduped = self.compared(list(first.values()), exclude=())
        insert_many(self.conn, [self._new_entry(first[entry_id]) for entry_id in deduped.kept], at=self.at)
        for entry_id in deduped.kept:
            self.reworded[entry_id] = None
            self._settled(first[entry_id], KEPT, entry_id)
        into = {merged.id: merged.into for merged in deduped.merged}
        self._join(
            [
                *(_Joining(first[m.id], _end_of(into, m.id), MERGED, m.reason, m.wording) for m in deduped.merged),
                *(_Joining(draft, _end_of(into, draft.entry_id), MERGED, "same_text") for draft in again),
            ]
        )
        self._link([_new_link(link, into) for link in deduped.links], new=frozenset(deduped.kept))

    def _join(self, joinings: Sequence[_Joining]) -> None:
        """More proof, and perhaps more wordings, for entries that say the same."""
        proofs = [(joining.entry_id, proof) for joining in joinings for proof in self._proofs(joining.draft)]
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
            self._settled(joining.draft, joining.outcome, joining.entry_id, joining.reason)

    def _revive(self, entry_ids: Sequence[str]) -> None:
        """Entries whose source had gone have one again: back to the queue, for a person to look at."""
        stale = [e for e in get_many(self.conn, entry_ids).values() if e.status is EntryStatus.STALE]
        without = {e.id: tuple(f for f in e.flags if f not in (SOURCE_CHANGED, SOURCE_REMOVED)) for e in stale}
        set_flags(self.conn, without, at=self.at)
        set_status(
            self.conn, list(without), EntryStatus.PENDING, only_from=(EntryStatus.STALE,), actor=ACTOR,
            action="source_returned", at=self.at,
        )  # fmt: skip

    # -- comparing --------------------------------------------------------------------------------------------

    def _relate(self, changed: Sequence[Draft]) -> None:
        """Entries whose text has changed are compared with all others anew; they are linked, never merged."""
        deduped = self.compared(changed, exclude=[draft.entry_id for draft in changed])
        self._link(
            [
                *(_new_link(link, {}) for link in deduped.links),
                *(NewLink(m.id, m.into, LinkVerdict.DUPLICATE, 1.0, m.reason) for m in deduped.merged),
            ]
        )

    def compared(self, drafts: Sequence[Draft], *, exclude: Sequence[str]) -> Deduped:
        """What becomes of drafts beside each other and the library's entries (those in `exclude` left out)."""
        if not drafts:
            return Deduped((), (), ())
        wordings = [_wordings(draft.candidate) for draft in drafts]
        near = neighbours(
            self.conn, self.embedder, self.library.to_compare, wordings, threshold=SIMILARITY_FLOOR, exclude=exclude
        )
        named = {entry_id for _, entry_id, _ in near.library}
        same = find_by_questions(self.conn, self.record.collection, [w for ws in wordings for w in ws])
        named |= {entry_id for ids in same.values() for entry_id in ids} - set(exclude)
        library = sorted(
            self.library.entries(sorted(named)).values(), key=lambda entry: (_BEST_FIRST.index(entry.status), entry.id)
        )
        place = {entry.id: len(drafts) + i for i, entry in enumerate(library)}
        similar = [*near.within, *((i, place[entry_id], cosine) for i, entry_id, cosine in near.library)]
        return dedup([self._known(draft) for draft in drafts], [_known_entry(entry) for entry in library], similar)

    def _link(self, links: Sequence[NewLink], *, new: Collection[str] = ()) -> None:
        """Put links in; none to entries that are out of use, no second one to a proposal. `new`: entries that have none
        yet."""
        statuses = statuses_of(self.conn, sorted({end for link in links for end in (link.left_id, link.right_id)}))
        alive = {entry_id for entry_id, status in statuses.items() if status not in _OUT_OF_USE}
        wanted = [
            link
            for link in links
            if link.left_id in alive
            and link.right_id in alive
            and frozenset((link.left_id, link.right_id)) not in self.proposals
        ]
        add_links(self.conn, wanted, new=new)

    # -- values -----------------------------------------------------------------------------------------------

    def _settled(self, draft: Draft, outcome: str, entry_id: str, reason: str = "") -> None:
        self.outcomes.append(CandidateOutcome(draft.stored.id, outcome, entry_id, reason))

    def _proofs(self, draft: Draft) -> tuple[NewEvidence, ...]:
        return tuple(
            NewEvidence(self.record.id, draft.stored.chunk_pk, page, span.quote, span.start, span.end)
            for span, page in zip(draft.candidate.evidence, draft.stored.pages, strict=True)
        )

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
            similar_questions=_source_wordings(draft),
            evidence=self._proofs(draft),
            tags=candidate.tags,
            flags=draft.stored.grounded.reasons,
        )

    def _known(self, draft: Draft) -> Known:
        candidate = draft.candidate
        return Known(
            id=draft.entry_id,
            question=candidate.question,
            wordings=candidate.similar_questions,
            answer=candidate.answer,
            kind=candidate.kind,
            document=self.record.document,
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


def _untouched(entry: FaqEntry) -> bool:
    return entry.status is EntryStatus.PENDING and not entry.edited_by_person


def _as_entry(draft: Draft, entry_id: str) -> Draft:
    """The draft under the id of the entry that it became."""
    return Draft(draft.stored, entry_id, draft.stable_key, draft.section)


def _wordings(candidate: Candidate) -> tuple[str, ...]:
    return (candidate.question, *candidate.similar_questions)


def _source_wordings(draft: Draft) -> tuple[SimilarQuestion, ...]:
    return tuple(SimilarQuestion(text=text, style="source") for text in draft.candidate.similar_questions)


def _new_link(link: Linked, into: Mapping[str, str]) -> NewLink:
    """The link between the entries in which its two ends have come to stand."""
    left, right = _end_of(into, link.left), _end_of(into, link.right)
    return NewLink(left, right, link.verdict, link.similarity, link.reason)


def _end_of(into: Mapping[str, str], entry_id: str) -> str:
    while entry_id in into:
        entry_id = into[entry_id]
    return entry_id
