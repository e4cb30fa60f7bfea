"""Pages ask the database a fixed number of times, however much there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.casework import routing, supplements, tasks
from qitong.casework.logic.flow import TaskState
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case
from qitong.catalogue.queries import edition
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, ITEM, Desk

MOST = 12


def _count(desk: Desk, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(path)
        assert answer.status_code == 200
        b"".join(answer)  # a file is closed once it was sent
    return len(asked)


def _more(stage: Stage, n: int, item: str = ITEM) -> list[Case]:
    return [stage.accept(stage.submit(stage.apply(GREEN, item, CLERK), CLERK)) for _ in range(n)]


@pytest.mark.parametrize(
    ("login", "path", "most"),
    [
        ("wang.fang", "/desk", 11),
        ("wang.fang", "/desk?scope=all&light=green", 11),
        ("zhou.jun", "/desk?scope=all", 12),
        ("fgw.reviewer", "/desk/tasks", 10),
    ],
)
def test_lists_do_not_ask_more_for_more_rows(stage: Stage, login: str, path: str, most: int) -> None:
    desk = Desk(stage, login)
    _more(stage, 3)
    few = _count(desk, path)
    _more(stage, 9)
    assert _count(desk, path) == few <= most


def _address(case: Case) -> str:
    return f"/desk/cases/{case.number}"


def test_the_case_page_asks_the_same_for_small_and_large_cases(stage: Stage) -> None:
    small, large = *_more(stage, 1, "tax_registration"), *_more(stage, 1, "joint_acceptance")
    owner = Desk(stage, "wang.fang")
    few = _count(owner, _address(small))
    _more(stage, 9)
    assert _count(owner, _address(large)) == few <= MOST


@pytest.fixture
def full_house(stage: Stage) -> Case:
    """A delivered case with all that can hang on one: commitment, helper, pause, supplement, objection."""
    case = stage.apply(GREEN, "joint_acceptance", CLERK, leave=frozenset({"archive_commit"}))
    stage.commit(case, CLERK, ["archive_commit"], within=2)
    case = stage.accept(stage.submit(case, CLERK))
    owner, helper = stage.owner(case), stage.cast.user("zhao.min")
    routing.transfer(case_id=case.pk, to=helper, reason="协助核对", by=owner, at=stage.tick())
    stage.cure(case, CLERK, "archive_commit", "归档材料")
    task = case.tasks.filter(state=TaskState.ENABLED).exclude(kind="decision")[0]
    reviewer = stage.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=reviewer, at=stage.tick())
    asked = supplements.ask(task_id=task.pk, question="请补充图纸", by=reviewer, at=stage.tick())
    files = [("图纸.pdf", stage.paper("图纸")), ("说明.pdf", stage.paper("说明"))]
    supplements.answer(
        supplement_id=asked.pk, text="已附上", files=files, by=stage.who(CLERK), at=stage.tick()
    )
    tasks.finish(
        task_id=task.pk, outcome=TaskOutcome.OBJECT, opinion="间距不足", by=reviewer, at=stage.tick()
    )
    stage.review_all(case)
    stage.decide(case, "zhou.jun", grounds="已改正")
    stage.deliver(case)
    return case


@pytest.mark.parametrize(
    "login", ["wang.fang", "zhao.min", "zjw.reviewer", "zjw.head", "zhou.jun", "wu.hong"]
)
def test_the_case_page_stays_small_for_everybody_and_with_everything(
    stage: Stage, full_house: Case, login: str
) -> None:
    assert _count(Desk(stage, login), _address(full_house)) <= MOST


@pytest.mark.parametrize("state", ["submitted", "accepted", "reviewed", "asked"])
def test_the_owner_s_page_with_all_its_forms_stays_small(
    stage: Stage, owner: Desk, state: str, request: pytest.FixtureRequest
) -> None:
    edition.cache_clear()  # as in a process that has not read the catalogue yet
    assert _count(owner, _address(request.getfixturevalue(state))) <= MOST


@pytest.mark.parametrize("login", ["wang.fang", "zhou.jun", "wu.hong"])
def test_the_pages_around_the_case_stay_small(stage: Stage, full_house: Case, login: str) -> None:
    desk = Desk(stage, login)
    sheet = full_house.materials.exclude(document=None)[0].document
    assert sheet is not None
    for path in (f"{_address(full_house)}/ledger", "/desk/absences", f"/desk/documents/{sheet.public_id}"):
        assert _count(desk, path) <= MOST, path


def test_a_refused_deed_asks_little_too(stage: Stage, owner: Desk, submitted: Case) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert owner.do(submitted, "transfer", to="", reason="").status_code == 422
    assert len(asked) <= 2 * MOST
