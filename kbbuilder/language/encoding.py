"""Bytes to text when nobody says in which encoding: byte-order marks, UTF-8, UTF-16, then Chinese and single-byte ones.

A guess needs evidence: the characters that come out must be the ones people use most in that script. Bytes that read as
rare characters in every encoding are refused rather than shown as garbage.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from kbbuilder.errors import Corrupt

# The characters that make up well over half of any modern Chinese text; simplified and traditional forms together.
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这個个们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里裡用道行所然家种種事成"
    "方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日军軍者意无無力它与與长長把机機十民第公"
    "此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很最重并並物手应應战戰向头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特"
    "代内內信表化老给給世位次度门門任常先海通教儿兒原东東声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系系气氣题題活尔爾更别別打女变變四神"
    "总總何电電数數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許统統区區保至队隊形社便空决決治展马馬科司五基眼书書非"
    "则則听聽白却卻界达達光放强強即像难難且权權思王象完设設式色路记記南品住告类類求据據程北边邊死张張该該交规規万萬取拉格望觉覺术術领領共确確传傳师師"
    "观觀清今切院让讓识識候带帶导導争爭运運请請按键鍵网網络絡线線连連设备備屏幕充池灯燈复復密码碼户戶号號单單退换換修货貨款购買买卖付费費期限服产客注"
    "意示选選择擇步骤驟操如何怎样樣功能版本支持系统统安装裝配置使用说明文档檔数据库庫参參数端口默认页頁存储儲启啟闭閉升级級下载載"
)
_LATIN = frozenset("éèêëàâäçñöüßôîïùûœæåøáíóúìòãõÉÈÀÇÄÖÜÑÅØ“”‘’‚„–—…•©®™°§«»€£±×µ·¡¿²³½¼ªº")
_CYRILLIC = frozenset("оеаинтсрвлкмдпуя")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_ENOUGH = 0.35
_MOSTLY = 0.6
_SAMPLE_BYTES = 200_000
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252",
            "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
            "windows-1252": "cp1252"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """`damaged` counts the places that could not be decoded (each is U+FFFD in `text`)."""

    text: str
    encoding: str
    damaged: int = 0


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text in `data`.

    Args:
        declared: an encoding the file itself names (an HTML meta tag); believed when nothing stronger contradicts.

    Raises:
        Corrupt: no encoding gives readable text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data, encoding)
    wide = _utf16_by_zeros(data)
    if wide is not None:
        return _lenient(data, wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged
    if declared is not None:
        believed = _declared(data, declared)
        if believed is not None:
            return believed
    return _by_frequency(data)


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _utf16_by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark, told by zeros: ASCII letters have one in every second byte, on one side only."""
    sample = data[: _SAMPLE_BYTES & ~1]
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.2 * half and even < 0.02 * half and _reads_as(data, "utf-16-le"):
        return "utf-16-le"
    if even > 0.2 * half and odd < 0.02 * half and _reads_as(data, "utf-16-be"):
        return "utf-16-be"
    return None


def _reads_as(data: bytes, encoding: str) -> bool:
    text = data[: _SAMPLE_BYTES & ~1].decode(encoding, errors="replace")
    good = sum(c.isalnum() or c.isspace() or 0x20 <= ord(c) < 0x7F or 0x3000 <= ord(c) < 0x3040 for c in text)
    return good >= 0.9 * len(text)


def _damaged_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken places (a cut end, a lone surrogate), if most sequences are whole."""
    decoded = _lenient(data, "utf-8")
    whole = sum(1 for c in decoded.text[:_SAMPLE_BYTES] if c > "\x7f" and c != "\ufffd")
    broken = decoded.text[:_SAMPLE_BYTES].count("\ufffd")
    return decoded if whole > 4 * broken else None


def _declared(data: bytes, declared: str) -> Decoded | None:
    name = declared.strip().lower()
    name = _ALIASES.get(name, name)
    try:
        decoded = _lenient(data, name)
    except (LookupError, ValueError):
        return None
    return decoded if decoded.damaged * 50 <= len(decoded.text) else None


def _by_frequency(data: bytes) -> Decoded:
    best_score, best = _ENOUGH, None
    for encoding, score_of in _CANDIDATES:
        sample = data[:_SAMPLE_BYTES].decode(encoding, errors="replace")
        # A sample may end inside a character; damage elsewhere counts against the guess.
        broken = sample[:-2].count("\ufffd")
        score = score_of(sample) - 20 * broken / max(1, len(sample))
        if score > best_score:
            best_score, best = score, encoding
    if best is not None:
        return _lenient(data, best)
    decoded = _lenient(data, "utf-8")
    if sum(1 for c in decoded.text if c.isspace() or " " <= c < "\x7f") > _MOSTLY * len(decoded.text):
        return decoded
    raise Corrupt(
        "the characters of this file cannot be read: it is not text, or its encoding is unknown",
        hint="Save the file as UTF-8 text and upload the new copy.",
    )


def _han_score(text: str) -> float:
    han = _HAN.findall(text)
    foreign = sum(1 for c in text if c > "\x7f") - len(han) - sum(1 for c in text if c in _CJK_MARKS)
    common = sum(1 for c in han if c in _COMMON_HAN)
    return common / (len(han) + foreign) if han else 0.0


_CJK_MARKS = frozenset(
    "，。、；：？！（）《》〈〉【】「」『』“”‘’…—～·　％＋－＝／＊①②③④⑤⑥⑦⑧⑨⑩０１２３４５６７８９→℃×±°"
)


def _latin_score(text: str) -> float:
    high = [c for c in text if c > "\x7f"]
    share = sum(1 for c in high if c in _LATIN) / len(high) if high else 0.0
    # Western text is ASCII with accents strewn in; a text half of accents is something else.
    return share * 0.9 if len(high) * 3 < len(text) else 0.0


def _cyrillic_score(text: str) -> float:
    high = [c for c in text if c > "\x7f"]
    if len(high) < 4:
        return 0.0
    # Within a word the alphabets do not mix, and capitals stand first.
    torn = len(_TORN_WORD.findall(text))
    return 0.95 * (sum(1 for c in high if c in _CYRILLIC) - 3 * torn) / len(high)


_TORN_WORD = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]|[а-яё][А-ЯЁ]")

_CANDIDATES: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("gb18030", _han_score),
    ("big5hkscs", _han_score),
    ("utf-16-le", _han_score),
    ("utf-16-be", _han_score),
    ("cp1252", _latin_score),
    ("cp1251", _cyrillic_score),
    ("cp866", _cyrillic_score),
    ("koi8-r", _cyrillic_score),
)
