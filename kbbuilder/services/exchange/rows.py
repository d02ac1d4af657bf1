"""A row of an exchanged table, whatever the format: what a reader gives and the import takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from kbbuilder.language.text import one_line
from kbbuilder.schema import EntryStatus, Evidence, FaqEntry, Language
from kbbuilder.services.exchange.reports import DroppedRow, Loss

EVIDENCE_FIELDS = ("document", "version", "page", "heading_path", "quote", "start", "end")


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One entry as a table states it. None means that the table has no such column; empty means an empty cell.

    `switched_off`: the platform the table comes from did not serve the entry.
    """

    line: int
    question: str
    answer: str
    id: str | None = None
    similar: tuple[str, ...] | None = None
    negative: tuple[str, ...] | None = None
    status: EntryStatus | None = None
    switched_off: bool = False
    tags: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    language: Language | None = None
    collection: str | None = None
    evidence: tuple[Evidence, ...] | None = None


@dataclass(frozen=True, slots=True)
class TableRead:
    """All rows of a file: the usable ones, and those dropped with their reason."""

    format: str
    rows: tuple[ExchangeRow, ...]
    dropped: tuple[DroppedRow, ...] = ()
    losses: tuple[Loss, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    skipped_sheets: tuple[str, ...] = ()


@dataclass(slots=True)
class RowNotes:
    """What a reader could not use of one row; the row itself is kept."""

    line: int
    losses: list[Loss] = field(default_factory=list)

    def lose(self, name: str, reason: str) -> None:
        self.losses.append(Loss(f"line {self.line}", name, reason))


def evidence_objects(entry: FaqEntry) -> list[dict[str, Any]]:
    """An entry's evidence as plain objects, in order, none twice. The chunk's id stays inside the library."""
    objects: list[dict[str, Any]] = []
    for evidence in entry.evidence:
        plain = {name: getattr(evidence, name) for name in EVIDENCE_FIELDS}
        plain["heading_path"] = list(evidence.heading_path)
        if plain not in objects:
            objects.append(plain)
    return objects


def evidence_from(values: object, notes: RowNotes) -> tuple[Evidence, ...]:
    """Evidence from plain objects; one that is incomplete is noted and left out."""
    if not isinstance(values, list):
        notes.lose("evidence", "is not a list")
        return ()
    kept = []
    for value in values:
        try:
            kept.append(_one_evidence(value))
        except (ValidationError, TypeError, ValueError) as error:
            reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            notes.lose("evidence", f"left out: {reason}")
    return tuple(kept)


def _one_evidence(value: object) -> Evidence:
    if not isinstance(value, Mapping):
        raise ValueError("is not an object")
    quote = str(value.get("quote") or "")
    if not quote or not value.get("document"):
        raise ValueError("it needs a document and a quote")
    start = value.get("start") or 0
    return Evidence.model_validate(
        {
            "document": value["document"],
            "version": value.get("version") or 1,
            "chunk_id": "",
            "page": value.get("page"),
            "heading_path": tuple(value.get("heading_path") or ()),
            "quote": quote,
            "start": start,
            "end": value.get("end") or start + len(quote),
        }
    )


_STATUS_WORDS = {status.value: status for status in EntryStatus}
_ON = frozenset(
    ("1", "true", "yes", "y", "on", "enabled", "active", "published", "是", "启用", "已启用", "开启", "上线", "已上线",
     "发布", "已发布", "生效", "已生效")
)  # fmt: skip
_OFF = frozenset(
    ("0", "false", "no", "n", "off", "disabled", "inactive", "draft", "否", "停用", "已停用", "禁用", "已禁用", "关闭",
     "下线", "已下线", "草稿", "待审核", "未发布", "未生效")
)  # fmt: skip
_LANGUAGES: Mapping[str, Language] = {
    "zh": "zh", "chinese": "zh", "中文": "zh", "简体中文": "zh", "汉语": "zh",
    "en": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip


def status_from(text: str, notes: RowNotes) -> tuple[EntryStatus | None, bool]:
    """(status, switched off). Only our own words state a status; "enabled" says that another platform served it."""
    word = one_line(text).casefold()
    if word in _STATUS_WORDS:
        return _STATUS_WORDS[word], False
    if word and word not in _ON and word not in _OFF:
        notes.lose("status", f"“{text}” is no status this program knows")
    return None, word in _OFF


def is_switched_on(text: str) -> bool:
    """Whether a yes/no cell says yes (used for columns that say "disabled")."""
    return one_line(text).casefold() in _ON


def language_from(text: str, notes: RowNotes) -> Language | None:
    """The language a tag or name stands for; None when it is not one of ours."""
    word = one_line(text).casefold()
    if not word:
        return None
    known = _LANGUAGES.get(word) or _LANGUAGES.get(word.replace("_", "-").partition("-")[0])
    if known is not None:
        return known
    notes.lose("language", f"“{text}” is not a language this program knows; the text itself decides")
    return None


def date_from(text: str, name: str, notes: RowNotes) -> str:
    """An ISO 8601 day or time; "" when the cell is empty or no date."""
    word = one_line(text)
    if not word:
        return ""
    plain = word.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    for candidate in (word, "-".join(part.zfill(2) for part in plain.split("-"))):
        try:
            date.fromisoformat(candidate)
        except ValueError:
            try:
                datetime.fromisoformat(candidate)
            except ValueError:
                continue
        return candidate
    notes.lose(name, f"“{text}” is no date")
    return ""
