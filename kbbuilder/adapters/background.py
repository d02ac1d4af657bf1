"""Starting the background worker as a process that outlives the one that started it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import kbbuilder
from kbbuilder.config import Settings, settings_to_json

_LOG_BYTES = 1 << 20


def start_worker(settings: Settings, python: str = sys.executable) -> int:
    """Start `kbbuilder.worker` in a session of its own; its process id. It ends at once when one is at work already.

    Its messages go to `worker.log` beside the stored documents.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    log = settings.data_dir / "worker.log"
    fresh = log.exists() and log.stat().st_size > _LOG_BYTES
    package = str(Path(kbbuilder.__file__).parents[1])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    with log.open("wb" if fresh else "ab") as output:
        process = subprocess.Popen(
            [python, "-m", "kbbuilder.worker", settings_to_json(settings)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,
        )
    return process.pid
