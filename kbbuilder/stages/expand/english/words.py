"""English word lists and inflections that the question forms need."""

from __future__ import annotations

import re

_VERBS = """
access activate add adjust allow apply archive arrange assemble assign attach back block book boot build buy
calculate calibrate call
cancel change charge check choose claim clean clear close collect combine compare compile complete configure confirm
connect contact
contribute control convert copy create customise customize cut deactivate delete deliver deploy descale determine
develop disable disassemble
disconnect display dispose download drain edit embed empty enable encrypt enter erase exchange export extend extract
fill filter find fit fix
follow format generate get give hide identify implement import improve increase initialize insert inspect install
integrate invite join keep
label launch learn link list load locate lock lower lubricate maintain make manage mark measure merge migrate modify
monitor mount move obtain
open operate optimize order organize override pair pause pay perform pick place plan play plug post prepare press
prevent print process produce
protect publish purchase put query raise read receive recharge reconnect recover recycle redeem reduce refill refund
register reinstall release
remove rename renew reorder repair replace reply report request reschedule reset resize resolve restart restore
retrieve return review revoke
rinse rotate run save scan schedule search secure see select sell send separate set share ship show sign skip solve
sort specify split start
stop store submit subscribe switch synchronize sync tag take tell test track train transfer transport troubleshoot
turn uninstall unlock unpair
unplug unsubscribe untrust update upgrade upload use validate verify view visit wash withdraw work write zoom
"""
VERBS = frozenset(_VERBS.split())
"""Base forms that a heading without a question word may start with."""

_STATE_VERBS_WORDS = """
be become ensure keep know tell have avoid make prevent find see learn contact reach deal get choose
"""
STATE_VERBS = frozenset(_STATE_VERBS_WORDS.split())
"""Nobody asks for the steps to do these."""

# What follows a noun phrase in "Does NP …?", so that the phrase ends where one of these begins.
_PREDICATES = """
support work have include need require come fit cover ship run use offer contain provide apply accept last allow
connect store save keep start
stop turn deliver sell repair cost take hold consume affect count expire carry automatically also still only always
ever
"""
PREDICATES = frozenset(_PREDICATES.split())

_ADJECTIVES = """
included covered compatible available waterproof dishwasher-safe allowed required free necessary possible normal
safe refundable
supported valid suitable open closed sold shipped delivered charged stored encrypted saved deleted insured
transferable rechargeable returnable
replaceable removable mandatory optional permitted prohibited accepted limited subject eligible responsible part
"""
ADJECTIVES = frozenset(_ADJECTIVES.split())

# Left → right only where any sentence keeps its meaning.
SYNONYMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<!\w){plain}(?!\w)" if not plain.startswith("^") else rf"{plain}(?!\w)", re.I), other)
    for plain, other in (
        (r"turn on", "switch on"),
        (r"turn off", "switch off"),
        (r"switch on", "turn on"),
        (r"switch off", "turn off"),
        (r"log in to", "sign in to"),
        (r"log in", "sign in"),
        (r"log out", "sign out"),
        (r"sign in", "log in"),
        (r"^purchase", "buy"),
        (r"^buy", "purchase"),
        (r"^repair(?! (?:service|cent\w+|shop|form|request|costs?|order))", "fix"),
        (r"^contact(?= (?:customer|technical|the|your|Havenlark|support|us|service|sales)\b)", "get in touch with"),
        (r"^dispose of", "get rid of"),
        (r"^assemble", "put together"),
        (
            r"^replace(?= (?:the|a|an|my|your) [\w -]*\b(?:filter|cartridge|battery|batteries|bulb|lamp|seal"
            r"|fuse|blade|belt|cable|tyre|tire|bag|hose|brush)\b)",
            "change",
        ),
        (r"^obtain", "get"),
        (r"^modify", "change"),
    )
)

# "What is the weight of NP?" — asked with an adjective or verb.
MEASURES: dict[str, str] = {
    "weight": "How heavy is {np}?",
    "width": "How wide is {np}?",
    "height": "How high is {np}?",
    "length": "How long is {np}?",
    "depth": "How deep is {np}?",
    "price": "How much does {np} cost?",
    "cost": "How much does {np} cost?",
    "size": "How big is {np}?",
    "noise level": "How loud is {np}?",
    "warranty period": "How long is the warranty on {np}?",
    "warranty": "What warranty does {np} come with?",
}
FROM_ADJECTIVE: dict[str, str] = {
    "heavy": "weight", "wide": "width", "high": "height", "tall": "height", "deep": "depth", "loud": "noise level",
    "big": "size",
    "large": "size",
}  # fmt: skip
HAS_NOUNS = re.compile(
    r"(?:voltage|power|current|capacity|weight|resolution|frequency|speed|range|memory|battery|display|screen"
    r"|warranty|rating|diameter|interface|"
    r"ports|dimensions|features|specifications|functions|modes|accessories|consumption|pressure|volume|life)$"
)
FEES = re.compile(
    r"(?:fee|fees|charge|charges|surcharge|deposit|price|cost|costs|fare|rent|fine|penalty|postage|shipping"
    r"|discount|limit|minimum|maximum|interest)$"
)

_DOUBLING_WORDS = """
get put set cut run stop plug ship fit shut begin drop swap skip scan scrub map tap zip split plan stir trim unplug
reset log
"""
_DOUBLING = frozenset(_DOUBLING_WORDS.split())


def gerund(verb: str) -> str:
    """The -ing form of a base form.

    >>> [gerund(v) for v in ("charge", "stop", "turn", "die", "see")]
    ['charging', 'stopping', 'turning', 'dying', 'seeing']
    """
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return verb + verb[-1] + "ing" if verb in _DOUBLING else verb + "ing"


def third_person(verb: str) -> str:
    """The he/she/it form of a base form.

    >>> [third_person(v) for v in ("work", "have", "carry", "wash", "do")]
    ['works', 'has', 'carries', 'washes', 'does']
    """
    if verb == "have":
        return "has"
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


_CONTRACTIONS = (
    (re.compile(r"\b([Dd])oes not\b"), r"\1oesn't"),
    (re.compile(r"\b([Dd])o not\b"), r"\1on't"),
    (re.compile(r"\b([Ii])s not\b"), r"\1sn't"),
    (re.compile(r"\b([Aa])re not\b"), r"\1ren't"),
    (re.compile(r"\b([Cc])an ?not\b"), r"\1an't"),
    (re.compile(r"\b([Ww])ill not\b"), r"\1on't"),
    (re.compile(r"\b([Hh])as not\b"), r"\1asn't"),
    (re.compile(r"\b([Dd])id not\b"), r"\1idn't"),
    (re.compile(r"\b([Ii]) am\b"), r"\1'm"),
    (re.compile(r"\b([Ii]) have(?= (?:lost|forgotten|received|bought|ordered|not)\b)"), r"\1've"),
)


def contracted(text: str) -> str:
    """The spoken form: does not → doesn't, cannot → can't."""
    for pattern, short in _CONTRACTIONS:
        text = pattern.sub(short, text)
    return text


_DROPPED = re.compile(r"\b(?:a|an|the|my|your|our|this)\s+", re.I)


def keywords(phrase: str) -> str:
    """A phrase as one types it into a search box: without articles and possessives."""
    return re.sub(r"\s+", " ", _DROPPED.sub("", contracted(phrase))).strip(" .,")


def swapped(phrase: str) -> str | None:
    """The phrase with its first safe synonym, or None."""
    for pattern, other in SYNONYMS:
        if pattern.search(phrase):
            return pattern.sub(other, phrase, count=1)
    split = re.search(r"\b(turn|switch)(?P<np> (?:\S+ ){1,4})(on|off)$", phrase)
    if split:
        return f"{phrase[: split.start()]}{'switch' if split[1] == 'turn' else 'turn'}{split['np']}{split[3]}"
    return None


def upper_first(text: str) -> str:
    """The text with a capital first letter; the rest as it is."""
    return text[:1].upper() + text[1:]


def typed(do: str) -> str:
    """A task as typed into a search box, "" when it is too long for that."""
    text = keywords(do)
    return text if 2 <= len(text.split()) <= 9 and "," not in text else ""


def reads_badly(do: str, min_words: int = 2) -> bool:
    """Not a plain verb phrase: a negated or passive one, a noun, a bare pronoun object."""
    words = do.lower().split()
    return (
        len(words) < min_words
        or words[0] in ("not", "be", "the", "a", "an", "much", "many", "it", "this", "that")
        or words[0].endswith(("ing", "ed"))
    )


def keywords_of(where: str) -> str:
    """A place phrase (" on the X200") without its article."""
    return f" {keywords(where.strip())}" if where.strip() else ""


def is_plural(np: str) -> bool:
    head = re.split(r" (?:of|for|on|in|to|from|with) ", np)[0].split()[-1].lower()
    return " and " in np or (
        head.endswith("s") and not head.endswith(("ss", "us", "is", "'s", "os")) and not re.search(r"\d", head)
    )
