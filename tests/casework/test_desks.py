"""A whole desk moves in one action: nothing stays with nobody, and both sides are told with a date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.accounts.models import DutyShift, User
from qitong.casework import desks, routing, tasks
from qitong.casework.logic.ownership import share
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify
from qitong.notifications.models import Message
from tests.automation.queue import react_to_all
from tests.notifications.reading import CLERK, COMPANY

ITEM = "customs_filing"


def _cases(stage: Stage, n: int, item: str = ITEM) -> list[Case]:
    return [stage.accept(stage.submit(stage.apply(COMPANY, item, CLERK), CLERK)) for _ in range(n)]


def _hand_over(stage: Stage, who: str, *to: str, by: str) -> desks.Plan:
    return desks.hand_over(
        user=stage.cast.user(who),
        to=[stage.cast.user(name) for name in to],
        reason="调离本岗位",
        by=stage.who(by),
        at=stage.tick(),
    )


@given(
    st.dictionaries(st.integers(0, 200), st.lists(st.integers(1, 5), unique=True), max_size=60),
    st.dictionaries(st.integers(1, 5), st.integers(0, 30)),
)
def test_each_thing_goes_to_one_who_may_have_it(things: dict[int, list[int]], loads: dict[int, int]) -> None:
    given_ = share(things, loads)
    assert set(given_) == {thing for thing, users in things.items() if users}
    assert all(user in things[thing] for thing, user in given_.items())


@given(st.integers(0, 50), st.integers(1, 5))
def test_where_all_may_have_all_nobody_gets_more_than_one_more(n: int, people: int) -> None:
    given_ = share({thing: range(people) for thing in range(n)}, {})
    counts = [list(given_.values()).count(user) for user in range(people)]
    assert max(counts) - min(counts) <= 1


def test_the_owner_changes_the_old_one_stays_a_participant_and_everybody_is_told(stage: Stage) -> None:
    cases = _cases(stage, 3)
    shifts = DutyShift.objects.filter(officer__name="王芳", on__gte=stage.day()).count()
    _hand_over(stage, "wang.fang", "li.qiang", by="sun.lei")
    for case in cases:
        case.refresh_from_db()
        assert case.owner == stage.cast.user("li.qiang")
        assert case.owner_reason == "handed_over"
        assert [row.user.name for row in case.participants.all()] == ["王芳"]
        assert Entry.objects.filter(stream=case.stream, kind="case.owner").count() == 1
    assert shifts > 10
    assert not DutyShift.objects.filter(officer__name="王芳", on__gte=stage.day()).exists()
    react_to_all(stage.at)
    told = {m.recipient.name: str(m.sentence) for m in Message.objects.filter(kind="desk.handed_over")}
    assert set(told) == {"李强", "王芳", "孙磊"}
    assert (
        f"王芳的工作移交给您：办件3件、任务0项、协办0件、值班{shifts}天，最早的日期是2026年3月"
        in told["李强"]
    )
    assert "已移交给李强" in told["王芳"]
    company = Message.objects.filter(kind="case.owner", recipient__login=CLERK)
    assert company.count() == 3
    assert verify().first is None


def test_a_desk_is_spread_over_several_by_what_each_has(stage: Stage) -> None:
    _cases(stage, 6)
    made = _hand_over(stage, "wang.fang", "li.qiang", "chen.jing", by="wang.fang")
    assert sorted(made.count(stage.cast.user(n).pk)["cases"] for n in ("li.qiang", "chen.jing")) == [3, 3]


def test_claimed_tasks_and_help_go_along_and_their_clocks_run_on(stage: Stage) -> None:
    [case] = _cases(stage, 1, "energy_review")
    task = tasks.claim(
        task_id=stage.task(case, "energy_check").pk, by=stage.who("fgw.reviewer"), at=stage.tick()
    )
    helper = stage.cast.user("fgw.reviewer")
    routing.transfer(case_id=case.pk, to=helper, reason="协助", by=stage.owner(case), at=stage.tick())
    claimed, due = task.claimed_at, task.due_on
    _hand_over(stage, "fgw.reviewer", "fgw.head", by="admin")
    task.refresh_from_db()
    assert (task.assignee, task.state) == (stage.cast.user("fgw.head"), "claimed")
    assert (task.claimed_at, task.due_on) == (claimed, due)
    assert {row.user.login.partition("@")[0] for row in case.participants.all()} == {
        "fgw.reviewer",
        "fgw.head",
    }
    entry = Entry.objects.get(kind="task.assign")
    assert (entry.body["from"], entry.body["to"]) == ("claimed", "claimed")


def test_what_none_of_the_receivers_may_have_is_said_and_nothing_moves(stage: Stage) -> None:
    [case] = _cases(stage, 1)
    with pytest.raises(Refused, match="须由该窗口的同事接手"):
        _hand_over(stage, "wang.fang", "fgw.head", by="sun.lei")
    case.refresh_from_db()
    assert case.owner == stage.cast.user("wang.fang")


@pytest.mark.parametrize("by", ["li.qiang", "fgw.head", "zhou.jun"])
def test_only_oneself_ones_head_and_the_administrator_may(stage: Stage, by: str) -> None:
    _cases(stage, 1)
    with pytest.raises(Refused, match="可以移交工作"):
        _hand_over(stage, "wang.fang", "li.qiang", by=by)


def test_nobody_hands_over_to_themselves_and_not_twice(stage: Stage) -> None:
    _cases(stage, 1)
    with pytest.raises(Refused, match="不能是本人"):
        _hand_over(stage, "wang.fang", "wang.fang", by="sun.lei")
    _hand_over(stage, "wang.fang", "li.qiang", by="sun.lei")
    with pytest.raises(Refused, match="手上没有要移交的"):
        _hand_over(stage, "wang.fang", "li.qiang", by="sun.lei")


def test_an_absence_moves_nothing(stage: Stage) -> None:
    [case] = _cases(stage, 1)
    stage.cast.absent(
        "wang.fang", "li.qiang", stage.day(), stage.day() + dt.timedelta(days=5), at=stage.tick()
    )
    case.refresh_from_db()
    assert case.owner == User.objects.get(name="王芳")
    assert stage.owner(case).name == "李强"


def test_who_helped_before_and_is_back_has_it_on_the_desk_again(stage: Stage) -> None:
    [case] = _cases(stage, 1)
    by = stage.owner(case)
    routing.transfer(case_id=case.pk, to=stage.cast.user("li.qiang"), reason="协助", by=by, at=stage.tick())
    _hand_over(stage, "li.qiang", "chen.jing", by="sun.lei")
    _hand_over(stage, "chen.jing", "li.qiang", by="sun.lei")
    assert desks.of(stage.cast.user("li.qiang"), on=stage.day()).helped == [case]
    _hand_over(stage, "li.qiang", "chen.jing", by="sun.lei")
    routing.transfer(case_id=case.pk, to=stage.cast.user("li.qiang"), reason="回来", by=by, at=stage.tick())
    assert desks.of(stage.cast.user("li.qiang"), on=stage.day()).helped == [case]
    assert case.participants.count() == 2
