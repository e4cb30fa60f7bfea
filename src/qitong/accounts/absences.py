"""Absences: whole days on which somebody else does a person's work."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from qitong.accounts.actors import Actor
from qitong.accounts.logic.days import shanghai_date
from qitong.accounts.logic.substitutes import Away, first_uncovered
from qitong.accounts.models import Absence, User
from qitong.accounts.permissions import Deed, require_allowed
from qitong.accounts.queries import roles_on
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record as enter


@transaction.atomic
def record(
    *,
    user: User,
    substitute: User,
    starts_on: dt.date,
    ends_on: dt.date,
    note: str = "",
    by: Actor,
    at: dt.datetime,
) -> Absence:
    """Note that ``user`` is away from ``starts_on`` to ``ends_on`` (both included).

    The substitute may be away too, as long as the chain of substitutes ends with somebody on each
    of the days. Refused: ``dates``, ``substitute`` (oneself, no officer, nobody at the end of the
    chain), ``overlap`` (an absence is noted already).
    """
    require_allowed(by, Deed.RECORD_ABSENCE, user)
    if ends_on < starts_on:
        raise Refused(say("结束日期不能早于开始日期。"), code="dates", field="ends_on")
    if ends_on < shanghai_date(at):
        raise Refused(say("不能登记已经过去的日期。"), code="dates", field="ends_on")
    # Both rows are locked, in one order, so that two people cannot name each other at once.
    list(User.objects.select_for_update().filter(pk__in=[user.pk, substitute.pk]).order_by("pk"))
    wanted = Away(user.pk, substitute.pk, starts_on, ends_on)
    _check_substitute(wanted, substitute, shanghai_date(at))
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                user=user, substitute=substitute, starts_on=starts_on, ends_on=ends_on, note=note
            )
    except IntegrityError as error:
        raise Refused(
            say("所选日期与已登记的请假重叠。请先取消原记录。"), code="overlap", field="starts_on"
        ) from error
    personal = {"note": note} if note else None
    enter(user.ref, "absence.recorded", by=by.ref, at=at, body=_facts(absence), personal=personal)
    return absence


@transaction.atomic
def cancel(*, absence: Absence, by: Actor, at: dt.datetime) -> None:
    """Take an absence back; one that has begun ends yesterday, for the past stays as it was."""
    current = Absence.objects.select_for_update().select_related("user").get(pk=absence.pk)
    require_allowed(by, Deed.RECORD_ABSENCE, current.user)
    today = shanghai_date(at)
    if current.cancelled_at is not None or current.ends_on < today:
        raise Refused(say("该请假已结束或已取消。"), code="ended")
    if current.starts_on < today:
        current.ends_on = today - dt.timedelta(days=1)
    else:
        current.cancelled_at = at
    current.save(update_fields=["ends_on", "cancelled_at"])
    enter(current.user.ref, "absence.cancelled", by=by.ref, at=at, body=_facts(current))
    absence.refresh_from_db()


def _check_substitute(wanted: Away, substitute: User, today: dt.date) -> None:
    if wanted.user_id == wanted.substitute_id:
        raise Refused(say("代班人不能是本人。"), code="substitute", field="substitute")
    first_day, last_day = roles_on(max(wanted.starts_on, today)), roles_on(wanted.ends_on)
    if not all(day.filter(user=substitute).exists() for day in (first_day, last_day)):
        raise Refused(say("代班人须是在岗的工作人员。"), code="substitute", field="substitute")
    touching = Absence.objects.filter(
        starts_on__lte=wanted.ends_on, ends_on__gte=wanted.starts_on, cancelled_at=None
    ).exclude(user=wanted.user_id)
    others = [Away(*row) for row in touching.values_list("user", "substitute", "starts_on", "ends_on")]
    if (day := first_uncovered(wanted, others)) is not None:
        raise Refused(
            say("{day}无人代班：代班人当天也请假，且其代班人又回到本人。请另选代班人。", day=day),
            code="substitute",
            field="substitute",
        )


def _facts(absence: Absence) -> dict[str, str | int]:
    return {
        "absence": absence.pk,
        "substitute": absence.substitute.ref,
        "starts_on": absence.starts_on.isoformat(),
        "ends_on": absence.ends_on.isoformat(),
    }
