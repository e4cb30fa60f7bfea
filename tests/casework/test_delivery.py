"""The result: a record and a file, confirmed by the company or by the days that pass."""

from __future__ import annotations

from qitong.casework import delivery
from qitong.datashare import documents
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK, TIDE_CLERK
from tests.casework.said import accepted, again, delivered, doing, kinds, refused


def test_the_company_holds_a_file_it_can_open(stage: Stage) -> None:
    paper = delivered(stage).certificates.get()
    with documents.open(paper.document, actor=stage.who(GREEN_CLERK)) as content:
        assert content.read(5) == b"%PDF-"
    assert paper.issued_on == stage.day()


def test_a_file_of_the_departments_own_may_be_delivered(stage: Stage) -> None:
    case = accepted(stage)
    stage.decide(case, "scjg.head")
    file = stage.paper("营业执照")
    paper = delivery.deliver(
        case_id=case.pk, file=file, name="营业执照（正本）.pdf", **doing(stage, "scjg.reviewer")
    )
    assert paper.document.name == "营业执照（正本）.pdf"


def test_nothing_is_delivered_while_a_material_is_owed(stage: Stage) -> None:
    case = stage.apply(GREEN, "business_licence", GREEN_CLERK, leave=frozenset({"premises"}))
    stage.commit(case, GREEN_CLERK, ["premises"], within=3)
    stage.accept(stage.submit(case, GREEN_CLERK))
    stage.decide(case, "scjg.head")
    with refused("materials_owed") as caught:
        stage.deliver(case)
    assert "住所" in str(caught.value)
    stage.cure(case, GREEN_CLERK, "premises", "住所使用证明")
    stage.deliver(case)
    assert again(case).state == "delivered"


def test_nothing_is_delivered_before_the_decision_or_twice(stage: Stage) -> None:
    case = accepted(stage)
    with refused("not_allowed"):
        stage.deliver(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    with refused("not_allowed"):
        stage.deliver(case)


def test_only_the_company_confirms(stage: Stage) -> None:
    case = delivered(stage)
    for login in (TIDE_CLERK, "wang.fang", "zhou.jun"):
        with refused("not_allowed"):
            delivery.confirm(case_id=case.pk, **doing(stage, login))
    assert stage.confirm(case, GREEN_CLERK).closed_at is not None


def test_a_result_nobody_objects_to_closes_by_itself_after_ten_working_days(stage: Stage) -> None:
    case = delivered(stage)
    assert case.delivered_at is not None
    until = delivery.auto_confirm_on(case.delivered_at)
    assert until == stage.working_day(10)
    stage.days(10, hour=16).sweep()
    assert again(case).state == "delivered"
    stage.days(1, hour=9).sweep()
    assert again(case).state == "closed"
    assert kinds(case)[-1] == "case.auto_confirm"
