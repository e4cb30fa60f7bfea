"""Every page, as different people come to it, in a real browser at three widths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, converters, get_resolver, reverse
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from qitong.demo.play import play
from qitong.notifications.logic.providers import MailServer, SmsGateway
from qitong.web.common.dates import now
from tests.journeys.beyond import everything_else
from tests.journeys.conftest import NewPage
from tests.journeys.tour import Tours, one_of_each

pytestmark = [pytest.mark.journey, pytest.mark.first]

PEOPLE = (
    "",
    "13800000001",
    "wang.fang@qitong.example",
    "hg.reviewer@qitong.example",
    "sun.lei@qitong.example",
    "zhou.jun@qitong.example",
    "wu.hong@qitong.example",
    "admin@qitong.example",
    "security@qitong.example",
)
NO_PAGE = {
    "healthz": "a word for machines",
    "metrics": "lines for machines",
    "worker": "a script",
    "manifest": "what a phone reads when it installs the site",
    "calendar-company": "a calendar file",
    "calendar-office": "a calendar file",
    "calendar-policies": "a calendar file",
    "gallery": "looked at in test_components, and not there in production",
    "gallery-workbench": "as the gallery",
    "login_oidc": "leads on to the provider",
    "oidc_back": "leads on, in or back to the sign-in",
    "portal:draft": "leads on to the first open question",
    "portal:policy_next": "leads on to the next question",
    "portal:document": "a file",
    "public:compendium": "a file",
    "workbench:document": "a file; its page of refusal needs a file that is being scanned",
    "workbench:export": "a file",
    "workbench:search-few": "suggestions as JSON",
    "workbench:filter-do": "takes only what is sent",
    "workbench:policy-do": "takes only what is sent",
    "workbench:demand-do": "takes only what is sent",
}
SAMPLES = {
    converters.IntConverter: 1,
    converters.StringConverter: "x",
    converters.SlugConverter: "x",
    converters.UUIDConverter: "00000000-0000-0000-0000-000000000007",
}


def test_every_page_is_accessible_at_three_widths_and_asks_nobody_else(
    transactional_db: None, new_page: NewPage, live_server: LiveServer, settings: Settings, files: Path
) -> None:
    settings.MAIL_SERVER = MailServer("127.0.0.1", 1, "office@park.cn")
    settings.SMS_GATEWAY = SmsGateway("http://127.0.0.1:1/", "park", "secret")
    settings.OFFICER_TOTP = "required"
    play(at=now())
    tours = Tours(new_page, live_server)
    for login in PEOPLE:
        tour = tours.of(login)
        for _kind, address in one_of_each(tour.client, tours.seen):
            tour.go(address)
    everything_else(tours)
    assert tours.wrong == [], "\n\n".join(tours.wrong)
    clients = [tours.of(login).client for login in PEOPLE[1:]]
    missed = {
        name: address
        for name, address in pages(get_resolver().url_patterns)
        if name not in tours.seen and name not in NO_PAGE
    }
    assert [
        name
        for name, address in missed.items()
        if not any(client.get(address).status_code == 405 for client in clients)
    ] == []


def pages(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, str]]:
    """Every name in the URL conf but the API's, with an address of that kind (of nothing there is)."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern).startswith("api/"):
                within = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from pages(pattern.url_patterns, space + within)
        elif pattern.name:
            name = f"{space}{pattern.name}"
            given = {key: SAMPLES[type(it)] for key, it in pattern.pattern.converters.items()}
            yield (
                name,
                "" if name in NO_PAGE else reverse(name, kwargs=given),
            )
