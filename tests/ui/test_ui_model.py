"""The documents page where a model is set up: choosing it, a preview with its cost, building, and what stops it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_ui_documents import page_text, uploaded
from ui_desk import Desk, healthy, shown

from kbbuilder.bootstrap import open_library
from kbbuilder.config import load_settings
from kbbuilder.schema import VersionState
from tests.model_server import Always, Fault, ModelServer, last_user_text

GUIDE = """# 云雀 K3 使用说明

## 充电

云雀 K3 首次充电需要 4 小时，充满后指示灯熄灭。

## 清洁

清洁云雀 K3 时请使用干布，每周一次。
"""


def reply(request):  # type: ignore[no-untyped-def]
    if '"rows"' in json.dumps(request.get("response_format")):
        return json.dumps({"rows": [{"n": 0, "keyword": "云雀 K3 充电 时长"}]}, ensure_ascii=False)
    pairs = []
    for number, text in re.findall(r"^(\d+) (.+)$", last_user_text(request), re.M):
        asked = "云雀 K3 首次充电要多久？" if "充电" in text else "云雀 K3 多久清洁一次？"
        pairs.append({"q": asked, "e": [int(number)]})
    return json.dumps({"pairs": pairs}, ensure_ascii=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with ModelServer(responder=reply) as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody")
        monkeypatch.setenv("KBBUILDER_MODEL", "gpt-4o-mini")
        yield running


@pytest.fixture
def desk(server: ModelServer, place: Path) -> Iterator[Desk]:
    with open_library(load_settings(os.environ, place)) as library:
        yield Desk(library)


def clicked(at: AppTest, label: str) -> AppTest:
    (button,) = [b for b in at.button if b.label == label]
    button.click()
    return healthy(at.run(timeout=30))


def test_without_a_model_there_is_nothing_to_choose(empty_desk: Desk) -> None:
    assert "提取方式" not in page_text(empty_desk.app())


def test_a_preview_shows_pairs_and_cost_and_only_the_word_builds(desk: Desk, server: ModelServer) -> None:
    at = desk.app()
    at.toggle(key="documents.preview_first").set_value(True)
    at = uploaded(healthy(at.run()), ("云雀.md", GUIDE.encode()))
    assert "等待您确认" in shown(at) and server.records == []
    at = clicked(at, "预览 3 段")
    assert "云雀 K3 首次充电要多久？" in shown(at) and "有据" in shown(at)
    assert re.search(r"本次预览：调用 4 次，词元 [\d,]+，费用 0\.00\d\d", shown(at))
    assert "全部处理预计最多" in shown(at)
    desk.library.build.run()
    assert desk.library.build.documents("default")[0].state is VersionState.RETRY
    calls = len(server.records)
    clicked(at, "开始构建")
    desk.library.build.run()
    (document,) = desk.library.build.documents("default")
    assert (document.state, document.entries, len(server.records)) == (VersionState.DONE, 2, calls)
    assert "大模型提取" in shown(desk.app()) and "费用 0.00" in shown(desk.app())
    assert "With the model" in shown(desk.app(language="en"))


def test_a_refused_key_is_said_in_both_languages_with_what_to_do(desk: Desk, server: ModelServer) -> None:
    server.plan = Always(Fault.AUTH_401)
    uploaded(desk.app(), ("云雀.md", GUIDE.encode()))
    desk.library.build.run()
    assert "密钥无效或无权限" in shown(desk.app()) and "OPENAI_API_KEY" in shown(desk.app())
    assert "refuses the key" in shown(desk.app(language="en"))
    server.plan = None
    clicked(desk.app(), "重试")
    assert desk.library.build.run().entries == 2
