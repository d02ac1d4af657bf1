"""Wordings made by rule from the standard question: one lexicon of forms a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kbbuilder.language.facts import facts_of, unshared_facts
from kbbuilder.language.polarity import polarity_conflict
from kbbuilder.language.text import detect_language, fold, has_cjk, one_line
from kbbuilder.schema import Language, PairKind, SimilarQuestion
from kbbuilder.stages.expand import chinese, english

_MIN_KEY_CHARS = 4


def propose(
    entry_question: str,
    answer: str,
    kind: PairKind | None,
    language: Language,
    heading_path: Sequence[str] = (),
    limit: int = 8,
) -> tuple[SimilarQuestion, ...]:
    """Other wordings of a question, best first; fewer when the question's form is not known for certain.

    Each keeps the numbers, names and polarity of `entry_question`. Styles: formal, colloquial, keyword, situation.

    Args:
        answer: tells the unit that "how long" asks for (How many days …?, 几天…？).
        heading_path: a glossary's entries are asked for as definitions, whatever `kind` says.

    Source: four English FAQ sets, sentence vectors, right entry first without / with all wordings, before `select`:
    StackFAQ .823 / .908; BANKING77 .627 / .620, CLINC .708 / .703, HINT3 .484 / .480 (entries that are chat
    utterances, two wordings each and fewer: no gain).
    Cost: some 0.5 ms a question.
    """
    question = one_line(entry_question)
    if _in_glossary(heading_path) and kind in (None, PairKind.TOPIC, PairKind.EXPLICIT):
        kind = PairKind.DEFINITION
    chinese_text = has_cjk(question) and (language == "zh" or detect_language(question) == "zh")
    forms = chinese.wordings if chinese_text else english.wordings
    written = list(forms(question, kind))
    return tuple(_kept(question, _with_unit(question, answer, written), limit))


def _in_glossary(heading_path: Sequence[str]) -> bool:
    return any(
        re.search(r"\b(?:glossary|terminology|definitions?|terms used)\b|术语|名词解释|词汇表", h, re.I)
        for h in heading_path
    )


def _kept(question: str, wordings: Iterable[tuple[str, str]], limit: int) -> list[SimilarQuestion]:
    seen = {fold(question)}
    kept: list[SimilarQuestion] = []
    for text, style in wordings:
        key = fold(text)
        if len(kept) >= limit:
            break
        if len(key) < _MIN_KEY_CHARS or key in seen or polarity_conflict(question, text):
            continue
        # "几天" and "how many days" hold no number; any other fact gained or lost makes it another question.
        if unshared_facts(question, text):
            continue
        seen.add(key)
        kept.append(SimilarQuestion(text=text, style=style))
    return kept


# -- how long, by the answer's unit ---------------------------------------------------------------------------

_UNITS = (
    (re.compile(r"工作日|(?:working|business) days?", re.I), "几个工作日", "working days"),
    (re.compile(r"小时|小時|\bhours?\b", re.I), "几个小时", "hours"),
    (re.compile(r"分钟|分鐘|\bmin(?:ute)?s?\b", re.I), "几分钟", "minutes"),
    (re.compile(r"个月|個月|\bmonths?\b", re.I), "几个月", "months"),
    (re.compile(r"[年]|\byears?\b", re.I), "几年", "years"),
    (re.compile(r"周|星期|\bweeks?\b", re.I), "几周", "weeks"),
    (re.compile(r"[天日]|\bdays?\b", re.I), "几天", "days"),
    (re.compile(r"秒|\bsec(?:ond)?s?\b", re.I), "几秒", "seconds"),
)
_TIME_UNITS = frozenset(["s", "day", "workday", "month"])


def _with_unit(question: str, answer: str, wordings: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The wordings with one more in second place when the question asks how long and the answer is in one unit."""
    yield from wordings[:1]
    unit = _unit_of(answer)
    if unit is not None and wordings:
        asked = re.sub(r"多久|多长时间", unit[0], question, count=1)
        asked = re.sub(r"^How long\b", f"How many {unit[1]}", asked)
        if asked != question and len(question) <= 80:
            yield asked, "colloquial"
    yield from wordings[1:]


def _unit_of(answer: str) -> tuple[str, str] | None:
    """The Chinese and English words for the only unit of time in an answer."""
    durations = [text for quantity, text in facts_of(answer).written if quantity.unit in _TIME_UNITS]
    named = {(zh, en) for text in durations for pattern, zh, en in _first_unit(text)}
    return named.pop() if len(named) == 1 else None


def _first_unit(text: str) -> list[tuple[re.Pattern[str], str, str]]:
    return [unit for unit in _UNITS if unit[0].search(text)][:1]
