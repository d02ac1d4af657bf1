"""Names in an answer: what it calls by name must be called so in the source.

Model names, codes, inner capitals and Latin words in Chinese text are facts (`language.facts`). Here are the names that
look like words: quoted labels, capitalised words of English text, what stands before 按钮 or 菜单, and colours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kbbuilder.language.text import fold, has_cjk
from kbbuilder.language.tokens import search_tokens

_QUOTED = re.compile(r"[“\"「『【《\[]([^“”\"「」『』【】《》\[\]\n]{1,40})[”\"」』】》\]]|\*\*([^*\n]{1,40})\*\*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;。！？：；|>→(（\n“\"]|\s[-–—*+•]|^\s*\d+[.)])\s*[\"'“‘(*_]*$")
_CAPITALISED = re.compile(r"(?<![\w'’-])[A-Z][a-z]+(?:[-'’][A-Za-z]+)*(?![\w])")
_COMMON_WORDS = """
I If In On At To For The A An And Or But Not No Yes It You Your We Our They This That These Those When While Where Which
Who What How Why Do Does Is Are Be Then Also Only Please Note Always Never First Second Third Next Finally After Before
English Chinese Monday Tuesday Wednesday Thursday Friday Saturday Sunday
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_HEADED = re.compile(
    r"([\u4e00-\u9fff]{2})[”」』】》\"]?(?:按钮|按键|菜单|选项卡|标签页|对话框|页面|界面|窗口|图标|指示灯|开关|模式|端口|接口)"
)
_NO_NAME_WORDS = """
点击 单击 双击 按下 长按 短按 选择 打开 进入 查看 关闭 返回 切换 使用 通过 位于 具有 所有 其他 其它 相应 对应 以下 上述
一个 两个 某个 各个 多个 下列 当前 相关 任意 任何 不同 这个 那个 该项 弹出 出现 显示 跳转 对准 连接 新的 旧的 主要
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_FUNCTION = re.compile("[的了个该此这那在是有和或与及将把被从到向为则即可会]")
_COLOURS = re.compile(
    r"(?<![A-Za-z])(red|green|blue|yellow|orange|white|black|amber|purple|pink|gr[ae]y|brown)(?![A-Za-z])"
    r"|([红绿蓝黄橙白黑紫粉灰棕])(?:色|灯|光|线)",
    re.I,
)


def foreign_names(answer: str, source: str) -> tuple[str, ...]:
    """The names in `answer` that `source` does not have, as the answer writes them.

    >>> foreign_names("Click Options.", "Click Settings."), foreign_names("点击“选项”。", "点击设置。")
    (('Options',), ('选项',))
    """
    answer, source = (unicodedata.normalize("NFKC", text) for text in (answer, source))
    known = fold(source)
    found = [name for name in _labels(answer) if fold(name) not in known and not _words_stand(name, source)]
    if not has_cjk(answer):
        tokens = frozenset(search_tokens(source))
        found += [name for name in _capitalised(answer) if not _stands(name, tokens)]
    found += [name for name in _headed(answer) if name not in known]
    colours = frozenset(_colours(source))
    found += [colour for colour in _colours(answer) if colour not in colours]
    return tuple(dict.fromkeys(found))


def _labels(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        label = (match[1] or match[2]).strip()
        if fold(label) and not re.match(r"[\])]?\(", text[match.end() :]):
            yield label


def _words_stand(label: str, source: str) -> bool:
    """Whether a longer label is a phrase whose words the source has: a quotation rather than a name."""
    tokens = [t for t in search_tokens(label) if not (has_cjk(t) and len(t) == 1)]
    return len(tokens) >= 4 and frozenset(tokens) <= frozenset(search_tokens(source))


def _capitalised(text: str) -> Iterator[str]:
    """Capitalised words, but those that only begin a sentence."""
    for match in _CAPITALISED.finditer(text):
        if match[0] in _COMMON:
            continue
        begins = _SENTENCE_START.search(text[: match.start()]) is not None
        label = re.match(r"\s*(?:>|→|»|\||[A-Z][a-z])", text[match.end() :]) is not None
        if not begins or label:
            yield match[0]


def _stands(word: str, tokens: frozenset[str]) -> bool:
    return all(token in tokens for token in search_tokens(word))


def _headed(text: str) -> Iterator[str]:
    for match in _HEADED.finditer(text):
        if match[1] not in _NO_NAME and not _FUNCTION.search(match[1]):
            yield match[1]


def _colours(text: str) -> Iterator[str]:
    for match in _COLOURS.finditer(text):
        yield (match[1] or match[2]).lower().replace("grey", "gray")
