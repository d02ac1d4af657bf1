"""Evaluations that build: a temporary library from the set's documents, gone afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbbuilder.bootstrap import open_library
from kbbuilder.config import Settings
from kbbuilder.errors import ConfigError

FAQ = """# Kettle questions

## How do I descale the kettle?

Fill it with equal parts of water and vinegar and let it stand for one hour.

## How long is the warranty?

The warranty lasts two years from the date of purchase.
"""


def _write(path: Path, *lines: object) -> None:
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/kettle.md").write_text(FAQ, encoding="utf-8")
    (folder / "docs/broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    return folder


def test_answers_are_measured_on_a_library_built_from_the_folder(data: Path, tmp_path: Path) -> None:
    _write(
        data / "qa.jsonl",
        {"question": "How long is the warranty?", "answers": ["two years"], "lang": "en"},
        {"question": "Who painted the Mona Lisa?", "answers": [], "lang": "en"},
    )
    with open_library(Settings(db=f"sqlite:///{tmp_path}/mine.db")) as library:
        report = library.evaluate.answers(data, collection="default")
        assert library.build.documents("default") == ()
    assert report.contain_1 is not None
    assert report.contain_1.value == 1.0
    assert report.unanswerable_rejected is not None
    assert report.unanswerable_rejected.value == 1.0
    assert len(report.documents_failed) == 1
    assert "broken.pdf: CORRUPT" in report.documents_failed[0]


def test_extraction_is_measured_document_by_document(data: Path, tmp_path: Path) -> None:
    _write(
        data / "gold.jsonl",
        {"doc_id": "kettle", "question": "How do I descale the kettle?", "answer": "Fill it with equal parts of water and vinegar and let it stand for one hour."},
        {"doc_id": "kettle", "question": "How long is the warranty?", "answer": "The warranty lasts two years from the date of purchase."},
        {"doc_id": "kettle", "question": "Is it dishwasher safe?", "answer": "No."},
        {"doc_id": "nowhere", "question": "What?", "answer": "That."},
    )  # fmt: skip
    with open_library(Settings(db=f"sqlite:///{tmp_path}/mine.db")) as library:
        report = library.evaluate.extraction(data)
        with pytest.raises(ConfigError, match="none of the documents"):
            library.evaluate.extraction(data / "gold.jsonl", docs=tmp_path)
    assert (report.documents, report.gold) == (1, 3)
    assert report.question.recall.value == pytest.approx(2 / 3, abs=1e-3)
    assert report.answer.recall.value == pytest.approx(2 / 3, abs=1e-3)
