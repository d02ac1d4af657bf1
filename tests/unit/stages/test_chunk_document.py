"""Chunking: what belongs together stays together, and nothing is lost or doubled."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from kbbuilder.schema import Chunk, ChunkKind, Element, ElementKind, ParsedDocument, Role, table_markdown
from kbbuilder.stages.chunk import chunk_document


class _Splitter:
    """Cuts at a fixed length; the real splitter has its own tests."""

    def split(self, text: str, max_chars: int) -> list[str]:
        return [text[i : i + max_chars] for i in range(0, len(text), max_chars)]


def _heading(text: str, level: int = 1, page: int | None = None) -> Element:
    return Element(kind=ElementKind.HEADING, text=text, level=level, page=page)


def _paragraph(text: str, **more: object) -> Element:
    return Element.model_validate({"kind": ElementKind.PARAGRAPH, "text": text, **more})


def _item(text: str, marker: str | None = None, level: int = 1) -> Element:
    return Element(kind=ElementKind.LIST_ITEM, text=text, marker=marker, ordered=marker is not None, level=level)


def _table(*rows: tuple[str, ...]) -> Element:
    return Element(kind=ElementKind.TABLE, text=table_markdown(rows, 1), rows=rows, header_rows=1)


def _chunks(*elements: Element, max_chars: int = 2000, language: str = "en") -> tuple[Chunk, ...]:
    document = ParsedDocument.model_validate(
        {"name": "d", "media_type": "t", "language": language, "title": "", "elements": elements}
    )
    return chunk_document(document, max_chars=max_chars, splitter=_Splitter())


_texts = st.text(alphabet="abc 电池。.：:?？", min_size=1, max_size=60).filter(str.strip)
_elements = st.lists(
    st.one_of(
        st.builds(_heading, _texts, st.integers(1, 4)),
        st.builds(_paragraph, _texts),
        st.builds(_item, _texts, st.sampled_from([None, "1.", "（2）", "•"]), st.integers(1, 3)),
        st.just(_table(("项目", "值"), ("电压", "5 V"), ("重量", "2 kg"))),
        st.builds(lambda text: _paragraph(text, role=Role.CONTENTS), _texts),
    ),
    max_size=25,
)


@given(_elements, st.integers(20, 400))
@settings(max_examples=150, deadline=None)
def test_every_element_is_in_exactly_one_chunk_and_stands_at_its_offsets(
    elements: list[Element], max_chars: int
) -> None:
    chunks = _chunks(*elements, max_chars=max_chars)
    given_text = sorted("".join(re.findall(r"[\w]", e.text)) for e in elements if e.kind is not ElementKind.TABLE)
    found: dict[str, int] = {}
    for chunk in chunks:
        for part in chunk.parts:
            piece = chunk.text[part.start : part.end]
            assert "".join(re.findall(r"\w", part.element.text)) in "".join(re.findall(r"\w", piece))
            if part.element.kind is not ElementKind.TABLE:
                found[part.element.text] = found.get(part.element.text, 0) + 1
    assert sum(len(t) for t in given_text) == sum(len("".join(re.findall(r"\w", t))) * n for t, n in found.items())
    assert len({c.id for c in chunks}) == len(chunks)
    assert [c.ordinal for c in chunks] == list(range(len(chunks)))


def test_a_chunk_knows_its_heading_path_and_pages() -> None:
    (chunk,) = _chunks(
        _heading("Manual", 1, 1),
        _heading("Cleaning", 2, 3),
        _paragraph("Wipe it.", page=3),
        _paragraph("Dry it.", page=4),
    )
    assert chunk.heading_path == ("Manual", "Cleaning")
    assert (chunk.page_start, chunk.page_end) == (1, 4)  # the empty heading above came along from page 1


def test_a_heading_without_text_goes_with_the_section_below_it() -> None:
    chunks = _chunks(_heading("A", 1), _heading("B", 2), _paragraph("text"), _heading("C", 2), _paragraph("more"))
    assert [c.heading_path for c in chunks] == [("A", "B"), ("A", "C")]
    assert chunks[0].text.startswith("**A**\n\nB\n\ntext")


def test_a_question_keeps_its_answer_with_sub_headings() -> None:
    chunks = _chunks(
        _heading("How do I reset it?", 2),
        _paragraph("There are two ways."),
        _heading("By button", 3),
        _paragraph("Hold it for 10 s."),
        _heading("Warranty", 2),
        _paragraph("Two years."),
    )
    assert [c.heading_path[-1] for c in chunks] == ["How do I reset it?", "Warranty"]
    assert "Hold it for 10 s." in chunks[0].text


def test_cause_and_remedy_stay_with_the_fault_they_belong_to() -> None:
    chunks = _chunks(
        _heading("门锁无法开启", 2),
        _heading("可能原因", 3),
        _paragraph("电池耗尽。"),
        _heading("解决方法", 3),
        _paragraph("更换电池。"),
        _heading("其他故障", 2),
        _paragraph("联系客服。"),
        language="zh",
    )
    assert "更换电池" in chunks[0].text and chunks[0].heading_path == ("门锁无法开启",)


def test_a_long_section_is_cut_between_units_never_inside_a_list() -> None:
    steps = [_item(f"Do step {n} with care and attention", f"{n}.") for n in range(1, 8)]
    chunks = _chunks(_heading("Task"), _paragraph("x" * 150), _paragraph("Do this:"), *steps, max_chars=200)
    (with_steps,) = [c for c in chunks if "step 1 " in c.text]
    assert "Do this:" in with_steps.text and "7. Do step 7" in with_steps.text


def test_a_table_that_is_cut_repeats_its_header() -> None:
    rows = [(f"part {n}", f"{n} mm") for n in range(60)]
    chunks = _chunks(_heading("Parts"), _table(("Part", "Size"), *rows), max_chars=300)
    assert len(chunks) > 2
    assert all("| Part | Size |" in c.text for c in chunks)
    assert sum(c.text.count(" mm |") for c in chunks) == 60


def test_a_paragraph_longer_than_a_chunk_is_cut_by_the_splitter() -> None:
    chunks = _chunks(_heading("Long"), _paragraph("word " * 200), max_chars=300)
    assert "".join(c.text for c in chunks).count("word") == 200
    assert max(len(c.text) for c in chunks) <= 310


def test_furniture_comes_last_in_a_chunk_of_its_role() -> None:
    chunks = _chunks(
        _paragraph("Contents 1", role=Role.CONTENTS),
        _heading("A"),
        _paragraph("text"),
        _paragraph("p. 2", role=Role.PAGE_NUMBER),
    )
    assert [(c.kind, c.heading_path) for c in chunks] == [
        (ChunkKind.SECTION, ("A",)),
        (ChunkKind.FURNITURE, ("page_number",)),
        (ChunkKind.FURNITURE, ("contents",)),
    ]


def test_list_marks_become_markdown_and_numbers_stay() -> None:
    (chunk,) = _chunks(
        _heading("S"),
        _item("one", "（1）"),
        _item("two", "（2）"),
        _item("nested", "•", 2),
        _item("three", "③"),
        _item("plain"),
    )
    assert chunk.text == "S\n\n1. one\n2. two\n   - nested\n3. three\n- plain"


def test_the_same_section_has_the_same_id_wherever_it_stands() -> None:
    first = _chunks(_heading("A"), _paragraph("same text here"))
    second = _chunks(_heading("Z"), _paragraph("other"), _heading("A"), _paragraph("same text here"))
    assert first[0].id == second[1].id
