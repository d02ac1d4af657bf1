"""A build with real parts (but for the parse process), and what a library holds as plain rows, for comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from kbbuilder.adapters.sentence_splitter import LlamaIndexSplitter
from kbbuilder.adapters.use_embedder import UseEmbedder
from kbbuilder.bootstrap import reader_for
from kbbuilder.config import CallLimits, ParseLimits, Price, Settings
from kbbuilder.errors import DocumentError
from kbbuilder.ports import ChatModel, DocumentParser, Extractor
from kbbuilder.schema import FaqEntry, ParseOutcome
from kbbuilder.services.build import BuildReport, BuildService
from kbbuilder.services.build.remembering import RememberingEmbedder
from kbbuilder.services.model import ModelDesk
from kbbuilder.stages.extract import StructuralExtractor
from kbbuilder.stages.parse.gate import admit
from kbbuilder.stages.parse.mark import finish
from kbbuilder.store import entries
from kbbuilder.store.blobs import Blobs
from kbbuilder.store.database import Database

# The same few texts are encoded in every test.
EMBEDDER = RememberingEmbedder(UseEmbedder())
SPLITTER = LlamaIndexSplitter()
PRICE = Price(input=1.0, output=2.0)


class ParserHere:
    """Reads Markdown in this process: the real reader without its fence, which costs half a second a document."""

    def parse(self, path: Path, name: str) -> ParseOutcome:
        try:
            media_type = admit(path, name, ParseLimits())
            document = reader_for(media_type).read(path, name)
        except DocumentError as error:
            return ParseOutcome(code=error.code, reason=error.message, hint=error.hint)
        return ParseOutcome(code="PARSED", reason="", document=finish(document))


def settings_of(folder: Path) -> Settings:
    return Settings(db=f"sqlite:///{folder}/library.db", workers=2)


def service_of(
    folder: Path,
    *,
    database: Database | None = None,
    parser: DocumentParser | None = None,
    structural: Extractor | None = None,
    model: Callable[[], ChatModel] | None = None,
    calls: CallLimits | None = None,
    settings: Mapping[str, object] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    workers: int = 2,
    recognises: Callable[[], bool] = lambda: False,
) -> BuildService:
    """A build service as bootstrap wires it, on `folder`/library.db."""
    folder.mkdir(exist_ok=True)
    chosen = replace(settings_of(folder), workers=workers, calls=calls or CallLimits(), **(settings or {}))  # type: ignore[arg-type]
    database = database or Database(chosen.db)
    database.migrate()

    def desk() -> ModelDesk:
        assert model is not None
        return ModelDesk(database, model(), chosen.calls, price=PRICE, clock=clock)

    return BuildService(
        database,
        Blobs(chosen.data_dir / "blobs"),
        parser=parser or ParserHere(),
        splitter=SPLITTER,
        structural=structural or StructuralExtractor(),
        desk=desk if model is not None else None,
        embedder=EMBEDDER,
        settings=chosen,
        clock=clock,
        price=PRICE,
        recognises=recognises,
    )


def build(service: BuildService, *paths: Path, collection: str = "default") -> BuildReport:
    registered = service.add_paths(paths, collection=collection, engine="auto")
    return service.run(registered=registered)


def database_of(folder: Path) -> Database:
    return Database(settings_of(folder).db)


def entries_in(folder: Path) -> list[FaqEntry]:
    with database_of(folder).read() as conn:
        return list(entries.walk(conn))


def entry_named(folder: Path, question: str) -> FaqEntry:
    """The one entry with this standard question, whatever its status."""
    (found,) = [entry for entry in entries_in(folder) if entry.question == question]
    return found


@dataclass(frozen=True)
class LibraryRows:
    """Everything a reader of a library can see, one line a row, in canonical order; no row ids, no times. And how alike
    the ends of each link are."""

    rows: list[str]
    similarities: dict[str, float]


def library_rows(folder: Path) -> LibraryRows:
    """What the library in that folder holds, to be compared by `assert_same`."""
    with database_of(folder).read() as conn:
        rows = [entry.model_dump_json() for entry in entries.walk(conn)]
        for name, query in _ROWS.items():
            rows += [f"{name} {tuple(row)!r}" for row in conn.execute(text(query))]
        links = conn.execute(text("SELECT left_id, right_id, similarity FROM duplicate_link"))
        return LibraryRows(rows, {f"{left} {right}": similarity for left, right, similarity in links})


def assert_same(found: LibraryRows, expected: LibraryRows, of: str = "") -> None:
    """Row by row. Similarities, too, but for their last digit: the last bits of a vector depend on what was encoded beside it,
    on most processors, so rounding them would tell two equal libraries apart now and then."""
    assert found.rows == expected.rows, of
    assert not {
        ends: (found.similarities[ends], similarity)
        for ends, similarity in expected.similarities.items()
        if abs(found.similarities[ends] - similarity) > 2e-5
    }, of


_ROWS = {
    "link": "SELECT left_id, right_id, verdict, reason, decision FROM duplicate_link ORDER BY 1, 2",
    "version": "SELECT d.name, v.number, v.ordinal, v.state, v.code, v.sha256, d.current_version = v.id "
    "FROM document_version v JOIN document d ON d.id = v.document_id ORDER BY 1, 2",
    "chunk": "SELECT d.name, v.number, c.ordinal, c.id, c.state, c.reason FROM chunk c "
    "JOIN document_version v ON v.id = c.version_id JOIN document d ON d.id = v.document_id ORDER BY 1, 2, 3",
    "candidate": "SELECT d.name, v.number, c.ordinal, c.outcome, c.reason, c.entry_id, c.payload FROM candidate c "
    "JOIN document_version v ON v.id = c.version_id JOIN document d ON d.id = v.document_id ORDER BY 1, 2, 3",
    "wording": "SELECT entry_id, text, tokens FROM wording ORDER BY 1, 2",
    "passage": "SELECT d.name, v.number, c.ordinal, p.start, p.end, p.text FROM passage p "
    "JOIN chunk c ON c.pk = p.chunk_pk JOIN document_version v ON v.id = p.version_id "
    "JOIN document d ON d.id = v.document_id ORDER BY 1, 2, 3, 4",
    "count": "SELECT collection, status, flag, entries FROM entry_count WHERE entries ORDER BY 1, 2, 3",
    "order": "SELECT id, order_key FROM faq_entry ORDER BY 1",
}
