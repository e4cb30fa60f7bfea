"""A fact of ten thousand companies of a million changes: ``python -m bench.changed``.

A department's figures come in as a feed does, under the companies' consent, and the jobs that follow are done
as the worker does them, until who gained and who lost is recorded. Every round is about other companies, and
stays.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from random import Random
from typing import Any

from bench import store
from bench.measure import Line, Processor, line, seeded

CHANGED = "employees"
COMPANIES, FEW, ROUNDS = 1_000_000, 10_000, 3
WORKER = 4
"""Jobs at a time of a worker as it comes."""
MOST_S = 10.0


def measure(companies: int, few: int) -> list[Line]:
    from bench.loader.companies import allows
    from qitong.policies.change_models import Change

    receive, judge, whole, busy, turned = [], [], [], [], 0
    processor = Processor()
    random = seeded(time.time_ns())
    for _ in range(ROUNDS):
        drawn = random.sample(range(1, companies + 1), few * 5 // 4)
        keys = [key for key in drawn if not allows(key)] + [key for key in drawn if allows(key)][:few]
        before = Change.objects.count()
        begun, worked = time.perf_counter(), processor.now()
        at = dt.datetime.now(dt.UTC)
        _received(keys, random, at, few)
        received = time.perf_counter()
        others = _judged(at)
        done = time.perf_counter()
        busy.append(processor.now() - worked + others)
        receive.append(received - begun)
        judge.append(done - received)
        whole.append(done - begun)
        turned = Change.objects.count() - before
    what = f"{few:,} of {companies:,} companies: a fact comes in"
    return [
        replace(
            line(
                f"{what}, recomputed, events recorded",
                companies,
                whole,
                "s",
                most=MOST_S,
                note=f"{turned:,} changes",
            ),
            cpu=round(statistics.median(busy)),
        ),
        line("of it, taking over the facts", companies, receive, "s"),
        line("of it, judging", companies, judge, "s"),
    ]


def _received(keys: list[int], random: Random, at: dt.datetime, few: int) -> None:
    from bench.loader.companies import DEPARTMENT
    from qitong.accounts.actors import Actor
    from qitong.policies.receiving import receive

    by = Actor.system("bench")
    receipt = receive(department=DEPARTMENT, as_of=at.date(), rows=_rows(keys, random), by=by, at=at)
    if receipt.companies + receipt.unchanged < few:
        raise SystemExit(f"not all were taken over: {receipt}")


def _rows(keys: list[int], random: Random) -> Iterator[Any]:
    """What the department says of these companies, of whom some do not allow it."""
    from bench.loader.companies import uscc
    from qitong.policies.receiving import Row

    for key in keys:
        yield Row(uscc(key), {CHANGED: random.choice((3, 12, 40, 150, 700, 2000))})


def _judged(at: dt.datetime) -> float:
    """What a worker does with the jobs that wait, as many at a time as it does them.

    Milliseconds of processor of the server's processes that it asked.
    """
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(task_name="automation.react", status="todo")
    jobs = waiting.filter(args__has_key="entry_ids").order_by("pk").values_list("args", flat=True)
    with ThreadPoolExecutor(WORKER) as pool:
        server = sum(pool.map(lambda args: _reacted(args["entry_ids"], at), jobs))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo'")
    return server


def _reacted(entries: list[int], at: dt.datetime) -> float:
    from django.db import connection

    from qitong.automation import reactions

    try:
        server = Processor()
        reactions.react(entries, at=at)
        return server.server()
    finally:
        connection.close()


def fill(name: str) -> dt.datetime:
    from django.core.management import call_command

    from bench.loader import companies
    from bench.policies import population

    call_command("migrate", verbosity=0, interactive=False)
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    companies.load(population(int(name.split("_")[3])), CHANGED, at)
    return at


def main() -> None:
    """Print lines of JSON; 1 when one is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, help="for the other benches; nothing here hangs on cases")
    parser.add_argument("--companies", type=int, default=COMPANIES)
    parser.add_argument("--few", type=int, default=FEW)
    chosen = parser.parse_args()
    store.use_made(f"city_{chosen.companies}", fill)
    lines = measure(chosen.companies, chosen.few)
    for one in lines:
        sys.stdout.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    raise SystemExit(int(any(one.kept is False for one in lines)))


if __name__ == "__main__":
    main()
