"""``qitong user`` and ``qitong token``: accounts from the command line."""

from __future__ import annotations

import json
import re
import secrets
import string
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from qitong.accounts.logic.roles import Role
    from qitong.accounts.models import Department, Enterprise, Jurisdiction, User

_LENGTH = 16
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.+")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@click.group()
def user() -> None:
    """People who sign in."""


@click.group()
def token() -> None:
    """Keys for programs."""


@user.command("create")
@click.option("--login", required=True, help="Phone number or mail address.")
@click.option("--name", required=True)
@click.option("--role", help="A role to grant at once, such as reviewer or system_administrator.")
@click.option("--department", help="Code of the department in which the role holds.")
@click.option("--jurisdiction", help="Code of the jurisdiction for which the role holds.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--generate", is_flag=True, help="Make a password and print it once.")
@json_option
def create_user(
    *,
    login: str,
    name: str,
    role: str | None,
    department: str | None,
    jurisdiction: str | None,
    password_stdin: bool,
    generate: bool,
    as_json: bool,
) -> None:
    """Open an account, with a role if one is given."""
    password = _password(from_stdin=password_stdin, generate=generate)
    with _told(as_json):
        from django.db import transaction
        from django.utils import timezone

        from qitong.accounts import officers
        from qitong.accounts.actors import Actor

        by, at = Actor.system("cli"), timezone.now()
        with transaction.atomic():
            person = officers.NewPerson(login=login, name=name, password=password)
            made = officers.create_user(person=person, by=by, at=at)
            if role is not None:
                officers.grant_role(
                    user=made,
                    role=_role(role),
                    department=_department(department),
                    jurisdiction=_jurisdiction(jurisdiction),
                    by=by,
                    at=at,
                )
        shown = {"id": made.pk, "login": made.login, "name": made.name, "role": role}
        if generate:
            shown["password"] = password
        text = f"User {made.pk} ({made.login}) created."
        _print(shown, text + (f"\nPassword, shown once: {password}" if generate else ""), as_json)


@user.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """List accounts, their state and the roles they hold today."""
    with _told(as_json):
        from django.utils import timezone

        from qitong.accounts.logic.days import shanghai_date
        from qitong.accounts.models import User
        from qitong.accounts.queries import roles_on
        from qitong.kernel.lines import shown

        roles: dict[int, list[str]] = {}
        for held in roles_on(shanghai_date(timezone.now())).select_related("department"):
            where = f"@{held.department.code}" if held.department else ""
            roles.setdefault(held.user_id, []).append(f"{held.role}{where}")
        rows: list[dict[str, Any]] = [
            {
                "id": person.pk,
                "login": person.login,
                "name": person.name,
                "active": person.is_active,
                "roles": sorted(roles.get(person.pk, [])),
            }
            for person in User.objects.order_by("pk")
        ]
        lines = [
            f"{row['id']:>6}  {shown(row['login']):<30} {shown(row['name'])}  {', '.join(row['roles'])}"
            + ("" if row["active"] else "  (closed)")
            for row in rows
        ]
        _print(rows, "\n".join(lines) or "No users yet.", as_json)


@user.command("password")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--generate", is_flag=True, help="Make a password and print it once.")
@json_option
def set_password(*, login: str, password_stdin: bool, generate: bool, as_json: bool) -> None:
    """Set somebody's password; it lifts a lock and signs them out everywhere."""
    password = _password(from_stdin=password_stdin, generate=generate)
    with _told(as_json):
        from django.utils import timezone

        from qitong.accounts import officers, sessions
        from qitong.accounts.actors import Actor

        found, by, at = _user(login), Actor.system("cli"), timezone.now()
        officers.set_password(user=found, password=password, by=by, at=at)
        sessions.end_all(user=found, by=by, at=at)
        shown: dict[str, Any] = {"id": found.pk, "login": found.login}
        if generate:
            shown["password"] = password
        text = f"Password of {found.login} set."
        _print(shown, text + (f"\nPassword, shown once: {password}" if generate else ""), as_json)


@user.command("unlock")
@click.argument("login")
@json_option
def unlock_user(login: str, as_json: bool) -> None:
    """Lift the lock of an account after too many failures."""
    with _told(as_json):
        from django.utils import timezone

        from qitong.accounts import officers
        from qitong.accounts.actors import Actor

        found = _user(login)
        officers.unlock(user=found, by=Actor.system("cli"), at=timezone.now())
        _print({"id": found.pk, "unlocked": True}, f"User {found.pk} ({found.login}) unlocked.", as_json)


@user.command("reset-second-factor")
@click.argument("login")
@click.option("--reason", required=True, help="Why; it is kept in the ledger.")
@json_option
def reset_second_factor(login: str, reason: str, as_json: bool) -> None:
    """Take away an authenticator whose phone is gone; a new one is set up at the next login."""
    with _told(as_json):
        from django.utils import timezone

        from qitong.accounts import second
        from qitong.accounts.actors import Actor

        found = _user(login)
        second.reset(user=found, reason=reason, by=Actor.system("cli"), at=timezone.now())
        _print({"id": found.pk, "reset": True}, f"Second factor of {found.login} reset.", as_json)


@token.command("create")
@click.option("--user", "login", required=True, help="Login of the person the token works for.")
@click.option("--role", required=True, help="The one role it carries; 'enterprise' with --enterprise.")
@click.option("--department", help="Code of the department in which the role holds.")
@click.option("--enterprise", help="Unified social credit code of the enterprise it acts for.")
@click.option("--name", default="cli", show_default=True, help="What the token is for.")
@click.option("--days", default=90, show_default=True, help="How long it works.")
@json_option
def create_token(
    *,
    login: str,
    role: str,
    department: str | None,
    enterprise: str | None,
    name: str,
    days: int,
    as_json: bool,
) -> None:
    """Make a token and print it once."""
    with _told(as_json):
        from django.utils import timezone

        from qitong.accounts import tokens
        from qitong.accounts.actors import Actor

        made, raw = tokens.create(
            name=name,
            user=_user(login),
            role=_role(role),
            department=_department(department),
            enterprise=_enterprise(enterprise),
            days=days,
            by=Actor.system("cli"),
            at=timezone.now(),
        )
        shown = {"id": made.pk, "token": raw, "expires_at": made.expires_at.isoformat()}
        _print(shown, raw, as_json)


def _number(_: click.Context, __: click.Parameter, text: str) -> int:
    """Plain digits: ``int`` would also take those of other scripts, and underlines between them."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise click.BadParameter(f"{text} is no number of a token")
    return int(text)


@token.command("revoke")
@click.argument("token_id", callback=_number)
@json_option
def revoke_token(token_id: int, as_json: bool) -> None:
    """End a token by its id."""
    with _told(as_json):
        from django.utils import timezone

        from qitong.accounts import tokens
        from qitong.accounts.actors import Actor
        from qitong.accounts.models import ApiToken

        found = ApiToken.objects.filter(pk=token_id).first()
        if found is None:
            raise click.ClickException(f"There is no token {token_id}.")
        tokens.revoke(token=found, by=Actor.system("cli"), at=timezone.now())
        _print({"id": token_id, "revoked": True}, f"Token {token_id} revoked.", as_json)


@contextmanager
def _told(as_json: bool) -> Iterator[None]:
    """Set Django up (late, so that --help is quick) and end a refusal with its sentence, status 1."""
    from qitong.cli import use_django

    use_django()
    from qitong.kernel.errors import Refused

    try:
        yield
    except Refused as refusal:
        if not as_json:
            raise click.ClickException(str(refusal)) from refusal
        problem = {"error": refusal.code, "field": refusal.field, "message": str(refusal)}
        click.echo(json.dumps(problem, ensure_ascii=False), err=True)
        raise SystemExit(1) from refusal


def _print(shown: object, text: str, as_json: bool) -> None:
    click.echo(json.dumps(shown, ensure_ascii=False) if as_json else text)


def _password(*, from_stdin: bool, generate: bool) -> str:
    if from_stdin and generate:
        raise click.UsageError("--password-stdin and --generate exclude each other.")
    if generate:
        return _generated()
    if from_stdin:
        try:
            return sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise click.UsageError("The password has to be UTF-8.") from None
    asked: Any = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return str(asked)


def _generated() -> str:
    """At least one character of each class, the rest from all, in random order."""
    every = "".join(_CLASSES)
    letters = [secrets.choice(c) for c in _CLASSES]
    letters += [secrets.choice(every) for _ in range(_LENGTH - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def _role(text: str) -> Role:
    from qitong.accounts.logic.roles import Role

    try:
        return Role(text)
    except ValueError as error:
        raise click.ClickException(
            f"There is no role {text}; there are: {', '.join(sorted(Role))}."
        ) from error


def _user(login: str) -> User:
    from qitong.accounts.models import User

    found = User.objects.filter(login=login.strip().lower()).first()
    if found is None:
        raise click.ClickException(f"There is no user {login}.")
    return found


def _department(code: str | None) -> Department | None:
    from qitong.accounts.models import Department

    found = Department.objects.filter(code=code).first()
    if code is not None and found is None:
        raise click.ClickException(f"There is no department {code}; has the organisation been loaded?")
    return found


def _jurisdiction(code: str | None) -> Jurisdiction | None:
    from qitong.accounts.models import Jurisdiction

    found = Jurisdiction.objects.filter(code=code).first()
    if code is not None and found is None:
        raise click.ClickException(f"There is no jurisdiction {code}; has the organisation been loaded?")
    return found


def _enterprise(uscc: str | None) -> Enterprise | None:
    from qitong.accounts.models import Enterprise
    from qitong.kernel.uscc import normalise

    if uscc is None:
        return None
    found = Enterprise.objects.filter(uscc=normalise(uscc)).first()
    if found is None:
        raise click.ClickException(f"There is no enterprise {uscc}.")
    return found
