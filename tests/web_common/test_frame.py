from __future__ import annotations

import pytest
from django.test import RequestFactory

from qitong.accounts.models import User
from qitong.web.common import context
from qitong.web.common.context import Audience


@pytest.fixture(autouse=True)
def two_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_entries", {})
    monkeypatch.setattr(context, "_homes", {})
    context.register("Start", "home", Audience.COMPANY, Audience.OFFICER, order=1)
    context.register("Company only", "register", Audience.COMPANY, order=2)
    context.register_home(Audience.OFFICER, "register")


def test_each_sees_their_own_ways_in_order(rf: RequestFactory, boss: User, officer: User) -> None:
    shown = {}
    for user in (boss, officer):
        request = rf.get("/register")
        request.user = user
        shown[user.name] = [str(link.label) for link in context.shell(request).nav]
    assert shown == {"陈潮": ["Start", "Company only"], "林窗": ["Start"]}


def test_the_way_one_is_on_is_marked(rf: RequestFactory, boss: User) -> None:
    request = rf.get("/register/2")
    request.user = boss
    assert [link.current for link in context.shell(request).nav] == [False, True]


def test_everybody_lands_on_their_registered_home(rf: RequestFactory, officer: User, boss: User) -> None:
    homes = []
    for user in (officer, boss):
        request = rf.get("/")
        request.user = user
        homes.append(context.shell(request).home)
    assert homes == ["/register", "/"]


def test_a_page_without_a_request_has_the_frame_of_a_visitor() -> None:
    frame = context.shell(None)
    assert (frame.audience, frame.who, frame.nav) == (Audience.VISITOR, "", ())


def test_on_a_phone_five_ways_fit_and_the_last_is_more(rf: RequestFactory, boss: User) -> None:
    for order, view in enumerate(("login", "logout", "language", "messages"), 3):
        context.register(view, view, Audience.COMPANY, order=order, bar=view != "logout")
    request = rf.get("/")
    request.user = boss
    shown = context.shell(request)
    bar = [str(link.label) for link in shown.nav if link.bar]
    assert bar == ["Start", "Company only", "login", "language"]
    assert [str(link.label) for link in shown.rest] == ["logout", "messages"]
