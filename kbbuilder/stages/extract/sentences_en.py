"""English sentence forms: "X is a …", "The maximum load is 5 kg", "If …, do …", "To reset it, hold …"."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.statement import Reading, Statement
from kbbuilder.stages.extract.wording import Wording

_TERM = (
    r"(?P<{term}>(?:(?:A|An|The) )?(?:[A-Z`“\"][\w`“”\"'’/.+-]*|[a-z][\w'’/-]*)(?: (?:[\w`“”\"'’/.+-]+)){{0,5}}?)"
    r"(?: \((?P<{short}>[A-Z][\w.-]{{1,15}})\))?"
)
_IS_A = re.compile(
    rf"^{_TERM.format(term='term', short='short')} (?P<verb>is|are) "
    r"(?=(?:an?|one of|the (?:process|ability|act|practice|name|term|art|method|study|amount|number|part|tool|program|"
    r"place|time|unit|set)|defined as|used to|short for|a kind of)\b)"
)
_MEANS = re.compile(rf"^{_TERM.format(term='term', short='short')} (?P<verb>refers? to|stands? for|means?|describes?) ")
_RATES = re.compile(
    r" (?:is|are) (?:an? )?(?:very |really |quite )?(?:large|good|great|easy|nice|big|bad|must|matter|problem|question|mistake|better|best|cornerstone|read-write|few|lot)\b"
    r"|, so (?:it|we|you|they|that)\b|\bbecause\b",
    re.I,
)
"""What a sentence rates or argues it does not define."""
_NO_TERM = re.compile(
    r"\b(?:it|this|that|these|those|there|they|he|she|we|you|i|one|here|which|who|what|following|example|reason|result|"
    r"purpose|goal|first|second|third|next|last|default|problem|answer|note|way|idea|point|only|other|another|such|some|"
    r"any|each|every|most|many|all|if|when|while|because|so|but|and|or|not|as|also|above|below|figure|table|chapter|"
    r"section|latter|former|same|difference|step|thing|case|best|main|to|in|on|at|for|with|by|from|is|are|was|has|have|"
    r"can|will|should|must|do|does|now|then|however|thus|therefore|since|after|before)\b",
    re.I,
)
_VALUE = re.compile(
    r"^(?:The |Its |Your )?(?P<name>[A-Za-z][A-Za-z'’ -]{2,50}?)(?: (?:of|for|per) (?P<of>[\w'’ -]{2,40}?))? "
    r"(?:is|are|is limited to|must not exceed|may not exceed|cannot exceed|should not exceed|must be at least|is at least|"
    r"is at most|ranges from|is about|is approximately|amounts to|lasts|lies between) "
    r"(?:limited to |at least |at most |up to |about |approximately |only |set to |between |from )?(?=[€$£¥]?\d)"
)
_VALUE_HEAD = re.compile(
    r"\b(?:period|time|limit|temperature|weight|capacity|pressure|length|duration|price|fee|cost|charge|voltage|power|"
    r"deadline|distance|number|size|width|height|level|speed|frequency|interval|rate|depth|volume|current|range|"
    r"consumption|load|age|value|amount|warranty|lifetime|life|delay|timeout|resolution|humidity|altitude|thickness|"
    r"hours)$",
    re.I,
)
_IF = re.compile(
    r"^(?P<word>If|In case(?! of)|Whenever|When) (?P<clause>[^,;:.?!]{8,110}?), (?:then )?(?P<then>.+)$", re.S
)
_TO = re.compile(
    r"^To (?P<verb>[a-z]+) (?P<rest>[^,;:.?!]{3,90}?)(?:,| simply| you (?:can|must|need)) "
    r"(?:please |simply |first )?(?P<then>.+)$",
    re.S,
)
_INSTRUCTS = re.compile(
    r"^(?:please |always |never |do not |don['’]t |first |immediately |simply |you (?:should|must|can|may|need|have to|"
    rf"will need)|make sure|be sure|contact|{'|'.join(sorted(lex.VERBS - {'show', 'name', 'view', 'work', 'order'}))})\b",
    re.I,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|they|this|that|these|those|them|he|she|its|their|here|there|such|one|ones|so|above|below|former|latter|we|"
    r"us|our|i|everything|something|anything|nothing|somebody|someone|either|both|neither)\b",
    re.I,
)
_WISH = re.compile(r"\b(?:want|wish|would like|prefer|need)\b")


def read(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    """What the sentence answers, or None."""
    if not 25 <= len(statement.text) <= 420 or statement.text.endswith("?"):
        return None
    return (
        (_definition(statement, wording) if statement.first else None)
        or _limit(statement, wording, subject)
        or _condition(statement, wording, subject)
        or _purpose(statement, wording, subject)
    )


def _definition(statement: Statement, wording: Wording) -> Reading | None:
    match = _IS_A.match(statement.text) or _MEANS.match(statement.text)
    if match is None or _RATES.search(statement.text):
        return None
    term = _term(match.group("term"), match.group("verb"))
    if term is None:
        return None
    explains_a_word = match.re is _MEANS
    question = wording.meaning(term) if explains_a_word else wording.definition(term, match.group("verb") == "are")
    return Reading(question, PairKind.DEFINITION, 0.7, goes_on=True)


def _term(term: str, verb: str) -> str | None:
    """The term as it reads in a question ("a bill of materials"), or None when it is no name of anything."""
    article, _, bare = term.partition(" ") if re.match(r"(?:A|An|The) ", term) else ("", "", term)
    bare = bare.strip("“”\"'")
    if not article and re.fullmatch(r"[A-Z][a-z]+ing", bare):
        return bare.lower()
    if re.match(r"[A-Z][a-z]+ing \w", bare) or bare.endswith(("self", "selves")) or len(bare) < 2:
        return None
    if _NO_TERM.search(bare) or re.search(r"[,;:]", bare):
        return None
    named = re.search(r"[A-Z]", bare if article else bare[1:]) is not None or "`" in bare
    if (article == "The" and not named) or (not article and not named and verb == "is" and len(bare.split()) > 3):
        return None
    if not article and not named and " " in bare:
        bare = bare[0].lower() + bare[1:]
    return f"{article.lower()} {bare}".strip()


def _limit(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _VALUE.match(statement.text)
    if match is None or not _VALUE_HEAD.search(match.group("name")) or _NO_TERM.search(match.group("name")):
        return None
    name = match.group("name") + (f" for {match.group('of')}" if match.group("of") else "")
    asked = wording.value(name, "1", subject, statement.prose)
    return Reading(asked, PairKind.PARAMETER, 0.65) if asked else None


def _condition(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _IF.match(statement.text)
    if match is None or not _stands_alone(match.group("clause")):
        return None
    clause, then = match.group("clause"), match.group("then")
    if _INSTRUCTS.match(then):
        if not _is_event(clause):
            return None
        return Reading(wording.if_clause(clause, True, subject), PairKind.CONDITION, 0.6, goes_on=statement.first)
    consequence = statement.policy and match.group("word") == "If" and not re.match(r"(?:you|we) can still", then)
    return Reading(wording.if_clause(clause, False, subject), PairKind.CONDITION, 0.6) if consequence else None


def _purpose(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _TO.match(statement.text)
    if match is None or match.group("verb") not in lex.VERBS or not _INSTRUCTS.match(match.group("then")):
        return None
    if not _stands_alone(match.group("rest")):
        return None
    phrase = f"{match.group('verb')} {match.group('rest')}"
    return Reading(wording.purpose(phrase, subject, statement.prose), PairKind.HOW_TO, 0.6, goes_on=True)


def _is_event(clause: str) -> bool:
    """Whether a condition is something a customer runs into rather than wishes for."""
    words = re.findall(r"[a-z]+|n['’]t", clause.lower())
    return any(word in lex.EVENTS for word in words) and not _WISH.search(clause)


def _stands_alone(clause: str) -> bool:
    return not _POINTS_BACK.search(clause) and len(clause.split()) >= 2
