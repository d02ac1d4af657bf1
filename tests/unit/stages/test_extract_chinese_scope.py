"""What a Chinese question is about: the suite of a tool, the matter of a whole text, the program a section turns to."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import chunks_of, extractions
from structural_reading import pairs as _pairs

from kbbuilder.stages.extract import StructuralExtractor
from kbbuilder.stages.extract.chinese import device_of
from kbbuilder.stages.extract.chinese.grammar import names_a_thing
from kbbuilder.stages.ground import ground

MENU = "请打开设置菜单，选择所需的项目，然后点击保存按钮。"
SYSTEM = "# Orbix 管理员手册\n\nOrbix 是系统。Orbix 能运行。Orbix 好用。\n\n"
SUITE = "OrbCad 的工程保存在一个目录里。" * 9


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"# 版图编辑器\n\n版图编辑器用来画图。版图编辑器能导出。{SUITE}", "OrbCad 版图编辑器"),
        (f"# Layout Editor\n\n画图的程序。{SUITE}", "OrbCad Layout Editor"),
        ("# Layout Editor\n\n画图的程序。", ""),
        ("# 第 2 章 网络\n\n## 地址\n\n" + "在 Fenix 里配置地址。" * 3 + "\n\n## 路由\n\n" + "在 Fenix 里配置路由。" * 3, "Fenix"),
        # Much of one part is not the matter of the chapter.
        ("# 第 2 章 网络\n\n## 地址\n\n地址。\n\n## 路由\n\n路由。\n\n## Mercer\n\n" + "用 Mercer 保存历史。" * 9, ""),
        # Two names that are used alike.
        ("# 第 2 章 网络\n\n## 地址\n\n" + "Fenix 和 Mercer 都有地址。" * 5, ""),
    ],
)  # fmt: skip
def test_a_text_is_about_the_tool_with_its_suite_or_the_name_it_uses_throughout(
    tmp_path: Path, text: str, subject: str
) -> None:
    assert chunks_of(tmp_path, text)[1].subject == subject


def test_a_question_may_name_the_matter_of_its_document_though_its_section_does_not(tmp_path: Path) -> None:
    chunks, context = chunks_of(tmp_path, f"# 版图编辑器\n\n版图编辑器、版图编辑器。{SUITE}\n\n## 导出位图\n\n{MENU}")
    found = {p.question: (p, c) for c in chunks for p in StructuralExtractor().extract(c, context).candidates}
    pair, chunk = found["在 OrbCad 版图编辑器中如何导出位图？"]
    assert "question_fact_not_in_source" not in ground(pair, chunk, context).reasons


@pytest.mark.parametrize(
    ("headings", "subject", "narrowed"),
    [
        (["orbctl 操作范例", "调整状态"], "Fenix", "orbctl"),
        (["Web 服务器", "限制访问"], "Kestrel", "Kestrel Web 服务器"),
        (["10.4 PPTP", "配置客户端"], "TunnelOne", "PPTP"),
        (["3.2 探针工具"], "Orbix", "Orbix 的探针工具"),
        (["3.2 文本数据转换工具"], "Orbix", "Orbix"),
        (["9.4 从桌面启动一个程序"], "Orbix", "Orbix"),
    ],
)
def test_a_section_about_another_program_is_asked_of_that(headings: list[str], subject: str, narrowed: str) -> None:
    assert device_of(headings, subject) == narrowed


@pytest.mark.parametrize(
    ("description", "thing"),
    [
        ("系统日志文件", True),
        ("签名的补丁文件", True),
        ("以点开头的文件名", True),
        ("模糊的文本查找器", True),
        ("动态内核模块支持 (DKMS)", True),
        ("所有软件包的状态信息", True),
        ("显示文件的类型", False),
        ("将文件压缩为新的档案", False),
        ("在两个窗口间移动", False),
        ("日志分析工具，用于生成报告", False),
        ("完全清除本地的检索文件", False),
    ],
)
def test_a_description_says_what_something_is_or_what_it_does(description: str, thing: bool) -> None:
    assert names_a_thing(description) is thing


@pytest.mark.parametrize(
    ("table", "questions"),
    [
        ("| 软件包 | 说明 |\n|---|---|\n| `orbsh` | 字符界面的文件管理程序 |", ["`orbsh` 软件包是什么？"]),
        ("| 软件包 | 说明 |\n|---|---|\n| `orbrate` | 比旧的标准要好得多 |", []),
        ("| 文件 | 说明 |\n|---|---|\n| `/etc/orb` | 全部帐号的密码信息 |", ["`/etc/orb` 是什么文件？"]),
        ("| 目录 | 说明 |\n|---|---|\n| `/var/orb` | 各种服务的日志文件 |", ["`/var/orb` 目录里存放的是什么？"]),
        ("| 命令 | 说明 |\n|---|---|\n| `orb -s file` | 明文签名的补丁文件 |", []),
        ("| 命令 | 说明 |\n|---|---|\n| `orb -l file` | 列出档案里的全部文件 |", ["`orb -l file` 命令有什么作用？"]),
        ("| 按键 | 功能 |\n|---|---|\n| 向上键 | 查看以前的命令历史 |", ["在 Orbix 中按“向上键”有什么作用？"]),
        ("| 命令 | 说明 |\n|---|---|\n| `:orbecho` | 变量 “`$ORB`” 用来定位配置文件 |", []),
        ("| 命令 | 说明 |\n|---|---|\n| `:orbset` | 列出编辑器现在的全部选项 |", ["在 Orbix 中，`:orbset` 有什么作用？"]),
    ],
)  # fmt: skip
def test_a_row_is_asked_what_it_is_when_it_does_not_say_what_it_does(
    tmp_path: Path, table: str, questions: list[str]
) -> None:
    assert list(_pairs(tmp_path, f"{SYSTEM}## 杂项\n\n{table}")) == questions


@pytest.mark.parametrize(
    ("paragraph", "answer"),
    [
        ("页框是一种绘图的模板。它放在纸的边上。", "页框是一种绘图的模板。它放在纸的边上。"),
        ("页框是一种绘图的模板。模板保存在目录里。", "页框是一种绘图的模板。模板保存在目录里。"),
        ("页框是一种绘图的模板。然而，很多人不用它。", "页框是一种绘图的模板。"),
        ("页框是一种绘图的模板。后台任务由内核调度。", "页框是一种绘图的模板。"),
        ("页框是一种必不可少的绘图模板，人人都要有。", None),
        ("页框指的是这些线段的先后顺序，横在前或者竖在前。", None),
        ("Orbix 系统是一个功能强大的平台，可以做很多事情。", None),
    ],
)
def test_a_definition_goes_on_as_far_as_it_speaks_of_its_term(
    tmp_path: Path, paragraph: str, answer: str | None
) -> None:
    found = [pair.answer for pair in _pairs(tmp_path, f"{SYSTEM}## 杂谈\n\n{paragraph}").values()]
    assert found == ([answer] if answer else [])


@pytest.mark.parametrize(
    "section",
    [
        "## 启动图表\n\n在标准中，还定义了两种方法，请打开菜单并点击启动。",
        "## 启动图表\n\n启动图表与启动表格非常相似。请打开菜单并点击启动。",
        "## 启动图表\n\n上面的例子中已经打开了菜单，请点击启动。",
        "## 启动图表\n\n本节说明如何启动图表。请打开菜单并点击启动。",
        "## 启动图表\n\n请打开菜单并点击启动。各选项请参阅下面的说明部分。",
        "## 升级图表\n\n图表分为两类。请随时查看网站上的最新说明。请注意，旧的图表不受支持。",
        "## 启动图表\n\n假设图表里有一个错误。请打开菜单并点击启动。",
        "## 启动图表\n\n请打开菜单。\n\n→ https://orbix.example/start\n\n然后点击启动。",
        "## 坐标定义\n\n位置相对于页角。",
        "## 启动图表\n\n请打开菜单并点击启动：b’’ 图 b’’b’’ 表",
        "## 启动图表\n\n请打开菜单，然后像下面那样点击启动。每个图表都有名称。",
        "## 拆分\n\n为了防止名称冲突，请确保没有相同的文件。",
        "## 启动图表\n\n请打开菜单并点击启动（参见第 9.6 节“图表”）。",
        "## 图表服务\n\n要配置图表服务，需要在配置文件里选择端口。",
        "## 主题\n\n要安装新主题，请将文件放在此目录中，然后重新启动。",
        "## 其他贡献的方式\n\n用户可以报告错误，也可以翻译文字。",
        "## 密钥环\n\n密钥环部分允许你输入密码，并决定谁能读取。",
    ],
)
def test_an_answer_that_goes_on_from_its_page_is_not_asked_for(tmp_path: Path, section: str) -> None:
    assert not _pairs(tmp_path, f"{SYSTEM}{section}")


def test_a_page_of_settings_is_asked_for_its_options_rather_than_how_to_set_them(tmp_path: Path) -> None:
    options = "抗锯齿： 使线条平滑。\n\n缩放速度： 滚轮的快慢。\n\n文本编辑器： 打开文件的程序。"
    assert list(_pairs(tmp_path, f"{SYSTEM}## 画布偏好设置\n\n{options}")) == ["Orbix 的画布偏好设置有哪些选项？"]


QUEUE = "# Lumo 部署指南\n\nLumo 是消息队列。Lumo 能扩容。Lumo 好用。\n\n"
NOTES = "### 注意事项\n\n- 不要修改主题。\n- 预留带宽。\n- 先做备份。"


@pytest.mark.parametrize(
    ("section", "question"),
    [
        (f"## 扩容\n\n各步。\n\n{NOTES}", "扩容 Lumo 时有哪些注意事项？"),
        (f"## 升级代理节点\n\n各步。\n\n{NOTES}", "在 Lumo 中升级代理节点时有哪些注意事项？"),
        (NOTES.replace("###", "##"), "使用 Lumo 有哪些注意事项？"),
        (f"## 启动失败\n\n{MENU}", "Lumo 启动失败怎么办？"),
        (f"## 端口冲突\n\n{MENU}", "在 Lumo 中，端口冲突怎么办？"),
        ("## 名词\n\n| 术语 | 解释 |\n|---|---|\n| 主题 | 一类消息的集合，用来收发 |", "Lumo 中的主题是什么意思？"),
        ("## 名词\n\n| 术语 | 解释 |\n|---|---|\n| Offset | 已经处理到的位置 |", "Offset 是什么意思？"),
        ("## 代理配置\n\n| 参数名 | 说明 |\n|---|---|\n| maxSize | 单条消息的最大字节数 |", "在 Lumo 中，代理的“maxSize”参数表示什么？"),
        ("## 日志\n\n| 文件 | 说明 |\n|---|---|\n| `broker.log` | 记录代理的运行信息 |", "Lumo 中的 `broker.log` 文件有什么作用？"),
    ],
)  # fmt: skip
def test_a_common_word_is_asked_of_the_product_or_the_work_that_it_belongs_to(
    tmp_path: Path, section: str, question: str
) -> None:
    assert list(_pairs(tmp_path, QUEUE + section)) == [question]


@pytest.mark.parametrize(
    "section",
    [
        f"## 关于本文档\n\n说明。\n\n### 反馈\n\n{MENU}",
        f"## 杂项\n\n各项。\n\n### 获取途径\n\n{MENU}",
        "## 杂项\n\n要联系软件包 xyz 的维护者，请发送邮件。",
        "## 杂项\n\n如果消息发送失败，请检查网络。",
    ],
)
def test_what_is_about_the_text_or_about_any_case_is_not_asked(tmp_path: Path, section: str) -> None:
    assert not _pairs(tmp_path, QUEUE + section)


def test_an_answer_ends_before_the_paragraphs_that_only_send_the_reader_elsewhere(tmp_path: Path) -> None:
    steps = "请打开设置菜单，按下面的步骤操作：\n\n1. 点击启动。\n2. 等待提示。"
    pairs = _pairs(
        tmp_path, f"{QUEUE}## 启动代理\n\n{steps}\n\n参见 lumo(1) 以获得命令的用法。\n\n→ https://lumo.example/start"
    )
    assert [pair.answer for pair in pairs.values()] == [steps]


def test_a_task_done_in_a_place_still_names_its_product(tmp_path: Path) -> None:
    assert list(_pairs(tmp_path, f"{QUEUE}## 在共享主机上打印日志\n\n{MENU}")) == ["Lumo 如何在共享主机上打印日志？"]


DISK = "# 青云盘用户手册\n\n青云盘能同步文件。青云盘支持三种系统。青云盘好用。\n\n"


@pytest.mark.parametrize(
    ("section", "questions"),
    [
        (
            "## 系统要求\n\n| 系统 | 最低版本 | 内存 |\n|---|---|---|\n| Fenix | 10 | 4 GB |",
            ["青云盘对 Fenix 的最低版本要求是什么？", "青云盘在 Fenix 上的内存要求是多少？"],
        ),
        ("## 套餐\n\n| 套餐 | 价格（元） | 空间 |\n|---|---|---|\n| 个人版 | 12 | 2 TB |", ["青云盘个人版的价格和空间是多少？"]),
        ("## 同步设置\n\n| 选项 | 说明 |\n|---|---|\n| 限速 | 限制上传和下载的速度 |", ["青云盘同步的“限速”选项有什么作用？"]),
        ("## 参数\n\n| 项目 | 数值 |\n|---|---|\n| 名称 | 青云盘 |\n| 容量 | 2 TB |", ["青云盘的容量是多少？"]),
    ],
)  # fmt: skip
def test_a_row_is_asked_without_a_stumble_and_with_what_it_runs_on(
    tmp_path: Path, section: str, questions: list[str]
) -> None:
    assert list(_pairs(tmp_path, DISK + section)) == questions


@pytest.mark.parametrize(
    ("section", "question"),
    [
        ("## 运费\n\n因质量问题退货的，由商城承担。其他情况由客户承担。", "关于运费有哪些规定？"),
        ("## 运费\n\n每单收取运费 8 元，偏远地区另计。", "运费是多少？"),
        ("## 退款时间\n\n在收到商品后 3 个工作日内原路退回。", "退款时间是多久？"),
    ],
)
def test_a_rule_is_asked_for_an_amount_only_when_it_gives_one(tmp_path: Path, section: str, question: str) -> None:
    assert list(_pairs(tmp_path, f"# 退换货政策\n\n以下为规定。\n\n{section}")) == [question]


def test_a_section_that_defines_its_heading_is_answered_by_the_definition(tmp_path: Path) -> None:
    section = "## Orbvol\n\nOrbvol 是一个用于管理分区的工具。它在启动时运行。\n\n需求如下：\n\n- 内核支持\n- 两个软件包"
    pairs = _pairs(tmp_path, SYSTEM + section)
    assert {q: p.answer for q, p in pairs.items()} == {
        "什么是 Orbvol？": "Orbvol 是一个用于管理分区的工具。它在启动时运行。"
    }


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        ("<h2>4.1 设置网络代理</h2><p>请打开设置菜单，选择所需的项目，然后点击保存按钮。</p>", ["在 Orbix/Core 中如何设置网络代理？"]),
        ("<h2>4.1 安装过程中运行脚本</h2><p>请打开设置菜单，选择所需的项目，然后点击保存按钮。</p>", ["Orbix/Core 安装过程中如何运行脚本？"]),
        ("<h2>4.1 目录</h2><p>lib：共享库文件所在的地方</p><p>run：运行时的数据</p>", []),
    ],
)  # fmt: skip
def test_the_tasks_of_a_page_cut_from_a_book_are_those_of_the_book_s_product(
    tmp_path: Path, section: str, asked: list[str]
) -> None:
    page = (
        '<html><head><title>4. 网络</title><link rel="home" href="index.html" title="Orbix/Core 安装手册"/></head><body>'
        f"<h1>4. 网络</h1>{section}</body></html>"
    )
    assert chunks_of(tmp_path, page, "ch04.html")[1].book == "Orbix/Core"
    found = [pair for extraction in extractions(tmp_path, page, "ch04.html") for pair in extraction.candidates]
    assert [pair.question for pair in found] == asked
