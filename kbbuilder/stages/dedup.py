"""Duplicates, variants, conflicts and near-misses. Cosine proposes pairs; only words decide.

Two entries merge when their questions are equal up to politeness, function words and forms of asking, and their answers
say the same. The same question with another answer is a conflict; more of the same is a variant; different
numbers, models or directions are related at most (連接/断开, X200/X300, 7 days/30 days).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kbbuilder.language.facts import differing_facts, facts_of, unshared_facts
from kbbuilder.language.polarity import exception_count, negation_count, only_count, polarity_conflict
from kbbuilder.language.quantities import han_number
from kbbuilder.language.text import fold, has_cjk
from kbbuilder.language.tokens import search_tokens
from kbbuilder.schema import LinkVerdict, PairKind


@dataclass(frozen=True)
class Known:
    """What deduplication must know of an entry: new (a candidate with a provisional id) or in the library."""

    id: str
    question: str
    wordings: tuple[str, ...]
    """Similar questions; the standard question may be among them or not."""
    answer: str
    kind: PairKind | None
    document: str
    """Name of the source document, or "" for an entry that a person wrote."""


@dataclass(frozen=True)
class Comparison:
    """How two entries relate. DUPLICATE means: merge. `reason` is a stable code."""

    verdict: LinkVerdict
    reason: str
    similarity: float


@dataclass(frozen=True)
class Merged:
    """A new entry that goes into another: its evidence is added there, and `wording`, when it is one more ("" else)."""

    id: str
    into: str
    wording: str
    reason: str


@dataclass(frozen=True)
class Linked:
    """Two entries that stay apart and are shown together. `left` came later."""

    left: str
    right: str
    verdict: LinkVerdict
    similarity: float
    reason: str


@dataclass(frozen=True)
class Deduped:
    """What became of the new entries: `kept` and `merged` together are all of them."""

    kept: tuple[str, ...]
    merged: tuple[Merged, ...]
    links: tuple[Linked, ...]


RELATED_SIMILARITY = 0.8
"""Cosine from which different questions are shown side by side as related."""

NEAR_EQUAL = 0.9
"""Share of either answer's content words that stand in the other from which two answers say the same."""

SHARES_LITTLE = 0.5
"""Below this share of the shorter answer's words in the longer one, two answers are different answers."""

_SEVERITY = {LinkVerdict.CONFLICT: 3, LinkVerdict.DUPLICATE: 2, LinkVerdict.VARIANT: 1, LinkVerdict.RELATED: 0}


def compare(left: Known, right: Known, similarity: float) -> Comparison | None:
    """How two entries relate, or None when they have nothing to do with each other. Symmetric.

    `similarity` is the cosine of their questions; it alone never decides that two are the same.
    """
    similarity = min(1.0, max(0.0, similarity))
    facts = _wording_facts(left, right)
    opposite = polarity_conflict(left.question, right.question)
    same = not facts and not opposite and _same_question(left, right)
    if same and _generic(left.question) and left.document != right.document and not _answers_equal(left, right):
        return Comparison(LinkVerdict.RELATED, "generic_question", similarity)
    if same:
        verdict, reason = _answers(left.answer, right.answer)
        return Comparison(verdict, reason, max(similarity, 0.0))
    if facts or opposite:
        if similarity < RELATED_SIMILARITY:
            return None
        return Comparison(LinkVerdict.RELATED, "facts_differ" if facts else "direction_differs", similarity)
    return _paraphrases(left, right, similarity)


def dedup(new: Sequence[Known], library: Sequence[Known], similar: Sequence[tuple[int, int, float]]) -> Deduped:
    """Sorts new entries into kept ones, ones merged into another, and links between those that stay.

    Args:
        new: Candidates in the order of their documents; ids differ from each other and from the library's.
        library: Entries already stored; they are never merged or changed.
        similar: Pairs worth a look: (index in `new`, index in `new` followed by `library`, cosine). Pairs with equal
            questions are found without it.

    The groups that merge do not depend on the order of `new`; the survivor of a group is the library's entry, else the
    first in `new`. `len(kept) + len(merged) == len(new)`.

    Cost: linear in the entries plus one comparison per pair.
    """
    entries = [*new, *library]
    pairs = _pairs(entries, len(new), similar)
    parents = list(range(len(entries)))
    compared: list[tuple[int, int, Comparison]] = []
    for (i, j), cosine in sorted(pairs.items()):
        comparison = compare(entries[i], entries[j], cosine)
        if comparison is None:
            continue
        compared.append((i, j, comparison))
        if comparison.verdict is LinkVerdict.DUPLICATE:
            _join(parents, i, j)
    survivors = _survivors(parents, len(new))
    merged = _merged(entries, len(new), survivors, compared)
    links = _links(entries, survivors, compared)
    gone = {m.id for m in merged}
    return Deduped(kept=tuple(k.id for k in new if k.id not in gone), merged=merged, links=links)


# -- questions --------------------------------------------------------------------------------------------

_ZH_POLITE = re.compile(
    r"请问一?下?|请教一?下?|您好|你好|麻烦(?:问一?下?)?|我?想(?:问|知道|了解|咨询)(?:一下)?|告诉我|一下|你们家?的?|您的?|你的?|我们的?|我的?|咱们?的?|请|该|应该?(?=怎|如何)"
    r"|[的了呢啊吧呀哦嘛]|到底|究竟|具体|(?<=[怎如何么样])才?能?够?可?以?来?(?=[\u4e00-\u9fff])"
)
_ZH_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("what_to_do", r"(?:怎么|如何|怎样|怎麼)(?:办|处理|解决)(?:好|才好)?$|^(?:怎么|如何|怎样)(?:处理|解决)"),
        ("why", r"为什么|为何|为啥|怎么会|怎么回事|是什么原因|什么原因"),
        ("how_long", r"[是为]?(?:多久|多长时间)"),
        ("how_much", r"[是为]?(?:多少钱|什么价格|什么价钱)"),
        ("how_many", r"是?多少"),
        ("meaning", r"^什么是|^什么叫|是什么意思$|是啥意思$|指的是什么$|是指什么$|是什么$"),
        ("yes_no", r"(?:是否|能否|可否|能不能|可不可以|会不会|要不要|是不是|有没有|支不支持|需不需要)|[吗嗎么]$"),
        ("how", r"怎么样才能|怎么样|怎么|如何|怎样|怎麼|怎樣|咋"),
    )
)
_ZH_ASKS_FOR = {"能否": "能", "可否": "能", "能不能": "能", "可不可以": "能", "会不会": "会", "要不要": "要", "是不是": "是", "有没有": "有",
                "支不支持": "支持", "需不需要": "需要", "是否": ""}  # fmt: skip
_ZH_SPELLINGS = (("登陆", "登录"), ("帐", "账"), ("手机号码", "手机号"), ("可以", "能"), ("可否", "能否"), ("wi-fi", "wifi"), ("无线网络", "wifi"))

_HAN_COUNT = re.compile(r"(?<![第周期])[一二两三四五六七八九十百]+(?=天|日|个月|年|周|小时|个小时|分钟|元|个工作日)")

_EN_LEAD = re.compile(
    r"^(?:(?:hi|hello|hey|dear \w+|excuse me|please|pls|so|and|ok|well)[,!. ]+)*"
    r"(?:(?:can|could|would|will) you (?:please |kindly )?(?:tell|show|explain(?: to)?|help|let) me(?: know| understand| with| out)?,? |(?:please )?(?:tell|show) me |i(?:'d| would) like to know |i want to know |"
    r"i need to know |i was wondering |i wonder |do you know |any idea |may i ask )?",
)
_EN_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("how", r"^how (?:do|can|could|should|would|may|might) (?:i|we|you|one|users?|customers?) |^how to |^what(?:'s| is) the (?:best |right |correct |easiest )?(?:way|procedure|process) (?:to|for) |^what (?:should|do|must) (?:i|we|you) do to |^in what way (?:do|can) (?:i|we) "),
        ("yes_no", r"^(?:can|could|may) (?:i|we|you|one|users?|customers?) |^is it possible to |^(?:am i|are we|are you) (?:able|allowed) to "),
        ("meaning", r"^what(?:'s| is| are) (?:meant by )?(?:a |an |the )?(?=\S+(?: \S+){0,3}\?*$)|^what does (?=.+ (?:mean|stand for)\?*$)"),
    )
)
_EN_DROP = frozenset("a an the please i we you my our your me us do does did of".split())
_EN_TAIL = re.compile(r"(?:,? (?:please|thanks|thank you|pls))[.!?]*$")
_EN_WORD = re.compile(r"[^\W_]+(?:[.'\-+#/][^\W_]+)*[+#]*")
_IRREGULAR = {"can't": "cannot", "won't": "will not", "isn't": "is not", "doesn't": "does not", "don't": "do not", "what's": "what is", "whats": "what is"}

_GENERIC = frozenset(
    search_tokens(
        "install installation set up setup use usage operate operation safety warning notes overview introduction purpose scope start "
        "begin get started configure configuration settings specification specifications parameters requirements prerequisites troubleshooting maintenance "
        "cleaning contact support warranty product device features function functions work works works step steps procedure process mean method way example examples"
    )
) | frozenset("安装 使用 操作 设置 配置 概述 简介 介绍 产品 设备 参数 规格 功能 维护 保养 清洁 注意 事项 说明 步骤 方法 流程 目的 范围 故障 排除 处理 联系 支持 要求 前提 准备 开始 示例 例子".split())


@lru_cache(maxsize=65_536)
def question_key(text: str) -> str:
    """What a question asks, without politeness, function words, punctuation and the choice among like forms. Equal
    keys are the same question; different keys may still be (the key is narrow on purpose).

    >>> question_key("How do I reset the router?") == question_key("how to reset router")
    True
    >>> question_key("请问如何重置密码？") == question_key("密码怎么重置")
    True
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    return _zh_key(plain) if has_cjk(plain) else _en_key(plain)


def _zh_key(text: str) -> str:
    for spelling, usual in _ZH_SPELLINGS:
        text = text.replace(spelling, usual)
    text = _HAN_COUNT.sub(lambda m: str(han_number(m[0])), text)
    text = _ZH_POLITE.sub("", text.rstrip("?？!！。. ~")).strip(",，:： ")
    for name, pattern in _ZH_FORMS:
        match = pattern.search(text)
        if match is None:
            continue
        asked = _ZH_ASKS_FOR.get(match[0], "")
        before, after = text[: match.start()], text[match.end() :]
        if name == "yes_no":
            return f"yes_no:{fold(before + asked + after)}"
        # 密码怎么重置 and 怎么重置密码 ask one thing: what follows the form word goes first.
        return f"{name}:{fold(after)}{fold(before)}"
    return f":{fold(text)}"


def _en_key(text: str) -> str:
    text = _EN_TAIL.sub("", _EN_LEAD.sub("", text, count=1)).strip()
    form = ""
    for name, pattern in _EN_FORMS:
        match = pattern.match(text)
        if match is not None:
            form, text = name, text[match.end() :]
            break
    words: list[str] = []
    for word in _EN_WORD.findall(text):
        words += _IRREGULAR.get(word, word).split()
    return f"{form}:{' '.join(_singular(w) for w in words if w not in _EN_DROP)}"


def _singular(word: str) -> str:
    """Singular and plural are one; other endings tell questions apart."""
    if len(word) > 3 and word.isalpha() and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return word


def _keys(entry: Known) -> frozenset[str]:
    return frozenset(question_key(w) for w in (entry.question, *entry.wordings))


def _same_question(left: Known, right: Known) -> bool:
    return question_key(left.question) in _keys(right) or question_key(right.question) in _keys(left)


def _wording_facts(left: Known, right: Known) -> tuple[str, ...]:
    """Facts that one standard question names and the other does not, when the other's wordings do not either."""
    if question_key(left.question) == question_key(right.question):
        return ()
    return unshared_facts(left.question, right.question)


@lru_cache(maxsize=16_384)
def _generic(question: str) -> bool:
    """Whether a question names no product or topic of its own ("How do I install it?", 安装步骤是什么)."""
    tokens = _content(question)
    return tokens <= _GENERIC and not facts_of(question).codes


# -- answers ----------------------------------------------------------------------------------------------

_LIST_MARK = re.compile(r"^\s*(?:[-*+•·]|\(?\d{1,2}[.)、](?!\d)|\([一二三四五六七八九十\d]+\))\s*", re.M)


@lru_cache(maxsize=16_384)
def _content(text: str) -> frozenset[str]:
    """Words that carry content; of Chinese, pairs of characters. Negations stay: they are content here."""
    tokens = search_tokens(text)
    kept = [t for t in tokens if t not in _FUNCTION and not (len(t) == 1 and has_cjk(t))]
    return frozenset(kept or tokens)


_FUNCTION = frozenset(
    (
        "a an the of to in on at by for from with and or is are was were be been do does did i me my we us our you your it its they them "
        "their this that these those there here as then so such can could will would shall should may might must how what when where which "
        "who whom whose why please your have has had am"
    ).split()
) | frozenset("什么 怎么 怎样 如何 哪些 请问 是否 能否 可以 我们 你们".split())


def _answers_equal(left: Known, right: Known) -> bool:
    return _answers(left.answer, right.answer)[0] is LinkVerdict.DUPLICATE


def _answers(a: str, b: str) -> tuple[LinkVerdict, str]:
    a, b = (_LIST_MARK.sub("", unicodedata.normalize("NFKC", text)) for text in (a, b))
    if fold(a) == fold(b) and _signs(a) == _signs(b):
        return LinkVerdict.DUPLICATE, "same_answer"
    if differing_facts(a, b):
        return LinkVerdict.CONFLICT, "facts_differ"
    left, right = _content(a), _content(b)
    shared = len(left & right)
    smaller = shared / max(1, min(len(left), len(right)))
    larger = shared / max(1, max(len(left), len(right)))
    if _contradicts(a, b):
        return LinkVerdict.CONFLICT, "negation_differs"
    if larger >= NEAR_EQUAL and not unshared_facts(a, b) and _stance(a) == _stance(b):
        return LinkVerdict.DUPLICATE, "near_equal_answer"
    if smaller >= NEAR_EQUAL:
        return LinkVerdict.VARIANT, "says_more"
    if smaller > SHARES_LITTLE or _same_figures(a, b):
        return LinkVerdict.VARIANT, "worded_differently"
    return LinkVerdict.CONFLICT, "answers_differ"


def _signs(text: str) -> list[str]:
    """What folding drops and numbers need: signs, decimal points, currency and per cent marks."""
    return re.findall(r"(?<![\w])-(?=\d)|(?<=\d)[.:/](?=\d)|[%‰$€£¥°+<>=~]", text)


def _stance(text: str) -> tuple[int, bool, bool]:
    return negation_count(text), exception_count(text) > 0, only_count(text) > 0


_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])|(?<=\.)\s|\n")


def _contradicts(a: str, b: str) -> bool:
    """Whether a sentence of one answer denies, turns or limits what one of the other says in much the same words."""
    for ours in _SENTENCE_END.split(a):
        for theirs in _SENTENCE_END.split(b):
            left, right = _content(ours), _content(theirs)
            if not left or not right:
                continue
            near = len(left & right) >= SHARES_LITTLE * len(left | right)
            if near and (
                negation_count(ours) % 2 != negation_count(theirs) % 2
                or (only_count(ours) > 0) != (only_count(theirs) > 0)
                or polarity_conflict(ours, theirs)
            ):
                return True
    return False


def _same_figures(a: str, b: str) -> bool:
    """Whether two answers state the same quantities (2 years, 24 months) and nothing else that can be looked up."""
    return bool(facts_of(a).quantities) and not unshared_facts(a, b)


def _paraphrases(left: Known, right: Known, similarity: float) -> Comparison | None:
    """Different questions without differing facts: shown together when they share an answer, contradict each other
    about one quantity, or are very near."""
    ours, theirs = _content(left.question), _content(right.question)
    overlap = len(ours & theirs) / max(1, min(len(ours), len(theirs)))
    verdict, reason = _answers(left.answer, right.answer)
    if verdict is LinkVerdict.DUPLICATE and overlap >= SHARES_LITTLE:
        return Comparison(LinkVerdict.VARIANT, "same_answer", similarity)
    if reason == "facts_differ" and similarity >= RELATED_SIMILARITY and overlap >= 0.75 and _one_quantity(left, right):
        return Comparison(LinkVerdict.CONFLICT, "facts_differ", similarity)
    if similarity >= RELATED_SIMILARITY:
        return Comparison(LinkVerdict.RELATED, "near_question", similarity)
    return None


def _one_quantity(left: Known, right: Known) -> bool:
    """Whether the answers are short statements about the same kind of quantity."""
    ours, theirs = facts_of(left.answer).quantities, facts_of(right.answer).quantities
    return 0 < len(ours) <= 3 and 0 < len(theirs) <= 3


# -- groups -----------------------------------------------------------------------------------------------


def _pairs(
    entries: Sequence[Known], new: int, similar: Sequence[tuple[int, int, float]]
) -> dict[tuple[int, int], float]:
    """Pairs (lower index first) to compare, with their cosine; a new entry is in each. Equal questions count as 1.0."""
    pairs: dict[tuple[int, int], float] = {}
    for i, j, cosine in similar:
        if i != j and min(i, j) < new:
            key = (min(i, j), max(i, j))
            pairs[key] = max(pairs.get(key, 0.0), cosine)
    by_key: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        for key_text in _keys(entry):
            by_key.setdefault(key_text, []).append(index)
    for indices in by_key.values():
        for position, i in enumerate(indices):
            if i >= new:
                break
            for j in indices[position + 1 :]:
                pairs.setdefault((i, j), 1.0)
    return pairs


def _root(parents: list[int], i: int) -> int:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


def _join(parents: list[int], i: int, j: int) -> None:
    a, b = _root(parents, i), _root(parents, j)
    if a != b:
        parents[max(a, b)] = min(a, b)


def _survivors(parents: list[int], new: int) -> list[int]:
    """For each entry the index of the one that stays for it: its group's first library entry, else its first new one.
    Library entries stay themselves."""
    first_of_library: dict[int, int] = {}
    for index in range(new, len(parents)):
        first_of_library.setdefault(_root(parents, index), index)
    return [
        index if index >= new else first_of_library.get(_root(parents, index), _root(parents, index))
        for index in range(len(parents))
    ]


def _merged(
    entries: Sequence[Known], new: int, survivors: list[int], compared: Sequence[tuple[int, int, Comparison]]
) -> tuple[Merged, ...]:
    reasons: dict[int, str] = {}
    for i, j, comparison in compared:
        if comparison.verdict is LinkVerdict.DUPLICATE:
            for index in (i, j):
                reasons.setdefault(index, comparison.reason)
    known: dict[int, set[str]] = {}
    merged = []
    for index in range(new):
        into = survivors[index]
        if into == index:
            continue
        wordings = known.setdefault(into, {fold(w) for w in (entries[into].question, *entries[into].wordings)})
        wording = entries[index].question
        adds = fold(wording) not in wordings
        wordings.add(fold(wording))
        merged.append(Merged(entries[index].id, entries[into].id, wording if adds else "", reasons[index]))
    return tuple(merged)


def _links(
    entries: Sequence[Known], survivors: list[int], compared: Sequence[tuple[int, int, Comparison]]
) -> tuple[Linked, ...]:
    """One link a pair of survivors: the gravest verdict, then the highest similarity."""
    best: dict[tuple[int, int], Comparison] = {}
    for i, j, comparison in compared:
        a, b = sorted((survivors[i], survivors[j]))
        if a == b:
            continue
        rank = (_SEVERITY[comparison.verdict], comparison.similarity, comparison.reason)
        current = best.get((a, b))
        if current is None or rank > (_SEVERITY[current.verdict], current.similarity, current.reason):
            best[a, b] = comparison
    return tuple(
        Linked(*_later_first(entries, a, b), verdict=c.verdict, similarity=c.similarity, reason=c.reason)
        for (a, b), c in sorted(best.items())
    )


def _later_first(entries: Sequence[Known], a: int, b: int) -> tuple[str, str]:
    return entries[a].id, entries[b].id
