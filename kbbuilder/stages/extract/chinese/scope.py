"""How far a task reaches: what only the headings above say of it, carried into its question or reason not to ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kbbuilder.language.headings import is_generic
from kbbuilder.language.text import has_cjk
from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.chinese.grammar import PUNCTUATION, bare, glue, is_only_verbs, spaced, task, verb_at
from kbbuilder.stages.extract.chinese.naming import mentions


class Scope(NamedTuple):
    """A task with its reach. `when`: what the reader is about ("编辑曲线时"), or ""; `doing`: the task as it is to be asked."""

    when: str
    doing: str


_VAGUE = re.compile(
    r"(?:新的?|所有的?|全部的?|当前的?|选中的?|所选的?|选定的?|一[个些]|默认的?|自定义的?|预定义的?|预设的?|用户定义的?|更多|现有的?|某个|单个|多个|数字|边框|线条|环绕|显示|详细)*"
    r"(?:样式|属性|设置|选项|选择|条目|数据点?|点|资料|形状|单元格|位置|规则|项目|预设|对象|文本|文字|内容|格式|记录|字段|列表|颜色|范围|名称|大小|方向|方式|变量|自动编号的设置|档案|电子表格|页面)"
)
"""What every program, dialog or kind of thing has: of which one, a heading above says, or nothing does."""
_STEP_BY_STEP = re.compile(
    r"^(?P<task>安装|升级|部署|迁移|卸载)(?:系统)?[，,：: ]?(?:的)?(?:(?:一步一步|逐步|分步).*|步骤|(?:全)?过程|流程|详解)$"
)
_ON_A_SYSTEM = re.compile(
    r"在(?:基于)? ?(?P<os>Windows|Linux|UNIX|Unix|macOS|Mac OS X?|Android|iOS) ?(?:的)?(?:操作)?(?:平台|系统|环境)?(?:下|上|中)"
)
_WITH_A_TOOL = re.compile(r"(?:使用|用|利用)(?P<tool>[「“][^」”]{2,12}[」”])(?!$)")
_BY_KEYBOARD = re.compile(r"键盘|不(?:使)?用鼠标|辅助功能")
_A_KEY = re.compile(r"键|Shift|Ctrl|Alt|\bF\d{1,2}\b|Tab\b")


def scope_of(doing: str, headings: Sequence[str], subject: str, prose: str) -> Scope | None:
    """The task with what the headings say of its reach; None when they leave open what it is done to.

    Args:
        doing: verb first ("添加数据点").
        headings: those the task stands under, outermost first, without its own.
        subject: a program whose parts the headings may be about.
    """
    doing = by_keyboard(doing, headings, prose)
    stepwise = next((m for h in headings if (m := _STEP_BY_STEP.match(bare(h)))), None)
    if stepwise:
        return Scope(spaced(spaced(stepwise.group("task"), subject), "时") if subject else "", doing)
    system = next((m.group("os") for h in reversed(headings) if (m := _ON_A_SYSTEM.search(bare(h)))), "")
    if system and system.lower() not in f"{doing} {subject}".lower():
        return Scope(f"在 {system} 系统上", doing)
    doing = _told_whole(doing, headings)
    tool = next((m.group("tool") for h in reversed(headings) if (m := _WITH_A_TOOL.match(bare(h)))), "")
    if tool and tool[1:-1] not in doing + prose:
        return Scope(f"使用{tool}时", doing)
    work = _chapter_of_work(doing, headings)
    if work:
        return Scope(spaced(work, "时"), doing)
    verb = verb_at(doing) or ""
    thing = doing[len(verb) :].strip()
    if not verb or not (thing in lex.ANYWHERE or _VAGUE.fullmatch(thing)):
        return Scope("", doing)
    names = [bare(h) for h in reversed(headings) if not is_generic(bare(h))]
    above = next((name for name in names if doing not in name and not is_only_verbs(name)), "")
    if not above or mentions(above, subject):
        return Scope("", doing)
    return _below(doing, verb, thing, above)


_CHAPTER = re.compile(r"^\s*(?:第\s*\S+\s*章|chapter\s+\d+|附录|appendix)", re.I)


def _chapter_of_work(doing: str, headings: Sequence[str]) -> str:
    """The work that a whole chapter is about ("修改源代码") and of which a task right below it is a part, or ""."""
    if not headings or not _CHAPTER.match(headings[-1]):
        return ""
    work = bare(headings[-1])
    told = task(work, steps=False)
    apart = told is not None and told[1] and not _shares(doing, work) and len(work) <= 12
    return work if apart and not PUNCTUATION.search(work) and not is_only_verbs(work) else ""


def _told_whole(doing: str, headings: Sequence[str]) -> str:
    """ "将对象作为副本插入" below "插入图库中的对象" does it with those."""
    moved = re.match(r"(?P<lead>[将把])(?P<thing>[\u4e00-\u9fff]{2})(?P<rest>.+)", doing)
    told = task(bare(headings[-1]), steps=True) if moved and headings else None
    if moved is None or told is None:
        return doing
    whole = told[0][len(verb_at(told[0]) or "") :]
    owned = whole.endswith(f"的{moved.group('thing')}") or whole.endswith(f"中{moved.group('thing')}")
    return f"{moved.group('lead')}{whole}{moved.group('rest')}" if owned and len(whole) <= 12 else doing


_ATTRIBUTE = re.compile(r"(?:属性|样式|颜色|格式|大小|方向|名称|范围)$")


def _below(doing: str, verb: str, thing: str, above: str) -> Scope | None:
    """The reach of a task on a vague thing below a heading."""
    if verb in above or _shares(thing, above):
        if thing in ("设置", "选项") and thing not in above:
            return None  # "自定义设置" below "自定义边框"
        if above.startswith(("给", "为", "对")) and len(above) <= 14 and task(above, steps=True):
            return Scope(spaced(above, "时"), doing)  # "设置边框样式" below "给段落添加边框"
        # "加载一个预设" below "图层预设" loads one of those.
        kind = re.sub(r"^一[个些]", "", thing)
        one_of = above.endswith(kind) and _is_plain(above)
        return Scope("", spaced(verb, above) if one_of else doing)
    told = task(above, steps=True)
    if told is None:
        # "更改线条属性" below "趋势线" changes its properties.
        owned = _is_plain(above) and has_cjk(above) and _ATTRIBUTE.search(thing) and not above.endswith(_NO_OWNER)
        return Scope("", f"{spaced(verb, above)}的{thing}") if owned and not re.match(r"[所选当]", thing) else None
    other = told[0]
    if is_only_verbs(other):
        return Scope("", doing)
    if len(other) > 14 or PUNCTUATION.search(other) or other.startswith(_NO_TIME):
        return None
    return Scope(spaced(other, "时"), doing)


_NO_OWNER = ("类型", "功能", "选项", "列表", "设置", "命令", "栏")
"""A heading that ends so names a list or a place, which has no size or style of its own."""
_NO_TIME = ("在", "使用", "显示", "关闭", "停止", "查找", "选择")
"""What begins so is no work of which another task is a part."""


def _is_plain(name: str) -> bool:
    return (
        len(name) <= 10
        and not PUNCTUATION.search(name)
        and not re.search(r"[的和与及]|正在", name)
        and not verb_at(name)
    )


def _shares(thing: str, above: str) -> bool:
    """Whether a heading speaks of the thing too."""
    thing, above = thing.replace("文字", "文本"), above.replace("文字", "文本")
    pairs = {thing[i : i + 2] for i in range(len(thing) - 1)} - {"一个", "所有", "选中", "当前", "默认", "自定", "定义"}
    return any(pair in above for pair in pairs)


def by_keyboard(doing: str, headings: Sequence[str], prose: str) -> str:
    """The task with "用键盘" where the headings are about working without the mouse."""
    if not any(_BY_KEYBOARD.search(h) for h in headings) or not _A_KEY.search(prose):
        return doing
    return doing if re.search(r"键|鼠标", doing) or not verb_at(doing) else f"用键盘{doing}"


def when_asked(when: str, question: str) -> str:
    """A question with the time of its task in front: "编辑曲线时，如何添加数据点？"."""
    if not when:
        return question
    if when.endswith("系统上"):
        return f"{when}，{question}"
    place = re.match(r"(?P<place>在.{1,40}?中)(?P<rest>如何.+)", question)
    if place and not when.startswith("安装"):
        return f"{place.group('place')}{glue(when)}，{place.group('rest')}"
    return f"{when}，{place.group('rest') if place else question}"
