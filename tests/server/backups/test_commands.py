"""The commands, as processes: into the empty database of an older server; what is wrong exits 1."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from qitong.server.backups import manifest
from qitong.server.database import client
from tests.server.processes import data_folder, environment, qitong


def test_a_backup_is_restored_into_an_older_server(kept: Path) -> None:
    """Its settings are fewer than the newer pg_restore would set."""
    with data_folder() as folder:
        env = environment(
            folder,
            QITONG_LEDGER_KEY=settings.LEDGER_KEY,
            PGSERVER_POSTGRES_VERSION="16",
            QITONG_PG_BIN=str(client("psql").parent),
        )
        done = qitong("restore", str(kept), env=env)
        assert done.returncode == 0, done.stderr
        assert "the ledger is whole" in done.stdout
        asked = qitong("psql", "-tAc", "select current_setting('server_version_num')::int / 10000", env=env)
        assert asked.stdout.strip() == "16"


def test_the_command_names_what_is_wrong_and_exits_1(harmed: Path) -> None:
    (harmed / manifest.DUMP).write_bytes(b"")
    with data_folder() as folder:
        env = environment(folder, QITONG_LEDGER_KEY=settings.LEDGER_KEY)
        done = qitong("restore", "--check", str(harmed), env=env)
    assert (done.returncode, manifest.DUMP in done.stderr, "Traceback" in done.stderr) == (1, True, False)
