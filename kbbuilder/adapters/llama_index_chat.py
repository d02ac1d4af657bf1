"""Any LlamaIndex LLM as a `ChatModel`, and any LlamaIndex embedding as an `Embedder`.

For integrators who have one set up already. LlamaIndex itself is loaded at the first call (4 s), not before.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kbbuilder.adapters.chat_completion import finished
from kbbuilder.adapters.chat_text import with_schema
from kbbuilder.adapters.model_faults import Refusal, Secrets, model_error, quoted, refusal_of
from kbbuilder.errors import BadReply, KbError, ModelError, ModelTimeout, ModelUnreachable
from kbbuilder.language.text import one_line
from kbbuilder.ports import ChatReply, ChatRequest

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM

_THREADS = 32
_MAX_CAUSES = 8


class LlamaIndexChat:
    """A LlamaIndex LLM. Its own settings hold: temperature, longest reply and key are the LLM's, not the request's.

    The schema is described in the system message. An LLM that has no asynchronous call of its own runs in threads, at
    most 32 at a time; one that misses its deadline is given up on, but its thread works on to its end.
    """

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        name = llm.metadata.model_name
        self.name = name if name and name != "unknown" else llm.class_name()
        self._threads: ThreadPoolExecutor | None = None

    async def reply(self, request: ChatRequest, *, deadline_s: float) -> ChatReply:
        """The LLM's reply; thoughts of a reasoning model are cut off.

        Raises:
            ModelError: by the status, name and wording of whatever exception the LLM's SDK raises.
        """
        try:
            async with asyncio.timeout(deadline_s):
                response = await self._asked(request)
        except KbError:
            raise
        except TimeoutError:
            raise ModelTimeout(f"no complete reply within {deadline_s:g} seconds") from None
        except Exception as error:  # each LLM has an SDK of its own: nobody knows all their exceptions
            raise sdk_fault(error, Secrets(_key_of(self._llm), f"{request.system}\n{request.user}")) from None
        return finished(response.message.content or "", _finish_of(response), _usage_of(response), request)

    async def close(self) -> None:
        """Let the threads go; those that still work are not waited for."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def _asked(self, request: ChatRequest) -> ChatResponse:
        from llama_index.core.llms import CustomLLM

        messages = _messages(request)
        # CustomLLM's own `achat` calls `chat` on the event loop, and so holds up every other call. Each subclass has it
        # wrapped anew.
        if inspect.unwrap(type(self._llm).achat) is not inspect.unwrap(CustomLLM.achat):
            return await self._llm.achat(messages)
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="llama-index-llm")
        call = partial(contextvars.copy_context().run, self._llm.chat, messages)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


class LlamaIndexEmbedder:
    """A LlamaIndex embedding. `dimensions` asks it once.

    Args:
        name: what vectors are kept under; another name for each model, so that vectors of two never mix.
    """

    def __init__(self, embedding: BaseEmbedding, name: str) -> None:
        self.name = name
        self._embedding = embedding
        self._dimensions = 0

    @property
    def dimensions(self) -> int:
        if not self._dimensions:
            self._dimensions = self._vectors(["."]).shape[1]
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimensions), float32, each row of length 1. Cost: the embedding's.

        Raises:
            ModelError: the embedding failed, or gave something else than one vector of numbers a text.
        """
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        # Services refuse blank texts; a text of its own keeps the rows in step.
        vectors = self._vectors([text if text.strip() else "." for text in texts])
        self._dimensions = vectors.shape[1]
        return vectors

    def _vectors(self, texts: list[str]) -> NDArray[np.float32]:
        try:
            rows = self._embedding.get_text_embedding_batch(texts)
        except KbError:
            raise
        except Exception as error:  # as above: each embedding has an SDK of its own
            raise sdk_fault(error, Secrets(_key_of(self._embedding), "\n".join(texts))) from None
        try:
            vectors = np.asarray(rows, dtype=np.float32)
        except (ValueError, TypeError):
            raise BadReply(f"the embedding {self.name} gave vectors of different lengths, or no numbers") from None
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise BadReply(f"the embedding {self.name} did not give one vector of numbers for each text")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not lengths.all():
            raise BadReply(f"the embedding {self.name} gave a vector of length 0")
        return np.asarray(vectors / lengths, dtype=np.float32)


def _messages(request: ChatRequest) -> list[ChatMessage]:
    from llama_index.core.llms import ChatMessage, MessageRole

    system = with_schema(request.system, request.schema)
    messages = [ChatMessage(role=MessageRole.USER, content=request.user)]
    if system:
        messages.insert(0, ChatMessage(role=MessageRole.SYSTEM, content=system))
    return messages


# -- what SDKs have in common -----------------------------------------------------------------------------


def sdk_fault(error: Exception, secrets: Secrets) -> ModelError:
    """The `ModelError` for an exception of an SDK that nothing is known about: by the HTTP status that it or a cause of
    it carries, else by its class's name."""
    causes: list[BaseException] = [error]
    while len(causes) < _MAX_CAUSES and (cause := causes[-1].__cause__ or causes[-1].__context__):
        causes.append(cause)
    for cause in causes:
        refusal = _refusal(cause)
        if refusal is not None:
            return model_error(refusal, secrets)
    names = " ".join(kind.__name__.lower() for cause in causes for kind in type(cause).__mro__)
    said = quoted(one_line(str(error)), secrets)
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    if "timeout" in names:
        return ModelTimeout(f"the model did not answer in time ({what})")
    if any(isinstance(cause, OSError) for cause in causes) or "connect" in names or "network" in names:
        return ModelUnreachable(f"the model cannot be reached ({what})")
    return ModelError(f"the LlamaIndex model failed ({what})")


def _key_of(owner: object) -> str:
    """The key that LlamaIndex's classes hold, by their custom, as `api_key`."""
    key = getattr(owner, "api_key", "")
    key = key.get_secret_value() if hasattr(key, "get_secret_value") else key
    return key if isinstance(key, str) else ""


def _refusal(error: BaseException) -> Refusal | None:
    response = getattr(error, "response", None)
    told = [getattr(error, name, None) for name in ("status_code", "status")]
    for status in (*told, getattr(response, "status_code", None)):
        if isinstance(status, int) and not isinstance(status, bool) and 100 <= status < 600:
            headers = getattr(response, "headers", None) or getattr(error, "headers", None)
            named = {str(name): str(headers[name]) for name in headers} if isinstance(headers, Mapping) else {}
            body = getattr(error, "body", None)
            return refusal_of(status, body if isinstance(body, Mapping | list) else str(error), named)
    return None


def _part(value: object, name: str) -> object:
    """A member of a mapping, or an attribute: SDKs hand out their replies as either."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _finish_of(response: ChatResponse) -> str:
    choices = _part(response.raw, "choices")
    first = choices[0] if isinstance(choices, Sequence) and choices else None
    for holder in (first, response.raw, response.message.additional_kwargs, response.additional_kwargs):
        for name in ("finish_reason", "stop_reason", "done_reason"):
            value = _part(holder, name)
            if value:
                # Some SDKs use an enumeration, whose name is the service's word.
                return str(getattr(value, "name", value))
    return ""


def _usage_of(response: ChatResponse) -> Mapping[str, object] | None:
    for holder in (_part(response.raw, "usage"), response.additional_kwargs, response.raw):
        counts = {name: _part(holder, name) for name in _COUNTS}
        if any(isinstance(count, int) for count in counts.values()):
            return counts
    return None


_COUNTS = (
    "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "prompt_eval_count", "eval_count",
)  # fmt: skip
