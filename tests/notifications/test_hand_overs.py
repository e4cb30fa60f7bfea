"""A silent hand-over is a bug: each has a receiver, a due date and a notice to both sides."""

from __future__ import annotations

from qitong.accounts.actors import Actor
from qitong.casework import delivery, routing, tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.notifications.reading import CLERK, COMPANY, told, told_who


def submitted(stage: Stage, item: str = "customs_filing") -> Case:
    case = stage.apply(COMPANY, item, CLERK)
    return stage.submit(case, CLERK)


def test_a_submission_tells_the_company_and_the_owner_who_does_what_by_when(stage: Stage) -> None:
    case = submitted(stage)
    assert case.number is not None
    [company] = told(stage, CLERK)
    [owner] = told(stage, "wang.fang")
    assert company.startswith("“海关报关单位备案（进出口货物收发货人）”已提交，编号")
    assert case.number in company
    assert "首问负责人王芳将在2026年3月" in company
    assert "由您负责到底" in owner
    assert "崇明绿源新材料有限公司" in owner


def test_a_transfer_tells_who_is_added_and_who_asked(stage: Stage) -> None:
    case = submitted(stage)
    routing.transfer(
        case_id=case.pk,
        to=stage.cast.user("li.qiang"),
        reason="请协助核对报关资料。",
        by=stage.owner(case),
        at=stage.tick(),
    )
    [helper] = told(stage, "li.qiang")
    assert "请您协助首问负责人王芳办理" in helper
    assert "请协助核对报关资料。承诺期限" in helper
    assert "首问负责人仍是王芳" in told(stage, "wang.fang")[-1]


def test_what_is_written_along_with_a_reminder_reaches_the_department(stage: Stage) -> None:
    case = stage.accept(submitted(stage, "energy_review"))
    for key, note in (("energy_check", "企业周五要用。"), ("industry_check", "")):
        task = stage.task(case, key)
        tasks.remind(task_id=task.pk, note=note, by=stage.owner(case), at=stage.tick())
    assert told(stage, "fgw.head")[-1].endswith("的“节能审查”，附言“企业周五要用”。")
    assert "附言" not in told(stage, "jw.head")[-1]


def test_a_return_and_a_reroute_tell_both_departments_and_the_owner(stage: Stage) -> None:
    case = stage.request(COMPANY, CLERK, "骨干住房", "三名骨干下月到岗。")
    stage.submit(case, CLERK)
    stage.accept(case)
    task = stage.dispatch(case, "rs", "落实住房", days=5)
    by = stage.who("rs.reviewer")
    tasks.return_task(task_id=task.pk, reason="不属于本局职责。", by=by, at=stage.tick())
    assert "请在2026年3月4日（周三）前改派" in told(stage, "wang.fang")[-1]
    assert told_who("已退回首问负责人王芳") == {"人社局审核员", "人社局负责人"}
    tasks.reroute(task_id=task.pk, to=stage.department("fgj"), note="", by=stage.owner(case), at=stage.tick())
    told(stage, CLERK)
    assert told_who("改由房屋管理局办理，请在2026年3月10日（周二）前完成。") == {
        "房管局审核员",
        "房管局负责人",
    }
    assert told_who("，应于2026年3月10日（周二）前完成。") >= {"人社局负责人", "王芳"}


def test_a_reopening_reaches_the_departments_at_once(stage: Stage) -> None:
    case = stage.apply(COMPANY, "export_tax_refund", CLERK)
    stage.submit(case, CLERK)
    stage.accept(case)
    stage.review(case, "hg_review")
    stage.decide(case, "sw.head")
    stage.deliver(case)
    delivery.reopen(case_id=case.pk, reason="少退税款。", by=stage.who(CLERK), at=stage.tick())
    told(stage, CLERK)
    assert told_who("要求重新办理“") >= {"王芳", "海关审核员"}
    assert told_who("重新办理的要求已转到相关部门") == {"林小雨"}


def test_an_absence_tells_the_substitute_and_the_absent(stage: Stage) -> None:
    stage.cast.absent("wang.fang", "chen.jing", stage.at.date(), stage.at.date(), at=stage.at)
    assert told(stage, "chen.jing") == [
        "2026年3月3日（周二）至2026年3月3日（周二），由您代王芳办理其全部办件和任务。"
    ]
    assert told(stage, "wang.fang") == [
        "2026年3月3日（周二）至2026年3月3日（周二），您的办件和任务由陈静代办。"
    ]


def test_the_substitute_of_an_absent_owner_is_told_what_the_owner_is_told(stage: Stage) -> None:
    case = submitted(stage)
    stage.cast.absent("wang.fang", "chen.jing", stage.at.date(), stage.at.date(), at=stage.at)
    stage.accept(case)
    stage.decide(case, "hg.head")
    assert "请在2026年3月" in told(stage, "chen.jing")[-1]
    assert "已准予办理" in told(stage, "chen.jing")[-1]


def test_who_stands_in_for_a_leader_or_a_head_is_told_what_they_are_told(stage: Stage) -> None:
    day = stage.at.date()
    stage.cast.absent("zhou.jun", "sun.lei", day, day, at=stage.at)
    stage.cast.absent("fgw.head", "fgw.reviewer", day, day, at=stage.at)
    case = stage.accept(submitted(stage, "energy_review"))
    stage.review(case, "energy_check", TaskOutcome.OBJECT, "能耗超标。")
    stage.review(case, "industry_check")
    for absent, standing_in in (("zhou.jun", "sun.lei"), ("fgw.head", "fgw.reviewer")):
        of_the_absence, *missed = told(stage, absent)
        assert "代办" in of_the_absence
        assert missed, absent
        assert set(missed) <= set(told(stage, standing_in)), standing_in


def test_an_owner_who_left_is_replaced_and_the_company_knows(stage: Stage) -> None:
    case = submitted(stage)
    left = stage.cast.user("wang.fang")
    left.is_active = False
    left.save()
    routing.replace_owner(case_id=case.pk, by=Actor.system("sweep"), at=stage.tick())
    case.refresh_from_db()
    assert case.owner is not None
    assert f"首问负责人已更换为{case.owner.name}" in told(stage, CLERK)[-1]
    assert told_who("由您接任") == {case.owner.name}
    assert told_who("已由") == {"孙磊"}
