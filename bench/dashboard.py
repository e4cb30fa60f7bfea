"""The leader's pages, and whether their figures equal a full recount: ``python -m bench.dashboard``."""

from __future__ import annotations

from functools import partial

from django.utils import timezone

from bench.measure import ROUNDS, Line, line, main, taken

LEADER = "zhou.jun@qitong.example"
PAGES = {
    "dashboard": "/dashboard",
    "departments": "/dashboard/departments",
    "items": "/dashboard/items",
    "months": "/dashboard/months",
    "list behind a figure": "/dashboard/cases?what=overdue",
}
MOST_MS = 100
SAMPLE = 10_000
"""Cases that are measured again one by one; of more, the sums of all facts are added up again."""


def measure(cases: int) -> list[Line]:
    from bench.asking import Browser

    browser = Browser(LEADER)
    lines = []
    for name, path in PAGES.items():
        found = taken([partial(browser.get, path)] * ROUNDS)
        lines.append(found.line(name, cases, most=MOST_MS))
    return [*lines, _equal(cases)]


def _equal(cases: int) -> Line:
    """How many figures differ from a recount: of facts measured anew, and of sums added up anew."""
    from qitong.casework.models import Case
    from qitong.insight import facts

    if cases <= SAMPLE:
        differ = facts.recount(at=timezone.now())
        wrong = len(differ.cases) + differ.sums
    else:
        ids = Case.objects.exclude(submitted_at=None).order_by("-pk").values_list("pk", flat=True)
        step = max(1, cases // SAMPLE)
        wrong = len(facts.refresh(list(ids)[::step])) + facts._sum_again()
    return line("figures unlike a recount", cases, [wrong], "figures", most=0)


if __name__ == "__main__":
    main(measure)
