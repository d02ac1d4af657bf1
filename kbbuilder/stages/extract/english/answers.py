"""What an English answer must be: instruction where a task is asked, and nothing that needs the page it stood on."""

from __future__ import annotations

import re
from itertools import pairwise

from kbbuilder.language.text import CJK, without_code
from kbbuilder.stages.extract import lexicon_en as lex

_SENTENCE = re.compile(r"(?<=[.!?:])[\"”')]*\s+(?=[A-Z0-9“\"(`-])|\n+")
_MARK = re.compile(r"^(?:[-*•]|\(?\d+[.)])?\s*")
_FRAME = re.compile(
    r"^(?:(?:please|first|then|next|now|finally|just|simply|always|afterwards|also|alternatively|instead|again|optionally)\b,? ?(?:of all,? )?"
    r"|(?:and|or|so) (?=[a-z])"
    r"|(?:if|when|once|after|before|to|in|on|from|for|at|with|by|under|as|while|unless|until|depending on)\b[^,.]{3,110}, (?:then |just |simply |please )?)+",
    re.I,
)
_LETS = re.compile(
    r"\byou(?:['’]ll| (?:can|could|should|must|may|might|need|have to|will|only))\b"
    r"|\b(?:is|are) (?:done|carried out|performed|achieved|installed|configured|created|enabled|disabled|set|changed|selected) (?:by|with|using|via|from|through|in)\b"
    r"|\b(?:can|must|should|needs? to|has to|have to) be \w+(?:ed|en|t|n)\b"
    r"|\bby (?:[a-z]+-)?(?:click|select|runn|press|typ|edit|issu|draw|chang|add|us|hold|choos|sett|execut|install|dragg|mov|turn|creat|enter)ing\b"
    r"|\b(?:can|may) be (?:moved|edited|added|created|set|changed|opened|done|started|placed|removed|assigned|drawn|installed|configured|enabled)\b"
    r"|\b(?:do not|don['’]t|never|be sure to|make sure|it is (?:enough|sufficient|possible|necessary|recommended) to)\b|→",
    re.I,
)
_STATES = frozenset("of is are was were has have had can will may in that which and or for".split())
_STORY = re.compile(
    r"\b(?:was|were|had|did|decided|chose|opted|became|wanted|deemed|started|began|took|went|made|got|having been)\b"
)


_EPISODE = re.compile(
    r"\b(?:administrators?|company|team|authors?|engineers?) (?:has |have )?(?:chose|chosen|decided|opted|selected|wanted|wants? to)\b"
)
"""What others once decided is a story, not an instruction."""
_MID_WAY = re.compile(
    r"with (?:the|all|your) [^,.]{3,50} (?:in place|done|ready)\b|(?:once|after|now that|when) (?:a|an|the|your|all|these|that|this) [^,.]{3,70} (?:has|have) been \w+|the [\w ]{3,40} (?:is|are) (?:now )?(?:complete|finished|ready)\b",
    re.I,
)
"""An opening that stands in the middle of a longer course."""


def _sentences(prose: str) -> list[str]:
    without_blocks = re.sub(r"```.*?(?:```|\Z)", "\n", prose, flags=re.S)
    return [s for s in (part.strip() for part in _SENTENCE.split(without_blocks)) if len(s) > 3]


def is_imperative(sentence: str) -> bool:
    """Whether a sentence tells the reader to do something ("Press it.", "Once dry, close the lid.")."""
    bare = _MARK.sub("", sentence)
    bare = _FRAME.sub("", bare).lstrip("“\"'(*")
    first, _, rest = bare.partition(" ")
    word = first.lower().strip(",.;:")
    if re.match(r"to [^,.;]{3,70}? (?:select|use|click|press|type|run|choose|open|hold|go to|double-click|right-click|execute|enter)\b", bare, re.I):  # fmt: skip
        return True
    if re.match(r"(?:do not|don['’]t|never|make sure|be sure|ensure|keep|let|go|see that|double-click|right-click|left-click|click|type|press|try|remember|concentrate|focus|consider|avoid|note|append|explain|describe|refer to|be (?!it)|watch|edit|mind)\b", bare, re.I):  # fmt: skip
        return True
    follows = (rest.split() or [""])[0].lower()
    return word in lex.VERBS and follows not in _STATES


def instructs(prose: str, steps: bool, firmly: bool = False) -> bool:
    """Whether a text is instruction rather than a story, an argument or a description.

    Args:
        steps: the text holds numbered steps.
        firmly: a third of it must instruct, for a heading that may as well head an essay.
    """
    told = _sentences(prose)
    if not told:
        return False
    orders = sum(is_imperative(s) for s in told)
    lets = sum(_LETS.search(s) is not None and not is_imperative(s) for s in told)
    story = sum(_STORY.search(without_code(s)) is not None for s in told)
    if _EPISODE.search(prose) or _MID_WAY.match(prose.lstrip()):
        return False
    if story >= 3 and story > 0.3 * len(told) and story > orders:
        return False
    if steps:
        return orders + lets >= max(1, 0.3 * len(told)) or orders >= 3
    weight = orders + 0.7 * lets
    if firmly:
        return orders + 0.5 * lets >= 0.34 * len(told)
    commands = "```" in prose
    at_once = is_imperative(told[0]) or _LETS.search(told[0]) is not None
    return weight >= (0.15 if commands or at_once else 0.3) * len(told) or orders + lets >= 5


_LEFT_OVER = re.compile(
    # figures and pictures that are not there
    r"\b(?:shown|seen|illustrated|depicted|displayed|pictured) (?:in|on|by|at) (?:the |this )?(?:following |next |above )?(?:figures?|screenshots?|pictures?|images?|photos?|illustrations?|diagrams?)\b"
    r"|\b(?:following|above|below|next|previous) (?:figure|screenshot|picture|image|photo|diagram|illustration|screen shot)s?\b"
    r"|\b(?:figure|screenshot|picture|image|photo|diagram|illustration)s? (?:below|above|\d+(?:\.\d+)*)\b"
    r"|\bas (?:shown|illustrated|pictured)(?=[.,;)]|$)|\bclick(?:ing)?(?: on)? icons?\b"
    # controls whose picture is gone
    r"|\b(?:click(?:ing)?|press(?:ing)?|select(?:ing)?|use|using|with|tap)(?: on)? (?:the|this) icons?\b"
    r"|\bclick(?:ing)?(?: on)? (?:the|this) buttons?\b(?! [“\"`'(]| (?:labell?ed|named|called|marked|again|to))"
    r"|\b(?:with|via|using|use|click(?:ing)?(?: on)?|select(?:ing)?) the (?:button|option|tool)s?(?= ?(?:[.,;)]|$|in |on |at |and |or ))|\bthe tool is available\b"
    r"|\b(?:the|an) ?[,.;)](?:\s|$)|(?<=[a-z] )\( ?[,)]|\bicons? [.,;]|[a-z] , (?=[a-z(])"
    # other places of the book
    r"|\b(?:in|from|of|see) the (?:previous|preceding|next|following) (?:section|chapter|paragraph|page|lesson|tutorial)s?\b"
    r"|\b(?:later|earlier|elsewhere|further|above|below|examples?) in this (?:chapter|book|document|manual|guide|page|tutorial)\b"
    r"|\b(?:as|we|have|was|were|been|already) (?:mentioned|discussed|explained|noted|stated|said|seen|introduced|covered) (?:earlier|previously|before)\b"
    r"|\b(?:explained|described|mentioned|discussed|shown|seen|created|introduced) (?:earlier|previously)\b|\bsections? (?:below|above)\b"
    r"|\b(?:for|in|of) this (?:guide|tutorial|book|handbook)\b|\byou are (?:currently |now )?reading\b|\bas we(?: have|['’]ve)? (?:already |just )?(?:seen|mentioned|said|discussed)\b"
    r"|(?:^|[.!?\n]\s*)as (?:mentioned|discussed|explained|described|noted|stated|shown|seen) above\b"
    # footnote marks
    r"|(?<=[\w.,;)])\s?\[\d{1,2}\](?!\()|[\u00b9\u00b2\u00b3\u2070-\u2079](?=\s|$)(?<![a-zA-Z][\u00b2\u00b3])",
    re.I,
)
_TORN_OPENING = re.compile(
    r"^(?:however|therefore|thus|also|but|then|another|moreover|furthermore|in addition|likewise|similarly|otherwise|hence|finally|secondly|thirdly|"
    r"instead|now|next|again|let us|let['’]s|on the other hand|nevertheless|besides|conversely|consequently|it is also|he|she|they|both|(?:a bit |a little |much |some time )?later|(?:as )?(?:mentioned|described|discussed|explained|seen|noted|stated)|"
    r"as (?:we|you) (?:have|saw|will)|this (?:section|chapter|page|part|document|manual|guide|book|tutorial|subsection)|the (?:above|previous|former|latter|preceding)|the (?:next|second|third|last|final) (?:step|stage|part)|(?:all |both )?(?:of )?(?:these|those|them)|and|or|which|with which|so)\b",
    re.I,
)
_POINTS_UP = re.compile(r"\b(?:above|as before|previously)\b", re.I)
_POINTS_DOWN = re.compile(
    r"\b(?:described|shown|listed|explained|given|discussed|see|as) below\b|\bthe following (?:sections?|chapters?)\b|\bbelow[.,]?$|,$", re.I
)  # fmt: skip
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|(?<=\])\([^)]*\)|https?://\S+", re.S)
_HAN_RUN = re.compile(rf"[{CJK}][{CJK}，。、；：（）“”]{{5,}}")


def has_left_overs(answer: str) -> bool:
    """Whether an answer holds what only its page explains: figures, lost icons, footnotes, torn openings, lines in
    another language."""
    prose = _CODE.sub("Code", answer)
    han = len(re.findall(f"[{CJK}]", prose))
    if han > 0.03 * len(prose) or _HAN_RUN.search(prose):
        return True
    if _LEFT_OVER.search(prose):
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


def is_torn_question(question: str) -> bool:
    """Whether a question shows the seams of what it was made of: a list mark, an open quote or bracket, a word twice."""
    return (
        re.search(r"[•·▪]|\b(?!on\b)([a-z]+) \1\b|\bI['’]re\b", question, re.I) is not None
        or question.count("(") != question.count(")")
        or question.count("“") != question.count("”")
        or question.count("`") % 2 == 1
    )
