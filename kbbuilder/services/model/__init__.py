"""Asking a model: every call cached, paced, retried, paid for once, and accounted for."""

from kbbuilder.services.model.budget import check_price
from kbbuilder.services.model.desk import Asker, ModelDesk
from kbbuilder.services.model.estimate import Estimate, input_tokens_of, tokens_of
from kbbuilder.services.model.modes import KnownModes
from kbbuilder.services.model.prices import FREE, cost_of, price_of
from kbbuilder.store.model_calls import Spent

__all__ = [
    "FREE",
    "Asker",
    "Estimate",
    "KnownModes",
    "ModelDesk",
    "Spent",
    "check_price",
    "cost_of",
    "input_tokens_of",
    "price_of",
    "tokens_of",
]
