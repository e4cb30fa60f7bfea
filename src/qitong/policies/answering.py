"""The company's part of a service package: opened, then each line taken up or declared unsuitable."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.casework import drafts
from qitong.casework.logic.clock import day_of
from qitong.casework.models import Case
from qitong.casework.move import person
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.policies import applying, queries, suitability
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.package import WITH_COMPANY, Answer, Thing
from qitong.policies.models import PackageLine, ServicePackage
from qitong.policies.permissions import demand_member
from qitong.policies.proposing import note
from qitong.policies.settling import opened, settle, waiting


@transaction.atomic
def open_it(*, enterprise_id: int, by: Actor, at: dt.datetime) -> ServicePackage:
    """Note that somebody of the company has opened what was sent; a second time changes nothing."""
    company = _locked(enterprise_id, by)
    found = ServicePackage.objects.filter(enterprise=company, stage__in=WITH_COMPANY).first()
    if found is None:
        raise Refused(say("现在没有等您答复的服务包。"), code="not_found")
    if opened(found, person(by), at):
        found.save(update_fields=["stage", "opened_by", "opened_at"])
        note(found, "package.opened", by=by, at=at)
    return found


@transaction.atomic
def accept(*, enterprise_id: int, thing: str, code: str, by: Actor, at: dt.datetime) -> Case | None:
    """Take a line up: a draft with everything known filled in, the same a second time.

    None where nothing can be drafted yet: an answer of the company is missing, or the window has not opened;
    the policy's page says which. Refused: ``forbidden``; ``not_found`` for what is in no package with the
    company; ``answered`` for what was declared unsuitable.
    """
    company = _locked(enterprise_id, by)
    line = _line(company.pk, thing, code)
    if line.answer == Answer.ACCEPTED:
        return line.case
    if line.answer:
        raise Refused(say("您说过这一项不适合。要办的话，请从办事或政策页面开始。"), code="answered")
    if line.thing == Thing.ITEM:
        key = f"package-line-{line.pk}"
        case = drafts.start_application(
            enterprise_id=company.pk, item_code=code, client_key=key, by=by, at=at
        )
        settle(company.pk, Thing.ITEM, code, Answer.ACCEPTED, case=case, by=by, at=at)
        return case
    match = queries.of_company(company, by=by, on=day_of(at)).match(code)
    if match is None or match.found.outcome is Outcome.UNKNOWN or applying.why_not(match):
        settle(company.pk, Thing.POLICY, code, Answer.ACCEPTED, by=by, at=at)
        return None
    return applying.apply(enterprise_id=company.pk, policy=code, by=by, at=at)  # settles the line


@transaction.atomic
def decline(
    *, enterprise_id: int, thing: str, code: str, reason: str, note: str = "", by: Actor, at: dt.datetime
) -> None:
    """Declare a line unsuitable: it is not proposed again. Refused as :func:`suitability.declare` is, and
    ``answered`` for what was taken up."""
    company = _locked(enterprise_id, by)
    line = _line(company.pk, thing, code)
    if line.answer == Answer.ACCEPTED:
        raise Refused(say("这一项您已经开始办理；不想办了，请放弃它的草稿。"), code="answered")
    what = Thing(line.thing)
    suitability.declare(
        enterprise_id=company.pk, thing=what, code=code, reason=reason, note=note, by=by, at=at
    )
    settle(company.pk, what, code, Answer.UNSUITABLE, by=by, at=at)


def _locked(enterprise_id: int, by: Actor) -> Enterprise:
    demand_member(by, enterprise_id)
    return Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)


def _line(enterprise_id: int, thing: str, code: str) -> PackageLine:
    """The line of the package that lies with the company, or lay with it last."""
    if thing in {t.value for t in Thing}:
        if found := waiting(enterprise_id, Thing(thing), code):
            return found
        last = PackageLine.objects.filter(package__enterprise=enterprise_id, thing=thing, code=code)
        answered = last.exclude(answer="").order_by("-package_id").first()
        if answered is not None:
            return answered
    raise Refused(say("这一项不在等您答复的服务包里。"), code="not_found")
