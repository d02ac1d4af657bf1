"""What all commands share: errors become a message, a hint and an exit code; results become one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from kbbuilder.errors import KbError


@contextmanager
def errors_shown(as_json: bool) -> Iterator[None]:
    """Deliberate errors become a message, a hint and an exit code; an interruption says that nothing is lost."""
    try:
        yield
    except KbError as error:
        _fail(error, as_json)
    except KeyboardInterrupt:
        typer.echo("\nInterrupted. Run the same command again; it goes on where it stopped.", err=True)
        raise typer.Exit(130) from None


def print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _fail(error: KbError, as_json: bool) -> NoReturn:
    if as_json:
        print_json(
            {"error": {"code": error.code, "message": str(error), "hint": error.hint, "retryable": error.retryable}}
        )
    else:
        typer.echo(f"Error {error.code}: {error}", err=True)
        if error.hint:
            typer.echo(f"  → {error.hint}", err=True)
    raise typer.Exit(error.exit_code)
