"""Two web and three worker processes on one PostgreSQL with a replica; the primary is killed in the middle of
a run, the replica promoted: the same processes go on, nothing acknowledged is lost, nothing is done twice.

Acknowledged means: it is on both (``synchronous_standby_names``, ``synchronous_commit = on``). Without that,
what was acknowledged in the primary's last moments could be lost, whatever the program does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from pytest_django import Settings as PytestSettings

from qitong.accounts.actors import Actor
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.ledger.checkpoint import checkpoint
from qitong.server.backups.restore import restore
from tests.faults.company_program import Drivers, Story, answered, sent_elsewhere, withdrawn
from tests.faults.fleet import Fleet, Process, wait_until
from tests.faults.replica_server import Server, primary, replica
from tests.faults.test_kill_at_random import (
    every_case_ended_once,
    everybody_was_told_once,
    keys,
    on_duty,
    send_what_a_killed_worker_had_reserved,
    the_ledger_tells_the_same,
    waiting_jobs,
)
from tests.server.processes import data_folder, environment, free_port
from tests.upgrade.keep import KEY
from tests.world import cast

pytestmark = pytest.mark.slow

CASES, THREADS = 45, 6
LONGEST = 180.0  # seconds; a minute is usual
DECIDING = 2.0  # seconds until whoever watches has decided that the primary is gone
MIX = (answered, sent_elsewhere, withdrawn)
KEPT = Path(__file__).parents[1] / "upgrade" / "previous"


def stories() -> Iterator[tuple[int, Story]]:
    return ((number, MIX[number % len(MIX)]) for number in range(CASES))


def both(one: Server, two: Server) -> str:
    """As in production: both servers are named, whichever takes writes is used."""
    hosts = f"127.0.0.1:{one.port},127.0.0.1:{two.port}"
    return f"postgresql://postgres@{hosts}/qitong?target_session_attrs=read-write"


@contextmanager
def connected(url: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process, too, uses that database within the block."""
    known = connection.settings_dict
    before = {name: known[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    connection.close()
    patch.setenv("DATABASE_URL", url)
    known["NAME"] = "qitong"
    try:
        yield
    finally:
        connection.close()
        known.update(before)


@contextmanager
def fleet(url: str, folder: Path) -> Iterator[Fleet]:
    """Two web and three workers, ended with the block."""
    ports = [free_port(), free_port()]
    web = [
        Process(f"web-{n}", ["serve", "--port", str(port), "--workers", "1", "--threads", "4"])
        for n, port in enumerate(ports)
    ]
    workers = [Process(f"worker-{n}", ["worker", "--concurrency", "2", "--name", f"w{n}"]) for n in range(3)]
    secrets = {"QITONG_SECRET_KEY": settings.SECRET_KEY, "QITONG_LEDGER_KEY": KEY}
    env = environment(folder, **secrets) | {"DATABASE_URL": url, "QITONG_LOG": "ERROR"}
    with (folder / "fleet.log").open("ab") as log:
        made = Fleet([*web, *workers], ports, env, folder, log)
        made.start()
        try:
            yield made
        finally:
            made.end()


def on_stage() -> Stage:
    """The cast of the kept backup, as of now, Wang Fang on duty."""
    return on_duty(Stage(cast(), timezone.now()))


def test_a_promoted_replica_takes_over_in_the_middle_of_a_run(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
    settings: PytestSettings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    began = time.monotonic()
    with data_folder() as folder, primary(folder) as one, django_db_blocker.unblock():
        settings.LEDGER_KEY, settings.FILES_DIR = KEY, folder / "files"
        one.ask("CREATE DATABASE qitong")
        with connected(one.address("qitong"), monkeypatch):
            restore(KEPT, by=Actor.system("test"), at=timezone.now())
        with replica(one, folder) as two, connected(both(one, two), monkeypatch):
            run(one, two, folder, began, capsys)


def run(one: Server, two: Server, folder: Path, began: float, capsys: pytest.CaptureFixture[str]) -> None:
    stage, before = on_stage(), Case.objects.latest("pk").pk
    with fleet(both(one, two), folder) as processes:
        drivers = Drivers(processes.ports, keys(stage), stories())
        drivers.start(threads=THREADS, deadline=time.monotonic() + LONGEST)
        until = time.monotonic() + LONGEST
        wait_until(lambda: len(drivers.ended) >= CASES // 3, until, "a third of the cases")
        one.kill()
        killed = time.monotonic()
        time.sleep(DECIDING)
        ended = len(drivers.ended)
        two.ask("SELECT pg_promote()")
        connection.close()
        wait_until(lambda: len(drivers.ended) > ended, until, "the first case on the new primary")
        away = time.monotonic() - killed
        wait_until(lambda: not drivers.running, until, "the rest of the cases")
        wait_until(lambda: waiting_jobs() == 0, until, "the queue to be empty")
        dead = [p.name for p in processes.processes if p.running is None or p.running.poll() is not None]
    assert dead == [], "every process found the new primary by itself"
    send_what_a_killed_worker_had_reserved()
    with capsys.disabled():
        said = (
            f"{CASES} cases, {drivers.retries} calls made again, {away:.0f} s from the kill to the next end"
        )
        print(f"\n{said}, {time.monotonic() - began:.0f} s altogether")  # noqa: T201
    assert drivers.failures == []
    assert len(drivers.ended) == CASES
    every_case_ended_once(drivers.ended, after=before)
    the_ledger_tells_the_same(drivers.ended)
    everybody_was_told_once(drivers.ended)
    assert checkpoint(by="system:test", at=timezone.now()).entries > 0
