"""The llm engine with a real model of half a billion parameters, where its file is on the machine."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from kbbuilder.bootstrap import open_library
from kbbuilder.config import CallLimits, Settings, load_settings
from kbbuilder.errors import ModelFileMissing
from kbbuilder.model_files.folder import find_model, model_folder

SMALL = "qwen2.5-coder-0.5b"
_GUIDE = """# Lark K3 guide

## Charging

The first charge of the Lark K3 takes 4 hours. Its lamp is red while it charges and green when the battery is full.

Do not charge the Lark K3 below 0 °C: the battery would be damaged.

Walkers had asked for longer tours, so the new battery lasts two days where the old one lasted one.
"""
_MANUAL_ZH = """# 云雀 K3 使用说明

## 充电

云雀 K3 首次充电需要 4 小时。充电时指示灯为红色，充满后变为绿色。

请勿在 0°C 以下给云雀 K3 充电，否则会损坏电池。

不少徒步的用户希望走得更远，新电池因此能用两天，而旧电池只能用一天。
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    if find_spec("xllamacpp") is None:
        pytest.skip("the extra `local` is not installed")
    found = load_settings(os.environ, Path(__file__).parents[2])
    try:
        find_model(SMALL, model_folder(found.cache, os.environ))
    except ModelFileMissing as error:
        pytest.skip(f"{error}: run `kbbuilder model pull {SMALL}`")
    home = tmp_path_factory.mktemp("local")
    calls = CallLimits(max_output_tokens=400)
    return replace(
        found, db=f"sqlite:///{home}/library.db", llm="local", model=SMALL, engine="llm", local_threads=1, calls=calls,
        similar_per_entry=1,
    )  # fmt: skip


@pytest.mark.slow
def test_a_real_model_reads_both_languages_and_every_pair_is_proved(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(_GUIDE, encoding="utf-8")
    (tmp_path / "shuoming.md").write_text(_MANUAL_ZH, encoding="utf-8")
    with open_library(settings) as library:
        registered = library.build.add_paths([tmp_path], collection="default", engine="llm")
        report = library.build.run(registered=registered)
        assert report.paused is None and report.totals.balanced
        assert report.spent.calls >= 2 and report.spent.cost == 0 and report.spent.input_tokens > 500
        assert set(report.totals.chunks) <= {"gave_pairs", "nothing_to_ask", "failed"}
        again = library.build.run(registered=library.build.add_paths([tmp_path], collection="default", engine="llm"))
        assert again.spent.calls == 0 or report.totals.chunks.get("failed")
        exported = library.exchange.export_entries(
            format="jsonl", path=tmp_path / "all.jsonl", status="all", collection="default", excel_safe=False
        )
    text = " ".join((_GUIDE + _MANUAL_ZH).split())
    assert exported is not None
    for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        assert entry["evidence"] and all(" ".join(e["quote"].split()) in text for e in entry["evidence"])
