"""One line a fact: JSON in production, plain text in development. No personal data and no secrets.

What a line carries beside its text is ``extra={"facts": {…}}``; which request or which job it belongs to
is known from :data:`WITHIN`. What libraries and errors say is masked, for they quote what they were given.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from qitong.kernel.masking import replaced

WITHIN: ContextVar[Mapping[str, Any]] = ContextVar("within")
REQUESTS = "qitong.requests"
_TICKS = "time."
_MASKS = (
    (re.compile(r"://[^\s/@]+@"), "://…@"),  # user and password of an address
    (
        re.compile(r"(/(?:wall|calendar/desk|calendar|mail/off)/)[^\s/?\"']{16,}"),
        r"\1…",
    ),  # links that open by themselves
    (re.compile(r"\bqt_[\w-]{10,}"), "qt_…"),
    # whatever has the length of an identity number: nobody reads credit codes in a log
    (re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])"), "[id]"),
)


@contextmanager
def within(**facts: Any) -> Iterator[None]:
    """Lines written in here say that they belong to this request or job."""
    before = WITHIN.set(facts)
    try:
        yield
    finally:
        WITHIN.reset(before)


def masked(text: str) -> str:
    """The text without phone numbers, addresses, identity numbers and secrets that it may quote."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return replaced(text, mail=lambda _: "[mail]", number=lambda _: "[id]", phone=lambda _: "[phone]")


class JsonLine(logging.Formatter):
    """``{"at": …, "level": …, "logger": …, "message": …}``, and what else is known, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **(_job(record) or {"message": masked(record.getMessage())}),
            **WITHIN.get({}),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            facts["error"] = record.exc_info[0].__name__
            facts["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(facts, ensure_ascii=False, default=str)


class Worth(logging.Filter):
    """Leave out what another line says better, or nobody reads: 4xx (the request's own line has them), the
    beginnings of jobs, and ticks of timers that went well."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name in {"django.request", "django.security.csrf"}:
            return record.levelno >= logging.ERROR
        if record.name.startswith("procrastinate") and record.levelno < logging.WARNING:
            job, action = getattr(record, "job", None), str(getattr(record, "action", ""))
            if job is None or not action.startswith(("job_success", "job_error", "job_aborted")):
                return False
            return not (action == "job_success" and job["task_name"].startswith(_TICKS))
        return True


def _job(record: logging.LogRecord) -> dict[str, Any]:
    """What procrastinate says of a job, without its arguments."""
    job = getattr(record, "job", None)
    if not isinstance(job, dict):
        return {}
    seconds = getattr(record, "duration", None)
    return {
        "message": getattr(record, "action", ""),
        "job": job["task_name"],
        "job_id": job["id"],
        "attempt": job["attempts"] + 1,
        "ms": None if seconds is None else round(seconds * 1000),
    }


def from_environment() -> dict[str, Any]:
    """``QITONG_LOG_FORMAT`` is json or line, by default json in production; ``QITONG_LOG`` the level."""
    usual = "json" if os.environ.get("QITONG_ENV") == "production" else "line"
    return configuration(
        as_json=os.environ.get("QITONG_LOG_FORMAT", usual) == "json",
        level=os.environ.get("QITONG_LOG", "WARNING"),
    )


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """For ``logging.config.dictConfig``; ``level`` holds for what has none of its own here."""
    told = {"level": "INFO"} if as_json else {}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"worth": {"()": Worth}} if as_json else {},
        "formatters": {
            "line": {"()": JsonLine}
            if as_json
            else {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["worth"] if as_json else [],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "gunicorn.error": {"handlers": [], "propagate": True, "level": "WARNING"},
            REQUESTS: told,
            "procrastinate.worker": told,
        },
    }
