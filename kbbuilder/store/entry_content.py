"""All that makes up an entry, as one frozen value: what a revision keeps, and what a change is made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from kbbuilder.language.text import wording_key
from kbbuilder.schema import EntryStatus, Evidence, Language, PairKind, SimilarQuestion


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A quote on a chunk of this library: `chunk.text[start:end] == quote`."""

    version_id: int
    chunk_pk: int
    page: int | None
    quote: str
    start: int
    end: int


Proof = NewEvidence | Evidence
"""Evidence on a chunk of this library, or (`Evidence`) evidence that an imported table states."""


@dataclass(frozen=True, slots=True)
class EntryContent:
    """An entry without its identity: every field a person or a build may change."""

    question: str
    answer: str
    language: Language
    status: EntryStatus = EntryStatus.PENDING
    kind: PairKind | None = None
    origin: str = "structural"
    score: float = 0.5
    stable_key: str = ""
    similar_questions: tuple[SimilarQuestion, ...] = ()
    proofs: tuple[Proof, ...] = ()
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    edited_by_person: bool = False

    @property
    def touched(self) -> bool:
        """A person decided on it or wrote in it: no machine may change its words any more."""
        return self.edited_by_person or self.status is not EntryStatus.PENDING

    def to_json(self) -> dict[str, Any]:
        """Plain values for a revision."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["similar_questions"] = [s.model_dump() for s in self.similar_questions]
        values["proofs"] = [_proof_to_json(p) for p in self.proofs]
        values["tags"], values["flags"] = list(self.tags), list(self.flags)
        values["status"] = self.status.value
        values["kind"] = None if self.kind is None else self.kind.value
        return values


def content_from_json(values: Mapping[str, Any]) -> EntryContent:
    """The content a revision kept."""
    known = {f.name for f in fields(EntryContent)}
    plain = {name: value for name, value in values.items() if name in known}
    plain["similar_questions"] = tuple(SimilarQuestion.model_validate(s) for s in values["similar_questions"])
    plain["proofs"] = tuple(_proof_from_json(p) for p in values["proofs"])
    plain["tags"], plain["flags"] = tuple(values["tags"]), tuple(values["flags"])
    plain["status"] = EntryStatus(values["status"])
    plain["kind"] = None if values["kind"] is None else PairKind(values["kind"])
    return EntryContent(**plain)


def differing_fields(left: EntryContent, right: EntryContent) -> tuple[str, ...]:
    """The names of the fields that are not the same on both sides."""
    return tuple(f.name for f in fields(EntryContent) if getattr(left, f.name) != getattr(right, f.name))


def content_id(*parts: str) -> str:
    """24 hex digits that stand for the parts, in order.

    >>> content_id("a", "bc") == content_id("ab", "c")
    False
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def distinct_wordings(question: str, wordings: Iterable[SimilarQuestion]) -> tuple[SimilarQuestion, ...]:
    """The wordings that say something new: not the question again, none twice. The first one stays; order is kept."""
    seen = {(wording_key(question), False), (wording_key(question), True)}
    kept = []
    for wording in wordings:
        key = wording_key(wording.text)
        if key and (key, wording.negative) not in seen:
            seen.add((key, wording.negative))
            kept.append(wording)
    return tuple(kept)


def proof_key(proof: Proof) -> tuple[object, ...]:
    """What makes two quotes the same quote."""
    if isinstance(proof, NewEvidence):
        return (proof.chunk_pk, proof.start, proof.end)
    return (proof.document, proof.version, proof.page, proof.heading_path, proof.start, proof.end, proof.quote)


def distinct_proofs(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """Every quote once, in order."""
    kept: dict[tuple[object, ...], Proof] = {}
    for proof in proofs:
        kept.setdefault(proof_key(proof), proof)
    return tuple(kept.values())


def _proof_to_json(proof: Proof) -> dict[str, Any]:
    return asdict(proof) if isinstance(proof, NewEvidence) else proof.model_dump(mode="json")


def _proof_from_json(values: Mapping[str, Any]) -> Proof:
    if "chunk_pk" in values:
        return NewEvidence(**values)
    return Evidence.model_validate({**values, "heading_path": tuple(cast("list[str]", values["heading_path"]))})
