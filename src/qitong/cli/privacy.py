"""``qitong privacy``: erasures, also again after a backup was brought back."""

from __future__ import annotations

import json
from pathlib import Path

import click

LONGEST_LINE = 500  # bytes; a name of a row and a moment need a fifth of it; so few cannot nest too deep


@click.group()
def privacy() -> None:
    """Personal data: erase somebody; keep the list of who was erased; apply it again after a restore."""


@privacy.command("list")
def list_erasures() -> None:
    """Print who was erased and when, as JSON lines without personal data: to be kept beside the backups."""
    from qitong.cli import use_django

    use_django()
    from qitong.privacy.models import Erasure

    for row in Erasure.objects.filter(done_at__isnull=False).order_by("done_at", "pk"):
        click.echo(
            json.dumps({"subject": row.subject, "done_at": row.done_at.isoformat() if row.done_at else ""})
        )


@privacy.command("erase")
@click.argument("subject", metavar="user:ID|enterprise:ID")
@click.option("--reason", required=True, help="Why, for the ledger; no personal data in it.")
def erase_one(*, subject: str, reason: str) -> None:
    """Erase one person or company who asked by letter; refused while a case of theirs is open."""
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.accounts.actors import Actor
    from qitong.privacy import erasure

    found = erasure.subject_of(subject)
    if found is None:
        raise click.ClickException(f"There is no {subject}.")
    done = erasure.erase(subject=found, reason=reason, by=Actor.system("cli"), at=timezone.now())
    click.echo(f"{subject} erased." + (f" Archive until {done.held_until}." if done.held_until else ""))


@privacy.command("apply")
@click.argument("listed", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply_again(*, listed: Path) -> None:
    """After a restore: erase again everybody on a list that `qitong privacy list` printed.

    Exit 1 when somebody could not be, or a line names nobody, with the reason; the others are erased
    all the same.
    """
    from qitong.cli import use_django

    use_django()
    from django.utils import timezone

    from qitong.accounts.actors import Actor
    from qitong.kernel.errors import Refused
    from qitong.privacy import erasure

    failed = 0
    for number, line in enumerate(listed.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        ref = _subject_in(line)
        if ref is None:
            failed += 1
            click.echo(f"{listed}:{number}: NOT ERASED: not a line that qitong privacy list printed")
            continue
        subject = erasure.subject_of(ref)
        try:
            said = "not there"
            if subject is not None:
                by, why = Actor.system("restore"), "again after a restore"
                came_back = erasure.again(subject, reason=why, by=by, at=timezone.now())
                said = "erased again" if came_back else "was erased"
        except Refused as refused:
            failed, said = failed + 1, f"NOT ERASED: {refused}"
        click.echo(f"{ref}: {said}")
    if failed:
        raise SystemExit(1)


def _subject_in(line: bytes) -> str | None:
    """Whom a line of the list names; None when it is no such line."""
    from qitong.privacy.erasure import REF

    try:
        row = json.loads(line) if len(line) <= LONGEST_LINE else None
    except ValueError:  # also for what is not UTF-8
        return None
    subject = row.get("subject") if isinstance(row, dict) else None
    return subject if isinstance(subject, str) and REF.fullmatch(subject) else None
