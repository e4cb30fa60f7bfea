"""Numbers of addresses are those of the addresses in force."""

from __future__ import annotations

from pytest_django import Settings

from qitong.server.watch import routes


def test_other_addresses_have_other_numbers(settings: Settings) -> None:
    whole = routes.names()
    settings.ROOT_URLCONF = "qitong.web.urls"
    assert routes.number("desk/operations") == 0
    settings.ROOT_URLCONF = "qitong.server.urls"
    assert routes.names() == whole
    assert routes.names()[routes.number("desk/operations")] == "desk/operations"
