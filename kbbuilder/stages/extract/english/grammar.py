"""English words and phrases inside a question: capitals, articles, plurals, gerunds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.text import without_code
from kbbuilder.stages.extract import lexicon_en as lex


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
GERUNDS = gerund_bases() | {
    "formatting": "format",
    "logging": "log",
    "labeling": "label",
    "canceling": "cancel",
    "modelling": "model",
}


def _participle(verb: str) -> str:
    gerund = _gerund(verb)[:-3]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return gerund + "ed"


PARTICIPLES = {_participle(verb): verb for verb in lex.VERBS} | {
    "set": "set", "run": "run", "drawn": "draw", "made": "make", "found": "find", "built": "build", "written": "write", "hidden": "hide",
    "shown": "show", "sent": "send", "split": "split", "cut": "cut", "put": "put", "taken": "take", "chosen": "choose",
}  # fmt: skip
"""Past participles of the verb list with their base forms."""


def lowered(phrase: str, prose: str) -> str:
    """A heading's words as they would stand inside a sentence: names keep their capitals, the rest lose them."""
    words = phrase.split(" ")
    prose = without_code(prose)
    spelt_out = _spelt_out(words)
    capitals = sum(w[:1].isupper() for w in words)
    title_case = capitals >= max(2, 0.6 * len(words))
    following = [*words[1:], ""]
    preceding = ["", *words[:-1]]
    return " ".join(
        # "Ubuntu Precise", "Windows 11": what follows a platform's name belongs to it.
        w
        if re.search(r"\d", after) or i in spelt_out or before.lower() in lex.PLATFORM
        else _lowered_word(w, i, title_case, prose)
        for i, (before, w, after) in enumerate(zip(preceding, words, following, strict=True))
    )


def _spelt_out(words: Sequence[str]) -> set[int]:
    """The places of the words that an acronym in brackets abbreviates: "Sender Policy Framework (SPF)" is a name."""
    found: set[int] = set()
    for index, word in enumerate(words):
        acronym = re.fullmatch(r"\(([A-Z]{2,6})\)", word)
        if acronym:
            letters = acronym.group(1)
            start = index - len(letters)
            initials = [w[:1] for w in words[max(0, start) : index]]
            if start >= 0 and initials == list(letters):
                found |= set(range(start, index))
    return found


def _lowered_word(word: str, index: int, title_case: bool, prose: str) -> str:
    bare = word.strip("\"'“”‘’()[],.;:!?`")
    if not bare[:1].isupper() or re.search(r"\d", bare) or bare[1:] != bare[1:].lower() or bare == "I":
        return word
    as_name = len(re.findall(rf"(?<![\w-])[a-z][\w-]*[,;]? {re.escape(bare)}\b(?! [A-Z])", prose))
    stem = re.sub(r"(?:ies|s|y)$", "", bare.lower()) if len(bare) > 4 else bare.lower()
    as_word = len(re.findall(rf"(?<![A-Za-z]){re.escape(stem)}", prose))
    lower = word.replace(bare, bare.lower(), 1)
    if as_name or as_word:
        return word if as_name > as_word else lower
    known = (
        bare.lower() in lex.VERBS
        or bare.lower() in lex.PREPOSITIONS
        or bare.lower() in lex.DETERMINERS
        or bare.lower() in ("and", "or", "not", "if")
        or bare.lower() in lex.ASK_LIST
    )
    return lower if index == 0 or title_case or known else word


def as_question(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .;,") + "?"


def ungerund(rest: str) -> str:
    """ "upgrading" in "installing and upgrading X" becomes a base form too; in "checking and signing" after a noun, two
    nouns stay what they are."""

    def base(match: re.Match[str]) -> str:
        word = match.group(2)
        return match.group(1) + GERUNDS.get(word.lower(), word)

    begun = re.sub(r"^((?:and|or) )([A-Za-z]+ing)\b", base, rest)
    return re.sub(r"(?<!ing )\b((?:and|or|then) )([A-Za-z]+ing)\b(?= \S)", base, begun)


def with_objects(verb: str, rest: str, prose: str) -> str:
    if not rest:
        return verb
    if verb in ("create", "add", "write", "make", "build", "request", "open", "book") and _bare_singular(rest, prose):
        return f"{verb} {'an' if rest[0].lower() in 'aeiou' else 'a'} {rest}"
    return f"{verb} {article_for(rest, prose)}{rest}"


def article_for(phrase: str, prose: str) -> str:
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


def listed(names: Sequence[str]) -> str:
    """Such as "X200 and X300"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def as_label(text: str) -> str:
    """A column's or row's label inside a sentence: plain capitalised words lose their capitals, names and codes keep them."""
    return " ".join(w.lower() if re.fullmatch(r"[A-Z][a-z]+", w) and w not in _NAMES else w for w in text.split(" "))


_NAMES = frozenset("Bluetooth Ethernet Windows Linux Android Internet English Chinese Zigbee Thread Matter".split())


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase's head is plural ("grind settings", not "time until the refund arrives")."""
    head = re.split(r"\s(?:of|for|in|on|to|with|from|per|until|when|at|between|before|after)\s", f" {phrase} ")[
        0
    ].split()
    return bool(head) and head[-1].endswith("s") and not head[-1].endswith(("ss", "us", "is"))


def without_unit(label: str) -> str:
    return re.sub(r"\s*[\[(（].*?[\])）]\s*$", "", bare_heading(label))
