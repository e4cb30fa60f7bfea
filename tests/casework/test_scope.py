"""Who sees a case: the same in list, detail, board, counts and timeline; closed by default."""

from __future__ import annotations

import pytest

from qitong.accounts.actors import Actor
from qitong.casework import permissions, queries, routing, tasks
from qitong.casework.models import Case
from qitong.demo.cast import COMPANIES, OFFICERS
from qitong.demo.stage import Stage
from qitong.demo.stories import FARM, FARM_CLERK, GREEN, GREEN_CLERK
from tests.casework.said import accepted, asked, doing, handed_in

LOGINS = [person.login for person in OFFICERS] + [company.login for company in COMPANIES]


@pytest.fixture
def cases(stage: Stage) -> dict[str, Case]:
    """A draft, a fresh case, one before two departments, a request with a helper, another company's."""
    request = asked(stage)
    routing.transfer(
        case_id=request.pk,
        to=stage.cast.user("yjj.reviewer"),
        reason="了解应急要求",
        **doing(stage, "wang.fang"),
    )
    return {
        "draft": stage.apply(GREEN, "business_licence", GREEN_CLERK),
        "fresh": handed_in(stage),
        "review": accepted(stage, "energy_review"),
        "request": request,
        "other": stage.submit(stage.apply(FARM, "seal_filing", FARM_CLERK), FARM_CLERK),
    }


def seen(actor: Actor, cases: dict[str, Case]) -> set[str]:
    pks = set(queries.visible(actor).values_list("pk", flat=True))
    return {name for name, case in cases.items() if case.pk in pks}


HANDED_IN = {"fresh", "review", "request", "other"}


WHO_SEES_WHAT: dict[str, set[str]] = {
    GREEN_CLERK: {"draft", "fresh", "review", "request"},
    FARM_CLERK: {"other"},
    "13800000002": set(),
    "wang.fang": HANDED_IN,
    "zhao.min": HANDED_IN,
    "zhou.jun": HANDED_IN,
    "wu.hong": HANDED_IN,
    "jw.reviewer": {"review"},
    "jw.head": {"review"},
    "scjg.head": {"fresh"},
    "yjj.reviewer": {"request"},
    "yjj.head": set(),
    "ga.reviewer": {"other"},
    "kw.reviewer": set(),
    "admin": set(),
    "policy": set(),
}


def test_everybody_sees_their_own(stage: Stage, cases: dict[str, Case]) -> None:
    assert {login: seen(stage.who(login), cases) for login in WHO_SEES_WHAT} == WHO_SEES_WHAT


def test_a_stranger_sees_nothing(stage: Stage, cases: dict[str, Case]) -> None:
    assert seen(Actor.visitor(), cases) == set()
    assert not queries.board(Actor.visitor()).exists()
    assert queries.counts(Actor.visitor()) == {"open": 0, "tasks": 0}


def test_list_detail_board_and_check_agree_for_everybody(stage: Stage, cases: dict[str, Case]) -> None:
    task = stage.task(cases["review"], "industry_check")
    tasks.claim(task_id=task.pk, **doing(stage, "jw.reviewer"))
    stage.cast.absent("jw.reviewer", "kw.reviewer", stage.day(), stage.day(), at=stage.tick())
    for login in LOGINS:
        actor = stage.who(login)
        allowed = set(queries.visible(actor).values_list("pk", flat=True))
        assert set(queries.listed(actor).values_list("pk", flat=True)) == allowed
        assert {c.pk for c in cases.values() if queries.find(actor, pk=c.pk)} == allowed
        assert {c.pk for c in cases.values() if queries.find(actor, number=c.number)} <= allowed
        assert {c.pk for c in cases.values() if permissions.may_see(actor, c)} == allowed
        assert set(queries.board(actor).values_list("case_id", flat=True)) <= allowed


def test_who_stands_in_for_somebody_sees_their_desk_on_those_days(
    stage: Stage, cases: dict[str, Case]
) -> None:
    task = stage.task(cases["review"], "industry_check")
    tasks.claim(task_id=task.pk, **doing(stage, "jw.reviewer"))
    stage.cast.absent("jw.reviewer", "kw.reviewer", stage.day(), stage.day(), at=stage.tick())
    assert seen(stage.who("kw.reviewer"), cases) == {"review"}
    stage.days(1)
    assert seen(stage.who("kw.reviewer"), cases) == set()


def test_a_page_of_cases_costs_the_same_however_many(
    stage: Stage, cases: dict[str, Case], django_assert_max_num_queries: object
) -> None:
    actor = stage.who("wang.fang")
    rows = queries.summaries(queries.listed(actor), today=stage.day())
    assert len(rows) == 4
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # pytest-django's fixture
        queries.summaries(queries.listed(actor), today=stage.day())


def test_work_read_along_for_a_page_is_what_a_list_reads(stage: Stage, cases: dict[str, Case]) -> None:
    seen_by = queries.visible(stage.who("wang.fang"))
    listed, rows = list(queries.as_list(seen_by)), queries.with_work(list(queries.as_rows(seen_by)))
    assert rows == listed != []
    assert any(queries.live_tasks(case) for case in rows)
    for one, other in zip(rows, listed, strict=True):
        assert set(queries.live_tasks(one)) == set(queries.live_tasks(other))
        assert list(one.pauses.all()) == list(other.pauses.all())
    assert queries.summaries(rows, today=stage.day()) == queries.summaries(listed, today=stage.day())
    assert queries.with_work([]) == []


def test_a_number_tells_a_stranger_stage_and_dates_only(stage: Stage, cases: dict[str, Case]) -> None:
    number = cases["review"].number
    assert number is not None
    told = queries.progress(f" {number.lower()} ")
    assert told is not None
    assert str(told.stage) == "审查中"
    assert set(type(told).__dataclass_fields__) == {
        "number",
        "stage",
        "submitted_on",
        "promised_on",
        "finished_on",
    }
    assert queries.progress("QT26-0000-0000") is None
