"""A model service for tests and benchmarks: a real HTTP server that answers, delays and fails as told.

    with ModelServer(plan=FaultPlan({Fault.HTML_502: 0.1}, seed=1), latency_s=0.5) as server:
        model = OpenAIChat("test-model", server.base_url, "sk-test")

`server.records` tells every request, `server.answers` how often each prompt was answered (and paid for).
"""

from tests.model_server.answers import Responder, chunk_text, completion, last_user_text, respond
from tests.model_server.faults import Always, Call, Canned, Fault, FaultPlan, Plan, Rejection, Script, error_body
from tests.model_server.server import HUGE_BYTES, ModelServer, Record

__all__ = [
    "HUGE_BYTES",
    "Always",
    "Call",
    "Canned",
    "Fault",
    "FaultPlan",
    "ModelServer",
    "Plan",
    "Record",
    "Rejection",
    "Responder",
    "Script",
    "chunk_text",
    "completion",
    "error_body",
    "last_user_text",
    "respond",
]
