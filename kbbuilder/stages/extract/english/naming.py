"""How a product and a person stand in an English sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.stages.extract import lexicon_en as lex


def name_of(subject: str) -> str:
    """The subject as it stands in a sentence: "the BrewMaster X200" for a product with a model code, "KiCad" for a name."""
    tool = " " in subject and subject.split()[-1].lower() in lex.TOOLS
    return f"the {subject}" if tool or is_product(subject) else subject


def is_product(subject: str) -> bool:
    return (
        bool(re.search(r"\d", subject))
        and not re.search(r"\b\d+\.\d+", subject)
        and not subject.lower().startswith("the ")
    )


def mentions(text: str, subject: str) -> bool:
    """Whether the text names the subject, or its most telling word (the one with digits, else the last)."""
    if not subject:
        return True
    words = subject.split()
    telling = next((w for w in reversed(words) if re.search(r"\d", w)), words[0])
    return telling.lower() in text.lower()


def with_subject(phrase: str, subject: str) -> str:
    """A verb phrase that names the product: in place of "the machine", as the missing object, or after it."""
    if mentions(phrase, subject):
        return phrase
    generic = re.search(rf"\b(?:the|your|this) (?:{'|'.join(sorted(lex.GENERIC_OBJECTS))})\b", phrase, re.I)
    if generic:
        return phrase[: generic.start()] + name_of(subject) + phrase[generic.end() :]
    return f"{phrase} {'on' if is_product(subject) else 'in'} {name_of(subject)}"


def generic_to_subject(clause: str, subject: str) -> str:
    if not subject:
        return clause
    return re.sub(
        rf"^(?:the|your|my) (?:{'|'.join(sorted(lex.GENERIC_OBJECTS))})\b",
        lambda _: name_of(subject),
        clause,
        flags=re.I,
    )


def placed_on(text: str, subject: str) -> str:
    if not subject or mentions(generic_to_subject(text, subject), subject):
        return ""
    return f" on {name_of(subject)}" if is_product(subject) else f" in {name_of(subject)}"


_PERSON = {"you": "I", "your": "my", "yours": "mine", "yourself": "myself"}


def swap_person(clause: str) -> str:
    """The manual's "you" is the customer's "I"."""
    clause = re.sub(r"\byou are\b", "I am", clause, flags=re.I)
    return re.sub(r"\b(you|your|yours|yourself)\b", lambda m: _PERSON[m.group(1).lower()], clause, flags=re.I)


def device_of(headings: Sequence[str], subject: str) -> str:
    """The subject: English headings are asked with their own names."""
    return subject
