"""Questions where and who."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese.words import gap_after
from kbbuilder.stages.expand.form import Wordings


def where(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """在哪里查看序列号 / 序列号在哪里."""
    b, rest, asked = match["b"].rstrip(), match["rest"], match["where"]
    gap = gap_after(b) if b else ""
    at = match["at"] or ""
    for ask, style in (("哪里", "colloquial"), ("哪儿", "colloquial"), ("什么地方", "formal")):
        if ask != asked:
            yield f"{b}{gap}{at}{ask}{rest}？", style
    if not rest and at and b and not re.search(r"可以|能|应该|[放装写印接存]$", b):
        yield f"怎么找到{b}？", "colloquial"
        yield f"{b} 位置", "keyword"


def who(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """退货运费由谁承担."""
    x, do = match["x"].rstrip(), match["do"]
    yield f"{x}谁来{do}？", "colloquial"
    yield f"{x}是由谁{do}的？", "formal"
    if do in ("承担", "支付", "负担") and x.endswith(("费", "费用")):
        yield f"{x}谁出？", "colloquial"
        yield f"{x}需要我自己出吗？", "situation"
    yield f"{x} {do}方" if do in ("承担", "负责", "支付") else "", "keyword"
