"""`kbbuilder ui` as it is started for the first time on a machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path


def test_the_app_comes_up_without_asking_who_is_there_or_offering_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / ".codex").mkdir()  # a coding assistant's folder, to which Streamlit offers lessons
    app, port = _started(tmp_path)
    try:
        _wait_until_up(app, port)
    finally:
        os.killpg(app.pid, signal.SIGKILL)
        told = app.communicate()[0].decode()
    assert "Email" not in told and "Streamlit" not in told
    assert f"http://127.0.0.1:{port}" in told


def test_the_app_ends_with_the_command_that_a_service_manager_stops(tmp_path: Path) -> None:
    app, port = _started(tmp_path)
    try:
        _wait_until_up(app, port)
        app.terminate()
        assert app.wait(timeout=60) == 0
        assert not _is_up(port)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(app.pid, signal.SIGKILL)
        app.communicate()


def _started(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    """`kbbuilder ui` for somebody with this home, in a process group of its own, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from kbbuilder.cli import main; main()", "ui", "--port", str(port)]
    environ = os.environ | {
        "HOME": str(home), "USERPROFILE": str(home), "BROWSER": "true", "PYTHONPATH": os.pathsep.join(sys.path)
    }  # fmt: skip
    # Its input stays open and empty: whoever asks there waits for ever.
    app = subprocess.Popen(
        command, cwd=home, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    return app, port


def _wait_until_up(app: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 90
    while not _is_up(port):
        assert app.poll() is None and time.monotonic() < deadline
        time.sleep(0.2)


def _is_up(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as reply:
            return bool(reply.read() == b"ok")
    except OSError:
        return False
