"""Proof of a candidate: what it says stands in the source, and its question stands on its own.

Nothing vanishes: a candidate comes back supported, flagged or dropped, with reason codes and what exactly was found.
Explicit FAQ text is the document's own wording; it is never dropped for style, only for a quote that is not there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.polarity import exception_count, negation_count, only_count
from kbbuilder.language.quantities import quantities
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import detect_language, fold, has_cjk, one_line
from kbbuilder.language.tokens import STOP_WORDS, search_tokens
from kbbuilder.schema import Candidate, Chunk, DocumentContext, Grounded, PairKind, Verdict

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "quote_not_found": "A quote does not stand at its place in the source.",
        "fact_not_in_source": "The answer names a number, date, code or link that the quotes do not.",
        "negation_changed": "The answer negates what the source affirms, or the other way round.",
        "unsupported": "Much of the answer is not in the quotes.",
        "question_fact_not_in_source": "The question names a number or model that its section does not.",
        "not_standalone": "The question cannot be understood without its section.",
        "not_a_question": "The question asks nothing.",
        "language_mismatch": "The question or the answer is not in the document's language.",
        "pointer_only": "The answer only points to another place.",
        "too_short": "The answer or the question is empty or says nothing.",
        "answer_is_question": "The answer repeats the question.",
        "suspicious_text": "The text tries to give orders to an assistant.",
        "cut_off": "The answer breaks off before its end.",
        "low_confidence_text": "A quote was recognised in a scanned page, and not surely.",
    }
)
"""Every code that `ground` gives, with what it means."""

MIN_SUPPORT = 0.7
"""Share of the answer's content tokens that must stand in the evidence. Verbatim answers reach 1.0; a model's own
words that keep the facts stay above .75, inventions fall under .6."""

MIN_SENTENCE_SUPPORT = 0.45
"""The same for each sentence: one invented sentence must not hide among true ones."""

_DROPS_ALWAYS = frozenset({"quote_not_found"})
_ONLY_FLAGS = frozenset({"suspicious_text", "cut_off", "language_mismatch", "low_confidence_text"})

MIN_CONFIDENCE = 0.8
"""Text recognised with less is to be compared with the page by a person."""


class _Finding(NamedTuple):
    code: str
    detail: str


def ground(candidate: Candidate, chunk: Chunk, context: DocumentContext) -> Grounded:
    """Proves a candidate against the chunk it was taken from.

    The evidence is the quotes plus what names their topic: heading path, title, and the header cells of the chunk's
    tables. `reasons` are codes of `REASONS`, the gravest first; `detail` names the words found wanting.

    Cost: linear in the lengths of answer and chunk.
    """
    explicit = candidate.kind is PairKind.EXPLICIT
    findings = [*_quotes(candidate, chunk)]
    if not findings:
        evidence = _evidence(candidate, chunk, context)
        findings += _answer_shape(candidate)
        findings += _answer_content(candidate, evidence)
        findings += _question(candidate, chunk, context)
        findings += _safety(candidate)
        findings += _legibility(candidate, chunk)
    dropping = [f for f in findings if _drops(f.code, explicit)]
    flagging = [f for f in findings if not _drops(f.code, explicit)]
    verdict = Verdict.DROPPED if dropping else Verdict.FLAGGED if flagging else Verdict.SUPPORTED
    ordered = [*dropping, *flagging]
    return Grounded(
        candidate=candidate,
        verdict=verdict,
        reasons=tuple(dict.fromkeys(f.code for f in ordered)),
        detail="; ".join(dict.fromkeys(f.detail for f in ordered if f.detail)),
    )


def _drops(code: str, explicit: bool) -> bool:
    return code in _DROPS_ALWAYS or (not explicit and code not in _ONLY_FLAGS)


# -- quotes -----------------------------------------------------------------------------------------------


def _quotes(candidate: Candidate, chunk: Chunk) -> list[_Finding]:
    return [
        _Finding("quote_not_found", f"“{span.quote[:60]}” at {span.start}–{span.end}")
        for span in candidate.evidence
        if chunk.text[span.start : span.end] != span.quote
    ]


def _legibility(candidate: Candidate, chunk: Chunk) -> list[_Finding]:
    """Whether text recognition was unsure of an element that a quote touches."""
    touched = (
        part.element.confidence
        for part in chunk.parts
        if part.element.confidence is not None
        and any(part.start < span.end and span.start < part.end for span in candidate.evidence)
    )
    lowest = min(touched, default=1.0)
    return [_Finding("low_confidence_text", f"recognised with {lowest:.2f}")] if lowest < MIN_CONFIDENCE else []


class _Evidence(NamedTuple):
    quotes: str
    naming: str
    """Headings, title and table headers: they lend names and units, they prove no statement."""


def _evidence(candidate: Candidate, chunk: Chunk, context: DocumentContext) -> _Evidence:
    headers = [
        " ".join(cell for row in part.element.rows[: max(1, part.element.header_rows)] for cell in row)
        for part in chunk.parts
        if part.element.rows
    ]
    return _Evidence(
        quotes="\n".join(span.quote for span in candidate.evidence),
        naming="\n".join([*chunk.heading_path, context.title, context.name, *headers]),
    )


# -- the answer -------------------------------------------------------------------------------------------

# What a pointer points at: "see chapter 5" and 参见… point anywhere, "check …" and 查看… only at a place in a text.
_PLACE_EN = (
    r"(?:chapter|section|page|appendix|manual|guide|document|documentation|figure|table|website|below|above|next)"
)
_PLACE_ZH = r"(?:章|节|手册|说明书|文档|附录|页面|官网|网站|[上下]文|[图表]\s?\d|《)"
_POINTER = re.compile(
    r"(?:for (?:more |further )?(?:details|information)[^.]{0,60},? ?)?(?:please )?"
    rf"(?:(?:see|refer to|consult)\b[^.!?]{{0,160}}|(?:check|read)\b[^.!?]{{0,80}}\b{_PLACE_EN}\b[^.!?]{{0,40}})[.!]?"
    r"|(?:关于[^。！？]{0,60}[，,])?(?:更多|详细|具体)?(?:信息|内容|说明|步骤|方法|用法|介绍|要求)?[，,]?(?:请"
    r"|可以|可)?"
    rf"(?:(?:参见|参考|参阅|参看|详见|请见|请看)[^。！？]{{0,80}}|(?:查看|查阅"
    rf"|见)[^。！？，]{{0,30}}{_PLACE_ZH}[^。！？，]{{0,20}})[。！]?"
)
_ENDS_OPEN = re.compile(
    r"[:：,，、;；(（]\s*$|(?:\b(?:and|or|the|of|to|with|for|as follows|the following)|如下|以下|包括|以及|或者)\s*$",
    re.I,
)
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])|(?<=\.)\s|[\n|]")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•·]\s|\(?\d{1,2}[.)、](?!\d)|[（(][一二三四五六七八九十\d]+[)）])\s*")


def _answer_shape(candidate: Candidate) -> list[_Finding]:
    answer = candidate.answer.strip()
    key = fold(answer)
    if not key:
        return [_Finding("too_short", "empty answer")]
    findings = []
    if key == fold(candidate.question):
        findings.append(_Finding("answer_is_question", ""))
    elif _says_nothing(answer):
        findings.append(_Finding("too_short", f"“{answer[:40]}”"))
    if _is_pointer(answer):
        findings.append(_Finding("pointer_only", f"“{answer[:80]}”"))
    if _ENDS_OPEN.search(answer.rstrip("*_ ")):
        findings.append(_Finding("cut_off", f"“…{answer[-30:]}”"))
    return findings


_NOTHING_WORDS = """
na none nil null tbd todo tba seeabove seebelow asabove ditto notapplicable 无 略 同上 待定 暂无 不详 未知 见上 见下
见上文 见下文
"""
_NOTHING = frozenset(_NOTHING_WORDS.split())


def _says_nothing(answer: str) -> bool:
    key = fold(answer)
    return key in _NOTHING or (len(key) == 1 and not key.isdigit() and not has_cjk(key))


def _is_pointer(answer: str) -> bool:
    if re.search(r"https?://|www\.|@", answer):
        return False  # a link is something the customer can use
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", answer).strip()
    return len(bare) <= 240 and _POINTER.fullmatch(bare[:1].lower() + bare[1:]) is not None


def _answer_content(candidate: Candidate, evidence: _Evidence) -> list[_Finding]:
    answer = candidate.answer
    if fold(answer) == fold(evidence.quotes):
        return []
    findings = []
    missing = missing_facts(answer, f"{evidence.quotes}\n{evidence.naming}")
    if missing:
        findings.append(_Finding("fact_not_in_source", ", ".join(missing)))
    turned = _turned(answer, evidence.quotes)
    if turned:
        findings.append(_Finding("negation_changed", turned))
    unsupported = _unsupported(answer, f"{evidence.quotes}\n{evidence.naming}")
    if unsupported:
        findings.append(_Finding("unsupported", unsupported))
    return findings


def _content_tokens(text: str) -> list[str]:
    """Tokens that carry content; of Chinese only pairs of characters, as single ones are found anywhere."""
    return [t for t in search_tokens(text) if t not in STOP_WORDS and not _is_char(t)]


def _is_char(token: str) -> bool:
    return len(token) == 1 and has_cjk(token)


def _unsupported(answer: str, source: str) -> str:
    """What is not in the source when too much of the answer, or nearly all of one of its sentences, is not; else ""."""
    known = frozenset(search_tokens(source))
    support, lacking = _support(answer, known)
    if support < MIN_SUPPORT:
        return f"support {support:.2f}; not in the source: {', '.join(lacking[:8])}"
    for sentence in _sentences(answer):
        support, lacking = _support(sentence, known)
        if support < MIN_SENTENCE_SUPPORT and len(lacking) >= 3:
            return f"support {support:.2f} of “{sentence[:60]}”; not in the source: {', '.join(lacking[:8])}"
    return ""


def _support(answer: str, known: Set[str]) -> tuple[float, list[str]]:
    """The share of the answer's content tokens that the source has, and the ones it lacks. Chinese counts pairs and
    single characters alike, so that one changed word in a short answer does not weigh double."""
    answer = _without_quantities(answer)
    tokens = _content_tokens(answer)
    if not tokens:
        return 1.0, []
    lacking = list(dict.fromkeys(t for t in tokens if t not in known))
    support = sum(t in known for t in tokens) / len(tokens)
    chars = [t for t in search_tokens(answer) if _is_char(t)]
    if chars:
        share = len(chars) / (len(chars) + len([t for t in tokens if not has_cjk(t)]))
        support += share * (sum(c in known for c in chars) / len(chars) - support) / 2
    return support, lacking


def _without_quantities(text: str) -> str:
    """The text without its numbers and units: those are compared by value, not by wording."""
    text = unicodedata.normalize("NFKC", text)
    kept: list[str] = []
    at = 0
    for written in quantities(text):
        if written.start >= at:
            kept.append(text[at : written.start])
            at = written.end
    return " ".join([*kept, text[at:]])


def _sentences(text: str) -> list[str]:
    """Sentences, list items and table cells, without list marks."""
    pieces = (_LIST_MARK.sub("", piece).strip() for piece in _SENTENCE_END.split(text))
    return [piece for piece in pieces if fold(piece)]


def _spoken(text: str) -> str:
    return one_line(unicodedata.normalize("NFKC", text)).casefold().replace("*", "").strip(" 。.!！;；,，")


def _verbatim(sentence: str, sources: Sequence[str]) -> bool:
    """Whether a source sentence has these words in this order, the whole or the part after a label (处理方法：…),
    without a negation or limit of its own in front ("do not | open the cover")."""
    spoken = _spoken(sentence)
    label, _, value = spoken.replace("：", ":").partition(":")
    labelled = value.strip() if _is_plain(label) else ""
    for words in dict.fromkeys((spoken, labelled)):
        for source in sources if words else ():
            at = source.find(words)
            if at >= 0 and _is_plain(_CLAUSE_START.split(source[:at])[-1]):
                return True
    return False


_CLAUSE_START = re.compile(r"[,，;；:：。.!！?？]")


def _is_plain(lead: str) -> bool:
    return not (negation_count(lead) or exception_count(lead) or only_count(lead))


def _turned(answer: str, quotes: str) -> str:
    """The first sentence of the answer whose negations, exceptions or limits differ from its nearest source
    sentence; "" when none does. Sentences that stand in the source word for word are past doubt."""
    parts = _sentences(quotes)
    spoken = [_spoken(s) for s in parts]
    open_ones = [s for s in _sentences(answer) if not _verbatim(s, spoken)]
    if not open_ones:
        return ""
    sources = [(frozenset(_content_tokens(s)), _stance(s)) for s in parts]
    for sentence in open_ones:
        if _reversed_word(sentence, spoken):
            return f"“{sentence[:80]}”"
        tokens = frozenset(_content_tokens(sentence))
        if not tokens or not sources:
            continue
        shares = [len(tokens & words) / len(tokens) for words, _ in sources]
        best = max(shares)
        nearest = [stance for share, (_, stance) in zip(shares, sources, strict=True) if share >= best - 0.1]
        if best >= 0.5 and not any(_agrees(_stance(sentence), stance) for stance in nearest):
            return f"“{sentence[:80]}”"
    return ""


def _reversed_word(sentence: str, spoken: Sequence[str]) -> bool:
    """Whether a one-word answer (可以, 不可以, yes, no) is the opposite of one in the source."""
    word = _spoken(sentence)
    opposites = {
        "yes": "no",
        "no": "yes",
        "是": "不是",
        "不是": "是",
        "可以": "不可以",
        "不可以": "可以",
        "能": "不能",
        "不能": "能",
        "支持": "不支持",
        "不支持": "支持",
        "需要": "不需要",
        "不需要": "需要",
        "会": "不会",
        "不会": "会",
    }
    return word in opposites and word not in spoken and opposites[word] in spoken


def _stance(sentence: str) -> tuple[bool, bool, bool]:
    return negation_count(sentence) % 2 == 1, exception_count(sentence) > 0, only_count(sentence) > 0


def _agrees(ours: tuple[bool, bool, bool], theirs: tuple[bool, bool, bool]) -> bool:
    """Same negation; an exception of the source may be left to another sentence only if the source has none."""
    return ours[0] == theirs[0] and (not theirs[1] or ours[1])


# -- the question -----------------------------------------------------------------------------------------

_DANGLING = re.compile(
    r"(?i:\b(?:this|that|these|those|the (?:above|following|previous|preceding|next|below)) (?:section|chapter|page"
    r"|document|manual|figure|table|appendix|paragraph|list|diagram|image|picture|example|step|option|feature|function"
    r"|setting|parameter|value|error|message|article|guide|text|part|procedure|command|screen|dialog|window|field"
    r"|button|item|case|problem|issue|symptom)s?\b)"
    r"|(?i:\b(?:as (?:follows|above|below|described|shown)|the (?:above|following|below)|(?:above|below)[- ]mentioned"
    r"|(?:mentioned|listed|shown|described) (?:above|below|here|earlier))\b|\b(?:above|below|as follows)\W*$)"
    r"|\b(?i:figure|fig\.|table|chapter|section|appendix|step|note) (?:\d+(?:[.-]\d+)*|[A-Z])(?![\w-])"
    r"|(?:本|此|该|这一?|上述?|下述?|前述?)(?:章|节|章节|小节|页|文|文档|手册|表|图|部分|段|条款?|附录|列表)"
    r"|该(?:功能|选项|参数|设置|设备|产品|模块|命令|按钮|字段|方法|步骤|值|项|错误|问题|接口|工具|系统|程序|现象|故障|情况"
    r"|操作|机器|服务)"
    r"|此(?:功能|选项|参数|设置|设备|产品|模块|命令|按钮|字段|方法|步骤|处|项|错误|问题|外|接口|工具|现象|故障|情况|操作|时"
    r"|类)|这(?:个|些|种|里|项)(?!月|年)|那(?:个|些|种|里)|其中|上图|下图|如图|上表|下表|如下|如上|上述|下述|前述|上文|下文|前文"
    r"|(?<![\d元岁克斤米度天日月年级伏瓦A-Za-z%])以下|下列|上面|下面|上一[章节步]|下一[章节步]|[图表]\s?\d+(?:[-.]\d+)*|第\s?[\d一二三四五六七八九十]+\s?[章节条步]"
)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their)\b|[它其](?!他|它|实|次|余|中)", re.I)
_BARE_QUESTION = re.compile(
    r"(?:what|how|why|when|where|who|which)(?: (?:is|are|does|do|to|can|should|i|it|you|we|be|done|this|that"
    r"|mean|happens?|use|used|work|works|need|needed|the|a))*\??"
    r"|(?:什么|怎么|如何|怎样|为什么|多少|多久|哪些|哪里|何时|是)*(?:是什么|办|做|用|操作|处理|使用|设置)?[?？]?",
    re.I,
)


def _question(candidate: Candidate, chunk: Chunk, context: DocumentContext) -> list[_Finding]:
    question = candidate.question.strip()
    findings = []
    if not fold(question) or _BARE_QUESTION.fullmatch(question):
        findings.append(_Finding("too_short", f"“{question}”"))
    elif candidate.kind is not PairKind.EXPLICIT and not is_question(question):
        findings.append(_Finding("not_a_question", f"“{question[:60]}”"))
    source = "\n".join([chunk.text, *chunk.heading_path, context.title, context.name])
    unknown = missing_facts(question, source)
    if unknown:
        findings.append(_Finding("question_fact_not_in_source", ", ".join(unknown)))
    dangling = _dangling(question)
    if dangling:
        findings.append(_Finding("not_standalone", f"“{dangling}”"))
    if _wrong_language(question, candidate, context):
        findings.append(_Finding("language_mismatch", f"document {context.language}"))
    return findings


def _dangling(question: str) -> str:
    """The first words of a question that point out of it, or ""."""
    text = re.sub(r"`[^`]*`", "`code`", unicodedata.normalize("NFKC", question))
    match = next((m for m in _DANGLING.finditer(text) if not _named_before(m, text)), None)
    if match is None:
        match = _PRONOUN.search(text)
        if match is not None and _has_antecedent(text[: match.start()]):
            match = None
    return match[0] if match else ""


def _named_before(match: re.Match[str], text: str) -> bool:
    """Whether the question itself has named what the words point at: "`direct` 这个选项", "…规则…这个规则"."""
    before = text[: match.start()]
    if match[0].startswith(("这", "那", "该", "此")):
        if (re.search(r"[A-Za-z0-9`”’\"》]\s?$", before) and match[0].startswith("这")) or before.endswith("有"):
            return True
        noun = (match[0][1:] + text[match.end() :]).lstrip("个些种里项")[:2]
        return len(noun) == 2 and noun in before
    pointed = re.search(r"\b(?:this|that|these|those) (\w+)$", match[0], re.I)
    return pointed is not None and re.search(rf"\b{re.escape(pointed[1])}", before, re.I) is not None


_EXPLETIVE_AFTER = re.compile(
    r"\b(?:is|was|would|does|will|can|could|take|takes|make|makes|if|when|long|much|that|because|how|why|should"
    r"|do|did)\s*$",
    re.I,
)


def _has_antecedent(before: str) -> bool:
    """Whether something before the pronoun can be what it stands for, or the pronoun is empty ("is it possible")."""
    if not before.strip() or _EXPLETIVE_AFTER.search(before):
        return not _CLAUSE_OPENING.fullmatch(before.strip()) or _EXPLETIVE_AFTER.search(before) is not None
    return bool(_content_tokens(before))


_CLAUSE_OPENING = re.compile(r"(?:what|how|why|when|where|who|which|is|are|does|do|can)?", re.I)


def _wrong_language(question: str, candidate: Candidate, context: DocumentContext) -> bool:
    """Error messages and code in the question are in no language; in a document of both, the quotes decide."""
    prose = re.sub(r"`[^`]*`", " ", question)
    if not fold(prose) or (context.language == "zh" and has_cjk(prose)):
        return False
    language = detect_language(prose)
    return language != context.language and language != detect_language("\n".join(s.quote for s in candidate.evidence))


# -- safety -----------------------------------------------------------------------------------------------

_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.。\n]{0,30}\b(?:previous|prior|above|earlier|all|any|these"
    r"|your)\b[^.。\n]{0,30}\b(?:instructions?|prompts?|rules?|messages?|directions?|context)\b"
    r"|\b(?:you are now|act as|pretend to be|from now on,? you)\b[^.。\n]{0,40}\b(?:assistant|ai|model|chatbot"
    r"|dan|admin|developer|system|jailbr\w+)\b"
    r"|\b(?:system prompt|jailbreak|developer mode)\b|<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]"
    r"|^\s*(?:system|assistant)\s*:\s"
    r"|\b(?:reveal|print|output|show|repeat)\b[^.。\n]{0,20}\b(?:system prompt|hidden prompt|your instructions)\b"
    r"|(?:忽略|无视|忘记|忘掉|不要理会|跳过|覆盖)[^。\n]{0,12}(?:以上|上述|之前|前面|先前|此前|所有|全部|任何"
    r"|你的)[^。\n]{0,8}(?:指令|指示|提示|提示词|规则|命令|要求|设定|内容)"
    r"|(?:你现在是|从现在开始你是?|请?扮演|假装你是)[^。\n]{0,20}(?:助手|AI|模型|机器人|管理员|开发者|人工智能)"
    r"|系统提示词|越狱模式|<script\b|javascript:",
    re.I | re.M,
)


def _safety(candidate: Candidate) -> list[_Finding]:
    match = _injection(candidate.question) or _injection(candidate.answer)
    return [_Finding("suspicious_text", f"“{match[:80]}”")] if match else []


@lru_cache(maxsize=1024)
def _injection(text: str) -> str:
    match = _INJECTION.search(unicodedata.normalize("NFKC", text))
    return match[0] if match else ""
