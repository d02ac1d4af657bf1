"""Print a Markdown manual to PDF with cover, contents, index, running heads and bookmarks."""

from __future__ import annotations

import html
import io
import json
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blocks import Block, markdown, read_blocks
from cjk_font import font_faces
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

BROWSER = "/usr/bin/chromium"
BROWSER_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIXED_DATE = "D:20250303090000Z"
CONTENTS_LEVEL = 2

#: Fills the space between a heading and its page number with dots.
LEADERS = """() => {
  for (const leader of document.querySelectorAll('.leader')) {
    leader.textContent = '.'.repeat(400);
    const dot = leader.scrollWidth / 400;
    leader.textContent = '.'.repeat(Math.floor((leader.clientWidth - 4) / dot));
  }
}"""

#: Page numbers by full heading, e.g. {"1.1 Intended use": 5}.
Pages = dict[str, int]


@dataclass(frozen=True)
class Manual:
    """The content of one manual and the words around it."""

    body: str
    info: dict[str, Any]
    headings: list[Block]


def load_manual(folder: Path, name: str) -> Manual:
    """Read the Markdown text and the settings of a manual."""
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    info = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    headings = [block for block in read_blocks(text) if block.kind == "heading"]
    return Manual(text, info, headings)


def is_chinese(manual: Manual) -> bool:
    """Whether the manual needs a Chinese font."""
    return str(manual.info["lang"]).startswith("zh")


def manual_text(manual: Manual) -> str:
    """Every character that can appear in the manual."""
    return manual.body + json.dumps(manual.info, ensure_ascii=False) + string.printable


def anchor(title: str) -> str:
    """The id of a heading: its number, e.g. s4-2."""
    number = re.search(r"\d+(\.\d+)*", title)
    return "s" + (number.group().replace(".", "-") if number else "0")


def body_html(manual: Manual) -> str:
    """The chapters as HTML, every heading with an id."""
    page = markdown().render(manual.body)
    return re.sub(
        r"<(h[1-3])>(.*?)</h",
        lambda match: f'<{match[1]} id="{anchor(match[2])}">{match[2]}</h',
        page,
    )


def contents_html(manual: Manual, pages: Pages) -> str:
    """The contents page with dotted leaders and page numbers."""
    lines = [f'<section class="contents"><h1>{manual.info["contents_title"]}</h1>']
    for heading in manual.headings:
        if heading.level <= CONTENTS_LEVEL:
            title = html.escape(heading.text)
            lines.append(
                f'<a class="entry level{heading.level}" href="#{anchor(heading.text)}"><span>{title}</span>'
                f'<span class="leader"></span><span>{pages.get(heading.text, 0)}</span></a>'
            )
    return "\n".join([*lines, "</section>"])


def index_html(manual: Manual, pages: Pages) -> str:
    """The index at the back, or nothing if the manual has none."""
    entries = manual.info["index"]
    if not entries:
        return ""
    by_number = {title.split(" ")[0]: page for title, page in pages.items()}
    lines = [f'<section class="index"><h1>{manual.info["index_title"]}</h1><div class="columns">']
    for term, *sections in entries:
        numbers = sorted({by_number.get(section, 0) for section in sections})
        lines.append(f"<p>{html.escape(term)}, {', '.join(map(str, numbers))}</p>")
    return "\n".join([*lines, "</div></section>"])


def page_rules(info: dict[str, Any]) -> str:
    """The running header and footer as page rules."""
    before, after = info["page_label"]
    number = f'"{before}" counter(page) "{after}"'
    return f"""
.contents, .entry {{ width: {info["page_width_mm"] - 34}mm; }}
@page {{ size: {info["page_width_mm"]}mm {info["page_height_mm"]}mm; margin: 19mm 16mm 17mm 16mm;
  @top-left {{ content: "{info["header_left"]}"; }}
  @top-right {{ content: "{info["header_right"]}"; }}
  @bottom-left {{ content: "{info["footer"]}"; }}
  @bottom-right {{ content: {number}; }} }}
@page :first {{ @top-left {{ content: ""; }} @top-right {{ content: ""; }}
  @bottom-left {{ content: ""; }} @bottom-right {{ content: ""; }} }}
"""


def manual_html(manual: Manual, pages: Pages, style: str) -> str:
    """The whole manual as one HTML page."""
    info = manual.info
    return "\n".join(
        [
            f'<!DOCTYPE html><html lang="{info["lang"]}"><head><meta charset="utf-8">',
            f"<title>{html.escape(info['title'])}</title>",
            f"<style>{style}{page_rules(info)}</style></head><body>",
            '<section class="cover">',
            *info["cover"],
            '</section><section class="imprint">',
            *info["imprint"],
            "</section>",
            contents_html(manual, pages),
            f'<main class="body">{body_html(manual)}</main>',
            index_html(manual, pages),
            *info["back"],
            "</body></html>",
        ]
    )


def print_pdf(browser: Browser, page_html: str) -> bytes:
    """Print HTML to a tagged PDF with bookmarks."""
    page = browser.new_page()
    page.set_content(page_html)
    page.evaluate("document.fonts.ready")
    page.evaluate(LEADERS)
    data = page.pdf(prefer_css_page_size=True, outline=True, tagged=True, print_background=True)
    page.close()
    return data


def outline_pages(data: bytes) -> Pages:
    """The page number of every bookmark."""
    reader = PdfReader(io.BytesIO(data))
    pages: Pages = {}

    def collect(entries: list[Any]) -> None:
        for entry in entries:
            if isinstance(entry, list):
                collect(entry)
            else:
                pages[str(entry.title)] = (reader.get_destination_page_number(entry) or 0) + 1

    collect(reader.outline)
    return pages


def write_clean(data: bytes, info: dict[str, Any], target: Path) -> None:
    """Store the PDF with fixed document properties."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.metadata = {
        "/Title": info["title"],
        "/Author": info["author"],
        "/CreationDate": FIXED_DATE,
        "/ModDate": FIXED_DATE,
    }
    writer.compress_identical_objects()
    writer.write(target)


def build_manuals(content: Path, manuals: dict[str, Path]) -> None:
    """Print every manual: first for the page numbers, then with the numbers filled in."""
    base_style = (content / "manual.css").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=BROWSER_ARGUMENTS)
        for name, target in manuals.items():
            manual = load_manual(content, name)
            style = base_style + (font_faces(manual_text(manual)) if is_chinese(manual) else "")
            pages = outline_pages(print_pdf(browser, manual_html(manual, {}, style)))
            data = print_pdf(browser, manual_html(manual, pages, style))
            if outline_pages(data) != pages:
                raise RuntimeError(f"The page numbers of {target.name} did not settle.")
            write_clean(data, manual.info, target)
        browser.close()
