"""The page for the wall, and the link to it that needs no sign-in."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qitong.accounts import officers
from qitong.accounts.models import Enterprise, Jurisdiction, RoleAssignment
from qitong.casework.models import Case
from qitong.demo.cast import DIRECTOR, PARK
from qitong.demo.stage import Stage
from qitong.insight import walls
from qitong.insight.models import WallLink
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.web_dashboard.conftest import Reader


def made(stage: Stage, days: int = 30) -> tuple[WallLink, str]:
    park = Jurisdiction.objects.get(code=PARK)
    return walls.create(
        name="一楼大厅屏幕", jurisdiction_id=park.pk, days=days, by=stage.who("zhou.jun"), at=stage.at
    )


def stranger(secret: str) -> HttpResponse:
    return Client().get(f"/wall/{secret}")  # type: ignore[return-value]  # the test client's wider type


def test_the_link_shows_figures_without_signing_in_and_is_not_indexed(stage: Stage) -> None:
    _, secret = made(stage)
    answer = stranger(secret)
    assert answer.status_code == 200
    assert "崇明示范园区" in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "sessionid" not in answer.cookies


def test_it_names_no_company_and_no_case_and_leads_nowhere(stage: Stage) -> None:
    _, secret = made(stage)
    page = stranger(secret).content.decode()
    for name in Enterprise.objects.values_list("name", flat=True):
        assert name not in page
    for number in Case.objects.exclude(number=None).values_list("number", flat=True):
        assert number is not None
        assert number not in page
    assert set(re.findall(r'<a href="([^"]*)"', page)) == {""}
    assert "/dashboard/cases" not in page


def test_the_secret_opens_nothing_else(stage: Stage) -> None:
    _, secret = made(stage)
    client = Client()
    client.get(f"/wall/{secret}")
    assert client.get("/dashboard").status_code == 302
    assert client.post(f"/wall/{secret}").status_code == 405
    assert client.get("/dashboard/cases", headers={"authorization": f"Bearer {secret}"}).status_code == 302


def test_wrong_expired_revoked_and_orphaned_links_are_told_calmly(stage: Stage) -> None:
    assert stranger("x" * 43).status_code == 404
    link, secret = made(stage, days=1)
    walls.revoke(link_id=link.pk, by=stage.who("zhou.jun"), at=stage.at)
    gone = stranger(secret)
    assert gone.status_code == 410
    assert "这个链接已经停用" in gone.content.decode()
    assert "noindex" in gone["X-Robots-Tag"]
    _, secret = made(stage, days=1)
    stage.at += dt.timedelta(days=1)
    assert stranger(secret).status_code == 410
    _, secret = made(stage)
    held = RoleAssignment.objects.get(user=stage.cast.user("zhou.jun"))
    officers.revoke_role(assignment=held, by=DIRECTOR, at=stage.at)
    assert stranger(secret).status_code == 410


def test_only_the_digest_is_kept_and_making_and_ending_are_in_the_ledger(stage: Stage) -> None:
    link, secret = made(stage)
    walls.revoke(link_id=link.pk, by=stage.who("zhou.jun"), at=stage.at)
    entries = Entry.objects.filter(kind__startswith="wall_link.").order_by("pk")
    assert [entry.kind for entry in entries] == ["wall_link.created", "wall_link.revoked"]
    assert all(secret not in str(entry.body) for entry in entries)
    assert secret not in str(WallLink.objects.values_list())


@pytest.mark.parametrize("login", ["fgw.head", "wu.hong"])
def test_only_a_leader_makes_links_and_only_for_the_own_place(stage: Stage, login: str) -> None:
    park = Jurisdiction.objects.get(code=PARK)
    with pytest.raises(Refused):
        walls.create(name="x", jurisdiction_id=park.pk, days=1, by=stage.who(login), at=stage.at)
    with pytest.raises(Refused) as refused:
        walls.create(
            name="x", jurisdiction_id=park.parent_id or 0, days=1, by=stage.who("zhou.jun"), at=stage.at
        )
    assert refused.value.code == "place"
    assert "只有分管领导可以创建" in Reader(stage, login).page("/dashboard/wall/links")


def test_a_leader_makes_one_on_the_page_sees_it_once_and_ends_it(stage: Stage) -> None:
    leader = Reader(stage, "zhou.jun").client
    park = Jurisdiction.objects.get(code=PARK)
    empty = leader.post("/dashboard/wall/links", {"name": "", "jurisdiction": park.pk, "days": 30})
    assert empty.status_code == 422
    answer = leader.post("/dashboard/wall/links", {"name": "大厅", "jurisdiction": park.pk, "days": 30})
    found = re.search(r'href="http://testserver/wall/([\w-]+)"', answer.content.decode())
    assert found is not None
    assert stranger(found[1]).status_code == 200
    link = WallLink.objects.get()
    assert link.last_opened_on == stage.day()
    assert found[1] not in leader.get("/dashboard/wall/links").content.decode()
    leader.post(f"/dashboard/wall/links/{link.pk}/revoke")
    assert stranger(found[1]).status_code == 410


@pytest.mark.parametrize("login", ["zhou.jun", "wu.hong", "hg.head"])
def test_the_wall_asks_at_most_twelve_times(stage: Stage, login: str) -> None:
    reader = Reader(stage, login)
    with CaptureQueriesContext(connection) as asked:
        reader.page("/dashboard/wall")
    assert len(asked) <= 12
