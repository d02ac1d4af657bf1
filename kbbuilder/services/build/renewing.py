"""A document's next edition in place of those before: its entries found again, updated, proposed anew, or let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kbbuilder.schema import EntryStatus, FaqEntry, LinkVerdict
from kbbuilder.services.build.editions import Draft, draft_of, match_editions, same_answer
from kbbuilder.services.build.intake import ACTOR, SOURCE_CHANGED, SOURCE_REMOVED, Intake, Joining, source_wordings
from kbbuilder.store.documents import supersede
from kbbuilder.store.entries import get_many
from kbbuilder.store.entry_changes import (
    MachineUpdate,
    carry_evidence,
    remove_evidence,
    set_flags,
    set_status,
    update_from_machine,
)
from kbbuilder.store.ledger import KEPT, MERGED, earlier_kept, resting_on
from kbbuilder.store.links import NewLink, add_links, drop_undecided


@dataclass
class Renewal:
    """The entries of the editions that are `replaced` (their ids), and what becomes of them."""

    intake: Intake
    replaced: Sequence[int]
    proposals: set[frozenset[str]] = field(default_factory=set)
    """Pairs of an entry that a person has touched and the one that has its new text."""

    def find_again(self, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Draft]]:
        """Match the new edition's drafts with the document's entries. The drafts that are left, and those whose text
        came in anew."""
        intake = self.intake
        earlier = [
            _as_entry(draft_of(stored, intake.record.collection, intake.record.document), stored.entry_id or "")
            for stored in earlier_kept(intake.conn, intake.record.document_id, intake.record.number)
        ]
        entries = get_many(intake.conn, [draft.entry_id for draft in earlier])
        intake.touched |= set(entries)
        shared = {entry_id for entry_id, elsewhere in resting_on(intake.conn, self.replaced).items() if elsewhere}
        rest = {draft.stored.id: draft for draft in drafts}
        changed: list[Draft] = []
        same: list[Joining] = []
        for old, new in match_editions(earlier, drafts):
            entry = entries[old.entry_id]
            reworded = entry.question != new.candidate.question
            own = _untouched(entry) and entry.id not in shared
            if same_answer(old, new) and not (own and reworded):
                same.append(Joining(new, entry.id, KEPT))
            elif entry.id in shared:
                continue  # other documents still say the old text: the new one must be compared with it
            elif own:
                self._update(entry, new)
                changed.append(_as_entry(new, entry.id))
            else:
                self._propose(entry, new)
                changed.append(new)
            del rest[new.stored.id]
        intake.join(same)
        remove_evidence(intake.conn, [joining.entry_id for joining in same], self.replaced, at=intake.at)
        return list(rest.values()), changed

    def let_go(self) -> None:
        """What still rests on the replaced editions goes on resting on the new one where its section has not changed
        (another engine, or a better rule, no longer asks it: the source still says it). Else it loses those quotes, or
        turns stale when it has no others."""
        conn, at, replaced = self.intake.conn, self.intake.at, self.replaced
        resting = resting_on(conn, replaced)
        self.intake.touched |= set(resting)
        shown = [e.id for e in get_many(conn, list(resting)).values() if SOURCE_CHANGED in e.flags]
        carried = carry_evidence(conn, [i for i in resting if i not in shown], replaced, self.intake.record.id, at=at)
        resting = {entry_id: elsewhere for entry_id, elsewhere in resting.items() if entry_id not in carried}
        remove_evidence(conn, [i for i, elsewhere in resting.items() if elsewhere], replaced, at=at)
        gone = set_status(
            conn,
            [entry_id for entry_id, elsewhere in resting.items() if not elsewhere and entry_id not in shown],
            EntryStatus.STALE,
            only_from=(EntryStatus.PENDING, EntryStatus.APPROVED),
            actor=ACTOR,
            action=SOURCE_REMOVED,
            at=at,
            flag=SOURCE_REMOVED,
        )
        drop_undecided(conn, gone)
        supersede(conn, replaced, at=at)

    def _update(self, entry: FaqEntry, draft: Draft) -> None:
        """The text of an entry no person has touched follows its source; its other wordings stay while they fit."""
        intake, candidate = self.intake, draft.candidate
        reworded = entry.question != candidate.question
        update_from_machine(
            intake.conn,
            entry.id,
            MachineUpdate(
                question=candidate.question,
                answer=candidate.answer,
                language=candidate.language,
                similar_questions=source_wordings(draft) if reworded else entry.similar_questions,
                evidence=intake.proofs(draft),
                tags=candidate.tags,
                flags=draft.stored.grounded.reasons,
                score=candidate.score,
                kind=candidate.kind,
                stable_key=draft.stable_key,
            ),
            actor=ACTOR,
            at=intake.at,
        )
        drop_undecided(intake.conn, [entry.id])
        intake.reworded[entry.id] = None
        intake.settle(draft, KEPT, entry.id)

    def _propose(self, entry: FaqEntry, draft: Draft) -> None:
        """The new text of an entry that a person has touched: a pending entry beside it."""
        intake = self.intake
        if get_many(intake.conn, [draft.entry_id]):
            intake.join([Joining(draft, draft.entry_id, MERGED, "same_text")])
        else:
            intake.add([draft])
        if entry.status is EntryStatus.APPROVED:
            set_status(
                intake.conn, [entry.id], EntryStatus.STALE, only_from=(EntryStatus.APPROVED,), actor=ACTOR,
                action=SOURCE_CHANGED, at=intake.at, flag=SOURCE_CHANGED,
            )  # fmt: skip
        elif entry.status is EntryStatus.PENDING:
            set_flags(intake.conn, {entry.id: tuple(dict.fromkeys((*entry.flags, SOURCE_CHANGED)))}, at=intake.at)
        self.proposals.add(frozenset((entry.id, draft.entry_id)))
        add_links(intake.conn, [NewLink(entry.id, draft.entry_id, LinkVerdict.VARIANT, 1.0, SOURCE_CHANGED)])


def _untouched(entry: FaqEntry) -> bool:
    return entry.status is EntryStatus.PENDING and not entry.edited_by_person


def _as_entry(draft: Draft, entry_id: str) -> Draft:
    """The draft under the id of the entry that it became."""
    return Draft(draft.stored, entry_id, draft.stable_key, draft.section)
