"""The product a document is about: the name that its titles give and its text goes on using."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kbbuilder.language.headings import bare_heading, is_generic
from kbbuilder.language.text import has_cjk, without_code
from kbbuilder.schema import Chunk, Language
from kbbuilder.stages.extract import lexicon_en, lexicon_zh

_GENERIC_EN = re.compile(
    r"\b(?:user(?:['’]?s)?|users['’]?|owner(?:['’]?s)?|product|service|reference|quick|start(?:ing|ed)?|getting|installation|operating|instruction(?:s)?|operator(?:['’]?s)?|administrator(?:['’]?s)?|"
    r"manual|guide|handbook|documentation|docs|introduction(?: to)?|overview|tutorial|training|slides|parameters?|specifications?|datasheet|data sheet|brochure|troubleshooting|maintenance|"
    r"faqs?|frequently asked questions|help|edition|version|release|notes|policy|terms|table|list|prices?|limits|the|for|of|to|and|a|an|integrator(?:['’]?s)?|developer(?:['’]?s)?|maintainer(?:s['’]|['’]s|s)?|new|"
    r"v?\d+(?:\.\d+)+|rev(?:ision)?\.? ?\w+|20\d\d(?:-\d\d)*)(?=[\s,:;–—-]|$)",
    re.I,
)
_GENERIC_ZH = re.compile(
    r"(?:产品|用户|使用|操作|安装|维护|维修|参考|快速|入门|新手|培训|技术|销售|服务|常见|故障|排除|开发|部署|配置|运维|升级|迁移|管理员?|集成商?|维护人员|新维护人员)*"
    r"(?:说明书|手册|指南|教程|文档|简介|介绍|入门|概述|课件|资料|白皮书|问答|常见问题(?:解答)?|问题|汇总|FAQ|指引|规范|大全|培训|参数|规格)+|(?:第?[\d.]+版|v?\d+(?:\.\d+)+|20\d\d年?\d*月?)",
    re.I,
)
_TOOL_TITLE = re.compile(
    r"^(?=.{4,20}$)[A-Za-z][\w .+-]*[\u4e00-\u9fff]{0,6}(?:器|工具|软件|平台|客户端|程序|面板|助手|插件)$"
)
"""A title that is as a whole the name of a tool: "PCB 编辑器"."""
_NAMES_PART_OF_SUITE = re.compile(r"(?:编辑|查看|浏览|计算|管理)器$|\b(?:Editor|Viewer|Browser|Calculator|Manager)$")
_TITLE_OF_PART = re.compile(
    r"(?:[A-Z][A-Za-z ]*(?:Editor|Viewer|Browser|Calculator|Manager)|[\u4e00-\u9fff]{2,8}(?:编辑|查看|浏览|计算|管理)器)$"
)
_MODELS = re.compile(r"[A-Za-z]*\d[\w-]*(?:\s*(?:[/、和与&]|and)\s*[A-Za-z]*\d[\w-]*)+")


def named_by_titles(titles: Sequence[str], text: str, policy: bool, language: Language) -> str:
    """The product a document is about: what is left of its title without words like "User Manual", if the text itself
    names it often enough."""
    for title in titles:
        # "11.2 Web server (HTTP)" heads a part of a book; what it is about is the book's matter, not a product.
        numbered = bare_heading(title) != title.strip(" :：.")
        for candidate, manual in names_in_title(title):
            if (manual or not numbered) and _is_name(candidate, text, policy, manual, candidate == title.strip()):
                return _in_suite(candidate, text)
            if title is titles[-1] and not titles[1] and manual and re.search(r"[A-Za-z]+ ?[A-Z]?\d", candidate):
                return candidate  # a bare table has its product in the file's name or nowhere
    if policy:
        return ""
    tool = _TOOL_TITLE.match(bare_heading(titles[0]))
    if tool and text.count(tool.group(0)) >= 2:
        return _in_suite(tool.group(0), text)
    if tool:
        return ""  # "PCB" of "PCB 编辑器" is not what the document is about
    # "CAD 编辑器入门" is about the tool, "Tidepool 入门" about Tidepool.
    leading = re.match(
        r"(?P<name>[A-Z][\w.+-]*[A-Za-z](?: [A-Z][\w.+-]*)*) ?(?=[\u4e00-\u9fff])(?P<tool>(?:编辑|查看|浏览|计算|管理)器)?",
        bare_heading(titles[0]),
        re.ASCII,
    )
    if leading and len(re.findall(rf"(?<![A-Za-z]){re.escape(leading.group('name'))}(?![A-Za-z])", text)) >= 5:
        return leading.group() if leading.group("tool") else leading.group("name")
    if language == "zh" and _TITLE_OF_PART.match(titles[0]):
        suited = _in_suite(titles[0], text)
        return suited if suited != titles[0] else ""
    if language == "en":
        return _most_named(text) or _plainly_named(text)
    return _named_by_file(text, titles[-1]) or _most_named(text) or _named_by_model(titles, text)


_MODEL = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+-?\d\w*")


def _named_by_model(titles: Sequence[str], text: str) -> str:
    """The name in a Chinese manual's title whose model the text goes on using without the rest, or "": "云雀 M3 扫地机器人"
    of a text that says "M3" or "云雀 M3"."""
    for title in titles:
        for candidate, manual in names_in_title(title):
            model = _MODEL.search(candidate)
            if not (manual and model and has_cjk(candidate) and _may_be_chinese_name(candidate)):
                continue
            if len(re.findall(rf"(?<![A-Za-z0-9]){re.escape(model.group())}(?![A-Za-z0-9])", text)) >= 2:
                return candidate
    return ""


def _in_suite(name: str, text: str) -> str:
    """A tool's name with the suite in front whose tool it is, when the text keeps naming that: "PCB 编辑器" may be anybody's."""
    if not _NAMES_PART_OF_SUITE.search(name):
        return name
    # A title in English has said what the text is about; its suite need not stand in every other line.
    suite = _most_named(text) if has_cjk(name) else _most_named(text, at_least=3, every=4000)
    return name if not suite or suite.lower() in name.lower() else f"{suite} {name}"


def _inner_capitals(text: str) -> Counter[str]:
    return Counter(re.findall(r"(?<![\w/.@`:-])(?![KMGT]iB)[A-Z][a-z]+[A-Z][A-Za-z]*(?![\w/.@(`:-])", text))


def _named_by_file(text: str, file_name: str) -> str:
    """A name with inner capitals that the text uses and its file is named after, or ""."""
    words = file_name.lower().split()
    often = _inner_capitals(text).most_common(3)
    return next((name for name, count in often if count >= 2 and name.lower() in words), "")


def _most_named(text: str, at_least: int = 8, every: int = 1500) -> str:
    """The one name with inner capitals that the whole text keeps using ("KiCad"), or "".

    Args:
        at_least: how often it must stand in the text.
        every: it must stand there once in so many characters.
    """
    name, count = _leader(_inner_capitals(text))
    return name if count >= at_least and count * every >= len(text) else ""


_NAME_AMONG_CHINESE = re.compile(
    r"(?<![\w/.@`:$<-])(?:[A-Z][A-Za-z]*[a-z]|[A-Z][a-z]+ [A-Z][a-z]+)(?![\w/.@(`:-]| [A-Za-z])"
)


def named_throughout(sections: Sequence[Chunk]) -> str:
    """The one Latin name that a Chinese text uses twice as often as any other and in a third of its parts or more, or "": of a
    chapter with one long part about Git, Git is not the matter."""
    parts: dict[str, list[str]] = {}
    level = 0 if len({s.heading_path[:1] for s in sections}) > 2 else 1
    for section in sections:
        # English left untranslated names much that the Chinese text is not about.
        lines = [line for line in without_code(section.text).split("\n") if has_cjk(line)]
        parts.setdefault(section.heading_path[level] if len(section.heading_path) > level else "", []).extend(lines)
    texts = ["\n".join(lines) for lines in parts.values()]
    names = Counter(
        name
        for text in texts
        for name in _NAME_AMONG_CHINESE.findall(re.sub(r"\]\([^)]*\)", "]", text))
        if name.lower() not in _NOT_NAMES
    )
    if not names:
        return ""
    name, count = names.most_common(1)[0]
    rivals = [n for other, n in names.items() if name not in other and other not in name]
    spread = sum(name in text for text in texts)
    often = count >= 5 and count * 1200 >= sum(map(len, texts)) and count >= 2 * max(rivals, default=0)
    return name if often and spread * 3 > len(texts) else ""


def _plainly_named(text: str) -> str:
    """The one capitalised word that an English text keeps using inside its sentences ("Tidepool"), or ""."""
    prose = without_code(text)
    small = set(re.findall(r"\b[a-z]{4,}\b", prose)) | _NOT_NAMES
    names = Counter(
        name
        for before, name in re.findall(
            r"(?<![\w-])([a-z][\w-]*|If|In|With|When|On|For|To|Use|From|As),? ([A-Z][a-z]{3,})(?![\w/.@(:-]| [A-Z\d→>-])",
            prose,
        )
        # "the Business menu", "the Editor": what needs an article or ends in "-ing" is a label.
        if before not in ("the", "a", "an", "this", "each") and not name.endswith("ing")
        if name.lower() not in small and f"{name.lower()}s" not in small
    )
    name, count = _leader(names)
    return name if count >= 5 and count * 1500 >= len(prose) else ""


def _leader(names: Counter[str]) -> tuple[str, int]:
    """The name used three times as often as any other, and how often; ("", 0) without one."""
    ranked = names.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] < 3 * ranked[1][1]):
        return "", 0
    return ranked[0]


_NOT_NAMES = frozenset(
    "january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday "
    "manual makefile release version shell bug bugs note notes english german french chinese japanese spanish internet windows linux unix ethernet bluetooth python java unicode shift ctrl control command cmd option alt enter esc tab icon section chapter figure table note appendix example".split()
)
"""Capitalised words that name no product a manual is about."""


def names_in_title(title: str) -> list[tuple[str, bool]]:
    """Pieces of a title that may be a product's name, and whether a word such as "manual" stood beside each."""
    pieces = re.split(r"\s*[:：|–—_（(《》]\s*|\s+-\s+|-(?=[\u4e00-\u9fffA-Z][\u4e00-\u9fffa-z])", bare_heading(title))
    found: dict[str, bool] = {}
    for piece in pieces:
        piece = _MODELS.sub(" ", piece).strip()  # "净水器 P600 / P800" is about 净水器
        if re.search(r"\s(?:and|or|&)\s", piece):
            continue  # two products: which one a section means is not known
        bare = (_GENERIC_ZH if has_cjk(piece) else _GENERIC_EN).sub(" ", piece).strip(" -,.)）》")
        bare = re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])", " ", re.sub(r"\s+", " ", bare))
        # A bracket that the cut left behind is no word beside the name: "Web server (HTTP)".
        manual = bare.replace(" ", "") != piece.strip(" -,.)）》").replace(" ", "")
        if bare and (manual or not re.search(rf"[（(]\s*{re.escape(piece)}", title)):
            found.setdefault(bare, manual)
    return list(found.items())


def first_word_is_name(candidate: str, text: str) -> bool:
    """Whether a text uses the first word of a name, and only as a name: "Debian" of "Debian GNU/Linux"."""
    word = re.escape(candidate.split()[0])
    small = rf"(?<![\w/.:@-]){word.lower()}s?(?![\w/.:@-])"
    return len(re.findall(rf"\b{word}\b", text)) >= 2 and re.search(small, without_code(text)) is None


def _is_name(candidate: str, text: str, policy: bool, manual: bool, whole: bool) -> bool:
    """Whether a piece of a title names a product. `manual`: a word like "manual" stood beside it; `whole`: it is all
    of the title."""
    if not 2 <= len(candidate) <= 40 or len(candidate.split()) > 5 or is_generic(candidate):
        return False
    code = re.search(r"\d", candidate) is not None
    if has_cjk(candidate):
        return not policy and (manual or code) and _is_chinese_name(candidate, text, manual or code)
    if re.match(r"[A-Z][a-z]+ing ", candidate) or candidate.lower() in lexicon_en.VERBS:
        return False  # "Booting the Installer on 64-bit PC" and "Boot Parameters" head a chapter
    if not (code or candidate[0].isupper()) or (policy and not code) or not (manual or code or whole):
        return False
    if whole and not manual and not code and not _is_used_as_name(candidate, text):
        return False
    if manual and not code and not _is_rather_name(candidate, text):
        return False
    telling = next((w for w in candidate.split() if re.search(r"\d", w)), None)
    if telling:
        return text.count(telling) >= 2
    return len(re.findall(rf"(?<![A-Za-z]){re.escape(candidate)}(?![A-Za-z])", text)) >= 3


def _is_rather_name(candidate: str, text: str) -> bool:
    """Whether a text does not write a title's words small more often than large: "Package ID" may be a mere term."""
    small = candidate[0].lower() + candidate[1:]
    counts = [len(re.findall(rf"(?<![A-Za-z]){re.escape(form)}", without_code(text))) for form in (candidate, small)]
    return " " not in candidate or counts[0] >= counts[1]


def _is_used_as_name(title: str, text: str) -> bool:
    """Whether a text writes its whole title as a name inside sentences: "Chart Editor", not "Themes" or "Package ID"."""
    if not all(re.match(r"[A-Z\d]", word) for word in title.split()):
        return False
    inside = len(re.findall(rf"(?<=[a-z,] ){re.escape(title)}(?![A-Za-z])", text))
    small = rf"(?<![A-Za-z])(?:{re.escape(title[0].lower() + title[1:])}|{re.escape(title.lower())}s?)(?![A-Za-z])"
    return inside >= 2 and inside >= len(re.findall(small, without_code(text)))


def _is_chinese_name(candidate: str, text: str, certain: bool) -> bool:
    if not _may_be_chinese_name(candidate):
        return False
    plain = "".join(re.findall(r"[\u4e00-\u9fff]+", candidate))
    named = text.count(plain) if len(plain) >= 2 else text.count(candidate)
    return named >= (2 if certain and len(text) < 5000 else 3)


def _may_be_chinese_name(candidate: str) -> bool:
    if len(candidate) > 16 or re.search(r"[的和与及]", candidate):
        return False
    if re.search("(?:者|人员|师|员|商|(?<!机器)人)$", candidate):  # whom the book is for, not what it is about
        return False
    return not any(len(v) >= 2 and (candidate.endswith(v) or candidate.startswith(v)) for v in lexicon_zh.VERBS)
