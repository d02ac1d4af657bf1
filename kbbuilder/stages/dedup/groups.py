"""Groups of duplicates among new entries and the library, and the links between those that stay."""

from __future__ import annotations

from collections.abc import Sequence

from kbbuilder.language.text import fold
from kbbuilder.schema import LinkVerdict
from kbbuilder.stages.dedup.compare import compare
from kbbuilder.stages.dedup.questions import keys_of
from kbbuilder.stages.dedup.records import Comparison, Deduped, Known, Linked, Merged

_SEVERITY = {LinkVerdict.CONFLICT: 3, LinkVerdict.DUPLICATE: 2, LinkVerdict.VARIANT: 1, LinkVerdict.RELATED: 0}


def dedup(new: Sequence[Known], library: Sequence[Known], similar: Sequence[tuple[int, int, float]]) -> Deduped:
    """Sorts new entries into kept ones, ones merged into another, and links between those that stay.

    Args:
        new: Candidates in the order of their documents; ids differ from each other and from the library's.
        library: Entries already stored; they are never merged or changed.
        similar: Pairs worth a look: (index in `new`, index in `new` followed by `library`, cosine). Pairs with equal
            questions are found without it.

    The groups that merge do not depend on the order of `new`; the survivor of a group is the library's entry, else the
    first in `new`. `len(kept) + len(merged) == len(new)`.

    Cost: linear in the entries plus one comparison per pair.
    """
    entries = [*new, *library]
    pairs = _pairs(entries, len(new), similar)
    parents = list(range(len(entries)))
    compared: list[tuple[int, int, Comparison]] = []
    for (i, j), cosine in sorted(pairs.items()):
        comparison = compare(entries[i], entries[j], cosine)
        if comparison is None:
            continue
        compared.append((i, j, comparison))
        if comparison.verdict is LinkVerdict.DUPLICATE:
            _join(parents, i, j)
    survivors = _survivors(parents, len(new))
    merged = _merged(entries, len(new), survivors, compared)
    links = _links(entries, len(new), survivors, compared)
    gone = {m.id for m in merged}
    return Deduped(kept=tuple(k.id for k in new if k.id not in gone), merged=merged, links=links)


def _pairs(
    entries: Sequence[Known], new: int, similar: Sequence[tuple[int, int, float]]
) -> dict[tuple[int, int], float]:
    """Pairs (lower index first) to compare, with their cosine; a new entry is in each. Equal questions count as 1.0."""
    pairs: dict[tuple[int, int], float] = {}
    for i, j, cosine in similar:
        if i != j and min(i, j) < new:
            key = (min(i, j), max(i, j))
            pairs[key] = max(pairs.get(key, 0.0), cosine)
    by_key: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        for key_text in keys_of(entry):
            by_key.setdefault(key_text, []).append(index)
    for indices in by_key.values():
        for position, i in enumerate(indices):
            if i >= new:
                break
            for j in indices[position + 1 :]:
                pairs.setdefault((i, j), 1.0)
    return pairs


def _root(parents: list[int], i: int) -> int:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


def _join(parents: list[int], i: int, j: int) -> None:
    a, b = _root(parents, i), _root(parents, j)
    if a != b:
        parents[max(a, b)] = min(a, b)


def _survivors(parents: list[int], new: int) -> list[int]:
    """For each entry the index of the one that stays for it: its group's first library entry, else its first new one.
    Library entries stay themselves."""
    first_of_library: dict[int, int] = {}
    for index in range(new, len(parents)):
        first_of_library.setdefault(_root(parents, index), index)
    return [
        index if index >= new else first_of_library.get(_root(parents, index), _root(parents, index))
        for index in range(len(parents))
    ]


def _merged(
    entries: Sequence[Known], new: int, survivors: list[int], compared: Sequence[tuple[int, int, Comparison]]
) -> tuple[Merged, ...]:
    reasons: dict[int, str] = {}
    for i, j, comparison in compared:
        if comparison.verdict is LinkVerdict.DUPLICATE:
            for index in (i, j):
                reasons.setdefault(index, comparison.reason)
    known: dict[int, set[str]] = {}
    merged = []
    for index in range(new):
        into = survivors[index]
        if into == index:
            continue
        wordings = known.setdefault(into, {fold(w) for w in (entries[into].question, *entries[into].wordings)})
        wording = entries[index].question
        adds = fold(wording) not in wordings
        wordings.add(fold(wording))
        merged.append(Merged(entries[index].id, entries[into].id, wording if adds else "", reasons[index]))
    return tuple(merged)


def _links(
    entries: Sequence[Known], new: int, survivors: list[int], compared: Sequence[tuple[int, int, Comparison]]
) -> tuple[Linked, ...]:
    """One link a pair of survivors: the gravest verdict, then the highest similarity."""
    best: dict[tuple[int, int], Comparison] = {}
    for i, j, comparison in compared:
        a, b = sorted((survivors[i], survivors[j]))
        if a == b:
            continue
        rank = (_SEVERITY[comparison.verdict], comparison.similarity, comparison.reason)
        current = best.get((a, b))
        if current is None or rank > (_SEVERITY[current.verdict], current.similarity, current.reason):
            best[a, b] = comparison
    return tuple(
        Linked(*_later_first(entries, new, a, b), verdict=c.verdict, similarity=c.similarity, reason=c.reason)
        for (a, b), c in sorted(best.items())
    )


def _later_first(entries: Sequence[Known], new: int, a: int, b: int) -> tuple[str, str]:
    """The ids of two entries (a < b), the one that came later first; the library came before every new one."""
    later, earlier = (a, b) if b >= new else (b, a)
    return entries[later].id, entries[earlier].id
