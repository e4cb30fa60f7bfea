from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_comes_in_the_colours_one_chose(client: Client, db: None, theme: str) -> None:
    answer = client.post("/theme", {"theme": theme, "next": "/login"})
    assert answer["Location"] == "/login"
    page = client.get("/login").content.decode()
    assert f'data-theme="{theme}"' in page.partition(">")[2].partition("<head>")[0]
    assert f'name="color-scheme" content="{theme}"' in page


def test_without_a_choice_or_with_nonsense_the_device_decides(client: Client, db: None) -> None:
    client.post("/theme", {"theme": "dark"})
    client.post("/theme", {"theme": "pink"})
    client.cookies["qitong_theme"] = '"><script>'
    page = client.get("/login").content.decode()
    assert "data-theme" not in page
    assert 'content="light dark"' in page


def test_a_link_cannot_change_the_colours_nor_lead_away(client: Client, db: None) -> None:
    assert client.get("/theme", {"theme": "dark"}).status_code == 405
    assert client.post("/theme", {"theme": "dark", "next": "https://elsewhere.example"})["Location"] == "/"
