"""Headings and table rows that name a fault, as "What should I do if …?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.english.grammar import GERUNDS, lowered
from kbbuilder.stages.extract.english.naming import generic_to_subject, placed_on, swap_person

FINITE = re.compile(
    r"\b(?:does not|doesn['’]t|do not|don['’]t|is not|isn['’]t|are not|aren['’]t|cannot|can['’]t|could not|will not|won['’]t|has no|have no|is|are|was|has|fails|stops|leaks|"
    r"blinks|flashes|flickers|shows|displays|keeps|makes|comes|drips|smells|appears|disappears|freezes|crashes|hangs|runs|turns|sounds|beeps|gets|"
    r"becomes|remains|stays|loses|drops|goes|looks|takes|tastes|reports|rejects|refuses|collects|sticks|smokes|spills|overflows|sprays|vibrates|rattles|squeaks|hums|burns|heats)\b",
    re.I,
)
_TROUBLE = re.compile(
    r"\b(?:troubleshoot\w*|problems?|faults?|errors?|symptoms?|issues?|malfunctions?|failures?)\b", re.I
)
_BAD_START = re.compile(
    r"^(?:if|when|whenever|while|because|as|since|once|after|before|note|see|figure|table|example|step|option|chapter|appendix|in case)\b",
    re.I,
)


def in_trouble(path: Sequence[str]) -> bool:
    """Whether the headings above name a troubleshooting section."""
    return any(_TROUBLE.search(h) for h in path)


def problem(heading: str, parents: Sequence[str], subject: str, prose: str) -> str | None:
    """Such as "The machine does not turn on" → "What should I do if the X200 does not turn on?"."""
    bare = bare_heading(heading).rstrip(".!")
    if not 4 <= len(bare) <= 110 or is_question(bare) or _BAD_START.match(bare) or re.match(r"`?--?\w", bare):
        return None
    code = re.match(r"^(?:error(?: code| message)?|fault|code)\s+[\"'“]?([A-Z]*-?\d[\w-]*)", bare, re.I)
    if code:
        return f"What should I do if error {code.group(1)} appears{placed_on(bare, subject)}?"
    unable = re.match(r"^(?:unable to|cannot|can['’]t|could not|couldn['’]t|failed to|not able to) (.+)$", bare, re.I)
    if unable:
        return f"What should I do if I cannot {swap_person(lowered(unable.group(1), prose))}{placed_on(bare, subject)}?"
    clause = lowered(bare, prose)
    first = clause.split()[0].lower()
    if first in GERUNDS:
        return None
    if re.search(r"\b(?:that|which|who|whose|what)\b", clause) or first in ("do", "don't", "don’t", "avoid", "never"):
        return None
    if first in lex.VERBS and first not in lex.AMBIGUOUS:
        return None  # "Prevent leaks" is advice, not a fault
    if (
        FINITE.search(clause)
        and len(clause.split()) >= 3
        and not clause.lower().startswith(("how ", "what ", "there "))
    ):
        if not (in_trouble(parents) or re.search(r"\b(?:not|n['’]t|cannot|no|fails|leaks|stops|too)\b", clause, re.I)):
            return None
        return f"What should I do if {swap_person(generic_to_subject(clause, subject))}{placed_on(clause, subject)}?"
    if in_trouble(parents) and len(clause.split()) <= 6 and not is_generic(bare) and _looks_like_fault(clause):
        return f"What should I do about {clause}{placed_on(clause, subject)}?"
    return None


def _looks_like_fault(clause: str) -> bool:
    return (
        re.search(
            r"\b(?:no|poor|weak|low|high|slow|loud|strange|unusual|loss|lost|leak\w*|noise|noisy|smell|failure|broken|stuck|blocked|clogged|overheat\w*|missing|blinking|flashing|interference|vibration)\b",
            clause,
            re.I,
        )
        is not None
    )


_SHOWN = ("light", "led", "lamp", "indicator", "icon", "symbol", "display", "message")


def code_row(label: str, kind: str, curable: bool, subject: str) -> str:
    """A row of an error-code or indicator table. `kind`: the labels' column head; `curable`: a column says what to do."""
    shown = next((word for word in _SHOWN if word in kind.lower()), "")
    if re.match(r"(?:error|code|fault)\b", label, re.I):
        named = label
    elif re.fullmatch(r"[A-Z]{0,3}-?\d[\w-]*", label):
        named = f"error {label}"
    else:
        named = f"the {shown} “{label}”" if shown and shown not in label.lower() else f"“{label}”"
    return f"What does {named} mean{placed_on(label, subject)}{', and what should I do' if curable else ''}?"


def trouble_row(symptom: str, subject: str, prose: str) -> str | None:
    """A row of a troubleshooting table."""
    return problem(symptom, ("Troubleshooting",), subject, prose) or (
        f"What should I do about “{symptom}”{placed_on(symptom, subject)}?" if len(symptom) <= 80 else None
    )
