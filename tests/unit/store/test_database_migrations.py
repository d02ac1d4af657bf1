"""The schema: made from nothing, kept in step with the tables, copied before it is changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kbbuilder.errors import ConfigError, SchemaMismatch, StoreError
from kbbuilder.store import database as database_module
from kbbuilder.store import tables
from kbbuilder.store.database import SCHEMA_HEAD, Database

MIGRATIONS = Path(database_module.__file__).parent / "migrations"


def test_a_migrated_database_has_exactly_the_tables_of_the_tables_module(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    database.migrate()

    def ours(name: str | None, kind: str) -> bool:
        return not (kind == "table" and name is not None and "_fts" in name)

    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _parents: ours(name, kind), "compare_type": True}
        )
        assert compare_metadata(context, tables.SQLModel.metadata) == []


def test_the_schema_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [SCHEMA_HEAD]


def test_migrating_twice_changes_nothing_and_needs_no_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    Database(url).migrate()
    before = sorted(path.name for path in tmp_path.glob("*.bak"))
    script = (
        "import sys; from kbbuilder.store.database import Database; "
        f"Database({url!r}).migrate(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
    assert sorted(path.name for path in tmp_path.glob("*.bak")) == before == []


def test_a_database_that_held_something_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE something (text)")
        old.execute("INSERT INTO something VALUES ('kept')")
        old.commit()
    Database(f"sqlite:///{path}").migrate()
    with closing(sqlite3.connect(tmp_path / "a.db.before-first.bak")) as copy:
        assert copy.execute("SELECT text FROM something").fetchall() == [("kept",)]
        assert copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'faq_entry'").fetchone() == (0,)


def test_a_schema_of_a_newer_kbbuilder_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch, match="9999"):
        database.migrate()
    assert list(tmp_path.glob("*.bak")) == []


def test_processes_that_start_at_the_same_time_make_one_schema(tmp_path: Path) -> None:
    script = f"from kbbuilder.store.database import Database; Database('sqlite:///{tmp_path}/a.db').migrate()"
    starts = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ends = [(start.communicate(timeout=60)[1], start.returncode) for start in starts]
    assert ends == [("", 0)] * 4
    with Database(f"sqlite:///{tmp_path}/a.db").read() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchall() == [(SCHEMA_HEAD,)]


def test_a_folder_name_with_a_percent_sign_and_blanks_does_not_disturb(tmp_path: Path) -> None:
    folder = tmp_path / "100 % 知识库"
    folder.mkdir()
    Database(f"sqlite:///{folder}/a.db").migrate()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreError, match=r"a\.db is not a sound database"):
        Database(f"sqlite:///{path}").migrate()
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        Database(f"sqlite:///{tmp_path}/nowhere/a.db").migrate()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql://host/db", "nonsense"])
def test_an_address_that_is_no_sqlite_file_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="db is"):
        Database(url)
