"""Questions out of lists that explain names: "`gnupg` - lets you sign packages". One an item, as of a table's row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple

from kbbuilder.language.text import CJK
from kbbuilder.schema import Candidate, ChunkPart, ElementKind, PairKind, Span
from kbbuilder.stages.extract.cells import is_key, is_word, names_only, points_away, tells_more
from kbbuilder.stages.extract.english.grammar import lowered
from kbbuilder.stages.extract.section import Section, candidate, is_dangling, is_pointer, span_of
from kbbuilder.stages.extract.wording import Wording

_MIN_ITEMS = 3
_PAGE = r"(?P<page>\(\d\w?\))?"
"""A manual page's section: "lvm.conf(5)"."""
_CONTROL = {
    "zh": rf"[{CJK}A-Za-z/]{{1,7}}(?:键|按钮|旋钮|开关|指示灯|插孔|接口|阀|传感器)",
    "en": r"[A-Z][\w/-]*(?: [\w/-]+){0,2} (?:button|key|switch|light|lamp|knob|dial|lever)",
}
"""What a device's user presses, turns or looks at."""
_NAME = {
    language: rf"(?P<name>`[^`\s][^`]{{0,40}}`|[a-z][\w.+-]*[a-z0-9]|{control}){_PAGE}"
    for language, control in _CONTROL.items()
}
_ITEM = {
    language: re.compile(rf"(?:[-*•]\s+)?{name}(?:\s*[:：]\s*|\s+[-–—]+\s+|\s*——\s*)(?P<told>\S.*)", re.S)
    for language, name in _NAME.items()
}
_TERM = {language: re.compile(rf"{name}(?: \(`?[a-z]+`?\))?[:：]?") for language, name in _NAME.items()}
"""A definition list's term, perhaps with its type: "`max_files` (`integer`)"."""
_MAX_TOLD = 1500
_SPELT_AS_NAME = re.compile(r"[`\-_.\d ]")
"""What tells a name from a word where every word is in Latin letters."""
_ASKS_WHAT_IT_IS = re.compile(r"^What (?:is|are)\b|(?<!的作用)是什么？$")
_DIRECTORY = re.compile(r"`?[~/].*/\*?`?$")


class _Named(NamedTuple):
    """What an item explains and how, and where both stand: an explanation proves nothing without its name."""

    name: str
    told: str
    span: Span
    of_page: bool
    """A manual page's name: what is said to be something is the page."""


def named_list_pairs(section: Section, wording: Wording) -> list[Candidate]:
    """One candidate an item of every unordered list or definition list of three or more that mostly explains names:
    programs, files, directories, settings, a device's controls. Cost: O(characters)."""
    found: list[Candidate] = []
    for listed, parts in groupby(section.body, lambda part: part.element.kind is ElementKind.LIST_ITEM):
        items = [_of_item(section, part) for part in parts] if listed else []
        found += _asked(section, items, wording)
    return found + list(_asked(section, _of_terms(section), wording))


def _of_item(section: Section, part: ChunkPart) -> _Named | None:
    match = _ITEM[section.chunk.language].match(section.chunk.text[part.start : part.end].strip())
    if match is None or part.element.ordered:
        return None
    start = section.chunk.text.index(match["name"], part.start)
    return _named(section, match, start, section.chunk.text.index(match["told"], start), part.end)


def _of_terms(section: Section) -> list[_Named | None]:
    """A definition list's terms, as readers give them: each a bold paragraph of its own with its explanation below."""
    at = [i for i, part in enumerate(section.body) if part.element.kind is ElementKind.PARAGRAPH and part.element.bold]
    found: list[_Named | None] = []
    for index, end in zip_longest(at, at[1:]):
        # How far the last one's explanation goes, nothing tells: its first paragraph is all that is sure to be of it.
        told = section.body[index + 1 : index + 2 if end is None else end]
        match = _TERM[section.chunk.language].fullmatch(section.body[index].element.text.strip())
        if match is None or not told or told[0].element.kind is not ElementKind.PARAGRAPH:
            found.append(None)
        else:
            found.append(_named(section, match, section.body[index].start, told[0].start, told[-1].end))
    return found


def _named(section: Section, match: re.Match[str], start: int, told_at: int, end: int) -> _Named | None:
    """The name that `match` found, explained from `told_at` to `end`; None when it is a mere word."""
    name = match["name"]
    if section.chunk.language == "en" and not (match["page"] or _SPELT_AS_NAME.search(name)):
        return None
    told = section.chunk.text[told_at:end].rstrip(" ;；,，\n")
    if len(told) > _MAX_TOLD:
        return None
    return _Named(name, told, span_of(section.chunk, start, told_at + len(told)), bool(match["page"]))


def _asked(section: Section, items: Sequence[_Named | None], wording: Wording) -> Iterator[Candidate]:
    named = [item for item in items if item is not None]
    if len(named) < _MIN_ITEMS or 2 * len(named) <= len(items):
        return
    for name, told, span, of_page in named:
        if is_key(name) or not is_word(name) or not tells_more(name, told, section.heading):
            continue
        if any(says(told) for says in (is_dangling, is_pointer, points_away)) or names_only(told, ""):
            continue
        question = _question(section, name, told, wording)
        if question and not (of_page and _ASKS_WHAT_IT_IS.search(question)):
            yield candidate(section, question, (span,), PairKind.DEFINITION, 0.6, answer=told)


def _question(section: Section, name: str, told: str, wording: Wording) -> str | None:
    kind = ("目录" if section.chunk.language == "zh" else "directory") if _DIRECTORY.match(name) else ""
    if " " in name and re.match(r"[A-Z][a-z]", name):
        name = lowered(name, section.topic)  # "Power button" only begins its item
    if "`" in name or not name.isascii() or " " in name:
        return wording.does(name, kind, section.heading, told, section.topic)
    # A lower-case word of a Chinese text is a program's name as surely as one that is set as code.
    asked = wording.does(f"`{name}`", kind, section.heading, told, section.topic)
    return asked.replace("`", "") if asked else None
