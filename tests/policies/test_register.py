"""What stands in the register, and what departments may share, is judged by when it changes."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts.actors import actor_for
from qitong.accounts.company import edit_contact
from qitong.accounts.enterprises import Registration
from qitong.accounts.models import Department
from qitong.datashare import consents
from qitong.policies import publish, receiving, recheck
from qitong.policies.change_models import Change
from qitong.policies.logic.units import UNITS
from qitong.policies.receiving import Row
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, SYSTEM, TEXT, company, library, loaded

pytestmark = pytest.mark.django_db
OF_INDUSTRY = TEXT.replace(
    "conditions:\n",
    "  industry_code:\n    name: {zh: 行业代码, en: Industry}\n    unit: code\n"
    "    question: {zh: 行业代码是什么？, en: Which industry?}\nconditions:\n"
    "  - {id: C2, rule: \"starts(industry_code, 'C')\", kind: hard, clause: 第四条}\n",
).replace("green_sales: 1000}", "green_sales: 1000, industry_code: C3562}")
LATER = AT + dt.timedelta(minutes=5)


def moves_to(made: Registration, industry: str, at: dt.datetime) -> None:
    by = actor_for(made.administrator, on=at.date())
    edit_contact(enterprise=made.enterprise, phone="021-12345678", industry_code=industry, by=by, at=at)
    react_to_all(at)


def test_a_changed_industry_is_judged_and_the_same_again_changes_nothing() -> None:
    made = company(1, 60)
    loaded(text=OF_INDUSTRY)
    assert not Change.objects.exists()
    for minutes, industry in ((5, "C3562"), (6, "C3562"), (7, "L7291"), (8, "C3562")):
        moves_to(made, industry, AT + dt.timedelta(minutes=minutes))
    kinds = Change.objects.order_by("turn").values_list("kind", "cause")
    assert list(kinds) == [("gained", "fact"), ("lost", "fact"), ("gained", "fact")]


def test_a_company_of_which_nothing_was_said_is_looked_at_too() -> None:
    company(1, None, None)
    publish.load(library(OF_INDUSTRY), by=SYSTEM, at=AT)
    assert recheck.run(by=SYSTEM, at=AT) == 1


def test_a_consent_that_is_revoked_takes_back_what_was_shared() -> None:
    made = company(1, None)
    by = actor_for(made.administrator, on=AT.date())
    Department.objects.create(
        code="tax", name_zh="税务局", name_en="Tax office", jurisdiction=made.enterprise.jurisdiction
    )
    consent = consents.give(
        enterprise_id=made.enterprise.pk, purpose=receiving.PURPOSE, department_codes=["tax"], by=by, at=AT
    )
    loaded()
    wan = UNITS["wan"].scale
    receiving.receive(
        department="tax",
        as_of=AT.date(),
        rows=[Row(made.enterprise.uscc, {"green_spent": 60 * wan})],
        by=SYSTEM,
        at=LATER,
    )
    react_to_all(LATER)
    assert Change.objects.get().kind == "gained"
    consents.revoke(consent.pk, by=by, at=LATER + dt.timedelta(minutes=1))
    react_to_all(LATER + dt.timedelta(minutes=1))
    assert Change.objects.get(turn=2).kind == "unknown"
