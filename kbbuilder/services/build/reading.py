"""What every way of reading an edition shares: its stored chunks with what is known of the document, and the proof."""

from __future__ import annotations

from kbbuilder.errors import KbError
from kbbuilder.ports import Extractor
from kbbuilder.schema import ChunkState, DocumentContext, Extraction, Language
from kbbuilder.stages.extract import context_of
from kbbuilder.stages.ground import ground
from kbbuilder.store import ledger
from kbbuilder.store.database import Connection
from kbbuilder.store.documents import VersionRecord
from kbbuilder.store.ledger import ChunkVerdict, StoredChunk


def chunks_in_context(conn: Connection, record: VersionRecord) -> tuple[tuple[StoredChunk, ...], DocumentContext]:
    """An edition's stored chunks in reading order, and the document's context, which follows from them."""
    chunks = ledger.chunks_of(conn, record.id)
    language: Language = "zh" if record.language == "zh" else "en"
    return chunks, context_of(record.document, record.title, language, [stored.chunk for stored in chunks])


def proved(extraction: Extraction, stored: StoredChunk, context: DocumentContext) -> ChunkVerdict:
    """How a chunk ended that an engine has read, each candidate with its proof."""
    grounded = tuple(ground(candidate, stored.chunk, context) for candidate in extraction.candidates)
    return ChunkVerdict(stored.pk, extraction.state, extraction.reason, grounded)


def read_by_structure(extractor: Extractor, stored: StoredChunk, context: DocumentContext) -> ChunkVerdict:
    """How a chunk ends when an engine reads it that needs no model; an error of its own makes the chunk fail."""
    try:
        extraction = extractor.extract(stored.chunk, context)
    except KbError as error:
        return ChunkVerdict(stored.pk, ChunkState.FAILED, error.code)
    return proved(extraction, stored, context)
