"""Questions that no customer would ask in these words: torn, of two things, copied, or naming nothing."""

from __future__ import annotations

import re

from kbbuilder.language.text import fold, has_cjk
from kbbuilder.schema import Chunk, DocumentContext
from kbbuilder.stages.ground.closely.parroted import parroted
from kbbuilder.stages.ground.closely.telling import asked_words
from kbbuilder.stages.ground.reasons import Finding

_REFERS = re.compile(
    r"请?参[见看阅照]|详见|见下|本(?:书|手册|指南|文)|(?:手册|指南|文档|教程)的?(?:版本|发布日期|作者|出版|更新)|\b(?:refer to|see also)\b",
    re.I,
)
_UNLIKE_A_CUSTOMER = re.compile(
    r"[?？].*[?？]$|这意味着什么|更多信息|\bmore (?:information|details)\b|(?:而|且|但|和|或)(?:如何|怎么|怎样|什么)|它|^(?:使用.{2,30}?时，)?第[一二三四五](?:个|种|项)|前者|后者|[;；]\s*(?:如何|什么)"
    r"|[（(][^（）()]*(?:什么|如何|怎么|怎样|吗|哪)[^（）()]*[）)]"
    r"|\band (?:what|how|why|where|when|which|verify)\b|\bthe other \w+\?$"
)
"""Asked twice, of more than a section holds, joined to a statement, or of what only the section names."""
_OTHERS_ACT = re.compile(
    r"^(?:what|how|when|why|where) (?:should|can|do|does|may|must|could) (?!I\b|you\b|we\b)(?:[\w-]+ ){0,2}?"
    r"(?:users?|developers?|customers?|people|maintainers?|administrators?|readers?|others?)\b",
    re.I,
)
"""Who asks is the one who acts: "How do users …?" is asked about customers, not by one."""
_POINTS = re.compile(
    r"(?<![A-Za-z+] )(?<![A-Za-z+])[A-Za-z] ?键|\b(?:th(?:ese|ose|is)|the (?:above|former|latter))(?! (?:days|way|case)\b) \w+"
)
_LIKE_SOMETHING = re.compile(
    r"^(?!.*(?:[与和跟同像]|类似于)[^，]*类似).*类似(?:的|但)|^(?!.*\b(?:to|as|like)\b).*\bsimilar (?:but|\w+s)\b", re.I
)
"""Similar to what, only the section tells."""
_ORDERS_A_REPLY = re.compile(
    r"^请(?:你|您)?(?:解释|介绍|说明|描述|列出|列举|简述)|^(?:explain|describe|list|name)\b"
    r"|^what is (?:the )?(?:caution|note|warning|hint|tip) (?:about|on|for|regarding)\b|\b(?:foo|bar|baz)\b"
    r"|^what is the (?:[\w-]+ ){1,4}?(?:options|settings|features|parameters|types|tools|rules|changes|values) (?:in|of|for|on)\b|第\s?\d+(?:\.\d+)+\s?[章节条]",
    re.I,
)
_LEAST_NAMED = 4
"""Telling letters of a Chinese question without a Latin name, below which it names nothing."""
_OF_AN_EXAMPLE = re.compile(r"\b(?:tutorial|walk-?through|worked example)\b|教程|实例|练习|演练", re.I)
_NO_END = re.compile(
    r"[为到在和与把将及或也][？?]$|(?:如何|怎么|怎样)[^，]*时，.*(?:什么|如何|怎么|怎样)|(?:什么|如何|怎么|怎样|哪些?|多少|多久|多大)[为的]?(?:什么|如何|怎么|怎样|哪些?)"
)
_ACTS = re.compile(r"^(?P<who>[^，？?的在中]{2,30}?)\s?是?(?:如何|怎么|怎样)")
_CODE = re.compile(r"`([^`]+)`")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]*")


def ill_asked(question: str, answer: str, chunk: Chunk, context: DocumentContext) -> Finding | None:
    """What is wrong with the question itself."""
    if _REFERS.search(question) or _NO_END.search(question) or _UNLIKE_A_CUSTOMER.search(question):
        return Finding("oddly_worded", f"“{question[:60]}”")
    if _OTHERS_ACT.search(question) or _ORDERS_A_REPLY.search(question):
        return Finding("oddly_worded", f"“{question[:60]}”")
    if copied := parroted(question, answer):
        return Finding("oddly_worded", f"“{copied[:60]}”")
    if actor := _made_to_act(question, answer, context):
        return Finding("oddly_worded", f"“{actor}”")
    if any(_OF_AN_EXAMPLE.search(heading) for heading in chunk.heading_path):
        return Finding("not_standalone", "told of an example")
    if _names_nothing(question) or _POINTS.search(question) or _LIKE_SOMETHING.search(question):
        return Finding("not_standalone", f"“{question[:60]}”")
    if torn := _torn(question, f"{chunk.text}\n{' '.join(chunk.heading_path)}\n{context.title} {context.subject}"):
        return Finding("oddly_worded", f"“{torn}”")
    return None


def _made_to_act(question: str, answer: str, context: DocumentContext) -> str:
    """The product, where a Chinese question asks how it does what its users do; else "". The answer would speak of it."""
    match = _ACTS.match(question)
    name = match["who"].strip(" `") if match is not None else ""
    if not name:
        return ""
    if _LATIN.fullmatch(name) and re.search(rf"(?:使用|利用|通过|用)\s*`?{re.escape(name)}", answer):
        return name
    known = (fold(context.subject), fold(context.book), fold(context.name))
    return name if fold(name) in known and fold(name) not in fold(answer.partition("，")[0]) else ""


def _names_nothing(question: str) -> bool:
    return has_cjk(question) and _LATIN.search(question) is None and len(asked_words(question)) < _LEAST_NAMED


def _torn(question: str, source: str) -> str:
    """The first Latin word of a Chinese question that its section does not have: the model broke off a name; else ""."""
    if not has_cjk(question):
        return ""
    for code in _CODE.findall(question):
        if not re.search(rf"(?<![\w./-]){re.escape(code.strip())}(?![\w/-])", source):
            return str(code)
    known = frozenset(word.casefold() for word in _LATIN.findall(source))
    return next((word for word in _LATIN.findall(question) if word.rstrip(".").casefold() not in known), "")
