"""The browser runs, loads and sends only what is this site's own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.journeys.conftest import listen_for_breaches

pytestmark = pytest.mark.journey

TRIES = {
    "an inline script": "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
    " document.head.append(s)",
    "an inline style": "const s = document.createElement('style'); s.textContent = 'p { color: red }';"
    " document.head.append(s)",
    "a style attribute": "document.body.setAttribute('style', 'color: red')",
    "a handler in an attribute": "document.body.setAttribute('onclick', 'window.ran = 1');"
    " document.body.click()",
    "a picture from elsewhere": "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))",
    "a message to elsewhere": "fetch('http://127.0.0.1:9/').catch(() => 0)",
    "a frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: '/'}))",
    "a form sent elsewhere": "const f = document.createElement('form'); f.action = 'http://127.0.0.1:9/';"
    " document.body.append(f); f.submit()",
}


def test_what_somebody_smuggles_into_a_page_is_refused_and_heard_by_every_journey(
    transactional_db: None, browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    for what, smuggled in TRIES.items():
        heard: list[str] = []
        page.goto("/login")
        listen_for_breaches(page, heard)
        page.evaluate(f"() => {{ {smuggled} }}")
        page.wait_for_timeout(150)
        assert heard, what
        assert page.evaluate("window.ran") is None, what
    context.close()
