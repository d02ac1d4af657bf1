"""Questions how much, how many, how long and how often."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese.words import DURATIONS, FEES, HOW_BIG, MEASURED, PRICES, gap_after, owned_by
from kbbuilder.stages.expand.form import Wordings


def how_much(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """L5 的额定电压是多少 / 客服热线是多少."""
    x = match["x"].strip()
    if len(x) < 2 or "，" in x or x.endswith(("大约", "大概", "一般", "最多", "最少", "至少", "应该")):
        return
    gap = gap_after(x)
    if not match["be"] and not x.endswith(
        (*HOW_BIG, *DURATIONS, *FEES, *PRICES, "温度", "重", "率", "费", "度", "热线", "电话")
    ):
        yield f"{x}{gap}有多少？", "colloquial"
        yield f"请问{x}{gap}多少？", "formal"
        return
    owner, _, name = x.rpartition("的")
    owner = owner.strip()
    short = (
        re.sub(r"\s*的\s*", " ", x, count=1) if owner and gap_after(owner) else x.replace("的", "", 1) if owner else x
    )
    if name in MEASURED and owner:
        yield (
            f"{owner}{gap_after(owner)}有{MEASURED[name]}？"
            if name != "净重"
            else f"{owner}{gap_after(owner)}净重多少？",
            "colloquial",
        )
    if x.endswith(HOW_BIG) and not re.search(r"指纹|密码|用户|卡|设备", x):
        yield f"{x}{gap}是多大？", "colloquial"
    if x.endswith(PRICES) and owner:
        yield f"{owner}{gap_after(owner)}多少钱？", "colloquial"
        yield f"{owner}{gap_after(owner)}怎么卖？", "colloquial"
    if x.endswith(FEES):
        yield f"{x}{gap}要多少钱？", "colloquial"
        yield f"{x}{gap}怎么收？", "colloquial"
    if x.endswith(DURATIONS):
        yield f"{x}{gap}是多久？", "colloquial"
        yield f"{x}{gap}有多长？", "formal"
    if x.endswith("温度"):
        yield f"{x}{gap}是多少度？", "colloquial"
    yield f"{short}{gap_after(short)}是多少？" if short != x else f"{x}{gap}多少？", "colloquial"
    yield f"请告诉我{x}。" if x.endswith(("电话", "热线", "号码", "邮编")) else f"想了解一下{x}。", "situation"
    if owner:
        yield f"{owner} {name}", "keyword"


def how_many(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """门锁可以存多少枚指纹 / 最多可以添加多少个用户."""
    s, most, can, verb, c, what = (match[g] or "" for g in ("s", "most", "can", "v", "c", "o"))
    if s.endswith(("不", "只", "才")) or "，" in s:
        return
    s = s.rstrip()
    gap = gap_after(s) if s else ""
    yield f"{s}{gap}{most}{'能' if can == '可以' else '可以'}{verb}多少{c}{what}？", "colloquial"
    if not most:
        yield f"{s}{gap}最多能{verb}多少{c}{what}？", "colloquial"
    if what:
        yield f"{s}{gap}{owned_by(s)}{what}最多可以{verb}多少{c}？" if s else f"{what}最多可以{verb}多少{c}？", "formal"
        if verb in ("存", "添加", "设置", "连接", "保存", "登记", "录入", "绑定"):
            yield f"{s} {what}数量上限".strip(), "keyword"


def has_many(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """年假有多少天."""
    x, c, what = match["x"].rstrip(), match["c"], match["o"]
    gap = gap_after(x)
    yield f"{x}{gap}有几{c}{what}？", "colloquial"
    yield f"{x}{gap}一共有多少{c}{what}？", "colloquial"
    if not what:
        yield f"{x}{gap}是多少{c}？", "formal"


def price(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """上门安装多少钱 / 上门清洗怎么收费."""
    x = match["x"].rstrip("，, 要")
    if len(x) < 2 or re.search(r"[在的]$|怎么|如何", x):
        return
    gap = gap_after(x)
    yield f"{x}{gap}多少钱？", "colloquial"
    yield f"{x}{gap}怎么收费？" if not re.search(r"[费用]$", x) else f"{x}{gap}怎么算？", "colloquial"
    yield f"{x}{gap}的费用是多少？" if not x.endswith(("费", "费用")) else f"{x}{gap}是多少？", "formal"
    yield f"{x}{gap}收费标准" if not x.endswith("费") else f"{x}{gap}标准", "keyword"


def how_long(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """质保期是多久 / 下单后多久发货 / 滤芯多久更换一次."""
    before, ask, rest = match["b"].rstrip(), match["ask"], match["rest"]
    if rest.startswith(("的", "以", "之")) or rest.endswith(("吗", "的")) or "，" in before + rest:
        return
    be = match["be"] or ""
    if ask == "多长" and (rest or not before.endswith(DURATIONS)):
        return
    gap = gap_after(before) if before else ""
    once = re.fullmatch(r"(?:需要?|要|应该?)?(?P<do>[^一]{1,14})一次", rest)
    if once:
        do = once["do"]
        yield f"{before}{gap}隔多久{do}一次？" if before else f"隔多久{do}一次？", "colloquial"
        yield f"{before}{gap}{_other(ask)}{rest}？", "colloquial"
        if do in ("更换", "清洗", "维护", "保养", "清洁", "检查"):
            if before:
                yield (
                    f"{before}{gap}的{do}周期是多久？" if not before.endswith("的") else f"{before}{do}周期是多久？",
                    "formal",
                )
                yield f"{before} {do}周期", "keyword"
            if do == "更换":
                yield f"{before}{gap}{ask}换一次？", "colloquial"
        return
    if not rest:
        if be in ("是", "为"):
            yield f"{before}{gap}有多长？", "formal"
            yield f"{before}{gap}{ask}？", "colloquial"
            yield f"{before}{gap}是{_other(ask)}？", "colloquial"
            yield f"想了解一下{before}。", "situation"
            if "的" in before:
                yield re.sub(r"\s*的\s*", " ", before, count=1), "keyword"
        else:
            yield f"{before}{gap}{be}{_other(ask)}？", "colloquial"
            if be in ("需要", "要", "需"):
                yield f"{before}{gap}得多久？", "colloquial"
                yield f"{before}{gap}{'要' if be != '要' else '需要'}多久？", "colloquial"
                yield f"{before} 时间", "keyword"
            for word, other in (("可以", "能"), ("需要", "要"), ("能", "可以")):
                if not be and word in before:
                    yield f"{before.replace(word, other, 1)}{gap}{ask}？", "colloquial"
                    break
            else:
                if not be and re.search(r"(?<![需主重必只还想不])要(?!求|点|素)", before):
                    yield f"{re.sub('要', '需要', before, count=1)}{gap}{ask}？", "formal"
        return
    yield f"{before}{gap}{be}{_other(ask)}{rest}？", "colloquial"
    if re.match(r"发货|到账|到货|送达|生效|失效|过期|退款|恢复|回复|审核|上门|送到|寄出|完成", rest):
        if not be:
            yield f"{before}{gap}要多久才{'能' if rest[0] not in '失过' else '会'}{rest}？", "colloquial"
        yield f"{before}{gap}什么时候{'能' if rest[0] not in '失过' else '会'}{rest}？", "colloquial"
        if before:
            yield f"{before}{'' if before.endswith(('后', '前')) else ' '}{rest}时间", "keyword"


def _other(ask: str) -> str:
    return "多长时间" if ask == "多久" else "多久"
