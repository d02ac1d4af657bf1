"""The steps of an edition on its way into the library.

Each step's rows and the change of state commit together, under a guard that fails when somebody else has the edition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kbbuilder.errors import document_error
from kbbuilder.schema import ParseOutcome, VersionState
from kbbuilder.services.build.asking import EditionAsking
from kbbuilder.services.build.expanding import Expansion, add_expansion, contested_by, expand_version, take_back
from kbbuilder.services.build.library import Library
from kbbuilder.services.build.merging import merge_version, plan_merge, texts_to_encode
from kbbuilder.services.build.proposing import Proposer
from kbbuilder.services.build.reading import chunks_in_context, read_by_structure
from kbbuilder.services.build.report import Wordings
from kbbuilder.services.build.tools import Tools
from kbbuilder.services.model import ModelDesk
from kbbuilder.store import documents, ledger
from kbbuilder.store.documents import Scalar, VersionRecord, iso
from kbbuilder.store.ledger import ChunkVerdict
from kbbuilder.store.search import ensure_vectors


class Lost(Exception):
    """Somebody else has the edition now (cancelled, replaced, or the lease ran out); this run's work on it is void."""


@dataclass
class Steps:
    """The steps of one run. Not for several threads, but for `read`.

    Args:
        owner: of the leases on the editions.
        tell: told of progress: the edition, the stage, how much of it is done, and how much there is.

    Every step raises `Lost`.
    """

    tools: Tools
    owner: str
    tell: Callable[[VersionRecord, str, int, int], None]

    def __post_init__(self) -> None:
        self.duplicates = 0
        """Candidates that went into other entries so far."""
        self.wordings = Wordings()
        self.proposer = Proposer(self.tools.embedder, self.tools.settings.similar_per_entry)
        self._kept: tuple[str, Library] | None = None

    def read(self, record: VersionRecord) -> ParseOutcome:
        """What the parse process makes of the edition's file. Runs in a thread: it only waits."""
        return self.tools.parser.parse(self.tools.blobs.verified(record.sha256), record.document)

    def chunked(self, record: VersionRecord, outcome: ParseOutcome) -> VersionRecord:
        """Cut what was read into chunks, and store them.

        Raises:
            DocumentError: nothing could be read.
        """
        document = outcome.document
        if document is None:
            raise document_error(outcome.code, outcome.reason, hint=outcome.hint)
        self.tell(record, "chunk", 0, 1)
        chunks = self.tools.chunked(document)
        columns: dict[str, Scalar | list[dict[str, object]]] = {
            "media_type": document.media_type,
            "language": document.language,
            "title": document.title,
            "pages": document.pages,
            "warnings": [note.model_dump(mode="json") for note in document.warnings],
            "code": "",
            "reason": "",
            "hint": "",
            "not_before": None,
        }
        with self.tools.database.write() as conn:
            self._guard(documents.advance(
                conn, record, to=VersionState.CHUNKED, owner=self.owner, at=self._now(), columns=columns
            ))  # fmt: skip
            ledger.write_chunks(conn, record.id, chunks)
            return documents.version(conn, record.id)

    def asking(self, record: VersionRecord, desk: ModelDesk) -> EditionAsking:
        """The edition's chunks, to be read with a model."""
        with self.tools.database.read() as conn:
            chunks, context = chunks_in_context(conn, record)
        return EditionAsking(
            desk, record.id, chunks, context, structural=self.tools.structural, wanted=self.tools.wanted()
        )

    def extracted(
        self, record: VersionRecord, asked: EditionAsking | None, *, last_attempt: bool = False
    ) -> VersionRecord:
        """Store how each chunk ended: `asked` of a model, once that is finished, or read by structure now.

        Raises:
            ModelError: the edition has to wait (`EditionAsking.verdicts`).
        """
        if asked is not None:
            verdicts = asked.verdicts(last_attempt=last_attempt)
            self.proposer.prepare(asked.arrived())
        else:
            verdicts = self._read_by_structure(record)
        with self.tools.database.write() as conn:
            self._guard(documents.advance(conn, record, to=VersionState.EXTRACTED, owner=self.owner, at=self._now()))
            ledger.write_verdicts(conn, record.id, verdicts)
            return documents.version(conn, record.id)

    def _read_by_structure(self, record: VersionRecord) -> tuple[ChunkVerdict, ...]:
        with self.tools.database.read() as conn:
            chunks, context = chunks_in_context(conn, record)
        verdicts = []
        for number, stored in enumerate(chunks):
            self.tell(record, "extract", number, len(chunks))
            verdicts.append(read_by_structure(self.tools.structural, stored, context))
        return tuple(verdicts)

    def merged(self, record: VersionRecord) -> VersionRecord:
        """Bring the edition's pairs into the library. Compared and encoded before the lock is taken."""
        with self.tools.database.read() as conn:
            texts = texts_to_encode(conn, record)
        self.tell(record, "merge", 0, 1)
        ensure_vectors(self.tools.database, self.proposer.vectors, texts)
        library = self._library(record)
        with self.tools.database.read() as conn:
            view = library.view(conn)
            plan = plan_merge(view, self.tools.embedder, record)
        library.keep(view)
        with self.tools.database.write() as conn:
            view = library.view(conn)
            at = self._now()
            self._guard(documents.advance(conn, record, to=VersionState.MERGED, owner=self.owner, at=at))
            duplicates = merge_version(view, self.tools.embedder, record, plan=plan, at=at)
            merged = documents.version(conn, record.id)
        library.keep(view)
        self.proposer.vectors.forget(texts)
        self.duplicates += duplicates
        return merged

    def expanded(self, record: VersionRecord) -> None:
        """Try similar questions out against the library, and end the edition."""
        self._taken_back(record)
        library = self._library(record)
        with self.tools.database.read() as conn:
            view = library.view(conn)
            expansion = expand_version(
                view, self.proposer, record, tell=lambda done, total: self.tell(record, "expand", done, total)
            )
        library.keep(view)
        self.finish(record, expansion)
        self.proposer.vectors.forget(expansion.proposed)
        self.wordings += expansion.wordings

    def _taken_back(self, record: VersionRecord) -> None:
        """Take back what was proposed for earlier entries and is better asked of the edition's."""
        library = self._library(record)
        with self.tools.database.read() as conn:
            view = library.view(conn)
            contests = contested_by(view, record)
        library.keep(view)
        if not contests:
            return
        with self.tools.database.write() as conn:
            view = library.view(conn)
            at = self._now()
            self._guard(documents.advance(conn, record, to=record.state, owner=self.owner, at=at))
            taken_back = take_back(view, self.proposer.vectors, contests, at=at)
        library.keep(view)
        self.wordings += Wordings(taken_back=taken_back)

    def finish(self, record: VersionRecord, expansion: Expansion, columns: Mapping[str, Scalar] | None = None) -> None:
        """Store the similar questions, and end the edition. `columns`: what else to say of it."""
        library = self._library(record)
        with self.tools.database.write() as conn:
            at = self._now()
            view = library.view(conn)
            self._guard(
                documents.advance(
                    conn,
                    record,
                    to=VersionState.DONE,
                    owner=self.owner,
                    at=at,
                    keep_lease=False,
                    columns=columns,
                )
            )
            # Its vectors are remembered from trying it out: none is encoded while others wait for the lock.
            add_expansion(view, self.proposer.vectors, expansion, at=at)
        library.keep(view)

    def _library(self, record: VersionRecord) -> Library:
        if self._kept is None or self._kept[0] != record.collection:
            # One at a time: indexes are large, and documents of one collection mostly come together.
            self._kept = record.collection, Library(self.tools.embedder, record.collection)
        return self._kept[1]

    @staticmethod
    def _guard(held: bool) -> None:
        if not held:
            raise Lost

    def _now(self) -> str:
        return iso(self.tools.clock())
