"""Cutting a chunk into pieces the size of an answer."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from search_library import WholeSplitter

from kbbuilder.language.text import detect_language
from kbbuilder.schema import Chunk, Element, ElementKind, ParsedDocument, table_markdown
from kbbuilder.stages.chunk import chunk_document
from kbbuilder.store.search.pieces import Piece, answer_chars, pieces_of


def _chunk(*elements: Element) -> Chunk:
    text = " ".join(e.text for e in elements)
    document = ParsedDocument(
        name="d", media_type="text/plain", language=detect_language(text), title="d", elements=elements
    )
    (chunk,) = chunk_document(document, max_chars=100_000, splitter=WholeSplitter())
    return chunk


def _heading(text: str) -> Element:
    return Element(kind=ElementKind.HEADING, text=text, level=1)


def _paragraph(text: str) -> Element:
    return Element(kind=ElementKind.PARAGRAPH, text=text)


def _item(text: str) -> Element:
    return Element(kind=ElementKind.LIST_ITEM, text=text, level=1)


def _texts(chunk: Chunk) -> list[str]:
    return [piece.text_in(chunk.text) for piece in pieces_of(chunk)]


def test_a_short_section_is_one_piece_without_its_heading() -> None:
    chunk = _chunk(_heading("Care"), _paragraph("Wipe with a dry cloth."), _paragraph("Never use solvents."))
    assert _texts(chunk) == ["Wipe with a dry cloth.\n\nNever use solvents."]


def test_headings_alone_have_no_piece() -> None:
    assert pieces_of(_chunk(_heading("Care"))) == ()


def test_every_group_of_a_long_list_stands_under_its_lead_in() -> None:
    chunk = _chunk(
        _paragraph("Some talk. To reset the device:"), *(_item(f"Step number {i} " + "x" * 150) for i in range(20))
    )
    pieces = pieces_of(chunk)
    assert len(pieces) > 2
    assert pieces[0].text_in(chunk.text).startswith("Some talk. To reset the device:\n")
    assert all(p.text_in(chunk.text).startswith("To reset the device:\n- Step number") for p in pieces[1:])
    assert all(len(text) <= 1100 for text in _texts(chunk))


def test_every_group_of_table_rows_stands_under_the_header() -> None:
    rows = (("参数", "说明"), *((f"参数{i}", "很长的说明" * 8) for i in range(40)))
    table = Element(kind=ElementKind.TABLE, text=table_markdown(rows, 1), rows=rows, header_rows=1)
    chunk = _chunk(table)
    texts = _texts(chunk)
    assert len(texts) > 2
    assert all(text.startswith("| 参数 | 说明 |\n| --- | --- |\n| 参数") for text in texts)
    assert sum(text.count("很长的说明很长") for text in texts) >= 40


def test_long_prose_is_cut_at_sentence_ends() -> None:
    chunk = _chunk(_paragraph("这是一个完整的句子。" * 120))
    texts = _texts(chunk)
    assert len(texts) > 1
    assert all(text.endswith("。") and len(text) <= 450 for text in texts)
    assert "".join(texts) == chunk.text


def test_an_answer_may_be_longer_in_english_than_in_chinese() -> None:
    assert answer_chars("Plain English words.") == 1000
    assert answer_chars("中文句子。") == 450


_WORDS = st.text(alphabet="ab 中文。. \n;", min_size=1, max_size=900).filter(lambda t: t.strip() != "")
_ELEMENTS = st.lists(
    st.one_of(_WORDS.map(_paragraph), _WORDS.map(_item), st.just(_heading("Part")), _WORDS.map(
        lambda t: Element(kind=ElementKind.CODE, text=t)
    )),
    min_size=1,
    max_size=8,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(_ELEMENTS)
def test_pieces_are_in_order_and_lose_no_text_but_headings(elements: list[Element]) -> None:
    text = " ".join(e.text for e in elements)
    document = ParsedDocument(
        name="d", media_type="text/plain", language=detect_language(text), title="d", elements=tuple(elements)
    )
    for chunk in chunk_document(document, max_chars=100_000, splitter=WholeSplitter()):
        pieces = pieces_of(chunk)
        assert all(a.end <= b.start for a, b in pairwise(pieces))
        covered = {i for p in pieces for i in range(p.start, p.end)}
        body = [p for p in chunk.parts if p.element.kind is not ElementKind.HEADING]
        lost = [i for p in body for i in range(p.start, p.end) if i not in covered and not chunk.text[i].isspace()]
        assert lost == []
        assert all(isinstance(p, Piece) and p.start < p.end for p in pieces)
