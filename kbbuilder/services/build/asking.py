"""Reading an edition's chunks with a model: every chunk ends with pairs, a reason, or the code of what went wrong.

    chunk → (explicit FAQ text, furniture: no model) → pairs → proof → the spans that no pair rests on, once more
          → the structural engine's pairs for what is still uncovered → similar questions

Of a small model the structural engine's proved pairs come first, and it is asked about the rest: they are better than
its own, and cost nothing.

The chunks of all editions in hand stand in the desk's one queue; an edition is complete when its last chunk has ended.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace

from kbbuilder.errors import ModelError, Remedy, ReplyUnusable
from kbbuilder.language.text import wording_key
from kbbuilder.ports import ChatRequest, Extractor
from kbbuilder.schema import Candidate, Chunk, ChunkState, DocumentContext, Grounded, SimilarQuestion, Span, Verdict
from kbbuilder.services.build.reading import proved
from kbbuilder.services.build.second_look import second_look
from kbbuilder.services.model import Asker, ModelDesk
from kbbuilder.stages.expand.model import faithful, read_similar, similar_request
from kbbuilder.stages.extract.model import (
    RawPairs,
    askable,
    candidates_of,
    extraction_request,
    halves,
    read_pairs,
    uncovered,
)
from kbbuilder.stages.ground import crowded, ground, read_closely
from kbbuilder.store.ledger import ChunkVerdict, StoredChunk

ENGINE = "llm"
NO_PAIRS = "no_pairs"
"""The model found nothing to ask."""
_FREER = 0.4
"""Temperature of the second try after a reply that could not be read: the same request would get the same reply."""
_NEEDS_NO_MODEL = (ChunkState.EXPLICIT_FAQ, ChunkState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a model is asked for."""

    styles: tuple[str, ...]
    similar_per_entry: int
    second_pass: bool
    round_trip: bool
    judge: bool
    max_output_tokens: int
    small_model: bool = False
    """Ask for the question of every passage, which a small model does best (`extraction_request`), only of passages on
    which no proved pair of the structural engine rests, and trust its questions less (`read_closely`)."""


class EditionAsking:
    """The chunks of one edition on their way through a model.

    Args:
        structural: says which chunks need no model, and lends its pairs for what the model leaves uncovered.
    """

    def __init__(
        self,
        desk: ModelDesk,
        version_id: int,
        chunks: Sequence[StoredChunk],
        context: DocumentContext,
        *,
        structural: Extractor,
        wanted: Wanted,
    ) -> None:
        self._desk = desk
        self._version_id = version_id
        self._order = [stored.pk for stored in chunks]
        self._headings = {stored.pk: stored.chunk.heading_path for stored in chunks}
        self._left = deque(chunks)
        self._context = context
        self._structural = structural
        self._wanted = wanted
        self._running: dict[Future[ChunkVerdict], StoredChunk] = {}
        self._ended: dict[int, ChunkVerdict] = {}
        self._arrived: list[ChunkVerdict] = []
        self._faults: list[tuple[StoredChunk, ModelError]] = []
        self._broken: BaseException | None = None

    @property
    def total(self) -> int:
        return len(self._order)

    @property
    def done(self) -> int:
        return len(self._ended) + len(self._faults)

    @property
    def finished(self) -> bool:
        return not self._left and all(future.done() for future in self._running)

    @property
    def waiting(self) -> tuple[Future[ChunkVerdict], ...]:
        """What is with the desk."""
        return tuple(self._running)

    def top_up(self) -> None:
        """Take in what has come back, and hand the desk as many more chunks as it has room for."""
        self._collect()
        while self._left and self._desk.room() > 0:
            stored = self._left.popleft()
            work = work_on(stored, self._context, self._structural, self._wanted)
            if isinstance(work, ChunkVerdict):
                self._ended[stored.pk] = work
                self._arrived.append(work)
            else:
                self._running[self._desk.submit(work, self._version_id)] = stored

    def verdicts(self, *, last_attempt: bool) -> tuple[ChunkVerdict, ...]:
        """How each chunk ended, in reading order; once `finished`.

        Raises:
            ModelError: the edition has to wait: nothing more can be asked now (`remedy` PAUSE), or some chunk may fare
                better later and this is not the `last_attempt`.
            KbError: what else went wrong with a chunk, such as a store that is full.
        """
        self._collect()
        if self._broken is not None:
            raise self._broken
        for _, fault in self._faults:
            if fault.remedy is Remedy.PAUSE:
                raise fault
        for _, fault in self._faults:
            if fault.retryable and not last_attempt:
                raise fault
        failed = {stored.pk: ChunkVerdict(stored.pk, ChunkState.FAILED, fault.code) for stored, fault in self._faults}
        ended = self._ended | failed
        return tuple(ended[pk] for pk in self._order)

    def arrived(self) -> tuple[tuple[Candidate, tuple[str, ...]], ...]:
        """The candidates that came back since this was last called and that the proof left, each with the heading path
        of its chunk."""
        arrived, self._arrived = self._arrived, []
        return tuple(
            (grounded.candidate, self._headings[verdict.pk])
            for verdict in arrived
            for grounded in verdict.grounded
            if grounded.verdict is not Verdict.DROPPED
        )

    def _collect(self) -> None:
        for future in [future for future in self._running if future.done()]:
            stored = self._running.pop(future)
            error = future.exception() if not future.cancelled() else CancelledError()
            if error is None:
                self._ended[stored.pk] = verdict = future.result()
                self._arrived.append(verdict)
            elif isinstance(error, ModelError):
                self._faults.append((stored, error))
            else:
                self._broken = error
                self._left.clear()


def work_on(
    stored: StoredChunk, context: DocumentContext, structural: Extractor, wanted: Wanted
) -> ChunkVerdict | ChunkReading:
    """How a chunk ends of which no model need be asked: explicit FAQ text, furniture, nothing to ask about. Of any
    other, the work of reading it with one."""
    decided = structural.extract(stored.chunk, context)
    if decided.state in _NEEDS_NO_MODEL or not askable(stored.chunk):
        return proved(decided, stored, context)
    sure: tuple[Grounded, ...] = ()
    if wanted.small_model:
        read = (ground(candidate, stored.chunk, context) for candidate in decided.candidates)
        sure = tuple(pair for pair in read if pair.verdict is Verdict.SUPPORTED)
        if sure and not uncovered(stored.chunk, _surviving(sure)) and not _worded_by_model(wanted):
            return proved(decided, stored, context)
    return ChunkReading(stored, context, wanted, decided.candidates, sure)


@dataclass(frozen=True, slots=True)
class ChunkReading:
    """The work of reading one chunk with a model, for the desk to run.

    Args:
        spare: the structural engine's pairs, for spans on which none of the model's rests.
        sure: those of them that come before the model's, proved.
    """

    stored: StoredChunk
    context: DocumentContext
    wanted: Wanted
    spare: tuple[Candidate, ...] = ()
    sure: tuple[Grounded, ...] = ()

    @property
    def open_spans(self) -> tuple[Span, ...]:
        """What the model is asked about; () where it is the whole chunk, or nothing is left of it."""
        return uncovered(self.stored.chunk, _surviving(self.sure)) if self.sure else ()

    @property
    def passages(self) -> int:
        """How many passages the model is asked about."""
        spans = self.open_spans
        return askable(self.stored.chunk, spans) if spans or not self.sure else 0

    def request(self) -> ChatRequest | None:
        """The first request, where there is something to ask."""
        spans = self.open_spans
        if self.sure and not spans:
            return None
        return _request(self.stored.chunk, self.context, self.wanted, spans)

    async def __call__(self, asker: Asker) -> ChunkVerdict:
        """All that a model and the proof make of the chunk.

        Raises:
            ModelError: the chunk could not be read, for now or for good.
        """
        stored, chunk, context, wanted = self.stored, self.stored.chunk, self.context, self.wanted
        grounded = await self._by_model(asker)
        if wanted.round_trip or wanted.judge:
            grounded = await second_look(
                asker, grounded, chunk, answer=wanted.round_trip, judge=wanted.judge,
                max_output_tokens=wanted.max_output_tokens,
            )  # fmt: skip
        grounded = crowded([*self.sure, *grounded])
        covered = _spans(_surviving(grounded))
        extra = [c for c in self.spare if not _touches(c, covered)]
        grounded += [ground(c, chunk, context) for c in _distinct([g.candidate for g in grounded], extra)]
        grounded = await _worded(asker, grounded, chunk, wanted)
        if not grounded:
            return ChunkVerdict(stored.pk, ChunkState.NOTHING_TO_ASK, NO_PAIRS)
        return ChunkVerdict(stored.pk, ChunkState.GAVE_PAIRS, "", tuple(grounded))

    async def _by_model(self, asker: Asker) -> list[Grounded]:
        """The model's pairs, proved: of what the sure ones leave, and once more of what is then still uncovered."""
        chunk, context, wanted = self.stored.chunk, self.context, self.wanted
        spans = self.open_spans
        if self.sure and not spans:
            return []
        written, complete = await _asked(asker, chunk, context, wanted, spans)
        sure = _surviving(self.sure)
        found = _distinct(sure, written)
        grounded = [ground(c, chunk, context) for c in found]
        if wanted.second_pass or not complete:
            left = uncovered(chunk, [*sure, *_surviving(grounded)], however_little=not complete)
            if left:
                more, _ = await _asked(asker, chunk, context, wanted, left, again=True)
                grounded += [ground(c, chunk, context) for c in _distinct([*sure, *found], more)]
        grounded = [_from_model(g) for g in grounded]
        return read_closely(grounded, chunk, context) if wanted.small_model else grounded


async def _asked(
    asker: Asker,
    chunk: Chunk,
    context: DocumentContext,
    wanted: Wanted,
    left: Sequence[Span] = (),
    *,
    again: bool = False,
) -> tuple[tuple[Candidate, ...], bool]:
    """The model's pairs for a chunk, and whether its replies were whole; asked in halves when it is too long. Each half
    is read by itself: its lines have numbers of their own."""
    if not askable(chunk, left):
        return (), True
    request = _request(chunk, context, wanted, left, again=again)
    try:
        raw = await _readable(asker, request)
    except ModelError as error:
        parts = halves(chunk) if error.remedy is Remedy.SPLIT or isinstance(error, ReplyUnusable) else None
        if parts is None:
            raise
        read = [await _asked(asker, part, context, wanted, left, again=again) for part in parts]
        return tuple(c for found, _ in read for c in found), all(complete for _, complete in read)
    return candidates_of(raw, chunk, context), raw.complete


def _request(
    chunk: Chunk, context: DocumentContext, wanted: Wanted, left: Sequence[Span], *, again: bool = False
) -> ChatRequest:
    return extraction_request(
        chunk, context,
        max_output_tokens=wanted.max_output_tokens, left=left, again=again, each_passage=wanted.small_model,
    )  # fmt: skip


async def _readable(asker: Asker, request: ChatRequest) -> RawPairs:
    reply = await asker.ask(request, "extract")
    try:
        return read_pairs(reply.text, reply.finish, reply.doubts)
    except ReplyUnusable:
        reply = await asker.ask(replace(request, temperature=_FREER), "extract")
        return read_pairs(reply.text, reply.finish, reply.doubts)


async def _worded(asker: Asker, grounded: Sequence[Grounded], chunk: Chunk, wanted: Wanted) -> list[Grounded]:
    """The pairs with the similar questions that the model proposes. A reply that cannot be read costs only those: the
    rules propose some of their own."""
    standing = [g for g in grounded if g.verdict is not Verdict.DROPPED]
    if not standing or not _worded_by_model(wanted):
        return list(grounded)
    request = similar_request(
        [g.candidate for g in standing],
        wanted.styles,
        wanted.similar_per_entry,
        chunk.language,
        max_output_tokens=wanted.max_output_tokens,
    )
    try:
        reply = await asker.ask(request, "similar")
        proposed = read_similar(reply.text, reply.finish, len(standing))
    except ModelError as error:
        if error.remedy in (Remedy.PAUSE, Remedy.LATER) or (error.retryable and not isinstance(error, ReplyUnusable)):
            raise
        proposed = {}
    named: dict[int, tuple[SimilarQuestion, ...]] = {
        id(standing[number]): faithful(standing[number].candidate, found)[0] for number, found in proposed.items()
    }
    return [
        g.model_copy(update={"candidate": g.candidate.model_copy(update={"wordings": named[id(g)]})})
        if id(g) in named
        else g
        for g in grounded
    ]


def _worded_by_model(wanted: Wanted) -> bool:
    return bool(wanted.styles) and wanted.similar_per_entry > 0


def _from_model(grounded: Grounded) -> Grounded:
    return grounded.model_copy(update={"candidate": grounded.candidate.model_copy(update={"origin": ENGINE})})


def _surviving(grounded: Sequence[Grounded]) -> list[Candidate]:
    return [g.candidate for g in grounded if g.verdict is not Verdict.DROPPED]


def _distinct(known: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """Those whose question is asked neither by a known one nor by one before."""
    seen = {wording_key(c.question) for c in known}
    distinct = []
    for candidate in found:
        key = wording_key(candidate.question)
        if key not in seen:
            seen.add(key)
            distinct.append(candidate)
    return distinct


def _spans(candidates: Sequence[Candidate]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for c in candidates for span in c.evidence]


def _touches(candidate: Candidate, covered: Sequence[tuple[int, int]]) -> bool:
    return any(span.start < end and start < span.end for span in candidate.evidence for start, end in covered)
