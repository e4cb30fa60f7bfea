"""An enterprise registers once."""

from __future__ import annotations

import pytest

from qitong.accounts.models import Enterprise, Jurisdiction, MembershipRole, User
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.accounts import cast


def test_the_contact_becomes_the_administrator(park: Jurisdiction) -> None:
    registration = cast.registered(park, uscc=" 9111 0000 6000 3734 1l")
    assert registration.enterprise.uscc == cast.USCC
    membership = registration.enterprise.memberships.get()
    assert (membership.user, membership.role) == (registration.administrator, MembershipRole.ADMINISTRATOR)
    assert registration.administrator.check_password(cast.PASSWORD)


def test_registering_is_one_entry_without_personal_data_in_its_body(park: Jurisdiction) -> None:
    registration = cast.registered(park)
    entry = Entry.objects.get(stream=f"enterprise:{registration.enterprise.pk}")
    assert entry.kind == "enterprise.registered"
    for private in ("赵法人", "王小明", registration.administrator.login):
        assert private not in str(entry.body)


def test_a_second_registration_names_the_administrator_masked(park: Jurisdiction) -> None:
    cast.registered(park)
    with pytest.raises(Refused) as refusal:
        cast.registered(park)
    assert (refusal.value.code, refusal.value.field) == ("registered", "uscc")
    assert "王**" in str(refusal.value)
    assert "王小明" not in str(refusal.value)
    assert User.objects.count() == 1


def test_a_second_registration_without_administrator_points_to_the_window(park: Jurisdiction) -> None:
    cast.registered(park).enterprise.memberships.update(active=False)
    with pytest.raises(Refused, match="窗口"):
        cast.registered(park)


def test_a_wrong_code_is_refused_at_its_field(park: Jurisdiction) -> None:
    with pytest.raises(Refused) as refusal:
        cast.registered(park, uscc="91110000600037341A")
    assert (refusal.value.code, refusal.value.field) == ("uscc", "uscc")


def test_a_missing_address_is_refused(park: Jurisdiction) -> None:
    with pytest.raises(Refused, match="住所"):
        cast.registered(park, address="  ")


def test_a_taken_login_leaves_no_enterprise_behind(park: Jurisdiction) -> None:
    login = cast.user().login
    with pytest.raises(Refused) as refusal:
        cast.registered(park, contact=cast.newcomer(login=login))
    assert refusal.value.code == "login_taken"
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize("login", ["zhang", "12", "a@b", "１３８００００００００"])
def test_a_login_is_a_phone_number_or_a_mail_address(park: Jurisdiction, login: str) -> None:
    with pytest.raises(Refused) as refusal:
        cast.registered(park, contact=cast.newcomer(login=login))
    assert refusal.value.field == "login"


def test_the_login_fills_phone_or_mail(park: Jurisdiction) -> None:
    registration = cast.registered(park, contact=cast.newcomer(login="Wang@Corp.cn"))
    assert registration.administrator.login == "wang@corp.cn"
    assert (registration.administrator.email, registration.administrator.phone) == ("wang@corp.cn", "")


def test_somebody_signed_in_registers_a_second_enterprise(park: Jurisdiction) -> None:
    person = cast.registered(park).administrator
    cast.registered(park, uscc="N2310151MF0000000R", contact=person, by=cast.acting(person))
    assert len(cast.acting(person).administers) == 2


def test_nobody_registers_in_another_persons_name(park: Jurisdiction) -> None:
    person = cast.registered(park).administrator
    with pytest.raises(Refused) as refusal:
        cast.registered(park, uscc="N2310151MF0000000R", contact=person)
    assert refusal.value.code == "forbidden"
