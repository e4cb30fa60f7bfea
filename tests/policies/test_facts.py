"""What a company says is kept exactly, with its year and its day; a new answer supersedes, none is lost."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry, Text
from qitong.policies import facts
from qitong.policies.check import packaged
from qitong.policies.logic import keeping
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.models import CompanyFact
from tests.policies.conftest import Company
from tests.policies.played import HE


def test_zero_and_no_are_values_and_do_not_know_is_an_answer(green: Company) -> None:
    green.answers(core_ip_owned=0, is_hi_tech=False, tech_staff=None)
    mine = green.sees()
    assert mine.facts["core_ip_owned"] == 0
    assert mine.facts["is_hi_tech"] is False
    assert mine.facts.get("tech_staff") is None
    assert mine.known["tech_staff"].value is None


def test_a_new_answer_counts_and_the_old_one_stays(green: Company) -> None:
    green.answers(rd_3y="500")
    green.answers(rd_3y="499.999999")
    assert green.sees().facts["rd_3y"] == 499_999_999
    assert [row.value for row in CompanyFact.objects.order_by("pk")] == [500, "499.999999"]


def test_the_same_answer_twice_on_a_day_is_one(green: Company) -> None:
    assert green.answers(employees=80) == green.answers(employees=80)
    assert Entry.objects.filter(kind="policy.fact_given").count() == 1


def test_the_figure_stands_beside_the_ledger(green: Company) -> None:
    green.answers(sales_last="4321.5")
    entry = Entry.objects.get(kind="policy.fact_given")
    assert "4321.5" not in str(entry.body)
    assert entry.body["fact"] == "sales_last"
    assert Text.objects.get(entry=entry, name="value").text == '"4321.5"'


def test_last_years_figure_is_not_this_years_next_year(green: Company) -> None:
    fact = green.answers(sales_last=100)
    assert fact.year == 2025
    assert green.sees(dt.date(2026, 12, 31)).facts.get("sales_last") == 100_000_000
    assert green.sees(dt.date(2027, 1, 1)).facts.get("sales_last") is None


def test_what_was_true_of_the_last_twelve_months_is_asked_again_after_a_quarter(green: Company) -> None:
    green.answers(major_incident_1y=False)
    day = green.stage.day()
    assert green.sees(day + dt.timedelta(days=92)).facts["major_incident_1y"] is False
    assert green.sees(day + dt.timedelta(days=93)).facts.get("major_incident_1y") is None


def test_who_does_not_know_is_asked_again_after_a_month(green: Company) -> None:
    green.answers(tech_staff=None)
    day = green.stage.day()
    assert "tech_staff" in green.sees(day + dt.timedelta(days=30)).known
    assert "tech_staff" not in green.sees(day + dt.timedelta(days=31)).known


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("employees", "many"),
        ("employees", "1.5"),
        ("employees", -1),
        ("sales_last", "NaN"),
        ("sales_last", "1e99"),
        ("is_hi_tech", "yes"),
        ("registered_on", "2026-02-30"),
        ("size", "giant"),
        ("core_ip_owned", True),
    ],
)
def test_what_cannot_be_the_fact_is_refused_at_its_place(green: Company, name: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        green.answers(**{name: value})
    assert refused.value.field == name
    assert not CompanyFact.objects.exists()


def test_a_fact_nobody_asks_for_is_refused(green: Company) -> None:
    with pytest.raises(Refused, match="shoe_size"):
        green.answers(shoe_size=42)


def test_nobody_answers_for_another_company(green: Company) -> None:
    with pytest.raises(Refused) as refused:
        facts.answer(
            enterprise_id=green.enterprise.pk,
            name="employees",
            value=1,
            by=green.stage.who(HE),
            at=green.stage.at,
        )
    assert refused.value.code == "forbidden"


def test_what_was_said_is_not_rewritten(green: Company) -> None:
    green.answers(employees=80)
    with pytest.raises(DatabaseError, match="stay as they were"), transaction.atomic():
        CompanyFact.objects.update(value=90)


def test_the_database_keeps_no_binary_fraction(green: Company) -> None:
    fact = green.answers(employees=80)
    fact.pk, fact.value = None, 4.2
    with pytest.raises(IntegrityError, match="fact_value_is_exact"), transaction.atomic():
        fact.save(force_insert=True)


_SPECS = [spec for spec in packaged().fields.values() if spec.of.most]


@given(st.sampled_from(_SPECS), st.data())
def test_every_number_comes_back_as_it_was_given(spec: FieldSpec, data: st.DataObject) -> None:
    """Kept in the fact's unit and read again, whatever its digits."""
    least, most = (int(Fraction(bound) * spec.grain) for bound in (spec.least, spec.most))
    base = Fraction(data.draw(st.integers(least, most)), spec.grain)
    stored = keeping.kept(spec, base if base.denominator > 1 else int(base))
    assert not isinstance(stored, float)
    assert keeping.known(spec, spec.unit, stored) == base
    assert keeping.value(spec, str(stored)) == base
