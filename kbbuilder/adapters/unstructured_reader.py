"""EPUB books and e-mails, by `unstructured`, kept off the network.

At first use `unstructured` would fetch a spaCy model to tell prose from titles; kbbuilder does not need that, and puts
an empty pipeline in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kbbuilder.errors import Corrupt, EmptyDocument
from kbbuilder.schema import Element, ParsedDocument, Role
from kbbuilder.stages.parse.elements import (
    caption,
    code,
    document_of,
    footnote,
    heading,
    is_ordered,
    list_item,
    paragraph,
    split_marker,
)

if TYPE_CHECKING:
    from unstructured.documents.elements import Element as Piece

_EML = "message/rfc822"
_HEADING_LIKE = re.compile(r"[。.；;，,：:!！]$")
_MAX_HEADING = 120

HtmlElements = Callable[[str], Sequence[Element]]


class UnstructuredReader:
    """Reads `.epub` and `.eml`. `html_elements` reads the tables, which `unstructured` gives as HTML."""

    def __init__(self, media_type: str, html_elements: HtmlElements) -> None:
        self._media_type = media_type
        self._html_elements = html_elements

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document. An e-mail's subject is its title and only heading.

        Cost: 3 to 8 s of imports, 250 MB; pandoc runs as a child process for EPUB.

        Raises:
            Corrupt: the book or message cannot be taken apart.
            EmptyDocument: nothing is in it.
        """
        _silence()
        if self._media_type == _EML:
            return self._email(path, name)
        return self._book(path, name)

    def _book(self, path: Path, name: str) -> ParsedDocument:
        from unstructured.errors import UnprocessableEntityError
        from unstructured.partition.epub import partition_epub

        try:
            pieces = partition_epub(filename=str(path))
        except (
            UnprocessableEntityError,
            RuntimeError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
        ) as error:
            # pandoc's own complaints arrive as RuntimeError; the others are what it lets through of a broken book.
            raise Corrupt("the book is damaged and cannot be taken apart") from error
        return self._document(name, pieces, title="")

    def _email(self, path: Path, name: str) -> ParsedDocument:
        from unstructured.partition.email import partition_email

        try:
            pieces = partition_email(filename=str(path), process_attachments=False)
        except (ValueError, KeyError, TypeError, AttributeError, LookupError) as error:
            raise Corrupt("the e-mail is damaged and cannot be taken apart") from error
        subject = next((piece.metadata.subject for piece in pieces if piece.metadata.subject), "")
        return self._document(name, pieces, title=subject, first=[heading(subject, 1)] if subject else [])

    def _document(
        self, name: str, pieces: Sequence[Piece], *, title: str, first: Sequence[Element] = ()
    ) -> ParsedDocument:
        if not pieces:
            raise EmptyDocument("no text was found in the document")
        elements = list(first)
        for piece in pieces:
            elements += self._elements(piece, under_title=bool(first))
        return document_of(name, self._media_type, elements, title=title)

    def _elements(self, piece: Piece, *, under_title: bool) -> Sequence[Element]:
        kind, text = type(piece).__name__, piece.text or ""
        if kind == "Table":
            return self._html_elements(piece.metadata.text_as_html or "") or [paragraph(text)]
        if not text.strip():
            return []
        depth = piece.metadata.category_depth
        if kind == "Title":
            level = (depth or 0) + (2 if under_title else 1)
            # Where the format names no level, `unstructured` calls any short line a title.
            sure = depth is not None and self._media_type != _EML
            return (
                [heading(text, level)]
                if sure and len(text) <= _MAX_HEADING
                else [paragraph(text, bold=_is_short(text))]
            )
        if kind == "ListItem":
            marked = split_marker(text)
            marker, rest = (None, text) if marked is None else marked
            return [
                list_item(
                    rest, level=(depth or 0) + 1, marker=marker, ordered=marker is not None and is_ordered(marker)
                )
            ]
        if kind == "CodeSnippet":
            return [code(text)]
        if kind in ("FigureCaption", "Footnote"):
            return [caption(text) if kind == "FigureCaption" else footnote(text)]
        role = {"Header": Role.PAGE_HEADER, "Footer": Role.PAGE_FOOTER, "PageNumber": Role.PAGE_NUMBER}.get(
            kind, Role.BODY
        )
        return [paragraph(text, role=role)]


def _is_short(text: str) -> bool:
    return len(text) <= 60 and _HEADING_LIKE.search(text) is None


def _silence() -> None:
    """An empty spaCy pipeline instead of the model that `unstructured` would download."""
    import spacy
    from unstructured.nlp import tokenize

    def empty_pipeline(*_arguments: object) -> spacy.language.Language:
        pipeline = spacy.blank("xx")
        pipeline.add_pipe("sentencizer")
        return pipeline

    tokenize._load_spacy_model = empty_pipeline
