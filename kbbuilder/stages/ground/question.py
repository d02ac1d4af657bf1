"""Whether a question asks something, stands on its own, and keeps to its section and language."""

from __future__ import annotations

import re
import unicodedata

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.questions import is_question
from kbbuilder.language.text import detect_language, fold, has_cjk
from kbbuilder.language.tokens import search_tokens, telling_share
from kbbuilder.schema import Candidate, Chunk, DocumentContext, PairKind
from kbbuilder.stages.ground.asked_for import lacks_what_is_asked_for
from kbbuilder.stages.ground.definition import leaves_undefined
from kbbuilder.stages.ground.reasons import Finding
from kbbuilder.stages.ground.wording import oddly_worded
from kbbuilder.stages.ground.words import content_tokens

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


_EMPTY_CODE = re.compile(r"`\s+`")


def question_findings(candidate: Candidate, chunk: Chunk, context: DocumentContext) -> list[Finding]:
    question = candidate.question.strip()
    findings = []
    if not fold(question) or _BARE_QUESTION.fullmatch(question):
        findings.append(Finding("too_short", f"“{question}”"))
    elif candidate.kind is not PairKind.EXPLICIT and not is_question(question):
        findings.append(Finding("not_a_question", f"“{question[:60]}”"))
    source = "\n".join([chunk.text, *chunk.heading_path, context.title, context.subject, context.book, context.name])
    unknown = missing_facts(question, source)
    if unknown:
        findings.append(Finding("question_fact_not_in_source", ", ".join(unknown)))
    dangling = "` `" if _EMPTY_CODE.search(question) else _dangling(question)
    if dangling:
        findings.append(Finding("not_standalone", f"“{dangling}”"))
    lacking = lacks_what_is_asked_for(question, candidate.answer)
    if lacking and candidate.kind is not PairKind.EXPLICIT:
        findings.append(Finding("not_answered", lacking))
    odd = oddly_worded(question, candidate.answer)
    if odd and candidate.kind is not PairKind.EXPLICIT:
        findings.append(Finding("oddly_worded", f"“{odd[:60]}”"))
    undefined = leaves_undefined(question, "\n".join(s.quote for s in candidate.evidence), chunk.heading_path)
    if undefined and candidate.kind is PairKind.DEFINITION:
        findings.append(Finding("not_answered", f"what “{undefined}” is"))
    elif (
        not findings
        and candidate.kind is not PairKind.EXPLICIT
        and (foreign := _asks_of_nothing(candidate, chunk, context))
    ):
        findings.append(Finding("not_answered", f"nothing on {', '.join(foreign[:5])}"))
    if _wrong_language(question, candidate, context):
        findings.append(Finding("language_mismatch", f"document {context.language}"))
    elif candidate.kind is not PairKind.EXPLICIT and _answered_in_english(question, candidate.answer):
        findings.append(Finding("language_mismatch", "an English answer to a Chinese question"))
    return findings


_ASKING = frozenset("多久少几何哪吗要需可以能会用使行做法作时关于些注意事项方面问题情况")
_ASKING_EN = frozenset(
    search_tokens(
        "purpose role use used mean means difference option options happen happens way ways steps step work works set up get start"
    )
)


_LEAST_ASKED = {True: 4, False: 3}
"""So many telling words, Chinese (characters) or not: "turn off" may well be answered by "shuts down"."""


def _asks_of_nothing(candidate: Candidate, chunk: Chunk, context: DocumentContext) -> list[str]:
    """The telling words of the question, when there are several besides what the headings name and the quotes and the
    answer have none of them; else []. Of Chinese the single characters."""
    named = frozenset(search_tokens(" ".join((*chunk.heading_path, context.title, context.subject, context.name))))
    told = frozenset(search_tokens("\n".join((candidate.answer, *(span.quote for span in candidate.evidence)))))
    asked = [
        token
        for token in dict.fromkeys(search_tokens(candidate.question))
        if telling_share(token) == 1.0
        and not (has_cjk(token) and len(token) > 1)
        and token not in named
        and token not in _ASKING
        and token not in _ASKING_EN
    ]
    least = _LEAST_ASKED[has_cjk(candidate.question)]
    return asked if len(asked) >= least and not told & set(asked) else []


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
    return bool(content_tokens(before))


_CLAUSE_OPENING = re.compile(r"(?:what|how|why|when|where|who|which|is|are|does|do|can)?", re.I)


def _wrong_language(question: str, candidate: Candidate, context: DocumentContext) -> bool:
    """Error messages and code in the question are in no language; in a document of both, the quotes decide."""
    prose = re.sub(r"`[^`]*`", " ", question)
    if not fold(prose) or (context.language == "zh" and has_cjk(prose)):
        return False
    language = detect_language(prose)
    return language != context.language and language != detect_language("\n".join(s.quote for s in candidate.evidence))


_LEAST_PROSE = 6
"""English words in a row from which an answer is prose and no name or message."""


def _answered_in_english(question: str, answer: str) -> bool:
    """Whether a question in Chinese got an answer in English prose: a translated manual left that part as it was."""
    prose = re.sub(r"```.*?```|`[^`]*`", " ", answer, flags=re.S)
    words = re.search(rf"[A-Za-z]+(?:,? [A-Za-z]+){{{_LEAST_PROSE - 1}}}", prose)
    return has_cjk(question) and not has_cjk(prose) and words is not None
