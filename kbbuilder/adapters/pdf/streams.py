"""A look at the raw file before any reader unpacks it: small streams that grow beyond all measure."""

from __future__ import annotations

import mmap
import re
import zlib
from pathlib import Path

from kbbuilder.config import MIB
from kbbuilder.errors import TooLarge

MAX_STREAM_BYTES = 128 * MIB
"""pdfium holds a page's stream several times over; a real page's stays below a tenth of this."""
_MAX_RATIO = 1032
"""Deflate packs no tighter (zlib, technical details), so shorter streams need no look."""

_STREAM = re.compile(rb"stream\r?\n")
_STEP = 4 * MIB


def check_streams(path: Path) -> None:
    """Refuses a file one of whose packed streams, pictures aside, unpacks to more than `MAX_STREAM_BYTES`.

    Raises:
        TooLarge: it holds such a stream.
    Cost: one pass over the file, and unpacking of the streams longer than 130 kB.
    """
    if path.stat().st_size < MAX_STREAM_BYTES // _MAX_RATIO:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position = 0
        while (start := _STREAM.search(data, position)) is not None:
            end = data.find(b"endstream", start.end())
            end = len(data) if end < 0 else end
            position = max(end + len(b"endstream"), start.end())
            if end - start.end() < MAX_STREAM_BYTES // _MAX_RATIO:
                continue
            head = data[max(0, start.start() - 600) : start.start()].rsplit(b" obj", 1)[-1]
            if b"/Flate" in head.replace(b"/Fl ", b"/Flate ") and b"/Image" not in head:
                _check(data, start.end(), end)


def _check(data: mmap.mmap, start: int, end: int) -> None:
    unpacker = zlib.decompressobj()
    size = 0
    for at in range(start, end, _STEP):
        packed = data[at : min(end, at + _STEP)]
        while packed and not unpacker.eof:
            try:
                size += len(unpacker.decompress(packed, _STEP))
            except zlib.error:
                # Broken data is the readers' business.
                return
            packed = unpacker.unconsumed_tail
            if size > MAX_STREAM_BYTES:
                raise TooLarge(f"a packed part of the file grows beyond {MAX_STREAM_BYTES // MIB} MiB when unpacked")
