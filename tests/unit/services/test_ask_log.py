"""The log of questions: what was refused shows what the library lacks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ask_library import entry, new_database, new_service, put_entries
from sqlalchemy import text

from kbbuilder.schema import Route
from kbbuilder.store.database import Database


def _logged(database: Database) -> list[tuple[object, ...]]:
    with database.read() as conn:
        return [tuple(row) for row in conn.execute(text("SELECT question, route, entry_id FROM query_log ORDER BY id"))]


def test_each_question_is_logged_with_its_outcome(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    put_entries(database, entry("e", "退款多久到账？", "五个工作日。"))
    ask = new_service(database)
    ask.ask("退款多久到账", collection="c")
    ask.ask_many(["who won the world cup", ""], collection="c")
    ask.ask("退款多久到账", collection="c", log=False)
    assert _logged(database) == [
        ("退款多久到账", "faq", "e"), ("who won the world cup", "refuse", None), ("", "refuse", None),
    ]  # fmt: skip


def test_refused_questions_are_listed_by_how_often_until_they_are_answered(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    ask = new_service(database)
    for question in ("怎么开发票", "退款多久到账", "怎么开发票"):
        ask.ask(question, collection="c")
    found = ask.unanswered("c")
    assert [(u.question, u.times) for u in found] == [("怎么开发票", 2), ("退款多久到账", 1)]
    assert [u.question for u in ask.unanswered("c", limit=1)] == ["怎么开发票"]
    put_entries(database, entry("e", "怎么开发票？", "在订单页申请。"))
    assert ask.ask("怎么开发票", collection="c").route is Route.FAQ
    assert [u.question for u in ask.unanswered("c")] == ["退款多久到账"]
    assert ask.unanswered("nowhere") == ()


def test_an_answer_does_not_wait_for_a_build_that_writes(tmp_path: Path) -> None:
    database = new_database(tmp_path, busy_timeout_s=0.2)
    put_entries(database, entry("e", "退款多久到账？", "五个工作日。"))
    ask = new_service(database)
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ask.ask("退款多久到账", collection="c").route is Route.FAQ
        other.execute("ROLLBACK")
    assert _logged(database) == []


def test_an_unknown_collection_is_not_logged(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    new_service(database).ask("退款多久到账", collection="nowhere")
    assert _logged(database) == []
