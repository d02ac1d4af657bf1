"""The only place that wires: which adapter fulfils which port."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kbbuilder.config import CallLimits, ParseLimits, Settings, api_key
from kbbuilder.errors import ConfigError, EngineUnavailable, Unsupported
from kbbuilder.stages.parse import gate

if TYPE_CHECKING:
    from kbbuilder.adapters.local_model import LocalModel
    from kbbuilder.ports import ChatModel, DocumentParser, DocumentReader, Embedder, PageReader
    from kbbuilder.services.ask import AskService
    from kbbuilder.services.build import BuildService
    from kbbuilder.services.evaluate import EvaluateService
    from kbbuilder.services.exchange import ExchangeService
    from kbbuilder.services.review import ReviewService
    from kbbuilder.services.status import StatusService
    from kbbuilder.store.database import Database

_LOCAL_DEADLINE_S = 900.0


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
def open_library(
    settings: Settings,
    *,
    must_exist: bool = False,
    chat_model: Callable[[], ChatModel] | None = None,
    embedder: Embedder | None = None,
) -> Iterator[Library]:
    """The library at `settings.db`, made or brought up to date at need, and closed at the end.

    Args:
        must_exist: refuse to make an empty one, for commands that only read.
        chat_model: makes the model that the llm engine asks, in place of the one in the settings: such as
            `lambda: LlamaIndexChat(llm)`.
        embedder: makes the sentence vectors, in place of the one that needs no model: such as
            `LlamaIndexEmbedder(embedding, name)`. The thresholds for answering are measured with the other.

    Raises:
        ConfigError: the address is wrong, or nothing is there and `must_exist`.
        EngineUnavailable: the engine asked for cannot run.
        StoreError: the database cannot be opened.
    """
    from kbbuilder.store.database import Database

    db = Database(settings.db)
    with ExitStack() as opened:
        opened.callback(db.close)
        if must_exist and not db.path.exists():
            raise ConfigError(
                f"there is no library at {settings.db}",
                hint="Build one with `kbbuilder build PATH`, or name another with --db.",
            )
        db.migrate()
        if chat_model is None and not must_exist:
            chat_model = _chat_model(settings, db, opened)
        yield _wired(db, settings, chat_model, embedder)


def _wired(
    db: Database, settings: Settings, chat_model: Callable[[], ChatModel] | None, embedder: Embedder | None
) -> Library:
    from kbbuilder.adapters.sentence_splitter import LlamaIndexSplitter
    from kbbuilder.adapters.use_embedder import UseEmbedder
    from kbbuilder.adapters.workbook import OpenpyxlWorkbooks
    from kbbuilder.services.ask import AskService
    from kbbuilder.services.build import BuildService
    from kbbuilder.services.evaluate import EvaluateService
    from kbbuilder.services.exchange import ExchangeService
    from kbbuilder.services.model import FREE, ModelDesk, check_price, price_of
    from kbbuilder.services.review import ReviewService
    from kbbuilder.services.status import StatusService
    from kbbuilder.stages.extract import StructuralExtractor
    from kbbuilder.store.blobs import Blobs

    embedder = embedder or UseEmbedder()
    blobs = Blobs(settings.data_dir / "blobs")
    desk: Callable[[], ModelDesk] | None = None
    price = FREE if settings.llm == "local" else price_of(settings.model, settings.prices)
    if chat_model is not None:
        make = chat_model
        check_price(settings.calls, price, settings.model)

        def desk() -> ModelDesk:
            return ModelDesk(db, make(), _calls(settings), price=price, clock=_now)

    build = BuildService(
        db,
        blobs,
        parser=document_parser(settings.limits),
        splitter=LlamaIndexSplitter(),
        structural=StructuralExtractor(),
        desk=desk,
        embedder=embedder,
        settings=settings,
        clock=_now,
        price=price,
        recognises=_recognises,
    )
    ask = AskService(db, embedder, faq_threshold=settings.faq_threshold, passage_threshold=settings.passage_threshold)
    return Library(
        settings=settings,
        engine=build.engines[-1] if settings.engine == "auto" else settings.engine,
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
        status=StatusService(db, blobs, settings, build.engines[-1]),
    )


def _chat_model(settings: Settings, db: Database, opened: ExitStack) -> Callable[[], ChatModel] | None:
    """What makes the model that the settings name; None when they name none. A local one is started at its first use
    and stays until the library is closed.

    Raises:
        EngineUnavailable: the llm engine was asked for, and no model is set up.
        ConfigError: the service's model has no name.
        ModelFileMissing: the local model has not been pulled.
    """
    key = api_key(os.environ)
    if settings.llm == "local":
        return _local_model(settings, opened)
    # A key alone, which other programs of this machine may need, is no wish to have documents read by a model.
    named = bool(settings.model) or settings.engine == "llm"
    if settings.llm == "openai" or (settings.llm == "auto" and (key or settings.base_url) and named):
        return _service(settings, key, db)
    if settings.engine == "llm":
        raise EngineUnavailable("the llm engine needs a model, and none is set up")
    return None


def _now() -> datetime:
    return datetime.now(UTC)


def _calls(settings: Settings) -> CallLimits:
    """The limits for calls; a local model does one thing at a time, and takes its time."""
    if settings.llm != "local":
        return settings.calls
    return replace(settings.calls, concurrency=1, deadline_s=max(settings.calls.deadline_s, _LOCAL_DEADLINE_S))


def _service(settings: Settings, key: str, db: Database) -> Callable[[], ChatModel]:
    if not key and not settings.base_url:
        raise EngineUnavailable("there is no key for the model service")
    if not settings.model:
        raise ConfigError("the model has no name", hint="Set KBBUILDER_MODEL, such as KBBUILDER_MODEL=gpt-4o-mini.")

    def make() -> ChatModel:
        from kbbuilder.adapters.openai_chat import OpenAIChat, ReplyMode
        from kbbuilder.services.model import KnownModes

        modes = KnownModes(db, _now)
        model, base_url = settings.model, settings.base_url
        known = modes.recall(model, base_url)
        return OpenAIChat(
            model, base_url, key,
            reply_mode=ReplyMode(known) if known else None,
            on_mode=lambda mode: modes.remember(model, base_url, mode.value),
        )  # fmt: skip

    return make


def _local_model(settings: Settings, opened: ExitStack) -> Callable[[], ChatModel]:
    from kbbuilder.model_files.catalogue import DEFAULT_MODEL
    from kbbuilder.model_files.folder import find_model, model_folder

    file = find_model(settings.model or DEFAULT_MODEL, model_folder(settings.cache, os.environ))
    running: list[LocalModel] = []

    def make() -> ChatModel:
        from kbbuilder.adapters.local_model import open_local_model
        from kbbuilder.adapters.openai_chat import OpenAIChat

        if not running:
            running.append(opened.enter_context(open_local_model(file, threads=settings.local_threads)))
        return OpenAIChat(running[0].model, running[0].base_url, "")

    return make


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


def _recognises() -> bool:
    from kbbuilder.adapters.ocr import PACKAGE

    return find_spec(PACKAGE) is not None


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
