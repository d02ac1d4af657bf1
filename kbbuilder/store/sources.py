"""What stands around an entry's quotes: the chunks they are in, to read beside the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from kbbuilder.schema import Evidence
from kbbuilder.store.entry_content import NewEvidence, Proof
from kbbuilder.store.tables import CHUNK, DOCUMENT, VERSION


@dataclass(frozen=True, slots=True)
class SourceView:
    """A passage of a document with the quotes marked: `chunk_text[start:end]` for each of `spans`, in order.

    `before` and `after` are the texts of the neighbouring chunks ("" at the document's ends). `page` is the first
    quote's, `pages` the chunk's first and last. `current` is False when a newer edition of the document is in use.
    `proven` is False for evidence an imported table states: this library lacks the document, and `chunk_text` is the
    quote itself.
    """

    document: str
    version: int
    page: int | None
    heading_path: tuple[str, ...]
    chunk_text: str
    spans: tuple[tuple[int, int], ...]
    pages: tuple[int, int] | None = None
    before: str = ""
    after: str = ""
    current: bool = True
    proven: bool = True


def sources_of(conn: Connection, proofs: Iterable[Proof]) -> tuple[SourceView, ...]:
    """A view for each chunk the proofs stand on, in the proofs' order."""
    by_chunk: dict[int, list[NewEvidence]] = {}
    views: list[SourceView | int] = []
    for proof in proofs:
        if isinstance(proof, NewEvidence):
            if proof.chunk_pk not in by_chunk:
                views.append(proof.chunk_pk)
            by_chunk.setdefault(proof.chunk_pk, []).append(proof)
        else:
            views.append(
                SourceView(
                    document=proof.document,
                    version=proof.version,
                    page=proof.page,
                    heading_path=proof.heading_path,
                    chunk_text=proof.quote,
                    spans=((0, len(proof.quote)),),
                    proven=False,
                )
            )
    return tuple(v if isinstance(v, SourceView) else _view(conn, v, by_chunk[v]) for v in views)


def anchored(conn: Connection, collection: str, stated: Evidence) -> Proof:
    """The evidence on this library's own copy of the document when exactly this quote stands there at this offset;
    else as it was stated. Where several chunks fit, the one under the same heading path wins, then the first."""
    here = func.substr(CHUNK.c.text, stated.start + 1, len(stated.quote))
    rows = conn.execute(
        select(CHUNK.c.version_id, CHUNK.c.pk, CHUNK.c.heading_path)
        .join(VERSION, VERSION.c.id == CHUNK.c.version_id)
        .join(DOCUMENT, DOCUMENT.c.id == VERSION.c.document_id)
        .where(
            DOCUMENT.c.collection == collection,
            DOCUMENT.c.name == stated.document,
            VERSION.c.number == stated.version,
            here == stated.quote,
        )
        .order_by(CHUNK.c.ordinal)
    ).all()
    if not rows:
        return stated
    best = next((row for row in rows if tuple(row.heading_path) == stated.heading_path), rows[0])
    return NewEvidence(
        version_id=best.version_id,
        chunk_pk=best.pk,
        page=stated.page,
        quote=stated.quote,
        start=stated.start,
        end=stated.start + len(stated.quote),
    )


def _view(conn: Connection, chunk_pk: int, quotes: list[NewEvidence]) -> SourceView:
    row = conn.execute(
        select(CHUNK, VERSION.c.number, DOCUMENT.c.name, DOCUMENT.c.current_version)
        .join(VERSION, VERSION.c.id == CHUNK.c.version_id)
        .join(DOCUMENT, DOCUMENT.c.id == VERSION.c.document_id)
        .where(CHUNK.c.pk == chunk_pk)
    ).one()
    neighbours = conn.execute(
        select(CHUNK.c.ordinal, CHUNK.c.text).where(
            CHUNK.c.version_id == row.version_id, CHUNK.c.ordinal.in_([row.ordinal - 1, row.ordinal + 1])
        )
    )
    around = {neighbour.ordinal: neighbour.text for neighbour in neighbours}
    first, last = row.page_start, row.page_end
    return SourceView(
        document=row.name,
        version=row.number,
        page=quotes[0].page,
        heading_path=tuple(row.heading_path),
        chunk_text=row.text,
        spans=tuple(sorted((q.start, q.end) for q in quotes)),
        pages=None if first is None else (first, last if last is not None else first),
        before=around.get(row.ordinal - 1, ""),
        after=around.get(row.ordinal + 1, ""),
        current=row.current_version in (None, row.version_id),
    )
