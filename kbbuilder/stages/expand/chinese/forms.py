"""Chinese question forms: a standard question is read into its form and topic, and written in the like forms.

A form that does not fit for certain gives nothing: fewer wordings are better than broken ones.
"""

from __future__ import annotations

import re

from kbbuilder.language.text import CJK
from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.chinese import amounts, places, tasks, things, trouble, yes_no
from kbbuilder.stages.expand.chinese.words import SYNONYMS, TRADITIONAL
from kbbuilder.stages.expand.form import Form, Wordings

_LEAD = re.compile(r"^(?:\d+[.、．]\s*|请问[，,]?|你好[，,]?|您好[，,]?|我?想(?:问|知道)一?下?[，,]?)")
_END = re.compile(r"[？?。！!\s]+$")
_SEVERAL = re.compile(r"[？?。！!；;：:\n]|\.\s+[A-Z]")
_EDGE = re.compile(rf"(?<=[{CJK}])(?=[A-Za-z0-9`])|(?<=[A-Za-z0-9`%])(?=[{CJK}])")
_EDGE_BLANK = re.compile(rf"(?<=[{CJK}]) (?=[A-Za-z0-9`])|(?<=[A-Za-z0-9`%]) (?=[{CJK}])")
_SPACED = re.compile(rf"[{CJK}] [A-Za-z0-9`]|[A-Za-z0-9`%] [{CJK}]")


def wordings(question: str, kind: PairKind | None) -> Wordings:
    """(text, style) of other wordings, best first; nothing for texts of several sentences or of unknown form."""
    asked = question.rstrip().endswith(("?", "？"))
    bare = _END.sub("", _LEAD.sub("", question.strip()))
    if not bare or len(bare) > 60 or _SEVERAL.search(re.sub(r"`[^`]*`", "", bare)) or TRADITIONAL & set(bare):
        return
    spaced = _SPACED.search(bare) is not None
    for text, style in _written(bare, kind, asked):
        yield _joined(text, spaced or style == "keyword"), style


def _written(bare: str, kind: PairKind | None, asked: bool) -> Wordings:
    for form in _FORMS:
        match = form.pattern.fullmatch(bare)
        if match is not None:
            yield from form.write(match, kind)
            yield from _synonyms(bare, asked)
            return
    if not asked:
        yield from tasks.heading(bare)


def _joined(text: str, spaced: bool) -> str:
    """The text with or without blanks between Chinese and Latin characters, as the question has them."""
    text = re.sub(r"\s+", " ", text).strip()
    text = _EDGE.sub(" ", text) if spaced else _EDGE_BLANK.sub("", text)
    return re.sub(r"\s+(?=[？。，])", "", text)


def _synonyms(bare: str, asked: bool) -> Wordings:
    for word, other in SYNONYMS:
        if word in bare and other not in bare:
            yield f"{bare.replace(word, other, 1)}{'？' if asked else ''}", "colloquial"


_HOW = r"(?P<how>应该如何|应该怎么|该如何|该怎么|应如何|要怎么|如何|怎么样|怎样|怎么)"
_FORMS: tuple[Form, ...] = tuple(
    Form(re.compile(pattern), write)
    for pattern, write in (
        (r"(?P<x>.{2,30}?)\s?是什么意思[，,](?:该|应该)?(?:怎么|如何)(?:办|处理|解决)", trouble.code),
        (
            r"(?P<c>.{3,40}?)(?P<how>(?:该|应该|要)?(?:怎么办|怎么处理|如何处理|怎样处理|怎么解决|如何解决|怎样解决))",
            trouble.what_to_do,
        ),
        (r"(?:如何|怎么|怎样)处理(?P<o>.+)", trouble.handle),
        (r"关于(?P<x>.{2,16})(?:有哪些|有什么)规定", things.rules),
        (r"(?P<x>.{2,16})是(?:怎么|如何|怎样)规定的", things.rules),
        (r"(?P<b>.{0,20}?)(?P<at>在)?(?P<where>哪里|哪儿|什么地方)(?P<rest>.{0,16})", places.where),
        (r"(?P<c>.{2,30}?)会(?:怎么样|怎样|如何)", trouble.happens),
        (r"(?P<x>.{2,24}?)(?:要)?(?:怎么收费|如何收费|多少钱|怎么收|怎么算)", amounts.price),
        (rf"(?P<s>.{{0,24}}?){_HOW}(?P<do>.+)", tasks.how_to),
        (r"(?P<c>.{3,30}?)(?:是|有)?什么原因(?:造成的|导致的|引起的)?", trouble.cause),
        (r"(?P<s>.{0,16}?)(?P<why>为什么|为何|为啥)(?P<rest>.+)", trouble.why),
        (r"(?P<x>.{2,24}?)(?:有什么|有何)(?:作用|用途|用处|用)", things.use),
        (
            r"(?P<a>.{1,20}?)(?P<link>和|与|跟)(?P<b>.{1,20}?)(?:之间)?(?:有什么|有何|有哪些|的)(?:区别|不同"
            r"|差异|差别)(?:是什么)?",
            things.difference,
        ),
        (
            r"(?:什么是|什么叫)\s?(?P<x>.+)|(?P<y>.{2,30}?)\s?(?:是什么意思|指的是什么|是指什么|是什么)",
            things.definition,
        ),
        (r"(?P<b>.{2,24}?)(?P<have>有)(?:哪些|什么)(?P<w>[^，]{0,10})", things.which),
        (
            r"(?P<s>.{0,20}?)(?P<v>需要提供|需要准备|支持|包含|提供|需要|适用于)(?:哪些|什么)(?P<w>[^，吗]{1,12})",
            things.which_of,
        ),
        (r"(?P<x>.{2,30}?)(?P<be>是|为)?多少", amounts.how_much),
        (
            r"(?P<s>.{0,20}?)(?P<most>最多|一共|总共)?(?P<can>可以"
            r"|能)(?P<v>[^多]{1,6}?)多少(?P<c>[个台张枚件人条位次组把节天])(?P<o>.{0,10})",
            amounts.how_many,
        ),
        (r"(?P<x>.{2,16}?)有多少(?P<c>[天个次年])(?P<o>.{0,8})", amounts.has_many),
        (r"(?P<b>.{0,24}?)(?P<be>是|为|需要|要|需|有)?(?P<ask>多久|多长时间|多长)(?P<rest>.{0,16})", amounts.how_long),
        (
            r"(?P<s>.{0,20}?)(?<![功性智节可只才不就万都也])(?P<can>可不可以|能不能|是否可以|是否能够|能否"
            r"|可否|可以|能)(?![源量力耗效])(?P<do>.+?)(?P<ma>吗)?(?<!不可以)",
            yes_no.can,
        ),
        (
            r"(?P<s>.{0,20}?)(?<!技术)(?P<v>支持|需要|会(?![员议计话场费长所])|有(?![效限线关害机序])|兼容|包含"
            r"|提供|允许)(?P<do>.*?)吗",
            yes_no.modal,
        ),
        (
            r"(?P<s>.{0,20}?)是否(?P<v>支持|需要|会(?![员议计话场费长所])|有(?![效限线关害机序])|兼容|包含|提供"
            r"|允许)(?P<do>.*)",
            yes_no.modal,
        ),
        (r"(?P<s>.{0,20}?)是否(?P<do>.+)", yes_no.whether),
        (r"(?P<s>.{2,16}?)是(?P<what>[^不否]{2,12})吗", yes_no.is_it),
        (r"(?P<x>.{2,16}?)(?:应|是)?由谁(?:来)?(?P<do>.{2,6})", places.who),
    )
)
