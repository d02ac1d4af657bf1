"""The optional second look: the model answers or judges a chunk's pairs once more. It flags, and rescues nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from kbbuilder.errors import ReplyUnusable
from kbbuilder.ports import ChatReply, ChatRequest
from kbbuilder.schema import Chunk, Grounded, Verdict
from kbbuilder.services.model import Asker
from kbbuilder.stages.ground import (
    Finding,
    flagged,
    judge_request,
    judged,
    read_answers,
    read_verdicts,
    round_trip,
    round_trip_request,
)

T = TypeVar("T")

_UNREAD = Finding("not_looked_at_again", "")


async def second_look(
    asker: Asker, proved: Sequence[Grounded], chunk: Chunk, *, answer: bool, judge: bool, max_output_tokens: int
) -> list[Grounded]:
    """The pairs with what the model, asked again, holds against them.

    Args:
        answer: have each question answered anew from the chunk alone, and compare.
        judge: have each pair judged.

    Raises:
        ModelError: the model could not be asked. A reply that cannot be read flags the pairs instead.
    """
    looked = list(proved)
    standing = [number for number, g in enumerate(looked) if g.verdict is not Verdict.DROPPED]
    pairs = [looked[number].candidate for number in standing]
    if not standing:
        return looked
    if answer:
        request = round_trip_request(pairs, chunk, max_output_tokens=max_output_tokens)
        answers = await _read(asker, request, "round_trip", lambda r: read_answers(r.text, r.finish, len(pairs)))
        for n, number in enumerate(standing):
            found = _UNREAD if n not in answers else round_trip(pairs[n], answers[n])
            looked[number] = flagged(looked[number], found)
    if judge:
        request = judge_request(pairs, chunk.language, max_output_tokens=max_output_tokens)
        verdicts = await _read(asker, request, "judge", lambda r: read_verdicts(r.text, r.finish, len(pairs)))
        for n, number in enumerate(standing):
            found = _UNREAD if n not in verdicts else judged(verdicts[n])
            looked[number] = flagged(looked[number], found)
    return looked


async def _read(
    asker: Asker, request: ChatRequest, purpose: str, read: Callable[[ChatReply], Mapping[int, T]]
) -> Mapping[int, T]:
    try:
        return read(await asker.ask(request, purpose))
    except ReplyUnusable:
        return {}
