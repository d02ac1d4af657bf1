"""Whether an answer is the answer to its question: a small model asks for what its passage does not say."""

from __future__ import annotations

import re

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.text import fold
from kbbuilder.schema import Chunk, DocumentContext, Grounded
from kbbuilder.stages.ground.closely.telling import asked_words, telling
from kbbuilder.stages.ground.definition import leaves_undefined
from kbbuilder.stages.ground.reasons import Finding

_MIN_MET = 0.5
"""Share of what a question asks besides the names of its section that the answer must exceed; of two words one will do,
as the other may be a synonym."""
_NAMES_MET = 0.75
"""The same of a question that asks for nothing but what the section's names say."""
_WHOLE = 0.6
"""Share of a section from which an answer is the answer to a question about all of it."""
_WHAT_IS_ZH = re.compile(
    r"^(?:使用.{2,30}?时，)?(?P<named>[^，？?]{2,40}?)(?:是|指的是)什么(?:工具|软件包?|程序|命令|组件|模块)?[？?]?$"
)
_SAYS_WHAT = r"(?:[:：（(—]|--|[^。！？，\n]{0,8}?(?:是|为(?![^。，]{0,12}(?:带来|提供|准备|创建))|指|用于|用来|意味|(?<!只)包[含括]))"
_WHAT_IS = re.compile(
    r"^what (?:is|are) (?:an? |the )?(?P<en>[^?,]+)\?|^(?:使用.{2,30}?时，)?(?P<zh>[^，？?]+?)是什么[^，？?]{0,4}[？?]",
    re.I,
)
_WHAT_IS_EN = re.compile(r"^what (?:is|are) (?:an? |the )?(?P<what>[^?]+)\?$", re.I)
_A_DESCRIPTION = 2
_SAID_BEFORE = re.compile(
    r"(?:\b(?:is|are|was|were|be|as|called|named|namely|means?|of|provides?|offers?)|:)\s+(?:an? |the )?(?:\w+ )?[“\"']?$",
    re.I,
)
_SAID_AFTER = re.compile(
    r"[”\"']?(?:[:：—–]| -|\s(?:\([^)]*\) )?(?:(?:is|are|was|were)(?! not\b)|means?|refers?|stands?|includes?|contains?|consists?"
    r"|allows?|lets|enables?|provides?|describes?|defines?|represents?|displays?|shows?|indicates?|dynamically|automatically|has|have|can be (?!found)"
    r"|within|that|which|where|used)\b)",
    re.I,
)
_COMMAND_ASKED = re.compile("命令(?:是|有)(?:什么|哪些)")
_HOW_ZH = re.compile(r"(?:如何|怎么|怎样)(?:才能|可以|能够?|继续|重新|自动|手动)?(?P<verb>[\u4e00-\u9fff]{2})")
_VAGUE = re.compile(
    r"大部[分份]|大多数?|一部[分份]|成千上万|数以[百千万]计|\b(?:hundreds|thousands|dozens|plenty|a (?:large |great )?number) of\b",
    re.I,
)
_WHICH_ONES = re.compile(r"哪些|^what are\b", re.I)
_NAMED_ONES = re.compile(r"\n|[：:、]|\b(?:including|such as|for example|namely)\b", re.I)
_ABSTRACT: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(r"^what (?:is|are) the (?:\w+ )?(?:role|purpose|function|use|goal|aim|point)s? ", re.I),
        re.compile(
            r"\b(?:is|are|be) (?:\w+ )?(?:used|meant|intended|designed|responsible|needed)\b|\b(?:serves?|acts?|so that|in order to|purpose)\b"
            r"|\bto (?:allow|let|enable|prevent|avoid|ensure|make|help|keep|protect|provide)\b",
            re.I,
        ),
    ),
    (
        re.compile(
            r"^what (?:is|are) the (?:\w+ )?(?:process|procedure|steps|instructions|way|method|best practices?)s? ",
            re.I,
        ),
        re.compile(r"\n\s*(?:[-*]|\d+[.)])|;|\bfirst\b.*\bthen\b", re.I | re.S),
    ),
    (
        re.compile(
            r"^what (?:is|are) the (?:\w+ )?(?:consequence|impact|effect|result|implication|significance|importance|cost|benefit"
            r"|responsibilit(?:y|ie)|dut(?:y|ie)|guarantee|challenge|limitation|issue|problem|concern|advantage|concept)s? ",
            re.I,
        ),
        re.compile(
            r"\b(?:cause[sd]?|causing|leads?|result(?:s|ing)? in|therefore|so that|otherwise|responsible|guarantee[sd]?"
            r"|limit(?:s|ed)?|cannot|can't|faster|easier|advantage|benefit)\b|\n\s*[-*]",
            re.I,
        ),
    ),
)
"""English questions for an abstract noun, as a small model likes to ask, and what an answer to each has at least."""
_WHAT_HAPPENS = re.compile(r"^what (?:happens|will happen|might happen|would happen|can happen)\b", re.I)
_TO_BE_DONE = re.compile(r"\byou (?:should|must|need to|have to|may want)\b", re.I)
_LINK_ASKED = re.compile(r"^what is the (?:link|url|website|web page|web address)\b", re.I)
_HARD_OR_EASY = re.compile(r"(?:复杂|简单|容易|困难|麻烦)[。！]?$")
_HOW_I = re.compile(r"^how (?:do|can|should|could|would) (?:i|you|we)\b", re.I)
_INSTRUCTS = re.compile(
    r"\b(?:you|your|yourself|please|by \w+ing|us(?:e|ing)|via|run|click|press|choose|select|open|enter|type|set|add|install"
    r"|configure|edit|create|make sure|must|need to|to \w+,)\b|`|^To [^.,;\n]{3,60}, [a-z]+ (?:the|an?|your|all|it|on)\b|(?:^|[.;:\n]\s*(?:[-*]|\d+[.)])?\s*)(?!(?:The|This|That|These|It|In|An?"
    r"|There|If|When|For|All|Some|Many|Most|Each|Every|As|To|On|At|With|By|Any|No)\b)[A-Z][a-z]+ (?:the|an?|your|all|any|on|it|one|up|and)\b"
)
_STEPS_ASKED = re.compile(r"\bsteps\b|步骤|流程")
_STEPS = re.compile(r"\n|;|；|→|\b(?:then|first|next|after|finally)\b|然后|接着|首先|再|之后|最后", re.I)
_HOW = re.compile(r"如何|怎么(?!办)|怎样")
_ORDERS = re.compile("请?(?:确保|务必|不要|请勿|切勿)")
_MEANS = re.compile(r"通过|利用|运行|执行|点击|单击|按下|`")
_FROM_TO = re.compile(r"\bfrom ([\w ]{2,20}?) to (\w+)\b|从([^，。]{1,8}?)[到向往至]([^，。]{1,2})", re.I)
_LISTS = re.compile(r"[、：:;；\n]|[和及或与]|例如|比如|包括")
_NAMED = re.compile(r"[A-Za-z0-9][\w./+-]*")
_WHY_ZH = re.compile(r"(?:为什么|为何)(?P<what>[^？?]{4,})[？?]")
_DIFFERENCE = re.compile(r"\bdifferences?\b|\bdiffer\b|区别|不同之处|差异|差别", re.I)
_COMPARES = re.compile(
    r"\b(?:differ\w*|unlike|whereas|while|but|however|than|instead|both|contrast)\b|区别|不同|而(?!且)|相比|差异|差别|分别|前者|后者|则",
    re.I,
)
_WHICH, _DENIES = re.compile("哪些|什么"), re.compile("不支持|不能|无法|不会|无需|不需|不必|没有")
_DENIES_EN = re.compile(r"\bnot (?:\w+ly )?(?P<what>\w+ed)\b", re.I)
_AMOUNT_ASKED = re.compile(
    r"^what (?:is|are) the (?:\w+ )?(?:minimum|maximum|voltage|current|value|size|speed|number|length|width|height|frequency"
    r"|default value|limit|range|percentage|price|version)\b|(?:最小|最大|最低|最高)?(?:值|电压|电流|大小|速度|数量|长度|宽度"
    r"|频率|版本号)(?:是|为)(?:什么|多少)",
    re.I,
)
_AMOUNT = re.compile(
    r"[0-9一二两三四五六七八九十百千万]|\b(?:one|two|three|four|five|ten|none|no|same|equal|twice|half)\b|`", re.I
)


def beside_the_question(pair: Grounded, chunk: Chunk, context: DocumentContext) -> Finding | None:
    """What the question asks and the answer does not give."""
    lacking = _lacking(pair.candidate.question, pair.candidate.answer, context) or _astray(pair, chunk, context)
    return Finding("not_answered", lacking) if lacking else None


def _lacking(question: str, answer: str, context: DocumentContext) -> str:
    if _AMOUNT_ASKED.search(question) and not _AMOUNT.search(answer):
        return "an amount"
    if _DIFFERENCE.search(question) and not _COMPARES.search(answer):
        return "a comparison"
    if _COMMAND_ASKED.search(question) and "`" not in answer and "命令" not in answer:
        return "a command"
    if "哪些" in question and not _lists_some(question, answer):
        return "the ones asked for"
    if (why := _WHY_ZH.search(question)) and _is_the_reason(why["what"], answer):
        return "a reason"
    if _WHICH_ONES.search(question) and _VAGUE.search(answer) and not _NAMED_ONES.search(answer):
        return "the ones asked for"
    if any(asks.search(question) and not told.search(answer) for asks, told in _ABSTRACT):
        return "what it asks for"
    if _HOW_I.search(question) and not _INSTRUCTS.search(answer):
        return "a way"
    if _WHAT_HAPPENS.search(question) and _TO_BE_DONE.search(answer):
        return "what happens"
    if _LINK_ASKED.search(question) and "http" not in answer:
        return "a link"
    if _STEPS_ASKED.search(question) and not _STEPS.search(answer):
        return "the steps"
    if _HOW.search(question) and (_ORDERS.search(answer) or _HARD_OR_EASY.search(answer)) and not _MEANS.search(answer):
        return "a way"
    if _other_way_round(question, answer):
        return "the other way round"
    if unsaid := _not_said_what(question, answer) or _product_undefined(question, answer, context):
        return f"what “{unsaid}” is"
    if _denied(question, answer):
        return "the answer denies it"
    if mentioned := _only_mentions(question, answer):
        return f"what “{mentioned}” is"
    if undone := _does_something_else(question, answer):
        return f"nothing on “{undone}”"
    return ""


def _is_the_reason(asked: str, answer: str) -> bool:
    """Whether what is asked the reason of is the reason given in the answer for something else."""
    given = re.search("(?:由于|因为)([^,，。]{4,})[,，]", answer)
    return given is not None and fold(asked).endswith(fold(given[1]))


def _lists_some(question: str, answer: str) -> bool:
    """Whether an answer in Chinese names several, or at least one by a name that the question does not have."""
    return _LISTS.search(answer) is not None or bool(set(_NAMED.findall(answer)) - set(_NAMED.findall(question)))


def _other_way_round(question: str, answer: str) -> bool:
    """Whether the question asks from one side to another and the answer tells of the way back."""
    ways = [tuple(fold(side) for side in way.groups() if side) for way in _FROM_TO.finditer(question)]
    told = [tuple(fold(side) for side in way.groups() if side) for way in _FROM_TO.finditer(answer)]
    return any((end, begin) in told and (begin, end) not in told for begin, end in ways)


def _only_mentions(question: str, answer: str) -> str:
    """What an English question asks the being of and the answer has word for word, but says nothing of; else ""."""
    match = _WHAT_IS_EN.match(question)
    if match is None or len(match["what"].split()) < _A_DESCRIPTION:
        return ""
    told, name = re.sub(r"[`*_]", "", answer), re.sub(r"[`*_]", "", match["what"])
    found = list(re.finditer(rf"\b{re.escape(name)}", told, re.I))
    said = any(_SAID_BEFORE.search(told[: at.start()]) or _SAID_AFTER.match(told[at.end() :]) for at in found)
    return name if found and not said else ""


def _not_said_what(question: str, answer: str) -> str:
    """What a Chinese question asks the being of ("…的格式是什么？") without the answer saying so of it; else ""."""
    match = _WHAT_IS_ZH.match(question)
    if match is None:
        return ""
    named = re.sub(r"[\s`]", "", re.split("的", match["named"])[-1])
    plain = re.sub(r"[`\]\[]", "", answer)
    if re.search(re.escape(match["named"].split("的")[-1].replace("`", "").strip()) + r" [-–—] ", plain, re.I):
        return ""  # a list of names, each with what it is
    said = re.search(re.escape(named) + _SAYS_WHAT, re.sub(r"[ \t`]|\]\([^)]*\)|\[", "", answer), re.I) is not None
    others = len(re.findall(r"^\s*- ", answer, re.M)) > 1 and "：" not in answer.partition("\n")[0]
    return named if not said or others else ""


def _product_undefined(question: str, answer: str, context: DocumentContext) -> str:
    """The product, when it is asked what that is and the answer tells something else of it; else ""."""
    match = _WHAT_IS.match(question)
    name = (match["en"] or match["zh"]).strip(" `") if match is not None else ""
    if not name or fold(name) not in (fold(context.subject), fold(context.book)):
        return ""
    said = re.escape(name) + r"`?(?:[^.!?\n]{0,30}?\bis (?:an?|the)\b|[^。！？\n]{0,12}?(?:是|指|用于|用来))"
    return "" if re.search(said, answer, re.I) else name


def _does_something_else(question: str, answer: str) -> str:
    """What a Chinese question asks the way to do and the answer has no word of; else ""."""
    match = _HOW_ZH.search(question)
    if match is None or (set(match["verb"]) & set(answer) and f"自动{match['verb']}" not in answer):
        return ""
    return match["verb"]


def _denied(question: str, answer: str) -> bool:
    """Whether a question for which ones meets the statement that none do ("哪些…支持…？" — "…不支持…。", "What are the
    supported …?" — "… not officially supported.")."""
    if (no := _DENIES_EN.search(answer)) is not None:
        return re.search(rf"^(?:what|which)\b.*\b{no['what']}\b", question, re.I) is not None and "not" not in question
    match = _DENIES.search(answer)
    return (
        match is not None
        and _WHICH.search(question) is not None
        and match[0].lstrip("不无没") in question
        and _DENIES.search(question) is None
        and len(re.findall("[。；]", answer)) <= 1
    )


def _astray(pair: Grounded, chunk: Chunk, context: DocumentContext) -> str:
    """What the question asks that its answer does not speak of; the heading, when it asks for nothing else; "" when the
    answer is to the point."""
    quotes = "\n".join(span.quote for span in pair.candidate.evidence)
    whole = sum(span.end - span.start for span in pair.candidate.evidence) >= _WHOLE * _body(chunk)
    named = telling(" ".join((*chunk.heading_path, context.title, context.subject, context.name)))
    told = telling(f"{pair.candidate.answer}\n{quotes}")
    asked = asked_words(pair.candidate.question)
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
        own = telling(chunk.heading_path[-1] if chunk.heading_path else context.title)
        for_it = whole and len(own & asked) >= len(own) / 2
        met = bool(asked) and len(asked & told) >= _NAMES_MET * len(asked)
        return "" if for_it or met else "the heading alone"
    lacking = sorted(besides - told)
    spoken_of = len(besides) - len(lacking)
    enough = spoken_of > _MIN_MET * len(besides) or (spoken_of == 1 and len(besides) == 2)
    return "" if enough else f"nothing on {', '.join(lacking[:5])}"


def _body(chunk: Chunk) -> int:
    return sum(part.end - part.start for part in chunk.parts if part.element.kind.value != "heading") or 1
