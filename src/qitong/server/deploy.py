"""What a production start is refused for, each with its sentence; and what it is only warned of.

What the environment says is judged before Django reads it, so that everything wrong is said at once.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connections

from qitong.server.findings import Finding

log = logging.getLogger(__name__)

SHORTEST = 32
FEWEST_SIGNS = 8
SECRETS = ("QITONG_SECRET_KEY", "QITONG_LEDGER_KEY")
_MAKE = "make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def is_production(environ: Mapping[str, str]) -> bool:
    return environ.get("QITONG_ENV") == "production"


def refuse_unsafe_start() -> None:
    """End a production start that is not safe, with every sentence; elsewhere nothing happens.

    Leaves no connection open: who calls this may fork.
    """
    if not is_production(os.environ):
        return
    _refuse(environment(os.environ))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qitong.server.settings")
    django.setup()
    found = [*installation(), *data()]
    connections.close_all()
    _refuse(found)


def _refuse(found: list[Finding]) -> None:
    for finding in found:
        if finding.warning:
            log.warning("%s", finding.detail)
    wrong = [f"  {finding.detail}" for finding in found if not finding.ok]
    if wrong:
        raise SystemExit("\n".join(["not started, see docs/runbook.md:", *wrong]))


def environment(environ: Mapping[str, str]) -> list[Finding]:
    """What the environment alone shows to be wrong; one finding that is well when nothing is."""
    wrong = [*_secrets(environ), *_hosts(environ), *_transport(environ)]
    if not wrong:
        return [Finding("environment", True, "secrets, hosts and TLS are configured")]
    return [Finding(name, False, sentence) for name, sentence in wrong]


def _secrets(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in SECRETS:
        value = environ.get(name, "")
        if not value:
            yield "secrets", f"{name} is not configured; {_MAKE}"
        elif len(value) < SHORTEST:
            yield "secrets", f"{name} has {len(value)} characters, at least {SHORTEST} are needed; {_MAKE}"
        elif len(set(value)) < FEWEST_SIGNS:
            yield "secrets", f"{name} is easy to guess, it repeats few characters; {_MAKE}"
    if (one := environ.get(SECRETS[0])) and one == environ.get(SECRETS[1]):
        yield "secrets", f"{' and '.join(SECRETS)} are the same; who has one must not have the other"


def _hosts(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    hosts = _listed(environ, "QITONG_HOSTS")
    if not hosts:
        yield "hosts", "QITONG_HOSTS is not configured; name the hosts under which the site is reached"
    if any("*" in host for host in hosts):
        yield "hosts", "QITONG_HOSTS answers to any host; name those under which the site is reached"


def _transport(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    origins = _listed(environ, "QITONG_ORIGINS")
    if not origins:
        yield "tls", "QITONG_ORIGINS is not configured; name the addresses of the site: https://…"
    for origin in origins:
        if not origin.startswith("https://") or "*" in origin:
            yield "tls", f"QITONG_ORIGINS: {origin} is not one address with TLS; it begins with https://"
    if not environ.get("QITONG_PROXIES", "").strip("0"):
        yield (
            "tls",
            "QITONG_PROXIES is 0, so nothing in front ends TLS; say how many proxies do, each of which sets"
            " X-Forwarded-Proto and appends to X-Forwarded-For",
        )


def _listed(environ: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in environ.get(name, "").split(",") if part.strip()]


# What follows reads models: only once Django is set up.


def installation() -> list[Finding]:
    """What the settings in use and this machine show; warnings are well, but said."""
    return [_debug(), _files(), _scanner(), *_channels()]


def _debug() -> Finding:
    if settings.DEBUG:
        return Finding("debug", False, "DEBUG is on: failures would show the program and its settings")
    return Finding("debug", True, "off")


def _files() -> Finding:
    from qitong.datashare import storage

    if sentence := storage.problem():
        return Finding("files", False, str(sentence))
    if settings.FILES_S3_BUCKET:
        return Finding("files", True, f"bucket {settings.FILES_S3_BUCKET}")
    folder = Path(settings.FILES_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding("files", True, str(folder))
    except OSError as error:
        return Finding("files", False, f"{folder} cannot be written to: {error.strerror}; see QITONG_DATA")


def _scanner() -> Finding:
    from qitong.datashare import scanning

    if sentence := scanning.problem():
        return Finding("scanner", False, str(sentence))
    if settings.CLAMD_ADDRESS:
        return Finding("scanner", True, settings.CLAMD_ADDRESS)
    return Finding("scanner", True, "QITONG_CLAMD is not configured: no file is scanned for viruses", True)


def _channels() -> Iterator[Finding]:
    for name, value, lost in (
        ("QITONG_MAIL_URL", settings.MAIL_SERVER, "no message and no login code goes out by mail"),
        ("QITONG_SMS_URL", settings.SMS_GATEWAY, "no message and no login code goes out by SMS"),
    ):
        well = value is not None
        yield Finding(
            "channels", True, f"{name} is {'configured' if well else f'not configured: {lost}'}", not well
        )


def data() -> list[Finding]:
    """What lies in the database; nothing while it cannot be asked, for then nobody is let in either."""
    from qitong.demo.play import STREAM
    from qitong.ledger.queries import timeline

    try:
        played = bool(timeline(STREAM, limit=1).entries)
    except DatabaseError:
        return []
    if played:
        return [
            Finding(
                "demo",
                False,
                "the demo stories are in this database, and their accounts have a published password;"
                " use another database",
            )
        ]
    return [Finding("demo", True, "no demo data")]
