"""Login codes on their way: asked for in the page, sent by a worker.

The page does the same for everybody: it notes what was asked and leaves a job. Only the worker looks
whether there is such an account, so neither the answer nor its time tells.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app

from qitong.accounts import login_codes
from qitong.accounts.actors import Actor
from qitong.accounts.logic.logins import is_mail, normalised
from qitong.accounts.models import LoginCode, Purpose, User
from qitong.kernel.errors import Refused
from qitong.kernel.words import NOTHING, Sentence, say
from qitong.notifications.channels import Outgoing, enabled
from qitong.notifications.models import Channel, Delivery, Message, State

JOB = "notifications.bring_code"
KIND = "login.code"
PRIORITY = 10
TEXT = say("您的企通验证码是{code}，{minutes}分钟内有效。不要告诉任何人；如不是您本人操作，请不用理会。")
NEW = say(
    "您正在用这个号码注册企业，企通验证码是{code}，{minutes}分钟内有效。不要告诉任何人；如不是您本人操作，请不用理会。"
)
KNOWN = say(
    "这个号码已有企通账号。填写验证码{code}后，企业登记到您的账号名下，{minutes}分钟内有效。"
    "不要告诉任何人；如不是您本人操作，请不用理会。"
)
REGISTRATION_JOB = "notifications.bring_registration_code"
HIDDEN = "······"
_REGISTRATION_KEYS = uuid.UUID("6b7f4f2e-5d0a-4d63-9a7e-1f1d3c0c8a55")
"""Each try to send a code has the same key, by which the provider knows that it has it already."""


@transaction.atomic
def ask(*, login: str, at: dt.datetime) -> LoginCode:
    """Have a code to sign in sent to ``login``, if that is somebody's.

    Refused as :func:`login_codes.ask` does, and where such an address cannot be reached at all
    (``not_configured``).
    """
    if reason := why_not_to(login):
        raise Refused(reason, code="not_configured", field="login")
    return _soon(login_codes.ask(login=login, at=at))


@transaction.atomic
def ask_for_address(*, address: str, by: Actor, at: dt.datetime) -> LoginCode:
    """Have a code sent to the new phone number or mail address of whoever asks."""
    if reason := why_not_to(address):
        raise Refused(reason, code="not_configured", field="address")
    if by.user_id is None:
        raise Refused(say("请先登录。"), code="forbidden")
    user = User.objects.get(pk=by.user_id)
    return _soon(login_codes.ask_for_address(user=user, address=address, at=at))


@transaction.atomic
def ask_for_registration(*, phone: str, language: str, at: dt.datetime) -> LoginCode:
    """Have a code sent to the number with which a company is to be registered, known here or not."""
    if reason := why_not_to(phone):
        raise Refused(reason, code="not_configured", field="phone")
    code = login_codes.ask_for_registration(phone=phone, at=at)
    app.configure_task(REGISTRATION_JOB, priority=PRIORITY).defer(code_id=code.pk, language=language)
    return code


def to_stranger(code_id: int, *, language: str, at: dt.datetime) -> tuple[Channel, Outgoing] | None:
    """What goes to a number that may be nobody's, so that no message is kept of it; None when it is too late.

    Only here, and only to who holds the number, is it told whether there is an account.
    """
    code = LoginCode.objects.filter(pk=code_id, purpose=Purpose.REGISTRATION).first()
    channel = channel_to(code.address) if code is not None else None
    if code is None or channel is None or not login_codes.is_open(code, at=at):
        return None
    known = User.objects.filter(login=code.whose).exists()
    told = {"code": login_codes.digits(code), "minutes": login_codes.VALID // dt.timedelta(minutes=1)}
    by_mail = is_mail(code.address)
    with translation.override(language):
        text = str(say((KNOWN if known else NEW).text, **told))
        return channel, Outgoing(
            key=uuid.uuid5(_REGISTRATION_KEYS, code.nonce),
            at=at,
            to=f"code:{code.pk}",
            phone="" if by_mail else code.address,
            email=code.address if by_mail else "",
            language=language,
            text=text,
            subject=str(say("企通验证码")),
            letter=f"{text}\n\n{say('本邮件由系统发出，请不要直接回复。')}\n",
            template="registration.known" if known else "registration.new",
            variables={name: str(value) for name, value in told.items()},
        )


@transaction.atomic
def ask_for_password(*, by: Actor, at: dt.datetime) -> LoginCode:
    """Have a code sent to the login of whoever asks, with which they may set a password."""
    if by.user_id is None:
        raise Refused(say("请先登录。"), code="forbidden")
    user = User.objects.get(pk=by.user_id)
    if reason := why_not_to(user.login):
        raise Refused(reason, code="not_configured")
    return _soon(login_codes.ask_for_password(user=user, at=at))


def why_not_to(address: str) -> Sentence:
    """Why no code can be sent to this phone number or mail address; empty when it can."""
    if channel_to(address) is not None:
        return NOTHING
    if is_mail(normalised(address)):
        return say("本平台还没有配置邮件，无法发送验证码到邮箱。请用手机号或密码登录。")
    return say("本平台还没有配置短信，无法发送验证码到手机。请用邮箱或密码登录。")


def reachable() -> tuple[Channel, ...]:
    """The channels by which codes can be sent here; none: people sign in by password only."""
    codes = (
        (Channel.SMS, Channel.MAIL) if settings.PRODUCTION else (Channel.SMS, Channel.MAIL, Channel.CONSOLE)
    )
    return tuple(channel for channel in codes if channel in enabled())


@transaction.atomic
def message_for(code_id: int, *, at: dt.datetime) -> Message | None:
    """The message that waits to be sent, made once; None when nobody may have the code."""
    code = login_codes.addressed(code_id=code_id, at=at)
    channel = channel_to(code.address) if code is not None else None
    if code is None or code.user is None or channel is None:
        return None
    params = {"code": HIDDEN, "minutes": login_codes.VALID // dt.timedelta(minutes=1)}
    message, made = Message.objects.get_or_create(
        dedupe=f"code:{code.pk}",
        defaults={
            "recipient": code.user,
            "code": code,
            "kind": KIND,
            "text": TEXT.text,
            "params": params,
            "at": code.asked_at,
            "created_at": at,
        },
    )
    if made:
        Delivery.objects.create(message=message, channel=channel, state=State.PENDING, next_attempt_at=at)
    return message


def filled(message: Message, code: LoginCode) -> tuple[Sentence, str, str]:
    """The sentence with the digits in it, and the phone number or mail address it goes to."""
    sentence = say(message.text, **{**message.params, "code": login_codes.digits(code)})
    return (sentence, "", code.address) if is_mail(code.address) else (sentence, code.address, "")


def channel_to(address: str) -> Channel | None:
    """By mail to an address, else by SMS; in development the console stands for what is missing."""
    wanted = Channel.MAIL if is_mail(normalised(address)) else Channel.SMS
    ways = reachable()
    if wanted in ways:
        return wanted
    return Channel.CONSOLE if Channel.CONSOLE in ways else None


def _soon(code: LoginCode) -> LoginCode:
    app.configure_task(JOB, priority=PRIORITY).defer(code_id=code.pk)
    return code
