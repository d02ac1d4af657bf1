"""A model file from a model hub: one HTTPS GET, continued by Range requests when it is cut."""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

from kbbuilder.errors import ModelDownload
from kbbuilder.model_files.catalogue import CatalogueModel
from kbbuilder.model_files.partial import PIECE, PartialFile

TIMEOUT_S = 20.0
"""For the connection, and for each read."""
ATTEMPTS = 3
"""So often in a row without a single byte; a connection that brings something starts the count again."""
_CUT = (OSError, http.client.HTTPException)


class _Refused(Exception):
    """The hub answered, and asking again would change nothing."""


def fetch_from_hub(
    model: CatalogueModel,
    partial: PartialFile,
    *,
    hub: str,
    progress: Callable[[int], None],
    pause_s: float = 2.0,
) -> None:
    """Append what is missing of the file.

    Args:
        hub: the hub's address, such as HF_ENDPOINT names it.
        progress: called with the bytes that are there.
        pause_s: between two attempts.

    Raises:
        ModelDownload: the hub cannot be reached, has no such file, or breaks off again and again.
    """
    address = f"{hub.rstrip('/')}/{model.hub_repository}/resolve/main/{model.hub_file}"
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise ModelDownload(f"{hub!r} is not the address of a hub", hint="Set HF_ENDPOINT to an https address.")
    partial.truncate(model.size_bytes)
    idle = 0
    while partial.size_bytes < model.size_bytes:
        before = partial.size_bytes
        fault: Exception | None = None
        try:
            _read(address, model, partial, progress)
        except _Refused as error:
            raise ModelDownload(f"{address}: {error}") from error
        except _CUT as error:
            fault = error
        idle = 0 if partial.size_bytes > before else idle + 1
        if idle == ATTEMPTS:
            reason = getattr(fault, "reason", fault) or "the reply was empty"
            raise ModelDownload(f"{address} cannot be read: {reason}") from fault
        if partial.size_bytes < model.size_bytes:
            time.sleep(pause_s)


def _read(address: str, model: CatalogueModel, partial: PartialFile, progress: Callable[[int], None]) -> None:
    """One request, from where the partial file ends; returns early when the connection is cut without an error."""
    start = partial.size_bytes
    request = urllib.request.Request(
        address, headers={"Range": f"bytes={start}-", "Accept-Encoding": "identity", "User-Agent": "kbbuilder"}
    )
    try:
        reply = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        with error:
            if error.code in (408, 429) or error.code >= 500:
                raise
            raise _Refused(f"HTTP {error.code} {error.reason}") from error
    with reply:
        if reply.status == 206:
            total = re.fullmatch(rf"bytes {start}-\d+/(\d+)", reply.headers.get("Content-Range", ""))
            size = int(total.group(1)) if total else -1
        else:  # no Range support: everything again
            size = int(reply.headers.get("Content-Length", model.size_bytes))
        if size != model.size_bytes:
            raise _Refused(f"the reply is not the file: {size} bytes, expected {model.size_bytes}")
        if reply.status != 206:
            partial.truncate(0)
        while partial.size_bytes < model.size_bytes and (
            piece := reply.read1(min(PIECE, model.size_bytes - partial.size_bytes))
        ):
            partial.append(piece)
            progress(partial.size_bytes)
