"""What stands in the project, and what must not."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(p for folder in ("kbbuilder", "ui") for p in (ROOT / folder).rglob("*.py"))


def _tracked() -> list[str]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in run.stdout.split("\0") if name]


def test_the_top_level_holds_only_what_was_agreed() -> None:
    top = {name.split("/")[0] for name in _tracked()}
    assert {t for t in top if not t.startswith(".")} <= {
        "kbbuilder", "ui", "samples", "tests", "pyproject.toml", "README.md", "LICENSE", "uv.lock",
    }  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_is_a_grab_bag_or_unfinished(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "base", "misc", "managers"}
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"#\s*(?:TODO|FIXME|XXX|HACK)\b", text)
    tree = ast.parse(text)
    if tree.body:
        assert ast.get_docstring(tree), "a module says what it is for"


def test_broad_excepts_stand_only_where_they_are_recorded() -> None:
    broad: list[str] = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = (
                    {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {"BaseException"}
                )
                if names & {"Exception", "BaseException"}:
                    broad.append(str(path.relative_to(ROOT)))
    assert set(broad) <= {"kbbuilder/parse_child.py", "kbbuilder/services/build/service.py", "kbbuilder/services/build/shift.py",
                          "kbbuilder/services/build/pipeline.py", "kbbuilder/store/blobs.py", "kbbuilder/adapters/llama_index_chat.py"}, broad  # fmt: skip


def test_the_samples_hold_eight_documents_in_six_formats_and_both_languages() -> None:
    names = [p.name for p in (ROOT / "samples").iterdir()]
    assert len(names) >= 8
    assert len({p.rsplit(".", 1)[1] for p in names}) >= 6
    chinese = [n for n in names if re.search("[\u4e00-\u9fff]", n)]
    assert len(chinese) >= 3 and len(names) - len(chinese) >= 3
