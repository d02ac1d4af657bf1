"""A build with the llm engine in a process of its own, to be killed: `python llm_process.py HOME FILES URL CONCURRENCY`.
Says "ready" before it works."""

from __future__ import annotations

import sys
from pathlib import Path

from build_bench import service_of
from llm_bench import chat

from kbbuilder.config import CallLimits

if __name__ == "__main__":
    home, files, url, concurrency = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    service = service_of(home, model=lambda: chat(url), calls=CallLimits(concurrency=concurrency))
    print("ready", flush=True)
    registered = service.add_paths([files], collection="default", engine="auto")
    service.run(registered=registered)
