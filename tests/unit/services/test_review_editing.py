from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from review_library import HashEmbedder, entry, library_with_document, put, quote, review_of
from sqlalchemy import select

from kbbuilder.errors import InvalidEdit, ReviewError
from kbbuilder.schema import EntryStatus, Evidence, FaqEntry, LinkVerdict, SimilarQuestion
from kbbuilder.services.review import ReviewService, StaleEntry
from kbbuilder.store.database import Database
from kbbuilder.store.tables import WORDING


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = library_with_document(tmp_path)
    put(
        db, entry(
            "a", evidence=(quote(1, 5, 10), quote(1, 0, 3), quote(2)),
            similar_questions=(SimilarQuestion(text="保几年", style="colloquial"),),
        ),
    )  # fmt: skip
    return db


@pytest.fixture
def review(db: Database) -> ReviewService:
    return review_of(db)


def save(review: ReviewService, **fields: object) -> FaqEntry:
    form: dict[str, object] = {
        "seen_version": 1, "question": "保修多久？", "answer": "24 个月。", "similar_questions": ["保几年"],
        "actor": "甲",
    }  # fmt: skip
    return review.save("a", **{**form, **fields})  # type: ignore[arg-type]


def searchable(db: Database) -> set[str]:
    with db.read() as conn:
        return set(conn.scalars(select(WORDING.c.text)))


def test_a_saved_form_is_cleaned_and_marks_the_entry_as_a_persons(review: ReviewService) -> None:
    saved = save(
        review, question=" 保修期\x00多久\n？ ", answer="两年。\r\n- 一\r\n  - 二\x07", tags=["售后", " 售后 ", ""],
        similar_questions=["保几年", "", "保修期 多久", "保 几年？", "质保呢"], negative_questions=["怎么退货"],
    )  # fmt: skip
    assert saved.question == "保修期多久？"
    assert saved.answer == "两年。\n- 一\n  - 二"
    assert [(s.text, s.style, s.negative) for s in saved.similar_questions] == [
        ("保几年", "colloquial", False), ("质保呢", "person", False), ("怎么退货", "person", True)
    ]  # fmt: skip
    assert (saved.tags, saved.edited_by_person, saved.version) == (("售后",), True, 2)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": " \u200b\n"}, "question is empty"),
        ({"answer": "\x00 "}, "answer is empty"),
        ({"question": "问" * 1001}, "1,001"),
        ({"answer": "答" * 25_001}, "25,001"),
        ({"similar_questions": ["问" * 1001]}, "1,001"),
        ({"negative_questions": ["保修多久"]}, "negative"),
        ({"similar_questions": ["甲"], "negative_questions": ["甲？"]}, "negative"),
        ({"tags": ["签" * 201]}, "201"),
    ],
)
def test_what_may_not_stand_is_refused_and_nothing_is_written(
    review: ReviewService, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidEdit, match=said):
        save(review, **fields)
    assert review.entry("a").entry.version == 1
    assert review.entry("a").history == ()


def test_the_longest_allowed_texts_are_saved(review: ReviewService) -> None:
    saved = save(review, question="问" * 1000, answer="答" * 25_000)
    assert (len(saved.question), len(saved.answer)) == (1000, 25_000)


def test_saving_what_stands_already_writes_nothing(review: ReviewService) -> None:
    assert save(review).version == 1
    assert review.entry("a").history == ()


def test_a_stale_form_is_refused_with_the_text_that_stands(review: ReviewService) -> None:
    save(review, answer="36 个月。")
    with pytest.raises(StaleEntry) as refused:
        save(review, answer="12 个月。", actor="乙")
    assert refused.value.current.answer == "36 个月。"
    assert review.entry("a").entry.answer == "36 个月。"


def test_of_two_forms_saved_at_the_same_time_exactly_one_wins(db: Database, review: ReviewService) -> None:
    won: list[str] = []
    refused: list[str] = []

    def reviewer(name: str) -> None:
        try:
            won.append(save(review, answer=f"{name} 说", actor=name).answer)
        except StaleEntry:
            refused.append(name)

    threads = [threading.Thread(target=reviewer, args=(f"人{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(refused)) == (1, 5)
    assert review.entry("a").entry.answer == won[0]


def test_an_approved_entry_that_is_edited_stays_approved(review: ReviewService) -> None:
    review.approve("a", seen_version=1, actor="甲")
    assert save(review, seen_version=2, answer="二十四个月。").status is EntryStatus.APPROVED


def test_new_wordings_can_be_searched_at_once_and_undone_ones_no_more(db: Database, review: ReviewService) -> None:
    save(review, similar_questions=["质保呢"], negative_questions=["怎么退货"])
    assert searchable(db) == {"保修多久？", "质保呢"}
    review.undo("a", actor="甲")
    assert searchable(db) == {"保修多久？", "保几年"}


def test_translating_the_question_changes_the_entrys_language(review: ReviewService) -> None:
    assert save(review, question="How long is the warranty?").language == "en"


def test_the_history_keeps_both_full_texts(review: ReviewService) -> None:
    save(review, answer="36 个月。")
    (step,) = review.entry("a").history
    assert (step.actor, step.action) == ("甲", "edited")
    assert step.before is not None and step.before["answer"] == "24 个月。"
    assert step.after is not None and step.after["answer"] == "36 个月。"


def test_an_entry_shows_each_source_once_with_all_its_quotes_and_its_surroundings(review: ReviewService) -> None:
    first, second = review.entry("a").sources
    assert (first.document, first.version, first.page, first.heading_path) == ("手册.pdf", 1, 2, ("第一章", "1"))
    assert [first.chunk_text[start:end] for start, end in first.spans] == ["保修期", "24 个月"]
    assert (first.before, first.after) == ("安装前请断开电源。", "Press the button for 5 seconds.")
    assert (second.after, second.proven, second.current) == ("", True, True)


def test_evidence_an_import_only_states_is_shown_as_unproven(db: Database, review: ReviewService) -> None:
    stated = Evidence(document="旧.docx", version=2, chunk_id="", page=3, quote="保修两年", start=10, end=14)
    put(db, entry("s", question="别的", evidence=(stated,)))
    (source,) = review.entry("s").sources
    assert (source.proven, source.chunk_text, source.spans) == (False, "保修两年", ((0, 4),))


def test_a_handwritten_entry_is_pending_searchable_and_linked_with_what_it_contradicts(
    db: Database, review: ReviewService
) -> None:
    made = review.create("c", question="保修多久", answer="3 年。", similar_questions=["质保呢"], actor="甲")
    assert (made.status, made.origin, made.language) == (EntryStatus.PENDING, "person", "zh")
    assert {"保修多久", "质保呢"} <= searchable(db)
    (view,) = review.entry(made.id).links
    assert (view.link.verdict, view.other.id) == (LinkVerdict.CONFLICT, "a")
    assert [r.action for r in review.entry(made.id).history] == ["created"]


def test_a_handwritten_entry_that_exists_already_is_refused(review: ReviewService) -> None:
    with pytest.raises(InvalidEdit, match="already"):
        review.create("c", question="保修多久", answer="24 个月", actor="甲")


def test_the_same_text_can_be_written_again_after_the_first_was_edited(review: ReviewService) -> None:
    first = review.create("c", question="能开发票吗？", answer="能。", actor="甲")
    review.save(first.id, seen_version=1, question="可以开专票吗？", answer="能。", similar_questions=(), actor="甲")
    second = review.create("c", question="能开发票吗？", answer="能。", actor="甲")
    assert second.id != first.id


def test_a_new_collection_begins_with_its_first_entry(review: ReviewService) -> None:
    review.create("售后", question="Q?", answer="A.", actor="me")
    assert review.collections() == ("c", "售后")
    assert review.counts("售后").total == 1
    assert review.counts("nix").total == 0


def test_rewording_a_question_into_anothers_shows_the_contradiction(db: Database, review: ReviewService) -> None:
    put(db, entry("b", question="怎么安装？", answer="先断电。"))
    review.save("b", seen_version=1, question="保修多久", answer="先断电。", similar_questions=(), actor="甲")
    assert review.entry("b").links[0].link.verdict is LinkVerdict.CONFLICT
    assert review.counts("c").conflicts == 1


def test_a_wrong_page_cursor_is_a_review_error(review: ReviewService) -> None:
    with pytest.raises(ReviewError, match="no place"):
        review.queue("c", after="7")


def test_wordings_are_encoded_before_the_write_lock_is_taken(db: Database) -> None:
    impatient = Database(db.url, busy_timeout_s=0.2)
    encoded: list[str] = []

    class Watching(HashEmbedder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            with impatient.write():  # fails at once when the lock is held
                encoded.extend(texts)
            return super().encode(texts)

    saved = save(ReviewService(impatient, Watching()), question="保修多长时间？", similar_questions=["新说法"])
    assert saved.version == 2
    assert encoded == ["保修多长时间？", "新说法"]
