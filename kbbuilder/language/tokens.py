"""Search tokens: what full-text search, similarity and the proof of answers compare.

English words are lower-cased and lightly stemmed; Chinese text gives single characters and pairs of neighbours, so
one-character words can be found and no dictionary decides what a word is.
"""

from __future__ import annotations

import re
import unicodedata

from kbbuilder.language.text import CJK, has_cjk

_RUNS = re.compile(rf"[a-z0-9]+(?:['’.\-_][a-z0-9]+)*|[{CJK}]+")
_INNER = re.compile(r"['’.\-_]")

_EN_STOP_WORDS = """
a an the of to in on at by for from with and or but is are was were be been being am do does did i me my we us our you
your he she it its they them their this that these those there here as if then than so such can could will would shall
should may might must have has had not no how what when where which who whom whose why about please tell know want need
get got
"""
_ZH_STOP_WORDS = """
的 了 吗 呢 吧 啊 么 是 在 我 你 您 我们 你们 请 请问 一下 有 和 与 及 或 就 都 也 还 这 那 个 把 被 给
对 从 到 为 什么 怎么 怎样 如何 哪些 哪个 哪里 为什么 多少 多久 是否 能否 可以 需要 想 要
"""
STOP_WORDS = frozenset((_EN_STOP_WORDS + _ZH_STOP_WORDS).split())
"""Words that tell nothing of the topic. Searches give them little weight; they are never left out of the index."""


_FUNCTION_CHARACTERS = frozenset(
    "的了吗嗎呢吧啊么麼是在我你您他她它们們有和与與及或就都也还還这這那个個把被给給对對从從到为為什怎哪谁誰几幾请請"
)
_LITTLE = 0.3


def telling_share(token: str) -> float:
    """How much of its rarity a search token may count for: 1, or 0.3 for a function word.

    A pair of Chinese characters with a function character in it ("的人", "是第") is as rare as it is meaningless.
    """
    if token in STOP_WORDS or (len(token) <= 2 and any(char in _FUNCTION_CHARACTERS for char in token)):
        return _LITTLE
    return 1.0


def stem(word: str) -> str:
    """A light English stem: plural and -ing/-ed endings go; nothing else. Never for words with digits.

    >>> [stem(w) for w in ("batteries", "charging", "X200s", "boxes", "address")]
    ['battery', 'charg', 'X200s', 'box', 'address']
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ing") and len(word) > 5:
        return _undouble(word[:-3])
    if word.endswith("ed") and len(word) > 4:
        return _undouble(word[:-2])
    if word.endswith("e") and len(word) > 4:
        return word[:-1]
    return word


def _undouble(word: str) -> str:
    return word[:-1] if len(word) > 2 and word[-1] == word[-2] and word[-1] not in "lsz" else word


def search_tokens(text: str) -> list[str]:
    """Tokens of a text in order, repeats kept.

    >>> search_tokens("重置 Wi-Fi 密码")
    ['重', '重置', '置', 'wi-fi', 'wi', 'fi', '密', '密码', '码']
    """
    tokens: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if has_cjk(run[0]):
            for i, char in enumerate(run):
                tokens.append(char)
                if i + 1 < len(run):
                    tokens.append(run[i : i + 2])
        elif _INNER.search(run):
            tokens.append(run.replace("’", "'"))
            tokens += [stem(part) for part in _INNER.split(run) if part]
        else:
            tokens.append(stem(run))
    return tokens
