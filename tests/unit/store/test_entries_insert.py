from __future__ import annotations

from pathlib import Path

import pytest
from entries_library import AT, entry, make_library, put, quote, wording
from sqlalchemy import func, select

from kbbuilder.errors import EntryNotFound
from kbbuilder.schema import EntryStatus, Evidence, PairKind
from kbbuilder.store.database import Database
from kbbuilder.store.entries import (
    find_by_questions,
    get,
    get_many,
    walk,
)
from kbbuilder.store.entry_counts import read_counts, recount
from kbbuilder.store.revisions import history
from kbbuilder.store.tables import COLLECTION, REVISION


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return make_library(tmp_path)


def test_an_entry_comes_back_as_it_was_put_in(db: Database) -> None:
    stated = Evidence(
        document="旧手册.docx", version=3, chunk_id="", page=7, heading_path=("甲",), quote="x", start=1, end=2
    )
    put(
        db,
        entry(
            "e1", similar_questions=(wording("保修几年"), wording("能退吗", negative=True)), tags=("售后",),
            flags=("low_support",), evidence=(quote(1), stated, quote(0)), kind=PairKind.POLICY, score=0.8,
            valid_to="2027-12-31",
        ),
    )  # fmt: skip
    with db.read() as conn:
        got = get(conn, "e1")
    assert got.question == "保修多久？"
    assert [s.text for s in got.similar_questions] == ["保修几年", "能退吗"]
    assert got.wordings == ("保修多久？", "保修几年")
    assert [(e.document, e.quote, e.page) for e in got.evidence] == [
        ("手册.pdf", "保修期", 2), ("旧手册.docx", "x", 7), ("手册.pdf", "安装前", 1)
    ]  # fmt: skip
    assert got.evidence[0].heading_path == ("第一章", "1")
    assert (got.kind, got.score, got.tags, got.flags, got.valid_to) == (
        PairKind.POLICY, 0.8, ("售后",), ("low_support",), "2027-12-31"
    )  # fmt: skip


def test_wordings_that_repeat_the_question_or_each_other_are_put_in_once(db: Database) -> None:
    put(
        db,
        entry(
            "e1", similar_questions=(wording("保修多久"), wording("几年保修？"), wording("几年 保修"), wording("？？"))
        ),
    )
    with db.read() as conn:
        assert [s.text for s in get(conn, "e1").similar_questions] == ["几年保修？"]


def test_wordings_that_differ_in_a_number_only_are_both_kept(db: Database) -> None:
    put(
        db,
        entry(
            "e1",
            similar_questions=(wording("1.5 升够吗"), wording("15 升够吗"), wording("-5 度行吗"), wording("5 度行吗")),
        ),
    )
    with db.read() as conn:
        assert len(get(conn, "e1").similar_questions) == 4


def test_getting_an_unknown_entry_says_so(db: Database) -> None:
    with db.read() as conn, pytest.raises(EntryNotFound, match="nix"):
        get(conn, "nix")


def test_get_many_keeps_the_order_asked_and_leaves_unknown_ids_out(db: Database) -> None:
    put(db, *(entry(f"e{i}", question=f"问题 {i}") for i in range(3)))
    with db.read() as conn:
        assert list(get_many(conn, ["e2", "nix", "e0", "e2"])) == ["e2", "e0"]


def test_a_thousand_entries_are_walked_in_order_of_id(db: Database) -> None:
    put(db, *(entry(f"{(i * 7919) % 1200:05}", question=f"问 {i}") for i in range(1200)))
    with db.read() as conn:
        ids = [e.id for e in walk(conn, collection="c")]
    assert ids == sorted(ids)
    assert len(ids) == 1200


def test_walking_can_be_narrowed_to_a_status(db: Database) -> None:
    put(db, entry("a"), entry("b", question="别的", status=EntryStatus.APPROVED))
    with db.read() as conn:
        assert [e.id for e in walk(conn, statuses=(EntryStatus.APPROVED,))] == ["b"]
        assert [e.id for e in walk(conn, collection="nix")] == []


def test_entries_are_found_by_question_whatever_the_width_case_and_punctuation(db: Database) -> None:
    put(db, entry("a", question="VPN 密码忘了怎么办？"), entry("b", question="支持 1.5 版吗"))
    with db.read() as conn:
        found = find_by_questions(conn, "c", ["ｖｐｎ密码忘了怎么办", "支持 15 版吗", "支持1.5版吗？"])
        assert found == {"ｖｐｎ密码忘了怎么办": ["a"], "支持1.5版吗？": ["b"]}
        assert find_by_questions(conn, "other", ["支持 1.5 版吗"]) == {}


def test_putting_entries_in_counts_them_and_tells_the_collection(db: Database) -> None:
    with db.read() as conn:
        before = conn.scalar(select(COLLECTION.c.revision))
    put(db, entry("a", flags=("x", "y")), entry("b", question="二", status=EntryStatus.APPROVED, flags=("x",)))
    with db.write() as conn:
        assert read_counts(conn, "c") == {
            (EntryStatus.APPROVED, ""): 1, (EntryStatus.APPROVED, "x"): 1, (EntryStatus.PENDING, ""): 1,
            (EntryStatus.PENDING, "x"): 1, (EntryStatus.PENDING, "y"): 1,
        }  # fmt: skip
        assert recount(conn, "c")
        assert conn.scalar(select(COLLECTION.c.revision)) > before


def test_a_creation_is_a_revision_only_when_somebody_is_named(db: Database) -> None:
    put(db, entry("a"))
    put(db, entry("b", question="二"), actor="build")
    with db.read() as conn:
        assert history(conn, "a") == ()
        (made,) = history(conn, "b")
        assert (made.actor, made.action, made.at, made.before) == ("build", "created", AT, None)
        assert made.after is not None and made.after["question"] == "二"
        assert conn.scalar(select(func.count()).select_from(REVISION).where(REVISION.c.before.is_(None))) == 1


def test_putting_in_nothing_is_fine(db: Database) -> None:
    put(db)
