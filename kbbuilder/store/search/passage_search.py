"""Finding the passage of a document that answers a question.

Full-text search gives the candidates; BM25 as a share of what the question's words could reach, and the cosine between
question and passage, give the score. Both parts are absolute, so one threshold tells when no document answers.
"""

from __future__ import annotations

import json
import math
import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, bindparam, text

from kbbuilder.language.text import detect_language, has_cjk, one_line
from kbbuilder.language.tokens import search_tokens, telling_share
from kbbuilder.ports import Embedder
from kbbuilder.store.search.pieces import Piece, answer_chars
from kbbuilder.store.search.vectors import text_hash

_DENSE_SHARE = 0.4
"""Source: five question sets in both languages; ranking is flat from 0.3 to 0.5, refusing gains up to 0.5."""
_K1 = 0.9
_B = 0.5
_CANDIDATES = 60
_ENCODED = 10
"""The best candidates by words; only these are compared by meaning. A passage costs about 4 ms to encode."""
_MATCH_WORDS = 24
_ENCODE_CHARS = {"en": 600, "zh": 300}
_REMEMBERED_VECTORS = 4096

# A view of the index's own word counts, in the connection's private temporary schema: the library is not written to.
_WORD_COUNTS = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_words USING fts5vocab('main', 'passage_fts', 'row')"
_COUNTS = text("SELECT term, doc FROM temp.passage_words WHERE term = :term")
_TOTAL = text("SELECT max(id) FROM passage")
_FIND = text(
    'SELECT p.id, p.chunk_pk, p.start, p."end", p.text, p.tokens, p.text_hash, c.id AS chunk_id, c.heading_path, '
    "c.page_start, c.page_end, c.parts, v.number, d.name "
    "FROM passage_fts f JOIN passage p ON p.id = f.rowid JOIN chunk c ON c.pk = p.chunk_pk "
    "JOIN document_version v ON v.id = p.version_id JOIN document d ON d.id = v.document_id "
    "WHERE passage_fts MATCH :words AND p.collection = :collection AND d.current_version = p.version_id "
    "ORDER BY f.rank LIMIT :limit"
)
_SIBLINGS = text(
    'SELECT p.chunk_pk, p.start, p."end", c.text FROM passage p JOIN chunk c ON c.pk = p.chunk_pk '
    "WHERE p.chunk_pk IN :chunks ORDER BY p.chunk_pk, p.start"
).bindparams(bindparam("chunks", expanding=True))


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A piece of a document, widened by its neighbours to the length of an answer; scores lie in 0..1."""

    document: str
    version: int
    chunk_id: str
    heading_path: tuple[str, ...]
    page: int | None
    text: str
    score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Scored:
    row: Row[tuple[object, ...]]
    score: float


class PassageSearch:
    """Searches the passages of one database. Safe between threads; remembers the vectors of passages it has met."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def search(
        self,
        conn: Connection,
        collection: str,
        questions: Sequence[str],
        *,
        k: int = 5,
        vectors: NDArray[np.float32] | None = None,
    ) -> tuple[tuple[PassageHit, ...], ...]:
        """Per question the best `k` passages of current editions, best first, whatever their score.

        A passage inside another's widened text, or the same in another document, is left out.
        `vectors`: the questions', when the caller has them.

        Cost: 5–20 ms a question, plus 4 ms for each of at most 10 passages not met before.
        """
        queries = [one_line(q) for q in questions]
        conn.exec_driver_sql(_WORD_COUNTS)
        total = _total(conn)
        if not total:
            return tuple(() for _ in queries)
        if vectors is None:
            vectors = self._embedder.encode(queries)
        return tuple(
            self._one(conn, collection, query, vector, total, k) for query, vector in zip(queries, vectors, strict=True)
        )

    def fit(
        self, conn: Connection, question: str, vector: NDArray[np.float32], texts: Sequence[str]
    ) -> tuple[float, ...]:
        """How well any texts (an entry's answer, say) answer a question, on the scale of a passage's score.

        Length counts neither for nor against a text. `vector`: the question's.
        """
        conn.exec_driver_sql(_WORD_COUNTS)
        weights = _weights(conn, one_line(question), _total(conn))
        possible = sum(weights.values()) or 1.0
        cosines = self._encoded([(text_hash(t), _clipped(t)) for t in texts]) @ vector
        scores = []
        for one, cosine in zip(texts, cosines, strict=True):
            count = Counter(search_tokens(one))
            lexical = (
                sum(w * count[t] * (_K1 + 1) / (count[t] + _K1) for t, w in weights.items() if count[t]) / possible
            )
            scores.append(_score(lexical, float(cosine)))
        return tuple(scores)

    def _one(
        self, conn: Connection, collection: str, query: str, vector: NDArray[np.float32], total: int, k: int
    ) -> tuple[PassageHit, ...]:
        weights = _weights(conn, query, total)
        words = _match(weights)
        if not words:
            return ()
        rows = conn.execute(_FIND, {"words": words, "collection": collection, "limit": _CANDIDATES}).all()
        scored = self._scored(rows, weights, vector)
        return _widened(conn, scored, k)

    def _scored(
        self, rows: Sequence[Row[tuple[object, ...]]], weights: dict[str, float], vector: NDArray[np.float32]
    ) -> list[_Scored]:
        counts = [Counter(row.tokens.split(" ")) for row in rows]
        lengths = [c.total() for c in counts]
        mean = sum(lengths) / max(1, len(lengths))
        possible = sum(weights.values()) or 1.0
        lexical = [
            sum(
                weight * count[word] * (_K1 + 1) / (count[word] + _K1 * (1 - _B + _B * length / mean))
                for word, weight in weights.items()
                if count[word]
            )
            / possible
            for count, length in zip(counts, lengths, strict=True)
        ]
        best = sorted(range(len(rows)), key=lambda i: (-lexical[i], rows[i].id))[:_ENCODED]
        cosines = self._encoded([(rows[i].text_hash, _to_encode(rows[i])) for i in best]) @ vector
        scored = [_Scored(rows[i], _score(lexical[i], float(cosine))) for i, cosine in zip(best, cosines, strict=True)]
        return sorted(scored, key=lambda s: (-s.score, s.row.id))

    def _encoded(self, texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The vectors of (hash, text) pairs in order; those met before are remembered."""
        with self._lock:
            missing = {key: content for key, content in texts if key not in self._vectors}
            self._vectors.update(zip(missing, self._embedder.encode(list(missing.values())), strict=True))
            found = np.empty((len(texts), self._embedder.dimensions), dtype=np.float32)
            for i, (key, _) in enumerate(texts):
                found[i] = self._vectors[key]
                self._vectors.move_to_end(key)
            while len(self._vectors) > _REMEMBERED_VECTORS:
                self._vectors.popitem(last=False)
        return found


def _total(conn: Connection) -> int:
    """The number of passages, by the newest one's number: counting them costs half a second a million."""
    return int(conn.execute(_TOTAL).scalar() or 0)


def _score(lexical: float, cosine: float) -> float:
    return (1 - _DENSE_SHARE) * min(1.0, lexical) + _DENSE_SHARE * max(0.0, cosine)


def _to_encode(row: Row[tuple[object, ...]]) -> str:
    whole = f"{' '.join(json.loads(str(row.heading_path)))} {row.text}"
    return _clipped(whole)


def _clipped(content: str) -> str:
    return content[: _ENCODE_CHARS[detect_language(content)]]


def _weights(conn: Connection, query: str, total: int) -> dict[str, float]:
    """The question's words with their idf in the whole database; function words at 30 %."""
    weights: dict[str, float] = {}
    for word in dict.fromkeys(search_tokens(query)):
        found = conn.execute(_COUNTS, {"term": word}).first()
        count = 0 if found is None else int(found[1])
        idf = math.log1p((max(total, count) - count + 0.5) / (count + 0.5))
        weights[word] = idf * telling_share(word)
    return weights


def _match(weights: dict[str, float]) -> str:
    """The full-text query: any of the words that tell most. Single Chinese characters only when nothing else does."""
    telling = [word for word in weights if telling_share(word) == 1.0]
    longer = [word for word in telling if len(word) > 1 or not has_cjk(word)]
    chosen = sorted(longer or telling or weights, key=lambda word: (-weights[word], word))[:_MATCH_WORDS]
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in chosen)


def _widened(conn: Connection, scored: Sequence[_Scored], k: int) -> tuple[PassageHit, ...]:
    if not scored:
        return ()
    siblings: dict[int, list[tuple[int, int]]] = {}
    texts: dict[int, str] = {}
    for chunk_pk, start, end, chunk_text in conn.execute(_SIBLINGS, {"chunks": [s.row.chunk_pk for s in scored]}):
        siblings.setdefault(chunk_pk, []).append((start, end))
        texts[chunk_pk] = chunk_text
    hits: list[PassageHit] = []
    for item in scored:
        row = item.row
        if any(h.chunk_id == row.chunk_id and h.start <= row.start and row.end <= h.end for h in hits):
            continue
        start, end, widened = _wide(row.text, row.start, row.end, texts[row.chunk_pk], siblings[row.chunk_pk])
        hits.append(
            PassageHit(
                document=row.name,
                version=row.number,
                chunk_id=row.chunk_id,
                heading_path=tuple(json.loads(row.heading_path)),
                page=_page(row.parts, row.start, row.end) or row.page_start,
                text=widened,
                score=min(1.0, item.score),
                start=start,
                end=end,
            )
        )
        if len(hits) == k:
            break
    return tuple(hits)


def _wide(
    piece_text: str, start: int, end: int, chunk_text: str, siblings: Sequence[tuple[int, int]]
) -> tuple[int, int, str]:
    """The piece with following and preceding neighbours as long as all of it stays within an answer's length."""
    body = chunk_text[start:end]
    lead = piece_text[: len(piece_text) - len(body)].rstrip("\n") if piece_text.endswith(body) else ""
    limit = answer_chars(chunk_text) - len(lead)
    after = [s for s in siblings if s[0] >= end]
    before = [s for s in siblings if s[1] <= start]
    while after and after[0][1] - start <= limit:
        end = after.pop(0)[1]
    # What stands before a repeated lead-in is the part of the list or table that the lead-in opened.
    while before and not lead and end - before[-1][0] <= limit:
        start = before.pop()[0]
    return start, end, Piece(start, end, lead).text_in(chunk_text)


def _page(parts: str, start: int, end: int) -> int | None:
    """The page of the first element in the piece that knows its page."""
    pages = [part["element"].get("page") for part in json.loads(parts) if part["start"] < end and part["end"] > start]
    return next((page for page in pages if isinstance(page, int)), None)
