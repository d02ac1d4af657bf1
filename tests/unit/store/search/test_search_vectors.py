"""The rows the search stands on: wordings and the cache of their vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from search_library import AddEntry
from sqlalchemy import text

from kbbuilder.ports import Embedder
from kbbuilder.store.database import Database
from kbbuilder.store.search import EntryIndex, ensure_vectors, index_entries, neighbours, wording_texts


class CountingEmbedder:
    """Vectors from letters, and a record of what was encoded."""

    name = "letters"
    dimensions = 26

    def __init__(self, fail_after: int | None = None) -> None:
        self.encoded: list[str] = []
        self._fail_after = fail_after

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._fail_after is not None and len(self.encoded) >= self._fail_after:
            raise KeyboardInterrupt
        self.encoded += texts
        rows = np.array([[t.lower().count(chr(97 + i)) + 0.01 for i in range(26)] for t in texts], dtype=np.float32)
        rows = rows.reshape(len(texts), 26)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_no_text_is_encoded_twice(database: Database) -> None:
    embedder = CountingEmbedder()
    assert ensure_vectors(database, embedder, ["a", "b", "a"]) == 2
    assert ensure_vectors(database, embedder, ["b", "c"]) == 1
    assert embedder.encoded == ["a", "b", "c"]


def test_each_embedder_keeps_its_own_vectors(database: Database, embedder: Embedder) -> None:
    assert ensure_vectors(database, CountingEmbedder(), ["a"]) == 1
    assert ensure_vectors(database, embedder, ["a"]) == 1


def test_an_interrupted_encoding_keeps_the_batches_that_were_done(database: Database) -> None:
    texts = [f"text {i}" for i in range(1000)]
    with pytest.raises(KeyboardInterrupt):
        ensure_vectors(database, CountingEmbedder(fail_after=1), texts)
    assert ensure_vectors(database, CountingEmbedder(), texts) == 1000 - 512


def test_indexing_uses_stored_vectors_and_stores_the_missing_ones(database: Database, add_entry: AddEntry) -> None:
    add_entry("e", "first", "second", negative=["third"])
    embedder = CountingEmbedder()
    ensure_vectors(database, embedder, ["first"])
    with database.write() as conn:
        assert index_entries(conn, embedder, ["e", "gone"]) == 2
    assert embedder.encoded == ["first", "second", "third"]
    with database.read() as conn:
        EntryIndex.load(conn, embedder, "c")
    assert len(embedder.encoded) == 3


def test_indexing_again_replaces_what_was_there(database: Database, embedder: Embedder, add_entry: AddEntry) -> None:
    add_entry("e", "How do I clean the filter?", "filter cleaning")
    with database.write() as conn:
        conn.execute(text("UPDATE faq_entry SET question = '怎么清洗滤网？'"))
        conn.execute(text("DELETE FROM similar_question"))
        index_entries(conn, embedder, ["e"])
        rows = conn.execute(text("SELECT text, tokens FROM wording")).all()
        stale = conn.execute(text("SELECT count(*) FROM wording_fts WHERE wording_fts MATCH 'filter'")).scalar()
    assert rows == [("怎么清洗滤网？", "怎 怎么 么 么清 清 清洗 洗 洗滤 滤 滤网 网")]
    assert stale == 0


def test_equal_wordings_are_indexed_once() -> None:
    assert wording_texts("Reset Wi-Fi?", ["reset wi-fi", "重置", "保修1.5年", "保修15年"]) == (
        "Reset Wi-Fi?", "重置", "保修1.5年", "保修15年",
    )  # fmt: skip


def test_neighbours_pairs_new_items_with_each_other_and_with_the_library(
    database: Database, embedder: Embedder, add_entry: AddEntry
) -> None:
    add_entry("known", "How do I reset my password?")
    add_entry("own", "Forgot my password")
    new = [["How can I reset the password?", "password reset"], ["Where is my parcel?"], ["Where's my package?"]]
    with database.read() as conn:
        found = neighbours(conn, embedder, EntryIndex.load(conn, embedder, "c"), new, exclude=["own"])
    assert [(i, j) for i, j, _ in found.within] == [(1, 2)]
    assert [(i, entry_id) for i, entry_id, _ in found.library] == [(0, "known")]
    assert all(0.6 <= pair[2] <= 1.0 for pair in (*found.within, *found.library))


def test_neighbours_of_nothing_are_none(database: Database, embedder: Embedder) -> None:
    with database.read() as conn:
        found = neighbours(conn, embedder, EntryIndex.load(conn, embedder, "c"), [])
        assert (found.within, found.library) == ((), ())
        found = neighbours(conn, embedder, EntryIndex.load(conn, embedder, "c"), [["alone"]])
        assert (found.within, found.library) == ((), ())
