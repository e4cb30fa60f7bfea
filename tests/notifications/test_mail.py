"""Mail against a real SMTP server: accepted, refused, no answer, and the same message twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from qitong.accounts import login_codes
from qitong.demo.stage import Stage
from qitong.notifications import codes, sending
from qitong.notifications.channels import ADAPTERS, NeverError, NotNowError, Outgoing
from qitong.notifications.channels.mail import Mail
from qitong.notifications.logic.providers import MailServer
from qitong.notifications.models import Channel, Delivery, State
from tests.automation.queue import deferred
from tests.notifications import smtp_server
from tests.notifications.reading import OFFICER, letter_to


@pytest.fixture
def post(settings: Settings) -> Iterator[smtp_server.Post]:
    with smtp_server.running() as post:
        settings.MAIL_SERVER = post.server()
        yield post


def test_an_accepted_mail_is_what_the_reader_gets(post: smtp_server.Post) -> None:
    Mail().send(letter_to(email="lin@corp.cn", subject="企通：许可", text="已受理。"))
    [mail] = post.taken
    assert (mail["To"], mail["From"], mail["Subject"]) == ("lin@corp.cn", "office@park.cn", "企通：许可")
    assert "已受理。" in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_second_try_carries_the_same_message_id(post: smtp_server.Post) -> None:
    message = letter_to(email="lin@corp.cn")
    Mail().send(message)
    Mail().send(message)
    assert [mail["Message-ID"] for mail in post.taken] == [f"<{message.key}@park.cn>"] * 2


@pytest.mark.parametrize(
    ("answer", "error"), [("550 no such mailbox", NeverError), ("451 try later", NotNowError)]
)
def test_a_refused_mail_is_not_sent(post: smtp_server.Post, answer: str, error: type[Exception]) -> None:
    post.answer = answer
    with pytest.raises(error, match=answer[:3]):
        Mail().send(letter_to(email="gone@corp.cn"))
    assert post.taken == []


def test_a_server_that_does_not_answer_is_tried_later(post: smtp_server.Post, settings: Settings) -> None:
    post.silent = True
    settings.MAIL_SERVER = post.server(timeout=1)
    with pytest.raises(NotNowError, match=r"[Tt]ime"):
        Mail().send(letter_to(email="lin@corp.cn"))


def test_a_server_that_is_not_there_is_tried_later(settings: Settings) -> None:
    settings.MAIL_SERVER = MailServer(host="127.0.0.1", port=1, sender="office@park.cn")
    with pytest.raises(NotNowError):
        Mail().send(letter_to(email="lin@corp.cn"))


@pytest.mark.parametrize("changed", [{"email": ""}, {"email": "a@b.cn", "subject": "a\nBcc: x@y.z"}])
def test_without_an_address_or_with_a_forged_head_it_never_goes(
    post: smtp_server.Post, changed: dict[str, str]
) -> None:
    with pytest.raises(NeverError):
        Mail().send(letter_to(**changed))


def test_without_settings_it_says_so(settings: Settings) -> None:
    settings.MAIL_SERVER = None
    with pytest.raises(NotNowError, match="not configured"):
        Mail().send(letter_to(email="lin@corp.cn"))


def test_a_login_code_arrives_by_mail(stage: Stage, post: smtp_server.Post) -> None:
    digits = login_codes.digits(codes.ask(login=OFFICER, at=stage.at))
    [job] = deferred(codes.JOB)
    message = codes.message_for(job.args["code_id"], at=stage.at)
    assert sending.send(at=stage.at, message=message) == 1
    [mail] = post.taken
    assert mail["To"] == OFFICER
    assert digits in mail.get_content()
    assert digits not in mail["Subject"]


def test_killed_after_the_server_took_it_the_next_try_is_the_same_mail(
    stage: Stage, post: smtp_server.Post
) -> None:
    class Killed(BaseException): ...

    class Dies:
        def send(self, message: Outgoing) -> None:
            Mail().send(message)
            raise Killed

    codes.ask(login=OFFICER, at=stage.at)
    [job] = deferred(codes.JOB)
    message = codes.message_for(job.args["code_id"], at=stage.at)
    with pytest.raises(Killed):
        sending.send(at=stage.at, message=message, adapters={Channel.MAIL: Dies()})
    later = stage.at + sending.RESERVED
    assert sending.send(at=later, message=message, adapters=ADAPTERS) == 1
    assert Delivery.objects.get(message=message).state == State.SENT
    assert len({mail["Message-ID"] for mail in post.taken}) == 1


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://localhost/?from=a@b.cn", MailServer("localhost", 25, "a@b.cn")),
        (
            "smtp://u%40x:p%2Fw@mail.cn/?tls=1&from=a@b.cn",
            MailServer("mail.cn", 587, "a@b.cn", "u@x", "p/w", tls=True),
        ),
        ("smtps://u:p@mail.cn:2465/?from=a@b.cn", MailServer("mail.cn", 2465, "a@b.cn", "u", "p", ssl=True)),
    ],
)
def test_the_address_of_the_server_is_read_from_one_setting(url: str, server: MailServer | None) -> None:
    assert MailServer.parse(url) == server


HALF = """mail.cn
http://mail.cn/?from=a@b.cn
smtp://mail.cn/
smtp://u:p@mail.cn/?from=a@b.cn
smtp://mail.cn/?from=a@b.cn&starttls=1"""


@pytest.mark.parametrize("url", HALF.splitlines())
def test_half_a_setting_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"it must|from=|unencrypted|unknown"):
        MailServer.parse(url)
