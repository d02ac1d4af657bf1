"""Questions that are answered with yes or no."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.english.words import is_plural, keywords, reads_badly, swapped, third_person, typed
from kbbuilder.stages.expand.form import Wordings


def can_i(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Can I return an opened item?"""
    who, do = match["who"].replace("i", "I"), match["do"]
    if reads_badly(do) or re.match(r"(?:also|still|just|only|safely|only|really) ", do):
        return
    yield f"Is it possible to {do}?", "formal"
    yield f"{'Am I' if who == 'I' else 'Are we'} able to {do}?", "formal"
    yield f"{who} want to {do}. Is that possible?".replace("we want", "We want"), "situation"
    if kind is PairKind.POLICY:
        yield f"{'Am I' if who == 'I' else 'Are we'} allowed to {do}?", "colloquial"
    other = swapped(do)
    if other:
        yield f"Can {who} {other}?", "colloquial"
    yield f"Is there a way to {do}?", "colloquial"
    yield typed(do), "keyword"


def possible(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Is it possible to link to a page? / Is there a way to …?"""
    do = match["do"]
    if reads_badly(do):
        return
    yield f"Can I {do}?", "colloquial"
    yield f"Is it possible to {do}?", "formal"
    yield f"Is there a way to {do}?", "colloquial"
    yield f"I want to {do}. Is that possible?", "situation"
    yield typed(do), "keyword"


def can_be(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Can the filter be washed?"""
    np, rest = match["np"], match["rest"]
    if len(np.split()) > 6 or re.match(r"(?:I|you|we|it|they|this|that)\b", np, re.I):
        return
    yield f"Is it possible for {np} to be {rest}?", "formal"
    yield f"Can you tell me whether {np} can be {rest}?", "formal"
    yield f"I'd like to know if {np} can be {rest}.", "colloquial"


def can_they(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Can employees work from home?"""
    np, do = match["np"].lower(), match["do"]
    if reads_badly(do):
        return
    yield f"Are {np} allowed to {do}?", "colloquial"
    yield f"Is it possible for {np} to {do}?", "formal"
    yield f"Can you tell me whether {np} can {do}?", "formal"


def need_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Do I need to register the product?"""
    do = match["do"]
    if reads_badly(do, 1):
        return
    yield f"Do I need to {do}?", "colloquial"
    yield f"Is it necessary to {do}?", "formal"
    yield f"Do I have to {do}?", "colloquial"
    yield f"Am I required to {do}?", "formal"


def should_i(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Should I keep the packaging?"""
    do = match["do"]
    if reads_badly(do, 1):
        return
    yield f"Is it a good idea to {do}?", "colloquial"
    yield f"Is it recommended to {do}?", "formal"
    yield f"Is it advisable to {do}?", "formal"


def supports(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Does the Hub support 5 GHz?"""
    aux, np, what = match["aux"].lower(), match["np"], match["what"]
    if len(np.split()) > 5:
        return
    verb = "supports" if aux == "does" else "support"
    if len(what.split()) <= 4:
        yield f"{'Are' if is_plural(what) else 'Is'} {what} supported by {np}?", "formal"
    yield f"Can you tell me whether {np} {verb} {what}?", "formal"
    yield f"I'd like to know if {np} {verb} {what}.", "colloquial"
    yield f"{keywords(np)} {keywords(what)} support", "keyword"


def compatible(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Does the lock work with Alexa?"""
    aux, np, what = match["aux"].lower(), match["np"], match["what"]
    if len(np.split()) > 5:
        return
    yield f"{'Is' if aux == 'does' else 'Are'} {np} compatible with {what}?", "formal"
    yield f"Can you tell me whether {np} {'works' if aux == 'does' else 'work'} with {what}?", "formal"
    yield f"Can I use {np} with {what}?", "colloquial"
    yield f"{keywords(np)} {keywords(what)} compatibility", "keyword"


def does_it(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Does the hub work without the internet?"""
    aux, np, verb, rest = match["aux"].lower(), match["np"], match["verb"].lower(), match["rest"] or ""
    if len(np.split()) > 5 or verb in ("also", "still", "only", "always", "ever", "automatically"):
        return
    if re.match(r"(?:it|this|that|they|these|he|she)$", np, re.I):
        return
    shown = third_person(verb) if aux == "does" else verb
    yield f"Can you tell me whether {np} {shown}{rest}?", "formal"
    yield f"I'd like to know if {np} {shown}{rest}.", "colloquial"
    if np.lower() not in ("you", "i", "we"):
        yield f"Is it true that {np} {shown}{rest}?", "colloquial"


def is_there(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Is there a discount for students?"""
    be, rest = match["be"].lower(), match["rest"]
    yield f"Can you tell me whether there {be} {rest}?", "formal"
    yield f"I'd like to know if there {be} {rest}.", "colloquial"


def is_adjective(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Is the battery included?"""
    be, np, adjective, rest = match["be"].lower(), match["np"], match["adj"], match["rest"] or ""
    if len(np.split()) > 5:
        return
    yield f"Can you tell me whether {np} {be} {adjective}{rest}?", "formal"
    yield f"I'd like to know if {np} {be} {adjective}{rest}.", "colloquial"
    yield keywords(f"{np} {adjective}{rest}"), "keyword"
