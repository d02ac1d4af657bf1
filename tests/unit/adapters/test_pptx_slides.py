"""Slides: titles, bullets, tables, notes, charts, reading order."""

from __future__ import annotations

from pathlib import Path

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from kbbuilder.adapters.pptx import PptxReader
from kbbuilder.errors import Corrupt


@pytest.fixture
def deck_path(tmp_path: Path) -> Path:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "清洁步骤"
    frame = slide.placeholders[1].text_frame
    frame.text = "断开电源"
    below = frame.add_paragraph()
    below.text, below.level = "等待冷却", 1
    slide.notes_slide.notes_text_frame.text = "提醒学员戴手套。"
    free = deck.slides.add_slide(deck.slide_layouts[6])
    right = free.shapes.add_textbox(Inches(5), Inches(2), Inches(3), Inches(1))
    right.text_frame.text = "right"
    left = free.shapes.add_textbox(Inches(1), Inches(2.05), Inches(3), Inches(1))
    left.text_frame.text = "left"
    top = free.shapes.add_textbox(Inches(1), Inches(0.3), Inches(3), Inches(1))
    top.text_frame.text = "Prices"
    table = free.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for row, texts in enumerate((("Model", "Price"), ("X200", "199"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    data = CategoryChartData()
    data.categories = ["2023", "2024"]
    data.add_series("Sold", (10, 12.5))
    free.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(5), Inches(4), Inches(2), data)
    path = tmp_path / "deck.pptx"
    deck.save(str(path))
    return path


def test_a_slide_gives_heading_bullets_and_notes_with_its_number(deck_path: Path) -> None:
    document = PptxReader().read(deck_path, "deck.pptx")
    first = [(e.kind.value, e.level, e.text) for e in document.elements if e.page == 1]
    assert first == [
        ("heading", 1, "清洁步骤"), ("list_item", 1, "断开电源"),
        ("list_item", 2, "等待冷却"), ("paragraph", None, "提醒学员戴手套。"),
    ]  # fmt: skip
    assert document.pages == 2


def test_free_shapes_are_read_by_place_and_the_topmost_line_heads_the_slide(deck_path: Path) -> None:
    second = [e for e in PptxReader().read(deck_path, "deck.pptx").elements if e.page == 2]
    assert [(e.kind.value, e.text) for e in second[:3]] == [
        ("heading", "Prices"),
        ("paragraph", "left"),
        ("paragraph", "right"),
    ]
    assert second[3].rows == (("Model", "Price"), ("X200", "199")) and second[3].header_rows == 1


def test_a_chart_gives_its_numbers_as_a_table(deck_path: Path) -> None:
    chart = PptxReader().read(deck_path, "deck.pptx").elements[-1]
    assert chart.rows is not None
    assert chart.rows[-2:] == (("2023", "10"), ("2024", "12.5"))


def test_a_broken_deck_is_corrupt(tmp_path: Path, deck_path: Path) -> None:
    broken = tmp_path / "broken.pptx"
    broken.write_bytes(deck_path.read_bytes()[:5000])
    with pytest.raises(Corrupt):
        PptxReader().read(broken, "broken.pptx")
