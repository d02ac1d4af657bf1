"""A document's next edition: texts follow their source until a person has decided; after that they stand beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_bench import (
    EMBEDDER,
    ParserHere,
    assert_same,
    build,
    database_of,
    entries_in,
    entry_named,
    library_rows,
    service_of,
)
from sqlalchemy import text

from kbbuilder.reading_notes import NoteCode, ReadingNote
from kbbuilder.schema import EntryStatus, FaqEntry, LinkVerdict, ParseOutcome
from kbbuilder.services.build import BuildReport
from kbbuilder.services.review import ReviewService
from kbbuilder.store import links

WARRANTY = ("How long is the warranty?", "The warranty of the X200 lasts 24 months from the day of purchase.")
RESET = ("How do I reset the X200?", "Hold the power button of the X200 for 10 seconds until the lamp blinks.")
CLEAN = ("怎么清洁滤网？", "断电后取下滤网，用清水冲洗，晾干后装回。")


class Bench:
    """One folder of documents and one library."""

    def __init__(self, tmp_path: Path) -> None:
        self.files = tmp_path / "files"
        self.files.mkdir()
        self.home = tmp_path / "home"
        self.service = service_of(self.home)
        self.review = ReviewService(database_of(self.home), EMBEDDER)

    def edition(self, *pairs: tuple[str, str], name: str = "faq.md", section: str = "X200") -> BuildReport:
        body = "\n\n".join(f"## {question}\n\n{answer}" for question, answer in pairs)
        (self.files / name).write_text(f"# {section}\n\n{body}\n", encoding="utf-8")
        return build(self.service, self.files)

    def entry(self, question: str) -> FaqEntry:
        return entry_named(self.home, question)

    def approve(self, question: str) -> None:
        entry = self.entry(question)
        self.review.approve(entry.id, seen_version=entry.version, actor="rita")

    def reject(self, question: str) -> None:
        entry = self.entry(question)
        self.review.reject(entry.id, seen_version=entry.version, actor="rita")

    def edit(self, question: str, answer: str) -> None:
        entry = self.entry(question)
        self.review.save(
            entry.id, seen_version=entry.version, question=question, answer=answer,
            similar_questions=[s.text for s in entry.similar_questions], actor="rita",
        )  # fmt: skip

    def versions(self, entry: FaqEntry) -> list[int]:
        return [evidence.version for evidence in entry.evidence]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def _changed(pair: tuple[str, str], old: str, new: str) -> tuple[str, str]:
    assert old in pair[1]
    return pair[0], pair[1].replace(old, new)


def test_an_unchanged_entry_keeps_its_status_and_its_quotes_move_to_the_new_edition(bench: Bench) -> None:
    bench.edition(WARRANTY, RESET)
    bench.approve(WARRANTY[0])
    before = bench.entry(WARRANTY[0])
    report = bench.edition(WARRANTY, RESET, CLEAN)
    after = bench.entry(WARRANTY[0])
    assert (after.id, after.status, after.answer) == (before.id, EntryStatus.APPROVED, before.answer)
    assert bench.versions(after) == [2]
    assert report.entries == 3 and report.documents[0].version == 2
    assert bench.entry(CLEAN[0]).status is EntryStatus.PENDING


def test_an_untouched_entry_follows_its_source_and_the_step_is_in_its_history(bench: Bench) -> None:
    bench.edition(WARRANTY)
    before = bench.entry(WARRANTY[0])
    bench.edition(_changed(WARRANTY, "24", "36"))
    after = bench.entry(WARRANTY[0])
    assert after.id == before.id and "36 months" in after.answer and after.status is EntryStatus.PENDING
    assert bench.versions(after) == [2]
    assert [revision.actor for revision in bench.review.entry(after.id).history] == ["build"]


def test_an_approved_entry_whose_source_changed_turns_stale_beside_a_proposal(bench: Bench) -> None:
    bench.edition(WARRANTY)
    bench.approve(WARRANTY[0])
    bench.edition(_changed(WARRANTY, "24", "36"))
    (old,) = [entry for entry in entries_in(bench.home) if entry.status is EntryStatus.STALE]
    (new,) = [entry for entry in entries_in(bench.home) if entry.status is EntryStatus.PENDING]
    assert "24 months" in old.answer and "source_changed" in old.flags and bench.versions(old) == [1]
    assert "36 months" in new.answer and bench.versions(new) == [2]
    with database_of(bench.home).read() as conn:
        (link,) = links.links_of(conn, old.id)
    assert {link.left_id, link.right_id} == {old.id, new.id}
    assert (link.verdict, link.reason) == (LinkVerdict.VARIANT, "source_changed")


def test_a_text_that_a_person_wrote_is_kept_while_the_source_stays(bench: Bench) -> None:
    bench.edition(WARRANTY)
    bench.edit(WARRANTY[0], "Two years.")
    bench.edition(WARRANTY, RESET)
    entry = bench.entry(WARRANTY[0])
    assert (entry.answer, entry.flags, bench.versions(entry)) == ("Two years.", (), [2])


def test_a_text_that_a_person_wrote_is_kept_and_flagged_when_the_source_changes(bench: Bench) -> None:
    bench.edition(WARRANTY)
    bench.edit(WARRANTY[0], "Two years.")
    bench.edition(_changed(WARRANTY, "24", "36"))
    mine, proposal = sorted(entries_in(bench.home), key=lambda entry: not entry.edited_by_person)
    assert (mine.answer, mine.status) == ("Two years.", EntryStatus.PENDING) and "source_changed" in mine.flags
    assert "36 months" in proposal.answer


def test_a_rejected_entry_stays_rejected(bench: Bench) -> None:
    bench.edition(WARRANTY, RESET)
    bench.reject(WARRANTY[0])
    bench.edition(WARRANTY, _changed(RESET, "10 seconds", "20 seconds"))
    assert bench.entry(WARRANTY[0]).status is EntryStatus.REJECTED
    bench.edition(RESET)
    assert bench.entry(WARRANTY[0]).status is EntryStatus.REJECTED


def test_what_vanished_turns_stale_and_is_never_deleted(bench: Bench) -> None:
    bench.edition(WARRANTY, RESET, CLEAN)
    bench.approve(CLEAN[0])
    bench.edition(WARRANTY)
    for question in (RESET[0], CLEAN[0]):
        entry = bench.entry(question)
        assert entry.status is EntryStatus.STALE and "source_removed" in entry.flags
    assert bench.entry(WARRANTY[0]).status is EntryStatus.PENDING


def test_what_came_back_goes_to_the_queue_again(bench: Bench) -> None:
    bench.edition(WARRANTY, RESET)
    bench.approve(RESET[0])
    bench.edition(WARRANTY)
    bench.edition(WARRANTY, RESET)
    entry = bench.entry(RESET[0])
    assert (entry.status, entry.flags, bench.versions(entry)) == (EntryStatus.PENDING, (), [1, 3])


def test_a_third_edition_updates_the_proposal_and_makes_no_second_one(bench: Bench) -> None:
    bench.edition(WARRANTY)
    bench.approve(WARRANTY[0])
    bench.edition(_changed(WARRANTY, "24", "36"))
    bench.edition(_changed(WARRANTY, "24", "48"))
    old, new = sorted(entries_in(bench.home), key=lambda entry: entry.status is EntryStatus.PENDING)
    assert "24 months" in old.answer and old.status is EntryStatus.STALE
    assert "48 months" in new.answer and new.status is EntryStatus.PENDING


def test_a_renamed_section_and_a_reworded_question_are_found_again(bench: Bench) -> None:
    bench.edition(WARRANTY, RESET)
    first = {entry.question: entry.id for entry in entries_in(bench.home)}
    bench.edition(WARRANTY, RESET, section="X200 and X200 Pro")
    assert {entry.question: entry.id for entry in entries_in(bench.home)} == first
    reworded = ("What is the warranty period?", WARRANTY[1])
    bench.edition(reworded, RESET, section="X200 and X200 Pro")
    assert bench.entry(reworded[0]).id == first[WARRANTY[0]]
    assert len(entries_in(bench.home)) == 2


def test_an_entry_other_documents_still_prove_stays_and_the_new_text_is_a_conflict(bench: Bench) -> None:
    bench.edition(WARRANTY, name="a.md")
    bench.edition(WARRANTY, name="b.md")
    bench.approve(WARRANTY[0])
    report = bench.edition(_changed(WARRANTY, "24", "36"), name="a.md")
    (old,) = [entry for entry in entries_in(bench.home) if "24 months" in entry.answer]
    assert old.status is EntryStatus.APPROVED and [e.document for e in old.evidence] == ["b.md"]
    (conflict,) = report.conflicts
    assert old.id in (conflict.left.entry_id, conflict.right.entry_id)


def test_a_contradiction_that_a_new_edition_cures_is_no_longer_listed(bench: Bench) -> None:
    bench.edition(WARRANTY, name="a.md")
    assert len(bench.edition(_changed(WARRANTY, "24", "36"), name="b.md").conflicts) == 1
    report = bench.edition(_changed(WARRANTY, "24", "48"), name="b.md")
    assert len(report.conflicts) == 1 and "48" in report.conflicts[0].left.answer + report.conflicts[0].right.answer
    assert bench.edition(RESET, name="b.md").conflicts == ()


def test_the_old_edition_is_superseded_and_only_the_new_one_is_searched(bench: Bench) -> None:
    bench.edition(WARRANTY, RESET)
    bench.edition(WARRANTY)
    with database_of(bench.home).read() as conn:
        states = conn.execute(text("SELECT number, state FROM document_version ORDER BY number")).all()
        numbers = (
            conn.execute(text("SELECT DISTINCT v.number FROM passage p JOIN document_version v ON v.id = p.version_id"))
            .scalars()
            .all()
        )
    assert [tuple(row) for row in states] == [(1, "superseded"), (2, "done")]
    assert numbers == [2]


def test_the_same_edition_again_changes_nothing(bench: Bench) -> None:
    bench.edition(WARRANTY, RESET)
    bench.edition(WARRANTY, CLEAN)
    before = library_rows(bench.home)
    assert bench.edition(WARRANTY, CLEAN).documents[0].outcome == "UNCHANGED"
    assert_same(library_rows(bench.home), before)


def test_two_new_editions_before_a_run_only_build_the_last(bench: Bench) -> None:
    for letter, place in (("A", "first"), ("B", "second")):
        content = f"# {letter}\n\n## What is {letter}?\n\n{letter} is the {place} letter of the alphabet.\n"
        bench.service.add_upload("faq.md", content.encode(), collection="default", engine="auto")
    report = bench.service.run()
    assert [(file.version, file.outcome) for file in report.documents] == [(2, "PARSED")]
    assert [entry.question for entry in entries_in(bench.home)] == ["What is B?"]


# -- text recognition that comes later ------------------------------------------------------------------------


class _WithoutRecognition(ParserHere):
    """Leaves out what stands on the second page, a picture, until text recognition is there."""

    recognises = False

    def parse(self, path: Path, name: str) -> ParseOutcome:
        read = super().parse(path, name)
        if self.recognises or read.document is None:
            return read
        missing = {"pages": "2", "reason": "text recognition is not installed", "hint": "Install it."}
        note = ReadingNote(code=NoteCode.RECOGNITION_MISSING, values=missing)
        first_page = read.document.elements[:3]
        return read.model_copy(
            update={"document": read.document.model_copy(update={"elements": first_page, "warnings": (note,)})}
        )


def test_pages_that_were_pictures_are_read_when_text_recognition_is_there(tmp_path: Path) -> None:
    parser, home = _WithoutRecognition(), tmp_path / "home"
    service = service_of(home, parser=parser, recognises=lambda: parser.recognises)
    (tmp_path / "files").mkdir()
    body = "\n\n".join(f"## {question}\n\n{answer}" for question, answer in (WARRANTY, RESET))
    (tmp_path / "files" / "faq.md").write_text(f"# X200\n\n{body}\n", encoding="utf-8")
    assert build(service, tmp_path / "files").entries == 1
    kept = entry_named(home, WARRANTY[0])
    assert build(service, tmp_path / "files").documents[0].outcome == "UNCHANGED"
    parser.recognises = True
    report = build(service, tmp_path / "files")
    assert (report.documents[0].outcome, report.documents[0].version, report.entries) == ("PARSED", 2, 2)
    assert entry_named(home, WARRANTY[0]).id == kept.id and entry_named(home, RESET[0])
    assert build(service, tmp_path / "files").documents[0].outcome == "UNCHANGED"
