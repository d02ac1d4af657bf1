"""Finding the entry a question asks for."""

from __future__ import annotations

import pytest
from search_library import AT, AddEntry
from sqlalchemy import text

from kbbuilder.config import Settings
from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus, PairKind
from kbbuilder.store.database import Database
from kbbuilder.store.documents import bump_collection
from kbbuilder.store.entry_changes import set_status
from kbbuilder.store.search import EntryHit, EntryIndex, EntrySearch

THRESHOLD = Settings().faq_threshold


def _search(database: Database, embedder: Embedder, question: str, *, pending: bool = False) -> tuple[EntryHit, ...]:
    with database.read() as conn:
        return EntrySearch(embedder).search(conn, "c", [question], include_pending=pending)[0]


@pytest.mark.parametrize(
    ("wording", "asked"),
    [
        ("怎么重置登录密码？", "怎么重置登录密码"),
        ("VPN 密码是多少？", "ｖｐｎ密码是多少？"),
        ("How do I descale the kettle?", "how do i descale the kettle"),
    ],
)
def test_the_same_wording_scores_one_however_it_is_typed(
    database: Database, embedder: Embedder, add_entry: AddEntry, wording: str, asked: str
) -> None:
    add_entry("other", "Where is the nearest shop?")
    add_entry("mine", "Something else entirely?", wording)
    hit = _search(database, embedder, asked)[0]
    assert (hit.entry_id, hit.score, hit.matched) == ("mine", 1.0, wording)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("怎么修改绑定的手机号？", "原来的号码不用了想换绑手机"),
        ("退款多久到账？", "申请退款后钱什么时候到账"),
        ("How do I pair the headphones with my phone?", "connecting headphones to a phone over bluetooth"),
        ("How long does a refund take?", "when is my refund coming"),
    ],
)
def test_other_words_for_the_same_thing_find_the_entry(
    database: Database, embedder: Embedder, add_entry: AddEntry, question: str, asked: str
) -> None:
    for i, other in enumerate(
        ("门店地址在哪里？", "优惠券怎么使用？", "Which payment methods do you take?", "What are your opening hours?")
    ):
        add_entry(f"other{i}", other)
    add_entry("mine", question)
    hit = _search(database, embedder, asked)[0]
    assert hit.entry_id == "mine"
    assert hit.score >= THRESHOLD


@pytest.mark.parametrize(
    "asked", ["今天天气怎么样", "明天的高铁票怎么改签", "who won the world cup", "how do I cook rice"]
)
def test_foreign_questions_stay_below_the_threshold(
    database: Database, embedder: Embedder, add_entry: AddEntry, asked: str
) -> None:
    for i, question in enumerate(
        ("怎么重置登录密码？", "退款多久到账？", "How do I reset my password?", "How long does a refund take?")
    ):
        add_entry(f"e{i}", question)
    assert _search(database, embedder, asked)[0].score < THRESHOLD


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How do I connect the X200 to a water pipe?", "How do I connect the X300 to a water pipe?"),
        ("X200 型净水器怎么接水管？", "X300 型净水器怎么接水管？"),
        ("How do I turn on the heater?", "How do I turn off the heater?"),
        ("蓝牙耳机怎么连接手机？", "蓝牙耳机怎么断开手机？"),
        ("Can I return an item within 30 days?", "Can I return an item within 90 days?"),
    ],
)
def test_a_near_miss_in_model_number_or_direction_is_no_answer(
    database: Database, embedder: Embedder, add_entry: AddEntry, question: str, asked: str
) -> None:
    add_entry("near", question)
    hit = _search(database, embedder, asked)[0]
    assert hit.score < THRESHOLD
    assert hit.note


def test_a_near_miss_does_not_hide_the_wording_that_fits(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("both", "How do I turn on the heater?", "How do I turn off the heater in the bathroom?")
    hit = _search(database, embedder, "How do I turn off the heater in a bathroom?")[0]
    assert hit.score >= THRESHOLD
    assert hit.matched.startswith("How do I turn off")


def test_a_decimal_point_is_not_noise(database: Database, embedder: Embedder, add_entry: AddEntry) -> None:
    add_entry("e", "保修期 1.5 年包括哪些部件？")
    assert _search(database, embedder, "保修期15年包括哪些部件？")[0].score < 1.0


def test_complaints_with_a_negation_still_find_their_entry(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("e", "How do I log in to my account?", "Trouble logging in")
    assert _search(database, embedder, "I can't log in to my account")[0].score >= THRESHOLD


@pytest.mark.parametrize(
    ("definition", "asked", "means_it"),
    [
        ("什么是五羊新城？", "五羊新城由哪个公司开发？", False),
        ("什么是五羊新城？", "五羊新城是什么意思", True),
        (
            "What is computational complexity theory?",
            "Who founded computational complexity theory in Princeton?",
            False,
        ),
        ("What is computational complexity theory?", "meaning of computational complexity theory", True),
    ],
)
def test_a_definition_answers_only_what_something_is(
    database: Database, embedder: Embedder, add_entry: AddEntry, definition: str, asked: str, means_it: bool
) -> None:
    add_entry("d", definition, kind=PairKind.DEFINITION)
    assert (_search(database, embedder, asked)[0].score >= THRESHOLD) is means_it


def test_only_approved_entries_are_found_unless_pending_ones_are_asked_for(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    for status in EntryStatus:
        add_entry(status.value, "How do I clean the filter?", status=status)
    assert {h.entry_id for h in _search(database, embedder, "clean the filter")} == {"approved"}
    assert {h.entry_id for h in _search(database, embedder, "clean the filter", pending=True)} == {
        "approved",
        "pending",
    }


def test_a_status_change_shows_in_the_next_search(database: Database, embedder: Embedder, add_entry: AddEntry) -> None:
    add_entry("e", "How do I clean the filter?")
    search = EntrySearch(embedder)
    with database.read() as conn:
        assert search.search(conn, "c", ["clean the filter"])[0]
    with database.write() as conn:
        set_status(
            conn, ["e"], EntryStatus.REJECTED, only_from=(EntryStatus.APPROVED,), actor="a", action="reject", at=AT
        )
    with database.read() as conn:
        assert search.search(conn, "c", ["clean the filter"]) == ((),)


def test_an_unchanged_library_is_not_loaded_again(database: Database, embedder: Embedder, add_entry: AddEntry) -> None:
    add_entry("e", "How do I clean the filter?")
    search = EntrySearch(embedder)
    with database.read() as conn:
        assert search.snapshot(conn, "c") is search.snapshot(conn, "c")
        before = search.snapshot(conn, "c")
    with database.write() as conn:
        bump_collection(conn, "c")
    with database.read() as conn:
        assert search.snapshot(conn, "c") is not before


def test_a_negative_question_does_not_find_its_entry(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("e", "How do I clean the filter?", negative=["How do I clean the filter basket?"])
    assert _search(database, embedder, "how do I clean the filter basket")[0].score == 0.0


def test_rank_and_with_wordings_see_candidates_that_are_not_stored(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("e", "How do I clean the filter?")
    with database.read() as conn:
        index = EntryIndex.load(conn, embedder, "c")
    grown = index.with_wordings([("new", "Where is my parcel?"), ("e", "filter cleaning")])
    (first, second), (third, _) = grown.rank(["where is my parcel", "filter cleaning"], k=2)
    assert (first, second[0], third) == (("new", 1.0), "e", ("e", 1.0))
    assert len(index) == 1
    assert len(grown) == 3


def test_one_query_and_a_batch_give_the_same_scores(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    for i, question in enumerate(("怎么重置登录密码？", "How do I clean the filter?", "Where is my parcel?")):
        add_entry(f"e{i}", question, f"{question} please")
    asked = [f"filter {i}" for i in range(70)]
    with database.read() as conn:
        index = EntryIndex.load(conn, embedder, "c")
    alone = [index.rank([question])[0] for question in asked]
    for single, batched in zip(alone, index.rank(asked), strict=True):
        assert [e for e, _ in single] == [e for e, _ in batched]
        assert [s for _, s in single] == pytest.approx([s for _, s in batched], abs=1e-4)


def test_equal_entries_come_in_the_order_of_their_ids(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    for entry_id in ("b", "a", "c"):
        add_entry(entry_id, "How do I clean the filter?")
    assert [h.entry_id for h in _search(database, embedder, "filter")] == ["a", "b", "c"]


def test_an_empty_library_and_an_unknown_collection_find_nothing(database: Database, embedder: Embedder) -> None:
    with database.read() as conn:
        assert EntrySearch(embedder).search(conn, "c", ["anything"]) == ((),)
        assert EntrySearch(embedder).search(conn, "nowhere", ["anything"]) == ((),)


def test_deleting_an_entry_takes_its_wordings_along(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("e", "How do I clean the filter?", "filter cleaning")
    with database.write() as conn:
        conn.execute(text("DELETE FROM faq_entry"))
        left = conn.execute(text("SELECT count(*) FROM wording_fts WHERE wording_fts MATCH 'filter'")).scalar()
    assert left == 0
