"""Pacing on a clock of the test's own: nothing here sleeps."""

from __future__ import annotations

from collections import deque
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbbuilder.config import CallLimits
from kbbuilder.errors import ModelError, ModelOverloaded, ModelTimeout, ModelUnreachable, RateLimited
from kbbuilder.services.model.pacing import Pacer, Slot, TokenBucket, Window


def _sent(pacer: Pacer, seconds: float, *, tokens: float = 0.0, lasting_s: float = 0.0) -> list[float]:
    """When calls begin that are made as soon as the pacer lets them, each over `lasting_s` later."""
    now, times, flying = 0.0, [], deque[tuple[float, Slot]]()
    while now < seconds:
        while flying and flying[0][0] <= now:
            pacer.end(flying.popleft()[1], now, used_tokens=tokens)
        wait_s = pacer.wait_s(tokens, now)
        if wait_s == 0:
            flying.append((now + lasting_s, pacer.begin(tokens, now)))
            times.append(now)
        else:
            now = min(now + wait_s, flying[0][0] if flying else inf)
    return times


def _most_in_a_minute(times: list[float]) -> int:
    return max(sum(1 for t in times if start <= t < start + 60) for start in times)


@pytest.mark.parametrize("limit", [6, 60, 1000])
def test_no_minute_sees_more_requests_than_allowed_and_most_of_the_allowance_is_used(limit: int) -> None:
    times = _sent(Pacer(CallLimits(concurrency=10_000, requests_per_minute=limit), 0.0), 300.0)
    assert _most_in_a_minute(times) <= limit + 1
    assert len(times) >= 0.8 * 5 * limit


@pytest.mark.parametrize(("limit", "each"), [(60_000, 1500), (3_000, 2500)])
def test_no_minute_sees_more_tokens_than_allowed_plus_one_call(limit: int, each: int) -> None:
    times = _sent(Pacer(CallLimits(concurrency=10_000, tokens_per_minute=limit), 0.0), 600.0, tokens=each)
    assert _most_in_a_minute(times) * each <= limit + each
    assert len(times) * each >= 0.8 * 10 * limit


def test_tokens_put_aside_and_not_used_are_given_back() -> None:
    pacer = Pacer(CallLimits(tokens_per_minute=1200), 0.0)
    slot = pacer.begin(600, 0.0)
    assert pacer.wait_s(60, 0.0) > 10
    pacer.end(slot, 0.0, used_tokens=0)
    assert pacer.wait_s(60, 0.0) == 0


def test_tokens_used_beyond_what_was_put_aside_are_owed() -> None:
    pacer = Pacer(CallLimits(tokens_per_minute=1200), 0.0)
    pacer.end(pacer.begin(10, 0.0), 0.0, used_tokens=600)
    assert pacer.wait_s(60, 0.0) > 10


def test_a_call_larger_than_the_bucket_passes_when_the_bucket_is_full() -> None:
    bucket = TokenBucket(100, 0.0)
    assert bucket.wait_s(5000, 0.0) == 0
    bucket.take(5000, 0.0)
    assert bucket.wait_s(1, 60.0) > 0


@given(st.lists(st.floats(0.001, 50), min_size=1, max_size=30), st.floats(1, 5000))
@settings(max_examples=50)
def test_after_the_wait_a_bucket_names_it_really_gives(amounts: list[float], per_minute: float) -> None:
    bucket, now = TokenBucket(per_minute, 0.0), 0.0
    for amount in amounts:
        now += bucket.wait_s(amount, now)
        assert bucket.wait_s(amount, now) == pytest.approx(0.0, abs=1e-6)
        bucket.take(amount, now)


def test_no_more_calls_are_in_flight_than_the_window_holds() -> None:
    pacer = Pacer(CallLimits(concurrency=3), 0.0)
    slots = [pacer.begin(0, 0.0) for _ in range(3)]
    assert pacer.wait_s(0, 1.0) == inf
    pacer.end(slots[0], 1.0, used_tokens=1)
    assert pacer.wait_s(0, 1.0) == 0


@pytest.mark.parametrize("fault", [RateLimited, ModelOverloaded, ModelTimeout])
def test_a_storm_of_faults_halves_the_window_once_for_the_calls_in_flight_together(fault: type[ModelError]) -> None:
    pacer = Pacer(CallLimits(concurrency=32), 0.0)
    slots = [pacer.begin(0, 0.0) for _ in range(32)]
    for slot in slots:
        pacer.end(slot, 1.0, used_tokens=None, fault=fault("no"))
    assert pacer.window.size == 16
    pacer.end(pacer.begin(0, 2.0), 3.0, used_tokens=None, fault=fault("no"))
    assert pacer.window.size == 8


def test_the_window_never_shrinks_below_one_call() -> None:
    window = Window(4)
    for second in range(10):
        window.was_too_much(second, second)
    assert window.size == 1


def test_a_windowful_of_successes_widens_by_one_up_to_the_limit() -> None:
    window = Window(8)
    window.was_too_much(0.0, 0.0)
    sizes = []
    for _ in range(40):
        window.succeeded()
        sizes.append(window.size)
    assert sizes[:4] == [4, 4, 4, 5]
    assert sizes[8] == 6 and sizes[-1] == 8


def test_a_fault_that_has_nothing_to_do_with_load_leaves_the_window_alone() -> None:
    pacer = Pacer(CallLimits(concurrency=8), 0.0)
    pacer.end(pacer.begin(0, 0.0), 1.0, used_tokens=None, fault=ModelUnreachable("down"))
    assert pacer.window.size == 8


def test_a_pause_that_one_call_was_asked_for_holds_all() -> None:
    pacer = Pacer(CallLimits(concurrency=8), 0.0)
    pacer.end(pacer.begin(0, 0.0), 1.0, used_tokens=None, fault=RateLimited("slow", retry_after_s=5.0))
    assert pacer.wait_s(0, 2.0) == pytest.approx(4.0)
    assert pacer.wait_s(0, 6.0) == 0


def test_a_shorter_pause_does_not_cut_a_longer_one() -> None:
    pacer = Pacer(CallLimits(concurrency=8), 0.0)
    first, second = pacer.begin(0, 0.0), pacer.begin(0, 0.0)
    pacer.end(first, 1.0, used_tokens=None, fault=RateLimited("slow", retry_after_s=9.0))
    pacer.end(second, 1.0, used_tokens=None, fault=RateLimited("slow", retry_after_s=1.0))
    assert pacer.quiet_s(1.0) == pytest.approx(9.0)


def test_a_cancelled_call_gives_its_place_back_and_counts_as_nothing() -> None:
    pacer = Pacer(CallLimits(concurrency=2), 0.0)
    pacer.window.was_too_much(0.0, 0.0)
    for _ in range(5):
        pacer.end(pacer.begin(0, 1.0), 1.0, used_tokens=None)
    assert pacer.window.size == 1 and pacer.in_flight == 0
