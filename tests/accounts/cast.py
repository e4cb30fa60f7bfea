"""The fixed cast of these tests."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from qitong.accounts import enterprises, officers
from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Jurisdiction, User
from qitong.accounts.people import NewPerson
from qitong.ledger.models import Entry

TODAY = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # ten o'clock in Shanghai
SYSTEM = Actor.system("test")
PASSWORD = "Chong-Ming-310151"
USCC = "91110000600037341L"

_numbers = itertools.count(13800000000)


def newcomer(name: str = "王小明", **facts: Any) -> NewPerson:
    return NewPerson(**{"login": str(next(_numbers)), "name": name, "password": PASSWORD, **facts})


def user(name: str = "王小明") -> User:
    return officers.create_user(person=newcomer(name), by=SYSTEM, at=AT)


def officer(role: Role, department: Department | None = None, name: str = "李审核", **facts: Any) -> User:
    person = user(name)
    officers.grant_role(user=person, role=role, department=department, by=SYSTEM, at=AT, **facts)
    return person


def registered(park: Jurisdiction, **facts: Any) -> enterprises.Registration:
    given: dict[str, Any] = {
        "uscc": USCC,
        "name": "崇明示范有限公司",
        "jurisdiction": park,
        "legal_representative": "赵法人",
        "address": "园区一路1号",
        "phone": "021-12345678",
        "contact": newcomer(),
        "by": Actor.visitor(),
        "at": AT,
    }
    return enterprises.register(**(given | facts))


def acting(person: User, on: dt.date = TODAY) -> Actor:
    return actor_for(person, on=on)


def kinds(stream: str) -> list[str]:
    return list(Entry.objects.filter(stream=stream).order_by("number").values_list("kind", flat=True))
