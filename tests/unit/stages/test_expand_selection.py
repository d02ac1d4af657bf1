"""Which proposals are kept: those that find their own entry first, and alone."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.schema import SimilarQuestion
from kbbuilder.stages.expand import select


def proposals(*texts: str) -> list[SimilarQuestion]:
    return [SimilarQuestion(text=t, style="colloquial") for t in texts]


class Ranking:
    """A search whose answers are written down; remembers what it was asked."""

    def __init__(self, answers: dict[str, list[tuple[str, float]]]) -> None:
        self.answers = answers
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        self.asked.append(list(texts))
        return [self.answers.get(t, []) for t in texts]


def test_a_wording_that_finds_its_own_entry_first_is_kept() -> None:
    rank = Ranking({"怎么重置密码": [("own", 0.9), ("other", 0.7)]})
    result = select(proposals("怎么重置密码"), "own", rank)
    assert [k.text for k in result.kept] == ["怎么重置密码"]
    assert result.dropped == result.negatives == ()


def test_a_wording_that_clearly_finds_another_becomes_a_negative_example() -> None:
    rank = Ranking({"reset": [("other", 0.9), ("own", 0.6)]})
    result = select(proposals("reset"), "own", rank)
    assert result.kept == ()
    assert [(d.text, d.reason, d.rival) for d in result.dropped] == [("reset", "finds_other", "other")]
    assert [(n.text, n.negative) for n in result.negatives] == [("reset", True)]


def test_a_tie_is_dropped_but_no_negative_example() -> None:
    rank = Ranking({"reset": [("own", 0.800), ("other", 0.799)]})
    result = select(proposals("reset"), "own", rank)
    assert [d.reason for d in result.dropped] == ["finds_other"]
    assert result.negatives == ()


def test_a_wording_that_finds_nothing_is_dropped() -> None:
    assert [d.reason for d in select(proposals("xyz"), "own", Ranking({})).dropped] == ["finds_nothing"]


def test_duplicates_are_dropped_and_never_searched() -> None:
    rank = Ranking({"密码怎么重置": [("own", 0.9)]})
    result = select(proposals("密码怎么重置", "密码怎么重置？", "ＶＰＮ 密码"), "own", rank, taken=("vpn密码",))
    assert [k.text for k in result.kept] == ["密码怎么重置"]
    assert [d.reason for d in result.dropped] == ["duplicate", "duplicate"]
    assert rank.asked == [["密码怎么重置"]]


def test_the_limit_counts_kept_wordings_only() -> None:
    rank = Ranking({t: [("own", 0.9)] for t in ("a1", "b2", "c3")} | {"x": [("other", 0.9)]})
    result = select(proposals("x", "a1", "b2", "c3"), "own", rank, 2)
    assert [k.text for k in result.kept] == ["a1", "b2"]
    assert {d.text: d.reason for d in result.dropped} == {"x": "finds_other", "c3": "over_limit"}


def test_no_proposals_cost_no_search() -> None:
    rank = Ranking({})
    assert select([], "own", rank).kept == ()
    assert rank.asked == []


@given(
    st.lists(st.text(min_size=1, max_size=6), max_size=8),
    st.lists(
        st.lists(st.tuples(st.sampled_from(["own", "x", "y"]), st.floats(0, 1)), max_size=3), min_size=8, max_size=8
    ),
    st.integers(0, 4),
)
def test_every_proposal_is_kept_or_dropped(
    texts: list[str], rankings: list[list[tuple[str, float]]], limit: int
) -> None:
    answers = {t: sorted(r, key=lambda hit: -hit[1]) for t, r in zip(texts, rankings, strict=False)}
    result = select(proposals(*texts), "own", Ranking(answers), limit)
    assert sorted([*(k.text for k in result.kept), *(d.text for d in result.dropped)]) == sorted(texts)
    assert len(result.kept) <= limit
    dropped = {d.text for d in result.dropped}
    assert all(n.negative and n.text in dropped for n in result.negatives)
