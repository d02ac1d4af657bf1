"""Where model files are kept, what is listed, and files that the user brings."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tiny_model import CONTENT, tiny_model

from kbbuilder.errors import ConfigError, ModelFileMissing, PathNotFound
from kbbuilder.model_files import folder as folders
from kbbuilder.model_files import pull
from kbbuilder.model_files.catalogue import CATALOGUE, DEFAULT_MODEL, catalogue_model
from kbbuilder.model_files.folder import ModelState, find_model, list_models, model_folder


@pytest.fixture
def tiny_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (folders, pull):
        monkeypatch.setattr(module, "CATALOGUE", (tiny_model(),))


def _brought(tmp_path: Path, content: bytes = b"GGUF of my own", name: str = "自己的-7b.gguf") -> Path:
    path = tmp_path / "stick" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_the_catalogue_agrees_with_itself() -> None:
    assert catalogue_model(DEFAULT_MODEL) is CATALOGUE[0]
    assert len({m.name for m in CATALOGUE}) == len({m.file for m in CATALOGUE}) == len(CATALOGUE)
    for model in CATALOGUE:
        assert sum(package.size_bytes for package in model.packages) == model.size_bytes
        assert len({package.sha256 for package in model.packages}) == len(model.packages)
        assert all(len(sum_) == 64 for sum_ in (model.sha256, *(p.sha256 for p in model.packages)))


def test_the_folder_follows_the_setting_then_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    xdg = {"XDG_CACHE_HOME": "/caches"}
    assert model_folder("/mine", xdg, "linux") == Path("/mine/models")
    assert model_folder("~/mine", {}, "linux") == tmp_path / "mine" / "models"
    assert model_folder("", xdg, "linux") == Path("/caches/kbbuilder/models")
    assert model_folder("", {"XDG_CACHE_HOME": "relative"}, "linux") == tmp_path / ".cache/kbbuilder/models"
    assert model_folder("", {}, "darwin") == tmp_path / "Library/Caches/kbbuilder/models"
    assert model_folder("", {"LOCALAPPDATA": "/local"}, "win32") == Path("/local/kbbuilder/Cache/models")


def test_the_list_shows_what_is_there_in_part_and_not_at_all(tmp_path: Path) -> None:
    first, second = CATALOGUE[:2]
    (tmp_path / first.file).write_bytes(b"GGUF")
    (tmp_path / f"{second.file}.partial").mkdir()
    (tmp_path / f"{second.file}.partial" / "content").write_bytes(b"GGU")
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    listed = {m.name: m for m in list_models(tmp_path)}
    assert listed[first.name].state is ModelState.ready
    assert listed[second.name].state is ModelState.partial and listed[second.name].present_bytes == 3
    assert listed["mine"].custom and not listed[first.name].custom
    assert [m.state for m in list_models(tmp_path / "nowhere")] == [ModelState.absent] * len(CATALOGUE)


def test_a_model_is_found_by_name_or_path_and_otherwise_says_how_to_get_it(tmp_path: Path) -> None:
    brought = _brought(tmp_path)
    (tmp_path / CATALOGUE[0].file).write_bytes(b"GGUF")
    assert find_model(DEFAULT_MODEL, tmp_path) == tmp_path / CATALOGUE[0].file
    assert find_model(str(brought), tmp_path) == brought
    with pytest.raises(ModelFileMissing) as caught:
        find_model(CATALOGUE[1].name, tmp_path)
    assert f"kbbuilder model pull {CATALOGUE[1].name}" in caught.value.hint
    for unknown in ("gpt-4o", str(tmp_path / "gone.gguf"), ""):
        with pytest.raises(ModelFileMissing):
            find_model(unknown, tmp_path)


def test_a_file_that_the_user_brings_is_listed_as_custom(tmp_path: Path) -> None:
    brought, models = _brought(tmp_path), tmp_path / "models"
    seen: list[int] = []
    pulled = pull.take_file(brought, models, name=None, progress=seen.append)
    assert pulled.custom and pulled.name == "自己的-7b"
    assert pulled.sha256 == hashlib.sha256(brought.read_bytes()).hexdigest()
    assert seen[-1] == pulled.size_bytes
    assert find_model("自己的-7b", models).read_bytes() == brought.read_bytes()
    assert pull.take_file(brought, models, name="other", progress=seen.append).name == "other"
    with pytest.raises(ConfigError, match="already"):
        pull.take_file(brought, models, name="other", progress=seen.append)


@pytest.mark.usefixtures("tiny_catalogue")
def test_a_catalogue_model_is_recognised_under_any_name(tmp_path: Path) -> None:
    pulled = pull.take_file(_brought(tmp_path, CONTENT, "download(1).gguf"), tmp_path, name=None, progress=print)
    assert (pulled.name, pulled.path.name, pulled.custom) == ("tiny", "tiny.gguf", False)


@pytest.mark.usefixtures("tiny_catalogue")
def test_a_damaged_copy_of_a_catalogue_model_is_not_taken_for_it(tmp_path: Path) -> None:
    damaged = _brought(tmp_path, CONTENT[:-1], "tiny.gguf")
    with pytest.raises(ConfigError, match="SHA-256"):
        pull.take_file(damaged, tmp_path / "models", name=None, progress=print)
    assert not (tmp_path / "models" / "tiny.gguf").exists()


def test_what_is_no_gguf_or_has_an_unfit_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no GGUF"):
        pull.take_file(_brought(tmp_path, b"PK\x03\x04"), tmp_path, name=None, progress=print)
    for name in ("../up", "a b", ".hidden", "a/b"):
        with pytest.raises(ConfigError, match="cannot be a model's name"):
            pull.take_file(_brought(tmp_path), tmp_path, name=name, progress=print)
    with pytest.raises(PathNotFound):
        pull.take_file(tmp_path / "gone.gguf", tmp_path, name=None, progress=print)


def test_an_unknown_name_says_where_the_names_are() -> None:
    with pytest.raises(ConfigError) as caught:
        catalogue_model("gpt-4o")
    assert "model list" in caught.value.hint
