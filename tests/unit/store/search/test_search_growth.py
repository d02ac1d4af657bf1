"""An index that takes changes in finds what one that is read anew finds."""

from __future__ import annotations

import random
from contextlib import suppress

import numpy as np
import pytest
from search_library import AT, AddEntry

from kbbuilder.ports import Embedder
from kbbuilder.schema import EntryStatus
from kbbuilder.store.database import Connection, Database
from kbbuilder.store.documents import collection_revision
from kbbuilder.store.entry_changes import set_status
from kbbuilder.store.search import EntryIndex, KeptIndex
from kbbuilder.store.search.entry_rows import EntryRows, Wording, rows_of
from kbbuilder.store.search.growing import Growing
from kbbuilder.store.search.overlap import WordOverlap

_THINGS = ("router", "lamp", "X200", "pump", "路由器", "台灯", "水泵", "滤网")
_ASKED = (
    "How do I reset the {}?", "How long is the warranty of the {}?", "Can I turn the {} off for {n} days?",
    "怎么重置{}？", "{}的保修期是多久？", "{}能不能用 {n} 天？",
)  # fmt: skip


def _questions(count: int, seed: int) -> list[str]:
    chosen = random.Random(seed)
    return [
        chosen.choice(_ASKED).format(chosen.choice(_THINGS), n=chosen.randint(1, 40)) + " " * (i % 2)
        for i in range(count)
    ]


def _changed(conn: Connection, embedder: Embedder, index: EntryIndex, *ids: str) -> EntryIndex:
    return index.with_entries(ids, rows_of(conn, embedder, "c", (EntryStatus.APPROVED, EntryStatus.PENDING), ids))


@pytest.mark.parametrize("seed", [1, 2])
def test_an_index_that_grew_entry_by_entry_finds_what_a_new_one_finds(
    database: Database, embedder: Embedder, add_entry: AddEntry, seed: int
) -> None:
    chosen = random.Random(seed)
    with database.read() as conn:
        index = EntryIndex.load(conn, embedder, "c")
    assert not index.search(["anything"])[0]
    standing: list[str] = []
    for number, question in enumerate(_questions(70, seed)):
        entry_id = f"e{chosen.randrange(1000):03d}-{number}"
        add_entry(entry_id, question, *_questions(number % 3, seed + number), negative=_questions(number % 2, number))
        standing.append(entry_id)
        gone = chosen.choice(standing)
        if number % 4 == 3:
            with database.write() as conn:
                set_status(
                    conn, [gone], EntryStatus.REJECTED, only_from=(EntryStatus.APPROVED,), actor="p", action="r", at=AT
                )
        with database.read() as conn:
            index = _changed(conn, embedder, index, entry_id, gone)
        if number == 20:
            index.search(["so that the words are counted before more come"])
    with database.read() as conn:
        anew = EntryIndex.load(conn, embedder, "c")
    assert len(index) == len(anew)
    asked = _questions(60, seed + 100)
    vectors = embedder.encode(asked)
    for found, expected in zip(index.search(asked), anew.search(asked), strict=True):
        assert [(h.entry_id, h.question, h.matched, h.note) for h in found] == [
            (h.entry_id, h.question, h.matched, h.note) for h in expected
        ]
        assert [h.score for h in found] == pytest.approx([h.score for h in expected], abs=1e-5)
    for near, expected_near in zip(index.nearest(vectors, 0.6, 5), anew.nearest(vectors, 0.6, 5), strict=True):
        assert [e for e, _ in near] == [e for e, _ in expected_near]


def test_entries_as_near_as_each_other_are_found_in_the_order_of_their_ids(embedder: Embedder) -> None:
    vectors = np.zeros((3, embedder.dimensions), dtype=np.float32)
    # The last bit is what two ways to the same vector differ in.
    vectors[:, 0] = np.nextafter(np.float32(0.9), np.float32(1), dtype=np.float32), 0.9, 0.8
    rows = [Wording(entry_id, "?", "?", "") for entry_id in ("b", "a", "c")]
    index = EntryIndex(embedder, EntryRows(rows, vectors, {}))
    asked = np.zeros((1, embedder.dimensions), dtype=np.float32)
    asked[0, 0] = 1.0
    assert index.nearest(asked, 0.5, 1) == ((("a", pytest.approx(0.9)),),)
    assert [entry_id for entry_id, _ in index.nearest(asked, 0.5, 2)[0]] == ["a", "b"]


def test_an_index_stays_what_it_was_whatever_grows_out_of_it(embedder: Embedder) -> None:
    first = EntryIndex.empty(embedder).with_wordings([("a", "How do I reset the router?"), ("b", "灯怎么关？")])
    before = first.search(["reset router", "关灯"])
    left = first.with_wordings([("c", "Router reset, please"), ("a", "router factory reset")])
    right = first.with_wordings([("d", "关灯的方法")])
    assert (len(first), len(left), len(right)) == (2, 4, 3)
    assert first.search(["reset router", "关灯"]) == before
    assert {hit.entry_id for hit in left.search(["x"])[0]} == {"a", "b", "c"}
    assert {hit.entry_id for hit in right.search(["x"])[0]} == {"a", "b", "d"}
    assert right.search(["关灯的方法"])[0][0].score == 1.0
    emptied = first.with_entries(["a", "b"], EntryRows((), np.empty((0, embedder.dimensions), dtype=np.float32), {}))
    assert len(emptied) == 0 and emptied.search(["reset router"]) == ((),)


def test_trying_a_wording_out_tells_what_the_full_search_tells(embedder: Embedder) -> None:
    wordings = [(f"e{i % 90:02d}", question) for i, question in enumerate(_questions(180, 7))]
    index = EntryIndex.empty(embedder).with_wordings(wordings)
    texts = [text.replace("reset", "restart").replace("怎么", "如何") for text in _questions(120, 8)]
    owners = [hits[i % 3].entry_id for i, hits in enumerate(index.search(texts))]
    lead, decisions = 0.005, set()
    tried = index.tried(texts, owners, embedder.encode(texts), clear=2.0, lead=lead)
    for owner, ranking, full in zip(owners, tried, index.rank(texts), strict=True):
        own, expected = dict(ranking).get(owner), dict(full).get(owner)
        rival = max((score for entry, score in ranking if entry != owner), default=0.0)
        expected_rival = max(score for entry, score in full if entry != owner)
        wins = expected is not None and expected - expected_rival > lead
        decisions.add(wins)
        assert (own is not None and own - rival > lead) == wins
        if not wins:
            assert own == pytest.approx(expected, abs=1e-6)
            assert rival == pytest.approx(expected_rival, abs=1e-6)
    assert decisions == {True, False}


def test_word_overlap_that_grew_weighs_words_as_a_new_one_does() -> None:
    wordings = [["重", "重置", "密", "密码"], ["reset", "the", "router"], ["reset", "password"], ["the", "lamp"]]
    grown = WordOverlap(wordings[:2]).grown(wordings[2:], np.asarray([1]))
    anew = WordOverlap([wordings[0], *wordings[2:]])
    query = ["reset", "the", "密码", "unheard"]
    assert grown.of(grown.query(query), np.asarray([0, 2, 3])) == pytest.approx(
        anew.of(anew.query(query), np.asarray([0, 1, 2]))
    )


def test_an_array_is_not_changed_by_those_that_grow_out_of_it() -> None:
    first = Growing(np.arange(3))
    left, right = first.with_more(np.asarray([7, 8])), first.with_more(np.asarray([9]))
    left = left.with_more(np.asarray([1]))
    assert [x.values.tolist() for x in (first, left, right)] == [[0, 1, 2], [0, 1, 2, 7, 8, 1], [0, 1, 2, 9]]


# -- kept from one transaction to the next ----------------------------------------------------------------------


def _found(kept: KeptIndex, database: Database, question: str) -> list[str]:
    with database.read() as conn:
        view = kept.view(conn)
        found = [hit.entry_id for hit in view.index.search([question])[0]]
    kept.keep(view)
    return found


@pytest.fixture
def kept(embedder: Embedder) -> KeptIndex:
    return KeptIndex(embedder, "c", (EntryStatus.APPROVED, EntryStatus.PENDING))


def test_a_kept_index_sees_what_somebody_else_put_in_and_took_out(
    kept: KeptIndex, database: Database, add_entry: AddEntry
) -> None:
    add_entry("a", "How do I reset the router?")
    assert _found(kept, database, "reset") == ["a"]
    add_entry("b", "怎么重置路由器？")
    assert set(_found(kept, database, "reset")) == {"a", "b"}
    with database.write() as conn:
        set_status(conn, ["a"], EntryStatus.REJECTED, only_from=(EntryStatus.APPROVED,), actor="p", action="r", at=AT)
    assert _found(kept, database, "reset") == ["b"]


def test_a_kept_index_is_read_once_and_takes_in_what_its_own_transactions_change(
    kept: KeptIndex, database: Database, add_entry: AddEntry
) -> None:
    add_entry("a", "How do I reset the router?")
    add_entry("b", "怎么重置路由器？")
    _found(kept, database, "reset")
    with database.write() as conn:
        view = kept.view(conn)
        read = view.read
        assert read is not None
        set_status(conn, ["a"], EntryStatus.REJECTED, only_from=(EntryStatus.APPROVED,), actor="p", action="r", at=AT)
        view.renew(["a"])
    kept.keep(view)
    with database.read() as conn:
        again = kept.view(conn)
        assert again.revision == collection_revision(conn, "c") and again.read is view.read is not None
    assert _found(kept, database, "reset") == ["b"]


class _Failed(Exception):
    pass


def test_what_was_rolled_back_never_comes_into_a_kept_index(
    kept: KeptIndex, database: Database, add_entry: AddEntry
) -> None:
    add_entry("a", "How do I reset the router?")
    _found(kept, database, "reset")
    with suppress(_Failed), database.write() as conn:
        view = kept.view(conn)
        set_status(conn, ["a"], EntryStatus.REJECTED, only_from=(EntryStatus.APPROVED,), actor="p", action="r", at=AT)
        view.renew(["a"])
        assert not view.index.search(["reset"])[0]
        raise _Failed
    # Somebody else's change now has the revision that the lost one had.
    add_entry("b", "怎么重置路由器？")
    assert set(_found(kept, database, "reset")) == {"a", "b"}
