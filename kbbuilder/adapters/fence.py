"""The fence round the readers: every document is read in a process of its own that can be stopped.

A reader that hangs, swells or crashes ends its process, and the end is told as an outcome with a code.
"""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

import kbbuilder
from kbbuilder.config import MIB, ParseLimits
from kbbuilder.errors import (
    DocumentError,
    ParseMemory,
    ParserCrashed,
    ParseTimeout,
    SpecialFile,
    TooLarge,
    Unreadable,
)
from kbbuilder.language.text import one_line
from kbbuilder.schema import ParseOutcome

RESULT_BYTES = 512 * MIB
_MAX_REASON = 300
_POLL_S = (0.002, 0.05)
_FOLDER = "kbbuilder-parse-"
_ABANDONED_S = 3600.0
"""Older folders belong to nobody: far above what reading a document may take."""
_PAGE_MARK = "page-mark"
"""A file the child touches whenever it begins to recognise a scanned page."""
# Signals by which an allocator, or a library that cannot go on without memory, gives up.
_OUT_OF_MEMORY_SIGNALS = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP})


class _End(NamedTuple):
    """How the process ended: its exit code (negative: the signal), whether we stopped it, its peak memory in bytes."""

    code: int
    stopped: bool
    peak_bytes: int


class FencedParser:
    """A `DocumentParser` that starts one limited process a document. Safe to call from several threads."""

    def __init__(self, limits: ParseLimits, python: str = sys.executable) -> None:
        self._limits = limits
        self._python = python
        _sweep(limits.max_seconds)

    def parse(self, path: Path, name: str) -> ParseOutcome:
        """The outcome of reading `path`; never raises for what is in the file.

        Cost: 0.3 s of process start plus the reading; at most `limits.seconds_for(size)`, or, while scanned pages are
        being recognised one after the other, `limits.max_seconds`.
        """
        try:
            size = path.lstat().st_size
        except OSError as error:
            return _failed(Unreadable(f"the file cannot be opened: {error.strerror}"), path, name)
        if path.is_symlink():
            return _failed(SpecialFile("this is a link, not a plain file"), path, name)
        with tempfile.TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True) as folder:
            seconds = self._limits.seconds_for(size)
            result = Path(folder, "outcome.json")
            end = self._run(path.absolute(), name, result, seconds)
            outcome = _outcome_in(result)
            if outcome is None:
                return _failed(self._problem(end, seconds), path, name)
        if outcome.ok:
            return outcome
        return outcome.model_copy(update={"reason": _plain(outcome.reason, path, name)})

    def _run(self, path: Path, name: str, result: Path, seconds: float) -> _End:
        job = {
            "path": str(path), "name": name, "result_path": str(result), "result_bytes": RESULT_BYTES,
            "cpu_seconds": math.ceil(seconds), "limits": asdict(self._limits),
            "page_mark": str(result.parent / _PAGE_MARK),
        }  # fmt: skip
        process = subprocess.Popen(
            [self._python, "-P", "-m", "kbbuilder.parse_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=result.parent,
            env=_environment(result.parent),
            start_new_session=True,
        )
        try:
            _send(process, json.dumps(job))
            return _wait(process, seconds, result.parent / _PAGE_MARK, self._limits)
        finally:
            _stop_group(process)

    def _problem(self, end: _End, seconds: float) -> DocumentError:
        if end.stopped or end.code == -signal.SIGXCPU:
            return ParseTimeout(f"reading it took longer than {seconds:.0f} seconds")
        memory = f"reading it needs more than {self._limits.memory_bytes / MIB:.0f} MiB of memory"
        if end.code == -signal.SIGKILL:
            return ParseMemory(memory)
        if -end.code in _OUT_OF_MEMORY_SIGNALS and end.peak_bytes > self._limits.memory_bytes // 2:
            return ParseMemory(memory)
        if end.code < 0:
            return ParserCrashed(f"its reader was stopped by signal {_signal_name(-end.code)}")
        if end.code == 0:
            return TooLarge("what was read from it is too large to be passed on")
        return ParserCrashed(f"its reader ended with exit code {end.code} and no result")


def _sweep(max_seconds: float) -> None:
    """Remove the folders, with what was read in them, of processes that were killed: those no reading still uses."""
    longest = max(_ABANDONED_S, 2 * max_seconds)
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(OSError):
            about = folder.lstat()
            if stat.S_ISDIR(about.st_mode) and about.st_mtime < time.time() - longest:
                shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """What the child needs to find Python's packages and to keep libraries quiet: no keys, no home, no proxies."""
    passed = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if key in os.environ}
    here = str(Path(kbbuilder.__file__).resolve().parent.parent)
    search = [here, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return passed | {
        "PYTHONPATH": os.pathsep.join(search), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "LANG": "C.UTF-8",
        "HOME": str(folder), "TMPDIR": str(folder), "DO_NOT_TRACK": "1", "SCARF_NO_ANALYTICS": "true",
        "UNSTRUCTURED_DISABLE_NOTICE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
    }  # fmt: skip


def _send(process: subprocess.Popen[bytes], job: str) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(job.encode())
        process.stdin.close()
    except BrokenPipeError:
        return  # it ended before it read its job; the exit code says how


def _wait(process: subprocess.Popen[bytes], seconds: float, page_mark: Path, limits: ParseLimits) -> _End:
    """Waits for the end, or makes one after `seconds`, later only while scanned pages follow one another. Watches the
    child's memory: what wait4 tells of it would count this process's own as well, from the moment between fork and
    exec."""
    peak = 0
    started = time.monotonic()
    deadline = started + seconds
    pause, longest = _POLL_S
    stopped = False
    while True:
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            # Not yet reaped, so its number still names its own group: a converter it left running ends with it.
            _signal_group(process.pid)
            _, status = os.waitpid(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            return _End(process.returncode, stopped, peak)
        peak = max(peak, _resident_bytes(process.pid))
        if not stopped and time.monotonic() > deadline:
            left = limits.seconds_per_ocr_page - _seconds_since(page_mark)
            deadline = min(time.monotonic() + left, started + limits.max_seconds)
            if time.monotonic() >= deadline:
                stopped = True
                _signal_group(process.pid)
        time.sleep(pause)
        pause = min(pause * 1.5, longest)


def _resident_bytes(pid: int) -> int:
    """The memory a process holds now; 0 where the system has no /proc to tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0


def _seconds_since(page_mark: Path) -> float:
    """How long ago the child began a scanned page; without end when it never did."""
    try:
        return max(0.0, time.time() - page_mark.stat().st_mtime)
    except OSError:
        return math.inf


def _stop_group(process: subprocess.Popen[bytes]) -> None:
    """Ends the child and what it started, when an error or an interrupt of ours kept us from waiting for it."""
    if process.returncode is None:
        _signal_group(process.pid)
        process.wait()


def _signal_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # nobody is left


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _outcome_in(result: Path) -> ParseOutcome | None:
    """The outcome the child wrote; None when it wrote none, or was stopped while writing."""
    try:
        if result.stat().st_size > RESULT_BYTES:
            return None
        return ParseOutcome.model_validate_json(result.read_bytes())
    except (OSError, ValidationError):
        return None


def _failed(error: DocumentError, path: Path, name: str) -> ParseOutcome:
    return ParseOutcome(code=error.code, reason=_plain(error.message, path, name), hint=error.hint)


def _plain(reason: str, path: Path, name: str) -> str:
    """One line without paths of this machine."""
    text = one_line(reason)
    for place in (str(path), str(path.absolute()), str(path.parent.absolute())):
        if len(place) > 1:
            text = text.replace(place, name)
    return text if len(text) <= _MAX_REASON else text[: _MAX_REASON - 1] + "…"
