"""A look before the whole run: what some chunks give, and what all of them would cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field

from kbbuilder.errors import ModelError, Remedy, document_error
from kbbuilder.ports import ChatReply, Finish
from kbbuilder.schema import ChunkKind, ChunkState, DocumentContext, Grounded, Verdict
from kbbuilder.services.build.asking import ENGINE, ChunkReading, work_on
from kbbuilder.services.build.reading import chunks_in_context, read_by_structure
from kbbuilder.services.build.report import Progress
from kbbuilder.services.build.tools import Tools
from kbbuilder.services.model import Estimate, Spent, cost_of, input_tokens_of, tokens_of
from kbbuilder.stages.extract import context_of
from kbbuilder.store import documents
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.ledger import ChunkVerdict, StoredChunk

_POLL_S = 0.3
# What an estimate reckons with. Source: replies of models from 1.5B up on sections of manuals in both languages.
_TOKENS_A_PAIR = 180
_MOST_PAIRS = 10
_PAIR_TOKENS = 40
_SIMILAR_PROMPT_TOKENS = 300
_WORDING_TOKENS = 16


NOTHING = Estimate(0, 0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class PreviewPair:
    """A pair as it would reach the queue; `reasons` say why it is flagged or dropped."""

    question: str
    answer: str
    quotes: tuple[str, ...]
    similar_questions: tuple[str, ...]
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewChunk:
    """One chunk with its pairs; `reason` says why there are none."""

    document: str
    heading_path: tuple[str, ...]
    page: int | None
    text: str
    state: ChunkState
    reason: str
    pairs: tuple[PreviewPair, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the chunks gave, what that cost, and what all chunks are estimated to cost."""

    engine: str
    chunks: tuple[PreviewChunk, ...]
    spent: Spent = field(default_factory=Spent)
    estimate: Estimate = NOTHING


@dataclass(frozen=True, slots=True)
class _Place:
    """A chunk to be read; `work` reads it with a model (None: the structural engine reads it)."""

    document: str
    version_id: int
    stored: StoredChunk
    context: DocumentContext
    work: ChunkReading | None


def preview(
    tools: Tools, version_ids: Sequence[int], count: int, progress: Callable[[Progress], None] | None
) -> Preview:
    """Some chunks of these editions, spread evenly, through the engine of each edition. Writes nothing but replies.

    Raises:
        ModelError: no chunk can be asked about until a person acts.
        DocumentError: a document cannot be read.
    """
    places = _places(tools, version_ids)
    chosen = _spread(places, count)
    verdicts: dict[int, ChunkVerdict] = {}
    running: dict[int, Future[ChunkVerdict]] = {}
    spent = Spent()
    with ExitStack() as desks:
        asks = tools.desk is not None and any(place.work is not None for place in chosen)
        desk = desks.enter_context(tools.desk()) if tools.desk is not None and asks else None
        for number, place in enumerate(chosen):
            if place.work is None:
                verdicts[number] = read_by_structure(tools.structural, place.stored, place.context)
            elif desk is not None:
                running[number] = desk.submit(place.work, place.version_id)
        left = set(running.values())
        while left:
            if progress is not None:
                done = len(running) - len(left)
                progress(Progress(chosen[0].document, "extract", done, len(running), 0, 1))
            left -= wait(left, timeout=_POLL_S, return_when=FIRST_COMPLETED).done
        verdicts |= {number: _verdict(future, chosen[number]) for number, future in running.items()}
        if desk is not None:
            spent = desk.spent
    shown = tuple(_shown(chosen[number], verdicts[number]) for number in sorted(verdicts))
    return Preview(ENGINE if running else "structural", shown, spent, _estimate(tools, places))


def estimate(tools: Tools, version_ids: Sequence[int]) -> Estimate:
    """What asking about all chunks of these editions will need, replies that are there already left out of account."""
    return _estimate(tools, _places(tools, version_ids))


def _places(tools: Tools, version_ids: Sequence[int]) -> list[_Place]:
    """The chunks of these editions that an engine has to read; where a model reads, those that need none are out."""
    wanted = tools.wanted()
    places = []
    with tools.database.read() as conn:
        records = documents.versions(conn, list(version_ids))
    for record in records.values():
        chunks, context = _chunks(tools, record)
        for stored in chunks:
            if stored.chunk.kind is not ChunkKind.SECTION:
                continue
            work: ChunkReading | None = None
            if record.engine == ENGINE:
                found = work_on(stored, context, tools.structural, wanted)
                if isinstance(found, ChunkVerdict):
                    continue
                work = found
            places.append(_Place(record.document, record.id, stored, context, work))
    return places


def _chunks(tools: Tools, record: VersionRecord) -> tuple[Sequence[StoredChunk], DocumentContext]:
    """An edition's chunks: those in the store, else cut now, for this look only.

    Raises:
        DocumentError: the document cannot be read.
    """
    with tools.database.read() as conn:
        stored, context = chunks_in_context(conn, record)
    if stored:
        return stored, context
    outcome = tools.parser.parse(tools.blobs.verified(record.sha256), record.document)
    document = outcome.document
    if document is None:
        raise document_error(outcome.code, outcome.reason, hint=outcome.hint)
    chunks = tools.chunked(document)
    cut = [StoredChunk(number, chunk, ChunkState.PENDING, "") for number, chunk in enumerate(chunks)]
    return cut, context_of(record.document, document.title, document.language, chunks)


def _spread(places: Sequence[_Place], count: int) -> list[_Place]:
    if len(places) <= count:
        return list(places)
    return [places[(2 * n + 1) * len(places) // (2 * count)] for n in range(count)]


def _verdict(future: Future[ChunkVerdict], place: _Place) -> ChunkVerdict:
    try:
        return future.result()
    except ModelError as error:
        if error.remedy is Remedy.PAUSE:
            raise
        return ChunkVerdict(place.stored.pk, ChunkState.FAILED, error.code)


def _shown(place: _Place, verdict: ChunkVerdict) -> PreviewChunk:
    chunk = place.stored.chunk
    pairs = tuple(_pair(grounded) for grounded in verdict.grounded)
    return PreviewChunk(
        place.document, chunk.heading_path, chunk.page_start, chunk.text, verdict.state, verdict.reason, pairs
    )


def _pair(grounded: Grounded) -> PreviewPair:
    candidate = grounded.candidate
    return PreviewPair(
        question=candidate.question,
        answer=candidate.answer,
        quotes=tuple(span.quote for span in candidate.evidence),
        similar_questions=(*candidate.similar_questions, *(w.text for w in candidate.wordings if not w.negative)),
        verdict=grounded.verdict,
        reasons=grounded.reasons,
    )


def _estimate(tools: Tools, places: Sequence[_Place]) -> Estimate:
    """Rather too much than too little: every chunk is asked about as if none of its replies were there already."""
    wanted = tools.wanted()
    styles = wanted.styles[: tools.settings.similar_per_entry]
    calls, given, answered = 0, 0.0, 0.0
    for place in places:
        if place.work is None:
            continue
        pairs, request = 0.0, place.work.request()
        if request is not None:
            if wanted.small_model:
                # It leaves much out: most sections are asked about twice.
                pairs, times = float(place.work.passages), 1 + wanted.second_pass
            else:
                pairs, times = max(1.0, min(_MOST_PAIRS, tokens_of(place.stored.chunk.text) / _TOKENS_A_PAIR)), 1
            calls += times
            given += times * input_tokens_of(request)
            answered += times * pairs * _PAIR_TOKENS
        if styles:
            pairs += len(place.work.sure)
            calls += 1
            given += _SIMILAR_PROMPT_TOKENS + pairs * _PAIR_TOKENS
            answered += pairs * len(styles) * _WORDING_TOKENS
    used = ChatReply("", Finish.STOP, round(given), round(answered))
    cost = None if tools.price is None else cost_of(tools.price, used)
    return Estimate(calls, used.input_tokens, used.output_tokens, cost)
