"""FAQ text that a document already holds: taken whole, in its own words.

question headings · Q:/A: marks · bold questions · questions as list items · FAQ tables · statements under an FAQ title
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import answer_mark_of, ends_with_question_mark, is_question, question_mark_of
from kbbuilder.language.text import fold, has_cjk
from kbbuilder.schema import Candidate, ChunkPart, Element, ElementKind, PairKind
from kbbuilder.stages.extract.english.tasks import in_a_customers_words
from kbbuilder.stages.extract.section import Section, candidate, plain, span_of
from kbbuilder.stages.extract.tables import body_rows, header_labels

_FAQ_TITLE = re.compile(
    r"\bFAQs?\b|frequently asked|common questions|questions (?:and|&) answers|\bQ ?& ?A\b|常见问题|常見問題|问答|問答|答疑|疑问解答|百问|问题解答|问题集",
    re.I,
)
_INLINE_ANSWER = re.compile(
    r"(?:^|\n|\s)(?:[*_]{1,2})?(?:A|Answer|答案|答|回答)(?:[*_]{1,2})?\s*[:：]\s*(?:[*_]{1,2})?(?=\S)"
)
_HOW_TO = re.compile(r"how to\b", re.I)
_SCORE = 0.95
_QUESTION_COLUMN = frozenset(
    fold(w) for w in "question,questions,q,faq,问题,标准问,标准问题,提问,问,問題,客户问题,常见问题,用户问题".split(",")
)
_ANSWER_COLUMN = frozenset(
    fold(w) for w in "answer,answers,a,response,reply,答案,回答,答复,回复,标准答案,答,参考答案,解答".split(",")
)
_SIMILAR_COLUMN = frozenset(
    fold(w) for w in "similar questions,similar question,also asked as,相似问,相似问法,相似问题,扩展问".split(",")
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question found at a part: its text, and where its answer begins when that is in the same part."""

    question: str
    answer_start: int | None


def under_faq_title(section: Section) -> bool:
    """Whether the document or a heading above announces questions and answers."""
    return any(_FAQ_TITLE.search(h) for h in (section.context.title, *section.chunk.heading_path[:-1], section.heading))


def explicit_pairs(section: Section) -> list[Candidate]:
    """Every explicit pair of the chunk, in order. Cost: O(characters)."""
    found = [*_from_tables(section), *_from_layout_tables(section)]
    if found and all(p.element.kind is ElementKind.TABLE or is_question(p.element.text) for p in section.body):
        return found
    starts: list[tuple[int, _Asked]] = []
    awaiting = question_mark_of(section.heading) is not None and section.opens_here
    for index, part in enumerate(section.body):
        asked = _asked(section, part, index, awaiting)
        if asked:
            starts.append((index, asked))
        # Between a marked question and its answer mark all text belongs to that question.
        awaiting = (awaiting or asked is not None) and not _ends_waiting(part.element, asked)
    heading = _heading_question(section, has_inner=bool(starts))
    if heading:
        end = starts[0][0] if starts else len(section.body)
        found += _pair(section, heading, None, section.body[:end])
    for position, (index, asked) in enumerate(starts):
        end = starts[position + 1][0] if position + 1 < len(starts) else len(section.body)
        found += _pair(
            section, asked.question, asked.answer_start, section.body[index + 1 : end], own=section.body[index]
        )
    return found


def only_questions(section: Section) -> bool:
    """Whether the body lists questions and answers none: a contents list, a quiz."""
    texts = [p.element.text for p in section.body if p.element.text.strip()]
    return len(texts) >= 2 and all(is_question(t) for t in texts)


# -- finding questions --------------------------------------------------------------------------------------------


def _heading_question(section: Section, *, has_inner: bool) -> str | None:
    if not section.opens_here or not section.body:
        return None
    bare = bare_heading(section.heading)
    mark = question_mark_of(section.heading) or question_mark_of(bare)
    if mark and mark.rest:
        return mark.rest
    if ends_with_question_mark(bare) or (is_question(bare) and not is_generic(bare)):
        if _HOW_TO.match(bare) and not ends_with_question_mark(bare) and not _asks_elsewhere(section):
            return in_a_customers_words(bare, section.subject, section.prose)
        return _with_mark(bare) if _whole_question(bare) else None
    inside_faq = any(_FAQ_TITLE.search(h) for h in (section.context.title, *section.chunk.heading_path[:-1]))
    if (
        inside_faq
        and not has_inner
        and not _FAQ_TITLE.search(bare)
        and not is_generic(bare)
        and len(section.chunk.heading_path) >= 2
    ):
        return bare if 4 <= len(bare) <= 200 and not is_group(section) and _states_a_fault(bare) else None
    return None


def _states_a_fault(heading: str) -> bool:
    """Under an FAQ title a statement is a question when it says what went wrong: an error's text, a thing that fails."""
    if has_cjk(heading):
        return (
            re.search(
                r"报错|错误|失败|无法|不能|异常|问题|怎么|没有|不[\u4e00-\u9fff]|[:：]|[A-Za-z]+(?:Error|Exception)",
                heading,
            )
            is not None
        )
    return (
        re.search(
            r"\b(?:error|fail\w*|exception|warning|cannot|can['’]t|unable|not|n['’]t|no|denied|refused|timed? ?out|missing|invalid|unknown|stuck|slow|crash\w*)\b|0x|[A-Z]\w*(?:Error|Exception)|^[a-z_]+:",
            heading,
            re.I,
        )
        is not None
    )


def _with_mark(question: str) -> str:
    """Such as "What is in the box" as a heading is "What is in the box?" as a question."""
    if ends_with_question_mark(question):
        return question
    return question + ("？" if has_cjk(question) else "?")


def _whole_question(text: str) -> bool:
    """Whether a heading asks something, rather than doubting its one word ("Macros?")."""
    return len(fold(text)) >= 4 and (has_cjk(text) or " " in text)


def _asks_elsewhere(section: Section) -> bool:
    """Whether the document holds an FAQ, whose words stay as they are: by a title above, or by another heading that ends
    in a question mark."""
    return under_faq_title(section) or any(ends_with_question_mark(path[-1]) for path in section.context.outline)


def is_group(section: Section) -> bool:
    """Whether the heading groups questions rather than being one: it names an FAQ, or other sections lie below it."""
    if _FAQ_TITLE.search(section.heading):
        return True
    path = section.chunk.heading_path
    return any(len(other) > len(path) and other[: len(path)] == path for other in section.context.outline)


def _ends_waiting(element: Element, asked: _Asked | None) -> bool:
    return answer_mark_of(element.text) is not None or (asked is not None and asked.answer_start is not None)


def _asked(section: Section, part: ChunkPart, index: int, awaiting: bool) -> _Asked | None:
    element = part.element
    if element.kind not in (ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.HEADING):
        return None
    text = section.chunk.text[part.start : part.end]
    mark = question_mark_of(element.text)
    if mark:
        return _split_inline(part, text)
    following = section.body[index + 1] if index + 1 < len(section.body) else None
    if answer_mark_of(element.text) or following is None:
        return None
    marked_answer = answer_mark_of(following.element.text) is not None
    bare = re.sub(r"^(?:\d{1,3}[.、)]|[（(]\d{1,3}[)）])\s*", "", plain(element)).strip()
    if marked_answer and len(bare) <= 300 and not awaiting:
        return _Asked(bare, None)
    if is_question(following.element.text) and not marked_answer:
        return None
    if element.kind is ElementKind.HEADING or element.bold:
        return _Asked(bare_heading(bare), None) if is_question(bare_heading(bare)) else None
    if not ends_with_question_mark(bare) or len(bare) > 200 or _sentences(bare) > 2:
        return None
    if element.kind is ElementKind.LIST_ITEM:
        return (
            _Asked(bare, None)
            if following.element.kind is not ElementKind.LIST_ITEM
            or (following.element.level or 1) > (element.level or 1)
            else None
        )
    return _Asked(bare, None) if under_faq_title(section) or _questions_in(section) >= 2 else None


def _questions_in(section: Section) -> int:
    return sum(
        p.element.kind is ElementKind.PARAGRAPH
        and len(p.element.text) <= 200
        and ends_with_question_mark(p.element.text)
        for p in section.body
    )


def _sentences(text: str) -> int:
    return len(re.findall(r"[。！？]|[.!?](?=\s|$)", text))


def _split_inline(part: ChunkPart, text: str) -> _Asked:
    """Such as "Q: … A: …" in one paragraph."""
    mark = question_mark_of(text) or question_mark_of(part.element.text)
    rest = mark.rest if mark else text
    inline = _INLINE_ANSWER.search(text)
    if inline and inline.start() > 0:
        question = question_mark_of(text[: inline.start()])
        if question and question.rest:
            return _Asked(_tidy(question.rest), part.start + inline.end())
    lines = rest.split("\n", 1)
    if len(lines) == 2 and ends_with_question_mark(lines[0]):
        return _Asked(_tidy(lines[0]), part.start + text.index(lines[1], len(text) - len(lines[1]) - 1))
    return _Asked(_tidy(rest), None)


def _tidy(question: str) -> str:
    return re.sub(r"\s+", " ", question.replace("`", "`")).strip().strip("*_").strip()


# -- answers --------------------------------------------------------------------------------------------------------


def _pair(
    section: Section, question: str, answer_start: int | None, parts: Sequence[ChunkPart], own: ChunkPart | None = None
) -> Iterator[Candidate]:
    pieces: list[tuple[int, int]] = [] if answer_start is None or own is None else [(answer_start, own.end)]
    for part in parts:
        start = _after_answer_mark(section, part) if answer_start is None else part.start
        if pieces and start == part.start:
            pieces[-1] = (pieces[-1][0], part.end)
        else:
            pieces.append((start, part.end))
    spans = [span_of(section.chunk, start, end) for start, end in pieces if section.chunk.text[start:end].strip()]
    question = _tidy(question)
    if question and spans:
        yield candidate(section, question, spans, PairKind.EXPLICIT, _SCORE)


def _after_answer_mark(section: Section, part: ChunkPart) -> int:
    """Where a part's text begins once its "A:" is taken off."""
    mark = answer_mark_of(part.element.text)
    if mark is None:
        return part.start
    text = section.chunk.text[part.start : part.end]
    return part.start + (text.index(mark.rest) if mark.rest else len(text))


# -- FAQ tables -------------------------------------------------------------------------------------------------------


def _from_tables(section: Section) -> Iterator[Candidate]:
    for part in section.body:
        labels = header_labels(part.element)
        if not labels:
            continue
        keys = [fold(label) for label in labels]
        asks = [i for i, key in enumerate(keys) if key in _QUESTION_COLUMN]
        answers = [i for i, key in enumerate(keys) if key in _ANSWER_COLUMN]
        if not asks or not answers:
            continue
        similar = [i for i, key in enumerate(keys) if key in _SIMILAR_COLUMN]
        for row, start, end in body_rows(part):
            question, answer = row[asks[0]].strip(), row[answers[0]].strip()
            if question and answer:
                wordings = [w for i in similar for w in _cell_items(row[i]) if fold(w) != fold(question)]
                span = span_of(section.chunk, start, end)
                yield candidate(section, question, (span,), PairKind.EXPLICIT, _SCORE, answer=answer, similar=wordings)


def _from_layout_tables(section: Section) -> Iterator[Candidate]:
    """Tables that only lay text out: "1.1 | How do I …?" and below it " | You …"."""
    for part in section.body:
        rows = list(body_rows(part))
        if part.element.header_rows or not rows or len(rows[0][0]) != 2:
            continue
        index = 0
        while index < len(rows):
            (label, question), start, _ = rows[index]
            last = index + 1
            while last < len(rows) and not rows[last][0][0].strip() and rows[last][0][1].strip():
                last += 1
            if label.strip() and last > index + 1 and ends_with_question_mark(question):
                answer = "\n\n".join(row[1].strip() for row, _, _ in rows[index + 1 : last])
                span = span_of(section.chunk, start, rows[last - 1][2])
                yield candidate(section, _tidy(question), (span,), PairKind.EXPLICIT, _SCORE, answer=answer)
            index = last


def _cell_items(cell: str) -> list[str]:
    return [item.strip() for item in re.split(r"\n|##|\|\|", cell) if item.strip()]
