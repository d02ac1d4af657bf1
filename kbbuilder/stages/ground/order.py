"""The order of steps: a procedure told in another order is another procedure."""

from __future__ import annotations

import re

from kbbuilder.language.text import fold, has_cjk
from kbbuilder.stages.ground.words import sentences

_LEAST_KEY = {True: 3, False: 8}
"""Letters and digits of a step, Chinese or not, that tell it from any other text."""
_NUMBERED = re.compile(r"^\s*(?:\d{1,3}[.)、](?!\d)|[①-⑳]|[（(]\d{1,2}[)）])", re.M)


def reordered(answer: str, quotes: str) -> str:
    """The first step of an answer that its source tells before the one above it; "" when the order is kept.

    Only numbered answers or sources are looked at, and only steps that stand in the source once and word for word.
    """
    if len(_NUMBERED.findall(answer)) < 2 and len(_NUMBERED.findall(quotes)) < 2:
        return ""
    source = fold(quotes)
    before = -1
    for step in sentences(answer):
        key = fold(step)
        if len(key) < _LEAST_KEY[has_cjk(key)] or source.count(key) != 1:
            continue
        at = source.find(key)
        if at < before:
            return step
        before = at
    return ""
