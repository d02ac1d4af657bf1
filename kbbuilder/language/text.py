"""Cleaning at the door, the language of a text, and comparison keys."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""The inside of a character class that matches one Chinese character."""

_HAN = re.compile(f"[{CJK}]")
_LATIN = re.compile(r"[A-Za-z]+")
# Everything a database, a browser or a reader chokes on: controls but tab and line feed, lone surrogates, the
# byte-order mark, the soft hyphen, zero-width marks, and the two non-characters that PDF readers leave behind.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufffe\uffff]"
)
_FALSE_SPACE = re.compile(f"(?<=[{CJK}，。；：！？、（）《》“”]) +(?=[{CJK}，。；：！？、（）《》“”])")
_CODE_OR_ADDRESS = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)|https?://\S+", re.S)
_KEY = re.compile(r"[\W_]+")
# Punctuation that tells nothing: all of it but signs of quantity and comparison (C++, 50%, ≥ 5, $5) and the marks that
# stand inside a number, a range, a time or before a negative number (1.5, 7-10, 8:30, -5).
_KEY_NOISE = re.compile(r"(?:[^\w+<>=≤≥≠±%#&$€£¥×÷.:/~-]|_|(?<!\d)[.:/~]|[.:/~](?!\d)|-(?!\d)|(?<=[a-z])-)+")
_DASHES = str.maketrans("−–—", "---")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WIDE_RANGE = re.compile(r"(?<=\d)\s*([~-])\s*(?=\d)")


def clean(text: str) -> str:
    """Text that every store accepts: NFC, Unix line ends, no control or zero-width characters.

    Line breaks are kept; runs of other white space become one blank; edges are trimmed.

    >>> clean("a\\x00\\u00a0 b\\r\\nc ")
    'a b\\nc'
    """
    lines = _wanted(text).split("\n")
    # `split` parts at the same characters as the pattern `\s`.
    return "\n".join([" ".join(line.split()) for line in lines]).strip()


def _wanted(text: str) -> str:
    """NFC with Unix line ends and without what no store accepts."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNWANTED.sub("", unicodedata.normalize("NFC", text))


def clean_markdown(text: str) -> str:
    """`clean` for text whose indentation carries meaning (nested lists, code): only the ends of lines are trimmed.

    >>> clean_markdown("1. a\\x00 \\r\\n   - b\\n\\n")
    '1. a\\n   - b'
    """
    return "\n".join([line.rstrip() for line in _wanted(text).split("\n")]).strip()


def one_line(text: str) -> str:
    """`clean` text with its lines joined: without a blank between Chinese characters, with one elsewhere.

    >>> one_line("安装\\n步骤")
    '安装步骤'
    """
    joined = " ".join(_wanted(text).split())
    return joined if joined.isascii() else _FALSE_SPACE.sub("", joined)


def detect_language(text: str) -> Literal["zh", "en"]:
    """The language most of the words are in. A Chinese character weighs as a word, a Latin run as two thirds of one
    (Chinese technical text is full of English names).

    >>> detect_language("在 TiDB 中使用 SHOW TABLES")
    'zh'
    """
    sample = text[:20_000]
    han = len(_HAN.findall(sample))
    latin = len(_LATIN.findall(sample))
    return "zh" if han and han >= latin * 0.6 else "en"


def fold(text: str) -> str:
    """A comparison key: NFKC, lower case, letters and digits only. Equal keys are the same wording.

    >>> fold("ＶＰＮ 密码？") == fold("vpn密码")
    True
    """
    return _KEY.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=1 << 15)  # comparing a wording with a library's asks for the same keys again and again
def wording_key(text: str) -> str:
    """A comparison key like `fold` that keeps what tells two wordings apart: decimal points, signs, ranges, %, ≥, C++.

    >>> wording_key("保修 1.5 年？") == wording_key("保修15年"), wording_key("ＶＰＮ 密码？") == wording_key("vpn密码")
    (False, True)
    """
    key = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    key = _WIDE_RANGE.sub(r"\1", _THOUSANDS.sub("", key))
    # Noise between two digits leaves a blank: "5、6" is not "56".
    return _KEY_NOISE.sub(lambda noise: " " if _parts_digits(noise) else "", key)


def _parts_digits(noise: re.Match[str]) -> bool:
    text, before, after = noise.string, noise.start() - 1, noise.end()
    return before >= 0 and after < len(text) and text[before].isdigit() and text[after].isdigit()


def without_code(text: str) -> str:
    """A Markdown text without its code, link targets and addresses: the words that tell its language."""
    return _CODE_OR_ADDRESS.sub(" ", text)


def has_cjk(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _HAN.search(text) is not None
