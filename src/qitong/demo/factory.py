"""A factory, from registration to the building permit: permits side by side, and what goes wrong."""

from __future__ import annotations

from qitong.casework import projects, supplements, tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case, Project
from qitong.demo.stage import Stage
from qitong.demo.stories import TIDE, TIDE_CLERK
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import PauseReason

FACTS = {
    "has_construction_project": True,
    "needs_new_land": False,
    "is_special_fire_project": False,
    "eia_category": "report_form",
    "annual_energy_tce": 1800,
    "annual_power_mwh": 6200,
    "investment_wan": 9600,
    "floor_area_m2": 21000,
    "discharges_to_sewer": True,
    "discharge_category": "simplified",
    "owns_building": True,
    "food_business": False,
    "trades_hazardous_chemicals": False,
    "import_export": True,
    "builds_pv": False,
}


def factory(stage: Stage) -> Project:
    """From the licence to the building permit; the last case is still under review at the end."""
    project = projects.create(
        enterprise_id=stage.cast.company(TIDE).pk,
        name="潮汐智能装备一期厂房",
        goal="M_START_PRODUCE",
        facts=FACTS,
        by=stage.who(TIDE_CLERK),
        at=stage.tick(),
    )
    _licence(stage, project)
    _filing(stage, project)
    planning, energy, environment = _side_by_side(stage, project)
    _objection(stage, energy)
    _environment(stage, environment)
    _silence(stage, planning)
    _missed(stage, project)
    _complete(stage, project)
    return project


def _open(stage: Stage, project: Project, item: str, *, leave: frozenset[str] = frozenset()) -> Case:
    case = projects.open_case(
        project_id=project.pk, item_code=item, by=stage.who(TIDE_CLERK), at=stage.tick()
    )
    stage.fill(case, TIDE_CLERK, leave=leave)
    return case


def _hand_in(stage: Stage, case: Case) -> None:
    stage.submit(case, TIDE_CLERK)
    stage.accept(case)


def _finish(stage: Stage, case: Case, head: str, *, grounds: str = "") -> None:
    stage.decide(case, head, grounds=grounds)
    stage.deliver(case)
    stage.confirm(case, TIDE_CLERK)


def _licence(stage: Stage, project: Project) -> None:
    case = _open(stage, project, "business_licence")
    _hand_in(stage, case)
    stage.days(1)
    _finish(stage, case, "scjg.head")


def _filing(stage: Stage, project: Project) -> None:
    """The licence of yesterday is already attached; the investment office checks beside the window."""
    case = _open(stage, project, "investment_project_filing")
    _hand_in(stage, case)
    stage.review(case, "policy_check", opinion="符合产业政策。")
    stage.days(1)
    _finish(stage, case, "fgw.head")


def _side_by_side(stage: Stage, project: Project) -> tuple[Case, Case, Case]:
    """Planning, energy and environment on one day; one drawing may follow within ten working days."""
    planning = _open(stage, project, "construction_planning_permit", leave=frozenset({"model_file"}))
    stage.commit(planning, TIDE_CLERK, ["model_file"], within=10)
    energy = _open(stage, project, "energy_review")
    environment = _open(stage, project, "eia_approval")
    for case in (planning, energy, environment):
        _hand_in(stage, case)
    return planning, energy, environment


def _objection(stage: Stage, energy: Case) -> None:
    """One department objects, so the leader decides and says why."""
    stage.days(1)
    stage.review(energy, "energy_check", opinion="单位产品能耗达到准入值。")
    stage.review(
        energy, "industry_check", TaskOutcome.OBJECT, "空压机能效为三级，建议更换为一级能效设备后再审。"
    )
    _finish(stage, energy, "zhou.jun", grounds="企业承诺投产前更换为一级能效空压机，写入审查意见，予以通过。")


def _environment(stage: Stage, environment: Case) -> None:
    stage.review_all(environment)
    _finish(stage, environment, "sthj.head")


def _silence(stage: Stage, planning: Case) -> None:
    """One reviewer is silent: the sweep reminds, the owner presses, the leader no longer waits."""
    stage.review(planning, "design_review", opinion="退界和容积率符合要求。")
    stage.days(1, hour=9).sweep()
    silent = stage.task(planning, "site_review")
    note = "请尽快领取，企业等待开工。"
    tasks.remind(task_id=silent.pk, note=note, by=stage.owner(planning), at=stage.tick())
    stage.cure(planning, TIDE_CLERK, "model_file", "建筑信息模型文件")
    for _ in range(6):
        stage.days(1, hour=9).sweep()
    grounds = "已两次催办仍未回复；现场踏勘资料齐全，可以继续。"
    tasks.waive(task_id=silent.pk, grounds=grounds, by=stage.who("zhou.jun"), at=stage.tick())
    _public_notice(stage, planning)
    stage.days(1)
    _finish(stage, planning, "gzj.head")


def _public_notice(stage: Stage, planning: Case) -> None:
    """While the plan is shown in public, both clocks stand still."""
    notice = stage.task(planning, "notice")
    by = stage.who("gzj.reviewer")
    tasks.claim(task_id=notice.pk, by=by, at=stage.tick())
    supplements.pause(
        task_id=notice.pk, reason=PauseReason.PUBLIC_NOTICE, note="批前公示", by=by, at=stage.tick()
    )
    stage.days(5)
    supplements.resume(task_id=notice.pk, by=by, at=stage.tick())
    opinion = "公示期间没有收到异议。"
    tasks.finish(task_id=notice.pk, outcome=TaskOutcome.FINISHED, opinion=opinion, by=by, at=stage.tick())


def _missed(stage: Stage, project: Project) -> None:
    """A promised paper does not come: the case ends, and the company may not defer again."""
    stage.days(1)
    first = _open(stage, project, "construction_permit", leave=frozenset({"injury_ins"}))
    stage.commit(first, TIDE_CLERK, ["injury_ins"], within=3)
    _hand_in(stage, first)
    for key in ("document_review", "safety_review"):
        stage.review(first, key, opinion="工伤保险凭证后补，其余符合要求。")
    for _ in range(4):
        stage.days(1, hour=9).sweep()
    again = _open(stage, project, "construction_permit", leave=frozenset({"injury_ins"}))
    try:
        stage.commit(again, TIDE_CLERK, ["injury_ins"], within=3)
    except Refused as refused:
        if refused.code != "not_deferrable":
            raise


def _complete(stage: Stage, project: Project) -> None:
    """The second time everything is there at once, and is under review."""
    case = _open(stage, project, "construction_permit")
    _hand_in(stage, case)
    stage.review(case, "document_review", opinion="施工图审查合格。")
