"""Stored replies: found again whole, shared between editions, and paid for once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from entries_library import AT, add_document, make_library
from sqlalchemy import delete, select

from kbbuilder.ports import ChatReply, ChatRequest, Doubt, Finish
from kbbuilder.store import database as database_module
from kbbuilder.store.database import Database
from kbbuilder.store.health import spending
from kbbuilder.store.model_calls import (
    ReplyUse,
    Spent,
    StoredReply,
    call_key,
    find_replies,
    recall_mode,
    remember_mode,
    store_replies,
    usage_of,
)
from kbbuilder.store.tables import MODEL_CALL_USE, MODEL_TRAIT, VERSION

REQUEST = ChatRequest("你是编辑。", "保修期为 24 个月。", 400, {"type": "object"})


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return make_library(tmp_path)


def _reply(
    key: str, text: str = "保修 24 个月", *, cost: float | None = 0.5, finish: Finish = Finish.STOP
) -> StoredReply:
    return StoredReply(key, "m", "extract", ChatReply(text, finish, 100, 20, 60), cost)


def _store(db: Database, replies: list[StoredReply], uses: list[ReplyUse]) -> None:
    with db.write() as conn:
        store_replies(conn, replies, uses, AT)


def test_a_reply_is_found_again_with_its_end_and_its_tokens(db: Database) -> None:
    _store(db, [_reply("k", "被截断", finish=Finish.LENGTH)], [])
    with db.read() as conn:
        assert find_replies(conn, ["other", "k", "k"]) == {"k": ChatReply("被截断", Finish.LENGTH, 100, 20, 60)}


def test_a_reply_keeps_where_the_model_hesitated(db: Database) -> None:
    reply = ChatReply("保修多久？", Finish.STOP, 100, 20, 60, (Doubt(2, 0.125), Doubt(4, 0.25)))
    _store(db, [StoredReply("k", "m", "extract", reply, None)], [])
    with db.read() as conn:
        assert find_replies(conn, ["k"]) == {"k": reply}


def test_a_thousand_keys_are_looked_up_at_once(db: Database) -> None:
    _store(db, [_reply(f"k{i}") for i in range(1200)], [])
    with db.read() as conn:
        assert len(find_replies(conn, (f"k{i}" for i in range(2000)))) == 1200


def test_the_key_changes_with_the_model_and_with_every_field_of_the_request() -> None:
    others = [
        ChatRequest("你是译者。", REQUEST.user, 400, REQUEST.schema),
        ChatRequest(REQUEST.system, "保修期为 25 个月。", 400, REQUEST.schema),
        ChatRequest(REQUEST.system, REQUEST.user, 401, REQUEST.schema),
        ChatRequest(REQUEST.system, REQUEST.user, 400, None),
        ChatRequest(REQUEST.system, REQUEST.user, 400, REQUEST.schema, 0.3),
        ChatRequest(REQUEST.system, REQUEST.user, 400, REQUEST.schema, doubts=True),
    ]
    keys = {call_key("m", request) for request in [REQUEST, *others]} | {call_key("n", REQUEST)}
    assert len(keys) == 8


def test_replies_that_earlier_releases_kept_are_found_under_their_keys() -> None:
    assert call_key("m", REQUEST) == "d884953d7732df6f0fd81721e7ac2f70a302a260d0caaba83ef93a1467d5f2dd"


def test_the_key_does_not_depend_on_the_order_of_the_schema() -> None:
    one = ChatRequest("s", "u", 1, {"a": 1, "b": {"c": 2, "d": 3}})
    same = ChatRequest("s", "u", 1, {"b": {"d": 3, "c": 2}, "a": 1})
    assert call_key("m", one) == call_key("m", same)


def test_half_a_surrogate_pair_in_a_chunk_still_has_a_key() -> None:
    assert call_key("m", ChatRequest("s", "坏\ud800字", 1)) != call_key("m", ChatRequest("s", "坏字", 1))


def test_an_edition_pays_for_what_it_asked_and_not_for_what_it_found(db: Database) -> None:
    with db.write() as conn:
        second, _ = add_document(conn, "b.pdf", ("x",))
    _store(db, [_reply("a"), _reply("b", cost=None)], [ReplyUse(1, "a", True), ReplyUse(1, "b", True)])
    _store(db, [], [ReplyUse(second, "a", False)])
    with db.read() as conn:
        usage = usage_of(conn, [1, second, 99])
    assert usage == {
        1: Spent(2, 0, 200, 120, 40, 0.5, unpriced_calls=1),
        second: Spent(cached_calls=1),
        99: Spent(),
    }


def test_a_use_that_was_paid_stays_paid_when_the_reply_is_found_later(db: Database) -> None:
    _store(db, [_reply("a")], [ReplyUse(1, "a", True)])
    _store(db, [], [ReplyUse(1, "a", False)])
    with db.read() as conn:
        assert usage_of(conn, [1])[1].calls == 1


def test_of_two_replies_under_one_key_the_first_is_kept(db: Database) -> None:
    _store(db, [_reply("a", "first")], [])
    _store(db, [_reply("a", "second")], [])
    with db.read() as conn:
        assert find_replies(conn, ["a"])["a"].text == "first"


def test_work_on_a_deleted_edition_does_not_take_the_replies_of_others_with_it(db: Database) -> None:
    _store(db, [_reply("a"), _reply("b")], [ReplyUse(404, "a", True), ReplyUse(1, "b", True)])
    with db.read() as conn:
        assert set(find_replies(conn, ["a", "b"])) == {"a", "b"}
        assert usage_of(conn, [404, 1]) == {404: Spent(), 1: Spent(1, 0, 100, 60, 20, 0.5)}


def test_deleting_an_edition_keeps_the_replies_it_used(db: Database) -> None:
    _store(db, [_reply("a")], [ReplyUse(1, "a", True)])
    with db.write() as conn:
        conn.execute(delete(VERSION).where(VERSION.c.id == 1))
        assert conn.execute(select(MODEL_CALL_USE)).all() == []
        assert set(find_replies(conn, ["a"])) == {"a"}


def test_the_spending_of_a_library_names_calls_without_a_price(db: Database) -> None:
    _store(db, [_reply("a"), _reply("b", cost=None), _reply("c", cost=0.25)], [])
    with db.read() as conn:
        spent = spending(conn)
    assert (spent.calls, spent.input_tokens, spent.output_tokens, spent.cost, spent.unpriced_calls) == (
        3,
        300,
        60,
        0.75,
        1,
    )


def test_what_was_spent_adds_up() -> None:
    assert Spent(1, 2, 3, 4, 5, 0.5, 1) + Spent(10, 20, 30, 40, 50, 0.25) == Spent(11, 22, 33, 44, 55, 0.75, 1)


def test_the_reply_mode_is_remembered_by_model_and_address(db: Database) -> None:
    with db.write() as conn:
        remember_mode(conn, "m", "http://a/v1", "json_schema", AT)
        remember_mode(conn, "m", "http://a/v1/", "json_object", AT)
        assert recall_mode(conn, "m", "http://a/v1") == "json_object"
        assert recall_mode(conn, "m", "http://b/v1") is None
        assert recall_mode(conn, "n", "http://a/v1") is None


def test_an_address_with_a_password_leaves_no_trace_in_the_database(db: Database) -> None:
    with db.write() as conn:
        remember_mode(conn, "m", "http://user:geheim@a/v1", "json_schema", AT)
        assert "geheim" not in str(conn.execute(select(MODEL_TRAIT)).all())


def test_calls_of_the_first_schema_are_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    config = Config()
    config.set_main_option("script_location", str(Path(database_module.__file__).parent / "migrations"))
    database = Database(f"sqlite:///{path}")
    with database.write() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
    with closing(sqlite3.connect(path)) as old:
        old.execute("INSERT INTO model_call VALUES ('k', 'm', 'extract', '答案', 10, 5, 0.25, '2026')")
        old.commit()
    database.migrate()
    with database.read() as conn:
        assert find_replies(conn, ["k"]) == {"k": ChatReply("答案", Finish.STOP, 10, 5, 0)}
        assert spending(conn).cost == 0.25
    assert (tmp_path / "old.db.before-0001.bak").exists()
