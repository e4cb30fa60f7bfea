from __future__ import annotations

import datetime as dt

from qitong.accounts.actors import Actor
from qitong.casework import routing, sweep, tasks
from qitong.demo.stage import Stage
from qitong.notifications import queries
from qitong.notifications.models import Delivery, Message, State
from tests.automation.queue import deferred, react_to_all
from tests.notifications.reading import CLERK, COMPANY, told, told_who

SWEEP = Actor.system("sweep")


def overdue_contact(stage: Stage) -> int:
    """A case that nobody contacted in time, swept once; its reaction waits."""
    case = stage.apply(COMPANY, "customs_filing", CLERK)
    stage.submit(case, CLERK)
    react_to_all(stage.at)
    stage.days(2)
    sweep.run(by=SWEEP, at=stage.at)
    return case.pk


def test_an_overdue_contact_reminds_the_owner_and_the_head_of_the_window(stage: Stage) -> None:
    overdue_contact(stage)
    assert told(stage, "wang.fang")[-1].endswith("请首问负责人王芳今天联系。")
    assert told_who("今天联系") == {"王芳", "孙磊"}


def test_a_reminder_of_what_was_done_meanwhile_is_not_sent_and_says_so(stage: Stage) -> None:
    case_id = overdue_contact(stage)
    owner = stage.who("wang.fang")
    routing.contact(case_id=case_id, note="", by=owner, at=stage.tick())
    before = queries.unread(owner)
    react_to_all(stage.at)
    reminders = Delivery.objects.filter(message__kind="reminder.contact_overdue")
    assert {d.state for d in reminders} == {State.OBSOLETE}
    assert reminders.count() == Message.objects.filter(kind="reminder.contact_overdue").count() * 2
    assert queries.unread(owner) == before


def test_one_sweep_over_many_cases_is_one_reaction(stage: Stage) -> None:
    for _ in range(3):
        stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    react_to_all(stage.at)
    stage.days(2)
    done = sweep.run(by=SWEEP, at=stage.at)
    assert len([finding for finding in done if finding.verdict.kind == "contact_overdue"]) == 3
    [job] = deferred()
    assert len(job.args["entry_ids"]) == len(done)
    assert job.lock is None


def test_what_is_overdue_reaches_the_leader(stage: Stage) -> None:
    case = stage.apply(COMPANY, "customs_filing", CLERK)
    stage.submit(case, CLERK)
    stage.accept(case)
    stage.days(3)
    sweep.run(by=SWEEP, at=stage.at)
    react_to_all(stage.at)
    assert told_who("已超过承诺期限") == {"王芳", "孙磊", "周军"}
    assert told_who("已超过期限") >= {"海关负责人", "王芳"}


def test_pressing_a_department_that_has_finished_is_not_sent(stage: Stage) -> None:
    case = stage.apply(COMPANY, "export_tax_refund", CLERK)
    stage.submit(case, CLERK)
    stage.accept(case)
    task = stage.task(case, "hg_review")
    tasks.remind(task_id=task.pk, note="", by=stage.who("wang.fang"), at=stage.tick())
    stage.review(case, "hg_review")
    react_to_all(stage.at + dt.timedelta(minutes=1))
    pressed = Delivery.objects.filter(message__kind="task.remind")
    assert {d.state for d in pressed} == {State.OBSOLETE}
