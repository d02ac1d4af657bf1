"""How-to questions: headings that name a task, and purposes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import has_cjk
from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.chinese.answers import (
    begins_nowhere,
    defines,
    instructs,
    is_done_on_screen,
    only_claims,
)
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
from kbbuilder.stages.extract.chinese.naming import asked_how, context_in, is_place, led, mentions
from kbbuilder.stages.extract.chinese.scope import Scope, by_keyboard, scope_of, when_asked
from kbbuilder.stages.extract.statement import Statement

_INSTRUCTS = re.compile(
    r"```|请(?!参|随时|查看|访问|阅读|注意|记住)|点击|单击|双击|右键|按住|按下|长按|输入|首先|然后|接着|最后|执行|编辑|打开|选择|勾选|取出|取下|拧|插入|切断|断开|关闭|拔|放入|倒|"
    r"冲洗|擦|可以?(?:通过|使用|用|按|在)|(?:如下|以下|下列|下面)(?:的)?(?:命令|步骤|方法|方式|所示)|这样|→"
)
_SUGGESTS = re.compile(
    r"使用|创建|添加|安装|设置|修改|删除|命令|菜单|步骤|需要|必须|只需|应(?!用)|将|把|运行(?!时)|包含"
)
_POINTS_ELSEWHERE = re.compile(
    r"需要的|相应的|对应的|适当的|其[它他]|不同的|这些|上述|^应用(?:限制|规则|更改)|^(?:处理|迁移[至到])[^A-Za-z]*$"
)
"""A task that its section has to explain first: "安装需要的固件", "处理其它客户端"."""
_NAMES_A_CONTROL = re.compile(r"(?:示例|运算符)$|[用改使]此")
"""Under a verb these are a list, or a thing that only its dialog shows ("手动修改此模板")."""
_HOLDS_BUTTONS = re.compile(r"(?:菜单|对话框|对话框按钮|按钮|选项卡|工具栏|面板|窗口|向导|完成|选项)$")
_TELLS_NEWS = re.compile(
    r"新(?:特性|面貌|功能|变化|增功能)|(?:发行|发布|版本|更新)(?:说明|日志|历史|记录)|变更(?:记录|日志)|新闻"
)
_ACTS_ON_PRODUCT = frozenset(
    "使用 安装 清洗 清洁 更换 拆卸 组装 保养 维护 启动 关闭 充电 重置 升级 激活 注册 登录 卸载 购买 配置 部署 存放 搬运".split()
)


_GARBLED = re.compile(r"[»«¶¾½¼¿\ufffd]")


def how_to(heading: str, parents: Sequence[str], subject: str, prose: str, steps: bool) -> str | None:
    """Such as "更换滤芯" → "净水器如何更换滤芯？"; "滤芯更换" → the same; "清洗方法" → "如何清洗净水器？"."""
    text = bare(heading)
    if text.count("「") >= 2:
        text = re.sub(
            r"(?<=[\u4e00-\u9fff])(?=[A-Za-z\d])|(?<=[A-Za-z\d])(?=[\u4e00-\u9fff])", " ", re.sub(r"[「」]", "", text)
        )
    if not 2 <= len(text) <= 30 or is_question(text) or PUNCTUATION.search(text.replace("、", "")):
        return None
    if any(ABOUT_THE_BOOK.match(bare(parent)) for parent in parents) or defines(text, prose) or _GARBLED.search(text):
        return None
    found = task(text, steps)
    if found is None:
        return _under_parent(text, parents, subject, prose) if steps and parents else None
    doing, as_it_stood = found
    if (
        doing.endswith(lex.ABSTRACT)
        or re.search("(?<!合)并|而非|而不是|取代|代替", doing)
        or _NAMES_A_CONTROL.search(doing)
        or not (steps or _tells_how(prose, certain=not as_it_stood))
        or not instructs(prose, steps)
    ):
        return None
    if not as_it_stood and text.endswith(("设置", "配置")) and len(OPTIONS.findall(prose)) >= 3:
        return None  # a page of settings: what they are, not how they are made
    # "软件更新" among the news of a release is what was updated, not a task.
    if not as_it_stood and any(_TELLS_NEWS.search(parent) for parent in parents):
        return None
    if not steps and _opens_with_another(doing, prose):
        return None
    if is_only_verbs(doing):
        return _bare_verb(doing, parents, subject, prose, steps)
    if _POINTS_ELSEWHERE.search(doing):
        return None
    if _says_too_little(doing) and (not subject or context_in(parents[-1:])):
        subject = context_in(parents)
        if not subject:
            return None
    if not subject and not re.search(r"[A-Za-z]{2}", text) and is_done_on_screen(prose):
        return None  # menus and buttons of which program?
    inner = not subject or is_place(subject, doing + prose)
    scope = scope_of(doing, parents, subject, prose) if inner else Scope("", by_keyboard(doing, parents, prose))
    if scope is None or (inner and not steps and is_done_on_screen(prose) and begins_nowhere(prose)):
        return None
    if subject and inner and not steps and only_claims(prose, verb_at(doing)):
        return None
    by_means = _means_above(parents) if not subject and "`" not in doing else ""
    if by_means and by_means.strip("`") in prose:
        return f"{spaced(spaced('如何用', by_means), doing)}？"
    return when_asked(scope.when, asked_how(scope.doing, subject, doing + prose))


def _opens_with_another(doing: str, prose: str) -> bool:
    """Whether a section's first sentence gives the way to another task: "要打印列表，请…" under "管理列表"."""
    aim = re.match(r"(?:(?:如果|若)?(?:您|你)?(?:想|需)?要([^，。]{2,30})，|为了([^，。]{2,40})，我)", prose)
    if aim is None or ("```" in prose and not aim.group(2)):
        return False
    told = aim.group(1) or aim.group(2)
    return (verb_at(doing) or doing) not in told and not (has_cjk(doing[-2:]) and doing[-2:] in told)


def _means_above(parents: Sequence[str]) -> str:
    """The one command that the nearest heading with any names ("使用 `tidectl` 操作任务"), with its back-ticks, or ""."""
    named = next((re.findall(r"`[\w.-]+`", parent) for parent in reversed(parents) if "`" in parent), [])
    return named[0] if len(named) == 1 else ""


def purpose(verb_phrase: str, subject: str, prose: str) -> str:
    """Such as "如需恢复出厂设置，请…" → "如何恢复出厂设置？"."""
    return asked_how(verb_phrase, subject, verb_phrase + prose)


def purpose_below(verb_phrase: str, statement: Statement, subject: str) -> str | None:
    """`purpose` with what the headings say of its reach; None when that is left open."""
    if subject and not is_place(subject, verb_phrase + statement.prose):
        return purpose(verb_phrase, subject, statement.prose)
    scope = scope_of(verb_phrase, statement.headings, subject, statement.text)
    return None if scope is None else when_asked(scope.when, purpose(scope.doing, subject, statement.prose))


def _tells_how(prose: str, certain: bool) -> bool:
    """Whether a text instructs. `certain`: a noun heading ("网络配置") is a task only when the text leaves no doubt."""
    prose = prose[:600]
    strong = [m.group(0) for m in _INSTRUCTS.finditer(prose)]
    if "```" in strong:
        return True
    if certain:
        return len(set(strong)) >= 2 and len(strong) * 150 >= len(prose)
    weak = {m.group(0) for m in _SUGGESTS.finditer(prose)}
    return len(strong) * 300 >= len(prose) or (len(weak) >= 3 and len(prose) < 300)


def _says_too_little(doing: str) -> bool:
    """Whether a task could be meant in any program ("添加用户", "选择语言")."""
    verb = verb_at(doing) or ""
    return doing[len(verb) :].strip() in lex.ANYWHERE


def _bare_verb(doing: str, parents: Sequence[str], subject: str, prose: str, steps: bool) -> str | None:
    """The question of a verb without an object; of a button ("应用", "重命名") there is none."""
    noun = _object_of(parents, subject)
    if noun is None or (doing not in _ACTS_ON_PRODUCT and not steps and "```" not in prose):
        return None
    if _HOLDS_BUTTONS.search(noun) or any(_HOLDS_BUTTONS.search(bare(parent)) for parent in parents[-1:]):
        return None
    if doing in _ACTS_ON_PRODUCT:
        return f"{noun}怎么充电？" if doing == "充电" else f"如何{glue(spaced(doing, noun))}？"
    return asked_how(doing, noun, "")


def _object_of(parents: Sequence[str], subject: str) -> str | None:
    """What a bare verb acts on: the noun heading right above it, else the product."""
    for parent in reversed(parents):
        text = bare(parent)
        if is_generic(text):
            continue
        if (
            2 <= len(text) <= 14
            and not PUNCTUATION.search(text)
            and not verb_at(text)
            and not ends_in_verb(text)
            and not text.endswith((*lex.NOT_AFTER_VERB, *lex.ABSTRACT, *lex.NOMINAL_TAILS, *lex.NO_OBJECTS))
        ):
            return led(subject, text) if subject and not mentions(text, subject) else text
        if text.endswith((*lex.NO_OBJECTS, *lex.ABSTRACT)):
            return None  # "注册" below "接受过程" is no registering of the product
        break
    return subject or None


def _under_parent(text: str, parents: Sequence[str], subject: str, prose: str) -> str | None:
    """Steps under a noun ("前置滤芯") below a doing word ("更换滤芯", "清洗")."""
    found = task(bare(parents[-1]), steps=True)
    if (
        found is None
        or is_generic(text)
        or len(text) > 14
        or not _names_one_thing(text)
        or any(word in text for word in lex.FAULT)
    ):
        return None
    parent = found[0]
    verb = verb_at(parent)
    if verb is None or parent[-2:] in text:
        return None  # "电子表格中的图表" below "插入图表"
    if verb == parent:
        return asked_how(spaced(verb, text), subject, prose)
    below = spaced(text, "下" if text.endswith(("系统", "模式", "环境")) else "")
    return f"{led(subject, below)}如何{glue(parent)}？"


_LEADS_A_DOING = tuple("要将把对为给从在用以仅只直不如按向由")


def _names_one_thing(text: str) -> bool:
    """Whether a heading names a part, kind or system that the task above is done to or in, rather than another task
    ("配置时区" below "使用组件"), a field or a window."""
    doing = verb_at(text) or text.startswith(_LEADS_A_DOING) or any(v in text for v in lex.VERBS if len(v) >= 2)
    return not doing and not text.endswith(("选项", "设置", "参数", "示例", "例子", *lex.FORM_FIELDS, *_HOLDERS))


_HOLDERS = ("对话框", "按钮", "选项卡", "工具栏", "面板", "窗口", "菜单")
