"""However a parse process ends, the caller gets an outcome with a code, a plain reason and a hint, and goes on."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from kbbuilder.adapters.fence import FencedParser
from kbbuilder.config import MIB, ParseLimits
from kbbuilder.schema import ParseOutcome

ROOT = Path(__file__).parents[2]
LIMITS = ParseLimits(base_seconds=60)


def parse(path: Path, limits: ParseLimits = LIMITS, name: str | None = None) -> ParseOutcome:
    return FencedParser(limits).parse(path, name or path.name)


def python_that(folder: Path, script: str) -> str:
    """An interpreter that does `script` instead of reading: the ends that no honest document brings about."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def text_file(folder: Path, text: str = "如何退货？\n请联系客服。\n", name: str = "问题.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_document_comes_back_whole(tmp_path: Path) -> None:
    outcome = parse(text_file(tmp_path))
    assert outcome.code == "PARSED" and outcome.ok and outcome.reason == ""
    assert outcome.document is not None
    assert outcome.document.name == "问题.txt" and outcome.document.language == "zh"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "EMPTY"),
        ("a.txt", b" \n\n ", "EMPTY"),
        ("a.docx", b"MZ\x90", "UNSUPPORTED"),
        ("a.docx", b"PK\x03\x04", "CORRUPT"),
        ("a.html", b"<html><img src='x.png'></html>", "EMPTY"),
    ],
)
def test_refusals_keep_their_code_through_the_process_border(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    outcome = parse(path)
    assert (outcome.code, outcome.ok) == (code, False)
    assert outcome.hint and "\n" not in outcome.reason and str(tmp_path) not in outcome.reason


def test_a_reader_that_hangs_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    python = python_that(tmp_path, f"(while true; do touch {mark}; sleep 0.1; done) & sleep 100")
    started = time.monotonic()
    outcome = FencedParser(ParseLimits(base_seconds=0.5), python).parse(text_file(tmp_path), "a.txt")
    assert outcome.code == "TIMEOUT"
    assert time.monotonic() - started < 20
    mark.unlink(missing_ok=True)
    time.sleep(0.4)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("script", "code", "says"),
    [
        ("kill -SEGV $$", "PARSER_CRASHED", "SIGSEGV"),
        ("kill -ABRT $$", "PARSER_CRASHED", "SIGABRT"),
        ("kill -XCPU $$", "TIMEOUT", "longer than"),
        ("kill -KILL $$", "MEMORY", "memory"),
        ("exit 3", "PARSER_CRASHED", "exit code 3"),
        ("exit 0", "TOO_LARGE", "too large"),
        ("echo '{\"half\":' > outcome.json; exit 1", "PARSER_CRASHED", "exit code 1"),
    ],
)
def test_every_end_of_the_process_is_told_as_an_outcome(tmp_path: Path, script: str, code: str, says: str) -> None:
    outcome = FencedParser(LIMITS, python_that(tmp_path, script)).parse(text_file(tmp_path), "a.txt")
    assert outcome.code == code
    assert says in outcome.reason and outcome.hint


def test_a_document_that_needs_too_much_memory_is_told_so(tmp_path: Path) -> None:
    path = text_file(tmp_path, "正文。\n\n" * 3_000_000, "big.txt")
    outcome = parse(path, replace(LIMITS, memory_bytes=160 * MIB))
    assert outcome.code == "MEMORY"
    assert "160 MiB" in outcome.reason


def test_too_many_elements_are_refused(tmp_path: Path) -> None:
    assert parse(text_file(tmp_path, "正文。\n\n" * 50), replace(LIMITS, max_elements=20)).code == "TOO_LARGE"


def test_links_and_missing_files_never_start_a_process(tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(text_file(tmp_path))
    assert parse(link).code == "SPECIAL_FILE"
    assert parse(tmp_path / "gone.txt").code == "UNREADABLE"


@pytest.mark.parametrize("name", ["--rf.txt", "a b;$(touch PWNED)`id`&'q'.txt", "x" * 240 + ".txt"])
def test_odd_names_are_only_names(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = text_file(tmp_path, name=name)
    outcome = parse(Path(name))
    assert outcome.ok and outcome.document is not None and outcome.document.name == name
    assert sorted(tmp_path.iterdir()) == [path]


def test_the_process_gets_no_secrets_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    seen = tmp_path.parent / f"{tmp_path.name}-env"
    python = python_that(tmp_path, f"env > {seen}; pwd >> {seen}; exit 1")
    path = text_file(tmp_path)
    FencedParser(LIMITS, python).parse(path, "a.txt")
    told = seen.read_text()
    assert "sk-secret" not in told and "DO_NOT_TRACK=1" in told
    folder = told.strip().splitlines()[-1]
    assert not Path(folder).exists()


def test_inside_the_network_is_closed_and_the_limits_hold(tmp_path: Path) -> None:
    job = {
        "path": str(text_file(tmp_path)), "name": "a.txt", "result_path": str(tmp_path / "out.json"),
        "result_bytes": MIB, "cpu_seconds": 30, "limits": asdict(LIMITS),
    }  # fmt: skip
    script = (
        "import resource, socket\nfrom kbbuilder import parse_child\nparse_child.main()\n"
        "connect = lambda: socket.create_connection(('127.0.0.1', 9), 1)\n"
        "for reach in (connect, lambda: socket.getaddrinfo('x.example', 80)):\n"
        "    try:\n        reach()\n    except PermissionError:\n        print('closed')\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CORE)[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(job), capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout.split() == ["closed", "closed", str(LIMITS.memory_bytes), "0"], done.stderr
    assert ParseOutcome.model_validate_json((tmp_path / "out.json").read_bytes()).ok


def test_a_page_that_names_addresses_is_read_without_them(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        '<link href="http://127.0.0.1:9/x.css"><img src="file:///etc/passwd" alt="a lamp"><p>Text</p>', encoding="utf-8"
    )
    outcome = parse(path)
    assert outcome.document is not None
    assert [e.text for e in outcome.document.elements] == ["a lamp", "Text"]


def test_a_book_is_read_under_the_limits_and_a_broken_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", "<container/>")
    assert parse(path).code == "CORRUPT"


def test_the_child_starts_without_the_heavy_packages() -> None:
    script = (
        "import sys\nfrom kbbuilder import parse_child\nfrom kbbuilder.bootstrap import reader_for\n"
        "from kbbuilder.stages.parse import gate, mark\nimport kbbuilder.adapters.plain_text\n"
        "heavy = ('numpy', 'sqlmodel', 'sqlalchemy', 'streamlit', 'lxml', 'unstructured', 'openai')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_folders_of_killed_builds_are_swept_up_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, fresh = tmp_path / "kbbuilder-parse-old", tmp_path / "kbbuilder-parse-fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "outcome.json").write_text("{}", encoding="utf-8")
    long_ago = time.time() - 4 * 3600
    os.utime(old, (long_ago, long_ago))
    FencedParser(ParseLimits())
    assert not old.exists() and fresh.exists()
