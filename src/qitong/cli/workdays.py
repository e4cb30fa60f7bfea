"""``qitong workdays``: working-day arithmetic on the command line, and loading a year's notice."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO

import click

from qitong.cli import use_django
from qitong.cli.language import InTheirLanguage
from qitong.kernel.calendar_data import iso_date
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.kernel.workdays import Calendar, official, parse_year_file

CHUNK = 1 << 16  # bytes read at once; no more is kept of a line that does not end
LONGEST_LINE = 200  # bytes; a date and a number need far fewer
DIGITS = 9  # more than any calendar holds, fewer than would slow int() down

# Negative numbers look like options; they are arguments here.
NEGATIVE_NUMBERS = {"ignore_unknown_options": True}


@click.group(cls=InTheirLanguage)
def workdays() -> None:
    """Count working days: holidays, make-up days and provisional years included."""


def _calendar(source: str) -> Calendar:
    """The calendar asked for; Django is only touched when a database is there to ask."""
    if source == "official" or (source == "auto" and not _database_exists()):
        return official()
    use_django()
    from django.db import DatabaseError, ProgrammingError

    from qitong.catalogue.calendar import current

    try:
        return current()
    except DatabaseError as error:
        if isinstance(error, ProgrammingError) and source == "auto":
            return official()  # a database without tables yet: nothing was loaded into it
        why = f"The calendars in the database cannot be read: {error}"
        if source == "database":
            raise click.ClickException(why) from error
        click.echo(f"{why}. Using the built-in ones.", err=True)
        return official()


def _database_exists() -> bool:
    from qitong.server.database import data_dir

    return bool(os.environ.get("DATABASE_URL")) or (data_dir() / "pg").exists()


def _pure(command: Callable[..., None]) -> Callable[..., None]:
    """The options every counting command has; refusals become a message, or JSON with ``--json``."""

    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    @click.option("--official", "source", flag_value="official", help="Use the built-in calendars only.")
    @click.option(
        "--database",
        "source",
        flag_value="database",
        help="Require the calendars loaded in the database. "
        "Default: those, if DATABASE_URL is set or the data folder holds a database.",
    )
    @wraps(command)
    def run(*, as_json: bool, source: str | None, **arguments: Any) -> None:
        try:
            command(_calendar(source or "auto"), as_json, **arguments)
        except Refused as refused:
            _fail(refused, as_json=as_json)

    return run


def _fail(refused: Refused, *, as_json: bool) -> None:
    if not as_json:
        raise click.ClickException(str(refused))
    click.echo(_json({"error": str(refused), "code": refused.code}))
    click.get_current_context().exit(1)


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _date(text: str) -> dt.date:
    day = iso_date(text)
    if day is None:
        raise Refused(
            say("“{text}”不是有效的日期，请写成 2026-09-30 的形式。", text=text), code="date", field="date"
        )
    return day


def _number(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise Refused(say("“{text}”不是天数。", text=text), code="number", field="n")
    if len(digits) > DIGITS:
        raise Refused(say("天数过大，超出日历范围。"), code="out_of_calendar", field="n")
    return int(text)


def _note_provisional(provisional: bool) -> None:
    if provisional:
        click.echo("provisional: a year without an official holiday notice was counted", err=True)


@workdays.command(context_settings=NEGATIVE_NUMBERS)
@click.argument("date")
@click.argument("n", required=False)
@_pure
def add(calendar: Calendar, as_json: bool, date: str, n: str | None) -> None:
    """Print the N-th working day after DATE; the day itself does not count.

    N = 0 is DATE or the next working day; a negative N counts back. With "-" for DATE, lines of
    "DATE N" are read from standard input and each is answered by one line, in order; exit 1 at the end
    when one of them could not be.
    """
    if date == "-" and n is None:
        _answer_stream(calendar, as_json)
        return
    if n is None:
        raise click.UsageError("Missing argument 'N'.")
    day, count = _date(date), _number(n)
    due = calendar.add(day, count)
    provisional = calendar.touches_provisional(day, due)
    if as_json:
        click.echo(_success(day, count, due, provisional))
        return
    click.echo(due.isoformat())
    _note_provisional(provisional)


def _success(day: dt.date, n: int, due: dt.date, provisional: bool) -> str:
    # Written out rather than dumped: nothing here needs escaping, and lines come by the million.
    flag = "true" if provisional else "false"
    return f'{{"date": "{day}", "n": {n}, "due": "{due}", "provisional": {flag}}}'


_FAILED = ("error: ", '{"error": ')


def _answer_stream(calendar: Calendar, as_json: bool) -> None:
    """A line that is wrong does not keep the others from their answers; the status tells of it."""
    out, failed = sys.stdout.buffer, 0
    for lines in _batches(sys.stdin.buffer):
        answers = [_answer(calendar, line, as_json=as_json) for line in lines]
        failed += sum(answer.startswith(_FAILED) for answer in answers)
        out.write("".join(f"{answer}\n" for answer in answers).encode())
        out.flush()
    if failed:
        raise SystemExit(1)


def _batches(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Complete lines as they arrive, so that a partner who waits for each answer is not kept waiting."""
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    rest = b""
    while chunk := read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        rest = rest[:CHUNK]
        yield lines
    if rest:
        yield [rest]


def _answer(calendar: Calendar, line: bytes, *, as_json: bool) -> str:
    try:
        fields = line.decode(errors="replace").split() if len(line) <= LONGEST_LINE else []
        if len(fields) != 2:
            raise Refused(say("每行应为“日期 天数”。"), code="line", field="line")
        day, n = _date(fields[0]), _number(fields[1])
        due = calendar.add(day, n)
    except Refused as refused:
        return _json({"error": str(refused)}) if as_json else f"error: {refused}"
    if not as_json:
        return due.isoformat()
    return _success(day, n, due, calendar.touches_provisional(day, due))


@workdays.command()
@click.argument("a")
@click.argument("b")
@_pure
def between(calendar: Calendar, as_json: bool, a: str, b: str) -> None:
    """Print how many working days lie after A up to and including B."""
    first, last = _date(a), _date(b)
    count = calendar.between(first, last)
    provisional = calendar.touches_provisional(first, last)
    if as_json:
        facts = {"from": str(first), "to": str(last), "workdays": count, "provisional": provisional}
        click.echo(_json(facts))
        return
    click.echo(count)
    _note_provisional(provisional)


@workdays.command(context_settings=NEGATIVE_NUMBERS)
@click.argument("date")
@click.argument("n")
@_pure
def explain(calendar: Calendar, as_json: bool, date: str, n: str) -> None:
    """Print a line for each day from DATE to the N-th working day, and why it counts or not."""
    day, count = _date(date), _number(n)
    lines = calendar.explain(day, count)
    due = lines[-1].on
    provisional = calendar.touches_provisional(day, due)
    if not as_json:
        for line in lines:
            click.echo(f"{line.on}  {line.say()}")
        _note_provisional(provisional)
        return
    days = [
        {"on": str(x.on), "kind": x.kind, "counted": x.counted, "name": x.name, "why": str(x.say())}
        for x in lines
    ]
    facts = {"date": str(day), "n": count, "due": str(due), "provisional": provisional, "days": days}
    click.echo(_json(facts))


@workdays.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def load(file: Path, as_json: bool) -> None:
    """Load a year's holiday notice from FILE (YAML or JSON) and recompute open deadlines."""
    try:
        year = parse_year_file(file.read_bytes().decode(errors="replace"))
        use_django()
        from django.utils import timezone

        from qitong.accounts.actors import Actor
        from qitong.casework.deadlines import recompute_open
        from qitong.catalogue.calendar import load as load_year

        by, at = Actor.system("workdays"), timezone.now()
        load_year(year, by=by, at=at)
        moved = recompute_open(by=by, at=at)
    except Refused as refused:
        _fail(refused, as_json=as_json)
        return
    if as_json:
        click.echo(_json({"year": year.year, "notice": year.notice, "deadlines_moved": moved}))
        return
    click.echo(f"{year.year} loaded ({year.notice or 'provisional'}); {moved} deadlines moved.")
