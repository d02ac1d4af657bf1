"""The review form of one entry: what it was opened on, what the person has typed since, and whether the two differ.

A form remembers the entry as it was shown (`base`). It saves with that entry's version, so a save made elsewhere in the
meantime is noticed by the store and never overwritten. Unsaved text stays until it is saved or discarded, also when the
person looks at other entries first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from kbbuilder.schema import FaqEntry

FIELDS = ("question", "answer", "similar", "negative", "tags")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form says an entry should be."""

    question: str
    answer: str
    similar: tuple[str, ...]
    negative: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A save that came too late: the person's text, and what stands in the library by now."""

    mine: Edit
    theirs: FaqEntry


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The form of one entry in this browser tab."""

    entry_id: str

    def key(self, field: str) -> str:
        """The name of the field's widget."""
        return f"review.{field}.{self.entry_id}"

    @property
    def base(self) -> FaqEntry | None:
        """The entry as the form showed it; None before it was opened."""
        base = st.session_state.get(self.key("base"))
        return base if isinstance(base, FaqEntry) else None

    @property
    def refusal(self) -> Refusal | None:
        refusal = st.session_state.get(self.key("refusal"))
        return refusal if isinstance(refusal, Refusal) else None

    def open(self, entry: FaqEntry) -> bool:
        """Shows `entry` unless the person has unsaved text; True when a newer text was taken over."""
        base = self.base
        if base is None:
            self.load(entry)
            return False
        if base.version == entry.version or self.dirty or self.refusal:
            self._restore()
            return False
        self.load(entry)
        return True

    def load(self, entry: FaqEntry) -> None:
        """Fills the form with `entry`; unsaved text is gone."""
        st.session_state[self.key("base")] = entry
        st.session_state.pop(self.key("refusal"), None)
        self._fill(edit_of(entry))

    def read(self) -> Edit:
        """What the form says now."""
        state = st.session_state
        base = self.base
        shown = _shown(edit_of(base)) if base else _shown(Edit("", "", (), (), ()))
        values = {field: state.get(self.key(field), shown[field]) for field in FIELDS}
        return Edit(
            question=str(values["question"]).strip(),
            answer=str(values["answer"]).strip(),
            similar=lines_of(str(values["similar"])),
            negative=lines_of(str(values["negative"])),
            tags=tuple(str(tag).strip() for tag in _listed(values["tags"]) if str(tag).strip()),
        )

    @property
    def dirty(self) -> bool:
        """Whether the person's text differs from what the form showed."""
        base = self.base
        return base is not None and self.read() != _stripped(edit_of(base))

    def refuse(self, theirs: FaqEntry) -> None:
        """Keeps both texts side by side until the person chooses."""
        refusal = self.refusal
        mine = refusal.mine if refusal else self.read()
        st.session_state[self.key("refusal")] = Refusal(mine, theirs)

    def leave(self) -> None:
        """Called when another entry is opened: a form without unsaved text forgets everything."""
        if self.base is not None and not self.dirty and self.refusal is None:
            self.forget()

    def forget(self) -> None:
        for field in ("base", "refusal", *FIELDS):
            st.session_state.pop(self.key(field), None)

    def _fill(self, edit: Edit) -> None:
        for field, value in _shown(edit).items():
            st.session_state[self.key(field)] = value

    def _restore(self) -> None:
        """Puts back fields that Streamlit forgot while the form was not on the page."""
        base = self.base
        if base is not None:
            for field, value in _shown(edit_of(base)).items():
                st.session_state.setdefault(self.key(field), value)


def edit_of(entry: FaqEntry) -> Edit:
    """The entry's own text as a form would say it."""
    return Edit(
        question=entry.question,
        answer=entry.answer,
        similar=tuple(s.text for s in entry.similar_questions if not s.negative),
        negative=tuple(s.text for s in entry.similar_questions if s.negative),
        tags=entry.tags,
    )


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that say something, each once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _stripped(edit: Edit) -> Edit:
    return Edit(
        edit.question.strip(),
        edit.answer.strip(),
        lines_of("\n".join(edit.similar)),
        lines_of("\n".join(edit.negative)),
        tuple(tag.strip() for tag in edit.tags if tag.strip()),
    )


def _shown(edit: Edit) -> dict[str, object]:
    return {
        "question": edit.question,
        "answer": edit.answer,
        "similar": "\n".join(edit.similar),
        "negative": "\n".join(edit.negative),
        "tags": list(edit.tags),
    }


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()
