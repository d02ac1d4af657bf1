"""Somebody works on the library while a build runs: the build goes by the library as it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from build_bench import EMBEDDER, database_of, entries_in, entry_named, service_of

from kbbuilder.schema import EntryStatus
from kbbuilder.services.build import Progress
from kbbuilder.store import links
from kbbuilder.store.entries import NewEntry, insert_many
from kbbuilder.store.entry_changes import set_status
from kbbuilder.store.search import index_entries

AT = "2026-01-01T00:00:00.000000+00:00"
_TEXTS = {
    "en": ("# {m} manual\n\n## How do I reset the {m}?\n\nHold the button of the {m} for {n} seconds.\n", "X200"),
    "zh": ("# {m} 说明书\n\n## 怎么重置 {m}？\n\n按住 {m} 的按键 {n} 秒。\n", "路由器"),
}


def _built(
    folder: Path, language: str, meddle: Callable[[Path, str], None], documents: int = 3, same: bool = False
) -> list[str]:
    """A library of documents about one thing each (or all about the `same`), and somebody who does something just
    before the last one is merged. The question of each document."""
    template, thing = _TEXTS[language]
    home = folder / "home"
    service = service_of(home)
    questions = []
    for number in range(documents):
        model = thing if same else f"{thing} {'ABC'[number]}{number}"
        content = template.format(m=model, n=10 if same else 10 + number)
        questions.append(content.splitlines()[2].removeprefix("## "))
        service.add_upload(f"{number}.md", content.encode(), collection="default", engine="auto")

    def progress(told: Progress) -> None:
        if told.stage == "merge" and told.document == f"{documents - 1}.md":
            meddle(home, questions[-1])

    report = service.run(progress=progress)
    assert [d.outcome for d in report.documents] == ["PARSED"] * documents
    return questions


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_entry_put_in_while_a_build_runs_is_recognised_as_the_same(tmp_path: Path, language: str) -> None:
    template, thing = _TEXTS[language]
    answer = template.format(m=f"{thing} C2", n=12).splitlines()[4]

    def put_in(home: Path, question: str) -> None:
        entry = NewEntry(id="theirs", collection="default", question=question, answer=answer, language=language)  # type: ignore[arg-type]
        with database_of(home).write() as conn:
            insert_many(conn, [entry], at=AT)
            index_entries(conn, EMBEDDER, [entry.id])

    questions = _built(tmp_path, language, put_in)
    entry = entry_named(tmp_path / "home", questions[-1])
    assert entry.id == "theirs" and [evidence.document for evidence in entry.evidence] == ["2.md"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_entries_rejected_while_a_build_runs_get_no_link(tmp_path: Path, language: str) -> None:
    def reject(home: Path, _: str) -> None:
        ids = [entry.id for entry in entries_in(home)]
        with database_of(home).write() as conn:
            set_status(conn, ids, EntryStatus.REJECTED, only_from=(EntryStatus.PENDING,), actor="p", action="r", at=AT)

    linked = []
    for name, meddle in (("alone", lambda _home, _question: None), ("shared", reject)):
        folder = tmp_path / name
        folder.mkdir()
        entry = entry_named(folder / "home", _built(folder, language, meddle)[-1])
        with database_of(folder / "home").read() as conn:
            linked.append(len(links.links_of(conn, entry.id)))
    assert linked == [2, 0]


def test_documents_that_say_the_same_become_one_entry_with_the_proof_of_each(tmp_path: Path) -> None:
    questions = _built(tmp_path, "zh", lambda _home, _question: None, same=True)
    entry = entry_named(tmp_path / "home", questions[0])
    assert [evidence.document for evidence in entry.evidence] == ["0.md", "1.md", "2.md"]
