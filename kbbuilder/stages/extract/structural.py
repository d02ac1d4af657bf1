"""The structural engine: which finder reads which chunk, and what the ledger says of those that give nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.leftovers import has_leftovers
from kbbuilder.language.text import fold, has_cjk, without_code
from kbbuilder.schema import Candidate, Chunk, ChunkKind, ChunkState, DocumentContext, ElementKind, Extraction, PairKind
from kbbuilder.stages.extract import english
from kbbuilder.stages.extract.explicit import explicit_pairs, is_group, only_questions, under_faq_title
from kbbuilder.stages.extract.named_lists import named_list_pairs
from kbbuilder.stages.extract.section import Section, is_pointer
from kbbuilder.stages.extract.sections import section_pair
from kbbuilder.stages.extract.sentences import sentence_pairs
from kbbuilder.stages.extract.tables import table_pairs
from kbbuilder.stages.extract.wording import wording_of

_PLACEHOLDER = re.compile(
    r"^(?:(?:note|注|说明|备注)[:：] ?)?(?:todo|tbd|to be (?:done|written|added)|lorem ipsum|待补充|待完善|待写|写下这一节|未完成|撰写中|（?略）?$)",
    re.I,
)
_INTERNAL = re.compile(
    r"内部(?:资料|规则|使用|文件|流程)[，,、。 ]*(?:请)?(?:勿|不要|不得|严禁|禁止)?(?:外传|发给|对外|泄露)|(?:不要|请勿|不得|严禁)(?:发给|转发给|透露给|告知)(?:客户|顾客|用户)"
    r"|for internal use only|internal use only|do not (?:share|forward|send|distribute|disclose)\b[^.]{0,30}\b(?:customers?|clients?|outside)",
    re.I,
)
"""What a text itself keeps from customers must not reach the queue as an answer for them."""
_MIN_CHARS = {"zh": 8, "en": 20}


class StructuralExtractor:
    """Needs no model, no key and no network; answers are verbatim. Cost: about 1 ms a chunk."""

    name = "structural"

    def extract(self, chunk: Chunk, context: DocumentContext) -> Extraction:
        """The chunk's pairs, explicit ones first and alone; or the reason why it gives none."""
        if chunk.kind is ChunkKind.FURNITURE:
            return Extraction(state=ChunkState.SKIPPED, reason=chunk.heading_path[0])
        section = Section(chunk, context)
        reason = _nothing_in(section)
        if reason:
            return Extraction(state=ChunkState.SKIPPED, reason=reason)
        explicit = _distinct(explicit_pairs(section))
        if explicit:
            return Extraction(state=ChunkState.EXPLICIT_FAQ, candidates=explicit)
        if only_questions(section):
            return Extraction(state=ChunkState.SKIPPED, reason="question_list")
        if len(section.prose.strip()) < _MIN_CHARS[section.chunk.language]:
            return Extraction(state=ChunkState.SKIPPED, reason="too_short")
        found = _distinct([_for_its_reader(c, context) for c in _structural(section) if _is_fit(c, section)])
        if found:
            return Extraction(state=ChunkState.GAVE_PAIRS, candidates=found)
        return Extraction(state=ChunkState.NOTHING_TO_ASK, reason=_why_nothing(section))


_OF_THE_BOOK = re.compile(
    r"(?:about (?:the |this )?(?:authors?|book|manual|guide|document)|authors?|credits|(?:revision |document )?history|acknowledge?ments?|colophon|imprint|"
    r"(?:un)?copyright|(?:[\w ]+ )?licen[cs]e|foreword|preface|legal (?:notice|section)|list of (?:figures|tables))$",
    re.I,
)
"""Sections that tell of the book itself, which no customer asks about."""


def _structural(section: Section) -> list[Candidate]:
    """Rows first where a table carries the section; else the section as a whole; sentences and the names that lists
    explain for what is left."""
    wording = wording_of(section.chunk.language)
    if section.chunk.language == "en" and _OF_THE_BOOK.match(bare_heading(section.heading)):
        return []
    rows = table_pairs(section, wording)
    whole = None if under_faq_title(section) and is_group(section) else section_pair(section, wording)
    covered = [(s.start, s.end) for c in rows for s in c.evidence]
    # A section that cannot be published as a whole may still hold a sentence that can.
    if whole and _is_fit(whole, section) and not _overlaps(whole, covered):
        covered += [(s.start, s.end) for s in whole.evidence]
        rows = [whole, *rows]
    told = [c for c in sentence_pairs(section, wording) if not _overlaps(c, covered)]
    covered += [(s.start, s.end) for c in told for s in c.evidence]
    return rows + told + [c for c in named_list_pairs(section, wording) if not _overlaps(c, covered)]


def _for_its_reader(pair: Candidate, context: DocumentContext) -> Candidate:
    if pair.kind is not PairKind.HOW_TO or pair.language != "en":
        return pair
    return pair.model_copy(update={"question": english.for_whom(pair.question, context.audience)})


def _is_fit(pair: Candidate, section: Section) -> bool:
    return (
        (pair.language == "zh" or not has_cjk(pair.question))
        and _stands_alone(pair)
        and not _is_torn(pair.question)
        and _names_something(pair, section)
        and not has_leftovers(pair.answer, pair.language)
    )


_NEEDS_ITS_PAGE = re.compile(
    r"上面的|下面的|上述|如上|如下|\b(?:the (?:above|following|previous section)|above-mentioned|described (?:above|below))\b",
    re.I,
)


def _stands_alone(pair: Candidate) -> bool:
    """Whether a question means something to a customer who does not have the page before them."""
    return _NEEDS_ITS_PAGE.search(pair.question) is None


def _is_torn(question: str) -> bool:
    """Whether a question shows the seams of what it was made of: a list mark, an open quote or bracket, a word twice."""
    return (
        re.search(r"[•▪]|(?<!\w)·|\b(?!on\b)([a-z]+) \1\b|\bI['’]re\b", without_code(question), re.I) is not None
        or question.count("(") != question.count(")")
        or question.count("“") != question.count("”")
        or question.count("「") != question.count("」")
        or question.count("`") % 2 == 1
    )


def _names_something(pair: Candidate, section: Section) -> bool:
    """Whether an English question of a Chinese document names what it is about: the product's Chinese name cannot."""
    if pair.language == "zh" or section.subject or not has_cjk(section.context.subject):
        return True
    return re.search(r"(?<=[ “])(?!I\b)[A-Z][\w-]+", re.sub("“.*?”", "", pair.question)) is not None


def _overlaps(found: Candidate, covered: Sequence[tuple[int, int]]) -> bool:
    return any(span.start < end and start < span.end for span in found.evidence for start, end in covered)


def _distinct(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Without a question that the same chunk already asks with the same answer."""
    seen: set[tuple[str, str]] = set()
    kept: list[Candidate] = []
    for pair in found:
        key = (fold(pair.question), fold(pair.answer))
        if key not in seen and key[0]:
            seen.add(key)
            kept.append(pair)
    return tuple(kept)


def _nothing_in(section: Section) -> str:
    kinds = {p.element.kind for p in section.body if p.element.text.strip()}
    if not section.body or not kinds:
        return "heading_only"
    if kinds <= {ElementKind.IMAGE, ElementKind.CAPTION}:
        return "pictures_only"
    if kinds <= {ElementKind.CODE, ElementKind.HEADING}:
        return "code_only"
    if _PLACEHOLDER.match(section.prose):
        return "placeholder"
    if _INTERNAL.search(section.prose):
        return "internal_only"
    return ""


def _why_nothing(section: Section) -> str:
    if is_pointer(section.prose):
        return "pointer_only"
    if not section.heading:
        return "no_heading"
    return "generic_heading" if is_generic(bare_heading(section.heading)) else "no_question_form"
