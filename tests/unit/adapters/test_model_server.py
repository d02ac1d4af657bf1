"""The model server keeps to its plan, and its record tells what was paid for."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.model_server import Call, Fault, FaultPlan, ModelServer, chunk_text

ROOT = Path(__file__).parents[3]
SHARES = {Fault.HTML_502: 0.2, Fault.NULL_CONTENT: 0.1}


def post(base_url: str, user: str, **more: object) -> tuple[int, Any]:
    where = urlsplit(base_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=5)
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": user}], **more})
    connection.request("POST", f"{where.path}/chat/completions", body)
    response = connection.getresponse()
    said = response.read()
    connection.close()
    return response.status, json.loads(said) if said.startswith(b"{") else said


def test_which_prompt_meets_which_fault_depends_on_the_seed_and_the_prompt_alone() -> None:
    calls = [Call(number, f"prompt {number}", 1) for number in range(2000)]
    first = [FaultPlan(SHARES, seed=1)(call) for call in calls]
    assert first == [FaultPlan(SHARES, seed=1)(Call(7, call.prompt, 1)) for call in calls]
    assert first != [FaultPlan(SHARES, seed=2)(call) for call in calls]
    assert 340 < first.count(Fault.HTML_502) < 460 and 150 < first.count(Fault.NULL_CONTENT) < 250


def test_a_fault_is_met_by_the_first_attempt_only_or_always() -> None:
    for always in (False, True):
        with ModelServer(plan=FaultPlan({Fault.HTML_502: 1.0}, always=always)) as server:
            statuses = [post(server.base_url, "the same")[0] for _ in range(3)]
            assert statuses == ([502, 502, 502] if always else [502, 200, 200])
            assert server.met == {Fault.HTML_502: statuses.count(502)}
            assert [record.attempt for record in server.records] == [1, 2, 3]


def test_what_was_answered_twice_is_counted() -> None:
    with ModelServer() as server:
        for user in ("once", "twice", "twice"):
            post(server.base_url, user)
        assert sorted(server.answers.values()) == [1, 2]


def test_the_answer_keeps_to_the_schema_and_quotes_the_fenced_text() -> None:
    item = {
        "type": "object",
        "properties": {"q": {"type": "string"}, "quotes": {"type": "array", "items": {"type": "string"}}},
    }
    schema = {"type": "object", "properties": {"pairs": {"type": "array", "items": item}, "note": {"enum": ["none"]}}}
    wanted = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
    user = "Read this:\n```\n滤芯每九十天更换一次。Close the valve first.\n```\nReply in JSON."
    with ModelServer() as server:
        _, body = post(server.base_url, user, response_format=wanted)
    reply = json.loads(body["choices"][0]["message"]["content"])
    assert [pair["quotes"] for pair in reply["pairs"]] == [["滤芯每九十天更换一次。"], ["Close the valve first."]]
    assert reply["note"] == "none" and reply["pairs"][0]["q"].endswith("？")
    assert chunk_text({"messages": [{"role": "user", "content": "no fence"}]}) == "no fence"


def test_the_command_line_serves_and_logs_each_request(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    plan = json.dumps({"shares": {"empty_choices": 1.0}, "rejects": ["json_object"]})
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server", "--latency", "0.3", "--plan", plan, "--log", str(log)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        base_url = server.stdout.readline().strip()
        assert post(base_url, "a", response_format={"type": "json_object"})[0] == 400
        assert post(base_url, "a")[1]["choices"] == []
        with ThreadPoolExecutor(8) as pool:
            assert {status for status, _ in pool.map(lambda _: post(base_url, "a"), range(8))} == {200}
    finally:
        server.kill()
        server.wait()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["met"] for line in lines[:2]] == ["rejected", "empty_choices"]
    assert sum(line["event"] == "answered" for line in lines) == 8
    assert sum(line["event"] == "asked" for line in lines) == 10
