"""Search finds exactly what ``queries.visible`` shows: for everybody, whatever happened."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts import absences
from qitong.accounts.actors import Actor, Grant, Role, actor_for
from qitong.accounts.models import Jurisdiction
from qitong.casework import finding, queries, routing, tasks
from qitong.casework.logic.finding import ask
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.search.conftest import CLERK, GREEN, ITEM, OTHER_CLERK, TIDE, found, read_again

EVERY_NUMBER = "QT26"
pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture
def cases(stage: Stage) -> list[Case]:
    """Two companies, several items and owners; helpers, claimed, returned and rerouted tasks."""
    made = []
    for company, clerk in ((GREEN, CLERK), (TIDE, OTHER_CLERK)):
        for item in (ITEM, "tax_registration"):
            made.append(stage.submit(stage.apply(company, item, clerk), clerk))
        stage.days(1)
        made.append(stage.submit(stage.request(company, clerk, "门口积水", "下雨就积水"), clerk))
    first, last = stage.accept(made[0]), stage.accept(made[-1])
    stage.review(first, first.tasks.exclude(kind__in=["acceptance", "decision"])[0].key)
    to = stage.cast.user("sw.reviewer")
    routing.transfer(case_id=made[1].pk, to=to, reason="协助", by=stage.owner(made[1]), at=stage.tick())
    task = stage.dispatch(last, "jw", "查看井盖", days=3)
    by = stage.who("jw.reviewer")
    tasks.return_task(task_id=task.pk, reason="不归我们", by=by, at=stage.tick())
    other = stage.department("fgw")
    tasks.reroute(task_id=task.pk, to=other, note="", by=stage.owner(last), at=stage.tick())
    stage.apply(GREEN, ITEM, CLERK)  # a draft
    read_again()
    return made


def test_everybody_finds_what_they_may_see_and_nothing_else(stage: Stage, cases: list[Case]) -> None:
    seen = set()
    for login in stage.cast.users:
        actor = stage.who(login)
        shown = set(queries.visible(actor).exclude(submitted_at=None).values_list("pk", flat=True))
        assert found(EVERY_NUMBER, actor) == shown, login
        seen.add(len(shown))
    assert seen >= {0, len(cases)}
    assert len(seen) >= 4


@pytest.mark.parametrize("who", ["", "zhou.jun", "fgw.head"])
def test_who_stands_in_finds_what_the_absent_one_sees(stage: Stage, cases: list[Case], who: str) -> None:
    absent = stage.cast.user(who) if who else cases[0].owner
    assert absent is not None
    substitute = stage.cast.user("hg.reviewer")
    absences.record(
        user=absent,
        substitute=substitute,
        starts_on=stage.day(),
        ends_on=stage.day() + dt.timedelta(days=2),
        note="",
        by=actor_for(absent, on=stage.day()),
        at=stage.tick(),
    )
    actor = stage.who("hg.reviewer")
    shown = set(queries.visible(actor).exclude(submitted_at=None).values_list("pk", flat=True))
    assert cases[0].pk in shown
    assert found(EVERY_NUMBER, actor) == shown


@pytest.mark.parametrize("level", ["city", "district", "park"])
def test_a_leader_finds_what_lies_below(cases: list[Case], level: str) -> None:
    for place in Jurisdiction.objects.filter(level=level):
        leader = Actor("user:0", 0, "", roles=frozenset({Grant(Role.LEADER, None, place.pk)}))
        shown = set(queries.visible(leader).values_list("pk", flat=True))
        assert found(EVERY_NUMBER, leader) == shown


def test_one_company_finds_nothing_of_another(stage: Stage, cases: list[Case]) -> None:
    green, tide = stage.cast.company(GREEN), stage.cast.company(TIDE)
    clerk = stage.who(CLERK)
    assert found(green.name, clerk)
    assert found(tide.name, clerk) == set()
    assert found(tide.uscc, clerk) == set()


def test_at_the_companys_pages_an_officer_role_counts_for_nothing(stage: Stage, cases: list[Case]) -> None:
    officer = stage.who("wang.fang")
    assert found(EVERY_NUMBER, officer)
    assert found(EVERY_NUMBER, finding.of_companies(officer)) == set()


def test_nobody_finds_nothing(cases: list[Case]) -> None:
    assert found(EVERY_NUMBER, Actor.visitor()) == set()


def test_a_list_is_narrowed_by_the_same_rule(stage: Stage, cases: list[Case]) -> None:
    for login in ("wang.fang", "fgw.reviewer", CLERK):
        actor = stage.who(login)
        for text in ("积水", "节能 绿能", EVERY_NUMBER, "不存在", "水"):
            listed = finding.narrow(queries.visible(actor), ask(text))
            assert set(listed.values_list("pk", flat=True)) == found(text, actor), (login, text)


def test_an_exact_number_is_looked_up_within_the_scope(stage: Stage, cases: list[Case]) -> None:
    number = str(cases[0].number)
    for typed in (number, number.lower(), number.replace("-", ""), f" {number} "):
        assert finding.by_number(stage.who(CLERK), typed) == cases[0]
    assert finding.by_number(stage.who(OTHER_CLERK), number) is None
    assert finding.by_number(stage.who(CLERK), number[:-1]) is None
