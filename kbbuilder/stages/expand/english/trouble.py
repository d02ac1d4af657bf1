"""Questions about what goes wrong."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.english.words import contracted, gerund, keywords, upper_first
from kbbuilder.stages.expand.form import Wordings


def what_if_acts(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What should I do if the lamp blinks red?"""
    clause, link = match["clause"], match["link"].lower()
    if len(clause.split()) < 3 or clause.startswith(("after ", "in ", "during ")) or "," in clause:
        return
    mine = _mine(clause)
    yield f"{upper_first(contracted(mine))}. What should I do?", "situation"
    yield f"What can I do {'when' if link == 'if' else 'if'} {clause}?", "formal"
    yield from _why_of(clause)
    parts = _DOES_NOT.fullmatch(clause)
    if parts:
        np = re.sub(r"^(?:the|an?|my|your) ", "", parts["np"])
        yield f"{upper_first(_mine(parts['np']))} won't {parts['do']}. How do I fix it?", "colloquial"
        verb, _, rest = parts["do"].partition(" ")
        yield f"{np} not {gerund(verb)}{' ' + rest if rest else ''}", "keyword"
    elif not re.search(r"\bI\b|\bmy\b", clause):
        yield keywords(clause), "keyword"
    yield (
        f"If {clause}, what should I do?" if link != "if" else f"What do I do when {contracted(clause)}?",
        "colloquial",
    )
    if not parts and re.search(
        r"\b(?:leaks?|flash\w*|blinks?|flickers?|drips?|noisy|stuck|blocked|slow|hot|noise|stops?|crash\w*|freez\w*)\b",
        clause,
    ):
        yield f"{upper_first(contracted(mine))}. How do I fix it?", "colloquial"


_NP = r"(?P<np>(?:the|my|your|a|an|one of the) (?:[\w'’-]+ ){0,4}?[\w'’-]+)"
_DOES_NOT = re.compile(
    rf"{_NP} (?:does not|doesn['’]t) (?P<do>(?!(?:have|help|exist|appear|match|know|need|work properly)\b)[a-z]+\b.*)"
)
_AUX_CLAUSE = re.compile(
    rf"{_NP} (?P<aux>is|are|does not|doesn['’]t|do not|cannot|can['’]t|will not|won['’]t"
    rf"|has) (?P<rest>(?!(?:been|no|a|an|the|not (?:been|yet))\b).+)"
)
_INVERTED = {
    "is": "is",
    "are": "are",
    "does not": "doesn't",
    "doesn't": "doesn't",
    "do not": "don't",
    "cannot": "can't",
    "can't": "can't",
    "will not": "won't",
    "won't": "won't",
}


def _why_of(clause: str) -> Wordings:
    """the pump is noisy → Why is the pump noisy?"""
    match = _AUX_CLAUSE.fullmatch(clause)
    if match is None or re.search(r"\b(?:and|or|when|after|if|while|before)\b", clause):
        return
    aux = _INVERTED.get(match["aux"].replace("’", "'"))
    if aux:
        yield f"Why {aux} {match['np']} {match['rest']}?", "colloquial"


def _mine(text: str) -> str:
    """The customer's own thing: the X200 → my X200; only at the start, only for things one owns."""
    return re.sub(
        r"^the (?=(?:[\w-]+ ){0,2}(?:[A-Z][\w-]*\d[\w-]*|machine|device|printer|lock|router|pump|phone"
        r"|appliance|camera|screen|display|coffee machine|hub|battery|app)\b)",
        "my ",
        text,
    )


def what_about(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What should I do about low pressure?"""
    np = match["np"]
    yield f"How do I deal with {np}?", "colloquial"
    yield f"What can I do about {np}?", "formal"
    yield keywords(np), "keyword"


def what_happens(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What happens if I miss the delivery?"""
    clause, link = match["clause"], match["link"].lower()
    if len(clause.split()) < 3:
        return
    if "," not in clause:
        yield f"If {clause}, what happens?" if link == "if" else f"When {clause}, what happens?", "situation"
    yield f"What will happen {link} {clause}?", "formal"
    if link == "if":
        yield f"What if {contracted(clause)}?", "colloquial"


def why_cannot(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Why can't I log in?"""
    do = match["do"]
    yield f"I can't {do}. What is wrong?", "situation"
    yield f"Why am I unable to {do}?", "formal"
    yield f"can't {keywords(do)}", "keyword"
    yield f"What can I do if I can't {do}?", "colloquial"


def why_not(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Why does the pump not start?"""
    np, do = match["np"], match["do"]
    if len(np.split()) > 5:
        return
    plural = match["aux"].lower() == "do"
    yield f"Why {'don' if plural else 'doesn'}'t {np} {do}?", "colloquial"
    yield f"{upper_first(_mine(np))} {'don' if plural else 'doesn'}'t {do}. Why?", "situation"
    yield f"What is the reason that {np} {'do' if plural else 'does'} not {do}?", "formal"


def why_so(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Why is the pump so noisy?"""
    be, np, rest = match["be"].lower(), match["np"], match["rest"]
    if len(np.split()) > 6:
        return
    yield f"How come {np} {be} {rest}?", "colloquial"
    yield f"Can you explain why {np} {be} {rest}?", "formal"
    yield f"{upper_first(np)} {be} {rest}. Why?", "situation"
