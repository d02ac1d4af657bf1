"""Which column of a table means what: header names of many tools, in Chinese and English.

Source: the project's format notes, §3.20 (names found in the exporters of twelve FAQ platforms).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kbbuilder.language.questions import is_question

OUR_HEADER = (
    "id", "question", "similar_questions", "negative_questions", "answer", "status", "tags", "valid_from", "valid_to",
    "language", "collection", "evidence",
)  # fmt: skip

# The first name of a field wins over the later ones when a table has several of them.
_ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "qid", "faqid", "kbid", "问题id", "编号", "序号"),
    "question": (
        "标准问", "标准问题", "主问题", "標準問題", "standardquestion", "mainquestion", "question", "问题", "問題",
        "提问", "问", "q", "title", "name",
    ),
    "answer": (
        "answer", "answers", "答案", "标准答案", "回答", "回复", "回覆", "机器人回答", "答", "a", "response", "reply",
        "分段内容", "content", "内容", "body", "output",
    ),
    "similar": (
        "similarquestions", "similarquestion", "similar", "alternatequestions", "alternatequestion", "alternatives",
        "variants", "paraphrases", "utterances", "index", "indexes", "相似问", "相似问题", "相似问法", "扩展问",
        "扩展问法", "同义问", "其他问法", "相似問題",
    ),
    "negative": (
        "negativequestions", "negativequestion", "negative", "反例", "反例问题", "负样本", "易混淆问题",
    ),
    "tags": (
        "tags", "tag", "categories", "category", "labels", "label", "group", "topic", "标签", "标签名", "分类", "类别",
        "分组", "问答分组",
    ),
    "flags": ("flags",),
    "status": ("status", "state", "状态", "enabled", "isenabled", "是否启用"),
    "disabled": ("disabled", "是否停用"),
    "valid_from": ("validfrom", "startdate", "生效时间", "生效日期"),
    "valid_to": ("validto", "expires", "enddate", "失效时间", "有效期", "截止日期"),
    "language": ("language", "lang", "locale", "语言"),
    "collection": ("collection", "knowledgebase", "知识库", "文档"),
    "evidence": ("evidence", "source", "url", "来源", "出处"),
}  # fmt: skip
_FIELD_OF = {alias: field for field, aliases in _ALIASES.items() for alias in aliases}
_REPEATABLE = ("similar", "negative", "tags")
_PLAIN_QUESTION = ("question", "问题", "問題")
_COUNTING = ("编号", "序号")
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|（.*?）")
_LAST_NUMBER = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field. `by_field` lists column numbers (from 0); `ignored` are headers without a use.

    `counting`: the id column is one that people use to number rows; its values are ids only if they are not 1, 2, 3….
    """

    by_field: dict[str, tuple[int, ...]]
    ignored: tuple[str, ...] = ()
    counting: bool = False
    own: bool = False


def name_of(header: str) -> str:
    """A header reduced to what it is compared by.

    >>> name_of("Similar Question (one a line)*"), name_of("相似问【选填】")
    ('similarquestion', '相似问')
    """
    name = _BRACKETS.sub("", unicodedata.normalize("NFKC", header)).strip().lower()
    return re.sub(r"[*\s_\-]", "", name)


def columns_of(headers: Sequence[str]) -> Columns | None:
    """What the columns of a header row mean; None when it names no question or no answer."""
    trimmed = [header.strip() for header in headers]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if tuple(trimmed) == OUR_HEADER:
        own: dict[str, tuple[int, ...]] = {_FIELD_OF[name_of(header)]: (i,) for i, header in enumerate(trimmed)}
        return Columns(own, own=True)
    found: dict[str, list[tuple[int, int, str]]] = {}
    ignored: list[str] = []
    for i, header in enumerate(trimmed):
        name = name_of(header)
        alias = name if name in _FIELD_OF else _LAST_NUMBER.sub("", name)
        if alias in _FIELD_OF:
            field = _FIELD_OF[alias]
            found.setdefault(field, []).append((_ALIASES[field].index(alias), i, alias))
        elif header:
            ignored.append(header)
    if "question" not in found or "answer" not in found:
        return None
    asked = found["question"]
    if min(asked)[2] not in _PLAIN_QUESTION:
        # Beside a column for the standard question, one called just "question" holds other wordings.
        found.setdefault("similar", []).extend(column for column in asked if column[2] in _PLAIN_QUESTION)
        asked[:] = [column for column in asked if column[2] not in _PLAIN_QUESTION]
    by_field: dict[str, tuple[int, ...]] = {}
    for field, columns in found.items():
        if field in _REPEATABLE:
            by_field[field] = tuple(sorted(i for _, i, _ in columns))
        else:
            by_field[field] = (min(columns)[1],)
            ignored += [trimmed[i] for _, i, _ in columns if i != min(columns)[1]]
    counting = "id" in found and min(found["id"])[2] in _COUNTING
    by_field = {field: columns for field, columns in by_field.items() if columns}
    return Columns(by_field, tuple(ignored), counting)


def columns_without_header(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Question and answer columns of a table of two columns whose first row is data; None when it does not look so."""
    sample = [row for row in rows[:20] if any(cell.strip() for cell in row)]
    if not sample or any(len([c for c in row if c.strip()]) > 2 or len(row) < 2 for row in sample):
        return None
    first, second = (sum(is_question(row[i]) for row in sample) for i in (0, 1))
    if not any(is_question(cell) for cell in sample[0][:2]):
        return None
    return Columns({"question": (0,), "answer": (1,)} if first >= second else {"question": (1,), "answer": (0,)})
