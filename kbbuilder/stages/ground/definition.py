"""Whether "What is X?" is answered by something that says what X is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from kbbuilder.language.text import fold, one_line

_ASKED = re.compile(
    r"what (?:is|are) (?:an? |the )?(?P<en>(?:(?! (?:of|for|in|on|to|with|from|by|used|required|needed|between) )[^?,]){2,60})\?"
    r"|(?:什么是|何谓)(?P<zh>[^？?，的]{2,30})[？?]|(?P<zh2>[^？?，的]{2,30})(?:是|指的是)什么[？?]",
    re.I,
)
_MOST_WORDS, _MOST_CHARS = 2, 24
_SAYS_EN = r"[^.!?\n]{0,60}?(?:\b(?:(?:is|are|was)(?! (?:not|created|introduced|written)\b)|means?|refers?|stands?|provides?|allows?|lets|consists?|contains?|describes?|defines?|represents?|displays?|enables?|includes?|comprises?)\b|[:(–—-])"
_SAYS_ZH = r"[^。！？\n]{0,30}?(?:是|为|指|表示|意味|用于|用来|包括|包含|提供|允许|属于|可以|由|：|:|（|\(|—)"
_CALLED = r"(?:called|known as|named|i\.e\.|称为|叫做|叫作|即|也就是|简称)\s*(?:an? |the )?"


def leaves_undefined(question: str, quotes: str, headings: Sequence[str]) -> str:
    """The term that a question asks the meaning of and the quotes do not give; "" when they do, or nothing is asked
    like that. Under a heading that is the term, whatever stands there tells what it is.

    >>> leaves_undefined("What is Orla?", "The newest manual of Orla stands on the web.", [])
    'Orla'
    """
    match = _ASKED.fullmatch(one_line(unicodedata.normalize("NFKC", question)))
    if match is None:
        return ""
    term = (match["en"] or match["zh"] or match["zh2"]).strip(" `“”\"'")
    if len(term.split()) > _MOST_WORDS or len(term) > _MOST_CHARS or re.search(r"['’]s?\b", term):
        return ""  # a description rather than a name
    if not fold(term) or any(fold(term) in fold(heading) for heading in headings):
        return ""
    text = unicodedata.normalize("NFKC", quotes).replace("`", "")
    name = re.escape(term.replace("`", ""))
    says = rf"{name}(?:{_SAYS_EN}|{_SAYS_ZH})|{_CALLED}[“\"']?{name}|^\W*\|?\W*{name}\W*\|"
    return "" if re.search(says, text, re.I | re.M) else term
