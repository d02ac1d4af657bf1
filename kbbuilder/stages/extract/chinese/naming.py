"""Where the product stands in a Chinese question: in front of it, around it ("在 … 中"), or nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import is_generic
from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.chinese.grammar import PUNCTUATION, bare, ends_in_verb, glue, spaced, verb_at

_SELF = re.compile(r"本机|本产品|本设备|本门锁|本品|该产品|本软件|本系统")
_TOOL = (
    r"(?:编辑器|查看器|浏览器|管理器|计算器|仿真器|模拟器|播放器|播放机|控制器|遥控器|传感器|服务器|客户端|控制台|面板|对话框|窗口|"
    r"工具栏|选项卡|软件|程序|小程序|网关|摄像头|充电器|充电座|打印机|扫描仪|App|APP|插件|助手|向导)"
)
_NAMES_A_TOOL = re.compile(
    rf"^(?=.{{3,16}}$)(?!(?:{_TOOL})$)(?![从用在对为把将以给]|通过|使用)(?!.*(?:建议|推荐|配置|所需|常[见用]|其[他它]|相关|可用))[^的和与及]+{_TOOL}$"
)
_PART_TOOL = re.compile(r"^(?!常[用见]|其|相关|可用)[\u4e00-\u9fff]{2,3}工具$")
"""A tool inside a program ("探针工具"); a longer name is rather a kind of tools ("文本转换工具")."""
_ONE_NAME = re.compile(r"^(?!FAQ|API|GUI|CLI|TODO|HOWTO)(?:[A-Z][A-Z\d]{2,9}|[A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*)$")
_NAMES_A_MODEL = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}\s?[A-Z]{1,5}-?\d+[A-Za-z]{0,3}|[A-Z]{1,5}-?\d{2,}[A-Za-z]{0,3})$"
)
_OF_SOFTWARE = re.compile(
    r"```|`|软件|程序|文件|菜单|对话框|窗口|命令|界面|选项|目录|数据库|点击|单击|双击|右键|鼠标|光标|脚本|插件|网络|服务|「"
)
_ON_A_TOOL = re.compile(
    r"^([A-Za-z][\w.+-]{1,15}) ?的?(?:基本|高级|常用|简单)?(?:的)?(?:操作|命令|按键|快捷键|键|使用|用法|技巧|程序)"
    r"(?:绑定|范例|示例|方法|技巧|列表|基础)?$"
)
"""A heading on how one program is worked ("orbctl 操作范例")."""
_ONLY_LATIN = re.compile(r"^[A-Za-z][A-Za-z/+.& -]*$")
_KEYS_IN = re.compile(
    r"^(?!用于|常[用规]|基本|全局|通用|其[他它])([^的和与及]{2,10}?)(?:用?中|里|时)?(?:的|专用|可用的?|常用的?)?(?:快捷键|功能键|热键)(?:列表)?$"
)
"""A heading on the keys of one part of a program ("幻灯片放映中的快捷键")."""
_IN_A_FOLDER = re.compile(r"(?P<folder>[A-Za-z~/][\w./~-]* ?目录[下中里])的[^的]{0,6}(?:文件|脚本)$")
"""A heading on the files of one folder ("`debian` 目录下的其他文件")."""
_SERVES = re.compile(r"(?:服务器|客户端|网关|代理)$")
_WORKED_WITH = re.compile(
    r"^(?:使用|用|配置|安装|设置|管理|部署|运行|启动|定制|自定义)\s*`?([A-Za-z][\w²+./-]*(?: [A-Z][\w.]*)*)`?"
)


def mentions(text: str, subject: str) -> bool:
    """Whether the text names the subject or its telling part (model code, or its last four characters)."""
    if not subject:
        return True
    code = re.search(r"[A-Za-z]*\d[\w-]*|[A-Za-z][\w-]+", subject)
    if code and code.group(0).lower() in text.lower():
        return True
    plain = "".join(re.findall(r"[\u4e00-\u9fff]", subject))
    return bool(plain) and plain in text


def is_place(subject: str, told: str = "") -> bool:
    """Whether things are done in the subject rather than with it: "在 … 中". `told`: the words that tell it is software."""
    if re.search(
        r"(?:编辑器|查看器|浏览器|管理器|软件|程序|客户端|控制台|面板|对话框|窗口|工具栏|选项卡|工具|App|APP)$", subject
    ):
        return True
    if subject.isupper() and len(subject) <= 5:
        return False  # a protocol or standard ("PPTP")
    return _ONLY_LATIN.match(subject) is not None and _OF_SOFTWARE.search(told) is not None


_WHEN = re.compile(
    r"(?P<when>[\u4e00-\u9fff]{2,8}(?:完成后|之后|以后|之前|以前|过程中|期间|的时候))(?P<task>[\u4e00-\u9fff].+)"
)
"""When a task is done, in front of it: "安装过程中运行命令"."""


def asked_how(task: str, subject: str, told: str) -> str:
    """Such as "如何更换滤芯？", led by the product it is done to or the program it is done in."""
    when = _WHEN.match(task)
    if when and verb_at(when.group("task")):
        return led(subject, f"{when.group('when')}如何{glue(when.group('task'))}？")
    how = f"如何{glue(task)}？"
    if not subject or task.startswith("联系"):
        return how
    kind = re.sub(r"[^\u4e00-\u9fff]", "", subject)
    verb = verb_at(task) or ""
    acted_on = task[len(verb) :]
    if verb and len(acted_on) >= 2 and kind.endswith(acted_on) and kind != subject:
        return f"如何{glue(spaced(verb, subject))}？"  # "激活门锁" in the manual of the 智能门锁 L5
    if mentions(task, subject) or (task.startswith("在") and re.search(r"[A-Za-z]{2}", task)):
        return how
    if task.startswith("在"):
        return spaced(subject, how)
    if is_place(subject, told):
        return f"{spaced(spaced('在', subject), '中')}{how}"
    return spaced(subject, how)


def led(subject: str, text: str) -> str:
    """The text with the product in front, unless it names it."""
    text = (
        re.sub(r"^(?:机器|设备|产品)(?!人)(?=[有不没无出发漏在])", subject, _SELF.sub(subject, text))
        if subject
        else text
    )
    return text if mentions(text, subject) else spaced(subject, text)


def possessive(subject: str, text: str) -> str:
    """The text as the product's: "L5 的额定电压"; a second 的 would stumble ("L5 不属于保修的情况")."""
    if not subject or mentions(text, subject):
        return text
    if _ONLY_LATIN.match(subject) and re.match(r"[A-Za-z]", text) and "的" not in text:
        return spaced(spaced(subject, "中的"), text)  # "Debian 中的 aptitude 选项": of the program, not of the system
    return spaced(subject if "的" in text else spaced(subject, "的"), text)


def inside(subject: str) -> str:
    """Where something named stands: "KiCad 中的", "L5 的", or ""."""
    if not subject:
        return ""
    return spaced(subject, "中的") if is_place(subject, "`") else spaced(subject, "的")


def device_of(headings: Sequence[str], subject: str) -> str:
    """The subject as the nearest heading narrows it: the part, program or model that a section is about.

    >>> device_of(["3. 遥控器面板", "3.1 更换电池"], "空调 K2")
    '空调 K2 的遥控器面板'
    """
    for heading in reversed(headings):
        name = bare(heading).replace("`", "")
        in_folder = _IN_A_FOLDER.match(name)
        if in_folder:
            return in_folder.group("folder")
        if verb_at(name) or is_generic(name) or PUNCTUATION.search(name):
            tool = _WORKED_WITH.match(name)
            if tool and tool.end() == len(name) and name.startswith("定制") and not tool.group(1).isupper():
                return tool.group(1)
            continue
        if _NAMES_A_MODEL.match(name):
            return name
        keys = _KEYS_IN.match(name)
        if keys and subject and not mentions(name, subject):
            return spaced(spaced(subject, "的"), keys.group(1))
        of_tool = _ON_A_TOOL.match(name)
        if of_tool and not of_tool.group(1).isupper():
            return of_tool.group(1)
        if _ONE_NAME.match(name) and name.lower() not in subject.lower():
            return name  # a section about another program ("PPTP" in a chapter on OpenVPN)
        if _NAMES_A_TOOL.match(name) or (subject and _PART_TOOL.match(name)):
            if not subject or mentions(name, subject) or name in subject:
                return subject if name in subject else name
            if _SERVES.search(name) and _ONLY_LATIN.match(subject):
                return spaced(subject, name)  # "Kestrel Web 服务器" is one name
            return spaced(spaced(subject, "的"), name)
    return subject


def context_in(parents: Sequence[str]) -> str:
    """The program, service or thing that the headings above speak of, for a task that says too little; or ""."""
    for parent in reversed(parents):
        name = bare(parent)
        tool = _WORKED_WITH.match(name)
        if tool:
            return tool.group(1)
        plain = name.replace("`", "")
        if (
            3 <= len(plain) <= 14
            and re.search(r"[A-Za-z]{2}", plain)
            and not re.search(r"how-?to|faq|tips|^[A-Z][a-z]+ing ", plain, re.I)
            and not verb_at(plain)
            and not ends_in_verb(plain)
            and not re.search(r"[的和与及从]", plain)
            and not PUNCTUATION.search(plain)
            and not is_generic(plain)
            and not plain.endswith((*lex.NOMINAL_TAILS, *lex.NO_OBJECTS, "教程", "简介", "介绍", "基础", "技巧"))
        ):
            return plain
    return ""
