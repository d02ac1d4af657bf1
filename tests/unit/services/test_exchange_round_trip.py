"""What is exported, imported into an empty library and exported again is the same, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from review_library import AT, HashEmbedder, empty_library

from kbbuilder.adapters.workbook import OpenpyxlWorkbooks
from kbbuilder.language.text import clean, clean_markdown, wording_key
from kbbuilder.schema import EntryStatus, Evidence, SimilarQuestion
from kbbuilder.services.exchange import ExchangeService
from kbbuilder.store.database import Database
from kbbuilder.store.documents import ensure_collection
from kbbuilder.store.entries import NewEntry, insert_many

SPECIAL = [
    "如何重置 VPN 密码？", "ＶＰＮ　密码", "=1+1", "'=1", "''-2", "-5 度", "+86", "@all", "a|b||c", "甲##乙",
    "1. 甲", "①乙", "- 丙", '"quoted", and; more\ttab', "_x000D_", "_x0041_", "NA", "null", "true", "2024", "1e5",
    "<!-- end -->", "-->", "\\", "#", "# x", "a,b", "；、，", "\u2028x", "\u3000", "\U0001f600 怎么办", "e\u0301",
    "x\x85y", "[", "{}", "C #", "****", "`code`", "--", "|",
]  # fmt: skip
texts = st.one_of(st.sampled_from(SPECIAL), st.text(max_size=30))
lines = texts.map(lambda text: clean(" ".join(text.split())))
questions = lines.filter(bool)
paragraphs = st.lists(texts, min_size=1, max_size=4).map("\n".join).map(clean_markdown).filter(bool)
evidence = st.builds(
    Evidence,
    document=questions,
    version=st.integers(1, 9),
    chunk_id=st.just(""),
    page=st.none() | st.integers(1, 500),
    heading_path=st.lists(questions, max_size=3).map(tuple),
    quote=paragraphs,
    start=st.integers(0, 50),
    end=st.integers(51, 99),
)


@st.composite
def entries(draw: st.DrawFn, *, flags: bool) -> tuple[NewEntry, ...]:
    made = []
    for i in range(draw(st.integers(0, 4))):
        question = draw(questions)
        wordings = draw(st.lists(questions, max_size=4, unique_by=wording_key))
        made.append(
            NewEntry(
                id=f"{draw(st.sampled_from(['e', '编号', '=', '0']))}{i}",
                collection=draw(st.sampled_from(["售后", "it"])),
                question=question,
                answer=draw(paragraphs),
                language=draw(st.sampled_from(["zh", "en"])),
                status=draw(st.sampled_from(EntryStatus)),
                similar_questions=tuple(
                    SimilarQuestion(text=w, negative=j % 3 == 2)
                    for j, w in enumerate(wordings)
                    if wording_key(w) != wording_key(question)
                ),
                evidence=tuple(draw(st.lists(evidence, max_size=2))),
                tags=tuple(dict.fromkeys(draw(st.lists(questions, max_size=2)))),
                flags=tuple(dict.fromkeys(draw(st.lists(questions, max_size=2)))) if flags else (),
                valid_to=draw(st.sampled_from([None, "2027-12-31"])),
            )
        )
    return tuple({e.id: e for e in made}.values())


def library_of(folder: Path, made: tuple[NewEntry, ...]) -> Database:
    db = empty_library(folder, "first")
    with db.write() as conn:
        for collection in {e.collection for e in made}:
            ensure_collection(conn, collection, at=AT)
        insert_many(conn, made, at=AT)
    return db


def assert_round_trip(made: tuple[NewEntry, ...], format: str, *, excel_safe: bool = False) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        first, second = library_of(folder, made), empty_library(folder, "second")
        try:
            out, into = (ExchangeService(db, HashEmbedder(), OpenpyxlWorkbooks()) for db in (first, second))
            out.export_entries(format=format, path=folder / "one", status="all", excel_safe=excel_safe)
            if made:
                report = into.import_file(folder / "one", collection="default", format=format)
                assert (report.created, report.dropped, report.losses) == (len(made), (), ())
                again = into.import_file(folder / "one", collection="default", format=format)
                assert (again.unchanged, again.left_alone, again.dropped) == (len(made), (), ())
            into.export_entries(format=format, path=folder / "two", status="all", excel_safe=excel_safe)
            assert (folder / "two").read_bytes() == (folder / "one").read_bytes()
        finally:
            first.close()
            second.close()


quickly = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@quickly
@given(entries(flags=True))
@example(())
def test_jsonl_comes_back_the_same(made: tuple[NewEntry, ...]) -> None:
    assert_round_trip(made, "jsonl")


@quickly
@given(entries(flags=False), st.booleans())
@example((), False)
def test_csv_comes_back_the_same(made: tuple[NewEntry, ...], excel_safe: bool) -> None:
    assert_round_trip(made, "csv", excel_safe=excel_safe)


@settings(quickly, max_examples=15)
@given(entries(flags=False))
def test_xlsx_comes_back_the_same(made: tuple[NewEntry, ...]) -> None:
    assert_round_trip(made, "xlsx")


@settings(quickly, max_examples=25)
@given(entries(flags=False).map(lambda made: tuple(_without_evidence(e) for e in made)))
def test_markdown_comes_back_the_same_but_for_the_evidence(made: tuple[NewEntry, ...]) -> None:
    assert_round_trip(made, "markdown")


@pytest.mark.parametrize("format", ["jsonl", "csv", "xlsx", "markdown"])
def test_every_awkward_text_survives_in_every_place(format: str) -> None:
    awkward = [t for t in map(clean, SPECIAL) if t and "\n" not in t]
    made = [
        NewEntry(
            id=f"x{i:03}", collection="c", question=text, answer=text, language="zh",
            similar_questions=(SimilarQuestion(text=f"{text} 一"), SimilarQuestion(text=f"{text} 二", negative=True)),
            tags=(text,),
        )
        for i, text in enumerate(awkward)
    ]  # fmt: skip
    assert_round_trip(tuple(made), format)


def _without_evidence(made: NewEntry) -> NewEntry:
    return replace(made, evidence=())
