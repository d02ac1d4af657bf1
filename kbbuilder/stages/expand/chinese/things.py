"""Questions what something is, means, does or contains."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese.words import gap_after
from kbbuilder.stages.expand.form import Wordings


def definition(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """什么是虚位密码 / 虚位密码是什么意思."""
    x = (match["x"] or match["y"]).strip()
    if (
        not 2 <= len(x) <= 30
        or x[0] in "-–—.、）)"
        or re.search(r"[，,]", x)
        or x.endswith(("都", "就", "还", "又", "也", "应该"))
    ):
        return
    gap = gap_after(x)
    if match["y"] and "意思" not in match[0] and "指" not in match[0]:
        several = x.removesuffix("分别")
        if several != x or _is_attribute(x) or ("的" in x and kind is not PairKind.DEFINITION):
            yield from _asked_value(several)
            return
    yield f"{x}{gap}是什么意思？", "colloquial"
    yield f"{x}{gap}指的是什么？", "formal"
    if match["y"] and kind is not PairKind.DEFINITION:
        yield f"{x}{gap}代表什么？" if "意思" in match[0] else f"什么是{x}？", "formal"
    else:
        yield f"什么是{x}？", "formal"
        yield f"{x}{gap}是什么？", "colloquial"
    yield f"{x}{gap}是啥意思？", "colloquial"
    yield f"{x} 含义", "keyword"
    if kind is PairKind.DEFINITION:
        yield f"能解释一下{x}吗？", "situation"


_ATTRIBUTE = re.compile(
    r"(?:地址|方式|流程|政策|电话|号码|邮箱|原因|目的|原理|条件|要求|时间|标准|范围|热线|网址|规则|规定|密码"
    r"|型号|材质|颜色|接口|协议|功能|格式|步骤|方法|区别|关系|顺序|作用|用途|比例|尺寸|版本|架构|限制|系统|平台|等级"
    r"|类型|名称|内容|配置|参数|环境|默认值|状态|结果|影响|好处|优势|特点|措施|责任|含义)$"
)


def _is_attribute(x: str) -> bool:
    return _ATTRIBUTE.search(x) is not None


def _asked_value(x: str) -> Wordings:
    """P600 的安装方式是什么: a property of a thing."""
    yield f"想了解一下{x}。", "situation"
    if x.endswith(("流程", "政策", "原理", "规则", "规定", "标准")):
        yield f"{x}是怎样的？", "colloquial"
    if x.endswith(("作用", "用途")) and len(x) > 3:
        yield f"{x[:-2].rstrip('的 ')}有什么用？", "colloquial"
    if x.endswith(("区别",)):
        yield f"{x[:-2].rstrip('的 ')}有什么不同？", "colloquial"
    yield (
        f"请介绍一下{x}。"
        if x.endswith(("流程", "政策", "原理", "规则", "功能", "步骤", "方法"))
        else f"请告诉我{x}。",
        "formal",
    )
    if "的" in x:
        yield re.sub(r"\s*的\s*", " ", x, count=1), "keyword"


def use(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """X 有什么作用."""
    x = match["x"].rstrip()
    gap = gap_after(x)
    yield f"{x}{gap}有什么用？", "colloquial"
    yield f"{x}{gap}是做什么用的？", "colloquial"
    yield f"{x}{gap}的作用是什么？", "formal"
    yield f"{x} 作用", "keyword"


def difference(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """A 和 B 有什么区别."""
    a, link, b = match["a"].strip(), match["link"], match["b"].strip()
    if "，" in a + b:
        return
    pair = f"{a}{gap_after(a)}{link}{b}" if not b[:1].isascii() else f"{a}{gap_after(a)}{link} {b}"
    gap = gap_after(b)
    yield f"{pair}{gap}有什么不同？", "colloquial"
    yield f"{pair}{gap}有什么区别？", "colloquial"
    yield f"{pair}{gap}的区别是什么？", "formal"
    yield f"{pair}{gap}有哪些不一样的地方？", "colloquial"
    yield f"{pair}{gap}区别", "keyword"


def which(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """退货条件有哪些 / X 有哪些功能 / 支持哪些系统."""
    before, what = match["b"].rstrip(), match["w"]
    if len(before) < 2 or "，" in before:
        return
    gap = gap_after(before)
    if match["have"] and not what:
        yield f"{before}{gap}都有什么？", "colloquial"
        yield f"{before}{gap}包括哪些？", "formal"
        yield f"{before}{gap}有什么？", "colloquial"
        if not before.endswith(("的", "里", "中", "内")):
            yield f"想了解一下{before}。", "situation"
        yield re.sub(r"\s*的\s*", " ", before, count=1), "keyword"
    elif match["have"]:
        if what == "注意事项":
            yield f"{before}{gap}要注意什么？", "colloquial"
            yield f"{before}{gap}需要注意哪些问题？", "formal"
        else:
            yield f"{before}{gap}有什么{what}？", "colloquial"
            yield f"{before}{gap}都有哪些{what}？", "colloquial"
            if (
                not re.match(r"关于|对", before)
                and len(what) <= 6
                and not before.endswith(("时", "后", "前", "中", "里", "上"))
            ):
                yield f"{before}{gap}的{what}有哪些？", "formal"
        if not before.endswith(("里", "中", "内", "上", "时", "后")):
            yield f"{before} {what}".removeprefix("关于"), "keyword"


def which_of(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """支持哪些支付方式 / 退货需要提供哪些材料."""
    s, verb, what = match["s"].rstrip(), match["v"], match["w"].strip()
    if "，" in s:
        return
    gap = gap_after(s) if s else ""
    yield f"{s}{gap}{verb}什么{what}？", "colloquial"
    yield f"{s}{gap}都{verb}哪些{what}？", "colloquial"
    if not re.search(r"[的和与]", what):
        yield f"{s}{gap}{verb}的{what}有哪些？", "formal"
        yield f"想了解一下{s}{gap}{verb}的{what}。", "situation"


def rules(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """关于违约责任有哪些规定."""
    x = match["x"].strip()
    yield f"{x}是怎么规定的？", "colloquial"
    yield f"{x}有什么规定？", "colloquial"
    yield f"对{x}有哪些规定？", "formal"
    yield f"{x} 规定", "keyword"
