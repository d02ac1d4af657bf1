"""A model file that is on its way: bytes appended in order, checked as a whole, then given its name.

Every source appends to the same bytes, so a download that one source began another can finish. Killing the process
at any point leaves a beginning of the file, and the next run goes on from there.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kbbuilder.errors import ConfigError, ModelDownload, StoreFull
from kbbuilder.model_files.folder import CONTENT, PARTIAL

PIECE = 1024 * 1024
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class PartialFile:
    """The beginning of `target`. One process at a time has it: see `partial_file`."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.folder = target.with_name(target.name + PARTIAL)
        self._content = self.folder / CONTENT

    @property
    def size_bytes(self) -> int:
        return self._content.stat().st_size if self._content.is_file() else 0

    def append(self, piece: bytes) -> None:
        with disk_errors(self.target.parent), self._content.open("ab", buffering=0) as file:
            view = memoryview(piece)
            while view:  # an unbuffered write may take a part only
                view = view[file.write(view) :]

    def truncate(self, size_bytes: int) -> None:
        if self.size_bytes > size_bytes:
            with disk_errors(self.target.parent), self._content.open("r+b") as file:
                file.truncate(size_bytes)

    def need_room(self, more_bytes: int) -> None:
        """Fail before the download rather than at its end.

        Raises:
            StoreFull: the disk has less than `more_bytes` free.
        """
        free = shutil.disk_usage(self.folder).free
        if free < more_bytes:
            raise StoreFull(
                f"{self.target.parent} needs {more_bytes / 1e9:.2f} GB more and has {free / 1e9:.2f} GB free"
            )

    def finish(self, sha256: str) -> None:
        """Check the sum and put the file in its place.

        Raises:
            ModelDownload: the sum is wrong; the bytes are thrown away, for going on from them would end the same way.
        """
        with self._content.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            self._content.unlink()
            raise ModelDownload(
                f"the bytes of {self.target.name} are not the publisher's: SHA-256 {found}, expected {sha256}",
                hint="Run the command again, or with another `--source`; what was fetched has been thrown away.",
            )
        with disk_errors(self.target.parent):
            self._content.replace(self.target)


@contextmanager
def partial_file(target: Path) -> Iterator[PartialFile]:
    """The partial file of `target`, for this process alone; its folder goes when the target is there.

    Raises:
        ConfigError: another process is fetching it, or the folder cannot be written.
        StoreFull: the disk is full; what was fetched stays.
    """
    partial = PartialFile(target)
    with disk_errors(target.parent):
        partial.folder.mkdir(parents=True, exist_ok=True)
        lock = (partial.folder / "lock").open("ab")
    with lock:
        _lock(lock, target)
        yield partial
    if target.is_file():
        shutil.rmtree(partial.folder, ignore_errors=True)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """What the disk refuses, as errors that say who must act."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull(f"no room is left in {folder}") from error
        raise ConfigError(
            f"{folder} cannot be written: {error.strerror or error}",
            hint="Set KBBUILDER_CACHE to a folder that you may write to.",
        ) from error


def _lock(file: IO[bytes], target: Path) -> None:
    """The system frees it when the process ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ConfigError(
            f"another process is fetching {target.name}", hint="Wait until it has ended; it prints its progress."
        ) from error
