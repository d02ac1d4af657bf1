"""What is slow, paid, random or replaceable, as protocols. Adapters fulfil them; tests fake only these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kbbuilder.schema import Chunk, DocumentContext, Extraction, ParsedDocument, ParseOutcome


class DocumentReader(Protocol):
    """Reads one file format in the current process. Called inside the fence only."""

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document at `path`; `name` is its display name.

        Raises:
            DocumentError: the file cannot be read; the subclass says why.
        """
        ...


class DocumentParser(Protocol):
    """Turns a stored file into an outcome; never raises for what is in the file."""

    def parse(self, path: Path, name: str) -> ParseOutcome: ...


class TextSplitter(Protocol):
    """Cuts long prose at sentence ends."""

    def split(self, text: str, max_chars: int) -> list[str]:
        """Pieces that concatenate, in order and up to white space at the seams, to `text`."""
        ...


class Extractor(Protocol):
    """Finds question-answer pairs in a chunk (the structural engine, or a model)."""

    name: str

    def extract(self, chunk: Chunk, document: DocumentContext) -> Extraction: ...


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to a model. Everything that decides the reply is in here, besides the model itself.

    `system` is the same for all chunks of a language, so that services can cache it; what differs stands in `user`.
    """

    system: str
    user: str
    max_output_tokens: int
    schema: Mapping[str, object] | None = None
    """The JSON schema that the reply keeps to (strict: all fields required, none besides); None: free text."""
    temperature: float = 0.0
    doubts: bool = False
    """Have the reply tell where the model hesitated. Only local models are asked: some services refuse."""


class Finish(StrEnum):
    """Why a reply ended."""

    STOP = "stop"
    LENGTH = "length"
    """The token limit cut it off; what stands before may be whole items."""


class Doubt(NamedTuple):
    """A token that the model wrote without being sure of it: something else would have done as well, or nearly."""

    at: int
    """Where it begins, in characters of the reply's text."""
    probability: float
    """That the model gave it, in 0..0.5."""


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What a model answered, and the tokens the service counted (`cached_tokens` are part of `input_tokens`)."""

    text: str
    finish: Finish
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    doubts: tuple[Doubt, ...] = ()
    """In the order of the text; () also where they were not asked for, or the service does not tell."""


class ChatModel(Protocol):
    """A language model. One request a call: no retries, no cache, no limits; those are the build's."""

    name: str
    """What decides its replies, for provenance and the reply cache: the model's name, without address or key."""

    async def reply(self, request: ChatRequest, *, deadline_s: float) -> ChatReply:
        """The model's reply.

        Args:
            deadline_s: wall clock for all of it, from the first byte sent to the last one read.

        Raises:
            ModelError: the subclass says what happened and what to do with it.
        """
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class Embedder(Protocol):
    """Sentence vectors, unit length."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimensions), float32, each row of length 1. Cost: about 1 ms a text on one core."""
        ...


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of text seen in a picture.

    `box` is left, top, right, bottom in pixels from the picture's top left corner; `height` is the line's own, less
    than the box's where it slants; `confidence` lies in 0..1.
    """

    text: str
    box: tuple[float, float, float, float]
    height: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """Lines seen in a picture, those further up first.

    `quarters` counts the quarter turns (0..3, to the left) after which the picture stood upright; the boxes are places
    in the turned picture.
    """

    lines: tuple[SeenLine, ...]
    quarters: int = 0


class PageReader(Protocol):
    """Recognises text in pictures of pages."""

    def read(self, picture: NDArray[np.uint8]) -> SeenPicture | None:
        """What is seen; None when recognition broke off.

        Args:
            picture: shape (height, width, 3), blue, green, red.
        Cost: seconds a page.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a workbook: its rows from the top, every cell as text (empty cells are "").

    Whole numbers come without a decimal point, dates as ISO 8601. `skipped` names the other sheets.
    """

    rows: tuple[tuple[str, ...], ...]
    skipped: tuple[str, ...] = ()


class Workbooks(Protocol):
    """Reads and writes XLSX tables of text."""

    max_cell_chars: int
    """The longest text a cell holds, in Unicode code points."""

    def read(self, path: Path) -> Sheet:
        """The first sheet.

        Raises:
            UnreadableTable: the file is no workbook, is protected, or is damaged.
        """
        ...

    def write(self, path: Path, rows: Iterable[Sequence[str]]) -> None:
        """Write one sheet of text cells; the same rows give the same bytes. No cell becomes a formula or a number.

        Raises:
            ValueError: a cell is longer than `max_cell_chars`, or holds a character XML has no place for.
        """
        ...
