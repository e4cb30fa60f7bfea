"""The calendar moves: whose fact goes out of date, or who comes of age, is judged on that day alone."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.accounts.actors import actor_for
from qitong.accounts.enterprises import Registration
from qitong.automation.schedule import judge_again
from qitong.kernel.limits import SHANGHAI
from qitong.policies import editions, facts, gathering, lapsing, publish, recheck
from qitong.policies.change_models import Change, Holding
from qitong.policies.check import packaged
from qitong.policies.logic.keeping import Given
from qitong.policies.logic.lapses import moves_on
from qitong.policies.logic.units import Kind
from qitong.policies.models import CompanyFact, Lapse
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, CODE, SYSTEM, TEXT, company, library, loaded

pytestmark = pytest.mark.django_db
REST = """\
inputs:
  months_since_registration:
    name: {zh: 注册成立满月数, en: Full months since registration}
    unit: months
    question: {zh: 注册满几个月？, en: How many full months since registration?}
conditions:
  - {id: C1, rule: months_since_registration >= 12, kind: hard, clause: 第三条}
benefit: {type: subsidy, amount: 5万元, unit: wan, period: once}
examples:
  - {name: at, in: {months_since_registration: 12}, expect: eligible, benefit: 5}
  - {name: old, in: {months_since_registration: 24}, expect: eligible, benefit: 5}
  - {name: young, in: {months_since_registration: 11}, expect: not_eligible}
  - {name: gap, in: {}, expect: unknown}
"""
AGED = TEXT.partition("inputs:")[0] + REST
OLDER = AGED.replace(">= 12", ">= 18").replace(": 12}", ": 18}").replace(": 11}", ": 17}")
NEW_YEAR = dt.datetime(2027, 1, 1, 0, 5, tzinfo=SHANGHAI)


def answered(made: Registration, at: dt.datetime = AT, **given: Given | None) -> None:
    by = actor_for(made.administrator, on=at.date())
    for name, value in given.items():
        facts.answer(enterprise_id=made.enterprise.pk, name=name, value=value, by=by, at=at)


def due() -> dict[str, str]:
    return {row.name: str(row.due_on) for row in Lapse.objects.all()}


def test_the_next_day_is_kept_with_the_fact_and_moves_with_a_new_answer() -> None:
    made = company(1, None, None)
    publish.load(packaged(), by=SYSTEM, at=AT)
    answered(made, rd_last=100, is_hi_tech=True, registered_on="2026-03-31", tech_staff=None)
    assert due() == {
        "rd_last": "2027-01-01",
        "is_hi_tech": "2027-11-25",
        "registered_on": "2027-03-31",  # twelve months are full
    }
    answered(made, AT + dt.timedelta(days=2), is_hi_tech=False, rd_last=None)
    assert due() == {"is_hi_tech": "2027-11-27", "registered_on": "2027-03-31"}


def test_last_years_figure_is_out_of_date_on_new_years_day_and_just_that_company_is_judged() -> None:
    made, other = company(1, None, None), company(2, 60)
    loaded()
    answered(made, green_spent=60, green_sales=1000)
    react_to_all(AT)
    assert Holding.objects.get(enterprise=made.enterprise).holds
    lapsing.run(by=SYSTEM, at=NEW_YEAR - dt.timedelta(minutes=10))
    assert Holding.objects.get(enterprise=made.enterprise).holds
    lapsing.run(by=SYSTEM, at=NEW_YEAR)
    change = Change.objects.get(enterprise=made.enterprise, turn=2)
    assert (change.kind, change.cause, change.policy, change.told) == ("unknown", "calendar", CODE, False)
    # The other one's facts were written past the action, so no day was set for them: it was not looked at.
    assert not Change.objects.filter(enterprise=other.enterprise, turn=2).exists()
    assert due() == {}


def test_a_missed_day_is_made_up_for_and_not_twice() -> None:
    made = company(1, None, None)
    loaded()
    answered(made, green_spent=60, green_sales=1000)
    react_to_all(AT)
    judge_again(at=NEW_YEAR + dt.timedelta(days=40))
    judge_again(at=NEW_YEAR + dt.timedelta(days=41))
    assert Change.objects.filter(enterprise=made.enterprise).count() == 2


def test_who_comes_of_age_gains_on_that_day_and_is_told() -> None:
    made = company(1, None, None)
    loaded(text=AGED)
    answered(made, registered_on="2026-01-15")
    react_to_all(AT)
    assert not Holding.objects.exists()
    assert due() == {"registered_on": "2027-01-15"}
    at = dt.datetime(2027, 1, 15, 0, 10, tzinfo=SHANGHAI)
    lapsing.run(by=SYSTEM, at=at)
    assert Change.objects.get().kind == "gained"
    assert due() == {"registered_on": "2027-02-15"}  # thirteen months: where "at most twelve" would end
    from qitong.notifications.models import Message

    react_to_all(at)
    assert str(Message.objects.get().sentence).startswith("日期到了，第1企业有限公司现在符合")


def test_a_new_version_that_asks_for_another_age_sets_the_days_anew() -> None:
    made = company(1, None, None)
    loaded(text=AGED)
    answered(made, registered_on="2026-01-15")
    later = AT + dt.timedelta(days=1)
    publish.load(library(OLDER), by=SYSTEM, at=later)
    recheck.run(by=SYSTEM, at=later)
    assert due() == {"registered_on": "2027-07-15"}


def test_companies_that_are_not_due_cost_nothing() -> None:
    loaded()
    few = [company(number, None, None) for number in range(1, 4)]
    for made in few:
        answered(made, green_spent=60, green_sales=1000)
    with CaptureQueriesContext(connection) as asked:
        assert lapsing.run(by=SYSTEM, at=AT) == 0
    assert len(asked) <= 3  # begin, what is due, end


def test_many_of_one_day_are_taken_in_batches() -> None:
    loaded()
    for number in range(1, 6):
        answered(company(number, None, None), green_spent=60, green_sales=1000)
    assert lapsing.run(by=SYSTEM, at=NEW_YEAR, batch=3) == 5
    assert not Lapse.objects.exists()


def test_the_days_of_figures_are_those_that_the_logic_says_of_each() -> None:
    publish.load(packaged(), by=SYSTEM, at=AT)
    random, on = Random(5), AT.date()
    fields = editions.on_day(on).library.fields
    figures = sorted(name for name, spec in fields.items() if spec.kind is not Kind.DATE)
    made = [company(number, None, None).enterprise for number in range(1, 9)]
    rows = [
        CompanyFact(
            enterprise=random.choice(made),
            name=random.choice(figures),
            year=random.choice([None, on.year - 2, on.year - 1, on.year, on.year + 1]),
            value=random.choice([None, 5]),
            unit="wan",
            source="profile",
            as_of=on + dt.timedelta(days=random.choice([-800, -400, -366, -100, -92, -1, 0, 1, 40, 400])),
            given_at=AT + dt.timedelta(seconds=random.randrange(5)),
        )
        for _ in range(1500)
    ]
    CompanyFact.objects.bulk_create(rows)
    keys = [each.pk for each in made]
    Lapse.objects.create(enterprise=made[0], name="renamed", due_on=on)
    wanted: dict[tuple[int, str], dt.date] = {}
    for row in gathering.newest(keys):
        day = moves_on(fields[row.name], year=row.year, as_of=row.as_of, on=on)
        if day is not None and row.value is not None:
            key = row.enterprise_id, row.name
            wanted[key] = min(day, wanted.get(key, day))
    for _ in range(2):  # what is planned anew is moved, or gone
        lapsing.plan(keys, [*figures, "renamed"], on=on)
        assert {(row.enterprise_id, row.name): row.due_on for row in Lapse.objects.all()} == wanted
        Lapse.objects.update(due_on=on)
    assert len(wanted) > 100
