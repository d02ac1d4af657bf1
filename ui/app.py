"""The app's main script: `streamlit run ui/app.py`. Draws the frame and runs the chosen page in it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from kbbuilder.errors import KbError
from ui import context
from ui.components import frame

HERE = Path(__file__).parent


def main() -> None:
    context.restore_choices()
    say = context.labels()
    st.set_page_config(page_title=say("app.title"), layout="wide", initial_sidebar_state="collapsed")
    st.html(HERE / "style.css")
    frame.translate_uploader(say)
    pages = {
        "documents": st.Page(HERE / "views/documents.py", title=say("nav.documents"), default=True, url_path="start"),
        "review": st.Page(HERE / "views/review.py", title=say("nav.review")),
        "ask": st.Page(HERE / "views/ask.py", title=say("nav.ask")),
    }
    # The first page stands at "/" alone; whoever types its name looks for it there.
    named = st.Page(HERE / "views/documents.py", title=say("nav.documents"), url_path="documents", visibility="hidden")
    page = st.navigation([*pages.values(), named], position="hidden")
    try:
        library = context.library()
        settings = context.settings()
        collections = sorted({settings.collection, context.collection(), *library.review.collections()})
        frame.header(say, pages, library.review.counts(context.collection()), collections, settings)
        context.keep_choices()
        frame.messages(say)
        page.run()
    except KbError as error:
        frame.failure(say, context.Failure(error.code, error.message, error.hint))


main()
