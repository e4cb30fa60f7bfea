"""Each answer tells the browser what it may do, whoever made the answer."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from qitong.web.common.headers import policy

ADDRESSES = (
    "/login",
    "/static/qitong.css",
    "/static/mark.svg",
    "/sw.js",
    "/nowhere",
    "/api/v1/items",
)


@pytest.fixture(autouse=True)
def whole_server(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF = "qitong.server.urls"


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_forbids_what_no_page_needs(client: Client, address: str) -> None:
    answer = client.get(address)
    answer.close()
    said = answer.headers
    assert said["Content-Security-Policy"] == policy()
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Referrer-Policy"] == "same-origin"
    assert said["Cross-Origin-Opener-Policy"] == "same-origin"
    assert said["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in said["Permissions-Policy"]


def test_nothing_inline_and_nothing_foreign() -> None:
    said = policy()
    assert said.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in said
    assert not {"http:", "https:", "data:", "*"} & set(said.replace(";", "").split())


def test_a_page_may_ask_for_one_thing_more() -> None:
    assert policy(object_src="'self'") == f"{policy()}; object-src 'self'"
