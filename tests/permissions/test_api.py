"""The API shows each token what its holder may see in its place, and answers as if there were nothing else.

The operations are read from the API itself: one that names something new fails here until it is decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.accounts.actors import Actor, Role, actor_for_token
from qitong.accounts.tokens import create
from qitong.api.app import api
from qitong.casework import queries
from qitong.ledger.models import Entry
from tests.permissions.world import GREEN, TIDE, World, department, read, same

V1 = "/api/v1"
TOKENS = {
    "company": ("company", Role.ENTERPRISE, GREEN),
    "another company": ("another company", Role.ENTERPRISE, TIDE),
    "owner": ("owner", Role.DUTY_OFFICER, "zs"),
    "reviewer at work": ("reviewer at work", Role.REVIEWER, "jw"),
    "reviewer elsewhere": ("reviewer elsewhere", Role.REVIEWER, "hg"),
    "head elsewhere": ("head elsewhere", Role.DEPARTMENT_HEAD, "hg"),
    "leader": ("leader", Role.LEADER, ""),
    "leader elsewhere": ("leader elsewhere", Role.LEADER, ""),
    "auditor": ("auditor", Role.AUDITOR, ""),
    "system administrator": ("system administrator", Role.SYSTEM_ADMINISTRATOR, ""),
    "security administrator": ("security administrator", Role.SECURITY_ADMINISTRATOR, ""),
    "policy editor": ("policy editor", Role.POLICY_EDITOR, ""),
    "no token": ("", Role.ENTERPRISE, ""),
}


def token(world: World, who: str) -> str:
    login, role, place = TOKENS[who]
    if not login:
        return ""
    _, raw = create(
        name=who,
        user=world.user(login),
        role=role,
        department=department(place) if place in ("zs", "jw", "hg") else None,
        enterprise=world.stage.cast.company(place) if role is Role.ENTERPRISE else None,
        days=30,
        by=Actor.system("test"),
        at=world.stage.at,
    )
    return raw


def call(raw: str, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {raw}"} if raw else {}
    data = json.dumps(body) if body is not None else None
    more = {"data": data, "content_type": "application/json"} if method == "post" else {}
    return getattr(Client(), method)(f"{V1}{path}", headers=headers, **more)


def may_see(world: World, raw: str) -> set[str]:
    actor = actor_for_token(raw, at=world.stage.at) if raw else None
    if actor is None:
        return set()
    found = queries.visible(actor).exclude(number=None).values_list("number", flat=True)
    return {str(number) for number in found}


@pytest.mark.parametrize("who", TOKENS)
def test_lists_and_resources_hold_what_the_token_may_see(world: World, db: None, who: str) -> None:
    raw = token(world, who)
    may = may_see(world, raw)
    listed = read(call(raw, "get", "/cases")) + read(call(raw, "get", "/cases?limit=100"))
    assert {str(case.number) for case in world.handed_in() if str(case.number) in listed} == may
    board = read(call(raw, "get", "/tasks"))
    assert {str(case.number) for case in world.handed_in() if str(case.number) in board} <= may
    for case in world.handed_in():
        for rest in ("", "/materials", "/notes", "/timeline"):
            answer = call(raw, "get", f"/cases/{case.number}{rest}")
            assert (answer.status_code == 200) == (case.number in may), (case.number, rest)
    task = call(raw, "get", f"/tasks/{world.supplement.task_id}")
    assert (task.status_code == 200) == (world.review.number in may)
    assert (call(raw, "get", f"/cases/{world.draft.pk}").status_code == 200) == (who == "company")
    if not may:
        assert [secret for secret in world.secrets if secret in listed + board] == []


@cache
def schema() -> dict[str, Any]:
    return api.get_openapi_schema()


@cache
def operations() -> tuple[tuple[str, str], ...]:
    """Method and path of every operation that names something."""
    paths: dict[str, dict[str, object]] = schema()["paths"]
    return tuple(
        (method, path.removeprefix(V1)) for path, ways in paths.items() if "{" in path for method in ways
    )


def filled(world: World) -> Iterator[tuple[str, str, str, str]]:
    """Each operation (method, pattern) at a thing of the company, and at one that is not there."""
    key = world.review.materials.exclude(document=None).order_by("position")[0].key
    certificate = world.done.certificates.get().number
    for method, path in operations():
        if path.startswith("/items/"):
            continue  # the catalogue is public
        case = world.done if "certificates" in path else world.review
        rest = path.replace("{key}", key).replace("{number}", certificate)
        for real, missing in ((str(case.number), "QT26-AAAA-BBBB"), (str(case.pk), "987654")):
            if real == str(case.pk) and ("{ref}" not in path or method == "post"):
                continue
            yield (
                method,
                path,
                rest.replace("{ref}", real).replace("{task_id}", str(world.supplement.task_id)),
                rest.replace("{ref}", missing).replace("{task_id}", "987654"),
            )


def test_every_operation_that_names_something_is_tried(world: World, db: None) -> None:
    assert len(operations()) > 40
    assert [real for _method, _path, real, _missing in filled(world) if "{" in real] == []


SEE_IT = ("company", "owner", "leader", "auditor", "reviewer at work")


@pytest.mark.parametrize("who", [who for who in TOKENS if who not in SEE_IT])
def test_what_the_token_may_not_see_answers_as_what_does_not_exist(world: World, db: None, who: str) -> None:
    raw, found = token(world, who), {}
    assert may_see(world, raw) == set()
    before = Entry.objects.count()
    for method, path, real, missing in filled(world):
        body = body_of(path) if method == "post" else None
        first, second = asked(raw, method, real, body), asked(raw, method, missing, body)
        leaked = [secret for secret in world.secrets if secret in first[1]]
        form_alone = first[0] == 422 and body == {}  # a file was not sent
        if first != second or leaked or (first[0] != (404 if raw else 401) and not form_alone):
            found[f"{method} {real}"] = (first[0], first[2], second[0], second[2], leaked)
    assert not found, "\n".join(f"{name}: {why}" for name, why in found.items())
    assert Entry.objects.count() == before


def asked(raw: str, method: str, path: str, body: object) -> tuple[int, str, int]:
    with CaptureQueriesContext(connection) as counted:
        answer = call(raw, method, path, body)
        text = read(answer)
    return answer.status_code, same(text, f"{V1}{path}"), len(counted)


def body_of(path: str) -> dict[str, Any]:
    """The least that the operation accepts, from its own description."""
    described = schema()
    content = described["paths"][f"{V1}{path}"]["post"].get("requestBody", {}).get("content", {})
    shape = content.get("application/json", {}).get("schema", {})
    return sample(shape, described["components"]["schemas"]) if shape else {}


def sample(shape: dict[str, Any], named: dict[str, Any]) -> Any:
    """The least that fits a JSON schema."""
    if inner := shape.get("$ref"):
        return sample(named[inner.rpartition("/")[2]], named)
    if ways := shape.get("anyOf"):
        return sample(ways[0], named)
    kind = "date" if shape.get("format") == "date" else shape["type"]
    if kind == "object":
        fields = shape.get("properties", {"title": {"type": "string"}})  # else any fields at all
        return {
            name: sample(fields[name], named)
            for name in shape.get("required", () if "properties" in shape else fields)
        }
    if kind == "array":
        return [sample(shape["items"], named)]
    least = {"string": "x@x", "integer": 1, "boolean": True, "date": "2026-04-01"}
    return shape["enum"][0] if "enum" in shape else least[kind]
