"""How quick and how good the search is. Run by hand, with the package installed or on the path:

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=. python tests/benchmarks/bench_search.py [WORDINGS]

Prints JSON: the figures of the two question sets beside this file, and the times (CPU seconds of this process) of a
library of WORDINGS wordings, 100,000 unless told.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from kbbuilder.adapters.use_embedder import UseEmbedder
from kbbuilder.config import Settings
from kbbuilder.language.tokens import search_tokens
from kbbuilder.services.ask import AskService
from kbbuilder.services.evaluate import EvaluateService
from kbbuilder.store import documents
from kbbuilder.store.database import Database
from kbbuilder.store.entries import NewEntry, insert_many
from kbbuilder.store.search import EntryIndex, text_hash
from kbbuilder.store.search.vectors import store_vectors
from kbbuilder.store.tables import WORDING

HERE = Path(__file__).parent
AT = "2026-01-01T00:00:00.000000+00:00"
PER_ENTRY = 7
WORDS = "reset password router filter kettle battery price refund parcel address screen cable light".split()
CHARACTERS = "重置密码路由器滤芯水壶电池价格退款快递地址屏幕电缆灯光清洗更换安装保修"


def quality() -> dict[str, object]:
    def no_library(address: str) -> object:
        raise AssertionError(address)

    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/q.db")
        embedder = UseEmbedder()
        ask = AskService(
            database, embedder, faq_threshold=settings.faq_threshold, passage_threshold=settings.passage_threshold
        )
        service = EvaluateService(
            ask,
            embedder,
            faq_threshold=settings.faq_threshold,
            open_temporary=no_library,  # type: ignore[arg-type]
        )
        reports = {name: service.retrieval(HERE / name) for name in ("appliance_zh", "appliance_en")}
    return {
        name: {
            "acc@1": r.acc_1.value if r.acc_1 else None,
            "acc@5": r.acc_5.value if r.acc_5 else None,
            "auroc": r.auroc,
            "rejected": r.rejected.value if r.rejected else None,
            "wrongly_rejected": r.wrongly_rejected.value if r.wrongly_rejected else None,
        }
        for name, r in reports.items()
    }


def speed(wordings: int) -> dict[str, float]:
    rng = random.Random(0)
    numbers = np.random.default_rng(0)
    embedder = UseEmbedder()
    texts = [
        f"{' '.join(rng.choices(WORDS, k=5))} {i}" if i % 2 else f"{''.join(rng.choices(CHARACTERS, k=9))}{i}"
        for i in range(wordings)
    ]
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/s.db")
        database.migrate()
        started = time.process_time()
        with database.write() as conn:
            documents.ensure_collection(conn, "c", at=AT)
            ids = [f"e{i:07d}" for i in range(0, wordings, PER_ENTRY)]
            entries = [
                NewEntry(id=e, collection="c", question=texts[i * PER_ENTRY], answer="a", language="en")
                for i, e in enumerate(ids)
            ]
            insert_many(conn, entries, at=AT)
            # Random directions stand in for the vectors: encoding them is another measurement.
            for start in range(0, wordings, 5000):
                block = numbers.standard_normal((len(texts[start : start + 5000]), embedder.dimensions))
                block /= np.linalg.norm(block, axis=1, keepdims=True)
                part = texts[start : start + 5000]
                hashes = [text_hash(t) for t in part]
                store_vectors(conn, embedder.name, hashes, block.astype(np.float32))
                conn.execute(
                    insert(WORDING),
                    [
                        {
                            "collection": "c",
                            "entry_id": ids[(start + i) // PER_ENTRY],
                            "text": t,
                            "tokens": " ".join(search_tokens(t)),
                            "text_hash": key,
                        }
                        for i, (t, key) in enumerate(zip(part, hashes, strict=True))
                    ],
                )
        figures["insert_s"] = time.process_time() - started
        started = time.process_time()
        with database.read() as conn:
            index = EntryIndex.load(conn, embedder, "c")
        figures["load_s"] = time.process_time() - started
        queries = ["how do I reset the router password", "净水器滤芯怎么更换", *texts[:200:20]]
        started = time.process_time()
        index.rank(queries[:1])
        figures["first_query_s"] = time.process_time() - started
        vectors = embedder.encode(queries)
        times = []
        for i, query in enumerate(queries):
            started = time.process_time()
            index.search([query], vectors=vectors[i : i + 1])
            times.append(time.process_time() - started)
        figures["query_ms_median"] = 1000 * float(np.median(times))
        figures["query_ms_worst"] = 1000 * max(times)
        batch = texts[:640]
        started = time.process_time()
        index.rank(batch)
        figures["batch_ms_a_text"] = 1000 * (time.process_time() - started) / len(batch)
    return {name: round(value, 2) for name, value in figures.items()}


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(json.dumps({"quality": quality(), "wordings": count, "speed": speed(count)}, indent=1))
