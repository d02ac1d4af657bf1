"""What a question form is: a pattern that reads a question, and a function that writes the like forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kbbuilder.schema import PairKind

Wordings = Iterator[tuple[str, str]]
"""(text, style), best first."""


class Form(NamedTuple):
    """`write` gets the match of the whole question without its question mark, and the entry's kind."""

    pattern: re.Pattern[str]
    write: Callable[[re.Match[str], PairKind | None], Wordings]
