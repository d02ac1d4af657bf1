"""What is asked of the model about one chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kbbuilder.language.text import one_line
from kbbuilder.ports import ChatRequest
from kbbuilder.prompts import defused, fenced, load_prompt
from kbbuilder.schema import Chunk, DocumentContext, Language, Span
from kbbuilder.stages.extract.model.lines import Line, lines_of
from kbbuilder.stages.extract.model.questions import KINDS
from kbbuilder.stages.extract.tables import header_labels

_FIELDS: Mapping[Language, tuple[str, ...]] = {"zh": ("k", "q", "e"), "en": ("e", "k", "q")}
"""The order of a pair's fields: kind of question, question, numbers of the lines that answer it.

Measured on a model of 1.5 billion parameters: English questions are best asked of a line just cited (asked first, they
go in circles); after a citation it copies Chinese lines instead of asking. The kind before the question makes it ask. A
citation that misses is set right afterwards (`relevance.answering`).
"""


def _schema(language: Language) -> Mapping[str, object]:
    forms: dict[str, object] = {
        "e": {"type": "array", "items": {"type": "integer"}},
        "k": {"type": "string", "enum": list(KINDS[language])},
        "q": {"type": "string"},
    }
    order = _FIELDS[language]
    fields = {name: forms[name] for name in order}
    pair = {"type": "object", "properties": fields, "required": list(order), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"pairs": {"type": "array", "items": pair}},
        "required": ["pairs"],
        "additionalProperties": False,
    }


PAIRS_SCHEMA: Mapping[Language, Mapping[str, object]] = MappingProxyType(
    {language: _schema(language) for language in _FIELDS}
)

_BASE_TOKENS, _TOKENS_A_LINE = 120, 50
"""What a reply to so many lines takes, with more than one question a line: a model that goes in circles is stopped there."""
_QUESTIONS_A_LINE = 0.8
"""How many questions are asked for: without a number a small model often stops after the first."""
_MAX_PATH_CHARS = 240
_MAX_TITLE_CHARS = 120

_WORDS: Mapping[Language, tuple[str, str, str]] = {
    "zh": ("产品：", "标题：", "片段（两行等号之间，写大约 {n} 个问题）："),
    "en": ("Product: ", "Heading: ", "Piece (between the lines of equals signs; write about {n} questions):"),
}


def extraction_request(
    chunk: Chunk, context: DocumentContext, *, max_output_tokens: int, left: Sequence[Span] = ()
) -> ChatRequest:
    """The request for a chunk's pairs, in the chunk's language.

    The rules come first and are the same for every chunk of a language, so that a service can cache them; the chunk
    comes last, between fences that it cannot close.

    Args:
        max_output_tokens: less is asked for when the chunk has few lines.
        left: ask only about the lines in these spans; the numbers stay those of the whole chunk.
    """
    product, heading, piece = _WORDS[chunk.language]
    shown = [line for line in lines_of(chunk) if not left or any(_touches(line, span) for span in left)]
    named = [f"{product}{defused(one_line(context.subject))}"] if context.subject else []
    piece = piece.replace("{n}", str(max(1, round(_QUESTIONS_A_LINE * len(shown)))))
    user = "\n".join([*named, f"{heading}{defused(_place(chunk, context))}", piece, fenced(_numbered(chunk, shown))])
    return ChatRequest(
        system=load_prompt("facts", chunk.language).text,
        user=user,
        max_output_tokens=min(max_output_tokens, _BASE_TOKENS + _TOKENS_A_LINE * len(shown)),
        schema=PAIRS_SCHEMA[chunk.language],
    )


def _touches(line: Line, span: Span) -> bool:
    return line.start < span.end and span.start < line.end


def _place(chunk: Chunk, context: DocumentContext) -> str:
    """The document's title and the headings down to the chunk, without repeats, long ones cut."""
    names = [one_line(name) for name in (context.title, *chunk.heading_path)]
    path = " > ".join(name[:_MAX_TITLE_CHARS] for name in dict.fromkeys(names) if name)
    return path if len(path) <= _MAX_PATH_CHARS else f"{path[:60]} … {path[-(_MAX_PATH_CHARS - 63) :]}"


def _numbered(chunk: Chunk, shown: Sequence[Line]) -> str:
    """A line each with its number; above the rows of a table its column labels."""
    written: list[str] = []
    before = -1
    for line in shown:
        part = chunk.parts[line.part]
        if line.row is None:
            text = chunk.text[line.start : line.end]
        else:
            if line.part != before:
                written.append(_cells(header_labels(part.element)))
            text = _cells(line.row)
        written.append(f"[{line.number}] {text}")
        before = line.part
    return "\n".join(written)


def _cells(cells: Sequence[str]) -> str:
    return " | ".join(one_line(cell) for cell in cells)
