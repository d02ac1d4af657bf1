"""A local model answers over HTTP, keeps to a schema, and goes when its block ends. Needs the runtime and a model file."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kbbuilder.adapters import local_model
from kbbuilder.adapters.local_model import LocalModel, idle_cores, open_local_model, physical_cores
from kbbuilder.adapters.openai_chat import OpenAIChat
from kbbuilder.config import load_settings
from kbbuilder.errors import MissingPackage, ModelFileMissing, ModelUnusable
from kbbuilder.model_files.folder import find_model, model_folder
from kbbuilder.ports import ChatReply, ChatRequest

ROOT = Path(__file__).parents[3]
SMALL = "qwen2.5-coder-0.5b"
needs_runtime = pytest.mark.skipif(find_spec("xllamacpp") is None, reason="the extra `local` is not installed")


@pytest.fixture(scope="module")
def small_model() -> Path:
    if find_spec("xllamacpp") is None:
        pytest.skip("the extra `local` is not installed")
    try:
        return find_model(SMALL, model_folder(load_settings(os.environ, ROOT).cache, os.environ))
    except ModelFileMissing as error:
        pytest.skip(f"{error}: run `kbbuilder model pull {SMALL}`")


@pytest.fixture(scope="module")
def served(small_model: Path) -> Iterator[LocalModel]:
    with open_local_model(small_model, threads=1, context_tokens=1024) as model:
        yield model


def _post(model: LocalModel, body: dict[str, object]) -> dict[str, object]:
    request = urllib.request.Request(
        f"{model.base_url}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as reply:
        answer: dict[str, object] = json.load(reply)
    return answer


@pytest.mark.parametrize("prompt", ["Which colours has a traffic light?", "红绿灯有哪几种颜色？"])
def test_a_reply_keeps_to_the_schema(served: LocalModel, prompt: str) -> None:
    schema = {
        "type": "object",
        "properties": {"colours": {"type": "array", "items": {"enum": ["r", "y", "g"]}, "minItems": 2, "maxItems": 4}},
        "required": ["colours"],
        "additionalProperties": False,
    }
    answer = _post(
        served,
        {
            "model": served.model,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": 0,
            "max_tokens": 100,
            "response_format": {"type": "json_schema", "json_schema": {"name": "c", "strict": True, "schema": schema}},
        },
    )
    assert answer["model"] == served.model
    choices = answer["choices"]
    assert isinstance(choices, list)
    colours = json.loads(choices[0]["message"]["content"])["colours"]
    assert 2 <= len(colours) <= 4 and set(colours) <= {"r", "y", "g"}


def test_it_tells_where_it_hesitated(served: LocalModel) -> None:
    async def asked() -> ChatReply:
        model = OpenAIChat(served.model, served.base_url, "")
        try:
            wanted = ChatRequest("你是编辑。", "给净水器的滤芯写三个常见问题。", 60, doubts=True)
            return await model.reply(wanted, deadline_s=120)
        finally:
            await model.close()

    reply = asyncio.run(asked())
    assert reply.doubts and all(0 <= doubt.at < len(reply.text) for doubt in reply.doubts)
    assert all(0 < doubt.probability < 0.5 for doubt in reply.doubts)


def test_it_listens_on_this_machine_only_and_shows_no_prompts(served: LocalModel) -> None:
    assert urlsplit(served.base_url).hostname == "127.0.0.1"
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(served.base_url.removesuffix("/v1") + "/slots", timeout=10)


def test_it_goes_at_once_even_with_a_request_under_way(small_model: Path) -> None:
    with open_local_model(small_model, threads=1, context_tokens=1024) as model:
        port = urlsplit(model.base_url).port
        assert port
        body = json.dumps({"messages": [{"role": "user", "content": "Count to 1000."}], "max_tokens": 900}).encode()
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        time.sleep(0.5)
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
    client.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


def test_it_does_not_outlive_a_killed_build(small_model: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom kbbuilder.adapters.local_model import open_local_model\n"
        "with open_local_model(Path(sys.argv[1]), threads=1, context_tokens=512) as model:\n"
        "    print(model.base_url, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(small_model)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as build:
        assert build.stdout is not None
        port = urlsplit(build.stdout.readline().strip()).port
        build.kill()
    assert port
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.1)
    pytest.fail("the model still answers")


@needs_runtime
def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(ModelUnusable, match=r"damaged\.gguf cannot be loaded"), open_local_model(damaged):
        pass


def test_a_model_that_does_not_answer_in_time_is_given_up(small_model: Path) -> None:
    with (
        pytest.raises(ModelUnusable, match=r"within 0\.05 s"),
        open_local_model(small_model, threads=1, start_timeout_s=0.05),
    ):
        pass


@needs_runtime
def test_no_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissing) as caught, open_local_model(tmp_path / "gone.gguf"):
        pass
    assert "kbbuilder model pull" in caught.value.hint


def test_no_runtime_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_model, "PACKAGE", "no_such_runtime")
    with pytest.raises(MissingPackage) as caught, open_local_model(tmp_path / "any.gguf"):
        pass
    assert 'pip install "kbbuilder[local]"' in caught.value.hint


@pytest.mark.parametrize(("load", "threads"), [(0.3, 4), (1.2, 3), (9.0, 1)])
def test_it_takes_the_cores_that_are_idle_and_always_one(
    monkeypatch: pytest.MonkeyPatch, load: float, threads: int
) -> None:
    monkeypatch.setattr(local_model, "physical_cores", lambda: 4)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    assert idle_cores() == threads


def test_it_counts_no_more_cores_than_there_are() -> None:
    assert 1 <= physical_cores() <= (os.cpu_count() or 1)
