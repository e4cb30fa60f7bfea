"""Where one is signed in: a list of devices, and signing out there."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from qitong.accounts.models import LoginSession, User
from qitong.ledger.models import Entry
from tests.web_common.conftest import PASSWORD

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"


def device(user: User, agent: str, address: str = "10.0.0.7") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    client.post("/login", {"login": user.login, "password": PASSWORD})
    return client


@pytest.fixture
def desk(boss: User) -> Client:
    return device(boss, DESK)


@pytest.fixture
def phone(boss: User) -> Client:
    return device(boss, PHONE, "2001:db8::7")


def handles(client: Client) -> list[str]:
    return re.findall(r'name="end" value="(\w+)"', client.get("/account/sessions").content.decode())


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_each_device_is_told_by_its_kind_and_address(desk: Client, phone: Client) -> None:
    page = desk.get("/account/sessions").content.decode()
    assert "Edge · Windows" in page
    assert "Chrome · Android" in page
    assert "10.0.0.7" in page
    assert "2001:db8::7" in page
    assert re.search(r"Edge · Windows [^\n]*这台设备", page)


def test_one_device_is_signed_out_from_another(desk: Client, phone: Client, boss: User) -> None:
    assert len(handles(desk)) == 1
    desk.post("/account/sessions", {"end": handles(desk)[0]})
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert Entry.objects.get(stream=boss.ref, kind="login.ended").body == {"reason": "revoked", "count": 1}
    page = desk.post("/account/sessions", {"end": "gone"}, follow=True).content.decode()
    assert "该设备已经退出。" in page


def test_all_others_are_signed_out_at_once(desk: Client, phone: Client, boss: User) -> None:
    third = device(boss, PHONE)
    desk.post("/account/sessions", {"others": "1"})
    assert [is_in(client) for client in (desk, phone, third)] == [True, False, False]


def test_a_new_password_signs_the_others_out(desk: Client, phone: Client) -> None:
    desk.post("/account/password", {"current": PASSWORD, "password": "Neue-Saat-2027"})
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert handles(desk) == []


def test_nobody_ends_what_is_somebody_elses(desk: Client, boss: User, officer: User) -> None:
    other = device(officer, DESK)
    mine = device(boss, PHONE)
    other.post("/account/sessions", {"end": handles(desk)[0]})
    assert is_in(mine)


def test_the_key_of_a_session_is_never_on_a_page(desk: Client, phone: Client, boss: User) -> None:
    page = desk.get("/account/sessions").content.decode()
    for session in LoginSession.objects.filter(user=boss):
        assert session.session_key not in page


def test_the_list_asks_a_few_times(
    desk: Client, phone: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        desk.get("/account/sessions")


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "9.9.9.9", "10.0.0.7"),
        (1, "9.9.9.9, 8.8.8.8", "8.8.8.8"),
        (2, "9.9.9.9, 8.8.8.8", "9.9.9.9"),
        (2, "8.8.8.8", "10.0.0.7"),
        (1, "nonsense", ""),
    ],
)
def test_only_as_many_proxies_are_believed_as_there_are(
    boss: User, settings: Settings, proxies: int, told: str, address: str
) -> None:
    settings.PROXIES = proxies
    client = Client(REMOTE_ADDR="10.0.0.7", headers={"x-forwarded-for": told})
    client.post("/login", {"login": boss.login, "password": PASSWORD})
    assert LoginSession.objects.get(user=boss).address == address
