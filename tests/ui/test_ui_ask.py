"""The ask page: a question in, the route, the answer and its source out."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from ui_desk import Desk, healthy, shown

from kbbuilder.schema import EntryStatus


def asked(desk: Desk, question: str, *, pending: bool = False, language: str = "zh") -> AppTest:
    at = desk.app("ask", language)
    at.text_input("ask.question").set_value(question)
    if pending:
        at.toggle("ask.pending").set_value(True)
    return healthy(at.button("ask.submit").click().run())


def approve(desk: Desk, text: str) -> None:
    entry = desk.find(text)
    desk.library.review.approve(entry.id, seen_version=entry.version, actor="t")


def test_an_approved_entry_answers_with_its_source_and_score(desk: Desk) -> None:
    approve(desk, "管理员密码")
    page = shown(asked(desk, "忘记管理员密码怎么办？"))
    assert "来自 FAQ 的回答" in page
    assert "可以在手机 App 中通过验证码重置管理员密码。" in page
    assert "门锁手册.md" in page
    assert "1.00，达到直接回答的门槛" in page


def test_a_pending_entry_answers_only_when_asked_for_and_says_it_is_not_approved(desk: Desk) -> None:
    assert "来自 FAQ 的回答" not in shown(asked(desk, "忘记管理员密码怎么办？"))
    page = shown(asked(desk, "忘记管理员密码怎么办？", pending=True))
    assert "来自 FAQ 的回答" in page
    assert "尚未通过审核" in page


def test_without_an_entry_a_passage_of_a_document_is_shown(desk: Desk) -> None:
    page = shown(asked(desk, "How do I descale the machine?", language="en"))
    assert "A passage from a document" in page
    assert "x200-manual.md" in page
    assert "Fill the tank with 500 ml" in page


def test_a_refusal_is_explained_and_the_question_becomes_an_entry(desk: Desk) -> None:
    at = asked(desk, "今天股票会涨吗？")
    assert "没有可靠的答案" in shown(at)
    at = healthy(at.run())
    at.text_area("ask.make.answer.0").set_value("我们不提供投资建议。")
    at = healthy(at.button("ask.make.0").click().run())
    entry = desk.find("股票")
    assert (entry.answer, entry.status) == ("我们不提供投资建议。", EntryStatus.PENDING)
    assert "已生成待审核条目" in shown(at)


def test_a_question_without_words_is_refused_in_the_readers_language(desk: Desk) -> None:
    assert "无法理解这个问题" in asked(desk, "？？？").error[0].value


def test_a_library_without_approved_entries_says_so(desk: Desk) -> None:
    assert "还没有已通过的条目" in shown(desk.app("ask"))


def test_an_answer_opens_its_entry_in_review(desk: Desk) -> None:
    approve(desk, "管理员密码")
    entry = desk.find("管理员密码")
    at = asked(desk, "忘记管理员密码怎么办？")
    at = healthy(at.button(f"ask.open.{entry.id}").click().run())
    assert at.session_state["review.selected"] == entry.id
    assert at.text_area(f"review.question.{entry.id}").value == entry.question


def test_an_answer_of_one_knowledge_base_is_gone_in_another(desk: Desk) -> None:
    approve(desk, "管理员密码")
    desk.library.review.create("另一个", question="营业时间？", answer="九点到五点。", actor="t")
    at = asked(desk, "忘记管理员密码怎么办？")
    assert "来自 FAQ 的回答" in shown(at)
    at = healthy(at.selectbox("collection").set_value("另一个").run())
    assert "来自 FAQ 的回答" not in shown(at)
