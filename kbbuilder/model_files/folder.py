"""Where model files are kept, and which are there.

A file has its final name only once its sum was checked, so what the folder shows needs no second check. A download
in progress is the folder `<file>.partial` beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kbbuilder.errors import ModelFileMissing
from kbbuilder.model_files.catalogue import CATALOGUE, CatalogueModel

SUFFIX = ".gguf"
PARTIAL = ".partial"
CONTENT = "content"
"""In the partial folder: the file's bytes so far, from its beginning and without gaps."""


class ModelState(StrEnum):
    ready = "ready"
    partial = "partial"
    absent = "absent"


@dataclass(frozen=True, slots=True)
class ListedModel:
    name: str
    state: ModelState
    path: Path
    """Where the file is, or will be."""
    size_bytes: int
    present_bytes: int
    licence: str
    """Empty for a file that the user brought."""
    custom: bool


def model_folder(cache: str, environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The folder of model files; it need not exist.

    Args:
        cache: the setting; empty for the user's cache, which depends on the system.
        environ: the process environment.
        platform: as `sys.platform` has it.
    """
    if cache:
        return Path(cache).expanduser() / "models"
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        root = Path(local) if local else Path.home() / "AppData" / "Local"
        return root / "kbbuilder" / "Cache" / "models"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "kbbuilder" / "models"
    # The XDG specification: a relative path is invalid and is to be ignored.
    xdg = Path(environ.get("XDG_CACHE_HOME", ""))
    root = xdg if xdg.is_absolute() else Path.home() / ".cache"
    return root / "kbbuilder" / "models"


def list_models(folder: Path) -> tuple[ListedModel, ...]:
    """The catalogue's models, there or not, then the user's own by name."""
    known = tuple(_listed(model, folder) for model in CATALOGUE)
    names = {model.file for model in CATALOGUE}
    own = sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file() and path.name not in names)
    return known + tuple(
        ListedModel(path.stem, ModelState.ready, path, size, size, licence="", custom=True)
        for path in own
        for size in (path.stat().st_size,)
    )


def find_model(name: str, folder: Path) -> Path:
    """The file of a model: by the catalogue's name, by the name of one's own file, or by a path to a GGUF.

    Raises:
        ModelFileMissing: none of these is there.
    """
    for listed in list_models(folder):
        if listed.name == name:
            if listed.state is ModelState.ready:
                return listed.path
            raise ModelFileMissing(
                f"the file of the model {name} is not on this machine",
                hint=f"Run `kbbuilder model pull {name}`; it goes on where an earlier download stopped.",
            )
    path = Path(name).expanduser()
    if path.suffix == SUFFIX and path.is_file():
        return path
    raise ModelFileMissing(
        f"there is no local model called {name}",
        hint="`kbbuilder model list` shows the names; `kbbuilder model pull NAME` fetches one.",
    )


def _listed(model: CatalogueModel, folder: Path) -> ListedModel:
    path = folder / model.file
    content = folder / (model.file + PARTIAL) / CONTENT
    state, present = ModelState.absent, 0
    if path.is_file():
        state, present = ModelState.ready, path.stat().st_size
    elif content.is_file():
        state, present = ModelState.partial, content.stat().st_size
    return ListedModel(model.name, state, path, model.size_bytes, present, model.licence, custom=False)
