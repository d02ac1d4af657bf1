"""Headings that name a task, as "How do I …?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.english.grammar import GERUNDS, article_for, as_question, lowered, ungerund, with_objects
from kbbuilder.stages.extract.english.naming import is_product, name_of, with_subject

_INSTRUCTS = re.compile(
    r"(?:^|[.!] |\n|\d\. )(?:Press|Turn|Set|Choose|Select|Open|Use|Put|Place|Push|Pull|Hold|Click|Tap|Insert|Remove|Fill|Slide)\b"
)


def how_to(heading: str, parents: Sequence[str], subject: str, prose: str, steps: bool) -> str | None:
    """Such as "Cleaning the brew group" → "How do I clean the brew group on the X200?".

    Args:
        heading: the section's own heading.
        parents: the headings above it, outermost first.
        subject: the product, or "".
        prose: the section's text; tells names from common words.
        steps: the section holds numbered steps, so an ambiguous first word is a verb.
    """
    bare = bare_heading(heading)
    if not bare or is_question(bare) or len(bare) > 90 or ":" in bare or "?" in bare:
        return None
    phrase = verb_phrase(bare, prose, steps)
    if phrase is None and parents and (steps or _INSTRUCTS.search(prose)):
        return _under_parent(bare, parents, subject, prose)
    if phrase is None or not (steps or _tells_how(prose)) or phrase.split()[-1].lower() in lex.ABSTRACT:
        return None
    on_whole = phrase.split()[0] in lex.ON_SOFTWARE and not re.match(r"\w+ (?:from|with|by|as) ", phrase)
    if needs_object(phrase) and not is_product(subject) and not on_whole:
        return as_question(f"How do I {phrase} in {name_of(subject)}") if subject else None
    if needs_object(phrase):
        target = name_of(subject) if subject else ""
        if not target:
            return None
        verb, _, rest = phrase.partition(" ")
        if phrase.endswith((" up", " of")):
            verb, rest = phrase, ""
        return as_question(f"How do I {verb} {target} {rest}")
    return as_question(f"How do I {with_subject(phrase, subject)}")


_TELLS_HOW = re.compile(
    r"\byou(?:['’]ll| (?:can|could|should|must|may|might|need|have to|will|only))\b|```|→|\bmenu\b"
    r"|\bis (?:done|carried out|performed) (?:by|with|using)\b|\b(?:can|must|should|may) be \w+(?:ed|en|t|n)\b"
    r"|^(?:Do not|Never|Always|Before|After|Use|To) ",
    re.I | re.M,
)


def _tells_how(prose: str) -> bool:
    """Whether a text instructs: imperatives, "you can", commands, menu paths."""
    return _INSTRUCTS.search(prose) is not None or _TELLS_HOW.search(prose) is not None


def needs_object(phrase: str) -> bool:
    words = phrase.split()
    if words[-1] in ("up", "of") and len(words) == 2:
        return True
    return len(words) == 1 or (
        words[1] in lex.PREPOSITIONS - {"up", "off", "out", "down", "of"}
        and words[0]
        not in (
            "log",
            "migrate",
            "upgrade",
            "apply",
            "register",
            "sign",
            "connect",
            "switch",
            "look",
            "work",
            "navigate",
            "contribute",
            "subscribe",
            "turn",
        )
    )


_MAKE_A_NOUN = frozenset(
    "requirements instructions options schedule interval intervals tips costs time times mode agents products agent guide".split()
)
"""After these a gerund is part of a noun: "cleaning schedule"."""


def verb_phrase(bare: str, prose: str, steps: bool) -> str | None:
    text = lowered(bare, prose)
    words = text.split(" ")
    first = words[0].lower()
    rest = " ".join(words[1:])
    if first == "to" and len(words) > 1 and words[1].lower() in lex.VERBS:
        return rest
    if first in GERUNDS:
        if len(words) > 1 and words[1].lower() in _MAKE_A_NOUN:
            return None
        return with_objects(GERUNDS[first], ungerund(rest), prose)
    if first in lex.NOMINALS:
        return _nominal_first(lex.NOMINALS[first], rest)
    if first in lex.VERBS and len(words) > 1:
        second = words[1].lower()
        if first not in lex.AMBIGUOUS or second in lex.DETERMINERS or (steps and second not in lex.NOMINALS):
            return with_objects(first, ungerund(rest), prose)
    last = words[-1].lower()
    tells_how = steps or _INSTRUCTS.search(prose) or re.search(r"\byou (?:can|should|must|need|have)\b", prose, re.I)
    if (
        last in lex.NOMINALS
        and tells_how
        and 2 <= len(words) <= 5
        and " and " not in f" {text} "
        and not words[0][0].isdigit()
    ):
        noun = " ".join(words[:-1])
        if noun.lower() in ("first", "initial", "quick", "basic", "daily", "regular", "manual", "automatic", "general"):
            return None
        return f"{lex.NOMINALS[last]} {article_for(noun, prose)}{noun}"
    return None


def _nominal_first(verb: str, rest: str) -> str | None:
    if not rest:
        return verb
    first = rest.split()[0].lower()
    if first in ("of", "for"):
        return f"{verb} {rest[len(first) + 1 :]}"
    if first in lex.PREPOSITIONS:
        return f"{verb} {rest}"
    return None


def _under_parent(bare: str, parents: Sequence[str], subject: str, prose: str) -> str | None:
    """Steps under a noun ("Brew group") below a doing word ("Cleaning"): the two together name the task."""
    parent = bare_heading(parents[-1])
    verb = verb_phrase(parent, prose, steps=True)
    if (
        verb is not None
        and verb.split()[0] in ("adjust", "set", "change", "configure", "select", "choose")
        and not re.match(r"(?:on|for|with|using|in|when|if) ", bare, re.I)
    ):
        verb = verb.split()[0]
    if verb is None or len(bare.split()) > 4 or is_generic(bare):
        return None
    noun = lowered(bare, prose)
    if noun.split()[0].lower() in lex.PLATFORM or noun.lower().startswith(("on ", "for ", "with ", "using ", "in ")):
        joint = noun if noun.lower().split()[0] in lex.PREPOSITIONS else f"on {bare}"
        target = "" if len(verb.split()) > 1 or not subject else f" {name_of(subject)}"
        return as_question(f"How do I {verb}{target} {joint}") if len(verb.split()) > 1 or subject else None
    if len(verb.split()) == 1:
        return as_question(f"How do I {with_subject(f'{verb} {article_for(noun, prose)}{noun}', subject)}")
    return None
