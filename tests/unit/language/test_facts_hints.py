"""A quick look that spares the search for a kind of fact never hides one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbbuilder.language import polarity
from kbbuilder.language.facts import facts_of
from kbbuilder.language.polarity import exception_count, negation_count, only_count

_WORDS = (
    "not never no none nor neither without cannot unable fails failed failing failure refuses refuse prohibited forbidden "
    "nothing nobody impossible unavailable unsupported disallowed lacks lack non don't can't cant wont dont doesnt isnt "
    "didnt unless except excepting exception excluding excludes excluded apart from other than only solely exclusively "
    "不 没 沒 未 勿 莫 无 無 禁止 严禁 嚴禁 切忌 拒绝 失败 非正常 别 除外 除非 除了 以外 例外 不包括 不含 除本机外 仅 只能 唯一 限于 "
    "the lamp FAILS Not ONLY 灯 可以 吗 ， . \n"
).split(" ")
_PREPARED = polarity._prepared
_PIECES = st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=8).map(" ".join)


@given(_PIECES)
def test_counts_of_small_words_are_what_their_patterns_find(text: str) -> None:
    prepared = _PREPARED(text)
    assert negation_count(text) == len(polarity._NEGATION.findall(polarity._NO_NEGATION.sub(" ", prepared)))
    assert exception_count(text) == len(polarity._EXCEPTION.findall(prepared))
    assert only_count(text) == len(polarity._ONLY.findall(prepared))


def test_every_kind_of_fact_is_seen_alone_in_a_text_that_holds_nothing_else() -> None:
    assert facts_of("see www.example.com please").links == {"www.example.com"}
    assert facts_of("写信到 help@example.com").links == {"help@example.com"}
    assert facts_of("run `reset` now").literals == {"reset"}
    assert facts_of("open ~/notes or C:\\logs").literals
    assert facts_of("use --force").literals == {"--force"}
    assert facts_of("set max_speed").literals == {"max_speed"}
    assert facts_of("read setup.cfg").literals == {"setup.cfg"}
    assert facts_of("三月五日发货").dates == {"03-05"}
    assert facts_of("二〇二四年上市").dates == {"2024"}
    assert facts_of("at 8 pm").times == {"20:00"}
    assert facts_of("call 400-123-4567").links == {"4001234567"}
    assert facts_of("保修三十天").quantities == facts_of("thirty days").quantities
    assert facts_of("the X200").codes == {"x200"}
