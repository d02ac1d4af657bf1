"""Finding files: sorted, named apart, and never followed where they should not be."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kbbuilder.errors import PathNotFound, SpecialFile, TooLarge, Unreadable
from kbbuilder.services.build.registration import display_name, find_files, read_file


def _names(*paths: Path) -> list[str]:
    return [file.name for file in find_files(paths)]


def _write(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def test_a_folder_is_walked_in_sorted_order_and_names_tell_the_sub_folder(tmp_path: Path) -> None:
    for name in ("b/faq.md", "a/faq.md", "手册.md", "a.md"):
        _write(tmp_path / name)
    assert _names(tmp_path) == ["a/faq.md", "a.md", "b/faq.md", "手册.md"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden.md", ".git/config", "seen.md"):
        _write(tmp_path / name)
    assert _names(tmp_path) == ["seen.md"]


def test_equal_names_from_two_folders_are_told_apart(tmp_path: Path) -> None:
    for name in ("one/faq.md", "two/faq.md", "x/two/faq.md"):
        _write(tmp_path / name)
    assert _names(tmp_path / "one", tmp_path / "two", tmp_path / "x" / "two") == [
        "faq.md",
        "two/faq.md",
        "two/faq.md (2)",
    ]


def test_a_file_given_twice_is_taken_once(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md")
    assert _names(tmp_path, path, tmp_path) == ["a.md"]


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound, match="nowhere"):
        find_files([tmp_path, tmp_path / "nowhere"])


def test_links_pipes_and_sockets_are_listed_with_their_problem(tmp_path: Path) -> None:
    target = _write(tmp_path / "z.md")
    (tmp_path / "link.md").symlink_to(target)
    (tmp_path / "broken.md").symlink_to(tmp_path / "gone.md")
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "door.md"))
        found = {file.name: type(file.problem) for file in find_files([tmp_path])}
    assert found == {
        "broken.md": SpecialFile, "door.md": SpecialFile, "link.md": SpecialFile, "pipe.md": SpecialFile,
        "z.md": type(None),
    }  # fmt: skip


def test_a_link_given_by_name_is_not_followed_either(tmp_path: Path) -> None:
    (tmp_path / "link.md").symlink_to(_write(tmp_path / "z.md"))
    (found,) = find_files([tmp_path / "link.md"])
    assert isinstance(found.problem, SpecialFile)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_what_may_not_be_opened_is_unreadable(tmp_path: Path) -> None:
    secret = _write(tmp_path / "secret.md")
    secret.chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(Unreadable):
        read_file(secret, 100)
    assert [file.name for file in find_files([tmp_path]) if isinstance(file.problem, Unreadable)] == ["closed"]


def test_a_file_that_became_a_link_since_is_refused(tmp_path: Path) -> None:
    target = _write(tmp_path / "z.md")
    (tmp_path / "a.md").symlink_to(target)
    with pytest.raises(SpecialFile):
        read_file(tmp_path / "a.md", 100)


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SpecialFile):
        read_file(tmp_path / "pipe", 100)


def test_a_file_at_the_limit_is_read_and_one_above_it_is_too_large(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md", "x" * 100)
    assert len(read_file(path, 100)) == 100
    with pytest.raises(TooLarge):
        read_file(path, 99)


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read_file(tmp_path / "gone.md", 100)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("退货\n说明.md", "退货说明.md"),
        ("a\x00b\x1b[31m.md", "ab[31m.md"),
        ("\udcff.md", "?.md"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\n", "unnamed"),
        ("x" * 400 + ".md", "x" * 297 + ".md"),
    ],
)
def test_a_name_is_fit_to_be_shown(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_a_library_that_lies_among_the_documents_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "faq.md").write_text("text", encoding="utf-8")
    (tmp_path / "kb-data" / "blobs" / "ab").mkdir(parents=True)
    (tmp_path / "kb-data" / "blobs" / "ab" / "abcd").write_bytes(b"stored copy")
    for name in ("kb.db", "kb.db-wal", "kb.db-shm"):
        (tmp_path / name).write_bytes(b"SQLite format 3\0")
    (tmp_path / "sales-data").mkdir()
    (tmp_path / "sales-data" / "prices.csv").write_text("a,b", encoding="utf-8")
    assert _names(tmp_path) == ["faq.md", "sales-data/prices.csv"]


def test_the_library_at_work_is_not_read_even_before_it_holds_a_document(tmp_path: Path) -> None:
    for name in ("kb.db", "kb.db-wal", "other.db"):
        (tmp_path / name).write_bytes(b"SQLite format 3\0")
    found = find_files([tmp_path], library=tmp_path / "kb.db")
    assert [file.name for file in found] == ["other.db"]
