"""Whether an answer turns its source around: a negation, exception or limit added or lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kbbuilder.language.facts import missing_facts
from kbbuilder.language.polarity import exception_count, negation_count, only_count, polarity_marks
from kbbuilder.stages.ground.words import content_tokens, sentences, spoken

_CLAUSE_START = re.compile(r"[,，;；:：。.!！?？]")


def turned(answer: str, quotes: str) -> str:
    """The first sentence of the answer whose negations, exceptions or limits differ from its nearest source
    sentence; "" when none does. Sentences that stand in the source word for word are past doubt."""
    parts = sentences(quotes)
    said = [spoken(s) for s in parts]
    open_ones = [s for s in sentences(answer) if not _verbatim(s, said)]
    if not open_ones:
        return ""
    sources = [(frozenset(content_tokens(s)), _stance(s)) for s in parts]
    for sentence in open_ones:
        if _reversed_word(sentence, said):
            return f"“{sentence[:80]}”"
        if spoken(sentence) in _SHORT_ANSWERS and sentence is not sentences(answer)[-1]:
            continue  # what it affirms or denies is the question; the sentences after it are proved
        tokens = frozenset(content_tokens(sentence))
        if not tokens or not sources:
            continue
        shares = [len(tokens & words) / len(tokens) for words, _ in sources]
        best = max(shares)
        nearest = [stance for share, (_, stance) in zip(shares, sources, strict=True) if share >= best - 0.1]
        if best >= 0.5 and not any(_agrees(_stance(sentence), stance) for stance in nearest):
            return f"“{sentence[:80]}”"
        told = [part for share, part in zip(shares, parts, strict=True) if share >= best - 0.1]
        if best >= 0.5 and _opposite(sentence, told, quotes):
            return f"“{sentence[:80]}”"
    return ""


def _opposite(sentence: str, told: Sequence[str], quotes: str) -> bool:
    """Whether a sentence names the other side (on/off, left/right) of what its nearest source sentences name, and no
    source sentence names that side."""
    ours = polarity_marks(sentence)
    theirs = frozenset(mark for part in told for mark in polarity_marks(part))
    anywhere = frozenset(mark for part in sentences(quotes) for mark in polarity_marks(part))
    return any(mark[:-1] + _OTHER_SIDE[mark[-1]] in theirs for mark in ours - anywhere)


_OTHER_SIDE = {"<": ">", ">": "<"}


def _verbatim(sentence: str, sources: Sequence[str]) -> bool:
    """Whether a source sentence has these words in this order, the whole or the part after a label (处理方法：…),
    without a negation or limit of its own in front ("do not | open the cover") or an exception after it ("children may
    use it | unless …")."""
    whole = spoken(sentence)
    label, _, value = whole.replace("：", ":").partition(":")
    labelled = value.strip() if _is_plain(label) else ""
    for words in dict.fromkeys((whole, labelled)):
        for source in sources if words else ():
            at = source.find(words)
            after = source[at + len(words) :]
            if at >= 0 and _is_plain(_CLAUSE_START.split(source[:at])[-1]) and not exception_count(after):
                return True
    return False


def _is_plain(lead: str) -> bool:
    return not (negation_count(lead) or exception_count(lead) or only_count(lead))


def _reversed_word(sentence: str, said: Sequence[str]) -> bool:
    """Whether a one-word answer (可以, 不可以, yes, no) is the opposite of one in the source."""
    word = spoken(sentence)
    return word in _SHORT_ANSWERS and word not in said and _SHORT_ANSWERS[word] in said


_SHORT_ANSWERS: Mapping[str, str] = MappingProxyType(
    {
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
)
_DENIES = frozenset(["no", *(word for word in _SHORT_ANSWERS if word.startswith("不"))])


def contradicts_itself(question: str, answer: str) -> bool:
    """Whether an answer begins with a yes that its own next sentence denies, or a no that it affirms ("Yes. Do not …").

    Only where that sentence speaks of all the facts that the question names: "Is it 36 months?" — "No. 24 months."
    """
    parts = sentences(answer)
    lead = re.match(r"(yes|no)\b[,，]?\s*(?=\S)", answer, re.I)
    word, rest = (lead[1].lower(), answer[lead.end() :]) if lead else (spoken(parts[0]), "") if parts else ("", "")
    told = sentences(rest)[:1] if lead else parts[1:2]
    if word not in _SHORT_ANSWERS or not told or negation_count(question) or missing_facts(question, told[0]):
        return False
    negated, _, limited = _stance(told[0])
    return negated or limited if word not in _DENIES else not (negated or limited or exception_count(told[0]))


def _stance(sentence: str) -> tuple[bool, bool, bool]:
    return negation_count(sentence) % 2 == 1, exception_count(sentence) > 0, only_count(sentence) > 0


def _agrees(ours: tuple[bool, bool, bool], theirs: tuple[bool, bool, bool]) -> bool:
    """Same negation; an exception or a limit ("only") of the source must not be lost."""
    return ours[0] == theirs[0] and (not theirs[1] or ours[1]) and (not theirs[2] or ours[2])
