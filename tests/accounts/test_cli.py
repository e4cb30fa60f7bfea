"""`qitong user` and `qitong token`."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from qitong.accounts import second
from qitong.accounts.actors import actor_for_token
from qitong.accounts.logic.roles import Role
from qitong.accounts.login import check_login
from qitong.accounts.models import ApiToken, Department, Jurisdiction, User
from qitong.cli.accounts import token, user
from tests.accounts import cast

CREATE = ["create", "--login", "zhao@park.cn", "--name", "赵六"]


def run(group: str, *args: str, stdin: str = "") -> Result:
    return CliRunner().invoke({"user": user, "token": token}[group], list(args), input=stdin)


def test_a_generated_password_signs_in(market: Department) -> None:
    result = run("user", *CREATE, "--role", "reviewer", "--department", "scjg", "--generate", "--json")
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    assert check_login("zhao@park.cn", made["password"], at=cast.AT).pk == made["id"]
    assert User.objects.get().role_assignments.get().department == market


def test_a_password_is_read_from_standard_input(db: None) -> None:
    result = run("user", *CREATE, "--password-stdin", stdin=f"{cast.PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert cast.PASSWORD not in result.output
    assert check_login("zhao@park.cn", cast.PASSWORD, at=cast.AT)


def test_a_password_is_asked_for_twice(db: None) -> None:
    result = run("user", *CREATE, stdin=f"{cast.PASSWORD}\n{cast.PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert cast.PASSWORD not in result.output


def test_a_refused_role_leaves_no_account(db: None) -> None:
    result = run("user", *CREATE, "--role", "reviewer", "--generate", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stderr)["error"] == "place"
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--role", "king"], "no role king"),
        (["--role", "reviewer", "--department", "xx"], "no department xx"),
        (["--role", "leader", "--jurisdiction", "xx"], "no jurisdiction xx"),
        (["--password-stdin"], "exclude each other"),
    ],
)
def test_a_mistake_is_named(db: None, args: list[str], said: str) -> None:
    result = run("user", *CREATE, "--generate", *args)
    assert result.exit_code != 0
    assert said in result.stderr
    assert not User.objects.exists()


def test_the_list_shows_roles_and_closed_accounts(market: Department) -> None:
    person = cast.officer(Role.REVIEWER, market, from_on=cast.TODAY.replace(year=2020))
    User.objects.create(login="old@park.cn", name="旧", is_active=False)
    rows = json.loads(run("user", "list", "--json").stdout)
    assert [(r["id"] == person.pk, r["active"], r["roles"]) for r in rows] == [
        (True, True, ["reviewer@scjg"]),
        (False, False, []),
    ]
    assert "(closed)" in run("user", "list").stdout


def test_a_token_is_printed_once_and_works_until_revoked(market: Department) -> None:
    from django.utils import timezone

    person = cast.officer(Role.REVIEWER, market, from_on=cast.TODAY.replace(year=2020))
    result = run("token", "create", "--user", person.login, "--role", "reviewer", "--department", "scjg")
    assert result.exit_code == 0, result.output
    raw = result.stdout.strip()
    actor = actor_for_token(raw, at=timezone.now())
    assert actor is not None
    assert run("token", "revoke", str(ApiToken.objects.get().pk)).exit_code == 0
    assert actor_for_token(raw, at=timezone.now()) is None
    assert "no token 0" in run("token", "revoke", "0").stderr


def test_a_company_gets_its_own_token(park: Jurisdiction) -> None:
    own = cast.registered(park)
    common = ["create", "--user", own.administrator.login, "--role", "enterprise", "--json"]
    result = run("token", *common, "--enterprise", own.enterprise.uscc)
    assert result.exit_code == 0, result.output
    assert ApiToken.objects.get().enterprise == own.enterprise
    assert "no enterprise" in run("token", *common, "--enterprise", "N2310151MF0000000R").stderr
    assert "no user" in run("token", "create", "--user", "x", "--role", "reviewer").stderr


def test_a_forgotten_password_is_set_anew(db: None) -> None:
    person = cast.user()
    result = run("user", "password", person.login, "--generate", "--json")
    assert check_login(person.login, json.loads(result.stdout)["password"], at=cast.AT) == person
    assert run("user", "password", person.login, "--password-stdin", stdin="short\n").exit_code == 1


def test_a_lock_is_lifted_and_an_authenticator_reset(db: None) -> None:
    person = cast.user()
    User.objects.filter(pk=person.pk).update(locked_until=timezone.now() + dt.timedelta(minutes=9))
    assert run("user", "unlock", person.login).exit_code == 0
    assert "没有锁定" in run("user", "unlock", person.login).output
    second.begin(by=cast.acting(person), at=cast.AT)
    result = run("user", "reset-second-factor", person.login, "--reason", "手机丢失", "--json")
    assert json.loads(result.stdout) == {"id": person.pk, "reset": True}
    assert cast.kinds(person.ref)[-2:] == ["login.unlocked", "second_factor.reset"]


@pytest.mark.parametrize("name", ["Zhao\x1b[31m", "赵\n六", "赵\a六", "赵\0六", "赵\u202e六"])
def test_a_name_with_control_characters_is_refused(db: None, name: str) -> None:
    result = run("user", "create", "--login", "zhao@park.cn", "--name", name, "--generate", "--json")
    assert (result.exit_code, json.loads(result.stderr)["error"]) == (1, "control")
    assert not User.objects.exists()


def test_a_name_that_is_too_long_is_refused_with_the_limit(market: Department) -> None:
    result = run("user", "create", "--login", "zhao@park.cn", "--name", "赵" * 101, "--generate")
    assert (result.exit_code, result.stderr) == (1, "Error: 姓名最多100字，现在是101字。\n")
    person = cast.officer(Role.REVIEWER, market, from_on=cast.TODAY.replace(year=2020))
    asked = ["create", "--user", person.login, "--role", "reviewer", "--department", "scjg", "--name"]
    result = run("token", *asked, "x" * 101)
    assert (result.exit_code, result.stderr) == (1, "Error: 令牌名称最多100字，现在是101字。\n")
    assert run("token", *asked, "x" * 100).exit_code == 0


def test_a_name_of_before_cannot_steer_the_terminal(db: None) -> None:
    User.objects.create(login="old@park.cn", name="赵\x1b[31m\n六")
    assert "赵\\x1b[31m\\n六" in run("user", "list").stdout


def test_a_password_of_control_characters_is_refused(db: None) -> None:
    result = run("user", *CREATE, "--password-stdin", "--json", stdin="\0" * 10 + "aA1\n")
    assert (result.exit_code, json.loads(result.stderr)["error"]) == (1, "weak_password")


@pytest.mark.parametrize("number", ["２", "1_0", "9" * 5000, "x"])
def test_a_token_is_named_by_plain_digits(number: str) -> None:
    result = run("token", "revoke", number)
    assert (result.exit_code, "is no number of a token" in result.output) == (2, True)
