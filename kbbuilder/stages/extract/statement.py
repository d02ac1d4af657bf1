"""A sentence to be read, and what was read in it."""

from __future__ import annotations

from typing import NamedTuple

from kbbuilder.schema import PairKind


class Statement(NamedTuple):
    """One sentence. `first`: it opens its paragraph; `policy`: its document lays down rules; `prose`: its section;
    `headings`: those it stands under, outermost first."""

    text: str
    first: bool
    policy: bool
    prose: str
    headings: tuple[str, ...] = ()


class Reading(NamedTuple):
    """A question that a sentence answers. `goes_on`: the rest of a short paragraph belongs to the answer; `about`: only as
    far as it keeps speaking of this term."""

    question: str
    kind: PairKind
    score: float
    goes_on: bool = False
    about: str = ""
