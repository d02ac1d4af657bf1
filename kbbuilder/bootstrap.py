"""The only place that wires: which adapter fulfils which port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kbbuilder.config import ParseLimits, Settings
from kbbuilder.errors import ConfigError, EngineUnavailable, Unsupported
from kbbuilder.stages.parse import gate

if TYPE_CHECKING:
    from kbbuilder.ports import DocumentParser, DocumentReader, PageReader
    from kbbuilder.services.ask import AskService
    from kbbuilder.services.build import BuildService
    from kbbuilder.services.evaluate import EvaluateService
    from kbbuilder.services.exchange import ExchangeService
    from kbbuilder.services.review import ReviewService
    from kbbuilder.services.status import StatusService
    from kbbuilder.store.database import Database


@dataclass(frozen=True, slots=True)
class Library:
    """One database with every use-case on it. `engine` is the extraction engine in force."""

    settings: Settings
    engine: str
    build: BuildService
    review: ReviewService
    ask: AskService
    exchange: ExchangeService
    evaluate: EvaluateService
    status: StatusService

    def start_worker(self) -> None:
        """See to it that a background process works off what is due. Cheap when one runs already."""
        if not self.build.worker_runs():
            from kbbuilder.adapters.background import start_worker

            start_worker(self.settings)


@contextmanager
def open_library(settings: Settings, *, must_exist: bool = False) -> Iterator[Library]:
    """The library at `settings.db`, made or brought up to date at need, and closed at the end.

    Args:
        must_exist: refuse to make an empty one, for commands that only read.

    Raises:
        ConfigError: the address is wrong, or nothing is there and `must_exist`.
        EngineUnavailable: the engine asked for cannot run.
        StoreError: the database cannot be opened.
    """
    from kbbuilder.store.database import Database

    db = Database(settings.db)
    try:
        if must_exist and not db.path.exists():
            raise ConfigError(
                f"there is no library at {settings.db}",
                hint="Build one with `kbbuilder build PATH`, or name another with --db.",
            )
        db.migrate()
        yield _wired(db, settings)
    finally:
        db.close()


def _wired(db: Database, settings: Settings) -> Library:
    from kbbuilder.adapters.sentence_splitter import LlamaIndexSplitter
    from kbbuilder.adapters.use_embedder import UseEmbedder
    from kbbuilder.adapters.workbook import OpenpyxlWorkbooks
    from kbbuilder.services.ask import AskService
    from kbbuilder.services.build import BuildService
    from kbbuilder.services.evaluate import EvaluateService
    from kbbuilder.services.exchange import ExchangeService
    from kbbuilder.services.review import ReviewService
    from kbbuilder.services.status import StatusService
    from kbbuilder.stages.extract import StructuralExtractor
    from kbbuilder.store.blobs import Blobs

    engine = engine_of(settings)
    embedder = UseEmbedder()
    blobs = Blobs(settings.data_dir / "blobs")
    build = BuildService(
        db,
        blobs,
        parser=document_parser(settings.limits),
        splitter=LlamaIndexSplitter(),
        extractors={"structural": StructuralExtractor()},
        embedder=embedder,
        settings=settings,
        clock=lambda: datetime.now(UTC),
    )
    ask = AskService(db, embedder, faq_threshold=settings.faq_threshold, passage_threshold=settings.passage_threshold)
    return Library(
        settings=settings,
        engine=engine,
        build=build,
        review=ReviewService(db, embedder),
        ask=ask,
        exchange=ExchangeService(db, embedder, OpenpyxlWorkbooks()),
        evaluate=EvaluateService(
            ask,
            embedder,
            faq_threshold=settings.faq_threshold,
            open_temporary=lambda address: open_library(replace(settings, db=address)),
        ),
        status=StatusService(db, blobs, settings, engine),
    )


def engine_of(settings: Settings) -> str:
    """The extraction engine in force: `auto` takes the structural one, the only one that needs no model.

    Raises:
        EngineUnavailable: the model engine was asked for.
    """
    if settings.engine == "llm":
        raise EngineUnavailable("the llm engine is not part of this version")
    return "structural"


def document_parser(limits: ParseLimits) -> DocumentParser:
    """The parser behind its fence."""
    from kbbuilder.adapters.fence import FencedParser

    return FencedParser(limits)


def samples_folder() -> Path:
    """The sample documents: in the checkout, or where the wheel put them.

    Raises:
        ConfigError: they were not installed.
    """
    package = Path(__file__).parent
    for folder in (package.parent / "samples", package / "samples"):
        if folder.is_dir():
            return folder
    raise ConfigError("the sample documents are not installed", hint="Run the demo from a checkout of kbbuilder.")


def reader_for(media_type: str, may_recognise: Callable[[], bool] | None = None) -> DocumentReader:
    """The reader of a media type (one that `admit` returned). Its module is loaded here and not before.

    Args:
        may_recognise: asked before each page whose text must be recognised in its picture, which takes seconds:
            whether there is time for it. None: always.

    Raises:
        Unsupported: no reader takes this type.
    """
    if media_type == gate.PDF:
        from kbbuilder.adapters.pdf import PdfReader

        return PdfReader(_open_page_reader, may_recognise)
    if media_type == gate.DOCX:
        from kbbuilder.adapters.docx import DocxReader

        return DocxReader()
    if media_type == gate.PPTX:
        from kbbuilder.adapters.pptx import PptxReader

        return PptxReader()
    if media_type in (gate.XLSX, gate.XLS, gate.ODS):
        from kbbuilder.adapters.spreadsheet import WorkbookReader

        return WorkbookReader(media_type)
    if media_type in (gate.CSV, gate.TSV):
        from kbbuilder.adapters.spreadsheet import CsvReader

        return CsvReader(media_type)
    if media_type == gate.TEXT:
        from kbbuilder.adapters.plain_text import PlainTextReader

        return PlainTextReader()
    if media_type == gate.RST:
        from kbbuilder.adapters.rst import RstReader

        return RstReader()
    return _markup_reader(media_type)


def _open_page_reader() -> PageReader:
    """Text recognition, loaded when a page needs it. Raises MissingPackage."""
    from kbbuilder.adapters.ocr import open_page_reader

    return open_page_reader()


def _markup_reader(media_type: str) -> DocumentReader:
    """Readers of HTML, and of the formats that carry pieces of it."""
    from kbbuilder.adapters.html import HtmlReader, html_elements

    if media_type == gate.HTML:
        return HtmlReader()
    if media_type == gate.MARKDOWN:
        from kbbuilder.adapters.markdown import MarkdownReader

        return MarkdownReader(html_elements)
    if media_type in (gate.EPUB, gate.EML):
        from kbbuilder.adapters.unstructured_reader import UnstructuredReader

        return UnstructuredReader(media_type, html_elements)
    raise Unsupported(f"no reader for {media_type}")
