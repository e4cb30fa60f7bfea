"""A department's figures find two policies for a company: one it is granted, one its clerk has yet to open.

They exclude each other, so its page says which of the two brings more.
"""

from __future__ import annotations

from qitong.accounts.actors import Actor
from qitong.casework.models import Case
from qitong.datashare import consents
from qitong.demo.policies import answer
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.ledger.models import Entry
from qitong.notifications.compose import tell
from qitong.notifications.inbox import mark_read
from qitong.policies import applying, editions, opening, receiving, recheck
from qitong.policies.change_models import Change
from qitong.policies.facts import GIVEN
from qitong.policies.logic import keeping
from qitong.policies.logic.keeping import Given
from qitong.policies.receiving import PURPOSE, SHARED, Receipt, Row

TAKES = 9
TITLE, RATE = "hi_tech_enterprise", "small_low_profit_cit"
SAID: dict[str, Given] = {
    "registered_on": "2023-03-06",
    "employees": 42,
    "revenue_last": 2860,
    "tech_staff": 9,
    "core_ip_owned": 3,
    "in_supported_field": True,
    "hitech_income_last": 2240,
    "rd_domestic_3y": 412,
    "major_incident_1y": False,
    "restricted_industry": False,
}
"""What the company says itself, in the units of the facts (万元)."""
ACCOUNTS: dict[str, Given] = {"rd_3y": 412, "sales_3y": 6900, "total_income_last": 2900}
RETURNS: dict[str, Given] = {"taxable_income_wan": "286.5", "avg_headcount": 42, "avg_assets_wan": 3180}
"""What the tax office holds: of the last accounts, then of this year's returns."""


def figures_find_policies(stage: Stage) -> Case | None:
    """The company consents; each delivery brings it a policy, and for the first it goes all the way.

    None in an older demonstration, where somebody has said otherwise meanwhile and nothing is gained.
    """
    recheck.run(by=Actor.system("policies"), at=stage.tick())
    last = _last()
    answer(stage, GREEN, GREEN_CLERK, SAID)
    _judged(stage, last, GIVEN)
    company = stage.cast.company(GREEN).pk
    consents.give(
        enterprise_id=company,
        purpose=PURPOSE,
        department_codes=["sw"],
        by=stage.who(GREEN_CLERK),
        at=stage.tick(),
    )
    delivered(stage, ACCOUNTS)
    case = _granted(stage, company)
    delivered(stage, RETURNS)
    return case


def delivered(stage: Stage, figures: dict[str, Given]) -> Receipt:
    """The tax office supplies figures of today, and who gains by them is told."""
    last = _last()
    fields = editions.on_day(stage.day()).library.fields
    row = Row(GREEN, {name: keeping.value(fields[name], value) for name, value in figures.items()})
    by = Actor.system("feed")
    receipt = receiving.receive(department="sw", as_of=stage.day(), rows=[row], by=by, at=stage.tick())
    last = _judged(stage, last, SHARED)
    tell(_since(last, "policy.gained"), at=stage.tick(1))
    return receipt


def _last() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _since(last: int, kind: str) -> list[Entry]:
    return list(Entry.objects.filter(kind=kind, pk__gt=last).order_by("pk"))


def _judged(stage: Stage, last: int, kind: str) -> int:
    """What a worker does within a second of entries of this kind; the last entry before that."""
    before = _last()
    recheck.facts_changed(_since(last, kind), at=stage.tick(1))
    return before


def _granted(stage: Stage, company: int) -> Case | None:
    """From the message to the policy, from there to the application, and to the result."""
    clerk = stage.days(1).who(GREEN_CLERK)
    change = Change.objects.filter(enterprise=company, policy=TITLE, told=True).order_by("-pk").first()
    if change is None:
        return None
    mark_read(by=clerk, at=stage.tick())
    opening.opened(change_id=change.pk, enterprise_id=company, policy=TITLE, by=clerk, at=stage.tick())
    case = applying.apply(enterprise_id=company, policy=TITLE, by=clerk, at=stage.tick(3))
    stage.fill(case, GREEN_CLERK)
    stage.submit(case, GREEN_CLERK)
    stage.accept(case)
    stage.days(2)
    stage.review_all(case)
    stage.days(1)
    stage.decide(case, "kw.head")
    stage.days(1)
    stage.deliver(case)
    return stage.confirm(case, GREEN_CLERK)
