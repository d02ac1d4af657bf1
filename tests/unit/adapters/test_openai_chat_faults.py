"""Every fault of a model service, met over a real connection, becomes the error that says what to do with it."""

from __future__ import annotations

import asyncio
import inspect
import json
import pkgutil
import re
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from importlib import import_module

import httpx2
import openai
import pytest
from openai import lib

from kbbuilder.adapters.model_faults import Secrets
from kbbuilder.adapters.openai_chat import OpenAIChat
from kbbuilder.adapters.openai_faults import openai_fault
from kbbuilder.errors import (
    BadReply,
    ContentFiltered,
    ContextTooLong,
    EmptyReply,
    ModelAuth,
    ModelBadRequest,
    ModelError,
    ModelNotFound,
    ModelOverloaded,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    QuotaExhausted,
    RateLimited,
    ReplyTooLarge,
    ReplyUnusable,
)
from kbbuilder.ports import ChatReply, ChatRequest, Finish
from tests.model_server import HUGE_BYTES, Always, Canned, Fault, ModelServer, error_body

KEY = "sk-proj-4f9aQx77TzLw0e"
REQUEST = ChatRequest(
    system="You turn a manual into questions and answers.",
    user="```\nThe pump of the P600 is cleaned every 90 days.\n净水器P600的滤芯每九十天更换一次。\n```",
    max_output_tokens=200,
)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(slow_s=0.05, short_wait_s=0.25, long_wait_s=120) as running:
        yield running


def ask(
    server: ModelServer, request: ChatRequest = REQUEST, *, deadline_s: float = 2.0, base_url: str = ""
) -> ChatReply:
    async def asked() -> ChatReply:
        model = OpenAIChat("test-model", base_url or server.base_url, KEY)
        try:
            return await model.reply(request, deadline_s=deadline_s)
        finally:
            await model.close()

    return asyncio.run(asked())


def fault(server: ModelServer, met: Fault | Canned, **how: float) -> ModelError:
    server.plan = Always(met)
    with pytest.raises(ModelError) as caught:
        ask(server, **how)  # type: ignore[arg-type]
    return caught.value


FAULTS = {
    Fault.RATE_LIMIT_SHORT: RateLimited,
    Fault.RATE_LIMIT_MS: RateLimited,
    Fault.RATE_LIMIT_LONG: RateLimited,
    Fault.RATE_LIMIT_DATE: RateLimited,
    Fault.QUOTA: QuotaExhausted,
    Fault.ERROR_500: ModelOverloaded,
    Fault.HTML_502: ModelOverloaded,
    Fault.ERROR_503: ModelOverloaded,
    Fault.OVERLOADED_529: ModelOverloaded,
    Fault.HTML_200: BadReply,
    Fault.RESET_BEFORE: ModelUnreachable,
    Fault.RESET_AMID: BadReply,
    Fault.SLOW_HEADERS: ModelTimeout,
    Fault.TRICKLE: ModelTimeout,
    Fault.TRUNCATED_BODY: BadReply,
    Fault.CONTEXT_LENGTH: ContextTooLong,
    Fault.FILTERED_400: ContentFiltered,
    Fault.FILTERED_FINISH: ContentFiltered,
    Fault.AUTH_401: ModelAuth,
    Fault.FORBIDDEN_403: ModelAuth,
    Fault.MODEL_404: ModelNotFound,
    Fault.EMPTY_CHOICES: EmptyReply,
    Fault.NULL_CHOICES: EmptyReply,
    Fault.NULL_CONTENT: EmptyReply,
    Fault.REFUSAL: ModelRefused,
    Fault.BAD_JSON: BadReply,
    Fault.HUGE: ReplyTooLarge,
}
REPLIES = {Fault.LENGTH: Finish.LENGTH, Fault.WRONG_SCHEMA: Finish.STOP}
"""What is a reply all the same: its text is for the reader of replies to judge."""


def test_every_fault_of_the_server_is_tried() -> None:
    assert set(FAULTS) | set(REPLIES) == set(Fault)
    assert not set(FAULTS) & set(REPLIES)


@pytest.mark.parametrize(("met", "kind"), FAULTS.items())
def test_a_fault_becomes_its_error_within_the_deadline_and_tells_no_secret(
    server: ModelServer, met: Fault, kind: type[ModelError]
) -> None:
    slow = met in (Fault.SLOW_HEADERS, Fault.TRICKLE)
    server.slow_s = 3.0 if met is Fault.SLOW_HEADERS else 0.02
    started = time.monotonic()
    error = fault(server, met, deadline_s=0.3 if slow else 5.0)
    assert type(error) is kind
    assert time.monotonic() - started < (0.8 if slow else 4.0)
    assert_tells_no_secret(error)


@pytest.mark.parametrize(("met", "finish"), REPLIES.items())
def test_a_cut_off_or_odd_reply_is_handed_on_with_how_it_ended(server: ModelServer, met: Fault, finish: Finish) -> None:
    server.plan = Always(met)
    reply = ask(server)
    assert reply.finish is finish
    assert reply.text


def assert_tells_no_secret(error: BaseException | None) -> None:
    """Nor may what a traceback would show below it."""
    while error is not None:
        shown = f"{error!r} {error} {getattr(error, 'hint', '')}"
        for at in range(len(KEY) - 6):
            assert KEY[at : at + 7] not in shown
        for piece in ("the pump of", "每九十天更换", REQUEST.system):
            assert piece not in shown.lower()
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize(
    ("met", "least_s", "most_s"),
    [
        (Fault.RATE_LIMIT_SHORT, 0.25, 0.25),
        (Fault.RATE_LIMIT_MS, 0.25, 0.25),
        (Fault.RATE_LIMIT_LONG, 120, 120),
        (Fault.RATE_LIMIT_DATE, 115, 121),
        (Canned(429, error_body("Rate limit reached. Please try again in 340ms.")), 0.34, 0.34),
        (Canned(429, error_body("Rate limit reached. Please try again in 1m30.5s.")), 90.5, 90.5),
        (Canned(429, error_body("Exceeded call rate limit. Please retry after 8 seconds.")), 8, 8),
        (Canned(429, error_body("Slow down."), {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), 0, 0),
    ],
)
def test_the_pause_that_a_service_asks_for_is_read(
    server: ModelServer, met: Fault | Canned, least_s: float, most_s: float
) -> None:
    error = fault(server, met)
    assert error.retry_after_s is not None
    assert least_s <= error.retry_after_s <= most_s


@pytest.mark.parametrize("said", ["", "soon", "inf", "nan", "-5"])
def test_a_pause_that_makes_no_sense_is_none(server: ModelServer, said: str) -> None:
    assert fault(server, Canned(429, error_body("Slow down."), {"Retry-After": said})).retry_after_s is None


def flat(code: str, message: str) -> str:
    return json.dumps({"code": code, "message": message, "request_id": "7a"}, ensure_ascii=False)


WORDINGS = [
    # DeepSeek
    (402, error_body("Insufficient Balance", kind="unknown_error", code="invalid_request_error"), QuotaExhausted),
    (400, error_body("Content Exists Risk", code="invalid_request_error"), ContentFiltered),
    (400, error_body("Model Not Exist", code="invalid_request_error"), ModelNotFound),
    (401, error_body(f"Authentication Fails, Your api key: ****{KEY[-4:]} is invalid", kind="authentication_error"), ModelAuth),
    # DashScope (Qwen), in its own form and in OpenAI's
    (400, flat("Arrearage", "Access denied, please make sure your account is in good standing."), QuotaExhausted),
    (403, flat("AllocationQuota.FreeTierOnly", "The free tier of the model has been exhausted."), QuotaExhausted),
    (400, flat("DataInspectionFailed", "Output data may contain inappropriate content."), ContentFiltered),
    (400, error_body("<400> Input data may contain inappropriate content.", code="data_inspection_failed"), ContentFiltered),
    (429, flat("Throttling.RateQuota", "Requests rate limit exceeded, please try again later."), RateLimited),
    (429, flat("Throttling.AllocationQuota", "Allocated quota exceeded, please increase your quota limit."), RateLimited),
    (400, flat("InvalidParameter", "Range of input length should be [1, 30720]"), ContextTooLong),
    (401, flat("InvalidApiKey", "Invalid API-key provided."), ModelAuth),
    (404, error_body("The model `qwen-x` does not exist or you do not have access to it.", code="model_not_found"), ModelNotFound),
    # Zhipu
    (429, '{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}', QuotaExhausted),
    (429, '{"error":{"code":"1302","message":"您的账户已达到速率限制，请您控制请求频率"}}', RateLimited),
    (400, '{"error":{"code":"1301","message":"系统检测到输入或生成内容可能包含不安全或敏感内容"}}', ContentFiltered),
    (400, '{"error":{"code":"1211","message":"模型不存在，请检查模型代码。"}}', ModelNotFound),
    # Moonshot
    (429, error_body("Your account is suspended, please check your plan", kind="exceeded_current_quota_error"), QuotaExhausted),
    (400, error_body("Input token length too long: 9000 tokens exceed the limit"), ContextTooLong),
    # Azure
    (404, '{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}', ModelNotFound),
    (401, '{"statusCode":401,"message":"Access denied due to invalid subscription key."}', ModelAuth),
    # Gemini: a list; and "quota" for a limit a minute
    (400, '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]', ModelAuth),
    (429, '[{"error":{"code":429,"message":"You exceeded your current quota. Please retry in 34.1s.","status":"RESOURCE_EXHAUSTED"}}]', RateLimited),
    # OpenAI: a single request above the limit a minute never fits
    (429, error_body("Request too large for gpt-4o on tokens per min (TPM): Limit 10000, Requested 12000.", kind="tokens"), ContextTooLong),
    # vLLM
    (400, '{"object":"error","message":"This model\'s maximum context length is 4096 tokens. However, you requested 9000 tokens","type":"BadRequestError","code":400}', ContextTooLong),
    (400, '{"error":{"message":"\'max_tokens\' or \'max_completion_tokens\' is too large: 2400. This model\'s maximum context length is 2048 tokens","code":400}}', ContextTooLong),
    (404, '{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}', ModelNotFound),
    # Ollama, llama.cpp
    (404, error_body("model \"qwen9\" not found, try pulling it first", kind="api_error"), ModelNotFound),
    (400, '{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}', ContextTooLong),
    (500, '{"error":{"code":500,"message":"context size has been exceeded","type":"server_error"}}', ContextTooLong),
    (503, '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}', ModelOverloaded),
    # SiliconFlow, Volcengine, Groq
    (400, '{"code":20012,"message":"Model does not exist. Please check it carefully.","data":null}', ModelNotFound),
    (403, '{"code":30001,"message":"Sorry, your account balance is insufficient","data":null}', QuotaExhausted),
    (403, flat("AccountOverdueError", "The request failed because your account has an overdue balance."), QuotaExhausted),
    (400, flat("SensitiveContentDetected", "The input may contain sensitive information."), ContentFiltered),
    (400, error_body("Failed to generate JSON. Please adjust your prompt.", code="json_validate_failed"), ReplyUnusable),
    # OpenRouter, gateways, anything
    (200, '{"error":{"code":429,"message":"Rate limit exceeded"}}', RateLimited),
    (200, '{"error":{"code":502,"message":"Provider returned error"}}', ModelOverloaded),
    (200, '[1, 2]', BadReply),
    (200, '{"detail": "moved"}', BadReply),
    (200, "", BadReply),
    (404, '{"detail":"Not Found"}', ModelNotFound),
    (413, "<html><body>413 Request Entity Too Large</body></html>", ContextTooLong),
    (504, "upstream request timeout", ModelTimeout),
    (308, "", BadReply),
    (400, error_body("Invalid max_tokens value, the valid range of max_tokens is [1, 100]"), ModelBadRequest),
    (422, '{"detail":[{"loc":["body","messages"],"msg":"field required"}]}', ModelBadRequest),
    (418, "", ModelBadRequest),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind"), WORDINGS, ids=lambda value: str(value)[:60])
def test_the_wordings_of_common_services_are_understood(
    server: ModelServer, status: int, body: str, kind: type[ModelError]
) -> None:
    error = fault(server, Canned(status, body))
    assert type(error) is kind, error
    assert_tells_no_secret(error)


def test_the_message_holds_the_services_own_words(server: ModelServer) -> None:
    error = fault(server, Canned(402, error_body("Insufficient Balance")))
    assert str(error) == "the account has no quota or money left (status 402): Insufficient Balance"


@pytest.mark.parametrize(
    "echo",
    [
        REQUEST.user,
        json.dumps(REQUEST.user),
        json.dumps(REQUEST.user, ensure_ascii=False),
        f"input: {REQUEST.system!r}",
    ],
)
def test_a_service_that_echoes_the_prompt_or_the_key_is_not_quoted(server: ModelServer, echo: str) -> None:
    assert_tells_no_secret(fault(server, Canned(422, error_body(f"1 validation error: {echo}"))))
    assert_tells_no_secret(fault(server, Canned(500, error_body(f"failed with Bearer {KEY}, {echo}"))))
    assert_tells_no_secret(fault(server, Canned(401, error_body(f"Incorrect API key: {KEY[:7]}*******{KEY[-4:]}"))))


@pytest.mark.parametrize(
    "manual",
    [
        "如果屏幕显示余额不足或系统检测到敏感内容，请先充值并等待客服审核完成后重试。",
        "When the account is overdue, the content filter stops and response_format of the json_schema export is empty.",
    ],
)
def test_words_of_the_manual_that_a_service_repeats_are_not_taken_for_its_own(server: ModelServer, manual: str) -> None:
    request = ChatRequest("Read the manual.", f"```\n{manual}\n```", 100, {"type": "object", "properties": {}})
    server.plan = Always(
        Canned(422, error_body(f"value is not a valid list (input: {json.dumps(manual, ensure_ascii=False)})"))
    )
    with pytest.raises(ModelBadRequest) as caught:
        ask(server, request)
    assert str(caught.value) == "the service rejects the request (status 422)"


def test_a_service_that_is_not_there_is_unreachable() -> None:
    with ModelServer() as gone:
        address = gone.base_url
    for base_url in (address, "http://model.invalid/v1"):
        # Offline, a resolver may take its time to give up.
        with pytest.raises(ModelUnreachable) as caught:
            ask(gone, base_url=base_url, deadline_s=40)
        assert_tells_no_secret(caught.value)


def test_fifty_megabytes_are_never_in_memory(server: ModelServer) -> None:
    server.plan = Always(Fault.HUGE)
    ask_small = REQUEST
    with pytest.raises(ReplyTooLarge):
        ask(server, ask_small)  # what is loaded once is not counted
    tracemalloc.start()
    with pytest.raises(ReplyTooLarge):
        ask(server, deadline_s=10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert HUGE_BYTES == 50 * 1024 * 1024
    assert peak < 12 * 1024 * 1024


def test_a_compressed_reply_is_read_and_a_bomb_is_not(server: ModelServer) -> None:
    reply = json.dumps({"choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}]}).encode()
    small = Canned(200, zlib.compress(reply), {"Content-Encoding": "deflate"})
    bomb = Canned(200, zlib.compress(b" " * HUGE_BYTES), {"Content-Encoding": "deflate"})
    server.plan = Always(small)
    assert ask(server).text == "Yes."
    assert type(fault(server, bomb)) is ReplyTooLarge
    assert type(fault(server, Canned(200, "??", {"Content-Encoding": "gzip"}))) is BadReply
    assert type(fault(server, Canned(200, "??", {"Content-Encoding": "br"}))) is BadReply


ELSEWHERE = re.compile(
    r"WebSocket|Stream|Agent|Tool|Browser|Computer|Webhook|SubjectToken|MutuallyExclusive|MissingDependency"
    r"|APIRemoved|AmbiguousModule|OpenAIError"
)
"""Of other interfaces of the package, or raised when it is set up; a chat call raises none of them."""


def package_exceptions() -> list[type[openai.OpenAIError]]:
    found: set[type[openai.OpenAIError]] = set()
    # Below `types` and `resources` stands what is made from the interface's description: no exceptions.
    modules = [f"openai.{module.name}" for module in pkgutil.iter_modules(openai.__path__) if module.name != "__main__"]
    modules += [f"openai.lib.{module.name}" for module in pkgutil.iter_modules(lib.__path__)]
    for name in modules:
        try:
            members = vars(import_module(name)).values()
        except (ImportError, openai.OpenAIError):
            continue  # extras that are not installed
        found |= {m for m in members if inspect.isclass(m) and issubclass(m, openai.OpenAIError)}
    return sorted(found, key=lambda kind: kind.__name__)


def made(kind: type[openai.OpenAIError]) -> openai.OpenAIError:
    request = httpx2.Request("POST", "http://127.0.0.1/v1")
    if issubclass(kind, openai.APIStatusError):
        status = getattr(kind, "status_code", 500)
        response = httpx2.Response(status if isinstance(status, int) else 400, request=request)
        if kind is openai.OAuthError:
            return kind(response=response, body=None)  # type: ignore[call-arg]
        return kind("no", response=response, body=None)
    if issubclass(kind, openai.APITimeoutError):
        return kind(request)
    if issubclass(kind, openai.APIConnectionError):
        return kind(request=request)
    if issubclass(kind, openai.APIResponseValidationError):
        return kind(httpx2.Response(200, request=request), None)
    if kind is openai.APIError:
        return openai.APIError("no", request, body=None)
    return kind.__new__(kind)


def test_every_exception_of_the_package_has_its_error() -> None:
    kinds = [kind for kind in package_exceptions() if not ELSEWHERE.search(kind.__name__)]
    assert len(kinds) >= 14
    for kind in kinds:
        assert type(openai_fault(made(kind), Secrets())) is EXPECTED[kind.__name__], kind


EXPECTED: dict[str, type[ModelError]] = {
    "APIConnectionError": ModelUnreachable,
    "APIError": ModelBadRequest,
    "APIResponseValidationError": BadReply,
    "APIStatusError": ModelOverloaded,
    "APITimeoutError": ModelTimeout,
    "AuthenticationError": ModelAuth,
    "BadRequestError": ModelBadRequest,
    "ConflictError": ModelOverloaded,
    "ContentFilterFinishReasonError": ContentFiltered,
    "InternalServerError": ModelOverloaded,
    "LengthFinishReasonError": ReplyUnusable,
    "NotFoundError": ModelNotFound,
    "OAuthError": ModelAuth,
    "PermissionDeniedError": ModelAuth,
    "RateLimitError": RateLimited,
    "UnprocessableEntityError": ModelBadRequest,
}
