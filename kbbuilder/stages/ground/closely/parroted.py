"""Questions that only turn about the words of their passage: a small model copies where it should ask."""

from __future__ import annotations

import re
import unicodedata

from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import stem

_LEAST = 10
"""Letters of Chinese copied in one run from which a clause is the passage's and not the customer's."""
_FOR_THE_PRODUCT = re.compile(r"^使用[^，]{1,30}时，")
_OCCASION = re.compile(r"^(?:如果|若|当|假如|一旦|对于|关于|除了|为了|除|在).|(?:时|的话|后|前|中|上|里|情况下)$")
_BLANK = re.compile(r"(?:什么|哪里|何处|哪[儿些个]|谁|多少|如何|怎样|怎么样)[？?]?$")
_ASKED_VERB = re.compile(
    r"(?:有|要|在|到|用于|用来|支持|代表|表示|意味着?|用|做|干|输入|填|选|注意|包[括含]|叫|写|[是为指])什么[^，？?]{0,10}[？?]?$|什么(?:时候|情况|地方|样|都|是)"
)
"""What a customer asks with 什么: a verb that people ask with, or what something is."""
_LEFT_OPEN = re.compile(r"[\u4e00-\u9fff]{2}什么[^，？?]{0,10}[？?]?$")
_TOLD_OF_ONCE = re.compile(
    r"了(?:哪些|什么|多少|几)|^(?:what|who|which|how|why|when|where)(?: [\w-]+){0,2} (?:did|was|were)\b", re.I
)
_ONE_WHAT = re.compile(r"吗.+吗[？?]?$|[（(]是/否[)）]|(?:是|属于)一[个种款项类](?:什么|怎样|怎么样)|一个什么")
_WHAT_DOES = re.compile(r"^what (?:does|do) (?:an? |the )?(?P<said>[^?]+)\?$", re.I)
_WORD = re.compile(r"[\w'-]+")
_LEAST_WORDS = 4
_AND_SO_ON = re.compile(r"\betc\b|等等|等[？?]?$", re.I)


def parroted(question: str, answer: str) -> str:
    """The words of a question that are its passage's and no customer's: a statement before what is asked, a statement
    with a blank at its end or in place of its last noun, what was done once in the passage, "and so on"; "" where there
    are none.

    >>> parroted("编辑器进行了大量的改进，有哪些功能？", "编辑器进行了大量的改进，包括布线和分组。")
    '编辑器进行了大量的改进'
    """
    if match := _AND_SO_ON.search(question) or _TOLD_OF_ONCE.search(question):
        return match[0]
    if not has_cjk(question):
        return _left_nothing_to_ask(question, answer)
    if match := _ONE_WHAT.search(question):
        return match[0]
    bare, told = _FOR_THE_PRODUCT.sub("", question), _letters(answer)
    *clauses, _ = re.split(r"[，,；;]", bare)
    for clause in clauses:
        if not _OCCASION.search(clause) and len(_letters(clause)) >= _LEAST and _letters(clause) in told:
            return clause
    if (match := _LEFT_OPEN.search(bare)) and not _ASKED_VERB.search(bare):
        return match[0]
    said = _letters(_BLANK.sub("", bare))
    return said if _BLANK.search(bare) and len(said) >= _LEAST and said in told else ""


def _left_nothing_to_ask(question: str, answer: str) -> str:
    """An English sentence of the passage that "What does" was put before, whole: nothing is left that "what" could ask."""
    match = _WHAT_DOES.match(question)
    if match is None:
        return ""
    asked = [stem(word) for word in _WORD.findall(match["said"].casefold())]
    told = [stem(word) for word in _WORD.findall(re.split(r"[.;:]\s", answer)[0].casefold().rstrip("."))]
    return question if len(asked) >= _LEAST_WORDS and told[-len(asked) :] == asked else ""


def _letters(text: str) -> str:
    return re.sub(r"[\s`*?？，,“”\"]+", "", unicodedata.normalize("NFKC", text)).casefold()
