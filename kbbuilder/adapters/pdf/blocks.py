"""Lines of one region as blocks: paragraphs, list items, code. Headings are told apart later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kbbuilder.adapters.pdf.measure import Measures, right_edge
from kbbuilder.adapters.pdf.page import LINE_HYPHEN, Box, Line, union
from kbbuilder.language.text import CJK, clean, has_cjk, one_line

_MARKER = re.compile(
    r"^(?P<bullet>[•·●○◦▪■□◆◇➢➤✓✔‣⁃※*–—-]|[oO](?=\s{1,3}[A-Z]))(?=\s|[“‘《「【" + CJK + r"])"
    r"|^(?P<number>[（(]?\d{1,3}[.)）、．](?!\d)|[（(][a-zA-Z一二三四五六七八九十]{1,3}[)）]|[a-z][.)](?=\s)|[ivx]{1,5}[.)](?=\s)"
    r"|[一二三四五六七八九十]{1,3}[、．.]|[①-⑳])"
)
_ENDS = re.compile(r"[。！？.!?;；:：…”\"）)]$")
_CLOSED = re.compile(r"[。！？!?；;：:]$|[.]$")
_COMMENT = re.compile(rf"^[\x20-\x7e]*(?:#|//|--|;;|<!--|/\*)[\x20-\x7e]*[{CJK}]")
# Typesetters break an address after a slash and put a hyphen there that is not part of it.
_BROKEN_ADDRESS = re.compile(r"(?<=\w/)-\n")
# The look ahead spares the search inside words without a hyphen.
_BROKEN_WORD = re.compile(rf"(?=[^\s{LINE_HYPHEN}]*{LINE_HYPHEN})(\S*?)([^\W\d_]*){LINE_HYPHEN}\s*([^\W\d_]*)")
# An address or path goes on in the next line: after a mark that ends none, or a slash before what reads as a path.
_BROKEN_PATH = re.compile(
    r"((?:\w+://|www\.|~/|(?<![^\s(（])/\w|\w+\.\w{2,4}\?)[\x21-\x7e]*(?<=[?&=#%_]))\n(?=\w)"
    r"|((?:\w+://|www\.|~/|(?<![^\s(（])/\w)[\x21-\x7e]*(?<=/))\n(?=[\w.~%-]*[/._=?&%-]\w)"
    r"|(?<![^\s(（])(\*\.)\n(?=\w)"
)
# In Chinese text a stop or slash behind a Latin word ends no sentence: the name of a file goes on.
_BROKEN_NAME = re.compile(r"(?<=[\w-][./])\n(?=[a-z])", re.ASCII)
_HYPHEN_BEGINS_LINE = re.compile(r"([A-Za-z][\w.]*)\n(-[A-Za-z][\w.]*)")
_CODE_GOES_ON = re.compile(r"\s*(?:←-?|↩|←↩|↪)\s*$")
"""What typesetters print where they break a line of code."""
_FIRST_WORD = re.compile(r"^\S+")

MAX_INDENT = 4.5
"""A first line is set in by no more than this, in units of the size."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `right` is where full lines of their region end."""

    lines: tuple[Line, ...]
    right: float
    marker: str | None = None
    ordered: bool = False
    code: bool = False

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def box(self) -> Box:
        return union([(line.x0, line.top, line.x1, line.bottom) for line in self.lines])

    @property
    def x0(self) -> float:
        return self.lines[0].x0

    @property
    def text(self) -> str:
        """The joined text, without the marker. Line-end hyphens stay marked."""
        joined = ""
        for line in self.lines:
            text = line.text
            joined = joined + text if joined.endswith(LINE_HYPHEN) else (f"{joined}\n{text}" if joined else text)
        if self.marker is not None:
            joined = joined.strip()[len(self.marker) :]
        return joined

    @property
    def bold(self) -> bool:
        return all(line.lead >= len(line.text) - 1 for line in self.lines)


def marker_of(text: str) -> tuple[str, bool] | None:
    """The list mark a text opens with, and whether it counts."""
    match = _MARKER.match(text)
    if match is None or not text[match.end() :].strip():
        return None
    return match[0], match["number"] is not None


def find_blocks(lines: Sequence[Line], measures: Measures) -> list[Block]:
    """Blocks in order; each line is in exactly one. Cost: O(lines)."""
    right = right_edge([p for line in lines for p in line.pieces])
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, right, measures):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(group, right, measures) for group in groups]


def _block(group: Sequence[Line], right: float, measures: Measures) -> Block:
    mark = marker_of(group[0].text.strip())
    if mark is not None and (group[0].pieces[0].mono_lead == 0 or not _is_code(group, measures)):
        return Block(tuple(group), right, marker=mark[0], ordered=mark[1])
    return Block(tuple(group), right, code=_is_code(group, measures))


def _is_code(group: Sequence[Line], measures: Measures) -> bool:
    return not measures.body.mono and not measures.larger(group[0].style) and all(_mono(line) for line in group)


def _mono(line: Line) -> bool:
    """All of the line is set in typewriter type, or all but a Chinese comment (there is no such type for Chinese)."""
    mono = sum([piece.mono for piece in line.pieces])
    if mono == 0:
        return not line.text.strip()
    count = sum(len(piece.text.replace(" ", "")) for piece in line.pieces)
    if mono >= 0.9 * count:
        return True
    return line.pieces[0].mono_lead > 0 and _COMMENT.match(line.text) is not None


def _goes_on(group: Sequence[Line], line: Line, right: float, measures: Measures) -> bool:
    last = group[-1]
    size = max(last.style.size, line.style.size)
    gap = line.base - last.base
    code_before, code_now = _is_code([last], measures), _is_code([line], measures)
    if code_before and code_now and marker_of(group[0].text) is None:
        return 0 < gap <= 2.6 * size and abs(last.style.size - line.style.size) < 0.6
    if gap <= 0.3 * size or gap > 1.22 * max(measures.pitch(last), measures.pitch(line)) + 0.05 * size:
        return False
    if abs(last.style.size - line.style.size) > 0.06 * size:
        return False
    if code_before != code_now and (code_now or len(group) > 1) and (_short(last, line, right) or last.x0 != line.x0):
        return False
    bold_before, bold_now = _all_bold(last), _all_bold(line)
    if bold_before != bold_now and measures.emphasised(last.style if bold_before else line.style):
        starts_bold = line.lead > 0
        if bold_before and (not starts_bold or _short(last, line, right)):
            return False
        if bold_now and _short(last, line, right):
            return False
    return _same_paragraph(group, line, right, measures)


def _same_paragraph(group: Sequence[Line], line: Line, right: float, measures: Measures) -> bool:
    last = group[-1]
    size = max(last.style.size, line.style.size)
    short = _short(last, line, right)
    step = line.x0 - last.x0
    in_item = marker_of(group[0].text.strip()) is not None
    mark = marker_of(line.text.strip())
    if mark is not None and (
        not mark[1] or in_item or short or _CLOSED.search(last.text.rstrip()) is not None or abs(step) > 0.8 * size
    ):
        return False
    if in_item and len(group) == 1:
        if step < -0.5 * size:
            # Chinese papers indent an item's first line as they do a paragraph's.
            return not short and step > -MAX_INDENT * size
        return not (step < 0.3 * size and short)
    if step > 0.8 * size:
        # The second line of a numbered heading stands below the first one's words.
        if measures.larger(line.style) and len(group) == 1 and not short:
            return True
        # An indented line opens the next paragraph; in centred text it is only shorter.
        return not short and abs((line.x0 + line.x1) - (last.x0 + last.x1)) < size
    if step < -0.8 * size and len(group) > 1:
        return False
    if step < -MAX_INDENT * size and not in_item:
        return False
    return not (short and _ENDS.search(last.text.rstrip()))


def _all_bold(line: Line) -> bool:
    return line.lead >= len(line.text) - 1


def _short(line: Line, following: Line, right: float) -> bool:
    """The line ends although the next one's first word would have fitted."""
    word = _FIRST_WORD.match(following.text)
    letters = len(word[0]) if word else 1
    size = line.style.size
    wide = re.match(f"[{CJK}]", following.text) is not None
    needed = 2.2 * size if wide else (0.55 * letters + 1.2) * size
    return line.x1 + needed < right


def plain(text: str, vocabulary: frozenset[str]) -> str:
    """One line of clean text; a hyphen at a line's end goes when the word is known without it.

    Args:
        text: joined lines; `LINE_HYPHEN` marks the hyphens at line ends.
        vocabulary: lower-case words of the document, compounds ("re-use") as written.
    """
    if "\n" in text:
        text = _BROKEN_PATH.sub(lambda m: m[1] or m[2] or m[3], text)
        if has_cjk(text):
            text = _BROKEN_NAME.sub("", text)
        text = _HYPHEN_BEGINS_LINE.sub(lambda m: _compound(m, vocabulary), text)
    if text.isascii() and "/-\n" not in text:
        bare = " ".join(text.split())
        if bare.isprintable():
            return bare
    if LINE_HYPHEN in text:
        text = _BROKEN_WORD.sub(lambda m: _joined(m, vocabulary), text)
    return one_line(_BROKEN_ADDRESS.sub("", text.replace(LINE_HYPHEN, "-")))


def _joined(match: re.Match[str], vocabulary: frozenset[str]) -> str:
    before, left, right = match[1], match[2], match[3]
    if f"{left}-{right}".lower() in vocabulary and f"{left}{right}".lower() not in vocabulary:
        return f"{before}{left}-{right}"
    known = f"{left}{right}".lower() in vocabulary
    address = re.search(r"[/@#_=\\]|www\.", before) is not None
    plain_word = left[-1:].islower() and not address and not before.endswith("-")
    if left and right[:1].islower() and (known or plain_word):
        return f"{before}{left}{right}"
    return f"{before}{left}-{right}"


def _compound(match: re.Match[str], vocabulary: frozenset[str]) -> str:
    """A line that begins with a hyphen: the rest of a name that the document writes elsewhere, or an option."""
    whole = match[1] + match[2]
    return whole if whole.lower() in vocabulary else match[0]


def code_text(lines: Sequence[Line]) -> str:
    """Lines of code with their indentation and gaps, counted in widths of the type's characters."""
    left = min(line.x0 for line in lines)
    out: list[str] = []
    for i, line in enumerate(lines):
        advance = _advance(line)
        text = ""
        for piece in line.pieces:
            column = round((piece.x0 - left) / advance) if advance else len(text)
            text = text.ljust(max(column, len(text) + 1 if text else column)) + piece.text.replace(LINE_HYPHEN, "-")
        if i and line.base - lines[i - 1].base > 1.8 * line.style.size:
            out.append("")
        if out and _CODE_GOES_ON.search(out[-1]):
            out[-1] = _CODE_GOES_ON.sub("", out[-1]) + text.strip()
        else:
            out.append(text.rstrip())
    if not any("“" in text for text in out):
        out = [text.replace("”", '"') for text in out]  # the straight quote of code, as LaTeX's type draws it
    cleaned = [(len(text) - len(text.lstrip(" "))) * " " + clean(text) if text.strip() else "" for text in out]
    return "\n".join(cleaned)


def _advance(line: Line) -> float:
    piece = max(line.pieces, key=lambda p: len(p.text))
    wide = len(re.findall(f"[{CJK}\uff00-\uffef\u3000-\u303f]", piece.text))
    return piece.width / max(1, len(piece.text) + wide)
