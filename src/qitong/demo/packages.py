"""Service packages of three companies: one being answered, one just sent, one an officer still looks at."""

from __future__ import annotations

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.company import edit_contact
from qitong.accounts.models import User
from qitong.demo.stage import Stage
from qitong.demo.stories import FARM, FARM_CLERK, GREEN, GREEN_CLERK, TIDE, TIDE_CLERK
from qitong.policies import answering, keeping_up, peers, proposing
from qitong.policies.logic.package import Thing
from qitong.policies.models import ServicePackage

INDUSTRIES = {
    GREEN: (GREEN_CLERK, "C2651"),
    TIDE: (TIDE_CLERK, "C3569"),
    FARM: (FARM_CLERK, "A0141"),
}
NOTE = "何经理您好：这几项和贵司二期扩产有关，有的只差一两个数。哪天方便，我来厂里一起看。"


def service_packages(stage: Stage) -> list[ServicePackage]:
    """The program proposes, officers send two of the three, and one company answers two lines."""
    for uscc, (clerk, code) in INDUSTRIES.items():
        company = stage.cast.company(uscc)
        edit_contact(
            enterprise=company, phone=clerk, industry_code=code, by=stage.who(clerk), at=stage.tick(1)
        )
    by = Actor.system("packages")
    peers.count(at=stage.tick())
    keeping_up.propose_due(by=by, at=stage.tick())
    made = {
        row.enterprise.uscc: row for row in ServicePackage.objects.select_related("enterprise", "officer")
    }
    _send(stage, made[TIDE], NOTE)
    _send(stage, made[GREEN], "")
    _answer(stage, made[TIDE])
    return list(ServicePackage.objects.order_by("pk"))


def _send(stage: Stage, package: ServicePackage, note: str) -> None:
    officer = User.objects.get(pk=package.officer_id)
    by, company = actor_for(officer, on=stage.day()), package.enterprise_id
    proposing.write(enterprise_id=company, text=note, by=by, at=stage.tick())
    proposing.send(enterprise_id=company, by=by, at=stage.tick())


def _answer(stage: Stage, package: ServicePackage) -> None:
    """One line is taken up, another declined; the others still wait."""
    clerk, company = stage.who(TIDE_CLERK), package.enterprise_id
    answering.open_it(enterprise_id=company, by=clerk, at=stage.tick())
    lines = list(package.lines.order_by("position"))
    first = next(line for line in lines if line.thing == Thing.POLICY)
    last = lines[-1]
    answering.accept(enterprise_id=company, thing=first.thing, code=first.code, by=clerk, at=stage.tick())
    if last.pk != first.pk:
        answering.decline(
            enterprise_id=company,
            thing=last.thing,
            code=last.code,
            reason="no_need",
            by=clerk,
            at=stage.tick(),
        )
