"""The seam to the outside: one adapter per channel, each a file of this folder.

A provider (mail, SMS, DingTalk …) gets an adapter, a member of ``models.Channel`` and its setting in
``MISSING``. In development, where none is configured, everything goes to the twin ``console``.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from qitong.notifications.channels.console import Console
from qitong.notifications.channels.mail import Mail
from qitong.notifications.channels.outgoing import Adapter, NeverError, NotNowError, Outgoing
from qitong.notifications.channels.sms import Sms
from qitong.notifications.models import Channel

__all__ = ["ADAPTERS", "Adapter", "NeverError", "NotNowError", "Outgoing", "configured", "enabled"]

ADAPTERS: dict[Channel, Adapter] = {Channel.CONSOLE: Console(), Channel.MAIL: Mail(), Channel.SMS: Sms()}
"""The channels that leave this system. In the app, the message's own row is what is shown."""

SETTINGS = {Channel.MAIL: "QITONG_MAIL_URL", Channel.SMS: "QITONG_SMS_URL"}


def configured(channel: Channel) -> bool:
    """Whether the installation says where this channel hands over."""
    if channel is Channel.MAIL:
        return settings.MAIL_SERVER is not None
    return settings.SMS_GATEWAY is not None if channel is Channel.SMS else True


def enabled(adapters: Mapping[Channel, Adapter] = ADAPTERS) -> tuple[Channel, ...]:
    """The channels messages can go to besides the app itself.

    The setting ``NOTIFY_CHANNELS`` (a list of names); without it those that are configured, and in
    development the console where none is. Raises ImproperlyConfigured for a name that has no adapter or
    whose setting is missing.
    """
    names = getattr(settings, "NOTIFY_CHANNELS", None)
    if names is None:
        ways = tuple(channel for channel in (Channel.MAIL, Channel.SMS) if configured(channel))
        return ways if ways or getattr(settings, "PRODUCTION", True) else (Channel.CONSOLE,)
    unknown = [name for name in names if name not in Channel.values or Channel(name) not in adapters]
    if unknown:
        raise ImproperlyConfigured(f"NOTIFY_CHANNELS names no channel of ours: {', '.join(unknown)}")
    ways = tuple(Channel(name) for name in names)
    if missing := [f"{way} ({SETTINGS[way]})" for way in ways if not configured(way)]:
        raise ImproperlyConfigured(f"NOTIFY_CHANNELS names what is not configured: {', '.join(missing)}")
    return ways
