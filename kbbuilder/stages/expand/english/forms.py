"""English question forms: a standard question is read into its form and topic, and written in the like forms.

A form that does not fit for certain gives nothing: fewer wordings are better than broken ones.
"""

from __future__ import annotations

import re

from kbbuilder.schema import PairKind
from kbbuilder.stages.expand.english import amounts, tasks, things, trouble, yes_no
from kbbuilder.stages.expand.english.words import ADJECTIVES, FROM_ADJECTIVE, PREDICATES
from kbbuilder.stages.expand.form import Form, Wordings


def wordings(question: str, kind: PairKind | None) -> Wordings:
    """(text, style) of other wordings, best first; nothing for texts of several sentences or of unknown form."""
    bare = _LEAD.sub("", question.strip()).strip()
    asked = bare.endswith("?")
    bare = bare.rstrip("?. ")
    if not bare or len(bare) > 140 or _SEVERAL.search(bare):
        return
    for form in _FORMS:
        match = form.pattern.fullmatch(bare)
        if match is not None:
            yield from form.write(match, kind)
            return
    if not asked:
        yield from tasks.heading(bare)


_LEAD = re.compile(
    r"^(?:(?:but|and|so|ok|well|hi|hello|please)[, ]+)+(?=(?:how|what|why|when|where|who|which|can|is|are|do"
    r"|does)\b)|^\d+[.)]\s+",
    re.I,
)
# A second sentence, a second question ("…, and if so, how?"), a list with a slash at the start, editors' marks.
_SEVERAL = re.compile(
    r"[?!;:…]|\.\s+[A-Z]|\[closed\]|, and if\b|,? and (?:how|why|what(?! should I do$)|when|where|which|who)\b|,? if so\b"
    r"|^\(|\?\s"
    r"|\betc\b|–|—|\n",
    re.I,
)


_WHO = r"(?P<who>I|we|you)"
_FORMS: tuple[Form, ...] = tuple(
    Form(re.compile(pattern, re.I), write)
    for pattern, write in (
        (r"(?:how (?:do|can|could|should|would) (?P<who>I|we|you)|how to) (?!know\b)(?P<do>\S+ .+)", tasks.how_to),
        (rf"(?P<lead>(?:in|on|with|for) [^,]+), how (?:do|can|should) {_WHO} (?P<do>.+)", tasks.led_how),
        (
            r"how (?P<aux>does|do) (?P<np>(?!I\b|you\b|we\b|it\b).+?) work(?P<rest> (?:in|on|with|for|at|under) .+)?",
            tasks.how_works,
        ),
        (r"how (?:does|do) (?P<a>.+?) differ from (?P<b>.+)", tasks.differ),
        (r"what(?:'s| is| are) the differences? between (?P<a>.+?) and (?P<b>.+)", tasks.differ),
        (r"what (?:should|can|must|do) (?:I|we|you) do (?P<link>if|when) (?P<clause>.+)", trouble.what_if_acts),
        (r"what to do (?P<link>if|when) (?P<clause>.+)", trouble.what_if_acts),
        (r"what (?:should|can) I do about (?P<np>.+)", trouble.what_about),
        (r"what happens (?P<link>if|when) (?P<clause>.+)", trouble.what_happens),
        (r"what does (?P<np>.+?) mean(?P<where> (?:on|in|for) .+?)?(?P<act>,? and what should I do)?", things.mean),
        (r"what (?:does|do) (?P<np>.+?) do(?P<where> (?:on|in) .+)?", things.does),
        (r"what (?:is|are) the rules on (?P<np>.+)", things.rules),
        (r"(?:which|what) (?P<np>(?:[\w-]+ ){0,2}[\w-]+s) apply to (?P<to>.+)", things.apply),
        (r"what (?P<be>is|are) (?P<np>.+?) (?:intended|meant) for", things.intended),
        (r"what should I know about (?P<np>.+)", things.about),
        (r"what is meant by (?P<np>.+)", things.meant),
        (
            r"what (?P<aux>does|do) (?P<np>.+?) (?P<verb>contain|include|cover|weigh|show|require|need|cost)"
            r"(?P<rest> .+)?",
            things.contains,
        ),
        (r"how many (?P<np>.+) are there", things.how_many_are),
        (r"what is included in the package of (?P<np>.+)", things.included),
        (r"what (?P<be>is|are) the (?P<name>(?:[\w-]+ ){0,3}[\w-]+) of (?P<np>.+)", things.attribute),
        (r"what(?:'s| (?P<be>is|are)) (?P<np>.+)", things.definition),
        (
            r"(?:which|what) (?P<np>\S+(?: \S+){0,3}?) (?P<aux>are|is|can|does|do|should|must|will) (?P<rest>.+)",
            things.which,
        ),
        (r"why can(?:'t|not| not) I (?P<do>.+)", trouble.why_cannot),
        (r"why (?P<aux>does|do) (?P<np>.+?) not (?P<do>.+)", trouble.why_not),
        (r"why (?P<be>is|are) (?P<np>.+?) (?P<rest>(?:so|too|not) .+)", trouble.why_so),
        (rf"can {_WHO.replace('|you', '')} (?P<do>.+)", yes_no.can_i),
        (r"is (?:it possible|there (?:a|any) way) to (?P<do>.+)", yes_no.possible),
        (r"can (?P<np>.+?) be (?P<rest>.+)", yes_no.can_be),
        (
            r"can (?P<np>employees|customers|children|users|guests|members|students|visitors|tenants|patients"
            r"|retailers|dealers|resellers|minors) (?P<do>.+)",
            yes_no.can_they,
        ),
        (r"(?:do I (?:need|have) to|must I) (?P<do>.+)", yes_no.need_to),
        (r"should I (?P<do>.+)", yes_no.should_i),
        (r"(?P<aux>does|do) (?P<np>(?!you\b).+?) support (?P<what>.+)", yes_no.supports),
        (r"(?P<aux>does|do) (?P<np>.+?) work with (?P<what>.+)", yes_no.compatible),
        (rf"(?P<aux>does|do) (?P<np>.+?) (?P<verb>{'|'.join(sorted(PREDICATES))})(?P<rest> .+)?", yes_no.does_it),
        (r"(?P<be>is|are) there (?P<rest>.+)", yes_no.is_there),
        (
            rf"(?P<be>is|are) (?P<np>(?:the|my|your"
            rf"|an?)? ?.+?) (?P<adj>(?:not )?(?:{'|'.join(sorted(ADJECTIVES))}))(?P<rest> .+)?",
            yes_no.is_adjective,
        ),
        (r"how long (?P<aux>does|do|will) (?P<np>.+?) take(?P<rest> .+)?", amounts.takes),
        (r"how long do I have to (?P<do>.+)", amounts.have_to),
        (r"how long (?P<modal>can|should|must|may) I (?P<do>.+)", amounts.how_long_can),
        (r"how long is (?P<np>.+)", amounts.how_long_is),
        (r"how much (?P<aux>does|do) (?P<np>.+?) cost", amounts.costs),
        (r"how much (?P<be>is|are) (?P<np>.+)", amounts.how_much_is),
        (
            r"how (?P<word>much|many) (?P<what>.+?) (?P<aux>does|do) (?P<np>.+?) (?P<verb>hold|need|use|consume"
            r"|contain|require|get|have|receive|support|store|take|include|offer|produce)(?P<rest> .+)?",
            amounts.how_much_does,
        ),
        (r"how many (?P<np>.+?) can I (?P<do>.+)", amounts.how_many),
        (r"how often (?P<rest>(?:should|must|do|does|is|are|can|will) .+)", amounts.how_often),
        (rf"how (?P<adj>{'|'.join(FROM_ADJECTIVE)}) (?P<be>is|are) (?P<np>.+)", amounts.how_adjective),
        (r"when (?P<aux>can|should|must|will|do) (?P<who>I|we) (?P<do>.+)", amounts.when),
        (r"where (?:can|do) I find (?P<np>.+)", amounts.where_find),
        (r"where (?P<aux>can|do|should) I (?P<do>.+)", amounts.where_can),
        (r"where (?P<be>is|are) (?P<np>.+)", amounts.where_is),
        (r"who (?P<rest>(?!am\b|are you\b)[a-z]+ .+)", amounts.who),
    )
)
