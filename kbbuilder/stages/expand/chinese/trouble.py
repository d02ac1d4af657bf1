"""Questions about what goes wrong."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese.words import FAULT, gap_after
from kbbuilder.stages.expand.form import Wordings


def what_to_do(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """门锁没电了怎么办 / 忘记密码怎么办 / 如何处理不兼容的语句."""
    clause, asked = match["c"].rstrip("，, 时"), match["how"]
    comma = "，" if match["c"].rstrip().endswith(("，", ",")) else ""
    if len(clause) < 3 or re.search(r"(?:(?<![反响])应|该|需|要|可以|又)$", clause):
        return
    fault = any(word in clause for word in FAULT)
    gone = re.fullmatch(r"(?P<a>.*?)(?:忘记|忘了)(?P<b>[^，了]{2,10})了?", clause)
    if gone and not gone["a"]:
        yield f"{gone['b']}忘了怎么办？", "colloquial"
        yield f"{gone['b']}忘记了该如何处理？", "formal"
        yield f"我忘了{gone['b']}，怎么办？", "situation"
    for ask, style in (
        ("怎么办", "colloquial"),
        ("怎么处理", "colloquial"),
        ("如何处理", "formal"),
        ("该怎么解决", "colloquial"),
    ):
        if ask[-2:] not in asked or (ask == "如何处理" and "如何" not in asked):
            if ask == "该怎么解决" and not fault:
                continue
            yield f"{clause}{'，' if ask.startswith('该') else comma}{ask}？", style
    if fault and not re.search(r"[，,]", clause) and len(clause) <= 24:
        yield f"{clause}是什么原因？", "colloquial"
        yield f"{clause}怎么回事？" if not clause.endswith("了") else f"{clause}是怎么回事？", "colloquial"
        if len(clause) <= 12 and not re.search(r"[我出的有了]", clause):
            yield f"出现{clause}的情况该如何解决？", "formal"
    if len(clause) <= 20 and not re.search(r"[，,我后]", clause):
        yield f"{re.sub('(?<=电)了$', '', clause)} {'解决办法' if fault else '处理方法'}", "keyword"
    elif comma or "，" in clause:
        yield f"{clause}，应该怎么做？", "situation"


def handle(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """如何处理不兼容的 DDL 语句."""
    what = match["o"].strip()
    if not 2 <= len(what) <= 24:
        return
    yield f"{what}怎么处理？", "colloquial"
    yield f"遇到{what}怎么办？", "colloquial"
    yield f"{what} 处理方法", "keyword"


def code(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """L5 显示 E01 是什么意思，怎么处理."""
    x = match["x"].strip()
    yield f"{x}{gap_after(x)}怎么办？", "colloquial"
    yield f"{x}{gap_after(x)}是怎么回事？", "colloquial"
    yield f"{x}{gap_after(x)}代表什么，该如何处理？", "formal"
    yield (
        f"{x}{gap_after(x)}是什么故障？" if re.search(r"[A-Z]+-?\d+$", x) else f"{x}{gap_after(x)}是什么意思？",
        "colloquial",
    )
    yield re.sub(r"显示", " ", x), "keyword"


def happens(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """逾期付款会怎么样."""
    c = match["c"].rstrip("，, ")
    yield f"{c}会有什么后果？", "formal"
    yield f"{c}会怎样？", "colloquial"
    if not c.startswith(("如果", "若", "假如", "要是")):
        yield f"如果{c}，会怎么样？", "situation"
    yield f"{c}会发生什么？", "colloquial"


def why(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """为什么门锁没反应 / 门锁没反应是什么原因."""
    s, rest = match["s"].rstrip("，, "), match["rest"]
    if len(rest) < 2:
        return
    clause = f"{s}{rest}"
    for ask, style in (("为什么", "colloquial"), ("为啥", "colloquial"), ("为何", "formal")):
        if ask not in match["why"]:
            yield f"{match['s']}{ask}{rest}？", style
    if not re.search(r"[，,`]|要|需要|应该|叫", clause) and len(clause) <= 24:
        yield f"{clause}是什么原因？", "colloquial"
        yield f"{clause}是怎么回事？", "colloquial"


def cause(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """净水器出水变小是什么原因."""
    c = match["c"].rstrip("，, 的")
    if len(c) < 3:
        return
    yield f"为什么{c}？", "colloquial"
    yield f"{c}是怎么回事？", "colloquial"
    yield f"{c}的原因有哪些？", "formal"
    yield f"{c} 原因", "keyword"
