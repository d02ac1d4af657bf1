"""The gate: what a file really is, told by its bytes, and whether it is safe to hand to a reader.

Nothing is unpacked or parsed here; a refused file costs milliseconds.
"""

from __future__ import annotations

import mmap
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from kbbuilder.config import MIB, ParseLimits
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
from kbbuilder.reading_notes import TYPE_NAMES

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
EPUB = "application/epub+zip"
EML = "message/rfc822"
HTML = "text/html"
MARKDOWN = "text/markdown"
RST = "text/x-rst"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TEXT = "text/plain"

MEDIA_TYPES = {
    ".pdf": PDF, ".docx": DOCX, ".docm": DOCX, ".dotx": DOCX, ".pptx": PPTX, ".pptm": PPTX, ".ppsx": PPTX,
    ".xlsx": XLSX, ".xlsm": XLSX, ".xls": XLS, ".ods": ODS, ".epub": EPUB, ".eml": EML,
    ".html": HTML, ".htm": HTML, ".xhtml": HTML, ".md": MARKDOWN, ".markdown": MARKDOWN, ".mdx": MARKDOWN,
    ".rst": RST, ".csv": CSV, ".tsv": TSV, ".tab": TSV, ".txt": TEXT, ".text": TEXT, ".log": TEXT,
}  # fmt: skip
"""Media type by file extension; whatever is not here is refused unless it has no extension and reads as text."""

_TEXTUAL = frozenset({EML, HTML, MARKDOWN, RST, CSV, TSV, TEXT})
_ZIPPED = frozenset({DOCX, PPTX, XLSX, ODS, EPUB})
_HEAD_BYTES = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"), (0, b"\xff\xd8\xff", "a JPEG picture"), (0, b"GIF8", "a GIF picture"),
    (0, b"II*\0", "a TIFF picture"), (0, b"MM\0*", "a TIFF picture"), (8, b"WEBP", "a WebP picture"),
    (0, b"MZ", "a Windows program"), (0, b"\x7fELF", "a Linux program"), (0, b"\xfe\xed\xfa", "a macOS program"),
    (0, b"\xca\xfe\xba\xbe", "a compiled program"),
    (0, b"Rar!\x1a\x07", "a RAR archive"), (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"), (0, b"\xfd7zXZ\0", "an xz archive"), (257, b"ustar", "a tar archive"),
    (0, b"{\\rtf", "an RTF document"), (0, b"%!PS", "a PostScript file"), (0, b"ID3", "a sound file"),
    (0, b"OggS", "a sound or video file"), (8, b"WAVE", "a sound file"), (4, b"ftyp", "a video or picture file"),
    (0, b"SQLite format 3\0", "a database"), (0, b"wOFF", "a font"), (0, b"\0\x01\0\0\0", "a font"),
)  # fmt: skip
_ARCHIVE_HINT = "Unpack the archive and upload the documents in it."
_MAIN_PARTS = ((b"wordprocessingml", DOCX), (b"ms-word.", DOCX), (b"presentationml", PPTX), (b"ms-powerpoint.", PPTX),
               (b"spreadsheetml", XLSX), (b"ms-excel.", XLSX))  # fmt: skip
_ODF = "application/vnd.oasis.opendocument."
# Fonts in an EPUB may be obfuscated by these two; that is no lock on the text.
_FONT_OBFUSCATION = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")
_XML_PART = re.compile(r"\.(?:xml|rels|opf|ncx|xhtml|html?|vml)$", re.I)
_XML_HEAD_BYTES = 64 * 1024
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body|div|h[1-6]|p|table)[\s>]", re.I)


def admit(path: Path, name: str, limits: ParseLimits) -> str:
    """The media type of the file at `path`, whose display name is `name`.

    The bytes decide; the name's extension only tells formats of plain text apart. A supported format under another
    supported format's extension is taken for what it is.

    Raises:
        DocumentError: the file is none that a reader may be given; the subclass says why.
    """
    _regular(path)
    size = path.stat().st_size
    if size == 0:
        raise EmptyDocument("the file is empty (0 bytes)")
    if size > limits.max_file_bytes:
        raise TooLarge(f"the file has {size / MIB:.0f} MiB; the limit is {limits.max_file_bytes / MIB:.0f} MiB")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise Unreadable(f"the file cannot be opened: {error.strerror}") from error
    extension = PurePosixPath(name.replace("\\", "/").strip().lower()).suffix
    expected = MEDIA_TYPES.get(extension)
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _admit_zip(path, expected, limits)
    if head.startswith(_OLE):
        return _admit_ole(path, expected)
    for offset, magic, kind in _FOREIGN:
        if head[offset : offset + len(magic)] == magic:
            archive = "archive" in kind
            raise Unsupported(f"this is {kind}{_named(extension, expected)}", hint=_ARCHIVE_HINT if archive else None)
    return _admit_rest(path, head, extension, expected)


def _named(extension: str, expected: str | None) -> str:
    return f", although its name ends in {extension}" if expected is not None else ""


def _regular(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise Unreadable(f"the file cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise SpecialFile("this is a link, a folder or a device, not a plain file")


def _admit_rest(path: Path, head: bytes, extension: str, expected: str | None) -> str:
    """Files that carry no known signature: the formats of plain text, and broken ones of the others."""
    if expected in _TEXTUAL:
        return expected
    if expected == PDF:
        # Readers repair a PDF whose first line is damaged, as long as the rest is one.
        if _contains(path, b"startxref", b"endobj"):
            return PDF
        raise Corrupt("this is no PDF, although its name ends in .pdf")
    if expected is not None:
        if expected == XLS and _MARKUP.search(head):
            return HTML
        raise Corrupt(f"this is not {TYPE_NAMES[expected]}, although its name ends in {extension}")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") and not _MARKUP.search(head):
        raise Unsupported("this is XML data, not a document")
    if extension and not _is_number(extension):
        if extension in (".doc", ".wps") and _MARKUP.search(head):
            return HTML
        raise Unsupported(f"files ending in {extension[:20]} are not supported")
    if _binary(head):
        raise Unsupported("the file has no extension and is not text")
    return HTML if _MARKUP.search(head) else TEXT


def _is_number(extension: str) -> bool:
    """ "README.1" or "v2.0": what follows the dot is a version, no format."""
    return extension[1:].isdigit()


def _binary(head: bytes) -> bool:
    control = sum(1 for byte in head if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    return control > len(head) // 20 and head[:2] not in (b"\xff\xfe", b"\xfe\xff")


def _contains(path: Path, *needles: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(data.find(needle) >= 0 for needle in needles)


# -- OLE: old Office files, and encrypted new ones -------------------------------------------------


def _admit_ole(path: Path, expected: str | None) -> str:
    def holds(stream: str) -> bool:
        return _contains(path, stream.encode("utf-16-le"))

    if holds("EncryptedPackage"):
        raise Encrypted("the document is protected by a password")
    if holds("WordDocument"):
        raise Unsupported("this is an old Word document (.doc)", hint="Save it as .docx and upload that.")
    if holds("PowerPoint Document"):
        raise Unsupported("this is an old PowerPoint presentation (.ppt)", hint="Save it as .pptx and upload that.")
    if holds("Workbook") or holds("Book"):
        return XLS
    if holds("__properties_version1.0"):
        raise Unsupported("this is an Outlook message (.msg)", hint="Save it as .eml or PDF and upload that.")
    if expected is None:
        raise Unsupported("this is an old Office or system file")
    raise Corrupt("this is a damaged or unknown old Office file")


# -- zip: new Office files, OpenDocument, EPUB -----------------------------------------------------


def _admit_zip(path: Path, expected: str | None, limits: ParseLimits) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            return _admit_entries(archive, expected, limits)
    except DocumentError:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, KeyError) as error:
        kind = TYPE_NAMES[expected] if expected in _ZIPPED else "a zip archive"
        raise Corrupt(f"the file is damaged or cut off: it cannot be opened as {kind}") from error
    except RuntimeError as error:
        # zipfile's word for an entry that needs a password.
        raise Encrypted("the file is protected by a password") from error


def _admit_entries(archive: zipfile.ZipFile, expected: str | None, limits: ParseLimits) -> str:
    entries = archive.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Encrypted("the file is protected by a password")
    if len(entries) > limits.max_zip_entries:
        raise TooLarge(f"the file packs {len(entries)} parts; the limit is {limits.max_zip_entries}")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits.max_unzipped_bytes:
        raise TooLarge(
            f"unpacked, the file has {unpacked / MIB:.0f} MiB; the limit is {limits.max_unzipped_bytes / MIB:.0f}"
        )
    if unpacked > 32 * MIB and unpacked > limits.max_zip_ratio * max(packed, 1):
        raise TooLarge(f"the file unpacks to {unpacked // max(packed, 1)} times its size, as a zip bomb does")
    names = {entry.filename for entry in entries}
    if any(_escapes(name) for name in names):
        raise Corrupt("a part of the file is named so as to be written outside its folder; it is not safe to read")
    media_type = _zip_media_type(archive, names)
    if media_type is None:
        if expected in _ZIPPED:
            raise Corrupt(f"this is a zip archive but not {TYPE_NAMES[expected]}, although its name says so")
        raise Unsupported("this is a zip archive, not a document", hint=_ARCHIVE_HINT)
    _refuse_entities(archive, entries, limits)
    return media_type


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _zip_media_type(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "mimetype" in names:
        mimetype = _start_of(archive, "mimetype", 200).decode("latin-1").strip()
        if mimetype == EPUB:
            _refuse_locked_epub(archive, names)
            return EPUB
        if mimetype.startswith(_ODF):
            if "META-INF/manifest.xml" in names and b"encryption-data" in _start_of(
                archive, "META-INF/manifest.xml", MIB
            ):
                raise Encrypted("the document is protected by a password")
            if mimetype == ODS:
                return ODS
            raise Unsupported("this is an OpenDocument file", hint="Save it as .docx, .pptx or PDF and upload that.")
    if "[Content_Types].xml" in names:
        types = _start_of(archive, "[Content_Types].xml", MIB)
        for part in re.findall(rb'ContentType\s*=\s*["\']([^"\']+main\+xml|[^"\']+\.template\.main\+xml)["\']', types):
            for mark, media_type in _MAIN_PARTS:
                if mark in part:
                    return media_type
        return _by_part_names(names)
    if "META-INF/container.xml" in names and any(name.endswith(".opf") for name in names):
        _refuse_locked_epub(archive, names)
        return EPUB
    return None


def _by_part_names(names: set[str]) -> str | None:
    for part, media_type in (("word/document.xml", DOCX), ("ppt/presentation.xml", PPTX), ("xl/workbook.xml", XLSX)):
        if part in names:
            return media_type
    return None


def _refuse_locked_epub(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "META-INF/encryption.xml" in names:
        methods = re.findall(
            rb'EncryptionMethod[^>]*Algorithm="([^"]+)"', _start_of(archive, "META-INF/encryption.xml", MIB)
        )
        if any(method not in _FONT_OBFUSCATION for method in methods):
            raise Encrypted("the book is locked by its seller (DRM)", hint="Ask the publisher for a copy without DRM.")


def _start_of(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as part:
        return part.read(limit)


def _refuse_entities(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: ParseLimits) -> None:
    """Office formats never declare XML entities; a file that does is an attack on its reader (billion laughs, XXE)."""
    for entry in entries:
        if _XML_PART.search(entry.filename):
            head = _start_of(archive, entry.filename, _XML_HEAD_BYTES).replace(b"\0", b"")
            if b"<!ENTITY" in head:
                raise Corrupt(
                    "the file declares XML entities, as attacks on readers do; it is not safe to read",
                    hint="Open the file in its own program and save it again, or do not trust its sender.",
                )
