from __future__ import annotations

import json
from pathlib import Path

import pytest
from review_library import HashEmbedder, entry, library_with_document, put, quote, review_of

from kbbuilder.adapters.workbook import OpenpyxlWorkbooks
from kbbuilder.errors import PathNotFound, UnknownFormat, UnreadableTable
from kbbuilder.schema import EntryStatus, FaqEntry, LinkVerdict, SimilarQuestion
from kbbuilder.services.exchange import ExchangeService, ImportReport
from kbbuilder.services.exchange import importing as importing_module
from kbbuilder.store.database import Database
from kbbuilder.store.entries import walk
from kbbuilder.store.entry_counts import recount

PENDING, APPROVED, REJECTED, STALE = EntryStatus.PENDING, EntryStatus.APPROVED, EntryStatus.REJECTED, EntryStatus.STALE


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return library_with_document(tmp_path)


@pytest.fixture
def exchange(db: Database) -> ExchangeService:
    return ExchangeService(db, HashEmbedder(), OpenpyxlWorkbooks())


def take(
    exchange: ExchangeService, tmp_path: Path, text: str | bytes, name: str = "t.csv", **options: object
) -> ImportReport:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = exchange.import_file(path, collection="c", **options)  # type: ignore[arg-type]
    assert report.balanced(), report
    return report


def lines(*objects: object) -> str:
    return "\n".join(json.dumps(o, ensure_ascii=False) for o in objects)


def entries(db: Database) -> dict[str, FaqEntry]:
    with db.write() as conn:
        found = {e.question: e for e in walk(conn)}
        assert all(recount(conn, collection) for collection in {e.collection for e in found.values()})
    return found


def test_a_table_of_questions_and_answers_becomes_pending_entries(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    report = take(exchange, tmp_path, "问题,答案,分类\n怎么退货？,七天内可退。,售后\nHow long?,24 months.,\n")
    assert (report.created, report.kept, report.rows) == (2, 2, 2)
    got = entries(db)
    assert (got["怎么退货？"].status, got["怎么退货？"].tags, got["怎么退货？"].language) == (PENDING, ("售后",), "zh")
    assert (got["How long?"].language, got["How long?"].origin) == ("en", "import")


def test_approve_approves_what_states_no_status(db: Database, exchange: ExchangeService, tmp_path: Path) -> None:
    table = "question,answer,status\n一？,1,\n二？,2,pending\n三？,3,rejected\n四？,4,停用\n五？,5,启用\n"
    report = take(exchange, tmp_path, table, approve=True)
    assert {q: e.status for q, e in entries(db).items()} == {
        "一？": APPROVED, "二？": APPROVED, "三？": REJECTED, "四？": PENDING, "五？": APPROVED
    }  # fmt: skip
    assert report.approved == 3


def test_without_approve_only_our_own_words_state_a_status(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    take(exchange, tmp_path, "question,answer,是否启用\n一？,1,是\n二？,2,approved\n三？,3,stale\n")
    assert {q: e.status for q, e in entries(db).items()} == {"一？": PENDING, "二？": APPROVED, "三？": STALE}


def test_importing_the_same_file_again_adds_nothing(db: Database, exchange: ExchangeService, tmp_path: Path) -> None:
    table = "question,answer,相似问1,相似问2\n一？,1,甲一,乙一\n一？,1,丙一,\n二？,2,,\n二？,其他,,\n"
    first = take(exchange, tmp_path, table)
    before = entries(db)
    again = take(exchange, tmp_path, table)
    assert (first.created, first.merged, len(first.conflicts)) == (3, 1, 1)
    assert (again.created, again.updated, again.unchanged, again.merged) == (0, 0, 3, 1)
    assert entries(db) == before
    assert [s.text for s in before["一？"].similar_questions] == ["甲一", "乙一", "丙一"]


def test_rows_are_put_together_across_transactions_as_within_one(
    db: Database, exchange: ExchangeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "question,answer,similar\n一？,1,甲一\n二？,2,\n三？,3,\n一？,1,乙一\n二？,别的,\n"
    monkeypatch.setattr(importing_module, "_BATCH", 1)
    report = take(exchange, tmp_path, table)
    assert (report.created, report.merged, len(report.conflicts)) == (4, 1, 1)
    assert [s.text for s in entries(db)["一？"].similar_questions] == ["甲一", "乙一"]
    assert take(exchange, tmp_path, table).created == 0


def test_one_bad_row_does_not_stop_the_others_and_is_named_by_its_line(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    table = (
        'id,question,answer\n1a,一？,"第一行\n第二行"\n2a,,没有问题\n3a,三？,\n1a,四？,重复的编号\n'
        f"5a,五？,{'长' * 25001}\n6a,六？,好\n"
    )
    report = take(exchange, tmp_path, table)
    assert [(d.line, d.code) for d in report.dropped] == [
        (4, "empty_cell"), (5, "empty_cell"), (6, "id_repeated"), (7, "invalid_text")
    ]  # fmt: skip
    assert set(entries(db)) == {"一？", "六？"}


def test_an_id_the_file_gives_is_kept(db: Database, exchange: ExchangeService, tmp_path: Path) -> None:
    take(
        exchange,
        tmp_path,
        lines({"id": "faq-7", "question": "一？", "answer": "1"}, {"id": 8, "question": "二？", "answer": "2"}),
        "t.jsonl",
    )
    assert {e.id for e in entries(db).values()} == {"faq-7", "8"}


def test_a_newer_file_updates_an_entry_nobody_has_touched_as_a_revision(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    take(exchange, tmp_path, "id,question,answer,tags\nx,一？,1,甲\n")
    report = take(exchange, tmp_path, "id,question,answer\nx,一？,一点一\n", actor="小王")
    assert (report.updated, report.created) == (1, 0)
    got = entries(db)["一？"]
    assert (got.answer, got.tags, got.version) == ("一点一", ("甲",), 2)
    step = review_of(db).entry("x").history[-1]
    assert (step.action, step.actor) == ("imported", "小王")
    assert review_of(db).undo("x", actor="小王").answer == "1"


@pytest.mark.parametrize("touch", ["approve", "edit", "reject"])
def test_a_persons_entry_is_left_alone_and_the_difference_reported(
    db: Database, exchange: ExchangeService, tmp_path: Path, touch: str
) -> None:
    take(exchange, tmp_path, "id,question,answer\nx,一？,1\n")
    review = review_of(db)
    if touch == "edit":
        review.save("x", seen_version=1, question="一？", answer="改过", similar_questions=(), actor="甲")
    else:
        getattr(review, touch)("x", seen_version=1, actor="甲")
    before = entries(db)
    report = take(exchange, tmp_path, "id,question,answer\nx,一？,二\n", approve=True)
    assert [(left.line, left.entry_id, left.code) for left in report.left_alone] == [(2, "x", "edited_by_person")]
    assert entries(db) == before


def test_a_row_without_id_whose_entry_was_edited_since_is_left_alone(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    take(exchange, tmp_path, "question,answer\n一？,1\n")
    (made,) = entries(db).values()
    review_of(db).save(made.id, seen_version=1, question="壹？", answer="1", similar_questions=(), actor="甲")
    report = take(exchange, tmp_path, "question,answer\n一？,1\n")
    assert [left.code for left in report.left_alone] == ["edited_by_person"]
    assert set(entries(db)) == {"壹？"}


def test_a_file_that_disagrees_with_a_decision_is_reported(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    put(db, entry("x", question="一？", answer="1", status=APPROVED))
    row = {"id": "x", "question": "一？", "answer": "1"}
    report = take(exchange, tmp_path, lines({**row, "status": "rejected"}), "t.jsonl")
    assert [left.code for left in report.left_alone] == ["decided_by_person"]
    assert take(exchange, tmp_path, lines({**row, "status": "pending"}), "t.jsonl").unchanged == 1
    assert entries(db)["一？"].status is APPROVED


def test_a_row_that_says_what_an_entry_says_adds_its_wordings_and_no_entry(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    put(
        db,
        entry("made", question="怎么退货？", answer="七天内可退。", similar_questions=(SimilarQuestion(text="退货"),)),
    )
    report = take(exchange, tmp_path, "id,问题,答案,相似问\nq1,怎么退货,七天内可退,退货##我要退\n")
    assert (report.merged, report.created) == (1, 0)
    (got,) = entries(db).values()
    assert [(s.text, s.style) for s in got.similar_questions] == [("退货", "person"), ("我要退", "imported")]


def test_wordings_for_an_approved_entry_are_reported_not_added(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    put(db, entry("made", question="怎么退货？", answer="七天内可退。", status=APPROVED))
    report = take(exchange, tmp_path, "问题,答案,相似问\n怎么退货,七天内可退,我要退\n")
    assert (report.merged, [loss.field for loss in report.losses]) == (1, ["similar_questions"])
    assert entries(db)["怎么退货？"].similar_questions == ()


def test_what_a_person_rejected_does_not_come_back(db: Database, exchange: ExchangeService, tmp_path: Path) -> None:
    put(db, entry("no", question="怎么退货？", answer="不退。", status=REJECTED))
    report = take(exchange, tmp_path, "问题,答案\n怎么退货？,不退。\n", approve=True)
    assert [left.code for left in report.left_alone] == ["rejected_before"]
    assert entries(db)["怎么退货？"].status is REJECTED


def test_another_answer_to_a_known_question_waits_and_is_linked_as_a_conflict(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    put(db, entry("old", question="保修多久？", answer="24 个月。", status=APPROVED))
    report = take(exchange, tmp_path, "id,question,answer,status\nnew,保修 多久,36 个月。,approved\n", approve=True)
    (conflict,) = report.conflicts
    assert (conflict.line, conflict.entry_id, conflict.other_id, report.approved) == (2, "new", "old", 0)
    view = review_of(db).entry("new")
    assert (view.entry.status, view.links[0].link.verdict) == (PENDING, LinkVerdict.CONFLICT)


def test_updating_an_entry_into_a_contradiction_keeps_it_pending(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    put(
        db,
        entry("old", question="保修多久？", answer="24 个月。", status=APPROVED),
        entry("x", question="别的？", answer="否"),
    )
    report = take(exchange, tmp_path, "id,question,answer\nx,保修多久,36 个月\n", approve=True)
    assert (report.updated, report.approved, len(report.conflicts)) == (1, 0, 1)
    assert review_of(db).entry("x").entry.status is PENDING


def test_of_two_answers_in_one_file_the_second_waits_under_approve(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    report = take(exchange, tmp_path, "id,question,answer\na,一？,1\nb,一？,2\n", approve=True)
    review = review_of(db)
    assert (review.entry("a").entry.status, review.entry("b").entry.status) == (APPROVED, PENDING)
    assert [(c.entry_id, c.other_id) for c in report.conflicts] == [("b", "a")]


def test_a_row_about_another_collections_entry_is_dropped(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    take(exchange, tmp_path, "id,question,answer,知识库\nx,一？,1,甲库\n")
    report = take(exchange, tmp_path, "id,question,answer,知识库\nx,一？,1,乙库\n")
    assert [d.code for d in report.dropped] == ["id_taken"]
    assert entries(db)["一？"].collection == "甲库"


def test_a_quote_that_stands_in_this_librarys_document_is_proven_again(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    evidence = {
        "document": "手册.pdf",
        "version": 1,
        "page": 2,
        "heading_path": ["第一章", "1"],
        "quote": "24 个月",
        "start": 5,
        "end": 10,
    }
    wrong = {**evidence, "quote": "36 个月"}
    take(
        exchange,
        tmp_path,
        lines({"id": "x", "question": "一？", "answer": "1", "evidence": [wrong, evidence]}),
        "t.jsonl",
    )
    stated, proven = review_of(db).entry("x").sources
    assert (stated.proven, stated.chunk_text) == (False, "36 个月")
    assert (proven.proven, proven.chunk_text) == (True, "保修期为 24 个月。")
    again = take(
        exchange,
        tmp_path,
        lines({"id": "x", "question": "一？", "answer": "1", "evidence": [wrong, evidence]}),
        "t.jsonl",
    )
    assert again.unchanged == 1


def test_incomplete_evidence_is_noted_and_the_row_kept(db: Database, exchange: ExchangeService, tmp_path: Path) -> None:
    row = {
        "question": "一？",
        "answer": "1",
        "evidence": [{"document": "x"}, 7, {"document": "x", "quote": "y", "page": "?"}],
    }
    report = take(exchange, tmp_path, lines(row), "t.jsonl")
    assert [loss.field for loss in report.losses] == ["evidence"] * 3
    assert entries(db)["一？"].evidence == ()


def test_an_import_onto_the_entries_of_a_build_changes_only_columns_the_table_has(
    db: Database, exchange: ExchangeService, tmp_path: Path
) -> None:
    put(db, entry("x", question="一？", answer="1", evidence=(quote(0),), flags=("f",), valid_to="2030-01-01"))
    take(exchange, tmp_path, "id,question,answer,有效期\nx,一？,1,2031/2/3\n")
    got = entries(db)["一？"]
    assert (got.valid_to, got.flags, len(got.evidence)) == ("2031-02-03", ("f",), 1)


def test_a_missing_file_an_unknown_format_and_an_empty_file_are_said(exchange: ExchangeService, tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        exchange.import_file(tmp_path / "nix.csv", collection="c")
    (tmp_path / "t.csv").write_text("")
    with pytest.raises(UnknownFormat, match="pdf"):
        exchange.import_file(tmp_path / "t.csv", collection="c", format="pdf")
    with pytest.raises(UnreadableTable, match="no rows"):
        exchange.import_file(tmp_path / "t.csv", collection="c")
