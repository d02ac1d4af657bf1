"""Answers that tell too little: nothing new, of the document itself, or of what they do not show."""

from __future__ import annotations

import re

from kbbuilder.language.leftovers import has_leftovers
from kbbuilder.language.text import fold, has_cjk
from kbbuilder.language.tokens import search_tokens
from kbbuilder.stages.ground.closely.telling import telling
from kbbuilder.stages.ground.reasons import Finding

_LEAST_NEWS = {True: 5, False: 3}
"""Telling letters (Chinese) or words of an answer that its question does not have, below which it tells nothing."""
_NEWS_WITHOUT_WEIGHT = frozenset(
    search_tokens(
        "almost always usually often generally typically come comes provide provides also some various rely relies"
    )
)
_OF_THE_DOCUMENT = re.compile(
    r"\b(?:this|the present) (?:guide|manual|document|section|chapter|book|tutorial|page|appendix)\b|译者注|译注"
    r"|\b(?:is|are) (?:described|explained|covered|discussed|listed) in (?:the|chapter|section)\b"
    r"|(?:本|这[本份一]|该)(?:书|手册|指南|文档|教程|章|节|附录)|将?在[^。，]{2,40}(?:章节?|小节|部分)中?(?:讲述|介绍|说明|讨论|描述)",
    re.I,
)
_ASKS_FOR_THE_DOCUMENT = re.compile(
    r"手册|指南|文档|教程|说明书|\b(?:manuals?|guides?|documentation|tutorials?|books?)\b", re.I
)
_SHOWS_NOTHING = re.compile(
    r"(?:以下|如下|下列|下面)的?(?:命令|代码|内容|例子|示例|输出|脚本|配置|步骤|方法|列表|几[种个项点])[^，。；：\n]*[（(：:。]"
    r"|\b(?:the following|as follows|shown below|listed below)\b"
)
_POINTER = re.compile(
    r"^(?:details?|(?:for )?(?:more|further|additional) (?:details?|information))\b[^.]*\b(?:found|read|see|visit|refer|available)\b|^use to\b"
    r"|^(?:please )?see (?:also )?(?:\[[^\]]*\]\()?https?://"
    r"|^(?:an?|the) (?:full|complete|detailed) (?:list|listing|overview|description)\b(?:[^.]|\.\d)*\b(?:found|see|available)\b"
    r"|^(?:在此|这里|接下来|下面|我们)[^。，]{0,10}(?:叙述|介绍|说明|讲解|描述|讨论|讲述)(?:如何|怎样|怎么)|[如按]第[^。，]{1,30}[章节][^。，]{0,24}所[述说示]"
    r"|^(?:I|we)(?: \w+ly)? (?:recommend|suggest|advise)(?: you)? (?:reading|to read)\b|^(?:我|我们|笔者)?(?:在此)?(?:强烈|非常)?(?:推荐|建议)(?:您|你|大家)?(?:去)?阅读",
    re.I,
)
_SEE_SECTION = re.compile(r"[（(]请?(?:参[看见阅照]|详见)\s?第[^（）()]*[）)][。.]?$")
_HOW = re.compile(r"如何|怎么|怎样|^how (?:do|can|should) (?:I|you|we)\b", re.I)
_EXPLAINED = re.compile(r"[a-z]+(?: [a-z]+){0,11}：|(?:`[^`]+`(?:、|, | 和 | and )?)+\s*[-–—]+\s")
"""A row or item that begins with a picture's file name, or explains a program's: what it does is not how it is done."""
_NOT_SAID_WHICH = re.compile(
    r"(?:点击|单击|双击|选择|按下?)相[应关]的|\b(?:click|select|choose|press)[^.]{0,20} (?:corresponding|respective|appropriate)\b",
    re.I,
)
_WHERE = re.compile(r"^where\b|哪里|何处", re.I)
_AN_EXAMPLE = re.compile(r"(?:例|示例|例子|清单|Example|Listing|Figure)\s?\d+(?:[.-]\d+)*", re.I)
_ANNOUNCES = re.compile(
    r"\bthere are (?:\w+ )?(?:two|three|four|five|several|some|many|various) [^.\n]{3,60}\.?$|有(?:以下|如下)?[两二三四五几多][个种项点类][^。：\n]{0,16}[。：]?$",
    re.I,
)
_PICTURED = re.compile(
    r"\b(?:image|figure|screenshot|picture|diagram|table) (?:below|above)|\b(?:below|above|following) (?:image|figure|screenshot|picture)"
    r"|[上下]图|如图|[上下]表|\w_(?:png|svg|gif)\b",
    re.I,
)
_SAID_ABOVE = re.compile(
    r"\b(?:excerpt|example|command|listing|rule|file|section|paragraph)s? above\b|\babove (?:excerpt|example|command|listing)"
    r"|(?:上面|前面|上文|前文)(?:所?提到|所?说|介绍|讲|描述)|如前所述",
    re.I,
)
_SHOWN = re.compile(r"\n|`|[：:]\s*\S")
_OPENS_BACK = re.compile(
    r"(?:它|他们|该|此(?!外)|这(?!种情况下)|那(?!么)|其(?!他|它|实|中)|上述|[上下]面的|也就是说|换句话说|因此|所以|否则|但是?|然而|而且|或者|另一)"
    r"|(?:it|its|they|this|these|those|such|otherwise|instead|therefore|thus|but|however|the latter|the former)\b",
    re.I,
)
_TORN_OFF = re.compile(
    r"^\s*[,，、。；;：:→)）]|^(?:当|如果|若|一旦)[^,，。]*(?:[（(][^）)]*[）)])?[。！!]?$"
    r"|^(?:注意[，,：:]\s*)?(?:尽管|虽然)(?![^。]*[，,][^。]*(?:但|却|仍|还是|依然|不过|然而|也))"
)
"""Begins in the middle, or is nothing but the occasion, or the concession, for what is not there."""
_POINTS_FIRST = re.compile(
    r"^[^。！？\n]{0,15}(?:这个|这些|这一|上述|如上|本软件|该)|^[^.!?\n]{0,25}\b(?:such (?!as\b)|(?:these|those)\b)",
    re.I,
)


def tells_too_little(question: str, answer: str) -> Finding | None:
    """What is wrong with the answer itself."""
    if (match := _OF_THE_DOCUMENT.search(answer)) and not _ASKS_FOR_THE_DOCUMENT.search(question):
        return Finding("pointer_only", f"“{match[0]}”")
    if _POINTER.search(answer) and not _WHERE.search(question):
        return Finding("pointer_only", f"“{answer[:40]}”")
    if re.search("哪些|什么", question) and _SEE_SECTION.search(answer) and "\n" not in answer:
        return Finding("pointer_only", f"“{answer[-40:]}”")
    if _HOW.search(question) and (match := _EXPLAINED.match(answer)):
        return Finding("not_answered", f"“{match[0].strip()}” is only explained")
    if _HOW.search(question) and (match := _NOT_SAID_WHICH.search(answer)) and len(re.findall("[。.]", answer)) < 2:
        return Finding("cut_off", f"“{match[0]}” does not say which")
    if occasion := _only_the_occasion(question, answer):
        return Finding("not_answered", f"“{occasion}”")
    if _tells_nothing_new(question, answer):
        return Finding("answer_is_question", "")
    if match := _AN_EXAMPLE.match(answer):
        return Finding("not_answered", f"“{match[0]}” is an example")
    if _ANNOUNCES.search(answer):
        return Finding("cut_off", "what it announces is not there")
    if _PICTURED.search(answer) or (_SHOWS_NOTHING.search(answer) and not _SHOWN.search(answer)):
        return Finding("cut_off", "what it announces is not there")
    if match := _TORN_OFF.search(answer) or _SAID_ABOVE.search(answer):
        return Finding("cut_off", f"“{match[0][:40]}”")
    if match := _OPENS_BACK.match(answer) or _POINTS_FIRST.match(answer):
        return Finding("cut_off", f"“{match[0]}” goes on from something")
    if has_leftovers(answer, "zh" if has_cjk(answer) else "en") and not _ASKS_FOR_THE_DOCUMENT.search(question):
        return Finding("cut_off", "it speaks of what only its page shows")
    return None


def _only_the_occasion(question: str, answer: str) -> str:
    """What a Chinese question asks how to do, where the answer begins when it is done ("连接后，…"); else ""."""
    task = re.search(r"(?:如何|怎么|怎样)([^？?，]{3,})", question)
    begun = task and re.match(rf"{re.escape(task[1].strip())}(?:之|以)?[后时前]", answer)
    return begun[0] if begun else ""


def _tells_nothing_new(question: str, answer: str) -> bool:
    zh = has_cjk(answer)
    news = telling(answer) - telling(question) - _NEWS_WITHOUT_WEIGHT
    if any(not has_cjk(word) for word in news) and zh:
        return False  # a name
    yes_no = re.search(r"吗[？?]?$|是否|能否|可否|^(?:can|do|does|is|are|may|should)\b", question, re.I) is not None
    named = answer.startswith("- ")  # a row of a table: the name in its first cell is the news
    return (
        not (yes_no or named)
        and bool(fold(answer))
        and len(news) < _LEAST_NEWS[zh]
        and not any(c.isdigit() for c in answer)
    )
