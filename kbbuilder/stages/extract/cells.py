"""What a table's cells are: names, numbers, labels, phrases; and how a cell stands in a question or an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbbuilder.language.text import CJK, fold, has_cjk
from kbbuilder.language.tokens import STOP_WORDS, search_tokens

EMPTY = frozenset(
    ("", "-", "--", "—", "–", "/", "n/a", "na", "无", "none", "…", "同上", "不涉及", "不适用", "任意", "ditto", "?")
)


def shown(text: str, indent: str = "") -> str:
    """A cell behind its label: several lines become a list of their own."""
    lines = [line.strip().removeprefix("- ") for line in text.split("\n") if line.strip()]
    return lines[0] if len(lines) == 1 else "".join(f"\n{indent}- {line}" for line in lines)


def inline(cell: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", cell).replace("`", "")).strip().rstrip("。.;；")


def lamp(name: str, state: str) -> str:
    if not state.strip():
        return name
    return f"{name}{state}" if has_cjk(name) else f"{name} ({state})"


def is_usable(cell: str, max_chars: int) -> bool:
    text = inline(cell)
    return text.lower() not in EMPTY and 1 < len(text) + has_cjk(text) <= max_chars


_ANSWERED_BY_YES = re.compile(r"(?:since|enabled|supported|required|allowed|deprecated|stable|tested)\b", re.I)
_COUNTED_LABEL = re.compile(
    r"(?:class|column|col|test|group|type|level|step|item|row|cell|phase|header|field|table)\s*\d+", re.I
)
"""Columns that only count ("Type 1", "Header 2")."""


def is_counted(label: str) -> bool:
    """Whether a column's label is a mere number of its kind ("Test 3") or of a list ("2. Results")."""
    return (
        _COUNTED_LABEL.fullmatch(label) is not None
        or re.fullmatch(r"[A-Z]?[a-z]+ \d{1,2}", label) is not None
        or re.match(r"\d+[.)] ", label) is not None
    )


def is_label(label: str) -> bool:
    """Whether a column's head reads as a word rather than a value or a stray cell."""
    text = inline(label)
    return (
        len(text) <= (18 if has_cjk(text) else 40)
        and re.search(r"^\d|[，。；！？*]", text) is None
        and _ANSWERED_BY_YES.match(text) is None
        and _COUNTED_LABEL.fullmatch(text) is None
        and (has_cjk(text) or len(re.findall(r"[A-Za-z]", text)) >= 3)
    )


def named(cell: str) -> str:
    """A cell as a name in a question: links lose their target, code keeps its back-ticks."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", re.sub(r"\s+", " ", cell)).strip().rstrip("。.;；")
    return (
        text
        if text.count("`") in (0, 2) and (not text.count("`") or text[0] == text[-1] == "`")
        else text.replace("`", "")
    )


def is_word(cell: str) -> bool:
    """Whether a cell names something: a word, not a sign ("$#"), an option ("-n str"), a placeholder ("ZZZZ"), a list,
    a version, an address or a number of a cell."""
    text = inline(cell)
    if has_cjk(text):
        return True
    if re.match(r"[\d•·▪–-]|(?:row|col|column|cell|item)\s*\d", text, re.I) or re.search(
        r";|://|\w#\w|[\^\\]|\w:\w", text
    ):
        return False
    letters = re.findall(r"[A-Za-z]", text)
    return len({letter.lower() for letter in letters}) >= 2


_ELSEWHERE = re.compile(
    r"\b(?:details?|see|refer to|described)\b[^.]{0,25}\b(?:section|chapter|manual|help)\b[^.]*(?:\.[\d.]*[^.]*)*$",
    re.I,
)
"""The end of a description that sends its reader to another place of the book."""


def points_away(description: str) -> bool:
    """Whether a cell only sends its reader elsewhere ("Details at Section 8.7")."""
    return _ELSEWHERE.sub("", description).strip(" .") == ""


_OF_ANY_FUNCTION = frozenset("return returns true false object axis".split())
"""What a description of an identifier says without saying anything: "Returns true if the object is …"."""


def is_key(cell: str) -> bool:
    """Whether a cell is a lone key of the keyboard, which does one thing here and another there."""
    return (
        re.fullmatch(
            r"(?i:shift|ctrl|alt|altgr|cmd|esc|escape|tab|enter|return|space|del|delete|ins|insert|home|end|pgup|pgdn|f\d{1,2}|up|down|left|right)|[a-z0-9]",
            inline(cell),
        )
        is not None
    )


_BLANK_LABELS = frozenset(
    "example examples path value values name number data result location unstable stable testing yes no other "
    "路径 值 名称 编号 数据 结果".split()
)


def says_nothing(label: str) -> bool:
    """Whether a column's label does not say what its cells are of."""
    return fold(label) in _BLANK_LABELS


def is_number(cell: str) -> bool:
    return re.fullmatch(r"[\s\d.,+\-~–%¥$€/×x*()]*", cell) is not None


def only_groups(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first column only groups what the second names."""
    return len(set(first)) < len(first) and len(set(second)) == len(second) and not any(is_number(c) for c in second)


def is_numbering(cells: Sequence[str]) -> bool:
    return len(cells) >= 2 and [c.strip().rstrip(".") for c in cells] == [str(i + 1) for i in range(len(cells))]


def are_descriptions(cells: Sequence[str]) -> bool:
    """Whether a column holds phrases rather than values."""
    return not mostly_numbers(cells) and sum(len(c) * (2 if has_cjk(c) else 1) for c in cells) / max(1, len(cells)) > 24


def mostly_numbers(cells: Sequence[str]) -> bool:
    return sum(bool(re.search(r"\d", c)) for c in cells) >= 0.6 * max(1, len(cells))


def look_like_values(rows: Sequence[tuple[Sequence[str], int, int]]) -> bool:
    """A two-column table without a header: names at the left, and at the right something with a number."""
    return (
        len(rows) >= 2
        and all(1 < len(r[0].strip()) <= 40 and not is_number(r[0]) for r, _, _ in rows)
        and mostly_numbers([r[1] for r, _, _ in rows])
        and all(len(r[1]) <= 120 for r, _, _ in rows)
    )


SAMPLE = re.compile(r"[{<=]|[a-z][\w.-]*: [a-z]|[\w.-]+\s*(?::=|=)\s*\S*$|第[\w一二三四五六七八九十]+")
"""A piece of an example ("user=mail", "{ read }") or a position ("第二个数字") means nothing without its page."""


def means_little(name: str) -> bool:
    """Whether a name is a lone word or identifier (a command line with arguments is not)."""
    bare = inline(name)
    return bare.isascii() and " " not in bare and "/" not in bare


def tells_more(name: str, description: str, heading: str = "") -> bool:
    """Whether a description says something its name does not say already ("Save All": "Save all changes").

    Args:
        heading: the table's section; "Pad properties" has said already that a property is a pad's.
    """
    told = re.sub(r"\]\([^)]*\)|https?://\S+", "", description)
    told = _ELSEWHERE.sub("", told)
    if has_cjk(told):
        told = told.lower()
        if re.search(r"同上|见上|见下", told) or len(re.findall(r"\w", told)) < 6:
            return False
        pieces = f"[{CJK}]|[a-z0-9]+"
        new = set(re.findall(pieces, told)) - set(re.findall(pieces, name.lower()))
        return len(new - _SAYS_NOTHING_NEW) >= 3 if has_cjk(name) else len(new - set("的了和与及")) >= 4
    # "Mask_Margin_Override": "The mask margin override set for the pad" says its name again.
    spelt = re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", name)
    known = set(search_tokens(f"{name} {spelt}")) | STOP_WORDS
    if spelt != name:
        known |= set(search_tokens(heading)) | _OF_ANY_FUNCTION
    run = re.sub(r"[^a-z0-9]", "", name.lower()) if spelt != name else ""
    new = {t for t in search_tokens(told) if t not in known and (len(t) < 4 or t not in run)}
    return len(new) >= (3 if run else 4)


_PROPERTY = re.compile(r"属性|参数|字段|property|attribute|parameter|field", re.I)
_MIN_PROPERTY_CHARS = 10


def names_only(description: str, kind: str) -> bool:
    """Whether a description gives key words or allowed values ("GNOME，兼容 HIG，Epiphany", "A、B 之一"), or only the name
    of a property in another language ("覆铜的优先级别"), rather than what something is for.

    Args:
        kind: the label of the names' column.
    """
    told = re.sub(r"\]\([^)]*\)|https?://\S+", "", description).replace("[", "").strip().rstrip("。.")
    if not has_cjk(told):
        return False
    if re.search(r"[”\"’']\s*之一$", told):
        return True
    if _PROPERTY.search(kind) and len(re.findall(r"\w", told)) < _MIN_PROPERTY_CHARS:
        return True
    words = re.split(r"[，,、；;]", told)
    return len(words) >= 3 and all(len(word.strip()) <= 12 and "的" not in word for word in words)


def is_list(cell: str) -> bool:
    """Whether a row's name is several things at once ("Ash, Elm, Maple")."""
    return len(re.findall(r"[^,、，]+(?=[,、，]|$)", inline(cell))) >= 3


_SAYS_NOTHING_NEW = frozenset("的了和与及或并在对将把被个一用于来为可以从到是有所创建编辑管理查看打开显示设置使用文件")
"""Characters that a description repeats of any name: "图框编辑器: 创建和编辑图框文件" says nothing new."""
