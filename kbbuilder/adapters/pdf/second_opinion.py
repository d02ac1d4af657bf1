"""pypdf, asked when pdfium finds no document or no text: locked with a password, or readable after all?"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbbuilder.errors import Corrupt, Encrypted
from kbbuilder.language.text import clean

MAX_PAGES = 2_000
MAX_CHARS = 20_000_000


def check_password(path: Path) -> None:
    """Refuses a file that is encrypted and does not open with the empty password.

    Raises:
        Encrypted: it needs a password. A file pypdf cannot read at all passes.
    """
    from pypdf import PasswordType, PdfReader

    try:
        with _translated(), path.open("rb") as file:
            reader = PdfReader(file)
            locked = reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED
    except Corrupt:
        return
    if locked:
        raise Encrypted("the file opens only with a password")


def plain_pages(path: Path) -> tuple[str, ...]:
    """The text of each page without any layout, lines kept.

    Raises:
        Corrupt: pypdf cannot read the file either.
        Encrypted: it needs a password.
    Cost: about twenty times pdfium's; files that reach this are damaged and rare.
    """
    from pypdf import PasswordType, PdfReader

    pages: list[str] = []
    with _translated(), path.open("rb") as file:
        reader = PdfReader(file)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise Encrypted("the file opens only with a password")
        total = 0
        for page in reader.pages[:MAX_PAGES]:
            text = clean(page.extract_text())
            pages.append(text)
            total += len(text)
            if total > MAX_CHARS:
                break
    return tuple(pages)


_REFUSALS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What pypdf lets slip beside its own errors when a file is hostile; RuntimeError holds RecursionError."""


@contextmanager
def _translated() -> Iterator[None]:
    """Silences pypdf's log and translates its errors.

    Raises:
        Corrupt: pypdf cannot read the file.
    """
    from pypdf.errors import PyPdfError

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    except (PyPdfError, *_REFUSALS) as error:
        raise Corrupt(f"the file is damaged: {error}") from error
    finally:
        logger.setLevel(level)
