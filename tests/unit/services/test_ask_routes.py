"""Asking: an approved answer first, then a document, else a refusal, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from ask_library import entry, new_database, new_service, put_document, put_entries

from kbbuilder.errors import InvalidQuestion, KbError
from kbbuilder.schema import EntryStatus, PairKind, Route
from kbbuilder.services.ask import MAX_QUESTION_CHARS, REASONS, AskService
from kbbuilder.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = new_database(tmp_path)
    put_entries(
        database,
        entry("refund", "How long does a refund take?", "Five working days."),
        entry("退款", "退款多久到账？", "五个工作日内到账。"),
        entry("hours", "What are your opening hours?", "From nine to five.", status=EntryStatus.PENDING),
        entry("old", "Do you sell gift cards?", "We do.", status=EntryStatus.REJECTED),
        entry("gone", "Is there a loyalty programme?", "There was.", status=EntryStatus.STALE),
    )
    put_document(
        database,
        "kettle.txt",
        "Descaling",
        "Fill the kettle with equal parts of water and vinegar and let it stand for one hour.",
    )
    return database


@pytest.fixture
def ask(database: Database) -> AskService:
    return new_service(database)


@pytest.mark.parametrize(
    ("question", "answer"),
    [("when does my refund come", "Five working days."), ("退的钱多久能到账", "五个工作日内到账。")],
)
def test_an_entry_answers_in_its_own_words(ask: AskService, question: str, answer: str) -> None:
    found = ask.ask(question, collection="c")
    assert (found.route, found.answers[0]) == (Route.FAQ, answer)
    assert found.entry is not None
    assert found.entry.answer == answer
    assert found.score == found.ranked[0].score
    assert not found.unapproved


def test_the_exact_question_says_so(ask: AskService) -> None:
    found = ask.ask("退款多久到账", collection="c")
    assert (found.score, found.reason) == (1.0, "same_wording: 退款多久到账？")


def test_without_an_entry_the_document_answers_with_its_source(ask: AskService) -> None:
    found = ask.ask("how long should vinegar stand in the kettle", collection="c")
    assert (found.route, found.reason, found.entry) == (Route.DOCUMENT, "passage", None)
    assert found.passages[0].document == "kettle.txt"
    assert found.passages[0].heading_path == ("Descaling",)
    assert "one hour" in found.answers[0]


def test_a_foreign_question_is_refused_but_the_ranking_is_shown(ask: AskService) -> None:
    found = ask.ask("who won the world cup in 1998", collection="c")
    assert (found.route, found.answers, found.passages, found.reason) == (Route.REFUSE, (), (), "below_threshold")
    assert {r.faq_id for r in found.ranked} == {"refund", "退款"}


def test_pending_entries_answer_only_on_request_and_are_marked(ask: AskService) -> None:
    question = "what are your opening hours"
    assert ask.ask(question, collection="c").route is Route.REFUSE
    found = ask.ask(question, collection="c", include_pending=True)
    assert (found.route, found.unapproved) == (Route.FAQ, True)


@pytest.mark.parametrize("question", ["Do you sell gift cards?", "Is there a loyalty programme?"])
def test_rejected_and_stale_entries_never_answer(ask: AskService, question: str) -> None:
    found = ask.ask(question, collection="c", include_pending=True)
    assert found.route is Route.REFUSE
    assert not {"old", "gone"} & {r.faq_id for r in found.ranked}


def test_a_near_miss_is_refused_with_what_differs(database: Database, ask: AskService) -> None:
    put_entries(database, entry("x", "How do I connect the X200 to a water pipe?", "With the grey hose."))
    found = ask.ask("How do I connect the X300 to a water pipe?", collection="c")
    assert found.route is Route.REFUSE
    assert found.reason.startswith("clash: ")
    assert "x300" in found.reason.lower()


def test_two_entries_that_fit_alike_are_reported(database: Database, ask: AskService) -> None:
    put_entries(
        database,
        entry("a", "How do I clean the water filter of the machine?", "Rinse it."),
        entry("b", "How do I clean the water tank of the machine?", "Wipe it."),
    )
    found = ask.ask("how to clean the water parts of the machine", collection="c")
    assert (found.route, len(found.answers)) == (Route.FAQ, 2)
    assert found.reason.startswith("near_tie: How do I clean the water")


def test_an_answer_out_of_force_is_not_given(database: Database, ask: AskService) -> None:
    put_entries(
        database,
        entry("spring", "Is there a spring discount on kettles?", "Ten percent.", valid_to="2026-04"),
        entry("summer", "Is there a summer discount on fans?", "Twenty percent.", valid_from="2026-05-20"),
    )
    refused = ask.ask("Is there a spring discount on kettles?", collection="c")
    assert refused.route is not Route.FAQ
    assert ask.ask("Is there a summer discount on fans?", collection="c").route is Route.FAQ


def test_a_document_that_answers_more_exactly_goes_before_an_entry(database: Database, ask: AskService) -> None:
    put_entries(database, entry("what", "五羊新城是什么地方？", "一个住宅区。", kind=PairKind.TOPIC))
    put_document(database, "五羊.txt", "五羊新城", "五羊新城由广州市东华实业公司开发，一九八四年动工，一九八九年建成。")
    found = ask.ask("五羊新城由哪个公司开发的", collection="c")
    assert found.route is Route.DOCUMENT
    assert "东华实业" in found.answers[0]


@pytest.mark.parametrize("question", ["", "   ", "？！", "\u200b", "长" * (MAX_QUESTION_CHARS + 1)])
def test_an_empty_or_endless_question_is_an_error_of_the_asker(ask: AskService, question: str) -> None:
    with pytest.raises(InvalidQuestion) as caught:
        ask.ask(question, collection="c")
    assert isinstance(caught.value, KbError)
    assert caught.value.hint


def test_a_batch_keeps_its_order_and_one_bad_question_stops_nothing(ask: AskService) -> None:
    questions = ["退款多久到账", "", "how long should vinegar stand in the kettle", "x" * 2000]
    answers = ask.ask_many(questions, collection="c")
    assert [a.question for a in answers] == questions
    assert [a.route for a in answers] == [Route.FAQ, Route.REFUSE, Route.DOCUMENT, Route.REFUSE]
    assert answers[1].reason.startswith("invalid_question")
    assert ask.ask_many([], collection="c") == []


def test_an_unknown_collection_refuses(ask: AskService) -> None:
    found = ask.ask("退款多久到账", collection="nowhere")
    assert (found.route, found.reason) == (Route.REFUSE, "nothing_to_search")


def test_every_reason_has_a_meaning(database: Database, ask: AskService) -> None:
    for question in ("退款多久到账", "when does my refund come", "vinegar in the kettle", "who won the world cup"):
        assert ask.ask(question, collection="c").reason.split(":")[0] in REASONS
