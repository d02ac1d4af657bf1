"""What a table's cells are worth as names, answers and rows."""

from __future__ import annotations

import pytest

from kbbuilder.stages.extract.cells import is_list, names_only
from kbbuilder.stages.extract.chinese.rows import row


@pytest.mark.parametrize(
    ("description", "kind", "only_names"),
    [
        ("[KDE](https://example.org)，兼容 HIG，Konqueror", "软件包", True),
        ("“继承”、“无”、“实心”之一", "属性", True),
        ("焊盘的优先级别。", "属性", True),
        ("焊盘与覆铜之间的最小距离，单位为毫米。", "属性", False),
        ("显示当前目录", "命令", False),
        ("网页浏览器，支持标签页和插件，界面可换成的主题有十种", "软件包", False),
        ("a browser, a mail client, a calendar", "package", False),
    ],
)
def test_key_words_values_and_translated_names_explain_nothing(description: str, kind: str, only_names: bool) -> None:
    assert names_only(description, kind) is only_names


@pytest.mark.parametrize(
    ("cell", "several"),
    [("Oak, Birch, Pine", True), ("红色、蓝色、绿色", True), ("Oak and birch", False), ("1,200 mAh battery", False)],
)
def test_a_row_named_after_several_things_is_a_list(cell: str, several: bool) -> None:
    assert is_list(cell) is several


def test_a_column_of_types_says_what_the_names_are_types_of() -> None:
    asked = row("Index", "标识符类型", ["最大长度（字符）"], "64", "TiX", ("使用限制", "标识符长度"))
    assert asked == "TiX 中 Index 标识符的最大长度是多少？"
