"""An answer that stands on text recognised unsurely is flagged, never dropped."""

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
    PairKind,
    Span,
    Verdict,
)
from kbbuilder.stages.ground import ground

FIRST, SECOND = "Hold the reset button for ten seconds.", "The warranty is valid for two years."


@pytest.mark.parametrize(
    ("first", "second", "flagged"),
    [(0.79, None, True), (0.8, None, False), (None, 0.5, False), (None, None, False)],
)
def test_only_the_lines_the_answer_stands_on_count(first: float | None, second: float | None, flagged: bool) -> None:
    parts = (
        ChunkPart(
            element=Element(kind=ElementKind.PARAGRAPH, text=FIRST, confidence=first), start=0, end=len(FIRST)
        ),
        ChunkPart(
            element=Element(kind=ElementKind.PARAGRAPH, text=SECOND, confidence=second),
            start=len(FIRST) + 2, end=len(FIRST) + 2 + len(SECOND),
        ),
    )  # fmt: skip
    chunk = Chunk(
        id="c", ordinal=0, kind=ChunkKind.SECTION, text=f"{FIRST}\n\n{SECOND}", heading_path=("Reset",), parts=parts, language="en"
    )  # fmt: skip
    candidate = Candidate(
        question="How do I reset it to factory settings?", answer=FIRST, kind=PairKind.EXPLICIT, language="en",
        evidence=(Span(start=0, end=len(FIRST), quote=FIRST),),
    )  # fmt: skip
    grounded = ground(candidate, chunk, DocumentContext(name="a.pdf", title="Router", language="en"))
    assert ("low_confidence_text" in grounded.reasons) is flagged
    assert grounded.verdict is not Verdict.DROPPED
