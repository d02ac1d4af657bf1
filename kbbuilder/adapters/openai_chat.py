"""Any OpenAI-compatible service as a `ChatModel`, through the `openai` package.

What the package does by itself is switched off, because a build does it better: no retries, no waiting inside a call,
no time-out a read. Its objects for replies are not built either: the JSON is read here, at less than half the cost.

Cost: about 0.8 ms of CPU a call (2 ms with the package's own objects and transport); the aiohttp transport keeps 128
calls in flight. Importing the package takes about a second.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, urlsplit

import aiohttp
import httpx2
import openai

from kbbuilder.adapters.chat_completion import read_completion
from kbbuilder.adapters.chat_text import with_schema
from kbbuilder.adapters.model_faults import Refusal, Secrets, kind_of
from kbbuilder.adapters.openai_faults import CONNECT_S, connection_fault, openai_fault, refusal_in, status_fault
from kbbuilder.errors import (
    BadReply,
    ConfigError,
    ModelBadRequest,
    ModelNotFound,
    ModelOverloaded,
    ModelTimeout,
    ReplyTooLarge,
)  # fmt: skip
from kbbuilder.ports import ChatReply, ChatRequest

DEFAULT_BASE_URL = "https://api.openai.com/v1"
MAX_REPLY_BYTES = 4 * 1024 * 1024
_MAX_CONNECTIONS = 1024
_KEEP_ALIVE_S = 20.0
_AZURE_HOSTS = (".azure.com", ".azure.us", ".azure.cn")


class ReplyMode(StrEnum):
    """How a service is told the shape of a reply, the strictest first."""

    JSON_SCHEMA = "json_schema"
    """The service enforces the schema."""
    JSON_OBJECT = "json_object"
    """The service enforces JSON; the schema is described in the system message."""
    TEXT = "text"
    """The schema is described in the system message, and nothing is enforced."""


_LOOSER = {ReplyMode.JSON_SCHEMA: ReplyMode.JSON_OBJECT, ReplyMode.JSON_OBJECT: ReplyMode.TEXT}
_STRICTEST_FIRST = tuple(ReplyMode)


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What of a request the service understands."""

    mode: ReplyMode
    limit_name: str = "max_tokens"
    temperature: bool = True

    def common(self, other: _Dialect) -> _Dialect:
        """What has been found out by two calls at the same time."""
        return _Dialect(
            max(self.mode, other.mode, key=_STRICTEST_FIRST.index),
            self.limit_name if self.limit_name == other.limit_name else "max_completion_tokens",
            self.temperature and other.temperature,
        )


class OpenAIChat:
    """One model of one service. Holds one pool of connections: use it from one event loop.

    What the service does not understand (a JSON schema, `max_tokens`, a temperature) is found out from its rejection
    and remembered for all further calls; such a rejected call costs no tokens. When the service does not count
    tokens, they are estimated: 0.7 a Chinese character, 1/4 any other.

    Args:
        name: the model's name, as the service knows it.
        base_url: address of the service, usually ending in /v1; "": OpenAI's own. A query in it (such as Azure's
            api-version) is sent with every call.
        api_key: sent to the service and nowhere else; "" for services that ask for none.
        max_reply_bytes: a longer reply is cut off while it is read.
        reply_mode: the mode found out earlier; None: begin with the strictest.
        on_mode: told when another mode is found out, so that the next process need not.

    Raises:
        ConfigError: the address is no web address, or the key cannot be one.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        api_key: str,
        *,
        max_reply_bytes: int = MAX_REPLY_BYTES,
        reply_mode: ReplyMode | None = None,
        on_mode: Callable[[ReplyMode], None] | None = None,
    ) -> None:
        self.name = name
        self._max_reply_bytes = max_reply_bytes
        self._dialect = _Dialect(reply_mode or ReplyMode.JSON_SCHEMA)
        self._on_mode = on_mode
        self._key = _checked_key(api_key)
        self._options: openai.RequestOptions = {}
        address = _checked_address(base_url)
        if (address.hostname or "").endswith(_AZURE_HOSTS):
            # Azure takes a bearer for a token of its directory, and wants keys in a header of their own.
            self._options["headers"] = {"api-key": self._key, "Authorization": openai.Omit()}
        self._client = openai.AsyncOpenAI(
            api_key=self._key or "none",
            base_url=address._replace(query="", fragment="").geturl(),
            default_query=dict(parse_qsl(address.query)) or None,
            # Compressed replies could unfold to any size.
            default_headers={"Accept-Encoding": "identity"},
            max_retries=0,
            http_client=openai.DefaultAioHttpClient(
                limits=httpx2.Limits(max_connections=_MAX_CONNECTIONS, keepalive_expiry=_KEEP_ALIVE_S),
                timeout=httpx2.Timeout(None, connect=CONNECT_S),
                follow_redirects=False,
                event_hooks={"response": [self._cap]},
            ),
        )

    @property
    def reply_mode(self) -> ReplyMode:
        """How the service is told the shape of a reply, as far as it is known."""
        return self._dialect.mode

    async def reply(self, request: ChatRequest, *, deadline_s: float) -> ChatReply:
        """The model's reply; thoughts of a reasoning model are cut off.

        Args:
            deadline_s: wall clock for all of it.

        Raises:
            ModelError: the subclass says what happened; the message holds neither the key nor the prompt.
        """
        secrets = Secrets(self._key, f"{request.system}\n{request.user}")
        try:
            async with asyncio.timeout(deadline_s):
                content = await self._asked(request, secrets)
        except TimeoutError:
            raise ModelTimeout(f"no complete reply within {deadline_s:g} seconds") from None
        return read_completion(content, request, secrets)

    async def close(self) -> None:
        """Give connections back."""
        await self._client.close()

    async def _asked(self, request: ChatRequest, secrets: Secrets) -> bytes:
        """The body of a reply with status 2xx."""
        while True:
            dialect = self._dialect
            try:
                response = await self._client.post(
                    "/chat/completions",
                    body=_body(self.name, request, dialect),
                    cast_to=httpx2.Response,
                    options=self._options,
                )
                return response.content
            except openai.APIStatusError as error:
                refusal = refusal_in(error.response)
                simpler = _simpler(dialect, refusal.without_quotations(secrets.prompt), request)
                if simpler is None:
                    # Not `from error`: what it carries holds the key and the prompt.
                    raise status_fault(error.response, refusal, secrets) from None
                known, self._dialect = self._dialect, self._dialect.common(simpler)
                if self._on_mode is not None and self._dialect.mode is not known.mode:
                    self._on_mode(self._dialect.mode)
            except openai.OpenAIError as error:
                raise openai_fault(error, secrets) from None
            except (aiohttp.ClientError, httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                if isinstance(error, TimeoutError):
                    raise
                raise connection_fault(error) from None

    async def _cap(self, response: httpx2.Response) -> None:
        """Called when a reply's head has arrived: its body shall be read no further than the limit."""
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        encoding = response.headers.pop("content-encoding", "identity").strip().lower()
        response.stream = _CappedStream(response.stream, self._max_reply_bytes, encoding)


class _CappedStream(httpx2.AsyncByteStream):
    """A reply's body that ends in an error when it grows too long, unfolded if the service compressed it unasked."""

    def __init__(self, stream: httpx2.AsyncByteStream, max_bytes: int, encoding: str) -> None:
        self._stream = stream
        self._max_bytes = max_bytes
        self._encoding = encoding

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._encoding not in ("identity", "", "gzip", "deflate"):
            raise BadReply(f"the reply is compressed with {self._encoding[:20]}, which was not asked for")
        unfold = zlib.decompressobj(wbits=47) if self._encoding in ("gzip", "deflate") else None
        left = self._max_bytes
        async for part in self._stream:
            try:
                plain = unfold.decompress(part, left + 1) if unfold else part
            except zlib.error:
                raise BadReply("the reply is damaged") from None
            left -= len(plain)
            if left < 0:
                raise ReplyTooLarge(f"the reply is longer than {self._max_bytes:,} bytes; the rest was not read")
            yield plain

    async def aclose(self) -> None:
        await self._stream.aclose()


# -- asking -----------------------------------------------------------------------------------------------


def _checked_address(base_url: str) -> SplitResult:
    try:
        address = urlsplit(base_url.strip() or DEFAULT_BASE_URL)
        # The port is read only when asked for, and may be none.
        usable = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        usable = False
    if not usable:
        # The address itself is not shown: it may hold a password.
        raise ConfigError(
            "the address of the model's service is not a web address",
            hint="Set OPENAI_BASE_URL to something like https://api.example.com/v1.",
        )
    return address


def _checked_key(api_key: str) -> str:
    key = api_key.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError("OPENAI_API_KEY holds characters that no key has", hint="Copy the key once more.")
    return key


def _body(model: str, request: ChatRequest, dialect: _Dialect) -> dict[str, object]:
    strict = request.schema is None or dialect.mode is ReplyMode.JSON_SCHEMA
    system = request.system if strict else with_schema(request.system, request.schema)
    messages = [{"role": "user", "content": request.user}]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    body: dict[str, object] = {"model": model, "messages": messages, dialect.limit_name: request.max_output_tokens}
    if dialect.temperature:
        body["temperature"] = request.temperature
    if request.schema is not None and dialect.mode is ReplyMode.JSON_SCHEMA:
        schema = {"name": "reply", "strict": True, "schema": request.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif request.schema is not None and dialect.mode is ReplyMode.JSON_OBJECT:
        body["response_format"] = {"type": "json_object"}
    if request.doubts:
        body |= {"logprobs": True, "top_logprobs": 1}
    return body


_FORMAT_WORDS = (
    "response_format", "response format", "json_schema", "json schema", "json_object", "guided", "structured output",
    "grammar", "invalid schema",
)  # fmt: skip
_PERHAPS_A_PART = (ModelBadRequest, ModelNotFound, ModelOverloaded)
"""As what a service's rejection of a part of the request passes; a few services answer it with status 404 or 500."""


def _simpler(dialect: _Dialect, refusal: Refusal, request: ChatRequest) -> _Dialect | None:
    """The dialect to try next when a service rejects a part of the request; None when that is not what it says."""
    kind, _ = kind_of(refusal)
    if refusal.status not in (400, 404, 415, 422, 500, 501) or kind not in _PERHAPS_A_PART:
        return None
    named = refusal.param.lower()
    said = f"{refusal.words} {named}"
    if dialect.limit_name == "max_tokens" and "max_completion_tokens" in said:
        return replace(dialect, limit_name="max_completion_tokens")
    if dialect.temperature and kind is ModelBadRequest and "temperature" in said:
        return replace(dialect, temperature=False)
    looser = _LOOSER.get(dialect.mode)
    if request.schema is not None and looser is not None and any(word in said for word in _FORMAT_WORDS):
        return replace(dialect, mode=looser)
    return None
