"""Properties of facts that hold for any text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kbbuilder.language.facts import differing_facts, facts_of, missing_facts, polarity_conflict, unshared_facts

pieces = st.sampled_from(
    [
        "保修 30 天",
        "X200",
        "在 2024年3月5日 之前",
        "5–10 min",
        "Ｅ０１",
        "不支持",
        "turn off",
        "¥1,299",
        "三十天",
        "`--all`",
        "400-820-8820",
        "，",
        "\n",
    ]
)
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=6).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(texts)
def test_a_text_never_lacks_its_own_facts(text: str) -> None:
    assert missing_facts(text, text) == ()
    assert differing_facts(text, text) == ()
    assert unshared_facts(text, text) == ()
    assert polarity_conflict(text, text) is None


@settings(max_examples=100, deadline=None)
@given(texts, texts)
def test_comparisons_do_not_depend_on_the_order(left: str, right: str) -> None:
    assert set(differing_facts(left, right)) == set(differing_facts(right, left))
    assert set(unshared_facts(left, right)) == set(unshared_facts(right, left))
    assert (polarity_conflict(left, right) is None) == (polarity_conflict(right, left) is None)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_full_width_letters_and_digits_state_the_same_facts(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" else c for c in text)
    assert facts_of(wide).quantities == facts_of(text).quantities
