"""English question forms: a standard question is read into its form and topic, and written in the like forms.

A form that does not fit for certain gives nothing: fewer wordings are better than broken ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.english_words import (
    ADJECTIVES,
    FEES,
    FROM_ADJECTIVE,
    HAS_NOUNS,
    MEASURES,
    PREDICATES,
    STATE_VERBS,
    VERBS,
    contracted,
    gerund,
    keywords,
    swapped,
    third_person,
    upper_first,
)

Wordings = Iterator[tuple[str, str]]


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str], PairKind | None], Wordings]


def wordings(question: str, kind: PairKind | None) -> Wordings:
    """(text, style) of other wordings, best first; nothing for texts of several sentences or of unknown form."""
    bare = _LEAD.sub("", question.strip()).strip()
    asked = bare.endswith("?")
    bare = bare.rstrip("?. ")
    if not bare or len(bare) > 140 or _SEVERAL.search(bare):
        return
    for form in _FORMS:
        match = form.pattern.fullmatch(bare)
        if match is not None:
            yield from form.write(match, kind)
            return
    if not asked:
        yield from _heading(bare)


_LEAD = re.compile(
    r"^(?:(?:but|and|so|ok|well|hi|hello|please)[, ]+)+(?=(?:how|what|why|when|where|who|which|can|is|are|do"
    r"|does)\b)|^\d+[.)]\s+",
    re.I,
)
# A second sentence, a second question ("…, and if so, how?"), a list with a slash at the start, editors' marks.
_SEVERAL = re.compile(
    r"[?!;:…]|\.\s+[A-Z]|\[closed\]|, and (?:if|how|why|what(?! should I do$)|when|where)\b|,? if so\b|^\(|\?\s"
    r"|\betc\b|–|—|\n",
    re.I,
)


# -- how to ---------------------------------------------------------------------------------------------------


def _how_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How do I reset the router?"""
    who, do = (match["who"] or "I").replace("i", "I"), match["do"]
    if _reads_badly(do):
        return
    if who.lower() == "you":
        if re.search(r"\byour(?:s|self)?\b", do):
            return
        who = "I"
    verb = do.split()[0].lower()
    yield f"How can {who} {do}?" if not match[0].lower().startswith("how can") else f"How do {who} {do}?", "colloquial"
    if verb in STATE_VERBS or verb.endswith("ly") or verb in ("only", "also", "still"):
        yield f"What is the best way to {do}?", "formal"
    else:
        yield f"What are the steps to {do}?", "formal"
    yield f"I want to {do}. How do I do that?" if who == "I" else f"We want to {do}. How do we do that?", "situation"
    if match[0].lower().startswith("how to"):
        yield f"How do I {do}?", "colloquial"
    else:
        yield f"How to {do}", "keyword"
    other = swapped(do)
    if other:
        yield f"How do {who} {other}?", "colloquial"
    yield f"Can you tell me how to {do}?", "colloquial"
    yield _typed(do), "keyword"


def _typed(do: str) -> str:
    """A task as typed into a search box, "" when it is too long for that."""
    text = keywords(do)
    return text if 2 <= len(text.split()) <= 9 and "," not in text else ""


def _reads_badly(do: str, min_words: int = 2) -> bool:
    """Not a plain verb phrase: a negated or passive one, a noun, a bare pronoun object."""
    words = do.lower().split()
    return (
        len(words) < min_words
        or words[0] in ("not", "be", "the", "a", "an", "much", "many", "it", "this", "that")
        or words[0].endswith(("ing", "ed"))
    )


def _led_how(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """In Google Drive, how can I link to a file?"""
    lead = match["lead"][0].lower() + match["lead"][1:]
    do, who = match["do"], match["who"]
    if _reads_badly(do) or len(lead.split()) > 6:
        return
    yield f"How do {who} {do} {lead}?", "colloquial"
    yield f"How to {do} {lead}", "keyword"
    yield f"What are the steps to {do} {lead}?", "formal"


def _how_works(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How does the trial work?"""
    np, rest = match["np"], match["rest"] or ""
    works = "works" if match["aux"].lower() == "does" else "work"
    yield f"Can you explain how {np} {works}{rest}?", "formal"
    yield f"In what way does {np} work{rest}?" if works == "works" else f"In what way do {np} work{rest}?", "formal"
    yield f"How {np} {works}{rest}", "keyword"


def _differ(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How does A differ from B? / What is the difference between A and B?"""
    a, b = match["a"], match["b"]
    if " and " in a or " and " in b or "," in a + b:
        return
    yield f"What is the difference between {a} and {b}?", "formal"
    yield f"How do {a} and {b} differ?", "formal"
    yield f"What's the difference between {a} and {b}?", "colloquial"
    yield f"How is {a} different from {b}?" if not _plural(a) else f"How are {a} different from {b}?", "colloquial"
    yield f"difference between {keywords(a)} and {keywords(b)}", "keyword"


def _heading(text: str) -> Wordings:
    """Export messages to text files — a task without a question word."""
    words = text.split()
    if (
        len(words) < 3
        or words[0].lower() not in VERBS
        or words[1].lower()
        in ("in", "out", "up", "on", "off", "is", "are", "of", "and", "or", "was", "mode", "error", "time")
    ):
        return
    if re.search(r"\b(?:is|are|was|were|has|does|will|can(?:not)?|fails?)\b", text):
        return
    do = words[0].lower() + text[len(words[0]) :]
    yield f"How do I {do}?", "colloquial"
    yield f"What are the steps to {do}?", "formal"
    yield f"How to {do}", "keyword"
    yield f"I want to {do}. How do I do that?", "situation"


# -- what is ----------------------------------------------------------------------------------------------------


def _attribute(match: re.Match[str], kind: PairKind | None) -> Wordings:
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
        yield f"What {name} {'do' if _plural(np) else 'does'} {np} have?", "colloquial"
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


def _definition(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is a bill of materials?"""
    be, np = (match["be"] or "is").lower(), match["np"]
    if len(np.split()) > 9 or re.match(
        r"(?:it|this|that|these|those|there|all|meant|called|your|included|required|needed|allowed|supported"
        r"|covered|i|you|we|in|on|at|for|with|under|inside|about|wrong|new|happening|up|going)\b",
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


def _mean(match: re.Match[str], kind: PairKind | None) -> Wordings:
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


def keywords_of(where: str) -> str:
    """A place phrase (" on the X200") without its article."""
    return f" {keywords(where.strip())}" if where.strip() else ""


def _with_article(np: str) -> str:
    return np if re.match(r"(?:the|an?|this)\b|error\b|fault\b|code\b", np, re.I) else f"the {np}"


def _does(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What does the Clean button do? / What is the Clean button for?"""
    np = match["np"]
    where = match["where"] or ""
    be = "are" if _plural(np) else "is"
    yield f"What {be} {np} for{where}?" if not where else f"What {be} {np} used for{where}?", "colloquial"
    yield f"What is the purpose of {np}{where}?", "formal"
    if not where:
        yield f"What {be} {np} used for?", "formal"
    yield f"Can you explain what {np} {'do' if be == 'are' else 'does'}{where}?", "formal"
    yield f"{keywords(np)} function", "keyword"


def _rules(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What are the rules on late delivery?"""
    np = match["np"]
    yield f"What rules apply to {np}?", "formal"
    yield f"Can you tell me the rules on {np}?", "colloquial"
    yield f"{keywords(np)} rules", "keyword"
    yield f"Which rules apply to {np}?", "formal"


def _about(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What should I know about safety?"""
    np = match["np"]
    yield f"What do I need to know about {np}?", "colloquial"
    yield f"Can you tell me what I should know about {np}?", "formal"
    yield f"What should I bear in mind about {np}?", "formal"


def _meant(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is meant by Pre-Depends?"""
    np = match["np"]
    if len(np.split()) > 6:
        return
    yield f"What does {np} mean?", "colloquial"
    yield f"What is the meaning of {np}?", "formal"
    yield f"Can you explain what is meant by {np}?", "formal"


def _contains(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What does the stable directory contain?"""
    aux, np, verb, rest = match["aux"].lower(), match["np"], match["verb"].lower(), match["rest"] or ""
    if len(np.split()) > 6 or re.match(r"(?:it|this|that|they|these)$", np, re.I):
        return
    shown = third_person(verb) if aux == "does" else verb
    yield f"Can you tell me what {np} {shown}{rest}?", "formal"
    yield f"I'd like to know what {np} {shown}{rest}.", "colloquial"


def _how_many_are(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How many plans are there?"""
    np = match["np"]
    yield f"Can you tell me how many {np} there are?", "formal"
    yield f"I'd like to know how many {np} there are.", "colloquial"
    yield f"number of {keywords(np)}", "keyword"


def _included(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is included in the package of the X200?"""
    np = match["np"]
    yield f"What comes in the box with {np}?", "colloquial"
    yield f"Which items are included with {np}?", "formal"
    yield f"{keywords(np)} package contents", "keyword"


def _apply(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What safety instructions apply to the X200?"""
    np, to = match["np"], match["to"]
    yield f"{'What' if match[0].lower().startswith('which') else 'Which'} {np} apply to {to}?", "colloquial"
    yield f"Can you tell me which {np} apply to {to}?", "formal"
    yield f"What are the {np} for {to}?", "colloquial"
    yield f"{keywords(to)} {np}", "keyword"


def _intended(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What is the X200 intended for?"""
    np = match["np"]
    yield f"What can {np} be used for?", "colloquial"
    yield f"What is the intended use of {np}?", "formal"
    yield f"{keywords(np)} intended use", "keyword"


def _which(match: re.Match[str], kind: PairKind | None) -> Wordings:
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


# -- trouble ------------------------------------------------------------------------------------------------------


def _what_if_acts(match: re.Match[str], kind: PairKind | None) -> Wordings:
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


def _what_about(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What should I do about low pressure?"""
    np = match["np"]
    yield f"How do I deal with {np}?", "colloquial"
    yield f"What can I do about {np}?", "formal"
    yield keywords(np), "keyword"


def _what_happens(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """What happens if I miss the delivery?"""
    clause, link = match["clause"], match["link"].lower()
    if len(clause.split()) < 3:
        return
    if "," not in clause:
        yield f"If {clause}, what happens?" if link == "if" else f"When {clause}, what happens?", "situation"
    yield f"What will happen {link} {clause}?", "formal"
    if link == "if":
        yield f"What if {contracted(clause)}?", "colloquial"


def _why_cannot(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Why can't I log in?"""
    do = match["do"]
    yield f"I can't {do}. What is wrong?", "situation"
    yield f"Why am I unable to {do}?", "formal"
    yield f"can't {keywords(do)}", "keyword"
    yield f"What can I do if I can't {do}?", "colloquial"


def _why_not(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Why does the pump not start?"""
    np, do = match["np"], match["do"]
    if len(np.split()) > 5:
        return
    plural = match["aux"].lower() == "do"
    yield f"Why {'don' if plural else 'doesn'}'t {np} {do}?", "colloquial"
    yield f"{upper_first(_mine(np))} {'don' if plural else 'doesn'}'t {do}. Why?", "situation"
    yield f"What is the reason that {np} {'do' if plural else 'does'} not {do}?", "formal"


def _why_so(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Why is the pump so noisy?"""
    be, np, rest = match["be"].lower(), match["np"], match["rest"]
    if len(np.split()) > 6:
        return
    yield f"How come {np} {be} {rest}?", "colloquial"
    yield f"Can you explain why {np} {be} {rest}?", "formal"
    yield f"{upper_first(np)} {be} {rest}. Why?", "situation"


# -- yes or no ------------------------------------------------------------------------------------------------------


def _can_i(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Can I return an opened item?"""
    who, do = match["who"].replace("i", "I"), match["do"]
    if _reads_badly(do) or re.match(r"(?:also|still|just|only|safely|only|really) ", do):
        return
    yield f"Is it possible to {do}?", "formal"
    yield f"{'Am I' if who == 'I' else 'Are we'} able to {do}?", "formal"
    yield f"{who} want to {do}. Is that possible?".replace("we want", "We want"), "situation"
    if kind is PairKind.POLICY:
        yield f"{'Am I' if who == 'I' else 'Are we'} allowed to {do}?", "colloquial"
    other = swapped(do)
    if other:
        yield f"Can {who} {other}?", "colloquial"
    yield f"Is there a way to {do}?", "colloquial"
    yield _typed(do), "keyword"


def _possible(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Is it possible to link to a page? / Is there a way to …?"""
    do = match["do"]
    if _reads_badly(do):
        return
    yield f"Can I {do}?", "colloquial"
    yield f"Is it possible to {do}?", "formal"
    yield f"Is there a way to {do}?", "colloquial"
    yield f"I want to {do}. Is that possible?", "situation"
    yield _typed(do), "keyword"


def _can_be(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Can the filter be washed?"""
    np, rest = match["np"], match["rest"]
    if len(np.split()) > 6 or re.match(r"(?:I|you|we|it|they|this|that)\b", np, re.I):
        return
    yield f"Is it possible for {np} to be {rest}?", "formal"
    yield f"Can you tell me whether {np} can be {rest}?", "formal"
    yield f"I'd like to know if {np} can be {rest}.", "colloquial"


def _can_they(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Can employees work from home?"""
    np, do = match["np"].lower(), match["do"]
    if _reads_badly(do):
        return
    yield f"Are {np} allowed to {do}?", "colloquial"
    yield f"Is it possible for {np} to {do}?", "formal"
    yield f"Can you tell me whether {np} can {do}?", "formal"


def _need_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Do I need to register the product?"""
    do = match["do"]
    if _reads_badly(do, 1):
        return
    yield f"Do I need to {do}?", "colloquial"
    yield f"Is it necessary to {do}?", "formal"
    yield f"Do I have to {do}?", "colloquial"
    yield f"Am I required to {do}?", "formal"


def _should_i(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Should I keep the packaging?"""
    do = match["do"]
    if _reads_badly(do, 1):
        return
    yield f"Is it a good idea to {do}?", "colloquial"
    yield f"Is it recommended to {do}?", "formal"
    yield f"Is it advisable to {do}?", "formal"


def _supports(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Does the Hub support 5 GHz?"""
    aux, np, what = match["aux"].lower(), match["np"], match["what"]
    if len(np.split()) > 5:
        return
    verb = "supports" if aux == "does" else "support"
    if len(what.split()) <= 4:
        yield f"{'Are' if _plural(what) else 'Is'} {what} supported by {np}?", "formal"
    yield f"Can you tell me whether {np} {verb} {what}?", "formal"
    yield f"I'd like to know if {np} {verb} {what}.", "colloquial"
    yield f"{keywords(np)} {keywords(what)} support", "keyword"


def _compatible(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Does the lock work with Alexa?"""
    aux, np, what = match["aux"].lower(), match["np"], match["what"]
    if len(np.split()) > 5:
        return
    yield f"{'Is' if aux == 'does' else 'Are'} {np} compatible with {what}?", "formal"
    yield f"Can you tell me whether {np} {'works' if aux == 'does' else 'work'} with {what}?", "formal"
    yield f"Can I use {np} with {what}?", "colloquial"
    yield f"{keywords(np)} {keywords(what)} compatibility", "keyword"


def _does_it(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Does the hub work without the internet?"""
    aux, np, verb, rest = match["aux"].lower(), match["np"], match["verb"].lower(), match["rest"] or ""
    if len(np.split()) > 5 or verb in ("also", "still", "only", "always", "ever", "automatically"):
        return
    if re.match(r"(?:it|this|that|they|these|he|she)$", np, re.I):
        return
    shown = third_person(verb) if aux == "does" else verb
    yield f"Can you tell me whether {np} {shown}{rest}?", "formal"
    yield f"I'd like to know if {np} {shown}{rest}.", "colloquial"
    if np.lower() not in ("you", "i", "we"):
        yield f"Is it true that {np} {shown}{rest}?", "colloquial"


def _is_there(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Is there a discount for students?"""
    be, rest = match["be"].lower(), match["rest"]
    yield f"Can you tell me whether there {be} {rest}?", "formal"
    yield f"I'd like to know if there {be} {rest}.", "colloquial"


def _is_adjective(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Is the battery included?"""
    be, np, adjective, rest = match["be"].lower(), match["np"], match["adj"], match["rest"] or ""
    if len(np.split()) > 5:
        return
    yield f"Can you tell me whether {np} {be} {adjective}{rest}?", "formal"
    yield f"I'd like to know if {np} {be} {adjective}{rest}.", "colloquial"
    yield keywords(f"{np} {adjective}{rest}"), "keyword"


# -- how long, how much, when, where, who -----------------------------------------------------------------------------


def _takes(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long does delivery take? / How long does it take to charge the battery?"""
    np, rest = match["np"], match["rest"] or ""
    if len(np.split()) > 6:
        return
    plural = match["aux"].lower() == "do"
    yield f"How much time {'do' if plural else 'does'} {np} take{rest}?", "colloquial"
    yield f"How long will {np} take{rest}?", "colloquial"
    if np.lower() != "it":
        yield f"{keywords(np)} time", "keyword"


def _have_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long do I have to return an item?"""
    do = match["do"]
    if re.match(r"(?:wait|keep|hold|press|stay|leave|run|let|boil|cook|charge)\b", do):
        return
    verb, _, rest = do.partition(" ")
    yield f"How much time do I have to {do}?", "colloquial"
    yield f"What is the time limit for {gerund(verb)}{' ' + rest if rest else ''}?", "formal"
    yield f"By when do I have to {do}?", "colloquial"
    yield f"{keywords(do)} time limit", "keyword"


def _how_long_is(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long is the warranty (of the X200)?"""
    np = match["np"]
    state = re.fullmatch(r"(?P<np>.+?) (?P<state>valid|available|open|closed|stored|kept|covered|visible|active)", np)
    if state:
        yield f"For how long is {np}?", "formal"
        yield f"Can you tell me how long {state['np']} is {state['state']}?", "formal"
        yield f"I'd like to know how long {state['np']} is {state['state']}.", "colloquial"
        return
    head = re.split(r" (?:of|for|on|in) ", np)[0]
    if re.search(r"\b(?:period|term|duration|time|lifetime|deadline|validity)$", head):
        yield f"What is {np}?", "formal"
    elif re.search(r"\bwarranty$", head):
        tail = np[len(head) :]
        yield f"What is the warranty period{tail}?", "formal"
        yield f"How long does {np} last?", "colloquial"
    elif not re.search(r"\b(?:cable|cord|hose|lead|table|board|rod|pipe|room|belt|length)\b", head):
        yield f"How long does {np} last?", "colloquial"
    yield f"Can you tell me how long {np} is?", "formal"
    yield f"I'd like to know how long {np} is.", "colloquial"
    if re.search(r"\b(?:period|warranty|time|duration)$", head):
        yield keywords(np) + ("" if not head.endswith("warranty") or len(np) > len(head) else " duration"), "keyword"


def _how_long_can(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long can I store milk? / How long should I charge it?"""
    modal, do = match["modal"].lower(), match["do"]
    yield f"For how long {modal} I {do}?", "formal"
    yield f"Can you tell me how long I {modal} {do}?", "formal"
    yield f"I'd like to know how long I {modal} {do}.", "colloquial"


def _costs(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How much does delivery cost?"""
    np = match["np"]
    if re.match(r"it\b", np, re.I):
        return
    yield f"What is the price of {np}?", "formal"
    yield f"How much is {np}?" if not _plural(np) else f"How much are {np}?", "colloquial"
    yield f"What {'do' if match['aux'].lower() == 'do' else 'does'} {np} cost?", "colloquial"
    yield f"{keywords(np)} price", "keyword"
    yield f"Can you tell me how much {np} {'cost' if match['aux'].lower() == 'do' else 'costs'}?", "formal"


def _how_much_is(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How much is the deposit?"""
    be, np = match["be"].lower(), match["np"]
    head = re.split(r" (?:of|for|on|in|to|from) ", np)[0]
    if FEES.search(head):
        yield f"What {be} {np}?", "formal"
    else:
        yield f"How much {'does' if be == 'is' else 'do'} {np} cost?", "colloquial"
        yield f"What is the price of {np}?", "formal"
    yield f"Can you tell me how much {np} {be}?", "formal"
    if not FEES.search(head) or " " in keywords(np):
        yield keywords(np) if FEES.search(head) else f"{keywords(np)} price", "keyword"


def _how_much_does(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How much water does the tank hold? / How many days of leave do employees get?"""
    word, what, np, verb, rest = (
        match["word"].lower(),
        match["what"],
        match["np"],
        match["verb"].lower(),
        match["rest"] or "",
    )
    if len(what.split()) > 4 or len(np.split()) > 7 or re.match(r"(?:it|they|this|that)$", np, re.I):
        return
    shown = third_person(verb) if match["aux"].lower() == "does" else verb
    yield f"Can you tell me how {word} {what} {np} {shown}{rest}?", "formal"
    yield f"I'd like to know how {word} {what} {np} {shown}{rest}.", "colloquial"
    if verb == "hold" and word == "much" and not rest:
        yield f"What is the {what} capacity of {np}?", "formal"


def _how_many(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How many devices can I connect to the hub?"""
    np, do = match["np"], match["do"]
    yield f"What is the maximum number of {np} I can {do}?", "formal"
    yield f"Can you tell me how many {np} I can {do}?", "formal"
    yield f"Up to how many {np} can I {do}?", "colloquial"
    yield f"maximum number of {keywords(np)}", "keyword"


def _how_often(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How often should I descale the machine? / How often must the filter be replaced?"""
    rest = match["rest"]
    yield f"How frequently {rest}?", "formal"
    yield f"At what intervals {rest}?", "formal"
    done = re.fullmatch(r"(?:should|must) (?P<np>.+?) be (?P<done>\w+(?: .+)?)", rest)
    if done:
        yield (
            f"How often {'do' if _plural(done['np']) else 'does'} {done['np']} need to be {done['done']}?",
            "colloquial",
        )
    should = re.match(r"(?:should|must|do|can) I (?:(?:need|have) to )?(?P<do>.+)", rest)
    if should:
        yield f"How often do I need to {should['do']}?", "colloquial"
        yield f"How often do I have to {should['do']}?", "colloquial"
        yield f"how often to {keywords(should['do'])}", "keyword"


def _how_adjective(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How heavy is the X200?"""
    adjective, be, np = match["adj"].lower(), match["be"].lower(), match["np"]
    yield f"What is the {FROM_ADJECTIVE[adjective]} of {np}?", "formal"
    yield f"Can you tell me how {adjective} {np} {be}?", "formal"
    yield f"{keywords(np)} {FROM_ADJECTIVE[adjective]}", "keyword"


def _when(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """When should I replace the filter?"""
    aux, who, do = match["aux"].lower(), match["who"].replace("i", "I"), match["do"]
    verb = "" if aux == "do" else f"{aux} "
    yield f"Can you tell me when {who} {verb}{do}?", "formal"
    if aux in ("should", "must"):
        yield f"When do {who} need to {do}?", "colloquial"
        yield f"At what point {aux} {who} {do}?", "formal"
        yield f"when to {keywords(do)}", "keyword"
    elif aux == "can":
        yield f"How soon can {who} {do}?", "colloquial"
        yield f"I'd like to know when {who} can {do}.", "colloquial"
    elif aux == "will":
        yield f"How soon will {who} {do}?", "colloquial"


def _where_find(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Where can I find the serial number?"""
    np = match["np"]
    be = "are" if _plural(re.split(r" (?:of|for|on|in) ", np)[0]) else "is"
    if re.search(r"\b(?:information|out|help|more)\b", np):
        yield f"Can you tell me where to find {np}?", "formal"
        yield f"How can I find {np}?", "colloquial"
        return
    yield f"Where {be} {np}?", "colloquial"
    yield f"Where {be} {np} located?", "formal"
    yield f"Can you tell me where {np} {be}?", "formal"
    yield f"How do I find {np}?", "colloquial"
    yield f"where to find {keywords(np)}", "keyword"


def _where_can(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Where can I buy spare parts?"""
    aux, do = match["aux"].lower(), match["do"]
    yield (
        f"Can you tell me where I {'can ' if aux == 'can' else ''}{do}?"
        if aux in ("can", "do")
        else f"Where am I supposed to {do}?",
        "formal",
    )
    yield f"Where do I {do}?" if aux == "can" else f"Where can I {do}?", "colloquial"
    yield f"I want to {do}. Where can I do that?", "situation"
    yield f"where to {keywords(do)}", "keyword"


def _where_is(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Where is the serial number (printed)?"""
    be, np = match["be"].lower(), match["np"]
    located = re.fullmatch(r"(?P<np>.+?) (?:located|printed|found|shown|stored)", np)
    bare = located["np"] if located else np
    yield f"Where can I find {bare}?", "colloquial"
    yield f"Can you tell me where {np} {be}?" if not located else f"Can you tell me where {bare} {be}?", "formal"
    yield f"where to find {keywords(bare)}", "keyword"


def _who(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Who pays for the return?"""
    rest = match["rest"]
    yield f"Can you tell me who {rest}?", "formal"
    yield f"I'd like to know who {rest}.", "colloquial"
    pays = re.fullmatch(r"(?:pays|bears) (?:for )?(?P<np>.+)", rest)
    if pays:
        yield f"Do I have to pay for {pays['np']} myself?", "colloquial"


def _plural(np: str) -> bool:
    head = re.split(r" (?:of|for|on|in|to|from|with) ", np)[0].split()[-1].lower()
    return " and " in np or (
        head.endswith("s") and not head.endswith(("ss", "us", "is", "'s", "os")) and not re.search(r"\d", head)
    )


_WHO = r"(?P<who>I|we|you)"
_FORMS: tuple[_Form, ...] = tuple(
    _Form(re.compile(pattern, re.I), write)
    for pattern, write in (
        (r"(?:how (?:do|can|could|should|would) (?P<who>I|we|you)|how to) (?!know\b)(?P<do>\S+ .+)", _how_to),
        (rf"(?P<lead>(?:in|on|with|for) [^,]+), how (?:do|can|should) {_WHO} (?P<do>.+)", _led_how),
        (
            r"how (?P<aux>does|do) (?P<np>(?!I\b|you\b|we\b|it\b).+?) work(?P<rest> (?:in|on|with|for|at|under) .+)?",
            _how_works,
        ),
        (r"how (?:does|do) (?P<a>.+?) differ from (?P<b>.+)", _differ),
        (r"what(?:'s| is| are) the differences? between (?P<a>.+?) and (?P<b>.+)", _differ),
        (r"what (?:should|can|must|do) (?:I|we|you) do (?P<link>if|when) (?P<clause>.+)", _what_if_acts),
        (r"what to do (?P<link>if|when) (?P<clause>.+)", _what_if_acts),
        (r"what (?:should|can) I do about (?P<np>.+)", _what_about),
        (r"what happens (?P<link>if|when) (?P<clause>.+)", _what_happens),
        (r"what does (?P<np>.+?) mean(?P<where> (?:on|in|for) .+?)?(?P<act>, and what should I do)?", _mean),
        (r"what (?:does|do) (?P<np>.+?) do(?P<where> (?:on|in) .+)?", _does),
        (r"what (?:is|are) the rules on (?P<np>.+)", _rules),
        (r"(?:which|what) (?P<np>(?:[\w-]+ ){0,2}[\w-]+s) apply to (?P<to>.+)", _apply),
        (r"what (?P<be>is|are) (?P<np>.+?) (?:intended|meant) for", _intended),
        (r"what should I know about (?P<np>.+)", _about),
        (r"what is meant by (?P<np>.+)", _meant),
        (
            r"what (?P<aux>does|do) (?P<np>.+?) (?P<verb>contain|include|cover|weigh|show|require|need|cost)"
            r"(?P<rest> .+)?",
            _contains,
        ),
        (r"how many (?P<np>.+) are there", _how_many_are),
        (r"what is included in the package of (?P<np>.+)", _included),
        (r"what (?P<be>is|are) the (?P<name>(?:[\w-]+ ){0,3}[\w-]+) of (?P<np>.+)", _attribute),
        (r"what(?:'s| (?P<be>is|are)) (?P<np>.+)", _definition),
        (r"(?:which|what) (?P<np>\S+(?: \S+){0,3}?) (?P<aux>are|is|can|does|do|should|must|will) (?P<rest>.+)", _which),
        (r"why can(?:'t|not| not) I (?P<do>.+)", _why_cannot),
        (r"why (?P<aux>does|do) (?P<np>.+?) not (?P<do>.+)", _why_not),
        (r"why (?P<be>is|are) (?P<np>.+?) (?P<rest>(?:so|too|not) .+)", _why_so),
        (rf"can {_WHO.replace('|you', '')} (?P<do>.+)", _can_i),
        (r"is (?:it possible|there (?:a|any) way) to (?P<do>.+)", _possible),
        (r"can (?P<np>.+?) be (?P<rest>.+)", _can_be),
        (
            r"can (?P<np>employees|customers|children|users|guests|members|students|visitors|tenants|patients"
            r"|retailers|dealers|resellers|minors) (?P<do>.+)",
            _can_they,
        ),
        (r"(?:do I (?:need|have) to|must I) (?P<do>.+)", _need_to),
        (r"should I (?P<do>.+)", _should_i),
        (r"(?P<aux>does|do) (?P<np>(?!you\b).+?) support (?P<what>.+)", _supports),
        (r"(?P<aux>does|do) (?P<np>.+?) work with (?P<what>.+)", _compatible),
        (rf"(?P<aux>does|do) (?P<np>.+?) (?P<verb>{'|'.join(sorted(PREDICATES))})(?P<rest> .+)?", _does_it),
        (r"(?P<be>is|are) there (?P<rest>.+)", _is_there),
        (
            rf"(?P<be>is|are) (?P<np>(?:the|my|your"
            rf"|an?)? ?.+?) (?P<adj>(?:not )?(?:{'|'.join(sorted(ADJECTIVES))}))(?P<rest> .+)?",
            _is_adjective,
        ),
        (r"how long (?P<aux>does|do|will) (?P<np>.+?) take(?P<rest> .+)?", _takes),
        (r"how long do I have to (?P<do>.+)", _have_to),
        (r"how long (?P<modal>can|should|must|may) I (?P<do>.+)", _how_long_can),
        (r"how long is (?P<np>.+)", _how_long_is),
        (r"how much (?P<aux>does|do) (?P<np>.+?) cost", _costs),
        (r"how much (?P<be>is|are) (?P<np>.+)", _how_much_is),
        (
            r"how (?P<word>much|many) (?P<what>.+?) (?P<aux>does|do) (?P<np>.+?) (?P<verb>hold|need|use|consume"
            r"|contain|require|get|have|receive|support|store|take|include|offer|produce)(?P<rest> .+)?",
            _how_much_does,
        ),
        (r"how many (?P<np>.+?) can I (?P<do>.+)", _how_many),
        (r"how often (?P<rest>(?:should|must|do|does|is|are|can|will) .+)", _how_often),
        (rf"how (?P<adj>{'|'.join(FROM_ADJECTIVE)}) (?P<be>is|are) (?P<np>.+)", _how_adjective),
        (r"when (?P<aux>can|should|must|will|do) (?P<who>I|we) (?P<do>.+)", _when),
        (r"where (?:can|do) I find (?P<np>.+)", _where_find),
        (r"where (?P<aux>can|do|should) I (?P<do>.+)", _where_can),
        (r"where (?P<be>is|are) (?P<np>.+)", _where_is),
        (r"who (?P<rest>(?!am\b|are you\b)[a-z]+ .+)", _who),
    )
)
