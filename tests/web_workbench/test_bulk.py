from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.casework import bulk, tasks
from qitong.casework.models import Batch, Case, Participant, Reminder
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk


def _cases(stage: Stage, n: int) -> list[Case]:
    return [stage.accept(stage.submit(stage.apply(GREEN, ITEM, CLERK), CLERK)) for _ in range(n)]


def _asked(desk: Desk, deed: str, ids: list[int]) -> str:
    query = "&".join(f"it={pk}" for pk in ids)
    answer = desk.client.get(f"/desk/bulk?deed={deed}&{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def _key(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def _do(desk: Desk, deed: str, ids: list[int], key: str = "", **fields: object) -> str:
    key = key or _key(_asked(desk, deed, ids))
    answer = desk.client.post("/desk/bulk", {"deed": deed, "it": ids, "key": key, **fields}, follow=True)
    return answer.content.decode()


def test_a_bulk_deed_says_how_many_and_which_not_before_it_does_any(stage: Stage, owner: Desk) -> None:
    mine, done = _cases(stage, 2)
    stage.review_all(done)
    stage.decide(done, "fgw.head")
    stage.deliver(done)
    page = _asked(owner, "helper", [mine.pk, done.pk])
    assert "为1件办件增加协办人" in page
    assert "不能办理的（1），不会改动" in page
    assert "现在是“已送达，待确认”，不能“增加协办人”。" in page
    assert not Participant.objects.exists()


def test_helpers_are_added_to_many_and_the_owner_stays(stage: Stage, owner: Desk) -> None:
    cases, to = _cases(stage, 3), stage.cast.user("li.qiang")
    page = _do(owner, "helper", [c.pk for c in cases], to=to.pk, reason="一起核对材料")
    assert "已办 3 件" in page
    assert Participant.objects.filter(user=to).count() == 3
    assert set(Case.objects.values_list("owner__name", flat=True)) == {"王芳"}
    assert Entry.objects.filter(kind="case.transfer").count() == 3
    assert Entry.objects.filter(kind="batch.ordered").count() == 1


def test_a_second_click_is_the_same_order(stage: Stage, owner: Desk) -> None:
    ids, to = [c.pk for c in _cases(stage, 2)], stage.cast.user("li.qiang")
    key = _key(_asked(owner, "helper", ids))
    first, second = (_do(owner, "helper", ids, key, to=to.pk, reason="协助") for _ in range(2))
    assert "已办 2 件" in first
    assert "已办 2 件" in second
    assert Entry.objects.filter(kind="case.transfer").count() == 2
    assert Batch.objects.count() == 1


def test_what_a_killed_run_left_is_done_by_going_on(stage: Stage, owner: Desk) -> None:
    cases = _cases(stage, 3)
    by, at = stage.who("wang.fang"), stage.tick()
    given = {"to": stage.cast.user("li.qiang").pk, "reason": "协助"}
    batch = bulk.order(key=uuid.uuid4(), deed="helper", ids=[c.pk for c in cases], given=given, by=by, at=at)
    batch.ids, whole = batch.ids[:1], batch.ids
    bulk.run(batch, by=by, at=at)
    page = owner.get(f"/desk/bulk/{batch.key}").content.decode()
    assert "还有 2 件没有轮到" in page
    assert whole == [c.pk for c in cases]
    page = owner.client.post(f"/desk/bulk/{batch.key}", follow=True).content.decode()
    assert "已办 3 件" in page
    assert "没有轮到" not in page


def test_each_department_is_pressed_once_a_working_day(stage: Stage, owner: Desk) -> None:
    first, second = _cases(stage, 2)
    tasks.remind(
        task_id=stage.task(first, "energy_check").pk, note="", by=stage.who("wang.fang"), at=stage.tick()
    )
    for task in first.tasks.filter(state="enabled").exclude(key="energy_check"):
        tasks.remind(task_id=task.pk, note="", by=stage.who("wang.fang"), at=stage.tick())
    page = _asked(owner, "remind", [first.pk, second.pk])
    assert "今天已经催办过" in page
    assert "催办1件办件的承办部门" in page
    assert "已办 1 件" in _do(owner, "remind", [second.pk], note="请抓紧")
    assert "所选的都不能这样办理" in _asked(owner, "remind", [second.pk])
    stage.days(1)
    assert "催办2件办件的承办部门" in _asked(owner, "remind", [first.pk, second.pk])


def test_the_company_is_reminded_of_what_it_owes_once_a_working_day(stage: Stage, owner: Desk) -> None:
    working, waiting = _cases(stage, 2)
    stage.review_all(waiting)
    stage.decide(waiting, "fgw.head")
    stage.deliver(waiting)
    page = _asked(owner, "remind-company", [working.pk, waiting.pk])
    assert "现在没有等企业办的事" in page
    assert "已办 1 件" in _do(owner, "remind-company", [waiting.pk])
    entry = Entry.objects.get(kind="case.remind_company")
    assert entry.body["owed"] == "confirmation"
    assert Reminder.objects.filter(kind="company_pressed").count() == 1
    assert "今天已经催办过" in _asked(owner, "remind-company", [waiting.pk])


def test_a_head_hands_tasks_to_a_colleague_and_a_reviewer_only_their_own(stage: Stage) -> None:
    cases = _cases(stage, 2)
    head, reviewer = Desk(stage, "fgw.head"), Desk(stage, "fgw.reviewer")
    ids, to = [c.pk for c in cases], stage.cast.user("fgw.reviewer")
    assert "由部门负责人指派" in _asked(reviewer, "hand", ids)
    assert "已办 2 件" in _do(head, "hand", ids, to=to.pk)
    held = [stage.task(case, "energy_check") for case in cases]
    assert {(task.state, task.assignee) for task in held} == {("claimed", to)}
    assert Entry.objects.filter(kind="task.assign").count() == 2


def test_cases_of_others_are_neither_shown_nor_touched(stage: Stage) -> None:
    [case] = _cases(stage, 1)
    stranger = Desk(stage, "hg.reviewer")
    assert str(case.number) not in _asked(stranger, "remind", [case.pk])
    page = _do(stranger, "remind", [case.pk], str(uuid.uuid4()))
    assert "一件也没有办" in page
    assert not Reminder.objects.filter(kind="pressed").exists()


def test_the_order_of_another_officer_is_out_of_reach(stage: Stage, owner: Desk) -> None:
    [case] = _cases(stage, 1)
    _do(owner, "remind", [case.pk])
    assert Desk(stage, "sun.lei").get(f"/desk/bulk/{Batch.objects.get().key}").status_code == 404


def test_what_is_missing_is_asked_for_and_nothing_is_done(stage: Stage, owner: Desk) -> None:
    [case] = _cases(stage, 1)
    answer = owner.client.post(
        "/desk/bulk", {"deed": "helper", "it": case.pk, "key": str(uuid.uuid4()), "reason": "协助"}
    )
    assert answer.status_code == 422
    assert "请填写“协办人”" in answer.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.parametrize("deed", ["helper", "hand", "remind", "remind-company"])
def test_asking_first_costs_the_same_for_many(stage: Stage, owner: Desk, deed: str) -> None:
    few, many = _cases(stage, 1), _cases(stage, 9)
    counts = []
    for cases in (few, many):
        with CaptureQueriesContext(connection) as asked:
            _asked(owner, deed, [c.pk for c in cases])
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_the_page_is_ticked_by_a_link_where_there_is_no_javascript(stage: Stage, owner: Desk) -> None:
    _cases(stage, 2)
    page = owner.get("/desk", scope="all").content.decode()
    assert 'href="?scope=all&amp;ticked=page"' in page
    assert owner.get("/desk", scope="all", ticked="page").content.decode().count('form="bulk" checked') == 2


def test_of_several_tasks_those_that_are_theirs_already_stay_and_the_rest_is_handed(stage: Stage) -> None:
    [case] = _cases(stage, 1)
    head, to = stage.who("fgw.head"), stage.cast.user("fgw.reviewer")
    first = stage.task(case, "energy_check")
    tasks.assign(task_id=first.pk, to=to, by=head, at=stage.tick())
    first.pk, first.key = None, "energy_check_again"
    first.state, first.assignee, first.claimed_at = "enabled", None, None
    first.save()
    assert "已办 1 件" in _do(Desk(stage, "fgw.head"), "hand", [case.pk], to=to.pk)
    held = case.tasks.filter(key__startswith="energy_check")
    assert {(task.state, task.assignee) for task in held} == {("claimed", to)}
    assert f"已经由{to.name}办理" in _do(Desk(stage, "fgw.head"), "hand", [case.pk], to=to.pk)


@pytest.mark.parametrize("to", ["", "li.qiang"])
def test_what_was_typed_is_kept_when_all_that_was_ticked_has_stopped_being_allowed(
    stage: Stage, owner: Desk, to: str
) -> None:
    """Whether the form itself was right or not."""
    [case] = _cases(stage, 1)
    key = _key(_asked(owner, "helper", [case.pk]))
    stage.review_all(case)
    stage.decide(case, "fgw.head")
    stage.deliver(case)
    chosen = stage.cast.user(to).pk if to else ""
    sent = {"deed": "helper", "it": [case.pk], "key": key, "to": chosen, "reason": "请核对投资额"}
    answer = owner.client.post("/desk/bulk", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请核对投资额</textarea>" in page
    assert "一件也没有办。您填写的内容还在。" in page
    assert "不能“增加协办人”" in page
    assert not Batch.objects.exists()
    assert not chosen or f'value="{chosen}" selected' in page


def test_a_second_click_after_which_nothing_is_left_to_do_shows_what_came_of_the_first(
    stage: Stage, owner: Desk
) -> None:
    [case] = _cases(stage, 1)
    key = _key(_asked(owner, "helper", [case.pk]))
    to = stage.cast.user("li.qiang").pk
    assert "已办 1 件" in _do(owner, "helper", [case.pk], key, to=to, reason="协助")
    stage.review_all(case)
    stage.decide(case, "fgw.head")
    stage.deliver(case)
    assert "已办 1 件" in _do(owner, "helper", [case.pk], key, to=to, reason="协助")
