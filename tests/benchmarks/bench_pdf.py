"""Compares the PDF reader with pypdf's plain text: CPU seconds and peak memory, each in a process of its own.

    python tests/benchmarks/bench_pdf.py FILE.pdf...      (default: the PDFs in samples/)

Prints one line a file and the ratio; ends with code 1 when the reader needs more than a third of pypdf's CPU time
on files of twenty pages and more. Start-up and imports are left out on both sides; the reader runs with the settings of
the parse process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT = 1 / 3
MIN_PAGES = 20

_MEASURE = """
import json, resource, sys, time
from pathlib import Path
{setup}
path = Path(sys.argv[1])
start = time.process_time()
pages = {work}
used = time.process_time() - start
print(json.dumps([used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, pages]))
"""
_OURS = _MEASURE.format(
    setup="from kbbuilder.adapters.pdf import PdfReader\nfrom kbbuilder.parse_child import spare_collector as spare\nspare()",
    work="PdfReader().read(path, path.name).pages",
)
_PYPDF = _MEASURE.format(
    setup="import logging, pypdf; logging.getLogger('pypdf').setLevel(logging.CRITICAL)",
    work="len([page.extract_text() for page in pypdf.PdfReader(path).pages])",
)


def run(code: str, path: Path) -> tuple[float, float, int]:
    """CPU seconds, peak memory in MiB, pages."""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, memory, pages = json.loads(done.stdout)
    return seconds, memory, pages


def main(arguments: list[str]) -> int:
    paths = [Path(a).resolve() for a in arguments] or sorted((ROOT / "samples").glob("*.pdf"))
    slow = False
    print(f"{'file':44} {'pages':>5} {'ours s':>7} {'pypdf s':>8} {'ratio':>6} {'ours MiB':>9} {'pypdf MiB':>10}")
    for path in paths:
        ours, our_memory, pages = run(_OURS, path)
        theirs, their_memory, _ = run(_PYPDF, path)
        ratio = ours / theirs
        slow |= pages >= MIN_PAGES and ratio > LIMIT
        figures = f"{pages:5} {ours:7.2f} {theirs:8.2f} {ratio:6.2f} {our_memory:9.0f} {their_memory:10.0f}"
        print(f"{path.name[:44]:44} {figures}")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
