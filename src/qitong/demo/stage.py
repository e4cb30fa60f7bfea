"""The stage on which stories are played: a moment that moves, a cast, and the company's papers."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.models import Department, User
from qitong.accounts.queries import present
from qitong.casework import decision, deferral, delivery, drafts, intake, routing, sweep, tasks
from qitong.casework.logic.clock import ZONE
from qitong.casework.logic.flow import TaskState
from qitong.casework.logic.terms import MaterialState, Outcome, TaskOutcome
from qitong.casework.models import Case, CaseMaterial, Commitment, Task
from qitong.catalogue.calendar import current
from qitong.datashare import papers
from qitong.demo.cast import Cast


@dataclass(slots=True)
class Stage:
    """``at`` is the moment of the story; every deed moves it on by a few minutes."""

    cast: Cast
    at: dt.datetime

    def tick(self, minutes: int = 7) -> dt.datetime:
        self.at += dt.timedelta(minutes=minutes)
        return self.at

    def days(self, n: int, hour: int = 10) -> Stage:
        """Go on to ``hour`` o'clock, ``n`` working days later."""
        self.at = dt.datetime.combine(self.working_day(n), dt.time(hour), ZONE)
        return self

    def day(self) -> dt.date:
        return self.at.astimezone(ZONE).date()

    def working_day(self, n: int) -> dt.date:
        """The day ``n`` working days after today."""
        return current().add(self.day(), n)

    def who(self, login: str) -> Actor:
        return self.cast.actor(login, self.at)

    def owner(self, case: Case) -> Actor:
        """The owner of a case, or who stands in for them today."""
        case = Case.objects.get(pk=case.pk)
        if case.owner_id is None:
            raise LookupError(f"{case} has no owner")
        there = present(case.owner_id, self.day()) or case.owner_id
        return actor_for(User.objects.get(pk=there), on=self.day())

    def paper(self, title: str) -> io.BytesIO:
        """A PDF as a company would upload it."""
        content = papers.notice(
            title=title,
            addressee="园区服务窗口",
            paragraphs=[f"本件为{title}，供办理使用。"],
            issuer="申请企业",
            issued_on=self.day(),
            reference="",
        )
        return io.BytesIO(content)

    def fill(self, case: Case, clerk: str, *, leave: frozenset[str] = frozenset()) -> None:
        """Provide every material but those in ``leave``: generate what can be, upload the rest."""
        names = {m.key: m.name.zh for m in case.item_version.spec.materials} if case.item_version else {}
        for material in case.materials.all():
            if material.key in leave or material.state == MaterialState.PROVIDED:
                continue
            if material.source == "generated":
                drafts.generate(case_id=case.pk, key=material.key, by=self.who(clerk), at=self.tick(1))
            else:
                self.attach(case, clerk, material.key, names[material.key])

    def attach(self, case: Case, clerk: str, key: str, title: str) -> CaseMaterial:
        """Upload one material as a PDF named by its title."""
        return drafts.attach(
            case_id=case.pk,
            key=key,
            file=self.paper(title),
            name=f"{title}.pdf".replace("/", "-"),
            by=self.who(clerk),
            at=self.tick(1),
        )

    def apply(
        self, uscc: str, item: str, clerk: str, *, leave: frozenset[str] = frozenset(), **facts: object
    ) -> Case:
        """Draft an application and fill it in."""
        case = drafts.start_application(
            enterprise_id=self.cast.company(uscc).pk,
            item_code=item,
            facts=facts,
            by=self.who(clerk),
            at=self.tick(),
        )
        self.fill(case, clerk, leave=leave)
        return case

    def request(self, uscc: str, clerk: str, title: str, description: str) -> Case:
        """Draft a free request and fill it in."""
        by = self.who(clerk)
        case = drafts.start_request(enterprise_id=self.cast.company(uscc).pk, by=by, at=self.tick())
        for field, value in (("title", title), ("description", description)):
            case = drafts.save_field(case_id=case.pk, field=field, value=value, by=by, at=self.tick(1))
        return case

    def submit(self, case: Case, clerk: str) -> Case:
        return intake.submit(case_id=case.pk, by=self.who(clerk), at=self.tick())

    def accept(self, case: Case) -> Case:
        """The owner calls the company and accepts."""
        by = self.owner(case)
        routing.contact(case_id=case.pk, note="电话联系，核实材料", by=by, at=self.tick())
        return intake.accept(case_id=case.pk, by=by, at=self.tick())

    def task(self, case: Case, key: str) -> Task:
        return Task.objects.select_related("department").filter(case=case, key=key).latest("round")

    def review(
        self, case: Case, key: str, outcome: TaskOutcome = TaskOutcome.CONCUR, opinion: str = "符合要求"
    ) -> Task:
        """The department's reviewer claims a task and gives an opinion."""
        task = self.task(case, key)
        by = self.who(f"{task.department.code}.reviewer")
        tasks.claim(task_id=task.pk, by=by, at=self.tick())
        return tasks.finish(task_id=task.pk, outcome=outcome, opinion=opinion, by=by, at=self.tick())

    def review_all(self, case: Case) -> None:
        """Every department concurs, level after level, until the decision is ready."""
        while ready := list(
            Task.objects.filter(case=case, state=TaskState.ENABLED).exclude(
                kind__in=["decision", "acceptance"]
            )
        ):
            for task in ready:
                self.review(case, task.key)

    def decide(self, case: Case, login: str, outcome: Outcome = Outcome.APPROVE, grounds: str = "") -> None:
        decision.decide(case_id=case.pk, outcome=outcome, grounds=grounds, by=self.who(login), at=self.tick())

    def reply(self, case: Case, text: str) -> None:
        """The owner answers a request."""
        by = self.owner(case)
        decision.decide(case_id=case.pk, outcome=Outcome.APPROVE, grounds=text, by=by, at=self.tick())

    def deliver(self, case: Case) -> None:
        delivery.deliver(case_id=case.pk, by=self.owner(case), at=self.tick())

    def confirm(self, case: Case, clerk: str) -> Case:
        return delivery.confirm(case_id=case.pk, by=self.who(clerk), at=self.tick())

    def commit(self, case: Case, clerk: str, keys: list[str], *, within: int) -> Commitment:
        """The company signs to bring ``keys`` within so many working days."""
        return deferral.commit(
            case_id=case.pk,
            keys=keys,
            due_on=self.working_day(within),
            signer_name=self.who(clerk).name,
            by=self.who(clerk),
            at=self.tick(),
        )

    def cure(self, case: Case, clerk: str, key: str, title: str) -> CaseMaterial:
        """The company brings what it promised."""
        return deferral.cure(
            case_id=case.pk,
            key=key,
            file=self.paper(title),
            name=f"{title}.pdf",
            by=self.who(clerk),
            at=self.tick(),
        )

    def dispatch(self, case: Case, department: str, ask: str, *, days: int) -> Task:
        """The owner turns part of a request into a task of a department."""
        return tasks.dispatch(
            case_id=case.pk,
            department=self.department(department),
            ask=ask,
            days=days,
            by=self.owner(case),
            at=self.tick(),
        )

    def sweep(self) -> list[sweep.Finding]:
        return sweep.run(by=Actor.system("sweep"), at=self.tick())

    def department(self, code: str) -> Department:
        return Department.objects.get(code=code)
