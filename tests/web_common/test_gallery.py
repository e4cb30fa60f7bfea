from __future__ import annotations

import os
import subprocess
import sys

from django.test import Client

from qitong.web.common.parts import SHAPES


def test_the_gallery_shows_every_light_in_both_languages_and_themes(client: Client, db: None) -> None:
    for address in ("/gallery", "/gallery/workbench"):
        page = client.get(address).content.decode()
        assert all(page.count(f'd="{shape}"') >= 4 for shape in SHAPES.values())
        for column in ('data-theme="light" lang="zh-hans"', 'data-theme="dark" lang="en"'):
            assert column in page


def test_the_gallery_has_no_address_in_production() -> None:
    ask = (
        "import django; django.setup(); from django.urls import resolve, Resolver404\n"
        "try: resolve('/gallery', 'qitong.web.urls')\n"
        "except Resolver404: print('nowhere')"
    )
    settings = {
        "DJANGO_SETTINGS_MODULE": "qitong.server.settings",
        "QITONG_ENV": "production",
        "QITONG_SECRET_KEY": "s" * 50,
        "QITONG_LEDGER_KEY": "l" * 50,
        "QITONG_HOSTS": "qitong.example",
    }
    told = subprocess.run(
        [sys.executable, "-c", ask],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "nowhere"
