"""English sentence forms: "X is a …", "The maximum load is 5 kg", "If …, do …", "To reset it, hold …"."""

from __future__ import annotations

import re

from kbbuilder.language.text import fold
from kbbuilder.schema import PairKind
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.cells import is_key
from kbbuilder.stages.extract.english.condition import is_event, is_met
from kbbuilder.stages.extract.english.grammar import PARTICIPLES
from kbbuilder.stages.extract.english.naming import is_product, mentions, name_of, placed_on
from kbbuilder.stages.extract.english.scope import (
    for_service,
    is_part_of_tool,
    is_programs_own,
    leaves_open,
    place_of,
    placed,
    product_of,
)
from kbbuilder.stages.extract.english.tasks import is_bound, names_its_matter, points_to_its_page
from kbbuilder.stages.extract.statement import Reading, Statement
from kbbuilder.stages.extract.wording import Wording

_TERM = (
    r"(?P<{term}>(?:(?:A|An|The) )?(?:[A-Z`“\"][\w`“”\"'’/.+-]*|[a-z][\w'’/-]*)(?: (?:[\w`“”\"'’/.+-]+)){{0,5}}?)"
    r"(?: \((?P<{short}>[A-Z][\w.-]{{1,15}})\))?"
)
_IS_A = re.compile(
    rf"^{_TERM.format(term='term', short='short')} (?P<verb>is|are) "
    r"(?=(?:an?|the (?:process|ability|act|practice|name|term|art|method|study|amount|number|part|tool|program|"
    r"place|time|unit|set)|defined as|used to|short for|a kind of)\b)"
)
_MEANS = re.compile(rf"^{_TERM.format(term='term', short='short')} (?P<verb>refers? to|stands? for|means) ")
_RATES = re.compile(
    r" (?:is|are) (?:an? )?(?:very |really |quite )?(?:large|good|great|easy|nice|big|bad|must|matter|problem|question|mistake|better|best|cornerstone|read-write|few|lot)\b"
    r"|, so (?:it|we|you|they|that)\b|\bbecause\b",
    re.I,
)
"""What a sentence rates or argues it does not define."""
_NO_TERM = re.compile(
    r"\b(?:whether|where|how|why|it|this|that|these|those|there|they|he|she|we|you|i|one|here|which|who|what|following|example|reason|result|"
    r"purpose|goal|first|second|third|next|last|default|problem|answer|note|way|idea|point|only|other|another|such|some|"
    r"any|each|every|most|many|all|if|when|while|because|so|but|and|or|not|as|also|above|below|figure|table|chapter|"
    r"section|latter|former|same|difference|step|thing|case|best|main|to|in|on|at|for|with|by|from|beside|behind|near|under|over|inside|outside|is|are|was|has|have|"
    r"can|will|should|must|do|does|now|then|however|thus|therefore|since|after|before|although|though|even|unless|until)\b",
    re.I,
)
_VALUE = re.compile(
    r"^(?:The |Its |Your )?(?P<name>[A-Za-z][A-Za-z'’ -]{2,50}?)(?: (?P<joint>of|for|per) (?P<of>[\w'’ -]{2,40}?))? "
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
_CAN = re.compile(
    r"^(?:In [A-Z][\w ]{2,30}, )?You can (?:always |then |now |easily |simply )?(?P<verb>[a-z]+) (?P<rest>[^,;:.?!()]{3,80}?) "
    r"(?P<then>(?:by (?:[a-z]+-)?[a-z]+ing|using|with the|via the|from the [A-Z“`]|through the|under [A-Z“`]) .+)$",
    re.S,
)
_EMPTY_VERBS = frozenset("use see get make view include improve save".split())
"""What one "can" do with a thing without its being a task."""
_CAN_BE = re.compile(
    r"^(?P<thing>(?:A |An |The )?[A-Z`a-z][\w`’'-]+(?: [\w`’'-]+){0,5}?) (?:can|may) (?:then |easily |simply )?be (?P<done>[a-z]+) "
    r"(?:by (?:[a-z]+-)?[a-z]+ing|using|with the|via the|from the [A-Z“`]|through the|under [A-Z“`]|in the [A-Z“`]) .+$",
    re.S,
)
_DOES = re.compile(
    r"^(?:The )?(?P<name>`[^`]{2,40}`|“[^”]{2,40}”|[A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,3}) (?P<kind>command|tool|program|utility|package|script|daemon|dialog|option|"
    r"button|window|panel|menu|function|setting|parameter|variable|directive|module|file|directory|key|checkbox|mode|plugin|wizard|tab|page|view|switch|sensor|light|service|field|property) "
    r"(?:also |only |simply |automatically )?(?P<does>allows|lets|displays|shows|creates|opens|prints|lists|enables|converts|generates|provides|runs|installs|removes|checks|sets|"
    r"specifies|controls|determines|defines|disables|selects|contains|holds|stores|starts|stops|restarts|reads|writes|searches|manages|sends|updates|switches|adds|deletes|"
    r"is used (?:to|for)|can be used (?:to|for)|helps) "
)
_INSTRUCTS = re.compile(
    r"^(?:please |always |never |do not |don['’]t |first |immediately |simply |you (?:should|must|can|may|need|have to|"
    rf"will need)|make sure|be sure|contact|{'|'.join(sorted(lex.VERBS - {'show', 'name', 'view', 'work', 'order'}))})\b",
    re.I,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|they|this|that|these|those|them|he|she|its|their|here|there|such|one|ones|so|above|below|former|latter|we|"
    r"us|our|i|me|my|everything|something|anything|nothing|somebody|someone|either|both|neither)\b",
    re.I,
)


def read(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    """What the sentence answers, or None."""
    if not 25 <= len(statement.text) <= 420 or statement.text.endswith("?"):
        return None
    product = subject if statement.policy else product_of(statement.headings, subject, statement.prose)
    reading = (
        (_definition(statement, wording, subject) if statement.first else None)
        or _limit(statement, wording, subject)
        or _condition(statement, wording, subject)
        or _purpose(statement, wording, product)
        or _means(statement, wording, product)
        or _effect(statement, product)
    )
    if reading is None or _POINTS_OUT.search(_opening(statement.text)):
        return None
    asked = placed(
        reading.question,
        statement.headings,
        statement.prose,
        product,
        subject,
        defines=reading.kind is PairKind.DEFINITION,
        measures=reading.kind is PairKind.PARAMETER,
    )
    return reading._replace(question=asked) if asked else None


_POINTS_OUT = re.compile(
    r"\b(?:these|those) (?!who|that)\w+"
    r"|\bthis (?!is\b|can\b|will\b|may\b|must\b|means\b)(?:\w+ )?(?:module|step|case|example|list|section|way|point|problem|time|file|folder|directory|chapter|"
    r"type|mode|setup|class|command|option|menu|page|table|value|package|program|server|machine|device|window|dialog|method|process|tool)\b|\bwe\b"
)
"""What a sentence that stands alone cannot say: "these servers", "this module"."""


_OF_THIS = re.compile(r"\b(?:of|from|to|for|with|on) this (?!is\b)[a-z]+", re.I)
"""What tells a thing from something said before: "a generalization of this paradigm"."""


def _opening(sentence: str) -> str:
    """A sentence without what it says after its first colon: what "this command" follows, explains it."""
    return sentence.split(":", 1)[0]


def _definition(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _IS_A.match(statement.text) or _MEANS.match(statement.text)
    if match is None or _RATES.search(statement.text):
        return None
    term = _term(match.group("term"), match.group("verb"), statement.prose)
    if term is None or _sentence_is_idle(statement.text, match):
        return None
    if is_key(re.sub(r"^the | key$", "", term)) and not is_part_of_tool(statement.headings):
        return None  # a key does one thing here and another there
    if "`" in term and any(re.search(rf"{re.escape(term.strip('`'))}\w", h) for h in statement.headings[-1:]):
        return None  # "`user-ad` is …" under "user-add": a part of the name is lost
    explains_a_word = match.re is _MEANS
    if explains_a_word and not subject and "`" in term:
        return None  # an option of no known program
    opening = statement.text[:90]
    if (explains_a_word and re.match(r"(?:an?|the) ", term)) or _POINTS_OUT.search(opening) or _OF_THIS.search(opening):
        return None
    bare = term.removeprefix("a ").removeprefix("an ").removeprefix("the ")
    if not subject and (_is_plain(bare) or ("`" in bare and not _TOOL_NOUN.match(statement.text[match.end() :]))):
        return None
    if explains_a_word and (bare.lower() in ("yes", "no", "none") or not (subject or _stands_for_itself(bare))):
        return None
    if re.match(rf"(?:an?|the) {re.escape(bare)}\b", statement.text[match.end() :], re.I):
        return None  # "Description is a description of …"
    if explains_a_word:
        question = wording.meaning(term)
        if subject and not re.search(r"[A-Z]{2}", bare) and not mentions(bare, subject):
            question = f"{question.rstrip('?')} {'on' if is_product(subject) else 'in'} {name_of(subject)}?"
    else:
        if bare[-1] not in "`)" and not bare[-1].isalnum():
            return None
        question = wording.definition(term, match.group("verb") == "are")
        serves = statement.text[match.end() :].startswith("used to ")
        if serves:
            question = f"What {match.group('verb')} {term} used for?"
        a_kind = bare != term or match.group("verb") == "are" or bare.endswith("ing")
        own = is_programs_own(term, serves)
        part = own and not is_product(subject) and subject.lower().split(" ")[0] not in lex.PLATFORM
        common = a_kind and not is_product(subject) and re.fullmatch(r"[a-z][a-z -]*", bare) is not None
        if part and fold(subject).endswith(fold(bare)):
            return Reading(question.replace(bare, subject), PairKind.DEFINITION, 0.7, goes_on=True)
        if subject and (common or part or _is_plain(bare)) and not mentions(bare, subject):
            # A program gives common words a sense of its own.
            question = f"{question.rstrip('?')} {'on' if is_product(subject) else 'in'} {name_of(subject)}?"
    return Reading(question, PairKind.DEFINITION, 0.7, goes_on=True)


def _stands_for_itself(term: str) -> bool:
    """Whether a word explained in a text of no known product is an acronym or a term of two words, not a form's label."""
    return re.search(r"[A-Z]{2}", term) is not None or re.fullmatch(r"[a-z][\w-]+(?: [a-z][\w-]+)+", term) is not None


def _is_plain(term: str) -> bool:
    """Whether a term is a word that every product has ("host", "`command`"): only the product tells which is meant."""
    bare = term.strip("`").lower()
    return bare in lex.PLAIN_NOUNS or (
        term.startswith("`") and re.fullmatch(r"[a-z]+", bare) is not None and bare in lex.VERBS | lex.PLAIN_NOUNS
    )


_IDLE = re.compile(
    r"^(?:an? |the )?(?:very |really |quite |good |common |typical |popular |important |useful |simple |little |easy |generic |general |broad |vague |integral |essential |vital |crucial |central |key |core |major |inherent |elegant |vast |special |powerful |handy |convenient |great |neat |modern )*"
    r"(?:term|example|way|choice|idea|matter|part|place|kind of|building block|means|subject|topic|feature|challenge|question|goal|concern|one|"
    r"alternative|solution|project|technology|step|issue|problem|exception|task|reason)\b"
    r"|^an? (?:very|really|quite|rapidly|extremely|highly|relatively|fairly|rather|pretty|especially|particularly|bit|little (?=different|like|more|less|tricky)|lot|must|no-go|bad|good|better|useful|nice|common|popular|prerequisite|requirement|option|candidate|similar|reverse|opposite)\b",
    re.I,
)


def _sentence_is_idle(sentence: str, match: re.Match[str]) -> bool:
    """Whether what follows "is" rates the term or gives its place rather than saying what it is."""
    said = sentence[match.end() :]
    # "is a tool from the package is an editor": two sentences run into one by their author.
    return match.re is _IS_A and (_IDLE.match(said) is not None or re.match(r"[^,.;:()]* is an? ", said) is not None)


_TOOL_NOUN = re.compile(
    r"(?:an? |the )?(?:[\w-]+ ){0,6}?(?:tools?|programs?|commands?|packages?|scripts?|utility|daemon|service|collection|library|editor|interface|"
    r"distribution|format|system|application|server|client|manager|debugger|compiler|shell|browser)\b",
    re.I,
)
"""What has a name that stands alone; a field or a key in code style belongs to some program."""
_QUALIFIED = re.compile(
    r"^(?:more|less|slightly|very|good|bad|better|best|new|simple|typical|useful|common|recommended|possible|usual|proper|full|single|complete|normal|special|certain|correct|"
    r"valid|similar|non-[\w-]+|non|major|minor|great|large|small|big|few|own|quick|easy|nice|important|interesting|popular|modified|given|final|current|resulting)\b",
    re.I,
)


def _term(term: str, verb: str, prose: str) -> str | None:
    """The term as it reads in a question ("a bill of materials"), or None when it is no name of anything."""
    article, _, bare = term.partition(" ") if re.match(r"(?:A|An|The) ", term) else ("", "", term)
    bare = bare.strip("“”\"'")
    if not article and not re.match(r"[A-Z`“\"]|[a-z]+[A-Z\d-]", term):
        return None  # "where M is a …" goes on from somewhere
    if re.search(r"[“”\"]|\b(?:required|needed|used|recommended|supported|desired)$", bare) or _QUALIFIED.match(bare):
        return None
    if bare.count("`") % 2 or re.fullmatch(
        r"(?i:line|column|row|field|item|entry|part|step|stage|case|table|figure) \d+", bare
    ):
        return None
    if not article and re.fullmatch(r"[A-Z][a-z]+ing", bare):
        return bare.lower()
    if re.match(r"[A-Z][a-z]+ing \w", bare) or bare.endswith(("self", "selves")) or len(bare) < 2:
        return None
    if _NO_TERM.search(bare) or re.search(r"[,;:]", bare):
        return None
    named = re.search(r"[A-Z]", bare if article else bare[1:]) is not None or "`" in bare
    if (article == "The" and not named) or (not article and not named and verb == "is" and len(bare.split()) > 3):
        return None
    if not article and not named and (" " in bare or _is_common(bare, verb, prose)):
        if verb == "is" and " " in bare and re.search(r"(?:tab|button|field|option|window|menu|page|panel)$", bare):
            return None
        bare = bare[0].lower() + bare[1:]
    return f"{article.lower()} {bare}".strip()


def _is_common(word: str, verb: str, prose: str) -> bool:
    """Whether a word that opens a sentence is a common noun: the text writes it small elsewhere, or it is a plain plural."""
    as_name = re.search(rf"(?<=[a-z,] ){re.escape(word)}\b", prose)
    as_word = re.search(rf"\b{re.escape(word.lower())}s?\b", prose)
    return as_name is None and (
        as_word is not None or verb == "are" or word.lower().endswith(("tion", "ment", "ness", "ity", "ing"))
    )


def _limit(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _VALUE.match(statement.text)
    if match is None or not _VALUE_HEAD.search(match.group("name")) or _NO_TERM.search(match.group("name")):
        return None
    name = match.group("name") + (f" {match.group('joint')} {match.group('of')}" if match.group("of") else "")
    asked = wording.value(name, "1", subject, statement.prose)
    return Reading(asked, PairKind.PARAMETER, 0.65) if asked else None


def _condition(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _IF.match(statement.text)
    if match is None or not _stands_alone(match.group("clause")):
        return None
    clause, then = match.group("clause"), match.group("then")
    if not statement.policy and not is_met(clause, subject):
        return None
    if _INSTRUCTS.match(then):
        if not is_event(clause):
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
    phrase = re.sub(r"\byour\b", "my", f"{match.group('verb')} {match.group('rest')}")
    if re.match(r"(?:use|do|see|avoid|make|get|give|be)$", match.group("verb")) and len(phrase.split()) < 3:
        return None
    if not _is_task(phrase, statement, subject) or _only_opens(match.group("then"), statement):
        return None
    phrase = for_service(phrase, statement.headings, subject)
    return Reading(wording.purpose(phrase, subject, statement.prose), PairKind.HOW_TO, 0.6, goes_on=True)


_OPENS = re.compile(r"(?:you (?:can|must|need to) )?(?:open|go to|see|choose|visit) [^,;:]{3,90}\.$")


def _only_opens(then: str, statement: Statement) -> bool:
    """Whether an answer ends at the door: the dialog is opened, and what to do in it stands elsewhere."""
    return _OPENS.match(then) is not None and re.search(r"\b(?:dialog|window|page|panel)\b", then) is not None


def _means(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    """Such as "You can lock the keypad by holding the key" → "How do I lock the keypad?"."""
    passive = _CAN_BE.match(statement.text)
    if passive:
        return _done_by(passive, statement, wording, subject)
    match = _CAN.match(statement.text)
    if match is None or match.group("verb") not in lex.VERBS - _EMPTY_VERBS:
        return None
    phrase = re.sub(r"\byour\b", "my", f"{match.group('verb')} {match.group('rest')}")
    if not _stands_alone(match.group("rest")) or not _is_task(phrase, statement, subject):
        return None
    if re.search(r"\b(?:using|by|with|and|or)\b", phrase):
        return None
    phrase = for_service(phrase, statement.headings, subject)
    return Reading(wording.purpose(phrase, subject, statement.prose), PairKind.HOW_TO, 0.6, goes_on=statement.first)


def _done_by(match: re.Match[str], statement: Statement, wording: Wording, subject: str) -> Reading | None:
    """Such as "Labels can be moved with the arrow keys" → "How do I move labels?"."""
    verb, thing = PARTICIPLES.get(match.group("done")), match.group("thing")
    if verb is None or _NO_TERM.search(thing) or not _stands_alone(f"{thing} {verb}"):
        return None
    first, _, rest = thing.partition(" ")
    is_name = re.search(r"^`|.[A-Z\d`]", first) or re.search(
        rf"(?<=[a-z,] ){re.escape(first)}\b(?! [A-Z])", statement.prose
    )
    phrase = f"{verb} {thing if is_name else thing[0].lower() + thing[1:]}"
    # "The" at the head of a sentence speaks of what stood before it, unless words after the noun tell which.
    of_the_page = first == "The" and not re.search(r" (?:of|for|in|on) |[A-Z`]", rest)
    if of_the_page or not _is_task(phrase, statement, subject):
        return None
    phrase = for_service(phrase, statement.headings, subject)
    return Reading(wording.purpose(phrase, subject, statement.prose), PairKind.HOW_TO, 0.6, goes_on=False)


_NOWHERE = re.compile(
    r"\b(?:at|on) the (?:bottom|top|left|right)(?: side)?\b(?! of| \w+bar| mouse| click)",
    re.I,
)
"""A place in a window that the sentence does not name."""


def _is_task(phrase: str, statement: Statement, subject: str) -> bool:
    """Whether a phrase says, with the product's name, what is acted on."""
    if (
        is_bound(phrase)
        or leaves_open(phrase, statement.headings)
        or re.search(r" (?:if [a-z]+|at any time|at once|again|now)$|^(?:return (?:a|the) list|select from)\b", phrase)
        or points_to_its_page(phrase)
        or re.search(r"\bhere\b(?! (?:is|are)\b)", statement.text)
        or (_NOWHERE.search(statement.text) is not None and not place_of(statement.headings))
    ):
        return False
    return subject != "" or names_its_matter(phrase)


_PLACEHOLDER = re.compile(
    r"^`?(?:file|package|name|user|directory)\b|[ `/](?:expression|interface|files?|package|name|user|directory|host)\b(?!\.)(?=[`/ ])"
)
"""A name that holds the place of another: "`dpkg -i package`"."""
_OF_A_PROGRAM = frozenset("option setting parameter variable directive field property button function".split())
_PROGRAMS = frozenset("command package program tool utility daemon script".split())
_HOLDERS = frozenset(("file", "directory"))
_HOLDS = frozenset("contains holds stores".split())
_TELLS = frozenset("lists provides defines".split())


def _effect(statement: Statement, subject: str) -> Reading | None:
    """Such as "The `sync` command writes …" → "What does the `sync` command do?"."""
    match = _DOES.match(statement.text)
    if match is None:
        return None
    name, kind = match.group("name"), match.group("kind")
    if _NO_TERM.search(name.strip("`“”").split(" ")[0]) or name in ("The", "A", "An") or name.lower() in lex.VERBS:
        return None
    if _PLACEHOLDER.search(name) or name.count(" ") > 3 or name.startswith("`-"):
        return None  # an option is one of a command, which the sentence does not name
    named = f"the {name} {kind}"
    if kind == "key" and not is_part_of_tool(statement.headings):
        return None
    if kind in _OF_A_PROGRAM and subject.lower() in lex.PLATFORM:
        return None  # of which of a system's many programs?
    if kind in _PROGRAMS and subject.startswith("`"):
        subject = ""  # a program told of beside another is no part of that one
    if subject:
        told_apart = mentions(named, subject) or placed_on(named, subject) != "" or kind in _PROGRAMS
    else:
        told_apart = kind in _PROGRAMS | _HOLDERS and re.search(r"[`A-Z]", name) is not None
    if not told_apart:
        return None
    holds = match.group("does") in (_HOLDS | _TELLS if kind in _HOLDERS else _HOLDS)
    where = placed_on(named, subject)
    if kind in _HOLDERS and not holds:
        return Reading(f"What is {named} for{where}?", PairKind.DEFINITION, 0.6, goes_on=statement.first)
    verb = "contain" if holds else "provide" if match.group("does") == "provides" and kind == "package" else "do"
    return Reading(f"What does {named} {verb}{where}?", PairKind.DEFINITION, 0.6, goes_on=statement.first)


def _stands_alone(clause: str) -> bool:
    return not _POINTS_BACK.search(clause) and len(clause.split()) >= 2
