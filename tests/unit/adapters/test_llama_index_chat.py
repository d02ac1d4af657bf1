"""LlamaIndex's LLMs and embeddings behind our ports: real subclasses of its classes, over a real service."""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import openai
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from pydantic import PrivateAttr

from kbbuilder.adapters.llama_index_chat import LlamaIndexChat, LlamaIndexEmbedder
from kbbuilder.errors import (
    BadReply,
    ContentFiltered,
    ContextTooLong,
    EmptyReply,
    ModelAuth,
    ModelError,
    ModelNotFound,
    ModelOverloaded,
    ModelTimeout,
    ModelUnreachable,
    QuotaExhausted,
    RateLimited,
)
from kbbuilder.ports import ChatReply, ChatRequest, Finish
from tests.model_server import Always, Canned, Fault, ModelServer

ROOT = Path(__file__).parents[3]
KEY = "sk-llama-1f0c55d2"
REQUEST = ChatRequest(
    "Read the manual.", "```\nThe valve opens at 3 bar.\n```", 200, {"type": "object", "properties": {}}
)


class StatusError(Exception):
    """As SDKs make them: the status as an attribute, everything that was said as the text."""

    def __init__(self, status: int, body: str, headers: dict[str, str]) -> None:
        super().__init__(f"HTTP {status}: {body}")
        self.status_code = status
        self.headers = headers


class PlainLLM(CustomLLM):
    """An LLM as an integrator writes one: synchronous, over the standard library."""

    address: str
    api_key: str = KEY

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="plain-7b")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=5)
        body = json.dumps({"model": "plain-7b", "messages": [{"role": "user", "content": prompt}]})
        connection.request("POST", f"{where.path}/chat/completions", body, {"Authorization": f"Bearer {self.api_key}"})
        response = connection.getresponse()
        said = response.read().decode()
        connection.close()
        if response.status != 200:
            raise StatusError(response.status, said, dict(response.getheaders()))
        raw = json.loads(said)
        return CompletionResponse(text=raw["choices"][0]["message"]["content"] or "", raw=raw)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield self.complete(prompt)


class AsyncLLM(PlainLLM):
    """One with an asynchronous call of its own, over the openai package."""

    async def achat(self, messages: Any, **kwargs: Any) -> ChatResponse:
        async with openai.AsyncOpenAI(api_key=self.api_key, base_url=self.address, max_retries=0) as client:
            sent = [{"role": m.role.value, "content": m.content} for m in messages]
            raw = await client.chat.completions.create(model="plain-7b", messages=sent)
        message = ChatMessage(role=MessageRole.ASSISTANT, content=raw.choices[0].message.content)
        return ChatResponse(message=message, raw=raw)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(short_wait_s=0.25) as running:
        yield running


@pytest.fixture(params=[PlainLLM, AsyncLLM])
def llm(request: pytest.FixtureRequest, server: ModelServer) -> PlainLLM:
    server.plan, server.latency_s = None, 0.0
    made: PlainLLM = request.param(address=server.base_url)
    return made


def ask(llm: PlainLLM, *, deadline_s: float = 5.0, request: ChatRequest = REQUEST) -> ChatReply:
    async def asked() -> ChatReply:
        model = LlamaIndexChat(llm)
        try:
            return await model.reply(request, deadline_s=deadline_s)
        finally:
            await model.close()

    return asyncio.run(asked())


def test_the_reply_and_its_tokens_come_through(llm: PlainLLM, server: ModelServer) -> None:
    reply = ask(llm)
    assert "The valve opens at 3 bar" in reply.text
    assert reply.finish is Finish.STOP
    assert (reply.input_tokens, reply.output_tokens) == tuple(_counted(server, reply.text))
    assert LlamaIndexChat(llm).name == "plain-7b"


def _counted(server: ModelServer, text: str) -> Iterator[int]:
    """As the server counts."""
    yield sum(len(message["content"]) for message in server.records[-1].request["messages"]) // 3
    yield len(text) // 3


def test_the_schema_is_described_to_the_model(llm: PlainLLM, server: ModelServer) -> None:
    ask(llm)
    assert '{"type":"object","properties":{}}' in json.dumps(server.records[-1].request).replace('\\"', '"')


def test_a_cut_off_reply_is_told_as_such(llm: PlainLLM, server: ModelServer) -> None:
    server.plan = Always(Fault.LENGTH)
    assert ask(llm).finish is Finish.LENGTH


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.RATE_LIMIT_SHORT, RateLimited),
        (Fault.AUTH_401, ModelAuth),
        (Fault.MODEL_404, ModelNotFound),
        (Fault.CONTEXT_LENGTH, ContextTooLong),
        (Fault.FILTERED_400, ContentFiltered),
        (Fault.FILTERED_FINISH, ContentFiltered),
        (Fault.HTML_502, ModelOverloaded),
        (Fault.NULL_CONTENT, EmptyReply),
        (Fault.RESET_BEFORE, ModelUnreachable),
        (Canned(402, f'{{"error": {{"message": "{KEY}: The valve opens at 3 bar."}}}}'), QuotaExhausted),
    ],
)
def test_a_fault_of_whatever_sdk_becomes_its_error_and_tells_no_secret(
    llm: PlainLLM, server: ModelServer, fault: Fault | Canned, kind: type[ModelError]
) -> None:
    server.plan = Always(fault)
    with pytest.raises(kind) as caught:
        ask(llm)
    assert KEY[:8] not in str(caught.value) and "valve" not in str(caught.value)
    if kind is RateLimited:
        assert caught.value.retry_after_s == 0.25


def test_the_deadline_holds_for_a_synchronous_model_too(llm: PlainLLM, server: ModelServer) -> None:
    server.latency_s = 0.6
    started = time.monotonic()
    with pytest.raises(ModelTimeout):
        asyncio.run(_abandoned(llm))
    assert time.monotonic() - started < 1.2


async def _abandoned(llm: PlainLLM) -> None:
    await LlamaIndexChat(llm).reply(REQUEST, deadline_s=0.2)


def test_calls_of_a_synchronous_model_run_side_by_side(llm: PlainLLM, server: ModelServer) -> None:
    server.latency_s = 0.3

    async def many() -> float:
        model = LlamaIndexChat(llm)
        started = time.monotonic()
        await asyncio.gather(*(model.reply(REQUEST, deadline_s=5) for _ in range(8)))
        await model.close()
        return time.monotonic() - started

    assert asyncio.run(many()) < 1.5


def test_an_exception_that_nobody_knows_is_a_model_error_with_its_name(server: ModelServer) -> None:
    class Broken(PlainLLM):
        def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
            raise ZeroDivisionError(f"{prompt} {KEY}")

    with pytest.raises(ModelError, match="ZeroDivisionError") as caught:
        ask(Broken(address=server.base_url))
    assert type(caught.value) is ModelError
    assert "valve" not in str(caught.value) and KEY not in str(caught.value)


def test_llama_index_is_loaded_at_the_first_call_and_not_before() -> None:
    code = "import sys, kbbuilder.adapters.llama_index_chat; print([m for m in ('llama_index', 'openai') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


class LetterCounts(BaseEmbedding):
    """Counts of five letters: enough to tell texts apart."""

    _spoil: Callable[[list[float]], Any] = PrivateAttr(default=list)

    def _get_text_embedding(self, text: str) -> list[float]:
        counts: list[float] = self._spoil([text.count(letter) + 1.0 for letter in "aeiou水"])
        return counts

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def test_an_embedding_gives_unit_vectors_in_the_order_of_the_texts() -> None:
    embedder = LlamaIndexEmbedder(LetterCounts(embed_batch_size=2), "letters")
    texts = ["banana", "水水水", "", "see"]
    vectors = embedder.encode(texts)
    assert (vectors.shape, vectors.dtype) == ((4, embedder.dimensions), np.float32)
    assert embedder.dimensions == 6
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert [int(row.argmax()) for row in vectors[[0, 1, 3]]] == [0, 5, 1]
    assert embedder.encode([]).shape == (0, 6)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: [0.0] * 6,
        lambda row: [float("nan")] * 6,
        lambda row: row[: int(sum(row)) % 5 + 1],
        lambda row: [],
    ],
)
def test_an_embedding_that_gives_no_vectors_is_a_bad_reply(spoil: Callable[[list[float]], Any]) -> None:
    embedding = LetterCounts()
    embedding._spoil = spoil
    with pytest.raises(BadReply):
        LlamaIndexEmbedder(embedding, "letters").encode(["banana", "水水水", "see"])


def test_a_fault_of_an_embedding_is_a_model_error() -> None:
    def refuse(row: list[float]) -> Any:
        raise StatusError(429, "slow down", {"Retry-After": "3"})

    embedding = LetterCounts()
    embedding._spoil = refuse
    with pytest.raises(RateLimited) as caught:
        LlamaIndexEmbedder(embedding, "letters").encode(["banana"])
    assert caught.value.retry_after_s == 3
