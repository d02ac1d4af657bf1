"""Which parts of a chunk no pair rests on yet, and how to cut a chunk that is too long for one call."""

from __future__ import annotations

from collections.abc import Sequence

from kbbuilder.schema import Candidate, Chunk, Span
from kbbuilder.stages.extract.model.lines import Line, lines_of, passages_of
from kbbuilder.stages.extract.section import span_of

_WORTH_ASKING = {"zh": 60, "en": 160}
"""Characters of prose left over from which a second call pays: it costs the prompt again, some 400 tokens."""
_MIN_HALF = 200
"""Characters under which cutting a chunk again helps no service."""


def askable(chunk: Chunk, left: Sequence[Span] = ()) -> int:
    """How many passages there are to ask about in the chunk, or in these spans of it if any are given; a call for a
    chunk that has none is wasted."""
    return sum(not left or any(_touch(line, span) for span in left) for line in passages_of(chunk))


def uncovered(chunk: Chunk, candidates: Sequence[Candidate], *, however_little: bool = False) -> tuple[Span, ...]:
    """The runs of lines that no evidence touches; () when they are together too little for another call.

    Args:
        however_little: they are worth it all the same: the reply was cut off before it came to them.

    Lines that only point elsewhere, announce something, or are code do not count. Cost: O(lines · quotes).
    """
    quotes = [span for candidate in candidates for span in candidate.evidence]
    left = [line for line in passages_of(chunk) if not any(_touch(line, q) for q in quotes)]
    if not however_little and sum(line.end - line.start for line in left) < _WORTH_ASKING[chunk.language]:
        return ()
    spans: list[Span] = []
    before: Line | None = None
    for line in left:
        if before is not None and before.number == line.number - 1:
            spans[-1] = span_of(chunk, spans[-1].start, line.end)
        else:
            spans.append(span_of(chunk, line.start, line.end))
        before = line
    return tuple(spans)


def _touch(line: Line, span: Span) -> bool:
    return line.start < span.end and span.start < line.end


def halves(chunk: Chunk) -> tuple[Chunk, Chunk] | None:
    """The chunk as two with the same text and offsets and each about half of the parts, cut between two lines; None
    when it is one line or short. A half keeps its chunk's id: what is found in it belongs to that chunk.
    """
    lines = lines_of(chunk)
    if len(lines) < 2 or sum(p.end - p.start for p in chunk.parts) < _MIN_HALF:
        return None
    begins = sorted({line.part for line in lines} - {lines[0].part})
    if not begins:
        return None
    middle = (lines[0].start + lines[-1].end) / 2
    cut = min(begins, key=lambda part: abs(chunk.parts[part].start - middle))
    first = chunk.model_copy(update={"parts": chunk.parts[:cut]})
    second = chunk.model_copy(update={"parts": chunk.parts[cut:]})
    return first, second
