"""What is asked of the model about one chunk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.json_schema import strict_object
from kbbuilder.language.text import one_line
from kbbuilder.ports import ChatRequest
from kbbuilder.prompts import defused, fenced, load_prompt
from kbbuilder.schema import Chunk, DocumentContext, Language, Span
from kbbuilder.stages.extract.model.lines import Line, lines_of, passages_of
from kbbuilder.stages.extract.tables import header_labels

_FIELDS: Mapping[Language, tuple[str, str]] = {"zh": ("q", "e"), "en": ("e", "q")}
"""The order of a pair's fields: the question, the numbers of the lines that answer it. After a citation small models
copy Chinese lines instead of asking; English questions asked first go in circles. A citation that misses is set right
afterwards (`relevance.answering`)."""


def _schema(language: Language) -> Mapping[str, object]:
    forms: Mapping[str, object] = {
        "e": {"type": "array", "items": {"type": "integer"}},
        "q": {"type": "string"},
    }
    order = _FIELDS[language]
    pair = strict_object({name: forms[name] for name in order})
    return strict_object({"pairs": {"type": "array", "items": pair}})


PAIRS_SCHEMA: Mapping[Language, Mapping[str, object]] = MappingProxyType(
    {language: _schema(language) for language in _FIELDS}
)

_BASE_TOKENS, _TOKENS_A_LINE = 120, 50
"""What a reply to so many lines takes, with more than one question a line: a model that goes in circles is stopped there."""
_CHAR = r"[^。；;！？?\"\\\n"
_FREE: Mapping[Language, Mapping[str, object]] = {
    "zh": {"type": "string", "maxLength": 60},
    "en": {"type": "string", "maxLength": 160},
}
_HELD: Mapping[Language, Mapping[str, object]] = {
    "zh": {
        "type": "string",
        "pattern": f"^(|{_CHAR}，]{{0,32}}(什么|如何|怎么|怎样|哪|多少|多久|多大|为何){_CHAR}]{{0,30}}？"
        f"|{_CHAR}，]{{0,24}}(是否|能否){_CHAR}]{{2,30}}？)$",
    },
    "en": _FREE["en"],
}
"""A question for a passage, or none, when first asked and when asked again. A small model that has copied one Chinese
passage copies all that follow; asked again it is held to an early question word, which stands first in English anyway.
Held from the start it asks less naturally."""
_MAX_PATH_CHARS = 240
_MAX_TITLE_CHARS = 120

_PRODUCT: Mapping[Language, str] = {"zh": "产品：", "en": "Product: "}
_PASSAGE_MARK: Mapping[Language, str] = {"zh": "A{n}：", "en": "A{n}: "}


def extraction_request(
    chunk: Chunk,
    context: DocumentContext,
    *,
    max_output_tokens: int,
    left: Sequence[Span] = (),
    again: bool = False,
    each_passage: bool = False,
) -> ChatRequest:
    """The request for a chunk's pairs, in the chunk's language.

    The rules come first and are the same for every chunk of a language, so that a service can cache them; the chunk
    comes last, between fences that it cannot close.

    Args:
        max_output_tokens: less is asked for when the chunk has few lines.
        left: ask only about the lines in these spans; the numbers stay those of the whole chunk.
        again: the model has been asked about these lines before and has left them out.
        each_passage: ask for the question of every passage instead of for pairs. A model of few billion parameters that
            must choose what to ask and what answers it goes in circles, cites beside the point, and copies Chinese;
            bound to one field a passage it does not. The schema then differs from chunk to chunk, which a service
            compiles anew each time, and a local model does not notice.
    """
    lines = [line for line in lines_of(chunk) if not left or any(_touches(line, span) for span in left)]
    if each_passage:
        numbers = {line: number for number, line in enumerate(passages_of(chunk), 1) if line in lines}
        mark = _PASSAGE_MARK[chunk.language]
        body = _marked(chunk, lines, lambda line: mark.format(n=numbers[line]) if line in numbers else "")
        form = (_HELD if again else _FREE)[chunk.language]
        prompt, schema = "passages", strict_object({f"Q{number}": form for number in numbers.values()})
    else:
        body = _marked(chunk, lines, lambda line: f"{line.number} ")
        prompt, schema = "facts", PAIRS_SCHEMA[chunk.language]
    named = [f"{_PRODUCT[chunk.language]}{defused(one_line(context.subject))}"] if context.subject else []
    return ChatRequest(
        system=load_prompt(prompt, chunk.language).text,
        user="\n".join([*named, defused(_place(chunk, context)), fenced(body)]),
        max_output_tokens=min(max_output_tokens, _BASE_TOKENS + _TOKENS_A_LINE * len(lines)),
        schema=schema,
        doubts=each_passage,
    )


def _touches(line: Line, span: Span) -> bool:
    return line.start < span.end and span.start < line.end


def _place(chunk: Chunk, context: DocumentContext) -> str:
    """The document's title and the headings down to the chunk, without numbers and repeats, long ones cut."""
    names = [bare_heading(one_line(name)) for name in (context.title, *chunk.heading_path)]
    path = " > ".join(name[:_MAX_TITLE_CHARS] for name in dict.fromkeys(names) if name)
    return path if len(path) <= _MAX_PATH_CHARS else f"{path[:60]} … {path[-(_MAX_PATH_CHARS - 63) :]}"


def _marked(chunk: Chunk, lines: Sequence[Line], mark: Callable[[Line], str]) -> str:
    """The lines, each behind its mark; above the rows of a table its column labels."""
    written: list[str] = []
    before = -1
    for line in lines:
        part = chunk.parts[line.part]
        if line.row is None:
            text = chunk.text[line.start : line.end]
        else:
            if line.part != before:
                written.append(_cells(header_labels(part.element)))
            text = _cells(line.row)
        written.append(f"{mark(line)}{text}")
        before = line.part
    return "\n".join(written)


def _cells(cells: Sequence[str]) -> str:
    return " | ".join(one_line(cell) for cell in cells)
