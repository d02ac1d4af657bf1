"""The main job over the samples: the command a newcomer types, judged by what was planted in the documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kbbuilder.bootstrap import open_library
from kbbuilder.config import Settings
from kbbuilder.language.text import fold

ROOT = Path(__file__).parents[2]
PLANTED = json.loads((ROOT / "tests" / "samples_source" / "PLANTED.json").read_text(encoding="utf-8"))


def _kbbuilder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("KBBUILDER_")} | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "kbbuilder.cli", *arguments],
        cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], list[dict[str, Any]]]:
    """The folder the demo ran in, its report, and the exported entries."""
    folder = tmp_path_factory.mktemp("demo")
    run = _kbbuilder(folder, "demo", "--json")
    assert run.returncode == 0, run.stderr
    out = folder / "all.jsonl"
    exported = _kbbuilder(
        folder,
        "export",
        "--format",
        "jsonl",
        "--status",
        "all",
        "--out",
        str(out),
        "--db",
        "sqlite:///kbbuilder-demo.db",
    )
    assert exported.returncode == 0, exported.stderr
    entries = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return folder, json.loads(run.stdout), entries


Demo = tuple[Path, dict[str, Any], list[dict[str, Any]]]


def test_the_demo_makes_at_least_150_entries_in_both_languages(demo: Demo) -> None:
    _, report, entries = demo
    assert report["entries"] == len(entries) >= 150
    assert {d["outcome"] for d in report["documents"]} == {"PARSED"}
    languages = [e["language"] for e in entries]
    assert min(languages.count("zh"), languages.count("en")) >= 60


def test_every_entry_has_a_quote_that_stands_at_its_offsets(demo: Demo) -> None:
    folder, _, entries = demo
    with open_library(Settings(db=f"sqlite:///{folder}/kbbuilder-demo.db")) as library:
        for entry in entries:
            assert entry["evidence"], entry["question"]
            for source in library.review.entry(entry["id"]).sources:
                assert source.spans
                for start, end in source.spans:
                    assert source.chunk_text[start:end].strip()
            quotes = {e["quote"] for e in entry["evidence"]}
            shown = {
                s.chunk_text[start:end] for s in library.review.entry(entry["id"]).sources for start, end in s.spans
            }
            assert quotes <= shown | {q for q in quotes if any(q in t or t in q for t in shown)}


def test_the_planted_duplicates_are_merged_with_evidence_from_both_documents(demo: Demo) -> None:
    _, report, entries = demo
    assert report["duplicates_merged"] >= len(PLANTED["duplicates"])
    for planted in PLANTED["duplicates"]:
        same = [e for e in entries if fold(e["question"]) == fold(planted["question"])]
        assert len(same) == 1, planted["question"]
        assert set(planted["documents"]) <= {q["document"] for q in same[0]["evidence"]}, planted["question"]


def test_exactly_the_planted_contradictions_are_conflicts(demo: Demo) -> None:
    _, report, _ = demo
    found = {fold(c["left"]["question"]) for c in report["conflicts"]}
    assert found == {fold(p["question"]) for p in PLANTED["conflicts"]}
    assert len(report["conflicts"]) == len(PLANTED["conflicts"])
    for conflict in report["conflicts"]:
        assert conflict["left"]["answer"] != conflict["right"]["answer"]


def test_near_misses_stay_apart(demo: Demo) -> None:
    _, _, entries = demo
    questions = [fold(e["question"]) for e in entries]
    for left, right in (
        ("How do I turn on the BrewMaster X200?", "How do I turn off the BrewMaster X200?"),
        ("How much water does the tank of the X200 hold?", "How much water does the tank of the X300 hold?"),
        ("P600 每分钟出水多少？", "P800 每分钟出水多少？"),
    ):
        assert fold(left) in questions and fold(right) in questions
        for entry in entries:
            wordings = {fold(w) for w in (entry["question"], *entry["similar_questions"])}
            assert not {fold(left), fold(right)} <= wordings


def test_the_ledger_adds_up_for_every_document(demo: Demo) -> None:
    _, report, entries = demo
    kept = merged = 0
    for document in report["documents"]:
        assert document["balanced"], document["document"]
        counts = document["candidates"]
        kept, merged = kept + counts["kept"], merged + counts["merged"]
        assert counts["pending"] == 0
    assert kept == len(entries)
    assert merged == report["duplicates_merged"]
    assert report["totals"]["balanced"]


def test_contents_legal_notices_and_navigation_give_no_entries(demo: Demo) -> None:
    _, _, entries = demo
    text = "\n".join(e["question"] + e["answer"] for e in entries)
    for boilerplate in ("All rights reserved", "Accept all cookies", "版权所有"):
        assert boilerplate not in text


def test_most_entries_have_other_wordings_and_those_that_share_one_are_linked(demo: Demo) -> None:
    folder, _, entries = demo
    assert sum(bool(e["similar_questions"]) for e in entries) >= 0.7 * len(entries)
    owners: dict[str, set[str]] = {}
    for entry in entries:
        for wording in (entry["question"], *entry["similar_questions"]):
            owners.setdefault(fold(wording), set()).add(entry["id"])
    with open_library(Settings(db=f"sqlite:///{folder}/kbbuilder-demo.db")) as library:
        for wording, ids in owners.items():
            for entry_id in ids if len(ids) > 1 else ():
                linked = {view.other.id for view in library.review.entry(entry_id).links}
                assert ids - {entry_id} <= linked, wording


def test_the_library_answers_refuses_and_shows_its_source(demo: Demo) -> None:
    folder, _, _ = demo
    where = ("--db", "sqlite:///kbbuilder-demo.db", "--collection", "demo", "--json")
    answered = json.loads(_kbbuilder(folder, "ask", "X200 怎么除垢 descale", "--include-pending", *where).stdout)
    assert answered["route"] in ("faq", "document")
    known = json.loads(_kbbuilder(folder, "ask", "门锁没电了怎么开门", "--include-pending", *where).stdout)
    assert known["route"] == "faq" and "充电宝" in known["answers"][0]
    assert known["entry"]["evidence"][0]["document"] == "海云雀客服常见问题.docx"
    unknown = json.loads(_kbbuilder(folder, "ask", "Who won the football match last night?", *where).stdout)
    assert unknown["route"] == "refuse" and unknown["answers"] == []
    unapproved = json.loads(_kbbuilder(folder, "ask", "门锁没电了怎么开门", *where).stdout)
    assert unapproved["route"] != "faq"


def test_building_the_samples_again_adds_nothing(demo: Demo) -> None:
    folder, _, entries = demo
    again = _kbbuilder(
        folder, "build", str(ROOT / "samples"), "--db", "sqlite:///kbbuilder-demo.db", "--collection", "demo", "--json"
    )
    report = json.loads(again.stdout)
    assert again.returncode == 0
    assert {d["outcome"] for d in report["documents"]} == {"UNCHANGED"}
    assert report["entries"] == len(entries)


def test_a_second_demo_leaves_the_first_one_alone(demo: Demo) -> None:
    folder, _, _ = demo
    before = (folder / "kbbuilder-demo.db").stat().st_size
    (folder / "kbbuilder-demo-2.db").touch()
    run = _kbbuilder(folder, "demo", "--db", "sqlite:///other.db")
    assert run.returncode == 0
    assert "kbbuilder ui --db sqlite:///other.db --collection demo" in run.stdout.replace("\n", " ")
    assert (folder / "kbbuilder-demo.db").stat().st_size == before
