"""What a pair costs in input tokens: a chunk of 1,500 tokens, eight pairs, similar questions besides."""

from __future__ import annotations

import pytest

from kbbuilder.schema import (
    Candidate,
    Chunk,
    ChunkKind,
    ChunkPart,
    DocumentContext,
    Element,
    ElementKind,
    Language,
    PairKind,
    Span,
)
from kbbuilder.services.model import input_tokens_of, tokens_of
from kbbuilder.stages.expand.model import similar_request
from kbbuilder.stages.extract.model import extraction_request

PAIRS = 8
_LONG: dict[Language, tuple[str, str]] = {
    "en": (
        "Part {n} of the Lark K3 is checked by hand once a quarter, by a technician who has seen the machine before, and"
        " replaced as soon as its surface shows more than a trace of wear. ",
        "How often is part {n} of the Lark K3 checked?",
    ),
    "zh": (
        "云雀 K3 的第 {n} 个部件每季度由熟悉这台机器的专人检查一次，一旦表面出现明显的磨损，就应当立即更换。",
        "云雀 K3 的第 {n} 个部件多久检查一次？",
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pair_costs_250_input_tokens_at_most_and_under_350_with_its_similar_questions(language: Language) -> None:
    told, asked = _LONG[language]
    parts, at, text = [], 0, ""
    for number in range(PAIRS):
        paragraph = told.format(n=number + 1)
        while tokens_of(paragraph) < 1500 / PAIRS:
            paragraph += told.format(n=number + 1)
        text += paragraph
        element = Element(kind=ElementKind.PARAGRAPH, text=paragraph)
        parts.append(ChunkPart(element=element, start=at, end=at + len(paragraph)))
        text += "\n\n"
        at = len(text)
    chunk = Chunk(
        id="c", ordinal=0, kind=ChunkKind.SECTION, text=text.rstrip(), heading_path=("K3", "Parts"), parts=tuple(parts),
        language=language,
    )  # fmt: skip
    assert 1450 <= tokens_of(chunk.text) <= 1750
    context = DocumentContext(name="k3.md", title="K3", language=language, outline=(("K3", "Parts"),) * 200)
    extraction = input_tokens_of(extraction_request(chunk, context, max_output_tokens=2400))
    assert extraction / PAIRS <= 250
    pairs = [
        Candidate(
            question=asked.format(n=number), answer="…", kind=PairKind.TOPIC, language=language,
            evidence=(Span(start=0, end=1, quote=text[0]),),
        )
        for number in range(PAIRS)
    ]  # fmt: skip
    styles = ("colloquial", "formal", "keyword", "situation", "typo")
    similar = input_tokens_of(similar_request(pairs, styles, 6, language, max_output_tokens=2400))
    assert (extraction + similar) / PAIRS < 350
