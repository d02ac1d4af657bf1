"""Whole journeys in a real Chromium, against the app as it is started, with the real background worker."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from ui_desk import APP, MANUAL_EN, MANUAL_ZH

from kbbuilder.bootstrap import Library, open_library
from kbbuilder.config import Settings
from kbbuilder.schema import EntryStatus

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The running app on an empty library in `tmp_path`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | {"KBBUILDER_DB": f"sqlite:///{tmp_path}/kb.db", "PYTHONPATH": str(APP.parents[1])}
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    with (tmp_path / "app.log").open("w") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=log, stderr=log)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=15)
        stop_worker(tmp_path)
        log_text = (tmp_path / "app.log").read_text(encoding="utf-8", errors="replace")
        assert "Traceback" not in log_text, log_text[-4000:]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(Settings(db=f"sqlite:///{tmp_path}/kb.db")) as library:
        yield library


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the app has stopped"
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the app did not come up")


def stop_worker(folder: Path) -> None:
    """Ends the background worker of this test's database, by the id the database has for it."""
    connection = sqlite3.connect(folder / "kb.db")
    for (pid,) in connection.execute("SELECT pid FROM worker").fetchall():
        try:
            os.kill(pid, 15)
        except ProcessLookupError:
            continue
    connection.close()


def opened(browser: Browser, url: str, locale: str = "zh-CN") -> Page:
    page = browser.new_context(locale=locale, viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page.goto(url)
    page.wait_for_selector(".st-key-app-header")
    return page


def upload(page: Page, *files: tuple[str, str]) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/markdown", "buffer": text.encode()} for name, text in files]
    )


def queue(page: Page) -> Locator:
    return page.locator(".st-key-review-list button")


def question(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("标准问|Question"))


def test_upload_watch_review_approve_ask(browser: Browser, address: str, library: Library, tmp_path: Path) -> None:
    page = opened(browser, address)
    upload(page, ("门锁手册.md", MANUAL_ZH), ("x200-manual.md", MANUAL_EN))
    expect(page.get_by_text("已完成")).to_have_count(2)

    page.get_by_role("link", name="审核").click()
    queue(page).filter(has_text="忘记管理员密码怎么办").click()
    expect(question(page)).to_have_value("忘记管理员密码怎么办？")
    quote = page.locator(".st-key-review-side mark").filter(has_text="通过验证码重置管理员密码")
    expect(quote.first).to_be_visible()
    question(page).fill("忘记门锁管理员密码怎么办？")
    page.get_by_role("button", name="通过并看下一条").click()
    expect(queue(page).filter(has_text="忘记")).to_have_count(0)

    page.get_by_role("link", name="提问").click()
    expect(page.get_by_text("1 个已通过的条目可供回答")).to_be_visible()
    page.get_by_placeholder("像用户那样提问").fill("忘记门锁管理员密码怎么办")
    page.keyboard.press("Enter")
    expect(page.get_by_text("来自 FAQ 的回答")).to_be_visible()
    expect(page.locator(".st-key-ask-result").get_by_text("通过验证码重置管理员密码").first).to_be_visible()

    (entry,) = library.review.queue("default", status=EntryStatus.APPROVED).entries
    assert entry.question == "忘记门锁管理员密码怎么办？"


def test_every_page_has_an_address_that_can_be_typed(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    for name, shown in (("documents", "上传文档"), ("review", "待审核"), ("ask", "像用户那样提问")):
        page.goto(f"{address}/{name}")
        expect(page.get_by_text(shown).or_(page.get_by_placeholder(shown)).first).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_two_reviewers_and_one_entry_end_with_both_texts_shown(
    browser: Browser, address: str, library: Library
) -> None:
    entry = library.review.create("default", question="What is the warranty?", answer="Two years.", actor="t")
    first = opened(browser, f"{address}/review", "en-US")
    second = opened(browser, f"{address}/review", "en-US")
    expect(question(first)).to_have_value("What is the warranty?")
    expect(question(second)).to_have_value("What is the warranty?")
    question(second).fill("How long is the warranty?")
    second.get_by_role("button", name="Save").click()
    expect(queue(second).filter(has_text="How long is the warranty?")).to_have_count(1)

    question(first).fill("Is there a warranty?")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_text("Your text")).to_be_visible()
    expect(first.locator(".st-key-stale-mine")).to_contain_text("Is there a warranty?")
    expect(first.locator(".st-key-stale-theirs")).to_contain_text("How long is the warranty?")
    assert library.review.entry(entry.id).entry.question == "How long is the warranty?"

    first.get_by_role("button", name="Save mine on top").click()
    expect(question(first)).to_have_value("Is there a warranty?")
    assert library.review.entry(entry.id).entry.question == "Is there a warranty?"


def test_the_keyboard_approves_and_undoes_but_never_while_typing(
    browser: Browser, address: str, library: Library
) -> None:
    for n in range(3):
        library.review.create("default", question=f"Question number {n}?", answer=f"Answer {n}.", actor="t")
    page = opened(browser, f"{address}/review?language=en")
    expect(queue(page)).to_have_count(3)
    question(page).click()
    page.keyboard.type("a")
    page.locator(".kb-source, [data-testid=stTabs]").last.click()
    assert library.review.counts("default").by_status[EntryStatus.APPROVED] == 0
    page.get_by_role("button", name="Discard").click()

    page.keyboard.press("a")
    expect(queue(page)).to_have_count(2)
    page.keyboard.press("u")
    expect(queue(page)).to_have_count(3)
    assert library.review.counts("default").by_status[EntryStatus.PENDING] == 3


def test_the_language_stays_over_pages_and_a_reload(browser: Browser, address: str) -> None:
    page = opened(browser, address, "en-US")
    expect(page.get_by_role("link", name="Documents")).to_be_visible()
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("link", name="文档")).to_be_visible()
    page.get_by_role("link", name="提问").click()
    expect(page.get_by_placeholder("像用户那样提问")).to_be_visible()
    page.wait_for_url(re.compile("language=zh"))
    page.reload()
    expect(page.get_by_placeholder("像用户那样提问")).to_be_visible()
