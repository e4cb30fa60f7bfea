"""The demonstration as a whole: on any day, once, resumable, never in production."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db.models import Max

from qitong.accounts.login import check_login
from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Case
from qitong.casework.queries import expected_streams
from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.publish import load
from qitong.demo import play as whole
from qitong.demo.play import PASSWORD, STORIES, Story, accounts, play
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 11, 23, 3, 15, tzinfo=ZONE)
NAMES = ["cast", *(story.name for story in STORIES)]


@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2026, 2, 18, 11, 0, tzinfo=ZONE),  # in the middle of the Spring Festival
        dt.datetime(2026, 2, 28, 16, 0, tzinfo=ZONE),  # a Saturday that is worked
        dt.datetime(2027, 1, 2, 0, 5, tzinfo=ZONE),  # just after the turn of a year without a notice
    ],
    ids=str,
)
def test_it_plays_on_any_day_and_never_beyond_now(now: dt.datetime) -> None:
    assert play(at=now) == NAMES
    assert Entry.objects.aggregate(last=Max("at"))["last"] <= now
    assert verify(expected=expected_streams()).whole


def test_it_plays_once() -> None:
    play(at=MONDAY)
    cases = Case.objects.count()
    assert play(at=MONDAY + dt.timedelta(days=3)) == []
    assert Case.objects.count() == cases


def test_a_killed_run_is_taken_up_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(stage: Stage) -> None:
        stage.apply("91310151MA1JK0001T", "business_licence", "13800000001")
        raise KeyboardInterrupt

    broken = (*STORIES[:1], Story(STORIES[1].name, killed, 3), *STORIES[2:])
    monkeypatch.setattr(whole, "STORIES", broken)
    with pytest.raises(KeyboardInterrupt):
        play(at=MONDAY)
    assert not Case.objects.filter(state="draft").exists()
    monkeypatch.setattr(whole, "STORIES", STORIES)
    assert play(at=MONDAY + dt.timedelta(days=1)) == NAMES[2:]


def test_everybody_can_sign_in_with_the_printed_password() -> None:
    play(at=MONDAY)
    for account in accounts()[::11]:
        user = check_login(login=account.login, password=PASSWORD, at=MONDAY)
        assert user.name == account.name


def test_production_refuses_it(settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(Refused) as refused:
        play(at=MONDAY)
    assert refused.value.code == "production"
    assert not Entry.objects.exists()


def test_a_catalogue_that_came_into_force_too_late_is_said() -> None:
    packaged, _ = check_path(PACKAGED)
    assert packaged is not None
    load(packaged, by="system:test", at=MONDAY)
    with pytest.raises(Refused) as refused:
        play(at=MONDAY)
    assert refused.value.code == "catalogue_too_young"
