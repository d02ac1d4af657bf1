"""The drawn parts of a page, through pdfium: rules, edges of boxes, small shapes that may be bullets."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2.raw as raw

from kbbuilder.adapters.pdf.calls import bare
from kbbuilder.adapters.pdf.page import Rule
from kbbuilder.adapters.pdf.turn import Turn

MAX_OBJECTS_A_PAGE = 20_000
MAX_SEGMENTS = 400
MAX_RULES_A_PAGE = 5_000

_object_at = bare(raw.FPDFPage_GetObject, ctypes.c_void_p)
_type_of = bare(raw.FPDFPageObj_GetType, ctypes.c_int)


@dataclass(frozen=True, slots=True)
class Strokes:
    """`dots` are small filled shapes, as wide as high; `pictures` counts the pictures."""

    rules: tuple[Rule, ...]
    dots: tuple[Rule, ...]
    pictures: int


def find_strokes(page: raw.FPDF_PAGE, turn: Turn) -> Strokes:
    """What is drawn on a page. Cost: O(objects), the first `MAX_OBJECTS_A_PAGE` of them."""
    rules: list[Rule] = []
    dots: list[Rule] = []
    pictures = 0
    box = [ctypes.c_float() for _ in range(4)]
    refs = [ctypes.byref(v) for v in box]
    address = ctypes.c_void_p(ctypes.addressof(page.contents))
    for index in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS_A_PAGE)):
        found = _object_at(address, index)
        kind = _type_of(ctypes.c_void_p(found))
        pictures += kind == raw.FPDF_PAGEOBJ_IMAGE
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        item = ctypes.cast(found, raw.FPDF_PAGEOBJECT)
        if not raw.FPDFPageObj_GetBounds(item, *refs):
            continue
        (xa, ya), (xb, yb) = turn.point(box[0].value, box[1].value), turn.point(box[2].value, box[3].value)
        rule = Rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
        width, height = rule.x1 - rule.x0, rule.y1 - rule.y0
        if min(width, height) <= 3.0 and max(width, height) >= 6.0:
            rules.append(rule)
        elif 1.5 <= width <= 8 and 1.5 <= height <= 8 and abs(width - height) < 0.5:
            dots.append(rule)
        elif width > 12 and height > 6 and _stroked(item):
            rules.extend(_edges(rule, item, turn))
    return Strokes(tuple(rules[:MAX_RULES_A_PAGE]), tuple(dots), pictures)


def _stroked(item: raw.FPDF_PAGEOBJECT) -> bool:
    mode, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    return bool(raw.FPDFPath_GetDrawMode(item, ctypes.byref(mode), ctypes.byref(stroke))) and bool(stroke.value)


def _edges(rule: Rule, item: raw.FPDF_PAGEOBJECT, turn: Turn) -> list[Rule]:
    """The straight level and upright strokes of a path: a box's edges, or a whole grid drawn at once."""
    count = raw.FPDFPath_CountSegments(item)
    if count > MAX_SEGMENTS:
        return []
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    edges: list[Rule] = []
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = turn.point(
            matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f
        )
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            last = here
            continue
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = last = here
            continue
        ends: list[tuple[tuple[float, float] | None, tuple[float, float] | None]] = [(last, here)]
        if raw.FPDFPathSegment_GetClose(segment):
            ends.append((here, start))
        for a, b in ends:
            if a is not None and b is not None and (abs(a[0] - b[0]) < 1 or abs(a[1] - b[1]) < 1):
                edges.append(Rule(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
        last = here
    return [e for e in edges if max(e.x1 - e.x0, e.y1 - e.y0) >= 6.0]
