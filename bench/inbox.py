"""The inbox of an officer, a department's reviewer, a leader and an auditor: ``python -m bench.inbox``."""

from __future__ import annotations

from functools import partial

from bench.measure import ROUNDS, Line, main, taken

WHO = {"officer": "wang.fang", "reviewer": "sw.reviewer", "leader": "zhou.jun", "auditor": "wu.hong"}
PAGES = {
    "": "/desk",
    ", all": "/desk?scope=all",
    ", every state": "/desk?scope=all&state=any",
    ", by due date": "/desk?scope=all&sort=due",
}
MOST_MS, MOST_QUERIES = 60, 12


def measure(cases: int) -> list[Line]:
    from bench.asking import Browser

    lines = []
    for who, login in WHO.items():
        browser = Browser(f"{login}@qitong.example")
        for name, path in PAGES.items():
            found = taken([partial(browser.get, path)] * ROUNDS)
            lines.append(found.line(f"inbox of {who}{name}", cases, most=MOST_MS, most_queries=MOST_QUERIES))
    return lines


if __name__ == "__main__":
    main(measure)
