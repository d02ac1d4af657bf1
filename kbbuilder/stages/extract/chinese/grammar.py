"""Chinese wording below the question: blanks at seams, verbs and their objects in headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading
from kbbuilder.stages.extract import lexicon_zh as lex

PUNCTUATION = re.compile(r"[，。；：！？,;:!?、]")

ABOUT_THE_BOOK = re.compile(r"关于本|本(?:书|手册|文档|教程)|序言|前言|致谢|排版|版权|译者")
OPTIONS = re.compile(r"^(?:- )?\**[^\s，。：:|#-][^，。：:|\n]{1,24}\**[：:]\**\s*\S", re.M)
"""A line that explains an option behind its name."""


def spaced(left: str, right: str) -> str:
    """Two pieces joined, with a blank where a Latin letter or digit stands at the seam."""
    if (
        left
        and right
        and (_latin(left[-1]) or _latin(right[0]))
        and right[0] not in "，。：；？！、）”"
        and left[-1] != "“"
    ):
        return f"{left} {right}"
    return left + right


def glue(text: str) -> str:
    """A text that follows Chinese: with a blank in front when it begins with a Latin letter or code."""
    return f" {text}" if text and _latin(text[0]) else text


def _latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "`")


def listed(names: Sequence[str]) -> str:
    """Names in a row: "X200、X300 和 X400"."""
    return names[0] if len(names) == 1 else spaced(spaced("、".join(names[:-1]), "和"), names[-1])


def bare(heading: str) -> str:
    """A heading without its number and without a remark in brackets at its end."""
    return re.sub(r"\s*[（(][^（）()]*[)）]\s*$", "", bare_heading(heading)).strip()


def verb_at(text: str) -> str | None:
    """The verb a text begins with."""
    found = next((v for v in lex.VERBS if text.startswith(v)), None)
    if found or not text.startswith(lex.NOUN_OR_VERB):
        return found
    return text[:2] if _OBJECT.match(text[2:]) else None


_OBJECT = re.compile(r"(?!框(?!架)|[键的和与后中名数器]|方式|类型|属性|设置|选项|地址|文本$|目标)[\u4e00-\u9fff]{2,}")
"""What stands behind a verb that may be a noun too ("链接框架", but "链接地址")."""


def ends_in_verb(text: str) -> str | None:
    """The verb that stands behind its object ("滤芯更换" → "更换")."""
    return next((v for v in lex.TAIL_VERBS if text.endswith(v) and len(text) > len(v)), None)


_LEADS_IN = (*"把将使让用从在对给为以向按由被到去与只不可能会再重自", "通过", *lex.ADVERBS, "依次", "交互")
_BRACKETS = re.compile(r"[（(][^（）()]*[)）]|\[([^\]]*)\]\([^)]*\)|`\(\d\w*\)")


def names_a_thing(description: str) -> bool:
    """Whether a description says what something is ("系统日志文件", "签名的补丁文件") rather than what it does."""
    text = _BRACKETS.sub(r"\1", description).replace("`", "").strip("。 ")
    if not re.search(r"[\u4e00-\u9fff]", text):
        return True
    if "。" in text or re.match(r"(?:当|如果|若)[^，]*(?:时|，|则)", text):
        return False
    first = re.split(r"[，；：]", text)[0]
    if re.match(r"以[^，]{1,16}(?:开头|结尾|命名)的", first):
        return True
    if _acts_first(first):
        return False
    if re.search(r"的[^的，。]{1,14}(?<![中上下里内间后前])$", text) and not re.search(
        r"用于|用来|来[\u4e00-\u9fff]{2}", text
    ):
        return True
    return not any(
        text[at:].startswith(verb)
        and not text[at + len(verb) :].startswith(lex.NOUN_MAKERS)
        and not (verb == "支持" and not re.match(r"[\u4e00-\u9fff]", text[at + 2 :]))  # "内核模块支持" is a thing
        for verb in (*lex.ACTS, *(v for v in lex.VERBS if len(v) >= 2))
        for at in range(len(text))
    )


def _acts_first(text: str) -> bool:
    verb = next((v for v in (*lex.ACTS, *lex.VERBS) if text.startswith(v)), None)
    if verb is None:
        return text.startswith(_LEADS_IN) and not text.startswith(
            ("以前", "自由", "会话", "对象", "向导", "从属", "用户", "对话", "可用", "可执行", "通用")
        )
    rest = text[len(verb) :]
    # "签名的补丁", "备份文件" are things, "显示文件的类型" is done.
    return not rest.startswith(("的", "后的", *lex.NOUN_MAKERS)) and rest not in lex.NOT_AFTER_VERB


def is_only_verbs(text: str) -> bool:
    """Such as "安装和卸载"."""
    return all(part in lex.VERBS for part in re.split(r"[和与及、/]", text))


def task(heading: str, steps: bool) -> tuple[str, bool] | None:
    """The doing part of a heading, verb first, and whether it stood so.

    "清洗滤网方法" → ("清洗滤网", True); "滤芯更换" → ("更换滤芯", False); None when the heading names no task.
    """
    text = re.sub(r"^(?:若|如|想|需)?要(?!求|点|素|塞|闻|件|领|义|旨)(?=[\u4e00-\u9fff]{3,})", "", heading)
    for tail in sorted(lex.NOMINAL_TAILS, key=len, reverse=True):
        if text.endswith(tail) and len(text) > len(tail):
            stripped = text[: -len(tail)].removesuffix("的")
            # "校验软件包安装过程": the doing at the end is what the verb in front acts on.
            if (verb_at(stripped) is None) != (ends_in_verb(stripped) is None) or stripped in lex.VERBS:
                text = stripped
            break
    for adverb in lex.ADVERBS:
        if text.startswith(adverb):
            return _with_adverb(text, adverb)
    verb = verb_at(text)
    if verb:
        return (text, True) if _takes(verb, text[len(verb) :], steps) else None
    if _leads_task(text):
        return text, True
    tail_verb = ends_in_verb(text)
    if tail_verb and 2 <= len(text) - len(tail_verb) <= 12:
        return _verb_first(text, tail_verb)
    return None


def _with_adverb(text: str, adverb: str) -> tuple[str, bool] | None:
    rest = text[len(adverb) :]
    if rest in lex.VERBS:
        return None if adverb in ("首次", "初次") else (f"进行{text}", True)
    return (text, True) if verb_at(rest) and not rest.endswith((*lex.NOT_AFTER_VERB, *lex.NOMINAL_TAILS)) else None


_NOUNS = frozenset((("应用", "程序"), ("记录", "编号")))
"""What a verb makes with these is a thing."""


def _takes(verb: str, rest: str, steps: bool) -> bool:
    """Whether a verb acts on what follows it; "安装要求" and "打印机" are nouns."""
    if rest in lex.NOT_AFTER_VERB or rest in lex.NOUN_MAKERS or (verb, rest[:2]) in _NOUNS:
        return False
    if rest.startswith(("和", "与", "及")) and (rest.endswith(lex.NOT_AFTER_VERB) or not verb_at(rest[1:])):
        return False  # "复制和同步工具", "签名和软件版本"
    if rest.startswith("于") or rest.endswith(("时", "之后", "之前")) or re.fullmatch(r".{1,3}中", rest):
        return False  # "应用于全部", "在三维视图中"
    if rest.startswith(("成", "为")) and verb == "转换" and not steps:
        return False  # what becomes of something, not what to do to it
    if rest.startswith(("的", "后", "前", "时", "中", *lex.NOUN_MAKERS)) and not rest.startswith(
        ("管理", "线路", "量程", "点击")
    ):
        return False
    if not rest.endswith(lex.NOT_AFTER_VERB) or verb in lex.SWITCHING or steps:
        return True
    if rest.startswith(("默认", "自己的", "新的")):
        return True
    # "清理磁盘映像文件": a long object of a verb that makes no compounds, not a kind of thing like "配置文件".
    return verb in lex.ACTS_ON_THINGS and len(rest) >= 4 and rest.endswith(lex.THINGS)


_MOVES = re.compile(
    r"^.[^的]*.(?:插入|导入|导出|打开|删除|复制|移动|连接|保存|添加|转换|应用|替换|修改|更改|设置|用作|迁移|升级|发送|打印)"
    r"(?:[到至为成于在作][^，。]{2,}|$)|^.[^，。]{2,}(?:导入|导出|添加到|应用于|转换[为成]|保存[为到]|替换为|修改为|更改为|设置为|用作|复制到|移动到|连接到)[^，。]{2,}$"
)
"""What is done to a thing that "将" led: "将对象作为副本插入", "将文本修改为小写"."""


def _leads_task(text: str) -> bool:
    """Such as "从源码重新构建安装包": with what or where it is done, then the verb and its object."""
    if not text.startswith(lex.LEADS_TASK) or text.startswith(
        ("用户", "用途", "用法", "用量", "对话", "对象", "对比", "向导")
    ):
        return False
    if text.startswith(("将", "把")) and _MOVES.search(text):
        return True
    for at in range(2, len(text) - 2):
        verb = verb_at(text[at:])
        if verb and len(verb) >= 2:
            rest = text[at + len(verb) :]
            plain = "的" not in (text if text[0] == "对" else text[:at])
            return plain and len(rest) >= 2 and _takes(verb, rest, steps=False)
    return False


def _verb_first(text: str, verb: str) -> tuple[str, bool] | None:
    of = text[: -len(verb)].endswith("的")
    noun = text[: -len(verb)].removesuffix("的").strip()
    if (
        "的" in noun
        # "配置的变更" is a change, "exim4 的配置" its setting up.
        or (of and not _latin(noun[-1]))
        or noun.startswith(("不", "非", "无", "未", "正在", "如何", "怎么", "为什么"))
        or noun.endswith(("/", "的", "后", "前", "不", "未", "无", "被", "可", "和", "与", "及", *lex.MANNER))
        or any(word in noun for word in lex.FAULT)
    ):
        return None
    if noun.startswith("在") and noun.endswith(("中", "上", "里", "下")) and verb in lex.TAKES_OBJECT:
        return None  # "在圆中设置": what?
    if noun.startswith(("从", "向", "在", "对", "用", "以", "通过", "使用", "与", "由", "进一步", "延伸", "扩展")):
        return text, True
    if verb_at(noun) or (re.search(r"[和与及、]", noun) and any(v in noun for v in lex.VERBS if len(v) == 2)):
        return None  # "文件系统创建和完整性检查", "校验安装测试": more than one doing
    if verb == "转换" and not re.search("[\u4e00-\u9fff]", noun):
        return None  # "UTF-8 转换" may be into it or out of it, of a text or of its name
    if verb in ("迁移", "集成", "加密", "认证", "验证") and not re.search("[\u4e00-\u9fff]", noun):
        return f"进行{glue(text)}", False
    return spaced(verb, noun), False
