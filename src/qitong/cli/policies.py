"""``qitong policies``: check and publish policy files, and match one company against the policies."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qitong.cli import use_django
from qitong.cli.counting import counted
from qitong.cli.failing import Command
from qitong.cli.language import InTheirLanguage
from qitong.cli.policies_bulk import batch, diff
from qitong.cli.policies_compendium import compendium
from qitong.cli.policies_facts import facts, snapshot
from qitong.cli.policies_read import library_of, show, text_of, to_judge
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.policies.check import packaged
from qitong.policies.library import PACKAGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qitong.accounts.actors import Actor
    from qitong.policies.library import Library
    from qitong.policies.logic.explain import Told
    from qitong.policies.matching import Match

BY = "cli"
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.group(cls=InTheirLanguage)
def policies() -> None:
    """Check and publish policy files, and match a company against the policies."""


@policies.command(cls=Command)
@click.argument("paths", type=click.Path(exists=True, path_type=Path), nargs=-1, metavar="[PATH]...")
@_json
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Check files or folders and run their examples; without PATH, the packaged policies.

    Every problem is a line file:line:column: what is wrong. Exit code 1 when there are any.
    """
    library = library_of(paths or (PACKAGED,), as_json=as_json, examples=True)
    checked = [entry.policy for entry in library.entries.values()]
    count = sum(len(each.examples) for each in checked)
    sized = len(library.sizes.file.examples) if library.sizes else 0
    held = [each for each in checked if each.why_not_publish]
    if as_json:
        shown = {"ok": True, "policies": len(library.entries), "examples": count, "problems": []}
        shown |= {"size_table_examples": sized, "unpublishable": [each.id for each in held]}
        click.echo(json.dumps(shown))
    else:
        whole = counted(len(library.entries), "policy", "policies")
        click.echo(f"{whole}, {counted(count, 'example')}, no problems.")
        if sized:
            click.echo(f"The size table: {counted(sized, 'example')}, no problems.")
        for each in held:
            click.echo(str(each.why_not_publish))


@policies.command(cls=Command)
@click.argument("paths", type=click.Path(exists=True, path_type=Path), nargs=-1, metavar="[PATH]...")
@click.option(
    "--effective-on", type=click.DateTime(["%Y-%m-%d"]), help="In force from this day; default today."
)
@click.option("--author", metavar="LOGIN", help="Who wrote the files: a policy editor.")
@click.option("--publisher", metavar="LOGIN", help="Who has looked at them and publishes: another one.")
@_json
def load(
    paths: tuple[Path, ...],
    *,
    effective_on: dt.datetime | None,
    author: str | None,
    publisher: str | None,
    as_json: bool,
) -> None:
    """Publish files or folders as new versions; without PATH, the packaged policies.

    \b
    qitong policies load mine.yaml --author one@park.example --publisher other@park.example

    All or nothing. Files of your own need two people: who wrote them and who publishes them. What is
    published already stays as it is; the packaged files leave alone what people published. A policy without
    a document number is not published.
    """
    if bool(paths) != bool(author and publisher) or bool(author) != bool(publisher):
        raise click.UsageError(
            "Files of your own are written by one policy editor and published by another: give PATH with"
            " --author and --publisher, or neither for the packaged policies."
        )
    library = library_of(paths, as_json=as_json, examples=True) if paths else packaged()
    use_django()
    from qitong.accounts.actors import Actor
    from qitong.kernel.limits import SHANGHAI
    from qitong.policies import publish

    day = effective_on.date() if effective_on else None
    at = dt.datetime.now(SHANGHAI)
    by = _editor(publisher, at) if publisher else Actor.system(BY)
    wrote = _editor(author, at) if author else None
    try:
        loaded = publish.load(library, by=by, at=at, effective_on=day, author=wrote)
    except Refused as refused:
        raise click.ClickException(str(refused.sentence)) from None
    published = [f"{row.code} {row.number}" for row in loaded.published]
    if as_json:
        shown = {
            "published": published,
            "unchanged": len(loaded.unchanged),
            "kept": list(loaded.kept),
            "unpublishable": list(loaded.held),
        }
        click.echo(json.dumps(shown))
        return
    click.echo(f"Policies: {counted(len(published), 'new version')}, {len(loaded.unchanged)} unchanged.")
    if loaded.kept:
        click.echo(f"Left as published by people or for a later day: {', '.join(loaded.kept)}.")
    for code in loaded.held:
        click.echo(str(library.entries[code].policy.why_not_publish))


def _editor(login: str, at: dt.datetime) -> Actor:
    """The person of that login, as they may act on the day."""
    from qitong.accounts.actors import actor_for
    from qitong.accounts.models import User
    from qitong.kernel.limits import SHANGHAI

    user = User.objects.filter(login=login).first()
    if user is None:
        raise click.ClickException(f"There is no account {login}.")
    return actor_for(user, on=at.astimezone(SHANGHAI).date())


@policies.command(cls=Command)
@click.option(
    "--facts", "facts_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day that is asked about.")
@click.option(
    "--policy", "only", multiple=True, metavar="ID", help="Only this one, in force or not; repeatable."
)
@click.option(
    "--policies", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH"
)
@_json
def match(
    facts_file: Path, on: dt.datetime, only: tuple[str, ...], paths: tuple[Path, ...], *, as_json: bool
) -> None:
    """What can the company whose facts are in a JSON file get, and why?

    \b
    echo '{"employees": 100, "sales_last": 5000}' > F.json
    qitong policies match --facts F.json --on 2026-11-23 --json

    Names and units are those of the policies' inputs: sales_last in 万元, names ending in _yuan in 元.
    Without --policy, all policies in force on that day. Values are exact: a number where one says it, else
    text, p/q where the digits never end; true, false and null (unknown) are results.
    """
    from qitong.kernel.errors import Refused
    from qitong.kernel.yamlmarks import Problem
    from qitong.policies import intake, matching, shown

    library = to_judge(paths, as_json=as_json)
    text = text_of(facts_file, as_json=as_json)
    facts, problems = intake.read(text, str(facts_file), {**packaged().fields, **library.fields})
    if problems:
        show(problems, as_json=as_json)
    try:
        matches = matching.match(library, facts, on.date(), only=only)
    except Refused as refused:
        show([Problem("--policy", 1, 1, refused.sentence)], as_json=as_json)
    if as_json:
        click.echo(json.dumps([shown.matched(each) for each in matches], ensure_ascii=False))
    else:
        _table(library, matches, reasons=bool(only))


def _table(library: Library, matches: Sequence[Match], *, reasons: bool) -> None:
    """A line a policy; below it why: what fails or is open, and of policies asked for by name everything."""
    from qitong.policies import matching, shown
    from qitong.policies.logic.outcomes import Outcome

    for each in matches:
        policy, outcome = each.entry.policy, each.found.outcome
        worth = shown.money(each.found.benefit, policy.benefit.unit) or ""
        amount = f"{worth} {policy.benefit.unit}" if worth and outcome is not Outcome.NOT_ELIGIBLE else ""
        name = Named(policy.name.zh, policy.name.en)
        click.echo(f"{outcome.value:<14} {policy.id:<34} {amount:<14} {name}{_status(each)}")
        for told in each.found.results:
            for line in _why(told, every=reasons):
                click.echo(f"    {line}")
        if each.found.missing:
            click.echo(f"    missing: {', '.join(each.found.missing)}")
    for group in matching.choices(library, matches):
        click.echo(f"Choose {', '.join(group.chosen)} rather than {', '.join(group.left)}.")
    for question in matching.next_questions(matches)[:1]:
        click.echo(f"Next question: {question.fact}: {library.fields[question.fact].question}")


def _status(match: Match) -> str:
    """What stands against using it, in brackets; nothing of a policy in force."""
    policy, standing = match.entry.policy, match.standing
    said = [] if standing.in_force else [standing.force.value]
    if policy.superseded_by is not None:
        said = [f"superseded by {policy.superseded_by}"]
    if standing.to_be_verified:
        said.append("to be verified")
    return f" [{'; '.join(said)}]" if said else ""


def _why(told: Told, *, every: bool) -> Iterator[str]:
    """What each part of a condition asks and finds, with value and bound."""
    from qitong.policies.logic.roles import Role

    for finding in told.findings:
        if finding.role in (Role.FAILED, Role.OPEN) or (every and finding.role is Role.MET):
            yield f"{finding.leaf.id:<6} {finding.role.value:<7} {finding.says}"


policies.add_command(batch)
policies.add_command(diff)
policies.add_command(compendium)
policies.add_command(facts)
policies.add_command(snapshot)
