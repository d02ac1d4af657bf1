"""What limits an English question: the program, place or page that the headings above name and the text takes for granted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.text import has_cjk, without_code
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.english.grammar import GERUNDS
from kbbuilder.stages.extract.english.naming import is_used_as_name, mentions, name_of

_PART = re.compile(
    r"^(?:(?i:(?:(?:setting up|set up|installing|install|configuring|configure|using|use|enabling|enable|running|introduction to|getting started with|working with|about|the) )?))"
    r"`?(?P<name>[a-z]?[A-Z][\w+-]*(?: [A-Z][\w+-]*)?)`?(?: (?i:server|client|basics|configuration))?(?: \([^()]*\))?$"
)
"""A heading that says which program its sections are about: "Setting Up Icinga", "Mumble Server"."""
_CODE_NAME = re.compile(r"`[a-z][a-z+-]{2,20}`")
"""A heading that is a program's name as one types it."""
_DONE_WITH = re.compile(r"\b(?:[Ww]ith|[Uu]sing|[Ss]yntax of) ([A-Z][a-z][\w+-]*|`[a-z][\w-]{1,20}`)$")
"""Such as "Backing up with `rsync`", "Sharing Files with Samba"."""


def product_of(headings: Sequence[str], subject: str, prose: str) -> str:
    """The program a text is about: the one that a heading above is all about, else the document's product.

    Args:
        headings: outermost first.
        subject: the document's product, or "".
        prose: the section's text, which tells names from words.
    """
    for heading in reversed(headings):
        bare = bare_heading(heading)
        if subject and (mentions(bare, subject) or f" {subject}".endswith(f" {bare}")):
            return subject
        doing = _DONE_WITH.search(bare)
        if doing and (doing.group(1)[0] == "`" or not re.search(rf"\b{doing.group(1).lower().rstrip('s')}", prose)):
            return doing.group(1)
        codes = re.findall(r"`([a-z][\w-]{1,20})`", bare) if has_cjk(bare) else []
        if len(codes) == 1:
            return f"`{codes[0]}`"
        if _CODE_NAME.fullmatch(bare):
            return bare
        part = _PART.match(bare)
        if part and _is_named(part.group("name"), prose) and not (subject and _is_tool(part.group("name"), prose)):
            return part.group("name")
    return subject


def _is_named(name: str, prose: str) -> bool:
    """Whether a text uses a heading's words as a name: large inside a sentence, and never small."""
    return re.fullmatch(r"[a-z][A-Z]\w+|[A-Z][a-z]+[A-Z]\w*", name) is not None or (
        len(name) > 2
        and name.lower() not in lex.PLAIN_NOUNS
        and name.split()[0].lower() not in lex.VERBS
        and not re.fullmatch(r"[A-Z\d]+|.*v\d", name)
        and is_used_as_name(name, without_code(prose))
    )


def _is_tool(name: str, prose: str) -> bool:
    """Whether a heading names a tool or a kind of things in its program ("Curves", "Ellipse Selection") rather than a
    program: it is a plural, or the text calls it a tool."""
    plural = re.fullmatch(r"[A-Z][a-z]+(?<![sui])s", name) is not None
    return plural or re.search(rf"\b{re.escape(name)}[”\"`]? (?:{_TOOL_NOUNS})\b", prose, re.I) is not None


_PLACE = re.compile(
    r"^(?:(?:description of|using|about) (?=the |“))?(?:the )?(?P<place>(?:[\w/&-]+ ){1,3}(?:menu|dialog|panel|tab|toolbar|window|pane|table|inspector|view|properties|preferences|screen|page|assistant|wizard|importer|matcher|console))$",
    re.I,
)


def place_of(headings: Sequence[str]) -> str:
    """The dialog, panel or table that one of the two nearest headings names ("Symbol Fields Table"), or ""."""
    for heading in reversed(headings[-2:]):
        place = _PLACE.match(re.sub("[“”]", "", bare_heading(heading)))
        if place and place.group("place").split()[0].lower() not in GERUNDS | {"dialog": ""}:
            return place.group("place")
    return ""


_PART_OF_TOOL = re.compile(
    r"(?:“[^”]*” )?(?:(?:tool|filter|dialog|report|other|general|basic|advanced) )?(?:options|parameters|settings|handling|modes|modifiers|controls)"
    r"|(?:key modifiers|(?:tool )?handling|handling (?:the )?tool|operating modes|display|usage|presets)(?: \([^)]*\))?"
    r"|(?:using|use of|description of) (?:the|this) (?:dialog|tool|filter|command|window)(?: window)?",
    re.I,
)
"""Headings that every tool of a program has below its own name: "Options", "Tool handling"."""
_KIND_OF_TOOL = re.compile(
    r"\b(?:this|the) (tool|filter|command|dialog|plug-?in|editor|calculator|wizard|assistant|report)\b", re.I
)


def is_part_of_tool(headings: Sequence[str]) -> bool:
    """Whether a section is a part that any tool's description has, so that only the heading above says of which."""
    return len(headings) > 1 and _PART_OF_TOOL.fullmatch(bare_heading(headings[-1])) is not None


def tool_above(headings: Sequence[str], prose: str) -> str:
    """The tool whose "Options" or "Handling" a section is ("Fuzzy Selection tool"), or "" when nothing says what it is.

    Args:
        headings: outermost first, the section's own last.
        prose: the section's text, which may call it "this tool".
    """
    name = next((bare_heading(h) for h in reversed(headings[:-1]) if not _PART_OF_TOOL.fullmatch(bare_heading(h))), "")
    name = re.sub(r"^the ", "", re.sub("[“”]|…$", "", name), flags=re.I)
    if not 1 <= len(name.split()) <= 5 or is_generic(name) or name.split()[0].lower() in GERUNDS:
        return ""
    if re.search(rf"\b(?:{_TOOL_NOUNS})$", name, re.I):
        return name
    kinds = _KIND_OF_TOOL.findall(prose)
    return f"{name} {kinds[0].lower()}" if kinds else ""


_TOOL_NOUNS = "tool|filter|command|dialog|plug-?in|editor|calculator|wizard|assistant|report|panel|window|menu|viewer"


def in_place(question: str, place: str, subject: str) -> str:
    """A question that says where in its program: "… in the Colour panel of Tidepool?"."""
    if not place or not subject:
        return question
    end = f" in {name_of(subject)}?"
    bare = question.removesuffix(end).rstrip("?")
    bare = bare.removesuffix(f" in the {place.split()[-1].lower()}")
    if mentions(place, subject):
        return question if mentions(bare, subject) else f"{bare} in the {place}?"
    asked = bare.lower()
    if all(word in asked for word in (place.lower().split()[0], place.lower().split()[-1])):
        return question if mentions(bare, subject) else f"{bare}{end}"
    return f"{bare} in the {place} of {name_of(subject)}?"


def leaves_open(phrase: str, headings: Sequence[str]) -> bool:
    """Whether a task speaks of "the palette" or of "rules" that its headings do not name and its page made known.

    Args:
        phrase: such as "show the palette".
        headings: those above the sentence, its own section's last.
    """
    named = " ".join(headings).lower()
    definite = re.match(r"\w+(?: up| off| out)? (?:the|this|these) ((?:[a-z][\w-]* ?)+)$", phrase)
    if definite:
        words = definite.group(1).split()
        if len(words) == 1:
            return words[0] not in lex.GENERIC_OBJECTS and words[0][:5] not in named
        return all(word in lex.PLAIN_NOUNS for word in words)
    to_the = re.search(r" (?:to|from|in|into|of) the ([a-z]+)$", phrase)
    if to_the:
        return to_the.group(1) in lex.PLAIN_NOUNS and to_the.group(1)[:5] not in named
    bare = re.fullmatch(r"\w+(?: up| off| out)? (?:all |any |several |a range of |selected )*([a-z]+)", phrase)
    if bare is None or place_of(headings):
        return False
    return bare.group(1) in _ANYWHERE and bare.group(1)[:-1] not in headings[-1].lower()


_ANYWHERE = frozenset(
    "rules settings options values entries items files parameters properties fields names lists lines cells rows pages".split()
)
"""What every page of a program has some of."""


_SYSTEMS = re.compile(
    r"(?:\b(?:on|for|under) )?\b(?P<name>Windows|macOS|Mac OS X|Android|iOS)\b(?: (?:machine|client|PC|computer|workstation|host|system|phone)s?\b)?"
)


def on_system(phrase: str, headings: Sequence[str], subject: str) -> str:
    """A task with the one other system that the headings above say it is done on: "install the client on Windows"."""
    # "Windows shares" are not on Windows; "Windows clients" are.
    found = [match for heading in headings for match in _SYSTEMS.finditer(heading)]
    named = {match.group("name") for match in found if match.group() != match.group("name")}
    if len(named) != 1 or (subject and mentions(phrase, subject)) or _SYSTEMS.search(f"{phrase} {subject}"):
        return phrase
    return f"{phrase} on {named.pop()}"


_SERVER = re.compile(r"(?:^|\b)((?:[a-z-]+ ){0,1}server)s?(?: \([^()]*\))?$", re.I)
_SHORT_NAME = re.compile(r" \(([A-Z]{2,6})\)$")


def for_service(phrase: str, headings: Sequence[str], subject: str) -> str:
    """A system's task with the server or the abbreviated service that a heading above is about: "require authentication on
    a web server", "connect without passwords with SSH"; a system has many, and the task is one of theirs.

    Args:
        headings: outermost first.
        subject: the document's product; of a program no service is told apart.
    """
    if subject.lower() not in lex.PLATFORM or "`" in phrase:
        return phrase
    for heading in reversed(headings):
        bare = bare_heading(heading)
        if bare.split()[0].lower() in GERUNDS:
            continue
        server = _SERVER.search(bare)
        if server:
            name = server.group(1).lower()
            article = "an" if name[0] in "aeiou" else "a"
            return phrase if name.split()[0] in phrase.lower() else f"{phrase} on {article} {name}"
        short = _SHORT_NAME.search(bare)
        if short:
            return phrase if short.group(1).lower() in phrase.lower() else f"{phrase} with {short.group(1)}"
    return phrase


_NAMES_A_TERM = re.compile(r"What (?:is|are) (?:an? |\w*[A-Z]\w*[A-Z]\w*\?)|What does “(?:\w*[A-Z]\w*[A-Z]|[\w-]+ )")
"""Such as "What is a layer?", which means the same in every tool."""
_ANY_TAB = re.compile(
    r"What (?:does|is) the (?:general|main|basic|advanced|options|settings|details|other) (?:tab|page|pane|field)\b",
    re.I,
)
"""What several dialogs of a program have."""
_OF_A_PLACE = re.compile(
    r"What (?:does|is|are) the .+? (?:buttons?|tab|field|checkbox|page|pane|column|box)(?: (?:do|contain|used for))?\b(?: in .+)?\?$"
)


def placed(
    question: str, headings: Sequence[str], prose: str, product: str, subject: str, *, defines: bool, measures: bool
) -> str | None:
    """A sentence's question with the dialog, table or tool that the sentence takes for granted; None where that is not known.

    Args:
        headings: outermost first, the section's own last.
        product: the program that the headings narrow the document's `subject` to, or the subject.
        defines: the question asks what something is or does.
        measures: the question asks for a value.
    """
    of_a_place = _OF_A_PLACE.match(question) is not None
    place = place_of(headings) if not defines or of_a_place else ""
    if _ANY_TAB.match(question) or (of_a_place and not (place and product)):
        return None  # a button is some window's, and a window some program's
    if not place and is_part_of_tool(headings) and not _NAMES_A_TERM.match(question):
        place = tool_above(headings, prose)
        if not (place and product) or measures:
            return None  # an option is some tool's, and a range some option's
        if mentions(place, product):
            return in_place(re.sub(rf" in {re.escape(name_of(product))}\?$", "?", question), place, subject)
    return in_place(question, place, product)


_IN_A_PROGRAM = re.compile(r" (?:windows?|dialogs?|tool|menu|editor)$", re.I)
_OF_THE_WORLD = re.compile(r"(?:format|model|language|protocol|standard|system|license|project|service)$", re.I)
"""A name that ends so is known outside the program, too."""


def is_programs_own(term: str, serves: bool) -> bool:
    """Whether a term is a part of the program that its manual is about: "the Rope Tool", not "the Sea Chart Format".

    Args:
        term: with its article, as it stands in a question.
        serves: the text says what it "is used to" do.
    """
    if _IN_A_PROGRAM.search(term) or (serves and term[0].isupper()):
        return True
    return term.startswith("the ") and _OF_THE_WORLD.search(term) is None
