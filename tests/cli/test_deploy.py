"""A production start that is not safe is refused, with a sentence for each thing that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from qitong.demo.play import play
from qitong.server.database import database_url
from tests.server.backups.databases import database, using
from tests.server.processes import data_folder, environment, free_port, qitong

pytestmark = pytest.mark.slow

GOOD = {
    "QITONG_ENV": "production",
    "QITONG_SECRET_KEY": "Zq3v-8LxT0cWm5yRk1NpHs7uBf2JdGa9",
    "QITONG_LEDGER_KEY": "b7Xn_4QkVr1TzLs9MwCj0Ey6PgUh3Fda",
    "QITONG_HOSTS": "qitong.example",
    "QITONG_ORIGINS": "https://qitong.example",
    "QITONG_PROXIES": "1",
}
KEY = GOOD["QITONG_SECRET_KEY"]
STARTS: dict[str, tuple[dict[str, str], list[str]]] = {
    "nothing is configured": (
        dict.fromkeys(GOOD, "") | {"QITONG_ENV": "production"},
        [
            "QITONG_SECRET_KEY is not configured; make one:",
            "QITONG_LEDGER_KEY is not configured; make one:",
            "QITONG_HOSTS is not configured",
            "QITONG_ORIGINS is not configured",
            "QITONG_PROXIES is 0, so nothing in front ends TLS",
        ],
    ),
    "everything is open": (
        {
            "QITONG_SECRET_KEY": "change" * 8,
            "QITONG_LEDGER_KEY": "tiny-Key-1",
            "QITONG_HOSTS": "qitong.example,*",
            "QITONG_ORIGINS": "http://qitong.example,https://*.example",
        },
        [
            "QITONG_SECRET_KEY is easy to guess",
            "QITONG_LEDGER_KEY has 10 characters, at least 32 are needed",
            "QITONG_HOSTS answers to any host",
            "http://qitong.example is not one address with TLS",
            "https://*.example is not one address with TLS",
        ],
    ),
    "one secret is both": (
        {"QITONG_LEDGER_KEY": KEY},
        ["QITONG_SECRET_KEY and QITONG_LEDGER_KEY are the same"],
    ),
    "what is configured cannot work": (
        {"QITONG_S3_ENDPOINT": "https://s3.example", "QITONG_CLAMD": "nowhere"},
        ["QITONG_S3_BUCKET", "nowhere"],
    ),
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with data_folder() as made:
        yield made


def start(folder: Path, **more: str) -> tuple[int, str]:
    """The exit code of ``qitong serve`` and what it said; no database is reachable, none is started."""
    env = environment(folder, **{**GOOD, "DATABASE_URL": "postgresql://127.0.0.1:9/none", **more})
    done = qitong("serve", "--port", str(free_port()), env=env)
    assert not (folder / "pg").exists()
    return done.returncode, done.stderr


@pytest.mark.parametrize("case", STARTS)
def test_serve_does_not_start_and_says_everything_at_once(folder: Path, case: str) -> None:
    more, sentences = STARTS[case]
    code, said = start(folder, **more)
    assert (code, [line for line in sentences if line not in said]) == (1, [])
    assert len([line for line in said.splitlines() if line.startswith("  ")]) == len(sentences)


def test_debug_is_refused_whoever_switched_it_on(folder: Path) -> None:
    (folder / "own_settings.py").write_text("from qitong.server.settings import *\nDEBUG = True\n")
    path = f"{environment(folder).get('PYTHONPATH', '')}:{folder}".lstrip(":")
    code, said = start(folder, DJANGO_SETTINGS_MODULE="own_settings", PYTHONPATH=path)
    assert (code, "DEBUG is on" in said) == (1, True)


def test_files_that_cannot_be_kept_are_refused(folder: Path) -> None:
    (folder / "taken").write_text("no folder")
    code, said = start(folder, QITONG_DATA=str(folder / "taken"))
    assert (code, f"{folder}/taken/files cannot be written to" in said) == (1, True)


def test_up_is_refused_before_anything_is_made(folder: Path) -> None:
    env = environment(folder, **{**GOOD, "QITONG_PROXIES": "0"})
    done = qitong("up", "--port", str(free_port()), env=env)
    assert (done.returncode, "nothing in front ends TLS" in done.stderr) == (1, True)
    assert not (folder / "pg").exists()


def test_demo_data_is_no_production_and_what_is_missing_is_warned_of(
    folder: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qitong.demo.play.STORIES", ())  # the people alone
    with django_db_blocker.unblock(), database("deploy", migrated=True) as name:
        where = urlsplit(database_url())._replace(path=f"/{name}").geturl()
        env = environment(folder, **GOOD, DATABASE_URL=where)
        told = json.loads(qitong("check", "--deploy", "--json", env=env).stdout)["checks"]
        with using(name):
            play(at=timezone.now())
        refused = qitong("serve", "--port", str(free_port()), env=env)
    assert {one["name"]: one["ok"] for one in told}.items() >= {"environment": True, "demo": True}.items()
    warned = [one["detail"].partition(" is not")[0] for one in told if one["warning"]]
    assert warned == ["QITONG_CLAMD", "QITONG_MAIL_URL", "QITONG_SMS_URL"]
    assert (refused.returncode, "published password" in refused.stderr) == (1, True)
    assert "QITONG_CLAMD is not configured: no file is scanned" in refused.stderr


def test_a_laptop_is_told_that_it_is_no_production(folder: Path) -> None:
    env = {k: v for k, v in environment(folder).items() if k not in GOOD}
    done = qitong("check", "--deploy", env=env)
    assert done.returncode == 1
    assert "QITONG_ENV is not production" in done.stdout
