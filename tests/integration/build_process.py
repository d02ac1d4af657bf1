"""A build in a process of its own, to be killed: `python build_process.py HOME FILES`. Says "ready" before it works."""

from __future__ import annotations

import sys
from pathlib import Path

from build_bench import service_of

from kbbuilder.adapters.fence import FencedParser
from kbbuilder.config import ParseLimits

if __name__ == "__main__":
    home, files = Path(sys.argv[1]), Path(sys.argv[2])
    service = service_of(home, parser=FencedParser(ParseLimits()))
    print("ready", flush=True)
    registered = service.add_paths([files], collection="default", engine="auto")
    service.run(registered=registered)
