"""Compares the readers of DOCX, PPTX, XLSX, HTML and Markdown with unstructured: CPU seconds and peak memory.

    PYTHONPATH=. python tests/benchmarks/bench_formats.py [PARAGRAPHS]      (default: 2000)

The files are made here: sections with paragraphs, lists and tables, half Chinese, half English. Each side reads each
file in a process of its own. `read` leaves imports out, `all` holds them; "-" marks a format that unstructured cannot
read without the network or a package that is not installed. Ends with code 1 when reading the DOCX takes more than a
tenth of unstructured's time, with imports or without.

unstructured looks for a spaCy model and fetches it when there is none; it gets a blank pipeline that only splits
sentences, which costs it less than the model would.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).parents[2]
LIMIT = 1 / 10

_SENTENCES = (
    "The controller writes its settings to flash memory before the restart, which takes about 12 seconds.",
    "重启之前，控制器会把设置写入闪存，大约需要 12 秒；断电时未写入的设置会丢失。",
    "Hold the reset button for 5 seconds until the light blinks three times, then release it.",
    "按住复位键 5 秒，直到指示灯闪烁三次后松开，设备随即恢复出厂设置。",
)
_PER_SECTION = 20

_MEASURE = """
import json, resource, sys, time
from pathlib import Path
path = Path(sys.argv[1])
{setup}
before = time.process_time()
count = {work}
after = time.process_time()
print(json.dumps([after - before, after, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, count]))
"""
_OURS = _MEASURE.format(
    setup="""
from kbbuilder.bootstrap import reader_for
from kbbuilder.parse_child import spare_collector
from kbbuilder.stages.parse.gate import MEDIA_TYPES
spare_collector()
reader = reader_for(MEDIA_TYPES[path.suffix])
""",
    work="len(reader.read(path, path.name).elements)",
)
_THEIRS = _MEASURE.format(
    setup="""
import os
os.environ |= dict(DO_NOT_TRACK="1", SCARF_NO_ANALYTICS="true", UNSTRUCTURED_DISABLE_NOTICE="1")
import importlib, spacy, unstructured.nlp.tokenize as tokenize
pipeline = spacy.blank("xx")
pipeline.add_pipe("sentencizer")
tokenize._load_spacy_model = lambda *_, **__: pipeline
kind = path.suffix[1:]
partition = getattr(importlib.import_module("unstructured.partition." + kind), "partition_" + kind)
""",
    work="len(partition(str(path)))",
)


class Part(NamedTuple):
    """One piece of the made document: a heading, a paragraph, a list item, or a table's rows."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def parts(paragraphs: int) -> Iterator[Part]:
    """The document: `paragraphs` paragraphs and list items, a heading every 20, a table in every other section."""
    for number in range(paragraphs):
        section, place = divmod(number, _PER_SECTION)
        sentence = _SENTENCES[number % len(_SENTENCES)]
        if place == 0:
            yield Part("heading", f"{section + 1} Settings of unit {section + 1} 单元设置")
            if section % 2:
                rows = [("Name 名称", "Value 数值", "Note 说明")]
                rows += [(f"P{section}-{row}", str(row * 10), sentence[:30]) for row in range(6)]
                yield Part("table", rows=tuple(rows))
        yield Part("item" if place in range(8, 13) else "paragraph", f"{sentence} ({number})")


def make_docx(path: Path, paragraphs: int) -> None:
    tag = {"heading": '<w:pStyle w:val="Heading1"/>', "item": '<w:pStyle w:val="ListBullet"/>', "paragraph": ""}
    body = []
    for part in parts(paragraphs):
        if part.kind == "table":
            cells = ["".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in part.rows]
            body.append("<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>")
        else:
            body.append(_paragraph(part.text, tag[part.kind]))
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{label}"/></w:style>'
        for name, label in (("Heading1", "heading 1"), ("ListBullet", "List Bullet"), ("Normal", "Normal"))
    )
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    packages = "http://schemas.openxmlformats.org/package/2006"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{packages}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{types}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{types}.styles+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" Type="{relations}/styles"'
            ' Target="styles.xml"/></Relationships>',
        )
        archive.writestr("word/styles.xml", f"<w:styles {word}>{styles}</w:styles>")
        archive.writestr("word/document.xml", f"<w:document {word}><w:body>{''.join(body)}</w:body></w:document>")


def _paragraph(text: str, style: str = "") -> str:
    properties = f"<w:pPr>{style}</w:pPr>" if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def make_html(path: Path, paragraphs: int) -> None:
    tag = {"heading": "h2", "item": "li", "paragraph": "p"}
    body = []
    for part in parts(paragraphs):
        if part.kind == "table":
            rows = ["".join(f"<td>{cell}</td>" for cell in row) for row in part.rows]
            body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            body.append(f"<{tag[part.kind]}>{part.text}</{tag[part.kind]}>")
    path.write_text(f"<html><head><title>Unit</title></head><body>{''.join(body)}</body></html>", encoding="utf-8")


def make_md(path: Path, paragraphs: int) -> None:
    mark = {"heading": "## ", "item": "- ", "paragraph": ""}
    body = []
    for part in parts(paragraphs):
        if part.kind == "table":
            rows = ["| " + " | ".join(row) + " |" for row in part.rows]
            body.append("\n".join([rows[0], "| --- | --- | --- |", *rows[1:]]))
        else:
            body.append(mark[part.kind] + part.text)
    path.write_text("\n\n".join(body), encoding="utf-8")


def make_xlsx(path: Path, paragraphs: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Units")
    sheet.append(["Number", "Kind", "Text"])
    for number, part in enumerate(parts(paragraphs)):
        sheet.append([number, part.kind, part.text or part.rows[0][0]])
    book.save(path)


def make_pptx(path: Path, paragraphs: int) -> None:
    from pptx import Presentation

    show = Presentation()
    for part in parts(paragraphs):
        if part.kind == "heading":
            slide = show.slides.add_slide(show.slide_layouts[1])
            slide.shapes.title.text = part.text
        elif part.kind != "table":
            slide.placeholders[1].text_frame.add_paragraph().text = part.text
    show.save(str(path))


MAKERS: dict[str, Callable[[Path, int], None]] = {
    ".docx": make_docx, ".pptx": make_pptx, ".xlsx": make_xlsx, ".html": make_html, ".md": make_md,
}  # fmt: skip


class Cost(NamedTuple):
    """CPU seconds of the reading alone and with imports, peak memory in MiB, elements found."""

    read: float
    whole: float
    memory: float
    elements: int


def run(code: str, path: Path) -> Cost | None:
    """What reading `path` costs; None when the reader fails."""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=ROOT)
    return Cost(*json.loads(done.stdout.splitlines()[-1])) if done.returncode == 0 else None


def main(arguments: list[str]) -> int:
    paragraphs = int(arguments[0]) if arguments else 2000
    slow = False
    print(f"{paragraphs} paragraphs; CPU seconds, MiB")
    print(f"{'format':8}{'ours read':>10}{'all':>7}{'MiB':>6}{'elem.':>7}{'theirs read':>13}{'all':>7}{'MiB':>6}{'elem.':>7}"
          f"{'read':>7}{'all':>7}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for suffix, make in MAKERS.items():
            path = Path(folder, f"units{suffix}")
            make(path, paragraphs)
            ours, theirs = run(_OURS, path), run(_THEIRS, path)
            if ours is None:
                raise SystemExit(f"the reader of {suffix} failed")
            line = f"{suffix:8}{ours.read:10.3f}{ours.whole:7.2f}{ours.memory:6.0f}{ours.elements:7}"
            if theirs is None:
                print(line + f"{'-':>13}")
                continue
            ratios = (ours.read / theirs.read, ours.whole / theirs.whole)
            slow |= suffix == ".docx" and max(ratios) > LIMIT
            line += f"{theirs.read:13.3f}{theirs.whole:7.2f}{theirs.memory:6.0f}{theirs.elements:7}"
            print(line + f"{ratios[0]:7.3f}{ratios[1]:7.3f}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
