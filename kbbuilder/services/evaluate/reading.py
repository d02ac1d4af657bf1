"""Reading a user's own test set: JSON lines, each checked, what is malformed named with its line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kbbuilder.errors import ConfigError, PathNotFound
from kbbuilder.language.text import clean, detect_language
from kbbuilder.schema import Language


def _plain_language(value: object) -> object:
    return value[:2] if isinstance(value, str) else value


Lang = Annotated[Language | None, BeforeValidator(_plain_language)]
Text = Annotated[str, Field(min_length=1), BeforeValidator(lambda v: clean(v) if isinstance(v, str) else v)]


class Line(BaseModel):
    """A line of a test set; fields we do not know are the user's own business."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class QuestionLine(Line):
    """`answers` is empty when the documents do not answer the question."""

    question: Text
    answers: tuple[str, ...]
    id: str | None = None
    doc_id: str = ""
    lang: Lang = None
    answer_type: str = ""

    @property
    def language(self) -> Language:
        return self.lang or detect_language(self.question)


class FaqLine(Line):
    faq_id: Text
    question: Text
    similar: tuple[Text, ...] = ()


class QueryLine(Line):
    """`faq_id` is None when no entry answers the query."""

    query: Text
    faq_id: str | None


class PairLine(Line):
    a: Text
    b: Text
    label: Annotated[int, Field(ge=0, le=1)]


class GoldLine(Line):
    doc_id: Text
    question: Text
    answer: str
    optional: bool = False


class ManifestLine(Line):
    doc_id: Text
    files: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line that could not be used; `line` counts from 1."""

    file: str
    line: int
    reason: str


L = TypeVar("L", bound=Line)


@dataclass(frozen=True, slots=True)
class Lines(Generic[L]):
    """The good lines of a file in order, and what was wrong with the others."""

    kept: tuple[L, ...]
    problems: tuple[LineProblem, ...]


def read_lines(path: Path, kind: type[L]) -> Lines[L]:
    """All lines of a UTF-8 JSON Lines file; blank ones are passed over.

    Raises:
        PathNotFound: there is no such file.
        ConfigError: the file is not text, or not one line of it is usable.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PathNotFound(f"{path} does not exist") from error
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text: {error}") from error
    kept: list[L] = []
    problems: list[LineProblem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            kept.append(kind.model_validate(_object(line)))
        except (ValueError, RecursionError) as error:
            problems.append(LineProblem(path.name, number, _reason(error)))
    if not kept:
        first = f"; line {problems[0].line}: {problems[0].reason}" if problems else ""
        raise ConfigError(f"{path} holds no usable line{first}", hint="A test set has one JSON object a line.")
    return Lines(tuple(kept), tuple(problems))


def without_doubles(lines: Lines[L], keys: Sequence[str], file: str) -> Lines[L]:
    """The lines whose key (`keys` has one a line) has not come before; the others become problems, at line 0."""
    seen: set[str] = set()
    kept: list[L] = []
    problems = list(lines.problems)
    for line, key in zip(lines.kept, keys, strict=True):
        if key in seen:
            problems.append(LineProblem(file, 0, f"{key!r} comes twice; the first one counts"))
        else:
            seen.add(key)
            kept.append(line)
    return Lines(tuple(kept), tuple(problems))


def _object(line: str) -> Mapping[str, object]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg}"
    return str(error) or type(error).__name__
