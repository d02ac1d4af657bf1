"""Questions how to do something."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese.words import (
    COLLOQUIAL_VERBS,
    FAULT,
    VERBS,
    gap_after,
    is_operation,
    is_thing,
    owned_by,
    plain_object,
    verb_and_object,
)
from kbbuilder.stages.expand.form import Wordings


def how_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """如何重置密码 / 智能门锁 L5 如何添加指纹 / 在 App 中怎么添加设备."""
    s, do = match["s"].rstrip("，, "), match["do"].strip()
    comma = "，" if match["s"].rstrip().endswith(("，", ",")) else ""
    if (
        len(do) < 2
        or re.search(r"如何|怎么|怎样", do)
        or re.match(r"[不没未无是的了样得会说算收才能可]|可以|能够", do)
        or do.endswith(("吗", "呢", "的", "好"))
    ):
        return
    verb, rest = verb_and_object(do)
    asked = match["how"]
    for how, style in (("怎么", "colloquial"), ("如何", "formal"), ("怎样", "colloquial")):
        if how not in asked:
            yield f"{s}{comma}{how}{do}？", style
    if do in VERBS or do in _ON_A_TOPIC:
        yield from _topic_and_verb(s, do, asked)
        return
    said = COLLOQUIAL_VERBS.get(verb)
    if said and len(rest) >= 2 and not re.match(r"[为成到在和与及、或]", rest):
        yield f"{s}{comma}怎么{said}{rest}？", "colloquial"
    fronted = verb and plain_object(rest)
    if fronted:
        yield f"{s}{owned_by(s)}{rest}怎么{verb}？" if not comma else f"{s}，{rest}怎么{verb}？", "colloquial"
    if not s:
        yield f"想{do}，该怎么操作？" if is_operation(verb) else f"想{do}，应该怎么做？", "situation"
        if len(do) <= 16:
            yield f"{do}的方法是什么？" if not re.search(r"[，,]", do) else f"{do}，有什么方法？", "formal"
        if len(do) <= 12 and fronted and verb in _BY_PROCEDURE:
            yield f"{do}{gap_after(do)}流程", "keyword"
        elif len(do) <= 12 and is_operation(verb) and not re.match(r"[为到成]", rest):
            yield f"{do}{gap_after(do)}步骤", "keyword"
    elif not comma and is_thing(s) and verb:
        yield (
            f"{s}{gap_after(s)}{do}的步骤是什么？" if is_operation(verb) else f"{s}{gap_after(s)}{do}的方法是什么？",
            "formal",
        )
        yield f"{s} {do}", "keyword"
    elif _is_condition(s):
        yield f"{s}想{do}，该怎么操作？", "situation"


_ON_A_TOPIC = frozenset(["获得", "计算", "使用", "充电", "收取"])
_BY_PROCEDURE = frozenset(
    ["申请", "预约", "办理", "报修", "购买", "领取", "兑换", "开具", "取消", "注销", "开通", "续费"]
)


def _topic_and_verb(s: str, do: str, asked: str) -> Wordings:
    """积分怎么获得 → 怎么获得积分."""
    if not is_thing(s) or ("的" in s and len(s) > 10):
        return
    if do == "计算":
        yield f"{s}{gap_after(s)}怎么算？", "colloquial"
        yield f"{s}{gap_after(s)}的计算方法是什么？", "formal"
        return
    if do not in ("充电", "收取"):
        yield f"怎么{do}{s}？", "colloquial"
        yield f"如何{do}{s}？", "formal"
        yield (
            f"想{do}{s}，该怎么操作？" if is_operation(do) and do != "获得" else f"想{do}{s}，应该怎么做？",
            "situation",
        )
    if do == "使用":
        yield f"{s}{gap_after(s)}怎么用？", "colloquial"
    yield f"{s}{gap_after(s)}的{do}方法是什么？", "formal"


def _is_condition(s: str) -> bool:
    return re.search(r"(?:后|时|之后|的时候)$", s) is not None


def heading(bare: str) -> Wordings:
    """重置密码 / 门锁无法开启 — a heading without a question word."""
    if any(word in bare for word in FAULT) and 4 <= len(bare) <= 40:
        yield f"{bare}怎么办？", "colloquial"
        yield f"{bare}是什么原因？", "colloquial"
        yield f"{bare}如何解决？", "formal"
        return
    verb, rest = verb_and_object(bare)
    if (
        not verb
        or not 2 <= len(rest) <= 14
        or re.search(
            r"(?:须知|要求|条件|记录|规定|范围|时间|费用|界面|按钮|选项|参数|方式|功能|权限|环境|模式|状态|列表"
            r"|结果|协议|周期|文件|工具|系统|服务|管理|说明|问题|指南|教程|策略|架构|项)$",
            bare,
        )
    ):
        return
    yield f"怎么{bare}？", "colloquial"
    yield f"如何{bare}？", "formal"
    if plain_object(rest):
        yield f"{rest}怎么{verb}？", "colloquial"
    yield f"想{bare}，该怎么操作？", "situation"
