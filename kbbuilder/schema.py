"""The nouns of a knowledge base: frozen, validated values that pass between the parts.

Nothing here knows a file, a database or a network. Offsets are Unicode code points, `start` inclusive and
`end` exclusive. Pages count from 1. Scores and similarities lie in 0..1, higher is better.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kbbuilder.reading_notes import ReadingNote

Score = Annotated[float, Field(ge=0.0, le=1.0)]
Language = Literal["zh", "en"]


class Noun(BaseModel):
    """A frozen value; an unknown field is an error, so a renamed one cannot be lost in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# -- parsed documents -------------------------------------------------------------------------------------


class ElementKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    IMAGE = "image"


class Role(StrEnum):
    """What an element is for. Only BODY carries the document's message; the others are marked, never mixed in."""

    BODY = "body"
    PAGE_HEADER = "page_header"
    PAGE_FOOTER = "page_footer"
    PAGE_NUMBER = "page_number"
    CONTENTS = "contents"
    INDEX = "index"
    NAVIGATION = "navigation"
    LEGAL = "legal"


class Element(Noun):
    """One piece of a document in reading order.

    `text` is plain text in which only inline code (back-ticks) and absolute links (`[text](https://…)`) keep their
    Markdown; emphasis marks are dropped. A table's `text` is its Markdown, made from `rows` by
    `table_markdown`. `level` is a heading's depth (1 is the top) or a list item's nesting (1 is the outermost).
    """

    kind: ElementKind
    text: str
    role: Role = Role.BODY
    level: int | None = Field(default=None, ge=1, le=9)
    page: int | None = Field(default=None, ge=1)
    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom in PDF points from the page's top left corner."""
    marker: str | None = None
    """A list item's own mark as written ("1.", "（2）", "•"); None when the format has none. Text comes without it."""
    ordered: bool = False
    """The list item's position carries meaning (a step)."""
    bold: bool = False
    """The whole paragraph (or its lead-in up to the first colon) is set bold: a heading in disguise, perhaps."""
    rows: tuple[tuple[str, ...], ...] | None = None
    """A table's cells, header rows first; every row has the same length; a merged cell repeats its text."""
    header_rows: int = Field(default=0, ge=0)
    language: str | None = None
    """A code element's programming language, when the format says."""
    confidence: Score | None = None
    """How sure text recognition is of the least legible line; None when the text was not recognised but read."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Element:
        if self.kind is ElementKind.HEADING and self.level is None:
            raise ValueError("a heading has a level")
        if self.kind is ElementKind.TABLE and self.rows is None:
            raise ValueError("a table has rows")
        return self


class ParsedDocument(Noun):
    """What a reader saw in one file: elements in reading order, headings forming a tree by their levels."""

    name: str
    media_type: str
    language: Language
    title: str
    elements: tuple[Element, ...]
    pages: int | None = None
    warnings: tuple[ReadingNote, ...] = ()


class ParseOutcome(Noun):
    """How the reading of one file ended: PARSED with a document, or the code of a document error with its reason."""

    code: str
    reason: str
    hint: str = ""
    document: ParsedDocument | None = None

    @property
    def ok(self) -> bool:
        return self.document is not None


# -- chunks -------------------------------------------------------------------------------------------------


class ChunkKind(StrEnum):
    SECTION = "section"
    """Body text under one heading path."""
    FURNITURE = "furniture"
    """Running headers, contents pages, navigation, legal notices: kept for the count, never asked about."""


class ChunkPart(Noun):
    """Where one element stands in the chunk's text: `chunk.text[start:end]`."""

    element: Element
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Chunk(Noun):
    """A run of elements that belong together. Each element of a document is in exactly one chunk.

    `heading_path` holds the headings above (outermost first), the chunk's own heading last. Whether the chunk's own
    heading element is part of its `parts` is told by the first part's kind.
    """

    id: str
    ordinal: int = Field(ge=0)
    kind: ChunkKind
    text: str
    heading_path: tuple[str, ...] = ()
    page_start: int | None = None
    page_end: int | None = None
    parts: tuple[ChunkPart, ...]
    language: Language


class DocumentContext(Noun):
    """What an extractor may know of the whole document beside the chunk it reads."""

    name: str
    title: str
    language: Language
    subject: str = ""
    """The product or system the document is about, as it names it itself; empty when it is about none."""
    book: str = ""
    """The product of the book that the document is a page of, as the page says; empty when it says none."""
    audience: str = ""
    """For whom an English manual is, when not for its product's users: "developer", "maintainer"; else empty."""
    policy: bool = False
    """The document lays down rules (terms, an agreement, a policy) rather than describing a product."""
    outline: tuple[tuple[str, ...], ...] = ()
    """The heading path of every section, in order."""
    split_sections: frozenset[tuple[str, ...]] = frozenset()
    """The paths of sections that did not fit one chunk: no chunk of theirs holds the whole answer."""
    repeated_headings: frozenset[str] = frozenset()
    """The headings, folded and without numbers, that more than one section has: such a heading alone names neither."""


class ChunkState(StrEnum):
    """How a chunk ended in the ledger."""

    PENDING = "pending"
    GAVE_PAIRS = "gave_pairs"
    EXPLICIT_FAQ = "explicit_faq"
    NOTHING_TO_ASK = "nothing_to_ask"
    SKIPPED = "skipped"
    FAILED = "failed"


# -- candidates ---------------------------------------------------------------------------------------------


class Span(Noun):
    """A verbatim piece of a chunk's text: `chunk.text[start:end] == quote`."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    quote: str = Field(min_length=1)


class PairKind(StrEnum):
    EXPLICIT = "explicit"
    HOW_TO = "how_to"
    DEFINITION = "definition"
    PARAMETER = "parameter"
    CONDITION = "condition"
    TROUBLESHOOTING = "troubleshooting"
    POLICY = "policy"
    TOPIC = "topic"


OWN_STYLES = ("source", "person")
"""Styles of similar questions that the source states or a person wrote; the others a model or a rule proposed."""


class SimilarQuestion(Noun):
    """Another way customers ask the same thing. `style`: source, colloquial, formal, keyword, person…"""

    text: str = Field(min_length=1)
    style: str = "person"
    negative: bool = False


class Candidate(Noun):
    """A question-answer pair that an extractor proposes, with the spans it rests on."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    kind: PairKind
    language: Language
    evidence: tuple[Span, ...] = Field(min_length=1)
    score: Score = 0.5
    similar_questions: tuple[str, ...] = ()
    """Other wordings that the source itself gives (a table of phrasings, a bilingual heading)."""
    tags: tuple[str, ...] = ()
    origin: str = "structural"
    """The engine that proposed it."""
    wordings: tuple[SimilarQuestion, ...] = ()
    """Similar questions that a model proposed, not yet tried out in a search."""


class Extraction(Noun):
    """What one chunk gave: its state in the ledger, the reason for it, and the candidates."""

    state: ChunkState
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()


class Verdict(StrEnum):
    SUPPORTED = "supported"
    FLAGGED = "flagged"
    DROPPED = "dropped"


class Grounded(Noun):
    """A candidate after the proof. `reasons` are codes: why it is flagged or dropped; empty when supported."""

    candidate: Candidate
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    detail: str = ""


# -- the library --------------------------------------------------------------------------------------------


class EntryStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    STALE = "stale"


class VersionState(StrEnum):
    UPLOADED = "uploaded"
    PARSED = "parsed"
    CHUNKED = "chunked"
    EXTRACTED = "extracted"
    MERGED = "merged"
    DONE = "done"
    FAILED = "failed"
    RETRY = "retry"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


class LinkVerdict(StrEnum):
    DUPLICATE = "duplicate"
    VARIANT = "variant"
    RELATED = "related"
    CONFLICT = "conflict"


class Evidence(Noun):
    """Proof of an entry: the quote, and where it stands in which edition of which document."""

    document: str
    version: int = Field(ge=1)
    chunk_id: str
    page: int | None = None
    heading_path: tuple[str, ...] = ()
    quote: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)


class FaqEntry(Noun):
    """One question of the library with its approved or proposed answer.

    `version` counts saves (optimistic locking): a form saves with the version it showed, or is refused.
    """

    id: str
    collection: str
    question: str
    answer: str
    status: EntryStatus
    language: Language
    similar_questions: tuple[SimilarQuestion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    score: Score = 0.5
    kind: PairKind | None = None
    origin: str = "structural"
    valid_from: str | None = None
    """First day the answer holds (ISO 8601), when it is known."""
    valid_to: str | None = None
    """Last day the answer holds (ISO 8601), when it is known."""
    edited_by_person: bool = False
    version: int = Field(default=1, ge=1)

    @property
    def wordings(self) -> tuple[str, ...]:
        """The standard question and every similar question that is not a negative one."""
        return (self.question, *(s.text for s in self.similar_questions if not s.negative))


class Link(Noun):
    """Two entries and how they relate. `decision` is what a person said of it, remembered for good."""

    id: int
    left_id: str
    right_id: str
    verdict: LinkVerdict
    similarity: Score
    reason: str
    decision: str | None = None


class Revision(Noun):
    """One step of an entry's history. `before` is None for its creation."""

    id: int
    entry_id: str
    at: str
    actor: str
    action: str
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


# -- answers --------------------------------------------------------------------------------------------------


class Route(StrEnum):
    FAQ = "faq"
    DOCUMENT = "document"
    REFUSE = "refuse"


class RankedEntry(Noun):
    faq_id: str
    score: Score
    question: str
    matched: str
    """The wording of the entry that matched best."""


class Passage(Noun):
    """A piece of a source document."""

    document: str
    version: int
    chunk_id: str
    heading_path: tuple[str, ...]
    page: int | None
    text: str
    score: Score


class Answer(Noun):
    """What asking returned: the route, why, the texts best first (at most 5, none when refused), and the ranking."""

    question: str
    route: Route
    score: Score
    reason: str
    answers: tuple[str, ...]
    ranked: tuple[RankedEntry, ...]
    entry: FaqEntry | None = None
    passages: tuple[Passage, ...] = ()
    unapproved: bool = False


def table_markdown(rows: tuple[tuple[str, ...], ...], header_rows: int) -> str:
    """A table as Markdown pipes. Without a header row the first line is an empty header, as Markdown demands one.

    Cell line breaks become `<br>`; pipes are escaped.
    """
    if not rows:
        return ""
    width = len(rows[0])
    cells = [[c.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>").strip() for c in row] for row in rows]
    head = cells[0] if header_rows else [""] * width
    body = cells[1:] if header_rows else cells
    lines = [table_line(head), "|" + " --- |" * width]
    lines += [table_line(row) for row in body]
    return "\n".join(lines)


def table_line(cells: list[str]) -> str:
    """One row of Markdown pipes from cells that are already escaped."""
    return "| " + " | ".join(cells) + " |"
