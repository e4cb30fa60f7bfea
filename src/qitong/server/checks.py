"""What must be true before enterprises are let in; each check says what is wrong and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils import timezone

from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department
from qitong.accounts.queries import officers_of
from qitong.automation.health import problems
from qitong.catalogue.queries import current_version, items
from qitong.kernel.workdays import SHANGHAI
from qitong.notifications.channels import enabled
from qitong.server import health
from qitong.server.findings import Finding

OLDEST_POSTGRES = 150_000  # version 15, as the server numbers it
RECEIVING = frozenset({Role.DUTY_OFFICER, Role.SERVICE_OFFICER})


def findings(on: dt.date) -> list[Finding]:
    """Every check for the day ``on``, in order; after one that others need has failed, they are left out."""
    found = [configuration()]
    for check in (database, migrations):
        found.append(check())
        if not found[-1].ok:
            return found
    later: tuple[Callable[[dt.date], Finding], ...] = (catalogue, windows, channels, background)
    return [*found, *(check(on) for check in later)]


def configuration() -> Finding:
    """Secrets are settled when settings load; here what would only be noticed by visitors."""
    if not settings.PRODUCTION:
        return Finding("configuration", True, "development: secrets are made here, any host is answered")
    missing = [
        name
        for name, value in (
            ("QITONG_HOSTS", settings.ALLOWED_HOSTS),
            ("QITONG_ORIGINS", settings.CSRF_TRUSTED_ORIGINS),
        )
        if not any(value)
    ]
    if missing:
        return Finding("configuration", False, f"not configured: {', '.join(missing)}; see docs/runbook.md")
    return Finding("configuration", True, "production")


def database() -> Finding:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding("database", False, f"unreachable: {str(error).strip()}")
    version = connection.pg_version  # type: ignore[attr-defined]  # the stubs know no vendor
    if version < OLDEST_POSTGRES:
        return Finding("database", False, f"PostgreSQL {version // 10_000} is too old; 15 or newer is needed")
    return Finding("database", True, f"PostgreSQL {version // 10_000}")


def migrations() -> Finding:
    missing = health.unapplied()
    if missing:
        return Finding("migrations", False, f"{len(missing)} not applied; run: qitong migrate")
    return Finding("migrations", True, "all applied")


def catalogue(on: dt.date) -> Finding:
    version = current_version(on)
    count = items(on).count() if version else 0
    if version is None or not count:
        return Finding("catalogue", False, "no items in force; run: qitong catalogue load")
    return Finding("catalogue", True, f"version {version.pk}, {count} items")


def windows(on: dt.date) -> Finding:
    """Every window has somebody who receives, else what is submitted there stays with nobody."""
    all_windows = list(Department.objects.filter(is_window=True).order_by("code"))
    if not all_windows:
        return Finding("windows", False, "no department is a window; nobody can submit anything")
    empty = [window.code for window in all_windows if not officers_of(window, RECEIVING, on)]
    if empty:
        return Finding(
            "windows", False, f"no officer receives at: {', '.join(empty)}; run: qitong user create"
        )
    return Finding("windows", True, f"{len(all_windows)} staffed")


def channels(on: dt.date) -> Finding:
    """Mail and SMS: without both, who has no password cannot come in, and all is told in the pages only."""
    try:
        ways = enabled()
    except ImproperlyConfigured as error:
        return Finding("channels", False, f"{error}; see docs/runbook.md")
    if not ways:
        return Finding(
            "channels", True, "neither mail nor SMS is configured: no login codes, messages in the pages only"
        )
    return Finding("channels", True, ", ".join(ways))


def background(on: dt.date) -> Finding:
    """What runs behind the pages (nights, messages, scans, jobs), as of the end of the day."""
    at = dt.datetime.combine(on, dt.time.max, SHANGHAI)
    wrong = problems(at=min(at, timezone.now()))
    if wrong:
        return Finding("background", False, " ".join(str(problem.sentence) for problem in wrong))
    return Finding("background", True, "nights, messages, scans and jobs are well")
