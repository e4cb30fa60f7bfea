"""Whoever finds a browser open cannot take the account along: password, word to the old address, log-out."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from qitong.accounts import second
from qitong.accounts.logic import totp
from qitong.accounts.login_codes import digits
from qitong.accounts.models import LoginCode, SecondFactor, User
from qitong.notifications.letters import outgoing
from qitong.notifications.models import Channel, Delivery, Message, State
from qitong.notifications.sending import send
from tests.automation.queue import react_to_all
from tests.web_common.conftest import PASSWORD

NEW, OLD = "13812345678", "13800000001"


@pytest.fixture
def me(client: Client, boss: User) -> Client:
    client.post("/login", {"login": boss.login, "password": PASSWORD})
    return client


def move(me: Client, boss: User, address: str = NEW) -> None:
    me.post("/account/address", {"address": address, "current": PASSWORD})
    code = LoginCode.objects.get(whose=boss.ref, ended="")
    assert me.post("/account/address/code", {"code": digits(code)}).status_code == 302
    react_to_all(timezone.now())


@pytest.mark.parametrize("current", ["", "wrong"])
def test_no_code_is_sent_without_the_present_password(me: Client, boss: User, current: str) -> None:
    answer = me.post("/account/address", {"address": NEW, "current": current})
    assert answer.status_code == 422
    assert '<a href="#id_current">' in answer.content.decode()
    assert not LoginCode.objects.filter(whose=boss.ref).exists()


def test_who_has_no_password_is_not_asked_for_one(client: Client, boss: User) -> None:
    boss.set_unusable_password()
    boss.save(update_fields=["password"])
    client.force_login(boss)
    assert 'name="current"' not in client.get("/account/address").content.decode()
    assert client.post("/account/address", {"address": NEW}).status_code == 302


def test_who_has_no_password_but_an_app_shows_its_code(client: Client, boss: User) -> None:
    boss.set_unusable_password()
    boss.save(update_fields=["password"])
    client.force_login(boss)
    client.post("/account/second-factor")
    key, step = second.secret_of(SecondFactor.objects.get(user=boss)), totp.step_of(timezone.now())
    client.post("/account/second-factor", {"code": totp.code_at(key, step)})
    asked = {"address": NEW}
    assert 'name="second"' in client.get("/account/address").content.decode()
    answer = client.post("/account/address", {**asked, "second": "nonsense"})
    assert (answer.status_code, '<a href="#id_second">' in answer.content.decode()) == (422, True)
    assert not LoginCode.objects.filter(whose=boss.ref).exists()
    given = {**asked, "second": totp.code_at(key, step + 1)}
    assert client.post("/account/address", given).status_code == 302


def test_the_old_address_is_told_at_once_whatever_was_chosen(me: Client, boss: User) -> None:
    move(me, boss)
    message = Message.objects.get(kind="user.address_changed")
    [way] = message.deliveries.exclude(channel=Channel.INAPP)
    letter = outgoing(way, at=timezone.now())
    assert (letter.phone, letter.email, letter.stop) == (OLD, "", "")
    assert "如不是您本人操作" in letter.text
    assert NEW not in letter.text
    send(at=timezone.now())
    assert Delivery.objects.get(pk=way.pk).state == State.SENT


def test_a_first_mail_address_is_told_where_one_is_reached(me: Client, boss: User) -> None:
    move(me, boss, "chen@corp.cn")
    message = Message.objects.get(kind="user.address_changed")
    assert message.address == ""
    [way] = message.deliveries.exclude(channel=Channel.INAPP)
    assert outgoing(way, at=timezone.now()).phone == OLD


def test_other_devices_are_signed_out(me: Client, boss: User) -> None:
    other = Client()
    other.post("/login", {"login": boss.login, "password": PASSWORD})
    move(me, boss)
    assert me.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
