"""The cache of sentence vectors: no text is encoded twice, and encoding never holds the write lock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, text

from kbbuilder.ports import Embedder
from kbbuilder.store.database import Database

DIGITS = 5
"""Decimals of a cosine, or of a score made of some, that mean something. Source: encoded beside other texts, and
compared beside others, the same two texts gave cosines up to 2e-6 apart, on three families of processors."""
NOISE = 2e-6
"""How far apart two reckonings of the same cosine may be."""
_BATCH = 512

_KNOWN = text(
    "SELECT text_hash, vector FROM text_vector WHERE embedder = :embedder AND text_hash IN :hashes"
).bindparams(bindparam("hashes", expanding=True))
_STORE = text("INSERT OR IGNORE INTO text_vector (embedder, text_hash, vector) VALUES (:embedder, :text_hash, :vector)")


def exact_cosines(vectors: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
    """The cosine of each row with the other vector, to `DIGITS`, none above 1.

    That of equal rows is equal wherever they stand, which a matrix product in single precision does not promise.
    Cost: some 1 µs a row.
    """
    products = vectors.astype(np.float64) * other.astype(np.float64)
    cosines: NDArray[np.float64] = np.minimum(np.round(products.sum(axis=1), DIGITS), 1.0)
    return cosines


def text_hash(wording: str) -> str:
    """The key of a text's vector: 24 hex digits of its SHA-256."""
    return hashlib.sha256(wording.encode()).hexdigest()[:24]


def ensure_vectors(db: Database, embedder: Embedder, texts: Iterable[str]) -> int:
    """Encode the texts that have no stored vector yet, outside any transaction, and store them in short ones.

    Returns: how many were encoded. Killing it half-way loses at most one batch of 512.
    Cost: about 1 ms a missing text; 5 µs a known one.
    """
    by_hash = {text_hash(t): t for t in texts}
    with db.read() as conn:
        known = stored_vectors(conn, embedder.name, by_hash)
    missing = [(key, t) for key, t in by_hash.items() if key not in known]
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors = embedder.encode([t for _, t in batch])
        with db.write() as conn:
            store_vectors(conn, embedder.name, [key for key, _ in batch], vectors)
    return len(missing)


def vectors_of(conn: Connection, embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Shape (len(texts), dimensions): stored vectors where there are any, the rest encoded now and not stored."""
    hashes = [text_hash(t) for t in texts]
    known = stored_vectors(conn, embedder.name, hashes)
    missing = list({h: t for h, t in zip(hashes, texts, strict=True) if h not in known}.items())
    fresh = dict(zip((h for h, _ in missing), embedder.encode([t for _, t in missing]), strict=True)) if missing else {}
    rows = np.empty((len(texts), embedder.dimensions), dtype=np.float32)
    for i, key in enumerate(hashes):
        rows[i] = known[key] if key in known else fresh[key]
    return rows


def stored_vectors(conn: Connection, embedder_name: str, hashes: Iterable[str]) -> Mapping[str, NDArray[np.float16]]:
    """The stored vectors among these hashes."""
    found: dict[str, NDArray[np.float16]] = {}
    wanted = list(hashes)
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        for key, blob in conn.execute(_KNOWN, {"embedder": embedder_name, "hashes": part}):
            found[key] = np.frombuffer(blob, dtype=np.float16)
    return found


def store_vectors(conn: Connection, embedder_name: str, hashes: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Store vectors (float16) under their texts' hashes; one that is there already stays."""
    rows = [
        {"embedder": embedder_name, "text_hash": key, "vector": vector.astype(np.float16).tobytes()}
        for key, vector in zip(hashes, vectors, strict=True)
    ]
    if rows:
        conn.execute(_STORE, rows)
