"""A case as its officer reads it, and one move done there: ``python -m bench.case_page``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.utils import timezone

from bench.measure import ROUNDS, Line, main, taken

OFFICER = "wang.fang@qitong.example"
PAGE_MS, CPU_MS, MOST_QUERIES = 40, 15, 12


def measure(cases: int) -> list[Line]:
    from bench.asking import Browser
    from qitong.casework.models import Case

    browser = Browser(OFFICER)
    mine = Case.objects.filter(owner__login=OFFICER)
    lines = []
    for name, rows in {
        "case page, in review": mine.filter(state="in_review"),
        "case page, closed": mine.filter(state="closed"),
    }.items():
        numbers = list(rows.order_by("-pk").values_list("number", flat=True)[: ROUNDS + 3])
        found = taken([partial(browser.get, f"/desk/cases/{n}") for n in numbers])
        lines.append(found.line(name, cases, most=PAGE_MS, most_cpu=CPU_MS, most_queries=MOST_QUERIES))
    return [*lines, _move(cases)]


def _move(cases: int) -> Line:
    """The first contact noted on the page of a case: one move, one entry; what follows is done afterwards."""
    from bench.asking import Browser
    from qitong.casework.models import Case

    waiting = Case.objects.filter(state="submitted", contacted_at=None).order_by("-pk")
    cases_and_owners = list(waiting.values_list("number", "owner__login")[: ROUNDS // 2])
    if len(cases_and_owners) < ROUNDS // 2:
        raise SystemExit("no case is left to be moved: drop the database and measure again")
    owners = {login: Browser(login) for _, login in cases_and_owners}
    moves = [
        lambda n=number, o=login: owners[o].post(f"/desk/cases/{n}/do/contact", note="已联系")
        for number, login in cases_and_owners
    ]
    with _followed_up():
        found = taken(moves)
    return found.line("one move, on its page", cases, most=PAGE_MS, most_cpu=CPU_MS)


@contextmanager
def _followed_up() -> Iterator[None]:
    """What follows from the moves is done at the end, as a worker would: the database stays whole."""
    from django.db import connection

    from qitong.automation.reactions import react
    from qitong.ledger.models import Entry

    last = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    yield
    react(list(Entry.objects.filter(pk__gt=last).values_list("pk", flat=True)), at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


if __name__ == "__main__":
    main(measure)
