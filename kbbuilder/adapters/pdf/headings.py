"""Which blocks are headings, and how deep: by the outline, by size and weight, by numbering."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kbbuilder.adapters.pdf.blocks import Block
from kbbuilder.adapters.pdf.measure import Measures
from kbbuilder.adapters.pdf.page import LINE_HYPHEN
from kbbuilder.adapters.pdf.pdfium import Bookmark
from kbbuilder.language.questions import ends_with_question_mark
from kbbuilder.language.text import CJK, fold, has_cjk

MAX_LINES = 3
MAX_CHARS_ZH = 110
MAX_CHARS_EN = 220
MAX_PLAIN_ZH = 40
MAX_COUNTED = 30
TRUSTED_OUTLINE = 4
"""From so many headings found by the outline on, weight alone makes no heading beside it."""

_ZH_NUMBER = "一二三四五六七八九十百零〇"
_LABEL = re.compile(
    rf"^(?:(?:chapter|part|appendix|section|annex)\s+[\dA-Z]{{1,4}}[.:]?"
    rf"|(?:第\s*[\d{_ZH_NUMBER}]+\s*[章部篇編节節]分?|附\s*[录錄]\s*[A-Z\d{_ZH_NUMBER}]*)[.:：]?)$",
    re.I,
)
_NUMBERING = re.compile(
    rf"^(?:(?P<dotted>[\dA-Z]{{1,3}}(?:\.\d{{1,3}})+)\.?(?=\s|[{CJK}])"
    rf"|(?P<single>\d{{1,2}}|[A-Z](?=\.\s))[.、．]?(?=\s|[{CJK}]|[、．])"
    rf"|(?P<chapter>(?:chapter|part|appendix|annex)\s+[\dA-Z]{{1,4}}\b[.:]?"
    rf"|第\s*[\d{_ZH_NUMBER}]+\s*[章部篇編]分?|附\s*[录錄]\s*[A-Z\d{_ZH_NUMBER}]*)"
    rf"|(?P<section>(?:section\s+\d{{1,3}}\b[.:]?)|第\s*[\d{_ZH_NUMBER}]+\s*[节節条條])"
    rf"|(?P<han>[{_ZH_NUMBER}]{{1,3}}[、．.])|(?P<bracket>[（(][{_ZH_NUMBER}\d]{{1,3}}[)）]))",
    re.I,
)
_PAUSE = re.compile("[，。；]")
_UNFINISHED = re.compile(r"[,，;；、。:：…]$|[^.]\.$")
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER_WORD = re.compile(
    rf"^(?:chapter|part|appendix)?\s*(?:chapter|part|appendix|{_UNITS}|ten|eleven|twelve"
    rf"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twenty|thirty)[\s-]?(?:{_UNITS})?)$",
    re.I,
)
_NOTICE = re.compile(
    r"^(?:notes?|tips?|hints?|caution|warning|danger|important|attention|see also"
    r"|注意|提示|警告|小心|重要|危险|危險|說明|说明|注|备注|備註|技巧|当心|當心)[:：!！]?$",
    re.I,
)
_CAPTION = re.compile(
    rf"^(?:(?:图|圖|表|清单|示例)\s*|(?i:figure|fig\.|table|listing|example)\s+)"
    rf"(?:\d+|[A-Z](?=[.\-–:：\s]|\d)|[{_ZH_NUMBER}]+)(?:[.\-–]?\d+)*(?:[:.：、\s]|$)"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """`blocks` consecutive blocks, from the one at `index`, are one heading."""

    index: int
    level: int
    blocks: int = 1


def is_caption(text: str) -> bool:
    return _CAPTION.match(text) is not None


def titles_by_page(outline: Sequence[Bookmark]) -> Mapping[int, frozenset[str]]:
    """Comparison keys of the outline's titles on each page."""
    titles: dict[int, set[str]] = defaultdict(set)
    for mark in outline:
        if mark.page is not None:
            titles[mark.page] |= {key for key in _keys(mark.title) if len(key) > 2}
    return {page: frozenset(keys) for page, keys in titles.items()}


def split_at_title(block: Block, titles: Mapping[int, frozenset[str]]) -> tuple[Block, ...]:
    """A block whose first lines are a title of the outline, though set like the text below, as two."""
    wanted = titles.get(block.page)
    if wanted and len(block.lines) > 1:
        for count in range(1, min(3, len(block.lines))):
            end = fold(block.lines[count - 1].text[-8:])[-2:]
            if not any(key.endswith(end) for key in wanted):
                continue
            if _keys("".join(line.text for line in block.lines[:count])) & wanted:
                head = replace(block, lines=block.lines[:count], marker=None, ordered=False, code=False)
                return head, replace(block, lines=block.lines[count:], marker=None, ordered=False)
    return (block,)


def find_headings(blocks: Sequence[Block], outline: Sequence[Bookmark], measures: Measures) -> dict[int, Heading]:
    """Headings by the index of their first block; levels form a tree. Cost: O(blocks + bookmarks)."""
    by_outline = _by_outline(blocks, outline)
    taken = {i for h in by_outline.values() for i in range(h.index, h.index + h.blocks)}
    trusted = len(by_outline) >= TRUSTED_OUTLINE
    known_styles = _heading_looks(blocks, by_outline, measures) if trusted else frozenset()
    first_page = min((blocks[i].page for i in by_outline), default=1) if trusted else 1
    by_look: dict[int, Heading] = {}
    for i, block in enumerate(blocks):
        if i in taken:
            continue
        if not _may_be_heading(block, measures):
            continue
        look = _look(block, measures)
        if block.page < first_page and (look not in known_styles or block.page == 1):
            # The cover: its big words are the title, not a section.
            continue
        larger = measures.larger(block.lines[0].style)
        if trusted and look not in known_styles and not (larger and look[0] >= 1.15 * measures.body.size):
            continue
        if larger or look in known_styles or _stands_out(blocks, i, measures) or _counts_alone(blocks, i, trusted):
            by_look[i] = Heading(i, 1)
    by_look = _merged(blocks, by_look, measures)
    levels = _levels(blocks, by_outline, by_look, measures, trusted)
    return _as_tree({**by_look, **by_outline}, levels)


def _heading_looks(
    blocks: Sequence[Block], by_outline: Mapping[int, Heading], measures: Measures
) -> frozenset[tuple[float, bool]]:
    """The looks that the outline's headings have and little else has."""
    inside = {i for h in by_outline.values() for i in range(h.index, h.index + h.blocks)}
    looks = Counter(_look(blocks[h.index + h.blocks - 1], measures) for h in by_outline.values())
    others = Counter(_look(block, measures) for i, block in enumerate(blocks) if i not in inside)
    return frozenset(look for look, count in looks.items() if count >= 2 and count >= others[look])


def label_blocks(blocks: Sequence[Block], headings: Mapping[int, Heading]) -> frozenset[int]:
    """Blocks that only count, above a heading that stands without them: "CHAPTER", "ONE"."""
    found: set[int] = set()
    for i in headings:
        above = i - 1
        while above >= 0 and blocks[above].page == blocks[i].page and _NUMBER_WORD.match(_text(blocks[above])):
            found.add(above)
            above -= 1
    return frozenset(found)


def _text(block: Block) -> str:
    return "".join(line.text + " " for line in block.lines).replace(LINE_HYPHEN, "-").strip()


def _keys(text: str) -> set[str]:
    """Comparison keys of a title, with and without its numbering."""
    bare = _NUMBERING.sub("", text.strip(), count=1)
    keys = (fold(text), fold(bare)) if len(bare) < len(text.strip()) else (fold(text),)
    return {key for key in keys if key}


# -- the outline -----------------------------------------------------------------------------------------


def _by_outline(blocks: Sequence[Block], outline: Sequence[Bookmark]) -> dict[int, Heading]:
    on_page: dict[int, list[int]] = defaultdict(list)
    pages = {page + step for page in (mark.page for mark in outline) if page is not None for step in (-1, 0, 1)}
    keys: list[frozenset[str]] = []
    for i, block in enumerate(blocks):
        on_page[block.page].append(i)
        short = block.page in pages and len(block.lines) <= MAX_LINES + 1
        keys.append(frozenset(_keys(_text(block))) if short and len(_text(block)) <= MAX_CHARS_EN else frozenset())
    found: dict[int, Heading] = {}
    used: set[int] = set()
    position = -1
    for mark in outline:
        if mark.page is None:
            continue
        wanted = _keys(mark.title)
        places = [i for page in (mark.page, mark.page + 1, mark.page - 1) for i in on_page.get(page, ())]
        hits = [(i <= position, rank, i, 1) for rank, i in enumerate(places) if i not in used and wanted & keys[i]]
        hits = hits or [
            (i <= position, rank, i, count)
            for rank, i in enumerate(places)
            if keys[i] and i not in used
            for count in (2, 3)
            if _matches(blocks, keys, i, count, wanted)
        ]
        if hits:
            _, _, index, count = min(hits)
            if _labelled(blocks, index) and index - 1 not in used:
                index, count = index - 1, count + 1
            found[index] = Heading(index, mark.level, count)
            used |= set(range(index, index + count))
            position = index
    return found


def _labelled(blocks: Sequence[Block], index: int) -> bool:
    """ "Chapter 2" stands on a line of its own above the block."""
    if index == 0 or blocks[index - 1].page != blocks[index].page:
        return False
    return _LABEL.match(_text(blocks[index - 1])) is not None


def _matches(blocks: Sequence[Block], keys: Sequence[frozenset[str]], index: int, count: int, wanted: set[str]) -> bool:
    """Whether `count` blocks from `index` on are the title: broken up, or below its "Chapter 2"."""
    if index + count > len(blocks) or not all(keys[index + 1 : index + count]):
        return False
    if blocks[index + count - 1].page != blocks[index].page:
        return False
    rest = "".join(max(keys[i], key=len) for i in range(index + 1, index + count))
    return any(first + rest in wanted for first in keys[index])


# -- size, weight, position ------------------------------------------------------------------------------


def _look(block: Block, measures: Measures) -> tuple[float, bool]:
    style = max((line.main for line in block.lines), key=lambda p: p.style.size).style
    return round(style.size * 2) / 2, measures.emphasised(style)


def _may_be_heading(block: Block, measures: Measures) -> bool:
    text = _text(block)
    if block.code or len(block.lines) > MAX_LINES or len(text) > (MAX_CHARS_ZH if has_cjk(text) else MAX_CHARS_EN):
        return False
    if block.marker is not None and not block.ordered:
        return False
    letters = (c for c in text if c.isalpha())
    if len(list(islice(letters, 2))) < 2 or is_caption(text) or text[0] in ",，。.;；)）" or _NOTICE.match(text):
        return False
    if _NUMBER_WORD.match(text):
        return False
    if block.lines[0].style.mono and not measures.larger(block.lines[0].style):
        return False
    if has_cjk(text) and len(text) > MAX_PLAIN_ZH and _PAUSE.search(text) and not ends_with_question_mark(text):
        # A sentence set large: a notice, a motto.
        return False
    if _UNFINISHED.search(text) is None:
        return True
    return text.endswith(".") and _NUMBERING.match(text) is not None and len(text) < 60


def _stands_out(blocks: Sequence[Block], index: int, measures: Measures) -> bool:
    """Bold from end to end, apart from what is above, with text below it on the page or the next."""
    block = blocks[index]
    style = block.lines[0].style
    if not measures.emphasised(style) or not block.bold or len(block.lines) > 2:
        return False
    if style.size < 0.93 * measures.body.size:
        return False
    if index and blocks[index - 1].page == block.page:
        above = blocks[index - 1].lines[-1]
        gap = block.lines[0].base - above.base
        if 0 < gap < 1.15 * measures.pitch(block.lines[0]):
            return False
    if index + 1 >= len(blocks):
        return False
    following = blocks[index + 1]
    below = following.lines[0].base - block.lines[-1].base
    if (
        following.page == block.page
        and following.x0 > block.x0 + style.size
        and 0 < below < 1.3 * measures.pitch(following.lines[0])
    ):
        # A term with its definition set in below it.
        return False
    return block.marker is None or not (following.marker is not None and not following.bold)


def _counts_alone(blocks: Sequence[Block], index: int, trusted: bool) -> bool:
    """ "二、服务内容" on a short line of its own, text below it: Chinese papers number sections without other marks."""
    block = blocks[index]
    text = _text(block)
    match = _NUMBERING.match(text)
    if trusted or match is None or match.lastgroup not in ("han", "bracket", "chapter", "section"):
        return False
    if len(block.lines) > 1 or not has_cjk(text) or len(text) > MAX_COUNTED or block.lines[0].x1 > 0.8 * block.right:
        return False
    following = _NUMBERING.match(_text(blocks[index + 1])) if index + 1 < len(blocks) else match
    return following is None or following.lastgroup != match.lastgroup


def _merged(blocks: Sequence[Block], found: Mapping[int, Heading], measures: Measures) -> dict[int, Heading]:
    """Joins what is one heading: "Chapter 2" and the title below it, the lines of a broken title."""
    out: dict[int, Heading] = {}
    open_at: int | None = None
    for i in sorted(found):
        follows = open_at is not None and open_at + out[open_at].blocks == i
        if open_at is not None and follows and _one_heading(blocks[i - 1], blocks[i], measures):
            out[open_at] = replace(out[open_at], blocks=out[open_at].blocks + 1)
            continue
        out[i] = found[i]
        open_at = i
    return out


def _one_heading(before: Block, block: Block, measures: Measures) -> bool:
    if before.page != block.page:
        return False
    if _LABEL.match(_text(before)):
        return True
    size = block.lines[0].style.size
    gap = block.lines[0].base - before.lines[-1].base
    alike = _look(before, measures) == _look(block, measures) and measures.larger(block.lines[0].style)
    return alike and 0 < gap <= 1.75 * size and _NUMBERING.match(_text(block)) is None


# -- levels ----------------------------------------------------------------------------------------------


_SCHEMES = ("chapter", "section", "han", "bracket", "single")
"""Ways of numbering from the outermost to the innermost: 第一章, 第一节, 一、, （一）, 1."""


@dataclass(frozen=True, slots=True)
class _Depths:
    """How deep each way of numbering stands in one document: those it uses, in the order of `_SCHEMES`."""

    used: tuple[str, ...]

    @classmethod
    def among(cls, texts: Iterable[str]) -> _Depths:
        seen = {match.lastgroup for match in map(_NUMBERING.match, texts) if match is not None}
        return cls(tuple(scheme for scheme in _SCHEMES if scheme in seen))

    def of(self, text: str) -> int | None:
        """The depth the numbering says: "2.1.3" is 3, "第二章" 1; None without numbering."""
        match = _NUMBERING.match(text)
        if match is None:
            return None
        if match["dotted"]:
            return match["dotted"].count(".") + 1
        scheme = str(match.lastgroup)
        if scheme == "section" and "chapter" not in self.used:
            return 2
        return self.used.index(scheme) + 1 if scheme in self.used else 1


def _levels(
    blocks: Sequence[Block],
    by_outline: Mapping[int, Heading],
    by_look: Mapping[int, Heading],
    measures: Measures,
    trusted: bool,
) -> dict[int, int]:
    levels = {i: h.level for i, h in by_outline.items()}
    depths = _Depths.among(_text(blocks[i]) for i in {**by_look, **by_outline})
    look_of = {i: _look(blocks[i + h.blocks - 1], measures) for i, h in {**by_look, **by_outline}.items()}
    if trusted:
        seen: dict[tuple[float, bool], Counter[int]] = defaultdict(Counter)
        for i, level in levels.items():
            seen[look_of[i]][level] += 1
        for i in by_look:
            depth = depths.of(_text(blocks[i]))
            if look_of[i] in seen:
                levels[i] = seen[look_of[i]].most_common(1)[0][0]
            else:
                larger = [max(counts) for look, counts in seen.items() if look[0] > look_of[i][0]]
                levels[i] = max(larger, default=0) + 1
            if depth is not None and depth > levels[i]:
                levels[i] = depth
        return levels
    return _levels_by_look({i: (look_of[i], depths.of(_text(blocks[i]))) for i in by_look}, measures)


NUMBERED_SHARE = 0.6
"""From this share of numbered headings on, the numbering tells the depth; else size does, numbering within a size."""


def _levels_by_look(found: Mapping[int, tuple[tuple[float, bool], int | None]], measures: Measures) -> dict[int, int]:
    """Levels of headings from their look and the depth of their numbering, without an outline.

    Bold counts among headings of the body's size only: in mixed text the Latin letters of a title may be bold and the
    Chinese ones not.
    """
    kind = {i: (size, bold and size < 1.07 * measures.body.size) for i, ((size, bold), _) in found.items()}
    depths: dict[tuple[float, bool], Counter[int]] = defaultdict(Counter)
    for i, (_, depth) in found.items():
        if depth is not None:
            depths[kind[i]][depth] += 1
    usual = {k: counts.most_common(1)[0][0] for k, counts in depths.items()}
    numbered = sum(1 for _, depth in found.values() if depth is not None)
    if numbered >= NUMBERED_SHARE * len(found):
        # Unnumbered headings larger than any numbered one (a title, parts) stand above them.
        over = sorted({k for k in kind.values() if k > max(usual)}, reverse=True)
        levels: dict[int, int] = {}
        for i, (_, depth) in found.items():
            if kind[i] in over:
                levels[i] = over.index(kind[i]) + 1
                continue
            above = [d for k, d in usual.items() if k > kind[i]]
            levels[i] = len(over) + (depth or usual.get(kind[i]) or max(above, default=0) + 1)
        return levels
    order = {k: rank for rank, k in enumerate(sorted(set(kind.values()), reverse=True))}
    place = {i: (order[kind[i]], depth or usual.get(kind[i], 0)) for i, (_, depth) in found.items()}
    dense = {key: rank + 1 for rank, key in enumerate(sorted(set(place.values())))}
    return {i: dense[place[i]] for i in found}


def _as_tree(found: Mapping[int, Heading], levels: Mapping[int, int]) -> dict[int, Heading]:
    """Levels without gaps: a heading is at most one deeper than the one it stands under."""
    out: dict[int, Heading] = {}
    above: list[int] = []
    for i in sorted(found):
        while above and above[-1] >= levels[i]:
            above.pop()
        above.append(levels[i])
        out[i] = replace(found[i], level=min(9, len(above)))
    return out
