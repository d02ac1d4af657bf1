"""Text fed to the structural engine as a file feeds it: read, marked, cut and asked about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kbbuilder.bootstrap import reader_for
from kbbuilder.schema import Candidate, Chunk, DocumentContext, Extraction
from kbbuilder.stages.chunk import chunk_document
from kbbuilder.stages.extract import StructuralExtractor, context_of
from kbbuilder.stages.parse.gate import HTML, MARKDOWN
from kbbuilder.stages.parse.mark import finish


class Whole:
    """A splitter that leaves sections whole."""

    def split(self, text: str, max_chars: int) -> list[str]:
        return [text]


def chunks_of(folder: Path, text: str, name: str = "doc.md") -> tuple[Sequence[Chunk], DocumentContext]:
    """The chunks of a file with this text, Markdown or by its name HTML, and what is known of the document."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    document = finish(reader_for(HTML if path.suffix == ".html" else MARKDOWN).read(path, name))
    chunks = chunk_document(document, max_chars=3000, splitter=Whole())
    return chunks, context_of(name, document.title, document.language, chunks)


def extractions(folder: Path, text: str, name: str = "doc.md") -> list[Extraction]:
    chunks, context = chunks_of(folder, text, name)
    return [StructuralExtractor().extract(chunk, context) for chunk in chunks]


def pairs(folder: Path, text: str, name: str = "doc.md") -> dict[str, Candidate]:
    """The pairs by their questions, in order."""
    found = [pair for extraction in extractions(folder, text, name) for pair in extraction.candidates]
    return {pair.question: pair for pair in found}
