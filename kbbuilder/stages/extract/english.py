"""English questions out of headings, table labels and clauses. A function returns None when no natural one exists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.stages.extract import lexicon_en as lex

_WORD = re.compile(r"[A-Za-z][A-Za-z'’\-]*|\S+")
_FINITE = re.compile(
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


def gerund_bases() -> dict[str, str]:
    """Every "-ing" form of the verb list with its base form."""
    table: dict[str, str] = {}
    for verb in lex.VERBS:
        table[_gerund(verb)] = verb
    return table


def _gerund(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    if re.fullmatch(r"(?:.*[^aeiou])?[aeiou][bdgmnprt]", verb) and verb not in _SINGLE:
        return verb + verb[-1] + "ing"
    if verb in ("transfer", "control", "label", "travel", "cancel"):
        return verb + {"transfer": "ring", "control": "ling", "label": "ling", "travel": "ling", "cancel": "ling"}[verb]
    return verb + "ing"


_SINGLE = frozenset(
    "open enter deliver register order monitor filter recover alter develop edit limit visit exit gather transfer determine lower power "
    "cover render offer answer consider trigger target inspect reset audit deposit credit benefit format market interpret discover "
    "uncover utter lubricat water answer label total customer mention position function question prevent".split()
) - {"reset", "transfer", "format"}
_GERUNDS = gerund_bases() | {
    "formatting": "format",
    "logging": "log",
    "labeling": "label",
    "canceling": "cancel",
    "modelling": "model",
}


_HAS_VALUE = re.compile(r"(?<![\w-])[€$£¥]?\d+(?:[.,]\d+)?(?![\w-])|(?<![\w-])\d+(?:[.,]\d+)? ?(?:[a-zA-Z%°]{1,4})\b")


# -- subjects -------------------------------------------------------------------------------------------------


def name_of(subject: str) -> str:
    """The subject as it stands in a sentence: "the BrewMaster X200" for a product with a model code, "KiCad" for a name."""
    tool = " " in subject and subject.split()[-1].lower() in lex.TOOLS
    return f"the {subject}" if tool or _is_product(subject) else subject


def _is_product(subject: str) -> bool:
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


def _with_subject(phrase: str, subject: str) -> str:
    """A verb phrase that names the product: in place of "the machine", as the missing object, or after it."""
    if mentions(phrase, subject):
        return phrase
    generic = re.search(rf"\b(?:the|your|this) (?:{'|'.join(sorted(lex.GENERIC_OBJECTS))})\b", phrase, re.I)
    if generic:
        return phrase[: generic.start()] + name_of(subject) + phrase[generic.end() :]
    return f"{phrase} {'on' if _is_product(subject) else 'in'} {name_of(subject)}"


def _lowered(phrase: str, prose: str) -> str:
    """A heading's words as they would stand inside a sentence: names keep their capitals, the rest lose them."""
    words = phrase.split(" ")
    capitals = sum(w[:1].isupper() for w in words)
    title_case = capitals >= max(2, 0.6 * len(words))
    following = [*words[1:], ""]
    return " ".join(
        w if re.search(r"\d", after) else _lowered_word(w, i, title_case, prose)
        for i, (w, after) in enumerate(zip(words, following, strict=True))
    )


def _lowered_word(word: str, index: int, title_case: bool, prose: str) -> str:
    bare = word.strip("\"'“”‘’()[],.;:!?`")
    if not bare[:1].isupper() or re.search(r"\d", bare) or bare[1:] != bare[1:].lower() or bare == "I":
        return word
    as_name = len(re.findall(rf"(?<=[a-z,;] ){re.escape(bare)}\b", prose))
    as_word = len(re.findall(rf"(?<![A-Za-z]){re.escape(bare.lower())}", prose))
    lower = word.replace(bare, bare.lower(), 1)
    if as_name or as_word:
        return word if as_name > as_word else lower
    known = (
        bare.lower() in lex.VERBS
        or bare.lower() in lex.PREPOSITIONS
        or bare.lower() in lex.DETERMINERS
        or bare.lower() in ("and", "or", "not", "if")
    )
    return lower if index == 0 or title_case or known else word


_INSTRUCTS = re.compile(
    r"(?:^|[.!] |\n|\d\. )(?:Press|Turn|Set|Choose|Select|Open|Use|Put|Place|Push|Pull|Hold|Click|Tap|Insert|Remove|Fill|Slide)\b"
)


# -- how-to ---------------------------------------------------------------------------------------------------


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
    phrase = _verb_phrase(bare, prose, steps)
    if phrase is None and parents and (steps or _INSTRUCTS.search(prose)):
        return _under_parent(bare, parents, subject, prose)
    if phrase is None or not (steps or _tells_how(prose)) or phrase.split()[-1].lower() in lex.ABSTRACT:
        return None
    on_whole = phrase.split()[0] in lex.ON_SOFTWARE and not re.match(r"\w+ (?:from|with|by|as) ", phrase)
    if _needs_object(phrase) and not _is_product(subject) and not on_whole:
        return _question(f"How do I {phrase} in {name_of(subject)}") if subject else None
    if _needs_object(phrase):
        target = name_of(subject) if subject else ""
        if not target:
            return None
        verb, _, rest = phrase.partition(" ")
        if phrase.endswith((" up", " of")):
            verb, rest = phrase, ""
        return _question(f"How do I {verb} {target} {rest}")
    return _question(f"How do I {_with_subject(phrase, subject)}")


def _question(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .;,") + "?"


_TELLS_HOW = re.compile(
    r"\byou(?:['’]ll| (?:can|could|should|must|may|might|need|have to|will|only))\b|```|→|\bmenu\b"
    r"|\bis (?:done|carried out|performed) (?:by|with|using)\b|\b(?:can|must|should|may) be \w+(?:ed|en|t|n)\b"
    r"|^(?:Do not|Never|Always|Before|After|Use|To) ",
    re.I | re.M,
)


def _tells_how(prose: str) -> bool:
    """Whether a text instructs: imperatives, "you can", commands, menu paths."""
    return _INSTRUCTS.search(prose) is not None or _TELLS_HOW.search(prose) is not None


def _needs_object(phrase: str) -> bool:
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


def _verb_phrase(bare: str, prose: str, steps: bool) -> str | None:
    text = _lowered(bare, prose)
    words = text.split(" ")
    first = words[0].lower()
    rest = " ".join(words[1:])
    if first == "to" and len(words) > 1 and words[1].lower() in lex.VERBS:
        return rest
    if first in _GERUNDS:
        if len(words) > 1 and words[1].lower() in _MAKE_A_NOUN:
            return None
        return _objects(_GERUNDS[first], _ungerund(rest), prose)
    if first in lex.NOMINALS:
        return _nominal_first(lex.NOMINALS[first], rest)
    if first in lex.VERBS and len(words) > 1:
        second = words[1].lower()
        if first not in lex.AMBIGUOUS or second in lex.DETERMINERS or (steps and second not in lex.NOMINALS):
            return _objects(first, _ungerund(rest), prose)
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
        return f"{lex.NOMINALS[last]} {_article(noun, prose)}{noun}"
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


def _ungerund(rest: str) -> str:
    """ "upgrading" in "installing and upgrading X" becomes a base form too."""

    def base(match: re.Match[str]) -> str:
        word = match.group(2)
        return match.group(1) + _GERUNDS.get(word.lower(), word)

    return re.sub(r"\b((?:and|or|then) )([A-Za-z]+ing)\b", base, re.sub(r"^((?:and|or) )([A-Za-z]+ing)\b", base, rest))


def _objects(verb: str, rest: str, prose: str) -> str:
    if not rest:
        return verb
    if verb in ("create", "add", "write", "make", "build", "request", "open", "book") and _bare_singular(rest, prose):
        return f"{verb} {'an' if rest[0].lower() in 'aeiou' else 'a'} {rest}"
    return f"{verb} {_article(rest, prose)}{rest}"


def _article(phrase: str, prose: str) -> str:
    return "the " if _bare_singular(phrase, prose) else ""


def _bare_singular(phrase: str, prose: str) -> bool:
    """Whether an object lacks the article it needs: a singular common noun of one to three lower-case words, and one
    that the text itself uses with an article."""
    words = phrase.split()
    head: list[str] = []
    for word in words:
        if word.lower() in lex.PREPOSITIONS or word in ("and", "or"):
            break
        head.append(word)
    if not 1 <= len(head) <= 3 or head[0].lower() in lex.DETERMINERS:
        return False
    last = head[-1]
    if (
        last != last.lower()
        or last.endswith("s")
        or last in lex.NO_ARTICLE
        or last.endswith("ing")
        or not last.isalpha()
    ):
        return False
    return re.search(rf"\b(?:the|a|an|your|this|each) (?:[\w-]+ ){{0,2}}{re.escape(last)}\b", prose, re.I) is not None


def _under_parent(bare: str, parents: Sequence[str], subject: str, prose: str) -> str | None:
    """Steps under a noun ("Brew group") below a doing word ("Cleaning"): the two together name the task."""
    parent = bare_heading(parents[-1])
    verb = _verb_phrase(parent, prose, steps=True)
    if (
        verb is not None
        and verb.split()[0] in ("adjust", "set", "change", "configure", "select", "choose")
        and not re.match(r"(?:on|for|with|using|in|when|if) ", bare, re.I)
    ):
        verb = verb.split()[0]
    if verb is None or len(bare.split()) > 4 or is_generic(bare):
        return None
    noun = _lowered(bare, prose)
    if noun.split()[0].lower() in lex.PLATFORM or noun.lower().startswith(("on ", "for ", "with ", "using ", "in ")):
        joint = noun if noun.lower().split()[0] in lex.PREPOSITIONS else f"on {bare}"
        target = "" if len(verb.split()) > 1 or not subject else f" {name_of(subject)}"
        return _question(f"How do I {verb}{target} {joint}") if len(verb.split()) > 1 or subject else None
    if len(verb.split()) == 1:
        return _question(f"How do I {_with_subject(f'{verb} {_article(noun, prose)}{noun}', subject)}")
    return None


# -- trouble ---------------------------------------------------------------------------------------------------


def in_trouble(path: Sequence[str]) -> bool:
    """Whether the headings above name a troubleshooting section."""
    return any(_TROUBLE.search(h) for h in path)


def problem(heading: str, parents: Sequence[str], subject: str, prose: str) -> str | None:
    """Such as "The machine does not turn on" → "What should I do if the X200 does not turn on?"."""
    bare = bare_heading(heading).rstrip(".!")
    if not 4 <= len(bare) <= 110 or is_question(bare) or _BAD_START.match(bare):
        return None
    code = re.match(r"^(?:error(?: code| message)?|fault|code)\s+[\"'“]?([A-Z]*-?\d[\w-]*)", bare, re.I)
    if code:
        return f"What should I do if error {code.group(1)} appears{_on(bare, subject)}?"
    unable = re.match(r"^(?:unable to|cannot|can['’]t|could not|couldn['’]t|failed to|not able to) (.+)$", bare, re.I)
    if unable:
        return f"What should I do if I cannot {_swap_person(_lowered(unable.group(1), prose))}{_on(bare, subject)}?"
    clause = _lowered(bare, prose)
    first = clause.split()[0].lower()
    if first in _GERUNDS:
        return None
    if re.search(r"\b(?:that|which|who|whose|what)\b", clause) or first in ("do", "don't", "don’t", "avoid", "never"):
        return None
    if first in lex.VERBS and first not in lex.AMBIGUOUS:
        return None  # "Prevent leaks" is advice, not a fault
    if (
        _FINITE.search(clause)
        and len(clause.split()) >= 3
        and not clause.lower().startswith(("how ", "what ", "there "))
    ):
        if not (in_trouble(parents) or re.search(r"\b(?:not|n['’]t|cannot|no|fails|leaks|stops|too)\b", clause, re.I)):
            return None
        return f"What should I do if {_swap_person(_generic_to_subject(clause, subject))}{_on(clause, subject)}?"
    if in_trouble(parents) and len(clause.split()) <= 6 and not is_generic(bare) and _looks_like_fault(clause):
        return f"What should I do about {clause}{_on(clause, subject)}?"
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


def _generic_to_subject(clause: str, subject: str) -> str:
    if not subject:
        return clause
    return re.sub(
        rf"^(?:the|your|my) (?:{'|'.join(sorted(lex.GENERIC_OBJECTS))})\b",
        lambda _: name_of(subject),
        clause,
        flags=re.I,
    )


def _on(text: str, subject: str) -> str:
    if not subject or mentions(_generic_to_subject(text, subject), subject):
        return ""
    return f" on {name_of(subject)}" if _is_product(subject) else f" in {name_of(subject)}"


_PERSON = {"you": "I", "your": "my", "yours": "mine", "yourself": "myself"}


def _swap_person(clause: str) -> str:
    """The manual's "you" is the customer's "I"."""
    clause = re.sub(r"\byou are\b", "I am", clause, flags=re.I)
    return re.sub(r"\b(you|your|yours|yourself)\b", lambda m: _PERSON[m.group(1).lower()], clause, flags=re.I)


# -- noun headings ---------------------------------------------------------------------------------------------


_CLAUSE = re.compile(
    r"^(what|how|why|when|where) ((?:the|your|our|a|an) [\w' -]+?|you) (does not |do not |is not |are not |can |cannot |must |may |should |is |are )?([a-z]+)( .+)?$",
    re.I,
)
_TO_CLAUSE = re.compile(r"^(what|when|where|which \w+|who) to ([a-z]+)( .+)?$", re.I)


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
    if not 1 <= len(words) <= 7 or is_generic(bare) or is_question(bare) or re.search(r"[:;?!/]|\d{3,}", bare):
        return None
    text = _lowered(bare, prose)
    for pattern, form in _KNOWN:
        if pattern.match(bare):
            if "{the}" in form and not subject:
                return None
            of = f" of {name_of(subject)}" if subject else ""
            for_ = f" for {name_of(subject)}" if subject else ""
            filled = {
                "of": of,
                "for": for_,
                "with": for_.replace(" for ", " with "),
                "the": name_of(subject),
                "h": text,
            }
            return form.format(**filled)
    which = re.match(r"^((?:[a-z]+ )?[a-z]+s) (?:that|which) ((?:can|cannot|are|must|may|do|need) .+)$", text)
    if which:
        return _question(f"Which {which.group(1)} {which.group(2)}")
    of = f" of {name_of(subject)}" if subject and not mentions(text, subject) else ""
    for_ = f" for {name_of(subject)}" if subject and not mentions(text, subject) else ""
    clause = _from_clause(text)
    if clause:
        acts_on = f" {name_of(subject)}" if subject and re.fullmatch(r"\w+ should I \w+", clause) else for_
        return _question(clause + ("" if policy else acts_on))
    if any(re.search(r"\bsafety\b", parent, re.I) for parent in parents) and not _FINITE.search(text):
        about = "" if text.endswith("safety") else "the safety rules for "
        return f"What {'are ' + about if about else 'should I know about '}{text}{_on(text, subject)}?"
    if (
        _FINITE.search(text)
        or text.split()[0] in lex.PREPOSITIONS
        or text.split()[0] in ("and", "or", "not", "more", "other", "additional")
    ):
        return None
    head = re.split(r"\s(?:of|for|in|on|to|with|from|and|or|by|per)\s", f" {text} ", maxsplit=1)[0].split()[-1].lower()
    the = "" if text.lower().startswith(("the ", "your ", "our ")) else "the "
    if " of " in text:
        of = for_
    if head in lex.ASK_HOW_IT_WORKS and not policy:
        return _question(f"How {'do' if head.endswith('s') else 'does'} {the}{text} work{_on(text, subject)}")
    if head == "safety":
        return _question(f"What should I know about {text}{_on(text, subject)}")
    if head in lex.ASK_HOW_LONG and (policy or re.search(r"\d", prose)):
        return f"How long is {the}{text}{of}?"
    if head in lex.ASK_LIST and (listing or policy):
        return f"What are {the}{text}{for_ if head in ('requirements', 'rules', 'conditions') else of}?"
    near = rf"\b{re.escape(head)}\b[^.\n]{{0,80}}\d|\d[^.\n]{{0,40}}\b{re.escape(head)}\b"
    if head in lex.ASK_SINGLE and (
        policy
        or head in ("policy", "procedure", "process", "address", "order", "difference", "purpose")
        or (_HAS_VALUE.search(prose) and re.search(near, prose, re.I))
    ):
        return f"What is {the}{text}{of}?"
    if policy and len(words) <= 5:
        return f"What are the rules on {text.removeprefix('the ')}?"
    inner = {w.lower() for w in words[1:]} & (lex.PREPOSITIONS - {"of"})
    if listing and _is_plural(text) and 2 <= len(words) <= 5 and not inner:
        return f"What are the {text}{of}?" if " of " in text else f"What {text} are there{_on(text, subject)}?"
    return None


# -- terms, values, rows ------------------------------------------------------------------------------------------


def definition(term: str, plural: bool) -> str:
    """Such as "What is a bill of materials?" for a term as it stands in the text, article included."""
    return f"What {'are' if plural else 'is'} {term}?"


def meaning(term: str) -> str:
    """For glossary entries, icons and messages."""
    return f"What does “{term}” mean?"


def listed(names: Sequence[str]) -> str:
    """Such as "X200 and X300"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def value(name: str, cell: str, subject: str, prose: str) -> str:
    """Such as "Rated voltage" → "What is the rated voltage of the X200?"."""
    text = _label(_without_unit(name))
    be = "are" if _is_plural(text) else "is"
    the = "" if text.lower().startswith(("the ", "max", "min")) and " " not in text else "the "
    whose = (
        ""
        if mentions(text, subject)
        else f" {'for' if ' of ' in text or ' when ' in text else 'of'} {name_of(subject)}"
    )
    return _question(f"What {be} {the}{text}{whose}")


_OPENS_PURPOSE = re.compile(
    r"^(?:This|The (?P<name>[\w` -]{2,40}?)|With the (?P<with>[\w` -]{2,40}?)) ?"
    r"(?P<noun>calculator|tool|utility|command|option|dialog|window|panel|function|feature|mode|button|page|menu|view|field|setting|parameter|file|package|module|"
    r"service|sensor|light|indicator|program|script|directory|variable|editor|plugin|wizard|tab|key|switch|valve|port)\b[^.]{0,30}?\b"
    r"(?:helps|lets|allows|is used|are used|can be used|calculates|enables|shows|displays|provides|controls|sets|specifies|defines|contains|determines|generates|creates|"
    r"converts|manages|lists|stores|describes|records|you can)\b"
)


def thing(heading: str, subject: str, opening: str) -> str | None:
    """A section about a tool, file or function whose first sentence says what it is for."""
    bare = bare_heading(heading)
    match = _OPENS_PURPOSE.match(opening)
    if match is None or len(bare.split()) > 5 or is_generic(bare) or is_question(bare) or len(bare) < 2:
        return None
    kind = match.group("noun")
    named = bare if re.search(rf"\b{kind}$", bare, re.I) else f"{bare} {kind}"
    return _question(f"What does the {named} do{_on(named, subject)}")


_ENTITY_KINDS = frozenset("plan package tier model edition version subscription tariff".split())


def row(entity: str, kind: str, columns: Sequence[str], cell: str, subject: str) -> str:
    """A row of a wide table: "What are the price and monthly limit for the Basic plan?".

    Args:
        kind: the label of the entities' column ("Plan").
        columns: the labels of the columns asked for, at most three.
        cell: what stands in the first of them.
    """
    names = [_label(_without_unit(c)) for c in columns]
    noun = kind.lower() if kind.lower() in _ENTITY_KINDS and kind.lower() not in entity.lower() else ""
    named = f"the {entity} {noun}" if noun else entity
    on = _on(entity, subject)
    if len(names) == 1:
        price = re.match(r"(?:price|cost|fee)s?\b(?: (?:of|for) [a-z]+)? ?(.*)$", names[0])
        if price:
            return _question(f"How much does {named} cost {price.group(1)}{on}")
        if _is_plural(names[0]) and re.fullmatch(r"\s*(?:up to )?[\d., ]+\s*", cell):
            return _question(f"How many {names[0]} does {named} include{on}")
    be = "are" if len(names) > 1 or _is_plural(names[0]) else "is"
    return _question(f"What {be} the {listed(names)} for {named}{on}")


def names_an_offer(label: str) -> bool:
    """Whether a column's label says that its cells are plans, models or products: names that stand alone."""
    return (
        label.lower() in _ENTITY_KINDS
        or re.search(r"\b(?:product|item|part|drink|service|method)\b", label, re.I) is not None
    )


_CONTROLS = re.compile(
    r"\b(?:menu|dialog|panel|tab|toolbar|window|screen|keypad|remote control|settings page)s?$", re.I
)


def holds_controls(heading: str) -> bool:
    """Whether a heading names a place with buttons and fields, so "In “File menu”, what does X do?" reads well."""
    return _CONTROLS.search(bare_heading(heading)) is not None


def _label(text: str) -> str:
    """A column's or row's label inside a sentence: plain capitalised words lose their capitals, names and codes keep them."""
    return " ".join(w.lower() if re.fullmatch(r"[A-Z][a-z]+", w) and w not in _NAMES else w for w in text.split(" "))


_NAMES = frozenset("Bluetooth Ethernet Windows Linux Android Internet English Chinese Zigbee Thread Matter".split())


def _is_plural(phrase: str) -> bool:
    """Whether a noun phrase's head is plural ("grind settings", not "time until the refund arrives")."""
    head = re.split(r"\s(?:of|for|in|on|to|with|from|per|until|when|at|between|before|after)\s", f" {phrase} ")[
        0
    ].split()
    return bool(head) and head[-1].endswith("s") and not head[-1].endswith(("ss", "us", "is"))


def _without_unit(label: str) -> str:
    return re.sub(r"\s*[\[(（].*?[\])）]\s*$", "", bare_heading(label))


def interval(task: str, about: str, subject: str, prose: str) -> str:
    """A row of a maintenance schedule: how often the part or task is due. `about`: the column labels and the heading."""
    first = task.split()[0].lower()
    if first in _GERUNDS or first in (
        "clean",
        "descale",
        "replace",
        "empty",
        "rinse",
        "check",
        "wash",
        "lubricate",
        "inspect",
        "change",
    ):
        phrase = _verb_phrase(task, prose, steps=True)
        if phrase is not None and not _needs_object(phrase):
            return _question(f"How often should I {_with_subject(phrase, subject)}")
    text = _lowered(task, prose)
    done = (
        "replaced"
        if re.search(r"\b(?:replac|chang)", about, re.I)
        else "cleaned"
        if re.search(r"\bclean", about, re.I)
        else "serviced"
    )
    return _question(f"How often should the {text} be {done}{_on(text, subject)}")


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
    return f"What does {named} mean{_on(label, subject)}{', and what should I do' if curable else ''}?"


_KINDS = frozenset(
    "command option button property parameter file package program variable field function icon tool menu setting role mode key directory path".split()
)


def does(name: str, kind: str, place: str, subject: str) -> str:
    """A row of a table of commands, buttons, properties or files.

    Args:
        kind: the names' column label ("Property"); used when it is a word for what they are.
        place: the section, when the name alone would not tell which one is meant.
    """
    tool = " " in name and name.split()[-1].lower() in lex.TOOLS
    noun = kind.lower().removesuffix("s") if kind.lower().removesuffix("s") in _KINDS else ""
    quoted = name if name.startswith("`") else f"“{name}”"
    named = f"the {name}" if tool else f"the {quoted} {noun}" if noun and not name.startswith("`") else quoted
    if place:
        return f"In “{place}”, what does {named} do?"
    return f"What does {named} do{_on(name, subject)}?"


def shortcut(action: str, subject: str) -> str:
    """A row of a table of actions with their keys."""
    return f"What is the keyboard shortcut for “{action}”{_on(action, subject)}?"


def trouble_row(symptom: str, subject: str, prose: str) -> str | None:
    """A row of a troubleshooting table."""
    return problem(symptom, ("Troubleshooting",), subject, prose) or (
        f"What should I do about “{symptom}”{_on(symptom, subject)}?" if len(symptom) <= 80 else None
    )


# -- clauses ------------------------------------------------------------------------------------------------------


def if_clause(clause: str, acts: bool, subject: str) -> str:
    """Such as "If the lamp blinks" → "What should I do if the lamp blinks?" (or "What happens if …?")."""
    text = _generic_to_subject(_swap_person(clause), subject)
    about_me = re.search(r"\bI\b", text) is not None
    return _question(f"What {'should I do' if acts else 'happens'} if {text}{'' if about_me else _on(text, subject)}")


def purpose(verb_phrase: str, subject: str) -> str:
    """Such as "To reset the router, …" → "How do I reset the router?"."""
    return _question(f"How do I {_with_subject(_swap_person(verb_phrase), subject)}")


def within(verb_phrase: str) -> str:
    """Such as "You may return items within 30 days" → "How long do I have to return items?"."""
    return _question(f"How long do I have to {_swap_person(verb_phrase)}")
