"""HTML pages and pieces of HTML: what a reader of the page sees, apart from what surrounds it.

libxml2 parses leniently; nothing is fetched, no entity of the file's own is expanded, and the walk over the tree does
not recurse. libxml2 itself leaves out what is nested more than some 2,000 levels deep; that is told in a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from kbbuilder.errors import Corrupt
from kbbuilder.language.encoding import decode
from kbbuilder.language.questions import ends_with_question_mark
from kbbuilder.language.text import CJK, has_cjk
from kbbuilder.reading_notes import NoteCode, ReadingNote, characters_damaged
from kbbuilder.schema import Element, ElementKind, ParsedDocument, Role
from kbbuilder.stages.parse.elements import (
    caption,
    code,
    document_of,
    footnote,
    heading,
    image,
    is_bold_lead,
    is_web_address,
    join_lines,
    list_item,
    looks_like_header,
    paragraph,
    split_marker,
    table,
)

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "applet",
        "canvas",
        "svg",
        "head",
        "link",
        "meta",
        "base",
        "param",
        "source",
        "track",
        "audio",
        "video",
        "select",
        "option",
        "datalist",
        "input",
        "textarea",
        "map",
        "area",
        "del",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "dir",
        "noframes",
        "listing",
        "xmp",
    ]
)
_BOLD = frozenset({"b", "strong"})
_CODE = frozenset({"code", "tt", "kbd", "samp"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_NAVIGATION_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar"}
)
# Whole words of class and id names: "navbar", "site-footer", "cookie_banner"; never parts of other words.
_NAVIGATION_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|navheader|navfooter|breadcrumbs?|sidebar|menu|topbar|site-?header|site-?footer|page-?footer|"
    r"footer|masthead|cookies?|cookie-?(?:banner|consent|notice|bar)|gdpr|consent|skip-?(?:link|nav|to-content)?|pagination|pager|share|social|"
    r"sharing|related-?(?:posts|articles|links|topics|pages|content|reading)?|advert(?:isement)?|ads?|promo|newsletter|edit-?link|editsection|prev-?next|rst-footer-buttons|"
    r"wy-nav-side|sphinxsidebar|related|vector-menu|mw-jump-link|navbox|catlinks|printfooter|authority-control)(?:$|[\s_-])",
    re.I,
)
_HOLDS_TEXT = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dt", "dd", "td", "th", "summary", "caption"))
_PERMALINK_NAME = re.compile(
    r"(?:^|[\s_-])(?:headerlink|permalink|header-anchor|anchorjs-link|heading-anchor|headeranchor)(?:$|[\s_-])", re.I
)
_PAGE_TURN = re.compile(r"^(?:(?:prev(?:ious)?|next|up|home)(?![a-z])|上一|下一|上页|下页|首页|返回)", re.I)
_CONTENTS_NAME = re.compile(
    r"(?:^|[\s_-])(?:toc\d?|table-?of-?contents|contents-list|local-toc|toctree(?:-wrapper)?|toctitle|sectlevel\d|list-of-(?:tables|figures|examples))(?:$|[\s_-])",
    re.I,
)
_CONTENTS_HEADING = re.compile(
    r"^(?:(?:table of )?contents|on this page|in this article|目\s*录|目\s*錄|本页内容|本頁內容|本文目录)$", re.I
)
_CALLOUT_NAME = re.compile(
    r"(?:^|[\s_-])(?:admonition(?:block)?|note|tip|warning|caution|important|callout|alert|notice|hint|attention|danger)(?:$|[\s_-])",
    re.I,
)
_CALLOUT_TITLE = re.compile(r"(?:^|[\s_-])(?:title|admonition-title|icon)(?:$|[\s_-])", re.I)
_ANCHOR_SIGN = re.compile(r"\s*[¶#§\uf0c1🔗]+\s*$")
_CHARSET = re.compile(rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight|brush:?|sourceCode|src)[-\s]([\w+#.-]+)", re.I)
_CAPTION = re.compile(r"^(?:table|figure|fig\.|图|圖|表|表格)\s*\d", re.I)
_SUPERSCRIPT = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_SPACE = re.compile(r"[ \t\r\n\f]+")
# The source's line breaks are blanks in English and nothing in Chinese.
_BREAK_IN_CJK = re.compile(
    f"(?<=[{CJK}，。；：！？、（）《》“”])[ \\t]*[\\r\\n][ \\t\\r\\n]*(?=[{CJK}，。；：！？、（）《》“”])"
)
_MAX_DEPTH = 2000
_MAX_SPAN = 1000
_ICON_SIDE = 32
_MAX_CELLS = 2_000_000
_MAX_TABLE_DEPTH = 8
_LINK_LIST = 4


class HtmlReader:
    """Reads a saved web page."""

    def read(self, path: Path, name: str) -> ParsedDocument:
        """The page's content; what surrounds it has the role NAVIGATION or CONTENTS, scripts are left out.

        Raises:
            Corrupt: the bytes are no readable text, or libxml2 finds no element in them.
        """
        data = path.read_bytes()
        declared = _CHARSET.search(data[:4096])
        decoded = decode(data, declared.group(1).decode("ascii") if declared else None)
        root = _parse(decoded.text)
        if root is None:
            raise Corrupt("no HTML element was found in the page")
        title = root.find(".//title")
        warnings = characters_damaged(decoded.damaged)
        page = _Page(root, _Surroundings(root))
        elements = page.elements()
        if page.deepest >= _MAX_DEPTH:
            if not elements:
                raise Corrupt("the page's parts are nested too deeply to be read")
            warnings.append(ReadingNote(code=NoteCode.NESTED_TOO_DEEPLY, values={"levels": _MAX_DEPTH}))
        book = root.find(".//link[@rel='home'][@title]")
        if elements and book is not None and book.get("title", "").strip():
            # A page of a book that was cut into pages names its book here, as a running head does on paper.
            elements = [paragraph(book.get("title", ""), role=Role.PAGE_HEADER), *elements]
        text = "" if title is None else "".join(title.itertext())
        return document_of(name, "text/html", elements, title=text, warnings=warnings)


def html_elements(markup: str) -> tuple[Element, ...]:
    """The elements of a piece of HTML (a Markdown HTML block, an EPUB table); none when it holds no text."""
    root = _parse(markup)
    return () if root is None else tuple(_Page(root).elements())


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, recover=True)
    # An encoding named in the text would be believed over the str it is in; NUL would end the document.
    markup = text.replace("\x00", "").lstrip("\ufeff")
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    if not markup.strip():
        return None
    parser.feed(markup.encode("utf-8", errors="replace").decode("utf-8"))
    try:
        return parser.close()
    except etree.XMLSyntaxError:
        return None


# -- inline text -----------------------------------------------------------------------------------


_ENDS_IN_CJK = re.compile(f"[{CJK}] ?$")
_STARTS_WITH_CJK = re.compile(f" ?[{CJK}]")


class _Inline:
    """The paragraph that is being read: runs of (text, bold), the pictures before any text and the others."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, bool]] = []
        self.leading: list[Element] = []
        self.pictures: list[Element] = []
        self._last = "\n"

    def add(self, text: str, *, bold: bool) -> None:
        collapsed = _SPACE.sub(" ", _BREAK_IN_CJK.sub("", text))
        if self._last in " \n":
            collapsed = collapsed.lstrip(" ")
        self.add_raw(self._without_seam(collapsed), bold=bold)

    def _without_seam(self, text: str) -> str:
        """The text without the blank that mark-up languages force round emphasis inside a Chinese sentence."""
        before = self.runs[-1][0] if self.runs else ""
        if not (_ENDS_IN_CJK.search(before) and _STARTS_WITH_CJK.match(text)):
            return text
        if before.endswith(" "):
            self.runs[-1] = (before.rstrip(" "), self.runs[-1][1])
        return text.lstrip(" ")

    def add_raw(self, text: str, *, bold: bool) -> None:
        if text:
            self.runs.append((text, bold))
            self._last = text[-1]

    def since(self, start: int) -> str:
        return "".join(text for text, _ in self.runs[start:])

    def replace_since(self, start: int, text: str) -> None:
        if start < len(self.runs):
            self.runs[start:] = [(text, self.runs[start][1])]
            self._last = text[-1:] or self._last

    @property
    def text(self) -> str:
        return self.since(0)


def _code_marked(text: str) -> str:
    """Back-ticks round the text, white space left outside."""
    bare = text.strip()
    if not bare or "`" in bare or "\n" in bare:
        return text
    return text.replace(bare, f"`{bare}`", 1)


def _link_marked(text: str, href: str) -> str:
    """`[text](address)` for an absolute address that the text does not already show."""
    bare = text.strip()
    target = href.strip().replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    if not bare or "](" in bare or "\n" in bare or not re.match(r"https?://", target, re.I):
        return text
    if bare.strip("`<>").rstrip("/") == href.strip().rstrip("/"):
        return text
    return text.replace(bare, f"[{bare.replace('[', '(').replace(']', ')')}]({target})", 1)


# -- judging parts of the page ---------------------------------------------------------------------


def _tag(node: etree._Element) -> str:
    return node.tag.lower() if isinstance(node.tag, str) else ""


def _names(node: etree._Element) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}".strip()


def _all_text(node: etree._Element) -> str:
    return " ".join("".join(t for t in node.itertext()).split())


def _linked_share(node: etree._Element) -> float:
    links = sum(len(_all_text(link)) for link in node.iter("a"))
    return links / max(1, len(_all_text(node)))


def _main_part(root: etree._Element) -> etree._Element | None:
    """The element the page itself calls its main content, if it holds a fair part of the text."""
    found = root.findall(".//main") or root.xpath(".//*[@role='main']") or root.findall(".//article")
    if len(found) != 1:
        return None
    return found[0] if len(_all_text(found[0])) * 4 >= len(_all_text(root)) else None


class _Surroundings:
    """Tells what is content and what surrounds it, from tags, roles, names and the share of linked text."""

    def __init__(self, root: etree._Element) -> None:
        self._whole = max(1, len(_all_text(root)))
        self._main = _main_part(root)
        self._above_main = set() if self._main is None else set(self._main.iterancestors())

    def role_of(self, node: etree._Element, tag: str, *, seen_text: bool) -> Role | None:
        """The role that starts with this element, or None when nothing changes."""
        if tag in ("html", "body", "main") or node is self._main or node in self._above_main:
            return None
        if (
            self._main is not None
            and node.getparent() in self._above_main
            and node.find(".//h1") is None
            and tag != "h1"
        ):
            return Role.NAVIGATION
        names = _names(node)
        if names and _CONTENTS_NAME.search(names) and _linked_share(node) > 0.3 and self._may_surround(node):
            return Role.CONTENTS
        if self._navigates(node, tag, names):
            return Role.NAVIGATION
        if tag in _LISTS and node.getparent() is not None:
            return Role.NAVIGATION if _turns_pages(node) else self._link_list(node, seen_text)
        return None

    def _is_small(self, node: etree._Element) -> bool:
        return node.find(".//h1") is None and len(_all_text(node)) < 0.5 * self._whole

    def _may_surround(self, node: etree._Element) -> bool:
        """Whether a list of contents can be one: it is small, or, on the first page of a book, nothing but links."""
        return self._is_small(node) or (node.find(".//h1") is None and _linked_share(node) > 0.7)

    def _navigates(self, node: etree._Element, tag: str, names: str) -> bool:
        if (node.get("role") or "").lower() in _NAVIGATION_ROLES or tag == "nav":
            return self._is_small(node)
        if tag in ("footer", "header"):
            return self._is_small(node) and not any(
                a.tag in ("article", "section", "main") for a in node.iterancestors()
            )
        if tag == "aside":
            return not _CALLOUT_NAME.search(names) and self._is_small(node)
        if tag not in ("div", "ul", "ol", "table", "section", "p", "span", "form", "td", "a"):
            return False
        if tag in ("span", "a") and any(a.tag in _HOLDS_TEXT for a in node.iterancestors()):
            return False  # a link inside a heading or a sentence is part of it
        return bool(names) and _NAVIGATION_NAME.search(names) is not None and self._is_small(node)

    def _link_list(self, node: etree._Element, seen_text: bool) -> Role | None:
        links = list(node.iter("a"))
        if len(links) < _LINK_LIST or _linked_share(node) < 0.9 or not self._is_small(node):
            return None
        if all((link.get("href") or "#").startswith("#") for link in links):
            return Role.CONTENTS
        return None if seen_text else Role.NAVIGATION


def _turns_pages(node: etree._Element) -> bool:
    """Whether a list only leads to the previous, upper and next page."""
    texts = [_all_text(item) for item in node if _tag(item) == "li"]
    return 2 <= len(texts) <= 5 and sum(_PAGE_TURN.match(text) is not None for text in texts) >= 2


# -- the walk --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Item:
    """An open list item: its mark, and whether its first paragraph has been given out."""

    marker: str | None
    ordered: bool
    level: int
    given: bool = False


class _Page:
    """Walks the tree with a stack of its own, so that no depth of nesting can exhaust Python's."""

    def __init__(self, root: etree._Element, surroundings: _Surroundings | None = None, depth: int = 0) -> None:
        self._root = root
        self._surroundings = surroundings
        self._depth = depth
        self._out: list[Element] = []
        self._inline = _Inline()
        self._bold = 0
        self._links: list[tuple[str, int]] = []
        self._codes: list[int] = []
        self._lists: list[tuple[bool, int]] = []
        self._items: list[_Item] = []
        self._roles: list[Role] = []
        self._level = 0
        self._in_heading = 0
        self._notes = 0
        self._label = ""
        self._seen_text = False
        self.deepest = 0

    def elements(self) -> list[Element]:
        stack: list[tuple[etree._Element, int, bool, bool]] = [(self._root, 1, False, False)]
        while stack:
            node, nesting, closing, has_role = stack.pop()
            self.deepest = max(self.deepest, nesting)
            tag = _tag(node)
            if closing:
                self._close(node, tag)
                if has_role:
                    self._flush()
                    self._roles.pop()
                self._tail(node)
                continue
            if tag in _SKIPPED or not tag:
                self._tail(node)
                continue
            role = self._surroundings.role_of(node, tag, seen_text=self._seen_text) if self._surroundings else None
            if role is not None:
                self._flush()
                self._roles.append(role)
            stack.append((node, nesting, True, role is not None))
            if self._open(node, tag):
                if node.text:
                    self._inline.add(node.text, bold=self._bold > 0)
                stack.extend((child, nesting + 1, False, False) for child in reversed(node))
        self._flush()
        return self._out

    def _tail(self, node: etree._Element) -> None:
        if node.tail and node is not self._root:
            self._inline.add(node.tail, bold=self._bold > 0)

    # `_open` returns whether the walk goes on into the element.

    def _open(self, node: etree._Element, tag: str) -> bool:
        if tag == "button" and self._in_heading:
            return True
        if tag in ("pre", "listing", "xmp"):
            self._flush()
            self._code_block(node)
            return False
        if tag in _BLOCKS:
            self._flush()
            if tag == "table":
                return self._open_table(node)
            self._open_block(node, tag)
            return True
        return self._open_inline(node, tag)

    def _open_block(self, node: etree._Element, tag: str) -> None:
        if tag in _LISTS:
            start = node.get("start") or "1"
            self._lists.append((tag == "ol", int(start) if start.isdigit() else 1))
        elif tag == "li":
            self._items.append(self._item(node))
        elif _heading_level(node, tag) is not None:
            self._in_heading += 1
        if _FOOTNOTES.search(_names(node)):
            self._notes += 1

    def _item(self, node: etree._Element) -> _Item:
        level = max(1, len(self._lists))
        ordered, number = self._lists[-1] if self._lists else (False, 1)
        if not ordered:
            return _Item(None, False, level)
        value = node.get("value") or ""
        number = int(value) if value.isdigit() else number
        self._lists[-1] = (True, number + 1)
        return _Item(f"{number}.", True, level)

    def _open_inline(self, node: etree._Element, tag: str) -> bool:
        if tag in _BOLD:
            self._bold += 1
        elif tag == "br":
            self._inline.add_raw("\n", bold=self._bold > 0)
        elif tag == "img":
            self._picture(node)
        elif tag in _CODE:
            self._codes.append(len(self._inline.runs))
        elif tag == "a" and _PERMALINK_NAME.search(_names(node)):
            return False
        elif tag == "a":
            self._links.append((node.get("href") or "", len(self._inline.runs)))
        elif tag == "sup":
            self._inline.add_raw(_superscript(node), bold=self._bold > 0)
            return False
        return True

    def _picture(self, node: etree._Element) -> None:
        """A picture. An empty description says that it is an ornament; a missing one says nothing."""
        alt = node.get("alt")
        address = next((a for a in map(node.get, ("src", "data-src", "data-original")) if a and is_web_address(a)), "")
        if _is_ornament(node) or (not alt and (not address or alt is not None)):
            return
        picture = image(alt or "", address=address).model_copy(update={"role": self._role})
        after_text = any(text.strip() for text, _ in self._inline.runs)
        (self._inline.pictures if after_text else self._inline.leading).append(picture)

    def _close(self, node: etree._Element, tag: str) -> None:
        if tag in ("pre", "listing", "xmp") or (tag == "button" and self._in_heading):
            return
        if tag in _BLOCKS:
            self._close_block(node, tag)
        elif tag in _BOLD:
            self._bold = max(0, self._bold - 1)
        elif tag in _CODE and self._codes:
            start = self._codes.pop()
            if not self._codes:
                self._inline.replace_since(start, _code_marked(self._inline.since(start)))
        elif tag == "a" and self._links:
            href, start = self._links.pop()
            self._inline.replace_since(start, _link_marked(self._inline.since(start), href))

    def _close_block(self, node: etree._Element, tag: str) -> None:
        level = _heading_level(node, tag)
        if level is not None:
            self._in_heading = max(0, self._in_heading - 1)
            self._flush_heading(level)
        elif tag in ("summary", "button"):
            self._flush_switch(tag)
        elif tag in ("figcaption", "caption"):
            self._flush_caption()
        elif _CALLOUT_TITLE.search(node.get("class") or "") and self._in_callout(node):
            self._label = join_lines(self._take().text).rstrip(":：") or self._label
        else:
            self._flush(bold=tag == "dt" or "title" in (node.get("class") or "").split())
        if tag == "li" and self._items:
            self._items.pop()
        elif tag in _LISTS and self._lists:
            self._lists.pop()
        if _FOOTNOTES.search(_names(node)):
            self._notes = max(0, self._notes - 1)

    def _in_callout(self, node: etree._Element) -> bool:
        near = [node, *list(node.iterancestors())[:5]]
        return any(_CALLOUT_NAME.search(_names(above)) for above in near)

    # -- what the walk gives out ------------------------------------------------------------------------------------

    @property
    def _role(self) -> Role:
        return self._roles[-1] if self._roles else Role.BODY

    def _take(self) -> _Inline:
        inline, self._inline = self._inline, _Inline()
        # An inline element may span blocks (malformed, but common): it goes on at the next block's start.
        self._codes = [0] * len(self._codes)
        self._links = [(href, 0) for href, _ in self._links]
        return inline

    def _flush(self, *, bold: bool = False) -> None:
        if not self._inline.runs and not self._inline.leading:
            return
        inline = self._take()
        text = inline.text.strip()
        # A list item's own picture stands below its text: in front, it would stand before the item's mark.
        below = bool(self._items) and not self._items[-1].given
        if not below:
            self._out += inline.leading
        if text:
            self._emit_text(text, bold or is_bold_lead(inline.runs))
        self._out += [*(inline.leading if below else ()), *inline.pictures]

    def _emit_text(self, text: str, bold: bool) -> None:
        if self._label:
            if not text.startswith(self._label):
                text = f"{self._label}{'：' if has_cjk(self._label + text[:20]) else ': '}{text}"
            self._label = ""
        self._seen_text = self._seen_text or (self._role is Role.BODY and len(text) > 40)
        item = self._items[-1] if self._items else None
        if self._notes:
            self._out.append(footnote(text).model_copy(update={"role": self._role}))
        elif item is not None and not item.given:
            item.given = True
            marked = split_marker(text) if item.marker is None else None
            marker, rest = (item.marker, text) if marked is None else marked
            self._out.append(
                list_item(rest, level=item.level, marker=marker, ordered=item.ordered, bold=bold, role=self._role)
            )
        elif _CAPTION.match(text) and len(text) <= 120 and bold:
            self._out.append(caption(text).model_copy(update={"role": self._role}))
        else:
            self._out.append(paragraph(text, bold=bold, role=self._role))

    def _flush_heading(self, level: int) -> None:
        inline = self._take()
        text = _ANCHOR_SIGN.sub("", join_lines(inline.text))
        if text:
            role = Role.CONTENTS if self._role is Role.BODY and _CONTENTS_HEADING.match(text) else self._role
            if role is Role.BODY:
                self._level = level
            self._out.append(heading(text, level, role=role))
        self._out += [*inline.leading, *inline.pictures]

    def _flush_switch(self, tag: str) -> None:
        """What a reader clicks to see more: a summary, or the button of a fold-out question, heads what it opens."""
        text = join_lines(self._take().text)
        if not text:
            return
        if tag == "summary" or ends_with_question_mark(text):
            self._out.append(heading(text, self._level + 1, role=self._role))
        else:
            self._out.append(paragraph(text, role=Role.NAVIGATION))

    def _flush_caption(self) -> None:
        inline = self._take()
        text = join_lines(inline.text)
        if text:
            self._out.append(caption(text).model_copy(update={"role": self._role}))
        self._out += [*inline.leading, *inline.pictures]

    def _code_block(self, node: etree._Element) -> None:
        for line_break in node.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        element = code("".join(node.itertext()), language=_code_language(node))
        if element.text.strip():
            self._out.append(element.model_copy(update={"role": self._role}))

    # -- tables ---------------------------------------------------------------------------------------------------

    def _open_table(self, node: etree._Element) -> bool:
        """Gives out a table of data and returns False; a table that only lays out the page is walked like any block."""
        if self._depth >= _MAX_TABLE_DEPTH or _lays_out(node):
            return True
        grid, header_rows, names = _grid(node, self._cell_text)
        self._out += [caption(name).model_copy(update={"role": self._role}) for name in names]
        element = table(grid, header_rows, role=self._role)
        if element is not None:
            self._out.append(element)
            self._seen_text = True
        return False

    def _cell_text(self, cell: etree._Element) -> str:
        if not len(cell):
            return _SPACE.sub(" ", cell.text or "").strip()
        parts = _Page(cell, None, self._depth + 1).elements()
        return "\n".join(_cell_line(part) for part in parts)


_FOOTNOTES = re.compile(r"(?:^|\s)footnotes?(?:$|\s)", re.I)


def _is_ornament(node: etree._Element) -> bool:
    """Whether a picture is set no larger than a line of text: an icon, a counter's single dot."""
    sides = [node.get(name) or "" for name in ("width", "height")]
    return any(side.removesuffix("px").isdigit() and int(side.removesuffix("px")) <= _ICON_SIDE for side in sides)


def _heading_level(node: etree._Element, tag: str) -> int | None:
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return int(tag[1])
    if node.get("role") == "heading":
        level = node.get("aria-level") or "2"
        return int(level) if level.isdigit() else 2
    return None


def _superscript(node: etree._Element) -> str:
    """ "10<sup>3</sup>" is 10³, not 103; a reference to a footnote is left out."""
    text = _all_text(node)
    linked = node.find(".//a") is not None or any(_tag(above) == "a" for above in list(node.iterancestors())[:2])
    if linked and re.fullmatch(r"\W*\w{1,3}\W*", text):
        return ""
    return text.translate(_SUPERSCRIPT) if re.fullmatch(r"[\d+\-n]{1,4}", text) else text


def _code_language(node: etree._Element) -> str | None:
    for part in (node, *node.iter("code")):
        match = _LANGUAGE.search((part.get("class") or "") + " " + (part.get("data-lang") or ""))
        if match:
            return match.group(1).lower()
    return None


def _cell_line(part: Element) -> str:
    if part.kind is ElementKind.LIST_ITEM:
        return f"{part.marker or '-'} {part.text}"
    if part.kind is ElementKind.TABLE and part.rows:
        return "; ".join(", ".join(filter(None, row)) for row in part.rows)
    return part.text


def _own_rows(table_node: etree._Element) -> list[etree._Element]:
    """The table's rows, without those of tables inside it."""
    rows = []
    for child in table_node:
        tag = _tag(child)
        if tag == "tr":
            rows.append(child)
        elif tag in ("thead", "tbody", "tfoot"):
            rows += [row for row in child if _tag(row) == "tr"]
    return rows


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if _tag(cell) in ("td", "th")]


def _lays_out(node: etree._Element) -> bool:
    """Whether a table arranges the page rather than data: callouts, columns of text, frames round other tables."""
    if (node.get("role") or "").lower() in ("presentation", "none"):
        return True
    if any(_CALLOUT_NAME.search(_names(near)) for near in (node, node.getparent()) if near is not None):
        return True
    rows = _own_rows(node)
    if max((len(_cells(row)) for row in rows), default=0) < 2:
        return len(rows) < 2 or not any(_tag(cell) == "th" for row in rows for cell in _cells(row))
    if len(rows) == 1 and not any(_tag(cell) == "th" for cell in _cells(rows[0])):
        return True
    if any(_tag(part) in ("h1", "h2", "h3") for part in node.iter("h1", "h2", "h3")):
        return True
    nested = next(node.iterdescendants("table"), None) is not None
    return nested and (len(rows) < 3 or any(len(list(cell.iter("table"))) > 1 for row in rows for cell in _cells(row)))


def _grid(node: etree._Element, text_of: Callable[[etree._Element], str]) -> tuple[list[list[str]], int, list[str]]:
    """Cells with row and column spans filled in, the number of header rows, and the captions."""
    names = [join_lines("".join(c.itertext())) for c in node if _tag(c) == "caption"]
    rows = _own_rows(node)
    grid: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}
    header_rows, in_header, size = 0, True, 0
    for row in rows:
        line, cells = _filled_row(row, carried, text_of)
        size += len(line)
        if size > _MAX_CELLS:
            break
        if len(rows) > 1 and len(cells) == 1 and not grid and len(line) > 1 and line[0]:
            names.append(join_lines(line[0]))
            continue
        grid.append(line)
        is_header = _tag(row.getparent()) == "thead" or (bool(cells) and all(_tag(cell) == "th" for cell in cells))
        in_header = in_header and is_header
        header_rows += in_header
    if not header_rows and next(node.iter("th"), None) is None and (looks_like_header(grid) or _is_bold_first(rows)):
        header_rows = 1
    return grid, min(header_rows, max(0, len(grid) - 1)), [name for name in names if name]


def _is_bold_first(rows: Sequence[etree._Element]) -> bool:
    """Whether all cells of the first row are set bold and those of the second are not."""
    return len(rows) > 1 and all(map(_is_bold, _cells(rows[0]))) and not any(map(_is_bold, _cells(rows[1])))


def _is_bold(cell: etree._Element) -> bool:
    text = _all_text(cell)
    return bool(text) and any(_all_text(part) == text for part in cell.iter("b", "strong"))


def _filled_row(
    row: etree._Element, carried: dict[int, tuple[int, str]], text_of: Callable[[etree._Element], str]
) -> tuple[list[str], list[etree._Element]]:
    line: list[str] = []

    def carry() -> None:
        while len(line) in carried:
            left, text = carried.pop(len(line))
            if left > 1:
                pending[len(line)] = (left - 1, text)
            line.append(text)

    pending: dict[int, tuple[int, str]] = {}
    cells = _cells(row)
    for cell in cells:
        carry()
        text = text_of(cell)
        down = _span(cell, "rowspan")
        for _ in range(_span(cell, "colspan")):
            if down > 1:
                pending[len(line)] = (down - 1, text)
            line.append(text)
    carry()
    carried.update(pending)
    return line, cells


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1
