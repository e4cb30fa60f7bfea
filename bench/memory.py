"""What web and worker hold after ten thousand requests: ``python -m bench.memory``."""

from __future__ import annotations

import http.client
import os
import threading
from pathlib import Path

from bench import store
from bench.measure import Line, line, main, tree

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "10000"))
STEPS, CLIENTS = 4, 4
MOST_MB, MOST_GROWTH_MB = 250, 15


def measure(cases: int) -> list[Line]:
    store.copied(f"{store.PREFIX}copy_memory")
    try:
        held = _held()
    finally:
        store.drop(f"{store.PREFIX}copy_memory")
    growth = held[-1] - held[1]
    said = ", ".join(f"{mb:.0f}" for mb in held)
    return [
        line(
            "web and worker hold",
            cases,
            [held[-1]],
            "MB",
            most=MOST_MB,
            note=f"in quarters of the requests: {said}",
        ),
        line("more than after a quarter", cases, [growth], "MB", most=MOST_GROWTH_MB),
    ]


def _held() -> list[float]:
    """After each quarter of the requests, and before them all (after each page was asked for once)."""
    from django.db import connection

    from bench.asking import session
    from bench.serving import served
    from qitong.casework.models import Case

    numbers = list(Case.objects.filter(state="in_review").values_list("number", flat=True)[:200])
    officer = session("wang.fang@qitong.example")
    leader = session("zhou.jun@qitong.example")
    connection.close()
    pages = [("/desk", officer), ("/desk?scope=all", officer), ("/dashboard", leader), ("/api/v1/items", "")]
    pages += [(f"/desk/cases/{number}", officer) for number in numbers[:6]]
    with served() as (port, processes):
        held = []
        _ask(port, pages, len(pages) * 4)
        held.append(megabytes(list(processes.values())))
        for _ in range(STEPS):
            _ask(port, pages, REQUESTS // STEPS)
            held.append(megabytes(list(processes.values())))
        return held


def _ask(port: int, pages: list[tuple[str, str]], count: int) -> None:
    def client(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for n in range(first, count, CLIENTS):
            path, cookie = pages[n % len(pages)]
            connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}"} if cookie else {})
            answer = connection.getresponse()
            said = answer.read()
            if answer.status not in (200, 401):
                raise SystemExit(f"{path} answered with {answer.status}: {said[:300]!r}")
        connection.close()

    clients = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()


def megabytes(roots: list[int]) -> float:
    """What these processes and those below hold; what several share is counted once (PSS)."""
    total = 0
    for pid in {pid for root in roots for pid in tree(root)}:
        try:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total / 1024


if __name__ == "__main__":
    main(measure)
