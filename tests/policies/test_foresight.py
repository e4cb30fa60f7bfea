"""A quarter ahead: what begins, changes, ends and opens, drafts, and for how many companies it would be."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.automation.schedule import look_ahead
from qitong.policies import drafting, foresight, outlooks, publish
from qitong.policies.check import packaged
from qitong.policies.foresight import Item
from qitong.policies.logic.coming import Sort
from qitong.policies.logic.quarters import Quarter
from qitong.policies.models import Estimate, Outlook
from tests.policies.desk import AT, CODE, SYSTEM, TEXT, company, editors, library, loaded, published, turned

pytestmark = pytest.mark.django_db
NEXT = Quarter(2027, 1)
OPENS = TEXT.replace("open: 2026-11-01, close: 2026-12-15", "open: 2027-02-01, close: 2027-03-15")


def coming(quarter: Quarter, at: dt.datetime = AT) -> list[tuple[str, str, str]]:
    return [
        (item.coming.sort.value, item.coming.policy, str(item.coming.first))
        for item in foresight.of_quarter(quarter, at.date())
    ]


def estimate(quarter: Quarter = NEXT) -> Estimate:
    found = foresight.counted(quarter)
    return next(iter(found.estimates.values()))


def test_what_ends_this_quarter_and_what_is_expected_next_summer() -> None:
    publish.load(packaged(), by=SYSTEM, at=AT)
    ends = [row for row in coming(Quarter(2026, 4)) if row[0] == "ends"]
    assert ends == [
        ("ends", "job_expansion_2026", "2026-12-31"),
        ("ends", "job_stabilisation_2026", "2026-12-31"),
    ]
    assert coming(Quarter(2027, 2)) == [
        ("expected", "little_giant_2026", "2027-04-25"),
        ("expected", "tech_sme", "2027-06-01"),
    ]


def test_what_replaces_a_policy_that_ends_is_named() -> None:
    publish.load(packaged(), by=SYSTEM, at=AT.replace(year=2025))
    items = foresight.of_quarter(Quarter(2026, 1), AT.replace(year=2025).date())
    ended = {item.coming.policy: item for item in items if item.coming.sort is Sort.ENDS}
    successor = ended["srdi_sme_2022"].successor
    assert successor is not None
    assert successor.policy.id == "srdi_sme_2026"
    begins = {item.coming.policy for item in items if item.coming.sort is Sort.BEGINS}
    assert {"vat_small_scale_1pct", "import_rd_exemption_2026"} <= begins


def test_a_version_published_ahead_and_a_draft_are_in_their_quarter() -> None:
    loaded()
    author, publisher = editors()
    published(turned("4", author), by=publisher, on=dt.date(2027, 2, 1))
    assert coming(NEXT) == [("changes", CODE, "2027-02-01")]
    drafting.begin(code=CODE, by=author, at=AT)
    assert coming(NEXT) == [("changes", CODE, "2027-02-01"), ("draft", CODE, "2027-01-01")]
    assert coming(Quarter(2027, 2)) == [("draft", CODE, "2027-04-01")]


def test_companies_are_counted_as_of_the_day_by_what_is_known_today() -> None:
    company(1, 60)
    company(2, 40)
    company(3, None)
    company(4, None, None)
    loaded(text=OPENS)
    look_ahead(at=AT)
    one = estimate()
    assert (one.judged_on, one.sort) == (dt.date(2027, 2, 1), "window")
    assert (one.eligible, one.manual, one.unknown, one.near) == (1, 0, 1, 1)
    assert one.missing == {"green_spent": 1}
    assert (one.outlook.registered, one.outlook.judged, one.outlook.facts_on) == (4, 3, AT.date())


def test_a_version_that_comes_is_what_they_are_counted_by() -> None:
    company(2, 40)
    loaded()
    author, publisher = editors()
    published(turned("4", author), by=publisher, on=dt.date(2027, 2, 1))
    outlooks.run(at=AT)
    assert (estimate().sort, estimate().eligible) == ("changes", 1)


def test_it_is_counted_once_until_something_is_published_written_or_a_week_old() -> None:
    company(1, 60)
    loaded(text=OPENS)
    outlooks.run(at=AT)
    first = Outlook.objects.get(quarter=str(NEXT))
    outlooks.run(at=AT + dt.timedelta(days=6))
    assert Outlook.objects.get(quarter=str(NEXT)) == first
    outlooks.run(at=AT + dt.timedelta(days=7))
    weekly = Outlook.objects.get(quarter=str(NEXT))
    assert weekly.facts_on == AT.date() + dt.timedelta(days=7)
    publish.load(
        library(
            OPENS.replace("5%", "7%")
            .replace("spent: 50,", "spent: 70,")
            .replace("benefit: 5}", "benefit: 7}")
            .replace("spent: 49.999999", "spent: 69.999999")
            .replace("benefit: 4.9999999", "benefit: 6.9999999")
        ),
        by=SYSTEM,
        at=AT + dt.timedelta(days=8),
    )
    item = next(iter(foresight.of_quarter(NEXT, AT.date() + dt.timedelta(days=8))))
    assert foresight.counted(NEXT).of(item) is None  # the page says that it is counted anew
    outlooks.run(at=AT + dt.timedelta(days=8))
    assert estimate().eligible == 0
    assert Outlook.objects.filter(quarter=str(NEXT)).count() == 1


def test_a_count_that_stopped_goes_on_and_the_last_one_is_shown_meanwhile() -> None:
    for number in range(1, 6):
        company(number, 60)
    loaded(text=OPENS)
    outlooks.run(at=AT)
    later = AT + dt.timedelta(days=8)
    made = outlooks.ask(NEXT, at=later)
    assert made is not None
    assert outlooks.step(made.pk, at=later, batch=2)
    found = foresight.counted(NEXT)
    assert found.outlook is not None
    assert found.under_way is not None
    assert (found.outlook.facts_on, found.under_way.judged) == (AT.date(), 2)
    outlooks.run(at=later, batch=2)
    assert (estimate().eligible, estimate().outlook.judged) == (5, 5)


def test_what_changed_while_it_was_counted_is_begun_anew() -> None:
    company(1, 60)
    loaded(text=OPENS)
    made = outlooks.ask(NEXT, at=AT)
    assert made is not None
    author, _ = editors()
    drafting.begin(code=CODE, by=author, at=AT)
    assert not outlooks.step(made.pk, at=AT)
    assert not Outlook.objects.filter(pk=made.pk).exists()
    outlooks.run(at=AT)
    assert {row.sort for row in foresight.counted(NEXT).estimates.values()} == {"window", "draft"}


def test_a_policy_published_ahead_of_its_first_day_begins_then() -> None:
    publish.load(library(), by=SYSTEM, at=AT, effective_on=dt.date(2027, 1, 4))
    items: list[Item] = foresight.of_quarter(NEXT, AT.date())
    assert [(item.coming.sort, item.coming.first) for item in items] == [(Sort.BEGINS, dt.date(2027, 1, 4))]
