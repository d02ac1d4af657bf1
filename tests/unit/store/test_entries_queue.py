from __future__ import annotations

from pathlib import Path

import pytest
from entries_library import add_document, entry, make_library, put, quote, wording

from kbbuilder.schema import EntryStatus, LinkVerdict, PairKind
from kbbuilder.store.database import Database
from kbbuilder.store.entry_content import NewEvidence
from kbbuilder.store.entry_queue import IdPage, QueueFilter, document_names, queue_page
from kbbuilder.store.links import NewLink, add_links


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return make_library(tmp_path)


def page(db: Database, shown: QueueFilter = QueueFilter(), *, after: str | None = None, limit: int = 50) -> IdPage:  # noqa: B008
    with db.read() as conn:
        return queue_page(conn, "c", shown, after=after, limit=limit)


def test_what_needs_an_eye_comes_first_then_the_best_score(db: Database) -> None:
    put(
        db, entry("plain-low", question="一", score=0.1), entry("plain-high", question="二", score=0.9),
        entry("flagged-low", question="三", score=0.2, flags=("x",)),
        entry("flagged-high", question="四", score=0.7, flags=("x",)),
        entry("torn", question="五", score=0.0), entry("torn-too", question="五", score=0.4),
    )  # fmt: skip
    with db.write() as conn:
        add_links(conn, [NewLink("torn", "torn-too", LinkVerdict.CONFLICT, 1.0)])
    assert page(db).ids == ("torn-too", "torn", "flagged-high", "flagged-low", "plain-high", "plain-low")


def test_pages_follow_each_other_without_gap_or_repeat_even_at_equal_scores(db: Database) -> None:
    put(db, *(entry(f"e{i:03}", question=f"问 {i}", score=(i % 3) / 3) for i in range(47)))
    seen: list[str] = []
    after = None
    while True:
        got = page(db, after=after, limit=10)
        assert got.total == 47
        seen += got.ids
        if got.next is None:
            break
        after = got.next
    assert seen == list(page(db, limit=100).ids)
    assert len(set(seen)) == 47


def test_a_page_that_holds_the_rest_exactly_is_the_last(db: Database) -> None:
    put(db, *(entry(f"e{i}", question=f"问 {i}") for i in range(4)))
    first = page(db, limit=2)
    assert page(db, after=first.next, limit=2).next is None


def test_a_wrong_cursor_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="no place"):
        page(db, after="page 2")


@pytest.mark.parametrize(
    ("shown", "ids"),
    [
        (QueueFilter(status=EntryStatus.APPROVED), {"zh"}),
        (QueueFilter(language="en"), {"en"}),
        (QueueFilter(kind="how_to"), {"en"}),
        (QueueFilter(flag="low_support"), {"en"}),
        (QueueFilter(flag="low"), set()),
        (QueueFilter(document="手册.pdf"), {"zh"}),
        (QueueFilter(document="other.docx"), {"en"}),
        (QueueFilter(document="nix.pdf"), set()),
        (QueueFilter(text="保修"), {"zh"}),
        (QueueFilter(text="ＲＥＳＥＴ the Router"), {"en"}),
        (QueueFilter(text="factory defaults"), {"en"}),
        (QueueFilter(text="5 seconds"), {"en"}),
        (QueueFilter(text="100%"), set()),
        (QueueFilter(text="en"), {"en"}),
        (QueueFilter(text="   "), {"zh", "en"}),
        (QueueFilter(status=EntryStatus.PENDING, text="保修"), set()),
    ],
)
def test_filters_narrow_the_queue_and_its_total(db: Database, shown: QueueFilter, ids: set[str]) -> None:
    with db.write() as conn:
        version, (chunk,) = add_document(conn, "other.docx", ("Hold it.",))
    put(
        db, entry("zh", evidence=(quote(1),), status=EntryStatus.APPROVED),
        entry(
            "en", question="How do I reset the router?", answer="Hold the button for 5 seconds.", kind=PairKind.HOW_TO,
            flags=("low_support",), similar_questions=(wording("Back to factory-defaults"),),
            evidence=(NewEvidence(version, chunk, None, "Hold", 0, 4),),
        ),
    )  # fmt: skip
    with db.write() as conn:
        conn.exec_driver_sql("UPDATE faq_entry SET language = 'en' WHERE id = 'en'")
    got = page(db, shown)
    assert set(got.ids) == ids
    assert got.total == len(ids)


def test_only_conflicts_can_be_shown(db: Database) -> None:
    put(
        db,
        entry("a"),
        entry("b", answer="1 年"),
        entry("x", question="别的"),
        entry("r", answer="9 年", status=EntryStatus.REJECTED),
    )
    with db.write() as conn:
        add_links(conn, [NewLink("a", "b", LinkVerdict.CONFLICT, 1.0), NewLink("x", "r", LinkVerdict.CONFLICT, 1.0)])
    got = page(db, QueueFilter(conflicts_only=True))
    assert set(got.ids) == {"a", "b"}
    assert got.total == 2


def test_the_documents_to_choose_from_are_named(db: Database) -> None:
    with db.read() as conn:
        assert document_names(conn, "c") == ("手册.pdf",)
        assert document_names(conn, "nix") == ()


def test_a_page_by_status_reads_an_index_and_sorts_nothing(db: Database) -> None:
    with db.read() as conn:
        plan = conn.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id, order_key FROM faq_entry WHERE collection = 'c' AND status = 'pending' "
            "AND (order_key, id) > (1.0, 'x') ORDER BY order_key, id LIMIT 21"
        ).all()
    steps = " ".join(row[3] for row in plan)
    assert "ix_entry_queue" in steps
    assert "TEMP B-TREE" not in steps
