"""Which `ModelError` a service's refusal is: by its status, its code and its wording. Knows no SDK.

The wordings are those of OpenAI, Azure, DeepSeek, DashScope (Qwen), Zhipu, Moonshot, Gemini, OpenRouter, vLLM, Ollama
and llama.cpp. Services disagree about codes and often send the wrong status, so the wording goes first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kbbuilder.errors import (
    ContentFiltered,
    ContextTooLong,
    ModelAuth,
    ModelBadRequest,
    ModelError,
    ModelNotFound,
    ModelOverloaded,
    ModelTimeout,
    QuotaExhausted,
    RateLimited,
    ReplyUnusable,
)
from kbbuilder.language.text import CJK, one_line

_MAX_SAID = 200
_ECHO_CHARS = 16
"""A run of so many characters that the prompt holds as well is an echo of the prompt."""
_ECHO_HAN = 8
"""The same for Chinese characters."""
_QUOTATION_CHARS = 40
"""So long an echo is left out before a message is understood: a manual may speak of balances and filters itself, but a
service's own sentence may share a few words with it."""
_QUOTATION_HAN = 16
_KEY_CHARS = 6
_MAX_READ = 4000
_KEY_LIKE = re.compile(r"\*\*|\b(?:[sprx]k|gsk|xai)[-_][\w-]{6,}|\bAIza\w{6,}|\b(?=\w*\d)(?=\w*[A-Za-z])\w{28,}\b")
_HAN_RUN = re.compile(f"[{CJK}]+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a service said instead of a reply. `codes` are its error's code, type and status word, in one string."""

    status: int
    codes: str = ""
    message: str = ""
    param: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""

    @property
    def words(self) -> str:
        """Everything it said, in lower case."""
        return f"{self.codes} {self.message}".lower()

    def without_quotations(self, prompt: str) -> Refusal:
        """The same without what its message quotes of the prompt."""
        text, prompt = one_line(self.message[:_MAX_READ]), one_line(prompt)
        runs = [(0, len(text), _QUOTATION_CHARS)]
        runs += [(*run.span(), _QUOTATION_HAN) for run in _HAN_RUN.finditer(text)]
        quotes = bytearray(len(text))
        for start, end, chars in runs:
            for at in range(start, end - chars + 1):
                if text[at : at + chars] in prompt:
                    quotes[at : at + chars] = b"\1" * chars
        own = "".join("\n" if quote else char for char, quote in zip(text, quotes, strict=True))
        return replace(self, message=one_line(own))


@dataclass(frozen=True, slots=True)
class Secrets:
    """What no message may repeat."""

    key: str = ""
    prompt: str = ""


_FILTERED = re.compile(
    r"content[_ ]?filter|content management policy|responsibleaipolicy|content[_ ]policy|data_?inspection_?failed"
    r"|inappropriate content|content exists risk|safety (?:system|polic)|prompt was flagged|sensitive ?(?:content|word)"
    r"|blocked by .{0,20}moderation|不安全或敏感|敏感内容|敏感词|内容安全|内容审核|内容违规"
)
_TOO_LONG = re.compile(
    r"exceed_context_size|context[_ ](?:length|window|size)|max_model_len"
    r"|(?:prompt|input) is too long|input (?:token|length) .{0,40}exceed|range of input length"
    r"|reduce the length|too many (?:input )?tokens in|string_above_max_length|request too large|input token count"
    r"|上下文长度|输入.{0,8}(?:过长|超长|超出|超过)|超过最大长度"
)
_NO_MONEY = re.compile(
    r"insufficient[_ ](?:quota|balance|credit|fund)|exceeded_current_quota|exceeded your current quota|arrearage"
    r"|overdue|billing_(?:hard_limit|not_active)|credit balance is too low"
    r"|(?:out of|insufficient|requires more) credits|balance is (?:insufficient|not enough)|freetieronly"
    r"|free allocated quota exceeded|good standing|余额不足|欠费|请充值|额度已用完|免费额度"
)
_BAD_KEY = re.compile(
    r"invalid_?api_?key|(?:incorrect|invalid|missing|no|wrong) (?:api|access)[ _]?key"
    r"|api[ _]?key (?:not valid|is invalid|expired)|authentication fails|invalid authentication|unauthorized"
    r"|apikey.{0,6}(?:无效|错误|不正确)|令牌.{0,6}(?:无效|过期)"
)
_NO_MODEL = re.compile(
    r"model_?not_?found|deploymentnotfound|model not exist|model.{0,80}(?:does not exist|not found|no such)"
    r"|not a valid model|(?:invalid|unknown|no such) model|deployment for this resource does not exist"
    r"|模型.{0,20}不存在"
)
_NO_JSON = re.compile(r"json_validate_failed|failed to (?:generate|validate) json")
_TOO_FAST = re.compile(
    r"throttling|rate[_ -]?limit|too many requests|resource_exhausted|requests per|tokens per|频率|请求过多|并发|限流"
)
_BUSY = re.compile(r"overload|capacity|server (?:is )?busy|try again later|temporarily unavailable|loading model|繁忙")
_LATER = re.compile(
    r"(?:try again|retry)\s+(?:in|after)\s+(?:(?P<m>\d+)\s*m(?:in\w*)?\s*(?P<ms>[\d.]+)\s*s"
    r"|(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>ms|milli\w*|s\b|sec\w*|m\b|min\w*))",
    re.I,
)


def refusal_of(status: int, body: object, headers: Mapping[str, str]) -> Refusal:
    """The refusal in a decoded error body (JSON of any shape, or text)."""
    if isinstance(body, list) and body:
        body = body[0]
    codes: list[str] = []
    message = param = ""
    if isinstance(body, Mapping):
        error = body.get("error", body)
        if isinstance(error, Mapping):
            codes = [str(error[name]) for name in ("code", "type", "status") if error.get(name) is not None]
            message = str(error.get("message") or error.get("detail") or error.get("error_msg") or "")
            param = str(error.get("param") or "")
        else:
            message = str(error)
    elif isinstance(body, str) and not _is_page(body):
        message = body
    small = {name.lower(): value for name, value in headers.items()}
    return Refusal(status, " ".join(codes), message, param, small)


def model_error(refusal: Refusal, secrets: Secrets) -> ModelError:
    """The error to raise; its message says what happened, with the service's own words where they are fit to show."""
    kind, what = kind_of(refusal.without_quotations(secrets.prompt))
    said = quoted(refusal.message, secrets)
    status = f" (status {refusal.status})" if refusal.status else ""
    return kind(
        f"{what}{status}: {said}" if said else f"{what}{status}",
        retry_after_s=retry_after_s(refusal, datetime.now(UTC)),
    )


def kind_of(refusal: Refusal) -> tuple[type[ModelError], str]:
    """The error's class, and in plain words what happened."""
    status, words = refusal.status, refusal.words
    if status < 500 and _FILTERED.search(words):
        return ContentFiltered, "the service's content filter stopped the request"
    if status == 413 or _TOO_LONG.search(words):
        return ContextTooLong, "the request is longer than the model's context"
    if status == 402 or (_NO_MONEY.search(words) and not _only_too_fast(refusal)):
        return QuotaExhausted, "the account has no quota or money left"
    if status < 500 and _TOO_FAST.search(words) and status not in (401, 404):
        return RateLimited, "the service's rate limit is reached"
    if status == 429:
        return RateLimited, "the service's rate limit is reached"
    if _NO_MODEL.search(words) and status < 500:
        return ModelNotFound, "the service does not know the model"
    if status in (401, 403, 407) or (status < 500 and _BAD_KEY.search(words)):
        return ModelAuth, "the service does not accept the key, or the key may not use the model"
    if _NO_JSON.search(words):
        return ReplyUnusable, "the model did not keep to the JSON schema"
    if status in (404, 405, 410):
        return ModelNotFound, "the service has nothing at this address"
    if status in (408, 504, 524):
        return ModelTimeout, "the service gave up waiting for the model"
    if status == 501:
        return ModelBadRequest, "the service cannot do what the request asks"
    if status in (409, 425) or status >= 500 or (status < 400 and _BUSY.search(words)):
        return ModelOverloaded, "the service is overloaded" if _BUSY.search(words) else "the service failed"
    return ModelBadRequest, "the service rejects the request"


def _only_too_fast(refusal: Refusal) -> bool:
    """Some services say "exceeded your current quota" for a limit a minute; those also say when to come back."""
    if "insufficient_quota" in refusal.codes.lower():
        return False
    return "throttling" in refusal.codes.lower() or retry_after_s(refusal, datetime.now(UTC)) is not None


def retry_after_s(refusal: Refusal, now: datetime) -> float | None:
    """How long the service asks to wait, in seconds, 0 or more: from its headers, else from its wording."""
    headers = refusal.headers
    for name, scale in (("retry-after-ms", 0.001), ("x-ms-retry-after-ms", 0.001), ("retry-after", 1.0)):
        seconds = _number(headers.get(name, ""))
        if seconds is not None:
            return seconds * scale
    try:
        then = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return _worded_wait_s(refusal.message)
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _worded_wait_s(message: str) -> float | None:
    found = _LATER.search(message[:_MAX_READ])
    if found is None:
        return None
    if found["m"]:
        return int(found["m"]) * 60 + (_number(found["ms"]) or 0.0)
    unit = found["unit"].lower()
    return float(found["n"]) * (0.001 if unit.startswith(("ms", "mil")) else 60.0 if unit.startswith("m") else 1.0)


def quoted(message: str, secrets: Secrets) -> str:
    """The service's message on one line, at most 200 characters; "" when it is a web page or repeats the prompt.
    Words that share six characters with the key, are starred out, or look like some key, become ***."""
    if _is_page(message):
        return ""
    text = one_line(message[:_MAX_READ])
    prompt = one_line(secrets.prompt)
    if _repeats(text, prompt, _ECHO_CHARS) or any(_repeats(run, prompt, _ECHO_HAN) for run in _HAN_RUN.findall(text)):
        return ""
    pieces = {secrets.key[at : at + _KEY_CHARS] for at in range(len(secrets.key) - _KEY_CHARS + 1)}
    if secrets.key and not pieces:
        pieces = {secrets.key} if len(secrets.key) > 2 else set()
    text = " ".join(
        "***" if _KEY_LIKE.search(word) or any(piece in word for piece in pieces) else word for word in text.split(" ")
    )
    return text if len(text) <= _MAX_SAID else text[: _MAX_SAID - 1] + "…"


def _repeats(text: str, prompt: str, chars: int) -> bool:
    return any(text[at : at + chars] in prompt for at in range(len(text) - chars + 1))


def _is_page(text: str) -> bool:
    return text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "<head", "<body"))
