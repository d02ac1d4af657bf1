"""Settings: defaults < kbbuilder.toml < environment < arguments.

`Settings` is frozen; `load_settings` is the only place that reads the environment or the settings file.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from kbbuilder.errors import ConfigError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What one document's parse process may use."""

    max_file_bytes: int = 200 * MIB
    memory_bytes: int = 1280 * MIB
    """Address space of the parse process."""
    base_seconds: float = 15.0
    """Wall clock for a small file."""
    seconds_per_mib: float = 4.0
    """Added for each MiB of the file."""
    max_seconds: float = 600.0
    seconds_per_ocr_page: float = 15.0
    """What recognising one scanned page may take. Each page begun allows for it, up to `max_seconds` in all; when
    those run out, the remaining pages are named in a warning."""
    ocr_memory_bytes: int = 512 * MIB
    """Address space added for text recognition, once a page needs it."""
    max_zip_entries: int = 20_000
    max_zip_ratio: float = 200.0
    max_unzipped_bytes: int = 1024 * MIB
    max_elements: int = 400_000

    def seconds_for(self, size_bytes: int) -> float:
        return min(self.max_seconds, self.base_seconds + self.seconds_per_mib * size_bytes / MIB)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person may set. Paths may be relative to the working folder."""

    db: str = "sqlite:///kbbuilder.db"
    collection: str = "default"
    engine: str = "auto"
    llm: str = "auto"
    model: str = ""
    actor: str = "operator"
    chunk_chars_zh: int = 1200
    chunk_chars_en: int = 3200
    faq_threshold: float = 0.42
    """An entry at or above this score answers. Measured on six sets in both languages: of questions of other trades it
    refuses 95 % and more, of out-of-scope ones of the same trade 86–96 %, of right ones 3–23 %."""
    passage_threshold: float = 0.28
    """A passage at or above this score answers. Measured on five question sets in both languages: it refuses 63–99 % of
    another set's questions (the more documents, the fewer) and at most 1.6 % of its own."""
    similar_per_entry: int = 6
    workers: int = 2
    limits: ParseLimits = ParseLimits()

    @property
    def data_dir(self) -> Path:
        """Where document bytes are kept: beside the SQLite file, `<name>-data`; else `kbbuilder-data` here."""
        prefix = "sqlite:///"
        if self.db.startswith(prefix) and self.db != prefix and ":memory:" not in self.db:
            path = Path(self.db.removeprefix(prefix))
            return path.with_name(path.stem + "-data")
        return Path("kbbuilder-data")


S = TypeVar("S", "Settings", ParseLimits)

_ENVIRONMENT = {
    "KBBUILDER_DB": "db",
    "KBBUILDER_COLLECTION": "collection",
    "KBBUILDER_ENGINE": "engine",
    "KBBUILDER_LLM": "llm",
    "KBBUILDER_MODEL": "model",
    "KBBUILDER_ACTOR": "actor",
}


def load_settings(environ: Mapping[str, str], folder: Path, **overrides: str | None) -> Settings:
    """The settings in force.

    Args:
        environ: the process environment.
        folder: where `kbbuilder.toml` is looked for.
        overrides: command-line arguments; None means "not given".

    Raises:
        ConfigError: the file is not TOML, names an unknown setting, or a value has the wrong type.
    """
    values: dict[str, Any] = _from_file(folder / "kbbuilder.toml")
    values |= {field: environ[name] for name, field in _ENVIRONMENT.items() if environ.get(name)}
    values |= {name: value for name, value in overrides.items() if value is not None}
    settings = Settings()
    limits = values.pop("limits", None)
    if limits is not None:
        settings = replace(settings, limits=_checked(ParseLimits(), limits, "limits."))
    settings = _checked(settings, values, "")
    if settings.engine not in ("auto", "structural", "llm"):
        raise ConfigError(f"engine is {settings.engine!r}; it must be auto, structural or llm")
    if "://" not in settings.db:
        raise ConfigError(f"db is {settings.db!r}; it must be an address such as sqlite:///kbbuilder.db")
    if not settings.collection.strip():
        raise ConfigError("collection is empty; give it a name")
    return settings


def settings_to_json(settings: Settings) -> str:
    """The settings on one line, for a child process."""
    return json.dumps(asdict(settings))


def settings_from_json(text: str) -> Settings:
    """What `settings_to_json` wrote."""
    values = json.loads(text)
    return Settings(**{**values, "limits": ParseLimits(**values["limits"])})


def _from_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def _checked(base: S, values: Mapping[str, Any], prefix: str) -> S:
    known = {f.name: getattr(base, f.name) for f in fields(base)}
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(f"unknown setting {prefix}{name}")
        default = known[name]
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(default):
            raise ConfigError(f"{prefix}{name} must be {type(default).__name__}, not {type(value).__name__}")
        changes[name] = value
    return replace(base, **changes)
