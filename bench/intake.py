"""Create, route and receipt by the API, and what follows from it: ``python -m bench.intake``.

Measured on a copy of the database: alone, for the processor it costs, and with eight clients at once.
"""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
import uuid
from dataclasses import replace
from functools import partial

import psycopg

from bench import store
from bench.measure import Line, Processor, cpu_of, line, main, postmaster, taken

ALONE, TOGETHER, CLIENTS = 60, 480, 8
COMPANIES = 20
MOST_CPU_MS, LEAST_RATE, MOST_COMMIT_MS = 12, 120, 1.0
REQUEST = {
    "kind": "request",
    "title": "园区路口信号灯损坏",
    "description": "路口信号灯损坏三天，货车进出不便。",
}


def measure(cases: int) -> list[Line]:
    store.copied(f"{store.PREFIX}copy_intake")
    try:
        return _measure(cases)
    finally:
        store.drop(f"{store.PREFIX}copy_intake")


def _measure(cases: int) -> list[Line]:
    from bench.asking import Program

    tokens = _tokens()
    commit = _commit_ms()
    programs = [Program(token) for token in tokens]
    alone = taken(
        [
            partial(programs[n % len(programs)].post, "/cases", _body(n), key=str(uuid.uuid4()))
            for n in range(ALONE)
        ],
        warm=10,
    )
    follows = _caught_up(ALONE)
    rate, cpu, waits = _together(tokens)
    low, median, high = _thirds(waits)
    fast = commit <= MOST_COMMIT_MS
    rated = line("8 clients, cases a second", cases, [rate], "cases/s", least=LEAST_RATE)
    if not fast:
        rated = replace(rated, kept=None, note=f"a commit costs {commit:.2f} ms here: nothing is promised")
    return [
        alone.line("create and submit by API, alone", cases),
        line("its processor and the server's", cases, alone.cpu, "ms CPU", most=MOST_CPU_MS),
        line("what follows: search, figures, messages", cases, [follows], "ms CPU"),
        rated,
        line("8 clients, processor of all a case", cases, [cpu], "ms CPU"),
        Line("8 clients, one call", cases, median, low, high, "ms"),
        line("one INSERT and its commit", cases, [commit], "ms"),
    ]


def _body(n: int) -> dict[str, object]:
    return {**REQUEST, "title": f"{REQUEST['title']}（{n}-{uuid.uuid4().hex[:6]}）", "submit": True}


def _thirds(values: list[float]) -> tuple[float, float, float]:
    low, median, high = statistics.quantiles(values, n=4)
    return round(low, 1), round(median, 1), round(high, 1)


def _tokens() -> list[str]:
    """Of several companies, as no company brings a hundred cases a second."""
    from django.utils import timezone

    from qitong.accounts import tokens
    from qitong.accounts.actors import Actor, Role
    from qitong.accounts.models import Enterprise, Membership, User

    now, made = timezone.now(), []
    members = Membership.objects.select_related("user")
    pattern = members.order_by("pk")[0]
    for n, company in enumerate(Enterprise.objects.order_by("-pk")[:COMPANIES]):
        user = User.objects.create(login=f"1990000{n:04d}", name=f"经办{n}", phone=f"1990000{n:04d}")
        pattern.pk, pattern.user, pattern.enterprise = None, user, company
        pattern.save(force_insert=True)
        _, raw = tokens.create(
            name="bench",
            user=user,
            role=Role.ENTERPRISE,
            enterprise=company,
            days=1,
            by=Actor.system("bench"),
            at=now,
        )
        made.append(raw)
    return made


def _commit_ms() -> float:
    """What one INSERT and its commit cost on this disk, at the durability of the service."""
    from django.db import connection

    connection.ensure_connection()
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as own:
        own.execute("CREATE TABLE bench_commit (n int)")
        times = []
        for n in range(100):
            begun = time.perf_counter()
            own.execute("INSERT INTO bench_commit VALUES (%s)", [n])
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _caught_up(cases: int) -> float:
    """Milliseconds of processor a case for what a worker does afterwards."""
    from django.utils import timezone

    from qitong.automation.reactions import react
    from qitong.ledger.models import Entry

    last = list(Entry.objects.filter(kind="case.submit").order_by("-pk").values_list("pk", flat=True)[:cases])
    processor = Processor()
    before = processor.now()
    for start in range(0, len(last), 10):
        react(last[start : start + 10], at=timezone.now())
    return (processor.now() - before) / len(last)


def _together(tokens: list[str]) -> tuple[float, float, list[float]]:
    """Cases a second, milliseconds of processor a case in web and server, and how long each call took."""
    from django.db import connection

    from bench.serving import served

    connection.close()
    waits: list[float] = []
    with served(worker=False) as (port, processes):
        _run(port, tokens, 5, [])
        before, begun = cpu_of(processes["web"]) + cpu_of(postmaster()), time.perf_counter()
        _run(port, tokens, TOGETHER // CLIENTS, waits)
        seconds = time.perf_counter() - begun
        cpu = cpu_of(processes["web"]) + cpu_of(postmaster()) - before
    return len(waits) / seconds, cpu / len(waits), waits


def _run(port: int, tokens: list[str], each: int, waits: list[float]) -> None:
    def client(token: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for n in range(each):
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid.uuid4()),
            }
            begun = time.perf_counter()
            connection.request("POST", "/api/v1/cases", json.dumps(_body(n)), headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 201:
                raise SystemExit(f"answered with {answer.status}: {said[:300]!r}")
            waits.append((time.perf_counter() - begun) * 1000)
        connection.close()

    clients = [threading.Thread(target=client, args=(tokens[n],)) for n in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()


if __name__ == "__main__":
    main(measure)
