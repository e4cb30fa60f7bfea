"""Before ``qitong migrate``, and with a database that is away: a line that says what to do, status 2."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import click
import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from qitong.cli import Program
from qitong.cli.unready import NOT_SET_UP
from qitong.server.database import database_url

NAME = f"test_qitong_{os.getpid()}_empty"


@pytest.fixture(scope="module")
def empty() -> Iterator[str]:
    """The address of a database in which nothing is."""
    url = database_url()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{NAME}"'.encode())
        yield urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
        server.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)'.encode())


def run(url: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qitong", *words],
        env={**os.environ, "DATABASE_URL": url},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "line", ["ledger verify --json", "user list", "backup b0"], ids=lambda line: line.split()[0]
)
def test_before_migrate_a_command_says_so(line: str, empty: str, tmp_path: Path) -> None:
    done = run(empty, *line.split(), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {NOT_SET_UP}\n")


def test_a_database_that_is_away_is_said(tmp_path: Path) -> None:
    done = run("postgresql://nobody@127.0.0.1:1/none", "ledger", "verify", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: The database cannot be reached: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.django_db
def test_a_table_that_is_missing_though_all_was_applied_keeps_its_traceback() -> None:
    def ask() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    class Asking(Program):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            return click.Command("ask", callback=ask)

    failed = CliRunner().invoke(Asking("program"), ["ask"]).exception
    assert failed is not None
    assert "no_such_table" in str(failed)
