"""Replies of models, kept under the hash of all that decided them: which edition used which, and what was paid.

Functions take the connection of the caller's transaction and commit nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, case, func, select, text

from kbbuilder.ports import ChatReply, ChatRequest, Doubt, Finish
from kbbuilder.store.tables import MODEL_CALL, MODEL_CALL_USE, MODEL_TRAIT

_KEYS_A_QUERY = 500
_FIELDS = tuple(field.name for field in fields(ChatRequest))

_STORE = text(
    "INSERT INTO model_call"
    " (key, model, purpose, reply, finish, input_tokens, cached_tokens, output_tokens, cost, at, doubts)"
    " VALUES"
    " (:key, :model, :purpose, :reply, :finish, :input_tokens, :cached_tokens, :output_tokens, :cost, :at, :doubts)"
    " ON CONFLICT (key) DO NOTHING"
)
# An edition that was deleted while its work was under way must not take the replies of the others with it.
_USE = text(
    "INSERT INTO model_call_use (version_id, key, paid) SELECT :version_id, :key, :paid"
    " WHERE EXISTS (SELECT 1 FROM document_version WHERE id = :version_id)"
    " AND EXISTS (SELECT 1 FROM model_call WHERE key = :key)"
    " ON CONFLICT (version_id, key) DO UPDATE SET paid = paid OR excluded.paid"
)
_REMEMBER = text(
    "INSERT INTO model_trait (model, service, reply_mode, at) VALUES (:model, :service, :reply_mode, :at)"
    " ON CONFLICT (model, service) DO UPDATE SET reply_mode = excluded.reply_mode, at = excluded.at"
)


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A reply under its key. `cost` is None when the model's price is unknown; `purpose` says what it was asked for."""

    key: str
    model: str
    purpose: str
    reply: ChatReply
    cost: float | None


@dataclass(frozen=True, slots=True)
class ReplyUse:
    """An edition used the reply under `key`; `paid`: it was asked for, not found."""

    version_id: int
    key: str
    paid: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """What was asked and paid. Tokens and `cost` are those of `calls`; `cached_calls` were answered from the store.

    `cost` leaves out the `unpriced_calls`, whose model has no known price.
    """

    calls: int = 0
    cached_calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    """Input tokens that the service had cached; part of `input_tokens`."""
    output_tokens: int = 0
    cost: float = 0.0
    unpriced_calls: int = 0

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Spent) -> Spent:
        return Spent(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Spent)))


def call_key(model: str, request: ChatRequest) -> str:
    """The key of a reply: SHA-256, in 64 hex digits, of the model's name and every field of the request.

    Cost: about 60 µs for a request of 4000 characters.
    """
    values = {name: getattr(request, name) for name in _FIELDS}
    if not request.doubts:
        del values["doubts"]  # younger than the rest: replies kept without it are found under their keys
    text = json.dumps({"model": model, **values}, sort_keys=True, separators=(",", ":"), default=dict)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def find_replies(conn: Connection, keys: Iterable[str]) -> dict[str, ChatReply]:
    """The stored replies among these keys."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, ChatReply] = {}
    for start in range(0, len(wanted), _KEYS_A_QUERY):
        rows = conn.execute(
            select(
                MODEL_CALL.c.key,
                MODEL_CALL.c.reply,
                MODEL_CALL.c.finish,
                MODEL_CALL.c.input_tokens,
                MODEL_CALL.c.output_tokens,
                MODEL_CALL.c.cached_tokens,
                MODEL_CALL.c.doubts,
            ).where(MODEL_CALL.c.key.in_(wanted[start : start + _KEYS_A_QUERY]))
        )
        for key, reply, finish, input_tokens, output_tokens, cached_tokens, doubts in rows:
            told = tuple(Doubt(at, probability) for at, probability in json.loads(doubts))
            found[key] = ChatReply(reply, Finish(finish), input_tokens, output_tokens, cached_tokens, told)
    return found


def store_replies(conn: Connection, replies: Sequence[StoredReply], uses: Sequence[ReplyUse], at: str) -> None:
    """Keep replies and who used them, in the caller's one transaction.

    Of two replies under a key the first is kept; a use that was paid once stays paid. Uses by an edition that is gone
    are left out.
    """
    if replies:
        conn.execute(
            _STORE,
            [
                {
                    "key": stored.key,
                    "model": stored.model,
                    "purpose": stored.purpose,
                    "reply": stored.reply.text,
                    "finish": stored.reply.finish.value,
                    "input_tokens": stored.reply.input_tokens,
                    "cached_tokens": stored.reply.cached_tokens,
                    "output_tokens": stored.reply.output_tokens,
                    "cost": stored.cost,
                    "at": at,
                    "doubts": json.dumps(stored.reply.doubts),
                }
                for stored in replies
            ],
        )
    if uses:
        conn.execute(_USE, [{"version_id": use.version_id, "key": use.key, "paid": use.paid} for use in uses])


def usage_of(conn: Connection, version_ids: Sequence[int]) -> dict[int, Spent]:
    """What the work on each of these editions has asked and paid, over all runs. Cost: one query for 500 editions."""
    usage = {version_id: Spent() for version_id in version_ids}
    paid = MODEL_CALL_USE.c.paid
    sums = [func.sum(case((paid, column), else_=0)) for column in (
        MODEL_CALL.c.input_tokens, MODEL_CALL.c.cached_tokens, MODEL_CALL.c.output_tokens,
    )]  # fmt: skip
    query = (
        select(
            MODEL_CALL_USE.c.version_id,
            func.sum(case((paid, 1), else_=0)),
            func.sum(case((paid, 0), else_=1)),
            *sums,
            func.sum(case((paid, func.coalesce(MODEL_CALL.c.cost, 0.0)), else_=0.0)),
            func.sum(case((paid & MODEL_CALL.c.cost.is_(None), 1), else_=0)),
        )
        .join(MODEL_CALL, MODEL_CALL.c.key == MODEL_CALL_USE.c.key)
        .group_by(MODEL_CALL_USE.c.version_id)
    )
    for start in range(0, len(version_ids), _KEYS_A_QUERY):
        some = version_ids[start : start + _KEYS_A_QUERY]
        for version_id, *figures in conn.execute(query.where(MODEL_CALL_USE.c.version_id.in_(some))):
            usage[version_id] = Spent(*figures)
    return usage


def recall_mode(conn: Connection, model: str, base_url: str) -> str | None:
    """How this model at this address was found to keep to a schema; None when it has not been asked yet."""
    return conn.execute(
        select(MODEL_TRAIT.c.reply_mode).where(
            MODEL_TRAIT.c.model == model, MODEL_TRAIT.c.service == _service(base_url)
        )
    ).scalar()


def remember_mode(conn: Connection, model: str, base_url: str, reply_mode: str, at: str) -> None:
    """Keep how this model at this address keeps to a schema, in place of what was known."""
    conn.execute(_REMEMBER, {"model": model, "service": _service(base_url), "reply_mode": reply_mode, "at": at})


def _service(base_url: str) -> str:
    """A name for an address that gives nothing of it away (it may hold a password)."""
    return hashlib.sha256(base_url.rstrip("/").encode()).hexdigest()[:24]
