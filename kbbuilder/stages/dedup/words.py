"""The words of a text that carry its content."""

from __future__ import annotations

from functools import lru_cache

from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import search_tokens

_FUNCTION_WORDS = """
a an the of to in on at by for from with and or is are was were be been do does did i me my we us our you your it
its they them their this that these those there here as then so such can could will would shall should may might
must how what when where which who whom whose why please your have has had am
什么 怎么 怎样 如何 哪些 请问 是否 能否 可以 我们 你们
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


@lru_cache(maxsize=16_384)
def content_words(text: str) -> frozenset[str]:
    """Words that carry content; of Chinese, pairs of characters. Negations stay: they are content here."""
    tokens = search_tokens(text)
    kept = [t for t in tokens if t not in _FUNCTION and not (len(t) == 1 and has_cjk(t))]
    return frozenset(kept or tokens)
