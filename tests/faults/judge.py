"""A process that judges what is due, two companies a batch, and may be killed at a statement.

``python -m tests.faults.judge MOMENT TABLE N``: killed (-9) just after the N-th statement that writes to the
table, its transaction still open; ``TABLE`` ``never``: it ends by itself.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from qitong.cli import use_django


def main(moment: str, table: str, number: str) -> None:
    use_django()
    from django.db import connection

    from qitong.accounts.actors import Actor
    from qitong.policies import recheck

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
        recheck.run(by=Actor.system("policies"), at=dt.datetime.fromisoformat(moment), batch=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
