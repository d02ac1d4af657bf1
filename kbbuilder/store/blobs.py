"""Document bytes under their SHA-256, in files beside the database.

A file appears under its name only when all of its bytes are on the disk; a crash leaves at most a temporary file.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kbbuilder.errors import BlobMissing, StoreError, StoreFull

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Blobs:
    """Bytes by content. Putting the same bytes twice keeps one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep `content`; its SHA-256 in hex digits.

        Raises:
            StoreFull: no space; nothing is left behind.
            StoreError: the folder cannot be written.
        """
        digest = hashlib.sha256(content).hexdigest()
        if not self._holds(digest, len(content)):
            with self._new_file() as temporary:
                with temporary.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                self._adopt(temporary, digest)
        return digest

    def path(self, sha256: str) -> Path:
        """Where the bytes are, whether or not they are there."""
        return self._folder / sha256[:2] / sha256

    def verified(self, sha256: str) -> Path:
        """Where the bytes are, after reading them all and checking that they are what they were.

        Raises:
            BlobMissing: the file is gone or its content differs.
        """
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise BlobMissing(f"the stored bytes {sha256[:12]}… cannot be read: {error.strerror}") from error
        if found != sha256:
            raise BlobMissing(f"the stored bytes {sha256[:12]}… have changed on the disk")
        return path

    def read(self, sha256: str) -> bytes:
        """The bytes, verified.

        Raises:
            BlobMissing: the file is gone or its content differs.
        """
        return self.verified(sha256).read_bytes()

    def _holds(self, sha256: str, size: int) -> bool:
        """Whether the file is there with its full length (a damaged one is found by `verified`)."""
        try:
            return self.path(sha256).stat().st_size == size
        except OSError:
            return False

    @contextlib.contextmanager
    def _new_file(self) -> Iterator[Path]:
        """A temporary file in the folder; whatever goes wrong, it is gone afterwards."""
        temporary: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="incoming-", dir=self._folder)
            os.close(handle)
            temporary = Path(name)
            yield temporary
        except OSError as error:
            if error.errno in _NO_SPACE:
                raise StoreFull(f"no space left to keep documents in {self._folder}") from error
            raise StoreError(f"cannot keep documents in {self._folder}: {error.strerror}") from error
        finally:
            if temporary is not None:
                temporary.unlink(missing_ok=True)

    def _adopt(self, temporary: Path, sha256: str) -> None:
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
        _folder_to_disk(target.parent)


def _folder_to_disk(folder: Path) -> None:
    """The new name itself survives a power cut. Not every system lets a folder be opened; then the file alone does."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
