"""Tokens carry one role in one place, and no longer than their user does."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts import officers, tokens
from qitong.accounts.actors import Grant, actor_for_token
from qitong.accounts.enterprises import add_member, remove_member
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import ApiToken, Department, Jurisdiction, User
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.accounts import cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def reviewer(market: Department, window: Department) -> User:
    person = cast.officer(Role.REVIEWER, market)
    officers.grant_role(user=person, role=Role.DUTY_OFFICER, department=window, by=cast.SYSTEM, at=cast.AT)
    return person


def reviewers_token(user: User, department: Department) -> tuple[ApiToken, str]:
    return tokens.create(
        name="审批系统",
        user=user,
        role=Role.REVIEWER,
        department=department,
        days=90,
        by=cast.SYSTEM,
        at=cast.AT,
    )


def test_a_token_has_only_its_own_role(reviewer: User, market: Department) -> None:
    token, raw = reviewers_token(reviewer, market)
    actor = actor_for_token(raw, at=cast.AT)
    assert actor is not None
    assert actor.ref == f"token:{token.pk}"
    assert actor.user_id == reviewer.pk
    assert actor.roles == {Grant(Role.REVIEWER, market.pk)}


def test_only_the_digest_is_kept(reviewer: User, market: Department) -> None:
    token, raw = reviewers_token(reviewer, market)
    assert raw.startswith(token.prefix)
    assert raw not in str(ApiToken.objects.values().get())
    assert raw not in str(list(Entry.objects.values_list("body", flat=True)))


def test_a_token_ends_when_it_expires(reviewer: User, market: Department) -> None:
    _, raw = reviewers_token(reviewer, market)
    assert actor_for_token(raw, at=cast.AT + 90 * DAY - dt.timedelta(seconds=1)) is not None
    assert actor_for_token(raw, at=cast.AT + 90 * DAY) is None


def test_a_revoked_token_opens_nothing(reviewer: User, market: Department) -> None:
    token, raw = reviewers_token(reviewer, market)
    tokens.revoke(token=token, by=cast.acting(reviewer), at=cast.AT)
    assert actor_for_token(raw, at=cast.AT) is None
    with pytest.raises(Refused) as refusal:
        tokens.revoke(token=token, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "revoked"


def test_a_token_ends_with_the_role_it_carries(reviewer: User, market: Department) -> None:
    _, raw = reviewers_token(reviewer, market)
    held = reviewer.role_assignments.get(role=Role.REVIEWER)
    officers.revoke_role(assignment=held, by=cast.SYSTEM, at=cast.AT)
    assert actor_for_token(raw, at=cast.AT) is None


def test_a_token_ends_with_its_users_account(reviewer: User, market: Department) -> None:
    _, raw = reviewers_token(reviewer, market)
    officers.close_user(user=reviewer, by=cast.SYSTEM, at=cast.AT)
    assert actor_for_token(raw, at=cast.AT) is None


def test_a_guessed_token_is_nobody(db: None) -> None:
    assert actor_for_token("qt_guess", at=cast.AT) is None


def test_the_last_day_of_use_is_noted(reviewer: User, market: Department) -> None:
    token, raw = reviewers_token(reviewer, market)
    actor_for_token(raw, at=cast.AT + 3 * DAY)
    token.refresh_from_db()
    assert token.last_used_on == cast.TODAY + 3 * DAY


def test_a_token_is_not_more_than_its_user(reviewer: User, window: Department) -> None:
    with pytest.raises(Refused) as refusal:
        reviewers_token(reviewer, window)
    assert refusal.value.code == "role"


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_lives_from_a_day_to_a_year(reviewer: User, market: Department, days: int) -> None:
    with pytest.raises(Refused) as refusal:
        tokens.create(
            name="x",
            user=reviewer,
            role=Role.REVIEWER,
            department=market,
            days=days,
            by=cast.SYSTEM,
            at=cast.AT,
        )
    assert refusal.value.field == "days"


def test_a_companys_token_acts_for_that_company_while_its_clerk_is_a_member(park: Jurisdiction) -> None:
    own = cast.registered(park)
    by = cast.acting(own.administrator)
    clerk = add_member(enterprise=own.enterprise, person=cast.newcomer(), by=by, at=cast.AT)
    _, raw = tokens.create(
        name="ERP",
        user=clerk.user,
        role=Role.ENTERPRISE,
        enterprise=own.enterprise,
        days=30,
        by=by,
        at=cast.AT,
    )
    actor = actor_for_token(raw, at=cast.AT)
    assert actor is not None
    assert actor.enterprise_ids == {own.enterprise.pk}
    assert not actor.administers
    assert not actor.is_officer
    remove_member(membership=clerk, by=by, at=cast.AT)
    assert actor_for_token(raw, at=cast.AT) is None


def test_an_officer_does_not_make_tokens_alone(reviewer: User, market: Department) -> None:
    with pytest.raises(Refused) as refusal:
        tokens.create(
            name="x",
            user=reviewer,
            role=Role.REVIEWER,
            department=market,
            days=9,
            by=cast.acting(reviewer),
            at=cast.AT,
        )
    assert refusal.value.code == "forbidden"


def test_a_token_does_not_set_its_users_password(reviewer: User, market: Department) -> None:
    _, raw = reviewers_token(reviewer, market)
    actor = actor_for_token(raw, at=cast.AT)
    assert actor is not None
    with pytest.raises(Refused) as refusal:
        officers.set_password(user=reviewer, password=cast.PASSWORD, by=actor, at=cast.AT)
    assert refusal.value.code == "forbidden"
