"""Being away, with somebody there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qitong.accounts import absences
from qitong.accounts.actors import Actor
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Absence, Department, User
from qitong.accounts.queries import absences_on, present
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.accounts import cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def people(market: Department) -> list[User]:
    return [cast.officer(Role.REVIEWER, market, name) for name in ("甲", "乙", "丙")]


def away(user: User, substitute: User, first: int = 0, last: int = 0, *, by: Actor = cast.SYSTEM) -> Absence:
    return absences.record(
        user=user,
        substitute=substitute,
        starts_on=cast.TODAY + first * DAY,
        ends_on=cast.TODAY + last * DAY,
        by=by,
        at=cast.AT,
    )


def refused(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refusal:
        away(*args, **kwargs)
    return refusal.value.code


def test_both_ends_are_included(people: list[User]) -> None:
    a, b, _ = people
    away(a, b, 1, 2)
    there = [absences_on(cast.TODAY + n * DAY) for n in range(4)]
    assert there == [{}, {a.pk: b.pk}, {a.pk: b.pk}, {}]


def test_an_absent_substitute_is_followed_to_theirs(people: list[User]) -> None:
    a, b, c = people
    away(b, c, 0, 3)
    away(a, b, 2, 5)
    assert [present(a.pk, cast.TODAY + n * DAY) for n in (0, 2, 3, 4)] == [a.pk, c.pk, c.pk, b.pk]


def test_two_people_do_not_stand_in_for_each_other_on_one_day(people: list[User]) -> None:
    a, b, _ = people
    away(b, a, 3, 3)
    assert refused(a, b, 0, 5) == "substitute"
    away(a, b, 0, 2)


def test_the_reason_names_the_day(people: list[User]) -> None:
    a, b, _ = people
    away(b, a, 3, 3)
    with pytest.raises(Refused, match="2026年11月26日"):
        away(a, b, 0, 5)


def test_nobody_stands_in_for_themselves(people: list[User]) -> None:
    assert refused(people[0], people[0]) == "substitute"


def test_a_substitute_is_an_officer(people: list[User]) -> None:
    assert refused(people[0], cast.user()) == "substitute"


def test_a_person_is_away_once_on_a_day(people: list[User]) -> None:
    a, b, c = people
    away(a, b, 0, 4)
    assert refused(a, c, 4, 6) == "overlap"
    away(a, c, 5, 6)


def test_an_absence_ends_after_it_begins_and_not_in_the_past(people: list[User]) -> None:
    a, b, _ = people
    assert refused(a, b, 2, 1) == "dates"
    assert refused(a, b, -3, -1) == "dates"
    away(a, b, -3, 0)


def test_one_records_ones_own_and_the_head_their_departments(people: list[User], window: Department) -> None:
    a, b, c = people
    head = cast.officer(Role.DEPARTMENT_HEAD, a.role_assignments.get().department)
    other_head = cast.officer(Role.DEPARTMENT_HEAD, window)
    away(a, b, by=cast.acting(a))
    away(b, c, by=cast.acting(head))
    assert refused(c, head, by=cast.acting(a)) == "forbidden"
    assert refused(c, head, by=cast.acting(other_head)) == "forbidden"


def test_a_cancelled_absence_frees_its_days(people: list[User]) -> None:
    a, b, c = people
    absence = away(a, b, 1, 3)
    absences.cancel(absence=absence, by=cast.acting(a), at=cast.AT)
    assert absence.cancelled_at == cast.AT
    away(a, c, 1, 3)
    assert cast.kinds(a.ref)[-3:] == ["absence.recorded", "absence.cancelled", "absence.recorded"]


def test_who_comes_back_early_was_away_until_yesterday(people: list[User]) -> None:
    a, b, _ = people
    absence = away(a, b, 0, 5)
    absences.cancel(absence=absence, by=cast.acting(a), at=cast.AT + 2 * DAY)
    assert (absence.ends_on, absence.cancelled_at) == (cast.TODAY + DAY, None)
    assert absences_on(cast.TODAY) == {a.pk: b.pk}
    assert absences_on(cast.TODAY + 2 * DAY) == {}


def test_an_absence_is_cancelled_once(people: list[User]) -> None:
    absence = away(people[0], people[1], 1, 3)
    absences.cancel(absence=absence, by=cast.SYSTEM, at=cast.AT)
    with pytest.raises(Refused) as refusal:
        absences.cancel(absence=absence, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "ended"


def test_a_note_is_personal(people: list[User]) -> None:
    a, b, _ = people
    absences.record(
        user=a,
        substitute=b,
        starts_on=cast.TODAY,
        ends_on=cast.TODAY,
        note="就医",
        by=cast.acting(a),
        at=cast.AT,
    )
    entry = Entry.objects.filter(stream=a.ref).latest("number")
    assert "就医" not in str(entry.body)
