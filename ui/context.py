"""What a page stands on: the library of this process, and the person's own choices in this browser tab.

The library is opened once a process and shared, for it holds nothing of a person's. Everything a person chose, typed or
did lies in `st.session_state` under the keys named here; language, collection and name also stand in the page's address,
so that reloading the page keeps them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import streamlit as st

from kbbuilder.bootstrap import Library, open_library
from kbbuilder.config import Settings, load_settings
from kbbuilder.errors import KbError
from ui.labels import Labels

LANGUAGE = "language"
COLLECTION = "collection"
REVIEWER = "reviewer"
FAILURE = "app.failure"
NOTICE = "app.notice"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error on its way to the page: kept over the rerun that shows it."""

    code: str
    message: str
    hint: str


def settings() -> Settings:
    """The settings in force.

    Raises:
        ConfigError: the settings file or the environment is wrong.
    """
    return load_settings(os.environ, Path.cwd())


@dataclass(frozen=True, slots=True)
class _Opened:
    """A library, and what closes it."""

    library: Library
    close: Callable[[], None]


def library() -> Library:
    """The library of this process.

    Raises:
        ConfigError, StoreError: it cannot be opened.
    """
    return _opened(settings().db, settings()).library


@st.cache_resource(show_spinner=False, on_release=lambda opened: opened.close())
def _opened(db: str, _settings: Settings) -> _Opened:
    del db  # the key of the cache; the settings name it too
    stack = ExitStack()
    return _Opened(stack.enter_context(open_library(_settings)), stack.close)


def labels() -> Labels:
    """The words of the chosen language; before a choice, the browser's."""
    return Labels(st.session_state.get(LANGUAGE) or browser_language())


def browser_language() -> str:
    locale = st.context.locale or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def collection() -> str:
    return str(st.session_state.get(COLLECTION) or settings().collection)


def reviewer() -> str:
    """Who acts: the name given at the top of the page, else the one in the settings."""
    return str(st.session_state.get(REVIEWER) or "").strip() or settings().actor


def attempt(work: Callable[[], T]) -> T | None:
    """The result of `work`; None when it failed, and the failure is shown on the next run."""
    try:
        return work()
    except KbError as error:
        fail(error)
        return None


def fail(error: KbError) -> None:
    st.session_state[FAILURE] = Failure(error.code, error.message, error.hint)


def fail_with(code: str, message: str) -> None:
    """A failure that has words of its own on the page."""
    st.session_state[FAILURE] = Failure(code, message, "")


def notify(text: str) -> None:
    """Says `text` in passing on the next run."""
    st.session_state[NOTICE] = text


def taken(key: str) -> object | None:
    """The value under `key`, removed."""
    value: object | None = st.session_state.pop(key, None)
    return value
