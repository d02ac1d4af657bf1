"""Which English conditions a customer would ask about: what they run into, named as they would name it."""

from __future__ import annotations

import re

from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.english.naming import is_product
from kbbuilder.stages.extract.english.tasks import names_its_matter

_WISH = re.compile(r"\b(?:want|wish|would like|prefer|need)\b")


def is_event(clause: str) -> bool:
    """Whether a condition is something a customer runs into rather than wishes for."""
    words = re.findall(r"[a-z]+|n['’]t", clause.lower())
    if not any(word in lex.EVENTS - _NEGATIONS for word in words) and not _FAILS.search(clause):
        return False
    return not _WISH.search(clause)


_NEGATIONS = frozenset("not no n't never without notice happens receive received".split())
_FAILS = re.compile(
    r"\b(?:cannot|can['’]t|can no longer|could not|(?:do|does|did|will|would) not|(?:do|does|did|wo)n['’]t|is not|isn['’]t)(?! (?:have|own|know|expect|plan|mind|care|located|familiar|sure)) \w",
    re.I,
)
"""What refuses to work, rather than what someone merely lacks."""


def is_met(clause: str, subject: str) -> bool:
    """Whether a customer would name the case by these words: it has its own verb and speaks of them, of the product or
    of a part of a device – not of "the package" or "my description" that the page has before it."""
    if re.match(r"\w+ing\b", clause) or re.match(r"(?:no|some|any|only)\b", clause):
        return False
    if is_product(subject):
        return True
    if re.match(r"you\b", clause) is None:
        return not subject and _PHYSICAL.search(clause) is not None
    if not subject and not names_its_matter(clause):
        return False
    bound = re.sub(r"\b(?:the|your) (?:[\w-]+ )?(?=[A-Z`“])", "", clause)
    if re.search(r"\b(?:the|your) [a-z]", bound):
        return False
    return re.search(r"\b(?:an?|any more|no longer) |[A-Z`“]", clause) is not None


_PHYSICAL = re.compile(
    r"\b(?:blink|flash|flicker|leak|smell|beep|smok|overheat|spill|drip|rattl|squeak|vibrat|glow|light(?:s)? up|turns? (?:red|on|off)|does not (?:turn|start|heat|charge|open|close|print))\w*",
    re.I,
)
"""What a device does before its user's eyes."""
