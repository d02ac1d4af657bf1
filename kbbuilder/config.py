"""Settings: defaults < kbbuilder.toml < environment < arguments.

`Settings` is frozen; `load_settings` is the only place that reads the environment or the settings file.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
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
class CallLimits:
    """How a build calls a model."""

    concurrency: int = 32
    """At most so many calls in flight; fewer while the service says that it is too much."""
    requests_per_minute: int = 0
    """0: no limit."""
    tokens_per_minute: int = 0
    """Input and output together; 0: no limit."""
    deadline_s: float = 120.0
    """Wall clock for one call, from the first byte sent to the last one read."""
    attempts: int = 4
    """So often a call is tried within a run before its document waits."""
    longest_wait_s: float = 20.0
    """A service that asks for a longer pause makes the document wait, not the call."""
    max_output_tokens: int = 2400
    budget: float = 0.0
    """What a build may cost, in the currency of the prices; 0: no limit. Calls in flight are still paid."""
    budget_tokens: int = 0
    """Input and output tokens that a build may use; 0: no limit."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs for a million tokens, in whatever currency the operator thinks in."""

    input: float
    output: float
    cached_input: float | None = None
    """Input tokens that the service had cached; None: as `input`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person may set. Paths may be relative to the working folder."""

    db: str = "sqlite:///kbbuilder.db"
    collection: str = "default"
    engine: str = "auto"
    llm: str = "auto"
    model: str = ""
    base_url: str = ""
    """Address of the OpenAI-compatible service; empty: the openai package's own."""
    cache: str = ""
    """Folder of what can be fetched again, such as model files; empty: the user's cache folder."""
    hub: str = "https://huggingface.co"
    """Address of the model hub that `kbbuilder model pull` asks."""
    local_threads: int = 0
    """Threads of a local model; 0: one for each core that is idle when it starts."""
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
    styles: str = "colloquial, formal, keyword, situation, typo"
    """Styles in which a model words similar questions, in this order. Unchanged, they are not asked of a local model,
    which takes minutes for few that are of use: the rules' stand alone."""
    second_pass: bool = True
    """Ask once more about the parts of a chunk that no pair of the first reply rests on."""
    round_trip: bool = False
    """Have the model answer each question from its chunk alone, and flag pairs whose answers differ."""
    judge: bool = False
    """Have the model judge each pair, and flag those it rejects."""
    workers: int = 2
    limits: ParseLimits = ParseLimits()
    calls: CallLimits = CallLimits()
    prices: Mapping[str, Price] = field(default_factory=dict)
    """By model name; they go before the ones that kbbuilder knows."""

    @property
    def data_dir(self) -> Path:
        """Where document bytes are kept: beside the SQLite file, `<name>-data`; else `kbbuilder-data` here."""
        prefix = "sqlite:///"
        if self.db.startswith(prefix) and self.db != prefix and ":memory:" not in self.db:
            path = Path(self.db.removeprefix(prefix))
            return path.with_name(path.stem + "-data")
        return Path("kbbuilder-data")


S = TypeVar("S", "Settings", ParseLimits, CallLimits)

_ENVIRONMENT = {
    "KBBUILDER_DB": "db",
    "KBBUILDER_COLLECTION": "collection",
    "KBBUILDER_ENGINE": "engine",
    "KBBUILDER_LLM": "llm",
    "KBBUILDER_MODEL": "model",
    "OPENAI_BASE_URL": "base_url",
    "KBBUILDER_ACTOR": "actor",
    "KBBUILDER_CACHE": "cache",
    "HF_ENDPOINT": "hub",
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
        settings = replace(settings, limits=_checked(ParseLimits(), _table(limits, "limits"), "limits."))
    calls = values.pop("calls", None)
    if calls is not None:
        settings = replace(settings, calls=_checked(CallLimits(), _table(calls, "calls"), "calls."))
    prices = values.pop("prices", None)
    if prices is not None:
        settings = replace(settings, prices=_prices(_table(prices, "prices")))
    settings = _checked(settings, values, "")
    if settings.engine not in ("auto", "structural", "llm"):
        raise ConfigError(f"engine is {settings.engine!r}; it must be auto, structural or llm")
    if settings.llm not in ("auto", "openai", "local", "none"):
        raise ConfigError(f"llm is {settings.llm!r}; it must be auto, openai, local or none")
    if settings.calls.concurrency < 1 or settings.calls.attempts < 1:
        raise ConfigError("calls.concurrency and calls.attempts must be at least 1")
    if settings.local_threads < 0:
        raise ConfigError("local_threads must be 0 (one for each idle core) or more")
    if "://" not in settings.db:
        raise ConfigError(f"db is {settings.db!r}; it must be an address such as sqlite:///kbbuilder.db")
    if not settings.collection.strip():
        raise ConfigError("collection is empty; give it a name")
    return settings


def api_key(environ: Mapping[str, str]) -> str:
    """The model service's key; "" without one. It is no setting: settings are shown, logged and handed to processes."""
    return environ.get("OPENAI_API_KEY", "").strip()


def settings_to_json(settings: Settings) -> str:
    """The settings on one line, for a child process."""
    return json.dumps(asdict(settings))


def settings_from_json(text: str) -> Settings:
    """What `settings_to_json` wrote."""
    values = json.loads(text)
    return Settings(
        **{
            **values,
            "limits": ParseLimits(**values["limits"]),
            "calls": CallLimits(**values["calls"]),
            "prices": {model: Price(**price) for model, price in values["prices"].items()},
        }
    )


def _from_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def _table(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{name} must be a table of settings")
    return value


def _prices(tables: Mapping[str, Any]) -> dict[str, Price]:
    """Such as `[prices."gpt-4o-mini"]` with `input`, `output` and, perhaps, `cached_input`."""
    known = {f.name for f in fields(Price)}
    prices = {}
    for model, table in tables.items():
        values = _table(table, f"prices.{model}")
        for name, value in values.items():
            if name not in known:
                raise ConfigError(f"unknown setting prices.{model}.{name}")
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ConfigError(f"prices.{model}.{name} must be a number, 0 or more")
        if not {"input", "output"} <= set(values):
            raise ConfigError(f"prices.{model} needs input and output, the price of a million tokens each")
        prices[model] = Price(**{name: float(value) for name, value in values.items()})
    return prices


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
