"""Texts as the proof compares them: sentences, and the tokens that carry content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

from kbbuilder.language.quantities import quantities
from kbbuilder.language.text import fold, has_cjk, one_line
from kbbuilder.language.tokens import search_tokens, telling_share

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])|(?<=\.)\s|[\n|]")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•·]\s|\(?\d{1,2}[.)、](?!\d)|[（(][一二三四五六七八九十\d]+[)）])\s*")


def content_tokens(text: str) -> list[str]:
    """Tokens that carry content; of Chinese only pairs of characters without function characters in them, as single
    ones are found anywhere and "了"、"为" come and go with the wording."""
    return [t for t in search_tokens(text) if telling_share(t) == 1.0 and not _is_char(t)]


def _is_char(token: str) -> bool:
    return len(token) == 1 and has_cjk(token)


def support(answer: str, known: Set[str]) -> tuple[float, list[str]]:
    """The share of the answer's content tokens that the source has, and the ones it lacks. Chinese counts pairs and
    single characters alike, so that one changed word in a short answer does not weigh double."""
    answer = _without_quantities(answer)
    tokens = content_tokens(answer)
    if not tokens:
        return 1.0, []
    lacking = list(dict.fromkeys(t for t in tokens if t not in known))
    support = sum(t in known for t in tokens) / len(tokens)
    chars = [t for t in search_tokens(answer) if _is_char(t)]
    if chars:
        share = len(chars) / (len(chars) + len([t for t in tokens if not has_cjk(t)]))
        support += share * (sum(c in known for c in chars) / len(chars) - support) / 2
    return support, lacking


def _without_quantities(text: str) -> str:
    """The text without its numbers and units: those are compared by value, not by wording."""
    text = unicodedata.normalize("NFKC", text)
    kept: list[str] = []
    at = 0
    for written in quantities(text):
        if written.start >= at:
            kept.append(text[at : written.start])
            at = written.end
    return " ".join([*kept, text[at:]])


def sentences(text: str) -> list[str]:
    """Sentences, list items and table cells, without list marks."""
    pieces = (_LIST_MARK.sub("", piece).strip() for piece in _SENTENCE_END.split(text))
    return [piece for piece in pieces if fold(piece)]


def spoken(text: str) -> str:
    return one_line(unicodedata.normalize("NFKC", text)).casefold().replace("*", "").strip(" 。.!！;；,，")
