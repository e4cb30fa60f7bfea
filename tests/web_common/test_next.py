"""Where a form leads on to: an address of this site, or where it leads without one."""

from __future__ import annotations

import pytest
from django.test import Client

ELSEWHERE = [
    "2026-03-03",
    "home",
    "portal:home",
    "a\0b",
    "//example.com",
    "https://example.com/",
    "\\/example.com",
]


@pytest.mark.parametrize("onwards", ELSEWHERE)
def test_what_is_no_address_of_this_site_leads_where_nothing_would(client: Client, onwards: str) -> None:
    answer = client.post("/theme", {"theme": "dark", "next": onwards})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_an_address_of_this_site_is_followed(client: Client) -> None:
    assert client.post("/theme", {"theme": "dark", "next": "/progress?a=1"})["Location"] == "/progress?a=1"
