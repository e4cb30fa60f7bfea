"""One tap from a match to a draft with everything known filled in, which says which policy it came from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from qitong.casework import drafts
from qitong.casework.logic.flow import CaseKind, CaseState
from qitong.casework.logic.story import tell
from qitong.casework.models import Case
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.policies import applying
from qitong.policies.models import Application
from tests.policies.conftest import Company
from tests.policies.played import HE, LIN
from tests.policies.test_what_a_company_sees import HI_TECH, PASSES


def apply(green: Company, policy: str) -> Case:
    return applying.apply(
        enterprise_id=green.enterprise.pk, policy=policy, by=green.stage.who(LIN), at=green.stage.tick()
    )


def test_a_linked_item_becomes_a_draft_with_what_is_known(green: Company) -> None:
    green.answers(**PASSES)
    case = apply(green, HI_TECH)
    assert (case.kind, case.state) == (CaseKind.APPLICATION, CaseState.DRAFT)
    assert case.item_version is not None
    assert case.item_version.code == HI_TECH
    assert case.form["contact_name"] == "林小雨"
    for said in ("国科发火〔2016〕32号", "近三年研究开发费用总额：500万元", "企业填报", "2026-11-23"):
        assert said in case.form["description"]


def test_what_the_company_handed_in_before_comes_along(green: Company) -> None:
    earlier = green.stage.apply(green.enterprise.uscc, HI_TECH, LIN)
    assert earlier.materials.exclude(document=None).exists()
    case = apply(green, HI_TECH)
    assert case.materials.get(key="fin_audit").document is not None


def test_without_a_linked_item_it_is_a_request_with_title_and_text(green: Company) -> None:
    green.answers(is_sole_trader=False)
    case = apply(green, "loss_carry_10y")
    assert case.kind == CaseKind.REQUEST
    assert case.title.startswith("申请政策：")
    assert case.form["description"]


def test_the_case_keeps_the_version_it_came_from(green: Company) -> None:
    case = apply(green, HI_TECH)
    origin = Application.objects.filter(pk=case.pk).first()
    assert origin is not None
    assert (origin.version.code, origin.version.number) == (HI_TECH, 1)
    assert origin.judged_on == green.stage.day()
    entry = Entry.objects.get(kind="case.from_policy", stream=case.stream)
    assert (entry.body["policy"], entry.body["version"], entry.body["outcome"]) == (HI_TECH, 1, "unknown")
    assert str(tell(entry.kind, entry.body)) == "由政策“高新技术企业认定”（第1版）开出申请草稿"
    with pytest.raises(DatabaseError, match="stay as they were"), transaction.atomic():
        Application.objects.update(judged_on=dt.date(2020, 1, 1))


def test_a_second_tap_leads_to_the_same_draft(green: Company) -> None:
    first = apply(green, HI_TECH)
    assert apply(green, HI_TECH) == first
    drafts.discard(case_id=first.pk, by=green.stage.who(LIN), at=green.stage.tick())
    assert apply(green, HI_TECH) != first


@pytest.mark.parametrize(
    ("policy", "code"), [("little_giant_2022", "not_in_force"), ("no_such_policy", "not_found")]
)
def test_what_is_over_or_not_there_is_refused(green: Company, policy: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        apply(green, policy)
    assert refused.value.code == code
    assert not Case.objects.exists()


def test_nobody_applies_for_another_company(green: Company) -> None:
    with pytest.raises(Refused) as refused:
        applying.apply(
            enterprise_id=green.enterprise.pk, policy=HI_TECH, by=green.stage.who(HE), at=green.stage.at
        )
    assert refused.value.code == "forbidden"
