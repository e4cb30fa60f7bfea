"""What a company asked, used and could use: from what is there, as its reader may know it."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qitong.accounts.models import Department, Enterprise, User
from qitong.casework.logic.flow import CaseState
from qitong.casework.models import Case
from qitong.catalogue.models import ItemVersion
from qitong.kernel.uscc import check_character
from qitong.policies import peers, serving, suitability
from qitong.policies.choosing import lines_for
from qitong.policies.demand import Profile, profile
from qitong.policies.logic.package import Thing
from qitong.policies.models import CompanyClass, PeerUse
from qitong.policies.sections import Section
from tests.accounts import cast
from tests.accounts.cast import AT
from tests.policies.conftest import Company
from tests.policies.packaging import WANG, Served
from tests.policies.played import LIN
from tests.policies.test_what_a_company_sees import HI_TECH, PASSES

LICENCE = "business_licence"


def seen(served: Served, who: str = WANG) -> Profile:
    actor = served.stage.who(who)
    found = serving.find(actor, served.company.uscc)
    assert found is not None
    return profile(found, by=actor, on=served.stage.day())


def done(served: Served) -> None:
    stage = served.stage
    case = stage.accept(stage.submit(stage.apply(served.company.uscc, LICENCE, LIN), LIN))
    stage.review_all(case)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    stage.confirm(case, LIN)


def test_sector_and_size_and_what_is_not_known_is_said(served: Served, green: Company) -> None:
    before = seen(served)
    assert before.sector.name is not None
    assert before.sector.name.zh == "工业"
    assert before.sector.size == ""
    assert before.sector.why_unknown.text == "还缺：{facts}。"
    green.answers(employees=120, revenue_last=3000)
    after = seen(served)
    assert (after.sector.size, after.sector.why_unknown.text) == ("small", "")


def test_without_an_industry_code_it_says_so(served: Served) -> None:
    Enterprise.objects.filter(pk=served.company.pk).update(industry_code="")
    assert seen(served).sector.why_unknown.text == "企业没有填写行业代码。"


def test_what_it_asked_and_what_it_used(served: Served) -> None:
    done(served)
    served.stage.submit(served.stage.request(served.company.uscc, LIN, "门前积水", "雨后不能通行。"), LIN)
    found = seen(served)
    assert {(use.item, use.state, use.count) for use in found.asked} == {
        (LICENCE, CaseState.CLOSED, 1),
        ("", CaseState.SUBMITTED, 1),
    }
    assert [use.item for use in found.used] == [LICENCE]
    assert (Thing.ITEM, LICENCE) in found.had


def test_a_draft_is_the_companys_own(served: Served) -> None:
    served.stage.apply(served.company.uscc, LICENCE, LIN)
    assert seen(served).asked == []
    assert not seen(served).had


def test_what_it_could_use_without_what_it_declined(served: Served, green: Company) -> None:
    green.answers(**PASSES)
    now = {match.entry.policy.id for match in seen(served).sections[Section.NOW]}
    assert HI_TECH in now
    suitability.declare(
        enterprise_id=served.company.pk,
        thing=Thing.POLICY,
        code=HI_TECH,
        reason="no_need",
        by=served.stage.who(LIN),
        at=served.stage.tick(),
    )
    found = seen(served)
    assert all(match.entry.policy.id != HI_TECH for part in found.sections.values() for match in part)
    assert (Thing.POLICY, HI_TECH) in found.unsuitable
    assert {one.spec.name for one in found.answered} == set(PASSES)


@pytest.mark.parametrize("who", ["hg.reviewer", "fgw.head", "wu.hong", "policy"])
def test_officers_elsewhere_find_no_such_company(served: Served, who: str) -> None:
    assert serving.find(served.stage.who(who), served.company.uscc) is None
    assert not serving.companies_of(served.stage.who(who)).exists()


@pytest.mark.parametrize("who", [WANG, "chen.jing", "sun.lei", "zhou.jun"])
def test_the_window_and_the_leader_of_the_place_find_it(served: Served, who: str) -> None:
    assert serving.find(served.stage.who(who), served.company.uscc) == served.company
    assert served.company in serving.companies_of(served.stage.who(who))


def neighbours(served: Served, count: int, code: str, first: int) -> list[Enterprise]:
    """Companies of an industry, their size unknown."""
    made = []
    for number in range(first, first + count):
        begun = f"91310151MA{number:07d}"
        found = cast.registered(
            served.company.jurisdiction,
            uscc=begun + check_character(begun),
            name=f"邻居{number}有限公司",
            contact=cast.newcomer(login=f"1880{number:07d}"),
        ).enterprise
        Enterprise.objects.filter(pk=found.pk).update(industry_code=code)
        made.append(found)
    return made


def used(companies: list[Enterprise], item: str) -> None:
    """Each has a finished case of this item."""
    version = ItemVersion.objects.filter(code=item).latest("pk")
    window = Department.objects.get(is_window=True)
    day = AT.date()
    Case.objects.bulk_create(
        Case(
            kind="application",
            state="closed",
            enterprise=one,
            item_version=version,
            number=f"QT26-{item[:4].upper()}-{one.pk}",
            created_at=AT,
            created_by=one.memberships.get().user,
            submitted_at=AT,
            received_on=day,
            window=window,
            owner=User.objects.get(login="wang.fang@qitong.example"),
            contact_due_on=day,
            plan_due_on=day,
            accepted_at=AT,
            promise_from=day,
            promise_due_on=day,
            promise_days=1,
            decided_at=AT,
            closed_at=AT,
        )
        for one in companies
    )


def test_what_five_others_alike_use_more_is_proposed_and_what_four_use_is_not(served: Served) -> None:
    alike = neighbours(served, 6, "C3599", 1)
    neighbours(served, 5, "I6510", 20)
    used(alike[:5], "customs_filing")
    used(alike[:4], "export_tax_refund")
    peers.count(at=served.stage.at)
    assert seen(served).peers_use == ("customs_filing",)
    assert "customs_filing" in {line.code for line in lines_for(seen(served))}


def test_what_the_company_has_used_itself_is_not_proposed(served: Served) -> None:
    used([*neighbours(served, 6, "C3599", 1), served.company], "customs_filing")
    neighbours(served, 5, "I6510", 20)
    peers.count(at=served.stage.at)
    assert seen(served).peers_use == ()


def test_four_companies_of_a_sector_are_not_compared_with(served: Served) -> None:
    used(neighbours(served, 4, "C3599", 1), "customs_filing")
    neighbours(served, 9, "I6510", 20)
    peers.count(at=served.stage.at)
    assert seen(served).peers_use == ()


def test_counting_equals_a_naive_count_and_does_not_grow(served: Served) -> None:
    alike, others = neighbours(served, 6, "C3599", 1), neighbours(served, 5, "I6510", 20)
    used([*alike[:3], others[0]], "customs_filing")
    used(alike[:2], "export_tax_refund")
    peers.count(at=served.stage.at)
    peers.count(at=served.stage.at)
    naive: Counter[tuple[str, str, str]] = Counter()
    for one in Enterprise.objects.all():
        items = set(
            Case.objects.filter(enterprise=one, state="closed").values_list("item_version__code", flat=True)
        )
        division = one.industry_code[1:3]
        for place in {"", division}:
            naive.update((place, "", item) for item in {"", *map(str, items)})
    counted = {(r.division, r.size, r.item): r.companies for r in PeerUse.objects.all()}
    assert counted == dict(naive)


def test_queries_stay_the_same_however_many_companies_and_cases(served: Served) -> None:
    def asked() -> int:
        seen(served)
        with CaptureQueriesContext(connection) as queries:
            seen(served)
        return len(queries)

    peers.count(at=served.stage.at)
    few = asked()
    done(served)
    neighbours(served, 8, "C3599", 1)
    peers.count(at=served.stage.at)
    assert asked() == few
    assert CompanyClass.objects.count() > 8
    assert PeerUse.objects.exists()
