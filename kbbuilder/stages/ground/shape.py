"""Whether an answer has the shape of one: not empty, no pointer elsewhere, not broken off, not its question."""

from __future__ import annotations

import re

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.text import fold, has_cjk
from kbbuilder.schema import Candidate
from kbbuilder.stages.ground.asked_for import only_asks_back
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.words import content_tokens

# What a pointer points at: "see chapter 5" and 参见… point anywhere, "check …" and 查看… only at a place in a text.
_PLACE_EN = (
    r"(?:chapter|section|page|appendix|manual|guide|document|documentation|figure|table|website|below|above|next)"
)
_PLACE_ZH = r"(?:章|节|手册|说明书|文档|附录|页面|官网|网站|[上下]文|[图表]\s?\d|《)"
_POINTER = re.compile(
    r"(?:for (?:more |further )?(?:details|information)[^.]{0,60},? ?)?(?:please )?"
    rf"(?:(?:see|refer to|consult)\b[^.!?]{{0,160}}|(?:check|read)\b[^.!?]{{0,80}}\b{_PLACE_EN}\b[^.!?]{{0,40}})[.!]?"
    r"|(?:关于[^。！？]{0,60}[，,])?(?:更多|详细|具体)?(?:信息|内容|说明|步骤|方法|用法|介绍|要求)?[，,]?(?:请"
    r"|可以|可)?"
    rf"(?:(?:参见|参考|参阅|参看|详见|请见|请看)[^。！？]{{0,80}}|(?:查看|查阅"
    rf"|见)[^。！？，]{{0,30}}{_PLACE_ZH}[^。！？，]{{0,20}})[。！]?"
)
_INVITES = re.compile(
    r"(?:(?:首先|下面|现在|接下来)[，,]?)?让我们[^。！？]{0,12}(?:看|了解|认识|讨论|介绍)[^。！？]{0,60}[。！]?"
    r"|(?:first|now|next)?,? ?let(?:'|’)?(?:s| us) (?:\w+ )?(?:look|see|discuss|consider|examine)\b[^.!?:]{0,120}[.!]?",
    re.I,
)
"""What a text says before it tells something."""
_ENDS_OPEN = re.compile(
    r"[:：,，、;；(（]\s*$|(?:\b(?:and|or|the|of|to|with|for|as follows|the following)|如下|以下|包括|以及|或者)\s*$",
    re.I,
)


def answer_shape(candidate: Candidate) -> list[Finding]:
    answer = candidate.answer.strip()
    key = fold(answer)
    if not key:
        return [Finding("too_short", "empty answer")]
    findings = []
    question = candidate.question
    if key == fold(question) or any(test(question, answer) for test in (_restates, _advises, only_asks_back)):
        findings.append(Finding("answer_is_question", ""))
    elif _says_nothing(answer):
        findings.append(Finding("too_short", f"“{answer[:40]}”"))
    if _is_pointer(answer):
        findings.append(Finding("pointer_only", f"“{answer[:80]}”"))
    if _ENDS_OPEN.search(answer.rstrip("*_ ")):
        findings.append(Finding("cut_off", f"“…{answer[-30:]}”"))
    return findings


_ASKS_FOR_MORE = re.compile(
    r"^(?:how|what|which|why|when|where|who)\b|什么|哪|如何|怎么|怎样|怎么办|多少|多久|多大|为何|几[个天次种]", re.I
)
_LEAST_WORDS = 5
_LEAST_NEWS = 0.26
_LONG, _GIVEN_AWAY = 10, 0.8
"""An answer of so many words, under a question nearly as long, was given away by it whatever its form."""


def _restates(question: str, answer: str) -> bool:
    """Whether the answer to "which", "how" or "what" is a sentence with next to no word that the question has not ("Some
    characters have a special meaning.")."""
    if not _ASKS_FOR_MORE.search(question):
        return False
    known = frozenset(content_tokens(question))
    told = content_tokens(answer)
    news = sum(token not in known for token in told)
    bare = re.sub(r"\]\([^)]*\)", "]", answer)
    if missing_facts(bare, question):
        return False
    if not answer.startswith("- ") and len(told) >= _LONG and len(question) >= _GIVEN_AWAY * len(bare):
        return news <= _LEAST_NEWS * len(told)
    plain = re.search(r"[`:：|\n]", answer) is None
    return plain and len(told) >= _LEAST_WORDS and news <= _LEAST_NEWS * len(told)


_TROUBLE = re.compile(r"([^，,；;]{4,})(?:怎么办|如何处理|怎么处理)[？?]?")
_LEAST_CORE = 5
_ADVICE = re.compile(r"需要|应该|应当|必须|务必|可以(?!正常)|不要")


def _advises(question: str, answer: str) -> bool:
    """Whether what stands before 怎么办 is no trouble but the advice itself ("保留旧条目怎么办？" — "保留旧条目。")."""
    match = _TROUBLE.search(question.replace("`", ""))
    if match is None:
        return False
    told = answer.replace("`", "")
    whole = match[1].strip()
    core = next((words for words in (whole, re.split("[时后]", whole, maxsplit=1)[-1]) if words in told), "")
    if len(core) < _LEAST_CORE:
        return False
    at = told.find(core)
    follows = told[at + len(core) :][:1]
    if re.search(r"(?:^|[。！？；\n])[\s\d.、*-]*$", told[:at]) is None:
        return False  # "如果…" and "报错：…" tell of a trouble
    return _ADVICE.search(core) is not None or follows not in ("，", ",", "时", "后", "的", "：", ":", "|")


_NOTHING_WORDS = """
na none nil null tbd todo tba seeabove seebelow asabove ditto notapplicable 无 略 同上 待定 暂无 不详 未知 见上 见下
见上文 见下文
"""
_NOTHING = frozenset(_NOTHING_WORDS.split())


def _says_nothing(answer: str) -> bool:
    key = fold(answer)
    return key in _NOTHING or (len(key) == 1 and not key.isdigit() and not has_cjk(key))


def _is_pointer(answer: str) -> bool:
    if re.search(r"https?://|www\.|@", answer):
        return False  # a link is something the customer can use
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", answer).strip()
    if _INVITES.fullmatch(bare):
        return True
    return len(bare) <= 240 and _POINTER.fullmatch(bare[:1].lower() + bare[1:]) is not None
