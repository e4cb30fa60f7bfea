"""Rules in bulk: ``python -m bench.policies`` measures each engine at what the issue of policies promises.

The 200 policies are those in force and, for each of sixteen districts, variants of them: a condition on the
district more, and every bound moved. The companies are made up by ``qitong demo companies --seed 1``. Larger
libraries are variants too, without the district.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from bench.measure import Line, line, seeded
from qitong.cli import use_django
from qitong.policies.check import packaged
from qitong.policies.logic.rule import Condition, Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Is,
    Not,
    Num,
)

ON = dt.date(2026, 11, 23)
POLICIES = 200
FOLDER = Path(__file__).parent.parent / "var" / "bench"


def library(count: int, *, districts: bool) -> Iterator[Rule]:
    """The policies in force, then variants of them, the same ones each time."""
    from qitong.demo.population import DISTRICTS

    random = seeded(1)
    rules = [entry.rule for entry in packaged().in_force(ON)]
    yield from rules[:count]
    district = packaged().fields["district"]
    for n in range(count - len(rules)):
        rule = rules[n % len(rules)]
        conditions = [replace(c, node=_moved(c.node, random)) for c in rule.conditions]
        if districts:
            here = Is("district", (DISTRICTS[n % len(DISTRICTS)],), "here")
            conditions.append(Condition("here", here, False, ""))
        fields = {**rule.fields, "district": district}
        yield replace(rule, id=f"{rule.id}_{n}", fields=fields, conditions=tuple(conditions))


def _moved(node: Any, random: Random) -> Any:
    """The same shape with other bounds."""
    if isinstance(node, Compare) and isinstance(node.right, Num):
        return replace(node, right=Num(node.right.value * Fraction(random.randrange(80, 150), 100)))
    if isinstance(node, LEAVES):
        return node
    match node:
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return replace(node, parts=tuple(_moved(part, random) for part in parts))
        case Not(part):
            return Not(_moved(part, random))
        case Choose(test, then, other):
            return Choose(_moved(test, random), _moved(then, random), _moved(other, random))
    raise TypeError(type(node).__name__)


def _times(thing: Callable[[], object], rounds: int, *, warm: int = 1) -> list[float]:
    """Milliseconds by the clock."""
    found = []
    for n in range(rounds + warm):
        begun = time.perf_counter()
        thing()
        if n >= warm:
            found.append((time.perf_counter() - begun) * 1000)
    return found


def population(count: int) -> Path:
    """The file of companies, made once."""
    from qitong.demo.population import write

    file = FOLDER / f"companies-{count}-1.parquet"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        write(file, count, seed=1)
    return file


def bulk(count: int) -> list[Line]:
    """Many companies: from loaded columns, and from Parquet to Parquet in a process of its own."""
    from qitong.policies.engines import batch, on_polars

    rules = list(library(POLICIES, districts=True))
    people = batch.population_of(rules, packaged(), population(count), ON)
    every = on_polars.Spelled({p.id: p.verdict for p in people.plans}, ON)
    one = on_polars.Spelled({"one": people.plans[0].verdict}, ON)
    what = f"{POLICIES} policies × {count:,} companies"
    rows = people.frame
    return [
        line(f"{what}, yes and unknown, loaded", count, _times(lambda: every.run(rows), 7), "ms", most=500),
        line(
            f"one policy × {count:,}, loaded", count, _times(lambda: _who(one.run(rows)), 15), "ms", most=20
        ),
        *_files(what, count),
    ]


def _who(found: Any) -> tuple[Any, Any]:
    """The companies that are, and those of whom it is not known."""
    return found["one"].arg_true(), found["one"].is_null().arg_true()


def _files(what: str, count: int) -> list[Line]:
    seconds, memory = [], []
    for _ in range(7):
        said = subprocess.run(
            [sys.executable, "-m", "bench.policies", "--files", str(count)],
            capture_output=True,
            text=True,
            check=True,
        )
        told = json.loads(said.stdout)
        seconds.append(told["seconds"] * 1000)
        memory.append(told["memory"])
    pairs = f"{told['pairs']:,} pairs"
    return [
        line(f"{what}, Parquet to Parquet", count, seconds, "ms", most=2500, note=pairs),
        line(f"{what}, memory", count, memory, "MB", most=1500),
    ]


def files(count: int) -> dict[str, Any]:
    """One batch from a file to a file, as the command does it."""
    from qitong.policies.engines import batch

    rules = list(library(POLICIES, districts=True))
    out = FOLDER / "pairs.parquet"
    begun = time.perf_counter()
    told = batch.write_pairs(batch.population_of(rules, packaged(), population(count), ON), out)
    seconds = time.perf_counter() - begun
    out.unlink()
    pairs = sum(told.values())
    return {
        "seconds": seconds,
        "pairs": pairs,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def single(many: int) -> list[Line]:
    """One company: the packaged way for a few policies, sets for many."""
    from qitong.policies.engines.index import Index
    from qitong.policies.engines.next_question import next_questions
    from qitong.policies.logic.explain import Matcher

    use_django()  # for the words
    facts = _company()
    matchers = [Matcher(rule) for rule in library(POLICIES, districts=True)]
    few = _times(lambda: [matcher.explain(facts) for matcher in matchers], 30)
    words = _times(lambda: [_told(matcher.explain(facts)) for matcher in matchers], 5)
    ten = list(library(10_000, districts=False))
    compiled = _times(lambda: Index(ten).ask(facts), 3, warm=0)
    index = Index(library(many, districts=False))
    more = iter(list(library(60, districts=True))[40:])
    top = _times(lambda: index.ask(facts).top(100), 30, warm=3)
    asked = _times(lambda: next_questions(index.ask(facts)), 30)

    def add() -> None:
        index.add(next(more))
        index.ask(facts)

    added = _times(add, 15)
    name = f"one company × {many:,} policies"
    return [
        line(
            f"one company × {POLICIES} policies, explained",
            POLICIES,
            few,
            "ms",
            most=3,
            note="each leaf with result, value and bound",
        ),
        line(f"one company × {POLICIES} policies, every leaf of all in words", POLICIES, words, "ms"),
        line(f"{name}, top 100 explained", many, top, "ms", most=5, note="explainers warm"),
        line(f"{name}, next question", many, asked, "ms", most=50),
        line("compile 10,000 policies", 10_000, compiled, "ms", most=10_000),
        line(f"one policy more among {many:,}", many, added, "ms", most=100),
    ]


def _told(found: Any) -> object:
    """Everything a page shows of an answer."""
    said = [str(finding.says) for told in found.results for finding in told.findings]
    return said, found.benefit, found.scores, found.missing


def _company() -> dict[str, Any]:
    """Somebody of whom two facts in three are known."""
    from qitong.policies.examples import facts, given

    known: dict[str, Any] = {"on": ON}
    for entry in packaged().in_force(ON):
        known.update(facts(entry.rule, given(entry.policy, entry.policy.examples[0])))
    random = seeded(2)
    return {name: value for name, value in known.items() if name == "on" or random.random() < 0.67}


def main() -> None:
    """Print lines of JSON; 1 when one is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, help="for the other benches; nothing here hangs on cases")
    parser.add_argument("--companies", type=int, default=1_000_000)
    parser.add_argument("--library", type=int, default=100_000)
    parser.add_argument("--files", type=int)
    chosen = parser.parse_args()
    if chosen.files:
        sys.stdout.write(json.dumps(files(chosen.files)))
        return
    lines = [*bulk(chosen.companies), *single(chosen.library)]
    for one in lines:
        sys.stdout.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    raise SystemExit(int(any(one.kept is False for one in lines)))


if __name__ == "__main__":
    main()
