"""Changing entries: one place writes, and machines are kept off what a person has touched.

Touched means edited by a person, or no longer pending. Each function works inside the caller's transaction, counts the
entry's version up when its words or status change, and tells the collection's caches.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from kbbuilder.errors import StaleForm
from kbbuilder.language.text import wording_key
from kbbuilder.schema import EntryStatus, Language, PairKind, SimilarQuestion
from kbbuilder.store import revisions
from kbbuilder.store.documents import bump_collection
from kbbuilder.store.entries import StoredEntry, entry_columns, get_stored, insert_proofs, load_many, wording_rows
from kbbuilder.store.entry_content import (
    EntryContent,
    NewEvidence,
    Proof,
    differing_fields,
    distinct_proofs,
    distinct_wordings,
    proof_key,
)
from kbbuilder.store.entry_counts import CountChanges
from kbbuilder.store.entry_expand import proposed_wordings
from kbbuilder.store.links import refresh_order
from kbbuilder.store.tables import CHUNK, ENTRY, EVIDENCE, LINK, SIMILAR_QUESTION, STATED_EVIDENCE

_BATCH = 500


@dataclass(frozen=True, slots=True)
class MachineUpdate:
    """What a build found anew for an entry no person has touched; it replaces all of these fields."""

    question: str
    answer: str
    language: Language
    similar_questions: tuple[SimilarQuestion, ...] = ()
    evidence: tuple[NewEvidence, ...] = ()
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    score: float = 0.5
    kind: PairKind | None = None
    stable_key: str = ""


def change(
    conn: Connection,
    stored: StoredEntry,
    content: EntryContent,
    *,
    actor: str,
    action: str,
    at: str,
    settlement: revisions.Settlement | None = None,
) -> StoredEntry:
    """Replace an entry's content and write the revision. The entry as it stands afterwards.

    A step that changes no content (a decision on a link) is a revision too; the entry's version stays.

    Args:
        stored: the entry as it was read; somebody may have saved since.

    Raises:
        StaleForm: somebody saved since `stored` was read; nothing was written.
    """
    content = replace(
        content,
        similar_questions=distinct_wordings(content.question, content.similar_questions),
        proofs=distinct_proofs(content.proofs),
    )
    if content != stored.content:
        _write(conn, stored, content, at=at)
    revisions.append(
        conn, stored.id, stored.collection, before=stored.content, after=content, actor=actor, action=action, at=at,
        settlement=settlement,
    )  # fmt: skip
    return get_stored(conn, stored.id)


def revert(conn: Connection, stored: StoredEntry, step: revisions.Undoable, *, actor: str, at: str) -> StoredEntry:
    """Take one step back: what the step changed gets its value from before; all else stays as it is now.

    Quotes on chunks that are gone meanwhile do not come back. A build's rewriting that a person takes back counts as
    edited by that person: the next build leaves it alone.
    """
    before = {name: getattr(step.before, name) for name in differing_fields(step.before, step.after)}
    if "proofs" in before:
        before["proofs"] = _standing(conn, before["proofs"])
    if step.action == revisions.REBUILT:
        before["edited_by_person"] = True
    content = replace(stored.content, **before)
    if content != stored.content:
        _write(conn, stored, content, at=at)
    revisions.mark_undone(conn, [step.revision_id])
    revisions.append(
        conn, stored.id, stored.collection, before=stored.content, after=content, actor=actor, action=revisions.UNDO,
        at=at,
    )  # fmt: skip
    return get_stored(conn, stored.id)


def _standing(conn: Connection, proofs: Sequence[Proof]) -> tuple[Proof, ...]:
    wanted = [p.chunk_pk for p in proofs if isinstance(p, NewEvidence)]
    chunks = set(conn.scalars(select(CHUNK.c.pk).where(CHUNK.c.pk.in_(wanted))))
    return tuple(p for p in proofs if not isinstance(p, NewEvidence) or p.chunk_pk in chunks)


def _write(conn: Connection, stored: StoredEntry, content: EntryContent, *, at: str) -> None:
    before = stored.content
    saved = conn.execute(
        update(ENTRY)
        .where(ENTRY.c.id == stored.id, ENTRY.c.version == stored.version)
        .values(**entry_columns(content), version=stored.version + 1, updated_at=at)
    )
    if saved.rowcount != 1:
        raise StaleForm(f"entry {stored.id} was saved by somebody else meanwhile")
    if content.similar_questions != before.similar_questions:
        conn.execute(delete(SIMILAR_QUESTION).where(SIMILAR_QUESTION.c.entry_id == stored.id))
        rows = wording_rows(stored.id, content.similar_questions)
        if rows:
            conn.execute(insert(SIMILAR_QUESTION), rows)
    if content.proofs != before.proofs:
        for table in (EVIDENCE, STATED_EVIDENCE):
            conn.execute(delete(table).where(table.c.entry_id == stored.id))
        insert_proofs(conn, [(stored.id, i, proof) for i, proof in enumerate(content.proofs)])
    counts = CountChanges()
    counts.add(stored.collection, before.status, before.flags, -1)
    counts.add(stored.collection, content.status, content.flags, 1)
    counts.write(conn)
    neighbours: set[str] = set()
    if EntryStatus.REJECTED in (before.status, content.status) and before.status is not content.status:
        neighbours = _linked_ids(conn, stored.id)  # their conflict with this entry opens or closes
    refresh_order(conn, {stored.id, *neighbours})
    bump_collection(conn, stored.collection)


def _linked_ids(conn: Connection, entry_id: str) -> set[str]:
    rows = conn.execute(
        select(LINK.c.left_id, LINK.c.right_id).where(or_(LINK.c.left_id == entry_id, LINK.c.right_id == entry_id))
    )
    return {linked for row in rows for linked in row}


# -- machine changes ----------------------------------------------------------------------------------------------


def update_from_machine(
    conn: Connection, entry_id: str, found: MachineUpdate, *, actor: str, at: str, action: str = revisions.REBUILT
) -> bool:
    """Bring an untouched entry up to date. False, and nothing written, when a person has touched it or nothing differs.

    Raises:
        EntryNotFound: the library has no such entry.
    """
    stored = get_stored(conn, entry_id)
    if stored.content.touched:
        return False
    shared = {f.name: getattr(found, f.name) for f in fields(found) if f.name not in ("evidence", "similar_questions")}
    content = replace(
        stored.content,
        similar_questions=distinct_wordings(found.question, found.similar_questions),
        proofs=distinct_proofs(found.evidence),
        **shared,
    )
    if content == stored.content:
        return False
    change(conn, stored, content, actor=actor, action=action, at=at)
    return True


def add_evidence_many(conn: Connection, found: Sequence[tuple[str, NewEvidence]], *, at: str) -> int:
    """Append quotes to entries, touched or not: they prove what stands there and change no word. How many were new.

    No revision and no new version: a reviewer's undo must take back their own last step, not a build's extra quote,
    and an open form stays valid.
    """
    stored = load_many(conn, [entry_id for entry_id, _ in found])
    known = {entry_id: {proof_key(p) for p in s.content.proofs} for entry_id, s in stored.items()}
    ordinals = {entry_id: len(s.content.proofs) for entry_id, s in stored.items()}
    fresh = []
    for entry_id, evidence in found:
        if entry_id in stored and proof_key(evidence) not in known[entry_id]:
            known[entry_id].add(proof_key(evidence))
            fresh.append((entry_id, ordinals[entry_id], evidence))
            ordinals[entry_id] += 1
    insert_proofs(conn, fresh)
    _stamp(conn, {entry_id for entry_id, _, _ in fresh}, stored, at=at, new_version=False)
    return len(fresh)


def remove_evidence(conn: Connection, entry_ids: Sequence[str], version_ids: Sequence[int], *, at: str) -> int:
    """Take away the entries' quotes that stand on these editions. How many went."""
    stored = load_many(conn, entry_ids)
    going = {
        entry_id: sum(isinstance(p, NewEvidence) and p.version_id in version_ids for p in entry.content.proofs)
        for entry_id, entry in stored.items()
    }
    poorer = {entry_id for entry_id, n in going.items() if n}
    for entry_id in sorted(poorer):
        conn.execute(
            delete(EVIDENCE).where(EVIDENCE.c.entry_id == entry_id, EVIDENCE.c.version_id.in_(list(version_ids)))
        )
    _stamp(conn, poorer, stored, at=at, new_version=False)
    return sum(going.values())


def carry_evidence(
    conn: Connection, entry_ids: Sequence[str], replaced: Sequence[int], version_id: int, *, at: str
) -> tuple[str, ...]:
    """Move the entries' quotes from replaced editions to the one that took their place, for entries all of whose
    quotes stand there in chunks that have not changed and that have none there yet. The entries moved, sorted."""
    old, new = CHUNK.alias("old"), CHUNK.alias("new")
    same = conn.execute(
        select(old.c.pk, func.min(new.c.pk))
        .join(new, new.c.id == old.c.id)
        .where(old.c.version_id.in_(list(replaced)), new.c.version_id == version_id)
        .group_by(old.c.pk)
    )
    now = {row[0]: row[1] for row in same}
    stored = load_many(conn, entry_ids)
    moved = []
    for entry_id in sorted(stored):
        proofs = [p for p in stored[entry_id].content.proofs if isinstance(p, NewEvidence)]
        going = [p for p in proofs if p.version_id in replaced]
        if not going or any(p.version_id == version_id for p in proofs) or any(p.chunk_pk not in now for p in going):
            continue
        for chunk_pk in sorted({p.chunk_pk for p in going}):
            conn.execute(
                update(EVIDENCE)
                .where(EVIDENCE.c.entry_id == entry_id, EVIDENCE.c.chunk_pk == chunk_pk)
                .values(version_id=version_id, chunk_pk=now[chunk_pk])
            )
        moved.append(entry_id)
    _stamp(conn, set(moved), stored, at=at, new_version=False)
    return tuple(moved)


def add_wordings(
    conn: Connection, found: Sequence[tuple[str, SimilarQuestion]], *, at: str
) -> tuple[tuple[str, SimilarQuestion], ...]:
    """Append similar (or negative) questions to untouched entries; no revision. Those really added.

    Wordings the entry has already, and all wordings for entries a person has touched, are left out: what goes live
    was seen by a person.
    """
    standing = _standing_wordings(conn, list(dict.fromkeys(entry_id for entry_id, _ in found)))
    added: list[tuple[str, SimilarQuestion]] = []
    rows = []
    for entry_id, wording in found:
        key = (wording_key(wording.text), wording.negative)
        entry = standing.get(entry_id)
        if entry is None or not key[0] or key in entry.known:
            continue
        entry.known.add(key)
        rows += wording_rows(entry_id, [wording], first=entry.count)
        entry.count += 1
        added.append((entry_id, wording))
    if rows:
        conn.execute(insert(SIMILAR_QUESTION), rows)
    changed = {entry_id: standing[entry_id] for entry_id, _ in added}
    _stamp(conn, set(changed), changed, at=at, new_version=True)
    return tuple(added)


def take_back_wordings(
    conn: Connection, wordings: Sequence[tuple[str, str]], *, at: str
) -> tuple[tuple[str, str], ...]:
    """Remove (entry id, wording) pairs that were proposed for entries no person has touched; no revision. Those really
    removed."""
    going = [(entry_id, found.text) for entry_id, found in proposed_wordings(conn, wordings)]
    for entry_id, text in going:
        conn.execute(
            delete(SIMILAR_QUESTION).where(
                SIMILAR_QUESTION.c.entry_id == entry_id,
                SIMILAR_QUESTION.c.text == text,
                SIMILAR_QUESTION.c.negative.is_(False),
            )
        )
    poorer = sorted({entry_id for entry_id, _ in going})
    changed = _standing_wordings(conn, poorer)
    _stamp(conn, set(poorer), changed, at=at, new_version=True)
    return tuple(going)


@dataclass
class _Untouched:
    """An untouched entry's wordings so far: the keys that are taken, and how many similar questions there are."""

    collection: str
    version: int
    known: set[tuple[str, bool]]
    count: int = 0


def _standing_wordings(conn: Connection, ids: Sequence[str]) -> dict[str, _Untouched]:
    """The entries among these that no person has touched."""
    found: dict[str, _Untouched] = {}
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        columns = (ENTRY.c.id, ENTRY.c.collection, ENTRY.c.version, ENTRY.c.question)
        untouched = (ENTRY.c.status == EntryStatus.PENDING.value, ENTRY.c.edited_by_person.is_(False))
        for row in conn.execute(select(*columns).where(ENTRY.c.id.in_(batch), *untouched)).all():
            own = wording_key(row.question)
            found[row.id] = _Untouched(row.collection, row.version, {(own, False), (own, True)})
        similar = select(SIMILAR_QUESTION.c.entry_id, SIMILAR_QUESTION.c.text, SIMILAR_QUESTION.c.negative)
        for entry_id, text, negative in conn.execute(similar.where(SIMILAR_QUESTION.c.entry_id.in_(batch))).all():
            if entry_id in found:
                found[entry_id].known.add((wording_key(text), negative))
                found[entry_id].count += 1
    return found


def set_flags(conn: Connection, flags: Mapping[str, Sequence[str]], *, at: str) -> None:
    """Replace the flags of entries, touched or not; no revision and no new version."""
    stored = load_many(conn, list(flags))
    counts = CountChanges()
    changed = {i for i, entry in stored.items() if entry.content.flags != tuple(flags[i])}
    for entry_id in sorted(changed):
        entry = stored[entry_id]
        conn.execute(update(ENTRY).where(ENTRY.c.id == entry_id).values(flags=list(flags[entry_id])))
        counts.add(entry.collection, entry.content.status, entry.content.flags, -1)
        counts.add(entry.collection, entry.content.status, flags[entry_id], 1)
    counts.write(conn)
    refresh_order(conn, changed)
    _stamp(conn, changed, stored, at=at, new_version=False)


def set_status(
    conn: Connection,
    ids: Sequence[str],
    status: EntryStatus,
    *,
    only_from: Collection[EntryStatus],
    actor: str,
    action: str,
    at: str,
    flag: str = "",
) -> tuple[str, ...]:
    """Move entries to a status, with a revision each. The ids that moved: those in another status than `only_from`
    stay as they are.

    Args:
        flag: added to the entries' flags in the same step; "" adds none.
    """
    moved = []
    for entry_id, stored in load_many(conn, ids).items():
        if stored.content.status not in only_from or stored.content.status is status:
            continue
        flags = stored.content.flags
        if flag and flag not in flags:
            flags = (*flags, flag)
        content = replace(stored.content, status=status, flags=flags)
        change(conn, stored, content, actor=actor, action=action, at=at)
        moved.append(entry_id)
    return tuple(moved)


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...
    @property
    def collection(self) -> str: ...


def _stamp(conn: Connection, ids: set[str], stored: Mapping[str, _Versioned], *, at: str, new_version: bool) -> None:
    if ids:
        conn.execute(
            update(ENTRY).where(ENTRY.c.id == bindparam("entry")).values(version=bindparam("seen"), updated_at=at),
            [{"entry": i, "seen": stored[i].version + (1 if new_version else 0)} for i in sorted(ids)],
        )
    for collection in sorted({stored[entry_id].collection for entry_id in ids}):
        bump_collection(conn, collection)
