from __future__ import annotations

import pytest

from qitong.casework import drafts, planning, queries
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.kernel.masking import LIFTED

GREEN, CLERK = "91310151MA1JK0001T", "13800000001"


@pytest.fixture
def request_case(stage: Stage) -> Case:
    """A free request that its owner has accepted."""
    case = drafts.start_request(
        enterprise_id=stage.cast.company(GREEN).pk, by=stage.who(CLERK), at=stage.tick()
    )
    for field, value in (("title", "想办执照"), ("description", "请问怎么办")):
        drafts.save_field(case_id=case.pk, field=field, value=value, by=stage.who(CLERK), at=stage.tick())
    return stage.accept(stage.submit(case, CLERK))


def _propose(stage: Stage, case: Case, item: str = "business_licence", by: str = "") -> Case:
    actor = stage.who(by) if by else stage.owner(case)
    return planning.propose_application(case_id=case.pk, item_code=item, by=actor, at=stage.tick())


def test_the_owner_opens_a_draft_that_the_company_can_hand_in(stage: Stage, request_case: Case) -> None:
    child = _propose(stage, request_case)
    assert (child.parent_id, child.state) == (request_case.pk, "draft")
    assert child.form["contact_phone"] == request_case.form["contact_phone"]
    assert child.materials.exists()
    assert queries.visible(stage.who(CLERK)).filter(pk=child.pk).exists()
    stage.fill(child, CLERK)
    assert stage.submit(child, CLERK).number


def test_the_same_item_again_is_the_same_draft(stage: Stage, request_case: Case) -> None:
    assert _propose(stage, request_case) == _propose(stage, request_case)
    assert request_case.children.count() == 1


def test_proposing_keeps_the_promise_of_a_plan_and_is_told(stage: Stage, request_case: Case) -> None:
    assert request_case.planned_at is None
    _propose(stage, request_case)
    request_case.refresh_from_db()
    assert request_case.planned_at is not None
    assert "申请草稿" in str(queries.timeline(request_case, veil=LIFTED)[0].sentence)


def test_only_the_owner_may_propose(stage: Stage, request_case: Case) -> None:
    with pytest.raises(Refused, match="首问负责人"):
        _propose(stage, request_case, by="scjg.reviewer")
    assert not request_case.children.exists()


def test_an_unknown_item_is_refused_at_its_field(stage: Stage, request_case: Case) -> None:
    with pytest.raises(Refused) as refused:
        _propose(stage, request_case, item="nothing_like_it")
    assert refused.value.field == "item"


def test_an_application_proposes_nothing(stage: Stage) -> None:
    case = stage.accept(stage.submit(stage.apply(GREEN, "business_licence", CLERK), CLERK))
    with pytest.raises(Refused, match="只有诉求"):
        _propose(stage, case)
