"""All policies against all companies: a row for each pair that is not ``not_eligible``."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl
from polars.io.plugins import register_io_source

from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Problem
from qitong.policies.engines import answers, companies
from qitong.policies.engines.columns import ID, held, read
from qitong.policies.engines.databases import Database
from qitong.policies.engines.features import MONTHS, SIZE, derived
from qitong.policies.engines.lowering import SET_SIGN, Plan, plan
from qitong.policies.engines.plan import Builder
from qitong.policies.features import REGISTERED
from qitong.policies.library import Library
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.rule import Rule
from qitong.policies.sizing import INDUSTRY


@dataclass(slots=True)
class Population:
    """Companies and the policies they are asked about, as columns and plans."""

    frame: pl.DataFrame
    ids: pl.Series
    plans: Sequence[Plan]
    make: Builder
    on: dt.date
    numbered: bool
    """Companies are called by their rows, from 0, not by their own numbers."""


def population(library: Library, file: Path, on: dt.date) -> Population:
    """The companies of a file and the policies in force. Unreadable when the file is wrong."""
    return population_of([entry.rule for entry in library.in_force(on)], library, file, on)


def population_of(rules: Iterable[Rule], library: Library, file: Path, on: dt.date) -> Population:
    """The same for rules whose facts the library knows."""
    rules, make, fields = list(rules), Builder(), library.fields
    asked = facts_behind({name for rule in rules for name in rule.judged}, library)
    with ThreadPoolExecutor(1) as pool:  # a file is read by other hands than those that plan
        reading = pool.submit(companies.read, file, fields, asked)
        plans = [plan(rule, fields, make, on) for rule in rules]
        frame = reading.result()
    wanted = read(answers.all_of(plans))
    frame = derived(frame, library.sizes, on, library.alike)
    ids = frame[ID]
    # The engines call companies by a number, and databases answer in the order of the numbers.
    numbered = ids.dtype != pl.Int64 or not ids.is_sorted()
    if numbered:
        frame = frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64()).alias(ID))
    return Population(held(frame, wanted), ids, plans, make, on, numbered=numbered)


def facts_behind(wanted: Iterable[str], library: Library) -> set[str]:
    """The facts that columns are made of, those included that others are derived from."""
    names = {column.partition(SET_SIGN)[0] for column in wanted}
    if SIZE in names and library.sizes is not None:
        names |= {INDUSTRY, *(name for row in library.sizes.table.rows for name, _ in row.bounds)}
    names |= {other for name in names for other in library.alike_to(name)}
    return {*names, REGISTERED} if MONTHS in names else names


def pairs(people: Population, database: Database | None) -> Iterator[pl.DataFrame]:
    """For each policy the pairs that are not ``not_eligible``, companies by their own names."""
    if database is None:
        found = answers.by_polars(people.plans, people.frame, people.on)
    else:
        found = answers.by_database(people.plans, people.frame, people.on, people.make, database)
    for frame in found:
        yield frame.with_columns(people.ids.gather(frame[ID])) if people.numbered else frame


@dataclass(frozen=True, slots=True)
class Told:
    """How many pairs came out how, and the seconds that each step took."""

    companies: int
    policies: int
    outcomes: Mapping[str, int]
    seconds: Mapping[str, float]

    def to_data(self) -> dict[str, object]:
        """For JSON."""
        seconds = {what: round(each, 3) for what, each in self.seconds.items()}
        return {**asdict(self), "outcomes": dict(self.outcomes), "seconds": seconds}


def batch(library: Library, file: Path, on: dt.date, out: Path, database: Database | None = None) -> Told:
    """Write the pairs to ``out``, whole or not at all; by Polars, or by a ``database`` that is open."""
    if out.exists() and out.samefile(file):
        sentence = say("输出与企业文件是同一个文件，企业数据会被覆盖；请另取文件名。")
        raise companies.Unreadable([Problem(str(out), 1, 1, sentence)])
    begun = time.perf_counter()
    people = population(library, file, on)
    loaded = time.perf_counter()
    counts = write_pairs(people, out, database)
    total = len(people.ids) * len(people.plans)
    counts[Outcome.NOT_ELIGIBLE.value] = total - counts.total()
    done = time.perf_counter()
    return Told(
        len(people.ids),
        len(people.plans),
        {outcome.value: counts[outcome.value] for outcome in Outcome},
        {"read": loaded - begun, "match_and_write": done - loaded},
    )


def write_pairs(people: Population, out: Path, database: Database | None = None) -> Counter[str]:
    """Write the pairs, whole or not at all; how many there are of each outcome."""
    counts: Counter[str] = Counter()
    with whole(out) as half:
        _write(_counted(pairs(people, database), counts), people, half)
    return counts


def _counted(found: Iterator[pl.DataFrame], counts: Counter[str]) -> Iterator[pl.DataFrame]:
    for frame in found:
        counts.update(dict(frame["outcome"].value_counts().iter_rows()))
        yield frame


def _write(found: Iterator[pl.DataFrame], people: Population, out: Path) -> None:
    """One policy after another, so that the pairs are never all in memory."""
    schema = {
        ID: people.ids.dtype,
        "policy_id": pl.Categorical(),
        "outcome": answers.OUTCOMES,
        "missing": pl.Categorical(),
    }
    source = register_io_source(lambda *_: found, schema=schema, is_pure=False)
    source.sink_parquet(out, compression="lz4", statistics=False, maintain_order=True)


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A file beside ``out`` that takes its name when all went well, and is gone otherwise."""
    try:
        with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as made:
            half = Path(made.name)
    except OSError as error:  # it names the half
        raise OSError(error.errno, error.strerror, str(out)) from None
    try:
        yield half
        half.chmod(0o666 & ~_umask())
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
