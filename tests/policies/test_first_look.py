"""What could be had all along is news to nobody when it is first looked at; what changes from then on is."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts.models import Membership
from qitong.ledger.models import Entry
from qitong.policies import publish, recheck
from qitong.policies.change_models import Change, Holding, Recheck
from qitong.policies.logic.turns import Cause
from tests.accounts import cast
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, CODE, SYSTEM, company, editors, library, loaded, published, turned
from tests.policies.test_turning import answered

pytestmark = pytest.mark.django_db


def told() -> int:
    return Entry.objects.filter(kind="policy.gained").count()


def test_who_could_get_it_when_the_system_came_is_noted_and_not_told() -> None:
    made = company(1, 60)
    publish.load(library(), by=SYSTEM, at=AT)
    recheck.run(by=SYSTEM, at=AT)
    assert Holding.objects.get(policy=CODE).holds
    change = Change.objects.get()
    assert (change.enterprise_id, change.cause, change.told) == (made.enterprise.pk, "installed", False)
    assert told() == 0


def test_a_policy_that_comes_to_a_system_in_use_is_told() -> None:
    company(1, 60)
    loaded()
    assert Change.objects.get().cause == "published"
    assert told() == 1


def test_what_is_noticed_before_the_first_look_comes_there_is_part_of_it() -> None:
    made = company(1, 10)
    publish.load(library(), by=SYSTEM, at=AT)
    answered(made, "green_spent", 60, AT + dt.timedelta(minutes=5))
    react_to_all(AT + dt.timedelta(minutes=5))
    recheck.run(by=SYSTEM, at=AT + dt.timedelta(minutes=6))
    assert [change.cause for change in Change.objects.all()] == ["installed"]
    assert told() == 0


def test_after_the_first_look_an_answer_that_settles_it_is_told() -> None:
    made = company(1, 10)
    publish.load(library(), by=SYSTEM, at=AT)
    recheck.run(by=SYSTEM, at=AT)
    Membership.objects.create(user=cast.user("钱同事"), enterprise=made.enterprise, role="clerk")
    answered(made, "green_spent", 60, AT + dt.timedelta(minutes=5))
    react_to_all(AT + dt.timedelta(minutes=5))
    assert [change.cause for change in Change.objects.all()] == ["fact"]
    assert told() == 1


def test_policies_published_by_an_older_program_are_looked_at_silently_once() -> None:
    company(1, 60)
    publish.load(library(), by=SYSTEM, at=AT)
    Recheck.objects.all().delete()  # as before anything was kept of who can get what
    later = AT + dt.timedelta(days=1)
    assert publish.load(library(), by=SYSTEM, at=later).published == ()
    recheck.run(by=SYSTEM, at=later)
    assert Change.objects.get().cause == "installed"
    publish.load(library(), by=SYSTEM, at=later)
    assert not Recheck.objects.filter(done_at=None, due_on__lte=later.date()).exists()


def test_a_version_that_comes_out_during_a_look_is_seen_by_those_already_passed() -> None:
    for number, spent in enumerate((40, 40, 60), 1):
        company(number, spent)
    loaded()
    author, publisher = editors()
    draft = turned("4.5", author)
    published(draft, by=publisher)
    recheck.step(by=SYSTEM, at=AT, batch=2)
    again = turned("4", author)
    published(again, by=publisher)
    recheck.run(by=SYSTEM, at=AT, batch=2)
    assert Holding.objects.filter(policy=CODE, holds=True).count() == 3


def test_many_policies_are_looked_at_in_one_pass() -> None:
    company(1, 60)
    company(2, 60)
    other = library()
    publish.load(other, by=SYSTEM, at=AT)
    recheck.ask(["another", "a_third", CODE], AT.date(), Cause.INSTALLED)
    assert recheck.run(by=SYSTEM, at=AT, batch=1) == 2
    assert not Recheck.objects.filter(done_at=None, due_on__lte=AT.date()).exists()
