"""``qitong ledger``: verify the ledger, take the nightly checkpoint, read a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from qitong.ledger.queries import ShownEntry
    from qitong.ledger.verify import Verdict


class NotConfiguredError(click.ClickException):
    """Hash or key are not configured; not status 1, which says that the ledger is broken."""

    exit_code = 2


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@click.group()
def ledger() -> None:
    """What happened, once and for ever: verify, checkpoint, show."""


@ledger.command("verify")
@click.option("--stream", help="Only this stream, like case:42; leaves the chain of checkpoints out.")
@click.option("--root", help="Root of a checkpoint, kept outside the database, that must still be there.")
@json_option
def verify_ledger(*, stream: str | None, root: str | None, as_json: bool) -> None:
    """Read the whole ledger; exit 0 when it is whole, 1 at the first break, 2 when it was not looked at."""
    _check_asked(stream, root)
    with _django():
        from qitong.casework.queries import expected_streams
        from qitong.ledger.queries import is_known
        from qitong.ledger.verify import verify

        if stream and not is_known(stream) and stream not in expected_streams():
            raise click.BadParameter(f"There is no such stream: {stream}", param_hint="--stream")
        verdict = verify(stream=stream, expected=expected_streams(), root=root)
        click.echo(json.dumps(_facts(verdict), ensure_ascii=False) if as_json else _told(verdict))
    if not verdict.whole:
        raise SystemExit(1)


@ledger.command("checkpoint")
@click.option("--by", default="system:cli", show_default=True, help="Who takes it, like user:7.")
@json_option
def take_checkpoint(*, by: str, as_json: bool) -> None:
    """Keep all stream heads under one root; print the root, to be kept outside the database."""
    with _django():
        from django.utils import timezone

        from qitong.ledger.checkpoint import checkpoint

        taken = checkpoint(by=by, at=timezone.now())
    facts = {"number": taken.number, "streams": taken.streams, "entries": taken.entries, "root": taken.root}
    text = f"Checkpoint {taken.number}: {taken.streams} streams, {taken.entries} entries.\nRoot {taken.root}"
    click.echo(json.dumps(facts) if as_json else text)


@ledger.command("show")
@click.argument("stream")
@click.option("--personal", is_flag=True, help="Also print personal texts that are not erased.")
@json_option
def show_stream(*, stream: str, personal: bool, as_json: bool) -> None:
    """Print the entries of STREAM, oldest first; with --json one object a line."""
    with _django():
        empty = True
        for entry in _entries(stream):
            empty = False
            facts = _entry_facts(entry, personal)
            click.echo(json.dumps(facts, ensure_ascii=False) if as_json else _line(facts))
    if empty:
        raise click.ClickException(f"The ledger has no stream {stream}.")


def _check_asked(stream: str | None, root: str | None) -> None:
    """A slip of the pen is no alarm."""
    if stream is not None and root is not None:
        raise click.UsageError("--stream and --root exclude each other: one stream has no checkpoints.")
    if stream is not None and (not stream or "\0" in stream):
        raise click.BadParameter("Name a stream, like case:42.", param_hint="--stream")
    if root is not None and not re.fullmatch(r"[0-9a-f]{64}", root):
        raise click.BadParameter(
            "A root has 64 characters of 0–9 and a–f, as checkpoint prints it.", param_hint="--root"
        )


@contextmanager
def _django() -> Iterator[None]:
    """Start Django late, so that --help is quick; missing configuration ends with status 2."""
    from qitong.cli import use_django

    use_django()
    from django.core.exceptions import ImproperlyConfigured

    from qitong.ledger.logic.chain import HashUnavailableError

    try:
        yield
    except (ImproperlyConfigured, HashUnavailableError) as error:
        raise NotConfiguredError(str(error)) from error


def _facts(verdict: Verdict) -> dict[str, Any]:
    first = verdict.first
    return {
        "whole": verdict.whole,
        "streams": verdict.streams,
        "entries": verdict.entries,
        "texts": verdict.texts,
        "checkpoints": verdict.checkpoints,
        "root": verdict.root,
        "break": first
        and {
            "stream": first.stream,
            "number": first.number,
            "kind": first.kind,
            "text": str(first.sentence),
        },
    }


def _told(verdict: Verdict) -> str:
    if first := verdict.first:
        where = f"{first.stream} entry {first.number}" if first.stream else f"checkpoint {first.number}"
        return f"BROKEN at {where}: {first.kind}. {first.sentence}"
    return (
        f"Whole: {verdict.streams} streams, {verdict.entries} entries, {verdict.texts} personal texts, "
        f"{verdict.checkpoints} checkpoints."
    )


def _entries(stream: str) -> Iterator[ShownEntry]:
    from qitong.ledger.queries import timeline

    after: int | None = 0
    while after is not None:
        page = timeline(stream, after=after, limit=500)
        yield from page.entries
        after = page.after


def _entry_facts(entry: ShownEntry, personal: bool) -> dict[str, Any]:
    texts = {
        name: text.value if personal and text.value else f"({text.state})"
        for name, text in entry.texts.items()
    }
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "by": entry.by,
        "facts": dict(entry.facts),
        "texts": texts,
        "hash": entry.hash,
    }


def _line(facts: dict[str, Any]) -> str:
    body = json.dumps(facts["facts"] | facts["texts"], ensure_ascii=False)
    return f"{facts['number']:>5}  {facts['at']}  {facts['kind']}  {facts['by']}  {body}"
