"""Chinese questions out of headings, table labels and clauses. A function returns None when no natural one exists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import has_cjk
from kbbuilder.stages.extract import lexicon_zh as lex

_PUNCTUATION = re.compile(r"[，。；：！？,;:!?、]")
_SELF = re.compile(r"本机|本产品|本设备|本门锁|本品|该产品|本软件|本系统")


def mentions(text: str, subject: str) -> bool:
    """Whether the text names the subject or its telling part (model code, or its last four characters)."""
    if not subject:
        return True
    code = re.search(r"[A-Za-z]*\d[\w-]*|[A-Za-z][\w-]+", subject)
    if code and code.group(0).lower() in text.lower():
        return True
    plain = "".join(re.findall(r"[\u4e00-\u9fff]", subject))
    return bool(plain) and plain in text


def _spaced(left: str, right: str) -> str:
    """Two pieces joined, with a blank where a Latin letter or digit stands at the seam."""
    if left and right and (_latin(left[-1]) or _latin(right[0])) and right[0] not in "，。：；？！、）":
        return f"{left} {right}"
    return left + right


def _latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "`")


def _led(subject: str, text: str) -> str:
    """The text with the product in front, unless it names it."""
    text = _SELF.sub(subject, text) if subject else text
    return text if mentions(text, subject) else _spaced(subject, text)


def how_to(heading: str, parents: Sequence[str], subject: str, prose: str, steps: bool) -> str | None:
    """Such as "更换滤芯" → "净水器如何更换滤芯？"; "滤芯更换" → the same; "清洗方法" → "如何清洗净水器？"."""
    bare = _bare(heading)
    if not 2 <= len(bare) <= 30 or is_question(bare) or _PUNCTUATION.search(bare.replace("、", "")):
        return None
    task = _task(bare, steps)
    if task is not None and (not (steps or _tells_how(prose)) or task.endswith(lex.ABSTRACT)):
        return None
    if task is None:
        return _under_parent(bare, parents, subject) if steps and parents else None
    verb = _verb_at(task)
    if verb == task or all(_is_verb(part) for part in re.split(r"[和与及、/]", task)):
        noun = _object_of(parents, subject)
        if noun is None:
            return None
        if verb == task and task in (
            "使用",
            "安装",
            "清洗",
            "清洁",
            "更换",
            "拆卸",
            "组装",
            "保养",
            "维护",
            "启动",
            "关闭",
            "充电",
            "重置",
            "升级",
            "激活",
            "注册",
            "登录",
            "卸载",
            "购买",
            "配置",
            "部署",
            "存放",
            "搬运",
        ):
            return f"{noun}怎么充电？" if task == "充电" else f"如何{_spaced(task, noun)}？"
        return f"{_spaced(noun, '如何')}{task}？" if noun else None
    return f"{_led(subject, '如何' + _glue(task))}？" if not mentions(task, subject) else f"如何{_glue(task)}？"


_HOW = re.compile(
    r"请|您?可以?(?:通过|使用|用|在|按|将|把)|您?需要?先|点击|单击|双击|选择|输入|按住|按下|长按|打开|运行|执行|使用|创建|添加|安装|设置|修改|编辑|删除|命令|菜单|步骤|```|→|首先|然后|应当?|必须|只需"
)


def _tells_how(prose: str) -> bool:
    """Whether a text instructs: requests, key presses, commands, menu paths."""
    return _HOW.search(prose) is not None


def _glue(text: str) -> str:
    return f" {text}" if text and _latin(text[0]) else text


def _bare(heading: str) -> str:
    return re.sub(r"\s*[（(][^（）()]*[)）]\s*$", "", bare_heading(heading)).strip()


def _is_verb(text: str) -> bool:
    return text in lex.VERBS


def _verb_at(text: str) -> str | None:
    return next((v for v in lex.VERBS if text.startswith(v)), None)


def _task(bare: str, steps: bool) -> str | None:
    """The doing part of a heading ("清洗滤网方法" → "清洗滤网"), verb first; None when the heading names no task."""
    text = bare
    for tail in sorted(lex.NOMINAL_TAILS, key=len, reverse=True):
        if text.endswith(tail) and len(text) > len(tail):
            stripped = text[: -len(tail)].removesuffix("的")
            if _verb_at(stripped) or _ends_in_verb(stripped):
                text = stripped
            break
    for adverb in lex.ADVERBS:
        if text.startswith(adverb):
            rest = text[len(adverb) :]
            if _is_verb(rest):
                return None if adverb in ("首次", "初次") else f"进行{text}"
            return text if _verb_at(rest) and not rest.endswith((*lex.NOT_AFTER_VERB, *lex.NOMINAL_TAILS)) else None
    verb = _verb_at(text)
    if verb:
        rest = text[len(verb) :]
        if verb not in _SWITCHING and rest.endswith(lex.NOT_AFTER_VERB) and not steps:
            return None
        if rest in lex.NOT_AFTER_VERB or rest in lex.NOUN_MAKERS:
            return None
        if rest.startswith(("的", "后", "前", "时", "中", *lex.NOUN_MAKERS)) and not rest.startswith(
            ("管理", "线路", "量程", "点击")
        ):
            return None
        return text
    tail_verb = _ends_in_verb(text)
    if tail_verb and 2 <= len(text) - len(tail_verb) <= 10:
        noun = text[: -len(tail_verb)].removesuffix("的").strip()
        if (
            "的" in noun
            or noun.startswith(("不", "非", "无", "未"))
            or noun.endswith(("的", "后", "前", "不", "未", "无", "被", "可", "和", "与", "及"))
            or has_fault(noun)
        ):
            return None
        if noun.startswith(("从", "向", "在", "对", "用", "以", "通过", "使用", "与", "由", "进一步", "延伸", "扩展")):
            return text
        return _spaced(tail_verb, noun)
    return None


_SWITCHING = frozenset("开启 关闭 打开 启用 禁用 切换 进入 退出 添加 删除 修改 新增 创建 取消 管理".split())
"""Verbs that take modes, functions and rights as objects ("关闭常开模式")."""


def _ends_in_verb(text: str) -> str | None:
    return next((v for v in lex.TAIL_VERBS if text.endswith(v) and len(text) > len(v)), None)


def _object_of(parents: Sequence[str], subject: str) -> str | None:
    """What a bare verb acts on: the noun heading above it, else the product."""
    for parent in reversed(parents):
        text = _bare(parent)
        if (
            2 <= len(text) <= 10
            and not is_generic(text)
            and not _verb_at(text)
            and not _ends_in_verb(text)
            and not text.endswith((*lex.NOT_AFTER_VERB, "手册", "指南", "说明书", "政策", "协议"))
        ):
            return _led(subject, text) if subject and not mentions(text, subject) else text
    return subject or None


def _under_parent(bare: str, parents: Sequence[str], subject: str) -> str | None:
    """Steps under a noun ("前置滤芯") below a doing word ("更换滤芯", "清洗")."""
    parent = _task(_bare(parents[-1]), steps=True)
    if parent is None or is_generic(bare) or len(bare) > 14 or has_fault(bare):
        return None
    verb = _verb_at(parent)
    if verb is None:
        return None
    if verb == parent:
        return f"{_led(subject, '如何' + _glue(verb + bare))}？"
    return (
        f"{_led(subject, _spaced(bare, '下' if bare.endswith(('系统', '模式', '环境')) else ''))}如何{_glue(parent)}？"
    )


# -- trouble ----------------------------------------------------------------------------------------------------


def in_trouble(path: Sequence[str]) -> bool:
    """Whether the headings above name a troubleshooting section."""
    return any(word in heading for heading in path for word in lex.TROUBLE)


def has_fault(text: str) -> bool:
    """Whether the words speak of something that does not work."""
    return any(word in text for word in lex.FAULT)


def problem(heading: str, parents: Sequence[str], subject: str, prose: str) -> str | None:
    """Such as "门锁无法开启" → "智能门锁 L5 门锁无法开启怎么办？"."""
    bare = bare_heading(heading).rstrip("。！")
    if not 2 <= len(bare) <= 40 or is_question(bare) or is_generic(bare) or not has_cjk(bare):
        return None
    if re.search(r"(?:排除|排查|处理|说明|列表|代码|码表|分析|汇总|维修|解决方法|解决|指南|政策|条款)$", bare):
        return None
    verb = _verb_at(bare)
    if bare.startswith(("预防", "避免", "防止", "排除", "减少")):
        return None
    # "检查软件包中的错误" is a task; "登录失败" is not.
    if not (re.search(r"无法|不能|失败|异常|不了|不上|报错", bare[len(verb) :]) if verb else has_fault(bare)):
        return None
    return f"{_spaced(_led(subject, bare), '怎么办')}？"


# -- noun headings ------------------------------------------------------------------------------------------------

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


def noun(heading: str, parents: Sequence[str], subject: str, prose: str, *, policy: bool, listing: bool) -> str | None:
    """Such as "退款期限" → "退款期限是多久？"; in rules: "关于违约责任有哪些规定？"."""
    bare = _bare(heading)
    if (
        not 2 <= len(bare) <= 18
        or is_generic(bare)
        or is_question(bare)
        or _PUNCTUATION.search(bare)
        or not has_cjk(bare)
    ):
        return None
    for pattern, form in _KNOWN:
        if pattern.match(bare):
            if "{s}" in form and not subject:
                break
            return re.sub(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", " ", form.format(s=subject, h=bare))
    if re.match(r"^(?:首次|初次|第一次)使用(?:前|时)?(?:步骤|方法|说明|操作)?$", bare):
        return f"首次使用{_glue(subject)}时怎么操作？" if subject else "首次使用时怎么操作？"
    if (
        any("安全" in parent for parent in parents)
        and len(bare) <= 8
        and not _verb_at(bare)
        and bare[0] not in "将把被从在对与"
    ):
        return f"{_spaced('关于' + _glue(bare), '有哪些安全注意事项')}？"
    led = _possessive(subject, bare)
    if _verb_at(bare) and not policy and not bare.endswith(lex.NOT_AFTER_VERB):
        return None
    if bare.endswith(lex.ASK_HOW_LONG):
        return f"{led}是多久？"
    if bare.endswith(("模式", "功能")) and not policy and not _verb_at(bare):
        return f"{led}怎么使用？"
    if bare.endswith(lex.ASK_HOW_MUCH):
        return f"{led}是多少？"
    if policy and bare.endswith(("限制", "责任", "义务", "权利", "标准", "规定", "规则")):
        return f"{_spaced('关于' + _glue(bare.removesuffix('规定')), '有哪些规定')}？"
    if bare.endswith(lex.ASK_LIST) and (listing or policy):
        return f"{led}有哪些？"
    if bare.endswith(lex.ASK_WHAT):
        return f"{led}是什么？"
    if policy and len(bare) <= 14:
        return f"{_spaced('关于' + _glue(bare), '有哪些规定')}？"
    return None


def _possessive(subject: str, text: str) -> str:
    if not subject or mentions(text, subject):
        return text
    # "L5 不属于保修的情况": a second 的 would stumble.
    return _spaced(subject if "的" in text else _spaced(subject, "的"), text)


# -- terms, values, rows --------------------------------------------------------------------------------------------


def definition(term: str, plural: bool) -> str:
    """Such as "什么是扇区？"."""
    return f"什么是{_glue(re.sub(r'^一[个种款类]', '', term).strip())}？"


def meaning(term: str) -> str:
    """For glossary entries and icons."""
    return f"{_spaced(term, '是什么意思')}？"


def listed(names: Sequence[str]) -> str:
    """Names in a row: "X200、X300 和 X400"."""
    return names[0] if len(names) == 1 else _spaced(_spaced("、".join(names[:-1]), "和"), names[-1])


def value(name: str, cell: str, subject: str, prose: str) -> str:
    """A named value ("额定电压"): durations ask "多久", numbers "是多少", the rest "是什么"."""
    text = _without_unit(name)
    led = _possessive(subject, text)
    if text.endswith(lex.ASK_HOW_LONG):
        return f"{led}是多久？"
    named = re.search(
        r"(?:方式|类型|材质|颜色|接口|协议|型号|品牌|标准|等级|地址|格式|名称|邮箱|工艺|系列|热线|电话|供电|电源|连接)$",
        text,
    )
    if named or not re.match(r"\s*(?:约|默认|不|最|至少|≤|≥|<|>|±|[-+–]?[¥￥$]?\d)", cell):
        return f"{_spaced(led, '是什么')}？"
    return f"{_spaced(led, '是多少')}？"


def thing(heading: str, subject: str, opening: str) -> str | None:
    """A section about a tool, file or function whose first sentence says what it is for."""
    bare = _bare(heading)
    if not 2 <= len(bare.replace("`", "")) <= 24 or is_generic(bare) or is_question(bare) or _PUNCTUATION.search(bare):
        return None
    name = re.escape(bare.replace("`", ""))
    match = re.match(
        rf"^(?:(?:这个|该|此|本|这一?)[\u4e00-\u9fff]{{0,6}}|`?{name}`?\s*[\u4e00-\u9fff]{{0,4}})\s*(?:可以|主要|将|会|通常|是)?(?:{'|'.join(lex.PURPOSE_OPENERS)})",
        opening.replace("`", ""),
    )
    if match is None:
        return None
    kind = re.match(
        rf"^(?:这个|该|此|本|`?{name}`?\s*)(文件|命令|工具|选项卡|选项|参数|字段|功能|脚本|目录|程序|页面|按钮|计算器|模块|变量|面板|对话框|窗口)",
        opening,
    )
    named = _spaced(bare, kind.group(1)) if kind and not bare.endswith(kind.group(1)) else bare
    return f"{_spaced(_possessive(subject, named), '有什么作用')}？"


_MEASURE = re.compile(
    r"(?:价|价格|费|额|量|数|率|度|上限|下限|间|期|长|宽|高|重|限|寸|压|流|功率|天|次|个|%|折扣|比例|时长)$"
)


def row(entity: str, kind: str, columns: Sequence[str], cell: str, subject: str) -> str:
    """A row of a wide table: "基础版的价格和每月限额是多少？". See `english.row`."""
    names = [_without_unit(c) for c in columns]
    shown = listed(names)
    what = "分别是什么" if len(names) > 1 else "是什么"
    ask = "是多少" if all(_MEASURE.search(name) for name in names) else what
    noun = kind if kind in ("套餐", "版本", "型号", "档位") and not entity.endswith(("版", "套餐", "型")) else ""
    whose = _possessive(subject, entity + noun)
    led = (
        _spaced(whose, shown)
        if shown.startswith(("支持", "适用", "所需", "允许"))
        else _spaced(_spaced(whose, "的"), shown)
    )
    return f"{_spaced(led, ask)}？"


def names_an_offer(label: str) -> bool:
    """Whether a column's label says that its cells are plans, models or products. See `english.names_an_offer`."""
    return re.search(r"套餐|版本|型号|产品|商品|配件|项目|服务|等级|会员", label) is not None


_CONTROLS = re.compile(r"(?:菜单|对话框|面板|选项卡|工具栏|窗口|界面|页面|键盘|遥控器)$")


def holds_controls(heading: str) -> bool:
    """Whether a heading names a place with buttons and fields. See `english.holds_controls`."""
    return _CONTROLS.search(bare_heading(heading)) is not None


def _without_unit(label: str) -> str:
    return re.sub(r"\s*[\[(（].*?[\])）]\s*$", "", bare_heading(label)).strip()


def interval(task: str, about: str, subject: str, prose: str) -> str:
    """A row of a maintenance schedule. `about`: the column labels and the heading."""
    verb = next((v for v in _CARE if task.startswith(v)), None)
    if verb and task != verb:
        return f"{_led(subject, f'多久需要{task}一次')}？"
    gentle = re.search(r"清洁|清洗", about) and not re.search(r"维护|保养", about)
    done = "更换" if "更换" in about else "清洁" if gentle else "维护"
    return f"{_spaced(_possessive(subject, task), f'多久{done}一次')}？"


_CARE = ("清洗", "清洁", "更换", "检查", "润滑", "保养", "校准", "除垢", "消毒", "清理", "冲洗", "备份", "排水")


def code_row(label: str, kind: str, curable: bool, subject: str) -> str:
    """A row of an error-code or indicator table."""
    text = label if has_cjk(label) else f"显示 {label}"
    return f"{_spaced(_led(subject, text), '是什么意思')}{'，怎么处理' if curable else ''}？"


_KINDS = frozenset(
    "命令 选项 按钮 属性 参数 文件 软件包 程序 变量 字段 函数 图标 工具 菜单 设置 权限 角色 模式 按键 目录 路径 功能".split()
)


def does(name: str, kind: str, place: str, subject: str, heading: str, description: str) -> str:
    """A row of a table of commands, buttons, properties or files. See `english.does`."""
    noun = kind if kind in _KINDS and not name.endswith(kind) else ""
    if name.startswith("`") and not place:
        return f"{name} {noun}有什么作用？"
    if place:
        return (
            f"{place}“{name}”有什么作用？"
            if noun and place.endswith(noun)
            else f"{place}中的“{name}”{noun}有什么作用？"
        )
    if has_cjk(name) and len(name) <= 8 and re.search(r"[器锁键灯阀泵仪机表]$", name):
        return f"{_possessive(subject, name)}有什么作用？"
    return f"{_spaced(subject, '的') if subject and not mentions(name, subject) else ''}“{name}”{noun}有什么作用？"


def shortcut(action: str, subject: str) -> str:
    """A row of a table of actions with their keys."""
    return f"{_spaced(subject, '中') if subject else ''}“{action}”的快捷键是什么？"


def trouble_row(symptom: str, subject: str, prose: str) -> str | None:
    """A row of a troubleshooting table."""
    text = symptom.strip().rstrip("。；")
    if not 2 <= len(text) <= 50:
        return None
    return text if is_question(text) else f"{_led(subject, text)}怎么办？"


# -- clauses --------------------------------------------------------------------------------------------------------


def if_clause(clause: str, acts: bool, subject: str) -> str:
    """Such as "指示灯闪红" → "指示灯闪红怎么办？"."""
    text = re.sub(r"^(?:您|你|用户)的", "", clause)
    text = re.sub(r"^(?:您|你)", "我", text)
    return f"{_led(subject if not text.startswith('我') else '', text)}{'怎么办' if acts else '会怎么样'}？"


def purpose(verb_phrase: str, subject: str) -> str:
    """Such as "如需恢复出厂设置，请…" → "如何恢复出厂设置？"."""
    return f"{_led(subject, '如何' + _glue(verb_phrase))}？"
