"""Killing a build at any point and starting it again ends in the same library."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from build_bench import LibraryRows, assert_same, build, library_rows, service_of, settings_of
from sqlalchemy import Connection

from kbbuilder.store.database import Database

SCRIPT = Path(__file__).with_name("build_process.py")

_EN = """# {m} manual

## How do I reset the {m}?

Hold the power button of the {m} for {n} seconds.

## Cleaning

1. Switch the {m} off.
2. Wipe it with a dry cloth.
"""
_ZH = """# {m} 说明书

## {m} 的保修期是多久？

{m} 自购买之日起保修 {n} 个月。

## 更换滤网

1. 关闭 {m} 的电源。
2. 取下旧滤网，装上新滤网。
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Four documents that share texts, so that the order of merging shows in the library."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, template, model, number in (
        ("a.md", _EN, "X200", 10), ("b.md", _ZH, "L5", 24), ("c.md", _EN, "X200", 20), ("d.md", _ZH, "L5", 24),
    ):  # fmt: skip
        (folder / name).write_text(template.format(m=model, n=number), encoding="utf-8")
    return folder


@pytest.fixture
def expected(files: Path, tmp_path: Path) -> LibraryRows:
    report = build(service_of(tmp_path / "uninterrupted"), files)
    assert report.duplicates > 0 and report.conflicts
    return library_rows(tmp_path / "uninterrupted")


class _Killed(BaseException):
    """Nothing in the program catches it."""


class _DyingDatabase(Database):
    """Dies at one write, just before it commits; from then on nothing reaches the database."""

    def __init__(self, url: str, dies_at: int) -> None:
        super().__init__(url)
        self.writes = 0
        self._dies_at = dies_at

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self.writes += 1
        if self.writes > self._dies_at:
            raise _Killed
        with super().write() as conn:
            yield conn
            if self.writes == self._dies_at:
                raise _Killed


def test_death_at_every_single_write_is_survived(files: Path, expected: LibraryRows, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    Database(f"sqlite:///{empty}").migrate()
    deaths, died = 0, True
    while died:
        deaths += 1
        home = tmp_path / f"home{deaths}"
        home.mkdir()
        shutil.copy(empty, home / "library.db")
        try:
            build(service_of(home, database=_DyingDatabase(settings_of(home).db, deaths)), files)
            died = False
        except _Killed:
            # The dead process's leases have run out by then.
            build(service_of(home, clock=lambda: datetime.now(UTC) + timedelta(minutes=2)), files)
        assert_same(library_rows(home), expected, f"death at write {deaths}")
    assert deaths > 20


def test_kill_9_at_random_moments_is_survived(files: Path, expected: LibraryRows, tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, str(SCRIPT), str(home), str(files)]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    moments = random.Random(7)
    kills = 0
    for _ in range(6):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0.0, 1.2))
        kills += process.poll() is None
        process.kill()
        process.communicate()
    assert kills >= 2
    started = time.monotonic()
    subprocess.run(command, check=True, timeout=120, env=environ)
    # The leases of a dead process of this machine count for nothing; nobody waits for them to run out.
    assert time.monotonic() - started < 45
    assert_same(library_rows(home), expected)
