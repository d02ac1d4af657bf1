"""Which process holds a lease, and whether it still lives."""

from __future__ import annotations

import os
import socket
import uuid
from contextlib import suppress
from pathlib import Path


def new_owner() -> str:
    """A name for one run of this process, unlike any other's."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_gone(owner: str) -> bool:
    """Whether the process that goes by this name has ended, as far as this machine can tell."""
    host, pid, _ = owner.rsplit(":", 2)
    return host == socket.gethostname() and not process_lives(int(pid))


def process_lives(pid: int) -> bool:
    """Whether a process of this machine is alive; one that has ended and waits for its parent is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError):
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return status.rpartition(")")[2].split()[0] != "Z"
    return True
