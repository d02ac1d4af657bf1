"""Bytes under their hash: all of them or none, and never silently different ones."""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kbbuilder.errors import BlobMissing, StoreError
from kbbuilder.store.blobs import Blobs


def test_what_was_put_comes_back_by_its_hash(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.put("说明书".encode())
    assert digest == hashlib.sha256("说明书".encode()).hexdigest()
    assert blobs.read(digest).decode() == "说明书"
    assert blobs.path(digest).parent.name == digest[:2]


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    first = blobs.put(b"a")
    written = blobs.path(first).stat().st_mtime_ns
    assert blobs.put(b"a") == first
    assert blobs.path(first).stat().st_mtime_ns == written
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_empty_bytes_are_bytes_too(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    assert blobs.read(blobs.put(b"")) == b""


@pytest.mark.parametrize("damage", [b"", b"b", b"longer than before"])
def test_changed_bytes_are_refused(tmp_path: Path, damage: bytes) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"a")
    blobs.path(digest).write_bytes(damage)
    with pytest.raises(BlobMissing, match="changed on the disk"):
        blobs.read(digest)


def test_a_shortened_file_is_written_anew_by_the_next_put(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"abc")
    blobs.path(digest).write_bytes(b"a")
    blobs.put(b"abc")
    assert blobs.read(digest) == b"abc"


def test_missing_bytes_are_named(tmp_path: Path) -> None:
    with pytest.raises(BlobMissing, match="aaaaaaaaaaaa"):
        Blobs(tmp_path).read("a" * 64)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A limit on file size stands for the disk's: writing past it fails in the middle of the file."""
    script = (
        "import signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from pathlib import Path; from kbbuilder.store.blobs import Blobs; from kbbuilder.errors import StoreFull\n"
        f"try: Blobs(Path({str(tmp_path / 'blobs')!r})).put(b'x' * 100_000)\n"
        "except StoreFull: sys.exit(7)"
    )
    ended = subprocess.run(
        [sys.executable, "-B", "-c", script],
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    assert ended.returncode == 7
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file stands in the way")
    with pytest.raises(StoreError, match="cannot keep documents"):
        Blobs(tmp_path / "blobs").put(b"a")
