"""Where mail and SMS are handed over: read once from the environment, refused when half said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS = {"smtp": 25, "smtps": 465}
_STARTTLS_PORT = 587
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """``tls`` begins in the clear and turns encryption on (STARTTLS); ``ssl`` is encrypted from the start."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ssl: bool = False
    timeout: int = 15

    @classmethod
    def parse(cls, url: str) -> MailServer | None:
        """``smtp://user:password@host:587/?tls=1&from=office@park.cn``, or ``smtps://``; None when empty.

        ValueError for what is missing or unknown, and for a password that would travel unencrypted.
        """
        if not url:
            return None
        parts = urlsplit(url)
        given = parse_qs(parts.query, keep_blank_values=True)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("it must be like smtp://user:password@host:587/?tls=1&from=office@park.cn")
        if unknown := given.keys() - {"tls", "from"}:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        ssl, tls = parts.scheme == "smtps", given.get("tls") == ["1"]
        sender = given.get("from", [""])[-1]
        if "@" not in sender:
            raise ValueError("from= must name the address mail is sent from")
        if parts.password and not (ssl or tls or parts.hostname in _HERE):
            raise ValueError("the password would travel unencrypted; add tls=1 or use smtps://")
        return cls(
            host=parts.hostname,
            port=parts.port or (_STARTTLS_PORT if tls else _PORTS[parts.scheme]),
            sender=sender,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls and not ssl,
            ssl=ssl,
        )


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """``templates`` maps our names of messages to those the carrier registered; ``*`` is for the rest."""

    url: str
    key: str
    secret: str = field(repr=False)
    templates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    timeout: float = 10

    @classmethod
    def parse(cls, url: str, key: str, secret: str, templates: str = "") -> SmsGateway | None:
        """None when there is no ``url``; ``templates`` is like ``login.code=SMS_1,*=SMS_2``.

        ValueError without key and secret, and for an address without encryption that is not this machine.
        """
        if not url:
            return None
        parts = urlsplit(url)
        if not parts.hostname or (parts.scheme != "https" and parts.hostname not in _HERE):
            raise ValueError("it must be an https:// address")
        if not key or not secret:
            raise ValueError("QITONG_SMS_KEY and QITONG_SMS_SECRET are needed with it")
        pairs = [pair.strip().partition("=") for pair in templates.split(",") if pair.strip()]
        if wrong := [name for name, _, registered in pairs if not (name and registered)]:
            raise ValueError(f"QITONG_SMS_TEMPLATES must be like login.code=SMS_1,*=SMS_2, not {wrong[0]}")
        return cls(url, key, secret, MappingProxyType({name: known for name, _, known in pairs}))

    def template(self, name: str) -> str:
        """The registered template: without any given, our own name; empty when this one is not registered."""
        if not self.templates:
            return name
        return self.templates.get(name) or self.templates.get("*", "")
