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
    asked, told = _letters(question), _letters(answer)
    if _MEANING.search(text) and (lifted := _shared_run(asked, told)):
        return lifted
    return ""


def _shared_run(asked: str, told: str) -> str:
    run = SequenceMatcher(None, asked, told, autojunk=False).find_longest_match()
    least = max(_LEAST_LIFTED[has_cjk(asked)], _LIFTED * len(asked))
    return asked[run.a : run.a + run.size] if run.size >= least else ""


def _letters(text: str) -> str:
    return re.sub(r"[\s`*?？]+", "", unicodedata.normalize("NFKC", text)).casefold()
