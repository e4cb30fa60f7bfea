"""What came of telling is counted from what people did: opened from the message, handed in, approved."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from qitong.accounts import officers
from qitong.accounts.actors import actor_for
from qitong.accounts.enterprises import Registration
from qitong.accounts.models import Enterprise, Membership, User
from qitong.casework import intake, tasks
from qitong.casework.models import Case
from qitong.notifications.effects import Effect, of_policy
from qitong.notifications.inbox import mark_read
from qitong.notifications.models import Message
from qitong.policies import applying, facts, publish, recheck
from qitong.policies.change_models import Change
from tests.accounts import cast
from tests.automation.queue import react_to_all
from tests.policies import desk
from tests.policies.conftest import Company
from tests.policies.desk import CODE, SYSTEM, library
from tests.policies.played import HE, LIN


@pytest.fixture
def gained(green: Company) -> Company:
    """The company gained the policy by what Lin said, and was told."""
    stage = green.stage
    publish.load(library(), by=SYSTEM, at=stage.tick())
    recheck.run(by=SYSTEM, at=stage.at)
    green.answers(green_sales=1000, green_spent=60)
    react_to_all(stage.tick())
    react_to_all(stage.at)
    return green


def click(company: Company, login: str, address: str) -> int:
    person = User.objects.get(login=login)
    reader = Client()
    reader.force_login(person)
    return reader.get(address).status_code


def address(company: Company, change: Change) -> str:
    return f"/my/policies/{company.enterprise.pk}/{CODE}?told={change.pk}"


def joins(enterprise: Enterprise) -> None:
    """A colleague, who is told of what somebody else answers."""
    colleague = officers.create_user(person=cast.newcomer(login="qian@park.example"), by=SYSTEM, at=desk.AT)
    Membership.objects.create(user=colleague, enterprise=enterprise, role="clerk")


def handed_in(company: Company) -> Case:
    stage = company.stage
    case = applying.apply(
        enterprise_id=company.enterprise.pk, policy=CODE, by=stage.who(LIN), at=stage.tick()
    )
    stage.fill(case, LIN)
    return stage.submit(case, LIN)


def test_marking_as_read_opens_nothing_and_a_draft_is_no_application(gained: Company) -> None:
    stage = gained.stage
    mark_read(by=stage.who(LIN), at=stage.tick())
    applying.apply(enterprise_id=gained.enterprise.pk, policy=CODE, by=stage.who(LIN), at=stage.tick())
    assert of_policy(CODE) == Effect(told=1, opened=0, applied=0, granted=0)


def test_each_deed_counts_once_a_change(gained: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    stage = gained.stage
    change = Change.objects.get(policy=CODE, told=True)
    monkeypatch.setattr(timezone, "now", stage.tick)
    for _ in range(2):
        assert click(gained, LIN, address(gained, change)) == 200
    assert of_policy(CODE) == Effect(told=1, opened=1, applied=0, granted=0)
    by = stage.who(LIN)
    intake.withdraw(case_id=handed_in(gained).pk, reason="材料有误", by=by, at=stage.tick())
    case = handed_in(gained)
    assert of_policy(CODE) == Effect(told=1, opened=1, applied=1, granted=0)
    stage.accept(case)
    tasks.complete_request(case_id=case.pk, by=stage.owner(case), at=stage.tick())
    stage.reply(case, "同意给予奖励")
    assert of_policy(CODE) == Effect(told=1, opened=1, applied=1, granted=1)


def test_what_was_handed_in_after_the_second_telling_is_not_the_first_ones_effect(gained: Company) -> None:
    stage = gained.stage
    joins(gained.enterprise)
    for spent in (10, 70):
        gained.answers(green_spent=spent)
        react_to_all(stage.tick())
    handed_in(gained)
    assert of_policy(CODE) == Effect(told=2, opened=0, applied=1, granted=0)


def test_strangers_open_nothing(gained: Company) -> None:
    change = Change.objects.get(policy=CODE, told=True)
    assert click(gained, HE, address(gained, change)) == 404
    assert of_policy(CODE).opened == 0


def test_who_asks_without_looking_opens_nothing(gained: Company) -> None:
    reader = Client()
    reader.force_login(User.objects.get(login=LIN))
    change = Change.objects.get(policy=CODE, told=True)
    assert reader.head(address(gained, change)).status_code == 200
    assert of_policy(CODE).opened == 0


def test_a_case_from_before_is_no_effect(green: Company) -> None:
    stage = green.stage
    publish.load(library(), by=SYSTEM, at=stage.tick())
    recheck.run(by=SYSTEM, at=stage.at)
    handed_in(green)
    green.answers(green_sales=1000, green_spent=60)
    react_to_all(stage.tick())
    assert of_policy(CODE) == Effect(told=1, opened=0, applied=0, granted=0)
    assert Change.objects.get(policy=CODE).at - stage.at < dt.timedelta(hours=1)


def answered(made: Registration, spent: int) -> None:
    by = actor_for(made.administrator, on=desk.AT.date())
    facts.answer(enterprise_id=made.enterprise.pk, name="green_spent", value=spent, by=by, at=desk.AT)
    for _ in range(2):
        react_to_all(desk.AT)


@pytest.mark.django_db
def test_who_alone_acts_for_a_company_is_not_told_what_they_have_just_said() -> None:
    """Nobody was written to, so nobody was told; a colleague who joins is told from then on."""
    made = desk.company(1)
    desk.loaded()
    for spent in (60, 10):
        answered(made, spent)
    assert not Message.objects.filter(kind="policy.gained").exists()
    assert of_policy(CODE) == Effect(told=0, opened=0, applied=0, granted=0)
    joins(made.enterprise)
    answered(made, 70)
    assert Message.objects.filter(kind="policy.gained").count() == 1
    assert of_policy(CODE) == Effect(told=1, opened=0, applied=0, granted=0)
