"""What a file really is, and what is refused before any reader sees it."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from kbbuilder.config import ParseLimits
from kbbuilder.errors import (
    Corrupt,
    DocumentError,
    EmptyDocument,
    Encrypted,
    SpecialFile,
    TooLarge,
    Unreadable,
    Unsupported,
)
from kbbuilder.stages.parse import gate
from kbbuilder.stages.parse.gate import admit

LIMITS = ParseLimits()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
WORD_TYPES = (
    '<Types><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(folder: Path, name: str, parts: dict[str, str]) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return path


def refusal(path: Path, limits: ParseLimits = LIMITS) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        admit(path, path.name, limits)
    return caught.value


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.pdf", b"%PDF-1.7\n...", gate.PDF),
        ("A.PDF", b"\n\n%PDF-1.4", gate.PDF),
        ("手册.md", "# 标题".encode(), gate.MARKDOWN),
        ("table.csv", b"a,b\n1,2", gate.CSV),
        ("page.htm", b"<p>x", gate.HTML),
        ("notes.txt", "正文".encode("gbk"), gate.TEXT),
        ("README", b"Plain words.", gate.TEXT),
        ("page", b"<!DOCTYPE html><html><body>x", gate.HTML),
        ("old.xls", b"<html><table><tr><td>1</table>", gate.HTML),
        ("old.xls", OLE + "Workbook".encode("utf-16-le"), gate.XLS),
    ],
)
def test_the_bytes_and_the_name_give_the_media_type(tmp_path: Path, name: str, data: bytes, expected: str) -> None:
    assert admit(saved(tmp_path, name, data), name, LIMITS) == expected


def test_a_supported_format_under_another_name_is_taken_for_what_it_is(tmp_path: Path) -> None:
    assert admit(saved(tmp_path, "a.docx", b"%PDF-1.7\n"), "a.docx", LIMITS) == gate.PDF
    word = zipped(tmp_path, "b.xlsx", {"[Content_Types].xml": WORD_TYPES, "word/document.xml": "<d/>"})
    assert admit(word, "b.xlsx", LIMITS) == gate.DOCX


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("a.pdf", b"\x89PNG\r\n\x1a\n....", Unsupported, "PNG picture"),
        ("a.docx", b"MZ\x90\0\x03", Unsupported, "Windows program"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), Encrypted, "password"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), Unsupported, ".doc"),
        ("a.pptx", OLE + "PowerPoint Document".encode("utf-16-le"), Unsupported, ".ppt"),
        ("a.docx", b"just words", Corrupt, "not a Word document"),
        ("a.pdf", b"just words", Corrupt, "no PDF"),
        ("a.docx", b"PK\x03\x04 cut off", Corrupt, "damaged"),
        ("a.rar", b"Rar!\x1a\x07\0", Unsupported, "RAR"),
        ("a.xml", b"<?xml version='1.0'?><r/>", Unsupported, "XML data"),
        ("a.json", b"{}", Unsupported, ".json"),
        ("a.exe", b"words", Unsupported, ".exe"),
        ("blob", bytes(range(32)) * 40, Unsupported, "not text"),
        ("a.txt", b"", EmptyDocument, "empty"),
    ],
)
def test_what_no_reader_may_be_given_is_refused_with_the_true_kind(
    tmp_path: Path, name: str, data: bytes, error: type[DocumentError], says: str
) -> None:
    refused = refusal(saved(tmp_path, name, data))
    assert type(refused) is error
    assert says in refused.message
    assert refused.hint


def test_links_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    real = saved(tmp_path, "a.txt", b"x")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for special in (link, pipe, tmp_path):
        assert type(refusal(special)) is SpecialFile
    assert type(refusal(tmp_path / "gone.txt")) is Unreadable


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.txt", b"x" * 2000)
    assert type(refusal(path, replace(LIMITS, max_file_bytes=1000))) is TooLarge


def test_a_plain_zip_is_no_document(tmp_path: Path) -> None:
    refused = refusal(zipped(tmp_path, "a.zip", {"manual.pdf": "%PDF"}))
    assert type(refused) is Unsupported
    assert "Unpack" in refused.hint


def test_a_zip_with_too_many_parts_or_too_much_in_them_is_refused(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": WORD_TYPES, **{f"p{i}.txt": "x" for i in range(20)}}
    assert type(refusal(zipped(tmp_path, "a.docx", parts), replace(LIMITS, max_zip_entries=10))) is TooLarge
    big = zipped(tmp_path, "b.docx", {"[Content_Types].xml": WORD_TYPES, "x.bin": "0" * 40_000_000})
    assert "bomb" in refusal(big).message
    assert type(refusal(big, replace(LIMITS, max_unzipped_bytes=1_000_000))) is TooLarge


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/abs", "a\\..\\..\\b", "C:/x"])
def test_a_part_named_to_leave_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    refused = refusal(zipped(tmp_path, "a.docx", {"[Content_Types].xml": WORD_TYPES, name: "x"}))
    assert type(refused) is Corrupt


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_office_parts_that_declare_entities_are_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.docx"
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", WORD_TYPES)
        archive.writestr("word/document.xml", bomb.encode(encoding))
    assert "entities" in refusal(path).message


def test_locked_zip_based_documents_are_called_encrypted(tmp_path: Path) -> None:
    odt = {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<m:encryption-data/>"}
    drm = {
        "mimetype": "application/epub+zip",
        "META-INF/encryption.xml": '<e><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></e>',
    }
    fonts = {
        "mimetype": "application/epub+zip",
        "META-INF/encryption.xml": '<e><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></e>',
    }
    assert type(refusal(zipped(tmp_path, "a.odt", odt))) is Encrypted
    assert type(refusal(zipped(tmp_path, "a.epub", drm))) is Encrypted
    assert admit(zipped(tmp_path, "b.epub", fonts), "b.epub", LIMITS) == gate.EPUB
