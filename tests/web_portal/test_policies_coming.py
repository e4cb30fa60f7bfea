"""A company's preparation list, and the windows it can use in its calendar."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from qitong.accounts.enterprises import Registration
from qitong.policies import publish
from qitong.policies.check import packaged
from tests.casework.ical_reading import unfold
from tests.policies.desk import AT, CODE, SYSTEM, TEXT, company, loaded
from tests.web_portal.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db
OPENS = TEXT.replace("open: 2026-11-01, close: 2026-12-15", "open: 2027-02-01, close: 2027-03-15").replace(
    "confidence: high", "confidence: high\nmaterials:\n  - {zh: 投入清单, en: List of spending}"
)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT + dt.timedelta(hours=1))


def signed_in(made: Registration) -> Client:
    client = Client()
    client.force_login(made.administrator)
    return client


def test_who_acts_for_one_company_is_led_to_its_list() -> None:
    made = company(1, 60)
    there = signed_in(made).get("/my/policies/coming")
    assert there.headers["Location"] == f"/my/policies/{made.enterprise.pk}/coming"


def test_the_list_says_when_what_is_missing_and_by_when_to_begin() -> None:
    made = company(1, None)
    loaded(text=OPENS)
    page = signed_in(made).get(f"/my/policies/{made.enterprise.pk}/coming").content.decode()
    assert "绿色投入奖励" in page
    words = re.sub("<[^>]+>", "", page)
    assert "2027年2月1日（周一）至2027年3月15日（周一）" in words
    assert f'href="/my/policies/{made.enterprise.pk}/facts/green_spent"' in page
    assert "投入清单" in page
    assert "还没有" in page
    assert re.search(r"最晚2027年[12]月\d+日（周.）", words)


def test_what_begins_today_leaves_no_days_to_be_counted() -> None:
    made = company(1, None)
    without_window = TEXT.partition("windows:")[0] + "confidence:" + TEXT.partition("confidence:")[2]
    loaded(text=without_window.replace("from: 2026-01-01", "from: 2026-11-23"))
    page = signed_in(made).get(f"/my/policies/{made.enterprise.pk}/coming").content.decode()
    assert "今天就开始" in page
    assert "0个工作日" not in page


def test_an_empty_list_says_what_will_be_here() -> None:
    made = company(1, 10)
    assert (
        "现在没有要准备的"
        in signed_in(made).get(f"/my/policies/{made.enterprise.pk}/coming").content.decode()
    )


def test_others_find_nothing() -> None:
    made, other = company(1, 60), company(2, 60)
    assert signed_in(other).get(f"/my/policies/{made.enterprise.pk}/coming").status_code == 404


def test_a_list_of_one_and_of_many_asks_as_often() -> None:
    made = company(1, None)
    loaded(text=OPENS)
    at = f"/my/policies/{made.enterprise.pk}/coming"
    few = asked(signed_in(made), at)
    publish.load(packaged(), by=SYSTEM, at=AT)
    many = asked(signed_in(made), at)
    assert (few, many) == (11, 12)  # papers of the catalogue are looked for once
    assert many <= MOST


def test_ones_calendar_has_the_windows_one_can_use_with_reminders() -> None:
    made, other = company(1, 60), company(2, 10)
    loaded(text=OPENS)
    lines = calendar_of(signed_in(made))
    key = f"window.{made.enterprise.pk}.{CODE}.2027-02-01"
    assert f"UID:{key}.opens@qitong" in lines
    assert f"UID:{key}.closes@qitong" in lines
    assert "SUMMARY:申报截止：绿色投入奖励" in lines
    triggers = [line for line in lines if line.startswith("TRIGGER:")]
    assert triggers[0] == "TRIGGER:P" + "T9H0M"
    assert all(line.startswith("TRIGGER:-P") for line in triggers[1:])
    assert len(triggers) == 3
    assert not any(CODE in line for line in calendar_of(signed_in(other)))


def calendar_of(client: Client) -> list[str]:
    client.post("/my/calendar", {"deed": "renew"})
    found = re.search(
        r'value="http://testserver(/calendar/[^"]+\.ics)"', client.get("/my/calendar").content.decode()
    )
    assert found is not None
    return unfold(Client().get(found[1]).content.decode())


def test_the_windows_of_all_policies_are_for_everybody_in_both_languages() -> None:
    loaded(text=OPENS)
    lines = unfold(Client().get("/calendar/policies.ics?lang=en").content.decode())
    assert f"UID:policies.{CODE}.2027-02-01.closes@qitong" in lines
    assert any("Award for green spending" in line for line in lines if line.startswith("SUMMARY"))
    assert any(
        "绿色投入奖励" in line
        for line in unfold(Client().get("/calendar/policies.ics?lang=zh").content.decode())
    )


def test_a_window_that_is_only_expected_says_so_and_reminds_nobody() -> None:
    loaded(text=TEXT.replace("open: 2026-11-01, close: 2026-12-15", "open: 2026-03-01, close: 2026-04-15"))
    found = unfold(Client().get("/calendar/policies.ics?lang=zh").content.decode())
    assert f"UID:policies.{CODE}.2027-03-01.opens@qitong" in found
    assert any("（预计）绿色投入奖励" in line for line in found if line.startswith("SUMMARY"))
    assert "BEGIN:VALARM" not in found
