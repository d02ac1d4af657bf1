"""Similar questions while the library grows: each finds its own entry, also after later documents have come in."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_bench import EMBEDDER, assert_same, build, database_of, entries_in, entry_named, library_rows, service_of

from kbbuilder.schema import OWN_STYLES, EntryStatus, FaqEntry
from kbbuilder.services.build.library import Library
from kbbuilder.store.entry_changes import set_status

ROUTER = """# X200

## How do I reset the X200 router?

Hold the reset key of the X200 router for ten seconds.

## 保修期是多长时间？

X200 的保修期是二十四个月。
"""
LATER = """# X200 in a rack

## What are the steps to reset the X200 router?

Pull the plug of the rack, wait for a minute, and plug it in again.

## How long does the X200 router take to start?

It takes two minutes.
"""
ASKED, TAKEN = "How do I reset the X200 router?", "What are the steps to reset the X200 router?"
AT = "2026-01-01T00:00:00.000000+00:00"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.md").write_text(ROUTER, encoding="utf-8")
    return folder


def _asked_by(entry: FaqEntry) -> set[str]:
    return {wording.text for wording in entry.similar_questions if not wording.negative}


def test_a_similar_question_that_a_later_document_answers_itself_is_taken_back(files: Path, home: Path) -> None:
    first = build(service_of(home), files)
    before = _asked_by(entry_named(home, ASKED))
    assert TAKEN in before and first.wordings.taken_back == 0
    (files / "b.md").write_text(LATER, encoding="utf-8")
    report = build(service_of(home), files)
    after = entry_named(home, ASKED)
    assert TAKEN not in _asked_by(after)
    assert report.wordings.taken_back == len(before - _asked_by(after))
    with database_of(home).read() as conn:
        (found,) = Library(EMBEDDER, "default").view(conn).to_search.search([TAKEN], k=1)[0]
    assert found.question == TAKEN and found.score == 1.0


def test_documents_built_one_after_the_other_give_the_library_of_one_build(files: Path, tmp_path: Path) -> None:
    build(service_of(tmp_path / "one by one"), files)
    (files / "b.md").write_text(LATER, encoding="utf-8")
    (files / "c.md").write_text(ROUTER.replace("X200", "X300"), encoding="utf-8")
    build(service_of(tmp_path / "one by one"), files)
    build(service_of(tmp_path / "at once"), files)
    assert_same(library_rows(tmp_path / "one by one"), library_rows(tmp_path / "at once"))


def test_what_a_person_has_approved_keeps_its_similar_questions(files: Path, home: Path) -> None:
    build(service_of(home), files)
    entry = entry_named(home, ASKED)
    with database_of(home).write() as conn:
        set_status(
            conn, [entry.id], EntryStatus.APPROVED, only_from=(EntryStatus.PENDING,), actor="p", action="a", at=AT
        )
    (files / "b.md").write_text(LATER, encoding="utf-8")
    report = build(service_of(home), files)
    assert _asked_by(entry_named(home, ASKED)) == _asked_by(entry)
    assert report.wordings.taken_back == 0


def test_new_entries_are_compared_with_what_sources_and_people_say_only(files: Path, home: Path) -> None:
    build(service_of(home), files)
    library = Library(EMBEDDER, "default")
    with database_of(home).read() as conn:
        view = library.view(conn)
        proposed = sum(w.style not in OWN_STYLES for e in entries_in(home) for w in e.similar_questions)
        assert proposed > 0 and len(view.to_search) - len(view.to_compare) == proposed
        assert all(not entry.wordings for entry in view.entries([e.id for e in entries_in(home)]).values())
    with database_of(home).write() as conn:
        entry = entry_named(home, ASKED)
        set_status(
            conn, [entry.id], EntryStatus.APPROVED, only_from=(EntryStatus.PENDING,), actor="p", action="a", at=AT
        )
    with database_of(home).read() as conn:
        assert set(library.view(conn).entries([entry.id])[entry.id].wordings) == _asked_by(entry)


def test_each_document_has_its_similar_questions_before_the_next_one_is_merged(files: Path, home: Path) -> None:
    (files / "b.md").write_text(LATER, encoding="utf-8")
    stages: list[tuple[str, str]] = []
    service = service_of(home)
    registered = service.add_paths([files], collection="default", engine="auto")
    service.run(registered=registered, progress=lambda p: stages.append((p.document, p.stage)))
    steps = [step for step in dict.fromkeys(stages) if step[1] in ("merge", "expand")]
    assert steps == [("a.md", "merge"), ("a.md", "expand"), ("b.md", "merge"), ("b.md", "expand")]
