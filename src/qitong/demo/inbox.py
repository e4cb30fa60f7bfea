"""Cases that are under way at this moment, so that every desk has something on it."""

from __future__ import annotations

import datetime as dt

from qitong.casework import conversation, drafts, intake, phrases, supplements, tasks
from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import FARM, FARM_CLERK, GREEN, GREEN_CLERK, TIDE, TIDE_CLERK

MORNINGS = 12
"""Working days before today on which the sweep has looked at what is open."""


def inbox(stage: Stage) -> None:
    """Everything as it stands at the moment of the stage; nothing happens after it."""
    _overdue(_before(stage, 13))
    _near_due(_before(stage, 6))
    _correction(_before(stage, 6))
    _supplement(_before(stage, 4))
    _returned(_before(stage, 2))
    _delivered(_before(stage, 2))
    for n in range(MORNINGS, 0, -1):
        _before(stage, n, hour=9).sweep()
    _today(stage)
    head = stage.who("sun.lei")
    phrases.add_starters(department_id=stage.department("zs").pk, by=head, at=stage.at)


def _before(stage: Stage, n: int, hour: int = 10) -> Stage:
    """A stage of its own, ``n`` working days before the moment of ``stage``."""
    return Stage(stage.cast, dt.datetime.combine(stage.working_day(-n), dt.time(hour), ZONE))


def _overdue(stage: Stage) -> Case:
    """Ten working days were promised; the department has not even taken its task."""
    case = stage.apply(GREEN, "rd_super_deduction", GREEN_CLERK)
    stage.submit(case, GREEN_CLERK)
    stage.accept(case)
    return case


def _near_due(stage: Stage) -> Case:
    """Reviewed and waiting for the decision on its last day."""
    case = stage.apply(TIDE, "export_tax_refund", TIDE_CLERK)
    stage.submit(case, TIDE_CLERK)
    stage.accept(case)
    stage.days(1)
    stage.review(case, "hg_review", opinion="报关数据一致。")
    return case


def _correction(stage: Stage) -> Case:
    """A core paper is missing; the company was told once, in full."""
    case = stage.apply(FARM, "food_business_licence", FARM_CLERK, leave=frozenset({"layout"}))
    stage.submit(case, FARM_CLERK)
    text = "布局图应标明面积、设备和人流物流方向。"
    return intake.notify_correction(case_id=case.pk, text=text, by=stage.owner(case), at=stage.tick())


def _supplement(stage: Stage) -> Case:
    """A department waits for the company; only that department's clock stands still."""
    case = stage.apply(TIDE, "talent_apartment", TIDE_CLERK)
    stage.submit(case, TIDE_CLERK)
    stage.accept(case)
    stage.days(1)
    by = stage.who("rs.reviewer")
    task = tasks.claim(task_id=stage.task(case, "rs_review").pk, by=by, at=stage.tick())
    question = "请补充两名申请人的学位认证报告。"
    supplements.ask(task_id=task.pk, question=question, by=by, at=stage.tick())
    return case


def _returned(stage: Stage) -> Case:
    """A task came back; the owner has to find who is in charge."""
    case = stage.request(
        GREEN,
        GREEN_CLERK,
        "厂区门口道路夜间没有照明",
        "东滩路18号门前约200米没有路灯，夜班职工骑车不安全，希望增设。",
    )
    stage.submit(case, GREEN_CLERK)
    stage.accept(case)
    task = stage.dispatch(case, "gzj", "确认路灯建设主体并答复增设计划", days=5)
    reason = "该路段路灯由建管委建设养护，不属于本局职责。"
    tasks.return_task(task_id=task.pk, reason=reason, by=stage.who("gzj.reviewer"), at=stage.tick())
    _noted(stage, case)
    return case


def _noted(stage: Stage, case: Case) -> None:
    """The company asks, its officer answers; nobody of the company has read the answer yet."""
    clerk = stage.who(GREEN_CLERK)
    ask = "请问大概什么时候能来看现场？夜班六点半开始。"
    conversation.write(case_id=case.pk, text=ask, by=clerk, at=stage.tick())
    answer = "路段由建管委管，我正在改派，定了时间马上告诉您。"
    conversation.write(case_id=case.pk, text=answer, by=stage.owner(case), at=stage.tick())


def _delivered(stage: Stage) -> Case:
    """The result is there; the company has yet to confirm it."""
    case = stage.apply(FARM, "seal_filing", FARM_CLERK)
    stage.submit(case, FARM_CLERK)
    stage.accept(case)
    stage.days(1)
    stage.decide(case, "ga.head")
    stage.deliver(case)
    return case


def _today(stage: Stage) -> None:
    """Two drafts, and two cases handed in within the last hour."""
    now = stage.at
    _drafts(Stage(stage.cast, now - dt.timedelta(minutes=55)))
    _handed_in(Stage(stage.cast, now - dt.timedelta(minutes=40)))


def _drafts(stage: Stage) -> None:
    stage.apply(GREEN, "social_insurance_account", GREEN_CLERK, leave=frozenset({"staff_list", "bank_agree"}))
    by = stage.who(FARM_CLERK)
    case = drafts.start_request(enterprise_id=stage.cast.company(FARM).pk, by=by, at=stage.tick(1))
    title = "冷链运输车辆限高绕行"
    drafts.save_field(case_id=case.pk, field="title", value=title, by=by, at=stage.tick(1))


def _handed_in(stage: Stage) -> None:
    case = stage.apply(FARM, "tax_registration", FARM_CLERK)
    stage.submit(case, FARM_CLERK)
    case = stage.request(
        TIDE,
        TIDE_CLERK,
        "生产线试运行需要临时增容用电",
        "一期试运行约需临时增容400千伏安，为期三个月，希望协调供电公司现场勘察。",
    )
    stage.submit(case, TIDE_CLERK)
