"""Fetching a model's file from a hub: it arrives whole, once, and checked, whatever happens on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hub_server import Hub, serving
from tiny_model import CONTENT, HUB_PATH, tiny_model

from kbbuilder.errors import ConfigError, ModelDownload, StoreFull
from kbbuilder.model_files.catalogue import CatalogueModel
from kbbuilder.model_files.partial import partial_file
from kbbuilder.model_files.pull import PulledModel, Source, pull_model


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(HUB_PATH, CONTENT) as running:
        yield running


def _pull(folder: Path, hub: str, model: CatalogueModel | None = None, seen: list[int] | None = None) -> PulledModel:
    return pull_model(
        model or tiny_model(),
        folder,
        source=Source.hub,
        hub=hub,
        progress=(seen if seen is not None else []).append,
        pause_s=0.01,
    )


def test_the_file_arrives_under_its_name_and_nothing_else_stays(tmp_path: Path, hub: Hub) -> None:
    seen: list[int] = []
    pulled = _pull(tmp_path, hub.address, seen=seen)
    assert pulled.path.read_bytes() == CONTENT
    assert pulled.source == "hub"
    assert [p.name for p in tmp_path.iterdir()] == ["tiny.gguf"]
    assert seen == sorted(seen) and seen[-1] == len(CONTENT)


def test_a_second_pull_asks_nobody(tmp_path: Path, hub: Hub) -> None:
    _pull(tmp_path, hub.address)
    assert _pull(tmp_path, hub.address).source == "folder"
    assert len(hub.starts) == 1


def test_a_cut_connection_is_continued_where_it_broke(tmp_path: Path, hub: Hub) -> None:
    hub.cut_after = [60_000, 1, 90_000]
    assert _pull(tmp_path, hub.address).path.read_bytes() == CONTENT
    assert hub.starts == [0, 60_000, 60_001, 150_001]


def test_a_hub_without_ranges_sends_everything_again(tmp_path: Path, hub: Hub) -> None:
    hub.ranges = False
    hub.cut_after = [60_000]
    assert _pull(tmp_path, hub.address).path.read_bytes() == CONTENT
    assert hub.starts == [0, 0]


def test_a_hub_that_brings_nothing_is_given_up_and_what_came_is_kept(tmp_path: Path, hub: Hub) -> None:
    hub.cut_after = [60_000, 0, 0, 0]
    with pytest.raises(ModelDownload):
        _pull(tmp_path, hub.address)
    assert not (tmp_path / "tiny.gguf").exists()
    assert _pull(tmp_path, hub.address).path.read_bytes() == CONTENT
    assert hub.starts == [0, 60_000, 60_000, 60_000, 60_000]


def test_a_killed_pull_goes_on_where_it_stopped(tmp_path: Path, hub: Hub) -> None:
    hub.hold_after = 70_000
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from tiny_model import tiny_model\n"
        "from kbbuilder.model_files.pull import Source, pull_model\n"
        "def at(done):\n    print(done, flush=True)\n"
        "pull_model(tiny_model(), Path(sys.argv[2]), source=Source.hub, hub=sys.argv[3], progress=at)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path), hub.address],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as killed:
        assert killed.stdout is not None
        assert any(line.strip() == b"70000" for line in killed.stdout)
        killed.send_signal(signal.SIGKILL)
    assert not (tmp_path / "tiny.gguf").exists()
    hub.hold_after = None
    assert _pull(tmp_path, hub.address).path.read_bytes() == CONTENT
    assert hub.starts == [0, 70_000]


def test_wrong_bytes_get_no_name_and_do_not_spoil_the_next_run(tmp_path: Path, hub: Hub) -> None:
    hub.content = CONTENT[:-1] + b"?"
    with pytest.raises(ModelDownload, match="SHA-256") as caught:
        _pull(tmp_path, hub.address)
    assert caught.value.hint
    assert not (tmp_path / "tiny.gguf").exists()
    hub.content = CONTENT
    assert _pull(tmp_path, hub.address).path.read_bytes() == CONTENT


def test_a_page_in_the_place_of_the_file_is_refused_before_it_is_kept(tmp_path: Path, hub: Hub) -> None:
    hub.content = b"<html>Sign in to the network</html>"
    hub.ranges = False
    with pytest.raises(ModelDownload, match="35 bytes"):
        _pull(tmp_path, hub.address)
    assert not (tmp_path / "tiny.gguf.partial" / "content").exists()


def test_a_file_that_the_hub_does_not_have_is_asked_for_once(tmp_path: Path, hub: Hub) -> None:
    with pytest.raises(ModelDownload, match="HTTP 404"):
        _pull(tmp_path, hub.address, replace(tiny_model(), hub_file="other.gguf"))
    assert hub.starts == []


def test_no_hub_at_all_is_said(tmp_path: Path) -> None:
    with serving(HUB_PATH, CONTENT) as gone:
        address = gone.address
    with pytest.raises(ModelDownload, match="refused") as caught:
        _pull(tmp_path, address)
    assert "--source packages" in caught.value.hint


@pytest.mark.parametrize("hub", ["file:///etc", "hub.example", ""])
def test_only_web_addresses_are_hubs(tmp_path: Path, hub: str) -> None:
    with pytest.raises(ModelDownload, match="not the address of a hub"):
        _pull(tmp_path, hub)


def test_a_disk_without_room_is_said_before_the_download(tmp_path: Path, hub: Hub) -> None:
    with pytest.raises(StoreFull):
        _pull(tmp_path, hub.address, replace(tiny_model(), size_bytes=10**18))
    assert hub.starts == []


def test_a_disk_that_fills_up_keeps_what_was_fetched(tmp_path: Path, hub: Hub) -> None:
    code = (
        "import sys, resource; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from tiny_model import tiny_model\n"
        "from kbbuilder.errors import StoreFull\n"
        "from kbbuilder.model_files.pull import Source, pull_model\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))\n"
        "try:\n"
        "    pull_model(tiny_model(), Path(sys.argv[2]), source=Source.hub, hub=sys.argv[3], progress=print)\n"
        "except StoreFull as error:\n    print(error.code)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path), hub.address],
        capture_output=True, text=True, cwd=Path(__file__).parents[3], env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False,
    )  # fmt: skip
    assert run.stdout.splitlines()[-1:] == ["STORE_FULL"], run.stderr
    assert _pull(tmp_path, hub.address).path.read_bytes() == CONTENT
    assert hub.starts == [0, 90_000]


def test_two_pulls_of_one_file_do_not_mix(tmp_path: Path, hub: Hub) -> None:
    with partial_file(tmp_path / "tiny.gguf"), pytest.raises(ConfigError, match="another process"):
        _pull(tmp_path, hub.address)
    assert _pull(tmp_path, hub.address).path.read_bytes() == CONTENT


def test_a_folder_that_cannot_be_made_is_the_operators_affair(tmp_path: Path, hub: Hub) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(ConfigError) as caught:
        _pull(tmp_path / "cache" / "models", hub.address)
    assert "KBBUILDER_CACHE" in caught.value.hint
