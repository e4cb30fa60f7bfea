"""Tokens while their people are away, stand in for somebody or have left; and what strangers send."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qitong.accounts import absences, officers, people
from qitong.accounts.actors import Actor, Role, actor_for, actor_for_token
from qitong.accounts.tokens import create
from qitong.casework import queries
from qitong.casework.models import Case
from qitong.datashare.models import Document
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.datashare.conftest import PDF
from tests.permissions.test_api import V1, call, may_see, operations, token
from tests.permissions.world import World, department, read, same

SYSTEM = Actor.system("test")


def officers_token(world: World, who: str, role: Role, place: str = "") -> str:
    _, raw = create(
        name=who,
        user=world.user(who),
        role=role,
        department=department(place) if place else None,
        days=300,
        by=SYSTEM,
        at=world.stage.at,
    )
    return raw


def numbers(world: World, raw: str, *, later: int = 0) -> set[str]:
    """Numbers that the token's cases have so many days later."""
    actor = actor_for_token(raw, at=world.stage.at + dt.timedelta(days=later))
    assert actor is not None
    found = queries.visible(actor).exclude(number=None).values_list("number", flat=True)
    return {str(number) for number in found}


@pytest.mark.parametrize(
    ("who", "place"), [("stands in for the owner", "rs"), ("stands in for the leader", "gjj")]
)
def test_a_token_stands_in_for_nobody_however_its_person_does(
    world: World, db: None, who: str, place: str
) -> None:
    raw = officers_token(world, who, Role.REVIEWER, place)
    person = queries.visible(world.actor(who)).exclude(number=None)
    assert person.count() == 3
    assert may_see(world, raw) == set()
    assert [secret for secret in world.secrets if secret in read(call(raw, "get", "/cases"))] == []
    for case in world.handed_in():
        assert call(raw, "get", f"/cases/{case.number}").status_code == 404
        assert call(raw, "post", f"/cases/{case.number}/deeds/contact", {}).status_code == 404


@pytest.mark.parametrize("later", [0, 15, 60])
def test_an_absence_changes_neither_the_absents_token_nor_the_substitutes(
    world: World, db: None, later: int
) -> None:
    """While it lasts, and when it is over: a token is of a role in a place."""
    owner = officers_token(world, "owner", Role.DUTY_OFFICER, "zs")
    substitute = officers_token(world, "stands in for the owner", Role.REVIEWER, "rs")
    everything = {str(case.number) for case in world.handed_in()}
    assert numbers(world, owner, later=later) == everything
    assert numbers(world, substitute, later=later) == set()
    person = actor_for(world.user("stands in for the owner"), on=world.stage.day() + dt.timedelta(days=later))
    assert queries.visible(person).exclude(number=None).count() == (3 if later < 30 else 0)


def test_an_absence_that_is_cancelled_ends_at_once_for_people_and_tokens(world: World, db: None) -> None:
    raw = officers_token(world, "stands in for the owner", Role.REVIEWER, "rs")
    absences.cancel(absence=world.absence, by=SYSTEM, at=world.stage.at)
    assert not queries.visible(world.actor("stands in for the owner")).exists()
    assert numbers(world, raw) == set()


@pytest.mark.parametrize(
    ("who", "role", "place"),
    [
        ("owner", Role.DUTY_OFFICER, "zs"),
        ("reviewer at work", Role.REVIEWER, "jw"),
        ("leader", Role.LEADER, ""),
        ("auditor", Role.AUDITOR, ""),
    ],
)
def test_the_token_of_a_closed_account_opens_nothing(
    world: World, db: None, who: str, role: Role, place: str
) -> None:
    raw = officers_token(world, who, role, place)
    assert call(raw, "get", "/cases").status_code == 200
    people.close_user(user=world.user(who), by=SYSTEM, at=world.stage.at)
    before = Entry.objects.count()
    for method, path in (("get", "/cases"), ("get", "/tasks"), ("get", f"/cases/{world.review.number}")):
        answer = call(raw, method, path)
        assert answer.status_code == 401, path
        assert [secret for secret in world.secrets if secret in same(read(answer), V1 + path)] == []
    assert call(raw, "post", f"/cases/{world.asked.number}/deeds/accept", {}).status_code == 401
    assert Entry.objects.count() == before


def test_no_token_is_made_for_a_closed_account_or_for_a_role_that_is_over(world: World, db: None) -> None:
    with pytest.raises(Refused):
        officers_token(world, "closed account", Role.REVIEWER, "swj")
    raw = officers_token(world, "leader", Role.LEADER)
    held = world.user("leader").role_assignments.get(role=Role.LEADER)
    officers.revoke_role(assignment=held, by=SYSTEM, at=world.stage.at)
    assert actor_for_token(raw, at=world.stage.at) is None


UPLOADS = [path for method, path in operations() if method == "post" and path.endswith(("{key}", "/fetch"))]
STRANGERS = ("another company", "reviewer elsewhere", "head elsewhere", "leader elsewhere", "policy editor")


def sent(raw: str, path: str, **fields: Any) -> Any:
    files = {"file": SimpleUploadedFile("a.pdf", PDF), "files": SimpleUploadedFile("b.pdf", PDF)}
    return Client().post(f"{V1}{path}", {**files, **fields}, headers={"Authorization": f"Bearer {raw}"})


@pytest.mark.parametrize("who", STRANGERS)
def test_what_strangers_upload_is_kept_nowhere_and_answered_as_to_nothing(
    world: World, db: None, who: str
) -> None:
    raw, key = token(world, who), world.review.materials.order_by("position")[0].key
    kept = Document.objects.count(), Case.objects.count(), Entry.objects.count()
    assert UPLOADS
    for path in (*UPLOADS, "/tasks/{task_id}/supplement"):
        for ref, task in ((world.review.number, world.supplement.task_id), (world.draft.pk, 987654)):
            real = path.replace("{ref}", str(ref)).replace("{key}", key).replace("{task_id}", str(task))
            answer = sent(raw, real, answer="x")
            assert answer.status_code == 404, real
            assert [secret for secret in world.secrets if secret in same(read(answer), V1 + real)] == []
    assert (Document.objects.count(), Case.objects.count(), Entry.objects.count()) == kept


def test_an_auditor_who_sees_the_case_brings_nothing_to_it(world: World, db: None) -> None:
    raw, key = token(world, "auditor"), world.review.materials.order_by("position")[0].key
    kept = Document.objects.count(), Entry.objects.count()
    for path in (
        f"/cases/{world.review.number}/materials/{key}",
        f"/tasks/{world.supplement.task_id}/supplement",
    ):
        assert sent(raw, path, answer="x").status_code == 403
    assert (Document.objects.count(), Entry.objects.count()) == kept
