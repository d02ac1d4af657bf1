"""The wordings made by rule: natural forms, kept facts, and silence where a form is not known."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbbuilder.language.facts import differing_facts, polarity_conflict, unshared_facts
from kbbuilder.language.text import fold, has_cjk
from kbbuilder.schema import Language, PairKind
from kbbuilder.stages.expand import propose

EXAMPLES: list[tuple[str, PairKind | None]] = [
    ("How do I turn on the BrewMaster X200?", PairKind.HOW_TO),
    ("How do I reset the Hub H1 to factory settings?", PairKind.HOW_TO),
    ("What is the rated voltage of the X200?", PairKind.PARAMETER),
    ("What should I do if the X200 does not turn on?", PairKind.TROUBLESHOOTING),
    ("What does error E05 mean on the X200, and what should I do?", PairKind.TROUBLESHOOTING),
    ("What is a bill of materials?", PairKind.DEFINITION),
    ("Can I return an opened item within 14 days?", PairKind.POLICY),
    ("How long do I have to return an item?", PairKind.POLICY),
    ("How often should I descale the machine?", PairKind.PARAMETER),
    ("Why is the pump so noisy?", PairKind.TROUBLESHOOTING),
    ("How much does delivery cost?", None),
    ("Does the Hub H1 support 5 GHz Wi-Fi?", None),
    ("Where do I find the serial number of my machine?", None),
    ("What happens if I miss the delivery?", PairKind.CONDITION),
    ("智能门锁 L5 如何添加指纹？", PairKind.HOW_TO),
    ("如何重置密码？", PairKind.HOW_TO),
    ("如何关闭常开模式？", PairKind.HOW_TO),
    ("P600 的额定电压是多少？", PairKind.PARAMETER),
    ("门锁无法开启怎么办？", PairKind.TROUBLESHOOTING),
    ("忘记管理员密码怎么办？", None),
    ("什么是虚位密码？", PairKind.DEFINITION),
    ("门锁支持 5 GHz 的 Wi-Fi 吗？", None),
    ("可以在 7 天内退货吗？", PairKind.POLICY),
    ("滤芯多久更换一次？", PairKind.PARAMETER),
    ("退货运费由谁承担？", PairKind.POLICY),
    ("为什么手机搜索不到设备？", PairKind.TROUBLESHOOTING),
    ("L5 显示 E01 是什么意思，怎么处理？", PairKind.TROUBLESHOOTING),
    ("退款期限是多久？", PairKind.POLICY),
]


def texts(question: str, kind: PairKind | None = None, answer: str = "", limit: int = 8) -> list[str]:
    language: Language = "zh" if has_cjk(question) else "en"
    return [p.text for p in propose(question, answer, kind, language, limit=limit)]


@pytest.mark.parametrize(("question", "kind"), EXAMPLES)
def test_a_usual_question_gets_several_wordings_that_keep_its_facts(question: str, kind: PairKind | None) -> None:
    wordings = texts(question, kind)
    assert 2 <= len(wordings) <= 8
    keys = [fold(w) for w in wordings]
    assert len(set(keys)) == len(keys)
    assert fold(question) not in keys
    for wording in wordings:
        assert unshared_facts(question, wording) == ()
        assert differing_facts(question, wording) == ()
        assert polarity_conflict(question, wording) is None


@pytest.mark.parametrize(
    ("question", "wording"),
    [
        ("How do I turn on the lamp?", "How do I switch on the lamp?"),
        ("How do I reset the router?", "What are the steps to reset the router?"),
        ("How do I contact customer service?", "What is the best way to contact customer service?"),
        ("What is the rated voltage of the X200?", "X200 rated voltage"),
        ("What is the rated voltage of the X200?", "What is the X200's rated voltage?"),
        ("What is the weight of the X200?", "How heavy is the X200?"),
        ("What should I do if the lamp does not light?", "Why doesn't the lamp light?"),
        ("What should I do if the X200 does not turn on?", "My X200 won't turn on. How do I fix it?"),
        ("Why is the pump so noisy?", "How come the pump is so noisy?"),
        ("Why can't I log in?", "I can't log in. What is wrong?"),
        ("Can I return an item?", "Is it possible to return an item?"),
        ("Do I need to register?", "Do I have to register?"),
        ("Does the lock work with Alexa?", "Is the lock compatible with Alexa?"),
        ("How long does it take to charge it?", "How much time does it take to charge it?"),
        ("Where can I buy spare parts?", "Can you tell me where I can buy spare parts?"),
        ("What happens if I pay late?", "What if I pay late?"),
        ("Who pays for the repair?", "Can you tell me who pays for the repair?"),
        ("Export messages to text files", "How do I export messages to text files?"),
        ("如何重置密码？", "密码怎么重置？"),
        ("如何重置密码？", "想重置密码，该怎么操作？"),
        ("如何更换滤芯？", "怎么换滤芯？"),
        ("P600 的重量是多少？", "P600 有多重？"),
        ("P600 的额定功率是多少？", "P600 的额定功率是多大？"),
        ("什么是胁迫指纹？", "胁迫指纹是什么意思？"),
        ("支持七天无理由退货吗？", "是否支持七天无理由退货？"),
        ("可以修改收货地址吗？", "能不能修改收货地址？"),
        ("净水器漏水怎么办？", "净水器漏水是什么原因？"),
        ("忘记密码怎么办？", "密码忘了怎么办？"),
        ("滤芯多久更换一次？", "滤芯的更换周期是多久？"),
        ("序列号在哪里？", "序列号在什么地方？"),
        ("单次密码和限时密码有什么区别？", "单次密码和限时密码有什么不同？"),
        ("逾期付款会怎么样？", "逾期付款会有什么后果？"),
        ("退款多久到账？", "退款什么时候能到账？"),
    ],
)
def test_each_form_is_written_in_its_like_forms(question: str, wording: str) -> None:
    assert wording in texts(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Authors",
        "dpkg",
        "You asked me to install stable. What now? Should I wait?",
        "(How) Does Debian support Java?",
        "What is it?",
        "两块网卡的目的是？万兆的目的是？",
        "是否",
        "怎么办？",
        "如何設定無線網路？",
        "What is the lid of the pump and what does it hold?",
    ],
)
def test_a_form_that_is_not_known_for_certain_gives_nothing(question: str) -> None:
    assert texts(question) == []


@pytest.mark.parametrize(
    ("question", "broken"),
    [
        ("净水器的废水管可以接在哪里？", "吗"),
        ("门锁可以存多少枚指纹？", "吗"),
        ("会员积分会过期吗？", "会不会员"),
        ("智能门锁支持 5G 吗？", "智能不能"),
        ("How long is a gift card valid?", "valid is"),
        ("What is missing from the box?", "what missing"),
        ("什么是- 1.3 “云服务？", "- 1.3"),
        ("What's in the box?", "what in the box is"),
        ("How do I order a repair?", "order a fix"),
        ("What is the code of conduct for sellers?", "conduct for sellers code"),
    ],
)
def test_known_traps_of_word_swapping_are_avoided(question: str, broken: str) -> None:
    assert not [w for w in texts(question) if broken in w]


def test_how_long_is_also_asked_in_the_unit_of_the_answer() -> None:
    assert "How many days do I have to return an item?" in texts(
        "How long do I have to return an item?", answer="14 days."
    )
    assert "滤芯几个月更换一次？" in texts("滤芯多久更换一次？", answer="建议每 6 个月更换一次。")
    assert not [w for w in texts("How long is the power cable?", answer="1.2 m") if "How many" in w]


def test_a_glossary_entry_is_asked_for_as_a_definition() -> None:
    inside = propose("什么是网关？", "", None, "zh", ("附录", "术语表"))
    assert "能解释一下网关吗？" in [p.text for p in inside]


def test_blanks_between_scripts_follow_the_question() -> None:
    close = propose("MindSpore支持矩阵转置吗？", "", None, "zh")
    assert all(re.search(r"MindSpore[^ ]", p.text) for p in close if p.style != "keyword")
    assert "Wi-Fi 怎么连接？" in texts("怎么连接 Wi-Fi？")


def test_the_limit_holds_and_the_styles_differ() -> None:
    assert len(texts("How do I turn on the lamp?", limit=3)) == 3
    styles = {p.style for p in propose("如何重置密码？", "", None, "zh")}
    assert {"colloquial", "formal", "keyword", "situation"} <= styles


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=50),
        st.lists(
            st.sampled_from(
                [
                    "how do I",
                    "如何",
                    "the X200",
                    "不",
                    "吗",
                    "多少",
                    "是什么",
                    "reset",
                    " ",
                    "？",
                    "?",
                    "30 天",
                    "可以",
                    "ＡＢ",
                ]
            ),
            max_size=7,
        ).map("".join),
    ),
    st.sampled_from(["zh", "en"]),
)
def test_no_text_breaks_the_rules_and_no_wording_changes_a_fact(text: str, language: Language) -> None:
    for proposal in propose(text, "30 天", None, language):
        assert unshared_facts(" ".join(text.split()), proposal.text) == () or differing_facts(text, proposal.text) == ()
        assert polarity_conflict(text, proposal.text) is None
        assert proposal.text == proposal.text.strip()
