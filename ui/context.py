"""What a page stands on: the library of this process, and the person's own choices in this browser tab.

The library is opened once a process and shared, for it holds nothing of a person's. Everything a person chose, typed or
did lies in `st.session_state` under the keys named here; language, collection and name also stand in the page's
address, so that reloading the page keeps them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from kbbuilder.bootstrap import Library, open_library
from kbbuilder.config import Settings, load_settings
from kbbuilder.errors import KbError
from ui.labels import Labels

LANGUAGE = "language"
LANGUAGES = ("zh", "en")
COLLECTION = "collection"
REVIEWER = "reviewer"
MAX_NAME_CHARS = 60
FAILURE = "app.failure"
NOTICE = "app.notice"


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
    """The words of the chosen language."""
    return Labels(_chosen(LANGUAGE) or browser_language())


def browser_language() -> str:
    """What the browser asks for, as far as the app speaks it."""
    locale = st.context.locale or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def collection() -> str:
    """The chosen knowledge base; before a choice, the one in the settings."""
    return _chosen(COLLECTION) or settings().collection


def reviewer() -> str:
    """Who acts: the name given at the top of the page, else the one in the settings."""
    return _chosen(REVIEWER) or settings().actor


def restore_choices() -> None:
    """Takes over the choices that the page's address holds, when this tab has none yet: the page was reloaded.

    Streamlit's own binding of widgets to the address is not used: with it, `st.switch_page` fails.
    """
    for key in (LANGUAGE, COLLECTION, REVIEWER):
        if key not in st.session_state and key in st.query_params:
            st.session_state[key] = st.query_params[key][:MAX_NAME_CHARS]
    if st.session_state.get(LANGUAGE) not in LANGUAGES:
        st.session_state[LANGUAGE] = browser_language()


def keep_choices() -> None:
    """Puts the choices into the page's address, which loses them whenever another page is opened."""
    usual = {LANGUAGE: browser_language(), COLLECTION: settings().collection, REVIEWER: ""}
    for key, value in usual.items():
        chosen = _chosen(key)
        if chosen and chosen != value:
            if st.query_params.get(key) != chosen:
                st.query_params[key] = chosen
        elif key in st.query_params:
            del st.query_params[key]


def _chosen(key: str) -> str:
    return str(st.session_state.get(key) or "").strip()


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
