"""JSON Lines, the lossless format: one entry a line, UTF-8, Chinese unescaped. A JSON list of entries is read too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kbbuilder.errors import UnreadableTable
from kbbuilder.schema import FaqEntry
from kbbuilder.services.exchange.cells import foreign_list
from kbbuilder.services.exchange.headers import Columns, columns_of
from kbbuilder.services.exchange.reports import DroppedRow, Loss
from kbbuilder.services.exchange.rows import (
    ExchangeRow,
    RowNotes,
    TableRead,
    date_from,
    evidence_from,
    evidence_objects,
    is_switched_on,
    language_from,
    status_from,
)
from kbbuilder.services.exchange.written import Written

NAME = "jsonl"


def write(path: Path, entries: Iterable[FaqEntry]) -> Written:
    """Write the entries in the order given; the same entries give the same bytes."""
    n = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for entry in entries:
            file.write(json.dumps(_object(entry), ensure_ascii=False) + "\n")
            n += 1
    return Written(n)


def _object(entry: FaqEntry) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": entry.id,
        "question": entry.question,
        "similar_questions": [s.text for s in entry.similar_questions if not s.negative],
        "negative_questions": [s.text for s in entry.similar_questions if s.negative],
        "answer": entry.answer,
        "status": entry.status.value,
        "tags": list(entry.tags),
        "flags": list(entry.flags),
        "collection": entry.collection,
        "language": entry.language,
        "evidence": evidence_objects(entry),
    }
    # Few entries have dates; the others keep to the fields every reader of this format knows.
    plain |= {name: value for name in ("valid_from", "valid_to") if (value := getattr(entry, name))}
    return plain


def read(text: str, file_name: str) -> TableRead:
    """What the lines state; a line that is no usable entry is dropped with its reason.

    Raises:
        UnreadableTable: no line holds a JSON object.
    """
    kept: list[ExchangeRow] = []
    dropped: list[DroppedRow] = []
    losses: list[Loss] = []
    ignored: dict[str, None] = {}
    objects = 0
    for line, value in _values(text, dropped):
        if not isinstance(value, Mapping):
            dropped.append(DroppedRow(line, "not_an_object", "is not a JSON object"))
            continue
        objects += 1
        notes = RowNotes(line)
        outcome = _row(value, notes, ignored)
        if isinstance(outcome, ExchangeRow):
            kept.append(outcome)
            losses += notes.losses
        else:
            dropped.append(outcome)
    if not objects and dropped:
        raise UnreadableTable(
            f"{file_name} holds no JSON objects (line {dropped[0].line}: {dropped[0].reason})",
            hint='Write one {"question": …, "answer": …} a line, or import a CSV or XLSX table.',
        )
    return TableRead(NAME, tuple(kept), tuple(dropped), tuple(losses), tuple(ignored))


def _values(text: str, dropped: list[DroppedRow]) -> Iterable[tuple[int, object]]:
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError) as error:
            dropped.append(DroppedRow(1, "not_json", f"is not JSON: {error}"))
            return
        yield from enumerate(listed, 1)
        return
    # Not splitlines(): U+2028 and its like may stand inside a JSON string.
    for line, source in enumerate(text.split("\n"), 1):
        if source.strip():
            try:
                yield line, json.loads(source)
            except (ValueError, RecursionError) as error:
                dropped.append(DroppedRow(line, "not_json", f"is not JSON: {error}"))


def _row(value: Mapping[str, object], notes: RowNotes, ignored: dict[str, None]) -> ExchangeRow | DroppedRow:
    keys = list(value)
    columns = columns_of(keys)
    if columns is None:
        return DroppedRow(notes.line, "missing_field", "has no question or no answer")
    ignored |= dict.fromkeys(columns.ignored)
    found = {field: [value[keys[i]] for i in at] for field, at in columns.by_field.items()}
    question, answer = found["question"][0], found["answer"][0]
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    for name, text in (("question", question), ("answer", answer)):
        if not isinstance(text, str):
            return DroppedRow(notes.line, "wrong_type", f"the {name} is not text")
        if not text.strip():
            return DroppedRow(notes.line, "empty_cell", f"the {name} is empty")
    return _exchange_row(str(question), str(answer), found, columns, notes)


def _exchange_row(
    question: str, answer: str, found: Mapping[str, list[object]], columns: Columns, notes: RowNotes
) -> ExchangeRow:
    def word(name: str) -> str | None:
        if name not in found:
            return None
        value = found[name][0]
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, (str, int, float)) else ""

    def words(name: str) -> tuple[str, ...] | None:
        if name not in found:
            return None
        return tuple(item for value in found[name] for item in _texts(value, name, notes))

    status, off = status_from(word("status") or "", notes)
    off = off or is_switched_on(word("disabled") or "")
    language, valid_from, valid_to = word("language"), word("valid_from"), word("valid_to")
    return ExchangeRow(
        line=notes.line,
        question=question,
        answer=answer,
        id=(word("id") or "").strip() or None,
        similar=words("similar"),
        negative=words("negative"),
        status=status,
        switched_off=off,
        tags=words("tags"),
        flags=words("flags"),
        # An entry without dates leaves the fields out, so their absence is "no date" here, not "no such column".
        valid_from=date_from(valid_from or "", "valid_from", notes),
        valid_to=date_from(valid_to or "", "valid_to", notes),
        language=None if language is None else language_from(language, notes),
        collection=(word("collection") or "").strip() or None,
        evidence=evidence_from(found["evidence"][0] or [], notes) if "evidence" in found else None,
    )


def _texts(value: object, name: str, notes: RowNotes) -> Iterable[str]:
    """A list of texts (or of objects with a text), or one text as a list cell."""
    if isinstance(value, str):
        return foreign_list(value)
    kept = []
    for item in value if isinstance(value, list) else []:
        text = item.get("text", item.get("question")) if isinstance(item, Mapping) else item
        if isinstance(text, str):
            kept.append(text)
        else:
            notes.lose(name, "an item is not text")
    return kept


__all__ = ["NAME", "read", "write"]
