"""The link at the end of a mail: looked at it asks, sent it is done, once and for that sort alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.notifications import codes, sending
from qitong.notifications.logic.wishes import USUAL, Group
from qitong.notifications.models import Preferences
from qitong.notifications.preferences import wishes_of
from qitong.server.watch.logs import masked
from tests.automation.queue import deferred, react_to_all
from tests.notifications import smtp_server
from tests.notifications.reading import CLERK, COMPANY, OFFICER

SITE = "https://qitong.example"


@pytest.fixture
def post(settings: Settings) -> Iterator[smtp_server.Post]:
    settings.CSRF_TRUSTED_ORIGINS = [SITE]
    settings.ROOT_URLCONF = "qitong.web.urls"
    with smtp_server.running() as post:
        settings.MAIL_SERVER = post.server()
        yield post


@pytest.fixture
def mail(stage: Stage, post: smtp_server.Post, monkeypatch: pytest.MonkeyPatch) -> EmailMessage:
    """What Wang Fang is sent of a case she has to receive; the machine's clock shows the stage's time."""
    monkeypatch.setattr(timezone, "now", lambda: stage.at)
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    react_to_all(stage.at)
    sending.send(at=stage.at)
    return next(mail for mail in post.taken if mail["To"] == OFFICER and mail["List-Unsubscribe"])


def where(mail: EmailMessage) -> str:
    """The path of the link, the same in the text and for the mail program."""
    [link] = re.findall(rf"{SITE}(/mail/off/\S+)", mail.get_content())
    assert mail["List-Unsubscribe"].strip() == f"<{SITE}{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return str(link)


def wishes(stage: Stage) -> frozenset[Group]:
    user = stage.cast.user(OFFICER.partition("@")[0])
    return wishes_of([user.pk])[user.pk].mail


def test_a_scanner_that_opens_every_link_changes_nothing(stage: Stage, mail: EmailMessage) -> None:
    for _ in range(3):
        answer = Client().get(where(mail))
        assert answer.status_code == 200
        assert "需要我办的" in answer.content.decode()
        assert answer["Referrer-Policy"] == "no-referrer"
    assert Client().head(where(mail)).status_code == 200
    assert masked(f"Gone: {where(mail)}") == "Gone: /mail/off/…"
    assert wishes(stage) == USUAL.mail
    assert not Preferences.objects.exists()


def test_sent_by_a_person_it_is_done_once_without_signing_in(stage: Stage, mail: EmailMessage) -> None:
    visitor = Client(enforce_csrf_checks=True)
    assert "不再发到您的邮箱" in visitor.post(where(mail)).content.decode()
    assert wishes(stage) == USUAL.mail - {Group.TODO}
    [entry] = Entry.objects.filter(kind="notifications.mail_stopped")
    assert (entry.by, entry.body["group"]) == ("visitor", "todo")
    for again in (visitor.post, visitor.get):
        answer = again(where(mail))
        assert answer.status_code == 410
        assert "这个链接已经用过" in answer.content.decode()
    assert Entry.objects.filter(kind="notifications.mail_stopped").count() == 1


def test_a_mail_program_may_send_it_itself(stage: Stage, mail: EmailMessage) -> None:
    sent = Client(enforce_csrf_checks=True).post(where(mail), {"List-Unsubscribe": "One-Click"})
    assert sent.status_code == 200
    assert Group.TODO not in wishes(stage)


def test_a_changed_link_opens_nothing(stage: Stage, mail: EmailMessage) -> None:
    answer = Client().post(where(mail)[:-2] + "xx")
    assert answer.status_code == 404
    assert "没有这个链接" in answer.content.decode()
    assert wishes(stage) == USUAL.mail


def test_a_code_and_what_the_law_wants_told_carry_no_such_link(stage: Stage, post: smtp_server.Post) -> None:
    codes.ask(login=OFFICER, at=stage.at)
    [job] = deferred(codes.JOB)
    message = codes.message_for(job.args["code_id"], at=stage.at)
    sending.send(at=stage.at, message=message)
    [mail] = post.taken
    assert mail["List-Unsubscribe"] is None
    assert "/mail/off/" not in mail.get_content()
