"""Finding the passage of a document that answers."""

from __future__ import annotations

import pytest
from search_library import AddDocument

from kbbuilder.config import Settings
from kbbuilder.ports import Embedder
from kbbuilder.schema import Element, ElementKind
from kbbuilder.store.database import Database
from kbbuilder.store.search import PassageHit, PassageSearch, drop_passages, index_passages

THRESHOLD = Settings().passage_threshold


def _heading(text: str, page: int | None = None) -> Element:
    return Element(kind=ElementKind.HEADING, text=text, level=1, page=page)


def _paragraph(text: str, page: int | None = None) -> Element:
    return Element(kind=ElementKind.PARAGRAPH, text=text, page=page)


KETTLE = (
    _heading("Descaling", 4),
    _paragraph("Fill the kettle with equal parts of water and vinegar and let it stand for one hour.", 4),
    _heading("Warranty", 5),
    _paragraph("The manufacturer repairs defects free of charge for two years from the date of purchase.", 5),
)
FILTER = (
    _heading("滤芯更换"),
    _paragraph("净水器的滤芯建议每六个月更换一次，水质较差的地区应缩短到三个月。"),
    _heading("安装位置"),
    _paragraph("请将净水器安装在水槽下方，并与墙面保持五厘米的距离。"),
)


def _ask(database: Database, embedder: Embedder, question: str, collection: str = "c") -> tuple[PassageHit, ...]:
    with database.read() as conn:
        return PassageSearch(embedder).search(conn, collection, [question])[0]


@pytest.fixture
def manuals(add_document: AddDocument) -> dict[str, int]:
    return {"kettle.txt": add_document("kettle.txt", *KETTLE), "filter.txt": add_document("filter.txt", *FILTER)}


@pytest.mark.parametrize(
    ("question", "document", "heading", "inside"),
    [
        ("How long must vinegar stand in the kettle?", "kettle.txt", "Descaling", "one hour"),
        ("Is a repair of defects free in the second year?", "kettle.txt", "Warranty", "two years"),
        ("净水器的滤芯几个月更换一次？", "filter.txt", "滤芯更换", "六个月"),
        ("净水器要和墙面保持多远？", "filter.txt", "安装位置", "五厘米"),
    ],
)
def test_the_passage_comes_with_its_source(
    database: Database,
    embedder: Embedder,
    manuals: dict[str, int],
    question: str,
    document: str,
    heading: str,
    inside: str,
) -> None:
    best = _ask(database, embedder, question)[0]
    assert (best.document, best.version, best.heading_path) == (document, 1, (heading,))
    assert inside in best.text
    assert heading not in best.text
    assert best.score >= THRESHOLD


def test_the_page_is_the_passages_own(database: Database, embedder: Embedder, manuals: dict[str, int]) -> None:
    assert _ask(database, embedder, "vinegar in the kettle")[0].page == 4
    assert _ask(database, embedder, "manufacturer repairs defects")[0].page == 5


def test_words_of_the_heading_find_the_passage(database: Database, embedder: Embedder, manuals: dict[str, int]) -> None:
    assert "vinegar" in _ask(database, embedder, "descaling")[0].text


@pytest.mark.parametrize(
    "question", ["谁发明了电话机", "who painted the Mona Lisa", "北京到上海的高铁多少钱", "best pizza in town"]
)
def test_foreign_questions_stay_below_the_threshold(
    database: Database, embedder: Embedder, manuals: dict[str, int], question: str
) -> None:
    assert all(hit.score < THRESHOLD for hit in _ask(database, embedder, question))


def test_only_the_current_edition_answers(database: Database, embedder: Embedder, add_document: AddDocument) -> None:
    add_document("a.txt", _paragraph("The deposit is 10 euros."))
    second = add_document("a.txt", _paragraph("The deposit is 20 euros."))
    add_document("b.txt", _paragraph("The deposit is 99 euros."), current=False)
    hits = _ask(database, embedder, "how high is the deposit")
    assert [(h.text, h.version) for h in hits] == [("The deposit is 20 euros.", 2)]
    with database.write() as conn:
        assert drop_passages(conn, second) == 1
    assert _ask(database, embedder, "how high is the deposit") == ()


def test_indexing_twice_leaves_one_copy(database: Database, embedder: Embedder, manuals: dict[str, int]) -> None:
    with database.write() as conn:
        assert index_passages(conn, manuals["kettle.txt"]) == 2
        assert index_passages(conn, 999) == 0
    assert len(_ask(database, embedder, "kettle vinegar water")) == 1


def test_short_paragraphs_are_widened_to_an_answers_length(
    database: Database, embedder: Embedder, add_document: AddDocument
) -> None:
    sentences = [
        f"Rule {i} says that guests of room {i} pay {i * 10} euros for towels, sauna and late breakfast."
        for i in range(40)
    ]
    add_document("rules.txt", _heading("House rules"), *(_paragraph(s) for s in sentences))
    hits = _ask(database, embedder, "what do guests of room 20 pay for towels")
    assert sentences[20] in hits[0].text
    assert 500 < len(hits[0].text) <= 1000
    ranges = sorted((h.start, h.end) for h in hits)
    assert len(set(ranges)) == len(ranges)


def test_the_same_passage_in_two_documents_is_shown_once(
    database: Database, embedder: Embedder, add_document: AddDocument
) -> None:
    for name in ("a.txt", "b.txt"):
        add_document(name, _paragraph("The deposit is 20 euros."))
    assert [h.document for h in _ask(database, embedder, "how high is the deposit")] == ["a.txt"]


@pytest.mark.parametrize(
    "question",
    ['"', "AND OR NOT", "NEAR(kettle", "kettle*", 'vinegar" OR "1', "'; DROP TABLE passage; --", "的", "?", "don't"],
)
def test_marks_that_mean_something_to_the_index_do_no_harm(
    database: Database, embedder: Embedder, manuals: dict[str, int], question: str
) -> None:
    assert len(_ask(database, embedder, question)) <= 5


def test_another_collection_and_an_empty_library_have_no_passages(
    database: Database, embedder: Embedder, add_document: AddDocument
) -> None:
    assert _ask(database, embedder, "kettle") == ()
    add_document("kettle.txt", *KETTLE)
    assert _ask(database, embedder, "kettle", collection="other") == ()


def test_fit_puts_an_entrys_answer_on_a_passages_scale(
    database: Database, embedder: Embedder, manuals: dict[str, int]
) -> None:
    question = "how long must vinegar stand in the kettle"
    search = PassageSearch(embedder)
    with database.read() as conn:
        fits = search.fit(
            conn,
            question,
            embedder.encode([question])[0],
            [KETTLE[1].text, "We deliver on weekdays only.", KETTLE[1].text],
        )
    assert fits[0] == pytest.approx(fits[2], abs=1e-4)
    assert fits[0] > 0.4 > fits[1]
