"""Every word the app shows stands in ui/labels, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kbbuilder import errors
from kbbuilder.reading_notes import TYPE_NAMES, NoteCode, blanks_of
from kbbuilder.schema import ChunkState, EntryStatus, LinkVerdict, PairKind, Role, Route, VersionState
from kbbuilder.stages.ground import REASONS
from ui.labels import TEXTS, Labels

UI = Path(__file__).parents[2] / "ui"
SOURCES = sorted(path for path in UI.rglob("*.py") if path.parent.name != "labels")
NO_WORDS = {"app.title", "language.own.zh", "language.own.en", "review.undo.what", "note.plain", "notes.comma"}


def literals(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    skipped = documented | {id(statement.value) for statement in ast.walk(tree) if isinstance(statement, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped
    ]


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_it_with_the_same_blanks(key: str) -> None:
    text = TEXTS[key]
    assert text.zh.strip() and text.en.strip()
    blanks = [sorted(set(re.findall(r"{(\w+)}", words))) for words in text]
    assert blanks[0] == blanks[1] or key.endswith(".one")
    if key not in NO_WORDS:
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert not re.search(r"[\u4e00-\u9fff]", text.en)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(UI).as_posix())
def test_no_page_and_no_component_says_a_word_of_its_own(path: Path) -> None:
    for text in literals(path):
        visible = re.sub(r"<[^>]*>?|&\w+;|[\w.-]*=\"?|:material/\w+:|:\w+\[|sqlite:///", " ", text)
        assert not re.search(r"[\u4e00-\u9fff]{2}", text), f"{path.name}: {text!r}"
        assert not re.search(r"[A-Za-z]{3,}[,.:]? [a-z]{2,} [a-z]{2,}", visible) or "kb-" in text, (
            f"{path.name}: {text!r}"
        )


def test_every_label_asked_for_exists() -> None:
    for path in SOURCES:
        for key in re.findall(r"say(?:\.count)?\(\s*\"([a-z_.]+)\"", path.read_text(encoding="utf-8")):
            assert key in TEXTS, f"{path.name} asks for {key}"


def test_every_state_verdict_kind_and_error_has_words() -> None:
    wanted = [
        *(f"status.{s.value}" for s in EntryStatus),
        *(f"state.{s.value}" for s in VersionState),
        *(f"chunk.{s.value}" for s in ChunkState),
        *(f"kind.{k.value}" for k in PairKind),
        *(f"verdict.{v.value}" for v in LinkVerdict),
        *(f"route.{r.value}" for r in Route),
        *(f"reason.{r.value}" for r in Role if r is not Role.BODY),
        *(f"flag.{code}" for code in REASONS),
        *(f"flag.why.{code}" for code in REASONS),
        *(f"reason.{code}" for code in REASONS),
        *(f"note.{code.value}" for code in NoteCode),
        *(f"file.{media_type}" for media_type in TYPE_NAMES),
        *(f"error.{code}" for code in document_codes()),
        *(f"hint.{code}" for code in document_codes()),
    ]
    assert [key for key in wanted if key not in TEXTS] == []


def test_the_words_of_a_note_ask_for_no_value_it_lacks() -> None:
    for code in NoteCode:
        for key in {f"note.{code.value}", f"note.{code.value}.one"} & TEXTS.keys():
            for words in TEXTS[key]:
                assert set(re.findall(r"{(\w+)}", words)) <= blanks_of(code), key


def test_a_code_without_words_is_made_readable() -> None:
    assert Labels("en").coded("flag", "some_new_flag") == "some new flag"
    assert Labels("zh").coded("hint", "NEW", "as the service says") == "as the service says"


def test_numbers_take_the_singular() -> None:
    assert Labels("en").count("review.total", 1) == "1 entry"
    assert Labels("en").count("review.total", 1200) == "1,200 entries"


def document_codes() -> set[str]:
    kinds = (errors.DocumentError, errors.ModelError, errors.StoreError, errors.ReviewError)
    return {
        cls.code
        for cls in vars(errors).values()
        if isinstance(cls, type) and issubclass(cls, kinds) and cls not in (errors.DocumentError, errors.ReviewError)
    }
