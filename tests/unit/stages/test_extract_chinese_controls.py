"""Chinese reference pages of dialogs: what a control does is no task, a field is no thing, a page may name its program once."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import chunks_of
from structural_reading import pairs as _pairs

from kbbuilder.schema import ChunkKind
from kbbuilder.stages.extract import context_of
from kbbuilder.stages.extract.chinese import device_of
from kbbuilder.stages.extract.chinese.answers import instructs, names_no_place, needs_its_page, says_what

SYSTEM = "# Orbix 用户手册\n\nOrbix 是画图软件。Orbix 能导出。Orbix 好用。\n\n"


@pytest.mark.parametrize(
    "section",
    [
        "## 搜索引擎\n\n搜索引擎是按关键字查找网页的服务。请打开网页，输入关键字，然后点击按钮。",
        "## 画布对话框\n\n各按钮。\n\n### 应用\n\n请点击按钮，应用所做的修改，但不关闭窗口。",
        "## 右键菜单\n\n各命令。\n\n### 重命名\n\n启用选中的图层以进行重命名。请输入名称，然后按 `Enter`。",
        "## 打开图样示例\n\n线宽，请选择；颜色，请点击。",
        "## 固定行高\n\n按照固定的高度导出所有的行。\n\n- 高度与画面一致。",
        "## 插入空行\n\n插入空行。插入的数目取决于选中的行数。",
        "## 合并图层\n\n打开一个对话框，您可以在其中选择图层，然后点击合并。",
        "## 导出网格\n\n如果启用，将网格一起导出到文件，可以在查看器中打开。",
        "## 锁定图层\n\n选中此复选框可以锁定图层，然后可以在列表中打开。",
        "## 应用程序\n\n请选择要打开文件的程序，然后点击确定。",
        "## 手动修改此模板\n\n请点击完成，然后打开模板。",
    ],
)
def test_what_a_control_does_or_a_thing_is_answers_no_how_to(tmp_path: Path, section: str) -> None:
    assert not [q for q in _pairs(tmp_path, SYSTEM + section) if "如何" in q]


@pytest.mark.parametrize(
    ("section", "question"),
    [
        ("## 插入空行\n\n请右击行号，然后在菜单中选择“插入”。", "在 Orbix 中如何插入空行？"),
        ("## 合并图层\n\n1. 选择要合并的图层。\n2. 点击“合并”按钮。", "在 Orbix 中如何合并图层？"),
        (
            "## 图层\n\n图层叠在一起。\n\n要隐藏图层，请右击它的名称，然后在菜单中选择“隐藏”。",
            "在 Orbix 中如何隐藏图层？",
        ),
        ("## 查找画笔\n\n您可以使用窗口上方的搜索栏，按名称查找画笔。", "在 Orbix 中如何查找画笔？"),
    ],
)
def test_a_section_or_sentence_that_instructs_answers_a_how_to(tmp_path: Path, section: str, question: str) -> None:
    assert question in _pairs(tmp_path, SYSTEM + section)


@pytest.mark.parametrize(
    ("prose", "tells"),
    [
        ("请打开设置页，然后保存。", True),
        ("打开设置页面，然后选择服务器并保存。", True),
        ("点击“图层”，按 `F2`，输入名称。", True),
        ("取出滤网，用清水冲洗。", True),
        ("运行下面的命令：\n\n```\norbctl save\n```", True),
        ("应用程序把文件放在 `/tmp` 下。空间不足时，可以通过 `$ORBTMP` 另行指定。", True),
        ("显示文件夹中的文件。要打开文件，请双击它。", False),
        ("指定轴线的颜色。", False),
        ("点击“完成”时将保存报表。", False),
        ("允许您在列表中选择颜色，然后点击确定。", False),
    ],
)
def test_prose_is_told_by_its_opening_to_instruct_or_to_describe(prose: str, tells: bool) -> None:
    assert instructs(prose) is tells


@pytest.mark.parametrize(
    "sentence",
    [
        "要添加阴影，请选择此选项。",
        "要定义新的箭头，请先画一条线，然后点击此处。",
        "要更改页码样式，请阅读《页码》指南。",
        "要删除动画效果，请选择“无效果”。",
        "要增大字符间距，请输入一个正值。",
        "要绘制正方形，请在拖动时按住 Shift 键。",
    ],
)
def test_an_instruction_that_needs_its_window_or_another_page_is_not_asked_for(tmp_path: Path, sentence: str) -> None:
    assert not _pairs(tmp_path, f"{SYSTEM}## 杂项\n\n{sentence}")


def test_menus_and_buttons_are_asked_of_a_named_program_only(tmp_path: Path) -> None:
    section = "## 杂项\n\n要隐藏参考线，请打开视图菜单，然后点击“参考线”。"
    assert not _pairs(tmp_path, f"# 手册\n\n各项。\n\n{section}")
    assert list(_pairs(tmp_path, SYSTEM + section)) == ["在 Orbix 中如何隐藏参考线？"]


@pytest.mark.parametrize(
    "section",
    [
        "## 电话\n\n请输入您的住宅电话号码。",
        "## 地址\n\n创建一个含有回信地址的标签。",
        "## 图层公式\n\n定义图层的公式选项。",
        "## 将样式用于图层格式\n\n样式是图层的格式。",
        "## 数字格式\n\n为单元格选择数字格式。",
        "## 网格模式\n\n启用后，画布看起来像方格纸。",
        "## 安全\n\n各项。\n\n### 警告选项\n\n点击此按钮可打开对话框。",
        "## 绘图\n\n各项。\n\n### 不显示在首页\n\n在首页上不显示指定的信息。",
        "## 会话\n\n各项。\n\n### 超时 (秒)\n\n定义保留会话的时间。",
    ],
)
def test_a_field_an_option_or_a_bare_common_noun_is_not_asked_what_it_is(tmp_path: Path, section: str) -> None:
    assert not _pairs(tmp_path, SYSTEM + section)


def test_a_format_is_asked_for_where_its_section_says_what_it_is(tmp_path: Path) -> None:
    assert says_what("图样格式", "图样格式是一种文本格式。")
    assert list(_pairs(tmp_path, f"{SYSTEM}## 图样格式\n\n图样格式是带有标记的文本。")) == ["Orbix 的图样格式是什么？"]


@pytest.mark.parametrize("heading", ["语法", "参数:", "示例"])
def test_the_arguments_and_examples_of_a_function_are_no_facts_of_the_product(tmp_path: Path, heading: str) -> None:
    sentences = "利息率是指各个周期的利率。\n\n名义利率为 5.25%。"
    assert not _pairs(tmp_path, f"{SYSTEM}## Pmt 函数\n\n计算。\n\n### {heading}\n\n{sentences}")


@pytest.mark.parametrize(
    ("table", "questions"),
    [
        ("## 杂项\n\n| 类型 | 说明 |\n|---|---|\n| 隐藏 | 不导入列内的数据 |", []),
        ("## 杂项\n\n| 选项 | 说明 |\n|---|---|\n| 所有记录 | 浏览全部的记录 |", []),
        ("## 杂项\n\n| 常量 | 说明 |\n|---|---|\n| OB_OK | 仅显示一个按钮 |", []),
        ("## 版本\n\n| 版本 | 该软件的首个版本 | 年数 |\n|---|---|---|\n| OBF 2 | Orbix 3 | 4 |", ["Orbix 中 OBF 2 版本的年数是多少？"]),
        ("## 快捷键\n\n| 快捷键 | 效果 |\n|---|---|\n| CommandCtrl+V | 粘贴所选的对象 |", []),
        ("## 放映中的快捷键\n\n| 快捷键 | 效果 |\n|---|---|\n| Esc 键 | 退出当前的放映，回到编辑的窗口 |", ["在 Orbix 的放映中按 Esc 键有什么作用？"]),
        ("## 用于画笔的快捷键\n\n| 快捷键 | 效果 |\n|---|---|\n| Esc | 结束对画笔的选择 |", []),
        ("## 图层面板\n\n| 按钮 | 作用 |\n|---|---|\n| 隐藏 | 不显示所选的图层 |", ["Orbix 的图层面板中的“隐藏”按钮有什么作用？"]),
    ],
)  # fmt: skip
def test_a_row_of_a_reference_page_is_asked_only_with_the_window_or_part_it_belongs_to(
    tmp_path: Path, table: str, questions: list[str]
) -> None:
    assert list(_pairs(tmp_path, SYSTEM + table)) == questions


def test_a_page_is_about_the_program_that_its_banner_names(tmp_path: Path) -> None:
    chunks, _ = chunks_of(tmp_path, "# 插入\n\n## 插入空行\n\n请右击行号，然后选择“插入”。")
    banner = chunks[0].model_copy(update={"kind": ChunkKind.FURNITURE, "text": "Orbix Studio 7.4 帮助\n\n目录"})
    assert context_of("doc.md", "插入", "zh", chunks).subject == ""
    assert context_of("doc.md", "插入", "zh", [*chunks, banner]).subject == "Orbix Studio"
    other = banner.model_copy(update={"text": "在线帮助\n\n目录"})
    assert context_of("doc.md", "插入", "zh", [*chunks, other]).subject == ""


def test_the_keys_of_a_part_are_asked_of_that_part() -> None:
    assert device_of(["幻灯片放映中的快捷键"], "Orbix") == "Orbix 的幻灯片放映"
    assert device_of(["常用快捷键"], "Orbix") == "Orbix"


def test_an_instruction_names_its_place_or_not() -> None:
    assert names_no_place("请选择“无效果”")
    assert names_no_place("请打开“效果”选项卡，然后选择“无效果”")  # of which window?
    assert not names_no_place("请打开“效果”对话框，然后选择“无效果”")
    assert needs_its_page("请从列表中选择名称") and not needs_its_page("请从“字体”列表中选择名称")
