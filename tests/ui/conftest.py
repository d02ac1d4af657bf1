"""A small library built from three documents with the real parts, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from ui_desk import DOCUMENTS, Desk

from kbbuilder.bootstrap import Library, open_library
from kbbuilder.config import Settings


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the finished library."""
    folder = tmp_path_factory.mktemp("built")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_library(Settings(db=f"sqlite:///{folder}/kb.db")) as library:
        library.build.add_paths([folder / name for name in DOCUMENTS], collection="default", engine="structural")
        library.build.run()
    return folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that the app takes its settings from; its background worker is switched off."""
    monkeypatch.setenv("KBBUILDER_DB", f"sqlite:///{tmp_path}/kb.db")
    monkeypatch.delenv("KBBUILDER_COLLECTION", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Library, "start_worker", lambda self: None)
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def desk(built: Path, place: Path) -> Iterator[Desk]:
    """The built library, this test's own copy."""
    shutil.copytree(built, place, dirs_exist_ok=True)
    with open_library(Settings(db=f"sqlite:///{place}/kb.db")) as library:
        yield Desk(library)


@pytest.fixture
def empty_desk(place: Path) -> Iterator[Desk]:
    """A library with nothing in it."""
    with open_library(Settings(db=f"sqlite:///{place}/kb.db")) as library:
        yield Desk(library)
