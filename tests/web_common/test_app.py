"""Qitong on a device: what may be kept there, and for whom."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse

from qitong.accounts.models import User
from qitong.web.common.dates import now


def test_the_worker_stands_at_the_root_and_is_always_asked_for_anew(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert b"Qitong-Reader" in answer.content


def test_the_manifest_speaks_both_languages_and_starts_at_ones_own_home(client: Client) -> None:
    english = client.get("/manifest.webmanifest?for=company&lang=en").json()
    chinese = client.get("/manifest.webmanifest?for=officer&lang=zh-hans").json()
    assert english["name"] == "Qitong: enterprise services"
    assert chinese["name"] == "企通：企业服务平台"
    assert (english["start_url"], chinese["start_url"]) == ("/my", reverse("workbench:inbox"))
    assert {icon["purpose"] for icon in english["icons"]} == {"any", "maskable"}
    assert client.get("/manifest.webmanifest?for=nonsense").json()["start_url"] == "/"


def test_the_page_without_a_connection_names_nobody_and_speaks_both_languages(client: Client) -> None:
    assert "没有连上网络" in client.get("/offline?lang=zh-hans").content.decode()
    assert "没有提交" in client.get("/offline?lang=zh-hans&sent").content.decode()
    assert "No connection" in client.get("/offline?lang=en").content.decode()


def test_a_company_may_keep_its_pages_no_longer_than_its_login_lasts(client: Client, boss: User) -> None:
    client.force_login(boss)
    page = client.get("/items")
    until = dt.datetime.fromtimestamp(int(page["Qitong-Until"]) / 1000, dt.UTC)
    assert dt.timedelta(hours=71) < until - now() <= dt.timedelta(hours=72)
    User.objects.filter(pk=boss.pk).update(last_login=now() - dt.timedelta(days=13, hours=20))
    soon = dt.datetime.fromtimestamp(int(client.get("/items")["Qitong-Until"]) / 1000, dt.UTC)
    assert soon - now() < dt.timedelta(hours=5)


def test_nothing_of_visitors_officers_or_refusals_is_kept(client: Client, boss: User, officer: User) -> None:
    assert "Qitong-Reader" not in client.get("/items")
    client.force_login(boss)
    mine = client.get("/items")["Qitong-Reader"]
    assert len(mine) == 16
    assert "Qitong-Reader" not in client.get("/items/none")
    assert "Qitong-Reader" not in client.post("/logout")
    client.force_login(officer)
    assert "Qitong-Reader" not in client.get("/items")
