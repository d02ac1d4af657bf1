"""Review: the queue, an entry with its sources, and every decision a person takes. Nothing here is done by a machine.

Each change is one transaction: the guarded save, its revision, the counters, the queue's order and the search index
stand together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from kbbuilder.errors import IllegalTransition, InvalidEdit, NothingToUndo, ReviewError, StaleForm
from kbbuilder.language.text import detect_language
from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus, FaqEntry, Link, Revision, SimilarQuestion
from kbbuilder.store import documents, links, revisions
from kbbuilder.store.contradictions import approved_rival, link_same_question, same_answer
from kbbuilder.store.database import Connection, Database
from kbbuilder.store.entries import (
    NewEntry,
    StoredEntry,
    find_by_questions,
    get_many,
    get_stored,
    insert_many,
    load_many,
)
from kbbuilder.store.entry_changes import change, revert
from kbbuilder.store.entry_content import EntryContent, content_id
from kbbuilder.store.entry_counts import ALL, read_counts
from kbbuilder.store.entry_queue import QueueFilter, document_names, queue_page
from kbbuilder.store.entry_rules import checked_texts
from kbbuilder.store.search import ensure_vectors, index_entries, wording_texts
from kbbuilder.store.sources import SourceView, sources_of

__all__ = [
    "BulkResult", "ConflictStands", "Decision", "EntryView", "LinkView", "QueueCounts", "QueuePage", "ReviewService",
    "SourceView", "StaleEntry",
]  # fmt: skip

Decision = Literal["keep_left", "keep_right", "keep_both", "merge"]

_APPROVABLE = (EntryStatus.PENDING, EntryStatus.STALE)
_REJECTABLE = (EntryStatus.PENDING, EntryStatus.APPROVED, EntryStatus.STALE)
_REOPENABLE = (EntryStatus.APPROVED, EntryStatus.REJECTED, EntryStatus.STALE)
_SOURCE_FLAGS = ("source_changed", "source_removed")
"""Flags that ask "does this still hold?"; approving a stale entry answers them."""


class StaleEntry(StaleForm):
    """The stale form's refusal, with the entry as it stands now, so that both texts can be shown."""

    def __init__(self, current: FaqEntry) -> None:
        super().__init__("the entry was saved by somebody else after this form was opened; nothing was written")
        self.current = current


class ConflictStands(IllegalTransition):
    """Approving would put two answers to one question before customers; `other` is the approved one."""

    hint = "Settle the conflict first: keep one, keep both, or merge them."

    def __init__(self, other: FaqEntry) -> None:
        super().__init__(f"the entry contradicts the approved entry “{other.question}” ({other.id})")
        self.other = other


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue. `next` is the cursor of the following page, None at the end; `total` counts all pages.

    `contested` holds the ids of this page's entries that stand in an open conflict.
    """

    entries: tuple[FaqEntry, ...]
    next: str | None
    total: int
    contested: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LinkView:
    link: Link
    other: FaqEntry


@dataclass(frozen=True, slots=True)
class EntryView:
    """All a reviewer sees of an entry: where its quotes stand, what it is linked with, what was done to it."""

    entry: FaqEntry
    sources: tuple[SourceView, ...]
    links: tuple[LinkView, ...]
    history: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of many entries: ids done, and (id, reason) of those refused; together all that was asked."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Counters of a collection. `flags` counts entries that wait for a person (pending or stale); `documents` are the
    names a queue can be filtered by, sorted."""

    by_status: Mapping[EntryStatus, int]
    conflicts: int
    flags: Mapping[str, int]
    documents: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ReviewService:
    """What reviewers do. `actor` is who does it, as the history shows it."""

    def __init__(self, db: Database, embedder: Embedder, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._db = db
        self._embedder = embedder
        self._clock = clock

    # -- looking ------------------------------------------------------------------------------------------------

    def collections(self) -> tuple[str, ...]:
        """The names of all collections, sorted."""
        with self._db.read() as conn:
            return documents.collections(conn)

    def queue(
        self,
        collection: str,
        *,
        status: EntryStatus | None = None,
        document: str | None = None,
        flag: str | None = None,
        language: str | None = None,
        text: str | None = None,
        kind: str | None = None,
        conflicts_only: bool = False,
        after: str | None = None,
        limit: int = 20,
    ) -> QueuePage:
        """A page of entries: open conflicts first, then flagged ones, then the rest; high scores first in each.

        Args:
            text: looked for in questions, other wordings and answers, whatever the case, width and punctuation; an
                entry's id finds the entry.
            after: the `next` of the page before.

        Raises:
            ReviewError: `after` is no cursor.
        """
        shown = QueueFilter(
            status=status, document=document, flag=flag, language=language, kind=kind, text=text,
            conflicts_only=conflicts_only,
        )  # fmt: skip
        with self._db.read() as conn:
            try:
                page = queue_page(conn, collection, shown, after=after, limit=max(1, limit))
            except ValueError as error:
                raise ReviewError(str(error), hint="Start again at the first page.") from error
            contested = frozenset(links.with_open_conflict(conn, page.ids))
            return QueuePage(tuple(get_many(conn, page.ids).values()), page.next, page.total, contested)

    def entry(self, entry_id: str) -> EntryView:
        """The entry with its sources, links and history.

        Raises:
            EntryNotFound: the library has no such entry.
        """
        with self._db.read() as conn:
            stored = get_stored(conn, entry_id)
            linked = links.links_of(conn, entry_id)
            others = get_many(conn, [_other_side(link, entry_id) for link in linked])
            return EntryView(
                entry=stored.entry,
                sources=sources_of(conn, stored.content.proofs),
                links=tuple(LinkView(link, others[_other_side(link, entry_id)]) for link in linked),
                history=revisions.history(conn, entry_id),
            )

    def counts(self, collection: str) -> QueueCounts:
        """How much there is to do. Cost: reads counters, the open conflicts and the documents' names."""
        with self._db.read() as conn:
            counted = read_counts(conn, collection)
            flags: dict[str, int] = {}
            for (status, flag), n in counted.items():
                if flag != ALL and status in _APPROVABLE:
                    flags[flag] = flags.get(flag, 0) + n
            return QueueCounts(
                by_status={status: counted.get((status, ALL), 0) for status in EntryStatus},
                conflicts=links.count_open_conflicts(conn, collection),
                flags=dict(sorted(flags.items())),
                documents=document_names(conn, collection),
            )

    # -- editing ------------------------------------------------------------------------------------------------

    def save(
        self,
        entry_id: str,
        *,
        seen_version: int,
        question: str,
        answer: str,
        similar_questions: Sequence[str],
        negative_questions: Sequence[str] = (),
        tags: Sequence[str] = (),
        actor: str,
    ) -> FaqEntry:
        """Save a form. The status stays: an approved entry goes on answering, now with these words.

        Raises:
            StaleEntry: somebody saved since version `seen_version`; carries the entry as it is now.
            InvalidEdit: a field is empty or too long.
        """
        self._prepare(question, (*similar_questions, *negative_questions))
        with self._db.write() as conn:
            stored = self._seen(conn, entry_id, seen_version)
            texts = checked_texts(
                question, answer, similar_questions=similar_questions, negative_questions=negative_questions,
                tags=tags, known=stored.entry.similar_questions,
            )  # fmt: skip
            content = replace(
                stored.content,
                question=texts.question,
                answer=texts.answer,
                similar_questions=texts.wordings,
                tags=texts.tags,
                edited_by_person=True,
            )
            if texts.question != stored.content.question:
                content = replace(content, language=detect_language(texts.question))
            if replace(content, edited_by_person=stored.content.edited_by_person) == stored.content:
                return stored.entry
            saved = change(conn, stored, content, actor=actor, action="edited", at=self._now())
            if texts.question != stored.content.question:
                link_same_question(conn, saved, at=self._now())
            index_entries(conn, self._embedder, [entry_id])
            return saved.entry

    def create(
        self, collection: str, *, question: str, answer: str, similar_questions: Sequence[str] = (), actor: str
    ) -> FaqEntry:
        """Write a new pending entry by hand. One that asks the same with another answer is linked as a conflict.

        Raises:
            InvalidEdit: a field is empty or too long, or the collection has this question with this answer already.
        """
        texts = checked_texts(question, answer, similar_questions=similar_questions)
        self._prepare(texts.question, [s.text for s in texts.wordings])
        at = self._now()
        with self._db.write() as conn:
            documents.ensure_collection(conn, collection, at=at)
            known = find_by_questions(conn, collection, [texts.question]).get(texts.question, [])
            for twin in load_many(conn, known).values():
                if same_answer(twin.content.answer, texts.answer):
                    raise InvalidEdit(
                        f"the library has this question with this answer already ({twin.id})",
                        hint="Open that entry, or change the question.",
                    )
            entry_id = _free_id(conn, collection, texts.question, texts.answer)
            new = NewEntry(
                id=entry_id, collection=collection, question=texts.question, answer=texts.answer,
                language=detect_language(texts.question), origin="person", score=1.0,
                similar_questions=texts.wordings, edited_by_person=True,
            )  # fmt: skip
            insert_many(conn, [new], at=at, actor=actor)
            link_same_question(conn, get_stored(conn, entry_id), at=at)
            index_entries(conn, self._embedder, [entry_id])
            return get_stored(conn, entry_id).entry

    # -- deciding -----------------------------------------------------------------------------------------------

    def approve(self, entry_id: str, *, seen_version: int, actor: str) -> FaqEntry:
        """Let the entry answer customers; a stale one is confirmed anew.

        Raises:
            StaleEntry: somebody saved since version `seen_version`.
            ConflictStands: an approved entry contradicts this one and nobody settled it.
            IllegalTransition: the entry is approved already, or rejected.
        """
        with self._db.write() as conn:
            return self._approve(conn, entry_id, seen_version, actor)

    def approve_many(self, entries: Sequence[tuple[str, int]], *, actor: str) -> BulkResult:
        """Approve (id, version seen) pairs, in order; one that is refused does not stop the others."""
        done: list[str] = []
        refused: list[tuple[str, str]] = []
        with self._db.write() as conn:
            for entry_id, seen_version in entries:
                try:
                    self._approve(conn, entry_id, seen_version, actor)
                except ReviewError as error:  # each is raised before anything of this entry is written
                    refused.append((entry_id, f"{error.code}: {error.message}"))
                else:
                    done.append(entry_id)
        return BulkResult(tuple(done), tuple(refused))

    def reject(self, entry_id: str, *, seen_version: int, actor: str) -> FaqEntry:
        """Take the entry out of the library's answers; it stays in the store.

        Raises:
            StaleEntry: somebody saved since version `seen_version`.
            IllegalTransition: the entry is rejected already.
        """
        return self._move(entry_id, seen_version, EntryStatus.REJECTED, "rejected", _REJECTABLE, actor)

    def reopen(self, entry_id: str, *, seen_version: int, actor: str) -> FaqEntry:
        """Put a decided entry back into the queue.

        Raises:
            StaleEntry: somebody saved since version `seen_version`.
            IllegalTransition: the entry is pending already.
        """
        return self._move(entry_id, seen_version, EntryStatus.PENDING, "reopened", _REOPENABLE, actor)

    def undo(self, entry_id: str, *, actor: str) -> FaqEntry:
        """Take back the entry's newest step that is not taken back yet; again, the one before it.

        The undoing is itself a step of the history. The settling of a conflict is taken back on both entries at once,
        and the conflict is open again.

        Raises:
            NothingToUndo: no step but the creation is left.
            IllegalTransition: the step settled a conflict and the other entry has changed since: undo there first.
            ConflictStands: the state before would put two contradicting answers before customers.
        """
        at = self._now()
        with self._db.write() as conn:
            stored = get_stored(conn, entry_id)
            step = revisions.newest_undoable(conn, entry_id)
            if step is None:
                raise NothingToUndo(f"nothing was done to entry {entry_id} that could be taken back")
            steps = [(stored, step)]
            if step.settlement is not None:
                steps.append(self._other_half(conn, step.settlement))
                links.decide(conn, step.settlement.link_id, None, actor=actor, at=at)
            for changed, taken_back in steps:
                revert(conn, changed, taken_back, actor=actor, at=at)
            for changed, _ in steps:
                _refuse_two_answers(conn, changed.id)
            index_entries(conn, self._embedder, [changed.id for changed, _ in steps])
            return get_stored(conn, entry_id).entry

    def settle(self, link_id: int, *, decision: Decision, actor: str) -> None:
        """Decide on two linked entries, for good: the question is never asked again.

        `keep_left` rejects the right one and `keep_right` the left one; `keep_both` leaves both as they are; `merge`
        makes the right one's wordings similar questions of the left one, moves its quotes there and rejects it.

        Raises:
            IllegalTransition: it is decided already, or the entry to keep is rejected.
        """
        if decision not in links.DECISIONS:
            raise InvalidEdit(f"{decision!r} is no decision on a link; it is one of {', '.join(links.DECISIONS)}")
        at = self._now()
        with self._db.write() as conn:
            link = links.get_link(conn, link_id)
            if link.decision is not None:
                raise IllegalTransition(
                    f"it was decided before: {link.decision}", hint="Undo that decision on one of the entries first."
                )
            left, right = get_stored(conn, link.left_id), get_stored(conn, link.right_id)
            kept = {links.KEEP_RIGHT: right, links.KEEP_BOTH: None}.get(decision, left)
            if kept is not None and kept.content.status is EntryStatus.REJECTED:
                raise IllegalTransition(f"the entry to keep ({kept.id}) is rejected", hint="Reopen it first.")
            links.decide(conn, link_id, decision, actor=actor, at=at)
            for stored, other, content in _settled(left, right, decision):
                settlement = revisions.Settlement(link_id, decision, other.id)
                change(conn, stored, content, actor=actor, action="settled", at=at, settlement=settlement)
            index_entries(conn, self._embedder, [left.id, right.id])

    # -- inside -------------------------------------------------------------------------------------------------

    def _now(self) -> str:
        return documents.iso(self._clock())

    def _prepare(self, question: str, wordings: Sequence[str]) -> None:
        """Encode the wordings before the write lock is taken: a reviewer's save must not hold up a build."""
        ensure_vectors(self._db, self._embedder, [t for t in wording_texts(question, wordings) if t.strip()])

    def _seen(self, conn: Connection, entry_id: str, seen_version: int) -> StoredEntry:
        stored = get_stored(conn, entry_id)
        if stored.version != seen_version:
            raise StaleEntry(stored.entry)
        return stored

    def _approve(self, conn: Connection, entry_id: str, seen_version: int, actor: str) -> FaqEntry:
        stored = self._seen(conn, entry_id, seen_version)
        _check_status(stored, "approved", _APPROVABLE)
        rival = approved_rival(conn, entry_id)
        if rival is not None:
            raise ConflictStands(rival)
        content = replace(stored.content, status=EntryStatus.APPROVED)
        if stored.content.status is EntryStatus.STALE:
            content = replace(content, flags=tuple(f for f in content.flags if f not in _SOURCE_FLAGS))
        return change(conn, stored, content, actor=actor, action="approved", at=self._now()).entry

    def _move(
        self,
        entry_id: str,
        seen_version: int,
        status: EntryStatus,
        action: str,
        allowed: Collection[EntryStatus],
        actor: str,
    ) -> FaqEntry:
        with self._db.write() as conn:
            stored = self._seen(conn, entry_id, seen_version)
            _check_status(stored, action, allowed)
            content = replace(stored.content, status=status)
            return change(conn, stored, content, actor=actor, action=action, at=self._now()).entry

    def _other_half(self, conn: Connection, settlement: revisions.Settlement) -> tuple[StoredEntry, revisions.Undoable]:
        """The step the same settlement left on the other entry, which must still be that entry's newest."""
        other = get_stored(conn, settlement.other_id)
        step = revisions.newest_undoable(conn, other.id)
        if step is None or step.settlement is None or step.settlement.link_id != settlement.link_id:
            raise IllegalTransition(
                f"the other entry “{other.entry.question}” ({other.id}) was changed after the conflict was settled",
                hint="Undo the later steps on that entry first.",
            )
        return other, step


def _settled(
    left: StoredEntry, right: StoredEntry, decision: Decision
) -> tuple[tuple[StoredEntry, StoredEntry, EntryContent], ...]:
    """Both entries with the other one and the content the decision gives them."""
    new_left, new_right = left.content, right.content
    if decision == links.KEEP_RIGHT:
        new_left = replace(new_left, status=EntryStatus.REJECTED)
    elif decision in (links.KEEP_LEFT, links.MERGE):
        new_right = replace(new_right, status=EntryStatus.REJECTED)
    if decision == links.MERGE:
        new_left = _merged(left.content, right.content)
        new_right = replace(new_right, proofs=())
    return ((left, right, new_left), (right, left, new_right))


def _merged(into: EntryContent, other: EntryContent) -> EntryContent:
    wordings = (*into.similar_questions, SimilarQuestion(text=other.question), *other.similar_questions)
    found_by = {s.text for s in wordings if not s.negative} | {into.question}
    return replace(
        into,
        # What one entry must not be found by may be the other's own wording.
        similar_questions=tuple(s for s in wordings if not (s.negative and s.text in found_by)),
        proofs=(*into.proofs, *other.proofs),
        tags=tuple(dict.fromkeys((*into.tags, *other.tags))),
        edited_by_person=True,
    )


def _check_status(stored: StoredEntry, action: str, allowed: Collection[EntryStatus]) -> None:
    if stored.content.status not in allowed:
        raise IllegalTransition(f"an entry that is {stored.content.status.value} cannot be {action}")


def _refuse_two_answers(conn: Connection, entry_id: str) -> None:
    if get_stored(conn, entry_id).content.status is EntryStatus.APPROVED:
        rival = approved_rival(conn, entry_id)
        if rival is not None:
            raise ConflictStands(rival)


def _other_side(link: Link, entry_id: str) -> str:
    return link.right_id if link.left_id == entry_id else link.left_id


def _free_id(conn: Connection, collection: str, question: str, answer: str) -> str:
    """An id from the content; where an entry that was edited since has taken it, the next one."""
    attempt = 0
    while True:
        entry_id = content_id(collection, "person", question, answer, *([str(attempt)] if attempt else []))
        if not load_many(conn, [entry_id]):
            return entry_id
        attempt += 1
