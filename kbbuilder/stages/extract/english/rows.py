"""Terms, values, table rows and clauses as questions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading
from kbbuilder.stages.extract import lexicon_en as lex
from kbbuilder.stages.extract.cells import is_counted, means_little
from kbbuilder.stages.extract.english.grammar import (
    GERUNDS,
    as_label,
    as_question,
    is_plural,
    listed,
    lowered,
    without_unit,
)
from kbbuilder.stages.extract.english.naming import (
    generic_to_subject,
    is_product,
    mentions,
    name_of,
    placed_on,
    swap_person,
    with_subject,
)
from kbbuilder.stages.extract.english.tasks import needs_object, verb_phrase


def definition(term: str, plural: bool) -> str:
    """Such as "What is a bill of materials?" for a term as it stands in the text, article included."""
    return f"What {'are' if plural else 'is'} {term}?"


def meaning(term: str, subject: str = "") -> str:
    """For glossary entries, icons and messages."""
    return f"What does “{term}” mean?"


def value(name: str, cell: str, subject: str, prose: str) -> str:
    """Such as "Rated voltage" → "What is the rated voltage of the X200?"."""
    text = as_label(without_unit(name))
    be = "are" if is_plural(text) else "is"
    the = "" if text.lower().startswith(("the ", "max", "min")) and " " not in text else "the "
    joint = "in" if not is_product(subject) else "on" if re.search(r" (?:of|in) ", text) else "for"
    whose = (
        ""
        if mentions(text, subject) or re.search(r" in [A-Z]\w+$", text)
        else f" {joint if re.search(r' (?:of|in|when|for) ', text) else 'of'} {name_of(subject)}"
    )
    return as_question(f"What {be} {the}{text}{whose}")


_ENTITY_KINDS = frozenset("plan package tier model edition version subscription tariff".split())


def row(entity: str, kind: str, columns: Sequence[str], cell: str, subject: str, headings: Sequence[str] = ()) -> str:
    """A row of a wide table: "What are the price and monthly limit for the Basic plan?".

    Args:
        kind: the label of the entities' column ("Plan").
        columns: the labels of the columns asked for, at most three.
        cell: what stands in the first of them.
    """
    names = [as_label(without_unit(c)) for c in columns]
    noun = kind.lower() if kind.lower() in _ENTITY_KINDS and kind.lower() not in entity.lower() else ""
    named = f"the {entity} {noun}" if noun else _with_article(entity)
    several = "," in entity
    on = placed_on(entity, subject)
    if len(names) == 1:
        price = None if several else re.match(r"(?:price|cost|fee)s?\b(?: (?:of|for) [a-z]+)? ?(.*)$", names[0])
        if price:
            return as_question(f"How much does {named} cost {price.group(1)}{on}")
        if not several and is_plural(names[0]) and re.fullmatch(r"\s*(?:up to )?[\d., ]+\s*", cell):
            return as_question(f"How many {names[0]} does {named} include{on}")
    be = "are" if len(names) > 1 or is_plural(names[0]) else "is"
    return as_question(f"What {be} the {listed(names)} for {named}{on}")


def _with_article(entity: str) -> str:
    """A thing of several words that end in a common noun as a sentence says it: "the drip tray grid", "the PureDrop water
    filter"; a name ("Basic", "PureDrop Plus") and several things stay as they are.
    """
    first, *others = entity.split()
    if (
        not others
        or not re.fullmatch(r"[a-z]{3,}", others[-1])
        or is_plural(others[-1])
        or re.search(r"[,;&]|\d", entity)
    ):
        return entity
    plain = re.fullmatch(r"[A-Z][a-z]+", first) is not None and all(word.islower() for word in others)
    return f"the {entity[0].lower()}{entity[1:]}" if plain else f"the {entity}"


def asks_together(columns: Sequence[str]) -> bool:
    """Whether one question may ask for all these columns."""
    return True


def names_measures(columns: Sequence[str]) -> bool:
    """Whether columns' labels name measures: not a book's dates and authors, not mere counters, not descriptions."""
    keys = {label.strip().lower() for label in columns}
    return len(keys & _OF_A_BOOK) < 2 and not keys <= _TOLD_IN_WORDS and not any(is_counted(label) for label in columns)


_OF_A_BOOK = frozenset("date author authors publisher revision version edition release change changes editor".split())
_TOLD_IN_WORDS = frozenset("function action description effect purpose meaning definition explanation".split())


def names_an_offer(label: str) -> bool:
    """Whether a column's label says that its cells are plans, models or products: names that stand alone."""
    return (
        label.lower() in _ENTITY_KINDS
        or re.search(r"\b(?:product|item|part|drink|service|method)\b", label, re.I) is not None
    )


_CONTROLS = re.compile(
    r"\b(?:menu|dialog|panel|tab|toolbar|window|screen|keypad|remote control|settings page)s?$", re.I
)
"""A heading that ends so names a place with buttons and fields."""


_CARE = frozenset("clean descale replace empty rinse check wash lubricate inspect change".split())


def interval(task: str, about: str, subject: str, prose: str) -> str:
    """A row of a maintenance schedule: how often the part or task is due. `about`: the column labels and the heading."""
    first = task.split()[0].lower()
    if first in GERUNDS or first in _CARE:
        phrase = verb_phrase(task, prose, steps=True)
        if phrase is not None and not needs_object(phrase):
            return as_question(f"How often should I {with_subject(phrase, subject)}")
    text = lowered(task, prose)
    done = (
        "replaced"
        if re.search(r"\b(?:replac|chang)", about, re.I)
        else "cleaned"
        if re.search(r"\bclean", about, re.I)
        else "serviced"
    )
    return as_question(f"How often should the {text} be {done}{placed_on(text, subject)}")


_KINDS = frozenset(
    "command option button property parameter file package program variable field function icon tool menu setting role mode key directory path".split()
)
_DEEDS = frozenset(
    "count appear restrict accept move toggle cycle zoom pan highlight prompt call keep hold limit ignore skip write contain force specify".split()
)
_ACTS = frozenset("command option button function tool menu setting key package program".split())
"""Of these one asks what they do, of the rest what they mean."""
_DOES = re.compile(
    r"^(?:automatically |(?:in|on) [^,.]{3,40}, )?(?:if |when |whether |allows? |enables? |lets? |should |determines? |checks? |returns? |sets? |shows? |opens? |"
    r"this (?:option|setting|command|button|key|tool|function|checkbox) |"
    r"(?P<verb>[a-z]+)\b)",
    re.I,
)


def _stands_without_product(name: str, kind: str) -> bool:
    """Whether a name means something though the document is about no known product: a path or a command line."""
    return re.match(r"[`./~]", name) is not None and not means_little(name) and kind.lower() in _NAMED_ALONE


_NAMED_ALONE = frozenset("command commands file package program path directory".split())


def _tells_what_it_does(description: str) -> bool:
    """Whether a description says what a thing does ("Opens the …", "If checked, …") rather than what it is."""
    match = _DOES.match(description.strip().lstrip("-* "))
    if match is None:
        return False
    verb = match.group("verb")
    if verb is None:
        return True
    base = verb.lower()
    following = description.strip()[match.end() :].split()[:1]
    stems = (base, base.removesuffix("s"), base.removesuffix("es"), base.removesuffix("ies") + "y")
    return any(stem in lex.VERBS or stem in _DEEDS for stem in stems) and (
        not following or following[0].lower() not in ("of", "is", "are", "for")
    )


def _says_little(name: str, description: str) -> bool:
    """Whether a description only says that an entry is a check-box, or that it opens what it is called."""
    told = description.strip().rstrip(".")
    if re.match(r"(?:check-? ?box|radio button|tick box)\b", told, re.I):
        return len(told.split()) <= 9
    return re.fullmatch(rf"opens? (?:the )?{re.escape(name)}(?: [\w-]+)?", told, re.I) is not None


_NAMED_THINGS = frozenset("package program command tool".split())
_NO_NOUN = re.compile(
    r"(?:this|it|you|if|when|to|see|for|used|[a-z]+ly|[a-z]+(?:ize|ise|ate|ify)s?)\b|[^.]*?\b(?:is|are|was|can|will|has|have|do|does|lets?|allows?|displays?|shows?|prints?)\b",
    re.I,
)


def _is_noun_phrase(description: str) -> bool:
    """Whether a description names what a thing is ("mail server with a web front end") without saying what it does."""
    told = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", description).strip().lstrip("-* ")
    first = (re.findall(r"[A-Za-z]+", told) or [""])[0].lower()
    stems = {first, first.removesuffix("s"), first.removesuffix("es"), first.removeprefix("re")}
    return _NO_NOUN.match(told) is None and stems.isdisjoint(_DEEDS | lex.VERBS | _SHORT_DEEDS)


_SHORT_DEEDS = frozenset("display provide trace ban bootstrap fetch dump rescue transform strip decode compute".split())
"""Verbs that open a description without a subject ("trace the path to a host"), though some are nouns elsewhere."""


def _family(heading: str) -> str:
    """What a table's names are, by its section's heading: "Pin electrical types" → "pin electrical type", or ""."""
    words = bare_heading(heading).split()
    if not words or words[-1].lower() not in _FAMILIES or any(w.lower() in GERUNDS for w in words):
        return ""
    last = words[-1].lower()
    singular = last[:-3] + "y" if last.endswith("ies") else last[:-1]
    if not 1 < len(words) <= 4 or any(w.lower() in _NO_FAMILY for w in words):
        return singular
    return " ".join([*(w if re.search(r"[A-Z].*[A-Z]", w) else w.lower() for w in words[:-1]), singular])


_MENU_MARKS = re.compile(r"(?:\s*\((?:Ctrl|Shift|Alt|Cmd|F\d)[^)]*\)|\s*…|\s*\.\.\.|\s*→)+$")
"""What a menu writes behind a command's name: its keys, and that a dialog or another menu opens."""
_JOINED = re.compile(
    r"[\w-]+(?:,? [\w-]+)* and [\w-]+(?: [\w-]+)* (?:properties|settings|options|parameters|fields)", re.I
)
"""Names of two kinds of things: "Track and Arc Properties"."""
_ONE_OF = re.compile(r"(?:one of|either) [\"“`']", re.I)
_FAMILIES = frozenset(
    "types properties fields roles modes settings options states constraints directives keywords attributes variables flags functions parameters".split()
)
_NO_FAMILY = frozenset("and or of other common general advanced basic more additional".split())


def does(name: str, kind: str, heading: str, description: str, subject: str) -> str | None:
    """A row of a table of commands, buttons, properties or files; None when of no known product the name may mean anything.

    Args:
        kind: the names' column label ("Property"); used when it is a word for what they are.
        heading: the table's section; may say where the names stand ("File menu") or what they are ("Pin types").
        description: what the row says of the name: what a thing does, or what its name means.
    """
    bare = bare_heading(heading).replace(" - ", " ")  # "Account Tree - File Menu"
    name = _MENU_MARKS.sub("", name).strip()
    if _says_little(name, description):
        return None
    place = bare if _CONTROLS.search(bare) or _JOINED.fullmatch(bare) else ""
    if not subject and (place or not _stands_without_product(name, kind)):
        return None  # a menu is always some program's
    if re.fullmatch(r"`?%\S{1,3}`?", name):  # a sign in a pattern: of which pattern?
        if bare.split()[0].lower() in GERUNDS or len(bare.split()) < 2:
            return None
        place = ""
        subject = f"{lowered(bare, '')} of {name_of(subject)}"
        return f"What does {name if name[0] == '`' else f'“{name}”'} mean in the {subject}?"
    tool = " " in name and name.split()[-1].lower() in lex.TOOLS
    label = kind.lower().removesuffix("s")
    family = _family(heading)
    noun = label if label in _KINDS and " " not in family else family
    quoted = name if name.startswith("`") else f"“{name}”"
    if noun == "command" and re.search(r"`.* .*`", name):
        noun = ""  # `hub reset` shows itself to be a command
    if tool:
        named = f"the {name}"
    elif " " in noun:
        named = f"the {noun} {quoted}"
    else:
        named = f"the {quoted} {noun}" if noun else quoted
    if not noun and not place and not tool and not re.search(r"^`|[\d_./]|[a-z][A-Z]", name):
        return None  # "Free": a word that no label or heading says what it is a name of
    if _ONE_OF.match(description.strip()):
        values = f"Which values can {named} have"
        return (
            f"{values} in the {bare.lower()} of {name_of(subject)}?"
            if place
            else f"{values}{placed_on(name, subject)}?"
        )
    repeats = description.lower().startswith(name.lower())  # "Open collector": "Open collector outputs are …"
    if not place and noun in _NAMED_THINGS and _is_noun_phrase(description):
        return f"What is {named}{placed_on(name, subject)}?"
    acts = tool or noun.split(" ")[-1] in _ACTS or (_tells_what_it_does(description) and not repeats)
    verb = "do" if acts or re.fullmatch(r"`[a-z][\w.-]* [^`]+`", name) else "mean"  # a command line does something
    if verb == "mean" and not noun and not place and re.fullmatch(r"[A-Z][a-z]+[A-Z]\w+", name):
        return f"What is {name}{placed_on(name, subject)}?"
    if (
        noun in ("file", "directory", "")
        and not (place or tool)
        and re.match(r"contains?\b|holds?\b|stores?\b", description.strip(), re.I)
    ):
        verb = "contain"
    if noun == "directory" and not place and not re.match(r"(?:the|an?|this)\b", description, re.I):
        return f"What does {named} contain{placed_on(name, subject)}?"
    if verb == "mean" and noun in ("file", "directory", "path") and not place:
        return f"What is {named}{placed_on(name, subject)}?"
    if place and _JOINED.fullmatch(bare):
        return f"What does {quoted} {verb} in the {bare.lower()} of {name_of(subject)}?"
    if place:
        where = re.sub(r"^the ", "", place, flags=re.I)
        return f"What does {named} do in the {where}{placed_on(where, subject).replace(' in ', ' of ', 1)}?"
    return f"What does {named} {verb}{placed_on(name, subject)}?"


_OF_ALL = re.compile(r"(?:common|general|global|shared|all)\b", re.I)
_LONE_KEY = re.compile(r"(?:(?:shift|alt)\+)?(?:.|space)", re.I)


def is_telling_shortcut(action: str, keys: str, heading: str) -> bool:
    """Whether a shortcut is not its action's own name ("Delete": Del), and holds in every tool it is listed for: a lone
    letter of a list common to several tools has another use in one of them.

    Args:
        keys: as shown ("Ctrl+S").
        heading: the table's section.
    """
    first = action.lower().split()[0]
    if len(keys) > 2 and keys.isalpha() and first.startswith(keys.lower()):
        return False
    return not (_OF_ALL.match(bare_heading(heading)) and _LONE_KEY.fullmatch(keys.replace(" ", "")))


def shortcut(action: str, subject: str) -> str:
    """A row of a table of actions with their keys. A menu's "…" only says that a dialog opens."""
    named = action.removesuffix("…").removesuffix("...").strip()
    return f"What is the keyboard shortcut for “{named}”{placed_on(named, subject)}?"


def if_clause(clause: str, acts: bool, subject: str) -> str:
    """Such as "If the lamp blinks" → "What should I do if the lamp blinks?" (or "What happens if …?")."""
    text = generic_to_subject(swap_person(clause), subject)
    about_me = re.search(r"\bI\b", text) is not None
    return as_question(
        f"What {'should I do' if acts else 'happens'} if {text}{placed_on(text, subject) if acts or not about_me else ''}"
    )


def purpose(verb_phrase: str, subject: str, prose: str) -> str:
    """Such as "To reset the router, …" → "How do I reset the router?"."""
    return as_question(f"How do I {with_subject(swap_person(verb_phrase), subject)}")
