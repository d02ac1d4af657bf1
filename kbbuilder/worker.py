"""The background worker: `python -m kbbuilder.worker [SETTINGS]`.

Works off what the browser app (or anybody) has put into the database, and ends when nothing has come for a while. It
is a process of its own, so closing the page or restarting the app loses nothing; killing it loses nothing either.
SETTINGS is what `adapters.background` passes on; without it the environment and kbbuilder.toml are read.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kbbuilder.bootstrap import open_library
from kbbuilder.config import Settings, load_settings, settings_from_json
from kbbuilder.errors import KbError

IDLE_S = 60.0


def main(arguments: list[str]) -> int:
    # As in `cli.main`: read when numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        with open_library(_settings(arguments)) as library:
            library.build.serve(idle_s=IDLE_S)
    except KbError as error:
        print(f"{error.code}: {error.message} {error.hint}", file=sys.stderr)
        return error.exit_code
    return 0


def _settings(arguments: list[str]) -> Settings:
    if arguments:
        return settings_from_json(arguments[0])
    return load_settings(os.environ, Path.cwd())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
