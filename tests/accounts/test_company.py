"""What a company keeps of itself: contact data, members and their roles."""

from __future__ import annotations

from typing import Any

import pytest

from qitong.accounts import company, enterprises, officers
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Enterprise, Jurisdiction, Membership, MembershipRole, User
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.accounts import cast

PHONE = "13911112222"


@pytest.fixture
def boss(park: Jurisdiction) -> User:
    return cast.registered(park).administrator


@pytest.fixture
def firm(boss: User) -> Enterprise:
    return Enterprise.objects.get()


def invited(firm: Enterprise, by: User, **changed: Any) -> Membership:
    given = {"login": PHONE, "name": "周办", "role": MembershipRole.CLERK} | changed
    return company.invite(enterprise=firm, **given, by=cast.acting(by), at=cast.AT)


def refused(call: Any, *args: Any, **given: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        call(*args, **given)
    return refusal.value


def test_somebody_new_gets_an_account_without_a_password(firm: Enterprise, boss: User) -> None:
    member = invited(firm, boss)
    assert (member.user.login, member.user.phone, member.role) == (PHONE, PHONE, "clerk")
    assert not member.user.has_usable_password()
    assert cast.kinds(f"enterprise:{firm.pk}") == ["enterprise.registered", "member.added"]


def test_somebody_who_has_an_account_is_added_under_their_own_name_only(firm: Enterprise, boss: User) -> None:
    known = officers.create_user(person=cast.newcomer("周办", login=PHONE), by=cast.SYSTEM, at=cast.AT)
    refusal = refused(invited, firm, boss, name="别人")
    assert (refusal.code, refusal.field) == ("name", "name")
    assert "周" not in str(refusal)
    assert invited(firm, boss, login="139 1111 2222").user == known
    assert known.has_usable_password()


def test_only_the_administrator_adds_people(firm: Enterprise, boss: User) -> None:
    clerk = invited(firm, boss).user
    assert refused(invited, firm, clerk, login="13911113333").code == "forbidden"
    assert refused(invited, firm, cast.user(), login="13911113333").code == "forbidden"


def test_a_role_is_changed_with_an_entry_and_only_when_it_changes(firm: Enterprise, boss: User) -> None:
    member = invited(firm, boss)
    for _ in range(2):
        company.change_role(
            membership=member, role=MembershipRole.ADMINISTRATOR, by=cast.acting(boss), at=cast.AT
        )
    entries = Entry.objects.filter(kind="member.role_changed")
    assert [entry.body for entry in entries] == [{"member": member.user.ref, "role": "administrator"}]


def test_the_last_administrator_stays_one(firm: Enterprise, boss: User) -> None:
    mine = Membership.objects.get(user=boss)
    invited(firm, boss)
    given = {"membership": mine, "by": cast.acting(boss), "at": cast.AT}
    assert refused(company.change_role, role=MembershipRole.CLERK, **given).code == "last_administrator"
    assert refused(enterprises.remove_member, **given).code == "last_administrator"


def test_somebody_removed_has_no_role_to_change(firm: Enterprise, boss: User) -> None:
    member = invited(firm, boss)
    enterprises.remove_member(membership=member, by=cast.acting(boss), at=cast.AT)
    given = {"membership": member, "role": MembershipRole.ADMINISTRATOR, "by": cast.acting(boss)}
    assert refused(company.change_role, **given, at=cast.AT).code == "not_member"


def test_a_clerk_may_change_how_the_company_is_reached(firm: Enterprise, boss: User) -> None:
    clerk = invited(firm, boss).user
    company.edit_contact(
        enterprise=firm, phone="021-5555 6666", industry_code="c1411", by=cast.acting(clerk), at=cast.AT
    )
    firm.refresh_from_db()
    assert (firm.phone, firm.industry_code) == ("021-5555 6666", "C1411")
    assert "5555" not in str(Entry.objects.get(kind="enterprise.contact_changed").body)


@pytest.mark.parametrize(
    ("phone", "industry", "field"),
    [("", "", "phone"), ("call me", "", "phone"), ("12345678", "XX", "industry_code")],
)
def test_what_is_no_number_or_no_code_is_refused(
    firm: Enterprise, boss: User, phone: str, industry: str, field: str
) -> None:
    refusal = refused(
        company.edit_contact,
        enterprise=firm,
        phone=phone,
        industry_code=industry,
        by=cast.acting(boss),
        at=cast.AT,
    )
    assert refusal.field == field


def test_another_companys_contact_is_not_ones_to_change(firm: Enterprise, boss: User) -> None:
    stranger = cast.acting(cast.user())
    assert refused(company.edit_contact, enterprise=firm, phone="12345678", by=stranger, at=cast.AT).code == (
        "forbidden"
    )


def test_the_licence_is_corrected_by_an_officer_and_not_by_the_company(
    firm: Enterprise, boss: User, window: Department
) -> None:
    officer = cast.officer(Role.SERVICE_OFFICER, window)
    new = {"name": "崇明新示范有限公司", "legal_representative": "钱法人", "address": "园区二路2号"}
    given: dict[str, Any] = {"enterprise": firm, **new, "at": cast.AT}
    assert refused(company.correct_licence, **given, by=cast.acting(boss)).code == "forbidden"
    kept = company.correct_licence(**given, by=cast.acting(officer))
    assert (kept.name, kept.legal_representative, kept.address) == tuple(new.values())
    body = Entry.objects.get(kind="enterprise.licence_corrected").body
    assert (body["was"], body["name"]) == ("崇明示范有限公司", "崇明新示范有限公司")
    assert "钱法人" not in str(body)
