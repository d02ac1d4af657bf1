"""What the server says when nothing goes wrong: a reply in the shape that was asked for, made from the prompt's text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

Responder = Callable[[Mapping[str, object]], str]
"""The request's JSON in, the reply's text out. Runs on the server's loop: microseconds, please."""

_FENCED = re.compile(r"(?P<fence>```+|~~~+|\"\"\"|<<<+)[^\n]*\n(?P<text>.*?)\n(?:(?P=fence)|>>>+)|<(?P<tag>\w+)[^>]*>\n?(?P<inner>.*?)\n?</(?P=tag)>", re.S)  # fmt: skip
_SENTENCE = re.compile(r"[^。！？!?\n]*[^\s。！？!?][^。！？!?\n]*?(?:[。！？!?]|\.(?=\s|$)|$)", re.M)
_QUESTION_NAME = re.compile(r"q|questions?|\w+_questions?|.*(?:问题|标准问|相似问)")


def last_user_text(request: Mapping[str, object]) -> str:
    """The content of the last user message; "" when there is none."""
    messages = request.get("messages")
    if isinstance(messages, Sequence):
        for message in reversed(messages):
            if isinstance(message, Mapping) and message.get("role") == "user":
                return str(message.get("content") or "")
    return ""


def chunk_text(request: Mapping[str, object]) -> str:
    """The longest fenced part of the last user message (``` fence, or a tag such as <text>), else all of it."""
    user = last_user_text(request)
    parts = [match["text"] or match["inner"] or "" for match in _FENCED.finditer(user)]
    return max(parts, key=len, default="").strip() or user


def respond(request: Mapping[str, object]) -> str:
    """A reply that keeps to the request's JSON schema and quotes the chunk: lists get one item a sentence (at most five),
    properties called question a question about it, all other text the sentence itself. Without a schema: {"pairs": […]}.
    """
    sentences = _SENTENCE.findall(chunk_text(request))[:5] or ["?"]
    schema = _schema_of(request)
    if schema is None:
        pairs = [{"question": _question(s), "answer": s.strip(), "quotes": [s.strip()]} for s in sentences]
        return json.dumps({"pairs": pairs}, ensure_ascii=False)
    return json.dumps(_filled(schema, sentences, 0, "", schema), ensure_ascii=False)


def _schema_of(request: Mapping[str, object]) -> Mapping[str, object] | None:
    wanted = request.get("response_format")
    if not isinstance(wanted, Mapping) or wanted.get("type") != "json_schema":
        return None
    schema = wanted["json_schema"]["schema"]
    return schema if isinstance(schema, Mapping) else None


def _question(sentence: str) -> str:
    text = sentence.strip().rstrip("。.！!？?")
    return f"{text}是什么意思？" if re.search("[\u4e00-\u9fff]", text) else f"What does this mean: {text}?"


def _filled(schema, sentences, index, name, root):  # type: ignore[no-untyped-def]
    """A value that the schema allows."""
    if "$ref" in schema:
        target = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _filled(target, sentences, index, name, root)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    for many in ("anyOf", "oneOf"):
        if many in schema:
            return _filled(schema[many][0], sentences, index, name, root)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    sentence = sentences[index % len(sentences)]
    if kind == "object":
        return {n: _filled(s, sentences, index, n, root) for n, s in schema.get("properties", {}).items()}
    if kind == "array":
        item = schema.get("items", {"type": "string"})
        top = item.get("type", "object") == "object" or "$ref" in item
        count = max(len(sentences) if top else 1, schema.get("minItems", 0))
        return [_filled(item, sentences, n if top else index, name, root) for n in range(count)]
    if kind == "string":
        return _question(sentence) if _QUESTION_NAME.fullmatch(name.lower()) else sentence.strip()
    return {"integer": index, "number": float(index), "boolean": True}.get(kind)


def completion(
    request: Mapping[str, object],
    content: str | None,
    *,
    finish: str = "stop",
    refusal: str | None = None,
    usage: bool = True,
) -> dict[str, object]:
    """A chat completion as the services send it; token counts are a guess from the lengths."""
    body: dict[str, object] = {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": request.get("model", ""),
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
                "logprobs": None,
                "finish_reason": finish,
            }
        ],
    }
    if usage:
        messages = request.get("messages")
        asked = sum(len(str(m.get("content"))) for m in messages) // 3 if isinstance(messages, list) else 0
        said = len(content or "") // 3
        body["usage"] = {
            "prompt_tokens": asked,
            "completion_tokens": said,
            "total_tokens": asked + said,
            "prompt_tokens_details": {"cached_tokens": asked // 2},
        }
    return body
