"""Questions as a model writes them, made fit to stand on their own; and what kind of thing they ask."""

from __future__ import annotations

import re

from kbbuilder.language.questions import is_question
from kbbuilder.language.text import fold, has_cjk, one_line
from kbbuilder.schema import Chunk, DocumentContext, PairKind
from kbbuilder.stages.extract.chinese.grammar import spaced
from kbbuilder.stages.extract.english.naming import with_subject

_LEAD = re.compile(r"^(?:(?:Q|问|问题|Question)\s*\d{0,3}\s*[:：.]|\d{1,3}[.)、](?!\d)|[-*•])\s*", re.I)
_SELF_EN = re.compile(
    r"\b(?:this (?:product|device|software|program|tool|application|app|system|machine|unit|appliance)"
    r"|the (?:product|device|appliance))\b",
    re.I,
)
_SELF_ZH = re.compile(r"(?:本|该|此|这个|这款)(?:产品|设备|软件|程序|应用|系统|机器|装置|手册|文档)")


_NAMED_EN = re.compile(r"[\d`]|(?<=[a-z,] )(?!I\b)[A-Z]|\betc\b")
"""What an English question already has when it names something."""


def asked(question: str, chunk: Chunk, context: DocumentContext, *, of_passage: bool = False) -> str:
    """A question without its mark and number, with its question mark, and with the product's name where it says only
    "this product"; one that was asked of a passage also
    where it names nothing."""
    text = _LEAD.sub("", one_line(question)).strip().strip('"“”')
    if context.subject:
        pointing = _SELF_ZH if has_cjk(text) else _SELF_EN
        text = pointing.sub(lambda _: context.subject, text, count=1)
        text = re.sub(rf"({re.escape(context.subject)})(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", r"\1 ", text)
        if (
            of_passage
            and has_cjk(text)
            and re.search("[A-Za-z`]", text) is None
            and fold(context.subject) not in fold(text)
        ):
            text = f"{spaced(spaced('使用', context.subject), '时')}，{text}"
        elif of_passage and not has_cjk(text) and not has_cjk(context.subject) and _NAMED_EN.search(text) is None:
            text = f"{with_subject(text.rstrip(' ?'), context.subject)}?"
    if text.count("`") % 2:
        text = text.replace("`", "")
    if text and text[-1] not in "?？" and (is_question(text) or _ASKS.search(text)):
        text += "？" if has_cjk(text) else "?"
    return text


_ASKS = re.compile(
    r"(?:什么|如何|怎么|怎样|多少|多久|多大|多长|哪[些个里种]|为何|为什么|是否|能否|可否|几[个天次种年]|吗|呢)[^。；：\n]*$"
    r"|^(?:how|what|which|why|when|where|who|can|does|do|is|are|should|must|may)\b[^.!;:\n]*$",
    re.I,
)
"""A question that lacks its mark; a copied statement ends in a full stop or has no such word."""


_FORMS: tuple[tuple[PairKind, re.Pattern[str]], ...] = (
    (
        PairKind.TROUBLESHOOTING,
        re.compile(
            r"\b(?:why (?:does|is|can)n['o]t|fail\w*|error|not work\w*|troubleshoot|what (?:should|can|do) i do (?:if|when))\b"
            r"|怎么办|报错|故障|失败|无法|为什么.{0,12}[不没]",
            re.I,
        ),
    ),
    (PairKind.HOW_TO, re.compile(r"\bhow (?:do|can|to|should|would)\b|如何|怎么(?!样)|怎样|步骤", re.I)),
    (
        PairKind.DEFINITION,
        re.compile(r"^what (?:is|are|does .{1,60} mean)\b|^什么是|(?:是什么(?:意思)?|指什么)[?？]?$", re.I),
    ),
    (
        PairKind.PARAMETER,
        re.compile(
            r"\bhow (?:many|much|long|large|big|often|far|fast|high)\b|\bwhat (?:size|value)\b|多少|多久|多大|几[个天次种]",
            re.I,
        ),
    ),
    (
        PairKind.CONDITION,
        re.compile(r"^(?:can|do|does|is|are|must|should|when|may)\b|[吗嗎]|是否|能否|可否|什么时候|何时", re.I),
    ),
)


def kind_of(question: str) -> PairKind:
    """What a question asks for, by its form: a model's own word for it is often wrong."""
    return next((kind for kind, form in _FORMS if form.search(question)), PairKind.TOPIC)
