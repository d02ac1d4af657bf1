"""What chat models of any make share: a schema told in words, thoughts cut off, tokens guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_IN_WORDS_ZH = "只输出一个 JSON 对象，不要输出任何其他文字。该对象须符合以下 JSON Schema：\n"
_IN_WORDS_EN = "Reply with one JSON object and nothing else. It keeps to this JSON schema:\n"
_THOUGHTS = re.compile(r"\s*<(think|thinking|thought)>.*?(?:</\1>|\Z)", re.S)
_THOUGHTS_END = re.compile(r"</(?:think|thinking|thought)>")


def with_schema(system: str, schema: Mapping[str, object] | None) -> str:
    """The system message with the reply's schema described, in the message's language; for services that cannot be
    told the schema otherwise. It is the same for the same arguments, so that services can cache it."""
    if schema is None:
        return system
    chinese = len(_CJK.findall(system)) * 4 > len(system)
    told = (_IN_WORDS_ZH if chinese else _IN_WORDS_EN) + json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return f"{system.rstrip()}\n\n{told}" if system.strip() else told


def without_thoughts(text: str) -> str:
    """The text without what a reasoning model thought aloud before it; "" when it never came to an end of that.

    >>> without_thoughts('<think>Two facts.</think>{"pairs": []}')
    '{"pairs": []}'
    >>> without_thoughts('Two facts.</think>{"pairs": []}')
    '{"pairs": []}'
    """
    opened = _THOUGHTS.match(text)
    if opened:
        return text[opened.end() :].lstrip()
    # Some services put the opening tag into the prompt. A reply that begins as JSON merely quotes such a tag.
    closed = _THOUGHTS_END.search(text)
    if closed and not text.lstrip().startswith(("{", "[", "```")):
        return text[closed.end() :].lstrip()
    return text


def estimated_tokens(*texts: str) -> int:
    """About how many tokens the texts are: 0.7 for a Chinese, Japanese or Korean character, 1/4 for any other.

    Source: common byte-pair tokenizers give 0.6 to 1 tokens a Chinese character and about 4 English characters a token.
    """
    wide = sum(len(_CJK.findall(text)) for text in texts)
    return round(wide * 0.7 + (sum(map(len, texts)) - wide) / 4)
