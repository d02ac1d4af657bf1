"""Chinese questions of the structural engine: the product's place in them, headings that are no task, torn answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import chunks_of
from structural_reading import pairs as _pairs

from kbbuilder.stages.extract.chinese import device_of
from kbbuilder.stages.extract.chinese.tasks import how_to

MENU = "请打开设置菜单，选择所需的项目，然后点击保存按钮。"
RUN = "请运行命令 `orbctl run`，然后等待它返回，最后检查日志。"
DRAW = "# PNG 绘图器\n\nPNG 绘图器用来画图。PNG 绘图器能导出。\n\n"
LOCK = "# 门锁 K9 使用说明书\n\n门锁 K9 的门锁。门锁 K9 需要电池。\n\n"
SYSTEM = "# Orbix 管理员手册\n\nOrbix 是系统。Orbix 能运行。Orbix 好用。\n\n"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (DRAW + f"## 导出位图\n\n{MENU}", "PNG 绘图器如何导出位图？"),
        (SYSTEM + f"## 备份邮件数据\n\n{MENU}", "在 Orbix 中如何备份邮件数据？"),
        (SYSTEM + f"## 在 Kite 中使用密钥\n\n{MENU}", "如何在 Kite 中使用密钥？"),
        (LOCK + f"## 添加指纹\n\n{MENU}", "门锁 K9 如何添加指纹？"),
        (LOCK + f"## 激活门锁\n\n{MENU}", "如何激活门锁 K9？"),
        (LOCK + "## 联系客服\n\n请拨打热线 400-000-0000，并说明购买日期。", "如何联系客服？"),
        (SYSTEM + f"## 3. 颜色面板\n\n面板在右边。\n\n### 3.1 加载色板\n\n{MENU}", "在 Orbix 的颜色面板中如何加载色板？"),
        (f"# 手册\n\n各章。\n\n## 使用 Zimbrel 管理帐号\n\n见下。\n\n### 添加用户\n\n{MENU}", "在 Zimbrel 中如何添加用户？"),
        (f"# 手册\n\n各章。\n\n## 从源码重新构建安装包\n\n{RUN}", "如何从源码重新构建安装包？"),
        (f"# 手册\n\n各章。\n\n## 清理磁盘映像文件\n\n{RUN}", "如何清理磁盘映像文件？"),
        (f"# 手册\n\n各章。\n\n## 校验固件安装过程\n\n{RUN}", "如何校验固件安装过程？"),
        (f"# 手册\n\n各章。\n\n## GPG 加密\n\n{MENU}", "如何进行 GPG 加密？"),
    ],
)  # fmt: skip
def test_a_task_is_asked_of_the_product_or_within_the_program_it_is_done_in(
    tmp_path: Path, text: str, question: str
) -> None:
    assert question in _pairs(tmp_path, text)


def test_a_sentence_that_stops_where_its_command_should_stand_is_not_asked(tmp_path: Path) -> None:
    told = "要计算安装文件的校验和，请分别使用"
    assert not _pairs(tmp_path, f"{SYSTEM}## 检查\n\n{told}\n\n{told}。")
    assert _pairs(tmp_path, f"{SYSTEM}## 检查\n\n{told} sumtool 和 sumcheck 命令。")


@pytest.mark.parametrize(
    "section",
    [
        f"## 添加用户\n\n{MENU}",  # of which program?
        f"## 冲突：`冲突` 字段\n\n{MENU}",
        f"## 没有屏幕的配置\n\n{MENU}",
        f"## 免密码远程连接\n\n{MENU}",
        f"## 文件创建和完整性检查\n\n{MENU}",
        f"## 复制和同步工具\n\n{MENU}",
        f"## 配置的变更\n\n{MENU}",
        f"## 安装需要的固件\n\n{MENU}",
        f"## 获取源码并试用\n\n{MENU}",
        f"## GBK 转换\n\n{MENU}",  # into it or out of it?
        "## 关于本文档\n\n说明。\n\n### 编写要求\n\n- 简短\n- 客观\n- 准确",
        "## 简单命令\n\n命令由下面的部分组成。\n\n- 名称\n- 参数\n- 重定向",
        "## 动手时间\n\n现在可以开始使用系统了，不会有任何风险。",
        "## 第 5 版新特性\n\n下面列出。\n\n### 软件更新\n\n- 新内核，可以通过菜单打开\n- 新桌面，请点击图标一览",
        "## 原则与机制\n\n每条消息都有级别，由服务负责转发到相应的文件。",
        "## 数据安全\n\n各节。\n\n### 密钥环\n\n密钥环保存密码，由桌面程序管理。",
        "## 存取设置\n\n系统把目录分配给每个帐号，帐号只能读取自己的目录，其余的目录由管理员在创建时决定给谁。",
    ],
)
def test_a_heading_that_names_no_task_or_means_nothing_alone_is_not_asked(tmp_path: Path, section: str) -> None:
    assert not _pairs(tmp_path, f"# 手册\n\n各章如下。\n\n{section}")


@pytest.mark.parametrize(
    ("table", "questions"),
    [
        (
            "## 硬件要求\n\n各环境。\n\n### 测试环境\n\n| 组件 | CPU | 网络 | 数量（最低要求） |\n|---|---|---|---|\n| 网关 | 8 核+ | 千兆网卡 | 2 |",
            [
                "在 Orbix 的测试环境中，网关的 CPU 要求是多少？",
                "在 Orbix 的测试环境中，网关的网络要求是什么？",
                "在 Orbix 的测试环境中，网关的数量的最低要求是多少？",
            ],
        ),
        ("## 平台要求\n\n| 操作系统 | 支持的 CPU 架构 |\n|---|---|\n| Fenix 9 | x86_64、ARM 64 |", ["Orbix 在 Fenix 9 上支持的 CPU 架构有哪些？"]),
        ("## 编译要求\n\n| 所需的库 | 版本 |\n|---|---|\n| Crust | 1.7 及以上 |", ["Orbix 对 Crust 的版本要求是什么？"]),
        ("## 硬盘要求\n\n| 组件 | 硬盘 |\n|---|---|\n| 网关 | 1 or more disks |", []),
        ("## 软件\n\n| 软件包 | 流行度 |\n|---|---|\n| Crust | 17 |", []),
        ("## 返回值\n\n| 结果 | 数字 | 逻辑 |\n|---|---|---|\n| 成功 | 0 | 真 |\n| 出错 | 1 | 假 |", []),
        ("## 编码\n\n| 值 | 含义 |\n|---|---|\n| ZZZZ | 编码的名称，由字母组成 |", []),
        ("## 取值\n\n| 参数 | 值 |\n|---|---|\n| `$#` | 3 |\n| `-n str` | 长度 4 |", []),
        ("## 圆形属性\n\n| 属性 | 说明 |\n|---|---|\n| `Radius` | 从圆心到边缘的距离，单位毫米 |", ["在 Orbix 中，圆形的 `Radius` 属性表示什么？"]),
        ("## Kite 的按键\n\n| 按键 | 功能 |\n|---|---|\n| `Ctrl-K` | 删除光标到行尾的字符 |", ["在 Kite 中按 `Ctrl-K` 有什么作用？"]),
        ("## 组件\n\n| 组件 | 说明 |\n|---|---|\n| 图表编辑器 | 创建和编辑图表文件 |", []),
        ("## 网络\n\n| 配置文件 | 配置文件描述 |\n|---|---|\n| `/etc/orbix.conf` | 服务器的端口和日志位置 |", ["`/etc/orbix.conf` 是什么文件？"]),
    ],
)  # fmt: skip
def test_a_row_is_asked_for_what_it_means_with_the_setting_its_headings_give(
    tmp_path: Path, table: str, questions: list[str]
) -> None:
    assert list(_pairs(tmp_path, SYSTEM + table)) == questions


def test_a_shortcut_is_answered_with_its_keys_first_and_alone(tmp_path: Path) -> None:
    table = (
        "| 动作 | 默认快捷键 | 说明 |\n|---|---|---|\n| 完成描边… | `F` | 自动完成当前的描边 |\n| 高亮 | ` | 高亮所选 |"
    )
    pairs = _pairs(tmp_path, f"{SYSTEM}## 操作\n\n各窗口。\n\n### 立体查看器\n\n{table}")
    assert {question: pair.answer for question, pair in pairs.items()} == {
        "在 Orbix 的立体查看器中，“完成描边”的快捷键是什么？": "默认快捷键：`F`"
    }


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("页框是一种绘图的模板，里面有标题栏。", "Orbix 中的页框是什么？"),
        ("泊车表是由一页或多页表单组成的集合。", "Orbix 中的泊车表是什么？"),
        ("保护是一个非常宽泛的概念，没有通用的工具。", None),
        ("浮标是一个典型的共享程序，这就需要管理权限。", None),
        ("按钮页是由双引号之间的字体来标注的。", None),
        ("如果补丁没有被正确地应用，请检查原因。", None),
        ("如果使用未加密的无线连接，请输入 NONE。", None),
        ("要更改的话，需要使用命令 set。", None),
        ("如果希望使用甲格式而非乙格式，请选择甲模板。", None),
    ],
)
def test_a_sentence_is_asked_only_when_its_term_or_case_stands_alone(
    tmp_path: Path, sentence: str, question: str | None
) -> None:
    assert list(_pairs(tmp_path, f"{SYSTEM}## 杂谈\n\n{sentence}")) == ([question] if question else [])


@pytest.mark.parametrize(
    "answer",
    [
        "请打开顶部菜单，然后点击 图标，再选择保存。",
        "请打开顶部菜单，使用来选择一个文件夹，然后点击保存。",
        "对齐标记 () 在两点之间，请点击其中一点并选择保存。",
        "请打开菜单，选择如下图所示的项目，然后点击保存。",
        "请打开菜单，选择需要的项目（参考图 9.3），然后点击保存。",
        "如前面提过的，请打开菜单，然后点击保存。",
        "请打开菜单，然后点击保存。各选项请参阅上面的表格。",
        "可以使用此对话框选择图样，然后点击保存。",
        "请点击面板顶部的图标，然后选择保存。",
        "请打开菜单，然后按照第 6.2 节 “保存” 中的步骤点击保存。",
        "请打开菜单。You can also save the drawing with the command line tool. 然后点击保存。",
        "请打开菜单并点击保存。TODO：写完这一节。",
        "请打开菜单，选择 [12](http://x.org/12) 或者 [3,4](http://x.org/3) 后点击保存。",
    ],
)
def test_an_answer_that_lost_its_picture_its_language_or_its_page_is_dropped(tmp_path: Path, answer: str) -> None:
    def asked(text: str) -> bool:
        return "在 Orbix 中如何保存图样？" in _pairs(tmp_path, f"{SYSTEM}## 保存图样\n\n{text}")

    assert asked("请打开菜单，然后点击保存图标。也可以用 Save As 命令保存到 Home 目录。")
    assert asked("请右击图样打开上下文菜单，然后选择保存。")
    assert not asked(answer)


@pytest.mark.parametrize(
    ("title", "body", "name", "subject"),
    [
        ("PNG 绘图器", "PNG 绘图器用来画图。PNG 好用。PNG、PNG、PNG。", "png.md", "PNG 绘图器"),
        ("使用限制", "FooDB 有限制。FooDB 快。与 BarSQL 相似，BarSQL，BarSQL。", "foodb-limits.md", "FooDB"),
        ("网页服务器（HTTP）", "HTTP 是协议。HTTP、HTTP、HTTP 都是。", "web.md", ""),
    ],
)
def test_a_tool_is_named_by_its_whole_title_and_a_product_by_its_file(
    tmp_path: Path, title: str, body: str, name: str, subject: str
) -> None:
    assert chunks_of(tmp_path, f"# {title}\n\n{body}", name)[1].subject == subject


@pytest.mark.parametrize(
    ("headings", "subject", "narrowed"),
    [
        (["2. 智能插座 P10", "配网"], "", "智能插座 P10"),
        (["3. 遥控器面板", "更换电池"], "空调 K2", "空调 K2 的遥控器面板"),
        (["使用 Orbix 管理器", "创建工程"], "Orbix", "Orbix"),
        (["编辑器"], "Orbix", "Orbix"),
        (["目标主机建议配置软件"], "Orbix", "Orbix"),
    ],
)
def test_the_nearest_device_heading_narrows_the_subject(headings: list[str], subject: str, narrowed: str) -> None:
    assert device_of(headings, subject) == narrowed


def test_two_chinese_sections_of_one_name_are_asked_only_with_the_device_they_are_about(tmp_path: Path) -> None:
    pair = "请长按配对键五秒，然后等待提示音响起。"
    named = f"# 手册\n\n## 门磁 S20\n\n介绍。\n\n### 配对遥控器\n\n{pair}\n\n## 门磁 S30\n\n介绍。\n\n### 配对遥控器\n\n{pair}"
    assert list(_pairs(tmp_path, named)) == ["门磁 S20 如何配对遥控器？", "门磁 S30 如何配对遥控器？"]
    assert not _pairs(tmp_path, named.replace(" S20", "甲").replace(" S30", "乙"))


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("浮标是一种标记，用来指出路线。", "浮标是一种标记，用来指出路线。"),
        ("要调整浮标的大小，请先选择合适的工具。", None),
        ("要调整浮标的大小，请拖动浮标的边缘。", "要调整浮标的大小，请拖动浮标的边缘。"),
    ],
)
def test_a_sentence_answers_alone_when_the_rest_needs_its_page_unless_it_only_begins(
    tmp_path: Path, sentence: str, answer: str | None
) -> None:
    pairs = _pairs(tmp_path, f"{SYSTEM}## 杂谈\n\n{sentence}然后点击 图标并保存，结果如下图所示。")
    assert [pair.answer for pair in pairs.values()] == ([answer] if answer else [])


@pytest.mark.parametrize(
    ("parent", "prose", "question"),
    [
        ("使用 `tidectl` 操作任务", "先运行 `tidectl --add-arch arm64`：\n\n```\ntidectl update\n```", "如何用 `tidectl` 启用多架构？"),
        ("`tidectl` 和 `tideget`", "先运行 `tidectl --add-arch arm64`：\n\n```\ntidectl update\n```", "如何启用多架构？"),
        ("使用 `tidectl` 操作任务", "编辑配置文件：\n\n```\narch=arm64\n```", "如何启用多架构？"),
    ],
)  # fmt: skip
def test_without_a_product_a_task_names_the_one_command_it_is_done_with(parent: str, prose: str, question: str) -> None:
    assert how_to("启用多架构", ("系统管理", parent), "", prose, False) == question
