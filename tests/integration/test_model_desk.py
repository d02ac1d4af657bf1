"""The desk with a real database and a scripted model: every unit ends, nothing is asked or paid twice, limits hold."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, wait
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from scripted_model import ScriptedModel, plain
from sqlalchemy import Connection, insert

from kbbuilder.config import CallLimits, Price
from kbbuilder.errors import (
    BadReply,
    BudgetReached,
    ContentFiltered,
    ContextTooLong,
    ModelAuth,
    ModelError,
    ModelOverloaded,
    ModelUnreachable,
    QuotaExhausted,
    RateLimited,
    StoreBusy,
    StoreFull,
)
from kbbuilder.ports import ChatReply, ChatRequest, Finish
from kbbuilder.services.model import Asker, ModelDesk, Spent
from kbbuilder.store.database import Database
from kbbuilder.store.documents import ensure_collection
from kbbuilder.store.model_calls import call_key, find_replies, usage_of
from kbbuilder.store.tables import DOCUMENT, VERSION

AT = "2026-01-02T03:04:05.000000+00:00"
PRICE = Price(input=1.0, output=2.0)
EDITIONS = (1, 2, 3)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A library with three editions."""
    database = Database(f"sqlite:///{tmp_path}/kb.db")
    database.migrate()
    with database.write() as conn:
        ensure_collection(conn, "c", at=AT)
        for number in EDITIONS:
            conn.execute(insert(DOCUMENT).values(id=number, collection="c", name=f"手册{number}.pdf", created_at=AT))
            conn.execute(
                insert(VERSION).values(
                    id=number, document_id=number, number=1, ordinal=number, sha256="0" * 64, size_bytes=1,
                    state="chunked", warnings=[], created_at=AT, updated_at=AT,
                )
            )  # fmt: skip
    return database


def request(text: str, *, most: int = 100) -> ChatRequest:
    return ChatRequest("You are an editor.", text, most)


def ask(desk: ModelDesk, text: str, version_id: int = 1) -> Future[str]:
    async def work(asker: Asker) -> str:
        return (await asker.ask(request(text), "extract")).text

    return desk.submit(work, version_id)


def desk_of(
    db: Database, model: ScriptedModel, limits: CallLimits | None = None, price: Price | None = PRICE
) -> ModelDesk:
    return ModelDesk(db, model, limits or CallLimits(concurrency=8), price=price)


def used(db: Database, version_id: int = 1) -> Spent:
    with db.read() as conn:
        return usage_of(conn, [version_id])[version_id]


# -- every unit ends ------------------------------------------------------------------------------------


def test_every_unit_ends_with_its_own_result_in_both_languages(db: Database) -> None:
    texts = [f"{word} {i}" for i in range(150) for word in ("保修", "warranty")]
    with desk_of(db, ScriptedModel()) as desk:
        assert [f.result(30) for f in [ask(desk, text) for text in texts]] == [f"re: {text}" for text in texts]
        assert desk.spent == Spent(300, 0, 3000, 0, 1500, pytest.approx(300 * 20 / 1e6))
    assert used(db) == desk.spent


def test_units_start_in_the_order_they_came(db: Database) -> None:
    model = ScriptedModel()
    with desk_of(db, model, CallLimits(concurrency=1)) as desk:
        wait([ask(desk, f"{i}") for i in range(20)])
    assert model.asked == [f"{i}" for i in range(20)]


def test_units_with_every_kind_of_end_all_end(db: Database) -> None:
    def answer(_n: int, asked: ChatRequest) -> ChatReply | ContentFiltered:
        return ContentFiltered("no") if asked.user.endswith("3") else plain(asked)

    async def broken(_asker: Asker) -> None:
        raise ZeroDivisionError("a bug in a unit")

    async def two_at_once(asker: Asker) -> int:
        replies = await asyncio.gather(*(asker.ask(request(f"pair {i}"), "similar") for i in (1, 2)))
        return len(replies)

    with desk_of(db, ScriptedModel(answer)) as desk:
        plain_ones = [ask(desk, f"{i}") for i in range(40)]
        bug, pair = desk.submit(broken, 1), desk.submit(two_at_once, 2)
        ends = Counter(type(f.exception(30)).__name__ for f in plain_ones)
        assert ends == {"NoneType": 36, "ContentFiltered": 4}
        assert isinstance(bug.exception(30), ZeroDivisionError)
        assert pair.result(30) == 2
        assert desk.room() == 24 and desk.paused is None


def test_a_model_with_a_bug_ends_its_unit_and_gives_its_place_back(db: Database) -> None:
    def answer(n: int, asked: ChatRequest) -> ChatReply:
        return plain(asked) if n > 3 else [][n]

    with desk_of(db, ScriptedModel(answer), CallLimits(concurrency=1)) as desk:
        ends = [type(ask(desk, f"{i}").exception(30)) for i in range(5)]
    assert ends == [IndexError] * 3 + [type(None)] * 2


def test_a_full_queue_makes_the_submitter_wait(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: 0.05)
    with desk_of(db, model, CallLimits(concurrency=2)) as desk:
        futures: list[Future[str]] = []
        while desk.room():
            futures.append(ask(desk, f"{len(futures)}"))
        assert len(futures) == 12
        futures.append(ask(desk, "one more"))
        assert any(f.done() for f in futures)
        wait(futures)
        assert desk.room() == 12
    assert model.most_in_flight <= 2


def test_a_unit_cancelled_while_it_waits_never_starts(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: 0.05)
    with desk_of(db, model, CallLimits(concurrency=1)) as desk:
        futures = [ask(desk, f"{i}") for i in range(desk.room())]
        assert futures[-1].cancel()
        wait(futures)
        assert desk.room() == len(futures)
    assert len(model.asked) == len(futures) - 1


# -- nothing is asked or paid twice ---------------------------------------------------------------------


def test_the_same_question_at_the_same_time_is_asked_once(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: 0.1)
    with desk_of(db, model) as desk:
        futures = [ask(desk, "重置", version_id) for version_id in (1, 2, 3, 1)]
        assert {f.result(30) for f in futures} == {"re: 重置"}
        assert (desk.spent.calls, desk.spent.cached_calls) == (1, 3)
    assert model.asked == ["重置"]
    assert sum(used(db, v).calls for v in EDITIONS) == 1
    assert sum(used(db, v).cached_calls for v in EDITIONS) == 2


def test_all_who_wait_for_one_call_hear_of_its_fault(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: ContentFiltered("no"), latency_s=0.1)
    with desk_of(db, model) as desk:
        errors = [f.exception(30) for f in [ask(desk, "重置", v) for v in EDITIONS]]
    assert [type(e) for e in errors] == [ContentFiltered] * 3
    assert len({id(e) for e in errors}) == 3 and len(model.asked) == 1


def test_after_a_restart_stored_replies_cost_nothing(db: Database) -> None:
    with desk_of(db, ScriptedModel()) as desk:
        wait([ask(desk, f"{i}") for i in range(30)])
    again = ScriptedModel()
    with desk_of(db, again) as desk:
        assert [f.result(30) for f in [ask(desk, f"{i}", 2) for i in range(30)]] == [f"re: {i}" for i in range(30)]
        assert desk.spent == Spent(cached_calls=30)
    assert again.asked == []
    assert used(db, 1).calls == 30 and used(db, 2) == Spent(cached_calls=30)


def test_a_reply_is_committed_before_it_is_returned(db: Database) -> None:
    key = call_key("scripted", request("保修"))
    with desk_of(db, ScriptedModel()) as desk:
        ask(desk, "保修").result(30)
        with db.read() as conn:
            assert find_replies(conn, [key])[key].text == "re: 保修"


def test_a_reply_that_was_cut_off_is_kept_as_cut_off(db: Database) -> None:
    def answer(_n: int, _r: ChatRequest) -> ChatReply:
        return ChatReply("[半句", Finish.LENGTH, 10, 100)

    async def finish_of(asker: Asker) -> Finish:
        return (await asker.ask(request("x"), "extract")).finish

    model = ScriptedModel(answer)
    for _ in range(2):
        with desk_of(db, model) as desk:
            assert desk.submit(finish_of, 1).result(30) is Finish.LENGTH
    assert len(model.asked) == 1


def test_characters_that_no_database_takes_read_the_same_at_first_and_from_the_store(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: ChatReply("开\0机\ud83d完", Finish.STOP, 1, 1))
    for _ in range(2):
        with desk_of(db, model) as desk:
            assert ask(desk, "x").result(30) == "开机\ufffd完"
    assert len(model.asked) == 1


def test_calls_of_a_model_without_a_price_are_counted_as_such(db: Database) -> None:
    with desk_of(db, ScriptedModel(), price=None) as desk:
        ask(desk, "x").result(30)
        assert desk.spent == Spent(1, 0, 10, 0, 5, 0.0, unpriced_calls=1)
    assert used(db) == desk.spent


# -- faults ---------------------------------------------------------------------------------------------


def test_a_passing_fault_is_tried_again(db: Database) -> None:
    def answer(n: int, asked: ChatRequest) -> ChatReply | ModelUnreachable:
        return ModelUnreachable("down", retry_after_s=0.01) if n == 1 else plain(asked)

    model = ScriptedModel(answer)
    with desk_of(db, model) as desk:
        assert ask(desk, "x").result(30) == "re: x"
        assert desk.spent.calls == 1
    assert model.asked == ["x", "x"] and model.deadlines == {CallLimits().deadline_s}


def test_a_fault_that_stays_is_raised_when_the_tries_are_used_up(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: ModelOverloaded("busy"))
    with desk_of(db, model, CallLimits(attempts=3, longest_wait_s=0.01)) as desk:
        assert isinstance(ask(desk, "x").exception(30), ModelOverloaded)
        assert desk.paused is None
    assert len(model.asked) == 3


def test_a_service_that_wants_a_long_rest_is_asked_no_more(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: RateLimited("slow down", retry_after_s=300.0))
    with desk_of(db, model, CallLimits(concurrency=1, longest_wait_s=2.0)) as desk:
        errors = [f.exception(30) for f in [ask(desk, f"{i}") for i in range(4)]]
    assert [type(e) for e in errors] == [RateLimited] * 4
    assert all(isinstance(e, RateLimited) and e.retry_after_s and 290 < e.retry_after_s <= 300 for e in errors)
    assert len(model.asked) == 1


def test_a_storm_of_faults_shrinks_the_calls_in_flight_and_they_grow_again(db: Database) -> None:
    already_in_flight: list[int] = []
    model: ScriptedModel

    def answer(n: int, asked: ChatRequest) -> ChatReply | RateLimited:
        already_in_flight.append(model.in_flight)
        return plain(asked) if n > 16 else RateLimited("slow down", retry_after_s=0.05)

    model = ScriptedModel(answer, latency_s=0.1)
    with desk_of(db, model, CallLimits(concurrency=16, attempts=9, longest_wait_s=0.2)) as desk:
        futures = [ask(desk, f"{n}") for n in range(250)]
        assert all(f.exception(60) is None for f in futures)
    assert max(already_in_flight[:16]) == 15
    assert max(already_in_flight[16:24]) <= 7
    assert max(already_in_flight[-120:]) >= 12


@pytest.mark.parametrize("fault", [ModelAuth("bad key"), QuotaExhausted("no money")], ids=lambda f: f.code)
def test_a_fault_only_a_person_can_mend_ends_all_that_waits_and_keeps_what_is_in_flight(
    db: Database, fault: ModelAuth | QuotaExhausted
) -> None:
    def answer(n: int, _asked: ChatRequest) -> float | ModelAuth | QuotaExhausted:
        return fault if n == 4 else 0.3

    model = ScriptedModel(answer)
    with desk_of(db, model, CallLimits(concurrency=4)) as desk:
        futures = [ask(desk, f"{i}") for i in range(16)]
        ends = Counter(type(f.exception(30)) for f in futures)
        assert ends == {type(None): 3, type(fault): 13}
        assert desk.paused is not None and desk.paused.code == fault.code
        assert type(ask(desk, "later").exception(30)) is type(fault)
    assert len(model.asked) == 4
    assert used(db).calls == 3


def test_the_place_of_a_call_that_pauses_the_desk_is_given_to_nobody(db: Database) -> None:
    async def many(asker: Asker) -> list[ChatReply | BaseException]:
        asks = (asker.ask(request(f"{i}"), "extract") for i in range(10))
        return await asyncio.gather(*asks, return_exceptions=True)

    model = ScriptedModel(lambda _n, _r: QuotaExhausted("no money"))
    with desk_of(db, model, CallLimits(concurrency=1)) as desk:
        assert {type(end) for end in desk.submit(many, 1).result(30)} == {QuotaExhausted}
    assert len(model.asked) == 1


def test_a_pause_wakes_those_who_rest_between_tries(db: Database) -> None:
    def answer(_n: int, asked: ChatRequest) -> ModelAuth | ModelUnreachable:
        return ModelAuth("bad key") if asked.user == "last" else ModelUnreachable("down", retry_after_s=15.0)

    async def both(asker: Asker) -> list[ChatReply | BaseException]:
        asks = (asker.ask(request(text), "extract") for text in ("rests", "last"))
        return await asyncio.gather(*asks, return_exceptions=True)

    started = time.monotonic()
    with desk_of(db, ScriptedModel(answer)) as desk:
        assert [type(end) for end in desk.submit(both, 1).result(30)] == [ModelAuth, ModelAuth]
    assert time.monotonic() - started < 10


# -- limits ---------------------------------------------------------------------------------------------


def test_a_budget_in_tokens_stops_in_time(db: Database) -> None:
    def answer(_n: int, asked: ChatRequest) -> ChatReply:
        return plain(asked, input_tokens=20, output_tokens=100)

    model = ScriptedModel(answer)
    with desk_of(db, model, CallLimits(concurrency=8, budget_tokens=3000)) as desk:
        errors = [f.exception(30) for f in [ask(desk, f"{i}") for i in range(100)]]
        spent = desk.spent.input_tokens + desk.spent.output_tokens
        assert 3000 - 2 * 130 <= spent <= 3000
        assert isinstance(desk.paused, BudgetReached)
    assert Counter(type(e) for e in errors) == {type(None): len(model.asked), BudgetReached: 100 - len(model.asked)}


def test_a_budget_in_money_counts_this_run_and_a_larger_one_goes_on(db: Database) -> None:
    def run(budget: float) -> tuple[int, float, int]:
        model = ScriptedModel(lambda _n, asked: plain(asked, input_tokens=20, output_tokens=100))
        with desk_of(db, model, CallLimits(budget=budget), Price(1000.0, 10_000.0)) as desk:
            errors = [f.exception(30) for f in [ask(desk, f"{i}") for i in range(20)]]
            return sum(e is None for e in errors), desk.spent.cost, len(model.asked)

    answered, cost, asked = run(8.0)
    assert cost <= 8.0 and 0 < answered < 20 and answered == asked
    answered, cost, asked_again = run(100.0)
    assert answered == 20 and asked + asked_again == 20 and cost == pytest.approx(asked_again * 1.02)


def test_short_replies_use_the_budget_up_although_the_worst_case_is_put_aside(db: Database) -> None:
    model = ScriptedModel(lambda _n, asked: plain(asked, input_tokens=10, output_tokens=1))
    with desk_of(db, model, CallLimits(concurrency=8, budget_tokens=700)) as desk:
        wait([ask(desk, f"{i}") for i in range(80)])
    assert len(model.asked) >= 45  # (700 - one worst case of about 120) / 11


def test_requests_a_minute_are_kept(db: Database) -> None:
    # 1200 a minute: 60 at once, then 19 a second.
    with desk_of(db, ScriptedModel(), CallLimits(concurrency=32, requests_per_minute=1200)) as desk:
        started = time.monotonic()
        wait([ask(desk, f"{i}") for i in range(90)])
        assert time.monotonic() - started > 1.0


# -- the store ------------------------------------------------------------------------------------------


class _FaultyDatabase(Database):
    """Writing fails with an error until told otherwise."""

    error: StoreBusy | StoreFull | None = None
    failures = 0

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if self.error is not None and self.failures:
            self.failures -= 1
            raise self.error
        with super().write() as conn:
            yield conn


class _SlowDatabase(Database):
    """Writing takes long, as on a busy machine."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as conn:
            yield conn
            time.sleep(0.1)


def test_a_busy_database_is_tried_again(db: Database) -> None:
    busy = _FaultyDatabase(db.url)
    busy.error, busy.failures = StoreBusy("locked"), 2
    with desk_of(busy, ScriptedModel()) as desk:
        assert ask(desk, "x").result(30) == "re: x"
        assert desk.paused is None
    assert used(db).calls == 1


def test_a_full_disk_pauses_the_desk(db: Database) -> None:
    full = _FaultyDatabase(db.url)
    full.error, full.failures = StoreFull("no space left"), 10**6
    model = ScriptedModel()
    with desk_of(full, model, CallLimits(concurrency=2)) as desk:
        errors = [f.exception(30) for f in [ask(desk, f"{i}") for i in range(30)]]
        assert {type(e) for e in errors} == {StoreFull}
        assert isinstance(desk.paused, StoreFull)
    assert len(model.asked) <= 8


def test_another_programs_short_write_lock_is_waited_for(db: Database) -> None:
    with desk_of(db, ScriptedModel()) as desk, closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        future = ask(desk, "x")
        time.sleep(0.2)
        assert not future.done()
        other.execute("ROLLBACK")
        assert future.result(30) == "re: x"


# -- the end --------------------------------------------------------------------------------------------


def test_stopping_cancels_calls_in_flight_and_all_that_waits(db: Database) -> None:
    model = ScriptedModel(lambda _n, _r: 60.0)
    desk = desk_of(db, model, CallLimits(concurrency=3))
    with desk:
        futures = [ask(desk, f"{i}") for i in range(12)]
        while model.in_flight < 3:
            time.sleep(0.005)
        started = time.monotonic()
        desk.stop()
        assert time.monotonic() - started < 2.0
    for future in futures:
        assert future.done()
        with pytest.raises(CancelledError):
            future.result(0)
    assert model.cancelled == 3 and model.closed
    assert used(db) == Spent()
    assert "kb-model-desk" not in {thread.name for thread in threading.enumerate()}


def test_an_interrupt_from_the_keyboard_ends_the_desk(db: Database) -> None:
    model = ScriptedModel(lambda n, _r: 0.01 if n == 1 else 60.0)
    futures: list[Future[str]] = []

    def interrupted() -> None:
        with desk_of(db, model) as desk:
            futures.extend(ask(desk, f"{i}") for i in range(5))
            futures[0].result(30)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert all(f.done() for f in futures)
    assert used(db).calls == 1


def test_a_stopped_desk_takes_nothing_in(db: Database) -> None:
    with desk_of(db, ScriptedModel()) as desk:
        pass
    assert ask(desk, "late").cancelled()


def test_a_submitter_that_waits_for_room_is_freed_by_the_stop(db: Database) -> None:
    with desk_of(db, ScriptedModel(lambda _n, _r: 60.0), CallLimits(concurrency=1)) as desk:
        while desk.room():
            ask(desk, f"{desk.room()}")
        freed: list[Future[str]] = []
        submitter = threading.Thread(target=lambda: freed.append(ask(desk, "waits")))
        submitter.start()
        time.sleep(0.05)
        assert submitter.is_alive()
    submitter.join(5)
    assert freed[0].cancelled()


def test_replies_that_had_come_are_stored_although_the_desk_was_stopped(db: Database) -> None:
    model = ScriptedModel(latency_s=0.002)
    with desk_of(db, model) as desk:
        futures = [ask(desk, f"{i}") for i in range(desk.room())]
        while not desk.spent.calls:
            time.sleep(0.0005)
    assert all(f.done() for f in futures)
    assert used(db).calls == desk.spent.calls > 0


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_every_unit_ends_and_what_was_paid_is_stored(db: Database, seed: int) -> None:
    rng = random.Random(seed)
    faults = [
        lambda: RateLimited("slow", retry_after_s=0.01), lambda: ModelOverloaded("busy"), lambda: ContentFiltered("no"),
        lambda: ModelUnreachable("down"), lambda: BadReply("html"), lambda: ContextTooLong("long"),
    ]  # fmt: skip
    if seed % 3 == 0:
        faults.append(lambda: QuotaExhausted("no money"))

    def answer(_n: int, asked: ChatRequest) -> ChatReply | ModelError | float:
        return rng.choice(faults)() if rng.random() < 0.2 else rng.choice((plain(asked), rng.random() / 50))

    async def work(asker: Asker, n: int) -> int:
        await asker.ask(request(f"{n % 40}"), "extract")
        await asyncio.gather(*(asker.ask(request(f"{n}.{i}"), "similar") for i in range(rng.randrange(3))))
        return n

    limits = CallLimits(concurrency=6, attempts=3, longest_wait_s=0.05, budget_tokens=2500 if seed % 2 else 0)
    model = ScriptedModel(answer)
    with desk_of(db, model, limits) as desk:
        futures = [desk.submit(lambda asker, n=n: work(asker, n), n % 3 + 1) for n in range(120)]
        if seed % 3 != 1:
            wait(futures, timeout=60)
    assert all(f.done() for f in futures)
    assert all(f.exception(0) is not None or f.result(0) == n for n, f in enumerate(futures) if not f.cancelled())
    paid = sum((used(db, v) for v in EDITIONS), Spent())
    assert (paid.calls, paid.input_tokens, paid.output_tokens) == (
        desk.spent.calls, desk.spent.input_tokens, desk.spent.output_tokens,
    )  # fmt: skip
    assert model.most_in_flight <= 6 and model.in_flight == 0


def test_places_that_stay_empty_while_units_work_are_given_to_further_units(db: Database) -> None:
    under_way, most = 0, 0

    async def work(asker: Asker, n: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asker.ask(request(f"{n} first"), "extract")
        await asyncio.sleep(0.3)  # as if the reply were read in a thread
        await asker.ask(request(f"{n} second"), "similar")
        under_way -= 1

    with desk_of(db, ScriptedModel(lambda _n, _r: 0.05), CallLimits(concurrency=4)) as desk:
        wait([desk.submit(lambda asker, n=n: work(asker, n), 1) for n in range(16)])
    assert 4 < most <= 8


def test_no_further_units_are_started_while_replies_are_only_being_stored(db: Database) -> None:
    under_way, most = 0, 0

    async def work(asker: Asker, n: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for step in range(3):
            await asker.ask(request(f"{n}.{step}"), "extract")
        under_way -= 1

    slow = _SlowDatabase(db.url)
    with desk_of(slow, ScriptedModel(lambda _n, _r: 0.02), CallLimits(concurrency=4)) as desk:
        wait([desk.submit(lambda asker, n=n: work(asker, n), 1) for n in range(12)])
    assert most <= 6  # half as many as may be in flight wait at the gate on purpose; the desk allows for eight


def test_the_calls_of_the_unit_that_started_first_go_first(db: Database) -> None:
    async def work(asker: Asker, name: str, calls: int) -> None:
        await asyncio.gather(*(asker.ask(request(f"{name}{i}"), "extract") for i in range(calls)))
        await asker.ask(request(f"{name} last"), "similar")

    model = ScriptedModel(lambda _n, _r: 0.05)
    with desk_of(db, model, CallLimits(concurrency=2)) as desk:
        wait(
            [
                desk.submit(lambda asker, n=name: work(asker, n, 3 if n == "first" else 20), 1)
                for name in ("first", "second")
            ]
        )
    assert model.asked.index("first last") < len(model.asked) - 5


@pytest.mark.parametrize("moment", [0.25, 0.6, 0.95])
def test_after_kill_9_only_calls_in_flight_are_asked_again(db: Database, tmp_path: Path, moment: float) -> None:
    calls, concurrency = 60, 5
    journal = tmp_path / "journal"
    script = Path(__file__).with_name("desk_process.py")
    command = [sys.executable, str(script), str(db.path), str(journal), str(calls), str(concurrency), "0.05"]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ)
    assert child.stdout is not None and child.stdout.readline() == b"ready\n"
    while not journal.exists() or len(journal.read_text().split()) < moment * calls:
        time.sleep(0.005)
    child.kill()
    child.communicate()
    begun = journal.read_text().split()
    stored = used(db).calls
    assert 0 < stored < calls
    subprocess.run(command, check=True, timeout=60, env=environ, stdout=subprocess.DEVNULL)
    asked = Counter(journal.read_text().split())
    twice = {text for text, times in asked.items() if times > 1}
    assert len(asked) == calls and max(asked.values()) <= 2
    assert len(twice) == len(begun) - stored
    # In flight: with the model, or answered and in the one batch that was about to be committed.
    assert len(twice) <= 2 * concurrency
    assert used(db).calls == calls
