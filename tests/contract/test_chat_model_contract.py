"""One suite over all chat models: what a build relies on, whichever stands behind the port."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata

from kbbuilder.adapters.llama_index_chat import LlamaIndexChat
from kbbuilder.adapters.openai_chat import OpenAIChat
from kbbuilder.errors import (
    ContextTooLong,
    ModelAuth,
    ModelError,
    ModelOverloaded,
    ModelTimeout,
    QuotaExhausted,
    RateLimited,
)
from kbbuilder.ports import ChatModel, ChatReply, ChatRequest, Finish
from tests.model_server import Always, Fault, ModelServer

KEY = "sk-contract-77aa31"
SCHEMA = {
    "type": "object",
    "properties": {"pairs": {"type": "array", "items": {"type": "string"}}},
    "required": ["pairs"],
    "additionalProperties": False,
}


class ServiceLLM(CustomLLM):
    """A LlamaIndex LLM of the service, over the openai package; it chats and does nothing else."""

    address: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="test-model", is_chat_model=True)

    async def achat(self, messages: Any, **kwargs: Any) -> ChatResponse:
        async with openai.AsyncOpenAI(api_key=KEY, base_url=self.address, max_retries=0) as client:
            sent = [{"role": m.role.value, "content": m.content} for m in messages]
            raw = await client.chat.completions.create(model="test-model", messages=sent)
        message = ChatMessage(role=MessageRole.ASSISTANT, content=raw.choices[0].message.content)
        return ChatResponse(message=message, raw=raw)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        raise NotImplementedError


MODELS: dict[str, Callable[[str], ChatModel]] = {
    "openai": lambda address: OpenAIChat("test-model", address, KEY),
    "llama_index": lambda address: LlamaIndexChat(ServiceLLM(address=address)),
}


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(short_wait_s=0.25) as running:
        yield running


@pytest.fixture(params=MODELS)
def make(request: pytest.FixtureRequest, server: ModelServer) -> Callable[[], ChatModel]:
    server.plan, server.latency_s = None, 0.0
    return lambda: MODELS[request.param](server.base_url)


def request(number: int = 0, text: str = "Valve {0} opens at 3 bar.") -> ChatRequest:
    return ChatRequest("Read the manual.", f"```\n{text.format(number)}\n```", 300, SCHEMA)


def replies(make: Callable[[], ChatModel], requests: list[ChatRequest], deadline_s: float = 10.0) -> list[ChatReply]:
    """All at the same time, by one model."""

    async def asked() -> list[ChatReply]:
        model = make()
        try:
            return await asyncio.gather(*(model.reply(r, deadline_s=deadline_s) for r in requests))
        finally:
            await model.close()

    return asyncio.run(asked())


def test_a_reply_is_the_text_with_how_it_ended_and_what_it_cost(make: Callable[[], ChatModel]) -> None:
    (reply,) = replies(make, [request(text="净水器P600的滤芯每九十天更换一次。")])
    assert "净水器P600的滤芯每九十天更换一次" in reply.text
    assert reply.finish is Finish.STOP
    assert reply.input_tokens > 0 and reply.output_tokens > 0
    assert 0 <= reply.cached_tokens <= reply.input_tokens


def test_a_model_has_a_name_without_address_or_key(make: Callable[[], ChatModel], server: ModelServer) -> None:
    model = make()
    assert model.name == "test-model"
    asyncio.run(model.close())


def test_many_calls_at_a_time_each_get_their_own_reply(make: Callable[[], ChatModel], server: ModelServer) -> None:
    server.latency_s = 0.2
    server.most_in_flight = 0
    answers = replies(make, [request(n) for n in range(100, 124)])
    assert all(f"Valve {n} opens" in answer.text for n, answer in enumerate(answers, start=100))
    assert server.most_in_flight >= 12


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.RATE_LIMIT_SHORT, RateLimited),
        (Fault.QUOTA, QuotaExhausted),
        (Fault.AUTH_401, ModelAuth),
        (Fault.CONTEXT_LENGTH, ContextTooLong),
        (Fault.ERROR_503, ModelOverloaded),
    ],
)
def test_one_request_is_sent_once_and_its_fault_told_without_the_key(
    make: Callable[[], ChatModel], server: ModelServer, fault: Fault, kind: type[ModelError]
) -> None:
    server.plan = Always(fault)
    before = len(server.records)
    with pytest.raises(ModelError) as caught:
        replies(make, [request()])
    assert type(caught.value) is kind
    assert len(server.records) == before + 1
    assert KEY[:8] not in f"{caught.value!r} {caught.value.hint}"


def test_the_deadline_is_for_all_of_a_call(make: Callable[[], ChatModel], server: ModelServer) -> None:
    server.plan, server.slow_s = Always(Fault.TRICKLE), 0.02
    started = time.monotonic()
    with pytest.raises(ModelTimeout):
        replies(make, [request()], deadline_s=0.3)
    assert time.monotonic() - started < 1.5


def test_a_call_can_be_cancelled_and_the_model_used_on(make: Callable[[], ChatModel], server: ModelServer) -> None:
    server.latency_s = 0.3

    async def cancelled() -> ChatReply:
        model = make()
        task = asyncio.create_task(model.reply(request(1), deadline_s=5))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        try:
            return await model.reply(request(2), deadline_s=5)
        finally:
            await model.close()

    assert "Valve 2" in asyncio.run(cancelled()).text
