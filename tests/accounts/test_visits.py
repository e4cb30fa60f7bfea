"""Looking as somebody else: who may, with what reason, for how long, and what is kept of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qitong.accounts import visits
from qitong.accounts.logic.roles import ADMINISTRATORS, Role
from qitong.accounts.models import Jurisdiction, User, Visit
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.accounts import cast

REASON = "企业反映看不到通知"


@pytest.fixture
def guard(db: None) -> User:
    return cast.officer(Role.SECURITY_ADMINISTRATOR)


@pytest.fixture
def host(db: None) -> User:
    return cast.user()


def begin(guard: User, host: User, reason: str = REASON, at: dt.datetime = cast.AT) -> Visit:
    return visits.begin(host=host, reason=reason, by=cast.acting(guard), at=at)


def refused(guard: User, host: User, reason: str = REASON) -> str:
    with pytest.raises(Refused) as refusal:
        begin(guard, host, reason)
    return refusal.value.code


def test_it_lasts_half_an_hour_and_no_longer(guard: User, host: User) -> None:
    visit = begin(guard, host)
    late = cast.AT + visits.LONGEST
    assert visits.under_way(visit.pk, visitor=guard.pk, at=late - dt.timedelta(seconds=1)) == visit
    assert visits.under_way(visit.pk, visitor=guard.pk, at=late) is None
    assert visits.under_way(visit.pk, visitor=host.pk, at=cast.AT) is None


@pytest.mark.parametrize(("reason", "code"), [(" ", "missing"), ("看看", "reason")])
def test_it_needs_a_reason_one_can_be_asked_about(guard: User, host: User, reason: str, code: str) -> None:
    assert refused(guard, host, reason) == code


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_is_looked_at(guard: User, role: Role) -> None:
    assert refused(guard, cast.officer(role)) == "administrator"


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR, Role.LEADER])
def test_only_the_security_administrator_looks(park: Jurisdiction, host: User, role: Role) -> None:
    other = cast.officer(role, jurisdiction=park if role is Role.LEADER else None)
    assert refused(other, host) == "forbidden"
    guard = cast.officer(Role.SECURITY_ADMINISTRATOR)
    assert refused(guard, guard) == "forbidden"


def test_the_guest_sees_what_the_host_sees_and_is_not_them(guard: User, park: Jurisdiction) -> None:
    company = cast.registered(park)
    visit = begin(guard, company.administrator)
    guest = visits.guest(visit, on=cast.TODAY)
    assert guest.enterprise_ids == {company.enterprise.pk}
    assert (guest.ref, guest.is_person) == (f"visit:{visit.pk}", False)


def test_a_new_visit_ends_the_one_before_and_everything_is_on_the_hosts_record(
    guard: User, host: User
) -> None:
    first, other = begin(guard, host), cast.user()
    second = begin(guard, other, at=cast.AT + dt.timedelta(hours=2))
    first.refresh_from_db()
    assert first.ended_at == first.ends_at
    visits.end(visit_id=second.pk, by=cast.acting(guard), at=cast.AT + dt.timedelta(hours=2, minutes=3))
    assert cast.kinds(host.ref)[-2:] == cast.kinds(other.ref)[-2:] == ["visit.started", "visit.ended"]
    entry = Entry.objects.get(stream=host.ref, kind="visit.started")
    assert (entry.by, entry.body["reason"]) == (guard.ref, REASON)


def test_the_database_keeps_the_promises(guard: User, host: User) -> None:
    begin(guard, host)
    facts = {"visitor": guard, "host": host, "started_at": cast.AT, "ends_at": cast.AT + visits.LONGEST}
    for change in ({"reason": ""}, {"host": guard}, {"ends_at": cast.AT}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.create(**{"reason": REASON, **facts, **change})
