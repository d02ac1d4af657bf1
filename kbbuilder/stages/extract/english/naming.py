"""How a product and a person stand in an English sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.text import has_cjk, without_code
from kbbuilder.stages.extract import lexicon_en as lex


def name_of(subject: str) -> str:
    """The subject as it stands in a sentence: "the BrewMaster X200" for a product with a model code, "KiCad" for a name."""
    tool = " " in subject and subject.split()[-1].lower().removesuffix("s") in lex.TOOLS
    return f"the {subject}" if tool or is_product(subject) else subject


def is_product(subject: str) -> bool:
    return (
        bool(re.search(r"\d", subject))
        and not re.search(r"\b\d+\.\d+", subject)
        and not subject.lower().startswith("the ")
        and subject.split()[-1].lower() not in lex.TOOLS
    )


def mentions(text: str, subject: str) -> bool:
    """Whether the text names the subject, or its most telling word (the one with digits, else the last)."""
    if not subject:
        return True
    words = subject.split()
    if len(words) > 1 and words[-1].lower() in lex.TOOLS:
        return subject.lower() in text.lower()
    telling = next((w for w in reversed(words) if re.search(r"\d", w)), words[0])
    return telling.strip("`").lower() in text.lower()


def with_subject(phrase: str, subject: str) -> str:
    """A verb phrase that names the product: in place of "the machine", as the missing object, or after it."""
    if mentions(phrase, subject):
        return phrase
    # What one installs on a system is not the system.
    spoken_of = {"system", "machine"} if subject.lower().split()[0] in lex.PLATFORM else lex.GENERIC_OBJECTS
    generic = re.search(rf"\b(?:the|your|this) (?:{'|'.join(sorted(spoken_of))})\b", phrase, re.I)
    if generic:
        return phrase[: generic.start()] + name_of(subject) + phrase[generic.end() :]
    if re.search(r"\b(?:previous|earlier|older|newer|other|new|old) (?:versions?|releases?)$", phrase):
        return f"{phrase} of {name_of(subject)}"
    whole = _PART_OF_IT.search(phrase)
    if whole and not is_product(subject) and " " not in subject:
        return f"{phrase[: whole.start()]}the {subject} {whole.group(1)}{phrase[whole.end() :]}"
    if re.search(rf" (?:in|from|to|with) the [\w ]*(?:{'|'.join(sorted(lex.NAMED_TOOLS))})s$", phrase, re.I):
        suite = _SUITE.match(subject)
        return f"{phrase} of {suite.group()}" if suite else phrase  # "in the net or chart editors" is a place already
    return f"{phrase} {'on' if is_product(subject) else 'in'} {name_of(subject)}"


_PART_OF_IT = re.compile(rf"\bthe ({'|'.join(sorted(lex.WHOLE_PARTS - lex.GENERIC_OBJECTS))})(?= |$)")
"""What a one-word name stands before: "the Mumble server", not "the server in Mumble"."""


def generic_to_subject(clause: str, subject: str) -> str:
    if not subject:
        return clause
    return re.sub(
        rf"^(?:the|your|my) (?:{'|'.join(sorted(lex.GENERIC_OBJECTS))})\b(?! [A-Z]+\d)",
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
    clause = re.sub(
        r"\byou(?: are|(['’])re)\b", lambda m: f"I{m.group(1)}m" if m.group(1) else "I am", clause, flags=re.I
    )
    return re.sub(r"\b(you|your|yours|yourself)\b", lambda m: _PERSON[m.group(1).lower()], clause, flags=re.I)


_TOOL = re.compile(
    rf"^(?:The )?((?:[A-Z0-9][\w+-]* ){{1,3}}(?:{'|'.join(w.capitalize() for w in sorted(lex.NAMED_TOOLS))}))$"
)
_DEVICE = re.compile(
    r"^(?:The )?((?:[A-Z][A-Za-z]+ ){1,2}(?!\d)[A-Z][A-Za-z]{0,3}-?\d{1,5}[A-Za-z]{0,2}|[A-Z]{1,3}-?\d{3,5}[A-Za-z]{0,2})$"
)
_TOOLSET = re.compile(r"[A-Z][\w-]+(?: [A-Z][\w-]+){0,2} (?:Tools|Utilities|Commands)")
"""A book's title that names a set of programs: "Imaging Tools"."""


def is_toolset(title: str) -> bool:
    """Whether a title names a set of programs."""
    return _TOOLSET.fullmatch(title) is not None


_NAME_RUN = re.compile(r"(?<![\w-])[A-Z][\w+-]*(?: [A-Z][\w+-]*){0,2}")


def device_of(headings: Sequence[str], subject: str) -> str:
    """The tool or device that the nearest heading names, else the document's subject in English.

    >>> device_of(["Manual", "Symbol Editor", "Moving pins"], "KiCad")
    'Symbol Editor'

    Args:
        headings: outermost first.
        subject: the document's product, or "".
    """
    for heading in reversed(headings):
        bare = bare_heading(heading)
        named = _TOOL.match(bare) or _DEVICE.match(bare)
        if named and not named.group(1).lower().startswith(("using ", "the ")):
            return _of_suite(named.group(1), subject)
        tool = _tool_in_chinese(bare)
        if tool and subject:
            return _of_suite(tool, subject)
    if not subject and headings and is_toolset(bare_heading(headings[0])):
        return bare_heading(headings[0])
    if not has_cjk(subject):
        return subject
    return _tool_in_chinese(subject)


_SUITE = re.compile(r"[A-Z][a-z]+[A-Z]\w*(?= .*(?:Editor|Viewer|Browser|Calculator|Manager|编辑|查看|浏览|计算|管理))")
"""A suite's name before the name of one of its tools."""


def _of_suite(tool: str, subject: str) -> str:
    """A tool's name with the suite's before it, when the subject is another tool of the suite ("TidePool Net Editor")."""
    suite = _SUITE.match(subject)
    return tool if suite is None or suite.group().lower() in tool.lower() else f"{suite.group()} {tool}"


def _tool_in_chinese(name: str) -> str:
    """Such as "PCB Editor" for "PCB 编辑器", or ""."""
    tool = _CHINESE_TOOL.fullmatch(name)
    return f"{tool.group(1)} {_TOOL_WORDS[tool.group(2)]}" if tool else ""


_TOOL_WORDS = {"编辑器": "Editor", "查看器": "Viewer", "计算器": "Calculator", "管理器": "Manager", "浏览器": "Browser"}
_CHINESE_TOOL = re.compile(rf"([A-Z0-9][A-Za-z0-9 .+-]*?) ?({'|'.join(_TOOL_WORDS)})")
"""A half-translated manual has English sections under "CAD 编辑器"; its tool still has an English name."""


def name_above(headings: Sequence[str], prose: str) -> str:
    """The nearest name that the headings above use and the text too ("Samba" under "Sharing files with Samba"), or ""."""
    return next(
        (name for h in reversed(headings) for name in [_name_in(bare_heading(h), without_code(prose))] if name), ""
    )


def _name_in(heading: str, prose: str) -> str:
    """The last words of a heading that its text uses as a name ("Samba" in "Sharing files with Samba"), or ""."""
    names = [
        run
        for run in _NAME_RUN.findall(heading)
        if len(run) > 2
        and run.lower() not in lex.VERBS
        and not re.fullmatch(r"[A-Z]{2,5}|.*v\d", run)
        and is_used_as_name(run, prose)
    ]
    return names[-1] if names else ""


def is_used_as_name(words: str, prose: str) -> bool:
    """Whether a text has words as a name: large between small words, and never small."""
    inside = re.search(rf"(?<![\w-])[a-z][\w-]*,? {re.escape(words)}\b(?! [A-Z])", prose)
    return inside is not None and re.search(rf"\b{re.escape(words.lower())}\b", prose) is None
