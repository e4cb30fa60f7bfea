"""Who stands in for a leader or a head sees what they see, for those days, and decides nothing by it."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts import officers
from qitong.accounts.actors import Actor, Role
from qitong.casework import permissions, queries
from qitong.casework.logic.flow import Deed
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.insight import walls
from qitong.kernel.errors import Refused
from tests.web_dashboard.conftest import Reader

THERE = "hg.reviewer"


def _away(stage: Stage, who: str, *, days: int = 1) -> None:
    stage.cast.absent(who, THERE, stage.day(), stage.day() + dt.timedelta(days=days - 1), at=stage.at)


@pytest.mark.parametrize("who", ["zhou.jun", "sun.lei"])
def test_the_substitute_sees_the_same_figures_and_cases_and_only_on_those_days(
    stage: Stage, who: str
) -> None:
    whole = Reader(stage, who).listed("/dashboard/cases")
    assert Reader(stage, THERE).answer("/dashboard").status_code == 403
    _away(stage, who)
    there = Reader(stage, THERE)
    assert 'href="/dashboard"' in there.page("/desk")
    assert f"您代 {stage.cast.user(who).name} 看管" in there.page("/dashboard")
    assert there.listed("/dashboard/cases") == whole != []
    assert {there.answer(f"/desk/cases/{number}").status_code for number in whole} == {200}
    stage.days(1)
    assert Reader(stage, THERE).answer("/dashboard").status_code == 403


def test_the_absent_leader_still_sees_and_is_not_told_of_standing_in(stage: Stage) -> None:
    _away(stage, "zhou.jun")
    assert "看管" not in Reader(stage, "zhou.jun").page("/dashboard")


def test_seeing_is_not_deciding(stage: Stage) -> None:
    _away(stage, "zhou.jun")
    actor, leader = stage.who(THERE), stage.who("zhou.jun")
    theirs = set(queries.visible(leader).values_list("pk", flat=True))
    assert theirs <= set(queries.visible(actor).values_list("pk", flat=True))
    for case in Case.objects.filter(pk__in=theirs):
        assert permissions.why_not(actor, Deed.APPROVE, case)
    [place] = leader.jurisdictions(Role.LEADER)
    with pytest.raises(Refused, match="只有分管领导"):
        walls.create(name="墙", jurisdiction_id=place, days=1, by=actor, at=stage.at)


def test_what_an_auditor_sees_is_lent_to_nobody(stage: Stage) -> None:
    _away(stage, "wu.hong")
    assert Reader(stage, THERE).answer("/dashboard").status_code == 403


def test_one_whose_account_was_closed_lends_nothing(stage: Stage) -> None:
    _away(stage, "zhou.jun", days=5)
    officers.close_user(user=stage.cast.user("zhou.jun"), by=Actor.system("test"), at=stage.at)
    assert Reader(stage, THERE).answer("/dashboard").status_code == 403
