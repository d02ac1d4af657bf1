"""Negation and direction: the small words that turn an answer into its opposite."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kbbuilder.language.opposites import OPPOSITES
from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import STOP_WORDS, search_tokens

# -- negation ---------------------------------------------------------------------------------------------

# Contain a negating character or word but negate nothing (or ask neutrally, as 能不能 does).
_NO_NEGATION = re.compile(
    r"不锈钢|不断|不管|不论|不仅|不但|不同|不过|不少|不止|不久|不时|不妨|不愧|不由|不客气|对不起|差不多|要不然"
    r"|不得不|不可或缺|无非|无论|无线|无缝|无人机"
    r"|无忧|无损|无绳|无限|无障碍|无刷|无菌|无铅|无级|未来|非常|非洲|南非|非得|除非"
    r"|(?P<z>[能可会要行是对好肯愿该])不(?P=z)|可不可以|应不应该|需不需要"
    r"|支不支持|有没有|有没|能否|可否|是否|特别|分别|级别|类别|性别|识别|区别|个别|别人|别的|鉴别|辨别|告别"
    r"|别名|别墅|判别|没关系|没错"
    r"|\bnot only\b|\bno doubt\b|\bno matter\b|\bno\. ?\d|\bno longer than\b|\bno (?:more|less|later"
    r"|fewer) than\b|\bnot (?:more|less|later) than\b"
    r"|\bnot to mention\b|\bwhether or not\b|\bwhy not\b|\bif not\b|\bor not\b|\bnone ?the ?less\b|\bcan(?:not"
    r"|'t) wait\b",
    re.I,
)
_NEGATION = re.compile(
    r"(?<!\w)(?:not|never|no|none|nor|neither|without|cannot|unable|fails? to|failed to|failing to|failure"
    r"|refuses? to|prohibited|forbidden|nothing|nobody|"
    r"impossible|unavailable|unsupported|disallowed|lacks?|non)(?!\w)|n't(?!\w)|(?<!\w)(?:cant|wont|dont|doesnt"
    r"|isnt|didnt)(?!\w)"
    r"|[不没沒未勿莫]|无|無|禁止|严禁|嚴禁|切忌|拒绝|失败|(?<![除并])非(?=[^\s，。]{0,6}(?:不可|人员|授权|保修"
    r"|质量|官方|正常|工作|人为|原|法|本))|(?<![特分级类性识区个鉴辨告判])别(?!名)",
    re.I,
)
_EXCEPTION = re.compile(
    r"(?<!\w)(?:unless|except(?:ing|ion|ions)?|excluding|excludes?|excluded|apart from|other than)(?!\w)|除外"
    r"|除非|除了|以外|例外|不包括|不含|不包含|除.{1,30}外",
    re.I,
)
_ONLY = re.compile(
    r"(?<!\w)(?:only|solely|exclusively)(?!\w)|(?<!不)仅(?!仅?是)|只(?=[能可有在限对支允需要接用适是])|唯一|限于", re.I
)


# Plain strings of which a text must hold one for the pattern to find anything: looking for them is quick.
_NEGATION_HINTS = tuple(
    "no ne thout unab fa ref proh forb mposs unav unsup sallow lack n't cant wont dont esnt snt dnt".split()
    + list("不没沒未勿莫无無禁切拒失非别")
)
_EXCEPTION_HINTS = ("unle", "exc", "apart", "than", "除", "外", "不包", "不含")
_ONLY_HINTS = ("only", "sole", "exc", "仅", "只", "唯", "限")


def _holds_one(text: str, hints: Sequence[str]) -> bool:
    lower = text.lower()
    return any(hint in lower for hint in hints)


class _Pair(NamedTuple):
    name: str
    left: re.Pattern[str]
    right: re.Pattern[str]
    hints: tuple[str, ...]
    """Plain strings of which a text must hold one to name either side: looking for them is quick."""


def _side(words: Sequence[str]) -> str:
    parts = []
    for word in words:
        pattern = word.replace("_?", r"[\s-]?").replace("_", r"[\s-]")
        parts.append(rf"(?<!\w)(?:{pattern})(?!\w)" if re.search("[a-z]{2}", word) else pattern)
    return "|".join(parts)


def _hint(word: str) -> str:
    """The longest run of letters of a pattern outside its groups."""
    before = ""
    while before != word:
        before = word
        word = re.sub(r"\([^()]*\)\??|\[[^\[\]]*\]|\{[^}]*\}", " ", word)
    runs: list[str] = re.findall(r"[a-z]+|[\u4e00-\u9fff]+", word.replace("\\w", " "))
    return max(runs, key=len)


def _read(table: Sequence[tuple[str, str, str]]) -> tuple[_Pair, ...]:
    pairs = []
    for name, *sides in table:
        left, right = (side.split(", ") for side in sides)
        hints = tuple(sorted({_hint(w) for w in (*left, *right)}))
        pairs.append(_Pair(name, re.compile(_side(left), re.I), re.compile(_side(right), re.I), hints))
    return tuple(pairs)


_PAIRS = _read(OPPOSITES)
_HINTED = tuple((hint, number) for number, pair in enumerate(_PAIRS) for hint in pair.hints)
_LATIN_HINTED = tuple((hint, number) for hint, number in _HINTED if hint.isascii())
_HAN_HINTED = tuple((hint, number) for hint, number in _HINTED if not hint.isascii())
_LATIN = re.compile("[a-z]")


def _prepared(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'")


@lru_cache(maxsize=16_384)
def negation_count(text: str) -> int:
    """How many words of a text negate (not, without, 不, 未, 禁止 …). Neutral askings (能不能, 是否) and words
    that only look like it (不锈钢, 非常, "not only") do not count.

    >>> [negation_count(t) for t in ("能不能退货？", "不锈钢不可水洗", "Don't open it without gloves.")]
    [0, 1, 2]
    """
    prepared = _prepared(text)
    if not _holds_one(prepared, _NEGATION_HINTS):
        return 0
    return len(_NEGATION.findall(_NO_NEGATION.sub(" ", prepared)))


def exception_count(text: str) -> int:
    """How many words of a text make an exception (unless, except, 除外 …)."""
    prepared = _prepared(text)
    return len(_EXCEPTION.findall(prepared)) if _holds_one(prepared, _EXCEPTION_HINTS) else 0


def only_count(text: str) -> int:
    """How many words of a text restrict (only, 仅, 只能 …)."""
    prepared = _prepared(text)
    return len(_ONLY.findall(prepared)) if _holds_one(prepared, _ONLY_HINTS) else 0


_ON_AND_OFF = re.compile(r"\bon (?:and|or) off\b|\bon/off\b", re.I)


@lru_cache(maxsize=16_384)
def polarity_marks(text: str) -> frozenset[str]:
    """The directions a text names: `"on/off<"` for the first side of a pair, `"on/off>"` for the second."""
    prepared = _ON_AND_OFF.sub("on and switch off", _prepared(text))
    lower = prepared.lower()
    marks = set()
    hinted = {number for hint, number in _LATIN_HINTED if hint in lower} if _LATIN.search(lower) else set()
    if not lower.isascii():
        hinted |= {number for hint, number in _HAN_HINTED if hint in lower}
    for number in sorted(hinted):
        name, left, right, _ = _PAIRS[number]
        # The opposite is often written with the word itself inside it (取消配对 holds 配对): the longer one counts.
        rest = right.sub(" ", prepared)
        if rest != prepared:
            marks.add(f"{name}>")
        if left.search(rest):
            marks.add(f"{name}<")
    return frozenset(marks)


_CLAUSE = re.compile(r"[,，;；。.!！?？\n]+")
_ASKING = re.compile(r"为什么|怎么办|怎么回事|怎么样?|如何|怎样|什么|哪些|多少|多久|可以|请问|[吗呢的了法能]")
NEAR_WORDS = 0.5
"""Share of common words (of all words of both) from which a negation in one text is about the same matter."""


@lru_cache(maxsize=16_384)
def _stance(text: str) -> str:
    """Where a text negates: "asked" (in its last clause, the one that asks), "told" (in a clause before), or ""."""
    clauses = [c for c in _CLAUSE.split(_prepared(text)) if c.strip()]
    if clauses and negation_count(clauses[-1]) % 2:
        return "asked"
    return "told" if negation_count(text) else ""


@lru_cache(maxsize=16_384)
def _words(text: str) -> frozenset[str]:
    tokens = search_tokens(_NEGATION.sub(" ", _ASKING.sub(" ", _NO_NEGATION.sub(" ", _prepared(text)))))
    pairs = [t for t in tokens if not (len(t) == 1 and has_cjk(t))]
    return frozenset(t for t in pairs or tokens if t not in STOP_WORDS)


def polarity_conflict(a: str, b: str) -> str | None:
    """What makes two short texts opposites, or None: the pair's name ("on/off", "before/after"), or "negation"
    when one of them denies what the other, in much the same words, does not.

    A pair counts when one text names only its first side and the other only its second. A negation told before the
    question ("The lamp does not light. What can I do?") is no stance of the question.

    Source: on 320 labelled English pairs opposites mark 4 of 160 true paraphrases; counting every negation marked 32.

    >>> polarity_conflict("How do I turn on the heater?", "How do I turn the heater off?")
    'on/off'
    >>> polarity_conflict("如何连接蓝牙", "怎么断开蓝牙"), polarity_conflict("能不能退货", "可以退货吗")
    ('connect/disconnect', None)
    """
    ours, theirs = polarity_marks(a), polarity_marks(b)
    for mark in sorted(ours - theirs):
        name, side = mark[:-1], mark[-1]
        opposite = name + (">" if side == "<" else "<")
        if opposite in theirs and opposite not in ours:
            return name
    if {_stance(a), _stance(b)} != {"asked", ""}:
        return None
    left, right = _words(a), _words(b)
    return "negation" if len(left & right) >= NEAR_WORDS * len(left | right) else None
