"""The documents page: files in, progress and outcomes out."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from ui_desk import Desk, healthy, shown

from kbbuilder.reading_notes import NoteCode, ReadingNote
from kbbuilder.schema import VersionState
from ui.components.notes import worded
from ui.labels import Labels


def uploaded(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    box = at.get("file_uploader")[0]
    box.set_value([(name, content, "application/octet-stream") for name, content in files])
    return healthy(at.run())


def page_text(at: AppTest) -> str:
    return shown(at) + "\n".join(b.label for b in at.button)


def test_an_empty_library_says_what_to_do_next(empty_desk: Desk) -> None:
    assert "上传产品手册" in shown(empty_desk.app())
    assert "Upload manuals" in shown(empty_desk.app(language="en"))


def test_uploaded_files_wait_in_the_list_and_are_worked_off(empty_desk: Desk) -> None:
    at = uploaded(empty_desk.app(), ("常见问题.md", "# 常见问题\n\n### 保修期多久？\n\n保修期两年。\n".encode()))
    assert "已接收" in page_text(at)
    (document,) = empty_desk.library.build.documents("default")
    assert document.state is VersionState.UPLOADED
    empty_desk.library.build.run()
    at = healthy(at.run())
    assert "已完成" in page_text(at)
    assert empty_desk.find("保修期").answer == "保修期两年。"


def test_the_upload_box_is_empty_again_so_nothing_is_sent_twice(empty_desk: Desk) -> None:
    at = uploaded(empty_desk.app(), ("a.md", b"# A\n\ntext text text text\n"))
    assert not at.get("file_uploader")[0].value
    healthy(at.run())
    assert len(empty_desk.library.build.documents("default")) == 1


def test_the_same_file_again_is_said_to_be_unchanged(desk: Desk) -> None:
    from ui_desk import DOCUMENTS

    at = uploaded(desk.app(), ("门锁手册.md", DOCUMENTS["门锁手册.md"].encode()))
    assert "内容未变" in shown(at)
    assert len(desk.library.build.documents("default")) == 3


def test_a_file_that_cannot_be_read_ends_with_its_reason_and_advice_in_both_languages(empty_desk: Desk) -> None:
    uploaded(empty_desk.app(), ("空.txt", b""), ("好.md", "# 题\n\n### 怎么开机？\n\n长按电源键两秒。\n".encode()))
    empty_desk.library.build.run()
    assert "文件没有内容" in shown(empty_desk.app())
    assert "请确认是否选对了文件" in shown(empty_desk.app())
    assert "The file is empty" in shown(empty_desk.app(language="en"))
    assert empty_desk.find("开机")


def test_a_failed_document_can_be_tried_again_and_then_cancelled(empty_desk: Desk) -> None:
    uploaded(empty_desk.app(), ("空.txt", b""))
    empty_desk.library.build.run()
    at = empty_desk.app()
    (failed,) = empty_desk.library.build.documents("default")
    assert failed.state is VersionState.FAILED
    at = healthy(at.button(f"documents.retry.{failed.version_id}").click().run())
    assert empty_desk.library.build.documents("default")[0].state is VersionState.UPLOADED
    healthy(at.button(f"documents.cancel.{failed.version_id}").click().run())
    assert empty_desk.library.build.documents("default")[0].state is VersionState.CANCELLED


def test_a_finished_document_shows_its_ledger_and_its_coverage(desk: Desk) -> None:
    document = next(d for d in desk.library.build.documents("default") if d.name == "门锁手册.md")
    at = healthy(desk.app().button(f"documents.pick.{document.id}").click().run())
    text = page_text(at)
    assert f"<th>{sum(document.chunks_by_state.values())}</th>" in text
    assert f"<th>{document.candidates.total}</th>" in text
    assert f"{document.coverage * 100:.0f}%" in text
    assert "原文即为问答" in text


def test_the_coverage_map_lists_the_sections_without_an_entry(empty_desk: Desk) -> None:
    text = (
        "# 手册\n\n## 怎么开机？\n\n长按电源键两秒，直到指示灯亮起。\n\n## 目标\n\n让生活更美好，让世界更安静一些。\n"
    )
    uploaded(empty_desk.app(), ("手册.md", text.encode()))
    empty_desk.library.build.run()
    (document,) = empty_desk.library.build.documents("default")
    bare = [s for s in empty_desk.library.build.coverage(document.version_id).sections if not s.covered]
    page = shown(empty_desk.app())
    for section in bare:
        assert " › ".join(section.heading_path) in page


def test_what_was_noticed_in_a_file_is_said_in_both_languages(empty_desk: Desk) -> None:
    page = "<html><body><h1>帮助</h1><h2>保修期多久？</h2><p>保修期两年，自签收之日起算。</p></body></html>"
    empty_desk.library.build.add_upload("帮助.xls", page.encode(), collection="default", engine="structural")
    empty_desk.library.build.run()
    assert "按扩展名应为「旧版 Excel 工作簿」，实际是「网页」" in shown(empty_desk.app())
    assert "By its name this is an old Excel workbook, but it is a web page" in shown(empty_desk.app(language="en"))


def test_a_note_names_pages_and_counts_as_its_language_does() -> None:
    def said(language: str, code: NoteCode, **values: str | int) -> str:
        return worded(Labels(language), ReadingNote(code=code, values=values))

    assert said("zh", NoteCode.PAGES_DAMAGED, pages="3, 7-9") == "第 3、7-9 页已损坏，没有读取"
    assert said("en", NoteCode.PAGES_DAMAGED, pages="3, 7-9") == "Pages 3, 7-9 are damaged and were left out"
    assert said("en", NoteCode.PAGES_DAMAGED, pages="3") == "Page 3 is damaged and was left out"
    assert said("en", NoteCode.HEADINGS_EMPTY, count=1) == "1 heading without text was left out"
    assert said("zh", NoteCode.SHEET_ROWS_CUT, sheet="a{0}, b", rows=20000).startswith("工作表「a{0}, b」过大")
    assert "20,000" in said("en", NoteCode.ROWS_CUT, rows=20000)


def test_a_sentence_of_an_older_library_is_shown_as_it_stands() -> None:
    note = ReadingNote.model_validate("no text on page 3, only a picture")
    assert [worded(Labels(language), note) for language in ("zh", "en")] == [note.english] * 2


def test_the_list_can_be_searched_and_is_shown_a_page_at_a_time(empty_desk: Desk) -> None:
    for n in range(25):
        empty_desk.library.build.add_upload(
            f"文件{n:02}.md", f"# {n}\n".encode(), collection="default", engine="structural"
        )
    at = empty_desk.app()
    assert len([b for b in at.button if str(b.key).startswith("documents.pick.")]) == 20
    at = healthy(at.number_input("documents.page").set_value(2).run())
    assert len([b for b in at.button if str(b.key).startswith("documents.pick.")]) == 5
    at = healthy(at.text_input("documents.search").set_value("文件07").run())
    assert [b.label for b in at.button if str(b.key).startswith("documents.pick.")] == [r"文件07\.md"]


def test_a_new_knowledge_base_is_made_by_naming_it(desk: Desk) -> None:
    at = desk.app()
    at.text_input("app.new.name").set_value("售后")
    at = healthy(at.button("app.new.make").click().run())
    assert at.selectbox("collection").value == "售后"
    assert "知识库还没有文档" in shown(at)
    uploaded(at, ("保修.md", "# 保修\n\n### 保修期多久？\n\n两年。\n".encode()))
    assert [d.name for d in desk.library.build.documents("售后")] == ["保修.md"]
    assert len(desk.library.build.documents("default")) == 3
    assert "售后" in desk.library.review.collections()
