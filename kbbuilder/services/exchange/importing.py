"""Bringing rows into the library: new, the same, changed, or at odds with what a person decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kbbuilder.language.text import detect_language, wording_key
from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus, Evidence, LinkVerdict, SimilarQuestion
from kbbuilder.services.exchange.reports import DroppedRow, ImportConflict, ImportReport, LeftAlone, Loss
from kbbuilder.services.exchange.rows import EVIDENCE_FIELDS, TableRead
from kbbuilder.services.exchange.wanted import Wanted, clean_rows, united
from kbbuilder.store import documents
from kbbuilder.store.contradictions import SAME_QUESTION, answer_key, approved_rival
from kbbuilder.store.database import Connection, Database
from kbbuilder.store.entries import NewEntry, StoredEntry, find_by_questions, insert_many, load_many
from kbbuilder.store.entry_changes import change
from kbbuilder.store.entry_content import EntryContent, Proof
from kbbuilder.store.links import NewLink, add_links
from kbbuilder.store.search import ensure_vectors, index_entries, wording_texts
from kbbuilder.store.sources import anchored

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`collection` takes the rows that name none. `approve`: rows that state no status (or "pending") are approved."""

    collection: str
    approve: bool
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class _Twin:
    """An entry that asks the same as a row: in the library, or new in this batch."""

    id: str
    answer_key: str
    status: EntryStatus


@dataclass(slots=True)
class _Tally:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    approved: int = 0
    conflicts: list[ImportConflict] = field(default_factory=list)
    left_alone: list[LeftAlone] = field(default_factory=list)
    dropped: list[DroppedRow] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)


def import_rows(
    db: Database, embedder: Embedder, table: TableRead, options: ImportOptions, *, path: str
) -> ImportReport:
    """Bring a table's rows in, 500 to a transaction: an interrupted import goes on where it stopped when it is run
    again, for rows that are in the library already add nothing."""
    cleaned = clean_rows(table.rows, collection=options.collection, approve=options.approve)
    tally = _Tally(merged=cleaned.merged, dropped=[*table.dropped, *cleaned.dropped], losses=list(table.losses))
    created: set[str] = set()
    for start in range(0, len(cleaned.wanted), _BATCH):
        rows = cleaned.wanted[start : start + _BATCH]
        ensure_vectors(db, embedder, {text for row in rows for text in _encoded(row)})
        with db.write() as conn:
            batch = _Batch(conn, options, tally, rows, created)
            for row in rows:
                batch.take(row)
            batch.finish(embedder)
        created |= batch.created
    return ImportReport(
        format=table.format,
        path=path,
        rows=len(table.rows) + len(table.dropped),
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        merged=tally.merged,
        approved=tally.approved,
        conflicts=tuple(tally.conflicts),
        left_alone=tuple(tally.left_alone),
        dropped=tuple(sorted(tally.dropped, key=lambda d: d.line)),
        losses=tuple(tally.losses),
        ignored_columns=table.ignored_columns,
        skipped_sheets=table.skipped_sheets,
    )


def _encoded(row: Wanted) -> tuple[str, ...]:
    return wording_texts(row.texts.question, [s.text for s in row.texts.wordings])


class _Batch:
    """Some rows in one transaction. New entries are gathered and put in at the end, in one go."""

    def __init__(
        self, conn: Connection, options: ImportOptions, tally: _Tally, rows: Sequence[Wanted], earlier: set[str]
    ) -> None:
        self._conn = conn
        self._options = options
        self._tally = tally
        self._earlier = earlier
        self._stored = load_many(conn, [row.id for row in rows])
        self._twins = self._load_twins(rows)
        self._new: dict[str, NewEntry] = {}
        self._links: list[NewLink] = []
        self._reworded: set[str] = set()

    @property
    def created(self) -> set[str]:
        return set(self._new)

    def take(self, row: Wanted) -> None:
        stored = self._stored.get(row.id)
        if stored is not None and row.has_id:
            self._meet(row, stored)
            return
        key = answer_key(row.texts.answer)
        twins = [t for t in self._twins.get(row.asks, []) if t.answer_key == key and not self._of_this_file(t.id)]
        if twins:
            # An entry that serves or waits, before one a person has rejected.
            best = min(twins, key=lambda t: (t.status is EntryStatus.REJECTED, t.id))
            self._merge(row, self._stored[best.id])
        elif stored is not None:
            self._leave(row, stored.id, "edited_by_person", "the entry this row once gave has been edited since")
        else:
            self._create(row)

    def finish(self, embedder: Embedder) -> None:
        for collection in sorted({entry.collection for entry in self._new.values()}):
            documents.ensure_collection(self._conn, collection, at=self._options.at)
        insert_many(self._conn, list(self._new.values()), at=self._options.at, actor=self._options.actor)
        add_links(self._conn, self._links)
        index_entries(self._conn, embedder, [*self._new, *sorted(self._reworded)])
        self._tally.created += len(self._new)
        self._tally.approved += sum(entry.status is EntryStatus.APPROVED for entry in self._new.values())

    def _load_twins(self, rows: Sequence[Wanted]) -> dict[tuple[str, str], list[_Twin]]:
        twins: dict[tuple[str, str], list[_Twin]] = {}
        for collection in sorted({row.collection for row in rows}):
            questions = [row.texts.question for row in rows if row.collection == collection]
            found = find_by_questions(self._conn, collection, questions)
            self._stored |= load_many(self._conn, [entry_id for ids in found.values() for entry_id in ids])
            for question, ids in found.items():
                twins[collection, wording_key(question)] = [_twin(self._stored[entry_id]) for entry_id in ids]
        return twins

    def _of_this_file(self, entry_id: str) -> bool:
        return entry_id in self._new or entry_id in self._earlier

    # -- a row the library has nothing of ----------------------------------------------------------------------------

    def _create(self, row: Wanted) -> None:
        rivals = self._rivals(row)
        status = EntryStatus.PENDING if self._must_wait(row, rivals) else row.status
        self._contradict(row, rivals)
        self._twins.setdefault(row.asks, []).append(_Twin(row.id, answer_key(row.texts.answer), status))
        self._new[row.id] = NewEntry(
            id=row.id,
            collection=row.collection,
            question=row.texts.question,
            answer=row.texts.answer,
            language=row.row.language or detect_language(row.texts.question),
            status=status,
            origin="import",
            similar_questions=row.texts.wordings,
            evidence=self._proofs(row),
            tags=row.texts.tags,
            flags=row.row.flags or (),
            valid_from=row.row.valid_from or None,
            valid_to=row.row.valid_to or None,
        )

    def _rivals(self, row: Wanted) -> list[_Twin]:
        """Entries that answer the row's question in another way. What is rejected, on either side, rivals nothing."""
        if row.status is EntryStatus.REJECTED:
            return []
        key = answer_key(row.texts.answer)
        return [
            twin
            for twin in self._twins.get(row.asks, [])
            if twin.id != row.id and twin.answer_key != key and twin.status is not EntryStatus.REJECTED
        ]

    def _must_wait(self, row: Wanted, rivals: Sequence[_Twin]) -> bool:
        """Whether approving the row needs a person first, because an approved entry says something else. A file that
        itself calls both approved (an exported library, where a person decided to keep both) is believed."""
        if row.status is not EntryStatus.APPROVED:
            return False
        believed = row.row.status is EntryStatus.APPROVED
        return any(
            rival.status is EntryStatus.APPROVED and not (believed and self._of_this_file(rival.id)) for rival in rivals
        )

    def _contradict(self, row: Wanted, rivals: Sequence[_Twin]) -> None:
        for rival in rivals:
            self._links.append(NewLink(row.id, rival.id, LinkVerdict.CONFLICT, 1.0, SAME_QUESTION))
            self._tally.conflicts.append(ImportConflict(row.row.line, row.id, rival.id))

    def _proofs(self, row: Wanted) -> tuple[Proof, ...]:
        return tuple(anchored(self._conn, row.collection, evidence) for evidence in row.row.evidence or ())

    # -- a row that says what an entry says already ------------------------------------------------------------------

    def _merge(self, row: Wanted, stored: StoredEntry) -> None:
        content = stored.content
        if content.status is EntryStatus.REJECTED:
            self._leave(row, stored.id, "rejected_before", "a person rejected this question with this answer")
            return
        wordings = united(content.question, content.similar_questions, row.texts.wordings)
        if not content.touched:
            tags = tuple(dict.fromkeys((*content.tags, *row.texts.tags)))
            content = replace(content, similar_questions=wordings, tags=tags)
        elif wordings != content.similar_questions:
            reason = f"not added to {stored.id}, which a person has edited or decided on"
            self._tally.losses.append(Loss(f"line {row.row.line}", "similar_questions", reason))
        changed = self._change(row, stored, content)
        if changed is stored and stored.id == row.id:
            self._tally.unchanged += 1
        else:
            self._tally.merged += 1

    # -- a row whose id the library knows ----------------------------------------------------------------------------

    def _meet(self, row: Wanted, stored: StoredEntry) -> None:
        if stored.collection != row.collection:
            reason = f"its id belongs to an entry of the collection “{stored.collection}”"
            self._tally.dropped.append(DroppedRow(row.row.line, "id_taken", reason))
            return
        content = self._as_stated(row, stored)
        stands = stored.content.status
        if stored.content.touched and content != stored.content:
            self._leave(row, stored.id, "edited_by_person", "a person edited or decided on the entry; it stays")
        elif stands is not EntryStatus.PENDING and row.row.status in _OPPOSED.get(stands, ()):
            self._leave(row, stored.id, "decided_by_person", f"the file says {row.row.status}, the library {stands}")
        elif self._change(row, stored, content) is stored:
            self._tally.unchanged += 1
        else:
            self._tally.updated += 1

    def _as_stated(self, row: Wanted, stored: StoredEntry) -> EntryContent:
        """The entry's content as the row has it; columns the table lacks keep what the entry has."""
        old, stated, texts = stored.content, row.row, row.texts
        status = row.status if row.status is EntryStatus.REJECTED and not old.touched else old.status
        language = stated.language or old.language
        if stated.language is None and texts.question != old.question:
            language = detect_language(texts.question)
        return replace(
            old,
            question=texts.question,
            answer=texts.answer,
            similar_questions=_stated_wordings(row, old),
            status=status,
            tags=old.tags if stated.tags is None else texts.tags,
            flags=old.flags if stated.flags is None else stated.flags,
            language=language,
            valid_from=old.valid_from if stated.valid_from is None else stated.valid_from or None,
            valid_to=old.valid_to if stated.valid_to is None else stated.valid_to or None,
            proofs=self._stated_proofs(row, stored),
        )

    def _stated_proofs(self, row: Wanted, stored: StoredEntry) -> tuple[Proof, ...]:
        if row.row.evidence is None or _outward(row.row.evidence) == _outward(stored.entry.evidence):
            return stored.content.proofs
        return self._proofs(row)

    # -- writing -----------------------------------------------------------------------------------------------------

    def _change(self, row: Wanted, stored: StoredEntry, content: EntryContent) -> StoredEntry:
        """Save the content, approving the entry where the row asks for it and nothing speaks against it; `stored`
        itself when there is nothing to save."""
        old = stored.content
        reworded = (content.question, content.answer) != (old.question, old.answer)
        rivals = self._rivals(row) if reworded else []
        rises = old.status is EntryStatus.PENDING and row.status is EntryStatus.APPROVED
        if rises and not self._must_wait(row, rivals) and approved_rival(self._conn, stored.id) is None:
            content = replace(content, status=EntryStatus.APPROVED)
        if content == old:
            return stored
        changed = change(self._conn, stored, content, actor=self._options.actor, action="imported", at=self._options.at)
        self._stored[stored.id] = changed
        self._reworded.add(stored.id)
        self._contradict(row, rivals)
        self._follow(stored, changed)
        if changed.content.status is EntryStatus.APPROVED and old.status is not EntryStatus.APPROVED:
            self._tally.approved += 1
        return changed

    def _follow(self, before: StoredEntry, after: StoredEntry) -> None:
        """Later rows must meet the entry as it is now."""
        old_key = (before.collection, wording_key(before.content.question))
        self._twins[old_key] = [twin for twin in self._twins.get(old_key, []) if twin.id != before.id]
        new_key = (after.collection, wording_key(after.content.question))
        self._twins.setdefault(new_key, []).append(_twin(after))

    def _leave(self, row: Wanted, entry_id: str, code: str, reason: str) -> None:
        self._tally.left_alone.append(LeftAlone(row.row.line, entry_id, code, reason))


_OPPOSED = {
    EntryStatus.APPROVED: (EntryStatus.REJECTED,),
    EntryStatus.REJECTED: (EntryStatus.APPROVED,),
    EntryStatus.STALE: (EntryStatus.APPROVED, EntryStatus.REJECTED),
}
"""What a file may say against a decision of the library; "pending" in an older export is no decision."""


def _twin(stored: StoredEntry) -> _Twin:
    return _Twin(stored.id, answer_key(stored.content.answer), stored.content.status)


def _stated_wordings(row: Wanted, old: EntryContent) -> tuple[SimilarQuestion, ...]:
    """The row's wordings, with the style the library knows them by; a side the table has no column for stays."""
    known = {(s.text, s.negative): s for s in old.similar_questions}
    sides: list[SimilarQuestion] = []
    for negative, column in ((False, row.row.similar), (True, row.row.negative)):
        if column is None:
            sides += [s for s in old.similar_questions if s.negative is negative]
        else:
            sides += [known.get((s.text, negative), s) for s in row.texts.wordings if s.negative is negative]
    # The library may hold both kinds mixed; a table lists them apart. That alone is no difference.
    apart = sorted(old.similar_questions, key=lambda s: s.negative)
    return old.similar_questions if sides == apart else tuple(sides)


def _outward(evidence: Sequence[Evidence]) -> list[tuple[object, ...]]:
    """Evidence without what a file does not carry."""
    return list(dict.fromkeys(tuple(getattr(e, name) for name in EVIDENCE_FIELDS) for e in evidence))
