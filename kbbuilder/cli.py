"""The command line. Nothing heavy is imported until a command needs it: `kbbuilder --help` must answer at once.

Progress and messages go to stderr; with `--json` stdout holds exactly one JSON document, errors included.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kbbuilder import __version__
from kbbuilder.command_output import errors_shown, print_json
from kbbuilder.config import Settings, load_settings
from kbbuilder.errors import ConfigError, NothingToBuild, PathNotFound, UnreadableTable
from kbbuilder.model_commands import model_app

if TYPE_CHECKING:
    from kbbuilder.bootstrap import Library
    from kbbuilder.services.build import BuildReport, Registered

app = typer.Typer(
    name="kbbuilder",
    help="Turn raw manuals, policies and tables into a reviewed, searchable FAQ library.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(model_app)


class Engine(StrEnum):
    structural = "structural"
    llm = "llm"
    auto = "auto"


class Format(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"
    markdown = "markdown"


class Which(StrEnum):
    approved = "approved"
    all = "all"


class Evaluation(StrEnum):
    answers = "answers"
    retrieval = "retrieval"
    pairs = "pairs"
    extraction = "extraction"


Db = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="Database address (KBBUILDER_DB; default sqlite:///kbbuilder.db)."),
]
CollectionName = Annotated[
    str | None, typer.Option("--collection", metavar="NAME", help="Knowledge base to work in (default: default).")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


# -- commands -------------------------------------------------------------------------------------------------


@app.command()
def build(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders to read.")],
    db: Db = None,
    collection: CollectionName = None,
    engine: Annotated[Engine | None, typer.Option(help="How pairs are extracted (default: auto).")] = None,
    preview: Annotated[
        int, typer.Option("--preview", metavar="N", min=0, help="Show what N chunks give and cost; build nothing.")
    ] = 0,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="Stop asking the model at this cost (calls.budget).")
    ] = None,
    budget_tokens: Annotated[
        int | None, typer.Option("--budget-tokens", min=0, help="Stop asking the model at this many tokens.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with an error code when any file failed.")] = False,
    as_json: Json = False,
) -> None:
    """Read documents, extract question-answer pairs and merge them into the library.

    Run it again after an interruption and it goes on where it stopped; files that have not changed cost nothing.
    """
    with errors_shown(as_json):
        settings = _settings(db=db, collection=collection, engine=engine.value if engine else None)
        settings = _with_budget(settings, budget, budget_tokens)
        for path in paths:
            if not os.path.lexists(path):
                raise PathNotFound(f"{path} does not exist")
        with _library(settings) as library:
            registered = library.build.add_paths(
                paths, collection=settings.collection, engine=settings.engine, hold=preview > 0
            )
            if not registered.files:
                raise NothingToBuild(f"there is no file in {', '.join(str(path) for path in paths)}")
            if preview:
                _preview(library, registered, preview, as_json)
                return
            report = _run_build(library, settings, registered, quiet=as_json)
    from kbbuilder.reporting import build_json, print_build, print_how_to_review

    if as_json:
        print_json(build_json(report))
    else:
        print_build(report)
        print_how_to_review(report, db=db, collection=collection)
    raise typer.Exit(_build_exit_code(report, strict))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    batch: Annotated[Path | None, typer.Option(metavar="FILE", help='JSON lines {"id", "question"} to answer.')] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the answers of --batch go.")] = None,
    include_pending: Annotated[
        bool, typer.Option("--include-pending", help="Search entries that nobody has approved yet, too.")
    ] = False,
    db: Db = None,
    collection: CollectionName = None,
    as_json: Json = False,
) -> None:
    """Ask the library: an approved answer, else a passage of a document, else "I don't know"."""
    with errors_shown(as_json):
        if (question is None) == (batch is None):
            raise ConfigError(
                "give either a question or --batch FILE", hint='For example: kbbuilder ask "How long is the warranty?"'
            )
        if batch is not None and out is None:
            raise ConfigError("--batch needs --out FILE", hint="Name the file the answers go to.")
        settings = _settings(db=db, collection=collection)
        with _library(settings, must_exist=True) as library:
            if batch is not None and out is not None:
                count = _ask_batch(library, settings, batch, out, include_pending)
                if as_json:
                    print_json({"questions": count, "out": str(out)})
                else:
                    typer.echo(f"{count} questions answered: {out}", err=True)
                return
            answer = library.ask.ask(question or "", collection=settings.collection, include_pending=include_pending)
    from kbbuilder.reporting import answer_json, print_answer

    if as_json:
        print_json(answer_json(answer))
    else:
        print_answer(answer)


@app.command()
def export(
    format: Annotated[Format, typer.Option("--format", help="File format.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
    status: Annotated[Which, typer.Option(help="Which entries.")] = Which.approved,
    excel_safe: Annotated[
        bool, typer.Option("--excel-safe", help="Guard cells that a spreadsheet would take for formulas.")
    ] = False,
    db: Db = None,
    collection: CollectionName = None,
    as_json: Json = False,
) -> None:
    """Write the library to a file: jsonl (lossless), csv, xlsx or markdown."""
    with errors_shown(as_json):
        settings = _settings(db=db, collection=collection)
        with _library(settings, must_exist=True) as library:
            report = library.exchange.export_entries(
                format=format.value, path=out, status=status.value, collection=collection, excel_safe=excel_safe
            )
    from kbbuilder.reporting import as_plain, print_export

    if as_json:
        print_json(as_plain(report))
    else:
        print_export(report)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The table to read.")],
    format: Annotated[Format | None, typer.Option("--format", help="File format (default: told by the file).")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve the imported entries at once.")] = False,
    db: Db = None,
    collection: CollectionName = None,
    as_json: Json = False,
) -> None:
    """Read question-answer pairs from a file that kbbuilder, a bot platform or a person wrote."""
    with errors_shown(as_json):
        settings = _settings(db=db, collection=collection)
        if not file.is_file():
            raise PathNotFound(f"{file} is not a file")
        with _library(settings) as library:
            report = library.exchange.import_file(
                file,
                collection=settings.collection,
                format=format.value if format else None,
                approve=approve,
                actor=settings.actor,
            )
    from kbbuilder.reporting import as_plain, print_import

    if as_json:
        print_json(as_plain(report))
    else:
        print_import(report)


@app.command("eval")
def evaluate(
    what: Annotated[Evaluation, typer.Argument(help="What to measure.")],
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", help="Test sets of your own.")],
    db: Db = None,
    collection: CollectionName = None,
    as_json: Json = False,
) -> None:
    """Measure answers, retrieval, question pairs or extraction on your own test sets."""
    with errors_shown(as_json):
        settings = _settings(db=db, collection=collection)
        with _library(settings, must_exist=False) as library:
            reports = [library.evaluate.measure(what.value, path, collection=settings.collection) for path in data]
    from kbbuilder.reporting import as_plain, print_evaluation

    if as_json:
        print_json([as_plain(r) for r in reports])
    else:
        for report in reports:
            print_evaluation(report)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    db: Db = None,
    collection: CollectionName = None,
) -> None:
    """Open the browser app (documents, review, ask) on 127.0.0.1."""
    with errors_shown(False):
        settings = _settings(db=db, collection=collection)
        from kbbuilder.launch import launch_ui

        raise typer.Exit(launch_ui(settings, port=port, browser=browser))


@app.command()
def status(db: Db = None, collection: CollectionName = None, as_json: Json = False) -> None:
    """Show documents, entries, the ledger and costs."""
    with errors_shown(as_json):
        settings = _settings(db=db, collection=collection)
        with _library(settings, must_exist=True) as library:
            report = library.status.status(settings.collection)
    from kbbuilder.reporting import as_plain, print_status

    if as_json:
        print_json(as_plain(report))
    else:
        print_status(report)


@app.command()
def doctor(db: Db = None, as_json: Json = False) -> None:
    """Check settings, database, stored files and ledger; say what to do about what is wrong."""
    with errors_shown(as_json):
        settings = _settings(db=db)
        with _library(settings) as library:
            report = library.status.doctor()
    from kbbuilder.reporting import as_plain, print_doctor

    if as_json:
        print_json(as_plain(report))
    else:
        print_doctor(report)
    raise typer.Exit(0 if report.healthy else 6)


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")],
    as_json: Json = False,
) -> None:
    """Show what the parser sees in one file, without a database."""
    with errors_shown(as_json):
        settings = _settings()
        if not os.path.lexists(file):
            raise PathNotFound(f"{file} does not exist")
        from kbbuilder.bootstrap import document_parser

        outcome = document_parser(settings.limits).parse(file, file.name)
    from kbbuilder.reporting import outcome_json, print_outcome

    if as_json:
        print_json(outcome_json(file.name, outcome))
    else:
        print_outcome(file.name, outcome)
    raise typer.Exit(0 if outcome.ok else 4)


@app.command()
def demo(
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Build the sample documents into a fresh database, print the report, and say how to review it."""
    with errors_shown(as_json):
        address = db or f"sqlite:///{_fresh_file(Path('kbbuilder-demo.db'))}"
        settings = _settings(db=address, collection="demo")
        from kbbuilder.bootstrap import samples_folder

        with _library(settings) as library:
            registered = library.build.add_paths(
                [samples_folder()], collection=settings.collection, engine="structural"
            )
            report = _run_build(library, settings, registered, quiet=as_json)
    from kbbuilder.reporting import build_json, print_build, print_how_to_review

    if as_json:
        print_json(build_json(report))
    else:
        print_build(report)
        print_how_to_review(
            report, db=address, collection=settings.collection, question="How do I descale the machine?"
        )
    raise typer.Exit(_build_exit_code(report, strict=True))


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"kbbuilder {__version__}")
        raise typer.Exit()


# -- pieces ---------------------------------------------------------------------------------------------------


def _settings(**arguments: str | None) -> Settings:
    return load_settings(os.environ, Path.cwd(), **arguments)


@contextmanager
def _library(settings: Settings, *, must_exist: bool = False) -> Iterator[Library]:
    from kbbuilder.bootstrap import open_library

    with open_library(settings, must_exist=must_exist) as library:
        yield library


def _fresh_file(path: Path) -> Path:
    """A file name that nothing has used: a demo that somebody reviewed is never overwritten."""
    candidate, number = path, 1
    while candidate.exists() or candidate.with_name(candidate.stem + "-data").exists():
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate


def _with_budget(settings: Settings, budget: float | None, tokens: int | None) -> Settings:
    calls = settings.calls
    if budget is not None:
        calls = replace(calls, budget=budget)
    if tokens is not None:
        calls = replace(calls, budget_tokens=tokens)
    return replace(settings, calls=calls)


def _preview(library: Library, registered: Registered, count: int, as_json: bool) -> None:
    from kbbuilder.reporting import BuildBar, as_plain, print_preview

    version_ids = [file.version_id for file in registered.files if file.version_id is not None]
    with BuildBar(sys.stderr.isatty() and not as_json) as bar:
        report = library.build.preview(version_ids, chunks=count, progress=bar.show)
    if as_json:
        print_json(as_plain(report))
    else:
        print_preview(report)


def _run_build(library: Library, settings: Settings, registered: Registered, *, quiet: bool) -> BuildReport:
    from kbbuilder.reporting import BuildBar, print_estimate

    if quiet:
        return library.build.run(collection=settings.collection, registered=registered)
    asks = any(file.engine == "llm" and file.outcome == "QUEUED" for file in registered.files)
    with BuildBar(sys.stderr.isatty()) as bar:
        if asks:
            print_estimate(library.build.estimate(registered, bar.show), settings)
        return library.build.run(collection=settings.collection, registered=registered, progress=bar.show)


def _build_exit_code(report: BuildReport, strict: bool) -> int:
    """0 when a file came through (with --strict: every one), else the exit code of document errors; that of model
    errors when the model can be asked nothing more until a person acts."""
    if report.paused is not None:
        return 5
    failed = [f for f in report.documents if f.outcome not in ("PARSED", "UNCHANGED")]
    through = len(report.documents) - len(failed)
    return 4 if failed and (strict or not through) else 0


def _ask_batch(library: Library, settings: Settings, batch: Path, out: Path, include_pending: bool) -> int:
    """Answer a file of questions in order; the output appears whole or not at all."""
    from kbbuilder.reporting import batch_line

    rows = _questions(batch)
    answers = library.ask.ask_many(
        [question for _, question in rows], collection=settings.collection, include_pending=include_pending
    )
    temporary = out.with_name(out.name + ".part")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            for (id_, _), answer in zip(rows, answers, strict=True):
                file.write(json.dumps(batch_line(id_, answer), ensure_ascii=False) + "\n")
        temporary.replace(out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ConfigError(f"{out} cannot be written: {error.strerror}") from error
    return len(rows)


def _questions(batch: Path) -> list[tuple[object, str]]:
    try:
        text = batch.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PathNotFound(f"{batch} does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableTable(f"{batch} cannot be read as UTF-8 text: {error}") from error
    rows: list[tuple[object, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question = row["question"] if "question" in row else row["query"]
            if not isinstance(question, str):
                raise TypeError("the question is not text")
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableTable(
                f"line {number} of {batch.name} is not a question: {error}",
                hint='Each line is a JSON object such as {"id": 1, "question": "…"}.',
            ) from error
        rows.append((row.get("id"), question))
    return rows


def main() -> None:
    """The program's entry point."""
    # Read when numpy is loaded. A second thread makes products of our size no faster on a busy machine, and dearer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()


if __name__ == "__main__":
    main()
