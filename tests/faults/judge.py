"""A process that does what is due with policies, two companies a batch, and may be killed at a statement.

``python -m tests.faults.judge MOMENT TABLE N [WORK]``: killed (-9) just after the N-th statement that writes
to the table, its transaction still open; ``TABLE`` ``never``: it ends by itself. ``WORK``: ``recheck`` (the
usual), ``lapsing``, ``calling``, ``outlooks``, or ``reactions`` that wait.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from qitong.cli import use_django


def main(moment: str, table: str, number: str, work: str = "recheck") -> None:
    use_django()
    from django.db import connection

    from qitong.accounts.actors import Actor
    from qitong.policies import calling, lapsing, outlooks, recheck
    from tests.automation.queue import react_to_all

    left = int(number)

    def kill(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        done = execute(sql, params, many, context)
        if f"INSERT INTO {table}" in sql.replace('"', "") or f"UPDATE {table}" in sql.replace('"', ""):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return done

    with connection.execute_wrapper(kill):
        by, at = Actor.system("policies"), dt.datetime.fromisoformat(moment)
        match work:
            case "lapsing":
                lapsing.run(by=by, at=at, batch=2)
            case "calling":
                calling.run(by=by, at=at, batch=2)
            case "outlooks":
                outlooks.run(at=at, batch=2)
            case "reactions":
                react_to_all(at)
            case _:
                recheck.run(by=by, at=at, batch=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
