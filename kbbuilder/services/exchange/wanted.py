"""Rows after cleaning: what each asks of the library, with the rows of one file that say the same put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kbbuilder.errors import InvalidEdit
from kbbuilder.language.text import one_line, wording_key
from kbbuilder.schema import EntryStatus, Evidence, SimilarQuestion
from kbbuilder.services.exchange.reports import DroppedRow
from kbbuilder.services.exchange.rows import ExchangeRow
from kbbuilder.store.contradictions import answer_key
from kbbuilder.store.entry_content import content_id, distinct_wordings
from kbbuilder.store.entry_rules import EntryTexts, checked_texts

_MAX_ID_CHARS = 200
_STYLE = "imported"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row ready to be brought in. `has_id`: the file gives the id; else it is computed from the words."""

    row: ExchangeRow
    id: str
    has_id: bool
    collection: str
    texts: EntryTexts
    status: EntryStatus

    @property
    def asks(self) -> tuple[str, str]:
        """What makes two rows ask the same."""
        return (self.collection, wording_key(self.texts.question))

    @property
    def says(self) -> tuple[str, str, str]:
        """What makes two rows ask the same and answer the same."""
        return (*self.asks, answer_key(self.texts.answer))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The rows to bring in, those dropped, and how many were put together with an earlier row."""

    wanted: tuple[Wanted, ...]
    dropped: tuple[DroppedRow, ...]
    merged: int


def clean_rows(rows: Iterable[ExchangeRow], *, collection: str, approve: bool) -> Cleaned:
    """Clean the rows of one file.

    Rows with the same question and answer are one, unless the file gives each its own id.
    """
    kept: list[Wanted] = []
    dropped: list[DroppedRow] = []
    merged = 0
    line_of_id: dict[str, int] = {}
    place: dict[tuple[str, str, str], int] = {}
    for row in rows:
        wanted = _clean(row, collection, approve=approve)
        if isinstance(wanted, DroppedRow):
            dropped.append(wanted)
            continue
        if wanted.has_id and wanted.id in line_of_id:
            dropped.append(DroppedRow(row.line, "id_repeated", f"its id stands in line {line_of_id[wanted.id]} too"))
            continue
        if wanted.has_id:
            line_of_id[wanted.id] = row.line
        at = place.setdefault(wanted.says, len(kept))
        if at == len(kept) or (wanted.has_id and kept[at].has_id):
            kept.append(wanted)
        else:
            kept[at] = _together(kept[at], wanted)
            merged += 1
    return Cleaned(tuple(kept), tuple(dropped), merged)


def _clean(row: ExchangeRow, collection: str, *, approve: bool) -> Wanted | DroppedRow:
    stated_id = one_line(row.id or "")
    if len(stated_id) > _MAX_ID_CHARS:
        return DroppedRow(row.line, "bad_id", f"the id has {len(stated_id)} characters; {_MAX_ID_CHARS} are allowed")
    try:
        texts = checked_texts(
            row.question, row.answer, similar_questions=row.similar or (), negative_questions=row.negative or (),
            tags=row.tags or (), style=_STYLE,
        )  # fmt: skip
    except InvalidEdit as error:
        return DroppedRow(row.line, "invalid_text", error.message)
    collection = one_line(row.collection or "") or collection
    computed = content_id(collection, "import", wording_key(texts.question), answer_key(texts.answer))
    status = row.status or EntryStatus.PENDING
    if status is EntryStatus.PENDING and approve and not row.switched_off:
        status = EntryStatus.APPROVED
    return Wanted(row, stated_id or computed, bool(stated_id), collection, texts, status)


def _together(first: Wanted, second: Wanted) -> Wanted:
    """The first row with what the second adds to it, under the id that one of them has."""
    identified = first if first.has_id or not second.has_id else second
    wordings = united(first.texts.question, first.texts.wordings, second.texts.wordings)
    row = replace(
        first.row,
        similar=tuple(s.text for s in wordings if not s.negative),
        negative=tuple(s.text for s in wordings if s.negative),
        evidence=_joined_evidence(first.row.evidence, second.row.evidence),
    )
    tags = tuple(dict.fromkeys((*first.texts.tags, *second.texts.tags)))
    texts = replace(first.texts, wordings=wordings, tags=tags)
    return replace(first, row=row, texts=texts, id=identified.id, has_id=identified.has_id)


def united(
    question: str, wordings: Iterable[SimilarQuestion], more: Iterable[SimilarQuestion]
) -> tuple[SimilarQuestion, ...]:
    """The wordings and those of `more` that are new and contradict none: what is asked for cannot be barred as well."""
    known = tuple(wordings)
    sides = {(wording_key(s.text), s.negative) for s in known}
    fitting = [s for s in more if (wording_key(s.text), not s.negative) not in sides]
    return distinct_wordings(question, (*known, *fitting))


def _joined_evidence(
    first: tuple[Evidence, ...] | None, second: tuple[Evidence, ...] | None
) -> tuple[Evidence, ...] | None:
    if first is None and second is None:
        return None
    return tuple(dict.fromkeys((*(first or ()), *(second or ()))))
