"""Finds a quote in the text it was taken from, and gives the text's own words for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.polarity import exception_count, negation_count, only_count, polarity_conflict
from kbbuilder.schema import Span

FLOOR = 88.0
"""Similarity (0..100) below which a passage is not what the quote was taken from. A dropped "please", a changed article
or other marks stay above; other sentences of the same matter fall under 75."""

MIN_QUOTE_CHARS = 4
_MARKS = str.maketrans("“”‘’「」『』–—−、，。；：！？（）【】", '""\'\'""""---,,.;:!?()[]')
_IGNORED = re.compile(r"[\s*_`|]")
_ELLIPSIS = re.compile(r"\s*(?:…+|\.{3,})\s*")


def align(quote: str, text: str) -> Span | None:
    """Where `quote` stands in `text`: the text's own words and offsets, or None.

    First the exact words, then the same ones but for white space, width, marks and emphasis, then the nearest passage.
    The nearest is taken only if it says the same: no number, name, negation or limit may differ. Of a quote with an
    ellipsis the longest piece is looked for.

    Cost: O(len(quote) · len(text)) at worst, some 5 ms for a chunk of 3,000 characters.
    """
    quote = max(_ELLIPSIS.split(quote), key=len, default="").strip().strip('"“”「」')
    if len(quote) < MIN_QUOTE_CHARS:
        return None
    start = text.find(quote)
    if start >= 0:
        return Span(start=start, end=start + len(quote), quote=quote)
    key, _ = _folded(quote)
    folded, places = _folded(text)
    if len(key) < MIN_QUOTE_CHARS:
        return None
    start = folded.find(key)
    if start >= 0:
        return _span(text, places, start, start + len(key))
    near = fuzz.partial_ratio_alignment(key, folded, score_cutoff=FLOOR)
    if near is None or near.dest_end <= near.dest_start:
        return None
    span = _whole_words(text, _span(text, places, near.dest_start, near.dest_end))
    return span if _says_the_same(quote, span.quote) else None


def _folded(text: str) -> tuple[str, list[int]]:
    """The text's letters and marks in one form, and for each the place of the character it stems from."""
    kept: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        for form in unicodedata.normalize("NFKC", char).casefold().translate(_MARKS):
            if not _IGNORED.match(form):
                kept.append(form)
                places.append(index)
    return "".join(kept), places


def _span(text: str, places: Sequence[int], start: int, end: int) -> Span:
    first, last = places[start], places[end - 1] + 1
    return Span(start=first, end=last, quote=text[first:last])


def _whole_words(text: str, span: Span) -> Span:
    """The span with the words at its edges whole: half a number is another number."""
    start, end = span.start, span.end
    while start > 0 and _is_inner(text[start - 1 : start + 1]):
        start -= 1
    while end < len(text) and _is_inner(text[end - 1 : end + 1]):
        end += 1
    return Span(start=start, end=end, quote=text[start:end])


def _is_inner(two: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9]{2}|\d[.,:]|[.,:]\d", two) is not None


def _says_the_same(quote: str, found: str) -> bool:
    return (
        not missing_facts(quote, found)
        and not missing_facts(found, quote)
        and negation_count(quote) == negation_count(found)
        and exception_count(quote) == exception_count(found)
        and only_count(quote) == only_count(found)
        and polarity_conflict(quote, found) is None
    )
