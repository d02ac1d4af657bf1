"""`python -m tests.model_server --port 8099 --latency 2 --plan '{"shares": {"html_502": 0.05}, "seed": 1}'`."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

from tests.model_server.faults import Fault, FaultPlan, Rejection
from tests.model_server.server import ModelServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="model_server", description="A model service that fails as told.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the first line printed tells it")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a reply takes")
    parser.add_argument("--plan", default="{}", help="JSON, or a file of it: shares, seed, always, rejects")
    parser.add_argument("--log", type=Path, help="file for one JSON line a request")
    args = parser.parse_args()
    plan = json.loads(args.plan if args.plan.lstrip().startswith("{") else Path(args.plan).read_text(encoding="utf-8"))
    shares = {Fault(name): float(share) for name, share in plan.get("shares", {}).items()}
    server = ModelServer(
        port=args.port,
        latency_s=args.latency,
        plan=FaultPlan(shares, plan.get("seed", 0), plan.get("always", False)),
        rejects=frozenset(Rejection(name) for name in plan.get("rejects", [])),
        log=args.log,
    )
    asyncio.run(server.serve(lambda: print(server.base_url, flush=True)))


if __name__ == "__main__":
    main()
