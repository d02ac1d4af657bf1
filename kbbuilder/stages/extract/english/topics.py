"""Noun headings: the form of question their head noun decides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import fold
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.english.grammar import GERUNDS, as_question, is_plural, lowered
from kbbuilder.stages.extract.english.naming import is_toolset, mentions, name_of, placed_on
from kbbuilder.stages.extract.english.scope import product_of
from kbbuilder.stages.extract.english.trouble import FINITE

_HAS_VALUE = re.compile(r"(?<![\w-])[€$£¥]?\d+(?:[.,]\d+)?(?![\w-])|(?<![\w-])\d+(?:[.,]\d+)? ?(?:[a-zA-Z%°]{1,4})\b")
_CLAUSE = re.compile(
    r"^(what|how|why|when|where) ((?:the|your|our|a|an) [\w' -]+?|you) (does not |do not |is not |are not |can |cannot |must |may |should |is |are )?([a-z]+)( .+)?$",
    re.I,
)
_TO_CLAUSE = re.compile(r"^(what|when|where|which \w+|who) to ([a-z]+)( .+)?$", re.I)


def _is_under_task(parents: Sequence[str]) -> bool:
    return bool(parents) and bare_heading(parents[-1]).lower().split(" ")[0] in GERUNDS


def _from_clause(text: str) -> str | None:
    """Such as "What the warranty covers" → "What does the warranty cover"; "When to descale" → "When should I descale"."""
    to = _TO_CLAUSE.match(text)
    if to:
        return f"{to.group(1).capitalize()} should I {to.group(2)}{to.group(3) or ''}"
    match = _CLAUSE.match(text)
    if match is None:
        return None
    ask, subject, helper, verb, rest = match.groups()
    ask, rest, helper = ask.capitalize(), rest or "", (helper or "").strip().lower()
    if subject.lower() == "you":
        subject = "I"
    if helper in ("does not", "do not"):
        return f"{ask} {helper.split()[0]} {subject} not {verb}{rest}"
    if helper in ("can", "must", "may", "should", "is", "are"):
        return f"{ask} {helper} {subject} {verb}{rest}"
    if helper:
        return None
    if verb.endswith("s") and not verb.endswith("ss"):
        base = (
            verb[:-3] + "y"
            if verb.endswith("ies")
            else verb[:-2]
            if verb.endswith(("sses", "shes", "ches", "xes"))
            else verb[:-1]
        )
        return f"{ask} does {subject} {base}{rest}"
    return f"{ask} do {subject} {verb}{rest}" if subject == "I" else None


_KNOWN = (
    (
        re.compile(
            r"^(?:package|box) contents?$|^(?:scope of delivery|what['’]s in the box|included (?:items|parts)|contents of the (?:box|package))$",
            re.I,
        ),
        "What is included in the package{of}?",
    ),
    (
        re.compile(r"^(?:important )?safety (?:instructions|information|notes|precautions|warnings)$", re.I),
        "What safety instructions apply to {the}?",
    ),
    (re.compile(r"^(?:technical )?(?:data|specifications?)$", re.I), "What are the technical specifications of {the}?"),
    (re.compile(r"^intended use$", re.I), "What is {the} intended for?"),
    (re.compile(r"^(?:disposal|recycling)$", re.I), "How do I dispose of {the}?"),
    (
        re.compile(r"^(?:contact(?: us)?|customer (?:service|support)|support|contact (?:information|details))$", re.I),
        "How can I get help{with}?",
    ),
    (re.compile(r"^(?:opening|business|service|office) hours$", re.I), "What are the {h}?"),
    (
        re.compile(r"^warranty$|^(?:limited )?warranty (?:terms|conditions|coverage)$", re.I),
        "What does the warranty{for} cover?",
    ),
    (re.compile(r"^(?:system )?requirements$", re.I), "What are the system requirements{for}?"),
    (re.compile(r"^shipping$|^delivery$", re.I), "How does {h} work?"),
    (re.compile(r"^(?:accepted )?payment (?:methods|options)$", re.I), "Which payment methods are accepted?"),
)


def noun(heading: str, parents: Sequence[str], subject: str, prose: str, *, policy: bool, listing: bool) -> str | None:
    """Such as "Return period" → "How long is the return period?"; "System requirements" → "What are the system requirements?".

    Args:
        policy: the document lays down rules, so "What are the rules on …?" is a fair question.
        listing: the section holds a list or table, so a plural heading asks for it.
    """
    bare = bare_heading(heading)
    words = bare.split()
    subject = subject if policy else product_of(parents, subject, prose)
    if not 1 <= len(words) <= 7 or is_generic(bare) or is_question(bare) or re.search(r"[:;?!/]|\d{3,}", bare):
        return None
    text = lowered(bare, prose)
    form = next((form for pattern, form in _KNOWN if pattern.match(bare)), None)
    if form is not None and re.match("(?:system )?requirements", bare, re.I) and _is_under_task(parents):
        return None  # what "Installing over a cable" requires is not what the product requires
    if form is not None:
        return _filled(form, text, subject) if subject or policy or not _OF_A_PRODUCT.search(form) else None
    which = re.match(r"^((?:[a-z]+ )?[a-z]+s) (?:that|which) ((?:can|cannot|are|must|may|do|need) .+)$", text)
    if which:
        return as_question(f"Which {which.group(1)} {which.group(2)}")
    of = f" of {name_of(subject)}" if subject and not mentions(text, subject) else ""
    for_ = f" for {name_of(subject)}" if subject and not mentions(text, subject) else ""
    clause = _from_clause(text)
    if clause:
        acts_on = f" {name_of(subject)}" if subject and re.fullmatch(r"\w+ should I \w+", clause) else for_
        return as_question(clause + ("" if policy else acts_on))
    if any(re.search(r"\bsafety\b", parent, re.I) for parent in parents) and not FINITE.search(text):
        about = "" if text.endswith("safety") else "the safety rules for "
        return f"What {'are ' + about if about else 'should I know about '}{text}{placed_on(text, subject)}?"
    if (
        FINITE.search(text)
        or text.split()[0] in lex.PREPOSITIONS
        or text.split()[0] in ("and", "or", "not", "more", "other", "additional")
    ):
        return None
    words = re.split(r"\s(?:of|for|in|on|to|with|from|and|or|by|per)\s", f" {text} ", maxsplit=1)[0].split()
    if not words:
        return None
    head = words[-1].lower()
    the = "" if text.lower().startswith(("the ", "your ", "our ")) else "the "
    if " of " in text:
        of = for_
    if not policy and (_is_activity(text) or _ARGUES.search(text)):
        return None
    if not policy and (_is_any_products(text, words) if not subject else len(words) == 1 and head in _OF_WHAT):
        return None
    if head in lex.ASK_HOW_IT_WORKS and not policy:
        return as_question(f"How {'do' if head.endswith('s') else 'does'} {the}{text} work{placed_on(text, subject)}")
    if head == "safety":
        return as_question(f"What should I know about {text}{placed_on(text, subject)}")
    if head in lex.ASK_HOW_LONG and (policy or re.search(r"\d", prose)):
        return f"How long is {the}{text}{of}?"
    sorts = head in _SORTS and text.endswith(head) and len(words) >= 2 and not _is_activity(text)
    if sorts and not policy and (not subject or is_toolset(subject)):
        return None  # the sorts of what? Not of the tools that a chapter is about
    if listing and not policy and sorts:
        return f"What {text} are there{placed_on(text, subject)}?"
    if head in lex.ASK_LIST and (listing or policy) and not _is_activity(text):
        return f"What are {the}{text}{for_ if head in ('requirements', 'rules', 'conditions') else of}?"
    if head in lex.ASK_SINGLE and (policy or head in _WITHOUT_A_VALUE or _gives_value(head, prose)):
        return f"What is {the}{text}{of}?"
    if policy and len(words) <= 5:
        return f"What are the rules on {text.removeprefix('the ')}?"
    inner = {w.lower() for w in words[1:]} & (lex.PREPOSITIONS - {"of"})
    counted = " of " in text or head in _COUNTED
    if listing and counted and is_plural(text) and 2 <= len(words) <= 5 and not inner and not _is_activity(text):
        return f"What are {the}{text}{of if ' of ' in text else placed_on(text, subject)}?"
    return None


_OF_A_PRODUCT = re.compile(r"\{(?:the|of)\}|requirements\{for\}\?$")
"""Known forms that mean nothing when the product is not known."""
_ARGUES = re.compile(r"\b(?:over|beyond|between|behind|about|against|within)\b")
_OF_WHAT = frozenset("process structure procedure order scope purpose".split())
"""Heads that say nothing alone, even of a known product."""
_WITHOUT_A_VALUE = frozenset("policy procedure process address order difference purpose".split())
_SORTS = frozenset(
    "types kinds classes categories modes methods formats levels groups variants versions models families".split()
)
_COUNTED = frozenset(
    "commands controls properties files folders tools shortcuts variables directives locations directories attributes signals pins scripts plugins "
    "fields states events messages flags sections elements operators functions keywords values lists guidelines profiles keys switches".split()
)


def _filled(form: str, text: str, subject: str) -> str:
    of = f" of {name_of(subject)}" if subject else ""
    for_ = of.replace(" of ", " for ", 1)
    return form.format(
        **{"of": of, "for": for_, "with": of.replace(" of ", " with ", 1), "the": name_of(subject), "h": text}
    )


def _is_any_products(text: str, words: Sequence[str]) -> bool:
    """Whether a heading may be about any product: "Recommended procedure" – for what? "Plugin order" – of which program?

    Args:
        words: the heading's words up to its first preposition, the head noun last.
    """
    head = words[-1].lower()
    plain = lex.PLAIN_ADJECTIVES | lex.DETERMINERS
    if len(words) == 1 or all(w.lower() in plain or w.lower() == head for w in words):
        return True
    if head in lex.ASK_SINGLE and not re.search(r"[A-Z\d]| of ", text):
        return True
    return head in lex.ASK_LIST | lex.ASK_HOW_IT_WORKS | _COUNTED and not re.search(r"[A-Z\d`]", text)


def _gives_value(head: str, prose: str) -> bool:
    """Whether a text gives the head noun's value, rather than saying that it changed."""
    near = rf"\b{re.escape(head)}\b[^.\n]{{0,80}}\d|\d[^.\n]{{0,40}}\b{re.escape(head)}\b"
    return (
        _HAS_VALUE.search(prose) is not None
        and re.search(near, prose, re.I) is not None
        and not re.search(r"\b(?:increased|decreased|changed|raised|lowered) (?:from|to)\b", prose)
    )


def _is_activity(text: str) -> bool:
    """Whether a plural heading is about doing something or argues ("sponsoring packages", "what users need") rather than
    naming a set of things."""
    words = text.lower().split()
    return (
        words[0] in lex.PLAIN_ADJECTIVES
        or any(
            re.fullmatch(r"[a-z]{3,}ing", w) and w not in ("setting", "string", "mailing", "bearing", "housing")
            for w in words[:-1]
        )
        or any(
            w in ("what", "how", "why", "who", "not", "vs", "versus", "and", "or", "the", "growing", "existing")
            for w in words
        )
    )


_OPENS_PURPOSE = re.compile(
    r"^(?:This|The (?P<name>[\w` -]{2,40}?)|With the (?P<with>[\w` -]{2,40}?)) ?"
    r"(?P<noun>calculator|tool|utility|command|option|dialog|window|panel|function|feature|mode|button|page|menu|view|field|setting|parameter|file|package|module|"
    r"service|sensor|light|indicator|program|script|directory|variable|editor|plugin|wizard|tab|key|switch|valve|port)\b[^.]{0,30}?\b"
    r"(?:helps|lets|allows|is used|are used|can be used|calculates|enables|shows|displays|provides|controls|sets|specifies|defines|contains|determines|generates|creates|"
    r"converts|manages|lists|stores|describes|records|you can)\b"
)


_HOLDS = re.compile(r"\b(?:contains|stores|lists)$")
_STANDS_ALONE = frozenset("calculator tool utility command package program script editor plugin wizard".split())
"""What has a name of its own; a field, a button or a setting belongs to some program."""


def thing(heading: str, subject: str, opening: str) -> str | None:
    """A section about a tool, file or function whose first sentence says what it is for."""
    bare = bare_heading(heading)
    match = _OPENS_PURPOSE.match(opening)
    if match is None or len(bare.split()) > 5 or is_generic(bare) or is_question(bare) or len(bare) < 2:
        return None
    kind = match.group("noun")
    bare = re.sub(r"^the ", "", bare, flags=re.I)
    if ":" in bare or bare.split()[0].lower() in GERUNDS or bare.count("`") % 2:
        return None
    if not subject and kind not in _STANDS_ALONE:
        return None
    said = match.group("name") or match.group("with")
    own = re.sub(rf"\s*\b{kind}$", "", bare, flags=re.I)
    if said is not None and fold(said) not in (fold(own), fold(bare)) and not fold(own).endswith(fold(said)):
        return None  # the sentence is about something else than the heading
    if said is None and (not own or own.split()[0].lower() in lex.VERBS - lex.AMBIGUOUS):
        return None
    named = said or (lowered(own, opening) if " " in own else own)
    holds = _HOLDS.search(opening[: match.end()])
    verb = "contain" if holds and kind in ("file", "directory", "package", "menu") else "do"
    return as_question(f"What does the {named} {kind} {verb}{placed_on(named, subject)}")
