"""One question for a section as a whole: a task with its steps, a fault with its cure, a rule, a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.text import has_cjk
from kbbuilder.schema import Candidate, ChunkPart, Element, ElementKind, PairKind
from kbbuilder.stages.extract.chinese.grammar import is_only_verbs
from kbbuilder.stages.extract.section import (
    MAX_ANSWER_CHARS,
    Section,
    announces_section,
    candidate,
    ends_in_nothing,
    is_address,
    is_dangling,
    is_pointer,
)
from kbbuilder.stages.extract.wording import Wording

_MIN_CHARS = {"zh": 10, "en": 30}


def section_pair(section: Section, wording: Wording) -> Candidate | None:
    """The question a section's heading stands for, answered by its body; None when the heading asks nothing."""
    if not section.opens_here or not section.heading:
        return None
    parts = _answer_parts(section)
    if not parts:
        return None
    named = _asked(section, wording)
    if named is None:
        return None
    question, kind, score = named
    return candidate(section, question, (section.slice(parts),), kind, score)


def _asked(section: Section, wording: Wording) -> tuple[str, PairKind, float] | None:
    heading, parents, subject, prose = section.heading, section.parents, section.subject, section.prose
    if is_generic(heading):
        return None
    if section.is_title and (not section.is_whole_task or is_only_verbs(bare_heading(heading))):
        return None
    if section.has_twin and subject == section.context.subject:
        return None  # two devices or releases have a section of this name, and nothing says which one is meant
    trouble = wording.problem(heading, (section.context.title, *parents), subject, prose)
    if trouble:
        return trouble, PairKind.TROUBLESHOOTING, 0.85 if section.has_listing else 0.75
    named = subject or ("" if is_only_verbs(bare_heading(heading)) else section.context.book)
    # In rules "责任限制" and "Returns" name a subject of regulation, not a task.
    task = None if section.context.policy else wording.how_to(heading, parents, named, prose, section.has_steps)
    if task and not (section.children >= 2 and not section.has_steps):
        return task, PairKind.HOW_TO, 0.85 if section.has_steps else 0.65
    topic = wording.noun(
        heading,
        parents,
        subject,
        prose,
        policy=section.context.policy,
        listing=section.is_listing,
    )
    if topic and not (section.children and not section.has_listing):
        return topic, PairKind.POLICY if section.context.policy else PairKind.TOPIC, 0.7
    opening = section.body[0].element
    purpose = wording.thing(heading, subject, opening.text) if opening.kind is ElementKind.PARAGRAPH else None
    return (purpose, PairKind.DEFINITION, 0.6) if purpose else None


def _answer_parts(section: Section) -> tuple[ChunkPart, ...]:
    """The whole body without what ends in nothing; none of it when the section goes on in another chunk, for half an
    answer is no answer."""
    if section.chunk.heading_path in section.context.split_sections:
        return ()
    parts = list(section.body)
    if _lists_titles(section, parts):
        return ()
    while len(parts) > 1 and announces_section(parts[0].element):
        parts.pop(0)
    while parts and (
        ends_in_nothing(parts[-1].element)
        or _is_source(section, parts)
        or _only_points(section, parts)
        or _is_title_of_another(section, parts)
    ):
        parts.pop()
    if not any(p.element.kind is not ElementKind.CODE for p in parts):
        return ()
    # "… is given by:" and then only a picture: the answer stood in the picture.
    for part, following in pairwise(section.body):
        if is_dangling(part.element.text) and following.element.kind is ElementKind.IMAGE:
            return ()
    text = section.chunk.text[parts[0].start : parts[-1].end]
    if len(text) < _MIN_CHARS[section.chunk.language] or is_pointer(text) or len(text) > MAX_ANSWER_CHARS:
        return ()
    return tuple(parts)


def _only_points(section: Section, parts: Sequence[ChunkPart]) -> bool:
    """Whether the last of several parts of a Chinese section only sends the reader elsewhere."""
    last = parts[-1].element
    return (
        section.chunk.language == "zh"
        and len(parts) > 1
        and last.kind is ElementKind.PARAGRAPH
        and (is_pointer(last.text) or is_address(last))
    )


def _is_title_of_another(section: Section, parts: Sequence[ChunkPart]) -> bool:
    """Whether the last part of a Chinese section is the title of a related page: a line without a sentence's end."""
    if section.chunk.language != "zh" or len(parts) < 2 or not _is_title(parts[-1].element):
        return False
    return not is_dangling(parts[-2].element.text)


def _lists_titles(section: Section, parts: Sequence[ChunkPart]) -> bool:
    """Whether a Chinese section is a list of other pages' titles and little else."""
    if section.chunk.language != "zh" or not parts or ("。" in section.prose and not _is_title(parts[0].element)):
        return False
    titles = sum(_is_title(part.element) for part in parts)
    return titles >= 3 and titles * 2 > len(parts)


_MAX_TITLE = 60
_ENGLISH_TITLE = re.compile(r"[A-Z][A-Za-z]+(?: [A-Za-z,&()-]+){1,8}")


def _is_title(element: Element) -> bool:
    text = element.text.strip()
    return (
        element.kind is ElementKind.PARAGRAPH
        and 2 <= len(text) <= _MAX_TITLE
        and (has_cjk(text) or _ENGLISH_TITLE.fullmatch(text) is not None)
        and re.search(r"[。！？；：:，|`=\d]|\.$", text) is None
    )


def _is_source(section: Section, parts: Sequence[ChunkPart]) -> bool:
    """Whether the last part is an entry of a list of sources: an address alone under "Sources:" or "See also"."""
    if parts[-1].element.kind is not ElementKind.LIST_ITEM or not is_address(parts[-1].element):
        return False
    before = next((p.element for p in reversed(parts) if p.element.kind is not ElementKind.LIST_ITEM), None)
    return before is not None and ends_in_nothing(before)
