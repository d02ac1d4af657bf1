"""A FAQ people can read, by document and section. Comments that no viewer shows let it be imported again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kbbuilder.errors import UnreadableTable
from kbbuilder.schema import FaqEntry
from kbbuilder.services.exchange.reports import DroppedRow, Loss
from kbbuilder.services.exchange.rows import ExchangeRow, RowNotes, TableRead, date_from, language_from, status_from
from kbbuilder.services.exchange.written import Written

NAME = "markdown"
_ENTRY, _ANSWER, _END = "<!-- faq", "<!-- answer -->", "<!-- end -->"
_ENTRY_LINE = re.compile(r"^<!-- faq (\{.*\}) -->$")
_OWN_LINE = re.compile(r"^\\*<!-- (?:faq |answer -->|end -->)")
_HEADING = re.compile(r"^#{1,6} (.*)$")
_WORDS = {
    "zh": {"also": "也可以这样问：", "source": "来源", "none": "没有来源", "page": "第 {} 页", "join": "，"},
    "en": {"also": "Also asked:", "source": "Source", "none": "Without a source", "page": "p. {}", "join": ", "},
}


def write(path: Path, entries: Iterable[FaqEntry]) -> Written:
    """Write the entries grouped by collection, document and section; the same entries give the same bytes."""
    listed = sorted(entries, key=_place)
    losses: list[Loss] = []
    lines: list[str] = []
    above = ("", "", "")
    for entry in listed:
        headings = _headings(entry)
        first_new = next((i for i in range(3) if headings[i] != above[i]), 3)
        for level, heading in enumerate(headings[first_new:], first_new + 1):
            lines += [f"{'#' * level} {heading}", ""] if heading else []
        above = headings
        lines += _lines(entry)
        losses += _losses(entry)
    path.write_text("\n".join(lines) + ("\n" if lines else ""), encoding="utf-8", newline="\n")
    return Written(len(listed), losses=tuple(losses))


def _place(entry: FaqEntry) -> tuple[object, ...]:
    if not entry.evidence:
        return (entry.collection, True, "", 0, (), 0, entry.id)
    first = entry.evidence[0]
    return (entry.collection, False, first.document, first.page or 0, first.heading_path, first.start, entry.id)


def _headings(entry: FaqEntry) -> tuple[str, str, str]:
    """Collection, document, section."""
    if not entry.evidence:
        return (entry.collection, _WORDS[entry.language]["none"], "")
    first = entry.evidence[0]
    return (entry.collection, first.document, " › ".join(first.heading_path))


def _lines(entry: FaqEntry) -> list[str]:
    words = _WORDS[entry.language]
    similar = [s.text for s in entry.similar_questions if not s.negative]
    lines = [f"#### {entry.question}", "", f"{_ENTRY} {_meta(entry)} -->", ""]
    if similar:
        lines += [f"*{words['also']}*", "", *(f"- {text}" for text in similar), ""]
    answer = [f"\\{line}" if _OWN_LINE.match(line) else line for line in entry.answer.split("\n")]
    lines += [_ANSWER, "", *answer, "", _END, ""]
    if entry.evidence:
        lines += [f"*{words['source']}: {'; '.join(dict.fromkeys(_cited(entry)))}*", ""]
    return lines


def _cited(entry: FaqEntry) -> Iterable[str]:
    words = _WORDS[entry.language]
    for evidence in entry.evidence:
        page = [words["page"].format(evidence.page)] if evidence.page else []
        section = [" › ".join(evidence.heading_path)] if evidence.heading_path else []
        yield words["join"].join([evidence.document, *page, *section])


def _meta(entry: FaqEntry) -> str:
    plain: dict[str, Any] = {
        "id": entry.id,
        "status": entry.status.value,
        "collection": entry.collection,
        "language": entry.language,
        "tags": list(entry.tags),
        "negative_questions": [s.text for s in entry.similar_questions if s.negative],
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
    }
    plain = {name: value for name, value in plain.items() if value}
    return json.dumps(plain, ensure_ascii=False).replace("--", "-\\u002d")  # "--" would end the comment


def _losses(entry: FaqEntry) -> list[Loss]:
    lost = []
    if entry.evidence:
        lost.append(Loss(entry.id, "evidence", "the source is named; quotes and offsets are not written"))
    if entry.flags:
        lost.append(Loss(entry.id, "flags", f"not written: {', '.join(entry.flags)}"))
    return lost


def read(text: str, file_name: str) -> TableRead:
    """The entries of a file this program wrote; questions, wordings and answers may have been edited since.

    Raises:
        UnreadableTable: the file has none of this program's marks.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = [i for i, line in enumerate(lines) if line.startswith(_ENTRY)]
    if not starts and any(line.strip() for line in lines):
        raise UnreadableTable(
            f"{file_name} is Markdown, but not one that `export --format markdown` wrote",
            hint="Put the questions and answers into a CSV or XLSX table, or build the file as a document.",
        )
    kept: list[ExchangeRow] = []
    dropped: list[DroppedRow] = []
    losses: list[Loss] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        notes = RowNotes(start + 1)
        try:
            kept.append(_row(lines, start, end, notes))
        except ValueError as error:
            dropped.append(DroppedRow(start + 1, "bad_entry", str(error)))
        else:
            losses += notes.losses
    return TableRead(NAME, tuple(kept), tuple(dropped), tuple(losses))


def _row(lines: Sequence[str], start: int, end: int, notes: RowNotes) -> ExchangeRow:
    mark = _ENTRY_LINE.match(lines[start])
    meta = json.loads(mark.group(1)) if mark else None
    if not isinstance(meta, Mapping):
        raise ValueError("the entry's mark is damaged")
    heading = next((m for line in reversed(lines[:start]) if line.strip() for m in [_HEADING.match(line)]), None)
    body = lines[start + 1 : end]
    if heading is None or not heading.group(1).strip():
        raise ValueError("no question stands above the entry's mark")
    if _ANSWER not in body or _END not in body[body.index(_ANSWER) :]:
        raise ValueError("the marks around the answer are gone")
    from_answer = body.index(_ANSWER)
    until = body.index(_END, from_answer)
    answer = "\n".join(_unescaped(line) for line in body[from_answer + 1 : until]).strip()
    if not answer:
        raise ValueError("the answer is empty")
    status, _ = status_from(_word(meta, "status"), notes)
    return ExchangeRow(
        line=notes.line,
        question=heading.group(1).strip(),
        answer=answer,
        id=_word(meta, "id") or None,
        similar=tuple(line[2:].strip() for line in body[:from_answer] if line.startswith("- ") and line[2:].strip()),
        negative=_words(meta, "negative_questions"),
        status=status,
        tags=_words(meta, "tags"),
        valid_from=date_from(_word(meta, "valid_from"), "valid_from", notes),
        valid_to=date_from(_word(meta, "valid_to"), "valid_to", notes),
        language=language_from(_word(meta, "language"), notes),
        collection=_word(meta, "collection") or None,
    )


def _unescaped(line: str) -> str:
    return line[1:] if line.startswith("\\") and _OWN_LINE.match(line) else line


def _word(meta: Mapping[str, object], name: str) -> str:
    value = meta.get(name)
    return value.strip() if isinstance(value, str) else ""


def _words(meta: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = meta.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


__all__ = ["NAME", "read", "write"]
