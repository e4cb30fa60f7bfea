"""``python -m bench``: measure everything at every size of ``BENCH_SIZES`` and write ``docs/benchmarks.md``.

Each bench runs in a process of its own, one after another; one that takes too long is ended, and the page
says so. ``python -m bench inbox`` measures that alone and renews its section; each section says when it was
measured. The reasons stand in ``why.md``, which ends the page.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench import store
from bench.measure import line as measured

PAGE = store.ROOT / "docs" / "benchmarks.md"
WHY = store.ROOT / "bench" / "why.md"
SECONDS = 1200
"""For one bench at one size, with the database it may have to make first."""


@dataclass(frozen=True, slots=True)
class Bench:
    """``every``: at each size; otherwise only at the smallest. ``most_growth``: so many times as long."""

    module: str
    title: str
    every: bool = True
    most_growth: float = 0


BENCHES = (
    Bench("intake", "Intake by API: create, route, receipt", every=False),
    Bench("inbox", "Inbox", most_growth=1.3),
    Bench("case_page", "Case page and one move"),
    Bench("search", "Search"),
    Bench("sweep", "Sweep: all cases open"),
    Bench("dashboard", "Dashboard: figures kept in the database"),
    Bench("ledger_verify", "Ledger verify"),
    Bench("memory", "Memory of web and worker", every=False),
    Bench("policies", "Policies: many companies, many policies", every=False),
    Bench("changed", "Policies: a fact of many companies changes", every=False),
)


def main() -> int:
    sizes, named = store.sizes(), sys.argv[1:]
    chosen = [bench for bench in BENCHES if not named or bench.module in named]
    missed = False
    for bench in chosen:
        lines: list[dict[str, Any]] = []
        for cases in sizes if bench.every else sizes[:1]:
            lines += _run(bench.module, cases)
        if bench.most_growth and len(sizes) > 1:
            lines += _growth(lines, sizes[0], sizes[-1], bench.most_growth)
        missed = missed or any(line["kept"] is False for line in lines)
        before = PAGE.read_text() if PAGE.exists() else ""
        made = _section(bench, lines)
        PAGE.write_text(_page(before, bench.title, made))  # kept, whatever comes next
        sys.stdout.write(made)
    return int(missed)


def sections(page: str) -> dict[str, str]:
    """What a page says of each bench, by its title."""
    titles = {bench.title for bench in BENCHES}
    parts = re.split(r"^(?=## )", page, flags=re.MULTILINE)[1:]
    found = {part.partition("\n")[0].removeprefix("## "): part for part in parts}
    return {title: part for title, part in found.items() if title in titles}


def _run(module: str, cases: int) -> list[dict[str, Any]]:
    sys.stderr.write(f"== {module} at {cases:,}\n")
    command = [sys.executable, "-m", f"bench.{module}", "--cases", str(cases)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as done:
        try:
            said, _ = done.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(done.pid, signal.SIGKILL)  # with all that it started
            return [_not_measured(cases, f"ended after {SECONDS:,} s")]
    lines = [json.loads(row) for row in said.splitlines() if row.startswith("{")]
    return lines or [_not_measured(cases, f"it ended with {done.returncode}")]


def _not_measured(cases: int, why: str) -> dict[str, Any]:
    return asdict(replace(measured("not measured", cases, [0], "", note=why), kept=False))


def _growth(lines: list[dict[str, Any]], few: int, many: int, most: float) -> list[dict[str, Any]]:
    """How many times as long each page takes among many cases as among few."""
    before = {line["what"]: line["median"] for line in lines if line["cases"] == few}
    made = []
    for line in lines:
        if line["cases"] == many and before.get(line["what"]):
            times = line["median"] / before[line["what"]]
            made.append(asdict(measured(f"{line['what']}: of {few:,} cases", many, [times], "×", most=most)))
    return made


def _loaded(before: str) -> str:
    """How long loading took; of databases that were not made here as the page before says."""
    known = re.search(r"^The databases were made in: (.*)\.$", before, re.MULTILINE)
    parts = known[1].split("; ") if known else []
    parts += [f"{cases:,} ({mix}) {seconds} s" for mix, cases, seconds in store.made_in()]
    newest = {part.partition(")")[0]: part for part in parts}
    return f"The databases were made in: {'; '.join(newest.values())}."


def _page(before: str, title: str, made: str) -> str:
    """Head, the sections in the order of the benches, and the reasons."""
    told = {**sections(before), title: made}
    parts = [told[bench.title] for bench in BENCHES if bench.title in told]
    return "".join([_HEAD.format(**_machine()), f"\n{_loaded(before)}\n\n", *parts, WHY.read_text()])


def _section(bench: Bench, lines: Iterable[dict[str, Any]]) -> str:
    day = dt.datetime.now(dt.UTC).date().isoformat()
    rows = "".join(map(_row, lines))
    return f"## {bench.title}\n\nMeasured on {day}.\n\n{_TABLE}{rows}\n"


_HEAD = """# Benchmarks

Written by `make bench`: {cores} cores ({cpu}), {memory} GB of memory, {system},
PostgreSQL {postgres} (the embedded one, as it comes), Python {python}.

Each figure is a median with its quartiles; *CPU* is the median of processor time of the program and of the
server's process that answered it. *Promised* is what the project holds itself to on two cores. The cases
were played by the program and multiplied (`bench/loader`): their ledgers verify, search knows their words
and every figure equals a recount. Pages and calls go through the program's whole WSGI stack.
"""
_TABLE = """| what | cases | median | quartiles | CPU | queries | promised | kept |
|---|--:|--:|--:|--:|--:|---|---|
"""


def _row(line: dict[str, Any]) -> str:
    kept = {True: "yes", False: "**no**", None: ""}[line["kept"]]
    what = f"{line['what']} ({line['note']})" if line["note"] else line["what"]
    cpu = "" if line["cpu"] is None else f"{line['cpu']:g} ms"
    queries = "" if line["queries"] is None else str(line["queries"])
    spread = f"{line['low']:,g}–{line['high']:,g}"
    return (
        f"| {what} | {line['cases']:,} | {line['median']:,g} {line['unit']} | {spread}"
        f" | {cpu} | {queries} | {line['promised']} | {kept} |\n"
    )


def _machine() -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu(),
        "memory": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "postgres": _postgres(),
        "python": platform.python_version(),
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    rows = info.read_text().splitlines() if info.exists() else []
    return next((row.partition(":")[2].strip() for row in rows if row.startswith("model name")), "unknown")


def _postgres() -> str:
    from qitong.server.database import client

    said = subprocess.run([client("psql"), "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[-1]


if __name__ == "__main__":
    raise SystemExit(main())
