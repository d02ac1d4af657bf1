from __future__ import annotations

from pathlib import Path

import pytest
from review_library import AT, entry, library_with_document, put, quote, review_of

from kbbuilder.errors import EntryNotFound, IllegalTransition, NothingToUndo, StaleForm
from kbbuilder.schema import EntryStatus, LinkVerdict, SimilarQuestion
from kbbuilder.services.review import ConflictStands, ReviewService, StaleEntry
from kbbuilder.store.database import Database
from kbbuilder.store.entry_changes import add_evidence_many, add_wordings, set_status
from kbbuilder.store.entry_counts import recount
from kbbuilder.store.links import NewLink, add_links

PENDING, APPROVED, REJECTED, STALE = EntryStatus.PENDING, EntryStatus.APPROVED, EntryStatus.REJECTED, EntryStatus.STALE


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = library_with_document(tmp_path)
    put(
        db, entry("a", evidence=(quote(1),), similar_questions=(SimilarQuestion(text="保几年"),)),
        entry("b", question="质保期是多长时间？", answer="12 个月。", evidence=(quote(0),), tags=("售后",)),
        entry("x", question="怎么安装？", answer="先断电。"),
    )  # fmt: skip
    with db.write() as conn:
        add_links(conn, [NewLink("a", "b", LinkVerdict.CONFLICT, 0.9, "numbers")])
    return db


@pytest.fixture
def review(db: Database) -> ReviewService:
    return review_of(db)


def link_id(review: ReviewService) -> int:
    return review.entry("a").links[0].link.id


def status(review: ReviewService, entry_id: str) -> EntryStatus:
    return review.entry(entry_id).entry.status


def test_approve_removes_the_entry_from_the_queue(review: ReviewService) -> None:
    review.approve("x", seen_version=1, actor="甲")
    assert "x" not in [e.id for e in review.queue("c", status=PENDING).entries]
    assert [e.id for e in review.queue("c", status=APPROVED).entries] == ["x"]


@pytest.mark.parametrize("decide", ["approve", "reject"])
def test_a_decision_on_a_stale_form_is_refused_and_carries_the_newer_text(review: ReviewService, decide: str) -> None:
    review.save("x", seen_version=1, question="如何安装？", answer="先断电。", similar_questions=(), actor="甲")
    with pytest.raises(StaleForm) as refused:
        getattr(review, decide)("x", seen_version=1, actor="乙")
    assert isinstance(refused.value, StaleEntry)
    assert refused.value.current.question == "如何安装？"
    assert status(review, "x") is PENDING


def test_each_status_allows_only_its_own_decisions(review: ReviewService) -> None:
    review.reject("x", seen_version=1, actor="甲")
    with pytest.raises(IllegalTransition):
        review.reject("x", seen_version=2, actor="甲")
    with pytest.raises(IllegalTransition):
        review.approve("x", seen_version=2, actor="甲")
    review.reopen("x", seen_version=2, actor="甲")
    with pytest.raises(IllegalTransition):
        review.reopen("x", seen_version=3, actor="甲")
    review.approve("x", seen_version=3, actor="甲")
    with pytest.raises(IllegalTransition):
        review.approve("x", seen_version=4, actor="甲")


def test_deciding_on_an_unknown_entry_says_so(review: ReviewService) -> None:
    with pytest.raises(EntryNotFound):
        review.approve("nix", seen_version=1, actor="甲")


def test_approving_a_stale_entry_confirms_it_and_answers_its_flag(db: Database, review: ReviewService) -> None:
    review.approve("x", seen_version=1, actor="甲")
    with db.write() as conn:
        set_status(conn, ["x"], STALE, only_from=(APPROVED,), actor="build", action="source_changed", at=AT,
                   flag="source_changed")  # fmt: skip
    assert review.counts("c").flags == {"source_changed": 1}
    confirmed = review.approve("x", seen_version=3, actor="甲")
    assert (confirmed.status, confirmed.flags) == (APPROVED, ())


def test_one_side_of_a_conflict_can_be_approved_and_the_other_is_then_refused_by_name(review: ReviewService) -> None:
    review.approve("a", seen_version=1, actor="甲")
    with pytest.raises(IllegalTransition, match="保修多久？") as refused:
        review.approve("b", seen_version=1, actor="甲")
    assert isinstance(refused.value, ConflictStands)
    assert refused.value.other.id == "a"
    assert status(review, "b") is PENDING
    assert review.counts("c").conflicts == 1


def test_many_are_approved_in_one_go_and_each_refusal_has_its_reason(review: ReviewService) -> None:
    result = review.approve_many([("a", 1), ("b", 1), ("x", 7), ("nix", 1)], actor="甲")
    assert result.done == ("a",)
    assert [(i, reason.split(":")[0]) for i, reason in result.refused] == [
        ("b", "ILLEGAL_TRANSITION"), ("x", "STALE_FORM"), ("nix", "ENTRY_NOT_FOUND")
    ]  # fmt: skip


def test_keeping_one_side_rejects_the_other_and_is_never_asked_again(review: ReviewService) -> None:
    review.settle(link_id(review), decision="keep_right", actor="甲")
    assert (status(review, "a"), status(review, "b")) == (REJECTED, PENDING)
    assert review.counts("c").conflicts == 0
    assert review.entry("b").links[0].link.decision == "keep_right"
    with pytest.raises(IllegalTransition, match="keep_right"):
        review.settle(link_id(review), decision="keep_both", actor="乙")


def test_a_settled_loser_that_is_reopened_still_cannot_stand_beside_the_winner(review: ReviewService) -> None:
    review.settle(link_id(review), decision="keep_left", actor="甲")
    review.approve("a", seen_version=1, actor="甲")
    review.reopen("b", seen_version=2, actor="甲")
    with pytest.raises(ConflictStands):
        review.approve("b", seen_version=3, actor="甲")


def test_keeping_both_lets_both_be_approved(review: ReviewService) -> None:
    review.settle(link_id(review), decision="keep_both", actor="甲")
    assert review.approve_many([("a", 1), ("b", 1)], actor="甲").refused == ()


def test_merging_moves_wordings_quotes_and_tags_to_the_left_entry(review: ReviewService) -> None:
    review.settle(link_id(review), decision="merge", actor="甲")
    left, right = review.entry("a").entry, review.entry("b").entry
    assert [s.text for s in left.similar_questions] == ["保几年", "质保期是多长时间？"]
    assert [e.quote for e in left.evidence] == ["保修期", "安装前"]
    assert left.tags == ("售后",)
    assert left.answer == "24 个月。"
    assert (right.status, right.evidence) == (REJECTED, ())


def test_an_entry_that_is_rejected_cannot_be_the_one_to_keep(review: ReviewService) -> None:
    review.reject("a", seen_version=1, actor="甲")
    with pytest.raises(IllegalTransition, match="rejected"):
        review.settle(link_id(review), decision="merge", actor="甲")


@pytest.mark.parametrize("decision", ["keep_left", "keep_right", "keep_both", "merge"])
@pytest.mark.parametrize("undone_on", ["a", "b"])
def test_undoing_a_settlement_restores_both_sides_and_opens_the_conflict_again(
    review: ReviewService, decision: str, undone_on: str
) -> None:
    before = [review.entry(i).entry.model_dump(exclude={"version"}) for i in ("a", "b")]
    review.settle(link_id(review), decision=decision, actor="甲")  # type: ignore[arg-type]
    review.undo(undone_on, actor="乙")
    assert [review.entry(i).entry.model_dump(exclude={"version"}) for i in ("a", "b")] == before
    assert review.entry("a").links[0].link.decision is None
    assert review.counts("c").conflicts == 1


def test_a_settlement_is_not_undone_over_later_work_on_the_other_side(review: ReviewService) -> None:
    review.settle(link_id(review), decision="keep_left", actor="甲")
    review.approve("a", seen_version=1, actor="甲")
    with pytest.raises(IllegalTransition, match="保修多久？"):
        review.undo("b", actor="甲")
    review.undo("a", actor="甲")
    review.undo("b", actor="甲")
    assert (status(review, "a"), status(review, "b")) == (PENDING, PENDING)


def test_undo_cannot_put_two_contradicting_answers_before_customers(review: ReviewService) -> None:
    review.approve("a", seen_version=1, actor="甲")
    review.reject("a", seen_version=2, actor="甲")
    review.approve("b", seen_version=1, actor="甲")
    with pytest.raises(ConflictStands):
        review.undo("a", actor="甲")
    assert status(review, "a") is REJECTED


def test_undo_walks_back_step_by_step_to_the_creation(review: ReviewService) -> None:
    review.save("x", seen_version=1, question="怎么安装？", answer="一", similar_questions=("装法",), actor="甲")
    review.save("x", seen_version=2, question="怎么安装？", answer="二", similar_questions=(), actor="甲")
    review.approve("x", seen_version=3, actor="甲")
    assert (review.undo("x", actor="甲").status, review.entry("x").entry.answer) == (PENDING, "二")
    undone = review.undo("x", actor="甲")
    assert (undone.answer, [s.text for s in undone.similar_questions]) == ("一", ["装法"])
    first = review.undo("x", actor="甲")
    assert (first.answer, first.edited_by_person, first.similar_questions) == ("先断电。", False, ())
    with pytest.raises(NothingToUndo):
        review.undo("x", actor="甲")
    assert [r.action for r in review.entry("x").history] == ["edited", "edited", "approved", "undo", "undo", "undo"]


def test_after_an_undo_new_work_is_what_is_undone_next(review: ReviewService) -> None:
    review.approve("x", seen_version=1, actor="甲")
    review.undo("x", actor="甲")
    review.reject("x", seen_version=3, actor="甲")
    assert review.undo("x", actor="甲").status is PENDING
    with pytest.raises(NothingToUndo):
        review.undo("x", actor="甲")


def test_undo_after_a_build_takes_back_the_reviewers_step_and_keeps_what_the_build_added(
    db: Database, review: ReviewService
) -> None:
    with db.write() as conn:
        add_wordings(conn, [("x", SimilarQuestion(text="安装步骤"))], at=AT)
    review.approve("x", seen_version=2, actor="甲")
    with db.write() as conn:
        add_evidence_many(conn, [("x", quote(0))], at=AT)
    undone = review.undo("x", actor="甲")
    assert undone.status is PENDING
    assert [e.quote for e in undone.evidence] == ["安装前"]
    assert [s.text for s in undone.similar_questions] == ["安装步骤"]


def test_the_counters_are_right_after_all_kinds_of_decisions(db: Database, review: ReviewService) -> None:
    review.settle(link_id(review), decision="merge", actor="甲")
    review.undo("b", actor="甲")
    review.settle(link_id(review), decision="keep_left", actor="甲")
    review.approve("x", seen_version=1, actor="甲")
    review.create("c", question="新的？", answer="是。", actor="甲")
    assert review.counts("c").by_status == {PENDING: 2, APPROVED: 1, REJECTED: 1, STALE: 0}
    with db.write() as conn:
        assert recount(conn, "c")
