"""Pages of the demonstration, as different people reach them, read in English."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tools.messages import CHINESE, NAMES

from qitong.accounts.models import User
from qitong.casework.logic.clock import ZONE
from qitong.demo.play import play

MORNING = dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
COMPANY, ANOTHER, OWNER = "13800000001", "13800000003", "wang.fang@qitong.example"
REVIEWER, HEAD = "hg.reviewer@qitong.example", "zjw.head@qitong.example"

LINK = re.compile(r'href="(/[^"#]*)')
ITEM = re.compile(r"^(/items|/my/start)[/?]")
# Scripts, and names that a drawing breaks into lines (they stand whole in its description).
UNREAD = re.compile(r"<(script|style|text)\b.*?</\1>|<!--.*?-->", re.DOTALL)
MARKED = re.compile(r'<(\w+)[^>]*\blang="zh[^"]*"[^>]*>.*?</\1>', re.DOTALL)
PART = re.compile(r'[^<>"\n]+')


def test_no_page_shows_chinese_to_a_reader_of_english(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_DIR = tmp_path / "files"
    play(at=MORNING)
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    kept = kept_as_written()
    found, read = {}, []
    for login in ("", COMPANY, ANOTHER, OWNER, REVIEWER, HEAD):
        for address, page in pages(login):
            read.append(address)
            if left := left_over(page, kept):
                found[f"{login} {address}"] = left
    assert found == {}
    assert len(read) > 60
    for family in ("/items/", "/my/cases/", "/my/drafts/", "/desk/cases/", "/desk/tasks"):
        assert any(address.startswith(family) for address in read), family


def pages(login: str) -> Iterator[tuple[str, str]]:
    """What a person reaches by following links from the start; of the service items only some."""
    client = Client()
    client.cookies["django_language"] = "en"
    if login:
        client.force_login(User.objects.get(login=login))
    ahead, items = ["/"], 0
    for address in ahead:
        answer = client.get(address, follow=True)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        yield address, page
        for link in map(html.unescape, LINK.findall(page)):
            if link in ahead or link.startswith(("/static", "/documents", "/desk/documents")):
                continue
            items += bool(ITEM.match(link))
            if not ITEM.match(link) or items <= 5:
                ahead.append(link)


def left_over(page: str, kept: list[str]) -> list[str]:
    """The texts and attributes of a page that hold Chinese which nobody wrote into the tables."""
    text = html.unescape(MARKED.sub("", UNREAD.sub("", page)))
    for part in [*kept, *NAMES]:
        text = text.replace(part, "")
    return [part.strip() for part in PART.findall(text) if CHINESE.search(part)]


def kept_as_written() -> list[str]:
    """Names and free texts in the tables, longest first, without what has an English text beside it."""
    found: dict[str, set[str]] = {"zh": set(), "en": set(), "": set()}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField, models.JSONField)):
                language = field.name[-2:] if field.name.endswith(("_zh", "_en")) else ""
                for value in model._default_manager.values_list(field.name, flat=True).distinct():
                    for text, written_in in _texts(value, language):
                        found[written_in].add(text)
    kept = (found[""] - found["zh"]) | found["en"]  # what a person names is the same in both
    return sorted((text for text in kept if CHINESE.search(text)), key=len, reverse=True)


def _texts(value: object, language: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield from ((line.strip(), language) for line in value.splitlines())
        case dict():
            for key, part in value.items():
                yield from _texts(part, key if key in ("zh", "en") else language)
        case list():
            for part in value:
                yield from _texts(part, language)
