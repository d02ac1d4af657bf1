"""Text that gives orders to an assistant: it may stand in a document, and must not pass for an answer unseen."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kbbuilder.schema import Candidate
from kbbuilder.stages.ground.reasons import Finding

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


def safety_findings(candidate: Candidate) -> list[Finding]:
    """Whether the question, the answer or what it rests on gives orders to an assistant: an answer that obeys says
    what the order says, so its quote gives it away."""
    texts = (candidate.question, candidate.answer, *(span.quote for span in candidate.evidence))
    match = next((found for text in texts if (found := _injection(text))), "")
    return [Finding("suspicious_text", f"“{match[:80]}”")] if match else []


@lru_cache(maxsize=1024)
def _injection(text: str) -> str:
    match = _INJECTION.search(unicodedata.normalize("NFKC", text))
    return match[0] if match else ""
