from __future__ import annotations

import re

from django.test import Client

from qitong.accounts.models import User
from qitong.casework.models import CalendarFeed, Case
from qitong.demo.stage import Stage
from tests.casework.ical_reading import unfold
from tests.web_portal.conftest import GREEN, LIN, signed_in


def address(client: Client, page: str = "/my/calendar") -> str:
    assert client.post(page, {"deed": "renew"}).status_code == 302
    found = re.search(r'value="http://testserver(/calendar/[^"]+\.ics)"', client.get(page).content.decode())
    assert found is not None
    return found[1]


def test_due_dates_are_read_without_a_session(lin: Client, stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    where = address(lin)
    before = CalendarFeed.objects.values().get()
    answer = Client().get(where)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfold(answer.content.decode())
    assert f"UID:company.{case.number}.reply@qitong" in lines
    due_on = Case.objects.get(pk=case.pk).plan_due_on
    assert due_on is not None
    assert f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}" in lines
    assert any(line.startswith("SUMMARY:受理窗口答复") for line in lines)
    assert Client().get(where).status_code == 200
    assert CalendarFeed.objects.values().get() == before  # reading it changes nothing


def test_it_speaks_the_readers_language(lin: Client, stage: Stage) -> None:
    stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    where = address(lin)
    User.objects.filter(login=LIN).update(language="en")
    text = Client(headers={"accept-language": "zh"}).get(where).content.decode()
    assert "Last day" in text
    assert "受理" not in text


def test_a_wrong_or_revoked_address_is_nowhere(lin: Client, stage: Stage) -> None:
    assert Client().get("/calendar/abc.ics").status_code == 404
    where = address(lin)
    assert Client().get(where.replace("/calendar/", "/calendar/desk/")).status_code == 404
    newer = address(lin)
    assert Client().get(where).status_code == 404
    assert Client().get(newer).status_code == 200
    lin.post("/my/calendar", {"deed": "revoke"})
    assert Client().get(newer).status_code == 404
    assert "生成日历地址" in lin.get("/my/calendar").content.decode()


def test_a_closed_account_shows_nothing(lin: Client, stage: Stage) -> None:
    stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    where = address(lin)
    User.objects.filter(login=LIN).update(is_active=False)
    assert "VEVENT" not in Client().get(where).content.decode()


def test_officers_have_their_own(stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)
    owner = User.objects.get(owned_cases=case)
    where = address(signed_in(stage, owner.login.partition("@")[0]), "/desk/calendar")
    text = Client().get(where).content.decode()
    assert f"UID:office.{case.number}.contact@qitong" in text
    assert f"http://testserver/desk/cases/{case.number}" in text.replace("\r\n ", "")
