"""Questions out of table rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.text import has_cjk
from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.cells import inline, means_little
from kbbuilder.stages.extract.chinese.grammar import bare, glue, listed, names_a_thing, spaced
from kbbuilder.stages.extract.chinese.naming import inside, is_place, led, mentions, possessive

_NAMED_VALUE = re.compile(
    r"(?:方式|类型|材质|颜色|接口|协议|型号|品牌|标准|等级|地址|格式|名称|邮箱|工艺|系列|热线|电话|供电|电源|连接)$"
)
_BEGINS_WITH_A_NUMBER = re.compile(r"\s*(?:约|默认|不|最|至少|[低高大小少]于\s?\d|≤|≥|<|>|±|[-+–]?[¥￥$]?\d)")


def value(name: str, cell: str, subject: str, prose: str) -> str | None:
    """A named value ("额定电压"): durations ask "多久", numbers "是多少", the rest "是什么". None for a path or id of one
    machine that the table takes as its example."""
    if not subject and name.islower() and means_little(name):
        return None  # "lib" of no known system
    if not subject and re.fullmatch(r"(?:`[^`]*`[，,、 ]*)+(?:…|等)?", cell.strip()):
        return None
    if re.search(r"UUID=|/\S*\d+\.\d+\.\d+", cell) or (not subject and re.search(r"`[^`]*(?:/|=)[^`]*`", cell)):
        return None
    if re.search(r"」\s?[:：]", cell):
        return None  # a list of fields
    if re.search(r"[=<>!]", name) or name.upper() in ("TRUE", "FALSE", "NULL"):
        return None  # an expression and what comes of it
    if subject and len(cell) >= 2 and cell.strip().lower() in subject.lower():
        return None  # "型号：K9" of the 门锁 K9
    text = _without_unit(name)
    shown = possessive(subject, text)
    if text.endswith(lex.ASK_HOW_LONG):
        return f"{shown}是多久？"
    return f"{spaced(shown, _ask(text, cell))}？"


def _ask(name: str, cell: str) -> str:
    return "是什么" if _NAMED_VALUE.search(name) or not _BEGINS_WITH_A_NUMBER.match(cell) else "是多少"


_MEASURE = re.compile(
    r"(?:价|价格|费|额|量|数|率|度|上限|下限|限购|间|期|长|宽|高|重|限|寸|压|流|功率|天|次|个|%|折扣|比例|时长)$"
)
_SETTING = re.compile(r"^[\u4e00-\u9fffA-Za-z]{2,8}(?:环境|场景|模式)$")


def asks_together(columns: Sequence[str]) -> bool:
    """Whether one question may ask for all these columns: measures may ("价格和流量是多少"), unlike things may not."""
    return all(_MEASURE.search(_without_unit(name)) for name in columns)


def row(
    entity: str, kind: str, columns: Sequence[str], cell: str, subject: str, headings: Sequence[str] = ()
) -> str | None:
    """A row of a wide table: "基础版的价格和每月限额是多少？". See `english.row`.

    Args:
        headings: those above the table, outermost first; they say in what setting ("生产环境") a requirement holds.
    """
    if any(
        re.search(r"(?:常|变|向)量$|的.*日期$|^(?:该|此|本(?:产品|软件|程序|机))", bare(label)) for label in columns
    ):
        return None  # a name, or what only the page calls so
    if any(re.search(r"流行度|热度|下载量|排名|评分|星级", label) for label in columns):
        return None  # figures of a day
    required = any(re.search(r"(?:要求|需求)$", bare(heading)) for heading in headings)
    if required:
        return _requirement(entity, kind, columns, cell, subject, headings)
    # Unlike things of a row ("基本原理", "存在状态") mean nothing without the table, unless the row is an offer.
    measured = asks_together(columns) and not re.fullmatch(r"[a-z-]+", entity)
    if not (names_an_offer(kind) or measured or columns[0].startswith(_ALLOWS)):
        return None
    names = [_without_unit(c) for c in columns]
    shown = listed(names)
    what = "分别是什么" if len(names) > 1 else "是什么"
    ask = "是多少" if asks_together(columns) else what
    noun = kind if kind in ("套餐", "版本", "型号", "档位") and not entity.endswith(("版", "套餐", "型")) else ""
    sort = re.fullmatch(r"([\u4e00-\u9fff]{2,6}?)(?:类型|种类|类别)", kind)
    if sort and entity.isascii():
        # "标识符类型 | 最大长度": "Index" alone would be the thing, not its name.
        noun = sort.group(1)
    named = spaced(entity, noun) if noun else entity
    offered = names_an_offer(kind) and subject and not mentions(entity, subject) and not is_place(subject, "`")
    # "云盘个人版的价格": of two 的 the first stumbles.
    whose = spaced(subject, named) if offered else _of(subject, named)
    whole = spaced(whose, shown) if shown.startswith(_ALLOWS) else spaced(spaced(whose, "的"), shown)
    return f"{spaced(whole, ask)}？"


_ALLOWS = ("支持", "适用", "所需", "允许")


def _of(subject: str, entity: str) -> str:
    """A row's entity as the subject's; "TiX 中网关" rather than a second 的 in front of the column's."""
    if not subject or mentions(entity, subject):
        return entity
    return spaced(inside(subject).removesuffix("的"), entity) if is_place(subject, "`") else possessive(subject, entity)


def _requirement(
    entity: str, kind: str, columns: Sequence[str], cell: str, subject: str, headings: Sequence[str]
) -> str | None:
    """A row of a requirements table: "在 TiX 的生产环境中，网关的内存要求是多少？"."""
    entity = re.sub(r"\s*[（(][^（）()]{6,}[)）]\s*$", "", entity)
    if kind in ("组件", "节点", "模块", "服务", "实例") and entity.lower() == subject.lower():
        # The part that has the name of the whole.
        return _requirement(spaced(entity, kind), "", columns, cell, "", headings)
    if len(columns) > 1:
        shown = listed([_without_unit(c) for c in columns])
        ask = "分别是多少" if asks_together(columns) else "分别是什么"
    else:
        label = bare_heading(columns[0])
        remark = re.search(r"[（(]([^（）()]*(?:要求|最低|最大|最高|建议|推荐)[^（）()]*)[)）]", label)
        shown = _without_unit(label) + (f"的{remark.group(1)}" if remark else "")
        if shown.startswith(("支持", "适用")):
            on = "上" if re.search(r"系统|平台", kind) else "中"
            whole = spaced(spaced(spaced(subject, "在") if subject else "在", entity), on)
            return f"{spaced(whole, shown)}有哪些？"
        runs_on = re.search(r"系统|平台|浏览器", kind) and subject and not mentions(entity, subject)
        if runs_on and re.fullmatch(r"(?:最低|最高|所需|要求的?)?版本(?:要求)?", shown):
            return f"{spaced(spaced(spaced(subject, '对'), entity), '的')}{shown.removesuffix('要求')}要求是什么？"
        if runs_on:
            subject, entity = "", spaced(spaced(spaced(subject, "在"), entity), "上")
        if shown in ("版本", "版本号") and subject and not mentions(entity, subject):
            return f"{spaced(spaced(spaced(subject, '对'), entity), '的版本要求是什么')}？"
        if not re.search(r"要求|需求|最低|最大|最高|建议|推荐|使用率", shown):
            shown = spaced(shown, "要求")
        ask = "是什么" if "类型" in shown else _ask(shown, cell)
    setting = next((bare(h) for h in reversed(headings) if _SETTING.match(bare(h))), "")
    if not setting:
        return f"{spaced(spaced(spaced(_of(subject, entity), '的'), shown), ask)}？"
    of = "" if not subject or mentions(entity, subject) else glue(spaced(subject, "的"))
    return f"在{of}{setting}中，{spaced(spaced(spaced(entity, '的'), shown), ask)}？"


def names_an_offer(label: str) -> bool:
    """Whether a column's label says that its cells are plans, models or products. See `english.names_an_offer`."""
    return re.search(r"套餐|版本|型号|产品|商品|配件|项目|服务|等级|会员", label) is not None


_CONTROLS = re.compile(
    r"(?:菜单|对话框|面板|选项卡|工具栏|窗口|界面|页面|键盘|遥控器|视图|表达式|通配符|运算符|转义符|占位符)$"
)
_OWNED = re.compile(r"(?:属性|参数|字段|函数|变量|配置项|配置|选项|设置)$")
_OWNED_BY_NOBODY = re.compile(r"常见|常用|常规|全局|基本|通用|其[他它]|公共|默认|全部|所有|特殊|内[核置部]")
_LED_BY_A_PROGRAM = re.compile(r"^`?([A-Za-z][\w.+-]*)`?\s?的?[\u4e00-\u9fff]")


def _holds_controls(heading: str) -> bool:
    """Whether a heading names a place with buttons, keys or signs, or whose properties a table lists."""
    text = bare_heading(heading)
    if _CONTROLS.search(text) or _LED_BY_A_PROGRAM.match(text):
        return True
    return _OWNED.search(text) is not None and len(text) > 2


def _without_unit(label: str) -> str:
    return re.sub(r"\s*[\[(（].*?[\])）]\s*$", "", bare_heading(label)).strip()


def interval(task: str, about: str, subject: str, prose: str) -> str:
    """A row of a maintenance schedule. `about`: the column labels and the heading."""
    verb = next((v for v in _CARE if task.startswith(v)), None)
    if verb and task != verb:
        return f"{led(subject, f'多久需要{task}一次')}？"
    gentle = re.search(r"清洁|清洗", about) and not re.search(r"维护|保养", about)
    done = "更换" if "更换" in about else "清洁" if gentle else "维护"
    return f"{spaced(possessive(subject, task), f'多久{done}一次')}？"


_CARE = ("清洗", "清洁", "更换", "检查", "润滑", "保养", "校准", "除垢", "消毒", "清理", "冲洗", "备份", "排水")
_KINDS = frozenset(
    "命令 选项 按钮 配置 属性 参数 文件 软件包 程序 变量 字段 函数 图标 工具 菜单 设置 权限 角色 模式 按键 目录 路径 功能".split()
)
_KEY = re.compile(
    r"^`?(?:Ctrl|Alt|Shift|Esc|Tab|Enter|Home|End|PgUp|PgDn|Page ?(?:Up|Down)|Insert|Space|Backspace|Del|\^[A-Z]|F\d{1,2})(?:\b|$)",
    re.I,
)


_LONE_KEY = re.compile(
    r"`?(?:Home|End|PgUp|PgDn|PgDown|Page ?Up|Page ?Down|Tab|Enter|Esc|Space|Insert|Del|Delete|Backspace|空格|回车|退格|[向上下左右]+箭头|方向)`? ?键?",
    re.I,
)


def does(name: str, kind: str, heading: str, description: str, subject: str) -> str | None:
    """A row of a table of commands, buttons, properties or files. See `english.does`; 有什么作用 asks for any `description`."""
    if _OF_ONE_CASE.search(bare_heading(heading)) or _NO_NAME.search(name):
        return None
    kind = "文件" if kind.endswith("文件") else kind
    kind = re.sub(r"(?<=..)(?:名称?|项)$", "", kind) if kind not in _KINDS else kind
    noun = kind if kind in _KINDS and not name.endswith(kind) else ""
    place = bare_heading(heading) if _holds_controls(heading) else ""
    if _CONFIGURED.search(place) and noun not in _SAYS and not _LED_BY_A_PROGRAM.match(place):
        place = ""
    # "Width" or "-s" alone, of no known product and in no named window, may mean anything.
    if not place and (inline(name).startswith("-") or (not subject and means_little(name))):
        return None
    if re.fullmatch(r"`?([A-Za-z])\1+`?", name):
        return None  # "ZZZZ" stands for something
    if len(name) > 14 and has_cjk(name) and not name.startswith("`"):
        return None  # a phrase rather than a name
    if _FOR_SOME.match(bare_heading(heading)) or (not has_cjk(heading) and heading.count(" ") >= 3):
        return None  # keys for some work only, or of a part that was left in another language
    noun = "按键" if kind in ("快捷键", "热键") else noun
    if noun == "按键" and not _KEY.match(name):
        if (
            name.endswith("键")
            and not place
            and (is_place(subject, "`") or _OF_A_KEYBOARD.search(name))
            and subject
            and not names_a_thing(description)
        ):
            return f"{spaced(spaced('在', subject), '中')}按“{name}”有什么作用？"
        noun = ""
    program = _LED_BY_A_PROGRAM.match(place)
    if re.search(r"键 [\u4e00-\u9fff]", name):
        return None  # a key and where it is pressed
    if "() " in name or (name.rstrip("`").endswith(")") and "变量" in (noun or place)):
        return None  # two in one, a function among variables
    if re.search(r"(?:文件|格式|编码)到 ?[A-Za-z]", description) and not re.search(
        r"转换|工具|器|程序|导", description
    ):
        return None  # what is done from the one to the other, its row leaves out
    if re.match(r"(?:环境)?变量\s*[\"“`]", description):
        return None  # told of what the command prints
    thing = names_a_thing(description)
    if (thing and _OF_A_KEYBOARD.search(name)) or (len(name) > 40 and name.isascii() and not name.startswith("`")):
        return None
    if thing and (noun in _DOES or _KEY.match(name) or re.search(r"^`?[a-z][\w.-]+ ", name)):
        return None  # what a command or key does, its row does not say
    if thing and (not (noun or place or subject) or re.search(r"^[\"“”]?比|写的$", description.strip("。 "))):
        return None
    if not place and "的" not in subject and _LONE_KEY.fullmatch(name) and not re.search("键(?!盘)", heading):
        return None  # it does one thing here and another there
    if _KEY.match(name):
        where = program.group(1) if program else _within(subject, place) if place else subject
        pressed = f"{name.removesuffix('键').strip()} 键" if name.endswith("键") else f"{name} "
        return f"{spaced(spaced('在', where), '中')}按 {pressed}有什么作用？" if where else None
    # Below "硬件配置" a table of packages lists what belongs to nobody, a table of parameters what the heading owns.
    if place and _OWNED.search(place) and (noun in _SAYS or not _CONFIGURED.search(place)):
        return _property(name, noun, place, subject, _TELLS_VALUE.search(place) is not None or thing)
    if re.match(r"`?:[a-z]", name):
        # A command of an editor's or a debugger's own line.
        return f"在 {subject} 中，{name} 有什么作用？" if not thing and is_place(subject, "`") else None
    asked = _what_for(name, noun, place, subject)
    return _what(asked, noun, place, description) if asked and thing else asked


_OF_A_KEYBOARD = re.compile(r"(?:箭头|方向|空格|回车|退格|翻页|[上下左右])键$")
_FOR_SOME = re.compile(r"^用于.*(?:快捷键|功能键|热键)$")


_WINDOW = re.compile(r"^[^A-Za-z]*(?:菜单|对话框|面板|选项卡|工具栏|窗口|界面|页面|运算符)$")


def _within(subject: str, place: str) -> str:
    """A window of the program: "Orbix 的属性窗口"; the window alone when it has a name of its own in Latin letters."""
    if not subject or mentions(place, subject) or not _WINDOW.search(place) or not is_place(subject, "`"):
        return place
    if place in subject:
        return subject
    return spaced(spaced(subject, "的"), place)


_OF_ONE_CASE = re.compile(r"^(?:语法|参数|示例|例子|数值|返回值)$")
"""Headings of a function's arguments: what they list, only the function's name tells."""
_NO_NAME = re.compile(
    r"(?:命令|选项|Command|Cmd|Option|Opt)[ +）)]{0,2}(?:Ctrl|Alt)|CmdCtrl|OptionAlt|CommandT|\+\w+ F\d|#|^[_\\]|\.\.\.|, |，|[“”]|^[^`]*[{}]|[（(](?:Esc|Home|End|Shift|Ctrl)[）)]"
)
"""Keys that ran into each other, lists, codes and signs."""
_DOES = frozenset("命令 按键 按钮 菜单".split())
_SAYS = frozenset("参数 配置 字段 属性 变量 选项 设置".split())


def _what(asked: str, noun: str, place: str, description: str) -> str:
    """The question after a purpose made one after what a thing is, for a row that says only that."""
    if re.search(r"(?:提取|保护|优化|转换|过滤|监控|初始化|访问控制|压缩|校验|检查)$", description.rstrip("。 ")):
        return asked  # a doing
    if noun in _SAYS or re.search(r"(?:表达式|通配符|运算符|转义符|占位符)$", place):
        return asked.replace("有什么作用", "表示什么")
    if noun in ("文件", "目录"):
        ends = re.sub(r"[（(][^（）()]*[)）]", "", description).rstrip("。 ").endswith(noun)
        if noun == "文件" or ends:
            return asked.replace(f"{noun}有什么作用", f"是什么{noun}")
        return asked.replace("有什么作用", "里存放的是什么")
    return asked.replace("有什么作用", "是什么")


def _what_for(name: str, noun: str, place: str, subject: str) -> str | None:
    """The question after the purpose of something named in a row."""
    if not _CONTROLS.search(place) or _CONTROLS.fullmatch(place):
        place = ""
    place = _within(subject, place) if place else ""
    # A sign ("\\<") is one of the expressions, views or menus that the heading names, or it is nothing.
    if not place and not re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]{2}", name):
        return None
    if not place and not subject and not noun and re.fullmatch(r"`?[\w.-]+`?", name):
        return None
    if not place and not noun and re.fullmatch(r"[a-z]+|[A-Z]+_\w+|[a-z]+[A-Z]\w*", name):
        return None  # a constant or a word of a formula, of what, its table has told
    if not place and not noun and name.isascii() and re.fullmatch(r"[A-Z][\w.]*(?: [\w().]+)+", name):
        return None  # a label that was left untranslated
    plain = not re.search(r"[A-Za-z]{2}", bare(name)) and not _OF_A_DEVICE.search(name)
    short = noun in _SAYS and len(name) <= (6 if noun == "选项" else 3)
    if not place and plain and (not noun or short):
        return None  # "隐藏", "标准": every dialog has one
    owned = noun in _SAYS or noun == "函数" or (noun == "文件" and "/" not in name)
    if owned and not place and subject and not has_cjk(name) and not mentions(name, subject):
        # Another program may have a parameter or file of that name.
        quoted = name if name.startswith("`") or " " not in name else f"“{name}”"
        blank = " " if quoted.endswith(")") else ""
        return f"{spaced(spaced(inside(subject), quoted) + blank, noun)}有什么作用？"
    if name.startswith("`") and not place:
        if has_cjk(name) and not re.match(r"`[a-z][\w.-]* ", name):
            return f"{inside(subject)}“{name.strip('`')}”{noun}有什么作用？"
        if noun or "/" in name or " " in name or not subject:
            return f"{name} {noun}有什么作用？"
        return f"{inside(subject)} {name} 有什么作用？"
    if place:
        quoted = glue(f"{name} ") if name.startswith("`") and not has_cjk(name) else f"“{name.strip('`')}”"
        return (
            f"{place}“{name}”有什么作用？"
            if noun and place.endswith(noun)
            else f"{place}中的{quoted}{noun}有什么作用？"
        )
    if name.isascii() and (noun or " " in name) and (not subject or is_place(subject, "`")):
        return f"“{name}”{noun}有什么作用？" if " " in name else f"{name} {noun}有什么作用？"
    if has_cjk(name) and len(name) <= 8 and _OF_A_DEVICE.search(name):
        return f"{possessive(subject, name)}有什么作用？"
    return f"{inside(subject) if not mentions(name, subject) else ''}“{name}”{noun}有什么作用？"


_OF_A_DEVICE = re.compile(r"(?:[器锁键钮灯阀泵仪机表]|开关|插孔|接口)$")
_CONFIGURED = re.compile(r"(?:配置项|配置|选项|设置)$")
_TELLS_VALUE = re.compile(r"(?:属性|字段|变量)$")


def _property(name: str, noun: str, place: str, subject: str, says: bool) -> str:
    """What a property of something says, or a setting does: "焊盘的 `Net` 属性表示什么？", "布线的“吸附”设置有什么作用？"."""
    owner = _OWNED.sub("", place)
    if not owner or _OWNED_BY_NOBODY.search(owner):
        owner = ""
    noun = noun or re.sub(r"^配置项?$", "参数", _OWNED.findall(place)[0])
    quoted = name if name.startswith("`") else f"“{name}”"
    ask = "表示什么" if says else "有什么作用"
    whole = f"{spaced(spaced(spaced(owner, '的') if owner else '', quoted), noun)}{ask}？"
    where = (
        f"{spaced(spaced('在', subject), '中')}，"
        if is_place(subject, "`")
        else spaced(subject, "" if owner else "的")
        if subject
        else ""
    )
    return f"{where}{whole}" if where.endswith("，") else spaced(where, whole)


_MAX_ACTION = 24


def shortcut(action: str, subject: str) -> str:
    """A row of a table of actions with their keys."""
    named = action.rstrip("…. ")
    if len(named) > _MAX_ACTION:
        return ""  # a description rather than an action's name
    return f"{spaced(spaced('在', subject), '中') + '，' if subject else ''}“{named}”的快捷键是什么？"
