"""When two questions ask the same: keys without politeness, function words and the choice among like forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kbbuilder.language.facts import facts_of, unshared_facts
from kbbuilder.language.polarity import polarity_conflict
from kbbuilder.language.quantities import han_number
from kbbuilder.language.text import fold, has_cjk
from kbbuilder.language.tokens import search_tokens
from kbbuilder.stages.dedup.records import Known
from kbbuilder.stages.dedup.words import content_words

_ZH_POLITE = re.compile(
    r"请问一?下?|请教一?下?|您好|你好|麻烦(?:问一?下?)?|我?想(?:问|知道|了解|咨询)(?:一下)?|告诉我|一下"
    r"|你们家?的?|您的?|你的?|我们的?|我的?|咱们?的?|请|该|应该?(?=怎|如何)"
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
_ZH_ASKS_FOR = {
    "能否": "能",
    "可否": "能",
    "能不能": "能",
    "可不可以": "能",
    "会不会": "会",
    "要不要": "要",
    "是不是": "是",
    "有没有": "有",
    "支不支持": "支持",
    "需不需要": "需要",
    "是否": "",
}
_ZH_SPELLINGS = (
    ("登陆", "登录"),
    ("帐", "账"),
    ("手机号码", "手机号"),
    ("可以", "能"),
    ("可否", "能否"),
    ("wi-fi", "wifi"),
    ("无线网络", "wifi"),
)

_HAN_COUNT = re.compile(r"(?<![第周期])[一二两三四五六七八九十百]+(?=天|日|个月|年|周|小时|个小时|分钟|元|个工作日)")

_EN_LEAD = re.compile(
    r"^(?:(?:hi|hello|hey|dear \w+|excuse me|please|pls|so|and|ok|well)[,!. ]+)*"
    r"(?:(?:can|could|would|will) you (?:please |kindly )?(?:tell|show|explain(?: to)?|help|let) me(?: know"
    r"| understand| with| out)?,? |(?:please )?(?:tell|show) me |i(?:'d| would) like to know |i want to know |"
    r"i need to know |i was wondering |i wonder |do you know |any idea |may i ask )?",
)
_EN_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "how",
            r"^how (?:do|can|could|should|would|may|might) (?:i|we|you|one|users?|customers?) |^how to "
            r"|^what(?:'s| is) the (?:best |right |correct |easiest )?(?:way|procedure|process) (?:to|for) "
            r"|^what (?:should|do|must) (?:i|we|you) do to |^in what way (?:do|can) (?:i|we) ",
        ),
        (
            "yes_no",
            r"^(?:can|could|may) (?:i|we|you|one|users?|customers?) |^is it possible to |^(?:am i|are we"
            r"|are you) (?:able|allowed) to ",
        ),
        (
            "meaning",
            r"^what(?:'s| is| are) (?:meant by )?(?:a |an |the )?(?=\S+(?: \S+){0,3}\?*$)"
            r"|^what does (?=.+ (?:mean|stand for)\?*$)",
        ),
    )
)
_EN_DROP = frozenset(
    ["a", "an", "the", "please", "i", "we", "you", "my", "our", "your", "me", "us", "do", "does", "did", "of"]
)
_EN_TAIL = re.compile(r"(?:,? (?:please|thanks|thank you|pls))[.!?]*$")
_EN_WORD = re.compile(r"[^\W_]+(?:[.'\-+#/][^\W_]+)*[+#]*")
_IRREGULAR = {
    "can't": "cannot",
    "won't": "will not",
    "isn't": "is not",
    "doesn't": "does not",
    "don't": "do not",
    "what's": "what is",
    "whats": "what is",
}

_GENERIC_WORDS = """
install installation set up setup use usage operate operation safety warning notes overview introduction purpose scope
start begin get started configure configuration settings specification specifications parameters requirements
prerequisites troubleshooting maintenance cleaning contact support warranty product device features function functions
works work done carry step steps procedure process mean method way example examples
"""
_GENERIC = frozenset(search_tokens(_GENERIC_WORDS))
_GENERIC_ZH = re.compile(
    "安装|使用|操作|设置|配置|概述|简介|介绍|产品|设备|机器|参数|规格|功能|维护|保养|清洁|注意|事项|说明|步骤|方法|流程|目的|范围"
    "|故障|排除|处理|联系|支持|要求|前提|准备|开始|示例|例子|哪些|进行|[，、和与及时后前]"
)


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


def keys_of(entry: Known) -> frozenset[str]:
    """The keys of an entry's standard question and similar questions."""
    return frozenset(question_key(w) for w in (entry.question, *entry.wordings))


def same_question(left: Known, right: Known) -> bool:
    """Whether the standard question of one is a wording of the other: equal keys, equal facts, equal direction."""
    return _is_wording(left.question, right) or _is_wording(right.question, left)


def _is_wording(question: str, entry: Known) -> bool:
    key = question_key(question)
    return any(
        question_key(w) == key and not unshared_facts(question, w) and not polarity_conflict(question, w)
        for w in (entry.question, *entry.wordings)
    )


@lru_cache(maxsize=16_384)
def is_generic(question: str) -> bool:
    """Whether a question names no product or topic of its own ("How is the installation done?", 安装步骤是什么)."""
    if facts_of(question).codes:
        return False
    if has_cjk(question):
        return not fold(_GENERIC_ZH.sub("", _ASKING.sub("", question)))
    return content_words(question) <= _GENERIC


_ASKING = re.compile(
    r"\b(?:period|time|duration|long|much|many|often|length|amount|does|take|last|valid)\b|有效期|期限|时间"
    r"|时长|多久|多长|多少|几[天个次年]"
    r"|[期是为有的吗要需能可以会]|什么|怎么|如何"
)


_HOW_OFTEN = re.compile(
    r"\bhow (?:often|frequently)\b|\bintervals?\b|(?:多久|多长时间|几\w{1,3}).{0,12}一次|周期|间隔", re.I
)
_FIGURE = re.compile(
    r"^(?:how (?:long|much|many|far|old|high|heavy)|what(?:'s| is| are) (?:the|your|our))\b"
    r"|多久|多长|多少|多大|几[天个次年小]|是什么",
    re.I,
)


def asks_for_figure(question: str) -> str:
    """ "interval" or "figure" when a question asks for one ("How often …?", "How long …?", 多少), else ""."""
    if _HOW_OFTEN.search(question):
        return "interval"
    return "figure" if _FIGURE.search(question) else ""


@lru_cache(maxsize=16_384)
def topic_of(question: str) -> frozenset[str]:
    """What a question is about, whichever way it asks for a figure ("How long is the warranty?", "What is the
    warranty period?")."""
    return content_words(_ASKING.sub(" ", unicodedata.normalize("NFKC", question).casefold()))
