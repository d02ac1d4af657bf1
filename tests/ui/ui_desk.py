"""The documents, the app and the questions that the tests of the browser app share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from streamlit.testing.v1 import AppTest

from kbbuilder.bootstrap import Library
from kbbuilder.schema import FaqEntry

APP = Path(__file__).parents[2] / "ui" / "app.py"

MANUAL_ZH = """# 智能门锁 L5 使用手册

## 常见问题

### 门锁电池可以用多久？

8 节 5 号电池在每天开锁 10 次的情况下约可使用 12 个月。

### 忘记管理员密码怎么办？

可以在手机 App 中通过验证码重置管理员密码。

## 如何恢复出厂设置

1. 取下电池盖，找到复位孔。
2. 用卡针按住复位孔 6 秒，听到提示音后松开。
3. 等待约 10 秒，门锁自动重启。
"""

FAQ_ZH = """# 客服常见问题

### 门锁电池可以用多久？

正常使用约 6 个月。
"""

MANUAL_EN = """# BrewMaster X200 manual

## Frequently asked questions

### How long is the warranty of the X200?

The warranty is 24 months from the date of delivery.

### Which water may I use?

Use cold tap water only. Never pour in <script>alert(1)</script> or $sparkling$ water.

## How to descale the machine

1. Fill the tank with 500 ml of water and one sachet of descaler.
2. Hold the steam button for 5 seconds until the lamp blinks.

| Water hardness | Cups between descaling |
| --- | --- |
| soft | 400 |
| hard | 100 |
"""

DOCUMENTS = {"门锁手册.md": MANUAL_ZH, "客服问答.md": FAQ_ZH, "x200-manual.md": MANUAL_EN}


@dataclass(frozen=True)
class Desk:
    """One test's library, and the app on it."""

    library: Library

    def app(self, page: str = "documents", language: str = "zh") -> AppTest:
        """The app after its first run on `page`."""
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["language"] = language
        at.run()
        if page != "documents":
            at.switch_page(f"views/{page}.py").run()
        return healthy(at)

    def find(self, text: str) -> FaqEntry:
        """The only entry with `text` in its question."""
        (entry,) = [e for e in self.library.review.queue("default", text=text).entries if text in e.question]
        return entry


def healthy(at: AppTest) -> AppTest:
    """The app, which has not stopped with an exception."""
    assert not at.exception, [e.value for e in at.exception]
    return at


def shown(at: AppTest) -> str:
    """All the text and HTML on the page."""
    parts = [
        str(getattr(e, "value", "")) for kind in ("markdown", "caption", "html", "subheader") for e in at.get(kind)
    ]
    parts += [e.proto.body for e in at.get("html")]
    return "\n".join([*parts, *(e.value for e in (*at.error, *at.warning, *at.info, *at.toast))])
