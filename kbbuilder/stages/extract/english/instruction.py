"""Whether an English text is instruction, as an answer to "How do I …?" must be."""

from __future__ import annotations

import re

from kbbuilder.language.text import without_code
from kbbuilder.stages.extract import lexicon_en as lex

_SENTENCE = re.compile(r"(?<=[.!?:])[\"”')]*\s+(?=[A-Z0-9“\"(`-])|\n+")
_MARK = re.compile(r"^(?:[-*•]|\(?\d+[.)])?\s*")
_FRAME = re.compile(
    r"^(?:(?:please|first|then|next|now|finally|just|simply|always|afterwards|also|alternatively|instead|again|optionally)\b,? ?(?:of all,? )?"
    r"|(?:and|or|so) (?=[a-z])"
    r"|(?:if|when|once|after|before|to|in|on|from|for|at|with|by|under|as|while|unless|until|depending on)\b[^,.]{3,110}, (?:then |just |simply |please )?)+",
    re.I,
)
_LETS = re.compile(
    r"\byou(?:['’]ll| (?:can|could|should|must|may|might|need|have to|will|only))\b"
    r"|\b(?:is|are) (?:done|carried out|performed|achieved|installed|configured|created|enabled|disabled|set|changed|selected) (?:by|with|using|via|from|through|in)\b"
    r"|\b(?:can|must|should|needs? to|has to|have to) be \w+(?:ed|en|t|n)\b"
    r"|\bby (?:[a-z]+-)?(?:click|select|runn|press|typ|edit|issu|draw|chang|add|us|hold|choos|sett|execut|install|dragg|mov|turn|creat|enter)ing\b"
    r"|\b(?:can|may) be (?:moved|edited|added|created|set|changed|opened|done|started|placed|removed|assigned|drawn|installed|configured|enabled)\b"
    r"|\b(?:do not|don['’]t|never|be sure to|make sure|it is (?:enough|sufficient|possible|necessary|recommended) to)\b|→",
    re.I,
)
_BY_HAND = frozenset(
    "hold wait twist tap swipe scroll slide lift unmount screw unscrew loosen fasten unfasten pour dry brush soak shake "
    "stir mix cool warm freeze uncheck tick drag drop reboot quit repeat continue leave bring spread peel fold unfold "
    "unwrap cover uncover swap weigh paste reject accept decline depress engage disengage unload lay sit step bend lean "
    "listen grasp grip squeeze pinch aim focus crop rewind mute".split()
)
"""What people do to machines and screens; no headings are made of these verbs."""
_STATES = frozenset("of is are was were has have had can will may in that which and or for".split())
_STORY = re.compile(
    r"\b(?:was|were|had|did|decided|chose|opted|became|wanted|deemed|started|began|took|went|made|got|having been)\b"
)


_MAY = re.compile(r"\byou (?:may|might|will|only)\b", re.I)
"""What a text allows or foretells is not how to do it."""
_EPISODE = re.compile(
    r"\b(?:administrators?|company|team|authors?|engineers?) (?:has |have )?(?:chose|chosen|decided|opted|selected|wanted|wants? to)\b"
)
"""What others once decided is a story, not an instruction."""
_NOTE = re.compile(r"(?:note|warning|caution|important|tip)\b ?[:.]", re.I)
_MID_WAY = re.compile(
    r"with (?:the|all|your) [^,.]{3,50} (?:in place|done|ready)\b|(?:once|after|now that|when) (?:a|an|the|your|all|these|that|this) [^,.]{3,70} (?:has|have) been \w+|the [\w ]{3,40} (?:is|are) (?:now )?(?:complete|finished|ready)\b",
    re.I,
)
"""An opening that stands in the middle of a longer course."""


def _sentences(prose: str) -> list[str]:
    without_blocks = re.sub(r"```.*?(?:```|\Z)", "\n", prose, flags=re.S)
    return [s for s in (part.strip() for part in _SENTENCE.split(without_blocks)) if len(s) > 3]


def is_imperative(sentence: str) -> bool:
    """Whether a sentence tells the reader to do something ("Press it.", "Once dry, close the lid.")."""
    bare = _MARK.sub("", sentence)
    bare = _FRAME.sub("", bare).lstrip("“\"'(*")
    first, _, rest = bare.partition(" ")
    word = first.lower().strip(",.;:")
    if re.match(r"to [^,.;]{3,70}? (?:select|use|click|press|type|run|choose|open|hold|go to|double-click|right-click|execute|enter)\b", bare, re.I):  # fmt: skip
        return True
    if re.match(r"(?:do not|don['’]t|never|make sure|be sure|ensure|keep|let|go|see that|double-click|right-click|left-click|click|type|press|try|remember|concentrate|focus|consider|avoid|note|append|explain|describe|refer to|be (?!it)|watch|edit|mind)\b", bare, re.I):  # fmt: skip
        return True
    follows = (rest.split() or [""])[0].lower()
    return (word in lex.VERBS or word in _BY_HAND) and follows not in _STATES


def instructs(prose: str, steps: bool, firmly: bool = False) -> bool:
    """Whether a text is instruction rather than a story, an argument or a description.

    Args:
        steps: the text holds numbered steps.
        firmly: a third of it must instruct, for a heading that may as well head an essay.
    """
    told = _sentences(prose)
    if not told:
        return False
    orders = sum(is_imperative(s) for s in told)
    lets = sum(_LETS.search(s) is not None and not is_imperative(s) for s in told)
    story = sum(_STORY.search(without_code(s)) is not None for s in told)
    if (
        _EPISODE.search(prose)
        or _MID_WAY.match(prose.lstrip())
        or ("\n\n" not in prose.strip() and _NOTE.match(prose.lstrip()))
    ):
        return False
    if story >= 3 and story > 0.3 * len(told) and story > orders:
        return False
    if steps:
        return orders + lets >= max(1, 0.3 * len(told)) or orders >= 3
    weight = orders + 0.7 * lets
    if firmly:
        return orders + 0.5 * lets >= 0.34 * len(told)
    commands = "```" in prose
    at_once = is_imperative(told[0]) or (_LETS.search(told[0]) is not None and not _MAY.search(told[0]))
    return weight >= (0.15 if commands or at_once else 0.3) * len(told) or orders + lets >= 5
