"""Ask the library: an approved answer, else a passage of a document, else an honest refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from kbbuilder.errors import InvalidQuestion, StoreBusy, StoreFull
from kbbuilder.language.text import one_line
from kbbuilder.ports import Embedder
from kbbuilder.schema import Answer, EntryStatus, FaqEntry, Passage, RankedEntry, Route
from kbbuilder.store.database import Connection, Database
from kbbuilder.store.documents import iso
from kbbuilder.store.entries import get_many
from kbbuilder.store.query_log import Asked, Unanswered, log_questions, unanswered
from kbbuilder.store.search import EntryHit, EntrySearch, PassageHit, PassageSearch

__all__ = ["MAX_QUESTION_CHARS", "REASONS", "AskService", "Unanswered"]

_logger = logging.getLogger(__name__)

MAX_QUESTION_CHARS = 1000
_SHOWN = 5
_NEAR_TIE = 0.02
_BETTER_BY = 0.1
"""A passage that fits the question by so much better than the entry's own text answers in its place."""
_BATCH = 256

REASONS = {
    "same_wording": "the question is one of the entry's wordings",
    "entry": "an entry asks the same",
    "near_tie": "two entries fit almost equally well",
    "passage": "no entry asks this, but a document speaks of it",
    "passage_fits_better": "an entry comes near, but a document answers the question more exactly",
    "not_in_force": "the nearest entry's answer does not hold today",
    "clash": "the nearest entry asks something else in one point",
    "below_threshold": "nothing in the library comes near enough",
    "nothing_to_search": "the library has no entry and no passage for this",
    "invalid_question": "the question is empty or too long",
}
"""What the code at the start of `Answer.reason` means; details follow it after a colon."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the searches gave for one question; `fitting` are the hits that may answer."""

    question: str
    hits: tuple[EntryHit, ...]
    fitting: tuple[EntryHit, ...]
    passages: tuple[PassageHit, ...]

    @property
    def best_score(self) -> float:
        return max([h.score for h in self.hits[:1]] + [p.score for p in self.passages[:1]], default=0.0)


def _now() -> datetime:
    return datetime.now(UTC)


class AskService:
    """Answers questions from one library. Safe between threads; keeps search snapshots in memory."""

    def __init__(
        self,
        db: Database,
        embedder: Embedder,
        *,
        faq_threshold: float,
        passage_threshold: float,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._db = db
        self._embedder = embedder
        self._entries = EntrySearch(embedder)
        self._passages = PassageSearch(embedder)
        self._faq_threshold = faq_threshold
        self._passage_threshold = passage_threshold
        self._clock = clock

    def ask(self, question: str, *, collection: str, include_pending: bool = False, log: bool = True) -> Answer:
        """The answer to one question, from approved entries (with `include_pending`: and pending ones).

        Raises:
            InvalidQuestion: the question has no letter or digit, or more than 1000 characters.
        """
        problem = _problem(question)
        if problem:
            raise InvalidQuestion(problem)
        return self.ask_many([question], collection=collection, include_pending=include_pending, log=log)[0]

    def ask_many(
        self, questions: Sequence[str], *, collection: str, include_pending: bool = False, log: bool = True
    ) -> list[Answer]:
        """An answer for each question, in order. A question `ask` would not take is refused, with the reason.

        Cost: 10–60 ms a question in batches; the log is written once a batch of 256.
        """
        answers: list[Answer] = []
        for start in range(0, len(questions), _BATCH):
            batch = questions[start : start + _BATCH]
            found = self._answers(batch, collection, include_pending)
            if log:
                self._log(collection, found)
            answers += found
        return answers

    def unanswered(self, collection: str, limit: int = 50) -> tuple[Unanswered, ...]:
        """Questions that were refused when last asked, the most often refused first."""
        with self._db.read() as conn:
            return unanswered(conn, collection, limit)

    def _answers(self, questions: Sequence[str], collection: str, include_pending: bool) -> list[Answer]:
        problems = [_problem(question) for question in questions]
        sound = [one_line(q) for q, problem in zip(questions, problems, strict=True) if not problem]
        vectors = self._embedder.encode(sound)
        with self._db.read() as conn:
            index = self._entries.snapshot(conn, collection, include_pending=include_pending)
            hits = index.search(sound, _SHOWN, vectors=vectors)
            passages = self._passages.search(conn, collection, sound, k=_SHOWN, vectors=vectors)
            entries = get_many(conn, sorted({hit.entry_id for found in hits for hit in found}))
            found = [
                _Found(question, entry_hits, self._in_force(entry_hits, entries), read)
                for question, entry_hits, read in zip(sound, hits, passages, strict=True)
            ]
            fits = [self._fit(conn, f, vector, entries) for f, vector in zip(found, vectors, strict=True)]
        answered = iter([self._decide(f, fit, entries) for f, fit in zip(found, fits, strict=True)])
        return [
            _refusal(question, f"invalid_question: {problem}") if problem else next(answered)
            for question, problem in zip(questions, problems, strict=True)
        ]

    def _in_force(self, hits: Sequence[EntryHit], entries: Mapping[str, FaqEntry]) -> tuple[EntryHit, ...]:
        """The hits that may answer today."""
        today = self._clock().date().isoformat()
        near = [h for h in hits if h.score >= self._faq_threshold and not h.note and h.entry_id in entries]
        # When the entry that was meant is out of force, the next one answers something else.
        if near and not _holds(entries[near[0].entry_id], today):
            return ()
        return tuple(h for h in near if _holds(entries[h.entry_id], today))

    def _fit(
        self, conn: Connection, found: _Found, vector: NDArray[np.float32], entries: Mapping[str, FaqEntry]
    ) -> float:
        """How well the best entry's own text answers, on a passage's scale; 1 where no passage can do better."""
        if not found.fitting or not found.passages or found.fitting[0].score == 1.0:
            return 1.0
        best = found.fitting[0]
        own = f"{best.matched}\n{best.question}\n{entries[best.entry_id].answer}"
        return self._passages.fit(conn, found.question, vector, [own])[0]

    def _decide(self, found: _Found, fit: float, entries: Mapping[str, FaqEntry]) -> Answer:
        ranked = tuple(
            RankedEntry(faq_id=h.entry_id, score=h.score, question=h.question, matched=h.matched) for h in found.hits
        )
        passages = tuple(_passage(hit) for hit in found.passages if hit.score >= self._passage_threshold)
        faq_texts = [entries[hit.entry_id].answer for hit in found.fitting]
        passage_texts = [p.text for p in passages]
        if found.fitting and not (passages and passages[0].score > fit + _BETTER_BY):
            best = entries[found.fitting[0].entry_id]
            return Answer(
                question=found.question,
                route=Route.FAQ,
                score=found.fitting[0].score,
                reason=_faq_reason(found.fitting),
                answers=_distinct(faq_texts + passage_texts),
                ranked=ranked,
                entry=best,
                passages=passages,
                unapproved=best.status is not EntryStatus.APPROVED,
            )
        if passages:
            return Answer(
                question=found.question,
                route=Route.DOCUMENT,
                score=passages[0].score,
                reason=f"passage_fits_better: {found.fitting[0].matched}" if found.fitting else "passage",
                answers=_distinct(passage_texts[:1] + faq_texts[:1] + passage_texts[1:]),
                ranked=ranked,
                passages=passages,
            )
        return _refusal(found.question, _refusal_reason(found, self._faq_threshold), found.best_score, ranked)

    def _log(self, collection: str, answers: Sequence[Answer]) -> None:
        at = iso(self._clock())
        asked = [Asked(a.question, a.route, a.score, a.entry.id if a.entry else None, at) for a in answers]
        try:
            with self._db.write() as conn:
                log_questions(conn, collection, asked)
        except (StoreBusy, StoreFull) as error:
            # Whoever asks gets the answer even while a build holds the write lock; the log may miss a line.
            _logger.warning("%d asked questions were not logged: %s", len(asked), error)


def _problem(question: str) -> str:
    bare = one_line(question)
    if not any(char.isalnum() for char in bare):
        return "the question is empty"
    if len(bare) > MAX_QUESTION_CHARS:
        return f"the question has {len(bare)} characters; at most {MAX_QUESTION_CHARS} are read"
    return ""


def _faq_reason(fitting: Sequence[EntryHit]) -> str:
    best = fitting[0]
    if best.score == 1.0:
        return f"same_wording: {best.matched}"
    if len(fitting) > 1 and best.score - fitting[1].score < _NEAR_TIE:
        return f"near_tie: {fitting[1].question}"
    return f"entry: {best.matched}"


def _refusal_reason(found: _Found, faq_threshold: float) -> str:
    if not found.hits:
        return "below_threshold" if found.passages else "nothing_to_search"
    best = found.hits[0]
    if best.note:
        return f"clash: {best.note} ({best.matched})"
    return f"not_in_force: {best.question}" if best.score >= faq_threshold else "below_threshold"


def _holds(entry: FaqEntry, today: str) -> bool:
    """Whether the answer is in force; a date may be given to the month or year only."""
    starts, ends = entry.valid_from or "", entry.valid_to
    return today[: len(starts)] >= starts[:10] and (ends is None or today[: len(ends)] <= ends[:10])


def _refusal(question: str, reason: str, score: float = 0.0, ranked: tuple[RankedEntry, ...] = ()) -> Answer:
    return Answer(question=question, route=Route.REFUSE, score=score, reason=reason, answers=(), ranked=ranked)


def _passage(hit: PassageHit) -> Passage:
    return Passage(
        document=hit.document,
        version=hit.version,
        chunk_id=hit.chunk_id,
        heading_path=hit.heading_path,
        page=hit.page,
        text=hit.text,
        score=hit.score,
    )


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:_SHOWN]
