from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from entries_library import AT, entry, make_library, put, quote, wording

from kbbuilder.errors import StaleForm
from kbbuilder.schema import EntryStatus
from kbbuilder.store import revisions
from kbbuilder.store.database import Database
from kbbuilder.store.entries import get, get_stored
from kbbuilder.store.entry_changes import (
    MachineUpdate,
    add_evidence_many,
    add_wordings,
    change,
    remove_evidence,
    revert,
    set_flags,
    set_status,
    update_from_machine,
)
from kbbuilder.store.entry_counts import recount

BETTER = MachineUpdate(
    question="保修期多久？", answer="36 个月。", language="zh", similar_questions=(wording("保几年"),), score=0.9
)
TOUCHED = [
    {"edited_by_person": True},
    {"status": EntryStatus.APPROVED},
    {"status": EntryStatus.REJECTED},
    {"status": EntryStatus.STALE},
]


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return make_library(tmp_path)


def test_a_change_is_refused_when_somebody_saved_since_it_was_read(db: Database) -> None:
    put(db, entry("a"))
    with db.read() as conn:
        seen = get_stored(conn, "a")
    with db.write() as conn:
        change(conn, seen, replace(seen.content, answer="新"), actor="甲", action="edited", at=AT)
    with pytest.raises(StaleForm), db.write() as conn:
        change(conn, seen, replace(seen.content, answer="别的"), actor="乙", action="edited", at=AT)
    with db.read() as conn:
        assert get(conn, "a").answer == "新"
        assert [r.actor for r in revisions.history(conn, "a")] == ["甲"]


def test_a_build_updates_an_entry_nobody_has_touched(db: Database) -> None:
    put(db, entry("a", evidence=(quote(0),)))
    with db.write() as conn:
        assert update_from_machine(conn, "a", replace(BETTER, evidence=(quote(1),)), actor="build", at=AT)
        got = get(conn, "a")
    assert (got.question, got.answer, got.version) == ("保修期多久？", "36 个月。", 2)
    assert [e.quote for e in got.evidence] == ["保修期"]
    assert not got.edited_by_person


def test_the_same_build_again_changes_nothing(db: Database) -> None:
    put(db, entry("a"))
    with db.write() as conn:
        assert update_from_machine(conn, "a", BETTER, actor="build", at=AT)
        assert not update_from_machine(conn, "a", BETTER, actor="build", at=AT)
        assert get(conn, "a").version == 2
        assert len(revisions.history(conn, "a")) == 1


@pytest.mark.parametrize("touch", TOUCHED)
def test_a_build_never_changes_words_a_person_has_touched(db: Database, touch: dict[str, object]) -> None:
    put(db, entry("a", **touch))
    with db.write() as conn:
        before = get(conn, "a")
        assert not update_from_machine(conn, "a", BETTER, actor="build", at=AT)
        assert add_wordings(conn, [("a", wording("保几年"))], at=AT) == ()
        assert get(conn, "a") == before


def test_evidence_is_added_to_any_entry_without_making_its_open_form_stale(db: Database) -> None:
    put(db, entry("a", status=EntryStatus.APPROVED, evidence=(quote(0),)))
    with db.write() as conn:
        assert (
            add_evidence_many(conn, [("a", quote(0)), ("a", quote(1)), ("a", quote(1)), ("nix", quote(1))], at=AT) == 1
        )
        got = get(conn, "a")
    assert [e.quote for e in got.evidence] == ["安装前", "保修期"]
    assert got.version == 1


def test_evidence_on_a_superseded_edition_can_be_taken_away(db: Database) -> None:
    put(db, entry("a", evidence=(quote(0), quote(1))))
    with db.write() as conn:
        assert remove_evidence(conn, ["a"], [99], at=AT) == 0
        assert remove_evidence(conn, ["a"], [1], at=AT) == 2
        assert get(conn, "a").evidence == ()


def test_wordings_are_appended_once_and_reported(db: Database) -> None:
    put(db, entry("a", similar_questions=(wording("保几年"),)))
    new = wording("质保期是多久")
    with db.write() as conn:
        added = add_wordings(
            conn, [("a", new), ("a", wording("保 几年？")), ("a", new), ("a", wording("保修多久"))], at=AT
        )
        got = get(conn, "a")
    assert added == (("a", new),)
    assert [s.text for s in got.similar_questions] == ["保几年", "质保期是多久"]
    assert got.version == 2


def test_flags_can_be_replaced_and_stay_counted(db: Database) -> None:
    put(db, entry("a", flags=("x",)), entry("b", question="二"))
    with db.write() as conn:
        set_flags(conn, {"a": (), "b": ("y", "z")}, at=AT)
        assert (get(conn, "a").flags, get(conn, "b").flags) == ((), ("y", "z"))
        assert recount(conn, "c")


def test_status_moves_only_from_the_named_ones_and_can_set_a_flag(db: Database) -> None:
    put(
        db,
        entry("a", status=EntryStatus.APPROVED),
        entry("b", question="二"),
        entry("c", question="三", status=EntryStatus.REJECTED),
    )
    with db.write() as conn:
        moved = set_status(
            conn, ["a", "b", "c"], EntryStatus.STALE, only_from=(EntryStatus.APPROVED, EntryStatus.PENDING),
            actor="build", action="source_removed", at=AT, flag="source_removed",
        )  # fmt: skip
        assert moved == ("a", "b")
        assert (get(conn, "a").status, get(conn, "a").flags) == (EntryStatus.STALE, ("source_removed",))
        assert get(conn, "c").status is EntryStatus.REJECTED
        assert recount(conn, "c")


def test_taking_back_a_builds_rewriting_protects_the_entry_from_the_next_build(db: Database) -> None:
    put(db, entry("a"))
    with db.write() as conn:
        update_from_machine(conn, "a", BETTER, actor="build", at=AT)
        step = revisions.newest_undoable(conn, "a")
        assert step is not None
        revert(conn, get_stored(conn, "a"), step, actor="人", at=AT)
        assert get(conn, "a").answer == "24 个月。"
        assert not update_from_machine(conn, "a", BETTER, actor="build", at=AT)


def test_a_counter_that_went_wrong_is_found_and_put_right(db: Database) -> None:
    put(db, entry("a", flags=("x",)))
    with db.write() as conn:
        conn.exec_driver_sql("UPDATE entry_count SET entries = 7")
        assert not recount(conn, "c")
        assert recount(conn, "c")
