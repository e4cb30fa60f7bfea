"""What readers choose: which messages come by mail and SMS, and the hours in which they wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.ledger.record import record
from qitong.notifications.logic.wishes import CHOSEN, USUAL, Group, Wishes
from qitong.notifications.models import Channel, Preferences


@transaction.atomic
def choose(
    *,
    mail: Collection[Group],
    sms: Collection[Group],
    quiet_from: dt.time | None,
    quiet_until: dt.time | None,
    by: Actor,
    at: dt.datetime,
) -> Wishes:
    """Keep what a signed-in person wants for themselves; returns it.

    Refused: quiet hours of which only one end is given, or none long (``quiet``).
    """
    if by.user_id is None or not by.is_person:
        raise Refused(say("请先登录。"), code="forbidden")
    if (quiet_from is None) != (quiet_until is None):
        raise Refused(say("免打扰时间请填写开始和结束，或者都不填。"), code="quiet", field="quiet_until")
    if quiet_from is not None and quiet_from == quiet_until:
        raise Refused(say("免打扰时间的开始和结束不能相同。"), code="quiet", field="quiet_until")
    chosen = {
        "mail": [group.value for group in CHOSEN if group in mail],
        "sms": [group.value for group in CHOSEN if group in sms],
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    kept, _ = Preferences.objects.update_or_create(user_id=by.user_id, defaults=chosen)
    times = {name: given.isoformat("minutes") if given else None for name, given in _quiet(kept).items()}
    record(by.ref, "notifications.chosen", by=by.ref, at=at, body={**chosen, **times})
    return kept.wishes


def wishes_of(users: Iterable[int]) -> dict[int, Wishes]:
    """What each of these people wants; one query."""
    asked = set(users)
    found = {row.user_id: row.wishes for row in Preferences.objects.filter(user__in=asked)}
    return {user: found.get(user, USUAL) for user in asked}


def wants(reader: User, wishes: Wishes, group: Group, channel: Channel) -> bool:
    """Whether this sort of message goes to the reader on this channel: wanted, and the address known."""
    if channel is Channel.MAIL:
        return bool(reader.email) and wishes.by_mail(group)
    if channel is Channel.SMS:
        return bool(reader.phone) and wishes.by_sms(group)
    return True


def not_before(wishes: Wishes, channel: Channel, at: dt.datetime) -> dt.datetime:
    """When it may be sent: mail and SMS wait for the morning, what rings nowhere does not."""
    return wishes.not_before(at) if channel in (Channel.MAIL, Channel.SMS) else at


def _quiet(kept: Preferences) -> dict[str, dt.time | None]:
    return {"quiet_from": kept.quiet_from, "quiet_until": kept.quiet_until}
