"""Exceptions of the `openai` package, and of the transport below it, as `ModelError`s."""

from __future__ import annotations

import ssl

import aiohttp
import httpx2
import openai

from kbbuilder.adapters.chat_completion import decoded
from kbbuilder.adapters.model_faults import Refusal, Secrets, model_error, quoted, refusal_of
from kbbuilder.errors import (
    BadReply,
    ContentFiltered,
    ModelBadRequest,
    ModelError,
    ModelTimeout,
    ModelUnreachable,
    ReplyUnusable,
)  # fmt: skip

CONNECT_S = 10.0
"""How long a connection may take to come about."""


def openai_fault(error: openai.OpenAIError, secrets: Secrets) -> ModelError:
    """The `ModelError` for an exception of the package; every one that a chat call raises has its own."""
    if isinstance(error, openai.APIStatusError):
        return status_fault(error.response, refusal_in(error.response), secrets)
    if isinstance(error, openai.APIConnectionError):
        return connection_fault(error)
    if isinstance(error, openai.APIResponseValidationError):
        return BadReply("the service's reply is not in the form of a chat completion")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return ContentFiltered("the service's content filter cut the reply off")
    if isinstance(error, openai.LengthFinishReasonError):
        return ReplyUnusable("the reply was cut off at the token limit")
    said = quoted(str(error), secrets)
    return ModelBadRequest(f"the openai package cannot make the call: {said}" if said else "the call cannot be made")


def refusal_in(response: httpx2.Response) -> Refusal:
    return refusal_of(response.status_code, decoded(response.content), dict(response.headers))


def status_fault(response: httpx2.Response, refusal: Refusal, secrets: Secrets) -> ModelError:
    if response.status_code < 400:
        return BadReply(f"the service sends the call on to another address (status {response.status_code})")
    return model_error(refusal, secrets)


def connection_fault(error: BaseException) -> ModelError:
    """Why no whole reply came over the wire, from the innermost cause that tells."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__

    def any_of(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if any_of(aiohttp.ClientConnectorDNSError):
        return ModelUnreachable("the name of the service's host cannot be resolved")
    if any_of(ssl.SSLError, aiohttp.ClientSSLError):
        return ModelUnreachable("no trusted encrypted connection to the service can be made")
    if any_of(ConnectionRefusedError):
        return ModelUnreachable("the service refuses the connection")
    if any_of(aiohttp.ConnectionTimeoutError):
        return ModelUnreachable(f"the service did not take the connection within {CONNECT_S:g} seconds")
    if any_of(aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError):
        return ModelUnreachable("the service cannot be reached")
    if any_of(ConnectionError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        return ModelUnreachable("the service broke the connection off")
    if any_of(aiohttp.ClientPayloadError):
        return BadReply("the reply broke off before its end", hint=ModelError.hint)
    if any_of(aiohttp.ClientResponseError):
        return BadReply("what answers at the service's address does not speak HTTP properly")
    if any_of(openai.APITimeoutError):
        return ModelTimeout("the service did not answer in time")
    return ModelUnreachable("the service cannot be reached")
