"""Whether a question is worded as a customer would word it: whole, one thing at a time, no statement asked back."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from kbbuilder.language.text import has_cjk, one_line

_LIFTED = 0.6
"""Share of a question after a meaning that one run of its answer's words makes up when it is a statement asked back."""
_LEAST_LIFTED = {True: 12, False: 40}
"""Letters, Chinese or not, below which the run is but the name whose meaning is asked."""
_MEANING = re.compile(
    r"(?:是什么意思|意味着什么|指的是什么|指什么)[？?]?$|^what does .* mean\b|^what is the meaning of\b", re.I
)
_ASKING_TWICE = re.compile(r"(?:如何|怎么|怎样|为何)(?!办).*(?:如何|怎么|怎样|为何)(?!办)")
_INTERROGATIVE = re.compile(
    r"什么|甚么|啥|如何|怎|哪|谁|吗|嘛|呢|么[？?]|是否|多少|多[久大长高远快重厚]|几|何[时处地为谓以种]|[能可会应需]否|有无|有没有|(.)不\1"
    r"|\b(?:how|what|which|why|when|where|who)\b",
    re.I,
)
_WHAT_IS = re.compile(r"what(?:'s| is| are) (?:an? |the )?(?P<named>[^?]+)\?*", re.I)
_NO_NAME = re.compile(r"(?:on|in|at|for|by|with|from|used|known|called|also) ", re.I)
_HALF_ASKED = re.compile(r"(?:如何|怎么|怎样)[^，,]*时(?:不需|不必|无需|必须|需要)")
_NO_END = re.compile(r"^(?:请问)?(?:如何|怎么|怎样)[^，,]*(?:时|的时候|之[前后])[？?]?$")


def oddly_worded(question: str, answer: str) -> str:
    """What of a question a customer would not say, "" when nothing stands out.

    >>> oddly_worded("如何配置必须先停止服务时？", "配置必须先停止服务时，请联系管理员。")
    '如何配置必须先停止服务时？'
    """
    text = re.sub(r"`[^`]*`", "`x`", unicodedata.normalize("NFKC", one_line(question)))
    if _NO_END.search(text) or _HALF_ASKED.search(text) or _ASKING_TWICE.search(text):
        return question
    if has_cjk(text) and not _INTERROGATIVE.search(text):
        return question
    if _asks_for_an_opening(text, answer):
        return question
    asked, told = _letters(question), _letters(answer)
    if _MEANING.search(text) and (lifted := _shared_run(asked, told)):
        return lifted
    return ""


def _asks_for_an_opening(question: str, answer: str) -> bool:
    """Whether "What is …?" stands before the first words of its answer that name nothing: "What is on a lathe?" — "On a
    lathe, the spindle …", "What is fast motion of the tool?" — "Fast motion of the tool, used …"."""
    match = _WHAT_IS.fullmatch(question)
    if match is None:
        return False
    named = _letters(match["named"])
    opening = _letters(re.sub(r"^\W*(?:an? |the )?", "", answer, flags=re.I))
    if not opening.startswith(named):
        return False
    return _NO_NAME.match(match["named"]) is not None or opening[len(named) :][:1] in ("", ",", ".", ";")


def _shared_run(asked: str, told: str) -> str:
    run = SequenceMatcher(None, asked, told, autojunk=False).find_longest_match()
    least = max(_LEAST_LIFTED[has_cjk(asked)], _LIFTED * len(asked))
    return asked[run.a : run.a + run.size] if run.size >= least else ""


def _letters(text: str) -> str:
    return re.sub(r"[\s`*?？]+", "", unicodedata.normalize("NFKC", text)).casefold()
