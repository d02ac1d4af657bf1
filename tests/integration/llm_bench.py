"""Builds with the llm engine against the model server: documents of many sections, and a model that reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from kbbuilder.adapters.openai_chat import OpenAIChat
from tests.model_server import chunk_text, last_user_text

MODEL = "test-model"

_LINE = re.compile(r"^(\d+) (.+)$", re.M)
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


_THINGS = (
    "boiler pump valve fan sensor heater filter motor lamp relay switch hinge gasket burner tank hose bracket cable panel "
    "bearing shaft piston coil fuse probe nozzle drum blade chain clutch gearbox impeller lens mirror plunger regulator "
    "rotor spindle thermostat tray"
).split()
_MAKES = (
    "copper steel brass nylon ceramic rubber glass silver bamboo carbon titanium marble velvet cork leather".split()
)
_FACTS = (
    ("The {x} weighs {n} kilograms without its packing.", "How much does the {x} weigh?"),
    ("Clean the {x} with warm water every {n} days.", "How often do I clean the {x}?"),
    ("The warranty of the {x} ends after {n} months.", "How long is the warranty of the {x}?"),
    ("Order a spare {x} under the number {n}-{m}.", "Under which number do I order a spare {x}?"),
    ("The {x} stands {n} degrees Celsius at most.", "What heat does the {x} stand?"),
    ("A trained technician fits the {x} in {n} minutes.", "How long does fitting the {x} take?"),
)


def varied_manual(folder: Path, number: int, sections: int) -> Path:
    """A manual whose facts hardly resemble those of another."""
    folder.mkdir(exist_ok=True)
    path = folder / f"varied{number:03d}.md"
    parts = [f"# Handbook of plant {number}"]
    for section in range(sections):
        place = number * sections + section
        thing = f"{_MAKES[place % len(_MAKES)]} {_THINGS[place // len(_MAKES) % len(_THINGS)]} of hall {place}"
        told = [_FACTS[(place + k) % len(_FACTS)][0].format(x=thing, n=place % 97 + 3, m=place) for k in range(2)]
        parts.append(f"## The {thing}\n\n" + "\n\n".join(told))
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


_ASKED = [
    (
        re.compile(re.escape(told).replace(r"\{x\}", "(.+?)").replace(r"\{n\}", r"\d+").replace(r"\{m\}", r"\d+")),
        question,
    )
    for told, question in _FACTS
]


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
        for told, question in _ASKED:
            if fact := told.match(text):
                pairs.append({"e": [int(number)], "q": question.format(x=fact[1])})
        device = re.search(r"the (\w+ M\d{3}-\d{2})", text, re.I)
        if device:
            what = "What voltage does" if "volts" in text else "When do technicians replace"
            tail = " run at?" if "volts" in text else "?"
            pairs.append({"e": [int(number)], "q": f"{what} the {device[1]}{tail}"})
    return json.dumps({"pairs": pairs})


__all__ = ["MODEL", "chat", "chunk_text", "manual", "read_like_a_model"]
