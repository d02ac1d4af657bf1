"""Word documents, read from their XML part by part: styles and numbering decide what a paragraph is."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from kbbuilder.errors import Corrupt
from kbbuilder.language.text import clean, has_cjk
from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role
from kbbuilder.stages.parse.elements import (
    caption,
    code,
    document_of,
    footnote,
    heading,
    image,
    is_bold_lead,
    is_ordered,
    join_lines,
    list_item,
    looks_like_header,
    paragraph,
    split_marker,
    table,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEADING_NAME = re.compile(r"^(?:heading|标题|標題|überschrift|titre|título|заголовок)\s*([1-9])(?:\b|$)", re.I)
_TITLE_NAME = re.compile(r"^(?:title|标题|標題|文档标题|書名|书名|document title)$", re.I)
_CONTENTS_NAME = re.compile(
    r"^(?:toc\s*(?:\d|heading)|contents?(?:\s*(?:\d|heading))?|目录\s*\d?|目錄\s*\d?|table of (?:figures|contents))",
    re.I,
)
_CODE_NAME = re.compile(
    r"(?:source ?code|^code\b|preformatted|^html code|macro text|plain text code|代码|程式碼|源码)", re.I
)
_CAPTION_NAME = re.compile(r"^(?:caption|image caption|table caption|题注|題注|图注|表题)", re.I)
_INLINE_CODE_NAME = re.compile(r"(?:verbatim char|code char|html code|inline code|^code$|代码)", re.I)
_MONOSPACE = re.compile(r"courier|consolas|menlo|monaco|mono\b|source code", re.I)
_CODE_MARKS = re.compile(
    r"[{}();=<>$#|\\]|--?\w|^\s{2,}|/\w+/|\w+\.\w+\(|^(?:sudo|git|pip|cd|npm|apt|docker|curl)\b", re.M
)
_MAX_DEPTH = 12
_MAX_FAKE_HEADING = 60


class DocxReader:
    """Reads `.docx`."""

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The document in reading order; headers and footers once each, with their role; footnotes at the end.

        Raises:
            Corrupt: the zip, one of its XML parts, or the reference to the main part is broken.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                package = _Package(archive)
                elements = _Body(package).elements()
                title = package.title()
        except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, EOFError, OSError) as error:
            raise Corrupt("the Word document is damaged: a part of it is missing or cut off") from error
        except etree.XMLSyntaxError as error:
            raise Corrupt("the Word document is damaged: its XML is broken or nested too deeply") from error
        return document_of(name, _DOCX, elements, title=title)


# -- the package -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Target:
    kind: str
    path: str
    external: bool


class _Package:
    """The zip's parts by role."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        main = [t.path for t in self._targets("").values() if t.kind == "officeDocument"]
        self.main = next((part for part in main if part in self._names), "word/document.xml")
        self.targets = self._targets(self.main)

    def xml(self, name: str) -> etree._Element:
        data = self._archive.read(name).replace(_STRICT_W[1:-1].encode(), _W[1:-1].encode())
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
        )
        return etree.fromstring(data, parser)

    def part(self, kind: str) -> etree._Element | None:
        """The first part of a relationship kind; a side part that is broken counts as missing."""
        for root in self.parts(kind):
            return root
        return None

    def parts(self, kind: str) -> Iterator[etree._Element]:
        for target in sorted(self.targets.values(), key=lambda t: t.path):
            if target.kind == kind and target.path in self._names:
                try:
                    yield self.xml(target.path)
                except (etree.XMLSyntaxError, zlib.error, zipfile.BadZipFile):
                    continue

    def title(self) -> str:
        if "docProps/core.xml" not in self._names:
            return ""
        try:
            found = self.xml("docProps/core.xml").find("{http://purl.org/dc/elements/1.1/}title")
        except (etree.XMLSyntaxError, zlib.error, zipfile.BadZipFile):
            return ""
        return "" if found is None else found.text or ""

    def _targets(self, part: str) -> dict[str, _Target]:
        folder, file = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        if name not in self._names:
            return {}
        targets = {}
        for relation in self.xml(name):
            if not isinstance(relation.tag, str):
                continue
            external = relation.get("TargetMode") == "External"
            address = relation.get("Target") or ""
            path = address if external else posixpath.normpath(posixpath.join(folder, address)).lstrip("/")
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            targets[relation.get("Id") or ""] = _Target(kind, path, external)
        return targets


# -- styles and numbering --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says, inherited values filled in. `level` counts from 1; `size` is in half points."""

    name: str = ""
    level: int | None = None
    numbering: tuple[str, int] | None = None
    bold: bool = False
    size: int | None = None
    monospace: bool = False

    @property
    def is_contents(self) -> bool:
        return _CONTENTS_NAME.match(self.name) is not None

    @property
    def is_code(self) -> bool:
        return _CODE_NAME.search(self.name) is not None


_PLAIN = _Style()


def _child(node: etree._Element | None, *path: str) -> etree._Element | None:
    for step in path:
        if node is None:
            return None
        # Several times as fast as `find`, which reads its argument as a path.
        node = next(node.iterchildren(_W + step), None)
    return node


def _value(node: etree._Element | None, *path: str) -> str | None:
    found = _child(node, *path)
    return None if found is None else found.get(_W + "val")


def _flag(properties: etree._Element | None, name: str) -> bool | None:
    found = _child(properties, name)
    return None if found is None else (found.get(_W + "val") or "1") not in ("0", "false", "off", "none")


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.lstrip("-").isdigit() else None


def _numbering_of(properties: etree._Element | None) -> tuple[str, int] | None:
    number = _value(properties, "numPr", "numId")
    if number is None:
        return None
    return number, min(max(_number(_value(properties, "numPr", "ilvl")) or 0, 0), 8)


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    raw = {} if root is None else {node.get(_W + "styleId") or "": node for node in root.findall(_W + "style")}
    done: dict[str, _Style] = {}

    def resolve(key: str, seen: tuple[str, ...]) -> _Style:
        if key in done or key not in raw or key in seen or len(seen) > 30:
            return done.get(key, _PLAIN)
        node = raw[key]
        parent = resolve(_value(node, "basedOn") or "", (*seen, key))
        paragraph_properties, run_properties = _child(node, "pPr"), _child(node, "rPr")
        name = _value(node, "name") or key
        bold = _flag(run_properties, "b")
        done[key] = _Style(
            name=name,
            level=_style_level(name, paragraph_properties, parent),
            numbering=_numbering_of(paragraph_properties) or parent.numbering,
            bold=parent.bold if bold is None else bold,
            size=_number(_value(run_properties, "sz")) or parent.size,
            monospace=_is_monospace(run_properties) or parent.monospace,
        )
        return done[key]

    for key in raw:
        resolve(key, ())
    return done


def _style_level(name: str, properties: etree._Element | None, parent: _Style) -> int | None:
    match = _HEADING_NAME.match(name)
    if match:
        return int(match.group(1))
    outline = _number(_value(properties, "outlineLvl"))
    if outline is not None:
        return outline + 1 if 0 <= outline <= 8 else None
    return None if _TITLE_NAME.match(name) or _CONTENTS_NAME.match(name) else parent.level


def _is_monospace(properties: etree._Element | None) -> bool:
    fonts = _child(properties, "rFonts")
    return fonts is not None and _MONOSPACE.search(fonts.get(_W + "ascii") or "") is not None


@dataclass(frozen=True, slots=True)
class _NumberLevel:
    form: str
    text: str
    start: int


class _Numbering:
    """Renders list numbers as Word does: counters per list, deeper levels start anew."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _NumberLevel]] = {}
        self._list_of: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for abstract in root.findall(_W + "abstractNum"):
            self._levels[abstract.get(_W + "abstractNumId") or ""] = {
                level: form for node in abstract.findall(_W + "lvl") for level, form in [_number_level(node)]
            }
        for number in root.findall(_W + "num"):
            self._register(number)

    def _register(self, number: etree._Element) -> None:
        key, abstract = number.get(_W + "numId") or "", _value(number, "abstractNumId") or ""
        overrides = number.findall(_W + "lvlOverride")
        if not overrides:
            self._list_of[key] = abstract
            return
        levels = dict(self._levels.get(abstract, {}))
        for node in overrides:
            level = _number(node.get(_W + "ilvl")) or 0
            own, start = _child(node, "lvl"), _number(_value(node, "startOverride"))
            if own is not None:
                levels[level] = _number_level(own)[1]
            elif start is not None and level in levels:
                levels[level] = replace(levels[level], start=start)
        self._list_of[key] = f"{abstract}/{key}"
        self._levels[f"{abstract}/{key}"] = levels

    def mark(self, number: str, level: int) -> tuple[str, bool] | None:
        """The next mark of a list at a level, and whether it counts; None when the list has none or does not exist."""
        key = self._list_of.get(number)
        form = self._levels.get(key or "", {}).get(level)
        if number == "0" or key is None or form is None:
            return None
        counts = self._counts.setdefault(key, {})
        counts[level] = counts.get(level, form.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if form.form == "bullet":
            return "•", False
        if form.form == "none" or not form.text:
            return None
        levels = self._levels[key]

        def shown(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            other = levels.get(at, form)
            return _in_form(counts.get(at, other.start), other.form)

        return re.sub(r"%([1-9])", shown, form.text).strip(), True


def _number_level(node: etree._Element) -> tuple[int, _NumberLevel]:
    start = _number(_value(node, "start"))
    form = _NumberLevel(
        _value(node, "numFmt") or "decimal", _value(node, "lvlText") or "", 1 if start is None else start
    )
    return _number(node.get(_W + "ilvl")) or 0, form


_CHINESE_FORMS = frozenset(
    {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting",
     "taiwaneseCountingThousand", "chineseLegalSimplified"}
)  # fmt: skip
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def _in_form(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        roman = _roman(count)
        return roman if form == "upperRoman" else roman.lower()
    if form in _CHINESE_FORMS and 0 < count < 100:
        return _chinese(count)
    if form.startswith("decimalEnclosedCircle") and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    return str(count).zfill(2) if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        out += letters * (count // value)
        count %= value
    return out


def _chinese(count: int) -> str:
    digits = "零一二三四五六七八九"
    if count < 10:
        return digits[count]
    tens, ones = divmod(count, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


# -- paragraphs ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Text:
    """One paragraph as read: runs of (text, bold), sizes and kinds of letters by count, and what hangs on it."""

    runs: list[tuple[str, bool]] = field(default_factory=list)
    sizes: Counter[int] = field(default_factory=Counter)
    plain_chars: int = 0
    mono_chars: int = 0
    pictures: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs).strip()


_TRANSPARENT = frozenset(
    {_W + "ins", _W + "moveTo", _W + "smartTag", _W + "customXml", _W + "sdt", _W + "sdtContent", _W + "fldSimple",
     _W + "dir", _W + "bdo", _MC + "AlternateContent", _MC + "Choice"}
)  # fmt: skip
"""Inline elements that only wrap others."""


class _Fields:
    """Which field the walk is in: their instructions may span runs and paragraphs."""

    def __init__(self) -> None:
        self._stack: list[list[str]] = []
        self._in_result: list[bool] = []

    def mark(self, kind: str) -> None:
        if kind == "begin":
            self._stack.append([])
            self._in_result.append(False)
        elif kind == "separate" and self._in_result:
            self._in_result[-1] = True
        elif kind == "end" and self._stack:
            self._stack.pop()
            self._in_result.pop()

    def instruct(self, text: str) -> None:
        if self._stack:
            self._stack[-1].append(text)

    @property
    def in_contents(self) -> bool:
        return any("".join(parts).strip().upper().startswith("TOC") for parts in self._stack)

    @property
    def hidden(self) -> bool:
        return not all(self._in_result)


class _Body:
    """Reads the main part; keeps what spans paragraphs (fields, numbering) as it goes."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        self._styles = _styles(package.part("styles"))
        self._numbering = _Numbering(package.part("numbering"))
        self._fields = _Fields()
        self._in_contents_part = 0
        self._fakes: dict[int, int] = {}
        self._has_title = False

    def elements(self) -> list[Element]:
        root = self._package.xml(self._package.main)
        body = root.find(_W + "body")
        if body is None:
            raise Corrupt("the Word document has no body")
        elements = self._furniture("header", Role.PAGE_HEADER)
        main = _Shaped(list(self._blocks(body, 0))).elements()
        elements += main
        elements += self._notes()
        elements += self._furniture("footer", Role.PAGE_FOOTER)
        return elements

    # -- blocks ---------------------------------------------------------------------------------------------------

    def _blocks(self, parent: etree._Element, depth: int) -> Iterator[tuple[Element, _Look]]:
        for node in parent:
            tag = node.tag if isinstance(node.tag, str) else ""
            if tag == _W + "p":
                yield from self._paragraph(node, depth)
            elif tag == _W + "tbl":
                yield from self._table(node, depth)
            elif tag == _W + "sdt":
                contents = _child(node, "sdtPr", "docPartObj", "docPartGallery")
                is_contents = contents is not None and "contents" in (contents.get(_W + "val") or "").lower()
                self._in_contents_part += is_contents
                inner = _child(node, "sdtContent")
                if inner is not None:
                    yield from self._blocks(inner, depth)
                self._in_contents_part -= is_contents
            elif tag in (
                _W + "ins",
                _W + "moveTo",
                _W + "customXml",
                _W + "smartTag",
                _MC + "AlternateContent",
                _MC + "Choice",
            ):
                yield from self._blocks(node, depth)

    def _paragraph(self, node: etree._Element, depth: int) -> Iterator[tuple[Element, _Look]]:
        properties = _child(node, "pPr")
        style = self._styles.get(_value(properties, "pStyle") or "", _PLAIN)
        contents_before = self._fields.in_contents
        text = _Text()
        self._inline(node, text, style, link=None)
        is_contents = style.is_contents or self._in_contents_part > 0 or contents_before or self._fields.in_contents
        element = self._element(text, properties, style, is_contents)
        if element is not None:
            size = max(text.sizes, key=lambda s: text.sizes[s], default=style.size or 0)
            all_bold = bool(text.runs) and all(bold for part, bold in text.runs if part.strip())
            yield (
                element,
                _Look(size, all_bold, len(element.text), style.level is not None, bool(_TITLE_NAME.match(style.name))),
            )
        for alt in text.pictures:
            yield image(alt), _NO_LOOK
        if depth < _MAX_DEPTH:
            for box in text.boxes:
                yield from self._blocks(box, depth + 1)

    def _element(
        self, text: _Text, properties: etree._Element | None, style: _Style, is_contents: bool
    ) -> Element | None:
        numbering = _numbering_of(properties) or style.numbering
        content = text.text
        if not content:
            return None
        mark = self._numbering.mark(*numbering) if numbering is not None else None
        if is_contents:
            return paragraph(content, role=Role.CONTENTS)
        outline = _number(_value(properties, "outlineLvl"))
        level = outline + 1 if outline is not None and 0 <= outline <= 8 else style.level
        if _TITLE_NAME.match(style.name):
            return heading(content, 1)
        if level is not None and len(content) <= 300:
            return heading(f"{mark[0]} {content}" if mark and mark[1] else content, level)
        if style.is_code or (
            text.mono_chars and not text.plain_chars and _CODE_MARKS.search(content) and not has_cjk(content)
        ):
            return code("".join(part for part, _ in text.runs))
        if _CAPTION_NAME.match(style.name):
            return caption(content)
        bold = is_bold_lead([(part, bold or style.bold) for part, bold in text.runs])
        if mark is not None and numbering is not None:
            return list_item(content, level=numbering[1] + 1, marker=mark[0], ordered=mark[1], bold=bold)
        typed = split_marker(content)
        if typed is not None and "\n" not in content:
            return list_item(typed[1], marker=typed[0], ordered=is_ordered(typed[0]), bold=bold)
        return paragraph(content, bold=bold)

    # -- inline ---------------------------------------------------------------------------------------------------

    def _inline(self, node: etree._Element, text: _Text, style: _Style, link: str | None) -> None:
        for child in node:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == _W + "r":
                self._run(child, text, style)
            elif tag == _W + "hyperlink":
                self._hyperlink(child, text, style)
            elif tag in (_W + "del", _W + "moveFrom", _W + "pPr"):
                continue
            elif tag in (_M + "oMath", _M + "oMathPara"):
                text.runs.append(("".join(t.text or "" for t in child.iter(_M + "t")), False))
            elif tag in _TRANSPARENT:
                self._inline(child, text, style, link)

    def _hyperlink(self, node: etree._Element, text: _Text, style: _Style) -> None:
        start = len(text.runs)
        self._inline(node, text, style, link=None)
        target = self._package.targets.get(node.get(_R + "id") or "")
        shown = "".join(part for part, _ in text.runs[start:])
        bare = shown.strip()
        if target is None or not target.external or not re.match(r"https?://", target.path, re.I) or not bare:
            return
        address = target.path.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
        if bare.rstrip("/") != target.path.rstrip("/") and "](" not in bare:
            text.runs[start:] = [(shown.replace(bare, f"[{bare}]({address})"), text.runs[start][1])]

    def _run(self, node: etree._Element, text: _Text, style: _Style) -> None:
        properties = _child(node, "rPr")
        if _flag(properties, "vanish"):
            return
        run_style = self._styles.get(_value(properties, "rStyle") or "", _PLAIN)
        own = _flag(properties, "b")
        bold = own if own is not None else run_style.bold or style.bold
        said = "".join(self._pieces(node, text))
        if not said:
            return
        visible = len(said.strip())
        text.sizes[_number(_value(properties, "sz")) or run_style.size or style.size or 0] += visible
        monospace = _is_monospace(properties) or run_style.monospace or style.monospace
        inline_code = _INLINE_CODE_NAME.search(run_style.name) is not None
        text.mono_chars += visible if monospace and not inline_code else 0
        text.plain_chars += 0 if monospace and not inline_code else visible
        raised = _value(properties, "vertAlign") == "superscript" and re.fullmatch(r"[\d+\-]{1,3}", said)
        if raised:
            said = said.translate(_SUPERSCRIPT)
        if inline_code and said.strip() and "`" not in said:
            said = said.replace(said.strip(), f"`{said.strip()}`")
            if text.runs and text.runs[-1][0].endswith("`") and said.startswith("`"):
                before, was_bold = text.runs.pop()
                said = before[:-1] + said[1:]
                bold = was_bold
        text.runs.append((said, bold))

    def _pieces(self, node: etree._Element, text: _Text) -> Iterator[str]:
        for child in node:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == _W + "fldChar":
                self._fields.mark(child.get(_W + "fldCharType") or "")
            elif tag == _W + "instrText":
                self._fields.instruct(child.text or "")
            elif self._fields.hidden:
                continue
            elif tag == _W + "t":
                yield child.text or ""
            elif tag in (_W + "br", _W + "cr"):
                yield "\n" if child.get(_W + "type") in (None, "textWrapping") else ""
            elif tag == _W + "tab":
                yield "\t"
            elif tag == _W + "noBreakHyphen":
                yield "-"
            elif tag in (_W + "drawing", _W + "pict", _W + "object", _MC + "AlternateContent"):
                self._drawing(child, text)

    def _drawing(self, node: etree._Element, text: _Text) -> None:
        """Text boxes and picture descriptions. The alternative for old programs repeats them and is not read."""
        if node.tag == _MC + "AlternateContent":
            choice = node.find(_MC + "Choice")
            node = choice if choice is not None else node
        for part in node.iter(_WP + "docPr"):
            if alt := clean(part.get("descr") or ""):
                text.pictures.append(alt)
        text.boxes += [box for box in node.iter(_W + "txbxContent") if not _inside_fallback(box, node)]

    # -- tables ---------------------------------------------------------------------------------------------------

    def _table(self, node: etree._Element, depth: int) -> Iterator[tuple[Element, _Look]]:
        rows = [row for row in node.iter(_W + "tr") if _nearest(row, _W + "tbl") is node]
        widest = max((len(list(_own_cells(row))) for row in rows), default=0)
        if depth >= _MAX_DEPTH:
            return
        if widest <= 1:
            for row in rows:
                for cell in _own_cells(row):
                    yield from self._blocks(cell, depth + 1)
            return
        grid: list[list[str]] = []
        headers = 0
        bold_first = False
        for index, row in enumerate(rows):
            line, bold = self._row(row, grid[-1] if grid else [], depth)
            grid.append(line)
            if _flag(_child(row, "trPr"), "tblHeader") and headers == index:
                headers += 1
            bold_first = bold if index == 0 else bold_first and not bold
        if not headers and len(grid) > 1 and (bold_first or looks_like_header(grid)):
            headers = 1
        element = table(grid, headers)
        if element is not None:
            yield element, _NO_LOOK

    def _row(self, row: etree._Element, above: Sequence[str], depth: int) -> tuple[list[str], bool]:
        """The row's cells, merged ones repeating their text, and whether all its text is bold."""
        line: list[str] = []
        bold = True
        before = _number(_value(_child(row, "trPr"), "gridBefore")) or 0
        line += [""] * min(before, 60)
        for cell in _own_cells(row):
            properties = _child(cell, "tcPr")
            span = min(max(_number(_value(properties, "gridSpan")) or 1, 1), 60)
            merge = _child(properties, "vMerge")
            if merge is not None and (merge.get(_W + "val") or "continue") == "continue" and len(above) > len(line):
                line += list(above[len(line) : len(line) + span])
                continue
            parts = [(element, look) for element, look in self._blocks(cell, depth + 1)]
            bold = bold and all(look.all_bold for element, look in parts if element.text)
            line += ["\n".join(_cell_line(element) for element, _ in parts)] * span
        return line, bold and any(line)

    # -- furniture and notes ---------------------------------------------------------------------------------------

    def _furniture(self, kind: str, role: Role) -> list[Element]:
        seen: dict[str, Element] = {}
        for root in self._package.parts(kind):
            for element, _ in self._blocks(root, 1):
                text = join_lines(element.text)
                if text and text not in seen:
                    seen[text] = paragraph(text, role=role)
        return list(seen.values())

    def _notes(self) -> list[Element]:
        notes = []
        for kind in ("footnotes", "endnotes"):
            root = self._package.part(kind)
            for note in [] if root is None else root:
                if isinstance(note.tag, str) and note.get(_W + "type") in (None, "normal"):
                    text = "\n".join(element.text for element, _ in self._blocks(note, 1))
                    if text:
                        notes.append(footnote(text))
        return notes


_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def _own_cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == _W + "tc":
            yield child
        elif child.tag in (_W + "sdt", _W + "ins", _W + "customXml"):
            inner = _child(child, "sdtContent") if child.tag == _W + "sdt" else child
            yield from () if inner is None else inner.findall(_W + "tc")


def _nearest(node: etree._Element, tag: str) -> etree._Element | None:
    return next(node.iterancestors(tag), None)


def _inside_fallback(box: etree._Element, top: etree._Element) -> bool:
    for above in box.iterancestors():
        if above is top:
            return False
        if above.tag == _MC + "Fallback" or above.tag == _W + "txbxContent":
            return True
    return False


def _cell_line(element: Element) -> str:
    if element.kind is ElementKind.LIST_ITEM:
        return f"{element.marker or '•'} {element.text}"
    if element.kind is ElementKind.TABLE and element.rows:
        return "; ".join(", ".join(filter(None, row)) for row in element.rows)
    return element.text


# -- headings in disguise, code blocks, title ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """How an element was set: size in half points, all bold, its length, and what its style makes of it."""

    size: int = 0
    all_bold: bool = False
    chars: int = 0
    styled: bool = False
    title: bool = False


_NO_LOOK = _Look()


class _Shaped:
    """What only the whole can tell: a title above level 1, bold larger lines that head text, runs of code lines."""

    def __init__(self, parts: list[tuple[Element, _Look]]) -> None:
        self._parts = parts
        sizes: Counter[int] = Counter()
        for element, look in parts:
            if element.kind is ElementKind.PARAGRAPH and element.role is Role.BODY and not look.all_bold:
                sizes[look.size] += look.chars
        self._body_size = max(sizes, key=lambda s: sizes[s], default=0) or 21
        self._has_title = self._titled()
        fakes = {look.size for element, look in parts if self._is_fake(element, look)}
        self._ranks = {size: rank for rank, size in enumerate(sorted(fakes, reverse=True))}

    def _titled(self) -> bool:
        """Whether a title style comes before the first heading style, so that level 1 stands below it."""
        for element, look in self._parts:
            if element.kind is ElementKind.HEADING:
                return look.title
        return False

    def _is_fake(self, element: Element, look: _Look) -> bool:
        if element.kind is not ElementKind.PARAGRAPH or element.role is not Role.BODY or not element.text:
            return False
        short = (
            look.chars <= _MAX_FAKE_HEADING
            and "\n" not in element.text
            and not re.search(r"[。；;，,：:]$|\.$", element.text)
        )
        return short and look.all_bold and look.size >= self._body_size + 2

    def _heads_text(self, index: int) -> bool:
        """Whether a numbered item is a heading in disguise: short, bold or in capitals, with prose right under it."""
        element, look = self._parts[index]
        if (
            element.kind is not ElementKind.LIST_ITEM
            or not element.ordered
            or element.level != 1
            or index + 1 >= len(self._parts)
        ):
            return False
        text, below = element.text, self._parts[index + 1][0]
        if len(text) > _MAX_FAKE_HEADING or "\n" in text or re.search(r"[。；;，,：:]$|\.$", text):
            return False
        capitals = text.isupper() and sum(c.isalpha() for c in text) > 3
        prose = below.kind in (ElementKind.PARAGRAPH, ElementKind.TABLE, ElementKind.CODE) and len(below.text) > len(
            text
        )
        return (capitals or look.all_bold) and prose

    def elements(self) -> list[Element]:
        out: list[Element] = []
        base = 0
        for index, (element, look) in enumerate(self._parts):
            if element.kind is ElementKind.HEADING and not look.title:
                base = (element.level or 1) + (1 if self._has_title else 0)
                element = element.model_copy(update={"level": min(base, 9)})
            elif self._is_fake(element, look):
                element = heading(element.text, base + 1 + self._ranks[look.size])
            elif self._heads_text(index):
                element = heading(f"{element.marker} {element.text}", base + 1)
            elif element.kind is ElementKind.CODE and out and out[-1].kind is ElementKind.CODE:
                out[-1] = code(f"{out[-1].text}\n{element.text}")
                continue
            out.append(element)
        return out
