"""A link is good for one purpose, about one thing, until one moment, once; looking at it changes nothing."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import ANY

import pytest
from django.core.signing import Signer
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker, Settings

from qitong.accounts import links
from qitong.accounts.access_models import UsedLink
from qitong.accounts.links import LinkPurpose
from qitong.kernel.errors import Refused
from tests.server.backups.databases import database, using

AT = dt.datetime(2026, 3, 3, 9, 30, tzinfo=dt.UTC)
UNTIL = AT + dt.timedelta(days=1)
HERE = LinkPurpose.MAIL_OFF


def made(purpose: LinkPurpose = HERE) -> str:
    return links.make(purpose=purpose, subject="7 progress 42", until=UNTIL)


def refusal(text: str, *, at: dt.datetime = AT) -> str:
    with pytest.raises(Refused) as refused:
        links.read(text, purpose=HERE, at=at)
    return refused.value.code


@pytest.mark.django_db
def test_it_is_read_as_often_as_one_likes_and_used_once() -> None:
    for _ in range(3):  # a scanner, a preview, a person
        assert links.read(made(), purpose=HERE, at=AT) == links.Link("7 progress 42", UNTIL, ANY)
    assert not UsedLink.objects.exists()
    links.use(made(), purpose=HERE, at=AT)
    with pytest.raises(Refused) as refused:
        links.use(made(), purpose=HERE, at=AT)
    assert refused.value.code == refusal(made()) == "link_used"


@pytest.mark.django_db
def test_after_its_term_it_is_over_even_unused() -> None:
    assert links.read(made(), purpose=HERE, at=UNTIL - dt.timedelta(seconds=1))
    assert refusal(made(), at=UNTIL) == "link_expired"


@pytest.mark.django_db
def test_what_was_signed_for_another_purpose_or_changed_is_unknown() -> None:
    other = Signer(salt="qitong.link.another", sep=".").sign_object(["7 progress 42", int(UNTIL.timestamp())])
    whole = made()
    changed = [whole[:n] + ("B" if whole[n] == "A" else "A") + whole[n + 1 :] for n in range(0, 80, 7)]
    for text in (other, *changed, whole[:-1], whole + "A", "", "x" * 500, whole.rpartition(".")[0]):
        assert refusal(text) == "link_unknown", text


@pytest.mark.django_db
def test_a_deed_that_fails_leaves_the_link_good() -> None:
    with transaction.atomic():
        links.use(made(), purpose=HERE, at=AT)
        transaction.set_rollback(True)
    assert links.use(made(), purpose=HERE, at=AT)


@pytest.mark.django_db
def test_a_new_key_of_the_installation_keeps_links_of_the_old_one(settings: Settings) -> None:
    text = made()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    assert links.read(text, purpose=HERE, at=AT)
    settings.SECRET_KEY_FALLBACKS = []
    assert refusal(text) == "link_unknown"


@pytest.mark.django_db
def test_what_is_over_is_forgotten() -> None:
    links.use(made(), purpose=HERE, at=AT)
    assert (links.clear(at=AT), links.clear(at=UNTIL)) == (0, 1)


def test_of_many_at_once_one_is_let_in(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), database("links", migrated=True) as name, using(name):

        def used(_: int) -> str:
            try:
                with transaction.atomic():
                    return links.use(made(), purpose=HERE, at=AT).subject
            except Refused as refused:
                return refused.code
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(used, range(8)))
    assert sorted(found) == ["7 progress 42", *["link_used"] * 7]
