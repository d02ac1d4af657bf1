"""Questions that are answered with yes or no."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese.words import gap_after
from kbbuilder.stages.expand.form import Wordings

_ASKS = re.compile(r"多少|多久|多长|多大|哪|几|什么|怎么|如何|怎样|谁|何时")


def can(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """可以修改收货地址吗 / 能不能退货 / 是否可以部署多个实例."""
    s, do = match["s"], match["do"]
    if (
        _ASKS.search(s + do)
        or do.startswith(("不", "没"))
        or s.endswith(("不", "只", "才", "也", "都", "就"))
        or len(do) < 2
    ):
        return
    if s.endswith("还"):
        yield f"{s}{'可以' if match['can'] == '能' else '能'}{do}吗？", "colloquial"
        yield f"{s}能不能{do}？", "colloquial"
        return
    for before, after, style in (
        ("可以", "吗", "colloquial"),
        ("能", "吗", "colloquial"),
        ("能不能", "", "colloquial"),
        ("是否可以", "", "formal"),
        ("可不可以", "", "colloquial"),
        ("能否", "", "formal"),
    ):
        if before == match["can"] and bool(after) == bool(match["ma"]):
            continue
        yield f"{s}{before}{do}{after}？", style
    if not s and len(do) <= 16:
        yield f"我想{do}，可以吗？", "situation"


def modal(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """支持七天无理由退货吗 / 需要接电吗 / 会结露吗 / 有保修吗."""
    s, verb, do = match["s"].rstrip(), match["v"], match["do"].strip()
    if (
        _ASKS.search(s + do)
        or s.endswith(("不", "没", "只", "才", "还", "也", "都", "就", "能", "可", "可以", "机", "社"))
        or len(f"{s}{do}") < 2
    ):
        return
    gap = gap_after(s) if s else ""
    if verb == "有":
        if not do or s.endswith(("没", "所", "具", "含", "拥", "享")):
            return
        yield f"{s}{gap}有没有{do}？", "colloquial"
        yield f"{s}{gap}是否有{do}？", "formal"
        yield f"{s}{gap}有{do}吗？", "colloquial"
        return
    yield f"{s}{gap}是否{verb}{do}？", "formal"
    yield f"{s}{gap}{verb[0]}不{verb}{do}？", "colloquial"
    yield f"{s}{gap}{verb}{do}吗？", "colloquial"
    if verb == "需要":
        yield f"{s}{gap}要不要{do}？", "colloquial"
    if verb == "支持" and s and do and len(do) <= 12:
        yield f"{s} {do} 支持吗", "keyword"


def whether(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """是否包邮 / 退货是否包邮."""
    s, do = match["s"].rstrip(), match["do"]
    if len(do) < 2 or do.startswith(("会", "有", "为")):
        return
    gap = gap_after(s) if s else ""
    yield f"{s}{gap}{do}吗？", "colloquial"
    yield f"请问{s}{gap}{do}吗？", "formal"


def is_it(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """安装是免费的吗."""
    s, what = match["s"], match["what"]
    if s.endswith(("不", "还", "只", "就", "都", "也", "但", "可", "于", "总")) or not s:
        return
    yield f"{s}是不是{what}？", "colloquial"
    yield f"{s}是否是{what}？" if not what.endswith("的") else f"{s}是否{what[:-1]}？", "formal"
