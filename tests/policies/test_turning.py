"""What a company says, or a day that comes, is judged at once where it matters and nowhere else."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts.actors import actor_for
from qitong.accounts.enterprises import Registration
from qitong.notifications.models import Message
from qitong.policies import facts, gathering, recheck
from qitong.policies.change_models import Change
from tests.accounts import cast
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, CODE, SYSTEM, TEXT, company, library, loaded

pytestmark = pytest.mark.django_db


def answered(made: Registration, name: str, value: int | None, at: dt.datetime) -> None:
    by = actor_for(made.administrator, on=at.date())
    facts.answer(enterprise_id=made.enterprise.pk, name=name, value=value, by=by, at=at)


def test_an_answer_that_settles_it_is_told_to_the_others_of_the_company() -> None:
    made = company(1, None)
    other = cast.user("钱同事")
    from qitong.accounts.models import Membership

    Membership.objects.create(user=other, enterprise=made.enterprise, role="clerk")
    loaded()
    answered(made, "green_spent", 60, AT + dt.timedelta(minutes=5))
    react_to_all(AT + dt.timedelta(minutes=5))
    react_to_all(AT + dt.timedelta(minutes=5))
    [message] = Message.objects.filter(kind="policy.gained")
    assert message.recipient_id == other.pk
    assert str(message.sentence).startswith("企业情况有变化，第1企业有限公司现在符合“绿色投入奖励”的条件：")


def test_losing_and_gaining_again_are_three_changes() -> None:
    made = company(1, 60)
    loaded()
    for minutes, spent in ((5, 10), (10, 70)):
        answered(made, "green_spent", spent, AT + dt.timedelta(minutes=minutes))
        react_to_all(AT + dt.timedelta(minutes=minutes))
    rows = Change.objects.order_by("turn").values_list("turn", "kind", "cause")
    assert list(rows) == [(1, "gained", "published"), (2, "lost", "fact"), (3, "gained", "fact")]


def test_an_answer_that_is_taken_back_to_not_known_is_no_longer_a_yes() -> None:
    made = company(1, 60)
    loaded()
    answered(made, "green_spent", None, AT + dt.timedelta(minutes=5))
    react_to_all(AT + dt.timedelta(minutes=5))
    assert Change.objects.get(turn=2).kind == "unknown"


def test_only_policies_that_read_the_fact_are_looked_at() -> None:
    found = library()
    assert gathering.using(found, ["green_spent"]) == [CODE]
    assert gathering.using(found, ["employees"]) == []


def test_the_first_day_of_a_policy_is_found_late_and_the_last_day_too() -> None:
    company(1, 60)
    loaded(text=TEXT.replace("from: 2026-01-01", "from: 2026-11-25").replace("2026-11-01", "2026-11-25"))
    assert not Change.objects.exists()
    recheck.run(by=SYSTEM, at=AT + dt.timedelta(days=5))
    assert Change.objects.get().kind == "gained"
    recheck.run(by=SYSTEM, at=AT + dt.timedelta(days=6))
    assert Change.objects.count() == 1
