"""The background worker, and two processes at one library."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from build_bench import assert_same, build, database_of, library_rows, service_of, settings_of
from sqlalchemy import text

from kbbuilder.adapters.background import start_worker
from kbbuilder.services.build.processes import process_lives
from kbbuilder.store import worker
from kbbuilder.store.documents import iso

_DOCUMENT = "# {n}\n\n## What is the number of page {n}?\n\nThe number of this page is {n}, and no other page has it.\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for n in range(4):
        (folder / f"page{n}.md").write_text(_DOCUMENT.format(n=n), encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def _until(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def _states(home: Path) -> list[str]:
    with database_of(home).read() as conn:
        return list(conn.scalars(text("SELECT state FROM document_version ORDER BY ordinal")))


def test_two_processes_share_the_work_and_end_in_the_same_library(files: Path, home: Path, tmp_path: Path) -> None:
    build(service_of(tmp_path / "alone"), files)
    first, second = service_of(home, workers=1), service_of(home, workers=1)
    first.add_paths([files], collection="default", engine="auto")
    with ThreadPoolExecutor(2) as pool:
        reports = [future.result(60) for future in [pool.submit(first.run), pool.submit(second.run)]]
    worked = [file.name for report in reports for file in report.documents]
    assert sorted(set(worked)) == [f"page{n}.md" for n in range(4)]
    assert_same(library_rows(home), library_rows(tmp_path / "alone"))


def test_a_run_waits_for_documents_that_another_process_has_in_hand(files: Path, home: Path) -> None:
    service = service_of(home)
    service.add_paths([files], collection="default", engine="auto")
    with database_of(home).write() as conn:
        conn.execute(
            text("UPDATE document_version SET lease_owner = :owner, lease_until = '9999' WHERE ordinal = 1"),
            {"owner": f"elsewhere:1:{'0' * 8}"},
        )
    running = threading.Thread(target=service.run, daemon=True)
    running.start()
    _until(lambda: _states(home) == ["uploaded", "extracted", "extracted", "extracted"])
    with database_of(home).write() as conn:
        conn.execute(text("UPDATE document_version SET lease_until = '2000' WHERE ordinal = 1"))
    running.join(60)
    assert _states(home) == ["done"] * 4


def test_a_worker_works_off_what_comes_in_and_ends_when_nothing_does(files: Path, home: Path) -> None:
    service = service_of(home)
    served: list[bool] = []
    shift = threading.Thread(target=lambda: served.append(service.serve(idle_s=0.5)), daemon=True)
    shift.start()
    _until(service.worker_runs)
    other = service_of(home)
    assert other.serve(idle_s=0.1) is False
    other.add_paths([files], collection="default", engine="auto")
    _until(lambda: _states(home) == ["done"] * 4)
    shift.join(30)
    assert served == [True] and not service.worker_runs()


@pytest.mark.parametrize("pid", [2**22 + 1, os.getpid()], ids=["dead process", "silent process"])
def test_a_worker_that_died_is_replaced(home: Path, pid: int) -> None:
    service = service_of(home)
    seen = datetime(2020, 1, 1, tzinfo=UTC) if pid == os.getpid() else datetime.now(UTC)
    with database_of(home).write() as conn:
        worker.sign_in(conn, pid=pid, host=os.uname().nodename, at=iso(seen))
    assert not service.worker_runs()
    assert service.serve(idle_s=0.0)


def test_the_started_worker_outlives_a_kill_of_its_predecessor(files: Path, home: Path) -> None:
    service = service_of(home)
    service.add_paths([files], collection="default", engine="auto")
    settings = replace(settings_of(home), collection="default")
    killed = start_worker(settings)
    _until(service.worker_runs)
    os.kill(killed, signal.SIGKILL)
    _until(lambda: not process_lives(killed))
    again = start_worker(settings)
    try:
        _until(lambda: _states(home) == ["done"] * 4)
        assert service.worker_runs()
    finally:
        os.kill(again, signal.SIGKILL)
        os.waitpid(again, 0)
    assert "Traceback" not in (settings.data_dir / "worker.log").read_text(encoding="utf-8")


def test_a_worker_without_a_library_says_so(tmp_path: Path) -> None:
    environ = os.environ | {"KBBUILDER_DB": "postgresql://nowhere/x", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kbbuilder.worker"]
    ended = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 3 and "CONFIG" in ended.stderr and "Traceback" not in ended.stderr
