"""Questions out of single sentences: definitions, limits, conditions, purposes.

Only what a section or table has not answered already is read. `sentences_en` and `sentences_zh` know the forms; here the
text is cut into sentences and the answer's extent is decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.leftovers import has_leftovers
from kbbuilder.language.text import CJK
from kbbuilder.schema import Candidate, ChunkPart, ElementKind, PairKind
from kbbuilder.stages.extract import sentences_en, sentences_zh
from kbbuilder.stages.extract.chinese.answers import turns_to_another
from kbbuilder.stages.extract.section import Section, candidate, is_dangling, is_pointer, span_of
from kbbuilder.stages.extract.statement import Statement
from kbbuilder.stages.extract.wording import Wording

_END_EN = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bNo)(?<!\bFig)(?<!\bapprox)(?<!\bmax)(?<!\bmin)"
    r"[.!?](?:[\"”')\]]+)?(?=\s+[A-Z0-9“\"(`]|\s*$)"
)
_END_ZH = re.compile(r"[。！？；](?:[”』」）)]+)?|(?<=[\w）])\n")
_MARK = re.compile(r"\s*(?:[-*]|\d+\.)?\s*(?:\d+(?:\.\d+)*[.、]?|[（(]\w{1,3}[)）])?\s*")
_MAX_PARAGRAPH = {"zh": 320, "en": 900}
_MAX_PER_PART = 2
_BEGINS_A_COURSE = re.compile(r"首先|先|\bfirst\b", re.I)
"""A sentence that says so is half an answer without the sentences behind it."""


def sentence_pairs(section: Section, wording: Wording) -> list[Candidate]:
    """Candidates from the section's paragraphs, at most two each (a glossary may define more). Cost: O(characters)."""
    found: list[Candidate] = []
    if section.chunk.language == "zh" and sentences_zh.SHOWS_A_CASE.match(bare_heading(section.heading)):
        return []
    for index, part in enumerate(section.body):
        if part.element.kind in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM) and not is_pointer(part.element.text):
            found += _pairs_of(section, _Place(part, index), wording)
    # A term explained twice on a page is asked for once.
    return list({pair.question: pair for pair in reversed(found)}.values())[::-1]


def sentences(text: str, zh: bool) -> Iterator[tuple[int, int]]:
    """Offsets of a text's sentences, final mark included.

    >>> ["A b. C d."[s:e] for s, e in sentences("A b. C d.", zh=False)]
    ['A b.', 'C d.']
    """
    start = 0
    for match in (_END_ZH if zh else _END_EN).finditer(text):
        piece = text[start : match.end()]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        start = match.end()
    rest = text[start:]
    if rest.strip():
        yield start + len(rest) - len(rest.lstrip()), start + len(rest.rstrip())


class _Place(NamedTuple):
    """A part of the section and its number."""

    part: ChunkPart
    number: int


def _pairs_of(section: Section, place: _Place, wording: Wording) -> list[Candidate]:
    zh = section.chunk.language == "zh"
    read = sentences_zh.read if zh else sentences_en.read
    begin = _after_mark(section, place.part)
    text = section.chunk.text[begin : place.part.end]
    in_list = place.part.element.kind is ElementKind.LIST_ITEM
    found: list[Candidate] = []
    for number, (start, end) in enumerate(sentences(text, zh)):
        statement = Statement(
            text[start:end],
            first=number == 0,
            policy=section.context.policy,
            prose=section.prose,
            headings=section.chunk.heading_path,
        )
        reading = read(statement, wording, section.topic)
        # A list item's condition or limit belongs to its list; only what it defines stands alone.
        if reading is None or (in_list and reading.kind is not PairKind.DEFINITION):
            continue
        short = len(text) - start <= _MAX_PARAGRAPH[section.chunk.language]
        stop = place.part.end if reading.goes_on and short else begin + end
        if reading.about and stop > begin + end and not is_dangling(text):
            stop = begin + _last_about(reading.about, text, end, zh)
        if zh and reading.kind is PairKind.HOW_TO:
            stop = min(stop, begin + _last_of_task(text, end))
            if stop >= begin + len(text.rstrip()) and _course_goes_on(section, place):
                continue
        if has_leftovers(section.chunk.text[begin + start : stop], section.chunk.language):
            if _BEGINS_A_COURSE.search(statement.text):
                continue
            stop = begin + end  # the rest of the paragraph needs its page; the sentence may not
        found += _pair(section, reading.question, place, begin + start, stop, reading.kind, reading.score)
        if (reading.goes_on and short) or (reading.kind is not PairKind.DEFINITION and len(found) >= _MAX_PER_PART):
            break
    return found


_NEXT_STEP = re.compile(
    r"(?:此时|这时|随后|然后|接着|接下来|之后|最后|再(?!次)|(?:系统|屏幕上)?(?:将会?|会)(?:显示|出现|打开|弹出)|在(?:弹出|出现|打开)的|只需)"
)


def _course_goes_on(section: Section, place: _Place) -> bool:
    """Whether the next paragraph of a Chinese section is the next step of the task that this one begins."""
    if place.number + 1 >= len(section.body):
        return False
    following = section.body[place.number + 1].element
    return following.kind is ElementKind.PARAGRAPH and _NEXT_STEP.match(following.text) is not None


def _last_of_task(text: str, end: int) -> int:
    """The end of the last sentence in a row that goes on with the task told up to `end`."""
    return _run_on(text, end, True, lambda sentence: not turns_to_another(sentence))


_TURNS_AWAY = re.compile(r"(?:然而|但是?|不过|使用|例如|比如|请|如果|若|要|为了|注意|另外|此外|目前|现在|默认)")
_GOES_ON = re.compile(r"它|其(?![他它实中])|这(?!里|时|样)|该|此(?!外|时)")
_WORDS = re.compile(rf"[A-Za-z][\w.+-]+|[{CJK}]+")


def _last_about(term: str, text: str, end: int, zh: bool) -> int:
    """The end of the last sentence in a row that speaks of the term or of what the sentences before explain it by."""
    told = _telling(text[:end]) | _telling(term)

    def stays(sentence: str) -> bool:
        on_topic = _GOES_ON.match(sentence) is not None or not told.isdisjoint(_telling(sentence))
        return on_topic and _TURNS_AWAY.match(sentence) is None

    return _run_on(text, end, zh, stays)


def _run_on(text: str, end: int, zh: bool, stays: Callable[[str], bool]) -> int:
    """The end of the last of the sentences in a row, from `end` on, that stay with what was told."""
    for start, stop in sentences(text, zh):
        if start < end:
            continue
        if not stays(text[start:stop]):
            break
        end = stop
    return end


def _telling(text: str) -> set[str]:
    """A text's Latin words and pairs of Chinese characters without those that any sentence has."""
    found: set[str] = set()
    for word in _WORDS.findall(text):
        found |= {word.lower()} if word.isascii() else {word[i : i + 2] for i in range(len(word) - 1)}
    return found - _ANYWHERE


_ANYWHERE = frozenset(
    "可以 一个 一种 用于 使用 通过 进行 需要 包括 或者 以及 它们 这个 这些 用户 系统 的是 是一 个用 提供".split()
)


def _after_mark(section: Section, part: ChunkPart) -> int:
    """Where a part's own words begin: after a list item's mark and number."""
    if part.element.kind is not ElementKind.LIST_ITEM:
        return part.start
    mark = _MARK.match(section.chunk.text[part.start : part.end])
    return part.start + (mark.end() if mark else 0)


def _pair(
    section: Section, question: str, place: _Place, start: int, end: int, kind: PairKind, score: float
) -> Iterator[Candidate]:
    span = span_of(section.chunk, start, _with_list(section, place, start, end))
    if span.quote.endswith("；"):
        span = span_of(section.chunk, span.start, span.end - 1)
    if not is_dangling(span.quote) and len(span.quote) <= 2 * _MAX_PARAGRAPH[section.chunk.language]:
        yield candidate(section, question, (span,), kind, score)


def _with_list(section: Section, place: _Place, start: int, end: int) -> int:
    """The end of the answer: past the list, code or table that its last sentence leads into."""
    leads_in = is_dangling(section.chunk.text[start:end])
    if not leads_in and not (is_dangling(place.part.element.text) and end >= place.part.end - 1):
        return end
    last = place.number
    while last + 1 < len(section.body):
        following = section.body[last + 1].element.kind
        if following not in (ElementKind.LIST_ITEM, ElementKind.CODE, ElementKind.TABLE):
            break
        last += 1
        if following is not ElementKind.LIST_ITEM:
            break
    return section.body[last].end
