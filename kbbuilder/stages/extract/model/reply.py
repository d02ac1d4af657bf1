"""A model's reply read as pairs, with as little demanded of its form as can be understood for certain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kbbuilder.errors import ReplyUnusable
from kbbuilder.language.json_values import json_values
from kbbuilder.language.text import clean, fold, one_line
from kbbuilder.ports import Doubt, Finish

_QUESTION = ("q", "question", "Q", "问题", "问")
_ANSWER = ("a", "answer", "A", "答案", "答")
_EVIDENCE = ("e", "evidence", "quotes", "quote", "lines", "证据", "引文", "编号")
_RANGE = re.compile(r"\[?\s*(\d{1,5})\s*\]?(?:\s*[-–—~至]\s*\[?\s*(\d{1,5})\s*\]?)?")
_MAX_RANGE = 200
_PASSAGE = re.compile(r"Q\s?(\d{1,4})")
_WHOLE_FIELD = re.compile(r'"Q\s?(\d{1,4})"\s*:\s*("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")')
_LOOP = 3
"""So many repeats at the end of a cut-off reply are a model going in circles: it had nothing more to say."""


@dataclass(frozen=True, slots=True)
class RawPair:
    """What a model wrote for one pair. It rests on lines of the chunk, on quotes, or (then it will be dropped) on
    neither; an empty answer means that the lines themselves are the answer."""

    question: str
    answer: str = ""
    lines: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()
    passage: int = 0
    """The passage whose question it was asked to be, counted from 1; 0: the model chose what to ask about."""
    probability: float = 1.0
    """Of the least probable token of a passage's question, where the model gave it less than a half."""


@dataclass(frozen=True, slots=True)
class RawPairs:
    """The pairs of a reply in its order, repeated questions left out. `complete` is False when the reply was cut off
    and more may have followed; `note` says what was left out or lost."""

    pairs: tuple[RawPair, ...]
    complete: bool = True
    note: str = ""


def read_pairs(text: str, finish: Finish, doubts: Sequence[Doubt] = ()) -> RawPairs:
    """The pairs of a reply.

    Understood are objects and arrays of them, alone or within others, with short or spelled-out keys, and whatever
    `json_values` takes for JSON. Of a cut-off reply the whole pairs are kept.

    Raises:
        ReplyUnusable: the reply ended by itself and holds neither a pair nor an empty list of pairs.

    Cost: O(characters).
    """
    written: list[RawPair] = []
    lists = 0
    for value in json_values(text):
        lists += isinstance(value, list) or (isinstance(value, dict) and _holds_questions(value))
        written += _pairs_in(value)
    cut = finish is Finish.LENGTH
    if cut and not written:
        written = [_of_passage(match[1], json.loads(match[2])) for match in _WHOLE_FIELD.finditer(text)]
    distinct = _distinct(_of_one_passage(written))
    if not distinct and not lists and not cut:
        raise ReplyUnusable(f"no question-answer pairs in the reply: “{one_line(text)[:120]}”")
    repeats = len(written) - len(distinct)
    looped = (
        cut and repeats >= _LOOP and not _distinct(written[-_LOOP:], seen={fold(p.question) for p in written[:-_LOOP]})
    )
    notes = [f"{repeats} repeated"] if repeats else []
    if cut:
        notes.append("cut off while repeating itself" if looped else "cut off")
    return RawPairs(_weighed(distinct, text, doubts), complete=not cut or looped, note=", ".join(notes))


def _weighed(pairs: Sequence[RawPair], text: str, doubts: Sequence[Doubt]) -> tuple[RawPair, ...]:
    """The pairs, those of passages with the probability of their questions' least probable token."""
    least: dict[int, float] = {}
    for field in _WHOLE_FIELD.finditer(text) if doubts else ():
        within = [doubt.probability for doubt in doubts if field.start(2) < doubt.at < field.end(2) - 1]
        least[int(field[1])] = min(within, default=1.0)
    return tuple(replace(pair, probability=least.get(pair.passage, 1.0)) for pair in pairs)


def _holds_questions(value: Mapping[str, object]) -> bool:
    return any(isinstance(held, list) or _PASSAGE.fullmatch(name) for name, held in value.items())


def _of_one_passage(pairs: list[RawPair]) -> list[RawPair]:
    """Without the questions written for several passages: such a question is the section's, and no passage answers it."""
    passages: dict[str, set[int]] = {}
    for pair in pairs:
        passages.setdefault(fold(pair.question), set()).add(pair.passage)
    return [pair for pair in pairs if not pair.passage or len(passages[fold(pair.question)]) == 1]


def _of_passage(number: str, question: str) -> RawPair:
    return RawPair(one_line(question), passage=int(number))


def _distinct(pairs: list[RawPair], seen: set[str] | None = None) -> list[RawPair]:
    asked = set(seen or ())
    kept = []
    for pair in pairs:
        key = fold(pair.question)
        if key and key not in asked:
            asked.add(key)
            kept.append(pair)
    return kept


def _pairs_in(value: object) -> Iterator[RawPair]:
    """The pairs of a JSON value, however deep; the decoder has bounded the depth."""
    if isinstance(value, list):
        row = _row(value)
        if row is not None:
            yield row
            return
        for item in value:
            yield from _pairs_in(item)
    elif isinstance(value, dict):
        question = _first(value, _QUESTION)
        if isinstance(question, str):
            yield _pair(question, _first(value, _ANSWER), _first(value, _EVIDENCE))
            return
        for name, item in value.items():
            if isinstance(item, str) and (match := _PASSAGE.fullmatch(name)):
                yield _of_passage(match[1], item)
            else:
                yield from _pairs_in(item)


def _row(value: list[object]) -> RawPair | None:
    """[question, answer, evidence…], as some models write compact rows."""
    if len(value) < 3 or not isinstance(value[0], str) or not isinstance(value[1], str):
        return None
    if not isinstance(value[2], list) and len(value) > 3:
        return None
    return _pair(value[0], value[1], value[2])


def _first(value: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((value[name] for name in names if name in value), None)


def _pair(question: str, answer: object, evidence: object) -> RawPair:
    lines: list[int] = []
    quotes: list[str] = []
    for item in evidence if isinstance(evidence, list) else [evidence]:
        cited = _cited(item)
        lines += cited
        if not cited and isinstance(item, str) and item.strip():
            quotes.append(clean(item))
        elif isinstance(item, dict) and isinstance(quote := _first(item, (*_EVIDENCE, "text")), str):
            quotes.append(clean(quote))
    return RawPair(
        question=one_line(question),
        answer=clean(answer) if isinstance(answer, str) else "",
        lines=tuple(dict.fromkeys(lines)),
        quotes=tuple(dict.fromkeys(quotes)),
    )


def _cited(item: object) -> list[int]:
    """The line numbers of one citation: 3, "3", "[3]", "3-5", "3,4", [3, 5]."""
    if isinstance(item, bool):
        return []
    if isinstance(item, int):
        return [item]
    if isinstance(item, list):
        return [number for inner in item for number in _cited(inner)]
    if not isinstance(item, str):
        return []
    numbers: list[int] = []
    for piece in re.split(r"[,，、;；\s]+(?=[\[\d])", item.strip()):
        match = _RANGE.fullmatch(piece)
        if match is None:
            return []
        first, last = int(match[1]), int(match[2] or match[1])
        numbers += range(first, min(last, first + _MAX_RANGE) + 1)
    return numbers
