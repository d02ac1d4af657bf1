"""Headings that name a task, as "How do I …?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.english.grammar import GERUNDS, article_for, as_question, lowered, ungerund, with_objects
from kbbuilder.stages.extract.english.instruction import instructs
from kbbuilder.stages.extract.english.naming import is_product, mentions, name_above, name_of, swap_person, with_subject
from kbbuilder.stages.extract.english.scope import for_service, in_place, leaves_open, on_system, place_of, product_of

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
    if not 1 <= len(bare) <= 90 or is_question(bare) or re.search(r"[:?;=\[\]]", bare):
        return None
    if bare.count("(") != bare.count(")") or re.search(r"\b(?:tab|dialog|window|panel|box|pane)$", bare, re.I):
        return None  # "Opening Balance tab" names a part of a screen
    bare = _without_remark(bare)
    if re.match(r"(?:this|these|those|such) (?!is |are |can |may |must |requires )", prose.lstrip(), re.I):
        return None  # "This step tries to …" goes on from the page before
    if not instructs(prose, steps, firmly=_begins_vaguely(bare)) or works_an_example((*parents, heading), prose):
        return None
    phrase = verb_phrase(bare, prose, steps)
    if phrase is None and parents and (steps or _INSTRUCTS.search(prose)):
        joint = _under_parent(bare, parents, subject, prose)
        return joint if joint and not _names_no_task(joint.removeprefix("How do I ").rstrip("?")) else None
    if phrase is None:
        return None
    phrase = re.sub(r"(?<=\w) / (?=\w)", " or ", swap_person(phrase))
    part = _BARE_PART.fullmatch(phrase)
    if part and len(parents) > 1 - bool(subject and not mentions(parents[0], subject)):
        named = _part_above(part.group("noun"), bare_heading(parents[-1]))
        if named is None:
            return None
        phrase = f"{part.group('verb')} the {named}{'s' if part.group('many') else ''}"
    if _names_no_task(phrase) or is_bound(phrase):
        return None
    subject = product_of(parents, subject, prose)
    if not subject and not tells_apart(phrase):
        subject = name_above(parents, prose)
    if not subject and not names_its_matter(phrase) and not _tells_much(phrase):
        return None
    if subject.lower() in lex.PLATFORM and re.fullmatch(r"\w+ the (?:program|application|tool|software)", phrase):
        return None  # which of a system's programs?
    if len(parents) > 2 and leaves_open(phrase, parents):
        return None
    on_whole = phrase.split()[0] in lex.ON_SOFTWARE and not re.match(r"\w+ (?:from|with|by|as) ", phrase)
    if " " not in phrase and not on_whole and phrase not in _ALONE and not is_product(subject):
        return None  # "initialize" – what?
    if needs_object(phrase) and not is_product(subject) and not on_whole:
        return as_question(f"How do I {phrase} in {name_of(subject)}") if subject else None
    if needs_object(phrase):
        target = name_of(subject) if subject else ""
        if not target or (len(parents) > 1 and not mentions(" ".join(parents[-2:]), subject)):
            return None  # "Installing" below "Proxy" is not about the whole product
        verb, _, rest = phrase.partition(" ")
        if phrase.endswith((" up", " of")):
            verb, rest = phrase, ""
        return as_question(f"How do I {verb} {target} {rest}")
    phrase = for_service(on_system(phrase, parents, subject), parents, subject)
    place = place_of(parents[-1:])
    place = place if place.split(" ")[-1].lower() in _PLACES else ""
    return in_place(as_question(f"How do I {with_subject(phrase, subject)}"), place, subject)


_PLACES = frozenset("dialog window panel menu wizard assistant inspector toolbar importer matcher console".split())
"""Where one is while a whole section's task is done; a table or a page may be just what it is done to."""


def in_a_customers_words(heading: str, subject: str, prose: str) -> str:
    """A manual's "How to Set Your Clock" → "How do I set my clock on the X200?"."""
    task = re.sub(r"^how to\s+", "", heading, flags=re.I).rstrip(" .")
    return as_question(f"How do I {with_subject(swap_person(lowered(task, prose)), subject)}")


def for_whom(question: str, audience: str) -> str:
    """A task with the role it is done in, where a user's task could bear the same name: "… in Tidepool as a developer?"."""
    if not audience or not question.startswith("How do I ") or re.search(rf"`| as a|{audience}", question, re.I):
        return question
    return f"{question.rstrip('?')} as {'an' if audience[0] in 'aeiou' else 'a'} {audience}?"


_BARE_PART = re.compile(
    r"(?P<verb>[a-z]+) (?:(?:the|this|these) )?(?P<noun>command|dialog|dialogue|filter|tool|submenu|menu|panel|window|wizard|plug-?in|option|function)(?P<many>s?)"
)


_OF_A_CASE = re.compile(
    r"\bTutorial(?! \w+s\b)\b|\b(?:[Ee]xample|[Cc]ase [Ss]tudy|[Ww]alk-?[Tt]hrough|[Ee]xercise|[Ll]esson|[Oo]ur)\b"
)
_IN_A_CASE = re.compile(
    r"\b(?:in our (?:case|example)|our (?:script|board|design|layout|example|new|image|work|sample)|we shall|(?:for|in) (?:this|our) example"
    r"|let(?:['’]s| us) (?:say|suppose)|(?:drawn|created|added|placed|made|defined|set up|built) earlier)\b",
    re.I,
)


def works_an_example(headings: Sequence[str], prose: str) -> bool:
    """Whether a section does its task for one example – a tutorial's board, "our script" – rather than for any."""
    return any(_OF_A_CASE.search(heading) for heading in headings) or _IN_A_CASE.search(prose) is not None


def _part_above(noun: str, heading: str) -> str | None:
    """Such as "filter" below "Soft Glow" → "Soft Glow filter"; None when the heading names none."""
    words = heading.split()
    if not 1 <= len(words) <= 4 or not heading[0].isupper() or words[0].lower() in GERUNDS or is_generic(heading):
        return None
    return heading if words[-1].lower() == noun else f"{heading} {noun}"


def _without_remark(bare: str) -> str:
    """A heading without a remark in brackets at its end ("(optional)"); what tells two headings apart stays."""
    return re.sub(r" \((?!with|for|on|using|in |from|by )[a-z][^()]*\)$", "", bare)


_VAGUE = re.compile(
    r"^(?:manag|handl|maintain|work|monitor|secur|integrat|track|avoid|prevent|develop|choos|select|plan|design|identify|support|includ|improv|analys|analyz|evaluat|understand|learn)",
    re.I,
)


def _begins_vaguely(bare: str) -> bool:
    """Whether a heading's verb ("managing", "choosing") heads an essay as often as a procedure."""
    return _VAGUE.match(bare) is not None


_LEADS_ON = lex.PREPOSITIONS - {"up", "off", "out", "down", "of", "in", "on"}
"""After these something must follow."""
_WANTS = re.compile(
    r"\b(?:and|or) (?:[a-z]+ing)\b|\b(?:in in|next steps?|whom?|whether|what|which|from scratch|correct|good|many|proper|nice|right|wisely|well)\b"
)


def points_to_its_page(phrase: str) -> bool:
    """Whether a phrase speaks of what its page has made known: "it", "the downloaded archive", "the other nets"."""
    return _POINTS.search(phrase) is not None


_POINTS = re.compile(
    r"\b(?:it|it['’]s|this|these|those|them|the other)\b"
    r"|\bthe (?:downloaded|installed|wanted|required|needed|created|resulting|generated|desired|uploaded)\b|\bto be \w+ed$|\bnot only$|^use (?:cases?|notes?)\b|^[a-z]+ my (?:data|files?|settings?|things?)$"
    r"|^(?:finish|set|clean|wrap|start|sum) (?:up|off)$"
)
"""What points to its page, or goes on from the step before: "review the accounts to be created", "finish up"."""
_ADJECTIVE = re.compile(r"(?:ive|ical|ial|ous|ary|able|ible|ful|less|ly)$")


def _names_no_task(phrase: str) -> bool:
    """Whether a phrase is no task a person would ask for: a gerund left in it, a verb without what it acts on, an
    adjective in place of an object."""
    words = re.findall(r"[\w'’-]+", phrase.lower())
    if points_to_its_page(phrase):
        return True
    if not words or words[0] in lex.VAGUE_TASKS or words[-1] in lex.ABSTRACT | _LEADS_ON or _WANTS.search(phrase):
        return True
    if len(words) == 2 and (_ADJECTIVE.search(words[1]) or words[1] in lex.AMBIGUOUS):
        return True
    if len(words) == 3 and words[1] in ("and", "or") and words[2] in lex.VERBS:
        return True  # "install and remove" – what?
    # "print printing options": the heading above only names what the section belongs to.
    return any(GERUNDS.get(word) == words[0] for word in words[1:])


def is_bound(phrase: str) -> bool:
    """Whether what is acted on is "the files" or "the rule" that only the page before it makes known."""
    match = re.fullmatch(r"\w+(?: up| off| out)? (?:the|these|this|all) (?:(?:\w+) )?(\w+)", phrase)
    if match is None or match.group(1) not in lex.PLAIN_NOUNS or match.group(1) in lex.WHOLE_PARTS:
        return False
    between = phrase.split()[-2]
    return between in ("the", "these", "this", "all") or between in lex.PLAIN_ADJECTIVES


def names_its_matter(phrase: str) -> bool:
    """Whether a phrase taken from the middle of a text says without a product's name what it is about: it holds a name,
    a code or a device's word."""
    if "`" in phrase or re.search(r"(?<= )(?!I\b)[\w(]*[A-Z\d]", phrase):
        return True
    words = set(re.findall(r"[\w'’-]+", phrase.lower())[1:])
    return bool(
        words & (lex.GENERIC_OBJECTS - lex.PLAIN_NOUNS - {"unit", "application", "app", "equipment", "product"})
    )


def tells_apart(phrase: str) -> bool:
    """Whether a heading's phrase says what it is about without a product's name: it names its matter or holds a telling
    noun ("set up greylisting", not "configure the server")."""
    if names_its_matter(phrase):
        return True
    return any(is_telling(word) for word in re.findall(r"[\w'’-]+", phrase.lower())[1:])


def _tells_much(phrase: str) -> bool:
    """Whether a phrase holds two telling words: "set up encrypted partitions", not "configure the keyboard"."""
    words = re.findall(r"[\w'’-]+", phrase.lower())[1:]
    return sum(is_telling(word) for word in words) >= 2


def is_telling(word: str) -> bool:
    """Whether a word of a task says more than that some thing is acted on."""
    plain = lex.PLAIN_NOUNS | lex.PLAIN_ADJECTIVES | lex.PREPOSITIONS | lex.DETERMINERS | (lex.VERBS - lex.AMBIGUOUS)
    return word not in plain and word not in ("and", "or", "not", "it", "them", "when", "while", "how")


_ALONE = frozenset("print search navigate zoom scroll pan log register pay sign plot".split())
"""What one does in a program without doing it to a thing."""
_WITHOUT_OBJECT = frozenset(
    "log migrate upgrade apply register sign connect switch look work navigate contribute subscribe turn".split()
)


def needs_object(phrase: str) -> bool:
    words = phrase.split()
    if words[-1] in ("up", "of") and len(words) == 2:
        return True
    return len(words) == 1 or (
        words[1] in lex.PREPOSITIONS - {"up", "off", "out", "down", "of"} and words[0] not in _WITHOUT_OBJECT
    )


_MAKE_A_NOUN = frozenset(
    "requirements instructions options schedule interval intervals tips costs time times mode modes agents products agent guide problems issues "
    "examples steps scripts methods rules errors basics strategies techniques operations conventions order system systems software".split()
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
        if len(words) > 1 and words[1].lower().strip(",.") in _MAKE_A_NOUN:
            return None
        return with_objects(GERUNDS[first], ungerund(rest), prose)
    if first in lex.NOMINALS:
        return _nominal_first(lex.NOMINALS[first], rest)
    if first in lex.VERBS and len(words) > 1 and not _heads_a_noun(words):
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
        if any(w.lower() in lex.PREPOSITIONS for w in words) or (len(words) == 2 and _ADJECTIVE.search(noun)):
            return None
        if words[0].lower() in (
            "complete",
            "first",
            "initial",
            "quick",
            "basic",
            "daily",
            "regular",
            "manual",
            "automatic",
            "general",
        ):
            return None
        article = article_for(noun, prose)
        if noun.split()[-1].lower() in ("remote", "local", "manual", "automatic", "complete", "initial"):
            return None  # "X server remote connection"
        lacks_one = not article and re.search(r"[a-rt-z]$", noun) and noun.split()[-1].lower() not in lex.NO_ARTICLE
        if lacks_one and len(words) > 2 and noun == noun.lower() and not noun.endswith("ing"):
            return None  # "set up complex expense account"
        return f"{lex.NOMINALS[last]} {article}{noun}"
    return None


def _heads_a_noun(words: Sequence[str]) -> bool:
    """Whether the first word is no verb but part of a name: "Boot loader installation"."""
    return (
        len(words) >= 3 and words[-1].lower() in lex.NOMINALS and lex.DETERMINERS.isdisjoint(w.lower() for w in words)
    )


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
