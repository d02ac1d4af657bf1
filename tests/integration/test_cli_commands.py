"""The command line as scripts use it: one JSON document on stdout, exit codes out of the error tree, clear errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kbbuilder.ports import ChatReply, Finish
from kbbuilder.store.database import Database
from kbbuilder.store.model_calls import StoredReply, store_replies

ROOT = Path(__file__).parents[2]
FAQ = "# Shop FAQ\n\n## How long is the warranty?\n\nTwo years from delivery.\n\n## 如何退货？\n\n自签收之日起 7 天内可申请退货。\n"


def _run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KBBUILDER_")} | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "kbbuilder.cli", *arguments],
        cwd=folder, env=clean | environ, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def _json(run: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a built library in `kbbuilder.db`, its two entries approved by an import."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "docs").mkdir()
    (folder / "docs" / "faq.md").write_text(FAQ, encoding="utf-8")
    built = _run(folder, "build", "docs", "--json")
    assert built.returncode == 0, built.stderr
    assert _json(built)["entries"] == 2
    exported = _run(folder, "export", "--format", "jsonl", "--status", "all", "--out", "all.jsonl", "--json")
    assert _json(exported)["entries"] == 2
    approved = _run(folder, "import", "all.jsonl", "--approve", "--json")
    assert approved.returncode == 0, approved.stdout
    return folder


def test_build_reports_each_file_with_outcome_and_reason_and_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "good.md").write_text(FAQ, encoding="utf-8")
    (docs / "empty.txt").write_bytes(b"")
    (docs / "fake.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (docs / "link.md").symlink_to(docs / "good.md")
    run = _run(tmp_path, "build", "docs", "--json")
    assert run.returncode == 0
    outcomes = {d["document"]: d["outcome"] for d in _json(run)["documents"]}
    assert outcomes["good.md"] == "PARSED"
    assert outcomes["empty.txt"] == "EMPTY"
    assert outcomes["fake.pdf"] in ("UNSUPPORTED", "CORRUPT")
    assert outcomes["link.md"] == "SPECIAL_FILE"
    for document in _json(run)["documents"]:
        assert document["balanced"]
        assert document["outcome"] == "PARSED" or (document["reason"] and "\n" not in document["reason"])
    assert _run(tmp_path, "build", "docs", "--strict").returncode == 4


def test_build_of_nothing_but_bad_files_ends_with_the_exit_code_of_documents(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    run = _run(tmp_path, "build", "empty.txt")
    assert run.returncode == 4
    assert "EMPTY" in run.stdout


def test_ask_answers_with_source_and_score(shop: Path) -> None:
    answer = _json(_run(shop, "ask", "how long is the warranty", "--json"))
    assert answer["route"] == "faq" and answer["answers"][0] == "Two years from delivery."
    assert answer["entry"]["evidence"][0]["document"] == "faq.md"
    shown = _run(shop, "ask", "怎么退货")
    assert "7 天" in shown.stdout and "faq.md" in shown.stdout


def test_ask_refuses_what_the_library_does_not_know(shop: Path) -> None:
    answer = _json(_run(shop, "ask", "What is the capital of Mongolia?", "--json"))
    assert (answer["route"], answer["answers"]) == ("refuse", [])


def test_ask_batch_keeps_order_and_ids_and_takes_query_for_question(shop: Path) -> None:
    lines = [
        {"id": "b", "question": "如何退货？"},
        {"id": "a", "query": "warranty how long"},
        {"id": 3, "question": ""},
    ]
    (shop / "q.jsonl").write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in lines), encoding="utf-8")
    run = _run(shop, "ask", "--batch", "q.jsonl", "--out", "p.jsonl")
    assert run.returncode == 0, run.stderr
    rows = [json.loads(line) for line in (shop / "p.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["id"] for r in rows] == ["b", "a", 3]
    assert [r["route"] for r in rows] == ["faq", "faq", "refuse"]
    assert set(rows[0]) == {"id", "question", "route", "score", "ranked", "answers"}
    assert set(rows[0]["ranked"][0]) == {"faq_id", "score"}


def test_a_bad_batch_line_is_named_and_writes_nothing(shop: Path) -> None:
    (shop / "bad.jsonl").write_text('{"question": "x?"}\nnot json\n', encoding="utf-8")
    run = _run(shop, "ask", "--batch", "bad.jsonl", "--out", "never.jsonl")
    assert run.returncode == 8 and "line 2" in run.stderr
    assert not (shop / "never.jsonl").exists()


@pytest.mark.parametrize("format", ["jsonl", "csv", "xlsx", "markdown"])
def test_what_is_exported_comes_back(shop: Path, tmp_path: Path, format: str) -> None:
    out = tmp_path / f"faq.{'md' if format == 'markdown' else format}"
    assert _run(shop, "export", "--format", format, "--out", str(out)).returncode == 0
    run = _run(tmp_path, "import", str(out), "--approve", "--json")
    assert run.returncode == 0, run.stdout
    assert _json(run)["created"] == 2
    again = _run(tmp_path, "import", str(out), "--approve", "--json")
    assert _json(again)["created"] == 0
    assert _json(_run(tmp_path, "ask", "如何退货", "--json"))["answers"][0] == "自签收之日起 7 天内可申请退货。"


def test_parse_prints_the_elements_the_parser_saw(shop: Path) -> None:
    parsed = _json(_run(shop, "parse", "docs/faq.md", "--json"))
    assert (parsed["document"], parsed["outcome"]) == ("faq.md", "PARSED")
    assert [(e["kind"], e.get("level")) for e in parsed["elements"][:2]] == [("heading", 1), ("heading", 2)]


def test_what_the_reader_noticed_is_an_english_sentence_in_text_and_json(tmp_path: Path) -> None:
    page = "<!doctype html><html><body><h1>Help</h1><h2>How long is the warranty?</h2><p>Two years.</p></body></html>"
    (tmp_path / "help.xls").write_text(page, encoding="utf-8")
    said = "the file is a web page, although its name says an old Excel workbook"
    assert _json(_run(tmp_path, "parse", "help.xls", "--json"))["warnings"] == [said]
    assert said in _run(tmp_path, "parse", "help.xls").stdout
    assert _json(_run(tmp_path, "build", "help.xls", "--json"))["documents"][0]["warnings"] == [said]


def test_status_shows_what_models_have_cost_and_which_calls_have_no_price(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/kbbuilder.db")
    database.migrate()
    reply = ChatReply("24 个月", Finish.STOP, 100, 20)
    with database.write() as conn:
        replies = [StoredReply(f"{i}", "m", "extract", reply, cost) for i, cost in enumerate((0.5, 0.25, None))]
        store_replies(conn, replies, [], "2026-01-02T03:04:05.000000+00:00")
    status = _json(_run(tmp_path, "status", "--json"))
    assert (status["model_calls"], status["cost"], status["unpriced_calls"]) == (3, 0.75, 1)
    shown = _run(tmp_path, "status").stdout
    assert "3 calls, 300 + 60 tokens, cost 0.7500 (calls without a known price: 1)" in " ".join(shown.split())


def test_status_and_doctor_say_that_all_is_well(shop: Path) -> None:
    status = _json(_run(shop, "status", "--json"))
    assert status["entries"]["approved"] == 2 and status["balanced"]
    doctor = _run(shop, "doctor")
    assert doctor.returncode == 0 and "WRONG" not in doctor.stdout


def test_doctor_finds_a_lost_document(tmp_path: Path) -> None:
    (tmp_path / "faq.md").write_text(FAQ, encoding="utf-8")
    assert _run(tmp_path, "build", "faq.md").returncode == 0
    for blob in (tmp_path / "kbbuilder-data" / "blobs").rglob("*"):
        if blob.is_file():
            blob.chmod(0o600)
            blob.write_bytes(b"damaged")
    doctor = _run(tmp_path, "doctor")
    assert doctor.returncode == 6 and "faq.md" in doctor.stdout


def test_eval_measures_pairs_and_names_bad_lines(tmp_path: Path) -> None:
    rows = [
        {"a": "How do I reset it?", "b": "How can I reset it?", "label": 1, "lang": "en"},
        {"a": "如何退货", "b": "今天天气如何", "label": 0, "lang": "zh"},
        {"a": "怎么退货", "b": "如何退货", "label": 1, "lang": "zh"},
        {"a": "How long is the warranty?", "b": "Where is the shop?", "label": 0, "lang": "en"},
    ]
    text = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\nbroken\n"
    (tmp_path / "pairs.jsonl").write_text(text, encoding="utf-8")
    run = _run(tmp_path, "eval", "pairs", "pairs.jsonl")
    assert run.returncode == 0, run.stderr
    assert "line 5" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("build", "nowhere"), 3, "PATH_NOT_FOUND"),
        (("build", "."), 3, "NOTHING_TO_BUILD"),
        (("ask", "x?"), 3, "there is no library"),
        (("ask",), 3, "give either a question or --batch"),
        (("import", "nowhere.csv"), 3, "PATH_NOT_FOUND"),
        (("build", ".", "--engine", "llm"), 3, "ENGINE_UNAVAILABLE"),
        (("status", "--db", "nonsense"), 3, "CONFIG"),
        (("export", "--format", "docx", "--out", "x"), 2, "docx"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
def test_an_error_says_what_to_do_and_has_its_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    run = _run(tmp_path, *arguments)
    assert run.returncode == code, run.stderr
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_with_json_an_error_is_one_json_document_too(tmp_path: Path) -> None:
    run = _run(tmp_path, "build", "nowhere", "--json")
    error = _json(run)["error"]
    assert error["code"] == "PATH_NOT_FOUND" and error["hint"]
    assert run.returncode == 3


def test_settings_come_from_file_environment_and_arguments_in_that_order(tmp_path: Path) -> None:
    (tmp_path / "faq.md").write_text(FAQ, encoding="utf-8")
    (tmp_path / "kbbuilder.toml").write_text('db = "sqlite:///from-file.db"\n', encoding="utf-8")
    assert _run(tmp_path, "build", "faq.md").returncode == 0
    assert _run(tmp_path, "build", "faq.md", KBBUILDER_DB="sqlite:///from-env.db").returncode == 0
    run = _run(tmp_path, "build", "faq.md", "--db", "sqlite:///from-args.db", KBBUILDER_DB="sqlite:///from-env.db")
    assert run.returncode == 0
    assert {p.name for p in tmp_path.glob("*.db")} == {"from-file.db", "from-env.db", "from-args.db"}
    (tmp_path / "kbbuilder.toml").write_text("colour = 3\n", encoding="utf-8")
    assert "unknown setting colour" in _run(tmp_path, "status").stderr
