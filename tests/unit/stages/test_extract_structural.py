"""The structural engine, fed as a document feeds it: what is asked, in which words, with which answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import chunks_of, extractions
from structural_reading import pairs as _pairs

from kbbuilder.schema import ChunkState, PairKind
from kbbuilder.stages.extract import context_of


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("## How long is the warranty?\n\nTwo years.", "How long is the warranty?", "Two years."),
        ("## 3.1 如何退货？\n\n七天内可退。", "如何退货？", "七天内可退。"),
        ("Q: Can I pay later?\n\nA: Yes, within 14 days.", "Can I pay later?", "Yes, within 14 days."),
        ("**问：**运费怎么收？\n\n**答：**满 99 元包邮。", "运费怎么收？", "满 99 元包邮。"),
        ("问：多久发货？\n答：24 小时内发货。", "多久发货？", "24 小时内发货。"),
        ("**Is it waterproof?**\n\nYes, to 10 m.", "Is it waterproof?", "Yes, to 10 m."),
        ("| 问题 | 答案 |\n| --- | --- |\n| 怎么开票？ | 在订单页申请。 |", "怎么开票？", "在订单页申请。"),
        ("# FAQ\n\n## Error 0x80 on start\n\nReinstall the driver.", "Error 0x80 on start", "Reinstall the driver."),
        ("| | |\n|---|---|\n| 3.1. | How can I find a package? |\n| | Use the search. |", "How can I find a package?", "Use the search."),
        ("## What is in the box\n\nOne lamp, one cable.", "What is in the box?", "One lamp, one cable."),
    ],
)  # fmt: skip
def test_explicit_faq_text_is_taken_whole(tmp_path: Path, text: str, question: str, answer: str) -> None:
    pairs = _pairs(tmp_path, text)
    assert list(pairs) == [question]
    assert pairs[question].answer == answer
    assert pairs[question].kind is PairKind.EXPLICIT


def test_a_how_to_heading_of_a_manual_is_asked_as_a_customer_asks_it_and_one_of_an_faq_in_its_own_words(
    tmp_path: Path,
) -> None:
    section = "## How to Set Your Alarm\n\nPress SET on the X200 twice.\n\n"
    assert list(_pairs(tmp_path, f"# X200 manual\n\n{section}")) == ["How do I set my alarm on the X200?"]
    faq = f"# X200 manual\n\n{section}## Does it ring twice?\n\nYes, after 5 minutes.\n"
    assert list(_pairs(tmp_path, faq)) == ["How to Set Your Alarm?", "Does it ring twice?"]


def test_a_heading_of_one_word_with_a_question_mark_is_not_taken_for_a_question(tmp_path: Path) -> None:
    assert "Macros?" not in _pairs(tmp_path, "# X200 manual\n\n## Macros?\n\nA macro is a list of keys.\n")


def test_an_explicit_answer_keeps_its_lists_code_and_paragraphs(tmp_path: Path) -> None:
    pairs = _pairs(
        tmp_path,
        "## How do I build it?\n\nRun this:\n\n```sh\nmake all\n```\n\nThen:\n\n1. Copy it.\n2. Start it.\n\n## Another?\n\nNo.",
    )
    assert (
        pairs["How do I build it?"].answer == "Run this:\n\n```sh\nmake all\n```\n\nThen:\n\n1. Copy it.\n2. Start it."
    )


def test_text_between_a_marked_question_and_its_answer_mark_belongs_to_the_question_not_to_a_new_one(
    tmp_path: Path,
) -> None:
    pairs = _pairs(
        tmp_path,
        "## Q: Why does it fail?\n\nThese are typical errors:\n\n1. No file.\n2. No rights.\n\nA: Set the path.",
    )
    assert list(pairs) == ["Why does it fail?"]
    assert "Set the path." in pairs["Why does it fail?"].answer
    assert "1. No file." in pairs["Why does it fail?"].answer


@pytest.mark.parametrize(
    ("title", "section", "question"),
    [
        ("Lumo L20 User Manual", "## Cleaning the lens\n\nThe Lumo L20 has a lens.\n\n1. Switch it off.\n2. Wipe it.", "How do I clean the lens on the Lumo L20?"),
        ("Lumo L20 User Manual", "## Filter replacement\n\nThe L20 and the L20 again.\n\n1. Open the filter door.\n2. Take the filter out.", "How do I replace the filter on the Lumo L20?"),
        ("Lumo L20 User Manual", "## The lamp does not turn on\n\nL20, L20.\n\n- Check the plug.\n- Check the fuse.", "What should I do if the lamp does not turn on on the Lumo L20?"),
        ("Returns Policy", "## Return period\n\nYou may return goods within 30 days.", "How long is the return period?"),
        ("Returns Policy", "## Items that cannot be returned\n\n- Gift cards\n- Opened food\n- Cut cables", "Which items cannot be returned?"),
        ("Guide", "## When to call us\n\nCall us when the lamp smells or the glass is broken.", "When should I call us?"),
        ("净水器 P6 使用说明书", "## 更换滤芯\n\n净水器 P6 的滤芯。净水器需断电。净水器要复位。\n\n1. 关闭进水阀。\n2. 取出滤芯。", "净水器 P6 如何更换滤芯？"),
        ("净水器 P6 使用说明书", "## 滤芯更换步骤\n\n净水器 P6，净水器，净水器。\n\n1. 关闭进水阀。\n2. 取出滤芯。", "净水器 P6 如何更换滤芯？"),
        ("净水器 P6 使用说明书", "## 出水变小\n\n净水器 P6，净水器，净水器。\n\n- 清洗滤网。\n- 更换滤芯。\n- 检查水压。", "净水器 P6 出水变小怎么办？"),
        ("云服务协议", "## 第五条 退款\n\n用户可以在 7 日内申请全额退款，逾期不予办理。", "关于退款有哪些规定？"),
        ("云服务协议", "## 第三条 服务期限\n\n服务自支付成功之时起生效，至周期届满时终止。", "服务期限是多久？"),
    ],
)  # fmt: skip
def test_headings_become_questions_that_stand_on_their_own(
    tmp_path: Path, title: str, section: str, question: str
) -> None:
    assert question in _pairs(tmp_path, f"# {title}\n\n{section}")


@pytest.mark.parametrize(
    ("table", "questions"),
    [
        ("| Parameter | Value |\n|---|---|\n| Rated voltage | 230 V |\n| Net weight | 2 kg |", ["What is the rated voltage?", "What is the net weight?"]),
        ("| 参数 | 数值 |\n|---|---|\n| 额定电压 | 220 V |\n| 续航时间 | 8 小时 |", ["额定电压是多少？", "续航时间是多久？"]),
        ("| Problem | Cause | Remedy |\n|---|---|---|\n| The lamp flickers | Loose plug | Push it in |", ["What should I do if the lamp flickers?"]),
        ("| 故障现象 | 可能原因 | 解决方法 |\n|---|---|---|\n| 屏幕不亮 | 没电 | 充电 |", ["屏幕不亮怎么办？"]),
        ("| Error code | Meaning | What to do |\n|---|---|---|\n| E01 | No water | Fill the tank |", ["What does error E01 mean, and what should I do?"]),
        ("| 套餐 | 月费（元） | 设备数量 |\n|---|---|---|\n| 基础版 | 9 | 10 |\n| 专业版 | 29 | 50 |", ["基础版的月费和设备数量是多少？", "专业版的月费和设备数量是多少？"]),
        ("| Part | How often | How to clean |\n|---|---|---|\n| Drip tray | every day | Wash it. |", ["How often should the drip tray be cleaned?"]),
        ("| Parameter | X200 | X300 |\n|---|---|---|\n| Tank | 1.8 l | 2.4 l |", ["What is the tank of the X200 and X300?"]),
        ("| Command | Function |\n|---|---|\n| `hub reset` | Deletes all devices and starts again |", ["What does `hub reset` do?"]),
        ("| 术语 | 定义 |\n|---|---|\n| 虚位密码 | 在正确密码前后加任意数字的密码 |", ["虚位密码是什么意思？"]),
    ],
)  # fmt: skip
def test_table_rows_become_questions(tmp_path: Path, table: str, questions: list[str]) -> None:
    assert list(_pairs(tmp_path, f"# Data\n\n## Overview\n\n{table}")) == questions


def test_a_row_is_answered_with_the_labels_of_its_columns_and_quoted_with_the_header(tmp_path: Path) -> None:
    pairs = _pairs(
        tmp_path, "# Plans\n\n| Plan | Price | Devices |\n|---|---|---|\n| Free | 0 | 10 |\n| Pro | 9 | 50 |"
    )
    pair = pairs["What are the price and devices for the Pro plan?"]
    assert pair.answer == "- Price: 9\n- Devices: 50"
    assert [span.quote for span in pair.evidence] == ["| Plan | Price | Devices |", "| Pro | 9 | 50 |"]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("A netlist is a list of the connections of a schematic.", "What is a netlist?"),
        ("The maximum load is 5 kg and must not be exceeded.", "What is the maximum load?"),
        ("If the lamp blinks red, pull the plug and wait for ten minutes.", "What should I do if the lamp blinks red?"),
        ("To reset the router, press the button for ten seconds.", "How do I reset the router?"),
        ("胁迫指纹是指开锁时会同时向联系人报警的指纹。", "什么是胁迫指纹？"),
        ("本型号的最大承重为 5 kg。", None),
        ("门锁的最大承重为 50 kg，请勿悬挂重物。", None),
        ("如果听到“电量不足”提示，请在一周内更换电池。", "听到“电量不足”提示怎么办？"),
        ("如需恢复出厂设置，请按住复位键 6 秒。", "如何恢复出厂设置？"),
        ("It is a good idea to read this first.", None),
        ("If you want, you can do that later too.", None),
    ],
)
def test_sentences_become_questions_only_when_these_stand_alone(
    tmp_path: Path, sentence: str, question: str | None
) -> None:
    pairs = _pairs(tmp_path, f"# Doc\n\n## Nebensache\n\n{sentence}")
    assert [q for q in pairs if q == question] == ([question] if question else [])
    if question is None:
        assert not any(p.kind is PairKind.CONDITION or p.kind is PairKind.DEFINITION for p in pairs.values())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# A\n\n## B\n\n```sh\nls\n```", "code_only"),
        ("# A\n\n## Details\n\nSee chapter 5 for more information.", "pointer_only"),
        ("# A\n\n## Plan\n\nTODO: write this section, it will be long.", "placeholder"),
        ("# A\n\n## Lonely", "heading_only"),
        ("# A\n\n## Overview\n\nThis part of the book speaks of many a thing in passing.", "generic_heading"),
    ],
)
def test_what_gives_nothing_says_why(tmp_path: Path, text: str, reason: str) -> None:
    ended = extractions(tmp_path, text)
    assert reason in [e.reason for e in ended]
    assert not any(e.candidates for e in ended)


def test_every_quote_stands_at_its_offsets_and_every_answer_is_made_of_quotes(tmp_path: Path) -> None:
    text = "# Lumo L20 Manual\n\n## Setting the clock\n\nThe L20 has a clock (L20).\n\n1. Press Set.\n2. Turn the dial.\n\n## Data\n\n| Parameter | Value |\n|---|---|\n| Weight | 2 kg |\n"
    chunks, _ = chunks_of(tmp_path, text)
    pairs = [(c, p) for c, e in zip(chunks, extractions(tmp_path, text), strict=True) for p in e.candidates]
    assert len(pairs) == 2
    for chunk, pair in pairs:
        for span in pair.evidence:
            assert chunk.text[span.start : span.end] == span.quote
        quotes = " ".join(span.quote for span in pair.evidence)
        assert all(word in quotes for word in pair.answer.replace(":", "").split())


def test_contents_and_navigation_are_skipped_with_their_role(tmp_path: Path) -> None:
    ended = extractions(
        tmp_path,
        "# Manual\n\n## Contents\n\n- [One](#one)\n- [Two](#two)\n- [Three](#three)\n\n## One\n\nText of the first part of it.",
    )
    assert (ChunkState.SKIPPED, "contents") in [(e.state, e.reason) for e in ended]


@pytest.mark.parametrize(
    ("title", "body", "subject"),
    [
        ("BrewMaster X200 User Manual", "The X200 brews. The X200 cleans.", "BrewMaster X200"),
        ("智能门锁 L5 产品手册", "L5 门锁。智能门锁 L5。智能门锁安装。智能门锁使用。", "智能门锁 L5"),
        ("Returns and Refunds Policy", "Returns are free. Refunds take 5 days.", ""),
        ("Introduction", "KiCad is free. " * 9, "KiCad"),
        ("Guide: coffee machines and Hub H1", "Hub H1. Hub H1. Machines.", ""),
    ],
)
def test_the_product_a_document_is_about_is_known_from_its_title_and_text(
    tmp_path: Path, title: str, body: str, subject: str
) -> None:
    chunks, _ = chunks_of(tmp_path, f"# {title}\n\n{body}")
    assert context_of("file.md", title, chunks[0].language, chunks).subject == subject


@pytest.mark.parametrize(
    ("opening", "heading", "needing_its_page", "text"),
    [
        (
            "# 日志服务器手册\n\n本手册说明日志服务器的安装与配置。",
            "配置日志服务器",
            "配置上面的日志服务器",
            "打开设置页面，然后选择日志服务器并保存。",
        ),
        (
            "# Hub Manual\n\nThis manual tells how the Hub is installed and configured.",
            "Configuring the log server",
            "Configuring the above log server",
            "Open the settings page of the Hub, choose the log server and save.",
        ),
    ],
)
def test_a_question_that_needs_its_page_is_not_asked(
    tmp_path: Path, opening: str, heading: str, needing_its_page: str, text: str
) -> None:
    def answered(title: str) -> bool:
        return any(text in pair.answer for pair in _pairs(tmp_path, f"{opening}\n\n## {title}\n\n{text}").values())

    assert answered(heading)
    assert not answered(needing_its_page)


def test_a_chinese_question_is_not_answered_in_english_alone(tmp_path: Path) -> None:
    opening = (
        "# 日志服务器手册\n\n本手册说明日志服务器的安装与配置，以及各个参数的含义和取值范围。\n\n## 参数\n\n`name`\n\n"
    )
    chinese, english = (
        "目标对象的名称，有时也可以写完整路径。",
        "The target object was named so. Sometimes you can have a path.",
    )
    assert any(chinese in pair.answer for pair in _pairs(tmp_path, opening + chinese).values())
    assert not any(english in pair.answer for pair in _pairs(tmp_path, opening + english).values())


_STEPS_ZH = "1. 打开打印机的前盖，等墨盒架停下。\n2. 按住卡扣，取出旧墨盒。\n3. 插入新墨盒，合上前盖。\n"
_STEPS_EN = "1. Choose Tools - Options - Dictionaries.\n2. Select the dictionary and click Edit.\n3. Click Delete.\n"


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (f"# 更换打印机的墨盒\n\n{_STEPS_ZH}", ["如何更换打印机的墨盒？"]),
        (f"# Removing words from a dictionary\n\n{_STEPS_EN}", ["How do I remove words from a dictionary?"]),
        # The steps below the title of a longer document are its outline, and two verbs say not of what.
        (f"# 安装网关\n\n{_STEPS_ZH}\n## 供电要求\n\n请使用随机附带的电源。\n", []),
        (f"# 修改\n\n{_STEPS_ZH}", []),
    ],
)
def test_the_title_of_a_page_that_is_all_one_task_is_asked(tmp_path: Path, page: str, asked: list[str]) -> None:
    assert list(_pairs(tmp_path, page)) == asked


def test_a_heading_that_opens_with_a_word_like_per_is_read_like_any_other(tmp_path: Path) -> None:
    pairs = _pairs(
        tmp_path, "# Lamps\n\nIntroduction.\n\n## per room settings\n\nEach room keeps its own lamps and times."
    )
    assert pairs == {}
