"""The world a test plays in: the packaged catalogue, the fixed cast, the rota.

It is played through the public actions once a process; later tests get a copy of its rows, which
takes a twentieth of the time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise, User
from qitong.casework.logic.clock import ZONE, day_of
from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.publish import load
from qitong.demo.cast import MAIL, Cast, assemble, rota
from qitong.demo.stage import Stage
from tests.emptying import filled

Rows = dict[str, bytes]

_kept: dict[tuple[object, ...], tuple[dt.datetime, Rows]] = {}


def early_today(now: dt.datetime) -> dt.datetime:
    """The last quarter of an hour, no later than eight in the evening: a story from there is still of today.

    Pages look at the clock; late at night the story would be ahead of them by a day. Tests that begin at the
    same moment share what was played before it: at each one's own, all would play it again.
    """
    quarter = now.astimezone(ZONE).replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return min(quarter, quarter.replace(hour=20, minute=0))


def build(at: dt.datetime, then: Callable[[Stage], None] | None = None) -> Stage:
    """Everything there is before the first case, as of ``at``; with ``then``, what it plays on top.

    ``then`` is a function of a module: its name says what is kept.
    """
    key = (at, then and f"{then.__module__}.{then.__qualname__}")
    before = filled()
    if key in _kept and not before & _kept[key][1].keys():
        now, rows = _kept[key]
        _restore(rows)
        return Stage(cast(), now)
    stage = play(at) if then is None else build(at)
    if then is not None:
        then(stage)
    if not before:
        _kept[key] = stage.at, {table: _copied(table) for table in sorted(filled())}
    return stage


def play(at: dt.datetime) -> Stage:
    """The same through the public actions, never copied: for a database that is new."""
    start = at - dt.timedelta(days=30)
    packaged, problems = check_path(PACKAGED)
    assert packaged is not None, problems
    load(packaged, by=Actor.system("test"), at=start)
    made = assemble(at=start, password="Correct-horse-7")
    rota(made, first=day_of(start), last=day_of(at) + dt.timedelta(days=150), at=start)
    return Stage(made, at)


def cast() -> Cast:
    users = {user.login.removesuffix(f"@{MAIL}"): user for user in User.objects.all()}
    return Cast(users, {enterprise.uscc: enterprise for enterprise in Enterprise.objects.all()})


def _copied(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
        return b"".join(bytes(block) for block in copy)


def _restore(rows: Rows) -> None:
    """Put the rows back as they were; triggers and foreign keys have judged them the first time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, content in rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(content)
        cursor.execute("SET LOCAL session_replication_role = origin")
