"""JSON in whatever a model wraps it in: code fences, prose around it, trailing commas, a cut-off end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_THOUGHTS = re.compile(r"^.*?</think>", re.S)
_STRING_OR_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"|,(?=\s*[}\]])', re.S)
_OPENING = re.compile(r"[{\[]")
_DECODER = json.JSONDecoder(strict=False)
_MAX_FAILURES = 64
"""A reply that opens so many brackets that never close is no JSON; each costs a look at the rest of the text."""


def json_values(text: str) -> Iterator[object]:
    """The whole objects and arrays of a text, outermost first, in order; of one that is cut off, what is whole inside.

    Strings may hold raw line breaks. Cost: O(characters), and that once more for each bracket that never closes.
    """
    text = _STRING_OR_TRAILING_COMMA.sub(lambda m: m[0] if m[0].startswith('"') else "", _THOUGHTS.sub("", text))
    at = failures = 0
    while failures < _MAX_FAILURES and (opening := _OPENING.search(text, at)):
        try:
            value, at = _DECODER.raw_decode(text, opening.start())
        except (json.JSONDecodeError, RecursionError):
            at = opening.end()
            failures += 1
        else:
            yield value
