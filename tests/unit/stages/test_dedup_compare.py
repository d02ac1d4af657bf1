"""Which pairs of entries merge, conflict, are variants or merely related."""

from __future__ import annotations

import pytest

from kbbuilder.schema import LinkVerdict, PairKind
from kbbuilder.stages.dedup import Known, compare, question_key

SAME = "Hold the power key for 3 seconds. 长按电源键 3 秒。"


def known(
    question: str, answer: str = SAME, *, id: str = "a", wordings: tuple[str, ...] = (), document: str = ""
) -> Known:
    return Known(
        id=id, question=question, wordings=wordings, answer=answer, kind=None, document=document or f"{id}.pdf"
    )


def verdict(left: Known, right: Known, similarity: float = 0.97) -> tuple[LinkVerdict, str] | None:
    comparison = compare(left, right, similarity)
    mirrored = compare(right, left, similarity)
    assert comparison == mirrored
    return None if comparison is None else (comparison.verdict, comparison.reason)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("How do I reset the router?", "How can I reset the router?"),
        ("How to reset router", "Please tell me how to reset the router."),
        ("Can I return an opened item?", "Is it possible to return opened items?"),
        ("What is Syncthing?", "what's Syncthing"),
        ("如何重置密码？", "请问密码怎么重置"),
        ("怎么重置密码", "您好，我想知道如何重置我的密码"),
        ("是否支持退货", "支持退货吗？"),
        ("能不能修改地址", "可以修改地址吗"),
        ("什么是虚位密码", "虚位密码是什么意思？"),
        ("净水器漏水怎么办", "净水器漏水如何处理？"),
        ("质保期多久", "质保期是多长时间"),
        ("如何登陆帐户", "如何登录账户"),
        ("ＶＰＮ 怎么连接？", "如何连接VPN"),
        ("保修期是30天吗", "保修期是三十天吗"),
    ],
)
def test_politeness_and_forms_of_asking_do_not_keep_duplicates_apart(left: str, right: str) -> None:
    assert verdict(known(left), known(right, id="b")) == (LinkVerdict.DUPLICATE, "same_answer")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("怎么打开蓝牙", "怎么关闭蓝牙"),
        ("如何连接 Wi-Fi", "如何断开 Wi-Fi"),
        ("How do I turn on the X200?", "How do I turn off the X200?"),
        ("How do I reset the X200?", "How do I reset the X300?"),
        ("Can I return it within 7 days?", "Can I return it within 30 days?"),
        ("可以退货吗", "不可以退货吗"),
        ("为什么无法登录", "怎么登录"),
        ("能不能换货", "能不能退货"),
        ("P600 每分钟出水多少", "P800 每分钟出水多少"),
        ("支持 C 语言吗", "支持 C++ 语言吗"),
    ],
)
def test_near_misses_are_related_at_most_even_with_equal_answers(left: str, right: str) -> None:
    found = verdict(known(left), known(right, id="b"), 0.99)
    assert found is not None and found[0] is LinkVerdict.RELATED


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("如何重置密码", "如何重置路由器"),
        ("手机怎么连接电脑", "电脑怎么连接手机"),
        ("How do I connect A to B?", "How do I connect B to A?"),
        ("How often should I clean it?", "How should I clean it?"),
        ("退款多久到账", "退货多久到账"),
        ("Do I need to register?", "Can I register?"),
        ("什么是管理员", "谁是管理员"),
    ],
)
def test_different_questions_never_merge_on_cosine(left: str, right: str) -> None:
    found = verdict(known(left), known(right, id="b"), 1.0)
    assert found is None or found[0] is not LinkVerdict.DUPLICATE


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("30 days", "14 days", (LinkVerdict.CONFLICT, "facts_differ")),
        ("质保 6 个月", "质保 12 个月", (LinkVerdict.CONFLICT, "facts_differ")),
        ("可以退货。", "不可以退货。", (LinkVerdict.CONFLICT, "negation_differs")),
        ("The return is free.", "The return is not free.", (LinkVerdict.CONFLICT, "negation_differs")),
        ("Only staff may enter.", "Staff may enter.", (LinkVerdict.CONFLICT, "negation_differs")),
        ("Rinse the filter.", "Take out the battery and wait.", (LinkVerdict.CONFLICT, "answers_differ")),
        ("24 months", "The warranty is 24 months.", (LinkVerdict.VARIANT, "says_more")),
        ("The warranty is 2 years.", "The warranty is 24 months.", (LinkVerdict.VARIANT, "worded_differently")),
        ("- Open it\n- Wash it", "1. Open it\n2. Wash it", (LinkVerdict.DUPLICATE, "same_answer")),
        ("保修期为三十天。", "保修期为30天", (LinkVerdict.VARIANT, "worded_differently")),
    ],
)
def test_answers_to_one_question_decide_the_verdict(left: str, right: str, expected: tuple[LinkVerdict, str]) -> None:
    question = "How long is the warranty of the X200?"
    assert verdict(known(question, left), known(question, right, id="b")) == expected


def test_two_wordings_of_one_figure_conflict_when_the_figures_differ() -> None:
    left = known("How long is the warranty on the X200?", "24 months")
    right = known("What is the warranty period of the X200?", "12 months", id="b")
    assert verdict(left, right, 0.7) == (LinkVerdict.CONFLICT, "facts_differ")


def test_how_often_and_how_to_are_no_conflict() -> None:
    left = known("How often should the milk carafe be cleaned?", "Every 2 days.")
    right = known("How do I clean the milk carafe?", "Soak it for 15 days in warm water.", id="b")
    found = verdict(left, right, 0.9)
    assert found is None or found[0] is LinkVerdict.RELATED


def test_a_figure_of_another_thing_is_no_conflict() -> None:
    left = known("What is the power in standby?", "0.4 W")
    right = known("What is the power in networked standby?", "1.8 W", id="b")
    assert verdict(left, right, 0.9) == (LinkVerdict.RELATED, "near_question")


def test_a_similar_question_of_the_library_catches_the_duplicate() -> None:
    stored = known("How do I change the PIN?", wordings=("How do I set a new PIN?",))
    assert verdict(stored, known("How can I set a new PIN?", id="b"))[0] is LinkVerdict.DUPLICATE  # type: ignore[index]


def test_generic_questions_of_two_documents_are_no_conflict() -> None:
    left = known("How is the installation done?", "Screw it to the wall with 4 screws.", document="x200.pdf")
    right = known("How is the installation done?", "Run setup.exe and wait.", id="b", document="app.pdf")
    assert verdict(left, right) == (LinkVerdict.RELATED, "generic_question")


@pytest.mark.parametrize(
    ("question", "generic"),
    [
        ("安装步骤是什么？", True),
        ("使用时有哪些注意事项？", True),
        ("What are the features?", True),
        ("如何安装净水器？", False),
        ("How do I install the X200?", False),
    ],
)
def test_questions_without_a_product_or_topic_are_generic(question: str, generic: bool) -> None:
    left = known(question, "用四颗螺丝固定。 Screw it on.", document="a.pdf")
    right = known(question, "运行安装程序并等待完成。 Wait.", id="b", document="b.pdf")
    found = compare(left, right, 1.0)
    assert found is not None
    assert (found.reason == "generic_question") is generic


def test_unlike_questions_have_nothing_to_do_with_each_other() -> None:
    assert compare(known("如何开发票"), known("How do I descale it?", "Use descaler.", id="b"), 0.3) is None


def test_keys_of_the_two_languages_differ() -> None:
    assert question_key("How do I reset the password?") != question_key("如何重置密码？")


def test_a_translation_is_neither_a_duplicate_nor_a_conflict() -> None:
    left = known("什么是 KiCad？", "KiCad 是一个开源的电子设计套件。")
    right = known("What is KiCad?", "KiCad is an open-source electronics suite.", id="b")
    assert verdict(left, right, 0.9) == (LinkVerdict.RELATED, "other_language")
    assert verdict(left, right, 0.5) is None


def test_two_rows_of_one_document_under_one_name_are_no_contradiction() -> None:
    def row(answer: str, id: str, document: str) -> Known:
        return Known(id, "What is the step time for Leadshine?", (), answer, PairKind.PARAMETER, document)

    assert verdict(row("7500", "a", "drives.pdf"), row("2500", "b", "drives.pdf")) == (
        LinkVerdict.RELATED,
        "same_document",
    )
    assert verdict(row("7500", "a", "drives.pdf"), row("2500", "b", "other.pdf"))[0] is LinkVerdict.CONFLICT  # type: ignore[index]
