"""What a build works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kbbuilder.config import Price, Settings
from kbbuilder.ports import DocumentParser, Embedder, Extractor, TextSplitter
from kbbuilder.schema import Chunk, ParsedDocument
from kbbuilder.services.build.asking import Wanted
from kbbuilder.services.model import ModelDesk
from kbbuilder.stages.chunk import chunk_document
from kbbuilder.store.blobs import Blobs
from kbbuilder.store.database import Database


@dataclass(frozen=True, slots=True)
class Tools:
    """What a build works with."""

    database: Database
    blobs: Blobs
    parser: DocumentParser
    splitter: TextSplitter
    structural: Extractor
    desk: Callable[[], ModelDesk] | None
    """Opens a desk at which a model is asked; None: no model is set up."""
    embedder: Embedder
    settings: Settings
    price: Price | None
    """What the model costs; None: not known."""
    clock: Callable[[], datetime]

    def wanted(self) -> Wanted:
        """What a model is asked for, by the settings."""
        settings = self.settings
        # A small local model takes minutes for wordings of which the checks leave few; the rules' cost nothing.
        styles = "" if settings.llm == "local" and settings.styles == Settings().styles else settings.styles
        return Wanted(
            styles=tuple(style.strip() for style in styles.split(",") if style.strip()),
            similar_per_entry=settings.similar_per_entry,
            second_pass=settings.second_pass,
            round_trip=settings.round_trip,
            judge=settings.judge,
            max_output_tokens=settings.calls.max_output_tokens,
            small_model=settings.llm == "local",
        )

    def chunked(self, document: ParsedDocument) -> tuple[Chunk, ...]:
        """The document cut into chunks of the size set for its language."""
        zh = document.language == "zh"
        max_chars = self.settings.chunk_chars_zh if zh else self.settings.chunk_chars_en
        return chunk_document(document, max_chars=max_chars, splitter=self.splitter)
