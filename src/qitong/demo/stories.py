"""The stories: the demo data and the journey tests are this same code, through the public actions.

Each begins at the moment of the stage, in office hours of a working day, and moves it on.
"""

from __future__ import annotations

from qitong.accounts.models import DutyShift
from qitong.casework import delivery, supplements, tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case, Supplement, Task
from qitong.demo.stage import Stage

GREEN, GREEN_CLERK = "91310151MA1JK0001T", "13800000001"
TIDE, TIDE_CLERK = "91310151MA1JK0002X", "13800000002"
FARM, FARM_CLERK = "N2310151MF0000000R", "13800000003"


def licence_in_three_days(stage: Stage) -> Case:
    """A business licence: handed in on a phone, decided within the promised three working days."""
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK)
    case = stage.submit(case, GREEN_CLERK)
    stage.accept(case)
    stage.days(1)
    stage.review_all(case)
    stage.days(1)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    return stage.confirm(case, GREEN_CLERK)


def request_across_departments(stage: Stage) -> Case:
    """One request for customs, planning and talent: three departments at once, one answer."""
    case = stage.request(
        GREEN,
        GREEN_CLERK,
        "进口设备到港，请协调通关、厂区雨棚审批和骨干住房",
        "首批进口设备下周到洋山港，需要了解减免税手续；厂区拟加建装卸雨棚，不清楚是否要办规划许可；"
        "三名外地骨干下月到岗，希望落实住房。",
    )
    case = stage.submit(case, GREEN_CLERK)
    stage.accept(case)
    stage.days(1)
    customs = stage.dispatch(case, "hg", "说明进口设备减免税手续并预约查验", days=5)
    planning = stage.dispatch(case, "gzj", "答复装卸雨棚是否需要规划许可", days=5)
    housing = stage.dispatch(case, "rs", "落实三名骨干人才的住房", days=8)
    stage.days(1)
    question = _questioned(stage, customs)
    _rerouted(stage, case, housing)
    stage.review(case, planning.key, TaskOutcome.FINISHED, "雨棚不封闭且高度低于四米，无需办理规划许可。")
    stage.days(1)
    supplements.answer(
        supplement_id=question.pk,
        text="设备清单和合同见附件。",
        files=[("设备清单和进口合同.pdf", stage.paper("设备清单和进口合同"))],
        by=stage.who(GREEN_CLERK),
        at=stage.tick(),
    )
    stage.review(case, housing.key, TaskOutcome.FINISHED, "已预留三套人才公寓，凭劳动合同办理入住。")
    stage.days(1)
    opinion = "设备列入鼓励类目录，可以减免关税；查验已预约到下周二。"
    by = stage.who("hg.reviewer")
    tasks.finish(task_id=customs.pk, outcome=TaskOutcome.FINISHED, opinion=opinion, by=by, at=stage.tick())
    return _answered(stage, case, "三件事均已落实：减免税和查验已约定，雨棚无需许可，人才公寓已预留。")


def _questioned(stage: Stage, customs: Task) -> Supplement:
    """Customs takes its task and needs something from the company."""
    by = stage.who("hg.reviewer")
    tasks.claim(task_id=customs.pk, by=by, at=stage.tick())
    question = "请提供设备清单和进口合同。"
    return supplements.ask(task_id=customs.pk, question=question, by=by, at=stage.tick())


def _rerouted(stage: Stage, case: Case, housing: Task) -> None:
    """The talent office returns what is not its own; the owner routes it again at once."""
    reason = "人才公寓由房屋管理局受理，不属于本局职责。"
    tasks.return_task(task_id=housing.pk, reason=reason, by=stage.who("rs.reviewer"), at=stage.tick())
    tasks.reroute(
        task_id=housing.pk,
        to=stage.department("fgj"),
        note="请按人才公寓渠道优先安排",
        by=stage.owner(case),
        at=stage.tick(),
    )


def _answered(stage: Stage, case: Case, reply: str) -> Case:
    """The owner answers the request and the company confirms the next day."""
    owner = stage.owner(case)
    tasks.complete_request(case_id=case.pk, by=owner, at=stage.tick())
    stage.reply(case, reply)
    stage.deliver(case)
    stage.days(1)
    return stage.confirm(case, GREEN_CLERK)


def owner_away(stage: Stage) -> Case:
    """The officer on duty is away, so a substitute owns the case; then the owner is away as well."""
    while not (shift := DutyShift.objects.filter(on=stage.day()).select_related("officer").first()):
        stage.days(1)  # a make-up day on a weekend has no duty officer
    on_duty = shift.officer.login.partition("@")[0]
    today, later = stage.day(), stage.working_day(2)
    stage.cast.absent(on_duty, "chen.jing", today, today, at=stage.at)
    case = stage.apply(FARM, "customs_filing", FARM_CLERK)
    stage.submit(case, FARM_CLERK)
    stage.cast.absent("chen.jing", "zhao.min", stage.working_day(1), later, at=stage.tick())
    stage.days(1)
    stage.accept(case)
    stage.decide(case, "hg.head")
    stage.days(1)
    stage.deliver(case)
    return stage.confirm(case, FARM_CLERK)


def reopened(stage: Stage) -> Case:
    """A refund that is one declaration short: the company reopens, the departments look again."""
    case = stage.apply(TIDE, "export_tax_refund", TIDE_CLERK)
    stage.submit(case, TIDE_CLERK)
    stage.accept(case)
    stage.days(1)
    stage.review(case, "hg_review", opinion="报关数据一致。")
    stage.days(1)
    stage.decide(case, "sw.head")
    stage.deliver(case)
    stage.days(2)
    reason = "六月份的第三票报关单没有计入，少退税款。"
    delivery.reopen(case_id=case.pk, reason=reason, by=stage.who(TIDE_CLERK), at=stage.tick())
    stage.days(1)
    stage.review(case, "hg_review", opinion="第三票报关单因结关延迟未传输，现已补传。")
    stage.decide(case, "sw.head")
    stage.deliver(case)
    return stage.confirm(case, TIDE_CLERK)
