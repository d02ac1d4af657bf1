from __future__ import annotations

from pathlib import Path

import pytest
from entries_library import AT, entry, make_library, put
from sqlalchemy import select

from kbbuilder.schema import EntryStatus, LinkVerdict
from kbbuilder.store.contradictions import answer_key, link_same_question, same_answer
from kbbuilder.store.database import Database
from kbbuilder.store.entries import get_stored
from kbbuilder.store.entry_changes import set_status
from kbbuilder.store.links import NewLink, add_links, count_open_conflicts, decide, links_of, open_conflicts
from kbbuilder.store.tables import ENTRY

CONFLICT = NewLink("b", "a", LinkVerdict.CONFLICT, 0.9, "numbers")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = make_library(tmp_path)
    put(db, entry("a"), entry("b", answer="12 个月。"), entry("x", question="别的", score=1.0))
    return db


def order(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.scalars(select(ENTRY.c.id).order_by(ENTRY.c.order_key, ENTRY.c.id)))


def test_a_pair_is_linked_once_whichever_way_round(db: Database) -> None:
    with db.write() as conn:
        assert add_links(conn, [CONFLICT, NewLink("a", "b", LinkVerdict.RELATED, 0.5)]) == 1
        assert add_links(conn, [NewLink("a", "b", LinkVerdict.CONFLICT, 0.9)]) == 0
        (link,) = links_of(conn, "b")
    assert (link.left_id, link.right_id, link.verdict) == ("a", "b", LinkVerdict.CONFLICT)


def test_an_entry_is_never_linked_with_itself(db: Database) -> None:
    with db.write() as conn:
        assert add_links(conn, [NewLink("a", "a", LinkVerdict.CONFLICT, 1.0)]) == 0


def test_an_undecided_link_is_raised_to_a_conflict_and_a_decided_one_is_left_for_good(db: Database) -> None:
    with db.write() as conn:
        add_links(conn, [NewLink("a", "b", LinkVerdict.RELATED, 0.5), NewLink("a", "x", LinkVerdict.RELATED, 0.5)])
        decided = next(link for link in links_of(conn, "x"))
        decide(conn, decided.id, "keep_both", actor="人", at=AT)
        assert add_links(conn, [CONFLICT, NewLink("a", "x", LinkVerdict.CONFLICT, 0.9)]) == 1
        assert {link.right_id: link.verdict for link in links_of(conn, "a")} == {
            "b": LinkVerdict.CONFLICT, "x": LinkVerdict.RELATED
        }  # fmt: skip


def test_open_conflicts_head_the_queue_until_they_are_decided(db: Database) -> None:
    assert order(db)[0] == "x"
    with db.write() as conn:
        add_links(conn, [CONFLICT])
        (link,) = open_conflicts(conn, "c")
    assert order(db) == ["a", "b", "x"]
    with db.write() as conn:
        decide(conn, link.id, "keep_both", actor="人", at=AT)
        assert count_open_conflicts(conn, "c") == 0
    assert order(db)[0] == "x"


def test_rejecting_one_side_closes_a_conflict_and_reopening_opens_it_again(db: Database) -> None:
    with db.write() as conn:
        add_links(conn, [CONFLICT])
        set_status(
            conn, ["b"], EntryStatus.REJECTED, only_from=tuple(EntryStatus), actor="人", action="rejected", at=AT
        )
        assert count_open_conflicts(conn, "c") == 0
    assert order(db)[0] == "x"
    with db.write() as conn:
        set_status(conn, ["b"], EntryStatus.PENDING, only_from=tuple(EntryStatus), actor="人", action="reopened", at=AT)
        assert count_open_conflicts(conn, "c") == 1
    assert order(db) == ["a", "b", "x"]


def test_entries_that_ask_the_same_are_linked_by_how_they_answer(db: Database) -> None:
    put(db, entry("d", question="保修 多久", answer="24 个月"), entry("r", answer="3 年", status=EntryStatus.REJECTED))
    with db.write() as conn:
        assert link_same_question(conn, get_stored(conn, "a"), at=AT) == ("b",)
        verdicts = {link.right_id: link.verdict for link in links_of(conn, "a")}
    assert verdicts == {"b": LinkVerdict.CONFLICT, "d": LinkVerdict.DUPLICATE}


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("7 天内可退。", "７天内可退", False),  # a blank between digit and word is kept: rather ask a person
        ("7 天内可退。", "７ 天内可退", True),
        ("Yes.", "yes", True),
        ("1.5 A", "15 A", False),
        ("-5 °C", "5 °C", False),
        ("打开电源", "关闭电源", False),
    ],
)
def test_answers_are_the_same_only_in_the_same_words(left: str, right: str, same: bool) -> None:
    assert same_answer(left, right) is same
    assert (answer_key(left) == answer_key(right)) is same
