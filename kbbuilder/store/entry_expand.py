"""An edition's entries as far as similar questions are proposed for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, select

from kbbuilder.schema import OWN_STYLES, EntryStatus, Language, PairKind, SimilarQuestion
from kbbuilder.store.ledger import KEPT
from kbbuilder.store.tables import CANDIDATE, CHUNK, ENTRY, SIMILAR_QUESTION

_BATCH = 500
_UNTOUCHED = (ENTRY.c.status == EntryStatus.PENDING.value, ENTRY.c.edited_by_person.is_(False))


@dataclass(frozen=True, slots=True)
class EntryToExpand:
    """An entry's question and answer. `taken`: all that it is asked by so far; `styles`: of its similar questions,
    negative ones too; `heading_path`: of the section it was read in; `wordings`: what a model proposed."""

    id: str
    question: str
    answer: str
    kind: PairKind | None
    language: Language
    heading_path: tuple[str, ...]
    taken: tuple[str, ...]
    styles: frozenset[str]
    wordings: tuple[SimilarQuestion, ...] = ()


def entries_to_expand(conn: Connection, version_id: int) -> tuple[EntryToExpand, ...]:
    """The entries that an edition's candidates were kept as and that no person has touched, in the order they were
    proposed. Cost: some 40 µs an entry."""
    kept = conn.execute(
        select(CANDIDATE.c.entry_id, CHUNK.c.heading_path, CANDIDATE.c.payload["candidate"]["wordings"])
        .join(CHUNK, CHUNK.c.pk == CANDIDATE.c.chunk_pk)
        .where(CANDIDATE.c.version_id == version_id, CANDIDATE.c.outcome == KEPT, CANDIDATE.c.entry_id.is_not(None))
        .order_by(CANDIDATE.c.ordinal)
    ).all()
    made_of = {entry_id: (tuple(heading_path), wordings or ()) for entry_id, heading_path, wordings in kept}
    ids = list(made_of)
    found: dict[str, EntryToExpand] = {}
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        similar = _similar(conn, batch)
        columns = (ENTRY.c.id, ENTRY.c.question, ENTRY.c.answer, ENTRY.c.kind, ENTRY.c.language)
        rows = conn.execute(select(*columns).where(ENTRY.c.id.in_(batch), *_UNTOUCHED)).all()
        for entry_id, question, answer, kind, language in rows:
            wordings = similar.get(entry_id, [])
            heading_path, proposed = made_of[entry_id]
            found[entry_id] = EntryToExpand(
                id=entry_id,
                question=question,
                answer=answer,
                kind=None if kind is None else PairKind(kind),
                language=cast("Language", language),
                heading_path=heading_path,
                taken=(question, *(text for text, _, negative in wordings if not negative)),
                styles=frozenset(style for _, style, _ in wordings),
                wordings=tuple(SimilarQuestion.model_validate(wording) for wording in proposed),
            )
    return tuple(found[entry_id] for entry_id in ids if entry_id in found)


def entries_resting_on(conn: Connection, version_id: int) -> tuple[str, ...]:
    """The entries that an edition's candidates became or went into, sorted."""
    rows = select(CANDIDATE.c.entry_id).where(CANDIDATE.c.version_id == version_id, CANDIDATE.c.entry_id.is_not(None))
    return tuple(conn.execute(rows.distinct().order_by(CANDIDATE.c.entry_id)).scalars())


def proposed_wordings(conn: Connection, wordings: Sequence[tuple[str, str]]) -> tuple[tuple[str, SimilarQuestion], ...]:
    """Of these (entry id, wording) pairs those that were proposed for entries no person has touched, with their
    style."""
    wanted = set(wordings)
    found: list[tuple[str, SimilarQuestion]] = []
    ids = sorted({entry_id for entry_id, _ in wordings})
    columns = (SIMILAR_QUESTION.c.entry_id, SIMILAR_QUESTION.c.text, SIMILAR_QUESTION.c.style)
    for start in range(0, len(ids), _BATCH):
        query = (
            select(*columns)
            .join(ENTRY, ENTRY.c.id == SIMILAR_QUESTION.c.entry_id)
            .where(ENTRY.c.id.in_(ids[start : start + _BATCH]), *_UNTOUCHED)
            .where(SIMILAR_QUESTION.c.negative.is_(False), SIMILAR_QUESTION.c.style.not_in(OWN_STYLES))
            .order_by(SIMILAR_QUESTION.c.entry_id, SIMILAR_QUESTION.c.ordinal, SIMILAR_QUESTION.c.id)
        )
        for entry_id, text, style in conn.execute(query).all():
            if (entry_id, text) in wanted:
                found.append((entry_id, SimilarQuestion(text=text, style=style)))
    return tuple(found)


def _similar(conn: Connection, ids: Sequence[str]) -> dict[str, list[tuple[str, str, bool]]]:
    """Text, style and whether it is a negative one, of the entries' similar questions."""
    columns = (
        SIMILAR_QUESTION.c.entry_id,
        SIMILAR_QUESTION.c.text,
        SIMILAR_QUESTION.c.style,
        SIMILAR_QUESTION.c.negative,
    )
    query = select(*columns).where(SIMILAR_QUESTION.c.entry_id.in_(ids))
    similar: dict[str, list[tuple[str, str, bool]]] = {}
    for entry_id, text, style, negative in conn.execute(
        query.order_by(SIMILAR_QUESTION.c.entry_id, SIMILAR_QUESTION.c.ordinal, SIMILAR_QUESTION.c.id)
    ).all():
        similar.setdefault(entry_id, []).append((text, style, negative))
    return similar
