"""The process of a local model: `python -m kbbuilder.adapters.local_model_server JOB`, JOB being a `ServerJob` in JSON.

xllamacpp serves the OpenAI-compatible API from threads of its own. Once it answers, its address is printed as one line
of JSON. It ends when its standard input does, so it never outlives who started it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerJob:
    file: str
    model: str
    """The name under which the API offers it."""
    threads: int
    context_tokens: int
    """For each request."""
    slots: int
    """Requests at a time."""


def main(arguments: list[str]) -> None:
    job = ServerJob(**json.loads(arguments[0]))
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = job.file
    params.model_alias = {job.model}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = job.context_tokens * job.slots
    params.n_parallel = job.slots
    params.cpuparams.n_threads = job.threads
    params.cpuparams_batch.n_threads = job.threads
    params.n_gpu_layers = 0
    params.cache_ram_mib = 0  # else old prompts may take 8 GiB
    params.cors_origins = "http://127.0.0.1"  # else any page in the user's browser may use it
    params.endpoint_slots = False  # it shows prompts
    params.ui = False
    params.verbosity = 0
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        os._exit(1)
    print(json.dumps({"address": server.listening_address}), flush=True)
    sys.stdin.read()
    # Its destructor waits until every client has hung up, which one with a pool of connections may never do.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
