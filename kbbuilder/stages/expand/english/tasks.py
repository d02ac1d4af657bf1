"""Questions how to do something."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.english.words import STATE_VERBS, VERBS, is_plural, keywords, reads_badly, swapped, typed
from kbbuilder.stages.expand.form import Wordings


def how_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How do I reset the router?"""
    who, do = (match["who"] or "I").replace("i", "I"), match["do"]
    if reads_badly(do):
        return
    if who.lower() == "you":
        if re.search(r"\byour(?:s|self)?\b", do):
            return
        who = "I"
    verb = do.split()[0].lower()
    yield f"How can {who} {do}?" if not match[0].lower().startswith("how can") else f"How do {who} {do}?", "colloquial"
    if verb in STATE_VERBS or verb.endswith("ly") or verb in ("only", "also", "still"):
        yield f"What is the best way to {do}?", "formal"
    else:
        yield f"What are the steps to {do}?", "formal"
    yield f"I want to {do}. How do I do that?" if who == "I" else f"We want to {do}. How do we do that?", "situation"
    if match[0].lower().startswith("how to"):
        yield f"How do I {do}?", "colloquial"
    else:
        yield f"How to {do}", "keyword"
    other = swapped(do)
    if other:
        yield f"How do {who} {other}?", "colloquial"
    yield f"Can you tell me how to {do}?", "colloquial"
    yield typed(do), "keyword"


def led_how(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """In Google Drive, how can I link to a file?"""
    lead = match["lead"][0].lower() + match["lead"][1:]
    do, who = match["do"], match["who"]
    if reads_badly(do) or len(lead.split()) > 6:
        return
    yield f"How do {who} {do} {lead}?", "colloquial"
    yield f"How to {do} {lead}", "keyword"
    yield f"What are the steps to {do} {lead}?", "formal"


def how_works(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How does the trial work?"""
    np, rest = match["np"], match["rest"] or ""
    works = "works" if match["aux"].lower() == "does" else "work"
    yield f"Can you explain how {np} {works}{rest}?", "formal"
    yield f"In what way does {np} work{rest}?" if works == "works" else f"In what way do {np} work{rest}?", "formal"
    yield f"How {np} {works}{rest}", "keyword"


def differ(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How does A differ from B? / What is the difference between A and B?"""
    a, b = match["a"], match["b"]
    if " and " in a or " and " in b or "," in a + b:
        return
    yield f"What is the difference between {a} and {b}?", "formal"
    yield f"How do {a} and {b} differ?", "formal"
    yield f"What's the difference between {a} and {b}?", "colloquial"
    yield f"How is {a} different from {b}?" if not is_plural(a) else f"How are {a} different from {b}?", "colloquial"
    yield f"difference between {keywords(a)} and {keywords(b)}", "keyword"


def heading(text: str) -> Wordings:
    """Export messages to text files — a task without a question word."""
    words = text.split()
    if (
        len(words) < 3
        or words[0].lower() not in VERBS
        or words[1].lower()
        in ("in", "out", "up", "on", "off", "is", "are", "of", "and", "or", "was", "mode", "error", "time")
    ):
        return
    if re.search(r"\b(?:is|are|was|were|has|does|will|can(?:not)?|fails?)\b", text):
        return
    do = words[0].lower() + text[len(words[0]) :]
    yield f"How do I {do}?", "colloquial"
    yield f"What are the steps to {do}?", "formal"
    yield f"How to {do}", "keyword"
    yield f"I want to {do}. How do I do that?", "situation"
