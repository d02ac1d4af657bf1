"""`kbbuilder model` as a script sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kbbuilder.model_files.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]


def _run(tmp_path: Path, *arguments: str, hub: str = "http://127.0.0.1:9") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "KBBUILDER_CACHE": str(tmp_path / "cache"),
        "HF_ENDPOINT": hub,
    }
    return subprocess.run(
        [sys.executable, "-m", "kbbuilder.cli", "model", *arguments],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_list_names_each_model_with_its_licence_and_state(tmp_path: Path) -> None:
    run = _run(tmp_path, "list")
    assert run.returncode == 0
    for model, line in zip(CATALOGUE, run.stdout.splitlines(), strict=False):
        assert all(part in line for part in (model.name, model.licence, "absent"))
    listed = json.loads(_run(tmp_path, "list", "--json").stdout)
    assert [m["name"] for m in listed["models"]] == [m.name for m in CATALOGUE]
    assert listed["folder"] == str(tmp_path / "cache" / "models")


def test_a_file_from_a_stick_is_taken_and_listed(tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(b"GGUF and more")
    pulled = json.loads(_run(tmp_path, "pull", "--file", "mine.gguf", "--json").stdout)
    assert pulled["custom"] and pulled["source"] == "file"
    assert Path(pulled["path"]).read_bytes() == b"GGUF and more"
    assert "custom" in _run(tmp_path, "list").stdout.splitlines()[-2]


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["pull", "gpt-4o"], "CONFIG", 3),
        (["pull", "--file", "gone.gguf"], "PATH_NOT_FOUND", 3),
        (["pull", "--source", "hub"], "MODEL_DOWNLOAD", 5),
    ],
)
def test_what_goes_wrong_has_a_code_a_hint_and_an_exit_code(
    tmp_path: Path, arguments: list[str], code: str, exit_code: int
) -> None:
    run = _run(tmp_path, *arguments, "--json")
    assert run.returncode == exit_code
    error = json.loads(run.stdout)["error"]
    assert error["code"] == code and error["hint"]
    assert error["retryable"] is (code == "MODEL_DOWNLOAD")
    plain = _run(tmp_path, *arguments)
    assert plain.returncode == exit_code and code in plain.stderr and not plain.stdout
