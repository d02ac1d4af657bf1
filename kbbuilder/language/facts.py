"""What must not change between a source, an answer and the ways a question is worded.

Numbers with units, dates and times, codes and model names, links, literals (code, files, options), foreign and
upper-case names, negation and direction. Texts are compared by what they say (1,000 = 1000, 三十天 = 30天 = 30 days,
two weeks = 14 days), never by how it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kbbuilder.language.polarity import (
    exception_count,
    negation_count,
    only_count,
    polarity_conflict,
    polarity_marks,
)
from kbbuilder.language.quantities import UNIT_PATTERN, Quantity, Written, han_number, mentions_unit, quantities
from kbbuilder.language.text import has_cjk

__all__ = [
    "Facts",
    "Quantity",
    "differing_facts",
    "facts_of",
    "missing_facts",
    "negation_count",
    "polarity_conflict",
    "same_facts",
    "unshared_facts",
]

_CIRCLED = re.compile("[①-⑳⑴-⒇⒈-⒛❶-❿➀-➓]")
_LIST_NUMBER = re.compile(
    r"^[ \t]*(?:\d{1,3}[.)](?=\s)|\d{1,3}、(?!\d)|\(\d{1,2}\))"
    r"|(?<=[.;:!?。；：！？] )\d{1,2}[.)](?= )|(?<=[。；！？])\d{1,2}[.)、](?=\s?[^\d\s])",
    re.M,
)
_LINK = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'|，。；、）)\]]+|\bwww\.[^\s<>\"'|，。；、）)\]]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d[\d -]{5,13}\d|(?:400|800)-?\d{3}-?\d{4}"
    r"|0\d{2,3}-\d{7,8}|1[3-9]\d{9}"
    r"|1[3-9]\d-\d{4}-\d{4}|\(?\d{3}\)?[ -]\d{3}-\d{4}|0\d{3} \d{3} \d{4}|95\d{3})(?![\w-])"
)
_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_LITERAL = re.compile(
    r"(?<![\w-])--?[A-Za-z][\w-]*(?![\w.])"  # options
    r"|(?<![\w/.:])(?:~|\.{1,2})?/(?:[\w.@+-]+/)*[\w.@+-]+"  # paths
    r"|\b[A-Z]:\\[\w\\.-]+"
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:exe|cfg|conf|ini|json|ya?ml|toml|xml|csv|xlsx?|docx?|pptx?|pdf|txt|log"
    r"|md|html?|py|js|sh|bat|zip|tar|gz|deb|rpm|apk"
    r"|ipa|dmg|iso|bin|img|sql|db|dll|so|png|jpe?g|svg|gif|mp[34]|wav)\b"
    r"|\b[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+\b"  # identifiers
)
_MONTHS = {
    m: i
    for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_HAN_NUM = "[〇零一二三四五六七八九十]"
_DATE = re.compile(
    r"(?<!\d)(?P<y1>(?:19|20)\d\d)[-/.年](?P<m1>0?[1-9]|1[0-2])(?:[-/.月](?P<d1>[12]\d|3[01]|0?[1-9])(?!\d)日?"
    r"|月|(?=-?\s|[,;]|$))"
    rf"|(?P<y2>(?:19|20)\d\d|{_HAN_NUM}{{4}})\s?年(?:\s?(?P<m2>\d{{1,2}}"
    rf"|{_HAN_NUM}{{1,3}})\s?月(?:\s?(?P<d2>\d{{1,2}}|{_HAN_NUM}{{1,3}})\s?[日号])?)?"
    rf"|(?<![\d.])(?P<m3>0?[1-9]|1[0-2]|{_HAN_NUM}{{1,2}})\s?月\s?(?P<d3>\d{{1,2}}|{_HAN_NUM}{{1,3}})\s?[日号]"
    rf"|\b(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m4>{_MONTH})\b\.?(?:,?\s+(?P<y4>(?:19|20)\d\d))?"
    rf"|\b(?P<m5>{_MONTH})\.?\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y5>(?:19|20)\d\d))?"
    rf"|\b(?P<m6>{_MONTH})\.?,?\s+(?P<y6>(?:19|20)\d\d)\b",
    re.I,
)
_TIME = re.compile(
    r"(?P<pre>上午|早上|凌晨|中午|下午|晚上|傍晚)?\s?(?<![\d:.])(?P<h>[01]?\d"
    r"|2[0-4]):(?P<mi>[0-5]\d)(?::[0-5]\d)?(?![\d:])\s?(?P<ap>[ap]\.?m\b\.?)?"
    r"|(?<![\d:.])(?P<h2>1[0-2]|[1-9])\s?(?P<ap2>[ap]\.?m\b\.?)"
    r"|(?P<pre3>上午|早上|凌晨|中午|下午|晚上|傍晚)?\s?(?<![\d.])(?P<h3>[01]?\d"
    r"|2[0-4])\s?[点點](?!\d)(?:(?P<half>半)|(?P<mi3>[0-5]?\d)分)?(?![数击选滴心评赞开按播半])",
    re.I,
)
_VERSION = re.compile(
    r"(?<![\w.])v?\d+(?:\.\d+){2,}(?:[-_+][A-Za-z0-9.]+)?(?![\w])|(?<![\w.])v\d+(?:\.\d+)*(?![\w])", re.I
)
_WORD_WITH_DIGIT = re.compile(
    r"(?<![\w.-])(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z-]*\d|\d)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![A-Za-z0-9_])", re.ASCII
)
_NAME_AND_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?P<name>[A-Z]{1,6}(?:/[A-Z])?|Type|Class|Model|Level|Windows|Android|iOS|Python|Java"
    r"|Bluetooth)[ -](?P<num>\d+(?:\.\d+)*)(?![\w.%°]|\.\d)"
)
_NOT_A_NAME_WORDS = """
A I TO OF NO STEP PAGE CHAPTER SECTION TABLE FIG FIGURE AND OR THE FOR IN AT ON BY IS ITEM NOTE Q V W N M L T RMB
CNY USD EUR GBP HKD CM MM KM KG MG ML HZ ABOUT
"""
_NOT_A_NAME = frozenset(_NOT_A_NAME_WORDS.split())
_MEASURE = re.compile(rf"\d+(?:\.\d+)?(?:-\d+)*-?(?:{UNIT_PATTERN})|\d+(?:-[a-z]+)+|\d+x\d+", re.ASCII)
_FIGURE = re.compile(r"\d")
_LINK_SIGN = re.compile(r"://|@|www\.")
_LITERAL_SIGN = re.compile(r"[-/._\\]")
_BETWEEN = re.compile(r"[\s\-_'`]+")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s)$", re.I)
_LATIN_NAME = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z]*(?:[-+#.&][A-Za-z]+)*\+{0,2}(?![\w])", re.ASCII)
_COMMON_CAPS_WORDS = """
ok faq faqs q a yes no note warning caution tip tips important danger the and or app id url am pm vs etc e.g i.e nb
ps step max min
"""
_COMMON_CAPS = frozenset(_COMMON_CAPS_WORDS.split())
_FUNCTION_LATIN_WORDS = """
to or and of in on at by for the a an is with via per vs if not ok no yes etc eg ie
"""
_FUNCTION_LATIN = frozenset(_FUNCTION_LATIN_WORDS.split())


@dataclass(frozen=True)
class Facts:
    """What a text states that no rewording may change. Sets hold canonical forms; counts are of marking words."""

    quantities: frozenset[Quantity] = frozenset()
    dates: frozenset[str] = frozenset()
    """ISO forms with what is known: 2024-03-05, 2024-03, 03-05, 2024."""
    times: frozenset[str] = frozenset()
    """HH:MM on the 24-hour clock."""
    codes: frozenset[str] = frozenset()
    """Model names, error codes, standards, versions: lower case without blanks and hyphens (x200, iso9001, 2.3.1)."""
    links: frozenset[str] = frozenset()
    """URLs, e-mail addresses, phone numbers (digits only)."""
    literals: frozenset[str] = frozenset()
    """Inline code, file names, paths, options, identifiers."""
    names: frozenset[str] = frozenset()
    """Upper-case and mixed-case names, and Latin words in Chinese text; lower case."""
    negations: int = 0
    exceptions: int = 0
    onlys: int = 0
    marks: frozenset[str] = frozenset()
    """Sides of opposite pairs (see `polarity_marks`)."""
    written: tuple[tuple[Quantity, str], ...] = field(default=(), compare=False)
    """Each quantity as the text writes it."""
    numbers: frozenset[str] = field(default=frozenset(), compare=False)
    """Every number as written (commas aside), whatever its unit; dates and times give theirs."""

    @property
    def stated(self) -> bool:
        """Whether anything is stated that can be looked up (negation and direction aside)."""
        return bool(
            self.quantities or self.dates or self.times or self.codes or self.links or self.literals or self.names
        )


def _prepared(text: str) -> str:
    return (
        _LIST_NUMBER.sub("", unicodedata.normalize("NFKC", _CIRCLED.sub(" ", text))).replace("’", "'").replace("−", "-")
    )


@lru_cache(maxsize=16_384)
def facts_of(text: str) -> Facts:
    """The facts of a text. Cached; cost: some 3 µs a character the first time.

    >>> sorted(facts_of("X200 的质保期为三十天").quantities)
    [Quantity(value='30', unit='day')]
    >>> sorted(facts_of("X-200 weighs 1,000 g").codes), sorted(facts_of("X-200 weighs 1 kg").quantities)
    (['x200'], [Quantity(value='1000', unit='g')])
    """
    rest = _prepared(text)
    # Most texts hold none of the characters that a kind of fact is written with: a look for those is quick.
    figures = _FIGURE.search(rest) is not None
    links, rest = _cut(_LINK, rest) if _LINK_SIGN.search(rest) else ([], rest)
    spans, rest = _cut(_CODE_SPAN, rest) if "`" in rest else ([], rest)
    literals, rest = _cut(_LITERAL, rest) if _LITERAL_SIGN.search(rest) else ([], rest)
    phones, rest = _cut(_PHONE, rest) if figures else ([], rest)
    dates, rest = _cut(_DATE, rest) if figures or "年" in rest or "月" in rest else ([], rest)
    times, rest = _cut(_TIME, rest) if figures else ([], rest)
    versions, rest = _cut(_VERSION, rest) if figures else ([], rest)
    measured = {w.start: w for w in quantities(rest)}
    words, without_words = _cut(_WORD_WITH_DIGIT, rest, _is_code) if figures else ([], rest)
    named, without_codes = (
        _cut(_NAME_AND_NUMBER, without_words, lambda m: _is_named(m, measured)) if figures else ([], without_words)
    )
    counted = quantities(without_codes) if words or named else list(measured.values())
    numbers = [w.number for w in counted]
    numbers += [digits for m in (*dates, *times, *named) for digits in _numbers_in(m[0])]
    return Facts(
        quantities=frozenset(w.quantity for w in counted),
        dates=frozenset(_iso_date(m) for m in dates),
        times=frozenset(_clock(m) for m in times),
        codes=frozenset(
            [_compact(m[0]) for m in (*words, *named)] + [m[0].lower().removeprefix("v") for m in versions]
        ),
        links=frozenset([_link(m[0]) for m in links] + [re.sub(r"\D", "", m[0]) for m in phones]),
        literals=frozenset([_squeeze(m[1]) for m in spans] + [m[0] for m in literals]),
        names=frozenset(
            _names(_blanked(without_codes, [(w.start, w.end) for w in counted]), shouted=text.upper() == text)
        ),
        negations=negation_count(text),
        exceptions=exception_count(text),
        onlys=only_count(text),
        marks=polarity_marks(text) if len(text) <= 400 else frozenset(),
        written=tuple((w.quantity, w.text) for w in counted),
        numbers=frozenset(numbers),
    )


def missing_facts(claim: str, source: str) -> tuple[str, ...]:
    """The facts of `claim` that `source` does not state, as the claim writes them, in a stable order.

    A number without a unit is found with any unit. A number whose unit stands apart in the source (a table's header)
    is found too; a number with another unit is not. Negation and direction are not compared here.

    >>> missing_facts("保修 12 个月", "质保期：一年"), missing_facts("Wait 5 hours", "Wait 5 minutes")
    ((), ('5 hours',))
    """
    ours = facts_of(claim)
    if not ours.stated:
        return ()
    theirs = facts_of(source)
    folded = ""
    missing: list[str] = []
    for quantity, written in ours.written:
        if quantity not in theirs.quantities and not _has_number(quantity, written, theirs, source):
            missing.append(written)
    for date in sorted(ours.dates):
        if not any(date == d or d.startswith(f"{date}-") or d.endswith(f"-{date}") for d in theirs.dates) and not (
            len(date) == 4 and date in theirs.numbers
        ):
            missing.append(date)
    missing += sorted(ours.times - theirs.times)
    loose = [*sorted(ours.codes - theirs.codes), *sorted(ours.literals - theirs.literals)]
    loose += [*sorted(ours.links - theirs.links), *sorted(ours.names - theirs.names)]
    for item in loose:
        folded = folded or _folded(source)
        if not _stands_in(_compact(item), folded):
            missing.append(item)
    return tuple(dict.fromkeys(missing))


def differing_facts(a: str, b: str) -> tuple[str, ...]:
    """Facts of two wordings that exclude each other: both name something of a kind (a model, a number of days, a
    date), and each lacks what the other names. Nothing when only one of them is the more exact.

    >>> differing_facts("X200 怎么重置", "X300 怎么重置"), differing_facts("X200 warranty", "warranty")
    (('x200', 'x300'), ())
    """
    ours, theirs = facts_of(a), facts_of(b)
    found: list[str] = []
    for kind in sorted({q.unit for q in ours.quantities} & {q.unit for q in theirs.quantities}):
        left = {q for q in ours.quantities if q.unit == kind}
        right = {q for q in theirs.quantities if q.unit == kind}
        if left - right and right - left:
            found += _as_written(left - right, ours) + _as_written(right - left, theirs)
    for mine, other, other_text, my_text in (
        (ours.codes, theirs.codes, b, a),
        (ours.dates, theirs.dates, b, a),
        (ours.times, theirs.times, b, a),
        (ours.links, theirs.links, b, a),
        (ours.literals, theirs.literals, b, a),
        (ours.names, theirs.names, b, a),
    ):
        left_only = _not_in(mine - other, other_text)
        right_only = _not_in(other - mine, my_text)
        if left_only and right_only:
            found += left_only + right_only
    return tuple(dict.fromkeys(found))


def unshared_facts(a: str, b: str) -> tuple[str, ...]:
    """Every number, code, date, link and literal that only one of two wordings names: none when they say the same.

    >>> unshared_facts("X200 warranty", "warranty"), unshared_facts("30 天内退货", "三十天内可以退货吗")
    (('x200',), ())
    """
    ours, theirs = facts_of(a), facts_of(b)
    found: list[str] = []
    if ours.quantities != theirs.quantities:
        found += _as_written(ours.quantities - theirs.quantities, ours)
        found += _as_written(theirs.quantities - ours.quantities, theirs)
    for mine, other in (
        (ours.codes, theirs.codes),
        (ours.dates, theirs.dates),
        (ours.times, theirs.times),
        (ours.links, theirs.links),
        (ours.literals, theirs.literals),
        (ours.names, theirs.names),
    ):
        if mine != other:
            found += _not_in(mine - other, b) + _not_in(other - mine, a)
    return tuple(dict.fromkeys(found))


def same_facts(a: str, b: str) -> bool:
    """Whether `unshared_facts` finds none, told at once where a quantity differs."""
    return facts_of(a).quantities == facts_of(b).quantities and not unshared_facts(a, b)


# -- reading --------------------------------------------------------------------------------------------------


def _cut(
    pattern: re.Pattern[str], text: str, wanted: Callable[[re.Match[str]], bool] | None = None
) -> tuple[list[re.Match[str]], str]:
    """The wanted matches, and the text with blanks in their place (offsets stay)."""
    matches = [m for m in pattern.finditer(text) if wanted is None or wanted(m)]
    return matches, _blanked(text, [m.span() for m in matches])


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with blanks in place of the spans, which are in order. Cost: linear, however many there are."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], " " * (end - start)]
            at = end
    return "".join([*pieces, text[at:]])


def _is_code(match: re.Match[str]) -> bool:
    """Not a measure (220V, 30-day, 5-10min), an ordinal (2nd), or a counted compound (5-step)."""
    word = match[0]
    return not (_MEASURE.fullmatch(word) or _ORDINAL.match(word))


def _is_named(match: re.Match[str], measured: Mapping[int, Written]) -> bool:
    if match["name"].upper() in _NOT_A_NAME:
        return False
    number = measured.get(match.start("num"))
    return number is None or not number.quantity.unit


def _names(text: str, *, shouted: bool) -> list[str]:
    chinese = has_cjk(text)
    found = []
    for word in _LATIN_NAME.findall(text):
        lower = word.lower()
        if len(word) < 2 or lower in _COMMON_CAPS or (shouted and not chinese):
            continue
        mixed = word != lower and word[1:] != word[1:].lower()
        if mixed or (chinese and lower not in _FUNCTION_LATIN):
            found.append(_compact(lower) or lower)
    return found


def _numbers_in(text: str) -> list[str]:
    return [n.lstrip("0") or "0" for n in re.findall(r"\d+", text)]


def _iso_date(match: re.Match[str]) -> str:
    part = match.groupdict()
    year = next((part[k] for k in ("y1", "y2", "y4", "y5", "y6") if part[k]), None)
    month = next((part[k] for k in ("m1", "m2", "m3", "m4", "m5", "m6") if part[k]), None)
    day = next((part[k] for k in ("d1", "d2", "d3", "d4", "d5") if part[k]), None)
    pieces = []
    if year:
        pieces.append(f"{_number(year):04d}")
    if month:
        pieces.append(f"{_MONTHS.get(month[:3].lower()) or _number(month):02d}")
    if day:
        pieces.append(f"{_number(day):02d}")
    return "-".join(pieces)


def _number(text: str) -> int:
    return int(text) if text.isascii() else han_number(text)


def _clock(match: re.Match[str]) -> str:
    part = match.groupdict()
    hour = int(part["h"] or part["h2"] or part["h3"])
    minute = int(part["mi"] or part["mi3"] or (30 if part["half"] else 0))
    half_day = (part["ap"] or part["ap2"] or "").lower()
    before = part["pre"] or part["pre3"] or ""
    if hour < 12 and (half_day.startswith("p") or before in ("下午", "晚上", "傍晚")):
        hour += 12
    if hour == 12 and half_day.startswith("a"):
        hour = 0
    return f"{hour:02d}:{minute:02d}"


def _link(text: str) -> str:
    return text.rstrip(".,;:!?").lower().removesuffix("/")


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _compact(text: str) -> str:
    """Lower case without blanks, hyphens and marks between letters and digits."""
    return _BETWEEN.sub("", text.lower())


def _stands_in(item: str, compact_source: str) -> bool:
    """Whether an item stands in a text (both compact) without running on into more digits: e1 not in e12."""
    start = compact_source.find(item)
    while start >= 0:
        end = start + len(item)
        runs_on = end < len(compact_source) and item[-1:].isdigit() and compact_source[end].isdigit()
        runs_in = start > 0 and item[:1].isdigit() and compact_source[start - 1].isdigit()
        if not runs_on and not runs_in:
            return True
        start = compact_source.find(item, start + 1)
    return False


@lru_cache(maxsize=16_384)
def _folded(text: str) -> str:
    return _compact(_prepared(text))


def _not_in(items: frozenset[str], text: str) -> list[str]:
    if not items:
        return []
    compact = _folded(text)
    return [item for item in sorted(items) if not _stands_in(_compact(item), compact)]


def _as_written(wanted: Iterable[Quantity], facts: Facts) -> list[str]:
    names = dict(reversed(facts.written))
    return [names.get(q, " ".join(q).strip()) for q in sorted(wanted)]


def _has_number(quantity: Quantity, written: str, source: Facts, text: str) -> bool:
    number = re.search(r"\d+(?:\.\d+)?", written.replace(",", ""))
    spelled = number[0] if number else quantity.value
    if not quantity.unit:
        return quantity.value in source.numbers or spelled in source.numbers
    bare = Quantity(quantity.value, "") in source.quantities or Quantity(spelled, "") in source.quantities
    return bare and mentions_unit(text, quantity.unit)
