"""Chinese question forms: a standard question is read into its form and topic, and written in the like forms.

A form that does not fit for certain gives nothing: fewer wordings are better than broken ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kbbuilder.language.text import CJK
from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese_words import (
    COLLOQUIAL_VERBS,
    DURATIONS,
    FAULT,
    FEES,
    HOW_BIG,
    MEASURED,
    PRICES,
    SYNONYMS,
    TRADITIONAL,
    VERBS,
)

Wordings = Iterator[tuple[str, str]]


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str], PairKind | None], Wordings]


_LEAD = re.compile(r"^(?:\d+[.、．]\s*|请问[，,]?|你好[，,]?|您好[，,]?|我?想(?:问|知道)一?下?[，,]?)")
_END = re.compile(r"[？?。！!\s]+$")
_SEVERAL = re.compile(r"[？?。！!；;：:\n]|\.\s+[A-Z]")
_EDGE = re.compile(rf"(?<=[{CJK}])(?=[A-Za-z0-9`])|(?<=[A-Za-z0-9`%])(?=[{CJK}])")
_EDGE_BLANK = re.compile(rf"(?<=[{CJK}]) (?=[A-Za-z0-9`])|(?<=[A-Za-z0-9`%]) (?=[{CJK}])")
_SPACED = re.compile(rf"[{CJK}] [A-Za-z0-9`]|[A-Za-z0-9`%] [{CJK}]")


def wordings(question: str, kind: PairKind | None) -> Wordings:
    """(text, style) of other wordings, best first; nothing for texts of several sentences or of unknown form."""
    asked = question.rstrip().endswith(("?", "？"))
    bare = _END.sub("", _LEAD.sub("", question.strip()))
    if not bare or len(bare) > 60 or _SEVERAL.search(re.sub(r"`[^`]*`", "", bare)) or TRADITIONAL & set(bare):
        return
    spaced = _SPACED.search(bare) is not None
    for text, style in _written(bare, kind, asked):
        yield _joined(text, spaced or style == "keyword"), style


def _written(bare: str, kind: PairKind | None, asked: bool) -> Wordings:
    for form in _FORMS:
        match = form.pattern.fullmatch(bare)
        if match is not None:
            yield from form.write(match, kind)
            yield from _synonyms(bare, asked)
            return
    if not asked:
        yield from _heading(bare)


def _joined(text: str, spaced: bool) -> str:
    """The text with or without blanks between Chinese and Latin characters, as the question has them."""
    text = re.sub(r"\s+", " ", text).strip()
    text = _EDGE.sub(" ", text) if spaced else _EDGE_BLANK.sub("", text)
    return re.sub(r"\s+(?=[？。，])", "", text)


def _synonyms(bare: str, asked: bool) -> Wordings:
    for word, other in SYNONYMS:
        if word in bare and other not in bare:
            yield f"{bare.replace(word, other, 1)}{'？' if asked else ''}", "colloquial"


# -- how to -----------------------------------------------------------------------------------------------


def _how_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
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
    verb, rest = _verb_and_object(do)
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
    fronted = verb and _plain_object(rest)
    if fronted:
        yield f"{s}{_of(s)}{rest}怎么{verb}？" if not comma else f"{s}，{rest}怎么{verb}？", "colloquial"
    if not s:
        yield f"想{do}，该怎么操作？" if _is_operation(verb) else f"想{do}，应该怎么做？", "situation"
        if len(do) <= 16:
            yield f"{do}的方法是什么？" if not re.search(r"[，,]", do) else f"{do}，有什么方法？", "formal"
        if len(do) <= 12 and fronted and verb in _BY_PROCEDURE:
            yield f"{do}{_gap(do)}流程", "keyword"
        elif len(do) <= 12 and _is_operation(verb) and not re.match(r"[为到成]", rest):
            yield f"{do}{_gap(do)}步骤", "keyword"
    elif not comma and _is_thing(s) and verb:
        yield f"{s}{_gap(s)}{do}的步骤是什么？" if _is_operation(verb) else f"{s}{_gap(s)}{do}的方法是什么？", "formal"
        yield f"{s} {do}", "keyword"
    elif _is_condition(s):
        yield f"{s}想{do}，该怎么操作？", "situation"


_ON_A_TOPIC = frozenset(["获得", "计算", "使用", "充电", "收取"])
_BY_PROCEDURE = frozenset(
    ["申请", "预约", "办理", "报修", "购买", "领取", "兑换", "开具", "取消", "注销", "开通", "续费"]
)


def _topic_and_verb(s: str, do: str, asked: str) -> Wordings:
    """积分怎么获得 → 怎么获得积分."""
    if not _is_thing(s) or ("的" in s and len(s) > 10):
        return
    if do == "计算":
        yield f"{s}{_gap(s)}怎么算？", "colloquial"
        yield f"{s}{_gap(s)}的计算方法是什么？", "formal"
        return
    if do not in ("充电", "收取"):
        yield f"怎么{do}{s}？", "colloquial"
        yield f"如何{do}{s}？", "formal"
        yield (
            f"想{do}{s}，该怎么操作？" if _is_operation(do) and do != "获得" else f"想{do}{s}，应该怎么做？",
            "situation",
        )
    if do == "使用":
        yield f"{s}{_gap(s)}怎么用？", "colloquial"
    yield f"{s}{_gap(s)}的{do}方法是什么？", "formal"


def _verb_and_object(do: str) -> tuple[str, str]:
    verb = next((v for v in VERBS if do.startswith(v)), "")
    return verb, do[len(verb) :].strip() if verb else ""


def _plain_object(rest: str) -> bool:
    """A noun that can stand in front of its verb: short, without particles, coverbs and clauses."""
    return 2 <= len(rest) <= 12 and not re.search(
        r"[，,、的了过和与及或为成到在从给把被将向对并以后前时中里上下]|进行|一[个种次]|`", rest
    )


def _is_operation(verb: str) -> bool:
    return bool(verb) and verb not in (
        "购买",
        "联系",
        "咨询",
        "申请",
        "选择",
        "预约",
        "反馈",
        "投诉",
        "获取",
        "办理",
        "报修",
        "领取",
        "兑换",
        "优化",
        "加入",
    )


def _is_thing(s: str) -> bool:
    """A product or part in front of the question word, not a circumstance (在…, …后, 忘记…)."""
    return 2 <= len(s) <= 16 and not re.search(
        r"[，,后前时]$|^[在从用对给把将向当若如]|通过|忘|丢|想|要|可以|应该|之后|情况|用户|我|^首次|^初次|^长期", s
    )


def _is_condition(s: str) -> bool:
    return re.search(r"(?:后|时|之后|的时候)$", s) is not None


def _of(s: str) -> str:
    return "的" if s and not s.endswith(("中", "里", "上", "下", "内", "后", "时")) and _is_thing(s) else ""


def _gap(s: str) -> str:
    return "" if s and "\u4e00" <= s[-1] <= "\u9fff" else " "


def _heading(bare: str) -> Wordings:
    """重置密码 / 门锁无法开启 — a heading without a question word."""
    if any(word in bare for word in FAULT) and 4 <= len(bare) <= 40:
        yield f"{bare}怎么办？", "colloquial"
        yield f"{bare}是什么原因？", "colloquial"
        yield f"{bare}如何解决？", "formal"
        return
    verb, rest = _verb_and_object(bare)
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
    if _plain_object(rest):
        yield f"{rest}怎么{verb}？", "colloquial"
    yield f"想{bare}，该怎么操作？", "situation"


# -- trouble ------------------------------------------------------------------------------------------------


def _what_to_do(match: re.Match[str], kind: PairKind | None) -> Wordings:
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


def _handle(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """如何处理不兼容的 DDL 语句."""
    what = match["o"].strip()
    if not 2 <= len(what) <= 24:
        return
    yield f"{what}怎么处理？", "colloquial"
    yield f"遇到{what}怎么办？", "colloquial"
    yield f"{what} 处理方法", "keyword"


def _code(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """L5 显示 E01 是什么意思，怎么处理."""
    x = match["x"].strip()
    yield f"{x}{_gap(x)}怎么办？", "colloquial"
    yield f"{x}{_gap(x)}是怎么回事？", "colloquial"
    yield f"{x}{_gap(x)}代表什么，该如何处理？", "formal"
    yield f"{x}{_gap(x)}是什么故障？" if re.search(r"[A-Z]+-?\d+$", x) else f"{x}{_gap(x)}是什么意思？", "colloquial"
    yield re.sub(r"显示", " ", x), "keyword"


def _happens(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """逾期付款会怎么样."""
    c = match["c"].rstrip("，, ")
    yield f"{c}会有什么后果？", "formal"
    yield f"{c}会怎样？", "colloquial"
    if not c.startswith(("如果", "若", "假如", "要是")):
        yield f"如果{c}，会怎么样？", "situation"
    yield f"{c}会发生什么？", "colloquial"


def _why(match: re.Match[str], kind: PairKind | None) -> Wordings:
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


def _cause(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """净水器出水变小是什么原因."""
    c = match["c"].rstrip("，, 的")
    if len(c) < 3:
        return
    yield f"为什么{c}？", "colloquial"
    yield f"{c}是怎么回事？", "colloquial"
    yield f"{c}的原因有哪些？", "formal"
    yield f"{c} 原因", "keyword"


# -- what is --------------------------------------------------------------------------------------------------


def _definition(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """什么是虚位密码 / 虚位密码是什么意思."""
    x = (match["x"] or match["y"]).strip()
    if not 2 <= len(x) <= 30 or re.search(r"[，,]", x) or x.endswith(("都", "就", "还", "又", "也", "应该")):
        return
    gap = _gap(x)
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


def _use(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """X 有什么作用."""
    x = match["x"].rstrip()
    gap = _gap(x)
    yield f"{x}{gap}有什么用？", "colloquial"
    yield f"{x}{gap}是做什么用的？", "colloquial"
    yield f"{x}{gap}的作用是什么？", "formal"
    yield f"{x} 作用", "keyword"


def _difference(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """A 和 B 有什么区别."""
    a, link, b = match["a"].strip(), match["link"], match["b"].strip()
    if "，" in a + b:
        return
    pair = f"{a}{_gap(a)}{link}{b}" if not b[:1].isascii() else f"{a}{_gap(a)}{link} {b}"
    gap = _gap(b)
    yield f"{pair}{gap}有什么不同？", "colloquial"
    yield f"{pair}{gap}有什么区别？", "colloquial"
    yield f"{pair}{gap}的区别是什么？", "formal"
    yield f"{pair}{gap}有哪些不一样的地方？", "colloquial"
    yield f"{pair}{gap}区别", "keyword"


def _which(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """退货条件有哪些 / X 有哪些功能 / 支持哪些系统."""
    before, what = match["b"].rstrip(), match["w"]
    if len(before) < 2 or "，" in before:
        return
    gap = _gap(before)
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


def _which_of(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """支持哪些支付方式 / 退货需要提供哪些材料."""
    s, verb, what = match["s"].rstrip(), match["v"], match["w"].strip()
    if "，" in s:
        return
    gap = _gap(s) if s else ""
    yield f"{s}{gap}{verb}什么{what}？", "colloquial"
    yield f"{s}{gap}都{verb}哪些{what}？", "colloquial"
    if not re.search(r"[的和与]", what):
        yield f"{s}{gap}{verb}的{what}有哪些？", "formal"
        yield f"想了解一下{s}{gap}{verb}的{what}。", "situation"


def _rules(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """关于违约责任有哪些规定."""
    x = match["x"].strip()
    yield f"{x}是怎么规定的？", "colloquial"
    yield f"{x}有什么规定？", "colloquial"
    yield f"对{x}有哪些规定？", "formal"
    yield f"{x} 规定", "keyword"


# -- how much, how long -------------------------------------------------------------------------------------


def _how_much(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """L5 的额定电压是多少 / 客服热线是多少."""
    x = match["x"].strip()
    if len(x) < 2 or "，" in x or x.endswith(("大约", "大概", "一般", "最多", "最少", "至少", "应该")):
        return
    gap = _gap(x)
    if not match["be"] and not x.endswith(
        (*HOW_BIG, *DURATIONS, *FEES, *PRICES, "温度", "重", "率", "费", "度", "热线", "电话")
    ):
        yield f"{x}{gap}有多少？", "colloquial"
        yield f"请问{x}{gap}多少？", "formal"
        return
    owner, _, name = x.rpartition("的")
    owner = owner.strip()
    short = re.sub(r"\s*的\s*", " ", x, count=1) if owner and _gap(owner) else x.replace("的", "", 1) if owner else x
    if name in MEASURED and owner:
        yield (
            f"{owner}{_gap(owner)}有{MEASURED[name]}？" if name != "净重" else f"{owner}{_gap(owner)}净重多少？",
            "colloquial",
        )
    if x.endswith(HOW_BIG) and not re.search(r"指纹|密码|用户|卡|设备", x):
        yield f"{x}{gap}是多大？", "colloquial"
    if x.endswith(PRICES) and owner:
        yield f"{owner}{_gap(owner)}多少钱？", "colloquial"
        yield f"{owner}{_gap(owner)}怎么卖？", "colloquial"
    if x.endswith(FEES):
        yield f"{x}{gap}要多少钱？", "colloquial"
        yield f"{x}{gap}怎么收？", "colloquial"
    if x.endswith(DURATIONS):
        yield f"{x}{gap}是多久？", "colloquial"
        yield f"{x}{gap}有多长？", "formal"
    if x.endswith("温度"):
        yield f"{x}{gap}是多少度？", "colloquial"
    yield f"{short}{_gap(short)}是多少？" if short != x else f"{x}{gap}多少？", "colloquial"
    yield f"请告诉我{x}。" if x.endswith(("电话", "热线", "号码", "邮编")) else f"想了解一下{x}。", "situation"
    if owner:
        yield f"{owner} {name}", "keyword"


def _how_many(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """门锁可以存多少枚指纹 / 最多可以添加多少个用户."""
    s, most, can, verb, c, what = (match[g] or "" for g in ("s", "most", "can", "v", "c", "o"))
    if s.endswith(("不", "只", "才")) or "，" in s:
        return
    s = s.rstrip()
    gap = _gap(s) if s else ""
    yield f"{s}{gap}{most}{'能' if can == '可以' else '可以'}{verb}多少{c}{what}？", "colloquial"
    if not most:
        yield f"{s}{gap}最多能{verb}多少{c}{what}？", "colloquial"
    if what:
        yield f"{s}{gap}{_of(s)}{what}最多可以{verb}多少{c}？" if s else f"{what}最多可以{verb}多少{c}？", "formal"
        if verb in ("存", "添加", "设置", "连接", "保存", "登记", "录入", "绑定"):
            yield f"{s} {what}数量上限".strip(), "keyword"


def _has_many(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """年假有多少天."""
    x, c, what = match["x"].rstrip(), match["c"], match["o"]
    gap = _gap(x)
    yield f"{x}{gap}有几{c}{what}？", "colloquial"
    yield f"{x}{gap}一共有多少{c}{what}？", "colloquial"
    if not what:
        yield f"{x}{gap}是多少{c}？", "formal"


def _price(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """上门安装多少钱 / 上门清洗怎么收费."""
    x = match["x"].rstrip("，, 要")
    if len(x) < 2 or re.search(r"[在的]$|怎么|如何", x):
        return
    gap = _gap(x)
    yield f"{x}{gap}多少钱？", "colloquial"
    yield f"{x}{gap}怎么收费？" if not re.search(r"[费用]$", x) else f"{x}{gap}怎么算？", "colloquial"
    yield f"{x}{gap}的费用是多少？" if not x.endswith(("费", "费用")) else f"{x}{gap}是多少？", "formal"
    yield f"{x}{gap}收费标准" if not x.endswith("费") else f"{x}{gap}标准", "keyword"


def _how_long(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """质保期是多久 / 下单后多久发货 / 滤芯多久更换一次."""
    before, ask, rest = match["b"].rstrip(), match["ask"], match["rest"]
    if rest.startswith(("的", "以", "之")) or rest.endswith(("吗", "的")) or "，" in before + rest:
        return
    be = match["be"] or ""
    if ask == "多长" and (rest or not before.endswith(DURATIONS)):
        return
    gap = _gap(before) if before else ""
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


# -- yes or no --------------------------------------------------------------------------------------------------


_ASKS = re.compile(r"多少|多久|多长|多大|哪|几|什么|怎么|如何|怎样|谁|何时")


def _can(match: re.Match[str], kind: PairKind | None) -> Wordings:
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


def _modal(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """支持七天无理由退货吗 / 需要接电吗 / 会结露吗 / 有保修吗."""
    s, verb, do = match["s"].rstrip(), match["v"], match["do"].strip()
    if (
        _ASKS.search(s + do)
        or s.endswith(("不", "没", "只", "才", "还", "也", "都", "就", "能", "可", "可以", "机", "社"))
        or len(f"{s}{do}") < 2
    ):
        return
    gap = _gap(s) if s else ""
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


def _whether(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """是否包邮 / 退货是否包邮."""
    s, do = match["s"].rstrip(), match["do"]
    if len(do) < 2 or do.startswith(("会", "有", "为")):
        return
    gap = _gap(s) if s else ""
    yield f"{s}{gap}{do}吗？", "colloquial"
    yield f"请问{s}{gap}{do}吗？", "formal"


def _is_it(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """安装是免费的吗."""
    s, what = match["s"], match["what"]
    if s.endswith(("不", "还", "只", "就", "都", "也", "但", "可", "于", "总")) or not s:
        return
    yield f"{s}是不是{what}？", "colloquial"
    yield f"{s}是否是{what}？" if not what.endswith("的") else f"{s}是否{what[:-1]}？", "formal"


# -- where, who -------------------------------------------------------------------------------------------------


def _where(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """在哪里查看序列号 / 序列号在哪里."""
    b, rest, asked = match["b"].rstrip(), match["rest"], match["where"]
    gap = _gap(b) if b else ""
    at = match["at"] or ""
    for ask, style in (("哪里", "colloquial"), ("哪儿", "colloquial"), ("什么地方", "formal")):
        if ask != asked:
            yield f"{b}{gap}{at}{ask}{rest}？", style
    if not rest and at and b and not re.search(r"可以|能|应该|[放装写印接存]$", b):
        yield f"怎么找到{b}？", "colloquial"
        yield f"{b} 位置", "keyword"


def _who(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """退货运费由谁承担."""
    x, do = match["x"].rstrip(), match["do"]
    yield f"{x}谁来{do}？", "colloquial"
    yield f"{x}是由谁{do}的？", "formal"
    if do in ("承担", "支付", "负担") and x.endswith(("费", "费用")):
        yield f"{x}谁出？", "colloquial"
        yield f"{x}需要我自己出吗？", "situation"
    yield f"{x} {do}方" if do in ("承担", "负责", "支付") else "", "keyword"


_HOW = r"(?P<how>应该如何|应该怎么|该如何|该怎么|应如何|要怎么|如何|怎么样|怎样|怎么)"
_FORMS: tuple[_Form, ...] = tuple(
    _Form(re.compile(pattern), write)
    for pattern, write in (
        (r"(?P<x>.{2,30}?)\s?是什么意思[，,](?:该|应该)?(?:怎么|如何)(?:办|处理|解决)", _code),
        (
            r"(?P<c>.{3,40}?)(?P<how>(?:该|应该|要)?(?:怎么办|怎么处理|如何处理|怎样处理|怎么解决|如何解决|怎样解决))",
            _what_to_do,
        ),
        (r"(?:如何|怎么|怎样)处理(?P<o>.+)", _handle),
        (r"关于(?P<x>.{2,16})(?:有哪些|有什么)规定", _rules),
        (r"(?P<x>.{2,16})是(?:怎么|如何|怎样)规定的", _rules),
        (r"(?P<b>.{0,20}?)(?P<at>在)?(?P<where>哪里|哪儿|什么地方)(?P<rest>.{0,16})", _where),
        (r"(?P<c>.{2,30}?)会(?:怎么样|怎样|如何)", _happens),
        (r"(?P<x>.{2,24}?)(?:要)?(?:怎么收费|如何收费|多少钱|怎么收|怎么算)", _price),
        (rf"(?P<s>.{{0,24}}?){_HOW}(?P<do>.+)", _how_to),
        (r"(?P<c>.{3,30}?)(?:是|有)?什么原因(?:造成的|导致的|引起的)?", _cause),
        (r"(?P<s>.{0,16}?)(?P<why>为什么|为何|为啥)(?P<rest>.+)", _why),
        (r"(?P<x>.{2,24}?)(?:有什么|有何)(?:作用|用途|用处|用)", _use),
        (
            r"(?P<a>.{1,20}?)(?P<link>和|与|跟)(?P<b>.{1,20}?)(?:之间)?(?:有什么|有何|有哪些|的)(?:区别|不同"
            r"|差异|差别)(?:是什么)?",
            _difference,
        ),
        (r"(?:什么是|什么叫)\s?(?P<x>.+)|(?P<y>.{2,30}?)\s?(?:是什么意思|指的是什么|是指什么|是什么)", _definition),
        (r"(?P<b>.{2,24}?)(?P<have>有)(?:哪些|什么)(?P<w>[^，]{0,10})", _which),
        (
            r"(?P<s>.{0,20}?)(?P<v>需要提供|需要准备|支持|包含|提供|需要|适用于)(?:哪些|什么)(?P<w>[^，吗]{1,12})",
            _which_of,
        ),
        (r"(?P<x>.{2,30}?)(?P<be>是|为)?多少", _how_much),
        (
            r"(?P<s>.{0,20}?)(?P<most>最多|一共|总共)?(?P<can>可以"
            r"|能)(?P<v>[^多]{1,6}?)多少(?P<c>[个台张枚件人条位次组把节天])(?P<o>.{0,10})",
            _how_many,
        ),
        (r"(?P<x>.{2,16}?)有多少(?P<c>[天个次年])(?P<o>.{0,8})", _has_many),
        (r"(?P<b>.{0,24}?)(?P<be>是|为|需要|要|需|有)?(?P<ask>多久|多长时间|多长)(?P<rest>.{0,16})", _how_long),
        (
            r"(?P<s>.{0,20}?)(?<![功性智节可只才不就万都也])(?P<can>可不可以|能不能|是否可以|是否能够|能否"
            r"|可否|可以|能)(?![源量力耗效])(?P<do>.+?)(?P<ma>吗)?(?<!不可以)",
            _can,
        ),
        (
            r"(?P<s>.{0,20}?)(?<!技术)(?P<v>支持|需要|会(?![员议计话场费长所])|有(?![效限线关害机序])|兼容|包含"
            r"|提供|允许)(?P<do>.*?)吗",
            _modal,
        ),
        (
            r"(?P<s>.{0,20}?)是否(?P<v>支持|需要|会(?![员议计话场费长所])|有(?![效限线关害机序])|兼容|包含|提供"
            r"|允许)(?P<do>.*)",
            _modal,
        ),
        (r"(?P<s>.{0,20}?)是否(?P<do>.+)", _whether),
        (r"(?P<s>.{2,16}?)是(?P<what>[^不否]{2,12})吗", _is_it),
        (r"(?P<x>.{2,16}?)(?:应|是)?由谁(?:来)?(?P<do>.{2,6})", _who),
    )
)
