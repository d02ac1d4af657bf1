"""A chunk as the finders see it: own heading, headings above, and the body's parts with what is already answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.text import fold
from kbbuilder.schema import Candidate, Chunk, ChunkPart, DocumentContext, Element, ElementKind, PairKind, Span
from kbbuilder.stages.extract.wording import wording_of

MAX_ANSWER_CHARS = 6500


@dataclass(frozen=True)
class Section:
    """One chunk, read as a section of its document."""

    chunk: Chunk
    context: DocumentContext

    @cached_property
    def heading(self) -> str:
        """The chunk's own heading with its number, or ""."""
        return self.chunk.heading_path[-1] if self.chunk.heading_path else ""

    @cached_property
    def parents(self) -> tuple[str, ...]:
        """The headings above it, outermost first, the document's own title left out unless its number shows it to be a part
        of a book ("11.2 Web server", "4.2. 安装步骤"), whose title the sections take for granted."""
        above = self.chunk.heading_path[:-1]
        is_part = re.match(r"\d+\.\d", self.context.title) is not None
        return above[1:] if len(above) > 1 and above[0] == self.context.title and not is_part else above

    @cached_property
    def body(self) -> tuple[ChunkPart, ...]:
        """The parts after the leading headings."""
        parts = self.chunk.parts
        start = 0
        while start < len(parts) and parts[start].element.kind is ElementKind.HEADING:
            start += 1
        return parts[start:]

    @cached_property
    def prose(self) -> str:
        """The body's text."""
        return self.chunk.text[self.body[0].start :] if self.body else ""

    @cached_property
    def subject(self) -> str:
        """The product to name in questions, narrowed to the part or program that the headings above are about."""
        return self._narrowed(self.chunk.heading_path[:-1])

    @cached_property
    def topic(self) -> str:
        """What the section's rows and sentences are about: the subject, narrowed by its own heading too."""
        return self._narrowed(self.chunk.heading_path)

    def _narrowed(self, headings: Sequence[str]) -> str:
        return wording_of(self.chunk.language).device_of(() if self.context.policy else headings, self.context.subject)

    @property
    def has_twin(self) -> bool:
        """Whether another section of the document has the same heading, so that the heading alone names neither."""
        return fold(bare_heading(self.heading)) in self.context.repeated_headings

    @cached_property
    def opens_here(self) -> bool:
        """Whether the chunk begins its section (a section that was cut goes on in chunks without their heading)."""
        return bool(self.chunk.parts) and self.chunk.parts[0].element.kind is ElementKind.HEADING

    @cached_property
    def has_steps(self) -> bool:
        return sum(p.element.kind is ElementKind.LIST_ITEM and p.element.ordered for p in self.body) >= 2

    @cached_property
    def has_listing(self) -> bool:
        """Whether a table or a list of three carries the section."""
        kinds = [p.element.kind for p in self.body]
        return ElementKind.TABLE in kinds or kinds.count(ElementKind.LIST_ITEM) >= 3

    @cached_property
    def is_listing(self) -> bool:
        """Whether the section is a list or table and little else, rather than steps or prose with a list in it."""
        listed = sum(
            len(p.element.text)
            for p in self.body
            if p.element.kind is ElementKind.TABLE
            or (p.element.kind is ElementKind.LIST_ITEM and not p.element.ordered)
        )
        return self.has_listing and listed >= 0.5 * len(self.prose)

    @cached_property
    def children(self) -> int:
        """How many sections lie right below this one: a chapter's introduction does not do what the chapter does."""
        path = self.chunk.heading_path
        return sum(len(other) == len(path) + 1 and other[:-1] == path for other in self.context.outline)

    @cached_property
    def is_title(self) -> bool:
        """Whether the section is the text right below the document's title."""
        return len(self.chunk.heading_path) == 1 and fold(self.heading) == fold(self.context.title)

    @property
    def is_whole_task(self) -> bool:
        """Whether the section is all of the document, and steps: a page of a help that tells one task."""
        return self.has_steps and len(self.context.outline) == 1

    def slice(self, parts: Sequence[ChunkPart]) -> Span:
        """The text from the first to the last of these parts, trimmed."""
        return span_of(self.chunk, parts[0].start, parts[-1].end)


def span_of(chunk: Chunk, start: int, end: int) -> Span:
    """A verbatim piece of the chunk without blank edges (an indented first list item keeps its mark, not its indent)."""
    text = chunk.text[start:end]
    lead = len(text) - len(text.lstrip())
    return Span(start=start + lead, end=start + lead + len(text.strip()), quote=text.strip())


def candidate(
    section: Section,
    question: str,
    spans: Sequence[Span],
    kind: PairKind,
    score: float,
    *,
    answer: str | None = None,
    similar: Iterable[str] = (),
) -> Candidate:
    """A candidate whose answer is its quotes, unless a table row needs another form."""
    tag = bare_heading(section.parents[0] if section.parents else section.heading)
    return Candidate(
        question=re.sub(r"\s+", " ", question).strip(),
        answer=answer if answer is not None else "\n\n".join(s.quote for s in spans),
        kind=kind,
        language=section.chunk.language,
        evidence=tuple(spans),
        score=score,
        similar_questions=tuple(similar),
        tags=(tag,) if tag else (),
    )


_INTRODUCES = re.compile(
    r"(?:本章|本节|本部分|本小节|本文|下文|以下各节)(?:将|主要|会)?(?:介绍|描述|说明|讲述|概述|列出|讨论)|(?:this|the following) (?:chapters?|sections?|parts?|pages?|subsections?|paragraphs?) "
    r"(?:will )?(?:describes?|covers?|explains?|introduces?|gives?|lists?|shows?|presents?|discusses?)|none\.?$|无。?$|.{0,30}(?:不再重复|不再赘述)",
    re.I,
)


def is_pointer(text: str) -> bool:
    """Whether a short text only sends the reader elsewhere ("See chapter 5.", "详见第3章。")."""
    bare = text.strip()
    if len(bare) < 400 and _INTRODUCES.match(bare):
        return True
    if len(bare) > 160:
        return False
    return (
        re.match(
            r"^(?:please )?(?:see|refer to|for (?:more|further|details|information)|consult|more (?:information|details)|details (?:are|can be)|"
            r"(?:请)?(?:参见|参阅|参考|详见|请看|请见|见第|查看第)|从\s?\S{0,3}https?://|(?:更多|详细|具体)(?:信息|内容|说明|细节)?(?:请)?(?:参见|参阅|参考|详见|请见|见))",
            bare,
            re.I,
        )
        is not None
    )


def is_dangling(text: str) -> bool:
    """Whether a text announces something that does not follow ("The steps are as follows:")."""
    return text.rstrip().endswith((":", "：")) or _ANNOUNCES.search(text.rstrip()) is not None


_ANNOUNCES = re.compile(
    r"(?:如下|下列|以下|下面)(?:的?(?:所示|情形|内容|命令|例子|步骤|输出|结果|代码|信息))?[。.]?$"
    r"|[，,]\s?(?:请|可以?|应该?|需要?)(?:分别|依次|先)?(?:使用|执行|运行|输入|键入)[。.]?$|\b(?:as follows|the following(?: \w+){0,2}|shown below|like this|for (?:instance|example))\s*[.,]?$",
    re.I,
)
_LONE_LABEL = re.compile(
    r"^(?:note|notes|warning|caution|tip|important|example|sources?|references?|see also|提示|注意|警告|说明|参考|来源|注)[\s:：.]*$|^(?:sources?|参考资料|来源)[:：]",
    re.I,
)


def ends_in_nothing(element: Element) -> bool:
    """Whether an element at the end of an answer says nothing there: a caption without its figure, a lone "Note", a
    footnote, a list of sources, or the announcement of something that does not follow."""
    if element.kind in (ElementKind.IMAGE, ElementKind.CAPTION, ElementKind.HEADING, ElementKind.FOOTNOTE):
        return True
    if element.kind in (ElementKind.TABLE, ElementKind.CODE):
        return False
    return is_dangling(element.text) or _LONE_LABEL.match(element.text.strip()) is not None


def announces_section(element: Element) -> bool:
    """Whether an element only says what its section will tell ("This section describes how to …")."""
    text = element.text.strip()
    return (
        element.kind is ElementKind.PARAGRAPH
        and len(text) < 220
        and text.count(". ") == 0
        and _INTRODUCES.match(text) is not None
    )


def is_address(element: Element) -> bool:
    """Whether an element is a link or address and nothing else."""
    return re.fullmatch(r"[-*→\s]*(?:\[[^\]]*\]\([^)]*\)|<?https?://\S+>?)[\s.]*", element.text) is not None


def plain(element: Element) -> str:
    """An element's text without back-ticks and link targets."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", element.text).replace("`", "")
