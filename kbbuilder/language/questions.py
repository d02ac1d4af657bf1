"""Question forms of both languages: what is a question, and how a document marks questions and answers."""

from __future__ import annotations

import re
from typing import NamedTuple

from kbbuilder.language.text import has_cjk

# "How to reset the router" and "What to do if…" ask without a question mark; "When the lamp blinks, …" does not.
_EN_ASKS = re.compile(
    r"(?:how (?:to|do|does|can|should|long|many|much|often|far)|what (?:is|are|does|do|to do|if|happens)"
    r"|why (?:is|are|does|do|can't|isn't)|where (?:is|are|can|do)|can (?:i|we|you|my)|do (?:i|we|you)|is (?:it|there)) ?\b",
    re.I,
)
# Without a question mark only words that open or close a Chinese question count: "控制是否显示" and "多少个" state something.
_ZH_OPENS = re.compile(
    r"^(?:请问|如何|怎么|怎样|怎麼|怎樣|为什么|為什麼|为何|為何|什么是|什麼是|何为|什么时候|何时|何時|哪些|哪个|哪种|哪里|哪儿|谁|多久|是否|能否|可否|能不能|可不可以|有没有)"
)
_ZH_CLOSES = re.compile(
    r"(?:吗|嗎|呢|怎么办|怎麼辦|怎么回事|怎么样|怎么处理|怎么解决|是什么|是什麼|是什么意思|为什么|為什麼|有哪些|是哪些|多少|多久|多长时间|多大|多高|几个|几次|几天|哪里|哪儿|哪个|有什么(?:区别|不同|作用|要求|影响|用)|有何(?:区别|不同|影响)|的区别)$"
)
_ZH_INNER = re.compile(r"如何|怎么|怎样|怎麼|怎樣|为什么|為什麼|为何|是否|能否|可否")
_ZH_REPORTS = re.compile(
    r"(?:控制|决定|判断|检查|确认|指定|设置|说明|介绍|了解|描述|知道|关于|看|讨论|取决于|无论|不管|选择|告诉|解释|询问|表示|定义)[^，]{0,12}(?:如何|怎么|怎样|为什么|为何|是否|能否|可否)"
)
_TAIL = re.compile(r"[\s\"'”’）)\]】*_`]+$")
_QUESTION_MARK = re.compile(r"[?？]$")


def ends_with_question_mark(text: str) -> bool:
    """Whether the text ends in ? or ？ (closing quotes and brackets after it do not count)."""
    return _QUESTION_MARK.search(_TAIL.sub("", text)) is not None


def is_question(text: str) -> bool:
    """Whether a short text asks something, with or without a question mark.

    >>> is_question("如何重置密码"), is_question("How to reset the router"), is_question("When the lamp blinks, wait.")
    (True, True, False)
    """
    bare = text.strip()
    if not bare or len(bare) > 400:
        return False
    if ends_with_question_mark(bare):
        return True
    if bare[-1] in "。.;；:：,，":
        return False
    if has_cjk(bare):
        return len(bare) <= 60 and _asks_in_chinese(bare)
    return len(bare) <= 160 and _EN_ASKS.match(bare) is not None


def _asks_in_chinese(bare: str) -> bool:
    if re.search(r"[：:。；]", bare) or _ZH_REPORTS.search(bare):
        return False
    if _ZH_OPENS.match(bare) or _ZH_CLOSES.search(bare):
        return True
    return len(bare) <= 30 and _ZH_INNER.search(bare) is not None


class Mark(NamedTuple):
    """A Q or A mark at the start of a text. `rest` is the text after it; `number` the mark's number, if any."""

    role: str
    rest: str
    number: str


_COLON = r"\s*[:：]\s*"
_NUMBER = r"(?:[\s.#]*(?P<n>\d{1,4}))?"
_Q_MARK = re.compile(
    rf"^(?:[*_]{{1,2}})?(?:(?:Q|Question|问题|问|問題|問|提问|客户问|用户问)\s*{_NUMBER}(?:[*_]{{1,2}})?(?:{_COLON}|[.．、]\s*(?=\S))(?:[*_]{{1,2}})?"
    rf"|[【\[](?:问题|问|問|Q)(?P<n2>\d{{0,4}})[】\]]\s*[:：]?\s*)",
    re.I,
)
_A_MARK = re.compile(
    rf"^(?:[*_]{{1,2}})?(?:(?:A|Ans|Answer|答案|答|回答|答复|回复)\s*(?:[\s.#]*\d{{1,4}})?(?:[*_]{{1,2}})?{_COLON}(?:[*_]{{1,2}})?"
    rf"|[【\[](?:答案|回答|答|A)\d{{0,4}}[】\]]\s*[:：]?\s*)",
    re.I,
)


def question_mark_of(text: str) -> Mark | None:
    """The `Q:`, `Q1.`, `问：`, `【问】` mark a text starts with, or None.

    >>> question_mark_of("问：怎么退货？").rest
    '怎么退货？'
    """
    match = _Q_MARK.match(text.lstrip())
    if match is None:
        return None
    rest = text.lstrip()[match.end() :].strip()
    number = match.group("n") or match.group("n2") or ""
    # "Q.E.D." and "问、答" are not marks: a dot mark needs a number.
    if not number and not re.search(r"[:：】\]]", match.group(0)):
        return None
    return Mark("q", rest, number)


def answer_mark_of(text: str) -> Mark | None:
    """The `A:`, `答：`, `【答】` mark a text starts with, or None.

    >>> answer_mark_of("A：七天内可退。").rest
    '七天内可退。'
    """
    match = _A_MARK.match(text.lstrip())
    return None if match is None else Mark("a", text.lstrip()[match.end() :].strip(), "")
