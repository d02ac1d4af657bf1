"""Files that are locked, broken, empty or hostile end in a document or in an error that says why."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from kbbuilder.adapters.pdf import PdfReader
from kbbuilder.errors import Corrupt, DocumentError, EmptyDocument, Encrypted, NoTextLayer, TooLarge

ROOT = Path(__file__).parents[3]


def written(path: Path, pages: list[str]) -> Path:
    canvas = Canvas(str(path))
    for text in pages:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return path


def locked(path: Path, user_password: str) -> Path:
    writer = PdfWriter(clone_from=written(path.with_suffix(".plain"), ["The quick brown fox jumps over the dog."]))
    writer.encrypt(user_password, "owner", algorithm="RC4-128")
    writer.write(path)
    return path


def raw_pdf(path: Path, objects: list[bytes]) -> Path:
    """A file with the objects numbered from 1; the first is the catalog."""
    data = b"%PDF-1.4\n"
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + item + b"\nendobj\n"
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    path.write_bytes(data)
    return path


def test_a_user_password_is_named_as_the_reason(tmp_path: Path) -> None:
    with pytest.raises(Encrypted):
        PdfReader().read(locked(tmp_path / "locked.pdf", "secret"), "locked.pdf")


def test_a_file_with_only_an_owner_password_opens(tmp_path: Path) -> None:
    document = PdfReader().read(locked(tmp_path / "open.pdf", ""), "open.pdf")
    assert "quick brown fox" in document.elements[0].text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"\x89PNG\r\n\x1a\n" + b"\0" * 200])
def test_a_file_that_holds_no_document_is_corrupt(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(data)
    with pytest.raises(Corrupt):
        PdfReader().read(path, "broken.pdf")


def test_no_pages_is_empty(tmp_path: Path) -> None:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    path = raw_pdf(tmp_path / "none.pdf", objects)
    with pytest.raises((EmptyDocument, Corrupt)):
        PdfReader().read(path, "none.pdf")


def test_pages_that_are_pictures_have_no_text_layer(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path))
    canvas.setFillGray(0.5)
    canvas.rect(72, 72, 400, 600, fill=1)
    canvas.showPage()
    canvas.save()
    with pytest.raises(NoTextLayer):
        PdfReader().read(path, "scan.pdf")


def test_pages_without_text_among_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mixed.pdf"
    canvas = Canvas(str(path))
    for page in range(1, 6):
        if page in (2, 3):
            canvas.drawInlineImage(_picture(), 72, 72, 400, 400)
        else:
            canvas.drawString(72, 700, f"This is the text of page number {page}.")
        canvas.showPage()
    canvas.save()
    document = PdfReader().read(path, "mixed.pdf")
    assert document.pages == 5 and any(note.values.get("pages") == "2-3" for note in document.warnings)


def _picture() -> object:
    from PIL import Image

    return Image.new("RGB", (8, 8), (200, 30, 30))


def test_a_stream_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**20) for _ in range(200)) + packer.flush()
    path = raw_pdf(
        tmp_path / "bomb.pdf",
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream",
        ],
    )
    with pytest.raises(TooLarge):
        PdfReader().read(path, "bomb.pdf")


def test_an_outline_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=written(tmp_path / "plain.pdf", ["The quick brown fox jumps over the dog."]))
    item = DictionaryObject({NameObject("/Title"): TextStringObject("Round")})
    place = writer._add_object(item)
    page = writer.pages[0].indirect_reference
    item[NameObject("/Next")] = place
    item[NameObject("/First")] = place
    item[NameObject("/Dest")] = ArrayObject([page, NameObject("/Fit")])
    outlines = DictionaryObject({NameObject("/First"): place, NameObject("/Count"): NumberObject(1)})
    writer.root_object[NameObject("/Outlines")] = writer._add_object(outlines)
    path = tmp_path / "round.pdf"
    writer.write(path)
    assert PdfReader().read(path, "round.pdf").pages == 1


def test_thousands_of_pages_that_share_a_stream_are_read_in_seconds(tmp_path: Path) -> None:
    count = 2000
    content = b"BT /F1 12 Tf 72 700 Td (How do I reset it? Hold the button.) Tj ET"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    kids = b" ".join(b"%d 0 R" % (5 + i) for i in range(count))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        font,
        *[page] * count,
    ]
    start = time.process_time()
    document = PdfReader().read(raw_pdf(tmp_path / "many.pdf", objects), "many.pdf")
    assert document.pages == count
    assert time.process_time() - start < 8


def test_cutting_a_file_anywhere_never_ends_in_a_foreign_error(tmp_path: Path) -> None:
    pages = ["The quick brown fox jumps over the lazy dog, page after page."] * 3
    whole = written(tmp_path / "whole.pdf", pages).read_bytes()
    for cut in range(50, len(whole), 331):
        path = tmp_path / "cut.pdf"
        path.write_bytes(whole[:cut])
        with contextlib.suppress(DocumentError):
            assert PdfReader().read(path, "cut.pdf").elements


def test_the_reader_is_not_loaded_with_the_errors() -> None:
    code = "import sys, kbbuilder.errors, kbbuilder.config; print(any(m.startswith('pypdf') for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
