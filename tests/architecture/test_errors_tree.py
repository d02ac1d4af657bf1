"""The error tree: who must act, and nothing without a code, a hint and an exit code."""

from __future__ import annotations

import re
from pathlib import Path

from kbbuilder import errors
from kbbuilder.errors import DocumentError, KbError, document_error

README = Path(__file__).parents[2] / "README.md"


def _all(root: type[KbError]) -> list[type[KbError]]:
    return [root, *(c for sub in root.__subclasses__() for c in _all(sub))]


def _declared() -> list[type[KbError]]:
    return [c for c in _all(KbError) if c.__module__ == errors.__name__]


def test_every_error_owns_its_code() -> None:
    codes = [c.code for c in _declared()]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[A-Z][A-Z_]*", code) for code in codes)


def test_every_leaf_says_what_to_do_next() -> None:
    for cls in _declared():
        if not cls.__subclasses__():
            assert cls.hint, cls.__name__
            assert cls.hint.endswith("."), cls.__name__


def test_a_branch_has_one_exit_code_and_the_readme_lists_it() -> None:
    text = README.read_text(encoding="utf-8")
    line = re.search(r"\*\*Exit codes\*\*:(.+?)\n\n", text, re.S)
    assert line
    listed = {int(n) for n in re.findall(r"(?:^|· )\s*(\d+) ", line.group(1))}
    for branch in KbError.__subclasses__():
        assert {c.exit_code for c in _all(branch) if c.__module__ == errors.__name__} == {branch.exit_code}
        assert branch.exit_code in listed


def test_a_document_error_survives_the_way_through_another_process() -> None:
    for cls in _all(DocumentError)[1:]:
        if cls.__module__ == errors.__name__:
            again = document_error(cls.code, "why")
            assert type(again) is cls and str(again) == "why" and again.hint == cls.hint
