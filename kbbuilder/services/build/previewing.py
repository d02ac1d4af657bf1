"""A look before the whole run: what some chunks give, and what all of them would cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from kbbuilder.errors import ModelError, Remedy, document_error
from kbbuilder.ports import ChatReply, Finish
from kbbuilder.schema import ChunkKind, ChunkState, DocumentContext, Grounded, Language, Verdict
from kbbuilder.services.build.asking import ENGINE, NEEDS_NO_MODEL, read_chunk
from kbbuilder.services.build.report import Progress
from kbbuilder.services.build.tools import Tools
from kbbuilder.services.model import Asker, Estimate, Spent, cost_of, input_tokens_of, tokens_of
from kbbuilder.stages.extract import context_of
from kbbuilder.stages.extract.model import extraction_request
from kbbuilder.stages.ground import ground
from kbbuilder.store import documents, ledger
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
    document: str
    version_id: int
    engine: str
    stored: StoredChunk
    context: DocumentContext


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
    by_structure = [_shown(place, _structural(tools, place)) for place in chosen if place.engine != ENGINE]
    asked = [place for place in chosen if place.engine == ENGINE]
    spent = Spent()
    if asked and tools.desk is not None:
        wanted = tools.wanted()
        with tools.desk() as desk:
            running: dict[Future[ChunkVerdict], _Place] = {}
            for place in asked:

                async def work(asker: Asker, place: _Place = place) -> ChunkVerdict:
                    return await read_chunk(asker, place.stored, place.context, wanted)

                running[desk.submit(work, place.version_id)] = place
            left = set(running)
            while left:
                if progress is not None:
                    progress(Progress(asked[0].document, "extract", len(asked) - len(left), len(asked), 0, 1))
                left -= wait(left, timeout=_POLL_S, return_when=FIRST_COMPLETED).done
            by_structure += [_shown(place, _verdict(future, place)) for future, place in running.items()]
            spent = desk.spent
    order = {id(place.stored): number for number, place in enumerate(chosen)}
    shown = sorted(by_structure, key=lambda pair: order[id(pair[0].stored)])
    engine = ENGINE if asked else "structural"
    return Preview(engine, tuple(chunk for _, chunk in shown), spent, _estimate(tools, places))


def estimate(tools: Tools, version_ids: Sequence[int]) -> Estimate:
    """What asking about all chunks of these editions will need, replies that are there already left out of account."""
    return _estimate(tools, _places(tools, version_ids))


def _places(tools: Tools, version_ids: Sequence[int]) -> list[_Place]:
    """The chunks of these editions that an engine has to read; where a model reads, those that need none are out."""
    places = []
    with tools.database.read() as conn:
        records = documents.versions(conn, list(version_ids))
    for record in records.values():
        chunks, context = _chunks(tools, record)
        for stored in chunks:
            if stored.chunk.kind is not ChunkKind.SECTION:
                continue
            place = _Place(record.document, record.id, record.engine, stored, context)
            if record.engine != ENGINE or _structural(tools, place).state not in NEEDS_NO_MODEL:
                places.append(place)
    return places


def _chunks(tools: Tools, record: VersionRecord) -> tuple[Sequence[StoredChunk], DocumentContext]:
    """An edition's chunks: those in the store, else cut now, for this look only.

    Raises:
        DocumentError: the document cannot be read.
    """
    with tools.database.read() as conn:
        stored = ledger.chunks_of(conn, record.id)
    if stored:
        language: Language = "zh" if record.language == "zh" else "en"
        return stored, context_of(record.document, record.title, language, [s.chunk for s in stored])
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


def _structural(tools: Tools, place: _Place) -> ChunkVerdict:
    chunk = place.stored.chunk
    extraction = tools.structural.extract(chunk, place.context)
    proved = tuple(ground(c, chunk, place.context) for c in extraction.candidates)
    return ChunkVerdict(place.stored.pk, extraction.state, extraction.reason, proved)


def _verdict(future: Future[ChunkVerdict], place: _Place) -> ChunkVerdict:
    try:
        return future.result()
    except ModelError as error:
        if error.remedy is Remedy.PAUSE:
            raise
        return ChunkVerdict(place.stored.pk, ChunkState.FAILED, error.code)


def _shown(place: _Place, verdict: ChunkVerdict) -> tuple[_Place, PreviewChunk]:
    chunk = place.stored.chunk
    pairs = tuple(_pair(grounded) for grounded in verdict.grounded)
    return place, PreviewChunk(
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
    limit, per_entry = tools.settings.calls.max_output_tokens, tools.settings.similar_per_entry
    styles = tools.wanted().styles[:per_entry]
    calls, given, answered = 0, 0.0, 0.0
    for place in places:
        if place.engine != ENGINE:
            continue
        request = extraction_request(place.stored.chunk, place.context, max_output_tokens=limit)
        pairs = max(1.0, min(_MOST_PAIRS, tokens_of(place.stored.chunk.text) / _TOKENS_A_PAIR))
        calls += 1
        given += input_tokens_of(request)
        answered += pairs * _PAIR_TOKENS
        if styles:
            calls += 1
            given += _SIMILAR_PROMPT_TOKENS + pairs * _PAIR_TOKENS
            answered += pairs * len(styles) * _WORDING_TOKENS
    used = ChatReply("", Finish.STOP, round(given), round(answered))
    cost = None if tools.price is None else cost_of(tools.price, used)
    return Estimate(calls, used.input_tokens, used.output_tokens, cost)
