"""Lists that explain names: one question an item, as of a table's rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import pairs as _pairs

from kbbuilder.schema import PairKind

DEVICE = "# Orbix X200 manual\n\nThe Orbix X200 grinds. The Orbix X200 brews. Clean the Orbix X200.\n\n## Front\n\nIt has:\n\n"
TOOLS = "# Orbix 用户手册\n\nOrbix 是画图软件。Orbix 能导出。Orbix 好用。\n\n## 附带的程序\n\n安装后有以下程序：\n\n"
ROBOT = "# 云雀 M3 扫地机器人使用说明书\n\n感谢您购买云雀 M3 扫地机器人。云雀 M3 可以扫地和拖地。\n\n## 机身按键与指示灯\n\n机身上有以下部件：\n\n"
KEYS = (
    "- 电源键：长按 3 秒开机或关机，短按一次开始清扫。\n- 童锁按钮：按住 2 秒锁定其他按键，防止儿童误触。\n"
    "- 状态指示灯：蓝色常亮表示正在清扫，红色闪烁表示出现故障；\n- 尘盒\n"
)


def test_each_program_that_a_list_explains_is_asked_about_with_its_product(tmp_path: Path) -> None:
    listed = (
        "- `orbix-dump` - 把图层写成文本文件，便于比较两个版本。\n- `orbix-view` - 这个小程序可以预览图纸而不打开编辑器；\n"
        "- `orbix-fix` - 修复没有正常关闭的图纸文件。(参看 orbix-fix(1))\n"
    )
    found = _pairs(tmp_path, TOOLS + listed)
    assert list(found) == [
        "Orbix 中的 `orbix-dump` 有什么作用？",
        "Orbix 中的 `orbix-view` 有什么作用？",
        "Orbix 中的 `orbix-fix` 有什么作用？",
    ]
    view = found["Orbix 中的 `orbix-view` 有什么作用？"]
    assert view.answer == "这个小程序可以预览图纸而不打开编辑器"
    assert [s.quote for s in view.evidence] == ["`orbix-view` - 这个小程序可以预览图纸而不打开编辑器"]


def test_a_name_needs_no_mark_of_code_in_a_chinese_text(tmp_path: Path) -> None:
    listed = "- orbix-dump：把图层写成文本文件，便于比较两个版本。\n- preview(1)：预览图纸而不打开编辑器窗口。\n- orbix-fix：修复没有正常关闭的图纸文件。\n"
    assert list(_pairs(tmp_path, TOOLS + listed)) == [
        "Orbix 中的 orbix-dump 有什么作用？",
        "Orbix 中的 preview 有什么作用？",
        "Orbix 中的 orbix-fix 有什么作用？",
    ]


def test_a_device_s_controls_are_asked_about_by_their_names(tmp_path: Path) -> None:
    listed = (
        "- Power button: turns the machine on and off; hold it for three seconds to reset it.\n"
        "- Steam knob: sets how much steam comes out of the wand.\n"
        "- WPS button: press it to join a network without a password, within two minutes;\n"
        "- Water tank: 1.8 l\n"
    )
    found = _pairs(tmp_path, DEVICE + listed)
    assert list(found) == [
        "What does the power button do on the Orbix X200?",
        "What does the steam knob do on the Orbix X200?",
        "What does the WPS button do on the Orbix X200?",
    ]
    assert found["What does the WPS button do on the Orbix X200?"].answer.endswith("within two minutes")


def test_the_controls_of_a_chinese_device_are_asked_about_with_its_name(tmp_path: Path) -> None:
    assert list(_pairs(tmp_path, ROBOT + KEYS)) == [
        "云雀 M3 扫地机器人的电源键有什么作用？",
        "云雀 M3 扫地机器人的童锁按钮有什么作用？",
        "云雀 M3 扫地机器人的状态指示灯有什么作用？",
    ]


def test_directories_are_asked_what_they_contain(tmp_path: Path) -> None:
    listed = (
        "- `/opt/orbix/`: drawings and templates shared by all users;\n"
        "- `/var/orbix/`: temporary files that the program writes while it runs;\n"
        "- `/etc/orbix/`: settings that an administrator has made for all users.\n"
    )
    assert list(_pairs(tmp_path, DEVICE + listed)) == [
        "What does the `/opt/orbix/` directory contain on the Orbix X200?",
        "What does the `/var/orbix/` directory contain on the Orbix X200?",
        "What does the `/etc/orbix/` directory contain on the Orbix X200?",
    ]


def test_a_definition_list_is_read_as_a_list_of_its_terms(tmp_path: Path) -> None:
    html = """<html><head><title>Orbix manual</title></head><body><h1>Orbix manual</h1>
    <p>Orbix draws. Orbix exports. Use Orbix daily.</p><h2>Server settings</h2><p>These can be set:</p><dl>
    <dt><code>max_layers</code> (<code>integer</code>)</dt><dd><p>Sets how many layers a drawing may have.</p><p>The default is 40.</p></dd>
    <dt><code>undo_depth</code> (<code>integer</code>)</dt><dd><p>Sets how many changes can be taken back.</p></dd>
    <dt><code>autosave_minutes</code></dt><dd><p>Determines after how many minutes a drawing is saved.</p></dd></dl>
    <p>All take effect when the program starts.</p></body></html>"""
    found = _pairs(tmp_path, html, "doc.html")
    answers = [pair.answer for pair in found.values() if pair.kind is PairKind.DEFINITION]
    assert answers == [
        "Sets how many layers a drawing may have.\n\nThe default is 40.",
        "Sets how many changes can be taken back.",
        "Determines after how many minutes a drawing is saved.",
    ]
    assert all("Orbix" in question for question in found)


@pytest.mark.parametrize(
    "listed",
    [
        # Two are no list of names.
        "- `orbix-dump` - writes all layers to a text file.\n- `orbix-view` - shows a drawing without the editor.\n",
        # Steps.
        "1. `orbix-dump` - writes all layers to a text file.\n2. `orbix-view` - shows a drawing on the screen.\n3. `orbix-fix` - repairs files that were not closed.\n",
        # Words rather than names.
        "- simple: each sheet is used only once in the whole drawing.\n- complex: some sheets are used several times.\n- flat: sheets have no connections to their parents.\n",
        # What goes on below is no explanation.
        "- `orbix-dump` - see the following:\n- `orbix-view` - see chapter 5.\n- `orbix-fix` - tool\n",
        # Keys do one thing here and another there.
        "- `F1`: shows the help of the page that is open now.\n- `F2`: renames the layer that is selected now.\n- `Esc`: leaves the tool that is active now.\n",
    ],
)
def test_a_list_of_something_else_gives_no_such_questions(tmp_path: Path, listed: str) -> None:
    assert _pairs(tmp_path, DEVICE + listed) == {}


def test_what_a_manual_page_is_about_is_not_what_its_program_is(tmp_path: Path) -> None:
    listed = "- orbix(8)：图层机制的基础知识。\n- orbix.conf(5)：图层的配置文件。\n- orbix-dump(8)：把图层写成文本文件，便于比较两个版本。\n"
    assert list(_pairs(tmp_path, TOOLS + listed)) == ["Orbix 中的 orbix-dump 有什么作用？"]


def test_a_robot_is_a_product_and_a_reader_is_none(tmp_path: Path) -> None:
    reader = ROBOT.replace("扫地机器人", "使用人员").replace("云雀 M3 使用人员", "M3 使用人员")
    assert not [q for q in _pairs(tmp_path, reader + KEYS) if "使用人员" in q]
