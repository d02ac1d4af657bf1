"""Cut small TrueType fonts out of the installed Noto Sans CJK, for embedding in the PDF samples.

Chromium stores OpenType fonts with cubic outlines as Type 3 fonts, which makes large files. A TrueType
subset gives what word processors write: one embedded font per weight, with a full text mapping.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

FONT_FOLDER = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED_CHINESE = 2
WEIGHTS = {"normal": "Regular", "bold": "Bold"}
FAMILY = "Manual CJK"
MAX_ERROR = 1.0

#: Limits of a font's instructions; the subsets have none.
UNUSED_LIMITS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
)


def quadratic_glyphs(font: TTFont) -> dict[str, object]:
    """The outlines of all glyphs as TrueType curves."""
    glyph_set = font.getGlyphSet()
    glyphs: dict[str, object] = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    return glyphs


def to_truetype(font: TTFont) -> None:
    """Replace the cubic outlines of a font by TrueType outlines."""
    glyphs = quadratic_glyphs(font)
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder = font.getGlyphOrder()
    table.glyphs = glyphs
    for name in ("CFF ", "VORG"):
        if name in font:
            del font[name]
    table.compile(font)
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    maxp.maxZones = 1
    for field in UNUSED_LIMITS:
        setattr(maxp, field, 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"


def subset_font(style: str, characters: str) -> bytes:
    """A TrueType font with only the given characters."""
    path = FONT_FOLDER / f"NotoSansCJK-{style}.ttc"
    font = TTFont(path, fontNumber=SIMPLIFIED_CHINESE, lazy=True, recalcTimestamp=False)
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    to_truetype(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def font_faces(text: str) -> str:
    """Style rules that embed a regular and a bold font for the characters of a text."""
    characters = "".join(sorted({character for character in text if character.isprintable()}))
    rules = []
    for weight, style in WEIGHTS.items():
        data = base64.b64encode(subset_font(style, characters)).decode("ascii")
        rules.append(
            f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; src: url("data:font/ttf;base64,{data}"); }}'
        )
    return "\n".join(rules)
