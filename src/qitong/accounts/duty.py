"""Duty at the windows: one officer a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.logic.days import weekly
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, DutyShift, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.accounts.queries import officers_of
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record

LONGEST_ROTA = dt.timedelta(days=366)


@transaction.atomic
def set_shift(*, department: Department, officer: User, on: dt.date, by: Actor, at: dt.datetime) -> DutyShift:
    """Put an officer on duty on one day, in place of whoever was; refused for who is not a duty officer."""
    _check(department, by)
    _check_officers(department, {on: officer})
    shift, _ = DutyShift.objects.update_or_create(department=department, on=on, defaults={"officer": officer})
    body = {"on": on.isoformat(), "officer": officer.ref}
    record(_stream(department), "duty.shift_set", by=by.ref, at=at, body=body)
    return shift


@transaction.atomic
def set_weekly_rota(
    *,
    department: Department,
    weekdays: Mapping[int, User],
    starts_on: dt.date,
    ends_on: dt.date,
    by: Actor,
    at: dt.datetime,
) -> list[DutyShift]:
    """Fill the days from ``starts_on`` to ``ends_on`` (both included) by weekday, 0 being Monday.

    It replaces the shifts of the weekdays it names and leaves the others. Refused: no weekday or one
    outside 0–6 (``weekdays``), no day or more than a year (``dates``), an officer not on duty there.
    """
    _check(department, by)
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise Refused(say("请为星期一至星期日中的至少一天安排值班人员。"), code="weekdays", field="weekdays")
    if ends_on < starts_on or ends_on - starts_on > LONGEST_ROTA:
        raise Refused(say("结束日期不能早于开始日期，一次最多安排一年。"), code="dates", field="ends_on")
    people = {officer.pk: officer for officer in weekdays.values()}
    rota = {weekday: officer.pk for weekday, officer in weekdays.items()}
    days = weekly(rota, starts_on, ends_on)
    _check_officers(department, {day: people[officer] for day, officer in days.items()})
    shifts = DutyShift.objects.bulk_create(
        [DutyShift(department=department, officer_id=officer, on=day) for day, officer in days.items()],
        update_conflicts=True,
        update_fields=["officer"],
        unique_fields=["department", "on"],
    )
    body = {
        "weekdays": {str(weekday): officer.ref for weekday, officer in sorted(weekdays.items())},
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
    }
    record(_stream(department), "duty.rota_set", by=by.ref, at=at, body=body)
    return shifts


def _check(department: Department, by: Actor) -> None:
    require_allowed(by, Deed.SET_DUTY, department)
    if not department.is_window:
        raise Refused(say("只有受理窗口安排值班。"), code="window", field="department")


def _check_officers(department: Department, days: Mapping[dt.date, User]) -> None:
    if not days:
        return
    # A role held at both ends may still be interrupted between them; whoever receives checks again.
    for day in {min(days), max(days)}:
        on_duty = officers_of(department, [Role.DUTY_OFFICER], day)
        for officer in days.values():
            if officer not in on_duty:
                raise Refused(
                    say("{name}在{day}不是该窗口的值班人员。", name=officer.name, day=day),
                    code="officer",
                    field="officer",
                )


def _stream(department: Department) -> str:
    return f"department:{department.pk}"
