"""Words of a page as pieces: runs of words that stand close together on one baseline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kbbuilder.adapters.pdf.glyphs import Turned
from kbbuilder.adapters.pdf.page import Piece, Rule, Word
from kbbuilder.adapters.pdf.turn import Turn

MAX_DOTS = 500

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def upright(word: Turned, turn: Turn) -> Word:
    """A turned word in the reader's coordinates."""
    x0, base = turn.point(word.x, word.y)
    ends = (turn.point(word.left, word.bottom)[0], turn.point(word.right, word.top)[0])
    return Word(word.text, x0, max(*ends, x0 + 0.1), base, word.style, word.spaced)


def find_pieces(words: Sequence[Word], rules: Sequence[Rule], dots: Sequence[Rule]) -> Iterator[Piece]:
    """The pieces of a page in the order of the file.

    Args:
        words: in the order of the file.
        rules: no piece goes through an upright one.
        dots: small filled shapes; one just left of a word is its bullet.
    Cost: O(words x upright rules), the second factor only where words stand close together.
    """
    walls = [r for r in rules if not r.horizontal]
    run: list[Word] = []
    for word in _level_marks(_with_dots(words, dots)):
        if run and not _goes_on(run[-1], word, walls):
            yield _piece(run)
            run = []
        run.append(word)
    if run:
        yield _piece(run)


def _goes_on(last: Word, word: Word, walls: Sequence[Rule]) -> bool:
    _, _, end, base, style, _ = last
    _, start, _, level, set_in, _ = word
    size = style.size if set_in is style else max(style.size, set_in.size)
    gap = start - end
    if abs(level - base) > 0.25 * size or gap > 0.9 * size or gap < -0.6 * size:
        return False
    if gap <= 0 or not walls:
        return True
    left, right = end - 1.5, start + 1.5
    return not any(left <= r.x0 <= right and r.y0 <= level <= r.y1 + 1 for r in walls)


def _level_marks(words: Sequence[Word]) -> list[Word]:
    """Raised and lowered marks (footnote numbers, indices) get the baseline of the word they stand at."""
    out = list(words)
    styles = [word.style for word in out]
    for i, word in enumerate(words):
        style = styles[i]
        if style is styles[i - 1] and style is styles[(i + 1) % len(styles)]:
            continue
        size = style.size
        for at in (i - 1, i + 1):
            if not 0 <= at < len(out) or size >= 0.86 * out[at].style.size:
                continue
            other = out[at]
            shift = word.base - other.base
            if shift == 0 or abs(shift) >= 0.6 * other.style.size:
                continue
            if min(abs(word.x0 - other.x1), abs(other.x0 - word.x1)) < 0.35 * other.style.size:
                raised = shift < 0 and word.text.isascii() and word.text.isdigit()
                text = word.text.translate(_RAISED) if raised else word.text
                out[i] = word._replace(text=text, base=other.base)
                break
    return out


_MONO_GAP = 0.3
"""In typewriter type a blank is as wide as a letter, half the size; less is how a hyphen is set in its cell."""


def _piece(words: Sequence[Word]) -> Piece:
    text, x0, right, base, style, _ = words[0]
    now, end, size, uniform = style, right, style.size, True
    for word, start, stop, _, set_in, spaced in words[1:]:
        gap = -0.1 if spaced else 0.2
        if set_in.mono and now.mono and word.isascii() and text[-1].isascii():
            gap = _MONO_GAP
        text += f" {word}" if (start - end) / size > gap else word
        end = stop
        if stop > right:
            right = stop
        if set_in is not now:
            now, size, uniform = set_in, set_in.size, False
    lead = len(text) if style.bold else 0
    mono = len(text) if style.mono else 0
    mono_lead = mono
    if not uniform:
        weights: dict[int, int] = defaultdict(int)
        for one in words:
            weights[id(one.style)] += len(one.text)
        styles = {id(one.style): one.style for one in words}
        style = styles[max(weights, key=weights.__getitem__)]
        lead = _opening([(len(one.text), one.style.bold) for one in words], len(text))
        mono = sum(n for key, n in weights.items() if styles[key].mono)
        mono_lead = _opening([(len(one.text), one.style.mono) for one in words], len(text))
    top, bottom = base - 0.85 * style.size, base + 0.2 * style.size
    return Piece(text, x0, right, top, bottom, base, style, lead, mono, mono_lead)


def _opening(words: list[tuple[int, bool]], length: int) -> int:
    """How many characters the words up to the first that is not so set have, blanks included."""
    count = 0
    for chars, so_set in words:
        if not so_set:
            break
        count += chars + (1 if count else 0)
    return min(count, length)


def _with_dots(words: Sequence[Word], dots: Sequence[Rule]) -> Sequence[Word]:
    """Bullets that are drawn, not written, become words before the word they stand at."""
    if not dots or len(dots) > MAX_DOTS:
        return words
    before: dict[int, Word] = {}
    for dot in dots:
        middle = (dot.y0 + dot.y1) / 2
        best: tuple[float, int] | None = None
        for i, word in enumerate(words):
            gap = word.x0 - dot.x1
            if 0 < gap < 2 * word.style.size and word.base - word.style.size < middle < word.base:
                best = min(best or (gap, i), (gap, i))
        if best is not None:
            word = words[best[1]]
            before[best[1]] = Word("•", dot.x0, dot.x1, word.base, word.style)
    out: list[Word] = []
    for i, word in enumerate(words):
        if i in before:
            out.append(before[i])
        out.append(word)
    return out
