"""A chat completion, as services send it, read into a `ChatReply`, or into the error that it is. Knows no SDK."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Mapping
from dataclasses import replace

from kbbuilder.adapters.chat_text import estimated_tokens, without_thoughts
from kbbuilder.adapters.model_faults import Secrets, model_error, refusal_of
from kbbuilder.errors import BadReply, ContentFiltered, EmptyReply, ModelOverloaded, ModelRefused
from kbbuilder.ports import ChatReply, ChatRequest, Doubt, Finish

# How services word the end of a reply, and its tokens.
_FILTERED = frozenset({"content_filter", "sensitive", "SAFETY"})
_BROKEN_OFF = frozenset({"insufficient_system_resource", "network_error", "error"})
_CUT_OFF = frozenset({"length", "max_tokens", "model_length", "model_context_window_exceeded", "MAX_TOKENS"})
_ASKED = ("prompt_tokens", "input_tokens", "prompt_eval_count")
_SAID = ("completion_tokens", "output_tokens", "eval_count")

_DOUBTED = 0.5
"""Above it no other token was as likely."""


def decoded(content: bytes) -> object:
    """The JSON of a body; its text when it is none."""
    text = content.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def read_completion(content: bytes, request: ChatRequest, secrets: Secrets) -> ChatReply:
    """The reply in the body of a 2xx answer."""
    body = decoded(content)
    if isinstance(body, str):
        if body.lstrip().startswith("<"):
            raise BadReply("the service answered with a web page instead of a reply")
        raise BadReply("the service's answer is not valid JSON" if body.strip() else "the service's answer is empty")
    if not isinstance(body, Mapping):
        raise BadReply("the service's answer is not in the form of a chat completion")
    choices = body.get("choices")
    if not choices and body.get("error"):
        # Some services send their errors with status 200.
        code = body["error"].get("code") if isinstance(body["error"], Mapping) else None
        status = code if isinstance(code, int) and 400 <= code < 600 else 400
        raise model_error(refusal_of(status, body, {}), secrets)
    if "choices" not in body:
        raise BadReply("the service's answer is not in the form of a chat completion")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, Mapping):
        raise EmptyReply("the service answered without a reply")
    message = choice.get("message")
    if not isinstance(message, Mapping):
        message = {}
    if message.get("refusal"):
        raise ModelRefused("the model declined to answer")
    reply = finished(text_of(message.get("content")), str(choice.get("finish_reason")), body.get("usage"), request)
    return replace(reply, doubts=_doubts(choice.get("logprobs"), reply.text)) if request.doubts else reply


def finished(raw: str, finish: str, usage: object, request: ChatRequest) -> ChatReply:
    """The reply in what a model wrote; thoughts are cut off, and tokens estimated that `usage` does not count.

    Args:
        finish: the service's word for how it ended; unknown ones count as a good end.
        usage: a mapping, if the service sent one.

    Raises:
        ModelError: there is no reply in it.
    """
    if finish in _FILTERED:
        raise ContentFiltered("the service's content filter cut the reply off")
    if finish in _BROKEN_OFF:
        raise ModelOverloaded("the service broke the reply off because it is overloaded")
    text = without_thoughts(raw)
    end = Finish.LENGTH if finish in _CUT_OFF else Finish.STOP
    if not text.strip() and end is Finish.STOP:
        raise EmptyReply("the model's reply is empty")
    asked, said, cached = _tokens(usage)
    return ChatReply(
        text=text,
        finish=end,
        input_tokens=estimated_tokens(request.system, request.user) if asked is None else asked,
        output_tokens=estimated_tokens(raw) if said is None else said,
        cached_tokens=cached or 0,
    )


def _doubts(logprobs: object, text: str) -> tuple[Doubt, ...]:
    """Where the model hesitated; () where the service does not tell, or tells of another text than it sent."""
    tokens = logprobs.get("content") if isinstance(logprobs, Mapping) else None
    decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a token may be part of a character
    found: list[Doubt] = []
    written: list[str] = []
    at = 0
    for token in tokens if isinstance(tokens, list) else []:
        piece, logprob = (token.get("bytes"), token.get("logprob")) if isinstance(token, Mapping) else (None, None)
        if not isinstance(logprob, int | float) or not isinstance(piece, list):
            return ()
        if logprob < math.log(_DOUBTED):
            found.append(Doubt(at, math.exp(logprob)))
        try:
            written.append(decoder.decode(bytes(piece)))
        except (TypeError, ValueError):
            return ()
        at += len(written[-1])
    before = at - len(text)  # thoughts, cut off
    if before < 0 or not "".join(written).endswith(text):
        return ()
    return tuple(doubt._replace(at=doubt.at - before) for doubt in found if doubt.at >= before)


def text_of(content: object) -> str:
    """A message's text, also where a service sends it in parts."""
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, Mapping) else part for part in content]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _tokens(usage: object) -> tuple[int | None, int | None, int | None]:
    """Tokens asked, said, and cached of those asked; None for what the service did not count."""
    if not isinstance(usage, Mapping):
        return None, None, None
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else usage.get("prompt_cache_hit_tokens")
    return _count(usage, _ASKED), _count(usage, _SAID), _count({"cached": cached}, ("cached",))


def _count(usage: Mapping[str, object], names: tuple[str, ...]) -> int | None:
    value = next((usage[name] for name in names if usage.get(name) is not None), None)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return int(value)
