"""What a Chinese answer must not carry over from its page: lost pictures, foreign prose, torn code, notes to the author."""

from __future__ import annotations

import re

from kbbuilder.language.text import has_cjk, without_code

_LOST_PICTURE = re.compile(
    r"(?:点击|单击|双击|使用|按下?|选择|选取|图标或|工具栏(?:中|上)?的|[左右上下]侧的|[顶底]部的|[（(])\s*图标(?![：:])"
    r"|(?<![\w`\])）])[（(]\s*[)）]"
    r"|(?:使用|点击|单击|双击|按下|通过)\s?来(?![自源回电访往历])"
    r"|(?:参考|参见|参看|见)图\s?\d"
    r"|(?:如?下|如?上|见)图(?:所示|中|为|是|显示|[，。：:)）])"
)
"""An icon that stood in the text ("点击 图标", "使用 来选择"), brackets that held one, or words on a picture that is not in the answer."""
_OF_THE_BOOK = re.compile(
    r"本帮助中|让我们[^。]{0,60}(?:例子|示例)|(?:找到|获得|了解|查看)更多(?:的)?(?:信息|内容)|(?:按照?|依照|采用)(?:上述|以上|上面的?|前述)(?:方式|方法|步骤)|的第\s?[一二三四\d]\s?阶段|第\s?[一二三四\d]\s?步(?:中)?(?:选[取择中]|创建|输入|设置)的?|示例的第|"
    r"[A-Z][A-Za-z]+ ?公司的?(?:管理员|员工|用户|网络|服务器)|(?<!\w)用户 [AB](?!\w)|本书|本教程|本手册|见专栏|(?:参阅|参考|参见|参看|见)[前上]面|^[^。，]{0,12}此(?:对话框|窗口|面板|页面|选项卡)|(?<!上)[前后上下]文(?!件|本|字|化|档|明|章|案)|[上下前后]一?[节章](?!点)|如[前上]所[述示]|(?:前面|之前|上面|刚才)(?:已经?)?(?:描述|提到|提及|提过|说过|讲过|介绍|所述)|"
    r"后[续面]的?章节|本[节章](?!程)|[^，。\s]{2,}一[节章]中|(?:参阅|参考|参见|参看|请看)(?:[前下上后]面|[^，。]{0,12}部分)|这里[再还]|(?:按照?|依照|如同?|就?像)第\s?[\dA-Z][\d.]*\s?[节章]"
)
"""What was said before or comes after in a book, or a step that stands in another section."""
_STARTS_MIDWAY = re.compile(
    r"^(?:[在对除][^，。\n]{0,16}，)?(?:还|另外|此外|同样|因此|所以|但是?|然而|不过|而且|并且|与此同时|这样|这时)(?!原)"
    r"|^(?:假设|假定)|^(?:此|该|这个|本)(?:示例|例子|范例)"
    r"|^[^，。\n]{0,14}另一?个"
    r"|^[^，。\n]{1,20}(?:与|和|同|跟)[^，。\n]{1,20}(?:非常|很|基本|完全)?(?:相似|类似|相同|一样)[，。\n]"
    r"|^[^。\n]{0,30}(?:前面|上面)的(?:选项|命令|例子|示例|步骤|方法|列表|设置)"
)
"""An answer that goes on from what the page has told before, or tells of one made-up case."""
_COUNTER = re.compile(r"\[[^\]A-Za-z\u4e00-\u9fff]*\d[^\]A-Za-z\u4e00-\u9fff]*\]\(http")
"""Linked figures of a page about downloads or popularity: "[109](http…)"."""
_FOOTNOTE_MARK = re.compile(r"\d[⁰¹²³⁴⁵⁶⁷⁸⁹]|[\u4e00-\u9fff][：:]\d{1,2}(?=\n)")
"""A footnote's number that ran into its text ("修改：13")."""
_TORN_FONT = re.compile(r"(?<!\w)b[’']{2}")
"""Characters that a PDF's font did not spell out."""
_TORN_KEYS = re.compile(r"(?:命令|选项|Command|Cmd|Option|Opt)[ 」+]{0,2}(?:Ctrl|Alt)(?![A-Za-z])")
"""The key names of two systems that ran into each other ("CommandCtrl+V")."""
_PROMISES_BELOW = re.compile(
    r"(?:像|如|按照?|参照)(?:下面|下列|以下)(?:那样|这样|所示|的)|(?:下面|下列|以下|如下)的?(?:步骤|命令|方法|例子|示例|所示)"
)
_ENDS_IN_A_PROMISE = re.compile(r"(?:以下|下列|下面的?|如下)(?!\w{0,2}(?:值|限|方$))[^，。：；\s]{2,8}。?\s*$")
_BLOCK = re.compile(r"^\s*(?:```|[-*] |\d+[.、)]|\|)", re.M)
_SECTION_NUMBER = re.compile(r"(?:参见|参阅|参考|参看|查看|详见|见)第\s?[\dA-Z][\d.]*\s?[节章]")
_LINK_ALONE = re.compile(r"^→\s?https?://\S+\s*$", re.M)
"""A paragraph between others that only sends the reader to a page."""
_PER_POINTER = 300
"""So many characters of an answer make up for one pointer into the book."""
_NOTE_TO_AUTHOR = re.compile(r"\b(?:TODO|FIXME|TBD)\b|待补充|写下这一节")
_ENGLISH_RUN = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[ ,;()]{1,3}){5,}[A-Za-z]+")
_ENGLISH_GRAMMAR = re.compile(
    r"\b(?:the|is|are|was|be|been|has|have|can|will|of|to|for|with|that|this|which|you|it|and|or|in|on|by|an|not|from|as|if)\b",
    re.I,
)
_ENGLISH_STEP = re.compile(r"^\s*(?:\d+[.)]|-)\s+[A-Z][a-z]+(?: [A-Za-z,()-]+){2,}\.[ ]*$", re.M)
"""A step that was left in English."""
_ENGLISH_VALUE = re.compile(
    r"^[^\n:：]{1,20}[:：]\s*[^\u4e00-\u9fff\n]*\b(?:or|and|of|the|more|with|for|not|least|up)\b[^\u4e00-\u9fff\n]*$"
)
"""A row's value that was left in English: "硬盘类型：1 or more SSDs"."""
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|https?://\S+|[“\"][^”\"]*[”\"]|《[^》]*》|（[^（）]*）|\([^()]*\)")


def has_leftovers(answer: str) -> bool:
    """Whether an answer is torn or carries what only its page can show. Cost: O(characters)."""
    prose = without_code(answer)
    return (
        _LOST_PICTURE.search(prose) is not None
        or _OF_THE_BOOK.search(prose) is not None
        or _NOTE_TO_AUTHOR.search(prose) is not None
        or _promises_more(answer)
        or _points_up(answer)
        or _lists_pointers(answer)
        or _ENGLISH_STEP.search(prose) is not None
        or len(_SECTION_NUMBER.findall(prose)) * _PER_POINTER > len(answer)
        or _LINK_ALONE.search(answer) is not None
        or _TORN_FONT.search(answer) is not None
        or _TORN_KEYS.search(prose) is not None
        or _STARTS_MIDWAY.search(prose.lstrip()) is not None
        or _FOOTNOTE_MARK.search(prose) is not None
        or len(_COUNTER.findall(answer)) >= 2
        or _speaks_english(prose)
        or "¶" in prose
        or prose.count("「") != prose.count("」")
        or answer.replace("```", "").count("`") % 2 == 1
    )


_ABOVE = re.compile(r"(?:上述|上面的?|前面的?|以上的?)(?:示例|例子|范例|工作表|公式)")


def _points_up(answer: str) -> bool:
    """Whether an answer speaks of an example above it, which it does not hold."""
    said = _ABOVE.search(answer)
    return said is not None and _BLOCK.search(answer[: said.start()]) is None


_ITEM = re.compile(r"^\s*(?:[-*] |\d+[.、)]).*$", re.M)


def _lists_pointers(answer: str) -> bool:
    """Whether the items of an answer only send their reader to other pages ("对于 X，参见…")."""
    items = _ITEM.findall(answer)
    away = sum(
        re.search(r"(?:参见|参阅|参考|参看|请看|查看|详见)\s*(?:\[|http|第|《)", item) is not None for item in items
    )
    return away >= 2 and away == len(items)


def _promises_more(answer: str) -> bool:
    """Whether an answer announces what follows, and neither list, table, code nor colon does."""
    if _ENDS_IN_A_PROMISE.search(answer):
        return True
    said = _PROMISES_BELOW.search(answer)
    if said is None:
        return False
    rest = answer[said.end() :]
    return _BLOCK.search(rest) is None and "：" not in rest[:30] and ":" not in rest[:30]


def _speaks_english(prose: str) -> bool:
    """Whether a sentence of the prose is English; titles of links, quotations and commands are not sentences."""
    told = _LINK.sub(" ", prose)
    if _ENGLISH_VALUE.search(told.strip()):
        return True
    if any(len(_ENGLISH_GRAMMAR.findall(run.group(0))) >= 2 for run in _ENGLISH_RUN.finditer(told)):
        return True
    return not has_cjk(told) and len(re.findall(r"[A-Za-z]{2,}", told)) >= 6
