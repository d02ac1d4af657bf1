"""How far a Chinese task reaches: what the headings above say of it stands in its question, or it is not asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import pairs as _pairs

MENU = "请打开设置菜单，选择所需的项目，然后点击保存按钮。"
STEPS = "1. 打开设置菜单。\n2. 选择所需的项目。\n3. 点击保存按钮。"
SYSTEM = "# Orbix 管理员手册\n\nOrbix 是软件。Orbix 能运行。Orbix 好用。\n\n"


@pytest.mark.parametrize(
    ("sections", "question"),
    [
        (f"## 编辑曲线\n\n选中曲线。\n\n### 添加数据点\n\n{STEPS}", "在 Orbix 中编辑曲线时，如何添加数据点？"),
        (f"## 给段落添加边框\n\n见下。\n\n### 设置边框样式\n\n{STEPS}", "在 Orbix 中给段落添加边框时，如何设置边框样式？"),
        (f"## 图层预设\n\n要加载一个预设，{MENU}", "在 Orbix 中如何加载图层预设？"),
        (f"## 趋势线\n\n要更改线条属性，{MENU}", "在 Orbix 中如何更改趋势线的线条属性？"),
        (f"## 安装，一步一步来\n\n见下。\n\n### 设置加密分区\n\n{STEPS}", "安装 Orbix 时，如何设置加密分区？"),
        ("## 不使用鼠标操作\n\n见下。\n\n### 选择图章\n\n请按 F4 键打开菜单，然后按 Tab 键选择图章。", "在 Orbix 中如何用键盘选择图章？"),
        ("## 使用「分页预览」编辑打印范围\n\n见下。\n\n要定义分页区域，请将窗口里的边框拖到新位置。", "在 Orbix 中使用「分页预览」时，如何定义分页区域？"),
        (f"## 管理图章\n\n见下。\n\n### 更新图章\n\n{STEPS}", "在 Orbix 中如何更新图章？"),
    ],
)  # fmt: skip
def test_a_task_carries_the_reach_that_its_headings_give_it(tmp_path: Path, sections: str, question: str) -> None:
    assert question in _pairs(tmp_path, SYSTEM + sections)


@pytest.mark.parametrize(
    "sections",
    [
        f"## 备份管理\n\n如果您想恢复单个文件，{MENU}",
        "## 测试帐户\n\n见下。\n\n### 错误\n\n在列表框中，可以查阅测试设置时遇到的错误的说明。",
        "## 微调图章\n\n见下。\n\n### 插入附加图章\n\n选择「附加图章」。输入下一个图章后，系统自动追加一个图章。",
        "## 使用键盘浏览\n\n| 按键 | 功能 |\n|---|---|\n| Home 键 | 将光标移到当前行的起始位置 |",
        f"## 自定义边框\n\n见下。\n\n### 自定义设置\n\n{STEPS}",
    ],
)
def test_a_task_on_what_nothing_names_is_not_asked(tmp_path: Path, sections: str) -> None:
    assert not _pairs(tmp_path, SYSTEM + sections)


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("要定义图章：", "在 Orbix 中如何定义图章？"),
        ("将图章作为副本插入", "在 Orbix 中如何将图章作为副本插入？"),
        ("将文本修改为小写", "在 Orbix 中如何将文本修改为小写？"),
        ("将「图章」「导入」到「Quill 表格」", "在 Orbix 中如何将图章导入到 Quill 表格？"),
        ("链接框架", "在 Orbix 中如何链接框架？"),
    ],
)
def test_a_heading_that_says_what_to_do_is_asked_as_it_stands(tmp_path: Path, heading: str, question: str) -> None:
    assert list(_pairs(tmp_path, f"{SYSTEM}## 使用图章\n\n见下。\n\n### {heading}\n\n{STEPS}")) == [question]


@pytest.mark.parametrize(
    "heading",
    [
        "图章示例",
        "「图章」对话框",
        "文字和框对齐",
        "保存于",
        "应用于全部",
        "签名和软件版本",
        "对图章问题的第一个回应",
        "在圆中设置",
    ],
)
def test_a_heading_that_is_no_task_and_no_part_is_not_asked(tmp_path: Path, heading: str) -> None:
    assert not _pairs(tmp_path, f"{SYSTEM}## 使用印泥\n\n见下。\n\n### {heading}\n\n{STEPS}")


@pytest.mark.parametrize(
    "body",
    [
        "将图章插入到文档中。也可以打开菜单，选择图章，然后点击保存按钮。",
        "请打开菜单，选择图章，然后按上述方式保存图章。",
        "请打开菜单，再次选择第一步选取的图章，然后点击保存。",
        "用户 A 打开菜单，选择图章，然后点击保存。",
        "1. 打开菜单。\n2. Choose Insert - Stamp.\n3. 点击保存。",
        "打开文档\n\n保存文档\n\n打印文档\n\n修改文档的标题",
    ],
)
def test_an_answer_that_needs_its_page_or_holds_no_instruction_is_left_out(tmp_path: Path, body: str) -> None:
    assert not _pairs(tmp_path, f"{SYSTEM}## 插入图章\n\n{body}")


def test_the_titles_of_related_pages_are_no_part_of_an_answer(tmp_path: Path) -> None:
    found = _pairs(tmp_path, f"{SYSTEM}## 插入图章\n\n{STEPS}\n\n删除图章\n\n文件 - 打开")
    assert [pair.answer for pair in found.values()] == [STEPS]


def test_a_step_before_others_that_are_not_told_is_no_answer(tmp_path: Path) -> None:
    assert not _pairs(tmp_path, f"{SYSTEM}## 杂谈\n\n要添加徽标，必须首先使用 Quill 创建徽标的图像。")
    assert _pairs(
        tmp_path, f"{SYSTEM}## 杂谈\n\n要添加徽标，必须首先使用 Quill 创建徽标的图像。然后打开文件菜单插入它。"
    )
