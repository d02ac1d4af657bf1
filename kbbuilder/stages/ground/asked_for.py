"""Whether an answer gives what its question demands: a reason to "why", a comparison to "what is the difference"."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from kbbuilder.language.text import fold

_WHY = re.compile(r"^why\b|为什么|为何|(?:原因|理由)是什么", re.I)
_REASON = re.compile(
    r"\b(?:because|since|as|so|so that|in order|due|owing|therefore|thus|hence|reason|cause[sd]?|to avoid|prevents?"
    r"|otherwise|ensures?|helps?|allows?|for|means?|results?|leads?)\b"
    r"|因|由于|为了|以便|以免|原因|所以|导致|使(?!用)|避免|防止|否则|为的是|造成|从而|引起|才能|保证|确保",
    re.I,
)
_PURPOSE = re.compile(r"^what (?:is|are) the (?:purpose|importance|benefit|role|advantage)s? of\b", re.I)
_SERVES = re.compile(
    r"\b(?:for|so that|in order|us(?:ed?|es|ing|eful)|purpose|importan\w+|benefit|advantage|help\w*|allow\w*|let|lets|enabl\w+"
    r"|prevent\w*|avoid\w*|ensur\w+|provid\w+|contain\w*|hold\w*|list\w*|describ\w+|explain\w*|defin\w+|control\w*|mak\w+"
    r"|because|since|thus|needed|required)\b|\bto (?!a\b|an\b|the\b)[a-z]+",
    re.I,
)
_DIFFERENCE = re.compile(r"\bdifferences?\b|\bdiffer\b|区别|不同之处|有何不同|有什么不同|差异", re.I)
_COMPARES = re.compile(
    r"\b(?:differ\w*|unlike|whereas|while|but|however|than|instead|both|other|only|not|contrast)\b"
    r"|区别|不同|而|相比|差异|分别|比|则|但|只|仅|不|前者|后者",
    re.I,
)
_HOW_MANY = re.compile(
    r"^how (?:many|much|long|large|big|far|fast|high|often)\b|多少|多久|多长时间|多大|几[个次天种台人条分小]", re.I
)
_AMOUNT = re.compile(
    r"\d|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|half|once|twice|single"
    r"|both|every|each|all|any|unlimited|as|until|always|never|whenever|hourly|daily|weekly|monthly|yearly|per)\b"
    r"|[零一二三四五六七八九十百千万两半每∞]|不限|无限|直到|为止|始终|永久|随时|全部|所有",
    re.I,
)
_WHEN = re.compile(r"^when\b|何时|什么时候|什么时间", re.I)
_TIME = re.compile(
    r"\d|\b(?:when\w*|if|after|before|once|while|whilst|during|until|as soon|at|on|by|upon|every|each|always|never|unless|in case"
    r"|time\w*|only|first|then|now|immediately|daily|weekly|monthly|needed|necessary|required)\b"
    r"|时|后|前|期间|一旦|如果|若|每|直到|同时|立即|情况|只有|随",
    re.I,
)
_MANNER = re.compile(r"[^，,]{2,}是(?:如何|怎么|怎样)[^，,？?]+的[？?]?$")
_MEANS = re.compile(
    r"通过|使用|利用|借助|采用|依靠|依据|按|根据|基于|先|然后|接着|方式|方法|步骤|经由|作为|用.{1,16}来|(?<![理自])由(?!于)"
    r"|(?<![可所予加难足])以(?![及外内上下前后来便免为])"
)
_WHICH_ONES = re.compile(r"哪些|哪几|^(?:what|which) (?:are (?:the|some|all)|(?:\w+ ){1,3}(?:are|can|do|does))\b", re.I)
_SOME = re.compile(
    r"许多|很多|非常多|大量|多种|各种|一些|\b(?:many|several|various|some|different|numerous|more)\b", re.I
)
_NAMES_THEM = re.compile(
    r"[、：；:;\n|(（`“\"]|包括|例如|比如|(?<![A-Za-z])\d|,.*\band\b|\b(?:such as|for example|e\.g|both|namely)\b", re.I
)
_LINK = re.compile(r"\[([^\]]*?)(?:\([^)]*\))?\]\([^)]*\)")
_YES_NO_MARK = re.compile(r"(?:是吗|对吗|吗|嗎)?[？?]?$")
_WHILE_USING = re.compile(r"^使用[^，]{2,30}时，")
_COPIED = 92.0
"""Likeness (0..100) of a yes-no question to its answer from which it only puts a question mark to it."""


def lacks_what_is_asked_for(question: str, answer: str) -> str:
    """What the form of a question demands and its answer does not hold ("a reason", "a comparison"); "" when it does.

    >>> lacks_what_is_asked_for("升级时为什么不能打扰用户？", "不要在升级时打扰用户。")
    'a reason'
    """
    if _WHY.search(question) and not _REASON.search(answer):
        return "a reason"
    if _DIFFERENCE.search(question) and not _COMPARES.search(answer):
        return "a comparison"
    if _PURPOSE.search(question) and not _SERVES.search(answer):
        return "a purpose"
    if _HOW_MANY.search(question) and not _AMOUNT.search(answer):
        return "an amount"
    if _WHEN.search(question) and not _TIME.search(answer):
        return "a time or an occasion"
    if _MANNER.search(question) and not _MEANS.search(answer):
        return "a way"
    bare = _LINK.sub(r"\1", answer)
    if _WHICH_ONES.search(question) and _SOME.search(bare) and not _NAMES_THEM.search(bare):
        return "the ones asked for"
    return ""


def only_asks_back(question: str, answer: str) -> bool:
    """Whether a yes-no question is its answer with a question mark ("红帽是一个发行版吗？" — "红帽是一个发行版。")."""
    statement = _YES_NO_MARK.sub("", _WHILE_USING.sub("", question.strip()))
    asks = _YES_NO_MARK.sub("", question.strip()) != question.strip().rstrip("？?")
    return asks and fuzz.ratio(fold(statement), fold(answer)) >= _COPIED
