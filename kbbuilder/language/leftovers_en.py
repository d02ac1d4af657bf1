"""What an English answer must not carry over from its page: lost pictures and icons, other chapters, torn openings."""

from __future__ import annotations

import re
from itertools import pairwise

from kbbuilder.language.text import CJK

_LEFT_OVER = re.compile(
    # figures and pictures that are not there
    r"\b(?:shown|seen|illustrated|depicted|displayed|pictured) (?:in|on|by|at) (?:the |this )?(?:following |next |above )?(?:figures?|screenshots?|pictures?|images?|photos?|illustrations?|diagrams?)\b"
    r"|\b(?:following|above|below|next|previous) (?:figure|screenshot|picture|image|photo|diagram|illustration|screen shot)s?\b"
    r"|\b(?:figure|screenshot|picture|image|photo|diagram|illustration)s? (?:below|above|\d+(?:\.\d+)*)\b"
    r"|\bas (?:shown|illustrated|pictured)(?=[.,;)]|$)|\bclick(?:ing)?(?: on)? icons?\b"
    r"|\bthis (?:image|picture|screenshot|figure|photo|diagram) (?:shows|illustrates|depicts)\b"
    # controls whose picture is gone
    r"|\((?:icon|button) (?:or|and)\b"
    r"|\b(?:click(?:ing)?|press(?:ing)?|select(?:ing)?|use|using|with|tap)(?: on)? (?:the|this) icons?\b"
    r"|\bclick(?:ing)?(?: on)? (?:the|this) buttons?\b(?! [“\"`'(]| (?:labell?ed|named|called|marked|again|to))"
    r"|\b(?:with|via|using|use|click(?:ing)?(?: on)?|select(?:ing)?) the (?:button|option|tool)s?(?= ?(?:[.,;)]|$|in |on |at |and |or ))|\bthe tool is available\b"
    r"|\b(?:the|an) ?[,.;)](?:\s|$)|(?<=[a-z] )\( ?[,)]|\bicons? [.,;]|[a-z] , (?=[a-z(])"
    # other places of the book
    r"|\b(?:in|from|of|see) the (?:previous|preceding|next|following) (?:section|chapter|paragraph|page|lesson|tutorial)s?\b"
    r"|\b(?:later|earlier|elsewhere|further|above|below|examples?) in this (?:chapter|book|document|manual|guide|page|tutorial)\b"
    r"|\b(?:as|we|have|was|were|been|already) (?:mentioned|discussed|explained|noted|stated|said|seen|introduced|covered) (?:earlier|previously|before)\b"
    r"|\b(?:explained|described|mentioned|discussed|shown|seen|created|introduced) (?:earlier|previously)\b|\bsections? (?:below|above)\b"
    r"|\bby (?:referring to|consulting|reading) (?:its|the|their) (?:documentation|manual|help)\b"
    r"|\b(?:for|in|of) this (?:guide|tutorial|book|handbook)\b|\byou are (?:currently |now )?reading\b|\b[Tt]his (?:section|chapter) (?:will |only |also )?(?:cover|describe|explain|show|list|discuss|reviews|describes|covers|explains|presents|discusses|introduces|shows|lists|gives)\b|\bas we(?: have|['’]ve)? (?:already |just )?(?:seen|mentioned|said|discussed)\b"
    r"|(?:^|[.!?\n]\s*)as (?:mentioned|discussed|explained|described|noted|stated|shown|seen) above\b"
    # footnote marks
    r"|(?<=[\w.,;)])\s?\[\d{1,2}\](?!\()|[\u00b9\u00b2\u00b3\u2070-\u2079](?=\s|$)(?<![a-zA-Z][\u00b2\u00b3])",
    re.I,
)
_TORN_OPENING = re.compile(
    r"^\(?(?:however|therefore|thus|also|but|then|another|moreover|furthermore|in addition|likewise|similarly|otherwise|hence|finally|secondly|thirdly|"
    r"instead|now|next|again|let us|let['’]s|on the other hand|nevertheless|besides|conversely|consequently|it is also|he|she|they|both|(?:a bit |a little |much |some time )?later|(?:as )?(?:mentioned|described|discussed|explained|seen|noted|stated)|"
    r"as (?:we|you) (?:have|saw|will)|this (?:section|chapter|page|part|document|manual|guide|book|tutorial|subsection)|(?:this|these|those) (?:steps?|commands?|options?|examples?|problems?|methods?)|the (?:above|previous|former|latter|preceding)|the (?:next|second|third|last|final) (?:step|stage|part)|(?:all |both )?(?:of )?(?:these|those|them)|and|or|which|with which|so)\b",
    re.I,
)
_POINTS_UP = re.compile(r"\b(?:above|as before|previously)\b", re.I)
_POINTS_DOWN = re.compile(
    r"\b(?:described|shown|listed|explained|given|discussed|see|as) below\b|\bthe following (?:sections?|chapters?)\b|\bbelow[.,]?$|,$", re.I
)  # fmt: skip
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|(?<=\])\([^)]*\)|https?://\S+", re.S)
_HAN_RUN = re.compile(rf"[{CJK}][{CJK}，。、；：（）“”]{{5,}}")


def has_leftovers(answer: str) -> bool:
    """Whether an answer holds what only its page explains: figures, lost icons, footnotes, torn openings, lines in
    another language. Cost: O(characters)."""
    prose = _CODE.sub("Code", answer)
    han = len(re.findall(f"[{CJK}]", prose))
    if han > 0.03 * len(prose) or _HAN_RUN.search(prose) or _LEFT_OVER.search(prose):
        return True
    if _TORN_OPENING.match(answer.lstrip()) or _has_picture_table(answer):
        return True
    paragraphs = [p for p in prose.split("\n\n") if p.strip()]
    if any(_goes_on(a, b) or (_is_caption(a) and _is_caption(b)) for a, b in pairwise(paragraphs)):
        return True
    return bool(paragraphs) and (
        _POINTS_UP.search(paragraphs[0]) is not None or _POINTS_DOWN.search(paragraphs[-1]) is not None
    )


def _goes_on(before: str, after: str) -> bool:
    """Whether a page break or a lost picture tore a sentence in two: "Th", "is kernel has …"."""
    return re.match(r"[a-z]+[ ,]", after) is not None and re.search(r"[\w,-]$", before.rstrip()) is not None


def _has_picture_table(answer: str) -> bool:
    """Whether a table without a header has the names of lost pictures in its first column ("zoom fit 24 | Fit …")."""
    cells = re.findall(r"^\| ?([^|\n]*?) ?\|", answer, re.M)
    cells = [c for c in cells if not re.fullmatch(r"[-: ]*", c)]
    names = [c for c in cells if re.fullmatch(r"[a-z][a-z0-9_]*(?:(?: |<br>)[a-z0-9_]+)*", c)]
    return (
        len(cells) >= 3
        and (cells[0] in names or re.match(r"(?s).*^\|(?:\s*\|)+\s*$", answer, re.M) is not None)
        and len(names) >= 0.6 * len(cells)
    )


def _is_caption(paragraph: str) -> bool:
    """Whether a paragraph reads as a lost picture's caption or a label: a few words without an end."""
    return (
        len(paragraph) < 45
        and re.match(r"[A-Z][a-z]", paragraph) is not None
        and re.search(r"[a-z]$", paragraph) is not None
    )
