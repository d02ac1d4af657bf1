"""What a format's writer reports, and the one way files are written: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kbbuilder.errors import ExchangeError
from kbbuilder.services.exchange.reports import LeftOut, Loss


@dataclass(frozen=True, slots=True)
class Written:
    """How many entries a writer put into the file, and what did not fit."""

    entries: int
    left_out: tuple[LeftOut, ...] = ()
    losses: tuple[Loss, ...] = ()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A fresh path beside `path` to write to; leaving moves it there in one step, an exception leaves no trace.

    Raises:
        ExchangeError: the folder is missing or cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            yield draft
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            raise ExchangeError(
                f"{path} cannot be written: {error.strerror or error}",
                hint="Check that the folder exists, is writable and has room.",
            ) from error
    finally:
        draft.unlink(missing_ok=True)
