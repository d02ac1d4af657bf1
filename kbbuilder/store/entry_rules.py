"""What may stand in an entry, whoever writes it: a reviewer's form or a row of an imported table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbbuilder.errors import InvalidEdit
from kbbuilder.language.text import clean, clean_markdown, one_line, wording_key
from kbbuilder.schema import SimilarQuestion
from kbbuilder.store.entry_content import distinct_wordings

MAX_QUESTION_CHARS = 1_000
MAX_ANSWER_CHARS = 25_000
MAX_TAG_CHARS = 200


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """An entry's words, cleaned: questions and tags in one line each, none twice."""

    question: str
    answer: str
    wordings: tuple[SimilarQuestion, ...]
    tags: tuple[str, ...]


def checked_texts(
    question: str,
    answer: str,
    *,
    similar_questions: Iterable[str] = (),
    negative_questions: Iterable[str] = (),
    tags: Iterable[str] = (),
    known: Sequence[SimilarQuestion] = (),
    style: str = "person",
) -> EntryTexts:
    """Clean an entry's words and refuse what may not stand. Blank and repeated wordings are left out.

    Args:
        known: wordings the entry has already; a text that is among them keeps its style.
        style: the style of all others.

    Raises:
        InvalidEdit: the question or answer is blank, something is too long, or a wording is to be found and not to
            be found at once.
    """
    question, answer = _line(question), clean_markdown(answer)
    if not question:
        raise InvalidEdit("the question is empty")
    if not answer:
        raise InvalidEdit("the answer is empty")
    if len(answer) > MAX_ANSWER_CHARS:
        raise InvalidEdit(f"the answer has {len(answer):,} characters; {MAX_ANSWER_CHARS:,} are allowed")
    styles = {(s.text, s.negative): s.style for s in known}
    wordings = [
        SimilarQuestion(text=text, negative=negative, style=styles.get((text, negative), style))
        for texts, negative in ((similar_questions, False), (negative_questions, True))
        for text in map(_line, texts)
        if text
    ]
    for name, text in (("question", question), *(("similar question", w.text) for w in wordings)):
        if len(text) > MAX_QUESTION_CHARS:
            raise InvalidEdit(f"the {name} has {len(text):,} characters; {MAX_QUESTION_CHARS:,} are allowed")
    positive = {wording_key(question), *(wording_key(w.text) for w in wordings if not w.negative)}
    for wording in wordings:
        if wording.negative and wording_key(wording.text) in positive:
            raise InvalidEdit(f"“{wording.text}” stands both as a wording of the question and as a negative one")
    cleaned_tags = tuple(dict.fromkeys(tag for tag in map(_line, tags) if tag))
    for tag in cleaned_tags:
        if len(tag) > MAX_TAG_CHARS:
            raise InvalidEdit(f"a tag has {len(tag):,} characters; {MAX_TAG_CHARS:,} are allowed")
    return EntryTexts(question, answer, distinct_wordings(question, wordings), cleaned_tags)


def _line(text: str) -> str:
    """One line of clean text. Blanks between Chinese characters go only where there were line breaks: typed ones are
    meant."""
    text = clean(text)
    return one_line(text) if "\n" in text else text
