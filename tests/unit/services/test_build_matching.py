"""Entries found again in a document's next edition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.schema import Candidate, Grounded, PairKind, Span, Verdict
from kbbuilder.services.build.editions import Draft, draft_of, match_editions, same_answer
from kbbuilder.store.ledger import StoredCandidate

LONG = "The warranty lasts 24 months from the day of purchase."


def _draft(question: str, answer: str, section: str = "1 Service", number: int = 0) -> Draft:
    candidate = Candidate(
        question=question, answer=answer, kind=PairKind.EXPLICIT, language="en",
        evidence=(Span(start=0, end=1, quote="x"),),
    )  # fmt: skip
    stored = StoredCandidate(
        id=number, ordinal=number, chunk_pk=1, heading_path=("Manual", section), pages=(None,),
        grounded=Grounded(candidate=candidate, verdict=Verdict.SUPPORTED), outcome="pending", entry_id=None,
    )  # fmt: skip
    return draft_of(stored, "default", "manual.pdf")


def _numbers(earlier: list[Draft], later: list[Draft]) -> set[tuple[int, int]]:
    return {(old.stored.id, new.stored.id) for old, new in match_editions(earlier, later)}


def test_the_same_place_question_and_answer_match_before_anything_else() -> None:
    earlier = [_draft("How long?", LONG, number=1), _draft("How long?", "Two years.", number=2)]
    later = [_draft("How long?", "Two years.", number=11), _draft("How long?", LONG, number=12)]
    assert _numbers(earlier, later) == {(1, 12), (2, 11)}


def test_a_changed_answer_matches_by_place_and_question() -> None:
    assert _numbers([_draft("How long?", LONG, number=1)], [_draft("how long", "36 months.", number=11)]) == {(1, 11)}


def test_a_new_chapter_number_is_the_same_place() -> None:
    old, new = _draft("How long?", LONG, "3.1 Warranty"), _draft("How long?", LONG, "4.2 Warranty")
    assert old.stable_key == new.stable_key


def test_a_moved_entry_matches_by_question_and_answer() -> None:
    assert _numbers([_draft("How long?", LONG, "A", 1)], [_draft("How long?", LONG, "B", 11)]) == {(1, 11)}


def test_a_reworded_question_matches_by_a_long_answer_only() -> None:
    assert _numbers([_draft("How long?", LONG, number=1)], [_draft("What is the term?", LONG, number=11)]) == {(1, 11)}
    assert _numbers([_draft("Is it wet?", "Yes.", number=1)], [_draft("Is it loud?", "Yes.", number=11)]) == set()


def test_a_question_asked_in_two_places_is_not_guessed_at() -> None:
    earlier = [_draft("How long?", "One.", "A", 1), _draft("How long?", "Two.", "B", 2)]
    assert _numbers(earlier, [_draft("How long?", "Three.", "C", 11)]) == set()


def test_one_point_five_is_not_fifteen() -> None:
    assert not same_answer(_draft("How much?", "1.5 litres"), _draft("How much?", "15 litres"))
    assert same_answer(_draft("How much?", "1.5  Litres"), _draft("How much?", "1.5 litres"))


def test_ids_depend_on_names_and_texts_alone() -> None:
    assert _draft("多久？", "七天。", number=1).entry_id == _draft("多久？", "七天。", number=2).entry_id
    assert _draft("多久？", "七天。").entry_id != _draft("多久？", "八天。").entry_id


_DRAFTS = st.lists(
    st.builds(
        lambda question, answer, section: _draft(question, answer, section),
        st.sampled_from(["How long?", "怎么退货？", "What is it?"]),
        st.sampled_from(["Yes.", LONG, "七天内可以无理由退货，运费由买家承担，商品须保持完好。"]),
        st.sampled_from(["A", "B"]),
    ),
    max_size=6,
)


@given(_DRAFTS, _DRAFTS)
def test_no_draft_is_in_two_pairs(earlier: list[Draft], later: list[Draft]) -> None:
    pairs = match_editions(earlier, later)
    assert len({id(old) for old, _ in pairs}) == len(pairs) == len({id(new) for _, new in pairs})


@given(_DRAFTS)
def test_an_edition_matches_itself_entry_by_entry(drafts: list[Draft]) -> None:
    pairs = match_editions(drafts, list(drafts))
    assert len(pairs) == len(drafts)
    assert all(old.entry_id == new.entry_id for old, new in pairs)
