"""The floor under the search's quality: two sets of hard paraphrases, near-misses and foreign questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbbuilder.config import Settings
from kbbuilder.ports import Embedder
from kbbuilder.store.search import EntryIndex

SETS = Path(__file__).parents[3] / "benchmarks"


@pytest.mark.parametrize(
    ("name", "first", "five", "refused"), [("appliance_zh", 0.8, 0.97, 0.85), ("appliance_en", 0.68, 0.93, 1.0)]
)
def test_paraphrases_are_found_and_foreign_questions_refused(
    embedder: Embedder, name: str, first: float, five: float, refused: float
) -> None:
    faqs = [json.loads(line) for line in (SETS / name / "faqs.jsonl").read_text("utf-8").splitlines()]
    queries = [json.loads(line) for line in (SETS / name / "queries.jsonl").read_text("utf-8").splitlines()]
    wordings = [(f["faq_id"], text) for f in faqs for text in (f["question"], *f["similar"])]
    ranked = EntryIndex.empty(embedder).with_wordings(wordings).rank([q["query"] for q in queries])
    inside = [(q["faq_id"], [e for e, _ in hits]) for q, hits in zip(queries, ranked, strict=True) if q["faq_id"]]
    foreign = [hits[0][1] for q, hits in zip(queries, ranked, strict=True) if not q["faq_id"] and not q.get("near")]
    assert sum(hits[0] == wanted for wanted, hits in inside) / len(inside) >= first
    assert sum(wanted in hits for wanted, hits in inside) / len(inside) >= five
    assert sum(score < Settings().faq_threshold for score in foreign) / len(foreign) >= refused
