"""The review page, clicked by widget key; what was done is asked of the services."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from ui_desk import Desk, healthy, shown

from kbbuilder.schema import EntryStatus, FaqEntry


def opened(desk: Desk, text: str, language: str = "zh") -> tuple[AppTest, FaqEntry]:
    """The review page with the entry whose question contains `text`."""
    entry = desk.find(text)
    at = desk.app("review", language)
    return healthy(at.button(f"review.pick.{entry.id}").click().run()), entry


def press(at: AppTest, name: str, entry: FaqEntry) -> AppTest:
    return healthy(at.button(f"review.{name}.{entry.id}").click().run())


def test_the_queue_lists_what_waits_and_opens_the_first_entry(desk: Desk) -> None:
    at = desk.app("review")
    assert len([b for b in at.button if str(b.key).startswith("review.pick.")]) == 7
    assert "7 条" in shown(at)
    assert at.text_area[0].value == "门锁电池可以用多久？"


def test_the_source_stands_beside_the_answer_with_the_quote_marked(desk: Desk) -> None:
    at, _ = opened(desk, "管理员密码")
    assert "<mark>可以在手机 App 中通过验证码重置管理员密码。</mark>" in shown(at)
    assert "门锁手册.md" in shown(at)


def test_approve_and_next_removes_the_entry_from_the_queue_and_opens_the_following_one(desk: Desk) -> None:
    at, entry = opened(desk, "descale")
    shown_ids = [str(b.key).removeprefix("review.pick.") for b in at.button if str(b.key).startswith("review.pick.")]
    following = shown_ids[shown_ids.index(entry.id) + 1]
    at = press(at, "approve_next", entry)
    assert desk.find("descale").status is EntryStatus.APPROVED
    assert f"review.pick.{entry.id}" not in [b.key for b in at.button]
    assert at.session_state["review.selected"] == following


def test_approve_saves_unsaved_text_first(desk: Desk) -> None:
    at, entry = opened(desk, "descale")
    at.text_area(f"review.question.{entry.id}").set_value("How do I descale the X200?")
    at.text_area(f"review.similar.{entry.id}").set_value("X200 descaling\n\nX200 limescale")
    press(at, "approve", entry)
    saved = desk.library.review.entry(entry.id)
    assert saved.entry.question == "How do I descale the X200?"
    assert [s.text for s in saved.entry.similar_questions] == ["X200 descaling", "X200 limescale"]
    assert saved.entry.status is EntryStatus.APPROVED
    assert [r.action for r in saved.history][-2:] == ["edited", "approved"]


def test_save_keeps_the_status_and_names_the_reviewer(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    at.text_input("reviewer").set_value("王芳").run()
    at.text_area(f"review.answer.{entry.id}").set_value("在 App 中重置。")
    press(at, "save", entry)
    view = desk.library.review.entry(entry.id)
    assert (view.entry.answer, view.entry.status) == ("在 App 中重置。", EntryStatus.PENDING)
    assert view.history[-1].actor == "王芳"


def test_reject_takes_the_entry_out_and_reopen_brings_it_back(desk: Desk) -> None:
    at, entry = opened(desk, "descale")
    at = press(at, "reject", entry)
    assert desk.find("descale").status is EntryStatus.REJECTED
    at.session_state["review.filter.view"] = "rejected"
    at.run()
    at = healthy(at.button(f"review.pick.{entry.id}").click().run())
    press(at, "reopen", entry)
    assert desk.find("descale").status is EntryStatus.PENDING


def test_undo_takes_back_the_approval_and_returns_to_the_entry(desk: Desk) -> None:
    at, entry = opened(desk, "descale")
    at = press(at, "approve_next", entry)
    at = healthy(at.button("review.undo").click().run())
    assert desk.find("descale").status is EntryStatus.PENDING
    assert at.session_state["review.selected"] == entry.id
    assert at.text_area(f"review.question.{entry.id}").value == entry.question


def test_undo_goes_back_step_by_step(desk: Desk) -> None:
    at, first = opened(desk, "descale")
    at = press(at, "approve_next", first)
    second = desk.find("管理员密码")
    at = healthy(at.button(f"review.pick.{second.id}").click().run())
    at = press(at, "reject", second)
    at = healthy(at.button("review.undo").click().run())
    assert desk.find("管理员密码").status is EntryStatus.PENDING
    assert desk.find("descale").status is EntryStatus.APPROVED
    healthy(at.button("review.undo").click().run())
    assert desk.find("descale").status is EntryStatus.PENDING


def test_a_stale_form_is_refused_with_both_texts_and_nothing_is_written(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    saved_meanwhile(desk, entry, "他人的答案")
    at.text_area(f"review.answer.{entry.id}").set_value("我的答案")
    at = press(at, "save", entry)
    assert "我的答案" in shown(at)
    assert "他人的答案" in shown(at)
    assert desk.find("管理员密码").answer == "他人的答案"


def test_a_refused_save_can_be_put_on_top_and_the_other_text_stays_in_the_history(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    saved_meanwhile(desk, entry, "他人的答案")
    at.text_area(f"review.answer.{entry.id}").set_value("我的答案")
    at = press(at, "save", entry)
    at = healthy(at.button(f"review.stale.mine.{entry.id}").click().run())
    assert desk.find("管理员密码").answer == "我的答案"
    assert at.text_area(f"review.answer.{entry.id}").value == "我的答案"
    healthy(at.button(f"review.undo.{entry.id}").click().run())
    assert desk.find("管理员密码").answer == "他人的答案"


def test_a_refused_save_can_be_given_up_for_the_other_text(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    saved_meanwhile(desk, entry, "他人的答案")
    at.text_area(f"review.answer.{entry.id}").set_value("我的答案")
    at = press(at, "save", entry)
    at = healthy(at.button(f"review.stale.theirs.{entry.id}").click().run())
    assert at.text_area(f"review.answer.{entry.id}").value == "他人的答案"
    assert desk.find("管理员密码").answer == "他人的答案"


def test_approving_a_text_that_somebody_changed_is_refused_even_without_own_edits(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    saved_meanwhile(desk, entry, "他人的答案")
    at = press(at, "approve", entry)
    assert desk.find("管理员密码").status is EntryStatus.PENDING
    assert "他人的答案" in shown(at)


def test_an_untouched_form_shows_the_newer_text_by_itself(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    saved_meanwhile(desk, entry, "他人的答案")
    at = healthy(at.run())
    assert at.text_area(f"review.answer.{entry.id}").value == "他人的答案"


def test_unsaved_text_survives_a_look_at_another_entry_and_another_page(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    other = desk.find("descale")
    at.text_area(f"review.answer.{entry.id}").set_value("还没写完")
    at = healthy(at.button(f"review.pick.{other.id}").click().run())
    assert "未保存" in next(b.label for b in at.button if b.key == f"review.pick.{entry.id}")
    at = healthy(at.switch_page("views/ask.py").run())
    at = healthy(at.switch_page("views/review.py").run())
    at = healthy(at.button(f"review.pick.{entry.id}").click().run())
    assert at.text_area(f"review.answer.{entry.id}").value == "还没写完"
    at = press(at, "discard", entry)
    assert at.text_area(f"review.answer.{entry.id}").value == entry.answer


def test_an_empty_answer_is_refused_in_the_readers_language(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    at.text_area(f"review.answer.{entry.id}").set_value(" ")
    at = press(at, "save", entry)
    assert "答案不能为空" in at.error[0].value
    assert desk.find("管理员密码").answer == entry.answer


def test_the_conflict_view_lists_both_sides_only(desk: Desk) -> None:
    at = desk.app("review")
    at.session_state["review.filter.view"] = "conflicts"
    at = healthy(at.run())
    labels = [b.label for b in at.button if str(b.key).startswith("review.pick.")]
    assert len(labels) == 2
    assert all("门锁电池" in label and "冲突" in label for label in labels)


def test_settling_a_conflict_keeps_one_answer_and_rejects_the_other(desk: Desk) -> None:
    at = desk.app("review")
    (link,) = desk.library.review.entry(str(at.session_state["review.selected"])).links
    at = healthy(at.button(f"review.conflict.{link.link.id}").click().run())
    assert "正常使用约 6 个月。" in shown(at)
    assert "约可使用 12 个月" in shown(at)
    healthy(at.button(f"review.settle.keep_left.{link.link.id}").click().run())
    kept = desk.library.review.entry(link.link.left_id).entry
    dropped = desk.library.review.entry(link.link.right_id).entry
    assert (kept.status, dropped.status) == (EntryStatus.PENDING, EntryStatus.REJECTED)
    assert desk.library.review.counts("default").conflicts == 0


def test_approving_against_an_approved_contradiction_says_so(desk: Desk) -> None:
    at = desk.app("review")
    first = desk.library.review.entry(str(at.session_state["review.selected"])).entry
    at = press(at, "approve_next", first)
    rival = desk.library.review.entry(first.id).links[0].other
    at = healthy(at.button(f"review.pick.{rival.id}").click().run())
    at = press(at, "approve", rival)
    assert "与已通过的条目冲突" in at.error[0].value
    assert desk.library.review.entry(rival.id).entry.status is EntryStatus.PENDING


def test_bulk_approval_takes_what_has_neither_flag_nor_conflict_after_a_confirmation(desk: Desk) -> None:
    at = desk.app("review")
    at = healthy(at.button("review.bulk").click().run())
    assert desk.library.review.counts("default").by_status[EntryStatus.APPROVED] == 0
    healthy(at.button("review.bulk.confirm").click().run())
    counts = desk.library.review.counts("default").by_status
    assert (counts[EntryStatus.APPROVED], counts[EntryStatus.PENDING]) == (5, 2)


def test_text_and_document_filters_narrow_the_queue_and_can_be_cleared(desk: Desk) -> None:
    at = desk.app("review")
    at = healthy(at.selectbox("review.filter.document").set_value("x200-manual.md").run())
    assert len([b for b in at.button if str(b.key).startswith("review.pick.")]) == 3
    at = healthy(at.text_input("review.filter.text").set_value("没有这样的条目").run())
    assert "没有符合筛选条件的条目" in shown(at)
    at = healthy(at.button("review.filter.clear").click().run())
    assert len([b for b in at.button if str(b.key).startswith("review.pick.")]) == 7


def test_text_of_documents_is_escaped_wherever_it_is_shown(desk: Desk) -> None:
    at, entry = opened(desk, "Which water")
    at.text_area(f"review.answer.{entry.id}").set_value(
        "<script>alert(1)</script> $x$ ![pic](https://example.com/a.png)"
    )
    at = press(at, "save", entry)
    answer = next(m.value for m in at.markdown if "alert" in m.value)
    assert answer.startswith(r"\<script>")
    assert r"\$x\$" in answer and r"!\[pic]" in answer
    history = next(e.proto.body for e in at.get("html") if "kb-history" in e.proto.body)
    assert "&lt;script&gt;" in history and "<script>" not in history


def test_moving_down_and_up_opens_the_neighbours_without_deciding(desk: Desk) -> None:
    at = desk.app("review")
    ids = [str(b.key).removeprefix("review.pick.") for b in at.button if str(b.key).startswith("review.pick.")]
    at = healthy(at.button("review.down").click().run())
    assert at.session_state["review.selected"] == ids[1]
    at = healthy(at.button("review.up").click().run())
    assert at.session_state["review.selected"] == ids[0]
    assert desk.library.review.counts("default").by_status[EntryStatus.PENDING] == 7


def test_pages_of_the_queue_go_forth_and_back(desk: Desk) -> None:
    for n in range(15):
        desk.library.review.create("default", question=f"第 {n} 个问题是什么？", answer=f"答案 {n}", actor="t")
    at = desk.app("review")
    first = [b.key for b in at.button if str(b.key).startswith("review.pick.")]
    at = healthy(at.button("review.next").click().run())
    second = [b.key for b in at.button if str(b.key).startswith("review.pick.")]
    assert (len(first), len(second)) == (20, 2)
    assert not set(first) & set(second)
    at = healthy(at.button("review.previous").click().run())
    assert [b.key for b in at.button if str(b.key).startswith("review.pick.")] == first


def test_an_empty_library_says_what_to_do_next(empty_desk: Desk) -> None:
    assert "先上传文档" in shown(empty_desk.app("review"))
    assert "Upload documents first" in shown(empty_desk.app("review", "en"))


def test_what_one_person_typed_is_nothing_to_another(desk: Desk) -> None:
    at, entry = opened(desk, "管理员密码")
    at.text_area(f"review.answer.{entry.id}").set_value("只有我看得见").run()
    other, _ = opened(desk, "管理员密码")
    assert other.text_area(f"review.answer.{entry.id}").value == entry.answer


def saved_meanwhile(desk: Desk, entry: FaqEntry, answer: str) -> None:
    desk.library.review.save(
        entry.id, seen_version=entry.version, question=entry.question, answer=answer,
        similar_questions=[s.text for s in entry.similar_questions if not s.negative],
        negative_questions=[s.text for s in entry.similar_questions if s.negative],
        tags=entry.tags, actor="他人",
    )  # fmt: skip
