"""Grouping of new entries: conservation, order-independence, idempotence, survivors and links."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from kbbuilder.schema import LinkVerdict
from kbbuilder.stages.dedup import Deduped, Known, dedup

QUESTIONS = (
    "How do I reset the X200?",
    "How can I reset the X200?",
    "how to reset X200",
    "How do I reset the X300?",
    "如何重置密码？",
    "请问密码怎么重置",
    "如何重置路由器？",
    "怎么打开蓝牙？",
    "怎么关闭蓝牙？",
    "",
    "？",
)
ANSWERS = (
    "Hold Power for 3 seconds.",
    "Hold Power for 3 seconds",
    "Hold Power for 5 seconds.",
    "长按电源键三秒。",
    "Do not hold Power for 3 seconds.",
    "",
)


def known(id: str, question: str, answer: str, wordings: tuple[str, ...] = ()) -> Known:
    return Known(id=id, question=question, wordings=wordings, answer=answer, kind=None, document=f"{id}.pdf")


def every_pair(new: list[Known], library: list[Known]) -> list[tuple[int, int, float]]:
    total = len(new) + len(library)
    return [(i, j, 0.9) for i in range(len(new)) for j in range(i + 1, total)]


def groups(result: Deduped) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {kept: {kept} for kept in result.kept}
    for merged in result.merged:
        members.setdefault(merged.into, {merged.into}).add(merged.id)
    return {frozenset(m) for m in members.values()}


entries = st.lists(st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(ANSWERS)), max_size=9)


@settings(max_examples=80, deadline=None)
@given(entries, entries)
def test_every_new_entry_is_kept_or_merged_and_none_twice(
    fresh: list[tuple[str, str]], stored: list[tuple[str, str]]
) -> None:
    new = [known(f"n{i}", *pair) for i, pair in enumerate(fresh)]
    library = [known(f"l{i}", *pair) for i, pair in enumerate(stored)]
    result = dedup(new, library, every_pair(new, library))
    assert sorted([*result.kept, *(m.id for m in result.merged)]) == sorted(k.id for k in new)
    staying = {*result.kept, *(k.id for k in library)}
    assert {m.into for m in result.merged} <= staying
    assert all(link.left != link.right and {link.left, link.right} <= staying for link in result.links)
    assert len({frozenset((link.left, link.right)) for link in result.links}) == len(result.links)


@settings(max_examples=60, deadline=None)
@given(entries, st.randoms(use_true_random=False))
def test_the_groups_do_not_depend_on_the_order(fresh: list[tuple[str, str]], chance: random.Random) -> None:
    new = [known(f"n{i}", *pair) for i, pair in enumerate(fresh)]
    shuffled = new[:]
    chance.shuffle(shuffled)
    first, second = (dedup(order, [], every_pair(order, [])) for order in (new, shuffled))
    assert groups(first) == groups(second)
    assert linked_groups(first) == linked_groups(second)


def linked_groups(result: Deduped) -> set[tuple[frozenset[frozenset[str]], LinkVerdict, str]]:
    group_of = {id: group for group in groups(result) for id in group}
    return {
        (frozenset((group_of[link.left], group_of[link.right])), link.verdict, link.reason) for link in result.links
    }


@settings(max_examples=60, deadline=None)
@given(entries)
def test_what_was_kept_is_kept_again(fresh: list[tuple[str, str]]) -> None:
    new = [known(f"n{i}", *pair) for i, pair in enumerate(fresh)]
    kept = [k for k in new if k.id in dedup(new, [], every_pair(new, [])).kept]
    again = dedup(kept, [], every_pair(kept, []))
    assert again.kept == tuple(k.id for k in kept)
    assert again.merged == ()


@settings(max_examples=40, deadline=None)
@given(entries)
def test_a_second_build_of_the_same_document_adds_nothing(fresh: list[tuple[str, str]]) -> None:
    new = [known(f"n{i}", *pair) for i, pair in enumerate(fresh)]
    library = [k for k in new if k.id in dedup(new, [], every_pair(new, [])).kept]
    again = [known(f"again{i}", *pair) for i, pair in enumerate(fresh)]
    assert dedup(again, library, every_pair(again, library)).kept == ()


def test_the_library_survives_and_gains_the_new_wording() -> None:
    library = [known("old", "How do I reset the X200?", ANSWERS[0])]
    new = [known("new", "How can I reset the X200?", ANSWERS[0]), known("same", "how do I reset the X200", ANSWERS[0])]
    result = dedup(new, library, [])
    assert result.kept == ()
    assert [(m.id, m.into, m.wording) for m in result.merged] == [
        ("new", "old", "How can I reset the X200?"),
        ("same", "old", ""),
    ]


def test_the_first_of_the_new_ones_survives() -> None:
    new = [known("a", QUESTIONS[4], ANSWERS[3]), known("b", QUESTIONS[5], ANSWERS[3])]
    assert dedup(new, [], []).kept == ("a",)
    assert dedup(new[::-1], [], []).kept == ("b",)


def test_a_contradiction_is_linked_as_a_conflict_and_both_stay() -> None:
    new = [known("a", QUESTIONS[0], ANSWERS[0]), known("b", QUESTIONS[1], ANSWERS[2])]
    result = dedup(new, [], [])
    assert result.kept == ("a", "b")
    assert [(link.left, link.right, link.verdict) for link in result.links] == [("b", "a", LinkVerdict.CONFLICT)]


def test_near_misses_are_linked_as_related() -> None:
    new = [known("a", "怎么打开蓝牙？", ANSWERS[3]), known("b", "怎么关闭蓝牙？", ANSWERS[3])]
    result = dedup(new, [], [(0, 1, 0.99)])
    assert result.kept == ("a", "b")
    assert [(link.verdict, link.reason) for link in result.links] == [(LinkVerdict.RELATED, "direction_differs")]


def test_pairs_within_the_library_are_left_alone() -> None:
    library = [known("x", QUESTIONS[0], ANSWERS[0]), known("y", QUESTIONS[1], ANSWERS[0])]
    assert dedup([], library, []) == Deduped(kept=(), merged=(), links=())
