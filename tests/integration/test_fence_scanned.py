"""Recognising scanned pages takes longer than reading: the fence waits while page follows page, and no longer."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

from kbbuilder.adapters.fence import FencedParser
from kbbuilder.config import ParseLimits


def outcome_of(folder: Path, script: str, limits: ParseLimits) -> tuple[str, float]:
    """The code a parse process that does `script` ends with, and the seconds it took."""
    python = folder / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    path = folder / "a.txt"
    path.write_text("How do I return it?", encoding="utf-8")
    start = time.monotonic()
    return FencedParser(limits, str(python)).parse(path, "a.txt").code, time.monotonic() - start


PAGES = "for page in 1 2 3 4 5 6; do touch page-mark; sleep 0.5; done"


def test_while_page_follows_page_the_fence_waits(tmp_path: Path) -> None:
    limits = ParseLimits(base_seconds=0.5, seconds_per_ocr_page=5)
    code, seconds = outcome_of(tmp_path, f"{PAGES}; exit 7", limits)
    assert code == "PARSER_CRASHED" and seconds > 2.9


@pytest.mark.parametrize(
    ("script", "limits"),
    [
        ("touch page-mark; sleep 60", ParseLimits(base_seconds=0.2, seconds_per_ocr_page=1)),
        (f"{PAGES}; sleep 60", ParseLimits(base_seconds=0.2, seconds_per_ocr_page=30, max_seconds=1)),
        ("sleep 60", ParseLimits(base_seconds=0.5, seconds_per_ocr_page=30)),
    ],
)
def test_a_page_that_hangs_too_many_pages_and_no_page_end_in_time(
    tmp_path: Path, script: str, limits: ParseLimits
) -> None:
    code, seconds = outcome_of(tmp_path, script, limits)
    assert code == "TIMEOUT" and seconds < 10
