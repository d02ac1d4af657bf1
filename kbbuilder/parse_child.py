"""The parse process: `python -m kbbuilder.parse_child`, one document a run, started by `adapters.fence`.

Takes its job as JSON on stdin, limits itself, cuts itself off the network, reads the document and writes a
`ParseOutcome` as JSON to the file the job names. Whatever happens in here, the parent only sees an outcome or an exit.
"""

from __future__ import annotations

import gc
import json
import math
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kbbuilder.config import ParseLimits
from kbbuilder.errors import Corrupt, DocumentError, EmptyDocument, ParseMemory, ParserCrashed, TooLarge

if TYPE_CHECKING:
    from kbbuilder.schema import ParsedDocument

_OPEN_FILES = 256
_SHARE_OF_TIME = 0.9
_NETWORK_EVENTS = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
     "socket.gethostbyaddr", "socket.getnameinfo"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParseJob:
    """What the parent asks for.

    `result_path` is where the outcome goes, `result_bytes` the most it may take; `page_mark` is a file to touch
    whenever a scanned page is begun, which allows for more time.
    """

    path: str
    name: str
    result_path: str
    result_bytes: int
    cpu_seconds: int
    limits: ParseLimits
    page_mark: str = ""

    @classmethod
    def from_json(cls, text: str) -> ParseJob:
        values = json.loads(text)
        return cls(**{**values, "limits": ParseLimits(**values["limits"])})


def main() -> int:
    job = ParseJob.from_json(sys.stdin.read())
    _limit(job)
    sys.addaudithook(_refuse_network)
    spare_collector()
    Path(job.result_path).write_text(_outcome_json(job), encoding="utf-8")
    return 0


def spare_collector() -> None:
    """Looks for garbage in rings seldom: a document is made of values that stay until the end, and going through them
    again and again takes a twentieth of the time."""
    gc.set_threshold(50_000, 20, 100)


def _limit(job: ParseJob) -> None:
    memory, longest = job.limits.memory_bytes, max(job.cpu_seconds, math.ceil(job.limits.max_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory + job.limits.ocr_memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (job.cpu_seconds, longest + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job.result_bytes, job.result_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _PageClock:
    """Gives a scanned page the time and memory that recognising it takes, as long as the document's own lasts."""

    def __init__(self, job: ParseJob) -> None:
        self._mark = job.page_mark
        self._seconds = job.limits.seconds_per_ocr_page
        # What is left after the last page goes into structure and result.
        self._end = time.monotonic() + _SHARE_OF_TIME * job.limits.max_seconds

    def __call__(self) -> bool:
        if time.monotonic() + self._seconds > self._end:
            return False
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        needed = math.ceil(time.process_time() + self._seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (min(max(soft, needed), hard), hard))
        _, memory = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if self._mark:
            Path(self._mark).touch()
        return True


def _refuse_network(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _NETWORK_EVENTS:
        raise PermissionError("a document may not reach the network")


def _outcome_json(job: ParseJob) -> str:
    from kbbuilder.schema import ParseOutcome

    try:
        return ParseOutcome(code="PARSED", reason="", document=_read(job)).model_dump_json()
    except DocumentError as error:
        problem = error
    except MemoryError:
        problem = ParseMemory(f"reading it needs more than {job.limits.memory_bytes // 2**20} MiB of memory")
    except RecursionError:
        problem = Corrupt("its parts are nested too deeply to be read")
    except Exception as error:  # the one place that catches broadly: no fault of a reader may pass without an outcome
        problem = ParserCrashed(f"its reader stopped with an unexpected {type(error).__name__}")
    # Outside the handlers: what the reader held is free again by now.
    return ParseOutcome(code=problem.code, reason=problem.message, hint=problem.hint).model_dump_json()


def _read(job: ParseJob) -> ParsedDocument:
    from kbbuilder.bootstrap import reader_for
    from kbbuilder.reading_notes import NoteCode, ReadingNote
    from kbbuilder.stages.parse.gate import MEDIA_TYPES, admit
    from kbbuilder.stages.parse.mark import finish

    path = Path(job.path)
    media_type = admit(path, job.name, job.limits)
    document = reader_for(media_type, _PageClock(job)).read(path, job.name)
    if not any(any(c.isalnum() for c in element.text) for element in document.elements):
        raise EmptyDocument("no text was found in the document")
    if len(document.elements) > job.limits.max_elements:
        raise TooLarge(f"the document has {len(document.elements)} elements; the limit is {job.limits.max_elements}")
    expected = MEDIA_TYPES.get(Path(job.name).suffix.lower())
    if expected is not None and expected != media_type:
        types = {"type": media_type, "named": expected}
        warning = ReadingNote(code=NoteCode.NAMED_AS_ANOTHER_TYPE, values=types)
        document = document.model_copy(update={"warnings": (*document.warnings, warning)})
    return finish(document)


if __name__ == "__main__":
    sys.exit(main())
