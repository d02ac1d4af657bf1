"""Finding a document's entries again in its next edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from kbbuilder.language.headings import bare_heading
from kbbuilder.language.text import fold, wording_key
from kbbuilder.schema import Candidate
from kbbuilder.store.entry_content import content_id
from kbbuilder.store.ledger import StoredCandidate

Section = tuple[str, ...]

_TELLING_CHARS = 24


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidate on its way into the library. `entry_id` is the id it gets if it becomes an entry of its own."""

    stored: StoredCandidate
    entry_id: str
    stable_key: str
    section: Section

    @property
    def candidate(self) -> Candidate:
        return self.stored.grounded.candidate


def draft_of(stored: StoredCandidate, collection: str, document: str) -> Draft:
    """The draft of a candidate of that document. Its ids depend on nothing but names and texts."""
    candidate = stored.grounded.candidate
    section = tuple(fold(bare_heading(heading)) for heading in stored.heading_path)
    return Draft(
        stored=stored,
        entry_id=content_id("entry", collection, document, *section, candidate.question, candidate.answer),
        stable_key=content_id("stable", document, *section, wording_key(candidate.question)),
        section=section,
    )


def match_editions(earlier: Sequence[Draft], later: Sequence[Draft]) -> tuple[tuple[Draft, Draft], ...]:
    """Pairs (earlier, later) that are the same entry in two editions; each draft is in one pair at most.

    From the surest sign to the weakest: same place, question and answer; same place and question (the answer changed);
    same question and answer elsewhere (the section was renamed or moved); the same long answer, if only one on either
    side has it (the question was reworded); same question elsewhere, likewise. Among equals the order given decides.
    """
    pairs: list[tuple[Draft, Draft]] = []
    left, right = list(earlier), list(later)
    for sign, alone in _SIGNS:
        found = _pair(left, right, sign, alone=alone)
        pairs += found
        taken = {id(draft) for pair in found for draft in pair}
        left = [draft for draft in left if id(draft) not in taken]
        right = [draft for draft in right if id(draft) not in taken]
    return tuple(pairs)


def same_answer(left: Draft, right: Draft) -> bool:
    """Whether both drafts give the same answer, up to white space and letter case."""
    return wording_key(left.candidate.answer) == wording_key(right.candidate.answer)


def _pair(
    left: Sequence[Draft], right: Sequence[Draft], sign: Callable[[Draft], Hashable], *, alone: bool
) -> list[tuple[Draft, Draft]]:
    waiting: dict[Hashable, list[Draft]] = defaultdict(list)
    for draft in right:
        waiting[sign(draft)].append(draft)
    sought: dict[Hashable, int] = defaultdict(int)
    for draft in left:
        sought[sign(draft)] += 1
    pairs = []
    for draft in left:
        key = sign(draft)
        if waiting[key] and not (alone and (len(waiting[key]) > 1 or sought[key] > 1)):
            pairs.append((draft, waiting[key].pop(0)))
    return pairs


def _question(draft: Draft) -> str:
    return wording_key(draft.candidate.question)


def _answer(draft: Draft) -> str:
    return wording_key(draft.candidate.answer)


def _telling_answer(draft: Draft) -> Hashable:
    """The answer, if it is long enough to belong to one question only; "Yes." answers many."""
    answer = _answer(draft)
    return answer if len(answer) >= _TELLING_CHARS else draft.stored.id


_SIGNS: tuple[tuple[Callable[[Draft], Hashable], bool], ...] = (
    (lambda draft: (draft.stable_key, _answer(draft)), False),
    (lambda draft: draft.stable_key, False),
    (lambda draft: (_question(draft), _answer(draft)), False),
    (_telling_answer, True),
    (_question, True),
)
