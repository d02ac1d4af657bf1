"""Questions what something is, means, does or contains."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.english.words import (
    HAS_NOUNS,
    MEASURES,
    is_plural,
    keywords,
    keywords_of,
    third_person,
    upper_first,
)
from kbbuilder.stages.expand.form import Wordings


def attribute(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is the rated voltage of the X200?"""
    be, name, np = match["be"].lower(), match["name"], match["np"]
    plural = be == "are"
    short = len(np.split()) <= 4 and " of " not in np
    if _FIXED_NAME.search(f"{name} of {np}") or re.match(r"\d", np):
        yield from _definition_of(f"the {name} of {np}", be)
        return
    measured = MEASURES.get(re.sub(r"^(?:total|net|overall) ", "", name.lower()))
    if measured and not plural:
        yield measured.format(np=np), "colloquial"
    if short and not np.endswith("s") and " and " not in np and len(name.split()) <= 4:
        yield f"What {be} {np}'s {name}?", "colloquial"
    if not _CLAUSE_IN.search(np):
        yield f"Can you tell me what the {name} of {np} {be}?", "formal"
    if HAS_NOUNS.search(name) and short and not measured:
        yield f"What {name} {'do' if is_plural(np) else 'does'} {np} have?", "colloquial"
    if not re.search(r" (?:of|for|in|on|from|to) ", np):
        yield f"{keywords(np)} {name}", "keyword"
    yield f"I'd like to know the {name} of {np}.", "formal"


_CLAUSE_IN = re.compile(r"\b(?:when|if|while|during|after|before|until|that|which|who)\b")
_FIXED_NAME = re.compile(
    r"\b(?:codes? of conduct|terms of|bills? of|points? of|proofs? of|dates? of|place of|state of|method of"
    r"|scope of|rate of|quality of|range of|number of|kinds? of|types? of|list of)\b"
)


def _definition_of(np: str, be: str) -> Wordings:
    yield f"Can you tell me what {np} {be}?", "formal"
    yield f"I'd like to know {np}.", "formal"


def definition(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is a bill of materials?"""
    be, np = (match["be"] or "is").lower(), match["np"]
    if len(np.split()) > 9 or re.match(
        r"(?:it|this|that|these|those|there|all|meant|called|your|included|required|needed|allowed|supported"
        r"|covered|i|you|we|in|on|at|for|with|under|inside|about|wrong|missing|left|new|happening|up|going)\b",
        np,
        re.I,
    ):
        return
    if re.search(r"\b(?:going to|used for|for\?*$|about$|like$)|\b(?:is|are|do|does|was|i|you|we|can)\b", np):
        return
    if be == "is":
        yield f"What's {np}?", "colloquial"
    if not _CLAUSE_IN.search(np):
        yield f"Can you tell me what {np} {be}?", "formal"
    bare = re.sub(r"^(?:an?|the) ", "", np)
    if kind is PairKind.DEFINITION and be == "is":
        yield (
            f"What does {bare} mean?"
            if len(bare.split()) <= 3 and not np.startswith("the ")
            else f"Can you explain what {np} is?",
            "colloquial",
        )
    if kind is PairKind.DEFINITION and len(bare.split()) <= 4:
        yield f"{bare} definition" if be == "is" else f"{bare} meaning", "keyword"
        yield (
            f"{upper_first(bare)}: what is it?" if be == "is" else f"{upper_first(bare)}: what are they?",
            "colloquial",
        )
    elif re.match(r"the ", np):
        if " " in keywords(np):
            yield keywords(np), "keyword"
        yield f"I'd like to know {np}.", "formal"


def mean(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What does error E05 mean (, and what should I do)?"""
    np, where, act = match["np"], match["where"] or "", match["act"]
    error = re.fullmatch(r"(?:the )?(?:error|fault|code|error code|fault code|message|error message)\b.*", np, re.I)
    if error and act:
        yield f"I get {_with_article(np)}{where}. What should I do?", "situation"
        yield f"How do I fix {np}{where}?", "colloquial"
    yield f"What is the meaning of {np}{where}?", "formal"
    if error:
        yield f"What is {np}{where}?", "colloquial"
        yield keywords(f"{where.removeprefix(' on').removeprefix(' in')} {np}".strip()), "keyword"
    else:
        yield f"{keywords(np)}{keywords_of(where)} meaning", "keyword"
    yield f"Can you tell me what {np} means{where}?", "formal"


def _with_article(np: str) -> str:
    return np if re.match(r"(?:the|an?|this)\b|error\b|fault\b|code\b", np, re.I) else f"the {np}"


def does(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What does the Clean button do? / What is the Clean button for?"""
    np = match["np"]
    where = match["where"] or ""
    be = "are" if is_plural(np) else "is"
    yield f"What {be} {np} for{where}?" if not where else f"What {be} {np} used for{where}?", "colloquial"
    yield f"What is the purpose of {np}{where}?", "formal"
    if not where:
        yield f"What {be} {np} used for?", "formal"
    yield f"Can you explain what {np} {'do' if be == 'are' else 'does'}{where}?", "formal"
    yield f"{keywords(np)} function", "keyword"


def rules(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What are the rules on late delivery?"""
    np = match["np"]
    yield f"What rules apply to {np}?", "formal"
    yield f"Can you tell me the rules on {np}?", "colloquial"
    yield f"{keywords(np)} rules", "keyword"
    yield f"Which rules apply to {np}?", "formal"


def about(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What should I know about safety?"""
    np = match["np"]
    yield f"What do I need to know about {np}?", "colloquial"
    yield f"Can you tell me what I should know about {np}?", "formal"
    yield f"What should I bear in mind about {np}?", "formal"


def meant(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is meant by Pre-Depends?"""
    np = match["np"]
    if len(np.split()) > 6:
        return
    yield f"What does {np} mean?", "colloquial"
    yield f"What is the meaning of {np}?", "formal"
    yield f"Can you explain what is meant by {np}?", "formal"


def contains(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What does the stable directory contain?"""
    aux, np, verb, rest = match["aux"].lower(), match["np"], match["verb"].lower(), match["rest"] or ""
    if len(np.split()) > 6 or re.match(r"(?:it|this|that|they|these)$", np, re.I):
        return
    shown = third_person(verb) if aux == "does" else verb
    yield f"Can you tell me what {np} {shown}{rest}?", "formal"
    yield f"I'd like to know what {np} {shown}{rest}.", "colloquial"


def how_many_are(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How many plans are there?"""
    np = match["np"]
    yield f"Can you tell me how many {np} there are?", "formal"
    yield f"I'd like to know how many {np} there are.", "colloquial"
    yield f"number of {keywords(np)}", "keyword"


def included(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is included in the package of the X200?"""
    np = match["np"]
    yield f"What comes in the box with {np}?", "colloquial"
    yield f"Which items are included with {np}?", "formal"
    yield f"{keywords(np)} package contents", "keyword"


def apply(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What safety instructions apply to the X200?"""
    np, to = match["np"], match["to"]
    yield f"{'What' if match[0].lower().startswith('which') else 'Which'} {np} apply to {to}?", "colloquial"
    yield f"Can you tell me which {np} apply to {to}?", "formal"
    yield f"What are the {np} for {to}?", "colloquial"
    yield f"{keywords(to)} {np}", "keyword"


def intended(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is the X200 intended for?"""
    np = match["np"]
    yield f"What can {np} be used for?", "colloquial"
    yield f"What is the intended use of {np}?", "formal"
    yield f"{keywords(np)} intended use", "keyword"


def which(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Which payment methods are accepted?"""
    np, aux, rest = match["np"], match["aux"], match["rest"]
    if (
        re.match(r"(?:of|one|is|are|about|if|happens?|should|can|does|do|else|kind|type)\b", np, re.I)
        or len(np.split()) > 4
    ):
        return
    if not re.search(r"[a-z]s$", np):
        return
    other = "What" if match[0].lower().startswith("which") else "Which"
    yield f"{other} {np} {aux} {rest}?", "colloquial"
    if aux.lower() in ("are", "can") and re.match(
        r"(?:be )?\w+(?:ed|en|able)\b|(?:not )?(?:go|free|part|safe|compatible)\b", rest
    ):
        yield f"Can you tell me which {np} {aux} {rest}?", "formal"
    elif aux.lower() in ("can", "should", "must") and re.match(r"(?:I|we) ", rest):
        who, do = rest.split(" ", 1)
        yield f"Can you tell me which {np} {who} {aux} {do}?", "formal"
