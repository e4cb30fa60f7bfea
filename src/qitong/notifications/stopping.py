"""One sort of messages by mail no more, by the link at the end of a mail."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from qitong.accounts import links
from qitong.accounts.actors import Actor
from qitong.accounts.links import Link, LinkPurpose
from qitong.accounts.models import User
from qitong.ledger.record import record
from qitong.notifications.logic.wishes import CHOSEN, Group
from qitong.notifications.models import Message, Preferences
from qitong.notifications.preferences import wishes_of

GOOD_FOR = dt.timedelta(days=90)
PATH = "/mail/off/"


def address_for(message: Message) -> str:
    """Where the reader of this mail can stop its sort; empty for what must reach them, or without a site."""
    site = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    if not site or message.code_id is not None or message.group not in {group.value for group in CHOSEN}:
        return ""
    until = message.created_at + GOOD_FOR
    subject = f"{message.recipient_id} {message.group} {message.pk}"
    return f"{site}{PATH}{links.make(purpose=LinkPurpose.MAIL_OFF, subject=subject, until=until)}"


def about(link: str, *, at: dt.datetime) -> Group:
    """Which sort the link would stop; nothing changes. Refused as :func:`links.read` is."""
    return _meant(links.read(link, purpose=LinkPurpose.MAIL_OFF, at=at))[1]


@transaction.atomic
def stop(link: str, *, by: Actor, at: dt.datetime) -> Group:
    """Do it, once; the pages still show these messages. Refused as :func:`links.use` is."""
    user_id, group = _meant(links.use(link, purpose=LinkPurpose.MAIL_OFF, at=at))
    user = User.objects.select_for_update().get(pk=user_id)
    wishes = wishes_of([user_id])[user_id]
    chosen = {
        "mail": [one.value for one in CHOSEN if one in wishes.mail and one is not group],
        "sms": [one.value for one in CHOSEN if one in wishes.sms],
        "quiet_from": wishes.quiet_from,
        "quiet_until": wishes.quiet_until,
    }
    Preferences.objects.update_or_create(user_id=user_id, defaults=chosen)
    record(user.ref, "notifications.mail_stopped", by=by.ref, at=at, body={"group": group.value})
    return group


def _meant(link: Link) -> tuple[int, Group]:
    user, group, _ = link.subject.split()
    return int(user), Group(group)
