"""A company that is new is judged against every policy at once: some ask for nothing it has yet to say."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts import company as own
from qitong.accounts.actors import actor_for
from qitong.accounts.models import Department, Jurisdiction
from qitong.datashare import consents
from qitong.ledger.models import Entry
from qitong.notifications.models import Message
from qitong.policies import editions, publish, receiving, recheck
from qitong.policies.change_models import Change, Holding
from qitong.policies.logic import reading
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, CODE, FOR_FARMS, SYSTEM, TEXT, library, loaded, new_company

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)
FARM, WORKS = "A0511", "C1411"


def test_what_a_new_company_can_get_is_found_and_told_once_though_it_said_nothing() -> None:
    loaded(text=FOR_FARMS)
    made = new_company(1, FARM)
    react_to_all(AT)
    react_to_all(AT)
    change = Change.objects.get()
    assert (change.policy, change.kind, change.cause, change.told) == (CODE, "gained", "registered", True)
    [message] = Message.objects.filter(kind="policy.gained")
    assert message.recipient_id == made.administrator.pk
    assert str(message.sentence).startswith("企业新登记，第1企业有限公司现在符合“绿色投入奖励”的条件")


def test_another_run_of_the_same_reaction_finds_nothing() -> None:
    loaded(text=FOR_FARMS)
    new_company(1, FARM)
    entries = list(Entry.objects.filter(kind="enterprise.registered"))
    recheck.facts_changed(entries, at=AT)
    recheck.facts_changed(entries, at=LATER)
    assert Change.objects.count() == Holding.objects.count() == 1


def test_a_new_company_that_meets_nothing_has_no_row_and_no_message() -> None:
    loaded(text=FOR_FARMS)
    new_company(1, WORKS)
    react_to_all(AT)
    assert not Change.objects.exists()
    assert not Message.objects.filter(kind="policy.gained").exists()


def test_who_registers_before_the_first_look_came_there_is_part_of_it() -> None:
    publish.load(library(FOR_FARMS), by=SYSTEM, at=AT)
    new_company(1, FARM)
    react_to_all(AT)
    recheck.run(by=SYSTEM, at=AT)
    assert Change.objects.get().cause == "installed"
    assert not Message.objects.filter(kind="policy.gained").exists()


def test_a_policy_that_is_not_yet_in_force_waits_for_its_first_day() -> None:
    loaded(text=FOR_FARMS.replace("from: 2026-01-01", "from: 2026-11-25").replace("2026-11-01", "2026-11-25"))
    new_company(1, FARM)
    react_to_all(AT)
    assert not Change.objects.exists()
    recheck.run(by=SYSTEM, at=AT + dt.timedelta(days=2))
    assert Change.objects.get().cause == "calendar"


def test_an_industry_that_is_entered_later_is_judged_at_once() -> None:
    loaded(text=FOR_FARMS)
    made = new_company(1)
    by = actor_for(made.administrator, on=AT.date())
    react_to_all(AT)
    own.edit_contact(enterprise=made.enterprise, phone="021-12345678", industry_code=FARM, by=by, at=LATER)
    react_to_all(LATER)
    assert Change.objects.get().cause == "fact"


def test_a_profile_that_a_department_supplies_is_judged_by_what_follows_from_it() -> None:
    """Its size and its age follow from industry, staff, turnover and day of registration."""
    loaded(text=FOR_SMALL_AND_YOUNG)
    made = new_company(1, WORKS)
    Department.objects.create(
        code="tax", name_zh="税务局", name_en="Tax office", jurisdiction=Jurisdiction.objects.get()
    )
    by = actor_for(made.administrator, on=AT.date())
    key, purpose = made.enterprise.pk, receiving.PURPOSE
    consents.give(enterprise_id=key, purpose=purpose, department_codes=["tax"], by=by, at=AT)
    react_to_all(AT)
    row = receiving.Row(made.enterprise.uscc, read(PROFILE))
    receiving.receive(department="tax", as_of=AT.date(), rows=[row], by=SYSTEM, at=LATER)
    react_to_all(LATER)
    change = Change.objects.get()
    assert (change.policy, change.kind, change.cause, change.told) == (CODE, "gained", "fact", True)


def read(raw: dict[str, object]) -> dict[str, object]:
    """As a department's file is read: in base units."""
    fields = editions.on_day(AT.date()).library.fields
    return {name: reading.value(fields[name], value) for name, value in raw.items()}


PROFILE: dict[str, object] = {
    "registered_on": "2025-06-01",
    "employees": 12,
    "revenue_last": 200,
    "district": "310151",
}
FOR_SMALL_AND_YOUNG = (
    TEXT.partition("inputs:")[0]
    + """\
inputs:
  size:
    name: {zh: 企业规模, en: Size}
    unit: code
    question: {zh: 企业规模？, en: Which size?}
    choices:
      large: {zh: 大型, en: Large}
      medium: {zh: 中型, en: Medium}
      small: {zh: 小型, en: Small}
      micro: {zh: 微型, en: Micro}
      other: {zh: 其他, en: Other}
  months_since_registration:
    name: {zh: 注册成立满月数, en: Months since registration}
    unit: months
    question: {zh: 成立满多少个月？, en: How many months ago?}
  district:
    name: {zh: 所在区, en: District}
    unit: code
    question: {zh: 在哪个区？, en: Which district?}
conditions:
  - {id: C1, rule: "size == 'micro' and district == '310151'", kind: hard, clause: 第三条}
  - {id: C2, rule: months_since_registration <= 36, kind: hard, clause: 第三条}
benefit: {type: subsidy, amount: 5万元, unit: wan, period: once}
examples:
  - {name: at, in: {size: micro, months_since_registration: 36, district: "310151"}, expect: eligible}
  - {name: young, like: at, in: {months_since_registration: 3}, expect: eligible, benefit: 5}
  - {name: old, in: {size: micro, months_since_registration: 37, district: "310151"}, expect: not_eligible}
  - {name: gap, in: {size: micro}, expect: unknown}
  - {name: large, like: at, in: {size: large}, expect: not_eligible, benefit: 5}
  - {name: medium, like: at, in: {size: medium}, expect: not_eligible, benefit: 5}
  - {name: small, like: at, in: {size: small}, expect: not_eligible, benefit: 5}
  - {name: other, like: at, in: {size: other}, expect: not_eligible, benefit: 5}
"""
)
