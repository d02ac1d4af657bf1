"""The README says what is true: its commands exist, its settings are read, CI runs its test block."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from kbbuilder.config import Settings, load_settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```", README, re.S | re.M)


def _help(*command: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "kbbuilder.cli", *command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_the_first_block_runs_the_demo_and_the_second_the_tests() -> None:
    assert BLOCKS[0].splitlines()[-1].endswith("kbbuilder demo")
    assert BLOCKS[1].splitlines()[-1].endswith("python -m pytest")
    assert all("venv" in block and "pip install" in block for block in BLOCKS[:2])


def test_ci_runs_the_second_block_as_the_readme_has_it() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    awk = re.search(r"awk '(.+?)' README.md", script)
    assert awk
    run = subprocess.run(["awk", awk.group(1), "README.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == BLOCKS[1]


@pytest.mark.parametrize(
    "line", sorted({line for block in BLOCKS for line in re.findall(r"kbbuilder (\w+ ?[^\n#]*)", block)})
)
def test_every_command_in_the_readme_exists_with_its_options(line: str) -> None:
    command = line.split()[0]
    shown = _help(command)
    for option in re.findall(r"--[a-z-]+", line):
        assert option in shown


def test_every_command_is_in_the_readme() -> None:
    listed = re.findall(r"^  (\w+) ", _help().split("Commands:")[1], re.M)
    for command in listed:
        assert re.search(rf"`[^`\n]*\b{command}\b", README), command


def test_every_environment_variable_in_the_readme_is_read(tmp_path: Path) -> None:
    values = {"KBBUILDER_DB": "sqlite:///x.db", "KBBUILDER_ENGINE": "structural", "KBBUILDER_LLM": "local"}
    known = {f.name for f in fields(Settings)}
    for name in re.findall(r"^\| `(KBBUILDER_\w+)`", README, re.M):
        value = values.get(name, "something")
        settings = load_settings({name: value}, tmp_path)
        field = name.removeprefix("KBBUILDER_").lower()
        assert field in known
        assert getattr(settings, field) == value


def test_the_settings_file_in_the_readme_says_the_defaults(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.+?)```", README, re.S)
    (tmp_path / "kbbuilder.toml").write_text(shown, encoding="utf-8")
    settings = load_settings({}, tmp_path)
    assert replace(settings, prices={}) == Settings()
    assert settings.prices["my-model"].output == 0.6


def test_every_picture_in_the_readme_is_there() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
