"""Proposals made ahead of their turn are those that would be made at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import text

from kbbuilder.language.text import detect_language
from kbbuilder.schema import Candidate, PairKind, Span
from kbbuilder.services.build.proposing import Proposer
from kbbuilder.services.build.remembering import RememberingEmbedder
from kbbuilder.store import documents
from kbbuilder.store.database import Connection, Database
from kbbuilder.store.entries import NewEntry, insert_many

AT = "2026-01-01T00:00:00.000000+00:00"
QUESTIONS = ("How do I reset the router?", "How long is the warranty?", "怎么重置路由器？", "保修期是多久？")


class CountingEmbedder:
    """Vectors of a text's length; remembers what it was asked."""

    name, dimensions = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.asarray([[len(t), 1.0] for t in texts], dtype=np.float32).reshape(len(texts), 2)


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    """A library with one edition whose candidates were kept as entries."""
    database = Database(f"sqlite:///{tmp_path}/a.db")
    database.migrate()
    with database.write() as conn:
        documents.ensure_collection(conn, "c", at=AT)
        version = documents.add_version(
            conn, collection="c", document="a.md", sha256="0" * 64, size_bytes=1, engine="llm", at=AT
        )
        conn.execute(
            text(
                "INSERT INTO chunk (id, version_id, ordinal, kind, text, heading_path, parts, language, state, reason) "
                "VALUES ('c', :v, 0, 'section', 't', '[\"Use\"]', '[]', 'en', 'gave_pairs', '')"
            ),
            {"v": version.id},
        )
        for number, question in enumerate(QUESTIONS):
            entry = NewEntry(id=f"e{number}", collection="c", question=question, answer="24 months.",
                             language=detect_language(question), kind=PairKind.TOPIC)  # fmt: skip
            insert_many(conn, [entry], at=AT)
            conn.execute(
                text(
                    "INSERT INTO candidate (version_id, chunk_pk, ordinal, payload, outcome, reason, entry_id) "
                    "VALUES (:v, 1, :n, '{}', 'kept', '', :e)"
                ),
                {"v": version.id, "n": number, "e": entry.id},
            )
    with database.read() as reading:
        yield reading


def _candidate(question: str) -> Candidate:
    return Candidate(question=question, answer="24 months.", kind=PairKind.TOPIC, language=detect_language(question),
                     evidence=(Span(start=0, end=1, quote="t"),))  # fmt: skip


def _prepared(questions: Sequence[str]) -> tuple[Proposer, CountingEmbedder]:
    embedder = CountingEmbedder()
    proposer = Proposer(embedder, 6)
    proposer.prepare((_candidate(question), ("Use",)) for question in questions)
    proposer._thread.shutdown(wait=True)
    return proposer, embedder


def test_what_was_prepared_is_what_is_proposed_and_is_not_encoded_again(conn: Connection) -> None:
    proposer, embedder = _prepared(QUESTIONS)
    proposals = proposer.proposals(conn, 1)
    assert proposals == Proposer(CountingEmbedder(), 6).proposals(conn, 1)
    texts = [proposal.text for _, proposed in proposals for proposal in proposed]
    assert len(texts) >= len(QUESTIONS)
    before = len(embedder.asked)
    assert proposer.vectors.encode([*texts, *QUESTIONS]).shape == (len(texts) + len(QUESTIONS), 2)
    assert len(embedder.asked) == before


def test_an_entry_whose_words_have_changed_is_proposed_for_anew(conn: Connection) -> None:
    proposer, _ = _prepared(["How do I reset the modem?"])
    assert proposer.proposals(conn, 1) == Proposer(CountingEmbedder(), 6).proposals(conn, 1)


def test_a_forgotten_text_is_encoded_again_and_a_known_one_is_not() -> None:
    embedder = CountingEmbedder()
    remembering = RememberingEmbedder(embedder)
    remembering.encode(["a", "b", "a"])
    remembering.forget(["b", "unheard"])
    assert len(remembering) == 1
    assert remembering.encode(["b", "a"]).tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert embedder.asked == ["a", "b", "b"]
