"""The lists of the page: what stands in each, and what can be done with a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from qitong.accounts.actors import Actor
from qitong.automation import stuck
from qitong.automation.models import Trouble
from qitong.automation.stuck import LATE
from qitong.datashare import quarantine
from qitong.datashare.models import Document
from qitong.kernel.masking import mask_name
from qitong.notifications import dead
from qitong.notifications.models import Delivery
from qitong.server.watch.logs import masked
from qitong.web.common.parts import Text


@dataclass(frozen=True, slots=True)
class Line:
    """``what`` got stuck, and ``why``; ``name`` tells its buttons apart for who hears them."""

    pk: int
    what: Text
    why: Text
    name: str
    at: dt.datetime | None = None


Rows = Callable[[dt.datetime], QuerySet[Any]]
Lines = Callable[[list[Any]], list[Line]]
Deed = Callable[[int, str, Actor, dt.datetime], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """One tab. ``deeds`` are named as in the address; giving up asks for a reason."""

    label: Text
    about: Text
    rows: Rows
    lines: Lines
    deeds: Mapping[str, Deed]


TASKS: dict[str, Text] = {
    "automation.react": _("办件动态之后的通知、检索和统计"),
    "notifications.send": _("发送等待中的消息"),
    "notifications.bring_code": _("发送验证码"),
    "datashare.scan_document": _("文件查毒"),
    "insight.make_export": _("制作导出表格"),
}


def _jobs(rows: list[ProcrastinateJob]) -> list[Line]:
    known = stuck.troubles(rows)
    return [_job(job, known.get(job.pk)) for job in rows]


def _job(job: ProcrastinateJob, trouble: Trouble | None) -> Line:
    task = str(job.task_name)
    why: Text = _("没有留下原因，请查看日志。")
    if trouble is not None and trouble.stalls:
        why = gettext("处理它的后台进程中断了%(count)s次。") % {"count": trouble.stalls}
    elif trouble is not None and trouble.error:
        why = trouble.error
    number = f"{job.pk} · {task}"
    return Line(job.pk, TASKS.get(task, _("定时任务")), why, number, trouble.at if trouble else None)


def _late(rows: list[ProcrastinateJob]) -> list[Line]:
    silent = _("处理它的后台进程没有回应，系统会自动放回队列。")
    waiting = _("到时间后半小时还没有开始。请检查后台进程是否在运行。")
    return [
        Line(
            job.pk,
            TASKS.get(str(job.task_name), _("定时任务")),
            silent if job.status == "doing" else waiting,
            f"{job.pk} · {job.task_name}",
            job.scheduled_at,
        )
        for job in rows
    ]


def _messages(rows: list[Delivery]) -> list[Line]:
    return [
        Line(
            row.pk,
            f"{row.channel.upper()} · {mask_name(row.message.recipient.name)}",
            masked(row.error),
            f"{row.pk} · {row.message.kind}",
            row.message.created_at,
        )
        for row in rows
    ]


def _waiting_files(rows: list[Document]) -> list[Line]:
    why = _("上传后半小时还没有查毒。请检查查毒服务。")
    return [Line(row.pk, row.enterprise.name, why, row.name, row.uploaded_at) for row in rows]


def _infected_files(rows: list[Document]) -> list[Line]:
    return [Line(row.pk, row.enterprise.name, row.finding, row.name, row.scanned_at) for row in rows]


def _retry_job(pk: int, reason: str, by: Actor, at: dt.datetime) -> None:
    stuck.retry(job_id=pk, by=by, at=at)


def _discard_job(pk: int, reason: str, by: Actor, at: dt.datetime) -> None:
    stuck.discard(job_id=pk, reason=reason, by=by, at=at)


def _retry_message(pk: int, reason: str, by: Actor, at: dt.datetime) -> None:
    dead.retry(delivery_id=pk, by=by, at=at)


def _discard_message(pk: int, reason: str, by: Actor, at: dt.datetime) -> None:
    dead.discard(delivery_id=pk, reason=reason, by=by, at=at)


def _scan_again(pk: int, reason: str, by: Actor, at: dt.datetime) -> None:
    quarantine.scan_again(document_id=pk, by=by, at=at)


LISTS: dict[str, Listing] = {
    "jobs": Listing(
        _("失败的任务"),
        _("系统已多次尝试，不再自动重试。排除原因后重试；放弃后不再执行。"),
        lambda at: stuck.failed(),
        _jobs,
        {"retry": _retry_job, "discard": _discard_job},
    ),
    "late": Listing(_("停滞的任务"), _("这些任务会自动继续，除非后台进程都已停止。"), stuck.late, _late, {}),
    "messages": Listing(
        _("未送达的消息"),
        _("渠道多次拒收或明确拒绝。收件人在站内仍能看到消息。"),
        lambda at: dead.undelivered(),
        _messages,
        {"retry": _retry_message, "discard": _discard_message},
    ),
    "files": Listing(
        _("等待查毒的文件"),
        _("查毒之前任何人都不能打开。"),
        lambda at: quarantine.waiting(at - LATE),
        _waiting_files,
        {"retry": _scan_again},
    ),
    "infected": Listing(
        _("发现病毒的文件"),
        _("任何人都不能打开。更新病毒库后可以重新查毒，以排除误报。"),
        lambda at: quarantine.infected(),
        _infected_files,
        {"retry": _scan_again},
    ),
}


def counts(at: dt.datetime, *, most: int = 999) -> dict[str, int]:
    """How many stand in each list; no further than ``most``, for a page is not a statistic. One query."""
    parts: list[str] = []
    params: list[Any] = []
    for listing in LISTS.values():
        rows = listing.rows(at).order_by().values_list("pk", flat=True)[:most]
        sql, given = rows.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608  Django's own SQL
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return dict(zip(LISTS, cursor.fetchone() or (), strict=True))
