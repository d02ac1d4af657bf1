"""What a service does not understand is found out once; what it leaves out is filled in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from kbbuilder.adapters.chat_text import estimated_tokens, with_schema, without_thoughts
from kbbuilder.adapters.openai_chat import OpenAIChat, ReplyMode
from kbbuilder.errors import ConfigError, ContextTooLong, EmptyReply, ModelBadRequest, ReplyTooLarge
from kbbuilder.ports import ChatReply, ChatRequest, Finish
from tests.model_server import Always, Canned, ModelServer, Rejection, Script, error_body

SCHEMA = {
    "type": "object",
    "properties": {"pairs": {"type": "array", "items": {"type": "object", "properties": {
        "question": {"type": "string"}, "answer": {"type": "string"}},
        "required": ["question", "answer"], "additionalProperties": False}}},
    "required": ["pairs"], "additionalProperties": False,
}  # fmt: skip


def request(number: int = 0, *, schema: bool = True, system: str = "You read manuals.") -> ChatRequest:
    return ChatRequest(system, f"```\nValve {number} opens at 3 bar.\n```", 300, SCHEMA if schema else None)


def replies(
    server: ModelServer, requests: Sequence[ChatRequest], *, path: str = "", key: str = "sk-test-1234",
    max_reply_bytes: int = 1 << 20, reply_mode: ReplyMode | None = None,
) -> tuple[list[ChatReply], ReplyMode]:  # fmt: skip
    """All at the same time."""

    async def asked() -> tuple[list[ChatReply], ReplyMode]:
        address = path or server.base_url
        model = OpenAIChat("test-model", address, key, max_reply_bytes=max_reply_bytes, reply_mode=reply_mode)
        try:
            return await asyncio.gather(*(model.reply(r, deadline_s=5) for r in requests)), model.reply_mode
        finally:
            await model.close()

    return asyncio.run(asked())


def sent(server: ModelServer) -> dict[str, Any]:
    return server.records[-1].request


@pytest.mark.parametrize(
    ("rejects", "mode"),
    [
        ((), ReplyMode.JSON_SCHEMA),
        ((Rejection.JSON_SCHEMA,), ReplyMode.JSON_OBJECT),
        ((Rejection.JSON_SCHEMA, Rejection.JSON_OBJECT), ReplyMode.TEXT),
    ],
)
def test_the_strictest_mode_that_the_service_knows_is_found_out_once(
    rejects: tuple[Rejection, ...], mode: ReplyMode
) -> None:
    with ModelServer(rejects=frozenset(rejects)) as server:
        _, found = replies(server, [request()])
        assert found is mode
        assert server.met["rejected"] == len(rejects)
        wanted = sent(server).get("response_format")
        assert (wanted["type"] if wanted else "text") == mode.value
        described = '"question"' in sent(server)["messages"][0]["content"]
        assert described is (mode is not ReplyMode.JSON_SCHEMA)

        _, again = replies(server, [request(n) for n in range(8)], reply_mode=found)
        assert again is mode
        assert server.met["rejected"] == len(rejects)


def test_calls_at_the_same_time_find_it_out_together() -> None:
    with ModelServer(rejects=frozenset(Rejection), latency_s=0.01) as server:
        answers, mode = replies(server, [request(n) for n in range(40)])
        assert mode is ReplyMode.TEXT
        assert all(str(number) in answer.text for number, answer in enumerate(answers))
        assert set(server.answers.values()) == {1}
        assert set(sent(server)) == {"model", "messages", "max_completion_tokens"}


def test_a_model_that_takes_neither_max_tokens_nor_a_temperature_is_asked_without() -> None:
    with ModelServer(rejects=frozenset({Rejection.MAX_TOKENS, Rejection.TEMPERATURE})) as server:
        _, mode = replies(server, [request()])
        assert mode is ReplyMode.JSON_SCHEMA
        assert sent(server)["max_completion_tokens"] == 300
        assert "temperature" not in sent(server) and "max_tokens" not in sent(server)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "This response_format type is unavailable now"),
        (422, "json_schema is not supported"),
        (404, "No endpoints found that support structured outputs"),
        (500, "Failed to parse grammar"),
        (501, "guided decoding is not available"),
        (400, "Invalid schema for response_format 'reply'"),
    ],
)
def test_a_rejection_of_the_schema_is_understood_in_other_words(status: int, message: str) -> None:
    with ModelServer(plan=Script([Canned(status, error_body(message))])) as server:
        _, mode = replies(server, [request()])
        assert mode is ReplyMode.JSON_OBJECT


def test_a_request_without_a_schema_never_loosens_the_mode() -> None:
    with ModelServer(plan=Always(Canned(400, error_body("response_format?")))) as server:
        with pytest.raises(ModelBadRequest):
            replies(server, [request(schema=False)])
        assert len(server.records) == 1
        assert "response_format" not in sent(server)


def test_a_prompt_that_is_too_long_is_no_reason_to_ask_otherwise() -> None:
    told = error_body(
        "'max_tokens' or 'max_completion_tokens' is too large: 300. This model's maximum context length is 256 tokens"
    )
    with ModelServer(plan=Always(Canned(400, told))) as server:
        with pytest.raises(ContextTooLong):
            replies(server, [request()])
        assert len(server.records) == 1


def test_the_schema_is_described_in_the_language_of_the_system_message() -> None:
    assert with_schema("从说明书中提取问答。", SCHEMA).startswith("从说明书中提取问答。\n\n只输出一个 JSON 对象")
    assert with_schema("Extract pairs.", SCHEMA).startswith("Extract pairs.\n\nReply with one JSON object")
    assert json.loads(with_schema("", SCHEMA).split("\n", 1)[1]) == SCHEMA
    assert with_schema("Extract pairs.", None) == "Extract pairs."


def chat(content: object, **more: object) -> Canned:
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": more.pop("finish", "stop")}
    return Canned(200, json.dumps({"choices": [choice], **more}, ensure_ascii=False))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<think>Three facts.\n{"pairs": [1]}</think>\n\n{"pairs": []}', '{"pairs": []}'),
        ('Three facts.\n</think>\n{"pairs": []}', '{"pairs": []}'),
        ("<thinking>嗯。</thinking>好的。", "好的。"),
        ('{"answer": "Close it with </think>."}', '{"answer": "Close it with </think>."}'),
        ([{"type": "text", "text": "one "}, {"type": "text", "text": "two"}], "one two"),
    ],
)
def test_only_what_the_model_says_in_the_end_is_its_reply(content: object, text: str) -> None:
    with ModelServer(plan=Always(chat(content))) as server:
        assert replies(server, [request()])[0][0].text == text


def test_thoughts_without_an_end_are_no_reply() -> None:
    assert without_thoughts("<think>and so on") == ""
    with ModelServer(plan=Script([chat("<think>and so on"), chat("<think>and so on", finish="length")])) as server:
        with pytest.raises(EmptyReply):
            replies(server, [request()])
        ((reply,), _) = replies(server, [request()])
        assert (reply.text, reply.finish) == ("", Finish.LENGTH)
        assert reply.output_tokens > 0


def _tokens(*written: tuple[bytes, float]) -> dict[str, Any]:
    return {"content": [{"token": "", "bytes": list(piece), "logprob": logprob} for piece, logprob in written]}


def test_where_the_model_hesitated_is_told_in_characters_of_the_reply_when_it_is_asked_for() -> None:
    """滤 is cut in two by the tokens, and the thoughts before the reply are none of it."""
    filter_ = "滤".encode()
    logprobs = _tokens(
        (b"<think>?</think>", -3.0), ("为".encode(), -0.1), (filter_[:2], -1.0), (filter_[2:], -0.1), ("芯？".encode(), -2.0)
    )  # fmt: skip
    reply = chat("<think>?</think>为滤芯？")
    body = json.loads(reply.body)
    body["choices"][0]["logprobs"] = logprobs
    canned = Canned(200, json.dumps(body).encode())
    with ModelServer(plan=Always(canned)) as server:
        ((told,), _) = replies(server, [replace(request(), doubts=True)])
        assert (sent(server)["logprobs"], sent(server)["top_logprobs"]) == (True, 1)
        ((silent,), _) = replies(server, [request()])
        assert "logprobs" not in sent(server)
    assert told.text == "为滤芯？"
    assert [(doubt.at, round(doubt.probability, 3)) for doubt in told.doubts] == [(1, 0.368), (2, 0.135)]
    assert silent.doubts == ()


@pytest.mark.parametrize(
    "logprobs",
    [
        None,
        [],
        {"content": None},
        {"content": ["Yes"]},
        _tokens((b"No.", -2.0)),
        {"content": [{"token": "Yes.", "bytes": None, "logprob": -2.0}]},
        {"content": [{"token": "Yes.", "bytes": [89, 101, 115, 460], "logprob": -2.0}]},
        {"content": [{"token": "Yes.", "bytes": [89, 101, 115, 46], "logprob": "low"}]},
    ],
)
def test_odd_probabilities_are_no_fault_of_the_reply(logprobs: object) -> None:
    body = json.loads(chat("Yes.").body)
    body["choices"][0]["logprobs"] = logprobs
    with ModelServer(plan=Always(Canned(200, json.dumps(body).encode()))) as server:
        ((reply,), _) = replies(server, [replace(request(), doubts=True)])
    assert (reply.text, reply.doubts) == ("Yes.", ())


def test_the_services_count_of_tokens_is_taken_and_a_missing_one_estimated() -> None:
    counted = {"prompt_tokens": 900, "completion_tokens": 70, "prompt_tokens_details": {"cached_tokens": 512}}
    deepseek = {"prompt_tokens": 900, "completion_tokens": 70, "prompt_cache_hit_tokens": 128}
    odd = {"prompt_tokens": None, "completion_tokens": "many", "prompt_tokens_details": None}
    steps = [chat("Yes.", usage=counted), chat("Yes.", usage=deepseek), chat("Yes. " * 8, usage=odd), chat("Yes. " * 8)]
    with ModelServer(plan=Script(steps)) as server:
        for cached in (512, 128):
            ((reply,), _) = replies(server, [request()])
            assert (reply.input_tokens, reply.output_tokens, reply.cached_tokens) == (900, 70, cached)
        for _ in range(2):
            ((reply,), _) = replies(server, [request()])
            asked = request()
            assert reply.input_tokens == estimated_tokens(asked.system, asked.user) > 5
            assert (reply.output_tokens, reply.cached_tokens) == (10, 0)


def test_tokens_are_estimated_for_both_languages() -> None:
    assert estimated_tokens("净水器的滤芯每九十天更换") == 8
    assert estimated_tokens("Clean the filter every ninety days, please.") == 11
    assert estimated_tokens("") == 0


def test_a_query_in_the_address_goes_with_every_call() -> None:
    with ModelServer() as server:
        replies(server, [request()], path=server.base_url + "/?api-version=2024-10-21")
        assert server.records[-1].path == "/v1/chat/completions?api-version=2024-10-21"
        assert server.records[-1].headers["authorization"] == "Bearer sk-test-1234"


def test_azure_gets_the_key_in_its_own_header_also_through_the_environments_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ModelServer() as server:
        monkeypatch.setenv("HTTP_PROXY", server.base_url.removesuffix("/v1"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        replies(server, [request()], path="http://acme.openai.azure.com/openai/v1")
        record = server.records[-1]
        assert record.path == "http://acme.openai.azure.com/openai/v1/chat/completions"
        assert record.headers["api-key"] == "sk-test-1234"
        assert "authorization" not in record.headers


def test_a_service_without_a_key_is_asked_without_one_in_the_settings() -> None:
    with ModelServer() as server:
        assert replies(server, [request()], key="")[0][0].text


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("api.example.com/v1", "k"),
        ("ftp://x/v1", "k"),
        ("http://x:port/v1", "k"),
        ("http://[::1/v1", "k"),
        ("https:///v1", "k"),
        ("", "密钥"),
        ("", "a b"),
        ("", "a\nb"),
    ],
)
def test_an_address_or_a_key_that_cannot_be_one_is_refused_at_once(address: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        OpenAIChat("m", address, key)
    assert key not in str(caught.value) or key == "k"


def test_the_longest_reply_is_a_setting() -> None:
    with ModelServer(plan=Always(chat("x" * 20_000))) as server:
        assert len(replies(server, [request()], max_reply_bytes=21_000)[0][0].text) == 20_000
        with pytest.raises(ReplyTooLarge):
            replies(server, [request()], max_reply_bytes=19_000)
