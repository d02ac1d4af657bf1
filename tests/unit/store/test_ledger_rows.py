"""The ledger: what goes in comes out the same, and a lost row shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from kbbuilder.schema import (
    Candidate,
    Chunk,
    ChunkKind,
    ChunkPart,
    ChunkState,
    Element,
    ElementKind,
    Grounded,
    PairKind,
    Span,
    Verdict,
)
from kbbuilder.store import documents, ledger
from kbbuilder.store.database import Database
from kbbuilder.store.ledger import CandidateOutcome, ChunkVerdict

NOW = "2026-01-01T00:00:00"
TEXT = "第一页。\n\n第二页，密码为 1234。"
TABLE = Element(kind=ElementKind.TABLE, text="| a |", rows=(("a",), ("1",)), header_rows=1)
CHUNK = Chunk(
    id="c1", ordinal=0, kind=ChunkKind.SECTION, text=TEXT, heading_path=("手册", "密码"), page_start=1, page_end=2,
    language="zh",
    parts=(
        ChunkPart(element=Element(kind=ElementKind.PARAGRAPH, text="第一页。", page=1), start=0, end=4),
        ChunkPart(element=Element(kind=ElementKind.PARAGRAPH, text="第二页，密码为 1234。", page=2), start=6, end=19),
        ChunkPart(element=TABLE, start=19, end=19),
    ),
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    database.migrate()
    with database.write() as conn:
        documents.add_version(
            conn, collection="c", document="a", sha256="aa", size_bytes=1, engine="structural", at=NOW
        )
    return database


def _grounded(start: int, end: int, *reasons: str, dropped: bool = False) -> Grounded:
    candidate = Candidate(
        question="密码是多少？", answer="1234", kind=PairKind.PARAMETER, language="zh",
        evidence=(Span(start=start, end=end, quote=TEXT[start:end]),),
    )  # fmt: skip
    return Grounded(candidate=candidate, verdict=Verdict.DROPPED if dropped else Verdict.SUPPORTED, reasons=reasons)


def _fill(database: Database) -> None:
    second = CHUNK.model_copy(update={"id": "c2", "kind": ChunkKind.FURNITURE, "parts": ()})
    with database.write() as conn:
        ledger.write_chunks(conn, 1, [CHUNK, second])
        first, other = ledger.chunks_of(conn, 1)
        verdicts = [
            ChunkVerdict(
                first.pk,
                ChunkState.GAVE_PAIRS,
                "",
                (_grounded(0, 4), _grounded(6, 19), _grounded(6, 9, "unsupported", "too_short", dropped=True)),
            ),
            ChunkVerdict(other.pk, ChunkState.SKIPPED, "contents"),
        ]
        ledger.write_verdicts(conn, 1, verdicts)


def test_a_chunk_comes_back_as_it_was(database: Database) -> None:
    with database.write() as conn:
        ledger.write_chunks(conn, 1, [CHUNK])
        (stored,) = ledger.chunks_of(conn, 1)
    assert stored.chunk == CHUNK and stored.state is ChunkState.PENDING


def test_writing_again_replaces_what_an_earlier_attempt_left(database: Database) -> None:
    _fill(database)
    _fill(database)
    with database.read() as conn:
        assert len(ledger.chunks_of(conn, 1)) == 2 and len(ledger.candidates_of(conn, [1])) == 2


def test_a_candidate_knows_the_page_its_quote_starts_on(database: Database) -> None:
    _fill(database)
    with database.read() as conn:
        assert [stored.pages for stored in ledger.candidates_of(conn, [1])] == [(1,), (2,)]


def test_counts_tell_states_outcomes_and_the_gravest_reason(database: Database) -> None:
    _fill(database)
    with database.write() as conn:
        first, second = ledger.candidates_of(conn, [1])
        ledger.write_outcomes(
            conn,
            [CandidateOutcome(first.id, "kept", "e1"), CandidateOutcome(second.id, "merged", "e1", "same_text")],
        )
        counts = ledger.counts(conn, [1])[1]
    assert counts.chunks == {"gave_pairs": 1, "skipped": 1}
    assert (counts.candidates.kept, counts.candidates.merged, counts.candidates.pending) == (1, 1, 0)
    assert counts.candidates.dropped == {"unsupported": 1} and counts.candidates.total == 3
    assert counts.balanced


@pytest.mark.parametrize("table", ["candidate", "chunk"])
def test_a_lost_row_unbalances_the_ledger(database: Database, table: str) -> None:
    _fill(database)
    with database.write() as conn:
        conn.execute(text(f"DELETE FROM {table} WHERE ordinal = 0"))
        assert not ledger.counts(conn, [1])[1].balanced


def test_an_edition_without_chunks_is_balanced(database: Database) -> None:
    with database.read() as conn:
        counts = ledger.counts(conn, [1])[1]
    assert counts.balanced and counts.candidates.total == 0
