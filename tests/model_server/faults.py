"""Everything that goes wrong with model services, by name, and which request meets it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum


class Fault(StrEnum):
    """What a request may meet instead of its answer."""

    RATE_LIMIT_SHORT = "rate_limit_short"
    RATE_LIMIT_MS = "rate_limit_ms"
    RATE_LIMIT_LONG = "rate_limit_long"
    RATE_LIMIT_DATE = "rate_limit_date"
    QUOTA = "insufficient_quota"
    ERROR_500 = "error_500"
    HTML_502 = "html_502"
    ERROR_503 = "error_503"
    OVERLOADED_529 = "overloaded_529"
    HTML_200 = "html_200"
    RESET_BEFORE = "reset_before"
    RESET_AMID = "reset_amid"
    SLOW_HEADERS = "slow_headers"
    TRICKLE = "trickle"
    TRUNCATED_BODY = "truncated_body"
    CONTEXT_LENGTH = "context_length_exceeded"
    FILTERED_400 = "content_filter_400"
    FILTERED_FINISH = "content_filter_finish"
    AUTH_401 = "auth_401"
    FORBIDDEN_403 = "forbidden_403"
    MODEL_404 = "model_404"
    EMPTY_CHOICES = "empty_choices"
    NULL_CHOICES = "null_choices"
    NULL_CONTENT = "null_content"
    REFUSAL = "refusal"
    LENGTH = "finish_length"
    BAD_JSON = "bad_json"
    WRONG_SCHEMA = "wrong_schema"
    HUGE = "huge_reply"


class Rejection(StrEnum):
    """A part of the request that the service does not know, and answers with 400 whenever it is asked for."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    MAX_TOKENS = "max_tokens"
    TEMPERATURE = "temperature"


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer given word for word, to try the wording of one particular service."""

    status: int
    body: str | bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a plan sees it: the how-manieth of all, its prompt's hash, the how-manieth with this prompt (from 1)."""

    number: int
    prompt: str
    attempt: int


Plan = Callable[[Call], "Fault | Canned | None"]


@dataclass(frozen=True)
class FaultPlan:
    """Faults by share: which prompts meet which fault is decided by the seed and the prompt alone, in any order.

    `shares` are parts of 1, such as {Fault.RATE_LIMIT_SHORT: 0.05}. `always`: every attempt of a prompt meets its fault;
    otherwise the first one only.
    """

    shares: Mapping[Fault, float]
    seed: int = 0
    always: bool = False

    def __call__(self, call: Call) -> Fault | None:
        if call.attempt > 1 and not self.always:
            return None
        place = int(hashlib.sha256(f"{self.seed}:{call.prompt}".encode()).hexdigest()[:12], 16) / 16**12
        for fault, share in self.shares.items():
            place -= share
            if place < 0:
                return fault
        return None


@dataclass(frozen=True)
class Script:
    """Faults in the order of the requests; None, and all after the last, are answered."""

    steps: Sequence[Fault | Canned | None]

    def __call__(self, call: Call) -> Fault | Canned | None:
        return self.steps[call.number - 1] if call.number <= len(self.steps) else None


@dataclass(frozen=True)
class Always:
    """The same for every request."""

    fault: Fault | Canned

    def __call__(self, call: Call) -> Fault | Canned:
        return self.fault


def error_body(
    message: str, *, kind: str = "invalid_request_error", code: str | None = None, param: str | None = None
) -> str:
    """An error as OpenAI words it."""
    return json.dumps({"error": {"message": message, "type": kind, "param": param, "code": code}}, ensure_ascii=False)


_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><center><h1>{0}</h1></center>nginx</body></html>"


def canned(fault: Fault, *, short_wait_s: float, long_wait_s: float, key: str) -> Canned | None:
    """The plain answer of a fault; None for those that are more than an answer (resets, slowness, odd replies)."""
    rate = error_body("Rate limit reached for requests", kind="requests", code="rate_limit_exceeded")
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=long_wait_s), usegmt=True)
    table = {
        Fault.RATE_LIMIT_SHORT: Canned(429, rate, {"Retry-After": f"{short_wait_s:g}"}),
        Fault.RATE_LIMIT_MS: Canned(429, rate, {"retry-after-ms": f"{short_wait_s * 1000:.0f}"}),
        Fault.RATE_LIMIT_LONG: Canned(429, rate, {"Retry-After": f"{long_wait_s:g}"}),
        Fault.RATE_LIMIT_DATE: Canned(429, rate, {"Retry-After": later}),
        Fault.QUOTA: Canned(429, error_body("You exceeded your current quota, please check your plan and billing details.",
                                            kind="insufficient_quota", code="insufficient_quota")),
        Fault.ERROR_500: Canned(500, error_body("The server had an error while processing your request.", kind="server_error")),
        Fault.HTML_502: Canned(502, _PAGE.format("502 Bad Gateway"), content_type="text/html"),
        Fault.ERROR_503: Canned(503, error_body("The engine is currently overloaded, please try again later.", kind="server_error")),
        Fault.OVERLOADED_529: Canned(529, json.dumps({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})),
        Fault.HTML_200: Canned(200, _PAGE.format("Sign in"), content_type="text/html"),
        Fault.CONTEXT_LENGTH: Canned(400, error_body(
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
            code="context_length_exceeded", param="messages")),
        Fault.FILTERED_400: Canned(400, error_body(
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
            code="content_filter", param="prompt")),
        Fault.AUTH_401: Canned(401, error_body(f"Incorrect API key provided: {key}. You can find your API key in your account.",
                                               code="invalid_api_key")),
        Fault.FORBIDDEN_403: Canned(403, error_body(f"The key {key} has no access to this project.", kind="permission_error")),
        Fault.MODEL_404: Canned(404, error_body("The model `gpt-none` does not exist or you do not have access to it.",
                                                code="model_not_found")),
    }  # fmt: skip
    return table.get(fault)


def rejection_of(rejects: frozenset[Rejection], request: Mapping[str, object]) -> Canned | None:
    """The 400 that a service gives to a request with a part it does not know; None when it knows all of them."""
    wanted = request.get("response_format")
    kind = wanted.get("type") if isinstance(wanted, Mapping) else None
    if kind in {r.value for r in rejects & {Rejection.JSON_SCHEMA, Rejection.JSON_OBJECT}}:
        message = f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
        return Canned(400, error_body(message, param="response_format"))
    if Rejection.MAX_TOKENS in rejects and "max_tokens" in request:
        message = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        return Canned(400, error_body(message, code="unsupported_parameter", param="max_tokens"))
    if Rejection.TEMPERATURE in rejects and request.get("temperature", 1) != 1:
        message = "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported."
        return Canned(400, error_body(message, code="unsupported_value", param="temperature"))
    return None
