"""Negation and direction: the small words that turn an answer into its opposite."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kbbuilder.language.text import has_cjk
from kbbuilder.language.tokens import STOP_WORDS, search_tokens

# -- negation ---------------------------------------------------------------------------------------------

# Contain a negating character or word but negate nothing (or ask neutrally, as 能不能 does).
_NO_NEGATION = re.compile(
    r"不锈钢|不断|不管|不论|不仅|不但|不同|不过|不少|不止|不久|不时|不妨|不愧|不由|不客气|对不起|差不多|要不然|不得不|不可或缺|无非|无论|无线|无缝|无人机"
    r"|无忧|无损|无绳|无限|无障碍|无刷|无菌|无铅|无级|未来|非常|非洲|南非|非得|除非|(?P<z>[能可会要行是对好肯愿该])不(?P=z)|可不可以|应不应该|需不需要"
    r"|支不支持|有没有|有没|能否|可否|是否|特别|分别|级别|类别|性别|识别|区别|个别|别人|别的|鉴别|辨别|告别|别名|别墅|判别|没关系|没错"
    r"|\bnot only\b|\bno doubt\b|\bno matter\b|\bno\. ?\d|\bno longer than\b|\bno (?:more|less|later|fewer) than\b|\bnot (?:more|less|later) than\b"
    r"|\bnot to mention\b|\bwhether or not\b|\bwhy not\b|\bif not\b|\bor not\b|\bnone ?the ?less\b|\bcan(?:not|'t) wait\b",
    re.I,
)
_NEGATION = re.compile(
    r"(?<!\w)(?:not|never|no|none|nor|neither|without|cannot|unable|fails? to|failed to|failing to|failure|refuses? to|prohibited|forbidden|nothing|nobody|"
    r"impossible|unavailable|unsupported|disallowed|lacks?|non)(?!\w)|n't(?!\w)|(?<!\w)(?:cant|wont|dont|doesnt|isnt|didnt)(?!\w)"
    r"|[不没沒未勿莫]|无|無|禁止|严禁|嚴禁|切忌|拒绝|失败|(?<![除并])非(?=[^\s，。]{0,6}(?:不可|人员|授权|保修|质量|官方|正常|工作|人为|原|法|本))|(?<![特分级类性识区个鉴辨告判])别(?!名)",
    re.I,
)
_EXCEPTION = re.compile(
    r"(?<!\w)(?:unless|except(?:ing|ion|ions)?|excluding|excludes?|excluded|apart from|other than)(?!\w)|除外|除非|除了|以外|例外|不包括|不含|不包含|除.{1,30}外",
    re.I,
)
_ONLY = re.compile(r"(?<!\w)(?:only|solely|exclusively)(?!\w)|(?<!不)仅(?!仅?是)|只(?=[能可有在限对支允需要接用适是])|唯一|限于", re.I)

# -- opposites --------------------------------------------------------------------------------------------
# name: left side | right side. English words match as whole words with their common endings; `_` stands for a blank.
_OPPOSITES = """
on/off: turn(?:s|ed|ing)?_(?:\\w+_){0,3}on, switch(?:es|ed|ing)?_(?:\\w+_){0,3}on, power(?:s|ed|ing)?_(?:\\w+_){0,2}on, 开机, 打开, 开启, 接通 | turn(?:s|ed|ing)?_(?:\\w+_){0,3}off, switch(?:es|ed|ing)?_(?:\\w+_){0,3}off, power(?:s|ed|ing)?_(?:\\w+_){0,2}off, shut(?:s|ting)?_down, 关机, 关闭, 关掉, 切断
open/close: open(?:s|ed|ing)?, 打开, 开启, 开门, 开盖 | clos(?:e|es|ed|ing), shut, 关闭, 关上, 合上, 关门, 关盖
enable/disable: enabl(?:e|es|ed|ing), activat(?:e|es|ed|ing|ion), 启用, 开启, 激活, 开通, 启动 | disabl(?:e|es|ed|ing), deactivat(?:e|es|ed|ing|ion), 停用, 禁用, 关闭, 停止, 注销
start/stop: start(?:s|ed|ing)?, begin, launch, 启动, 开始 | stop(?:s|ped|ping)?, end(?:s|ed|ing)?, quit, 停止, 结束, 终止
connect/disconnect: connect(?:s|ed|ing)?, plug(?:s|ged|ging)?_in, 连接, 接入, 绑定, 连上 | disconnect(?:s|ed|ing)?, unplug(?:s|ged|ging)?, 断开, 断连, 解绑, 断线
pair/unpair: pair(?:s|ed|ing)?, 配对 | unpair(?:s|ed|ing)?, 取消配对, 解除配对
increase/decrease: increas(?:e|es|ed|ing), rais(?:e|es|ed|ing), turn_up, 增加, 提高, 调高, 升高, 增大, 上调, 加大, 调大 | decreas(?:e|es|ed|ing), reduc(?:e|es|ed|ing), lower(?:s|ed|ing)?, turn_down, 减少, 降低, 调低, 减小, 下调, 调小
lock/unlock: lock(?:s|ed|ing)?, 锁定, 上锁, 锁住, 加锁, 锁屏 | unlock(?:s|ed|ing)?, 解锁, 开锁
install/uninstall: install(?:s|ed|ing|ation)?, 安装, 装上 | uninstall(?:s|ed|ing|ation)?, 卸载, 拆卸, 拆除
mount/unmount: mount(?:s|ed|ing)?, 挂载 | unmount(?:s|ed|ing)?, dismount, 卸载
add/remove: add(?:s|ed|ing)?, insert(?:s|ed|ing)?, 添加, 新增, 增加, 插入, 加入, 放入 | remov(?:e|es|ed|ing), delet(?:e|es|ed|ing|ion), 删除, 移除, 去掉, 取出, 拔出, 取下
create/delete: creat(?:e|es|ed|ing), register(?:s|ed|ing)?, 创建, 新建, 注册 | delet(?:e|es|ed|ing|ion), 删除, 注销
import/export: import(?:s|ed|ing)?, 导入 | export(?:s|ed|ing)?, 导出
upload/download: upload(?:s|ed|ing)?, 上传 | download(?:s|ed|ing)?, 下载
log in/log out: log(?:s|ged|ging)?_?in, sign(?:s|ed|ing)?_in, login, 登录, 登入, 登陆 | log(?:s|ged|ging)?_?out, log(?:s|ged|ging)?_off, sign(?:s|ed|ing)?_out, sign(?:s|ed|ing)?_off, 退出, 登出
join/leave: join(?:s|ed|ing)?, 加入 | leav(?:e|es|ing), 退出, 离开
before/after: before, prior_to, 之前, 以前, 前(?=[,，]|请|应|需|必须), (?<=[购装用动机货付洗换买款])前 | after, 之后, 以后, 后(?=[,，]|请|应|需|必须), (?<=[购装用动机货付洗换买款])后
minimum/maximum: minim(?:um|al), least, lowest, smallest, shortest, 最小, 最低, 最少, 最短, 至少, 下限 | maxim(?:um|al), most, highest, largest, longest, 最大, 最高, 最多, 最长, 至多, 上限
more than/less than: more_than, over, above, exceed(?:s|ed|ing)?, longer_than, later_than, 以上, 超过, 大于, 高于, 多于, 之上, 不少于, 不低于 | less_than, fewer_than, under, below, up_to, within, at_most, 以下, 少于, 小于, 低于, 不到, 以内, 不超过, 不大于, 不高于
charge/discharge: charg(?:e|es|ed|ing), 充电 | discharg(?:e|es|ed|ing), 放电
buy/sell: buy(?:s|ing)?, purchas(?:e|es|ed|ing), 购买, 买入, 买 | sell(?:s|ing)?, sold, 出售, 卖出, 卖
send/receive: send(?:s|ing)?, sent, 发送, 寄出, 寄送, 转出 | receiv(?:e|es|ed|ing), 接收, 收到, 转入
deposit/withdraw: deposit(?:s|ed|ing)?, top(?:s|ped|ping)?_up, 存款, 充值, 存入 | withdraw(?:s|n|ing|al|als)?, 取款, 提现, 取出
borrow/lend: borrow(?:s|ed|ing)?, 借入, 借款 | lend(?:s|ing)?, lent, 借出, 还款, 出借
accept/reject: accept(?:s|ed|ing)?, approv(?:e|es|ed|ing|al), allow(?:s|ed|ing)?, 接受, 允许, 同意, 通过 | reject(?:s|ed|ing|ion)?, declin(?:e|es|ed|ing), den(?:y|ies|ied|ying), 拒绝, 驳回, 禁止
encrypt/decrypt: encrypt(?:s|ed|ing|ion)?, 加密 | decrypt(?:s|ed|ing|ion)?, 解密
compress/extract: compress(?:es|ed|ing)?, zip, 压缩 | decompress(?:es|ed|ing)?, unzip, extract(?:s|ed|ing)?, 解压
upgrade/downgrade: upgrad(?:e|es|ed|ing), 升级 | downgrad(?:e|es|ed|ing), 降级
back up/restore: back(?:s|ed|ing)?_up, backup, 备份 | restor(?:e|es|ed|ing), 恢复, 还原
subscribe/unsubscribe: subscrib(?:e|es|ed|ing), 订阅 | unsubscrib(?:e|es|ed|ing), 取消订阅, 退订
follow/unfollow: follow(?:s|ed|ing)?, 关注 | unfollow(?:s|ed|ing)?, 取消关注, 取关
hide/show: hid(?:e|es|den|ing), 隐藏 | show(?:s|n|ing)?, display(?:s|ed|ing)?, unhide, 显示, 展示
mute/unmute: mut(?:e|es|ed|ing), 静音 | unmut(?:e|es|ed|ing), 取消静音
block/unblock: block(?:s|ed|ing)?, 拉黑, 屏蔽, 封禁 | unblock(?:s|ed|ing)?, 解封, 解除屏蔽
freeze/unfreeze: freez(?:e|es|ing), frozen, 冻结, 挂失 | unfreez(?:e|es|ing), 解冻, 解挂
cancel/confirm: cancel(?:s|led|ed|ling|ing|lation)?, 取消, 撤销 | confirm(?:s|ed|ing)?, 确认, 提交
input/output: input(?:s)?, 输入 | output(?:s)?, 输出
internal/external: internal(?:ly)?, inside, indoors?, 内部, 室内 | external(?:ly)?, outside, outdoors?, 外部, 室外, 户外
left/right: left, 左 | right(?=_(?:side|hand|button|door|panel|of|arm))|right-hand, 右
front/rear: front, 前面, 前部, 正面 | rear, back_(?:side|panel), 后面, 后部, 背面
up/down: upward(?:s)?, 向上, 上升 | downward(?:s)?, 向下, 下降
top/bottom: top, upper, 顶部, 上方, 上部 | bottom, lower_(?:part|end|side), 底部, 下方, 下部
hot/cold: hot, warm, 热水, 加热, 制热, 高温 | cold, cool, 冷水, 制冷, 冷却, 低温
fast/slow: fast, quick(?:ly)?, 快速, 太快 | slow(?:ly)?, 缓慢, 太慢
full/empty: full, 装满, 已满 | empty, 清空, 排空
old/new: old, 旧 | new, 新(?=[的手机密版卡号设])
first/last: first, 首次, 第一次 | last, 最后一次
early/late: early, 提前, 提早 | late, overdue, 逾期, 延期, 延迟
inbound/outbound: inbound, incoming, 来电, 入站, 入库 | outbound, outgoing, 去电, 出站, 出库
manual/automatic: manual(?:ly)?, by_hand, 手动 | automatic(?:ally)?, auto, 自动
online/offline: online, 在线, 线上, 联网 | offline, 离线, 线下, 断网
public/private: public, 公开, 公有, 公共 | private, 私有, 私密, 私人
free/paid: free, free_of_charge, 免费 | paid, 收费, 付费
wired/wireless: wired, 有线 | wireless, 无线
male/female: male, men, 男 | female, women, 女
valid/invalid: valid, 有效 | invalid, expired, 无效, 失效, 过期
success/failure: success(?:ful|fully)?, succeed(?:s|ed)?, 成功 | fail(?:s|ed|ure|ing)?, 失败
refund/exchange: refund(?:s|ed|ing)?, 退款, 退货 | exchang(?:e|es|ed|ing), 换货
"""


class _Pair(NamedTuple):
    name: str
    left: re.Pattern[str]
    right: re.Pattern[str]
    hints: tuple[str, ...]
    """Plain strings of which a text must hold one to name either side: looking for them is quick."""


def _side(words: Sequence[str]) -> str:
    parts = []
    for word in words:
        pattern = word.replace("_?", r"[\s-]?").replace("_", r"[\s-]")
        parts.append(rf"(?<!\w)(?:{pattern})(?!\w)" if re.search("[a-z]{2}", word) else pattern)
    return "|".join(parts)


def _hint(word: str) -> str:
    """The longest run of letters of a pattern outside its groups."""
    while word != (word := re.sub(r"\([^()]*\)\??|\[[^\[\]]*\]|\{[^}]*\}", " ", word)):
        pass
    return max(re.findall(r"[a-z]+|[\u4e00-\u9fff]+", word.replace("\\w", " ")), key=len)


def _read(table: str) -> tuple[_Pair, ...]:
    pairs = []
    for line in table.strip().splitlines():
        name, _, sides = line.partition(": ")
        left, right = (tuple(w.strip() for w in side.split(", ")) for side in sides.split(" | "))
        hints = tuple(sorted({_hint(w) for w in (*left, *right)}))
        pairs.append(_Pair(name, re.compile(_side(left), re.I), re.compile(_side(right), re.I), hints))
    return tuple(pairs)


_PAIRS = _read(_OPPOSITES)


def _prepared(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'")


def negation_count(text: str) -> int:
    """How many words of a text negate (not, without, 不, 未, 禁止 …). Neutral askings (能不能, 是否) and words
    that only look like it (不锈钢, 非常, "not only") do not count.

    >>> negation_count("能不能退货？"), negation_count("不锈钢不可水洗"), negation_count("Don't open it without gloves.")
    (0, 1, 2)
    """
    return len(_NEGATION.findall(_NO_NEGATION.sub(" ", _prepared(text))))


def exception_count(text: str) -> int:
    """How many words of a text make an exception (unless, except, 除外 …)."""
    return len(_EXCEPTION.findall(_prepared(text)))


def only_count(text: str) -> int:
    """How many words of a text restrict (only, 仅, 只能 …)."""
    return len(_ONLY.findall(_prepared(text)))


@lru_cache(maxsize=16_384)
def polarity_marks(text: str) -> frozenset[str]:
    """The directions a text names: `"on/off<"` for the first side of a pair, `"on/off>"` for the second."""
    prepared = _prepared(text)
    lower = prepared.lower()
    marks = set()
    for name, left, right, hints in _PAIRS:
        if not any(hint in lower for hint in hints):
            continue
        # The opposite is often written with the word itself inside it (取消配对 holds 配对): the longer one counts.
        rest = right.sub(" ", prepared)
        if rest != prepared:
            marks.add(f"{name}>")
        if left.search(rest):
            marks.add(f"{name}<")
    return frozenset(marks)


_CLAUSE = re.compile(r"[,，;；。.!！?？\n]+")
_ASKING = re.compile(r"为什么|怎么办|怎么回事|怎么样?|如何|怎样|什么|哪些|多少|多久|可以|请问|[吗呢的了法能]")
NEAR_WORDS = 0.5
"""Share of common words (of all words of both) from which a negation in one text is about the same matter."""


@lru_cache(maxsize=16_384)
def _stance(text: str) -> str:
    """Where a text negates: "asked" (in its last clause, the one that asks), "told" (in a clause before), or ""."""
    clauses = [c for c in _CLAUSE.split(_prepared(text)) if c.strip()]
    if clauses and negation_count(clauses[-1]) % 2:
        return "asked"
    return "told" if negation_count(text) else ""


@lru_cache(maxsize=16_384)
def _words(text: str) -> frozenset[str]:
    tokens = search_tokens(_NEGATION.sub(" ", _ASKING.sub(" ", _NO_NEGATION.sub(" ", _prepared(text)))))
    pairs = [t for t in tokens if not (len(t) == 1 and has_cjk(t))]
    return frozenset(t for t in pairs or tokens if t not in STOP_WORDS)


def polarity_conflict(a: str, b: str) -> str | None:
    """What makes two short texts opposites, or None: the pair's name ("on/off", "before/after"), or "negation"
    when one of them denies what the other, in much the same words, does not.

    A pair counts when one text names only its first side and the other only its second. A negation told before the
    question ("The lamp does not light. What can I do?") is no stance of the question.

    Source: on 320 labelled English pairs opposites mark 4 of 160 true paraphrases; counting every negation marked 32.

    >>> polarity_conflict("How do I turn on the heater?", "How do I turn the heater off?")
    'on/off'
    >>> polarity_conflict("如何连接蓝牙", "怎么断开蓝牙"), polarity_conflict("能不能退货", "可以退货吗")
    ('connect/disconnect', None)
    """
    ours, theirs = polarity_marks(a), polarity_marks(b)
    for mark in sorted(ours - theirs):
        name, side = mark[:-1], mark[-1]
        opposite = name + (">" if side == "<" else "<")
        if opposite in theirs and opposite not in ours:
            return name
    if {_stance(a), _stance(b)} != {"asked", ""}:
        return None
    left, right = _words(a), _words(b)
    return "negation" if len(left & right) >= NEAR_WORDS * len(left | right) else None
