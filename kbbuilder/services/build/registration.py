"""Finding the files to build from, and reading each without ever following a link or waiting on a pipe."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbbuilder.errors import DocumentError, PathNotFound, SpecialFile, TooLarge, Unreadable
from kbbuilder.language.text import one_line

_NAME_CHARS = 300


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to be read, or (with `problem`) one that will not be. `name` is for people only; it opens nothing."""

    path: Path
    name: str
    problem: DocumentError | None = None


def find_files(paths: Sequence[Path], library: Path | None = None) -> tuple[FoundFile, ...]:
    """The files at these paths, folders walked in sorted order, each file once.

    A file in a folder is named by its path within that folder, so `a/faq.md` and `b/faq.md` differ. Where two names are
    equal all the same, the later file's has the given folder's name in front, then a number. Hidden files are left out,
    and so are the files of libraries (the one at work is `library`); links, devices, pipes, and folders that cannot be
    opened are listed with their problem.

    Raises:
        PathNotFound: a path does not exist. Nothing has been read then.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise PathNotFound(f"there is no file or folder {display_name(str(path))}")
    found: list[FoundFile] = []
    names: set[str] = set()
    seen: set[str] = set()
    for given in paths:
        for file in _under(given):
            # `abspath` keeps links apart from what they point at, as `resolve` would not.
            place = os.path.abspath(file.path)  # noqa: PTH100
            if place in seen or (library is not None and place.startswith(os.path.abspath(library))):  # noqa: PTH100
                continue
            seen.add(place)
            name = _unique(file.name, given, names)
            names.add(name)
            found.append(FoundFile(file.path, name, file.problem))
    return tuple(found)


def read_file(path: Path, max_bytes: int) -> bytes:
    """The content of a plain file.

    Raises:
        SpecialFile: it is no plain file (a link, a device, a pipe).
        TooLarge: it holds more than `max_bytes`.
        Unreadable: it cannot be opened or read.
    """
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    try:
        if special := _special(path.lstat().st_mode):
            raise special
        with os.fdopen(os.open(path, flags), "rb") as file:
            # Asked of the open file, not of its name: the name may point elsewhere by now.
            if special := _special(os.fstat(file.fileno()).st_mode):
                raise special
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from error
    if len(content) > max_bytes:
        raise TooLarge(f"the file is larger than {max_bytes // (1 << 20)} MiB")
    return content


def display_name(name: str) -> str:
    """A file name fit to be shown and stored: one line, no control characters, no undecodable bytes, not too long."""
    shown = one_line(name.encode("utf-8", "replace").decode("utf-8"))
    return shown[-_NAME_CHARS:] or "unnamed"


def _under(given: Path) -> Iterator[FoundFile]:
    if given.is_dir():
        yield from _walk(given, "")
    else:
        yield _looked_at(given, given.name, given.lstat().st_mode)


def _walk(folder: Path, prefix: str) -> Iterator[FoundFile]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield FoundFile(folder, display_name(prefix or folder.name), Unreadable(f"not opened: {error.strerror}"))
        return
    own = _library_files(folder, [entry.name for entry in entries])
    for entry in entries:
        if entry.name.startswith(".") or entry.name in own:
            continue
        name = prefix + entry.name
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError as error:
            yield FoundFile(Path(entry.path), display_name(name), Unreadable(f"not opened: {error.strerror}"))
            continue
        if stat.S_ISDIR(mode):
            yield from _walk(Path(entry.path), name + "/")
        else:
            yield _looked_at(Path(entry.path), name, mode)


def _library_files(folder: Path, names: Sequence[str]) -> frozenset[str]:
    """The files of kbbuilder libraries that lie among the documents: databases, their logs and stored copies. Without
    this, `build .` would read its own store."""
    own: set[str] = set()
    for name in names:
        if name.endswith("-data") and (folder / name / "blobs").is_dir():
            stem = name.removesuffix("-data")
            beside = {n for n in names if n == stem or n.startswith((f"{stem}.db", f"{stem}.sqlite"))}
            own |= {name, *beside} if beside else set()
    return frozenset(own)


def _looked_at(path: Path, name: str, mode: int) -> FoundFile:
    return FoundFile(path, display_name(name), _special(mode))


def _special(mode: int) -> SpecialFile | None:
    """Why a file of this mode is not read; None for a plain file."""
    if stat.S_ISLNK(mode):
        return SpecialFile("this is a link, not a plain file")
    if not stat.S_ISREG(mode):
        return SpecialFile("this is a device, pipe or socket, not a plain file")
    return None


def _unique(name: str, given: Path, names: set[str]) -> str:
    if name not in names:
        return name
    name = display_name(f"{given.absolute().name}/{name}")
    unique, number = name, 2
    while unique in names:
        unique = f"{name} ({number})"
        number += 1
    return unique
