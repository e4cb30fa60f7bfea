"""Pages of the demonstration, as different people reach them: their words, their frame, their weight."""

from __future__ import annotations

import datetime as dt
import gzip
import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone
from tools.messages import CHINESE, NAMES

from qitong.accounts.models import Membership, User
from qitong.casework.logic.clock import ZONE
from qitong.demo.play import play
from qitong.kernel.masking import mask_name, mask_text

MORNING = dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
COMPANY, ANOTHER, OWNER = "13800000001", "13800000003", "wang.fang@qitong.example"
REVIEWER, HEAD = "hg.reviewer@qitong.example", "zjw.head@qitong.example"
LEADER = "zhou.jun@qitong.example"
MOST = 120_000  # bytes over the wire, for the first view
GZIP = {"accept-encoding": "gzip"}
Weights = dict[str, int]

LINK = re.compile(r'href="(/[^"#]*)')
MANY = re.compile(r"^(/items|/my/start|/policies)[/?]")
# Scripts, and names that a drawing breaks into lines (they stand whole in its description).
UNREAD = re.compile(r"<(script|style|text)\b.*?</\1>|<!--.*?-->", re.DOTALL)
MARKED = re.compile(r'<(\w+)[^>]*\blang="zh[^"]*"[^>]*>.*?</\1>', re.DOTALL)
PART = re.compile(r'[^<>"\n]+')


@pytest.fixture(scope="module")
def weighed() -> Weights:
    """What each static file weighs on its way, asked for once."""
    return {}


@pytest.mark.first
def test_every_page_is_english_framed_and_light(
    db: None, files: Path, monkeypatch: pytest.MonkeyPatch, weighed: Weights
) -> None:
    play(at=MORNING)
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    kept = kept_as_written()
    found, read = {}, []
    for login in ("", COMPANY, ANOTHER, OWNER, REVIEWER, HEAD, LEADER):
        for address, page, sent in pages(login):
            read.append(address)
            # An officer's own sentences, filled with a case, are in the language they were written in.
            written = address.startswith("/desk/phrases/for/")
            wrong = ([] if written else left_over(page, kept)) + unframed(page)
            if (weight := sent + carried(page, weighed)) > MOST:
                wrong.append(f"{weight} bytes")
            if wrong:
                found[f"{login} {address}"] = wrong
    assert found == {}
    assert len(read) > 60
    for family in ("/items/", "/my/cases/", "/my/drafts/", "/desk/cases/", "/desk/tasks"):
        assert any(address.startswith(family) for address in read), family


def unframed(page: str) -> list[str]:
    """What every page has: a title, one heading, its language, the skip link and where it leads."""
    has = {
        "title": re.search(r"<title>[^<]*\w[^<]*</title>", page),
        "one h1": len(re.findall(r"<h1\b", page)) == 1,
        "lang": '<html lang="en"' in page,
        "skip": 'class="skip" href="#main"' in page or "<nav" not in page,
        "main": re.search(r'<main\b[^>]*id="main"', page),
        "nothing inline": not re.search(r"\sstyle=|<style|<script>|\son[a-z]+=\"", page),
        "nothing foreign": not re.search(
            r'<(?:link|script|img|iframe)[^>]*(?:href|src)="(?:https?:)?//', page
        ),
        "ids once": len(ids := re.findall(r'\sid="([^"]+)"', page)) == len(set(ids)),
    }
    return [name for name, there in has.items() if not there]


def carried(page: str, weighed: Weights) -> int:
    """Style sheets, scripts, pictures and icons that come with a page; a missing one fails."""
    total = 0
    for part in set(re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="(/[^"]+)"', page)):
        if part not in weighed:
            answer = Client().get(html.unescape(part), headers=GZIP)
            assert answer.status_code == 200, part
            weighed[part] = len(answer.getvalue())
        total += weighed[part]
    return total


def pages(login: str) -> Iterator[tuple[str, str, int]]:
    """What a person reaches by following links from the start; of items and of policies only some."""
    client = Client()
    client.cookies["django_language"] = "en"
    if login:
        client.force_login(User.objects.get(login=login))
    ahead, met = ["/"], Counter[str]()
    for address in ahead:
        answer = client.get(address, follow=True, headers=GZIP)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        sent = answer.getvalue()
        page = (gzip.decompress(sent) if answer.get("Content-Encoding") == "gzip" else sent).decode()
        yield address, page, len(sent)
        for link in map(html.unescape, LINK.findall(page)):
            if link in ahead or link.startswith(("/static", "/documents", "/desk/documents", "/gallery")):
                continue
            many = MANY.match(link)
            met[many[1] if many else ""] += 1
            if not many or met[many[1]] <= 5:
                ahead.append(link)


def left_over(page: str, kept: list[str]) -> list[str]:
    """The texts and attributes of a page that hold Chinese which nobody wrote into the tables."""
    whole = re.sub(r'<span class="(?:date|no)">([^<]*)</span>', r"\1", page)
    text = html.unescape(MARKED.sub("", UNREAD.sub("", whole)))
    there = set(text)
    for part in [*kept, *NAMES]:
        if there.issuperset(part):  # else it cannot stand here: most do not, and to look takes long
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
    people = set(Membership.objects.values_list("user__name", flat=True))
    kept |= {mask_name(name) for name in people} | {mask_text(text, people) for text in kept}
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
