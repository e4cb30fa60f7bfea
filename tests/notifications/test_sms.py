"""SMS against a gateway that speaks our protocol: accepted, refused, silent, the same message twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from qitong.accounts import login_codes
from qitong.demo.stage import Stage
from qitong.notifications import codes, sending
from qitong.notifications.channels import NeverError, NotNowError, Outgoing
from qitong.notifications.channels.sms import Sms
from qitong.notifications.logic.providers import SmsGateway
from qitong.notifications.models import Channel, Delivery, State
from tests.automation.queue import deferred
from tests.notifications import sms_gateway
from tests.notifications.reading import CLERK, letter_to


@pytest.fixture
def carrier(settings: Settings) -> Iterator[sms_gateway.Carrier]:
    with sms_gateway.running() as carrier:
        settings.SMS_GATEWAY = carrier.gateway()
        yield carrier


def test_an_accepted_message_names_its_template_and_fills_it_both_ways(carrier: sms_gateway.Carrier) -> None:
    message = letter_to(
        phone="13800000001",
        template="task.remind.1",
        variables={"department": "市场监管局", "due_on": "周二"},
    )
    Sms().send(message)
    assert carrier.taken == {
        str(message.key): {
            "phone": "13800000001",
            "template": "task.remind.1",
            "language": "zh-hans",
            "named": {"department": "市场监管局", "due_on": "周二"},
            "numbered": ["市场监管局", "周二"],
            "text": "已受理。",
        }
    }


def test_the_same_message_twice_is_taken_once(carrier: sms_gateway.Carrier) -> None:
    message = letter_to(phone="13800000001")
    Sms().send(message)
    Sms().send(message)
    assert (carrier.calls, len(carrier.taken)) == (2, 1)


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, {"ok": False, "error": "quota"}, NotNowError),
        (200, {"ok": False, "permanent": True}, NeverError),
        (200, "<html>welcome</html>", NotNowError),
        (200, {}, NotNowError),
        (302, "", NotNowError),
        (400, {"ok": False}, NeverError),
        (429, {"ok": False}, NotNowError),
        (503, "busy", NotNowError),
    ],
)
def test_what_is_not_said_to_be_taken_is_not_sent(
    carrier: sms_gateway.Carrier, status: int, answer: object, error: type[Exception]
) -> None:
    carrier.status, carrier.answer = status, answer
    with pytest.raises(error):
        Sms().send(letter_to(phone="13800000001"))
    assert carrier.taken == {}


def test_a_wrong_secret_is_refused_by_the_gateway(carrier: sms_gateway.Carrier, settings: Settings) -> None:
    settings.SMS_GATEWAY = carrier.gateway(secret="wrong")
    with pytest.raises(NeverError, match="401"):
        Sms().send(letter_to(phone="13800000001"))


def test_a_gateway_that_does_not_answer_is_tried_later(
    carrier: sms_gateway.Carrier, settings: Settings
) -> None:
    carrier.silent = True
    settings.SMS_GATEWAY = carrier.gateway(timeout=0.2)
    with pytest.raises(NotNowError, match=r"[Tt]imeout"):
        Sms().send(letter_to(phone="13800000001"))


def test_without_phone_settings_or_template_it_is_not_sent(
    carrier: sms_gateway.Carrier, settings: Settings
) -> None:
    with pytest.raises(NeverError, match="no phone"):
        Sms().send(letter_to())
    settings.SMS_GATEWAY = carrier.gateway(templates={"login.code": "SMS_1"})
    with pytest.raises(NeverError, match="no template is registered"):
        Sms().send(letter_to(phone="13800000001"))
    settings.SMS_GATEWAY = None
    with pytest.raises(NotNowError, match="not configured"):
        Sms().send(letter_to(phone="13800000001"))
    assert carrier.calls == 0


def test_a_login_code_arrives_by_sms(stage: Stage, carrier: sms_gateway.Carrier, settings: Settings) -> None:
    settings.SMS_GATEWAY = carrier.gateway(templates={"login.code": "SMS_1", "*": "SMS_2"})
    digits = login_codes.digits(codes.ask(login=CLERK, at=stage.at))
    [job] = deferred(codes.JOB)
    assert sending.send(at=stage.at, message=codes.message_for(job.args["code_id"], at=stage.at)) == 1
    [sent] = carrier.taken.values()
    assert (sent["phone"], sent["template"]) == (CLERK, "SMS_1")
    assert (sent["named"], sent["numbered"]) == ({"code": digits, "minutes": "10"}, [digits, "10"])


def test_killed_after_the_gateway_took_it_the_next_try_has_the_same_key(
    stage: Stage, carrier: sms_gateway.Carrier
) -> None:
    class Killed(BaseException): ...

    class Dies:
        def send(self, message: Outgoing) -> None:
            Sms().send(message)
            raise Killed

    codes.ask(login=CLERK, at=stage.at)
    [job] = deferred(codes.JOB)
    message = codes.message_for(job.args["code_id"], at=stage.at)
    with pytest.raises(Killed):
        sending.send(at=stage.at, message=message, adapters={Channel.SMS: Dies()})
    assert sending.send(at=stage.at + sending.RESERVED, message=message) == 1
    delivery = Delivery.objects.get(message=message)
    assert delivery.state == State.SENT
    assert [uuid.UUID(key) for key in carrier.taken] == [delivery.key]


def test_the_gateway_is_read_from_the_environment() -> None:
    assert SmsGateway.parse("", "", "") is None
    found = SmsGateway.parse("https://sms.cn/v1", "k", "s", "login.code=SMS_1, *=SMS_2")
    assert found is not None
    assert (found.template("login.code"), found.template("case.accept.1")) == ("SMS_1", "SMS_2")


@pytest.mark.parametrize(
    ("url", "key", "templates"),
    [("http://sms.cn", "k", ""), ("https://sms.cn", "", ""), ("https://sms.cn", "k", "SMS_1")],
)
def test_half_a_setting_is_refused(url: str, key: str, templates: str) -> None:
    with pytest.raises(ValueError, match=r"https|needed|must be like"):
        SmsGateway.parse(url, key, "s", templates)
