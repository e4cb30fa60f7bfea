"""No list, search, table or timeline says how the company's people are called or reached.

Every address without a thing in it, and every page of the company's cases, is read by everybody of the
cast; so is what the API lists. The company alone reads its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from pytest_django import DjangoDbBlocker

from qitong.accounts.actors import Actor
from qitong.api.models import IdempotencyKey
from qitong.casework import conversation
from qitong.casework.indexing import index
from qitong.casework.models import Case
from tests.automation.queue import react_to_all
from tests.permissions.test_api import TOKENS, call, token
from tests.permissions.test_strangers import addresses
from tests.permissions.world import LIN, World, read

SignedIn = Callable[[str], Client]
MAIL, ID, CELL, LINE = "lin.xiaoyu@corp.example", "310151199001011237", "13912345678", "021-59621234"
SAID = f"林小雨：{CELL}，{LINE}，{MAIL}，证件{ID}"
RAW = ("林小雨", LIN, CELL, LINE, MAIL, ID)
WORDS = ("绿源", "林小雨的话", "证件", "QT26", "13912", "lin.xiaoyu", "310151")


@pytest.fixture(scope="module")
def _talked(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """People write such things wherever they can write: in a note, in what they ask for, in its title."""
    with django_db_blocker.unblock(), transaction.atomic():
        stage, by = world.stage, world.actor("company")
        title = f"回电{CELL}"
        asked = stage.submit(stage.request(world.company.uscc, LIN, title, SAID), LIN)
        for case in (world.review, asked):
            conversation.write(case_id=case.pk, text=SAID, by=by, at=stage.tick())
        react_to_all(stage.at)
        index(list(Case.objects.values_list("pk", flat=True)))
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def talked(_talked: World, db: None) -> World:
    return _talked


def pages(world: World) -> Iterator[tuple[str, dict[str, str]]]:
    """Lists and searches, and all that is shown of a case before anybody asked to see more."""
    for name, address, thing in addresses(get_resolver().url_patterns):
        if not thing and not name.startswith(("gallery", "login", "logout", "register")):
            yield address, {}
    for query in ({"scope": "all", "state": "any"}, {"scope": "all", "state": "open", "q": "绿源"}):
        yield "/desk", query
        yield "/desk/tasks", query
    for words in WORDS:
        yield "/desk/search", {"q": words}
        yield "/desk/search.json", {"q": words}
    for case in Case.objects.filter(enterprise=world.company).exclude(number=None):
        for rest in ("", "/notes", "/ledger"):
            yield f"/desk/cases/{case.number}{rest}", {}
        for key in case.materials.exclude(document=None).values_list("key", flat=True):
            yield f"/desk/cases/{case.number}/materials/{key}", {}
    yield "/desk/people", {"q": "1380000"}
    yield f"/desk/people/{world.user('company').pk}", {}
    yield "/desk/audit", {"area": "case"}
    for shown in ("open", "overdue", "closed"):
        yield "/dashboard/cases", {"kind": "case", "what": shown}


# Who sees nothing of the company is asked of every address in test_strangers.
SEE_SOMETHING = (
    "owner",
    "reviewer at work",
    "leader",
    "auditor",
    "security administrator",
    "stands in for the leader",
)


@pytest.mark.parametrize("who", SEE_SOMETHING)
def test_nobody_of_the_office_reads_them_in_passing(talked: World, signed_in: SignedIn, who: str) -> None:
    client, found, read_pages = signed_in(who), {}, 0
    for address, query in pages(talked):
        answer = client.get(address, query)
        text = read(answer)
        for typed in query.values():  # what one has typed stands in the field
            text = text.replace(typed, "")
        if leaked := [raw for raw in RAW if raw in text]:
            found[f"{address} {query}"] = leaked
        read_pages += answer.status_code == 200
    exported = read(client.post("/desk/exports/new", {"scope": "all", "state": "any"}))
    if leaked := [raw for raw in RAW if raw in exported]:
        found["export"] = leaked
    assert not found, "\n".join(f"{name}: {why}" for name, why in found.items())
    assert read_pages > 15


@pytest.mark.parametrize("who", [who for who in TOKENS if who not in ("company", "no token")])
def test_no_token_of_the_office_reads_them_in_passing(talked: World, who: str) -> None:
    raw, found = token(talked, who), {}
    paths = ["/cases?limit=100", "/tasks?limit=100", "/cases?q=证件"]
    for case in Case.objects.filter(enterprise=talked.company).exclude(number=None):
        paths += [f"/cases/{case.number}{rest}" for rest in ("", "/notes", "/timeline", "/materials")]
    paths.append(f"/tasks/{talked.supplement.task_id}")
    for path in paths:
        text = read(call(raw, "get", path))
        if leaked := [secret for secret in RAW if secret in text]:
            found[path] = leaked
    assert not found, "\n".join(f"{name}: {why}" for name, why in found.items())


def test_the_company_reads_its_own_in_full(talked: World, signed_in: SignedIn) -> None:
    client, asked = signed_in("company"), Case.objects.filter(title__contains=CELL).get()
    page = read(client.get(f"/my/cases/{asked.number}"))
    assert [raw for raw in RAW if raw not in page] == []
    assert f"回电{CELL}" in read(client.get("/my/cases"))
    raw = token(talked, "company")
    assert SAID in read(call(raw, "get", f"/cases/{asked.number}"))
    assert SAID in read(call(raw, "get", f"/cases/{asked.number}/notes"))


@pytest.mark.parametrize(("who", "needs"), [("owner", False), ("leader", True), ("auditor", True)])
def test_a_token_is_shown_them_when_it_asks(talked: World, who: str, needs: bool) -> None:
    raw, path = token(talked, who), f"/cases/{talked.review.number}"
    bare = call(raw, "post", f"{path}/personal-data", {})
    assert bare.status_code == (422 if needs else 200), read(bare)
    why = {"reason": "核对企业投诉的联系记录"} if needs else {}
    shown = call(raw, "post", f"{path}/personal-data", why).json()
    assert shown["contact"] == {"name": "林小雨", "phone": LIN}
    assert call(raw, "get", path).json()["contact"] == {"name": "林小雨", "phone": LIN}


def test_a_guest_with_somebodys_eyes_is_shown_nothing(talked: World) -> None:
    from dataclasses import replace

    from qitong.casework import personal

    host = talked.actor("company")
    guest: Actor = replace(host, ref="visit:1")
    veil = personal.veil_of(guest, talked.review, at=talked.stage.at)
    assert personal.contact_of(talked.review, veil) == ("林**", "138****0001")


def test_no_key_of_a_retry_shows_it_again_later(talked: World) -> None:
    raw, path = token(talked, "owner"), f"/api/v1/cases/{talked.review.number}/personal-data"
    headers = {"Authorization": f"Bearer {raw}", "Idempotency-Key": "show-1"}
    answer = Client().post(path, {}, content_type="application/json", headers=headers)
    assert answer.json()["contact"]["phone"] == LIN
    assert not IdempotencyKey.objects.filter(body__contains=LIN).exists()
