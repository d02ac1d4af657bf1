"""A build from files to entries: what comes out, that nothing is lost on the way, and that one fault stops one file."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from build_bench import ParserHere, assert_same, build, database_of, entries_in, entry_named, library_rows, service_of
from sqlalchemy import Connection, text

from kbbuilder.adapters.fence import FencedParser
from kbbuilder.config import ParseLimits
from kbbuilder.errors import EngineUnavailable, IllegalTransition, PathNotFound, StoreFull
from kbbuilder.schema import Chunk, DocumentContext, EntryStatus, Extraction, ParseOutcome
from kbbuilder.services.build import Progress
from kbbuilder.stages.extract import StructuralExtractor
from kbbuilder.store.database import Database

WARRANTY = """# X200 FAQ

## How long is the warranty of the X200?

The warranty of the X200 lasts 24 months from the day of purchase.

## How do I reset the X200?

1. Unplug the X200.
2. Hold the power button for 10 seconds.
3. Plug it in again.
"""
RETURNS = """# 退货说明

## 退货期限是多少天？

自签收之日起 7 天内可以无理由退货。

## 退款多久到账？

退款在收到退货后 3 个工作日内原路退回。
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "warranty.md").write_text(WARRANTY, encoding="utf-8")
    (folder / "returns.md").write_text(RETURNS, encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


# -- what comes out ---------------------------------------------------------------------------------------------


def test_a_build_makes_pending_entries_of_both_languages(files: Path, home: Path) -> None:
    report = build(service_of(home), files)
    assert {file.name: file.outcome for file in report.documents} == {"returns.md": "PARSED", "warranty.md": "PARSED"}
    assert report.entries == 4
    assert "lasts 24 months" in entry_named(home, "How long is the warranty of the X200?").answer
    refund = entry_named(home, "退款多久到账？")
    assert refund.language == "zh" and refund.status is EntryStatus.PENDING


def test_every_quote_stands_at_its_offsets_in_its_chunk(files: Path, home: Path) -> None:
    build(service_of(home), files)
    with database_of(home).read() as conn:
        rows = conn.execute(
            text("SELECT e.quote, e.start, e.end, c.text FROM evidence e JOIN chunk c ON c.pk = e.chunk_pk")
        ).all()
    assert len(rows) >= 4
    assert all(row.text[row.start : row.end] == row.quote for row in rows)


def test_the_ledger_adds_up_and_every_chunk_has_an_end(files: Path, home: Path) -> None:
    report = build(service_of(home), files)
    assert report.totals.balanced and all(file.balanced() for file in report.documents)
    for file in report.documents:
        assert sum(file.chunks.values()) == file.chunks.get("explicit_faq", 0) + file.chunks.get("nothing_to_ask", 0)
        assert file.candidates.kept == 2 and file.candidates.total == 2


def test_a_lost_ledger_row_shows_as_unbalanced(files: Path, home: Path) -> None:
    service = service_of(home)
    build(service, files)
    with database_of(home).write() as conn:
        conn.execute(text("DELETE FROM candidate WHERE id = (SELECT min(id) FROM candidate)"))
    report = build(service, files)
    assert not report.totals.balanced


def test_building_twice_adds_nothing(files: Path, home: Path) -> None:
    service = service_of(home)
    build(service, files)
    before = library_rows(home)
    again = build(service_of(home), files)
    assert [file.outcome for file in again.documents] == ["UNCHANGED", "UNCHANGED"]
    assert again.entries == 4 and again.documents[0].candidates.kept == 2
    assert_same(library_rows(home), before)


def test_similar_questions_find_their_own_entry(files: Path, home: Path) -> None:
    report = build(service_of(home), files)
    assert report.wordings.kept > 0
    assert sum(len(entry.similar_questions) for entry in entries_in(home)) >= report.wordings.kept


def test_the_same_text_under_another_name_merges_and_is_proved_twice(files: Path, home: Path) -> None:
    (files / "copy.md").write_text(WARRANTY, encoding="utf-8")
    report = build(service_of(home), files)
    assert report.entries == 4 and report.duplicates == 2
    entry = entry_named(home, "How do I reset the X200?")
    assert {evidence.document for evidence in entry.evidence} == {"copy.md", "warranty.md"}


def test_a_contradiction_is_reported_with_both_answers(files: Path, home: Path) -> None:
    (files / "news.md").write_text(RETURNS.replace("7 天", "30 天"), encoding="utf-8")
    report = build(service_of(home), files)
    (conflict,) = report.conflicts
    assert {conflict.left.documents, conflict.right.documents} == {("news.md",), ("returns.md",)}
    assert {"7 天" in conflict.left.answer, "7 天" in conflict.right.answer} == {True, False}


def test_collections_do_not_mix(files: Path, home: Path) -> None:
    service = service_of(home)
    build(service, files, collection="a")
    report = build(service, files, collection="b")
    assert report.duplicates == 0 and service.collections() == ("a", "b")
    assert {entry.collection for entry in entries_in(home)} == {"a", "b"}


def test_an_upload_is_built_like_a_file(home: Path) -> None:
    service = service_of(home)
    queued = service.add_upload("退货\n说明.md", RETURNS.encode(), collection="default", engine="structural")
    assert (queued.name, queued.outcome) == ("退货说明.md", "QUEUED")
    report = service.run()
    assert [(file.name, file.outcome, file.entries) for file in report.documents] == [("退货说明.md", "PARSED", 2)]


def test_coverage_tells_what_entries_stand_on(files: Path, home: Path) -> None:
    service = service_of(home)
    (files / "returns.md").unlink()
    (files / "warranty.md").write_text(WARRANTY + "\n## Credits\n\nxyzzy\n", encoding="utf-8")
    build(service, files)
    (view,) = service.documents("default")
    coverage = service.coverage(view.version_id)
    by_heading = {section.heading_path[-1]: section for section in coverage.sections}
    assert by_heading["How do I reset the X200?"].covered > 50 and by_heading["How do I reset the X200?"].entries == 1
    assert by_heading["Credits"].covered == 0 and by_heading["Credits"].state == "skipped"
    assert 0.3 < view.coverage < 1.0 and view.coverage == pytest.approx(coverage.covered / coverage.chars)


def test_progress_names_each_stage_and_counts_documents(files: Path, home: Path) -> None:
    told: list[Progress] = []
    service = service_of(home)
    service.add_paths([files], collection="default", engine="auto")
    service.run(progress=told.append)
    assert {progress.stage for progress in told} == {"parse", "chunk", "extract", "merge", "expand"}
    assert {progress.documents_total for progress in told} == {2}
    assert max(progress.documents_done for progress in told) == 1
    assert service.pending() == 0


# -- files that fail --------------------------------------------------------------------------------------------


def test_one_bad_file_does_not_stop_the_others(files: Path, home: Path) -> None:
    (files / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing of the kind")
    (files / "empty.md").write_bytes(b"")
    (files / "setup.exe").write_bytes(b"MZ" + bytes(100))
    report = build(service_of(home, parser=FencedParser(ParseLimits())), files)
    outcomes = {file.name: file.outcome for file in report.documents}
    assert outcomes == {
        "broken.pdf": "CORRUPT", "empty.md": "EMPTY", "returns.md": "PARSED", "setup.exe": "UNSUPPORTED",
        "warranty.md": "PARSED",
    }  # fmt: skip
    assert all(file.reason for file in report.documents if file.outcome != "PARSED")
    assert report.entries == 4


def test_links_and_pipes_are_reported_and_never_read(files: Path, home: Path) -> None:
    (files / "link.md").symlink_to(files / "warranty.md")
    (files / "linked").symlink_to(files, target_is_directory=True)
    os.mkfifo(files / "pipe.md")
    (files / ".hidden.md").write_text(WARRANTY, encoding="utf-8")
    report = build(service_of(home), files)
    outcomes = {file.name: file.outcome for file in report.documents}
    assert outcomes == {
        "link.md": "SPECIAL_FILE", "linked": "SPECIAL_FILE", "pipe.md": "SPECIAL_FILE",
        "returns.md": "PARSED", "warranty.md": "PARSED",
    }  # fmt: skip


def test_a_missing_path_stops_before_anything_is_read(files: Path, home: Path) -> None:
    service = service_of(home)
    with pytest.raises(PathNotFound, match=r"nowhere\.md"):
        service.add_paths([files, files / "nowhere.md"], collection="default", engine="auto")
    assert service.collections() == ()


def test_an_unknown_engine_is_refused(files: Path, home: Path) -> None:
    with pytest.raises(EngineUnavailable, match="llm"):
        service_of(home).add_paths([files], collection="default", engine="llm")


class _FailingExtractor:
    """The structural extractor, but for one document."""

    name = "structural"

    def __init__(self, document: str) -> None:
        self._document = document

    def extract(self, chunk: Chunk, document: DocumentContext) -> Extraction:
        if document.name == self._document:
            raise ZeroDivisionError("a fault nobody foresaw")
        return StructuralExtractor().extract(chunk, document)


def test_an_unforeseen_fault_fails_its_document_only_and_retry_cures_it(files: Path, home: Path) -> None:
    service = service_of(home, structural=_FailingExtractor("returns.md"))
    report = build(service, files)
    failed = report.documents[0]
    assert (failed.outcome, report.documents[1].outcome) == ("INTERNAL", "PARSED")
    assert "ZeroDivisionError" in failed.reason
    cured = service_of(home)
    (view, _) = cured.documents("default")
    cured.retry(view.version_id)
    assert [(file.name, file.outcome) for file in cured.run().documents] == [("returns.md", "PARSED")]
    with pytest.raises(IllegalTransition):
        cured.retry(view.version_id)


class _SlowParser:
    """Says TIMEOUT the first `times` times for one document."""

    def __init__(self, document: str, times: int) -> None:
        self._document, self.left = document, times
        self._parser = ParserHere()

    def parse(self, path: Path, name: str) -> ParseOutcome:
        if name == self._document and self.left:
            self.left -= 1
            return ParseOutcome(code="TIMEOUT", reason="it took longer than 15 s", hint="Try again.")
        return self._parser.parse(path, name)


def test_a_timeout_is_tried_again_when_its_time_has_come(files: Path, home: Path) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    service = service_of(home, parser=_SlowParser("returns.md", 1), clock=lambda: now[0])
    report = build(service, files)
    assert report.documents[0].outcome == "TIMEOUT" and "tried again" in report.documents[0].reason
    assert service.run().documents == ()
    now[0] += timedelta(minutes=5)
    assert [(file.name, file.outcome) for file in service.run().documents] == [("returns.md", "PARSED")]
    assert service.documents("default")[0].code == ""


def test_three_timeouts_are_enough(files: Path, home: Path) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    parser = _SlowParser("returns.md", 99)
    service = service_of(home, parser=parser, clock=lambda: now[0])
    build(service, files)
    for _ in range(5):
        now[0] += timedelta(hours=1)
        service.run()
    assert parser.left == 96
    (view, _) = service.documents("default")
    assert (view.state, view.code) == ("failed", "TIMEOUT")


class _WaitingParser:
    """Reads one document only when it is let go."""

    def __init__(self, document: str) -> None:
        self._document = document
        self.reached, self.let_go = threading.Event(), threading.Event()
        self._parser = ParserHere()

    def parse(self, path: Path, name: str) -> ParseOutcome:
        if name == self._document:
            self.reached.set()
            assert self.let_go.wait(30)
        return self._parser.parse(path, name)


def test_a_document_cancelled_while_it_is_read_gives_nothing(files: Path, home: Path) -> None:
    parser = _WaitingParser("returns.md")
    service = service_of(home, parser=parser)
    service.add_paths([files], collection="default", engine="auto")
    running = threading.Thread(target=service.run, daemon=True)
    running.start()
    assert parser.reached.wait(30)
    view = service.documents("default")[0]
    assert view.name == "returns.md" and view.running
    service.cancel(view.version_id)
    parser.let_go.set()
    running.join(60)
    view, other = service.documents("default")
    assert (view.state, view.entries, other.state) == ("cancelled", 0, "done")
    with pytest.raises(IllegalTransition):
        service.cancel(other.version_id)


def test_stored_bytes_that_have_changed_fail_their_document(files: Path, home: Path) -> None:
    service = service_of(home)
    service.add_paths([files], collection="default", engine="auto")
    for blob in (home / "library-data" / "blobs").rglob("*"):
        if blob.is_file() and b"X200" in blob.read_bytes():
            blob.write_bytes(b"something else")
    outcomes = {file.name: file.outcome for file in service.run().documents}
    assert outcomes == {"returns.md": "PARSED", "warranty.md": "BLOB_MISSING"}


class _SmallDisk(Database):
    """A database that must not grow beyond so many pages."""

    pages = 1_000_000

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as conn:
            conn.exec_driver_sql(f"PRAGMA max_page_count = {self.pages}")
            yield conn


def test_after_a_full_disk_the_next_run_completes_the_same_library(files: Path, home: Path, tmp_path: Path) -> None:
    build(service_of(tmp_path / "other"), files)
    expected = library_rows(tmp_path / "other")
    small = _SmallDisk(f"sqlite:///{home}/library.db")
    service = service_of(home, database=small)
    service.add_paths([files], collection="default", engine="auto")
    with small.read() as conn:
        used = int(conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    full = 0
    for more in (0, 2, 4, 8, 16):
        small.pages = used + more
        try:
            service.run()
        except StoreFull:
            full += 1
    assert full >= 2
    small.pages = 1_000_000
    service.run()
    assert_same(library_rows(home), expected)
