"""Who acts for an enterprise."""

from __future__ import annotations

import pytest

from qitong.accounts.actors import Actor
from qitong.accounts.enterprises import Registration, add_member, remove_member
from qitong.accounts.models import Jurisdiction, MembershipRole
from qitong.accounts.queries import members
from qitong.kernel.errors import Refused
from tests.accounts import cast


@pytest.fixture
def own(park: Jurisdiction) -> Registration:
    return cast.registered(park)


def test_the_administrator_adds_a_clerk(own: Registration) -> None:
    by = cast.acting(own.administrator)
    added = add_member(enterprise=own.enterprise, person=cast.newcomer("周经办"), by=by, at=cast.AT)
    assert added.role == MembershipRole.CLERK
    assert [m.user.name for m in members(own.enterprise)] == ["王小明", "周经办"]
    assert cast.kinds(f"enterprise:{own.enterprise.pk}") == ["enterprise.registered", "member.added"]


def test_a_clerk_may_not_add_anybody(own: Registration) -> None:
    clerk = add_member(enterprise=own.enterprise, person=cast.newcomer(), by=cast.SYSTEM, at=cast.AT).user
    with pytest.raises(Refused, match="企业管理员"):
        add_member(enterprise=own.enterprise, person=cast.newcomer(), by=cast.acting(clerk), at=cast.AT)


def test_a_member_is_not_added_twice(own: Registration) -> None:
    with pytest.raises(Refused) as refusal:
        add_member(enterprise=own.enterprise, person=own.administrator, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "member"


def test_somebody_removed_loses_access_and_can_come_back(own: Registration) -> None:
    by = cast.acting(own.administrator)
    added = add_member(enterprise=own.enterprise, person=cast.newcomer(), by=by, at=cast.AT)
    remove_member(membership=added, by=by, at=cast.AT)
    assert not cast.acting(added.user).enterprise_ids
    back = add_member(
        enterprise=own.enterprise, person=added.user, role=MembershipRole.ADMINISTRATOR, by=by, at=cast.AT
    )
    assert back.pk == added.pk
    assert cast.acting(added.user).administers == {own.enterprise.pk}


def test_nobody_is_removed_twice(own: Registration) -> None:
    added = add_member(enterprise=own.enterprise, person=cast.newcomer(), by=cast.SYSTEM, at=cast.AT)
    remove_member(membership=added, by=cast.SYSTEM, at=cast.AT)
    with pytest.raises(Refused) as refusal:
        remove_member(membership=added, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "not_member"


def test_the_last_administrator_stays(own: Registration) -> None:
    add_member(enterprise=own.enterprise, person=cast.newcomer(), by=cast.SYSTEM, at=cast.AT)
    with pytest.raises(Refused) as refusal:
        remove_member(membership=own.administrator.memberships.get(), by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "last_administrator"


def test_a_stranger_removes_nobody(own: Registration) -> None:
    with pytest.raises(Refused) as refusal:
        remove_member(membership=own.administrator.memberships.get(), by=Actor.visitor(), at=cast.AT)
    assert refusal.value.code == "forbidden"
