"""Starting the browser app: Streamlit as a process of its own, bound to this machine only."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from kbbuilder.config import Settings
from kbbuilder.errors import ConfigError, MissingPackage

_ADDRESS = "127.0.0.1"
_STOP_S = 10.0


def launch_ui(settings: Settings, *, port: int, browser: bool) -> int:
    """Run the app until it is stopped, by Ctrl+C or as a service manager does; its exit code. Main thread only.

    Raises:
        MissingPackage: streamlit or the app itself is not installed.
        ConfigError: the port is taken.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise MissingPackage("streamlit is not installed", hint="Run: pip install streamlit")
    if not _free(port):
        raise ConfigError(
            f"port {port} is in use", hint=f"Close the other program, or run: kbbuilder ui --port {port + 1}"
        )
    script = app_script()
    environ = os.environ | {"KBBUILDER_DB": settings.db, "KBBUILDER_COLLECTION": settings.collection}
    environ["PYTHONPATH"] = os.pathsep.join(p for p in (str(script.parents[1]), os.environ.get("PYTHONPATH", "")) if p)
    command = [
        sys.executable, "-m", "streamlit", "run", str(script),
        "--server.address", _ADDRESS,
        "--server.port", str(port),
        "--server.headless", "false" if browser else "true",
        "--server.maxUploadSize", str(settings.limits.max_file_bytes // (1024 * 1024)),
        "--server.showEmailPrompt", "false",
        "--browser.gatherUsageStats", "false",
        # Its welcome offers, on the page too, to teach coding assistants Streamlit: nothing to an operator.
        "--logger.hideWelcomeMessage", "true",
        "--client.toolbarMode", "minimal",
        "--client.showErrorDetails", "none",
    ]  # fmt: skip
    print(f"kbbuilder is at http://{_ADDRESS}:{port}  (Ctrl+C stops it)", file=sys.stderr)
    # Without this a service manager would end this process alone, and the app would go on holding its port.
    signal.signal(signal.SIGTERM, _interrupt)
    process = subprocess.Popen(command, env=environ)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        try:
            process.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return 0


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def app_script() -> Path:
    """The app's entry script.

    Raises:
        MissingPackage: the `ui` package is not installed.
    """
    checkout = Path(__file__).parents[1] / "ui" / "app.py"
    if checkout.is_file():
        return checkout
    raise MissingPackage("the browser app is not installed", hint="Install kbbuilder again.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_ADDRESS, port))
        except OSError:
            return False
    return True
