"""The words of a text that tell something, for comparing a question with its answer."""

from __future__ import annotations

import re

from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import search_tokens, telling_share

_ASKING = frozenset("多久少几何哪吗要需可以能会时些么怎如为是否应该当请有种第个里中谁下上") | frozenset(
    search_tokens(
        "often purpose role use used using mean means meaning difference option options happen happens way ways steps step work works"
        " set up get start do does can should may main impact effect benefit reason recommended potential kind type different"
        " main important need make process information feature features requirement requirements consider"
    )
)
_ASKING_ZH = re.compile(
    "是什么(?:工具|软件包?|程序|组件|模块)|什么样|什么|如何|怎么|怎样|为何|哪些|多少|使用|用于|进行|关于|注意|事项|方面|问题|情况|请问|类型|内容|信息|主要|特点|功能|作用|含义"
    "|区别|差别|差异|原因|目的|步骤|方式|方法|具体|通常|应该|需要|支持|包括|包含|提供|处理|操作(?!系统)"
)
"""Words of Chinese that say what kind of thing is asked."""


def telling(text: str) -> frozenset[str]:
    """The words that tell something; of Chinese the single characters."""
    return frozenset(t for t in search_tokens(text) if telling_share(t) == 1.0 and not (has_cjk(t) and len(t) > 1))


def asked_words(question: str) -> frozenset[str]:
    """The telling words of a question without those that say what kind of thing is asked."""
    return telling(_ASKING_ZH.sub(" ", question)) - _ASKING
