"""The llm engine from the command line: preview, budget, exit codes, and what a script reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from llm_bench import manual, read_like_a_model
from test_cli_commands import _json, _run

from tests.model_server import Always, Fault, ModelServer, Rejection


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(responder=read_like_a_model) as running:
        yield running


def environ(server: ModelServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "sk-nobody", "KBBUILDER_MODEL": "gpt-4o-mini"}


def test_a_preview_then_the_build_in_one_currency(server: ModelServer, tmp_path: Path) -> None:
    manual(tmp_path / "docs", 1, 4)
    shown = _run(tmp_path, "build", "docs", "--preview", "2", "--json", **environ(server))
    assert shown.returncode == 0, shown.stderr
    preview = _json(shown)
    assert [len(chunk["pairs"]) for chunk in preview["chunks"]] == [2, 2]
    assert 0 < preview["spent"]["cost"] < preview["estimate"]["cost"]
    told = _run(tmp_path, "build", "docs", **environ(server))
    assert told.returncode == 0, told.stderr
    assert "About to ask the model: at most about 8 calls" in " ".join(told.stderr.split())
    assert "8 entries" in told.stdout and "replies were there already" in told.stdout
    status = _json(_run(tmp_path, "status", "--json", **environ(server)))
    assert status["model_calls"] == len(server.records) and status["cost"] > preview["spent"]["cost"]


def test_a_spent_budget_is_exit_code_5_with_the_reason_once(server: ModelServer, tmp_path: Path) -> None:
    manual(tmp_path / "docs", 1, 4)
    manual(tmp_path / "docs", 2, 4)
    run = _run(tmp_path, "build", "docs", "--budget-tokens", "100", **environ(server))
    assert run.returncode == 5 and server.records == []
    assert run.stdout.count("--budget") == 1
    paused = _json(_run(tmp_path, "build", "docs", "--budget", "0.00001", "--json", **environ(server)))["paused"]
    assert paused["code"] == "BUDGET_REACHED"


def test_a_budget_in_money_needs_a_price(server: ModelServer, tmp_path: Path) -> None:
    manual(tmp_path / "docs", 1, 1)
    unknown = environ(server) | {"KBBUILDER_MODEL": "house-model"}
    run = _run(tmp_path, "build", "docs", "--budget", "1", **unknown)
    assert run.returncode == 3 and '[prices."house-model"]' in run.stderr
    (tmp_path / "kbbuilder.toml").write_text('[prices."house-model"]\ninput = 1.0\noutput = 2.0\n', encoding="utf-8")
    assert _run(tmp_path, "build", "docs", "--budget", "1", **unknown).returncode == 0


def test_what_a_service_cannot_do_is_found_out_once_for_all_processes(server: ModelServer, tmp_path: Path) -> None:
    server.rejects = frozenset({Rejection.JSON_SCHEMA})
    for number in (1, 2):
        manual(tmp_path / "docs", number, 1)
        assert _run(tmp_path, "build", "docs", "--engine", "llm", **environ(server)).returncode == 0
        if number == 1:
            rejected = server.met["rejected"]
            assert rejected > 0
    assert server.met["rejected"] == rejected


def test_a_key_alone_is_no_wish_for_a_model(server: ModelServer, tmp_path: Path) -> None:
    manual(tmp_path / "docs", 1, 1)
    alone = {"OPENAI_API_KEY": "sk-nobody", "OPENAI_BASE_URL": server.base_url}
    built = _json(_run(tmp_path, "build", "docs", "--json", **alone))
    assert built["documents"][0]["engine"] == "structural" and server.records == []
    asked = _run(tmp_path, "build", "docs", "--engine", "llm", **alone)
    assert asked.returncode == 3 and "KBBUILDER_MODEL" in asked.stderr


def test_a_refused_key_stops_the_build_and_shows_no_key(server: ModelServer, tmp_path: Path) -> None:
    manual(tmp_path / "docs", 1, 3)
    server.plan = Always(Fault.AUTH_401)
    run = _run(tmp_path, "build", "docs", **environ(server))
    assert run.returncode == 5 and "MODEL_AUTH" in run.stdout and "OPENAI_API_KEY" in run.stdout
    assert "sk-nobody" not in run.stdout + run.stderr
