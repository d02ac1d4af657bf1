"""Questions how long, how much, how often, when, where and who."""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.english.words import FEES, FROM_ADJECTIVE, gerund, is_plural, keywords, third_person
from kbbuilder.stages.expand.form import Wordings


def takes(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long does delivery take? / How long does it take to charge the battery?"""
    np, rest = match["np"], match["rest"] or ""
    if len(np.split()) > 6:
        return
    plural = match["aux"].lower() == "do"
    yield f"How much time {'do' if plural else 'does'} {np} take{rest}?", "colloquial"
    yield f"How long will {np} take{rest}?", "colloquial"
    if np.lower() != "it":
        yield f"{keywords(np)} time", "keyword"


def have_to(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long do I have to return an item?"""
    do = match["do"]
    if re.match(r"(?:wait|keep|hold|press|stay|leave|run|let|boil|cook|charge)\b", do):
        return
    verb, _, rest = do.partition(" ")
    yield f"How much time do I have to {do}?", "colloquial"
    yield f"What is the time limit for {gerund(verb)}{' ' + rest if rest else ''}?", "formal"
    yield f"By when do I have to {do}?", "colloquial"
    yield f"{keywords(do)} time limit", "keyword"


def how_long_is(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long is the warranty (of the X200)?"""
    np = match["np"]
    state = re.fullmatch(r"(?P<np>.+?) (?P<state>valid|available|open|closed|stored|kept|covered|visible|active)", np)
    if state:
        yield f"For how long is {np}?", "formal"
        yield f"Can you tell me how long {state['np']} is {state['state']}?", "formal"
        yield f"I'd like to know how long {state['np']} is {state['state']}.", "colloquial"
        return
    head = re.split(r" (?:of|for|on|in) ", np)[0]
    if re.search(r"\b(?:period|term|duration|time|lifetime|deadline|validity)$", head):
        yield f"What is {np}?", "formal"
    elif re.search(r"\bwarranty$", head):
        tail = np[len(head) :]
        yield f"What is the warranty period{tail}?", "formal"
        yield f"How long does {np} last?", "colloquial"
    elif not re.search(r"\b(?:cable|cord|hose|lead|table|board|rod|pipe|room|belt|length)\b", head):
        yield f"How long does {np} last?", "colloquial"
    yield f"Can you tell me how long {np} is?", "formal"
    yield f"I'd like to know how long {np} is.", "colloquial"
    if re.search(r"\b(?:period|warranty|time|duration)$", head):
        yield keywords(np) + ("" if not head.endswith("warranty") or len(np) > len(head) else " duration"), "keyword"


def how_long_can(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How long can I store milk? / How long should I charge it?"""
    modal, do = match["modal"].lower(), match["do"]
    yield f"For how long {modal} I {do}?", "formal"
    yield f"Can you tell me how long I {modal} {do}?", "formal"
    yield f"I'd like to know how long I {modal} {do}.", "colloquial"


def costs(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How much does delivery cost?"""
    np = match["np"]
    if re.match(r"it\b", np, re.I):
        return
    yield f"What is the price of {np}?", "formal"
    yield f"How much is {np}?" if not is_plural(np) else f"How much are {np}?", "colloquial"
    yield f"What {'do' if match['aux'].lower() == 'do' else 'does'} {np} cost?", "colloquial"
    yield f"{keywords(np)} price", "keyword"
    yield f"Can you tell me how much {np} {'cost' if match['aux'].lower() == 'do' else 'costs'}?", "formal"


def how_much_is(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How much is the deposit?"""
    be, np = match["be"].lower(), match["np"]
    head = re.split(r" (?:of|for|on|in|to|from) ", np)[0]
    if FEES.search(head):
        yield f"What {be} {np}?", "formal"
    else:
        yield f"How much {'does' if be == 'is' else 'do'} {np} cost?", "colloquial"
        yield f"What is the price of {np}?", "formal"
    yield f"Can you tell me how much {np} {be}?", "formal"
    if not FEES.search(head) or " " in keywords(np):
        yield keywords(np) if FEES.search(head) else f"{keywords(np)} price", "keyword"


def how_much_does(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How much water does the tank hold? / How many days of leave do employees get?"""
    word, what, np, verb, rest = (
        match["word"].lower(),
        match["what"],
        match["np"],
        match["verb"].lower(),
        match["rest"] or "",
    )
    if len(what.split()) > 4 or len(np.split()) > 7 or re.match(r"(?:it|they|this|that)$", np, re.I):
        return
    shown = third_person(verb) if match["aux"].lower() == "does" else verb
    yield f"Can you tell me how {word} {what} {np} {shown}{rest}?", "formal"
    yield f"I'd like to know how {word} {what} {np} {shown}{rest}.", "colloquial"
    if verb == "hold" and word == "much" and not rest:
        yield f"What is the {what} capacity of {np}?", "formal"


def how_many(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How many devices can I connect to the hub?"""
    np, do = match["np"], match["do"]
    yield f"What is the maximum number of {np} I can {do}?", "formal"
    yield f"Can you tell me how many {np} I can {do}?", "formal"
    yield f"Up to how many {np} can I {do}?", "colloquial"
    yield f"maximum number of {keywords(np)}", "keyword"


def how_often(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How often should I descale the machine? / How often must the filter be replaced?"""
    rest = match["rest"]
    yield f"How frequently {rest}?", "formal"
    yield f"At what intervals {rest}?", "formal"
    done = re.fullmatch(r"(?:should|must) (?P<np>.+?) be (?P<done>\w+(?: .+)?)", rest)
    if done:
        yield (
            f"How often {'do' if is_plural(done['np']) else 'does'} {done['np']} need to be {done['done']}?",
            "colloquial",
        )
    should = re.match(r"(?:should|must|do|can) I (?:(?:need|have) to )?(?P<do>.+)", rest)
    if should:
        yield f"How often do I need to {should['do']}?", "colloquial"
        yield f"How often do I have to {should['do']}?", "colloquial"
        yield f"how often to {keywords(should['do'])}", "keyword"


def how_adjective(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """How heavy is the X200?"""
    adjective, be, np = match["adj"].lower(), match["be"].lower(), match["np"]
    yield f"What is the {FROM_ADJECTIVE[adjective]} of {np}?", "formal"
    yield f"Can you tell me how {adjective} {np} {be}?", "formal"
    yield f"{keywords(np)} {FROM_ADJECTIVE[adjective]}", "keyword"


def when(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """When should I replace the filter?"""
    aux, who, do = match["aux"].lower(), match["who"].replace("i", "I"), match["do"]
    verb = "" if aux == "do" else f"{aux} "
    yield f"Can you tell me when {who} {verb}{do}?", "formal"
    if aux in ("should", "must"):
        yield f"When do {who} need to {do}?", "colloquial"
        yield f"At what point {aux} {who} {do}?", "formal"
        yield f"when to {keywords(do)}", "keyword"
    elif aux == "can":
        yield f"How soon can {who} {do}?", "colloquial"
        yield f"I'd like to know when {who} can {do}.", "colloquial"
    elif aux == "will":
        yield f"How soon will {who} {do}?", "colloquial"


def where_find(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Where can I find the serial number?"""
    np = match["np"]
    be = "are" if is_plural(re.split(r" (?:of|for|on|in) ", np)[0]) else "is"
    if re.search(r"\b(?:information|out|help|more)\b", np):
        yield f"Can you tell me where to find {np}?", "formal"
        yield f"How can I find {np}?", "colloquial"
        return
    yield f"Where {be} {np}?", "colloquial"
    yield f"Where {be} {np} located?", "formal"
    yield f"Can you tell me where {np} {be}?", "formal"
    yield f"How do I find {np}?", "colloquial"
    yield f"where to find {keywords(np)}", "keyword"


def where_can(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Where can I buy spare parts?"""
    aux, do = match["aux"].lower(), match["do"]
    yield (
        f"Can you tell me where I {'can ' if aux == 'can' else ''}{do}?"
        if aux in ("can", "do")
        else f"Where am I supposed to {do}?",
        "formal",
    )
    yield f"Where do I {do}?" if aux == "can" else f"Where can I {do}?", "colloquial"
    yield f"I want to {do}. Where can I do that?", "situation"
    yield f"where to {keywords(do)}", "keyword"


def where_is(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Where is the serial number (printed)?"""
    be, np = match["be"].lower(), match["np"]
    located = re.fullmatch(r"(?P<np>.+?) (?:located|printed|found|shown|stored)", np)
    bare = located["np"] if located else np
    yield f"Where can I find {bare}?", "colloquial"
    yield f"Can you tell me where {np} {be}?" if not located else f"Can you tell me where {bare} {be}?", "formal"
    yield f"where to find {keywords(bare)}", "keyword"


def who(match: re.Match[str], kind: PairKind | None) -> Wordings:
    """Who pays for the return?"""
    rest = match["rest"]
    yield f"Can you tell me who {rest}?", "formal"
    yield f"I'd like to know who {rest}.", "colloquial"
    pays = re.fullmatch(r"(?:pays|bears) (?:for )?(?P<np>.+)", rest)
    if pays:
        yield f"Do I have to pay for {pays['np']} myself?", "colloquial"
