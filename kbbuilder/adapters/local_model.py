"""A model on this machine behind an OpenAI-compatible address, through xllamacpp: the optional extra `local`.

It runs in a process of its own: that ends at once whatever a client still holds open, gives all memory back, and a
crash in it is an error here rather than the end of the build.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import IO, NamedTuple

from kbbuilder.adapters.local_model_server import ServerJob
from kbbuilder.errors import MissingPackage, ModelFileMissing, ModelUnusable

PACKAGE = "xllamacpp"
CONTEXT_TOKENS = 8192
"""Prompt and reply together, for each request."""
START_TIMEOUT_S = 180.0
"""From a slow disk, reading a gigabyte takes a minute."""


class LocalModel(NamedTuple):
    base_url: str
    """Of the API, up to and with `/v1`. It takes any key."""
    model: str


@contextmanager
def open_local_model(
    file: Path,
    *,
    threads: int = 0,
    context_tokens: int = CONTEXT_TOKENS,
    slots: int = 1,
    start_timeout_s: float = START_TIMEOUT_S,
) -> Iterator[LocalModel]:
    """Serve the GGUF `file` on a free port of 127.0.0.1 until the block ends.

    Args:
        file: see `model_files.folder.find_model`.
        threads: 0 for `idle_cores`.
        context_tokens: the longest prompt with its reply.
        slots: requests worked on at a time; each has its own context.
        start_timeout_s: wall clock until it must answer.

    Raises:
        MissingPackage: xllamacpp is not installed.
        ModelFileMissing: `file` is not there.
        ModelUnusable: `file` is damaged or of an unknown kind, or memory or time ran out.
    Cost: Qwen2.5-Coder-1.5B: 2–5 s and 2 GB, of which half is the mapped file.
    """
    if find_spec(PACKAGE) is None:
        raise MissingPackage(
            "the runtime of local models is not installed",
            hint='Install it with `pip install "kbbuilder[local]"` and try again.',
        )
    if not file.is_file():
        raise ModelFileMissing(f"{file} does not exist")
    job = ServerJob(str(file.resolve()), file.stem, threads or idle_cores(), context_tokens, slots)
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "kbbuilder.adapters.local_model_server", json.dumps(asdict(job))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8",
        )  # fmt: skip
        try:
            address = _address(process, file, log, start_timeout_s)
            yield LocalModel(f"{address}/v1", job.model)
        finally:
            process.kill()  # it keeps nothing that could be lost
            process.communicate()


def idle_cores() -> int:
    """Cores that the last minute's load left free, at least 1.

    Its threads wait for one another at every step, so one that shares its core holds up all. Measured on 2 cores: 2
    threads instead of 1 write 1.6 times as fast on an idle machine, and an eighth as fast at a load of 5.
    """
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, physical_cores() - round(busy))


def physical_cores() -> int:
    """Cores that this process may use, at least 1. A second thread on the same core makes nothing faster."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    allowed = os.sched_getaffinity(0)
    siblings = (Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") for cpu in allowed)
    cores = {path.read_text() for path in siblings if path.is_file()}
    return len(cores) or len(allowed)


def _address(process: subprocess.Popen[str], file: Path, log: IO[bytes], timeout_s: float) -> str:
    """Where the process answers, such as `http://127.0.0.1:40213`."""
    assert process.stdout is not None
    deadline = time.monotonic() + timeout_s
    watch = threading.Timer(timeout_s, process.kill)
    watch.start()
    try:
        line = process.stdout.readline()
    finally:
        watch.cancel()
    ready = json.loads(line) if line.startswith("{") else {}
    if "address" in ready:
        address = str(ready["address"])
        while time.monotonic() < deadline:
            if _answers(address):
                return address
            if process.poll() is not None:
                break
            time.sleep(0.1)
    if time.monotonic() >= deadline:
        raise ModelUnusable(f"{file.name} did not answer within {timeout_s:g} s")
    log.seek(0)
    said = log.read().decode("utf-8", "replace").strip().splitlines()
    reason = ready.get("error") or (said[-1] if said else f"its process ended with {process.wait(timeout=10)}")
    raise ModelUnusable(f"{file.name} cannot be loaded: {reason}")


def _answers(address: str) -> bool:
    # A proxy of the environment knows nothing of this machine's ports.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/health", timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
