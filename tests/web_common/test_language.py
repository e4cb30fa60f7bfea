from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from tools.messages import CHINESE, NAMES

from qitong.accounts.models import Jurisdiction

# What is marked as Chinese may be Chinese; a switch to Chinese has to be.
MARKED = re.compile(r'<(\w+)[^>]*\blang="zh[^"]*"[^>]*>.*?</\1>', re.DOTALL)


def chinese_in(page: str) -> list[str]:
    text = MARKED.sub("", page)
    for name in NAMES:
        text = text.replace(name, "")
    return CHINESE.findall(text)


@pytest.mark.parametrize("address", ["/", "/login", "/register"])
def test_a_page_in_english_has_no_chinese(client: Client, park: Jurisdiction, address: str) -> None:
    client.cookies["django_language"] = "en"
    page = client.get(address).content.decode()
    assert '<html lang="en">' in page
    assert chinese_in(page) == []


def test_errors_in_english_have_no_chinese(client: Client, park: Jurisdiction) -> None:
    client.cookies["django_language"] = "en"
    page = client.post("/register", {"uscc": "91110000600037342L"}).content.decode()
    assert "The check character" in page
    assert chinese_in(page) == []


@pytest.mark.parametrize("name", [f"{code}.html" for code in (400, 403, "403_csrf", 404, 429, 500, 503)])
def test_a_page_that_explains_a_failure_needs_no_request_and_speaks_english(name: str) -> None:
    with translation.override("en"):
        page = render_to_string(name)
    assert "<h1>" in page
    assert chinese_in(page) == []


def test_a_link_cannot_change_the_language(client: Client, db: None) -> None:
    assert client.get("/language", {"language": "en"}).status_code == 405
    assert client.post("/language", {"language": "en", "next": "/login"})["Location"] == "/login"
    assert "Sign in" in client.get("/login").content.decode()


def test_an_unknown_address_is_explained(client: Client, db: None) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()
