"""A company with a sector, its window's officer, and a package between them: what these tests play with."""

from __future__ import annotations

from qitong.accounts.company import edit_contact
from qitong.accounts.models import Enterprise
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.policies import answering, proposing
from qitong.policies.models import PackageLine, ServicePackage
from tests.policies.played import GREEN, LIN

WANG, CHEN, ZHOU = "wang.fang", "chen.jing", "zhou.jun"
CODE = "C3569"


class Served:
    """The green company, a manufacturer, and Wang Fang of its window."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.company: Enterprise = stage.cast.company(GREEN)
        edit_contact(
            enterprise=self.company, phone=LIN, industry_code=CODE, by=stage.who(LIN), at=stage.tick(1)
        )

    def proposed(self, by: str = WANG) -> ServicePackage:
        return proposing.propose(enterprise_id=self.company.pk, by=self.stage.who(by), at=self.stage.tick(1))

    def sent(self) -> ServicePackage:
        self.proposed()
        return proposing.send(enterprise_id=self.company.pk, by=self.stage.who(WANG), at=self.stage.tick(1))

    def line(self, code: str) -> PackageLine:
        return PackageLine.objects.filter(package__enterprise=self.company, code=code).latest("pk")

    def accepts(self, line: PackageLine) -> object:
        return answering.accept(
            enterprise_id=self.company.pk,
            thing=line.thing,
            code=line.code,
            by=self.stage.who(LIN),
            at=self.stage.tick(1),
        )

    def declines(self, line: PackageLine, reason: str = "no_need", note: str = "") -> None:
        answering.decline(
            enterprise_id=self.company.pk,
            thing=line.thing,
            code=line.code,
            reason=reason,
            note=note,
            by=self.stage.who(LIN),
            at=self.stage.tick(1),
        )

    def entries(self, kind: str) -> list[Entry]:
        return list(
            Entry.objects.filter(stream=f"enterprise:{self.company.pk}", kind=kind).order_by("number")
        )
