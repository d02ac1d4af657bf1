"""From what a model wrote to candidates: the quotes found in the chunk, the answer in the source's own words where the
model's words are not borne out, and questions that name what they are about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from kbbuilder.language.facts import missing_facts, unshared_facts
from kbbuilder.language.headings import bare_heading
from kbbuilder.language.polarity import negation_count, polarity_conflict
from kbbuilder.language.text import fold, has_cjk, one_line
from kbbuilder.language.tokens import search_tokens, telling_share
from kbbuilder.schema import Candidate, Chunk, DocumentContext, ElementKind, Span
from kbbuilder.stages.extract.model.align import align
from kbbuilder.stages.extract.model.lines import Line, lines_of, passages_of, row_answer, with_lists
from kbbuilder.stages.extract.model.questions import asked, kind_of
from kbbuilder.stages.extract.model.relevance import answering, content_words, strayed
from kbbuilder.stages.extract.model.reply import RawPair, RawPairs
from kbbuilder.stages.extract.section import span_of

MIN_SHARE = 0.75
"""Share of an answer's content tokens that its lines must have for it to stand in the model's words."""

SAME_QUESTION = 0.75
"""Share of the shorter one's words from which two questions about the same lines are one."""

_AT_LARGE = 3
"""So many questions that all cite the same lines, so many of them: the model cites the section, not the answer."""

_VERBATIM_SCORE = 0.7
_OWN_WORDS_SCORE = 0.6
_PIECE = re.compile(r"(?<=[。！？!?；;])|(?<=[.])\s|\n")
_MIN_PIECE = 4
_LONE_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)、](?!\d))\s+")
"""The mark of the only list item of an answer."""


def candidates_of(raw: RawPairs, chunk: Chunk, context: DocumentContext) -> tuple[Candidate, ...]:
    """The candidates of a reply, in its order.

    An answer whose words stand in the chunk becomes the whole lines it was taken from, with what belongs to them. One
    in other words keeps them if the lines bear them out; else the lines speak. A pair of which nothing is found in the
    chunk keeps its words with a quote that is not there, so that the proof drops it by name. A question asked twice in
    nearly the same words about the same lines becomes a similar question of the first.

    Cost: some 5 ms a pair.
    """
    found: list[Candidate] = []
    cited = Counter(pair.lines for pair in raw.pairs)
    for pair in raw.pairs:
        at_large = len(pair.lines) >= _AT_LARGE and cited[pair.lines] >= _AT_LARGE
        candidate = _candidate(pair, chunk, context, at_large)
        twin = next((i for i, other in enumerate(found) if _same(other, candidate)), None)
        if twin is None:
            found.append(candidate)
        else:
            similar = (*found[twin].similar_questions, candidate.question)
            found[twin] = found[twin].model_copy(update={"similar_questions": tuple(dict.fromkeys(similar))})
    return tuple(found)


def _candidate(pair: RawPair, chunk: Chunk, context: DocumentContext, at_large: bool) -> Candidate:
    question = asked(pair.question, chunk, context, of_passage=pair.passage > 0)
    spans, wholly = _found(pair, chunk)
    lines = _touched(lines_of(chunk), spans)
    if pair.passage:
        lines = strayed(question, lines, chunk)
    elif not pair.answer:
        lines = answering(question, lines, chunk, at_large=at_large)
    lines = with_lists(chunk, lines)
    evidence = _evidence(chunk, lines) or tuple(spans)
    own = pair.answer if not wholly and _borne_out(pair.answer, evidence, chunk, context) else ""
    if not evidence:
        words = pair.answer or next(iter(pair.quotes), "") or pair.question
        after = len(chunk.text)  # where no word of the chunk stands
        evidence = (Span(start=after, end=after + len(words), quote=words),)
        own = words
    tag = bare_heading(chunk.heading_path[-1]) if chunk.heading_path else ""
    return Candidate(
        question=question or "?",
        answer=own or _answer(chunk, lines, question) or "\n\n".join(span.quote for span in evidence),
        kind=kind_of(question),
        language=chunk.language,
        evidence=evidence,
        score=min(_OWN_WORDS_SCORE if own else _VERBATIM_SCORE, pair.probability),
        tags=(tag,) if tag else (),
    )


# -- what the pair rests on -----------------------------------------------------------------------------------


def _found(pair: RawPair, chunk: Chunk) -> tuple[list[Span], bool]:
    """The spans a pair rests on, and whether they are the answer as the model gave it (or it gave none)."""
    spans = [_span(chunk, line) for line in lines_of(chunk) if line.number in pair.lines]
    spans += [_span(chunk, line) for line in passages_of(chunk)[pair.passage - 1 : pair.passage] if pair.passage]
    spans += [span for quote in pair.quotes if (span := _aligned(quote, chunk)) is not None]
    if not pair.answer:
        return spans, True
    whole = _aligned(pair.answer, chunk)
    if whole is not None:
        return [*spans, whole], True
    pieces = [piece.strip() for piece in _PIECE.split(pair.answer) if len(fold(piece)) >= _MIN_PIECE]
    aligned = [span for piece in pieces if (span := _aligned(piece, chunk)) is not None]
    return spans + aligned, bool(aligned) and len(aligned) == len(pieces)


def _aligned(quote: str, chunk: Chunk) -> Span | None:
    """Where a quote stands in the chunk's body; a heading is no answer."""
    span = align(quote, chunk.text)
    if span is None:
        return None
    headings = (p for p in chunk.parts if p.element.kind is ElementKind.HEADING)
    return None if any(p.start <= span.start and span.end <= p.end for p in headings) else span


def _touched(lines: Sequence[Line], spans: Sequence[Span]) -> tuple[Line, ...]:
    """The lines the spans lie on; one that a long span only grazes is not meant."""
    return tuple(
        line
        for line in lines
        if any(_overlap(line, span) >= min(line.end - line.start, span.end - span.start) / 3 for span in spans)
    )


def _overlap(line: Line, span: Span) -> int:
    return min(line.end, span.end) - max(line.start, span.start)


def _span(chunk: Chunk, line: Line) -> Span:
    return span_of(chunk, line.start, line.end)


def _evidence(chunk: Chunk, lines: Sequence[Line]) -> tuple[Span, ...]:
    """One span a run of neighbouring lines."""
    return tuple(span_of(chunk, run[0].start, run[-1].end) for run in _runs(lines))


def _runs(lines: Iterable[Line]) -> list[list[Line]]:
    runs: list[list[Line]] = []
    for line in lines:
        if runs and runs[-1][-1].number == line.number - 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _of_one_kind(run: Sequence[Line]) -> Iterator[list[Line]]:
    """A run cut where prose meets a table, or one table another."""
    yield from (list(part) for _, part in groupby(run, key=lambda line: line.part if line.row is not None else -1))


# -- the answer -------------------------------------------------------------------------------------------


def _answer(chunk: Chunk, lines: Sequence[Line], question: str) -> str:
    """The lines as an answer: as they stand; a row of a table with its labels, several rows as the table."""
    blocks: list[str] = []
    for run in (part for neighbours in _runs(lines) for part in _of_one_kind(neighbours)):
        if run[0].row is None:
            blocks.append(chunk.text[run[0].start : run[-1].end].strip())
        elif len(run) == 1:
            blocks.append(row_answer(chunk, run[0], question))
        else:
            head = chunk.parts[run[0].part].element.text.split("\n")[:2]
            blocks.append("\n".join([*head, chunk.text[run[0].start : run[-1].end]]))
    return _LONE_MARK.sub("", blocks[0]) if len(blocks) == 1 and "\n" not in blocks[0] else "\n\n".join(blocks)


def _borne_out(answer: str, evidence: Sequence[Span], chunk: Chunk, context: DocumentContext) -> bool:
    """Whether the lines say what an answer in the model's words says, as far as words can tell."""
    if not answer or not evidence:
        return False
    quotes = "\n".join(span.quote for span in evidence)
    source = "\n".join((quotes, *chunk.heading_path, context.title, context.subject))
    known = frozenset(search_tokens(source))
    tokens = content_words(answer)
    share = sum(token in known for token in tokens) / len(tokens) if tokens else 0.0
    return share >= MIN_SHARE and not missing_facts(answer, source) and negation_count(answer) == negation_count(quotes)


# -- the question asked twice -----------------------------------------------------------------------------


def _same(one: Candidate, other: Candidate) -> bool:
    if one.evidence != other.evidence or fold(one_line(one.answer)) != fold(one_line(other.answer)):
        return False
    if unshared_facts(one.question, other.question) or polarity_conflict(one.question, other.question):
        return False
    ours, theirs = _in_order(one.question), _in_order(other.question)
    shared = set(ours) & set(theirs)
    if [word for word in ours if word in shared] != [word for word in theirs if word in shared]:
        return False  # "A to B" is not "B to A"
    return len(shared) >= SAME_QUESTION * min(len(ours), len(theirs)) and not _other_matter(
        one.question, other.question
    )


def _other_matter(ours: str, theirs: str) -> bool:
    """Whether one question names a thing the other does not ("the author of the guide" is not "the guide"): a word, or
    more than one Chinese character."""
    lone = [t for t in set(search_tokens(ours)) ^ set(search_tokens(theirs)) if telling_share(t) == 1.0]
    return sum(len(t) == 1 and has_cjk(t) for t in lone) > 1 or any(not has_cjk(t) for t in lone)


def _in_order(question: str) -> list[str]:
    words = content_words(question)
    return [word for word in dict.fromkeys(search_tokens(question)) if word in words]
