"""A hundred cases of every kind, played through the public actions: what the loader multiplies.

Whatever a case leaves behind (its tasks, papers, entries in the ledger) is what the program wrote.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from qitong.accounts import officers
from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department, Enterprise, RoleAssignment
from qitong.accounts.people import NewPerson
from qitong.casework import conversation, decision, deferral, intake, supplements, sweep, tasks
from qitong.casework.indexing import rebuild
from qitong.casework.logic.clock import ZONE, day_of
from qitong.casework.logic.flow import OPEN_STATES, TaskState
from qitong.casework.logic.terms import Outcome, RefusalReason, TaskOutcome
from qitong.casework.models import Case, Task
from qitong.catalogue.calendar import current
from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.publish import load
from qitong.datashare import papers
from qitong.demo.cast import COMPANIES, MAIL, assemble, rota
from qitong.demo.stage import Stage
from qitong.insight.facts import recount
from qitong.ledger import hooks
from qitong.ledger.models import Entry
from qitong.notifications.compose import tell
from qitong.notifications.models import Delivery, Message, State

SINCE = 140
"""Working days before the moment of the database on which its world begins."""
SWEPT = 8
"""The sweep looked at what is open on so many mornings."""
COMPANY = COMPANIES[0]
SWITCHBOARD = "021-00000000"
TITLE, DESCRIPTION, OPINION = "样件标题", "样件的具体情况", "样件的部门意见"
"""Stand where each copy has its own words."""
WINDOW = "zs"
OFFICERS = 38
"""Beside the two of the cast, those who own cases at the window."""
DIRECTOR = Actor.system("bench")
PASSWORD = "Qitong-bench-2026"  # noqa: S105  of a database that only measures

ITEMS = (
    # item, who decides
    ("customs_filing", "hg.head"),
    ("housing_fund_account", "gjj.head"),
    ("tax_registration", "sw.head"),
    ("customs_filing", "hg.head"),
    ("seal_filing", "ga.head"),
    ("export_tax_refund", "sw.head"),
    ("investment_project_filing", "fgw.head"),
    ("business_licence", "scjg.head"),
    ("energy_review", "fgw.head"),
)


class Past(Stage):
    """The same paper for everything, and the same words where copies have their own."""

    kept = b""

    def paper(self, title: str) -> io.BytesIO:
        Past.kept = Past.kept or papers.notice(
            title="归档材料",
            addressee="园区服务窗口",
            paragraphs=["历史办件的归档材料。"],
            issuer="申请企业",
            issued_on=dt.date(2026, 3, 2),
            reference="",
        )
        return io.BytesIO(Past.kept)

    def application(self, item: str) -> Case:
        return self.apply(COMPANY.uscc, item, COMPANY.login)

    def question(self) -> Case:
        return self.request(COMPANY.uscc, COMPANY.login, TITLE, DESCRIPTION)

    def hand_in(self, case: Case) -> Case:
        return self.submit(case, COMPANY.login)

    def taken_on(self, case: Case) -> Case:
        self.hand_in(case)
        self.accept(case)
        return case

    def claim(self, case: Case) -> Task:
        task = self.ready(case)[0]
        reviewer = self.who(f"{task.department.code}.reviewer")
        return tasks.claim(task_id=task.pk, by=reviewer, at=self.tick())

    def ready(self, case: Case) -> list[Task]:
        rows = Task.objects.filter(case=case, state=TaskState.ENABLED)
        return list(rows.exclude(kind__in=["decision", "acceptance"]).select_related("department"))

    def reviewed(self, case: Case, pace: int) -> None:
        """Every department concurs, level after level, each after ``pace`` days."""
        while found := self.ready(case):
            self.days(pace)
            for task in found:
                self.review(case, task.key, opinion=OPINION)

    def asked(self) -> Case:
        """A request that two departments work on."""
        case = self.taken_on(self.question())
        self.days(1)
        self.dispatch(case, "swj", "查明原因并疏通", days=5)
        return case


def closed(stage: Past, n: int) -> None:
    """From the application to the confirmed result; every fourth is slow."""
    item, head = ITEMS[n % len(ITEMS)]
    case = stage.taken_on(stage.application(item))
    stage.reviewed(case, 1 if n % 4 else 5)
    stage.days(1 if n % 4 else 4)
    stage.decide(case, head)
    stage.deliver(case)
    stage.days(1)
    stage.confirm(case, COMPANY.login)


def answered(stage: Past, n: int) -> None:
    case = stage.asked()
    stage.days(1 + n % 3)
    stage.review(case, stage.ready(case)[0].key, TaskOutcome.FINISHED, OPINION)
    by = stage.owner(case)
    tasks.complete_request(case_id=case.pk, by=by, at=stage.tick())
    grounds = "已落实，处理结果已告知企业。"
    decision.decide(case_id=case.pk, outcome=Outcome.APPROVE, grounds=grounds, by=by, at=stage.tick())
    stage.deliver(case)
    stage.days(1)
    stage.confirm(case, COMPANY.login)


def refused(stage: Past, n: int) -> None:
    case = stage.taken_on(stage.application("export_tax_refund"))
    stage.reviewed(case, 1)
    stage.decide(case, "sw.head", Outcome.REFUSE, "申报内容与登记信息不一致，请更正后重新申请。")


def withdrawn(stage: Past, n: int) -> None:
    case = stage.hand_in(stage.application("customs_filing") if n % 2 else stage.question())
    by = stage.who(COMPANY.login)
    intake.withdraw(case_id=case.pk, reason="项目调整，暂不办理。", by=by, at=stage.tick())


def not_accepted(stage: Past, n: int) -> None:
    case = stage.hand_in(stage.question())
    intake.refuse_acceptance(
        case_id=case.pk,
        reason=RefusalReason.OUTSIDE_JURISDICTION,
        grounds="该事项由邻区受理，请向其服务窗口提出。",
        by=stage.owner(case),
        at=stage.tick(),
    )


def ended(stage: Past, n: int) -> None:
    """A promised paper did not come."""
    late = frozenset({"injury_ins"})
    case = stage.apply(COMPANY.uscc, "construction_permit", COMPANY.login, leave=late)
    promised = deferral.commit(
        case_id=case.pk,
        keys=sorted(late),
        due_on=stage.working_day(3),
        signer_name=COMPANY.legal_representative,
        by=stage.who(COMPANY.login),
        at=stage.tick(),
    )
    stage.taken_on(case)
    stage.days(4)
    deferral.miss(commitment_id=promised.pk, by=Actor.system("sweep"), at=stage.tick())


def delivered(stage: Past, n: int) -> None:
    case = stage.taken_on(stage.application("customs_filing"))
    stage.days(1)
    stage.decide(case, "hg.head")
    stage.deliver(case)


def draft(stage: Past, n: int) -> None:
    _ = stage.application("customs_filing") if n % 2 else stage.question()


def submitted(stage: Past, n: int) -> None:
    case = stage.question() if n % 3 == 0 else stage.application(ITEMS[n % len(ITEMS)][0])
    stage.hand_in(case)


def correction(stage: Past, n: int) -> None:
    case = stage.apply(COMPANY.uscc, "food_business_licence", COMPANY.login, leave=frozenset({"layout"}))
    stage.hand_in(case)
    text = "布局图应标明面积、设备和人流物流方向。"
    intake.notify_correction(case_id=case.pk, text=text, by=stage.owner(case), at=stage.tick())


def in_review(stage: Past, n: int) -> None:
    case = stage.taken_on(stage.application("energy_review" if n % 2 else "export_tax_refund"))
    if n % 3 == 0:
        stage.claim(case)


def question_at_work(stage: Past, n: int) -> None:
    """A department works on it; the company asks meanwhile."""
    case = stage.asked()
    if n % 2:
        stage.claim(case)
    text = "请问大概什么时候能来看现场？"
    conversation.write(case_id=case.pk, text=text, by=stage.who(COMPANY.login), at=stage.tick())


def waits_for_company(stage: Past, n: int) -> None:
    case = stage.taken_on(stage.application("export_tax_refund"))
    task = stage.claim(case)
    by = stage.who(f"{task.department.code}.reviewer")
    supplements.ask(task_id=task.pk, question="请补充报关单副本。", by=by, at=stage.tick())


def returned(stage: Past, n: int) -> None:
    case = stage.asked()
    task = stage.ready(case)[0]
    by = stage.who(f"{task.department.code}.reviewer")
    tasks.return_task(task_id=task.pk, reason="该路段由建管委养护。", by=by, at=stage.tick())


def awaiting_decision(stage: Past, n: int) -> None:
    case = stage.taken_on(stage.application("export_tax_refund"))
    stage.reviewed(case, 1)


def approved(stage: Past, n: int) -> None:
    case = stage.taken_on(stage.application("customs_filing"))
    stage.decide(case, "hg.head")


@dataclass(frozen=True, slots=True)
class Play:
    """``share`` of all cases went like this; one of them begins each of ``ages`` working days ago."""

    deed: Callable[[Past, int], None]
    share: float
    ages: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.deed.__name__


PLAYS = (
    Play(closed, 0.56, tuple(range(125, 25, -4))),
    Play(answered, 0.14, tuple(range(124, 20, -10))),
    Play(refused, 0.03, (110, 80, 50, 20)),
    Play(withdrawn, 0.05, (112, 91, 72, 51, 30, 9)),
    Play(not_accepted, 0.02, (100, 60, 30)),
    Play(ended, 0.01, (60,)),
    Play(delivered, 0.02, (7, 5, 3)),
    Play(draft, 0.03, (20, 6, 3, 1)),
    Play(submitted, 0.04, (2, 2, 1, 1)),
    Play(correction, 0.01, (4, 2)),
    Play(in_review, 0.04, (9, 6, 4, 3, 2)),
    Play(question_at_work, 0.02, (4, 3, 2)),
    Play(waits_for_company, 0.01, (5, 3)),
    Play(returned, 0.005, (3,)),
    Play(awaiting_decision, 0.01, (4, 3)),
    Play(approved, 0.005, (2,)),
)


@dataclass(slots=True)
class Played:
    """The prototypes by the name of their play, by primary key, and who may own cases."""

    at: dt.datetime
    cases: dict[str, list[int]] = field(default_factory=dict)
    owners: list[tuple[int, str]] = field(default_factory=list)


def prepare(at: dt.datetime, *, officers_more: int = OFFICERS) -> Past:
    """The catalogue in force, the organisation, its people and the rota, as the past began."""
    start = _morning(at, SINCE)
    packaged, problems = check_path(PACKAGED)
    if packaged is None:
        raise SystemExit(f"the packaged catalogue is not well: {problems}")
    load(packaged, by=DIRECTOR, at=start)
    cast = assemble(at=start, hashed=make_password(PASSWORD))
    first = day_of(start)
    rota(cast, first=first, last=first + dt.timedelta(days=350), at=start)
    window = Department.objects.get(code=WINDOW)
    hashed = make_password(PASSWORD)
    for n in range(officers_more):
        person = NewPerson(login=f"window{n:02d}@{MAIL}", name=_officer(n), password="", hashed=hashed)
        user = officers.create_user(person=person, by=DIRECTOR, at=start)
        officers.grant_role(
            user=user, role=Role.SERVICE_OFFICER, department=window, from_on=first, by=DIRECTOR, at=start
        )
    return Past(cast, start)


def _officer(n: int) -> str:
    """Surnames that no contact of a company has: a name is not kept twice in one case's words."""
    return "欧阳诸葛司马上官夏侯尉迟"[n % 6 * 2 :][:2] + "文武斌辉鸿志"[n // 6 % 6] + "安宁"[n // 36]


def play(at: dt.datetime, *, plays: tuple[Play, ...] = PLAYS, officers_more: int = OFFICERS) -> Played:
    """Play each, oldest first, as of ``at``; then the mornings' sweeps, the figures and search."""
    stage = prepare(at, officers_more=officers_more)
    made = Played(at)
    scenes = sorted(((age, p.name, p, n) for p in plays for n, age in enumerate(p.ages)), reverse=True)
    with hooks.untold():
        for age, name, one, n in scenes:
            known = set(Case.objects.values_list("pk", flat=True))
            one.deed(Past(stage.cast, _morning(at, age) + dt.timedelta(minutes=n)), n)
            made.cases.setdefault(name, []).extend(
                Case.objects.exclude(pk__in=known).values_list("pk", flat=True)
            )
        for morning in _mornings(at):
            sweep.run(by=Actor.system("sweep"), at=morning)
    # Another number than the contact's own, so that each copy can have two as well.
    Enterprise.objects.filter(uscc=COMPANY.uscc).update(phone=SWITCHBOARD)
    recount(at=at)
    for _ in rebuild(at=at):
        pass
    _tell(at)
    made.owners = _owners()
    return made


def _tell(at: dt.datetime) -> None:
    """What its readers were told of each; of what is over, they have read it, and the last is kept."""
    tell(list(Entry.objects.filter(stream__startswith="case:").order_by("pk")), at=at)
    over = Message.objects.exclude(case__state__in=OPEN_STATES)
    last = over.order_by("case_id", "-pk").distinct("case_id").values_list("pk", flat=True)
    old = over.exclude(pk__in=list(last))
    Delivery.objects.filter(message__in=over).delete()
    old.delete()
    Message.objects.exclude(case__state__in=OPEN_STATES).update(read_at=at)
    Delivery.objects.filter(next_attempt_at__isnull=False).update(
        state=State.SENT, sent_at=at, next_attempt_at=None
    )


def _owners() -> list[tuple[int, str]]:
    held = RoleAssignment.objects.filter(department__code=WINDOW, role=Role.SERVICE_OFFICER)
    return list(held.order_by("user_id").values_list("user_id", "user__name"))


def _morning(at: dt.datetime, days: int) -> dt.datetime:
    day = current().add(day_of(at), -days)
    return dt.datetime.combine(day, dt.time(9, 40), ZONE)


def _mornings(at: dt.datetime) -> Iterator[dt.datetime]:
    for days in range(SWEPT, 0, -1):
        yield _morning(at, days)
    yield at
