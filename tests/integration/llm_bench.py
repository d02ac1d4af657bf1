"""Builds with the llm engine against the model server: documents of many sections, and a model that reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from kbbuilder.adapters.openai_chat import OpenAIChat
from tests.model_server import chunk_text, last_user_text

MODEL = "test-model"

_LINE = re.compile(r"^\[(\d+)\] (.+)$", re.M)
_DEVICES = ("pump", "valve", "fan", "sensor", "heater", "filter", "motor", "lamp", "relay", "switch")


def chat(base_url: str) -> OpenAIChat:
    return OpenAIChat(MODEL, base_url, "sk-test-key-of-nobody")


def manual(folder: Path, number: int, sections: int) -> Path:
    """A manual with so many sections, each with a fact of its own."""
    folder.mkdir(exist_ok=True)
    path = folder / f"manual{number:03d}.md"
    parts = [f"# Model {number:03d} service manual"]
    for section in range(sections):
        device = _DEVICES[section % len(_DEVICES)]
        code = f"M{number:03d}-{section:02d}"
        parts.append(
            f"## {device.capitalize()} {code}\n\n"
            f"The {device} {code} runs at {100 + section} volts and draws {section + 1} amperes from the mains.\n\n"
            f"Technicians replace the {device} {code} after {200 + section} hours of work."
        )
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


def read_like_a_model(request: Mapping[str, object]) -> str:
    """A pair for every sentence with a number in it; asked for similar questions, one more wording for each question."""
    schema = json.dumps(request.get("response_format") or {})
    if '"rows"' in schema:
        rows = [
            {"n": int(line.split(" ", 1)[0]), "formal": f"Could you tell me: {line.split(' ', 1)[1]}"}
            for line in last_user_text(request).splitlines()
            if line[:1].isdigit()
        ]
        return json.dumps({"rows": rows})
    pairs = []
    for number, text in _LINE.findall(last_user_text(request)):
        device = re.search(r"the (\w+ M\d{3}-\d{2})", text, re.I)
        if device:
            what = "What voltage does" if "volts" in text else "When do technicians replace"
            tail = " run at?" if "volts" in text else "?"
            pairs.append({"e": [int(number)], "q": f"{what} the {device[1]}{tail}"})
    return json.dumps({"pairs": pairs})


__all__ = ["MODEL", "chat", "chunk_text", "manual", "read_like_a_model"]
