"""Half a year of finished cases, so that figures have months to compare: played fast, told to nobody."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from qitong.casework import decision, delivery, intake, tasks
from qitong.casework.logic.clock import ZONE
from qitong.casework.logic.flow import TaskState
from qitong.casework.logic.terms import Outcome, TaskOutcome
from qitong.casework.models import Case, Task
from qitong.datashare import papers
from qitong.demo.stage import Stage
from qitong.demo.stories import FARM, FARM_CLERK, GREEN, GREEN_CLERK, TIDE, TIDE_CLERK
from qitong.ledger import hooks

CASES = 32
TAKES = 128
"""Working days before today on which the first of them is handed in."""
LONGEST = 24
"""Working days that the longest of them takes."""
COMPANIES = ((GREEN, GREEN_CLERK), (TIDE, TIDE_CLERK), (FARM, FARM_CLERK))


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days until a department takes a task, and until it is done; ``late`` in an early month."""

    item: str
    head: str
    wait: int
    work: int
    late: int


PACES = (
    Pace("customs_filing", "hg.head", 0, 1, 2),
    Pace("export_tax_refund", "sw.head", 1, 2, 7),
    Pace("seal_filing", "ga.head", 0, 1, 1),
    Pace("rd_super_deduction", "sw.head", 2, 3, 8),
    Pace("housing_fund_account", "gjj.head", 0, 1, 3),
    Pace("energy_review", "fgw.head", 3, 6, 14),
    Pace("real_estate_registration", "gzj.head", 1, 2, 5),
    Pace("social_insurance_account", "rs.head", 0, 2, 4),
)
REQUESTS = (
    ("厂区周边公交班次太少", "fgw", "会同交通部门协调增加早晚班次", "早晚高峰各加开两班，已开行。"),
    ("雨季门前道路积水", "swj", "查明积水原因并疏通", "雨水管已疏通，积水点已消除。"),
    ("夜间施工噪声影响员工宿舍", "sthj", "现场核查并督促整改", "施工单位已调整夜间作业时间。"),
    ("急需两名注塑工", "rs", "推荐人选并安排面试", "已推荐五人，两人到岗。"),
)


class _Archive(Stage):
    """The same paper for everything: what it says does not matter any more."""

    kept = b""

    def paper(self, title: str) -> io.BytesIO:
        if not _Archive.kept:
            _Archive.kept = papers.notice(
                title="归档材料",
                addressee="园区服务窗口",
                paragraphs=["历史办件的归档材料。"],
                issuer="申请企业",
                issued_on=self.day(),
                reference="",
            )
        return io.BytesIO(_Archive.kept)


def history(stage: Stage) -> None:
    """Evenly over the months, the earlier ones slower; every ninth is taken back, every eleventh refused."""
    with hooks.untold():
        for n in range(CASES):
            day = stage.working_day(n * (TAKES - LONGEST) // CASES)
            _play(_Archive(stage.cast, dt.datetime.combine(day, dt.time(9, 40 + n % 15), ZONE)), n)


def _play(stage: Stage, n: int) -> None:
    if n % 6 == 5:
        _request(stage, n)
        return
    pace = PACES[(n * 5 + n // 8) % len(PACES)]
    uscc, clerk = COMPANIES[n % 3]
    case = stage.submit(stage.apply(uscc, pace.item, clerk), clerk)
    if n % 9 == 8:
        reason = "项目调整，暂不办理。"
        intake.withdraw(case_id=case.pk, reason=reason, by=stage.who(clerk), at=stage.tick())
        return
    stage.days(1)
    stage.accept(case)
    _review(stage, case, pace.wait, pace.work + (pace.late if _slow(n) else 0))
    if n % 11 == 10:
        stage.decide(case, pace.head, Outcome.REFUSE, "申报内容与登记信息不一致，请更正后重新申请。")
        return
    stage.decide(case, pace.head)
    _hand_over(stage, case, clerk)


def _slow(n: int) -> bool:
    """Every second one at first, every third after that, hardly any at the end."""
    return n % (2 if n < CASES // 3 else 3 if n < 2 * CASES // 3 else 8) == 0


def _review(stage: Stage, case: Case, wait: int, work: int) -> None:
    """Level after level: taken after ``wait`` days, done ``work`` days later; then the decision is due."""
    ready = Task.objects.filter(case=case, state=TaskState.ENABLED).exclude(kind="decision")
    reviewed = False
    while found := list(ready.select_related("department")):
        reviewed = True
        stage.days(wait)
        for task in found:
            tasks.claim(task_id=task.pk, by=stage.who(f"{task.department.code}.reviewer"), at=stage.tick(2))
        stage.days(work)
        for task in found:
            tasks.finish(
                task_id=task.pk,
                outcome=TaskOutcome.CONCUR,
                opinion="符合要求。",
                by=stage.who(f"{task.department.code}.reviewer"),
                at=stage.tick(2),
            )
        wait, work = 0, 1
    if not reviewed:
        stage.days(work)


def _request(stage: Stage, n: int) -> None:
    title, department, ask, reply = REQUESTS[n // 6 % len(REQUESTS)]
    uscc, clerk = COMPANIES[n % 3]
    asked = stage.request(uscc, clerk, f"{title}（{n // 6 + 1}）", f"{title}，希望协调解决。")
    case = stage.submit(asked, clerk)
    stage.days(1)
    stage.accept(case)
    stage.dispatch(case, department, ask, days=5)
    _review(stage, case, 1, 6 if _slow(n) else 2)
    tasks.complete_request(case_id=case.pk, by=stage.owner(case), at=stage.tick())
    decision.decide(
        case_id=case.pk, outcome=Outcome.APPROVE, grounds=reply, by=stage.owner(case), at=stage.tick()
    )
    _hand_over(stage, case, clerk)


def _hand_over(stage: Stage, case: Case, clerk: str) -> None:
    stage.tick()
    by = stage.owner(case)
    delivery.deliver(case_id=case.pk, file=stage.paper("办理结果"), by=by, at=stage.tick())
    stage.days(1)
    stage.confirm(case, clerk)
