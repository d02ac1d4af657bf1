"""Evaluating on a user's own test sets: what counts, and what is wrong with the files."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from ask_library import entry, new_database, new_service, put_document, put_entries, real_embedder

from kbbuilder.errors import ConfigError, PathNotFound
from kbbuilder.services.evaluate import AnswersReport, EvaluateService, LineProblem, RetrievalReport
from kbbuilder.services.evaluate.service import TemporaryLibrary


def _no_library(address: str) -> AbstractContextManager[TemporaryLibrary]:
    raise AssertionError("nothing is to be built here")


@pytest.fixture
def service(tmp_path: Path) -> EvaluateService:
    database = new_database(tmp_path)
    put_entries(database, entry("e", "退款多久到账？", "五个工作日内到账。"))
    put_document(database, "kettle.txt", "Descaling", "Let water and vinegar stand in the kettle for one hour.")
    return EvaluateService(new_service(database), real_embedder(), faq_threshold=0.42, open_temporary=_no_library)


def _write(path: Path, *lines: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return path


def test_answers_of_the_library_at_hand_are_measured(service: EvaluateService, tmp_path: Path) -> None:
    data = _write(
        tmp_path / "qa.jsonl",
        {"question": "退款多久到账", "answers": ["五个工作日"], "lang": "zh"},
        {"question": "how long should vinegar stand in the kettle", "answers": ["one hour"], "doc_id": "k"},
        {"question": "退款多久能到账呢", "answers": ["三个月"], "lang": "zh_hant"},
        {"question": "who won the world cup", "answers": []},
        {"question": "does it rain", "answers": ["yes"], "answer_type": "yesno"},
    )
    report = service.answers(data, collection="c")
    assert (report.questions, report.answerable, report.unanswerable) == (5, 3, 1)
    assert report.contain_1 is not None
    assert report.contain_1.value == pytest.approx(2 / 3, abs=1e-3)
    assert report.unanswerable_rejected is not None
    assert report.unanswerable_rejected.value == 1.0
    assert report.routes == {"faq": 2, "document": 1, "refuse": 2}
    assert any("0.667" in line for line in report.lines())


def test_retrieval_is_measured_on_a_library_made_of_the_set(service: EvaluateService, tmp_path: Path) -> None:
    _write(
        tmp_path / "set/faqs.jsonl",
        {"faq_id": "refund", "question": "How long does a refund take?", "similar": ["refund duration"]},
        {"faq_id": "pair", "question": "How do I pair the headphones?", "answer": None},
        {"faq_id": "refund", "question": "twice", "similar": []},
    )
    _write(
        tmp_path / "set/queries.jsonl",
        {"query": "when will I get my refund", "faq_id": "refund"},
        {"query": "pairing headphones", "faq_id": "pair"},
        {"query": "who won the world cup", "faq_id": None},
        {"query": "headphones pairing", "faq_id": "refund"},
    )
    report = service.retrieval(tmp_path / "set")
    assert (report.faqs, report.in_scope, report.out_of_scope) == (2, 3, 1)
    assert report.acc_1 is not None
    assert report.acc_1.value == pytest.approx(2 / 3, abs=1e-3)
    assert report.acc_5 is not None
    assert report.acc_5.value == 1.0
    assert report.auroc == 1.0
    assert report.rejected is not None
    assert report.rejected.value == 1.0
    assert [p.reason for p in report.problems] == ["'refund' comes twice; the first one counts"]


def test_pairs_are_told_apart_by_their_cosine(service: EvaluateService, tmp_path: Path) -> None:
    data = _write(
        tmp_path / "pairs.jsonl",
        {"a": "怎么退款？", "b": "如何退款", "label": 1},
        {"a": "How do I reset my password?", "b": "How can I reset the password?", "label": 1},
        {"a": "怎么退款？", "b": "今天天气怎么样", "label": 0},
    )
    report = service.pairs(data)
    assert (report.pairs, report.same, report.auc, report.accuracy.value) == (3, 2, 1.0, 1.0)
    assert report.best_accuracy == 1.0


def test_malformed_lines_are_named_and_the_rest_counts(service: EvaluateService, tmp_path: Path) -> None:
    data = _write(
        tmp_path / "pairs.jsonl",
        "\ufeff" + json.dumps({"a": "x", "b": "y", "label": 1}),
        "",
        "{not json",
        {"a": "x", "label": 1},
        {"a": "x", "b": "y", "label": 2},
        "[1, 2]",
    )
    report = service.pairs(data)
    assert report.pairs == 1
    assert [(p.file, p.line) for p in report.problems] == [("pairs.jsonl", n) for n in (3, 4, 5, 6)]
    assert report.problems[3] == LineProblem("pairs.jsonl", 6, "not a JSON object")
    assert any("line 4 not used: b:" in line for line in report.lines())


def test_a_missing_or_useless_file_is_an_error_that_names_it(service: EvaluateService, tmp_path: Path) -> None:
    _write(tmp_path / "set/faqs.jsonl", {"faq_id": "a", "question": "b"})
    with pytest.raises(PathNotFound, match=r"queries\.jsonl"):
        service.retrieval(tmp_path / "set")
    with pytest.raises(ConfigError, match="line 1"):
        service.pairs(_write(tmp_path / "bad.jsonl", "nothing"))
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        service.pairs(tmp_path / "binary.jsonl")
    with pytest.raises(PathNotFound, match="docs"):
        service.answers(_write(tmp_path / "qa/qa.jsonl", {"question": "q", "answers": []}).parent, collection="c")


def test_measure_names_the_four_evaluations(service: EvaluateService, tmp_path: Path) -> None:
    _write(tmp_path / "s/faqs.jsonl", {"faq_id": "a", "question": "How do I pair the headphones?"})
    _write(tmp_path / "s/queries.jsonl", {"query": "pairing", "faq_id": "a"})
    assert isinstance(service.measure("retrieval", tmp_path / "s", collection="c"), RetrievalReport)
    qa = _write(tmp_path / "qa.jsonl", {"question": "退款多久到账", "answers": ["五个工作日"]})
    assert isinstance(service.measure("answers", qa, collection="c"), AnswersReport)
    with pytest.raises(ConfigError, match="beauty"):
        service.measure("beauty", tmp_path, collection="c")
