"""Questions that noun headings and terms stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import has_cjk
from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.chinese.answers import instructs, is_done_on_screen, only_claims, says_what
from kbbuilder.stages.extract.chinese.grammar import (
    ABOUT_THE_BOOK,
    OPTIONS,
    PUNCTUATION,
    bare,
    ends_in_verb,
    glue,
    is_only_verbs,
    spaced,
    task,
    verb_at,
)
from kbbuilder.stages.extract.chinese.naming import asked_how, context_in, inside, is_place, mentions, possessive

_KNOWN = (
    (re.compile(r"^(?:装箱|包装|物品)(?:清单|内容|明细)$"), "{s}的包装里有哪些东西？"),
    (
        re.compile(r"^(?:安全(?:须知|说明|注意事项|警告|提示)|重要安全(?:说明|须知)|注意事项|使用须知|使用注意事项)$"),
        "使用{s}有哪些注意事项？",
    ),
    (
        re.compile(r"^(?:(?:产品|主要)?(?:技术)?(?:参数|规格|指标)|产品规格|规格参数|技术数据)$"),
        "{s}的技术参数有哪些？",
    ),
    (re.compile(r"^(?:产品|主要)?(?:功能|特点|特性)(?:介绍|说明)?$"), "{s}有哪些功能特点？"),
    (
        re.compile(r"^(?:保修|质保|售后|保修政策|质保政策|保修条款|售后服务|售后政策|三包)(?:说明)?$"),
        "{s}的{h}是怎么规定的？",
    ),
    (re.compile(r"^(?:联系我们|联系方式|客服热线|客户服务|服务热线)$"), "如何联系客服？"),
    (re.compile(r"^(?:系统要求|运行环境|环境要求|安装环境|安装要求|安装条件)$"), "{s}的{h}是什么？"),
)
_ON_SAFETY = re.compile(
    r"^(?:重要|产品|使用)?安全(?:须知|说明|注意事项|警告|提示|信息|事项|使用|指南|规范|操作|指引)?$"
)
_SAYS_NOTHING = re.compile(
    r"^(?:(?:基本|一般|指导|其它?|其他|额外|主要|常见|总体|相关)?(?:的)?"
    r"(?:原则|机制|概念|原理|方式|结构|流程|格式|限制|要求|注意事项|须知|定义|作用|用途|目的|策略|功能|特点|特性|选项|命令|变量|内容|范围|规则|组成|"
    r"约定|类型|参数|模式|措施|文档|情况|步骤)(?:和|与|及)?)+$"
)
_LISTS_CODE = re.compile(r"^\s*(?:[-*]|\d+\.|\|)\s*[“\"]?`", re.M)
"""An item or row that begins with code: what a list of commands or variables is made of."""
_TIMES = re.compile(
    r"(?:营业|工作|服务|发货|配送|送达|处理|响应|办理|退款|到账|生效|开放|受理|保修|充电|使用|续航|等待|保存|保质|审核|退货|配货)时间$"
)


def noun(heading: str, parents: Sequence[str], subject: str, prose: str, *, policy: bool, listing: bool) -> str | None:
    """Such as "退款期限" → "退款期限是多久？"; in rules: "关于违约责任有哪些规定？"."""
    text = bare(heading)
    if (
        text.startswith(("其他", "其它", "更多"))
        or re.match(r"要(?!求|点|素|件|领)", text)
        or text.endswith("定义")
        or not 2 <= len(text) <= 18
        or is_generic(text)
        or is_question(text)
        or PUNCTUATION.search(text)
        or not has_cjk(text)
    ):
        return None
    for pattern, form in _KNOWN:
        if pattern.match(text):
            if text == "功能" and not listing:
                return None  # the box of a dialog as well as what a product can do
            if text == "参数" and not re.search(r"\d|[\u4e00-\u9fff]", subject):
                return None  # of a function or command: its arguments
            if "{s}" in form and not subject:
                if not policy:
                    return None
                break
            if "{s}" in form and (above := _narrower(parents, subject)):
                return _of_part(above, text, form, subject)
            return re.sub(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", " ", form.format(s=glue(subject), h=text)).strip()
    if re.match(r"^(?:首次|初次|第一次)使用(?:前|时)?(?:步骤|方法|说明|操作)?$", text):
        return f"首次使用{glue(subject)}时怎么操作？" if subject else "首次使用时怎么操作？"
    if (
        any(_ON_SAFETY.match(bare(parent)) for parent in parents)
        and len(text) <= 8
        and not verb_at(text)
        and text[0] not in "将把被从在对与"
        and not is_done_on_screen(prose)
    ):
        return f"{spaced('关于' + glue(text), '有哪些安全注意事项')}？"
    if verb_at(text) and not policy and not text.endswith(lex.NOT_AFTER_VERB):
        return None
    return _policy_topic(text, subject, prose, listing) if policy else _topic(text, parents, subject, prose, listing)


_AMOUNT = re.compile(r"\d[\d,.]*\s*(?:元|美元|%|％|‰|折|倍)|[¥￥$€]\s?\d|百分之|免费|免收|全额|实际支付")
_DURATION = re.compile(r"[\d一二三四五六七八九十两]+\s?(?:个)?(?:工作日|自然日|日|天|小时|分钟|周|星期|月|年)")


def _narrower(parents: Sequence[str], subject: str) -> str:
    """The heading above that says what part, model or work a heading such as "注意事项" is about, or "": all of the product."""
    above = bare(parents[-1]) if parents else ""
    if not above or is_generic(above) or _ON_SAFETY.match(above) or above in ("使用", "安全", "介绍", "附录"):
        return ""
    return "" if mentions(above, subject) or above in subject else above


def _of_part(above: str, text: str, form: str, subject: str) -> str | None:
    """The question for such a heading below another: "扩容 Orbix 时有哪些注意事项？", or None."""
    doing = task(above, steps=True)
    if not form.endswith("有哪些注意事项？"):
        # What a task requires is asked of the task, what a part has of the part.
        return (
            None if doing or PUNCTUATION.search(above) else f"{possessive(subject, spaced(above, '的') + text)}是什么？"
        )
    if doing is None:
        return None
    if is_only_verbs(doing[0]):
        return f"{spaced(spaced(doing[0], subject), '时有哪些注意事项')}？"
    asked = asked_how(doing[0], subject, "`").removesuffix("？")
    return f"{spaced(asked.replace('如何', '', 1), '时有哪些注意事项')}？"


def _policy_topic(text: str, subject: str, prose: str, listing: bool) -> str | None:
    shown = possessive(subject, text)
    if text.endswith(lex.ASK_HOW_LONG):
        return f"{shown}是多久？"
    if text.endswith(lex.ASK_HOW_MUCH) and _AMOUNT.search(prose):
        return f"{shown}是多少？"
    if text.endswith(lex.ASK_HOW_MUCH):
        return f"{spaced('关于' + glue(text), '有哪些规定')}？"  # who bears it, not how much it is
    if text.endswith("时间") and _DURATION.search(prose):
        return f"{shown}是多久？"
    if text.endswith(("限制", "责任", "义务", "权利", "标准", "规定", "规则")):
        return f"{spaced('关于' + glue(text.removesuffix('规定')), '有哪些规定')}？"
    if text.endswith(lex.ASK_LIST):
        return f"{shown}有哪些？"
    if text.endswith(lex.ASK_WHAT):
        return f"{shown}是什么？"
    return f"{spaced('关于' + glue(text), '有哪些规定')}？" if len(text) <= 14 else None


def _topic(text: str, parents: Sequence[str], subject: str, prose: str, listing: bool) -> str | None:
    if any(ABOUT_THE_BOOK.match(bare(heading)) for heading in (*parents, text)):
        return None
    if _SAYS_NOTHING.match(text):
        if is_done_on_screen(prose):
            return None  # a part of a dialog
        subject = subject or context_in(parents)
        if not subject:
            return None
    if text.endswith("注意事项") and parents and bare(parents[-1]) != subject:
        return None  # of which part or work?
    if any(_is_doing(part) for part in re.split(r"[和与及、]", text)[:-1]):
        return None  # "命令执行和环境变量": a doing and a thing, of which one question cannot ask
    inner = bool(parents) and not mentions(parents[-1], subject) and is_place(subject, "`")
    if parents and re.search(r"[A-Za-z)] ?(?:函数|语句|方法|运算符)", parents[-1]):
        return None  # of that function
    if inner and len(text) <= 4:
        return None  # "列类型" below "导入": of one dialog, not of the whole program
    if text.startswith(_LEADS_A_PHRASE) or re.search(r"用于|表示", text):
        return None  # "将数据用于信封": an option, no thing
    if text in lex.FORM_FIELDS and not (subject and _CONTACT.search(prose)):
        return None
    shown = possessive(subject, text)
    if text.endswith(lex.ASK_HOW_LONG):
        return f"{shown}是多久？" if _DURATION.search(prose) else None
    if text.endswith(("模式", "功能")) and not verb_at(text) and not re.search(r"[点单双]击|[转切]到|时|以", text):
        return f"{shown}怎么使用？" if instructs(prose) and not only_claims(prose) else None
    if text.endswith(lex.ASK_HOW_MUCH):
        return f"{shown}是多少？" if _AMOUNT.search(prose) else None
    if text.endswith("参数") and "| --- |" not in prose and len(_LISTS_CODE.findall(prose)) < 3:
        return None
    if text.endswith(("命令", "变量", "函数", "选项")) and len(_LISTS_CODE.findall(prose)) < 3:
        return None
    if text.endswith(lex.ASK_LIST) and listing and not _names_one(text):
        return f"{shown}有哪些？"
    if text.endswith("时间"):
        lasts = re.search(r"营业|工作|服务|开放|受理|办理", text) is None and _DURATION.search(prose)
        return (f"{shown}是多久？" if lasts else f"{shown}是什么？") if _TIMES.search(text) else None
    if text.endswith("设置") and len(OPTIONS.findall(prose)) >= 3:
        return f"{shown}有哪些选项？"
    # Of a principle or structure a long section tells more than one question asks.
    broad = _BROAD.search(text) and len(prose) > _SHORT
    if text.endswith(lex.ASK_WHAT) and not broad and says_what(text, prose):
        return f"{shown}是什么？"
    return None


_LEADS_A_PHRASE = (
    "将",
    "把",
    "使用",
    "用",
    "按",
    "仅",
    "只",
    "包括",
    "包含",
    "保持",
    "保留",
    "直接",
    "不",
    "自动",
    "从",
    "在",
    "随",
    "与",
    "为",
    "给",
    "对表",
    "对所",
    "对选",
)
_CONTACT = re.compile(r"\d{5,}|\d{3,}-\d|@|https?://|[路街道]\s?\d+|\d+\s?号")
"""A number, an address or a site to turn to, as against a field for one."""
_BROAD = re.compile(r"(?:原理|结构|架构|机制|策略|目的|定义|作用)$")
_SHORT = 400
"""Characters that one question may ask for as a whole."""


def _is_doing(part: str) -> bool:
    return ends_in_verb(part) is not None or part.endswith(("执行", "操作", "使用"))


def _names_one(text: str) -> bool:
    """Whether a heading names a single command, variable or case rather than a list of them."""
    return (
        re.match(r"^[\"“”$`a-z][^\u4e00-\u9fff]*(?:命令|变量|选项)$", text) is not None
        or re.search(r"(?:使用|运行|基本|占用|一般|总体)情况$", text) is not None
    )


# -- terms ----------------------------------------------------------------------------------------------------------


def definition(term: str, plural: bool) -> str:
    """Such as "什么是扇区？"; of a product's own term "KiCad 中的符号是什么？"."""
    if "的" in term:
        return f"{spaced(term, '是什么')}？"
    return f"什么是{glue(re.sub(r'^一[个种款类]', '', term).strip())}？"


def meaning(term: str, subject: str = "") -> str:
    """For glossary entries: "消费组" is one thing in this product and another in that; a Latin name is its own."""
    if re.search(r"[a-z] (?:and|or|of|the|to|for|with) ", term):
        return ""  # a label that was left in English
    named = f"{inside(subject)}{term}" if subject and not re.search(r"[A-Za-z]", term) else term
    return f"{spaced(term if mentions(term, subject) else named, '是什么意思')}？"


_KIND = r"文件|命令|工具|选项卡|选项|参数|字段|功能|脚本|目录|程序|页面|按钮|计算器|模块|变量|面板|对话框|窗口"


def thing(heading: str, subject: str, opening: str) -> str | None:
    """A section about a tool, file or function whose first sentence says what it is for."""
    text = bare(heading)
    if not 2 <= len(text.replace("`", "")) <= 24 or is_generic(text) or is_question(text) or PUNCTUATION.search(text):
        return None
    if is_only_verbs(text):
        return None  # a button
    name = re.escape(text.replace("`", ""))
    match = re.match(
        rf"^(?:(?:这个|该|此|本|这一?)(?P<kind>[\u4e00-\u9fff]{{1,6}}?)|`?{name}`?\s*(?P<more>[\u4e00-\u9fff]{{0,4}}?))\s*"
        rf"(?:可以|主要|将|会|通常|是)?(?:{'|'.join(lex.PURPOSE_OPENERS)})",
        opening.replace("`", ""),
    )
    if match is None:
        return None
    more = match.group("more") or ""
    if re.fullmatch("菜单|工具栏|选项卡|面板|对话框|窗口", more):
        return f"{spaced(possessive(subject, text + more), '包含什么' if '包含' in match.group(0) else '有什么作用')}？"
    if more in ("部分", "区域", "一栏", "页"):
        return None  # a part of a dialog that the page has named before
    if re.match(r"是一", match.group("more") or ""):
        return None  # "X 是一个用于…" defines X: its sentence is the answer, not its section
    # "该表有助于…" under "电气间距" tells of the table, not of the thing that the heading names.
    called = match.group("kind")
    if called and (task(text, steps=False) or _is_doing(text)):
        return None
    if called and not re.fullmatch(_KIND, called) and not text.endswith(called):
        return None
    kind = re.match(rf"^(?:这个|该|此|本|`?{name}`?\s*)({_KIND})", opening)
    if not subject and kind and kind.group(1) == "文件" and re.fullmatch(r"`?[a-z]+`?", text):
        return None  # of which program or format a file of the name `docs` is, only its page tells
    if not subject and not re.search(r"[A-Za-z]{2}", text):
        return None  # of which product?
    named = spaced(text, kind.group(1)) if kind and not text.endswith(kind.group(1)) else text
    # "虚拟域只包含别名" says what it is.
    holds = match.group(0).endswith("包含") and not called
    ask = ("包含什么" if named.endswith(("菜单", "工具栏")) else "是什么") if holds else "有什么作用"
    return f"{spaced(possessive(subject, named), ask)}？"
