"""A closer look at the questions of a small model: what it gets wrong, and larger ones and rules do not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.text import fold, has_cjk
from kbbuilder.language.tokens import search_tokens, telling_share
from kbbuilder.schema import Chunk, DocumentContext, Grounded, PairKind, Verdict
from kbbuilder.stages.ground.definition import leaves_undefined
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.second_look import flagged

MIN_MET = 0.5
"""Share of what a question asks besides the names of its section that the answer must exceed; of two words one will do,
as the other may be a synonym."""
_NAMES_MET = 0.75
"""The same of a question that asks for nothing but what the section's names say."""
_WHOLE = 0.6
"""Share of a section from which an answer is the answer to a question about all of it."""
_LEAST_NEWS = {True: 5, False: 3}
"""Telling letters (Chinese) or words of an answer that its question does not have, below which it tells nothing."""

_ASKING = frozenset("多久少几何哪吗要需可以能会时些么怎如为是否应该当请有种第个里中谁下上") | frozenset(
    search_tokens(
        "often purpose role use used using mean means meaning difference option options happen happens way ways steps step work works"
        " set up get start do does can should may main impact effect benefit reason recommended potential kind type different"
        " main important need make process information feature features requirement requirements consider"
    )
)
_REFERS = re.compile(
    r"请?参[见看阅照]|详见|见下|本(?:书|手册|指南|文)|(?:手册|指南|文档|教程)的?(?:版本|发布日期|作者|出版|更新)|\b(?:refer to|see also)\b",
    re.I,
)
_UNLIKE_A_CUSTOMER = re.compile(
    r"[?？].*[?？]$|这意味着什么|更多信息|(?:而|且|但|和|或)(?:如何|怎么|怎样|什么)|它|^(?:使用.{2,30}?时，)?第[一二三四五](?:个|种|项)|前者|后者|[;；]\s*(?:如何|什么)"
    r"|\band (?:what|how|why|where|when|which|verify)\b|\bthe other \w+\?$"
)
"""Asked twice, of more than a section holds, joined to a statement, or of what only the section names."""
_LEAST_NAMED = 4
"""Telling letters of a Chinese question without a Latin name, below which it names nothing."""
_OF_AN_EXAMPLE = re.compile(r"\b(?:tutorial|walk-?through|worked example)\b|教程|实例|练习|演练", re.I)
_WHAT_IS_ZH = re.compile(r"^(?:使用.{2,30}?时，)?(?P<named>[^，？?]{2,40}?)(?:是|指的是)什么[？?]?$")
_SAYS_WHAT = r"(?:[:：（(—]|--|[^。！？，\n]{0,8}?(?:是|为|指|用于|用来|意味|包[含括]))"
_VAGUE = re.compile("大部分|大多数?|一部分|成千上万|数以[百千万]计")
_POINTS_FIRST = re.compile("^[^。！？\\n]{0,15}(?:这个|这些|这一|上述|如上|本软件|该)")
_ASKING_ZH = re.compile(
    "什么样|什么|如何|怎么|怎样|为何|哪些|多少|使用|用于|进行|关于|注意|事项|方面|问题|情况|请问|类型|内容|信息|主要|特点|功能|作用|含义"
    "|区别|差别|差异|原因|目的|步骤|方式|方法|具体|通常|应该|需要|支持|包括|包含|提供|处理|操作(?!系统)"
)
"""Words of Chinese that say what kind of thing is asked."""
_DIFFERENCE = re.compile(r"\bdifferences?\b|\bdiffer\b|区别|不同之处|差异|差别", re.I)
_COMPARES = re.compile(
    r"\b(?:differ\w*|unlike|whereas|while|but|however|than|instead|both|contrast)\b|区别|不同|而(?!且)|相比|差异|差别|分别|前者|后者|则",
    re.I,
)
_WHICH, _DENIES = re.compile("哪些|什么"), re.compile("不支持|不能|无法|不会|无需|不需|不必|没有")
_CODE = re.compile(r"`([^`]+)`")
_AMOUNT_ASKED = re.compile(
    r"^what (?:is|are) the (?:\w+ )?(?:minimum|maximum|voltage|current|value|size|speed|number|length|width|height|frequency"
    r"|default value|limit|range|percentage|price|version)\b|(?:最小|最大|最低|最高)?(?:值|电压|电流|大小|速度|数量|长度|宽度"
    r"|频率|版本号)(?:是|为)(?:什么|多少)",
    re.I,
)
_AMOUNT = re.compile(
    r"[0-9一二两三四五六七八九十百千万]|\b(?:one|two|three|four|five|ten|none|no|same|equal|twice|half)\b|`", re.I
)
_NO_END = re.compile(
    r"[为到在和与把将及或][？?]$|(?:什么|如何|怎么|怎样|哪些?|多少|多久|多大)[为的]?(?:什么|如何|怎么|怎样|哪些?)"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]*")
_SHOWS_NOTHING = re.compile(
    r"(?:以下|如下|下列|下面)的?(?:命令|代码|内容|例子|示例|输出|脚本|配置|步骤|方法|列表|几[种个项点])[^，。；：\n]*[（(：:。]"
    r"|\b(?:the following|as follows|shown below|listed below)\b"
)
_PICTURED = re.compile(
    r"\b(?:image|figure|screenshot|picture|diagram|table) (?:below|above)|\b(?:below|above|following) (?:image|figure|screenshot|picture)"
    r"|[上下]图|如图|[上下]表|\w_(?:png|svg|gif)\b",
    re.I,
)
_SHOWN = re.compile(r"\n|`|[：:]\s*\S")
_OPENS_BACK = re.compile(
    r"(?:它|他们|该|此(?!外)|这(?!种情况下)|那(?!么)|其(?!他|它|实|中)|上述|因此|所以|否则|但是?|然而|而且|或者|另一)"
    r"|(?:it|its|they|this|these|those|such|otherwise|instead|therefore|thus|but|however|the latter|the former)\b",
    re.I,
)


def read_closely(proved: Sequence[Grounded], chunk: Chunk, context: DocumentContext) -> list[Grounded]:
    """The pairs that a small model wrote of a chunk, in their order; those flagged whose question asks only for the
    heading, whose answer does not speak of what is asked, tells nothing new, or goes on from what it does not show. Of
    good pairs it flags a fifth too: a fair price where half are bad, too much where few are.

    Cost: linear in the lengths of pairs and chunk.
    """
    return [_looked_at(pair, chunk, context) for pair in proved]


def _looked_at(pair: Grounded, chunk: Chunk, context: DocumentContext) -> Grounded:
    if pair.verdict is not Verdict.SUPPORTED or pair.candidate.kind is PairKind.EXPLICIT:
        return pair
    question, answer = pair.candidate.question, pair.candidate.answer
    found: Finding | None = None
    if _REFERS.search(question) or _NO_END.search(question) or _UNLIKE_A_CUSTOMER.search(question):
        found = Finding("oddly_worded", f"“{question[:60]}”")
    elif any(_OF_AN_EXAMPLE.search(heading) for heading in chunk.heading_path):
        found = Finding("not_standalone", "told of an example")
    elif _names_nothing(question):
        found = Finding("not_standalone", f"“{question[:60]}”")
    elif torn := _torn(question, f"{chunk.text}\n{' '.join(chunk.heading_path)}\n{context.title} {context.subject}"):
        found = Finding("oddly_worded", f"“{torn}”")
    elif _AMOUNT_ASKED.search(question) and not _AMOUNT.search(answer):
        found = Finding("not_answered", "an amount")
    elif _DIFFERENCE.search(question) and not _COMPARES.search(answer):
        found = Finding("not_answered", "a comparison")
    elif _VAGUE.search(answer) and "哪些" in question:
        found = Finding("not_answered", "the ones asked for")
    elif unsaid := _not_said_what(question, answer):
        found = Finding("not_answered", f"what “{unsaid}” is")
    elif _denied(question, answer):
        found = Finding("not_answered", "the answer denies it")
    elif astray := _astray(pair, chunk, context):
        found = Finding("not_answered", astray)
    elif _tells_nothing_new(question, answer):
        found = Finding("answer_is_question", "")
    elif _PICTURED.search(answer) or (_SHOWS_NOTHING.search(answer) and not _SHOWN.search(answer)):
        found = Finding("cut_off", "what it announces is not there")
    elif match := _OPENS_BACK.match(answer) or _POINTS_FIRST.match(answer):
        found = Finding("cut_off", f"“{match[0]}” goes on from something")
    return pair if found is None else flagged(pair, found)


def _astray(pair: Grounded, chunk: Chunk, context: DocumentContext) -> str:
    """What the question asks that its answer does not speak of; the heading, when it asks for nothing else; "" when the
    answer is to the point."""
    quotes = "\n".join(span.quote for span in pair.candidate.evidence)
    whole = sum(span.end - span.start for span in pair.candidate.evidence) >= _WHOLE * _body(chunk)
    named = _telling(" ".join((*chunk.heading_path, context.title, context.subject, context.name)))
    told = _telling(f"{pair.candidate.answer}\n{quotes}")
    asked = _telling(_ASKING_ZH.sub(" ", pair.candidate.question)) - _ASKING
    names = missing_facts(
        pair.candidate.question, "\n".join((quotes, *chunk.heading_path, context.title, context.subject, context.name))
    )
    if names:
        return f"nothing on {', '.join(names)}"
    undefined = leaves_undefined(pair.candidate.question, quotes, ())
    if undefined and not whole:
        return f"what “{undefined}” is"
    besides = asked - named
    if not besides:
        own = _telling(chunk.heading_path[-1] if chunk.heading_path else context.title)
        for_it = whole and len(own & asked) >= len(own) / 2
        met = bool(asked) and len(asked & told) >= _NAMES_MET * len(asked)
        return "" if for_it or met else "the heading alone"
    lacking = sorted(besides - told)
    spoken_of = len(besides) - len(lacking)
    enough = spoken_of > MIN_MET * len(besides) or (spoken_of == 1 and len(besides) == 2)
    return "" if enough else f"nothing on {', '.join(lacking[:5])}"


def _telling(text: str) -> frozenset[str]:
    """The words that tell something; of Chinese the single characters."""
    return frozenset(t for t in search_tokens(text) if telling_share(t) == 1.0 and not (has_cjk(t) and len(t) > 1))


def _body(chunk: Chunk) -> int:
    return sum(part.end - part.start for part in chunk.parts if part.element.kind.value != "heading") or 1


def _names_nothing(question: str) -> bool:
    return (
        has_cjk(question)
        and _LATIN.search(question) is None
        and len(_telling(_ASKING_ZH.sub(" ", question)) - _ASKING) < _LEAST_NAMED
    )


def _not_said_what(question: str, answer: str) -> str:
    """What a Chinese question asks the being of ("…的格式是什么？") without the answer saying so of it; else ""."""
    match = _WHAT_IS_ZH.match(question)
    if match is None:
        return ""
    named = re.sub(r"[\s`]", "", re.split("的", match["named"])[-1])
    said = re.search(re.escape(named) + _SAYS_WHAT, re.sub(r"[ \t`]|\]\([^)]*\)|\[", "", answer), re.I) is not None
    others = len(re.findall(r"^\s*- ", answer, re.M)) > 1 and "：" not in answer.partition("\n")[0]
    return named if not said or others else ""


def _denied(question: str, answer: str) -> bool:
    """Whether a question for which ones meets the statement that none do ("哪些…支持…？" — "…不支持…。")."""
    match = _DENIES.search(answer)
    return (
        match is not None
        and _WHICH.search(question) is not None
        and match[0].lstrip("不无没") in question
        and _DENIES.search(question) is None
        and len(re.findall("[。；]", answer)) <= 1
    )


def _torn(question: str, source: str) -> str:
    """The first Latin word of a Chinese question that its section does not have: the model broke off a name; else ""."""
    if not has_cjk(question):
        return ""
    for code in _CODE.findall(question):
        if not re.search(rf"(?<![\w./-]){re.escape(code.strip())}(?![\w/-])", source):
            return str(code)
    known = frozenset(word.casefold() for word in _LATIN.findall(source))
    return next((word for word in _LATIN.findall(question) if word.rstrip(".").casefold() not in known), "")


def _tells_nothing_new(question: str, answer: str) -> bool:
    zh = has_cjk(answer)
    news = _telling(answer) - _telling(question)
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
