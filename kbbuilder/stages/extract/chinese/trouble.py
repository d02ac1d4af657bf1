"""Questions about what does not work: headings, rows and conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import has_cjk
from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.chinese.grammar import spaced, verb_at
from kbbuilder.stages.extract.chinese.naming import is_place, led, mentions

_NO_CASE = re.compile(
    r"(?:排除|排查|处理|说明|列表|代码|码表|分析|汇总|维修|解决方法|解决|指南|政策|条款|恢复|字段|选项|文件|命令|配置|设置|机制|检测|检查|"
    r"方法|技巧|防护|预防|保护|定义|类型|级别|日志|处置|报告)$"
)
_FAULTY_THING = re.compile(r"(?:没有|无法|不能|不了|损坏|丢失|错误|异常|失败|缺失|断开|中断|不工作)[^，。]*的[^的]+$")
"""A fault that only describes a thing ("没有界面的系统"); one that happens to it is asked about."""
_HAPPENS = re.compile(r"(?:失败|故障|异常|错误|报警|报错|中断|超时|丢失|冲突)$")


def problem(heading: str, parents: Sequence[str], subject: str, prose: str) -> str | None:
    """Such as "门锁无法开启" → "智能门锁 L5 门锁无法开启怎么办？"."""
    text = bare_heading(heading).rstrip("。！")
    if not 2 <= len(text) <= 40 or is_question(text) or is_generic(text) or not has_cjk(text):
        return None
    if _NO_CASE.search(text) or text.startswith(("预防", "避免", "防止", "排除", "减少", "追踪", "从", "关于")):
        return None
    if re.match(r"不(?!能|了|亮|响|转|通|工作|制|加|启|准)|.*[（(]\w{1,3}[)）]$", text):
        return None  # "不显示在首页", "超时 (秒)": an option or a field
    if "," in text or re.match(r"[上下][一个]", text):
        return None  # fields of a window, buttons that lead to a fault
    if text in lex.FAULT or re.fullmatch(r"(?:常见|其他|一般)?(?:错误|故障|异常)(?:信息|消息|提示)?", text):
        return None  # of what?
    if re.search(r"[:：`]", text) or (_FAULTY_THING.search(text) and not _HAPPENS.search(text)):
        return None
    verb = verb_at(text)
    # "检查软件包中的错误" is a task; "登录失败" is not.
    if not (re.search(r"无法|不能|失败|异常|不了|不上|报错", text[len(verb) :]) if verb else has_fault(text)):
        return None
    return f"{spaced(_led(subject, text), '怎么办')}？"


def has_fault(text: str) -> bool:
    """Whether the words speak of something that does not work."""
    return any(word in text for word in lex.FAULT)


def _led(subject: str, text: str) -> str:
    """A case with the device it happens to, or the program in which it does."""
    if not is_place(subject, "`") or mentions(text, subject):
        return led(subject, text)
    fails = re.match(r"启动|安装|登录|登陆|连接|升级|部署|编译|运行|崩溃|卡死|闪退|无法|不能", text)
    return spaced(subject, text) if fails else f"{spaced(spaced('在', subject), '中')}，{text}"


def if_clause(clause: str, acts: bool, subject: str) -> str:
    """Such as "指示灯闪红" → "指示灯闪红怎么办？"."""
    text = re.sub(r"^(?:您|你|用户)的", "", clause)
    text = re.sub(r"^(?:您|你)", "我", text)
    return f"{spaced(_led(subject if not text.startswith('我') else '', text), '怎么办' if acts else '会怎么样')}？"


def trouble_row(symptom: str, subject: str, prose: str) -> str | None:
    """A row of a troubleshooting table."""
    text = symptom.strip().rstrip("。；")
    if not 2 <= len(text) <= 50:
        return None
    return text if is_question(text) else f"{led(subject, text)}怎么办？"


def code_row(label: str, kind: str, curable: bool, subject: str) -> str:
    """A row of an error-code or indicator table."""
    text = label if has_cjk(label) else f"显示 {label}"
    return f"{spaced(led(subject, text), '是什么意思')}{'，怎么处理' if curable else ''}？"
