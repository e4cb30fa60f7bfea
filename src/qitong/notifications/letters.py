"""A message as it goes out: in the reader's language, as a mail, and as the parts an SMS template takes."""

from __future__ import annotations

import datetime as dt
import string

from django.conf import settings
from django.utils import translation

from qitong.accounts.logic.logins import is_mail
from qitong.kernel.words import Sentence, say
from qitong.notifications import codes, stopping
from qitong.notifications.channels import Outgoing
from qitong.notifications.models import Delivery, Message
from qitong.notifications.tells import TELLS


def outgoing(delivery: Delivery, *, at: dt.datetime) -> Outgoing:
    """What the adapter is given; the digits of a code are put in here and nowhere before."""
    message, reader = delivery.message, delivery.message.recipient
    sentence, phone, email = message.sentence, reader.phone, reader.email
    if message.address:
        phone, email = ("", message.address) if is_mail(message.address) else (message.address, "")
    if message.code is not None:
        sentence, phone, email = codes.filled(message, message.code)
    with translation.override(reader.language):
        text = str(sentence)
        stop = stopping.address_for(message)
        return Outgoing(
            key=delivery.key,
            at=at,
            to=reader.ref,
            phone=phone,
            email=email,
            language=reader.language,
            text=text,
            subject=_subject(message, sentence),
            letter=_letter(message, text, stop),
            stop=stop,
            template=template_of(message.kind, sentence.text),
            variables={name: _shown(sentence.params[name]) for name in places(sentence.text)},
        )


def template_of(kind: str, text: str) -> str:
    """What a template is called where it is registered: the kind, and which of its sentences it is."""
    lines = [tell.text.text for tell in TELLS.get(kind, ())]
    return f"{kind}.{lines.index(text) + 1}" if text in lines else kind


def places(text: str) -> list[str]:
    """The places of a sentence, each once, in the order of the Chinese text."""
    return list(dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(text) if name))


def _shown(value: object) -> str:
    return str(Sentence("{it}", {"it": value}))


def _subject(message: Message, sentence: Sentence) -> str:
    if message.kind == codes.KIND:
        return str(say("企通验证码"))
    given = sentence.params
    if given.get("title") and given.get("number"):
        subject = say("企通：{title}（{number}）", title=given["title"], number=given["number"])
        return " ".join(str(subject).split())
    return str(say("企通：有一条新消息"))


def _letter(message: Message, text: str, stop: str) -> str:
    parts = [text]
    if message.kind != codes.KIND:
        if site := next(iter(settings.CSRF_TRUSTED_ORIGINS), ""):
            parts.append(str(say("登录后查看：{url}", url=f"{site}/messages")))
        parts.append(str(say("哪些消息发到邮箱，可以在“账户”的“消息通知”里选择。")))
    if stop:
        parts.append(str(say("停发这类邮件，不用登录：{url}", url=stop)))
    parts.append(str(say("本邮件由系统发出，请不要直接回复。")))
    return "\n\n".join(parts) + "\n"
