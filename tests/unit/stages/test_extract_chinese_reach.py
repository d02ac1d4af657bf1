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
        (f"## 插入图库中的对象\n\n见下。\n\n### 将对象作为副本插入\n\n{STEPS}", "在 Orbix 中如何将图库中的对象作为副本插入？"),
        (f"## 在基于 UNIX 的平台下设置打印\n\n见下。\n\n### 修改墨盒设置\n\n{STEPS}", "在 UNIX 系统上，在 Orbix 中如何修改墨盒设置？"),
        (f"## 检查更新\n\n如果您需要使用代理，{MENU}", "在 Orbix 中检查更新时，如何使用代理？"),
        (f"## 第 3 章 修改源代码\n\n见下。\n\n### 3.1 设置印泥\n\n{STEPS}", "在 Orbix 中修改源代码时，如何设置印泥？"),
        (f"## 管理图章\n\n见下。\n\n### 更新图章\n\n{STEPS}", "在 Orbix 中如何更新图章？"),
    ],
)  # fmt: skip
def test_a_task_carries_the_reach_that_its_headings_give_it(tmp_path: Path, sections: str, question: str) -> None:
    assert question in _pairs(tmp_path, SYSTEM + sections)


@pytest.mark.parametrize(
    "sections",
    [
        f"## 备份管理\n\n如果您想恢复单个文件，{MENU}",
        "## 符号集\n\n### 创建新的符号集\n\n要创建新的符号集，请在「符号集」列表框中为符号集输入名称。点击「确定」关闭对话框。",
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
    found = _pairs(tmp_path, f"{SYSTEM}## 插入图章\n\n{STEPS}\n\n删除图章\n\n文件 - 打开\n\nApplying Stamps")
    assert [pair.answer for pair in found.values()] == [STEPS]


def test_a_step_before_others_that_are_not_told_is_no_answer(tmp_path: Path) -> None:
    assert not _pairs(tmp_path, f"{SYSTEM}## 杂谈\n\n要添加徽标，必须首先使用 Quill 创建徽标的图像。")
    assert _pairs(
        tmp_path, f"{SYSTEM}## 杂谈\n\n要添加徽标，必须首先使用 Quill 创建徽标的图像。然后打开文件菜单插入它。"
    )


@pytest.mark.parametrize(
    "section",
    [
        "## 编辑 > 上一个错误\n\n### 上一个错误\n\n将光标指向文档里的上一个错误。",
        "## 状态栏\n\n### 公式, 日期, 错误警告\n\n默认情况下，显示的是选中单元格的总计。",
        "## 图例打开/关闭\n\n点击「格式」工具栏上的「图例打开/关闭」图标，可以显示或隐藏图例。",
        "## 使用渐变和透明\n\n可以用鼠标调整渐变的属性和绘图对象的透明度。",
        "## 定制文件管理器的行为\n\n文件管理器可以扩展。请选择菜单。\n\n- 对于甲，参见 [甲](https://a.example)。\n- 对于乙，参见 [乙](https://b.example)。",
    ],
)
def test_a_button_a_claim_and_a_list_of_pointers_answer_no_how_to(tmp_path: Path, section: str) -> None:
    assert not _pairs(tmp_path, SYSTEM + section)


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("| 软件包 | 说明 |\n|---|---|\n| `orbcut` | 简洁、高性能的文件提取 |", "`orbcut` 软件包有什么作用？"),
        ("| 文件 | 说明 |\n|---|---|\n| `/etc/orb` | （明文的）用户账号信息 |", "`/etc/orb` 是什么文件？"),
        ("| 命令 | 说明 |\n|---|---|\n| `orb search 正则表达式` | 搜索匹配的软件包名称 |", "`orb search 正则表达式` 命令有什么作用？"),
    ],
)  # fmt: skip
def test_a_row_is_asked_for_what_its_description_tells(tmp_path: Path, table: str, question: str) -> None:
    assert list(_pairs(tmp_path, f"{SYSTEM}## 杂项\n\n{table}")) == [question]


def test_a_row_that_leaves_out_what_is_done_is_not_asked(tmp_path: Path) -> None:
    table = "| 软件包 | 说明 |\n|---|---|\n| `orb2x` | Quill 文件到 TeX, troff 和 HTML |"
    assert not _pairs(tmp_path, f"{SYSTEM}## 杂项\n\n{table}")


def test_a_component_with_the_name_of_the_whole_is_told_from_it(tmp_path: Path) -> None:
    table = "| 组件 | 内存 |\n|---|---|\n| Orbix | 48 GB |\n| Gate | 8 GB |"
    questions = list(_pairs(tmp_path, f"{SYSTEM}## 服务器配置要求\n\n见下。\n\n### 生产环境\n\n{table}"))
    assert questions == ["在生产环境中，Orbix 组件的内存要求是多少？", "在 Orbix 的生产环境中，Gate 的内存要求是多少？"]


def test_a_menu_is_asked_for_what_it_contains(tmp_path: Path) -> None:
    found = _pairs(tmp_path, f"{SYSTEM}## 工具\n\n工具菜单包含检查拼写、查找错误和定义方案的命令。")
    assert list(found) == ["Orbix 的工具菜单包含什么？"]


@pytest.mark.parametrize(
    ("table", "questions"),
    [
        ("| 函数 | 说明 |\n|---|---|\n| getStamp() | 从图章的名称返回图章的编号 |", ["Orbix 中的 getStamp() 函数有什么作用？"]),
        ("| 函数 | 说明 |\n|---|---|\n| isStamp() | 当对象为图章的类时返回 True |", ["Orbix 中的 isStamp() 函数有什么作用？"]),
        ("| 操作 | 快捷键 |\n|---|---|\n| 盖章 | F9 |", ["在 Orbix 中，“盖章”的快捷键是什么？"]),
        ("| 操作 | 快捷键 |\n|---|---|\n| 从第一行开始盖章，或者从当前的位置开始盖章，直到最后一行 | F5 |", []),
    ],
)  # fmt: skip
def test_a_function_belongs_to_its_program_and_a_shortcut_to_a_named_action(
    tmp_path: Path, table: str, questions: list[str]
) -> None:
    assert list(_pairs(tmp_path, f"{SYSTEM}## 杂项\n\n{table}")) == questions


def test_a_file_is_asked_of_the_folder_that_its_chapter_is_about(tmp_path: Path) -> None:
    found = _pairs(
        tmp_path,
        f"{SYSTEM}## 第 5 章 `stamps` 目录下的其他文件\n\n见下。\n\n### 5.2 `inks`\n\n`inks` 文件定义了印泥的兼容级别。",
    )
    assert list(found) == ["stamps 目录下的 `inks` 文件有什么作用？"]
