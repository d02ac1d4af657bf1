"""Numbers with their units, in digits and in words of both languages, made comparable."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

# -- units ------------------------------------------------------------------------------------------------
# canonical unit → (factor to it, spellings). Only exact conversions: a week is 7 days and a year 12 months, but a
# month is not 30 days, a working day is not a day, and a day is not 24 hours (limits of law and service differ).
_UNITS: tuple[tuple[str, str, str], ...] = (
    ("s", "1", "s sec secs second seconds 秒 秒钟 秒鐘"),
    ("s", "0.001", "ms millisecond milliseconds 毫秒"),
    ("s", "60", "min mins minute minutes 分钟 分鐘"),
    ("s", "3600", "h hr hrs hour hours 小时 个小时 小時 個小時 钟头 个钟头"),
    ("day", "1", "day days 天 日 自然日 个自然日 calendar_day calendar_days"),
    ("workday", "1", "工作日 个工作日 個工作日 workday workdays working_day working_days business_day business_days"),
    ("day", "7", "week weeks wk wks 周 星期 个星期 礼拜 週 個星期"),
    ("month", "1", "month months 个月 個月 个自然月"),
    ("month", "12", "year years yr yrs 年 周年"),
    ("year old", "1", "岁 歲 周岁 years_old year_old years_of_age"),
    ("V", "1", "V volt volts 伏 伏特"),
    ("V", "0.001", "mV 毫伏"),
    ("V", "1000", "kV 千伏"),
    ("A", "1", "A amp amps ampere amperes 安培 安"),
    ("A", "0.001", "mA 毫安"),
    ("Ah", "1", "Ah 安时"),
    ("Ah", "0.001", "mAh 毫安时"),
    ("W", "1", "W watt watts 瓦 瓦特"),
    ("W", "0.001", "mW 毫瓦"),
    ("W", "1000", "kW KW kilowatt kilowatts 千瓦"),
    ("W", "1000000", "MW 兆瓦"),
    ("Wh", "1", "Wh 瓦时"),
    ("Wh", "1000", "kWh 千瓦时"),
    ("VA", "1", "VA"),
    ("ohm", "1", "Ω ohm ohms 欧姆 欧"),
    ("ohm", "1000", "kΩ kohm"),
    ("Hz", "1", "Hz hz HZ 赫兹 赫"),
    ("Hz", "1000", "kHz KHz 千赫"),
    ("Hz", "1000000", "MHz 兆赫"),
    ("Hz", "1000000000", "GHz 吉赫"),
    ("dB", "1", "dB db dBA dB(A) 分贝"),
    ("lm", "1", "lm 流明 lumens"),
    ("Pa", "1", "Pa 帕 帕斯卡"),
    ("Pa", "1000", "kPa 千帕"),
    ("Pa", "1000000", "MPa Mpa 兆帕"),
    ("bar", "1", "bar bars"),
    ("psi", "1", "psi"),
    ("Nm", "1", "Nm N·m N⋅m N.m 牛米 牛·米"),
    ("N", "1", "N 牛 牛顿"),
    ("rpm", "1", "rpm r/min 转/分 转/分钟 转每分"),
    ("°C", "1", "°C °c 摄氏度 攝氏度 degrees_Celsius degrees_C"),
    ("°F", "1", "°F 华氏度 degrees_Fahrenheit degrees_F"),
    ("°", "1", "° degree degrees 度"),
    ("m", "0.001", "mm 毫米 millimetre millimetres millimeter millimeters"),
    ("m", "0.01", "cm 厘米 公分 centimetre centimetres centimeter centimeters"),
    ("m", "1", "m 米 公尺 metre metres meter meters"),
    ("m", "1000", "km 公里 千米 kilometre kilometres kilometer kilometers"),
    ("m", "0.000001", "μm µm um 微米"),
    ("inch", "1", 'inch inches 英寸 吋 "'),
    ("foot", "1", "ft foot feet 英尺"),
    ("mile", "1", "mile miles 英里"),
    ("m2", "1", "m2 ㎡ 平方米 平米 sqm square_metres square_meters"),
    ("m3", "1", "m3 立方米"),
    ("m3/h", "1", "m3/h 立方米/小时"),
    ("g", "1", "g gram grams 克"),
    ("g", "1000", "kg Kg KG kgs kilogram kilograms kilo kilos 千克 公斤"),
    ("g", "0.001", "mg 毫克"),
    ("t", "1", "t ton tons tonne tonnes 吨 噸"),
    ("lb", "1", "lb lbs"),
    ("oz", "1", "oz ounce ounces 盎司"),
    ("斤", "1", "斤"),
    ("L", "1", "L l litre litres liter liters 升"),
    ("L", "0.001", "mL ml ML millilitre millilitres milliliter milliliters 毫升"),
    ("L/min", "1", "L/min l/min 升/分钟 升/分"),
    ("L/h", "1", "L/h l/h 升/小时"),
    ("B", "1", "B byte bytes 字节"),
    ("KB", "1", "KB kB Kb kb KiB kilobytes"),
    ("MB", "1", "MB Mb mb MiB megabyte megabytes 兆"),
    ("GB", "1", "GB Gb gb GiB gigabyte gigabytes"),
    ("TB", "1", "TB Tb tb TiB terabyte terabytes"),
    ("bit", "1", "bit bits 比特"),
    ("Mbit/s", "1", "Mbps Mb/s Mbit/s 兆每秒"),
    ("Mbit/s", "1000", "Gbps Gb/s Gbit/s"),
    ("Mbit/s", "0.001", "kbps Kbps kb/s kbit/s"),
    ("MB/s", "1", "MB/s"),
    ("GB/s", "1", "GB/s"),
    ("px", "1", "px pixel pixels 像素"),
    ("dpi", "1", "dpi"),
    ("baud", "1", "baud 波特"),
    ("%", "1", "% percent per_cent"),
    ("‰", "1", "‰"),
    ("ppm", "1", "ppm"),
    ("CNY", "1", "元 块 块钱 圆 元人民币 人民币 RMB CNY yuan"),
    ("CNY", "0.1", "角 毛钱"),
    ("USD", "1", "美元 美金 USD dollar dollars"),
    ("EUR", "1", "欧元 EUR euro euros"),
    ("GBP", "1", "英镑 GBP"),
    ("HKD", "1", "港元 港币 HKD"),
    ("TWD", "1", "新台币 TWD"),
    ("time", "1", "次 遍 times 回"),
    ("fold", "1", "倍"),
    ("off", "1", "折"),
    ("level", "1", "级 級"),
    ("point", "1", "分 points 积分"),
    ("digit", "1", "位 位数 digits"),
    ("person", "1", "人 名 people persons"),
    ("floor", "1", "层 楼 floors"),
)
_BY_SPELLING: dict[str, tuple[str, Decimal]] = {}
_SPELLINGS_OF: dict[str, list[str]] = {}
for _name, _scale, _spellings in _UNITS:
    for _spelled in (_word.replace("_", " ") for _word in _spellings.split()):
        _BY_SPELLING[_spelled] = (_name, Decimal(_scale))
        _SPELLINGS_OF.setdefault(_name, []).append(_spelled)

# Chinese counting words: the number counts, the word tells little (3 个 / 3 件 / 3 台 are one bare number).
_CLASSIFIERS = (
    "个個件台臺只隻支条條张張节節颗粒片块根把套组組种種项項步道款户戶家页頁章批盒瓶包袋箱盏扇枚份類类门門处處路"
)


def _spelling_pattern(spelling: str) -> str:
    body = re.escape(spelling).replace(r"\ ", r"[ -]")
    return body + (r"(?![A-Za-z0-9])" if spelling[-1].isascii() and spelling[-1].isalpha() else "")


def _alternation(spellings: list[str]) -> str:
    return "|".join(_spelling_pattern(s) for s in sorted(spellings, key=len, reverse=True))


def _is_word(spelling: str) -> bool:
    return spelling.isascii() and len(spelling) >= 3 and spelling.replace(" ", "").isalpha() and spelling.islower()


_WORD_UNITS = [s for s in _BY_SPELLING if _is_word(s)]
_SYMBOL_UNITS = [s for s in _BY_SPELLING if not _is_word(s)]
_HAN_UNITS = [s for s in _BY_SPELLING if not s[0].isascii() and "\u3400" <= s[0] <= "\u9fff"]
# 第一级, 两位数 and the like stay outside: these words count little after a Chinese numeral.
_HAN_NUMERAL_UNITS = [
    s
    for s in _HAN_UNITS
    if s not in {"分", "回", "安", "牛", "块", "角", "圆", "兆", "名", "楼", "层", "欧", "帕", "赫", "伏", "遍"}
]

UNIT_PATTERN = rf"(?:{_alternation(_SYMBOL_UNITS)}|(?i:{_alternation(_WORD_UNITS)}))"
_CURRENCY = {
    "¥": "CNY",
    "RMB": "CNY",
    "CNY": "CNY",
    "人民币": "CNY",
    "US$": "USD",
    "USD": "USD",
    "$": "USD",
    "HK$": "HKD",
    "€": "EUR",
    "EUR": "EUR",
    "£": "GBP",
    "GBP": "GBP",
    "NT$": "TWD",
}
_CURRENCY_MARK = "|".join(re.escape(c) for c in sorted(_CURRENCY, key=len, reverse=True))

_DIGITS = re.compile(
    rf"(?:(?P<cur>{_CURRENCY_MARK})\s?|(?<![A-Za-z_\d.]))"
    r"(?P<sign>(?<![\w)%°])[-−+](?=\d))?"
    rf"(?P<num>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d)|\d{{1,3}}(?: \d{{3}})+(?=\s?{UNIT_PATTERN})|\d+(?:\.\d+)?)"
    r"(?:[⁄/](?P<den>\d{1,2})(?![\d/]))?"
    r"(?P<mult>\s?(?:万亿|万|萬|亿|億|千万|百万|千(?![瓦克米帕赫伏字])|百(?!分)|thousand\b|million\b|billion\b))?"
    rf"(?P<gap>\)?\s?-?\s?|多\s?|几\s?|余\s?)(?P<unit>{UNIT_PATTERN})?"
)
_MULTIPLIERS = {
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
    "万亿": 10**12,
    "千万": 10**7,
    "百万": 10**6,
    "千": 1000,
    "百": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
}

_HAN_DIGIT = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "兩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_HAN_POWER = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8}
_HAN_NUMBER = "[零〇一二两兩三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+"
_HAN = re.compile(
    rf"百分之(?P<pct>{_HAN_NUMBER}|\d+(?:\.\d+)?)"
    rf"|(?P<half>半)(?P<hunit>小时|个小时|小時|年|天|个月)"
    rf"|(?<![第统唯专零〇一二两三四五六七八九十百千万])(?P<num>{_HAN_NUMBER})(?P<plus>个半)?\s?"
    rf"(?P<unit>(?:{_alternation(_HAN_NUMERAL_UNITS)})(?!性)|(?P<cls>[{_CLASSIFIERS}]))"
)
# "一次" is a limit after 仅, 限, 最多 or a period (每天一次), else just "once more" (试一次).
_LIMITS = re.compile(r"[限仅只多少][能可用有]?$|[天日周月年]$")
_SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_EN_SMALL = dict(zip(_SMALL.split(), range(20), strict=True))
_EN_TENS = dict(zip(_TENS.split(), range(20, 100, 10), strict=True))
_EN_ONES = "|".join(list(_EN_SMALL)[1:10])
_EN = re.compile(
    rf"\b(?:(?P<num>(?:{'|'.join(_EN_TENS)})(?:[- ](?:{_EN_ONES}))?|{'|'.join(_EN_SMALL)})(?P<hundred>[ -]hundred)?"
    rf"(?:\s?\(\d+\))?[ -](?P<unit>{_alternation(_WORD_UNITS)})"
    r"|half an? (?P<half>hour|year)\b|(?P<twice>twice)\b)",
    re.I,
)
# What may stand between two numbers that share the unit of the second: 5–10 min, 5 to 10 min, 10 × 20 cm, 5、10 天.
_SHARES_UNIT = re.compile(r"\s*(?:[-–—~～*×xX/、,+]|to|or|and|至|到|或|和)\s*$")
_ORDINAL_BEFORE = re.compile(r"(?:第|No\.|no\.|Nr\.|№|#)\s*$")
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)\b", re.I)


class Quantity(NamedTuple):
    """A number in its canonical unit: `("30", "day")`, `("0.125", "L")`; a bare number has the unit ""."""

    value: str
    unit: str


class Written(NamedTuple):
    """A quantity with the text it was written as, the number as written, and where."""

    quantity: Quantity
    text: str
    number: str
    start: int
    end: int


def plain(number: Decimal) -> str:
    """A number without exponent and trailing zeros: 1.50 → 1.5, 1E+3 → 1000.

    >>> plain(Decimal("1.50")), plain(Decimal("1E+3"))
    ('1.5', '1000')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def han_number(text: str) -> int:
    """The value of a Chinese numeral; digits in a row (二〇二四) are read one by one.

    >>> han_number("三十"), han_number("一百零五"), han_number("两千三百"), han_number("二〇二四")
    (30, 105, 2300, 2024)
    """
    if len(text) > 1 and not any(c in _HAN_POWER for c in text):
        return int("".join(str(_HAN_DIGIT[c]) for c in text))
    total = section = digit = 0
    for char in text:
        if char in _HAN_DIGIT:
            digit = _HAN_DIGIT[char]
        elif (power := _HAN_POWER[char]) >= 10**4:
            total = (total + section + digit) * power or power
            section = digit = 0
        else:
            section += (digit or 1) * power
            digit = 0
    return total + section + digit


def canonical(value: Decimal, spelling: str) -> Quantity:
    """The quantity of a number and a unit as spelled ("" for none)."""
    if not spelling:
        return Quantity(plain(value), "")
    found = _BY_SPELLING.get(spelling) or _BY_SPELLING[re.sub(r"[ -]", " ", spelling.lower())]
    return Quantity(plain(value * found[1]), found[0])


def mentions_unit(text: str, unit: str) -> bool:
    """Whether the text names the canonical unit, with or without a number (a table's header: "Weight (kg)")."""
    return any(
        re.search((rf"(?<![A-Za-z]){_spelling_pattern(s)}" if s[0].isascii() else re.escape(s)), text)
        for s in _SPELLINGS_OF.get(unit, ())
    )


def quantities(text: str) -> list[Written]:
    """Every number of an NFKC text with its unit, in order. Ordinals (第3, 2nd, No. 5) are left out.

    Cost: linear in the text, some 2 µs a character.
    """
    found: list[Written] = []
    for match in _DIGITS.finditer(text):
        written = _digits(match, text)
        if written is not None:
            found.append(written)
    for match in _HAN.finditer(text):
        written = _han(match)
        if written is not None:
            found.append(written)
    for match in _EN.finditer(text):
        found.append(_english(match))
    found.sort(key=lambda w: w.start)
    return _share_units(found, text)


def _digits(match: re.Match[str], text: str) -> Written | None:
    if _ORDINAL_BEFORE.search(text, max(0, match.start() - 5), match.start()):
        return None
    after = text[match.end("num") :]
    if not match["unit"] and _ORDINAL_AFTER.match(after):
        return None
    value = Decimal(match["num"].replace(",", "").replace(" ", ""))
    number = plain(value)
    if match["den"] and int(match["den"]):
        value /= int(match["den"])
        number = f"{number}/{match['den']}"
    if match["mult"]:
        value *= _MULTIPLIERS[match["mult"].strip()]
        number = plain(value)
    if match["sign"] and match["sign"] in "-−":
        value = -value
    spelling = match["unit"] or ""
    if spelling == "s" and len(match["num"]) == 4:  # the 1990s
        spelling = ""
    quantity = Quantity(plain(value), _CURRENCY[match["cur"]]) if match["cur"] else canonical(value, spelling)
    end = (
        match.end("unit")
        if spelling
        else match.end("mult")
        if match["mult"]
        else max(match.end("num"), match.end("den"))
    )
    return Written(quantity, text[match.start() : end].strip(), number, match.start(), end)


def _han(match: re.Match[str]) -> Written | None:
    text = match.group(0)
    if match["pct"]:
        value = (
            Decimal(match["pct"])
            if match["pct"][0].isdigit() and match["pct"].isascii()
            else Decimal(han_number(match["pct"]))
        )
        return Written(Quantity(plain(value), "%"), text, plain(value), match.start(), match.end())
    if match["half"]:
        quantity = canonical(Decimal("0.5"), match["hunit"])
        return Written(quantity, text, "0.5", match.start(), match.end())
    if set(match["num"]) <= set("百千万亿佰仟"):
        return None
    value = Decimal(han_number(match["num"]))
    if match["plus"]:
        value += Decimal("0.5")
    if match["cls"]:
        if value == 1:
            return None
        return Written(Quantity(plain(value), ""), text, plain(value), match.start(), match.end())
    if (
        value == 1
        and match["unit"] == "次"
        and not _LIMITS.search(match.string, max(0, match.start() - 4), match.start())
    ):
        return None  # 多久更换一次, 试一次
    return Written(canonical(value, match["unit"]), text, plain(value), match.start(), match.end())


def _english(match: re.Match[str]) -> Written:
    if match["half"]:
        return Written(canonical(Decimal("0.5"), match["half"].lower()), match[0], "0.5", match.start(), match.end())
    if match["twice"]:
        return Written(Quantity("2", "time"), match[0], "2", match.start(), match.end())
    value = 0
    for word in re.split(r"[- ]", match["num"].lower()):
        value += _EN_TENS.get(word, 0) or _EN_SMALL.get(word, 0)
    if match["hundred"]:
        value *= 100
    return Written(canonical(Decimal(value), match["unit"]), match[0], str(value), match.start(), match.end())


def _share_units(found: list[Written], text: str) -> list[Written]:
    for i in range(len(found) - 2, -1, -1):
        left, right = found[i], found[i + 1]
        if left.quantity.unit or not right.quantity.unit or right.start - left.end > 6:
            continue
        if _SHARES_UNIT.match(text[left.end : right.start] or " "):
            factor = _factor(right)
            if factor is not None:
                value = Decimal(left.quantity.value) * factor
                found[i] = left._replace(quantity=Quantity(plain(value), right.quantity.unit))
    return found


def _factor(written: Written) -> Decimal | None:
    """What the right-hand number was multiplied by to reach its canonical unit."""
    number = Decimal(written.number) if "/" not in written.number else Decimal(0)
    return abs(Decimal(written.quantity.value) / number) if number else None
